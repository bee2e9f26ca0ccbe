/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of OAuth v4 with PKCE (RFC 7636, S256) as Zalo speaks it: what the administrator of the
 * OA opens in his browser, and what he brings back from its address bar. Pure functions but for
 * the random ones.
 */
#ifndef BINHYEN_RELAY_ZALO_CONSENT_H
#define BINHYEN_RELAY_ZALO_CONSENT_H

#include "daemon/base/buf.h"

#define ZALO_VERIFIER_CHARS  43 /* Zalo: capital, small letter and digit must be in it */
#define ZALO_CHALLENGE_CHARS 43
#define ZALO_STATE_CHARS     32
#define ZALO_CODE_MAX	     1024
#define ZALO_PASTED_MAX	     4096

void zalo_consent_verifier(char ret_verifier[ZALO_VERIFIER_CHARS + 1]);
void zalo_consent_state(char ret_state[ZALO_STATE_CHARS + 1]);
/* BASE64URL(SHA256(ASCII(verifier))) without padding. */
void zalo_consent_challenge(const char *verifier, char ret_challenge[ZALO_CHALLENGE_CHARS + 1]);

struct zalo_consent_request {
	const char *oauth_url;
	const char *app_id;
	const char *callback_url;
	const char *verifier;
	const char *state;
};
MUST_CHECK
enum err zalo_consent_url(const struct zalo_consent_request *request, struct buf *out);

/* What came back; "" = it did not say. */
struct zalo_consent {
	char code[ZALO_CODE_MAX];
	char state[128];
	char oa_id[64];
};
/* `pasted`: the whole address of the browser, its query, or the code alone; blanks around it do not
 * matter. ERR_INVALID with advice; also when the address tells of an error instead of a code. */
MUST_CHECK
enum err zalo_consent_parse(
	const char *pasted, struct zalo_consent *ret_consent, struct errbuf *eb);

#endif
