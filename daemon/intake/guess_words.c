/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config/guess/vi.json:
 *
 *   {"category_threshold": 2, "danger_threshold": 3, "always_threshold": 5,
 *    "short": {"ko": "không"},
 *    "words": [{"words": "cháy nhà | nhà cháy", "fire": 4, "danger": 4, "bare_pct": 60}],
 *    "classes": [{"class": "nước", "words": "ao | hồ | sông"}]}
 *
 * Weights are -20..20; the bar separates spellings of one entry; "bare_pct" is what a word is worth
 * when its marks are missing (0: it must be marked). What is "always": true, and
 * written in full, rings whatever was learnt, unless the points of danger of the whole text are
 * below "always_threshold" ("hôm qua" and "diễn tập" take some back). "classes" may be absent:
 * kinds of words that weigh nothing by themselves; what they mean together is learnt from texts.
 */
#include "daemon/intake/guess_private.h"

#include "daemon/base/str.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

size_t guess_terms_first(const struct guess_terms *terms, const char *sound)
{
	size_t low = 0, high = terms->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(terms->list[middle].syllables[0].sound, sound) < 0)
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
	if (str_eq(key, "always")) {
		if (!json_is_boolean(value))
			return errbuf_set(eb, ERR_INVALID, "\"always\" must be true or false");
		term->always = json_is_true(value);
		return ERR_OK;
	}
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

static enum err add_spelling(struct guess_terms *terms, const struct guess_term *model,
	const char *spelling, struct errbuf *eb)
{
	struct guess_term *term = &terms->list[terms->count];
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
	terms->count++;
	return ERR_OK;
}

static enum err add_spellings(struct guess_terms *terms, const struct guess_term *model,
	const char *text, struct errbuf *eb)
{
	enum err err = ERR_OK;

	while (!err) {
		size_t bytes = strcspn(text, "|"), blank = strspn(text, " ");
		char spelling[GUESS_WORD_BYTES];
		size_t end = bytes;

		if (terms->count == GUESS_TERMS_MAX)
			return errbuf_set(eb, ERR_TOO_BIG, "more than %d words", GUESS_TERMS_MAX);
		while (end > blank && text[end - 1] == ' ')
			end--;
		if (end <= blank || end - blank >= sizeof(spelling))
			return errbuf_set(eb, ERR_INVALID, "a word is empty or too long");
		memcpy(spelling, text + blank, end - blank);
		spelling[end - blank] = '\0';
		err = add_spelling(terms, model, spelling, eb);
		if (!text[bytes])
			break;
		text += bytes + 1;
	}
	return err;
}

static enum err add_name(struct guess_terms *terms, const char *name)
{
	terms->names[terms->name_count] = str_dup(name);
	if (!terms->names[terms->name_count])
		return ERR_NOMEM;
	terms->name_count++;
	return ERR_OK;
}

static enum err read_entry(struct guess_terms *terms, const json_t *entry, struct errbuf *eb)
{
	struct guess_term model = {.bare_pct = -1, .group = (int)terms->name_count};
	const char *text = json_string_value(json_object_get(entry, "words"));
	size_t first = terms->count;
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
	err = add_spellings(terms, &model, text, eb);
	return err ? err : add_name(terms, terms->list[first].words);
}

static enum err read_class(struct guess_terms *terms, const json_t *entry, struct errbuf *eb)
{
	struct guess_term model = {.bare_pct = -1, .group = (int)terms->name_count};
	const char *text = json_string_value(json_object_get(entry, "words"));
	const char *name = json_string_value(json_object_get(entry, "class"));
	enum err err;

	if (!text || !name || json_object_size(entry) != 2)
		return errbuf_set(
			eb, ERR_INVALID, "a class must have \"class\" and \"words\" only");
	if (!*name || strlen(name) >= GUESS_WORD_BYTES / 2 || strpbrk(name, "+\t\n"))
		return errbuf_set(eb, ERR_INVALID, "\"%s\" can't be the name of a class", name);
	err = add_spellings(terms, &model, text, eb);
	return err ? err : add_name(terms, name);
}

typedef enum err read_cb(struct guess_terms *terms, const json_t *entry, struct errbuf *eb);

static enum err read_terms(
	struct guess_terms *terms, const json_t *list, read_cb *read, struct errbuf *eb)
{
	size_t entries = json_array_size(list);
	struct guess_term *shrunk;
	enum err err = ERR_OK;

	terms->list = calloc(GUESS_TERMS_MAX, sizeof(*terms->list));
	terms->names = calloc(entries, sizeof(*terms->names));
	if (!terms->list || !terms->names)
		return ERR_NOMEM;
	for (size_t i = 0; !err && i < entries; i++)
		err = read(terms, json_array_get(list, i), eb);
	if (err)
		return err;
	qsort(terms->list, terms->count, sizeof(*terms->list), compare_terms);
	/* Most of the room for terms was never used. */
	shrunk = terms->count ? realloc(terms->list, terms->count * sizeof(*shrunk)) : NULL;
	if (shrunk)
		terms->list = shrunk;
	return ERR_OK;
}

static enum err read_words(struct guess_words *words, const json_t *root, struct errbuf *eb)
{
	const json_t *list = json_object_get(root, "words"), *classes;
	enum err err;

	if (!json_array_size(list))
		return errbuf_set(eb, ERR_INVALID, "there are no \"words\"");
	err = read_terms(&words->words, list, read_entry, eb);
	classes = json_object_get(root, "classes");
	if (err || !json_array_size(classes))
		return err;
	if (json_array_size(classes) > GUESS_CLASSES_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "more than %d classes", GUESS_CLASSES_MAX);
	return read_terms(&words->classes, classes, read_class, eb);
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
		err = read_threshold(root, "always_threshold", &words->always_threshold, eb);
	if (!err)
		err = read_shorts(words, json_object_get(root, "short"), eb);
	if (!err)
		err = read_words(words, root, eb);
	json_decref(root);
	if (err) {
		guess_words_free(words);
		return err;
	}
	*ret_words = words;
	return ERR_OK;
}

static void free_terms(struct guess_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		free(terms->list[i].words);
	for (size_t i = 0; i < terms->name_count; i++)
		free(terms->names[i]);
	free(terms->list);
	free(terms->names);
}

void guess_words_free(struct guess_words *words)
{
	if (!words)
		return;
	free_terms(&words->words);
	free_terms(&words->classes);
	free(words->shorts);
	free(words);
}
