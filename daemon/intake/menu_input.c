/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/menu_input.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <ctype.h>
#include <string.h>

#define SIGNS	  " \t\r\n.,:;#-_()\"'*!?"
#define SHORT_MAX 256 /* bytes; what is longer says something */

struct menu_input menu_input_of(const char *text)
{
	const char *at = text + strspn(text, SIGNS);
	size_t digits = strspn(at, "0123456789");

	if (!digits || digits > 2 || at[digits + strspn(at + digits, SIGNS)])
		return (struct menu_input){.number = -1};
	if (digits == 2 && at[0] == '0' && at[1] == '0')
		return (struct menu_input){.number = MENU_TO_START};
	return (struct menu_input){
		.number = digits == 1 ? at[0] - '0' : (at[0] - '0') * 10 + (at[1] - '0')};
}

/* Letters without marks, small, one blank between words and no signs. ERR_TOO_BIG past SHORT_MAX.
 */
static enum err fold(const char *text, struct buf *out)
{
	CLEAN_BUF plain = {0};
	enum err err = strlen(text) > SHORT_MAX ? ERR_TOO_BIG : ERR_OK;

	buf_init(&plain, 4 * SHORT_MAX);
	if (!err)
		err = sms_text_unaccent(text, &plain);
	for (const char *p = buf_text(&plain); !err && *p; p++) {
		char c = (char)tolower((unsigned char)*p);

		if (isalnum((unsigned char)c))
			err = buf_add(out, &c, 1);
		else if (out->len && out->data[out->len - 1] != ' ')
			err = buf_add(out, " ", 1);
	}
	while (!err && out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = 0;
	return err;
}

bool menu_is_label(const char *text, const char *label)
{
	CLEAN_BUF one = {0};
	CLEAN_BUF other = {0};

	buf_init(&one, 4 * SHORT_MAX);
	buf_init(&other, 4 * SHORT_MAX);
	return !fold(text, &one) && !fold(label, &other) && one.len &&
	       str_eq(buf_text(&one), buf_text(&other));
}

bool menu_is_slip(const char *text, int words_max)
{
	CLEAN_BUF folded = {0};
	const char *p;
	int words = 0;

	buf_init(&folded, 4 * SHORT_MAX);
	if (fold(text, &folded))
		return false;
	p = buf_text(&folded);
	for (const char *c = p; *c; c++)
		words += c == p || c[-1] == ' ';
	if (words_max > 1)
		return words <= words_max;
	return folded.len <= MENU_SLIP_LETTERS ||
	       (folded.len <= MENU_SLIP_DIGITS && !p[strspn(p, "0123456789")]);
}

int menu_letter_count(const char *text)
{
	CLEAN_BUF plain = {0};
	int count = 0;

	buf_init(&plain, 128 * 1024);
	if (sms_text_unaccent(text, &plain))
		return 0;
	for (const char *p = buf_text(&plain); *p; p++)
		count += isalnum((unsigned char)*p) != 0;
	buf_wipe(&plain);
	return count;
}

const char *menu_keyword(const struct menus *menus, const char *text)
{
	CLEAN_BUF folded = {0};

	buf_init(&folded, 4 * SHORT_MAX);
	if (fold(text, &folded))
		return NULL;
	for (size_t i = 0; i < menus->count; i++) {
		const struct menu *menu = &menus->items[i];

		for (int k = 0; k < menu->keyword_count; k++) {
			if (str_eq(menu->keywords[k], buf_text(&folded)))
				return menu->code;
		}
	}
	return NULL;
}
