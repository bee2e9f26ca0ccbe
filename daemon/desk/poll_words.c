/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer is cut into words of plain letters. In this order: a number of an option at its
 * beginning; words of an option somewhere in it, the longest first, so that "không đồng ý" is not
 * heard as "đồng ý"; all of it without blanks, with a slip or two.
 */
#include "daemon/desk/poll_words.h"

#include "daemon/base/str.h"
#include "daemon/desk/poll_spelling.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#define MORE_WORDS 3 /* beside what is understood: "nhé ạ cảm ơn" is nothing more */

/* ---- hearing ---------------------------------------------------------------------------------
 */

struct hearing {
	const struct poll_ear *ear;
	struct poll_words words;
	bool is_taken[POLL_CUT_MAX]; /* understood */
	int number;
	bool is_double; /* it says two things */
};

static void take(struct hearing *h, int number, int first, int count)
{
	h->is_double = h->is_double || (h->number && h->number != number);
	h->number = number;
	for (int i = first; i < first + count; i++)
		h->is_taken[i] = true;
}

static int left(const struct hearing *h)
{
	int count = 0;

	for (int i = 0; i < h->words.count; i++)
		count += !h->is_taken[i];
	return count;
}

/* Said before a number, and part of it. */
static bool is_filler(const char *word)
{
	static const char *const fillers[] = {"so", "chon", "phuong", "an", "pa", "toi", "gia",
		"dinh", "nha", "ho", "xin", "em", "chau", "con", "chung", "minh", "cau", "i",
		"kien", "muc", "la", "tra", "loi", "bo", "phieu", "cho", "da"};

	for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
		if (str_eq(word, fillers[i]))
			return true;
	}
	return false;
}

/* "toi chon so 2", "2". With other digits behind it ("1 2", "2/9") it is not clear. */
static void hear_number(struct hearing *h)
{
	int64_t number = 0;
	int at = 0;

	while (at < h->words.count && is_filler(h->words.items[at]))
		at++;
	if (at == h->words.count || !poll_is_digits(h->words.items[at]) ||
		str_to_int64(h->words.items[at], 1, h->ear->count, &number))
		return;
	take(h, (int)number, 0, at + 1);
	for (int i = at + 1; i < h->words.count; i++) {
		int64_t other;

		if (poll_is_digits(h->words.items[i]) &&
			!str_to_int64(h->words.items[i], 1, h->ear->count, &other) &&
			other != number)
			h->is_double = true;
	}
}

static bool is_at(const struct hearing *h, const struct poll_spelling *spelling, int at)
{
	if (at + spelling->count > h->words.count)
		return false;
	for (int i = 0; i < spelling->count; i++) {
		if (h->is_taken[at + i] || !str_eq(h->words.items[at + i], spelling->items[i]))
			return false;
	}
	return true;
}

/* "không ... đồng ý": up to two words before what would be heard. */
static bool is_denied(const struct hearing *h, int at)
{
	static const char *const denials[] = {"khong", "chua", "chang", "deo", "dung", "cha"};

	for (int i = at - 1; i >= 0 && i >= at - 2 && !h->is_taken[i]; i--) {
		for (size_t d = 0; d < ARRAY_LEN(denials); d++) {
			if (str_eq(h->words.items[i], denials[d]))
				return true;
		}
	}
	return false;
}

static void hear_spelling(struct hearing *h, int option, const struct poll_spelling *spelling)
{
	/* A single short word ("co", "di") within a sentence means anything. */
	if (spelling->count == 1 && strlen(spelling->items[0]) < 4 &&
		h->words.count > 1 + MORE_WORDS)
		return;
	for (int at = 0; at + spelling->count <= h->words.count; at++) {
		if (!is_at(h, spelling, at))
			continue;
		if (is_denied(h, at))
			h->is_double = true;
		take(h, h->ear->numbers[option], at, spelling->count);
	}
}

static void hear_words(struct hearing *h)
{
	for (int len = POLL_ALIAS_WORDS; len > 0; len--) {
		for (int o = 0; o < h->ear->count; o++) {
			for (int s = 0; s < h->ear->spelt[o].count; s++) {
				if (h->ear->spelt[o].items[s].count == len)
					hear_spelling(h, o, &h->ear->spelt[o].items[s]);
			}
		}
	}
}

/* All of it is one option with a slip: the nearest, when no other is as near. */
static void hear_slips(struct hearing *h)
{
	char said[POLL_TEXT_MAX] = "", spelt[POLL_TEXT_MAX] = "";
	int best = 3, number = 0;

	poll_join(h->words.items, h->words.count, "", said, sizeof(said));
	for (int o = 0; o < h->ear->count; o++) {
		for (int s = 0; s < h->ear->spelt[o].count; s++) {
			const struct poll_spelling *words = &h->ear->spelt[o].items[s];
			size_t len;
			int max, far;

			poll_join(words->items, words->count, "", spelt, sizeof(spelt));
			len = strlen(spelt);
			max = len < 5 ? 0 : len < 9 ? 1 : 2;
			/* "kdong y" is no slip: k is a "no". */
			if (said[0] == 'k' && spelt[0] != 'k')
				continue;
			far = str_distance(said, spelt, max);
			if (far > max || far > best)
				continue;
			if (far == best && number && number != h->ear->numbers[o]) {
				h->is_double = true;
				continue;
			}
			if (far < best)
				h->is_double = false;
			best = far;
			number = h->ear->numbers[o];
		}
	}
	if (number && !h->is_double)
		take(h, number, 0, h->words.count);
}

/* Kind words at the end are nothing more. */
static void pass_kindness(struct hearing *h)
{
	static const char *const kind[] = {"nhe", "a", "nha", "nhen", "cam", "on", "xin", "thua",
		"toi", "gia", "dinh", "ho", "chung", "em", "chau", "minh", "i", "kien", "cua", "la",
		"rat", "hoan", "toan", "voi", "viec", "nay", "vang", "thi", "cac", "bac", "anh",
		"chi", "chon", "ca", "deu", "se", "con", "tra", "loi"};

	for (int i = 0; i < h->words.count; i++) {
		for (size_t k = 0; k < ARRAY_LEN(kind); k++) {
			if (str_eq(h->words.items[i], kind[k]))
				h->is_taken[i] = true;
		}
	}
}

void poll_ear_hear(const struct poll_ear *ear, const char *text, struct poll_heard *ret_heard)
{
	struct hearing h = {.ear = ear};

	*ret_heard = (struct poll_heard){.clarity = POLL_UNCLEAR_WORDS};
	poll_cut(text, &h.words);
	hear_number(&h);
	if (!h.is_double)
		hear_words(&h);
	if (!h.number)
		hear_slips(&h);
	if (h.number && !h.is_double) {
		ret_heard->number = h.number;
		pass_kindness(&h);
		ret_heard->is_exact = left(&h) == 0;
		ret_heard->clarity = left(&h) > MORE_WORDS ? POLL_CLEAR_AND_MORE : POLL_CLEAR;
	}
	explicit_bzero(&h.words, sizeof(h.words));
}

void poll_hear(const char *text, const struct poll_option *options, int count,
	struct poll_heard *ret_heard)
{
	struct poll_ear *ear;

	*ret_heard = (struct poll_heard){.clarity = POLL_UNCLEAR_WORDS};
	/* Without memory a person looks at it. */
	if (poll_ear_new(options, count, &ear))
		return;
	poll_ear_hear(ear, text, ret_heard);
	poll_ear_free(ear);
}

/* ---- for who writes a poll -------------------------------------------------------------------
 */

static bool is_same(const struct poll_spelling *one, const struct poll_spelling *other)
{
	if (one->count != other->count)
		return false;
	for (int i = 0; i < one->count; i++) {
		if (!str_eq(one->items[i], other->items[i]))
			return false;
	}
	return true;
}

static bool shares(const struct poll_spellings *one, const struct poll_spellings *other)
{
	for (int i = 0; i < one->count; i++) {
		for (int j = 0; j < other->count; j++) {
			if (is_same(&one->items[i], &other->items[j]))
				return true;
		}
	}
	return false;
}

bool poll_options_clash(const struct poll_option *options, int count, int *ret_one, int *ret_other)
{
	struct poll_spellings *spelt = calloc((size_t)POLL_OPTIONS_MAX, sizeof(*spelt));
	bool is = false;

	for (int o = 0; spelt && o < count; o++)
		poll_spell(&options[o], &spelt[o]);
	for (int one = 0; spelt && !is && one < count; one++) {
		for (int other = one + 1; !is && other < count; other++) {
			is = shares(&spelt[one], &spelt[other]);
			*ret_one = options[one].number;
			*ret_other = options[other].number;
		}
	}
	free(spelt);
	return is;
}

/* Without the blanks around it; false when it can't be one. */
static bool clean_alias(const char *typed, size_t len, char alias[POLL_ALIAS_BYTES])
{
	struct poll_words words;

	while (len && isspace((unsigned char)*typed)) {
		typed++;
		len--;
	}
	while (len && isspace((unsigned char)typed[len - 1]))
		len--;
	if (len >= POLL_ALIAS_BYTES)
		return false;
	memcpy(alias, typed, len);
	alias[len] = 0;
	poll_cut(alias, &words);
	/* A number is an option's own. */
	return !len || (words.count && !poll_is_digits(words.items[0]));
}

enum err poll_aliases_read(const char *typed, char ret_json[POLL_ALIASES_BYTES])
{
	json_t *list = json_array();
	enum err err = list ? ERR_OK : ERR_NOMEM;
	char *text = NULL;

	while (!err && *typed) {
		size_t len = strcspn(typed, ",;\n");
		char alias[POLL_ALIAS_BYTES];

		if (!clean_alias(typed, len, alias))
			err = ERR_INVALID;
		else if (alias[0])
			json_array_append_new(list, json_string(alias));
		typed += len + (typed[len] != 0);
	}
	if (!err && json_array_size(list) > POLL_ALIASES_MAX)
		err = ERR_INVALID;
	if (!err)
		text = json_dumps(list, JSON_COMPACT);
	if (!err)
		err = !text					     ? ERR_NOMEM
		      : str_copy(ret_json, POLL_ALIASES_BYTES, text) ? ERR_INVALID
								     : ERR_OK;
	free(text);
	json_decref(list);
	return err;
}
