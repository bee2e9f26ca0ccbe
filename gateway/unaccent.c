/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vietnamese without marks. A Vietnamese letter loses its marks even where GSM-7 happens to hold it
 * ("à" but not "á"): a text of half-marked words reads worse than one without any.
 */
#include "gateway/sms_text.h"
#include "gateway/gsm7.h"
#include "gateway/unaccent.h"

#include <string.h>
#include <utf8proc.h>

#define DECOMPOSED_MAX 24 /* the longest compatibility decomposition has 18 characters */

/* What Unicode does not decompose to letters that a reader would choose. */
static const struct {
	uint16_t code;
	const char *plain;
} nearest[] = {
	{0x60, "'"},
	{0xa0, " "},
	{0xa2, "c"},
	{0xa9, "(c)"},
	{0xab, "\""},
	{0xae, "(R)"},
	{0xb0, "o"},
	{0xb1, "+-"},
	{0xb4, "'"},
	{0xb7, "."},
	{0xbb, "\""},
	{0xd0, "D"},
	{0xd7, "x"},
	{0xf0, "d"},
	{0xf7, "/"},
	{0x110, "D"},
	{0x111, "d"},
	{0x131, "i"},
	{0x141, "L"},
	{0x142, "l"},
	{0x152, "OE"},
	{0x153, "oe"},
	{0x2bc, "'"},
	{0x2010, "-"},
	{0x2011, "-"},
	{0x2012, "-"},
	{0x2013, "-"},
	{0x2014, "-"},
	{0x2015, "-"},
	{0x2018, "'"},
	{0x2019, "'"},
	{0x201a, ","},
	{0x201b, "'"},
	{0x201c, "\""},
	{0x201d, "\""},
	{0x201e, "\""},
	{0x2022, "-"},
	{0x2026, "..."},
	{0x2028, "\n"},
	{0x2029, "\n"},
	{0x2032, "'"},
	{0x2033, "\""},
	{0x2039, "'"},
	{0x203a, "'"},
	{0x2044, "/"},
	{0x20ab, "d"},
	{0x2190, "<-"},
	{0x2192, "->"},
	{0x2212, "-"},
	{0x2264, "<="},
	{0x2265, ">="},
};

static const char *nearest_of(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(nearest); i++) {
		if (nearest[i].code == code)
			return nearest[i].plain;
	}
	return NULL;
}

/* Tones (grave, acute, tilde, hook above, dot below), circumflex, breve, horn. */
static bool is_vietnamese_mark(utf8proc_int32_t code)
{
	return code == 0x300 || code == 0x301 || code == 0x303 || code == 0x309 || code == 0x323 ||
	       code == 0x302 || code == 0x306 || code == 0x31b;
}

static bool is_vietnamese_vowel(const utf8proc_int32_t *parts, utf8proc_ssize_t count)
{
	if (count < 2 || parts[0] > 0x7f || !strchr("aeiouyAEIOUY", parts[0]))
		return false;
	for (utf8proc_ssize_t i = 1; i < count; i++) {
		if (!is_vietnamese_mark(parts[i]))
			return false;
	}
	return true;
}

static bool is_mark(utf8proc_int32_t code)
{
	utf8proc_category_t category = utf8proc_category(code);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
	       category == UTF8PROC_CATEGORY_CF;
}

static enum err add_code(struct buf *out, utf8proc_int32_t code)
{
	utf8proc_uint8_t text[4];
	utf8proc_ssize_t len = utf8proc_encode_char(code, text);

	return buf_add(out, text, (size_t)len);
}

/* The letters that remain of a character; nothing for a lone mark, '?' when none is in GSM-7. */
static enum err add_plain(
	struct buf *out, const utf8proc_int32_t *parts, utf8proc_ssize_t count, bool *ret_is_known)
{
	enum err err = ERR_OK;

	for (utf8proc_ssize_t i = 0; i < count; i++) {
		const char *plain = nearest_of((uint32_t)parts[i]);

		if (!plain && !is_mark(parts[i]) && !gsm7_septets((uint32_t)parts[i])) {
			*ret_is_known = false;
			return ERR_OK;
		}
	}
	*ret_is_known = true;
	for (utf8proc_ssize_t i = 0; i < count && !err; i++) {
		const char *plain = nearest_of((uint32_t)parts[i]);

		if (plain)
			err = buf_adds(out, plain);
		else if (!is_mark(parts[i]))
			err = add_code(out, parts[i]);
	}
	return err;
}

static enum err add_unaccented(struct buf *out, utf8proc_int32_t code)
{
	utf8proc_int32_t parts[DECOMPOSED_MAX];
	utf8proc_ssize_t count;
	const char *plain;
	bool is_known;
	int boundary = 0;
	enum err err;

	count = utf8proc_decompose_char(
		code, parts, DECOMPOSED_MAX, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
	if (count > 0 && count <= DECOMPOSED_MAX && is_vietnamese_vowel(parts, count))
		return add_code(out, parts[0]);
	if (gsm7_septets((uint32_t)code))
		return add_code(out, code);
	plain = nearest_of((uint32_t)code);
	if (plain)
		return buf_adds(out, plain);
	count = utf8proc_decompose_char(code, parts, DECOMPOSED_MAX,
		UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE, &boundary);
	if (count < 1 || count > DECOMPOSED_MAX)
		return buf_adds(out, "?");
	err = add_plain(out, parts, count, &is_known);
	return err || is_known ? err : buf_adds(out, "?");
}

/* --- the common case ---------------------------------------------------------------------------
 */

/* The letter below the marks of a composed Vietnamese one; 0: some other character. */
static char bare_letter(uint32_t code)
{
	/* from U+00C0 and from U+1EA0; a space is none of them */
	static const char latin1[] = "AAAA    EEE II    OOOO   UU  Y  "
				     "aaaa    eee ii    oooo   uu  y  ";
	static const char toned[] = "AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIi"
				    "OoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy";
	char letter = ' ';

	if (code >= 0xc0 && code <= 0xff)
		letter = latin1[code - 0xc0];
	else if (code >= 0x1ea0 && code <= 0x1ef9)
		letter = toned[code - 0x1ea0];
	else if (code == 0x110 || code == 0x111)
		letter = code & 1 ? 'd' : 'D';
	else if (code == 0x102 || code == 0x103)
		letter = code & 1 ? 'a' : 'A';
	else if (code == 0x128 || code == 0x129)
		letter = code & 1 ? 'i' : 'I';
	else if (code == 0x168 || code == 0x169)
		letter = code & 1 ? 'u' : 'U';
	else if (code == 0x1a0 || code == 0x1a1)
		letter = code & 1 ? 'o' : 'O';
	else if (code == 0x1af || code == 0x1b0)
		letter = code & 1 ? 'U' : 'u';
	return letter == ' ' ? 0 : letter;
}

/* Its length in bytes; 0: nothing that bare_letter() may know, or the end. */
static size_t next_bare(const unsigned char *p, char *ret_letter)
{
	size_t len = 0;

	if (*p < 0x80) {
		*ret_letter = (char)*p;
		return *p != '\r' && gsm7_septets(*p) ? 1 : 0;
	}
	if ((*p & 0xe0) == 0xc0 && (p[1] & 0xc0) == 0x80) {
		*ret_letter = bare_letter((*p & 0x1fU) << 6 | (p[1] & 0x3fU));
		len = 2;
	} else if ((*p & 0xf0) == 0xe0 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
		uint32_t code = (*p & 0xfU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);

		/* what is written longer than it need be is no UTF-8 */
		*ret_letter = code < 0x800 ? 0 : bare_letter(code);
		len = 3;
	}
	return len && *ret_letter ? len : 0;
}

bool unaccent_is_bare(const char *utf8)
{
	const unsigned char *p = (const unsigned char *)utf8;
	size_t len;
	char letter;

	while ((len = next_bare(p, &letter)))
		p += len;
	return !*p;
}

/* The same text in its letters, ten times faster than by the tables of Unicode. *ret_is_all: it was
 * such a text; otherwise nothing is added. */
static enum err add_bare(struct buf *out, const char *utf8, bool *ret_is_all)
{
	const unsigned char *p = (const unsigned char *)utf8;
	size_t before = out->len, count = 0, len;
	char letters[128];
	enum err err = ERR_OK;

	while (!err && (len = next_bare(p, &letters[count]))) {
		p += len;
		if (++count == sizeof(letters)) {
			err = buf_add(out, letters, count);
			count = 0;
		}
	}
	*ret_is_all = !*p;
	if (!err && *ret_is_all)
		err = buf_add(out, letters, count);
	if ((err || !*ret_is_all) && out->data) {
		out->len = before;
		out->data[before] = 0;
	}
	return err;
}

enum err sms_text_unaccent(const char *utf8, struct buf *out)
{
	const utf8proc_uint8_t *p;
	utf8proc_int32_t code;
	size_t before = out->len;
	bool is_all = false;
	CLEAN_BUF text;
	enum err err;

	buf_init(&text, out->max);
	err = add_bare(out, utf8, &is_all);
	if (err || is_all)
		return err;
	err = sms_text_normalize(utf8, &text);
	if (err)
		return err;
	for (p = (const utf8proc_uint8_t *)buf_text(&text); *p && !err;) {
		utf8proc_ssize_t len = utf8proc_iterate(p, -1, &code);

		CHECK(len > 0);
		err = add_unaccented(out, code);
		p += len;
	}
	if (err && out->data) {
		out->len = before;
		out->data[before] = 0;
	}
	return err;
}
