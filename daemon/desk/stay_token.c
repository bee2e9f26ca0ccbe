/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/stay_token.h"

#include "daemon/base/str.h"
#include "daemon/desk/csv_table.h"

#include <string.h>

#define DIGITS "0123456789"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Part of a word: letters, digits, and bytes of letters with marks. */
static bool is_letter(char c)
{
	return (unsigned char)c >= 0x80 || is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* "001 090 123456": twelve digits in groups of three or more. Bytes of them; 0: they are none. */
static size_t grouped_id(const char *text, char digits[STAY_ID_DIGITS + 1])
{
	size_t at = 0, count = 0;

	while (count < STAY_ID_DIGITS) {
		size_t run = strspn(text + at, DIGITS);

		if (run < 3 || count + run > STAY_ID_DIGITS)
			return 0;
		memcpy(digits + count, text + at, run);
		count += run;
		at += run;
		if (count < STAY_ID_DIGITS && (is_blank(text[at]) || text[at] == '.'))
			at++;
	}
	digits[count] = 0;
	return is_letter(text[at]) ? 0 : at;
}

static bool is_phone(const char *text, size_t run)
{
	return (run == 10 && text[0] == '0') || (run == 11 && strncmp(text, "84", 2) == 0) ||
	       (run == 11 && text[0] == '0');
}

/* Up to two digits; how many. */
static size_t small_number(const char *text, int *ret_value)
{
	size_t run = strspn(text, DIGITS);

	if (!run || run > 2)
		return 0;
	*ret_value = run == 1 ? text[0] - '0' : 10 * (text[0] - '0') + text[1] - '0';
	return run;
}

static bool is_date_mark(char c)
{
	return c == '/' || c == '.' || c == '-';
}

/* "/2026", "/26" behind a day and a month with the same mark between. */
static size_t year_at(const char *text, char mark, int *ret_year)
{
	size_t run = text[0] == mark ? strspn(text + 1, DIGITS) : 0;
	int value = 0;

	if (run != 2 && run != 4)
		return 0;
	for (size_t i = 1; i <= run; i++)
		value = 10 * value + (text[i] - '0');
	*ret_year = run == 2 ? 2000 + value : value;
	return 1 + run;
}

/* "22/11", "22.11.2026"; bytes of it. */
static size_t date_at(const char *text, struct stay_token *token)
{
	int day = 0, month = 0, year = 0;
	size_t at = small_number(text, &day), more;
	char mark = text[at];

	if (!at || !is_date_mark(mark))
		return 0;
	more = small_number(text + at + 1, &month);
	if (!more || day < 1 || day > 31 || month < 1 || month > 12)
		return 0;
	at += 1 + more;
	at += year_at(text + at, mark, &year);
	if (is_letter(text[at]))
		return 0;
	token->kind = STAY_DATE;
	token->day = day;
	token->month = month;
	token->year = year;
	return at;
}

/* The first of "22-25/11": its month is that of the second. */
static size_t range_at(const char *text, struct stay_token *token)
{
	struct stay_token second;
	int day = 0;
	size_t at = small_number(text, &day), mark;

	if (!at || day < 1 || day > 31)
		return 0;
	mark = strspn(text + at, " ");
	if (text[at + mark] != '-')
		return 0;
	mark += 1 + strspn(text + at + mark + 1, " ");
	/* "22-11-2026" is a date, "22-11/12" is not. */
	if (!date_at(text + at + mark, &second) ||
		text[at + mark + strspn(text + at + mark, DIGITS)] == '-')
		return 0;
	token->kind = STAY_DATE;
	token->day = day;
	token->month = token->year = 0;
	return at;
}

static size_t number_at(const char *text, struct stay_token *token)
{
	size_t run = strspn(text, DIGITS), len = grouped_id(text, token->digits);

	if (len) {
		token->kind = STAY_ID;
		return len;
	}
	token->digits[0] = 0;
	if (run >= 9 && !is_letter(text[run]) && !is_phone(text, run)) {
		token->kind = run == 9 ? STAY_NINE : STAY_DIGITS;
		return run;
	}
	len = range_at(text, token);
	return len ? len : date_at(text, token);
}

/* ---- words ----------------------------------------------------------------------------------- */

static size_t word_at(const char *text, struct stay_token *token)
{
	char word[64];
	size_t len = 0;

	/* "12/5" of a house number is one word. */
	while (is_letter(text[len]) ||
		(len && (text[len] == '/' || text[len] == '-') && is_letter(text[len + 1])))
		len++;
	token->kind = STAY_WORD;
	if (len < sizeof(word)) {
		memcpy(word, text, len);
		word[len] = 0;
		csv_fold(word, token->folded, sizeof(token->folded));
	}
	return len;
}

/* "số 12/5": not the twelfth of May. */
static bool is_house(const struct stay_tokens *tokens)
{
	static const char *const before[] = {
		"so", "nha", "ngo", "hem", "kiet", "ngach", "phong", "duong", "pho"};
	const struct stay_token *last = tokens->count ? &tokens->items[tokens->count - 1] : NULL;

	for (size_t i = 0; last && i < sizeof(before) / sizeof(before[0]); i++) {
		if (last->kind == STAY_WORD && str_eq(last->folded, before[i]))
			return true;
	}
	return false;
}

static size_t token_at(const char *text, const struct stay_tokens *tokens, struct stay_token *token)
{
	size_t len = 0;

	if (is_digit(text[0])) {
		len = number_at(text, token);
		if (len && token->kind == STAY_DATE && is_house(tokens))
			len = 0;
	}
	if (!len && is_letter(text[0]))
		len = word_at(text, token);
	if (!len) {
		token->kind = STAY_BREAK;
		len = 1;
	}
	return len;
}

void stay_tokens_read(const char *text, struct stay_tokens *ret_tokens)
{
	size_t at = 0, end = strnlen(text, STAY_TEXT_MAX);

	ret_tokens->count = 0;
	while (at < end && ret_tokens->count < STAY_TOKENS_MAX) {
		struct stay_token *token = &ret_tokens->items[ret_tokens->count];

		if (is_blank(text[at])) {
			at++;
			continue;
		}
		memset(token, 0, sizeof(*token));
		token->at = at;
		token->bytes = token_at(text + at, ret_tokens, token);
		at += token->bytes;
		ret_tokens->count++;
	}
}

const char *stay_word_at(const struct stay_tokens *tokens, size_t i)
{
	return i < tokens->count && tokens->items[i].kind == STAY_WORD ? tokens->items[i].folded
								       : "";
}

size_t stay_phrase_at(const struct stay_tokens *tokens, size_t i, const char *const *phrases)
{
	for (; *phrases; phrases++) {
		const char *p = *phrases;
		size_t count = 0;

		for (;; count++) {
			size_t len = strcspn(p, " ");
			const char *word = stay_word_at(tokens, i + count);

			if (strlen(word) != len || strncmp(word, p, len) != 0)
				break;
			p += len;
			if (!*p)
				return count + 1;
			p++;
		}
	}
	return 0;
}
