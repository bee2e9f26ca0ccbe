/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Phone numbers in the habits of those who type them to one form (ITU-T E.164). */
#include "gateway/sms_text.h"

#include <string.h>

#define E164_DIGITS_MIN 8
#define E164_DIGITS_MAX 15
#define VN_MOBILE	9  /* digits after +84: 3x 5x 7x 8x 9x */
#define VN_LANDLINE	10 /* after +84: 2xx and seven or eight more */

/* ERR_INVALID for letters, too many digits, or a '+' that does not stand in front. */
static enum err take_digits(const char *number, char digits[MSISDN_BYTES], bool *ret_has_plus)
{
	size_t len = 0;
	bool has_plus = false;

	for (; *number; number++) {
		if (*number >= '0' && *number <= '9') {
			if (len == MSISDN_BYTES - 1)
				return ERR_INVALID;
			digits[len++] = *number;
		} else if (*number == '+' && !len && !has_plus) {
			has_plus = true;
		} else if (!strchr(" -.()/", *number)) {
			return ERR_INVALID;
		}
	}
	digits[len] = 0;
	*ret_has_plus = has_plus;
	return ERR_OK;
}

/* The digits after +84 of an ordinary subscriber: no 1800, 1900, 113. */
static bool is_vietnamese(const char *rest)
{
	size_t len = strlen(rest);

	if (len == VN_MOBILE)
		return strchr("35789", rest[0]) != NULL;
	return len == VN_LANDLINE && rest[0] == '2';
}

static enum err build(const char *prefix, const char *digits, char ret_msisdn[MSISDN_BYTES])
{
	size_t head = strlen(prefix), tail = strlen(digits);

	if (head + tail >= MSISDN_BYTES)
		return ERR_INVALID;
	memcpy(ret_msisdn, prefix, head);
	memcpy(ret_msisdn + head, digits, tail);
	ret_msisdn[head + tail] = 0;
	return ERR_OK;
}

static enum err international(const char *digits, char ret_msisdn[MSISDN_BYTES])
{
	size_t len = strlen(digits);

	if (strncmp(digits, "84", 2) == 0) {
		const char *rest = digits + 2;

		if (*rest == '0') /* "+84 (0)90..." */
			rest++;
		return is_vietnamese(rest) ? build("+84", rest, ret_msisdn) : ERR_INVALID;
	}
	if (digits[0] == '0' || len < E164_DIGITS_MIN || len > E164_DIGITS_MAX)
		return ERR_INVALID;
	return build("+", digits, ret_msisdn);
}

enum err msisdn_normalize(const char *number, char ret_msisdn[MSISDN_BYTES])
{
	char digits[MSISDN_BYTES] = "";
	bool has_plus;
	enum err err;

	err = take_digits(number, digits, &has_plus);
	if (err)
		return err;
	if (has_plus)
		return international(digits, ret_msisdn);
	if (digits[0] == '0' && digits[1] == '0')
		return international(digits + 2, ret_msisdn);
	if (digits[0] == '0')
		return is_vietnamese(digits + 1) ? build("+84", digits + 1, ret_msisdn)
						 : ERR_INVALID;
	if (strncmp(digits, "84", 2) == 0 && is_vietnamese(digits + 2))
		return build("+84", digits + 2, ret_msisdn);
	/* The leading zero is often left out, above all where a spreadsheet ate it. */
	return strlen(digits) == VN_MOBILE && is_vietnamese(digits)
		       ? build("+84", digits, ret_msisdn)
		       : ERR_INVALID;
}
