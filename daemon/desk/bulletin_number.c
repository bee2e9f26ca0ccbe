/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of persons in a text. A number is digits with blanks, dots, hyphens or brackets between
 * them, however it was written to look like none: wide digits, the letter O for 0. What it is
 * follows from how many digits it has, how it begins and what stands before it.
 */
#include "daemon/desk/bulletin_screen_private.h"

#include "daemon/base/str.h"

#include <string.h>
#include <utf8proc.h>

#define BEFORE_MAX	40 /* signs before a number that tell what it is */
#define DIGITS_MAX	24 /* of a number; a longer one is judged by its beginning */
#define PARTS_MAX	24 /* the longest compatibility decomposition has 18 characters */
#define IDENTITY_DIGITS 12
#define OLD_IDENTITY	9
#define CARD_DIGITS	13 /* and more: a card or an account, whatever stands before */
#define ACCOUNT_DIGITS	6
#define AMOUNT_DIGITS	15 /* hundreds of billions */

/* ---- signs -----------------------------------------------------------------------------------
 */

/* Letters of other alphabets that are drawn like Latin ones; in order of code. */
static const struct {
	uint16_t code;
	char letter;
} alikes[] = {{0x111, 'd'}, {0x131, 'i'}, {0x3b1, 'a'}, {0x3b5, 'e'}, {0x3b9, 'i'}, {0x3bd, 'v'},
	{0x3bf, 'o'}, {0x3c1, 'p'}, {0x3c4, 't'}, {0x3c5, 'u'}, {0x3c7, 'x'}, {0x430, 'a'},
	{0x432, 'b'}, {0x435, 'e'}, {0x43a, 'k'}, {0x43c, 'm'}, {0x43d, 'h'}, {0x43e, 'o'},
	{0x440, 'p'}, {0x441, 'c'}, {0x442, 't'}, {0x443, 'y'}, {0x445, 'x'}, {0x456, 'i'}};

static char sign_of(utf8proc_int32_t code)
{
	utf8proc_category_t category = utf8proc_category(code);

	if (code > 0x20 && code < 0x7f)
		return (char)code;
	for (size_t i = 0; i < sizeof(alikes) / sizeof(alikes[0]); i++) {
		if (alikes[i].code == code)
			return alikes[i].letter;
	}
	if (category == UTF8PROC_CATEGORY_PD || code == 0x2212)
		return '-';
	if (code == 0x2024 || code == 0xb7 || code == 0x2022 || code == 0x3002)
		return '.';
	if (code == '\n' || code == '\r')
		return '\n';
	return category == UTF8PROC_CATEGORY_ZS || code == '\t' || code == ' ' ? ' ' : SIGN_OTHER;
}

static bool is_unseen(utf8proc_int32_t code)
{
	utf8proc_category_t category = utf8proc_category(code);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
	       category == UTF8PROC_CATEGORY_CF;
}

/* Digits of scripts whose zero is not '0': those of the BMP come in tens. */
static utf8proc_int32_t latin_digit(utf8proc_int32_t code)
{
	static const uint16_t zeros[] = {0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x17e0};

	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
		if (code >= zeros[i] && code < zeros[i] + 10)
			return '0' + (code - zeros[i]);
	}
	return code;
}

static void add_sign(struct signs *signs, utf8proc_int32_t code, size_t at, size_t end)
{
	utf8proc_int32_t lower = utf8proc_tolower(code);

	if (signs->count == SIGNS_MAX || is_unseen(code))
		return;
	signs->list[signs->count++] = (struct sign){.c = sign_of(latin_digit(lower)),
		.is_upper = lower != code,
		.at = (uint32_t)at,
		.end = (uint32_t)end};
}

void signs_read(const char *text, struct signs *ret_signs)
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE;
	size_t len = strlen(text), at = 0;

	ret_signs->count = 0;
	while (at < len && ret_signs->count < SIGNS_MAX) {
		utf8proc_int32_t code, parts[PARTS_MAX];
		utf8proc_ssize_t used = utf8proc_iterate(
			(const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(len - at), &code);
		utf8proc_ssize_t count = 0;

		if (used <= 0) {
			add_sign(ret_signs, 0xfffd, at, at + 1);
			at++;
			continue;
		}
		count = utf8proc_decompose_char(code, parts, PARTS_MAX, options, NULL);
		for (utf8proc_ssize_t i = 0; i < count && i < PARTS_MAX; i++)
			add_sign(ret_signs, parts[i], at, at + (size_t)used);
		at += (size_t)used;
	}
	ret_signs->list[ret_signs->count] = (struct sign){.c = ' '};
}

bool signs_follow(const struct signs *signs, size_t at, const char *const *words, size_t count)
{
	char before[BEFORE_MAX + 1];
	size_t len = 0, from = at > BEFORE_MAX ? at - BEFORE_MAX : 0;

	for (size_t i = from; i < at; i++) {
		if (signs->list[i].c >= 'a' && signs->list[i].c <= 'z')
			before[len++] = signs->list[i].c;
	}
	before[len] = 0;
	for (size_t i = 0; i < count; i++) {
		if (strstr(before, words[i]))
			return true;
	}
	return false;
}

/* ---- numbers ---------------------------------------------------------------------------------
 */

struct number {
	char digits[DIGITS_MAX + 1];
	int count;	 /* of digits; more than DIGITS_MAX are counted, not kept */
	size_t from, to; /* signs */
	bool has_plus;
	bool is_grouped; /* in threes by dots or commas, as an amount is */
};

static bool is_digit(const struct sign *sign)
{
	return sign->c >= '0' && sign->c <= '9';
}

static bool is_letter(const struct sign *sign)
{
	return sign->c >= 'a' && sign->c <= 'z';
}

/* The letter O beside a digit, and with no other letter, is a zero that was to be overlooked. */
static bool is_zero_letter(const struct signs *signs, size_t i)
{
	size_t from = i, to = i;

	if (signs->list[i].c != 'o')
		return false;
	while (from && signs->list[from - 1].c == 'o' && i - from < DIGITS_MAX)
		from--;
	while (signs->list[to].c == 'o' && to - i < DIGITS_MAX)
		to++;
	if ((from && is_letter(&signs->list[from - 1])) || is_letter(&signs->list[to]))
		return false;
	return (from && is_digit(&signs->list[from - 1])) || is_digit(&signs->list[to]);
}

/* A comma stands in a number, or behind one. */
static bool is_joint(const struct signs *signs, size_t i)
{
	char c = signs->list[i].c;

	return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '_' ||
	       (c == ',' && is_digit(&signs->list[i + 1]));
}

/* Groups of three after the first, by one and the same of '.' and ','. */
static bool is_in_threes(const struct signs *signs, size_t from, size_t to)
{
	char joint = 0;
	int digits = 0;

	for (size_t i = from; i < to; i++) {
		char c = signs->list[i].c;

		if (is_digit(&signs->list[i])) {
			digits++;
			continue;
		}
		if ((c != '.' && c != ',') || (joint && (c != joint || digits != 3)) || digits > 3)
			return false;
		joint = c;
		digits = 0;
	}
	return joint && digits == 3;
}

/* Reads on from its first digit. At most two signs stand between digits, and no line ends there. */
static void read_number(const struct signs *signs, size_t at, struct number *ret)
{
	size_t i = at, last = at;

	*ret = (struct number){.from = at};
	while (i < signs->count && i - last <= 3) {
		bool is_zero = !is_digit(&signs->list[i]) && is_zero_letter(signs, i);

		if (is_digit(&signs->list[i]) || is_zero) {
			if (ret->count < DIGITS_MAX)
				ret->digits[ret->count] = is_zero ? '0' : signs->list[i].c;
			ret->count++;
			last = i;
		} else if (!is_joint(signs, i)) {
			break;
		}
		i++;
	}
	ret->to = last + 1;
	ret->has_plus = at > 0 && signs->list[at - 1].c == '+';
	ret->is_grouped = is_in_threes(signs, at, ret->to);
}

/* "1.500.000 đ", "200.000.000 đồng", "5.000.000.000 VND" */
static bool is_amount(const struct signs *signs, const struct number *n)
{
	static const char *const units[] = {
		"d", "dong", "vnd", "vnđ", "usd", "trieu", "ty", "nguoi"};
	char word[8];
	size_t i = n->to, len = 0;

	if (!n->is_grouped || n->count > AMOUNT_DIGITS)
		return false;
	while (i < signs->count && signs->list[i].c == ' ')
		i++;
	while (i < signs->count && len < sizeof(word) - 1 && is_letter(&signs->list[i]))
		word[len++] = signs->list[i++].c;
	word[len] = 0;
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		if (str_eq(units[u], word))
			return true;
	}
	return false;
}

static bool is_phone(const struct number *n)
{
	const char *d = n->digits;

	if (n->count == 10 || n->count == 11)
		if (d[0] == '0' && (d[1] == '2' || (n->count == 10 && strchr("35789", d[1]))))
			return true;
	if (n->count >= 11 && n->count <= 13 && strncmp(d, "84", 2) == 0 &&
		(n->has_plus || strchr("235789", d[2])))
		return n->count <= 12;
	if (n->count >= 13 && n->count <= 15 && strncmp(d, "0084", 4) == 0)
		return true;
	return n->has_plus && n->count >= 8 && n->count <= 15;
}

static const char *const account_words[] = {"stk", "taikhoan", "account", "sotk", "thengan",
	"sothe", "vietcombank", "agribank", "vietinbank", "bidv", "techcombank", "mbbank",
	"sacombank", "vpbank", "tpbank", "acb", "momo", "zalopay", "viettelpay", "nganhang"};
static const char *const identity_words[] = {
	"cccd", "cancuoc", "cmnd", "cmt", "chungminh", "dinhdanh", "hochieu", "socc"};

/* What a number is; -1: nothing that is about a person. */
static int kind_of(const struct signs *signs, const struct number *n, const char **ret_word)
{
	bool is_account = signs_follow(
		signs, n->from, account_words, sizeof(account_words) / sizeof(account_words[0]));
	bool is_identity = signs_follow(
		signs, n->from, identity_words, sizeof(identity_words) / sizeof(identity_words[0]));

	if (is_amount(signs, n))
		return -1;
	if (n->count == IDENTITY_DIGITS && !n->has_plus && (n->digits[0] == '0' || is_identity)) {
		*ret_word = "số định danh, căn cước (12 số)";
		return FINDING_IDENTITY;
	}
	if (is_phone(n) && !is_account) {
		*ret_word = "số điện thoại";
		return FINDING_PHONE;
	}
	if (n->count == OLD_IDENTITY && !is_account) {
		*ret_word = "chứng minh nhân dân (9 số)";
		return FINDING_IDENTITY;
	}
	if ((is_account && n->count >= ACCOUNT_DIGITS) || n->count >= CARD_DIGITS) {
		*ret_word = "số tài khoản, số thẻ";
		return FINDING_ACCOUNT;
	}
	if (n->count == IDENTITY_DIGITS || (is_identity && n->count >= 7)) {
		*ret_word = "số giấy tờ";
		return FINDING_IDENTITY;
	}
	return -1;
}

void screen_numbers(struct screen *screen, const struct signs *signs)
{
	size_t i = 0;

	while (i < signs->count) {
		struct number n;
		const char *word = "";
		int kind;

		if (!is_digit(&signs->list[i]) && !is_zero_letter(signs, i)) {
			i++;
			continue;
		}
		read_number(signs, i, &n);
		kind = kind_of(signs, &n, &word);
		if (kind >= 0) {
			size_t at = signs->list[n.from].at;

			if (!screen_add(screen, (enum finding_kind)kind, at,
				    signs->list[n.to - 1].end - at, word))
				return;
			i = n.to;
			continue;
		}
		/* Not all of it together: its next group may be one. */
		while (i < n.to && (is_digit(&signs->list[i]) || is_zero_letter(signs, i)))
			i++;
	}
}
