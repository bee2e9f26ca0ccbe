/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The six digits of an officer's phone (RFC 6238: HMAC-SHA-1, steps of 30 seconds, as every
 * authenticator has them), over liboath. A code is good in its own step and the ones beside it, and
 * never twice: whoever checks it keeps the step that was used.
 */
#ifndef BINHYEN_STORE_TOTP_H
#define BINHYEN_STORE_TOTP_H

#include "daemon/base/buf.h"

#include <stdint.h>

#define TOTP_SECRET_BYTES 20 /* RFC 4226, 4: 160 bits recommended */
#define TOTP_DIGITS	  6
#define TOTP_STEP_S	  30
#define TOTP_WINDOW	  1 /* steps to each side: a phone's clock is a few seconds off */

/* Unpredictable. */
void totp_secret_new(uint8_t ret_secret[TOTP_SECRET_BYTES]);

/* "otpauth://totp/Binhyen:truong.ca?secret=...&issuer=Binhyen": what the QR code says. */
MUST_CHECK
enum err totp_uri(const uint8_t secret[TOTP_SECRET_BYTES], const char *login, struct buf *out);

/*
 * ERR_DENIED: not six digits, not of these steps, or of a step that is not after `after_step`.
 * Otherwise *ret_step is the one it belongs to. Takes the same time whatever is wrong.
 */
MUST_CHECK
enum err totp_check(const uint8_t secret[TOTP_SECRET_BYTES], const char *code, int64_t now_ms,
	int64_t after_step, int64_t *ret_step);

#endif
