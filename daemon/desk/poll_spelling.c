/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/poll_spelling.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- letters ---------------------------------------------------------------------------------
 */

/* Small letters without marks; y is i; ko, k, kg, hok, khg, hem are what they stand for. */
static void put_word(struct poll_words *words, const char *letters, size_t len)
{
	static const char *const no[] = {"ko", "k", "kg", "kh", "khg", "hok", "hong", "hem", "kog"};
	char *word = words->items[words->count];
	bool is_no = false;

	if (words->count == POLL_CUT_MAX)
		return;
	len = len < POLL_WORD_BYTES - 1 ? len : POLL_WORD_BYTES - 1;
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
void poll_cut(const char *text, struct poll_words *words)
{
	char part[POLL_TEXT_MAX + 1];
	size_t len = strnlen(text, POLL_TEXT_MAX);
	CLEAN_BUF plain = {0};
	const char *p;

	words->count = 0;
	/* Not within a letter. */
	while (len < strlen(text) && len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(part, text, len);
	part[len] = 0;
	buf_init(&plain, (size_t)8 * POLL_TEXT_MAX);
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

bool poll_is_digits(const char *word)
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

void poll_join(const char items[][POLL_WORD_BYTES], int count, const char *between, char *out,
	size_t bytes)
{
	size_t len = 0;

	out[0] = 0;
	for (int i = 0; i < count && len < bytes; i++)
		len += (size_t)snprintf(out + len, bytes - len, "%s%s", i ? between : "", items[i]);
}

static bool is_spelt(const struct poll_spellings *list, const struct poll_words *words)
{
	for (int i = 0; i < list->count; i++) {
		bool is = list->items[i].count == words->count;

		for (int w = 0; is && w < words->count; w++)
			is = str_eq(list->items[i].items[w], words->items[w]);
		if (is)
			return true;
	}
	return false;
}

static void add_spelling(struct poll_spellings *list, const char *text)
{
	struct poll_words words;

	poll_cut(text, &words);
	if (!words.count || words.count > POLL_ALIAS_WORDS || list->count == POLL_SPELLINGS_MAX ||
		is_spelt(list, &words))
		return;
	memcpy(list->items[list->count].items, words.items,
		(size_t)words.count * sizeof(words.items[0]));
	list->items[list->count++].count = words.count;
}

void poll_spell(const struct poll_option *option, struct poll_spellings *list)
{
	json_t *aliases = json_loads(option->aliases, 0, NULL), *alias;
	size_t i;

	list->count = 0;
	add_spelling(list, option->label);
	json_array_foreach (aliases, i, alias) {
		if (json_is_string(alias))
			add_spelling(list, json_string_value(alias));
	}
	json_decref(aliases);
}

/* What another option is called, or what officers gave it, is not this one's by habit. */
static bool is_named(const char *alias, const struct poll_spellings *named, int count)
{
	struct poll_words words;

	poll_cut(alias, &words);
	for (int i = 0; i < count; i++) {
		if (is_spelt(&named[i], &words))
			return true;
	}
	return false;
}

/* What people write for it by habit. */
static void spell_usual(
	const char *label, const struct poll_ear *named, struct poll_spellings *list)
{
	struct poll_words words;
	char whole[POLL_TEXT_MAX];

	poll_cut(label, &words);
	poll_join(words.items, words.count, " ", whole, sizeof(whole));
	for (size_t u = 0; u < ARRAY_LEN(usual); u++) {
		if (!str_eq(whole, usual[u].label))
			continue;
		for (int a = 0; usual[u].aliases[a]; a++) {
			if (!is_named(usual[u].aliases[a], named->spelt, named->count))
				add_spelling(list, usual[u].aliases[a]);
		}
	}
}

enum err poll_ear_new(const struct poll_option *options, int count, struct poll_ear **ret_ear)
{
	struct poll_ear *named = calloc(1, sizeof(*named)), *ear = calloc(1, sizeof(*ear));

	if (!named || !ear) {
		free(named);
		free(ear);
		return ERR_NOMEM;
	}
	named->count = count;
	for (int o = 0; o < count; o++) {
		named->numbers[o] = options[o].number;
		poll_spell(&options[o], &named->spelt[o]);
	}
	*ear = *named;
	for (int o = 0; o < count; o++)
		spell_usual(options[o].label, named, &ear->spelt[o]);
	free(named);
	*ret_ear = ear;
	return ERR_OK;
}

void poll_ear_free(struct poll_ear *ear)
{
	free(ear);
}
