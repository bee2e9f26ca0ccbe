/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each phrase is looked for at each beginning of a word, over the gaps between letters, so that
 * "T.U.Y.Ệ.T M Ậ T" is read as it is meant; it must end where a word ends.
 */
#include "daemon/desk/secrecy_private.h"

#include "daemon/base/str.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* vi.json, embedded at build. */
extern const char secrecy_vi[];
extern const unsigned long secrecy_vi_bytes;

static const char *const kind_names[SECRECY_KINDS] = {"any", "marked", "stamp", "unless"};

/* --- the list --------------------------------------------------------------------------------- */

static enum err read_phrase(
	struct secrecy_phrase *phrase, enum secrecy_kind kind, const char *words, struct errbuf *eb)
{
	struct secrecy_text *text;
	enum err err = ERR_OK;

	if (!words || strlen(words) > 4 * SECRECY_PHRASE_MAX)
		return errbuf_set(eb, ERR_INVALID, "a phrase is no text, or too long");
	text = calloc(1, sizeof(*text));
	if (!text)
		return ERR_NOMEM;
	secrecy_spell(words, text);
	if (!text->count || text->count > SECRECY_PHRASE_MAX) {
		err = errbuf_set(eb, ERR_INVALID, "\"%s\" must have 1 to %d letters", words,
			SECRECY_PHRASE_MAX);
	} else {
		*phrase = (struct secrecy_phrase){.kind = kind, .count = text->count};
		memcpy(phrase->letters, text->letters, text->count * sizeof(text->letters[0]));
		for (size_t i = 1; i < text->count; i++) {
			if (text->letters[i].before != SECRECY_JOINED)
				phrase->last = i;
		}
		phrase->words = str_dup(words);
		err = phrase->words ? ERR_OK : ERR_NOMEM;
	}
	free(text);
	return err;
}

static enum err read_kind(
	struct secrecy_list *list, enum secrecy_kind kind, const json_t *phrases, struct errbuf *eb)
{
	enum err err = ERR_OK;

	if (!json_is_array(phrases))
		return errbuf_set(
			eb, ERR_INVALID, "\"%s\" must be a list of phrases", kind_names[kind]);
	for (size_t i = 0; !err && i < json_array_size(phrases); i++) {
		if (list->count == SECRECY_PHRASES_MAX)
			return errbuf_set(
				eb, ERR_TOO_BIG, "more than %d phrases", SECRECY_PHRASES_MAX);
		err = read_phrase(&list->phrases[list->count], kind,
			json_string_value(json_array_get(phrases, i)), eb);
		if (!err)
			list->count++;
	}
	return err;
}

enum err secrecy_parse(
	const char *json, size_t bytes, struct secrecy_list **ret_list, struct errbuf *eb)
{
	json_error_t where;
	json_t *root = json_loadb(json, bytes, JSON_REJECT_DUPLICATES, &where);
	struct secrecy_list *list = calloc(1, sizeof(*list));
	enum err err = ERR_OK;

	if (!list)
		err = ERR_NOMEM;
	else if (!root)
		err = errbuf_set(eb, ERR_INVALID, "line %d: %s", where.line, where.text);
	else if (json_object_size(root) != SECRECY_KINDS)
		err = errbuf_set(eb, ERR_INVALID,
			"it must have \"any\", \"marked\", \"stamp\" and \"unless\"");
	if (!err && list) {
		list->phrases = calloc(SECRECY_PHRASES_MAX, sizeof(*list->phrases));
		err = list->phrases ? ERR_OK : ERR_NOMEM;
	}
	for (int k = 0; !err && list && k < SECRECY_KINDS; k++)
		err = read_kind(
			list, (enum secrecy_kind)k, json_object_get(root, kind_names[k]), eb);
	json_decref(root);
	if (err)
		secrecy_free(list);
	else
		*ret_list = list;
	return err;
}

void secrecy_free(struct secrecy_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free(list->phrases[i].words);
	free(list->phrases);
	free(list);
}

/* --- the search ------------------------------------------------------------------------------- */

struct found {
	size_t start, end; /* letters of the text */
	bool is_marked;	   /* the last word has all its marks */
	bool is_capital;   /* all of it */
};

static bool marks_agree(const struct secrecy_letter *written, const struct secrecy_letter *wanted)
{
	return (!written->mark || written->mark == wanted->mark) &&
	       (!written->tone || written->tone == wanted->tone);
}

/* A digit stands for a letter only where letters are: "1 4 7" is none. */
static bool has_letters(const struct secrecy_text *text, size_t start, size_t count)
{
	size_t signs = 0;

	for (size_t i = start; i < start + count; i++)
		signs += text->letters[i].is_alike;
	return 2 * signs < count;
}

static bool fits(const struct secrecy_phrase *phrase, const struct secrecy_text *text, size_t start,
	struct found *ret_found)
{
	size_t end = start + phrase->count;

	if (end > text->count || text->letters[end].before == SECRECY_JOINED)
		return false;
	*ret_found = (struct found){start, end, true, true};
	for (size_t i = 0; i < phrase->count; i++) {
		const struct secrecy_letter *written = &text->letters[start + i],
					    *wanted = &phrase->letters[i];

		if (written->letter != wanted->letter || !marks_agree(written, wanted) ||
			(i && written->before == SECRECY_LINE))
			return false;
		if (i >= phrase->last &&
			(written->mark != wanted->mark || written->tone != wanted->tone))
			ret_found->is_marked = false;
		if (!written->is_capital && !written->is_alike)
			ret_found->is_capital = false;
	}
	return has_letters(text, start, phrase->count);
}

/* The word that ends before, or begins at, a letter is in capitals. */
static bool word_is_capital(const struct secrecy_text *text, size_t from, size_t to)
{
	return from < to && text->letters[from].is_capital && text->letters[to - 1].is_capital;
}

/* In capitals between words that are not: "theo van ban TOI MAT so 5". */
static bool stands_out(const struct secrecy_text *text, const struct found *f)
{
	size_t before = f->start, after = f->end;

	if (!f->is_capital)
		return false;
	while (before && text->letters[before - 1].before == SECRECY_JOINED)
		before--;
	before -= before > 0;
	while (after < text->count &&
		(after == f->end || text->letters[after].before == SECRECY_JOINED))
		after++;
	return !word_is_capital(text, before, f->start) && !word_is_capital(text, f->end, after) &&
	       (f->start || f->end < text->count);
}

/* On a line of its own, at the head of the text, or in brackets. */
static bool stands_alone(const struct secrecy_text *text, const struct found *f)
{
	int before = text->letters[f->start].before, after = text->letters[f->end].before;

	if (before == SECRECY_BRACKET && after == SECRECY_BRACKET)
		return true;
	return f->is_capital && before == SECRECY_LINE && after >= SECRECY_STOP;
}

static bool is_marking(
	const struct secrecy_phrase *phrase, const struct secrecy_text *text, const struct found *f)
{
	switch (phrase->kind) {
	case SECRECY_ANY:
		return true;
	case SECRECY_MARKED:
		return f->is_marked || stands_out(text, f);
	case SECRECY_STAMP:
		return stands_alone(text, f);
	default:
		return false;
	}
}

static bool is_harmless(
	const struct secrecy_list *list, const struct secrecy_text *text, const struct found *f)
{
	struct found around;

	for (size_t i = 0; i < list->count; i++) {
		const struct secrecy_phrase *phrase = &list->phrases[i];
		size_t from = f->end > phrase->count ? f->end - phrase->count : 0;

		if (phrase->kind != SECRECY_UNLESS)
			continue;
		for (size_t at = from; at <= f->start; at++) {
			if (fits(phrase, text, at, &around) && around.end >= f->end)
				return true;
		}
	}
	return false;
}

/* The first phrase that stands there, the longest of them. */
static const struct secrecy_phrase *find_at(const struct secrecy_list *list,
	const struct secrecy_text *text, size_t at, struct found *ret_found)
{
	const struct secrecy_phrase *longest = NULL;
	struct found found = {0};

	if (text->letters[at].before == SECRECY_JOINED)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		const struct secrecy_phrase *phrase = &list->phrases[i];

		if (!fits(phrase, text, at, &found) || !is_marking(phrase, text, &found) ||
			is_harmless(list, text, &found) || (longest && found.end <= ret_found->end))
			continue;
		longest = phrase;
		*ret_found = found;
	}
	return longest;
}

static void scan(const struct secrecy_list *list, const struct secrecy_text *text,
	secrecy_hit_fn fn, void *arg)
{
	size_t at = 0;

	while (at < text->count) {
		struct found found = {0};
		const struct secrecy_phrase *phrase = find_at(list, text, at, &found);
		struct secrecy_hit hit;

		if (!phrase) {
			at++;
			continue;
		}
		hit = (struct secrecy_hit){.phrase = phrase->words,
			.at = text->letters[found.start].at,
			.bytes = text->letters[found.end - 1].end - text->letters[found.start].at};
		if (!fn(arg, &hit))
			return;
		at = found.end;
	}
}

static bool keep_first(void *arg, const struct secrecy_hit *hit)
{
	*(const char **)arg = hit->phrase;
	return false;
}

static void scan_text(
	const struct secrecy_list *list, const char *text, secrecy_hit_fn fn, void *arg)
{
	struct secrecy_text *spelt = calloc(1, sizeof(*spelt));

	CHECK(spelt); /* 300 kB; without them nothing else would go on either */
	secrecy_spell(text, spelt);
	scan(list, spelt, fn, arg);
	explicit_bzero(spelt->letters, (spelt->count + 1) * sizeof(spelt->letters[0]));
	free(spelt);
}

const char *secrecy_find_in(const struct secrecy_list *list, const char *text)
{
	const char *words = NULL;

	scan_text(list, text, keep_first, &words);
	return words;
}

static struct secrecy_list *embedded;
static pthread_once_t embedded_once = PTHREAD_ONCE_INIT;

/* A file that does not parse can't leave the build: a test reads it. */
static void embedded_read(void)
{
	struct errbuf eb = {0};

	CHECK(secrecy_parse(secrecy_vi, secrecy_vi_bytes, &embedded, &eb) == ERR_OK);
}

const char *secrecy_find(const char *text)
{
	pthread_once(&embedded_once, embedded_read);
	return secrecy_find_in(embedded, text);
}

void secrecy_scan(const struct secrecy_list *list, const char *text, secrecy_hit_fn fn, void *arg)
{
	pthread_once(&embedded_once, embedded_read);
	scan_text(list ? list : embedded, text, fn, arg);
}
