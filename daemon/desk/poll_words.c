/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer is cut into words of plain letters. In this order: a number of an option at its
 * beginning; words of an option somewhere in it, the longest first, so that "không đồng ý" is not
 * heard as "đồng ý"; all of it without blanks, with a slip or two.
 */
#include "daemon/desk/poll_words.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#define TEXT_MAX      1000 /* bytes that are looked at */
#define WORDS_MAX     48
#define WORD_BYTES    24
#define ALIAS_WORDS   10
#define SPELLINGS_MAX (POLL_ALIASES_MAX + 24)
#define MORE_WORDS    3 /* beside what is understood: "nhé ạ cảm ơn" is nothing more */

struct words {
	char items[WORDS_MAX][WORD_BYTES];
	int count;
};

/* ---- letters ---------------------------------------------------------------------------------
 */

/* Small letters without marks; y is i; ko, k, kg, hok, khg, hem are what they stand for. */
static void put_word(struct words *words, const char *letters, size_t len)
{
	static const char *const no[] = {"ko", "k", "kg", "kh", "khg", "hok", "hong", "hem", "kog"};
	char *word = words->items[words->count];
	bool is_no = false;

	if (words->count == WORDS_MAX)
		return;
	len = len < WORD_BYTES - 1 ? len : WORD_BYTES - 1;
	for (size_t i = 0; i < len; i++) {
		char c = (char)tolower((unsigned char)letters[i]);

		word[i] = c;
		if (c == 'y')
			word[i] = 'i';
	}
	word[len] = 0;
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		is_no = is_no || str_eq(word, no[i]);
	/* A "no" that was misspelt must not be passed over before a "yes". */
	if (is_no || (word[0] == 'k' && len > 3 && str_distance(word, "khong", 1) <= 1))
		memcpy(word, "khong", sizeof("khong"));
	words->count++;
}

/* Digits and letters are words of their own: "2dongy". */
static void cut(const char *text, struct words *words)
{
	char part[TEXT_MAX + 1];
	size_t len = strnlen(text, TEXT_MAX);
	CLEAN_BUF plain = {0};
	const char *p;

	words->count = 0;
	/* Not within a letter. */
	while (len < strlen(text) && len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(part, text, len);
	part[len] = 0;
	buf_init(&plain, (size_t)8 * TEXT_MAX);
	p = sms_text_unaccent(part, &plain) ? "" : buf_text(&plain);
	while (*p) {
		size_t n = strspn(p, "0123456789");

		if (!n) {
			while (isalpha((unsigned char)p[n]))
				n++;
		}
		if (n)
			put_word(words, p, n);
		p += n ? n : 1;
	}
	buf_wipe(&plain);
}

static bool is_digits(const char *word)
{
	return word[0] && strspn(word, "0123456789") == strlen(word);
}

/* ---- the spellings of an option --------------------------------------------------------------
 */

/* What people write for the labels that most polls have. */
static const struct {
	const char *label;
	const char *aliases[16];
} usual[] = {
	{"dong i", {"ok", "oke", "oki", "okie", "nhat tri", "tan thanh", "ung ho", "dong tinh",
			   "chap thuan", "co", "duoc", NULL}},
	{"nhat tri", {"dong i", "ok", "oke", "tan thanh", "ung ho", "co", "duoc", NULL}},
	{"tan thanh", {"dong i", "ok", "oke", "nhat tri", "ung ho", "co", "duoc", NULL}},
	{"co", {"dong i", "ok", "oke", "duoc", NULL}},
	{"khong dong i",
		{"khong", "phan doi", "khong nhat tri", "khong tan thanh", "khong ung ho",
			"khong chiu", "khong duoc", "khong co", "chua dong i", "tu choi", NULL}},
	{"khong", {"khong dong i", "phan doi", "khong nhat tri", "khong co", NULL}},
	{"khong nhat tri", {"khong dong i", "khong", "phan doi", NULL}},
	{"phan doi", {"khong", "khong dong i", "khong nhat tri", "khong tan thanh", NULL}},
	{"i kien khac", {"khac", "co i kien khac", NULL}},
	{"khong i kien", {"khong co i kien", "sao cung duoc", "the nao cung duoc", "tui xa",
				 "tui cac bac", NULL}},
};

struct spellings {
	struct words items[SPELLINGS_MAX];
	int count;
};

static void join(const struct words *words, int first, int count, const char *between, char *out,
	size_t bytes)
{
	size_t len = 0;

	out[0] = 0;
	for (int i = first; i < first + count && len < bytes; i++)
		len += (size_t)snprintf(
			out + len, bytes - len, "%s%s", i > first ? between : "", words->items[i]);
}

static bool same(const struct words *one, const struct words *other)
{
	if (one->count != other->count)
		return false;
	for (int i = 0; i < one->count; i++) {
		if (!str_eq(one->items[i], other->items[i]))
			return false;
	}
	return true;
}

static void add_spelling(struct spellings *list, const char *text)
{
	struct words *words = &list->items[list->count];

	if (list->count == SPELLINGS_MAX)
		return;
	cut(text, words);
	if (!words->count || words->count > ALIAS_WORDS)
		return;
	for (int i = 0; i < list->count; i++) {
		if (same(&list->items[i], words))
			return;
	}
	list->count++;
}

static void add_aliases(struct spellings *list, const char *json)
{
	json_t *aliases = json_loads(json, 0, NULL), *alias;
	size_t i;

	json_array_foreach (aliases, i, alias) {
		if (json_is_string(alias))
			add_spelling(list, json_string_value(alias));
	}
	json_decref(aliases);
}

/* What another option is called, or what officers gave it, is not this one's by habit. */
static bool is_named(const char *alias, const struct poll_option *options, int count)
{
	struct words words, other;

	cut(alias, &words);
	for (int i = 0; i < count; i++) {
		json_t *aliases, *item;
		bool is = false;
		size_t a;

		cut(options[i].label, &other);
		if (same(&words, &other))
			return true;
		aliases = json_loads(options[i].aliases, 0, NULL);
		json_array_foreach (aliases, a, item) {
			cut(json_is_string(item) ? json_string_value(item) : "", &other);
			is = is || same(&words, &other);
		}
		json_decref(aliases);
		if (is)
			return true;
	}
	return false;
}

static void spell(const struct poll_option *options, int count, int index, struct spellings *list)
{
	struct words label;
	char whole[TEXT_MAX];

	list->count = 0;
	add_spelling(list, options[index].label);
	add_aliases(list, options[index].aliases);
	cut(options[index].label, &label);
	join(&label, 0, label.count, " ", whole, sizeof(whole));
	for (size_t u = 0; u < ARRAY_LEN(usual); u++) {
		if (!str_eq(whole, usual[u].label))
			continue;
		for (int a = 0; usual[u].aliases[a]; a++) {
			if (!is_named(usual[u].aliases[a], options, count))
				add_spelling(list, usual[u].aliases[a]);
		}
	}
}

/* ---- hearing ---------------------------------------------------------------------------------
 */

struct hearing {
	const struct poll_option *options;
	int count;
	struct words words;
	struct spellings spelt[POLL_OPTIONS_MAX];
	bool is_taken[WORDS_MAX]; /* understood */
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
	if (at == h->words.count || !is_digits(h->words.items[at]) ||
		str_to_int64(h->words.items[at], 1, h->count, &number))
		return;
	take(h, (int)number, 0, at + 1);
	for (int i = at + 1; i < h->words.count; i++) {
		int64_t other;

		if (is_digits(h->words.items[i]) &&
			!str_to_int64(h->words.items[i], 1, h->count, &other) && other != number)
			h->is_double = true;
	}
}

static bool is_at(const struct hearing *h, const struct words *spelling, int at)
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

static void hear_spelling(struct hearing *h, int option, const struct words *spelling)
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
		take(h, h->options[option].number, at, spelling->count);
	}
}

static void hear_words(struct hearing *h)
{
	for (int len = ALIAS_WORDS; len > 0; len--) {
		for (int o = 0; o < h->count; o++) {
			for (int s = 0; s < h->spelt[o].count; s++) {
				if (h->spelt[o].items[s].count == len)
					hear_spelling(h, o, &h->spelt[o].items[s]);
			}
		}
	}
}

/* All of it is one option with a slip: the nearest, when no other is as near. */
static void hear_slips(struct hearing *h)
{
	char said[TEXT_MAX] = "", spelt[TEXT_MAX] = "";
	int best = 3, number = 0;

	join(&h->words, 0, h->words.count, "", said, sizeof(said));
	for (int o = 0; o < h->count; o++) {
		for (int s = 0; s < h->spelt[o].count; s++) {
			const struct words *words = &h->spelt[o].items[s];
			size_t len;
			int max, far;

			join(words, 0, words->count, "", spelt, sizeof(spelt));
			len = strlen(spelt);
			max = len < 5 ? 0 : len < 9 ? 1 : 2;
			/* "kdong y" is no slip: k is a "no". */
			if (said[0] == 'k' && spelt[0] != 'k')
				continue;
			far = str_distance(said, spelt, max);
			if (far > max || far > best)
				continue;
			if (far == best && number && number != h->options[o].number) {
				h->is_double = true;
				continue;
			}
			if (far < best)
				h->is_double = false;
			best = far;
			number = h->options[o].number;
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

void poll_hear(const char *text, const struct poll_option *options, int count,
	struct poll_heard *ret_heard)
{
	struct hearing *h = calloc(1, sizeof(*h));

	*ret_heard = (struct poll_heard){.clarity = POLL_UNCLEAR_WORDS};
	/* Without memory a person looks at it. */
	if (!h)
		return;
	h->options = options;
	h->count = count;
	cut(text, &h->words);
	for (int o = 0; o < count; o++)
		spell(options, count, o, &h->spelt[o]);
	hear_number(h);
	if (!h->is_double)
		hear_words(h);
	if (!h->number)
		hear_slips(h);
	if (h->number && !h->is_double) {
		ret_heard->number = h->number;
		pass_kindness(h);
		ret_heard->is_exact = left(h) == 0;
		ret_heard->clarity = left(h) > MORE_WORDS ? POLL_CLEAR_AND_MORE : POLL_CLEAR;
	}
	explicit_bzero(&h->words, sizeof(h->words));
	free(h);
}

/* ---- for who writes a poll -------------------------------------------------------------------
 */

static bool shares(const struct spellings *one, const struct spellings *other)
{
	for (int i = 0; i < one->count; i++) {
		for (int j = 0; j < other->count; j++) {
			if (same(&one->items[i], &other->items[j]))
				return true;
		}
	}
	return false;
}

bool poll_options_clash(const struct poll_option *options, int count, int *ret_one, int *ret_other)
{
	struct spellings *spelt = calloc((size_t)POLL_OPTIONS_MAX, sizeof(*spelt));
	bool is = false;

	for (int o = 0; spelt && o < count; o++) {
		spelt[o].count = 0;
		add_spelling(&spelt[o], options[o].label);
		add_aliases(&spelt[o], options[o].aliases);
	}
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
	struct words words;

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
	cut(alias, &words);
	/* A number is an option's own. */
	return !len || (words.count && !is_digits(words.items[0]));
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
