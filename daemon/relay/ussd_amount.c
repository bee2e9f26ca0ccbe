/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/ussd_amount.h"

#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_currency(const char *text)
{
	text += *text == ' ';
	if (strncasecmp(text, "vnd", 3) == 0 || strncasecmp(text, "dong", 4) == 0 ||
		str_starts(text, "đ") || str_starts(text, "Đ"))
		return true;
	return (*text == 'd' || *text == 'D') && !is_letter(text[1]);
}

bool ussd_amount(const char *text, int64_t *ret_dong)
{
	for (const char *p = text; *p;) {
		size_t len = strspn(p, "0123456789.,"), used = 0;
		char digits[20];

		if (!len || *p < '0' || *p > '9') {
			p++;
			continue;
		}
		for (size_t i = 0; i < len && used < sizeof(digits) - 1; i++) {
			if (p[i] >= '0' && p[i] <= '9')
				digits[used++] = p[i];
		}
		digits[used] = 0;
		/* A number that is cut off is none. */
		if (used < sizeof(digits) - 1 && is_currency(p + len) &&
			str_to_int64(digits, 0, INT64_MAX, ret_dong) == ERR_OK)
			return true;
		p += len;
	}
	return false;
}
