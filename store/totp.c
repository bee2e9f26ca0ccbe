/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/totp.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "store/vault.h"

#include <liboath/oath.h>
#include <string.h>

#define ISSUER "Binhyen"

void totp_secret_new(uint8_t ret_secret[TOTP_SECRET_BYTES])
{
	vault_random(ret_secret, TOTP_SECRET_BYTES);
}

enum err totp_uri(const uint8_t secret[TOTP_SECRET_BYTES], const char *login, struct buf *out)
{
	char *text = NULL;
	size_t len = 0;
	enum err err;

	if (oath_init() != OATH_OK ||
		oath_base32_encode((const char *)secret, TOTP_SECRET_BYTES, &text, &len) != OATH_OK)
		return ERR_NOMEM;
	/* A login name is of letters that need no escaping. */
	err = buf_addf(out,
		"otpauth://totp/" ISSUER ":%s?secret=%s&issuer=" ISSUER "&digits=%d&period=%d",
		login, text, TOTP_DIGITS, TOTP_STEP_S);
	explicit_bzero(text, len);
	free(text);
	return err;
}

enum err totp_check(const uint8_t secret[TOTP_SECRET_BYTES], const char *code, int64_t now_ms,
	int64_t after_step, int64_t *ret_step)
{
	int64_t step = now_ms / (TOTP_STEP_S * SECOND_MS) - TOTP_WINDOW, found = 0;
	char given[TOTP_DIGITS + 1] = "", right[TOTP_DIGITS + 1];
	bool is_shaped = str_copy(given, sizeof(given), code) == ERR_OK &&
			 strspn(given, "0123456789") == TOTP_DIGITS;
	enum err err = oath_init() == OATH_OK ? ERR_OK : ERR_BUG;

	for (int i = 0; !err && i <= 2 * TOTP_WINDOW; i++, step++) {
		if (oath_hotp_generate((char *)(uintptr_t)secret, TOTP_SECRET_BYTES, (uint64_t)step,
			    TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, right) != OATH_OK)
			err = ERR_BUG;
		else if (vault_is_same(given, right, sizeof(right)) && step > after_step)
			found = step;
	}
	explicit_bzero(right, sizeof(right));
	if (!err && (!is_shaped || !found))
		err = ERR_DENIED;
	if (!err)
		*ret_step = found;
	return err;
}
