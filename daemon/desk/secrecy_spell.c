/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text as letters, whatever they are drawn with. */
#include "daemon/desk/secrecy_private.h"

#include <string.h>
#include <utf8proc.h>

#define DECOMPOSED_MAX 24 /* the longest compatibility decomposition has 18 characters */

/* Letters of other alphabets, digits and signs that look like Latin letters; in order of code. */
static const struct alike {
	uint16_t code;
	char letter;
	bool is_sign; /* stands for a letter only among letters */
} alikes[] = {
	{'$', 's', true},
	{'0', 'o', true},
	{'1', 'i', true},
	{'3', 'e', true},
	{'4', 'a', true},
	{'7', 't', true},
	{'@', 'a', true},
	{0x131, 'i', false},
	{0x3b1, 'a', false},
	{0x3b5, 'e', false},
	{0x3b9, 'i', false},
	{0x3bc, 'm', false},
	{0x3bf, 'o', false},
	{0x3c4, 't', false},
	{0x3c5, 'u', false},
	{0x3c7, 'x', false},
	{0x430, 'a', false},
	{0x435, 'e', false},
	{0x43c, 'm', false},
	{0x43e, 'o', false},
	{0x440, 'p', false},
	{0x441, 'c', false},
	{0x442, 't', false},
	{0x443, 'y', false},
	{0x445, 'x', false},
	{0x456, 'i', false},
	{0x20ac, 'e', true},
};

static const struct alike *find_alike(utf8proc_int32_t code)
{
	for (size_t i = 0; i < sizeof(alikes) / sizeof(alikes[0]); i++) {
		if (alikes[i].code == code)
			return &alikes[i];
	}
	return NULL;
}

static bool is_tone(utf8proc_int32_t code)
{
	return code == 0x300 || code == 0x301 || code == 0x303 || code == 0x309 || code == 0x323;
}

static bool is_shape(utf8proc_int32_t code)
{
	return code == 0x302 || code == 0x306 || code == 0x31b;
}

/* Drawn as nothing. */
static bool is_unseen(utf8proc_int32_t code)
{
	utf8proc_category_t category = utf8proc_category(code);

	return category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_MN ||
	       category == UTF8PROC_CATEGORY_ME || code == 0xad;
}

static enum secrecy_gap gap_of(utf8proc_int32_t code)
{
	utf8proc_category_t category = utf8proc_category(code);

	if (code == '\n' || code == '\r' || code == 0x2028 || code == 0x2029)
		return SECRECY_LINE;
	if (category == UTF8PROC_CATEGORY_PS || category == UTF8PROC_CATEGORY_PE ||
		category == UTF8PROC_CATEGORY_PI || category == UTF8PROC_CATEGORY_PF ||
		code == '"' || code == '\'' || code == '<' || code == '>')
		return SECRECY_BRACKET;
	if (category == UTF8PROC_CATEGORY_PO || category == UTF8PROC_CATEGORY_PD ||
		category == UTF8PROC_CATEGORY_SM || code == '|')
		return SECRECY_STOP;
	return SECRECY_BLANK;
}

struct speller {
	struct secrecy_text *text;
	enum secrecy_gap gap;
	bool is_capital;
	size_t at, end; /* what is being read */
};

static void add_letter(struct speller *s, char letter, bool is_alike)
{
	if (s->text->count == SECRECY_LETTERS_MAX)
		return;
	s->text->letters[s->text->count++] = (struct secrecy_letter){.letter = letter,
		.is_capital = s->is_capital,
		.is_alike = is_alike,
		.before = (uint8_t)s->gap,
		.at = (uint32_t)s->at,
		.end = (uint32_t)s->end};
	s->gap = SECRECY_JOINED;
}

static void add_mark(struct speller *s, utf8proc_int32_t code)
{
	struct secrecy_letter *last;

	if (!s->text->count || s->gap != SECRECY_JOINED)
		return;
	last = &s->text->letters[s->text->count - 1];
	last->end = (uint32_t)s->end;
	if (is_tone(code))
		last->tone = (uint8_t)code;
	else
		last->mark = (uint8_t)code;
}

static void add_code(struct speller *s, utf8proc_int32_t code)
{
	const struct alike *alike = find_alike(code);

	if (is_tone(code) || is_shape(code)) {
		add_mark(s, code);
	} else if (code >= 'a' && code <= 'z') {
		add_letter(s, (char)code, false);
	} else if (code == 0x111 || code == 0xf0) {
		add_letter(s, 'd', false);
		add_mark(s, 0x335);
	} else if (alike || (code >= '0' && code <= '9')) {
		add_letter(s, alike ? alike->letter : (char)code, alike && alike->is_sign);
	} else if (!is_unseen(code)) {
		enum secrecy_gap gap = gap_of(code);

		if (gap > s->gap)
			s->gap = gap;
	}
}

void secrecy_spell(const char *utf8, struct secrecy_text *ret_text)
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE;
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)utf8;
	utf8proc_ssize_t left = (utf8proc_ssize_t)strlen(utf8);
	struct speller s = {.text = ret_text, .gap = SECRECY_LINE};

	ret_text->count = 0;
	while (left > 0 && ret_text->count < SECRECY_LETTERS_MAX) {
		utf8proc_int32_t code, parts[DECOMPOSED_MAX];
		utf8proc_ssize_t used = utf8proc_iterate(at, left, &code), count;

		if (used <= 0)
			break;
		s.at = s.end;
		s.end += (size_t)used;
		at += used;
		left -= used;
		count = utf8proc_decompose_char(code, parts, DECOMPOSED_MAX, options, NULL);
		for (utf8proc_ssize_t i = 0; i < count && i < DECOMPOSED_MAX; i++) {
			utf8proc_int32_t lower = utf8proc_tolower(parts[i]);

			s.is_capital = lower != parts[i];
			add_code(&s, lower);
		}
	}
	ret_text->letters[ret_text->count] = (struct secrecy_letter){
		.before = (uint8_t)(left > 0 && s.gap < SECRECY_BLANK ? SECRECY_BLANK
								      : SECRECY_LINE)};
	if (left <= 0 && s.gap != SECRECY_JOINED && s.gap != SECRECY_LINE)
		ret_text->letters[ret_text->count].before = (uint8_t)(s.gap == SECRECY_BRACKET
									      ? SECRECY_BRACKET
									      : SECRECY_LINE);
}
