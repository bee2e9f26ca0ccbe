/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config/guess/vi.json:
 *
 *   {"category_threshold": 2, "danger_threshold": 3,
 *    "short": {"ko": "không"},
 *    "words": [{"words": "cháy nhà | nhà cháy", "fire": 4, "danger": 4, "bare_pct": 60}]}
 *
 * Weights are -20..20; the bar separates spellings of one entry; "bare_pct" is what a word is worth
 * when its marks are missing (0: it must be marked).
 */
#include "daemon/intake/guess_private.h"

#include "daemon/base/str.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

size_t guess_words_first(const struct guess_words *words, const char *sound)
{
	size_t low = 0, high = words->term_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(words->terms[middle].syllables[0].sound, sound) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int compare_short(const void *a, const void *b)
{
	const struct guess_short *x = a, *y = b;

	return strcmp(x->key.letters, y->key.letters);
}

const struct guess_short *guess_words_short(
	const struct guess_words *words, const struct syllable *syllable)
{
	struct guess_short wanted = {.key = *syllable};
	const struct guess_short *found = words->short_count
						  ? bsearch(&wanted, words->shorts,
							    words->short_count, sizeof(wanted),
							    compare_short)
						  : NULL;

	return found && syllable_fit(syllable, &found->key) >= SYLLABLE_BARE ? found : NULL;
}

static int compare_terms(const void *a, const void *b)
{
	const struct guess_term *x = a, *y = b;
	int order = strcmp(x->syllables[0].sound, y->syllables[0].sound);

	return order ? order : strcmp(x->words, y->words);
}

static enum err read_weight(
	const char *key, const json_t *value, int min, int max, int *ret, struct errbuf *eb)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < min || number > max)
		return errbuf_set(eb, ERR_INVALID, "\"%s\" must be a whole number from %d to %d",
			key, min, max);
	*ret = (int)number;
	return ERR_OK;
}

static enum err read_member(
	struct guess_term *term, const char *key, const json_t *value, struct errbuf *eb)
{
	enum category category;

	if (str_eq(key, "words"))
		return ERR_OK;
	if (str_eq(key, "danger"))
		return read_weight(
			key, value, -GUESS_WEIGHT_MAX, GUESS_WEIGHT_MAX, &term->danger, eb);
	if (str_eq(key, "bare_pct"))
		return read_weight(key, value, 0, 100, &term->bare_pct, eb);
	if (category_from_code(key, &category))
		return errbuf_set(eb, ERR_INVALID, "\"%s\" is no category", key);
	return read_weight(
		key, value, -GUESS_WEIGHT_MAX, GUESS_WEIGHT_MAX, &term->weights[category], eb);
}

static enum err add_spelling(struct guess_words *words, const struct guess_term *model,
	const char *spelling, struct errbuf *eb)
{
	struct guess_term *term = &words->terms[words->term_count];
	struct syllable cut[GUESS_TERM_MAX + 1];
	size_t count = syllables_cut(spelling, cut, GUESS_TERM_MAX + 1);

	if (!count || count > GUESS_TERM_MAX)
		return errbuf_set(eb, ERR_INVALID, "\"%s\" must have 1 to %d syllables", spelling,
			GUESS_TERM_MAX);
	*term = *model;
	term->words = str_dup(spelling);
	if (!term->words)
		return ERR_NOMEM;
	term->len = count;
	memcpy(term->syllables, cut, count * sizeof(cut[0]));
	for (size_t i = 0, at = 0; i < count; i++) {
		size_t len = strlen(cut[i].letters);

		memcpy(term->joined + at, cut[i].letters, len + 1);
		at += len;
	}
	words->term_count++;
	return ERR_OK;
}

static enum err add_spellings(struct guess_words *words, const struct guess_term *model,
	const char *text, struct errbuf *eb)
{
	enum err err = ERR_OK;

	while (!err) {
		size_t bytes = strcspn(text, "|"), blank = strspn(text, " ");
		char spelling[GUESS_WORD_BYTES];
		size_t end = bytes;

		if (words->term_count == GUESS_TERMS_MAX)
			return errbuf_set(eb, ERR_TOO_BIG, "more than %d words", GUESS_TERMS_MAX);
		while (end > blank && text[end - 1] == ' ')
			end--;
		if (end <= blank || end - blank >= sizeof(spelling))
			return errbuf_set(eb, ERR_INVALID, "a word is empty or too long");
		memcpy(spelling, text + blank, end - blank);
		spelling[end - blank] = '\0';
		err = add_spelling(words, model, spelling, eb);
		if (!text[bytes])
			break;
		text += bytes + 1;
	}
	return err;
}

static enum err read_entry(
	struct guess_words *words, const json_t *entry, int group, struct errbuf *eb)
{
	struct guess_term model = {.bare_pct = -1, .group = group};
	const char *text = json_string_value(json_object_get(entry, "words"));
	const char *key;
	json_t *value;
	enum err err = ERR_OK;

	if (!text)
		return errbuf_set(eb, ERR_INVALID, "an entry has no \"words\"");
	json_object_foreach ((json_t *)entry, key, value) {
		err = read_member(&model, key, value, eb);
		if (err)
			return errbuf_wrap(eb, err, "\"%s\"", text);
	}
	return add_spellings(words, &model, text, eb);
}

static enum err read_entries(struct guess_words *words, const json_t *list, struct errbuf *eb)
{
	enum err err = ERR_OK;

	if (!json_array_size(list))
		return errbuf_set(eb, ERR_INVALID, "there are no \"words\"");
	words->terms = calloc(GUESS_TERMS_MAX, sizeof(*words->terms));
	if (!words->terms)
		return ERR_NOMEM;
	for (size_t i = 0; !err && i < json_array_size(list); i++)
		err = read_entry(words, json_array_get(list, i), (int)i, eb);
	qsort(words->terms, words->term_count, sizeof(*words->terms), compare_terms);
	return err;
}

static enum err read_short(
	struct guess_short *out, const char *key, const char *meaning, struct errbuf *eb)
{
	struct syllable cut[GUESS_SHORT_MAX + 1];

	if (syllables_cut(key, cut, 2) != 1)
		return errbuf_set(eb, ERR_INVALID, "short \"%s\" is not one word", key);
	out->key = cut[0];
	out->len = meaning ? syllables_cut(meaning, cut, GUESS_SHORT_MAX + 1) : 0;
	if (!out->len || out->len > GUESS_SHORT_MAX)
		return errbuf_set(eb, ERR_INVALID, "short \"%s\" must mean 1 to %d syllables", key,
			GUESS_SHORT_MAX);
	memcpy(out->syllables, cut, out->len * sizeof(cut[0]));
	return ERR_OK;
}

static enum err read_shorts(struct guess_words *words, const json_t *list, struct errbuf *eb)
{
	size_t count = json_object_size(list);
	const char *key;
	json_t *value;
	enum err err;

	if (!count)
		return ERR_OK;
	words->shorts = calloc(count, sizeof(*words->shorts));
	if (!words->shorts)
		return ERR_NOMEM;
	json_object_foreach ((json_t *)list, key, value) {
		err = read_short(
			&words->shorts[words->short_count], key, json_string_value(value), eb);
		if (err)
			return err;
		words->short_count++;
	}
	qsort(words->shorts, words->short_count, sizeof(*words->shorts), compare_short);
	return ERR_OK;
}

static enum err read_threshold(const json_t *root, const char *key, int *ret, struct errbuf *eb)
{
	int weight = 0;
	enum err err = read_weight(
		key, json_object_get(root, key), 1, GUESS_WEIGHT_MAX, &weight, eb);

	if (!err)
		*ret = weight * GUESS_POINT;
	return err;
}

/* Most of the room for terms was never used. */
static void shrink(struct guess_words *words)
{
	struct guess_term *terms = realloc(words->terms, words->term_count * sizeof(*terms));

	if (terms)
		words->terms = terms;
}

enum err guess_words_parse(
	const char *json, size_t bytes, struct guess_words **ret_words, struct errbuf *eb)
{
	json_error_t where;
	json_t *root = json_loadb(json, bytes, JSON_REJECT_DUPLICATES, &where);
	struct guess_words *words;
	enum err err;

	if (!root)
		return errbuf_set(eb, ERR_INVALID, "line %d: %s", where.line, where.text);
	words = calloc(1, sizeof(*words));
	err = words ? ERR_OK : ERR_NOMEM;
	if (!err)
		err = read_threshold(root, "category_threshold", &words->category_threshold, eb);
	if (!err)
		err = read_threshold(root, "danger_threshold", &words->danger_threshold, eb);
	if (!err)
		err = read_shorts(words, json_object_get(root, "short"), eb);
	if (!err)
		err = read_entries(words, json_object_get(root, "words"), eb);
	json_decref(root);
	if (err) {
		guess_words_free(words);
		return err;
	}
	shrink(words);
	*ret_words = words;
	return ERR_OK;
}

void guess_words_free(struct guess_words *words)
{
	if (!words)
		return;
	for (size_t i = 0; i < words->term_count; i++)
		free(words->terms[i].words);
	free(words->terms);
	free(words->shorts);
	free(words);
}
