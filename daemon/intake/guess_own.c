/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/guess_own.h"

#include "config/json_read.h"
#include "daemon/base/str.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define WEIGHT 20 /* one word is enough, however it is written */

struct guess_own {
	struct guess_words *words;
};

static const struct guess_own *used;

/* ---- reading -------------------------------------------------------------------------------- */

static enum err entry_fault(const char *name, size_t at, const char *what, struct errbuf *eb)
{
	return errbuf_set(eb, ERR_CONFIG, "%.200s: words[%zu]: %s", name, at, what);
}

/* {"words", "category", "danger"} as the dictionary has it. */
static enum err weigh(
	const json_t *entry, size_t at, const char *name, json_t *ret_weighed, struct errbuf *eb)
{
	const json_t *words = json_object_get(entry, "words");
	const json_t *category = json_object_get(entry, "category");
	const json_t *danger = json_object_get(entry, "danger");
	enum category code;

	if (!json_is_string(words))
		return entry_fault(
			name, at, "\"words\" must be a text, with | between spellings", eb);
	if (json_object_size(entry) != 1U + !!category + !!danger)
		return entry_fault(
			name, at, "it may have \"words\", \"category\" and \"danger\" only", eb);
	if (category && (!json_is_string(category) ||
				category_from_code(json_string_value(category), &code)))
		return entry_fault(name, at, "\"category\" must be one of the categories", eb);
	/* A word that takes danger back would be a fire that rings nobody. */
	if (danger && !json_is_true(danger))
		return entry_fault(name, at,
			"\"danger\" can only be true: words add, they take nothing back", eb);
	if (!category && !danger)
		return entry_fault(name, at, "\"category\" or \"danger\" is missing", eb);
	json_object_set(ret_weighed, "words", (json_t *)(uintptr_t)words);
	json_object_set_new(ret_weighed, "bare_pct", json_integer(100));
	if (category)
		json_object_set_new(ret_weighed, json_string_value(category), json_integer(WEIGHT));
	if (danger)
		json_object_set_new(ret_weighed, "danger", json_integer(WEIGHT));
	return ERR_OK;
}

static enum err weigh_all(
	const json_t *list, const char *name, json_t *ret_weighed, struct errbuf *eb)
{
	size_t count = json_array_size(list);
	enum err err = ERR_OK;

	if (!count)
		return errbuf_set(
			eb, ERR_CONFIG, "%.200s: \"words\" must be a list of entries", name);
	if (count > GUESS_OWN_MAX)
		return errbuf_set(
			eb, ERR_TOO_BIG, "%.200s: more than %d entries", name, GUESS_OWN_MAX);
	for (size_t i = 0; !err && i < count; i++) {
		json_t *weighed = json_object();

		err = weighed ? weigh(json_array_get(list, i), i, name, weighed, eb) : ERR_NOMEM;
		json_array_append_new(ret_weighed, weighed);
	}
	return err;
}

static enum err parse_weighed(
	const json_t *weighed, const char *name, struct guess_own *own, struct errbuf *eb)
{
	json_t *whole = json_pack("{s:i, s:i, s:i, s:O}", "category_threshold", 1,
		"danger_threshold", 1, "always_threshold", 1, "words", weighed);
	char *text = whole ? json_dumps(whole, 0) : NULL;
	enum err err = text ? guess_words_parse(text, strlen(text), &own->words, eb) : ERR_NOMEM;

	free(text);
	json_decref(whole);
	return err == ERR_INVALID ? errbuf_wrap(eb, ERR_CONFIG, "%.200s", name) : err;
}

enum err guess_own_parse(const char *json, size_t bytes, const char *name,
	struct guess_own **ret_own, struct errbuf *eb)
{
	json_error_t where;
	json_t *root = json_loadb(json, bytes, JSON_REJECT_DUPLICATES, &where);
	json_t *weighed = json_array();
	struct guess_own *own = calloc(1, sizeof(*own));
	enum err err = own && weighed ? ERR_OK : ERR_NOMEM;

	if (!err && !root)
		err = errbuf_set(
			eb, ERR_CONFIG, "%.200s: line %d: %s", name, where.line, where.text);
	if (!err && json_object_size(root) != 1)
		err = errbuf_set(eb, ERR_CONFIG, "%.200s: it must be {\"words\": [...]}", name);
	if (!err)
		err = weigh_all(json_object_get(root, "words"), name, weighed, eb);
	if (!err)
		err = parse_weighed(weighed, name, own, eb);
	json_decref(weighed);
	json_decref(root);
	if (err) {
		guess_own_free(own);
		return err;
	}
	*ret_own = own;
	return ERR_OK;
}

enum err guess_own_load(const char *path, struct guess_own **ret_own, struct errbuf *eb)
{
	CLEAN_BUF text = {0};
	enum err err;

	if (!path[0]) {
		*ret_own = NULL;
		return ERR_OK;
	}
	buf_init(&text, JSON_READ_FILE_MAX);
	err = json_read_file(path, &text, eb);
	return err ? err : guess_own_parse(buf_text(&text), text.len, path, ret_own, eb);
}

void guess_own_free(struct guess_own *own)
{
	if (!own)
		return;
	guess_words_free(own->words);
	free(own);
}

/* ---- guessing ------------------------------------------------------------------------------- */

void guess_own_use(const struct guess_own *own)
{
	used = own;
}

const struct guess_own *guess_own_used(void)
{
	return used;
}

/* What decided comes first, for officers to see. */
static void tell_first(const struct guess *mine, struct guess *guess)
{
	int kept = guess->word_count;

	if (kept > GUESS_WORDS_MAX - mine->word_count)
		kept = GUESS_WORDS_MAX - mine->word_count;
	memmove(guess->words[mine->word_count], guess->words[0],
		(size_t)kept * sizeof(guess->words[0]));
	memcpy(guess->words[0], mine->words[0], (size_t)mine->word_count * sizeof(guess->words[0]));
	guess->word_count = mine->word_count + kept;
}

void guess_own_add(const struct guess_own *own, const char *text, struct guess *guess)
{
	struct guess mine;

	if (!own)
		return;
	guess_with(own->words, NULL, text, &mine);
	if (mine.is_danger)
		guess->is_danger = guess->rings = true;
	if (mine.category != CATEGORY_OTHER && guess->category != CATEGORY_CONDUCT)
		guess->category = mine.category;
	tell_first(&mine, guess);
}
