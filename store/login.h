/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an officer proves himself with: his secret key wrapped by his passphrase (keypair.h), the
 * secret of his phone's codes (totp.h), and a one-time code while he has to set either of them.
 * There is no hash of a passphrase: whoever unwraps the key knew it.
 */
#ifndef BINHYEN_STORE_LOGIN_H
#define BINHYEN_STORE_LOGIN_H

#include "store/keypair.h"
#include "store/store.h"
#include "store/totp.h"

#define LOGIN_CODE_BYTES 13 /* 12 letters of vault_random_code(): 57 bits, and few tries */
#define LOGIN_CODE_TRIES 10

struct login {
	int64_t officer_id;
	bool has_key;
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES]; /* only when has_key */
	bool has_totp;
	int64_t totp_step;
	bool has_code;	 /* and it is still good */
	int64_t last_ms; /* when he logged in last; 0 never */
};
/* Of an officer who never had anything: all false. */
MUST_CHECK
enum err login_load(struct store *store, int64_t officer_id, struct login *ret_login);

/* A new wrapping, and the public key with it (officer_set_key). */
MUST_CHECK
enum err login_set_key(struct store *store, int64_t officer_id, const struct keypair *pair,
	const uint8_t wrapped[KEYPAIR_WRAPPED_BYTES]);
/* The passphrase is lost: what only it opened is lost with it. */
MUST_CHECK
enum err login_drop_key(struct store *store, int64_t officer_id);

/* step: of the code by which he showed that his phone has it. */
MUST_CHECK
enum err login_set_totp(struct store *store, int64_t officer_id,
	const uint8_t secret[TOTP_SECRET_BYTES], int64_t step);
MUST_CHECK
enum err login_drop_totp(struct store *store, int64_t officer_id);
/* ERR_NOT_FOUND: he has none. */
MUST_CHECK
enum err login_totp(struct store *store, int64_t officer_id, uint8_t ret_secret[TOTP_SECRET_BYTES]);

/* He is in: no code of this step or before it is taken again. */
MUST_CHECK
enum err login_used(struct store *store, int64_t officer_id, int64_t step);

/* A new one-time code, in the place of an older one; shown once, kept as a hash. */
MUST_CHECK
enum err login_code_new(struct store *store, int64_t officer_id, int64_t expires_ms,
	char ret_code[LOGIN_CODE_BYTES]);
/* ERR_DENIED: wrong, none, expired, or tried too often; each wrong one is counted. Small letters
 * and signs between the letters do not matter. Takes the same time in each case. */
MUST_CHECK
enum err login_code_check(struct store *store, int64_t officer_id, const char *code);
MUST_CHECK
enum err login_code_drop(struct store *store, int64_t officer_id);

/* Letters and digits of `typed` as login_code_new() writes them: what people read to one another
 * over the phone. What does not fit is no code: "". */
void login_code_clean(const char *typed, char ret_code[LOGIN_CODE_BYTES]);

/* Somebody's wrapped key, so that a name that nobody has takes as long as one that somebody has;
 * `pick` says whose. ERR_NOT_FOUND: nobody has any. */
MUST_CHECK
enum err login_some(struct store *store, uint32_t pick, uint8_t ret_wrapped[KEYPAIR_WRAPPED_BYTES]);

#endif
