/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loader of the learnt weights. The file ships with the program, yet every line is checked. */
#include "daemon/intake/guess_weights.h"

#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

#define NAME_BYTES   128
#define VALUE_DIGITS 5
#define MAGIC	     "binhyen-guess 1"

/* The text, read line by line. */
struct lines {
	const char *at, *end;
	size_t number;
	struct errbuf *eb;
};

struct line {
	const char *at;
	size_t len;
};

/* A feature while it is read; sorted by its key before it is kept. */
struct feature {
	uint64_t key;
	size_t first, count;
};

struct reader {
	struct lines lines;
	struct guess_weights *weights;
	struct feature *features;
	struct guess_weight *pool; /* in the order of the file */
	size_t pool_count, pool_size;
	char before[NAME_BYTES];
};

static bool next_line(struct lines *lines, struct line *ret_line)
{
	const char *end;

	if (lines->at == lines->end)
		return false;
	end = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
	if (!end)
		end = lines->end;
	*ret_line = (struct line){lines->at, (size_t)(end - lines->at)};
	lines->at = end < lines->end ? end + 1 : end;
	lines->number++;
	return true;
}

static enum err refuse(const struct lines *lines, const char *why)
{
	return errbuf_set(lines->eb, ERR_INVALID, "line %zu: %s", lines->number, why);
}

static bool skip_text(struct line *line, const char *text)
{
	size_t len = strlen(text);

	if (line->len < len || memcmp(line->at, text, len) != 0)
		return false;
	line->at += len;
	line->len -= len;
	return true;
}

/* Digits with a sign; stops behind them. */
static bool read_value(struct line *line, int *ret_value)
{
	bool is_negative = skip_text(line, "-");
	int value = 0;
	size_t digits = 0;

	while (line->len && *line->at >= '0' && *line->at <= '9' && digits < VALUE_DIGITS) {
		value = value * 10 + (*line->at - '0');
		line->at++;
		line->len--;
		digits++;
	}
	if (!digits || value > GUESS_WEIGHT_LEARNT_MAX)
		return false;
	*ret_value = is_negative ? -value : value;
	return true;
}

static uint64_t key_of(const char *name, size_t len)
{
	uint64_t key = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		key = (key ^ (uint8_t)name[i]) * 1099511628211u;
	return key;
}

static enum err read_head(struct reader *r)
{
	struct guess_weights *w = r->weights;
	struct line line;

	if (!next_line(&r->lines, &line) || !skip_text(&line, MAGIC) || line.len)
		return refuse(&r->lines, "it must be \"" MAGIC "\"");
	if (!next_line(&r->lines, &line) || !skip_text(&line, "threshold ") ||
		!read_value(&line, &w->threshold) || line.len)
		return refuse(&r->lines, "it must be \"threshold NUMBER\"");
	if (!next_line(&r->lines, &line) || !skip_text(&line, "bias"))
		return refuse(&r->lines, "it must be \"bias\" with a number for each category "
					 "and danger");
	for (int i = 0; i < GUESS_HEADS; i++) {
		if (!skip_text(&line, " ") || !read_value(&line, &w->bias[i]))
			return refuse(&r->lines, "a number is missing or too big");
	}
	return line.len ? refuse(&r->lines, "there are too many numbers") : ERR_OK;
}

/* Names ascend, so that none comes twice. */
static enum err read_name(struct reader *r, struct line *line, size_t *ret_len)
{
	const char *tab = memchr(line->at, '\t', line->len);
	char name[NAME_BYTES];
	size_t len = tab ? (size_t)(tab - line->at) : 0;

	if (!len || len >= sizeof(name) || memchr(line->at, '\0', len))
		return refuse(&r->lines, "a name is missing or too long");
	memcpy(name, line->at, len);
	name[len] = '\0';
	if (strcmp(r->before, name) >= 0)
		return refuse(&r->lines, "the names are not in ascending order");
	memcpy(r->before, name, len + 1);
	*ret_len = len;
	return ERR_OK;
}

static enum err add_weight(struct reader *r, int head, int value)
{
	if (r->pool_count == r->pool_size) {
		size_t size = r->pool_size ? 2 * r->pool_size : 4096;
		struct guess_weight *grown = realloc(r->pool, size * sizeof(*grown));

		if (!grown)
			return ERR_NOMEM;
		r->pool = grown;
		r->pool_size = size;
	}
	r->pool[r->pool_count++] = (struct guess_weight){
		.head = (uint8_t)head, .value = (int16_t)value};
	return ERR_OK;
}

/* Heads ascend too: none twice in a feature. */
static enum err read_weights(struct reader *r, struct line *line)
{
	int before = -1;
	enum err err = ERR_OK;

	while (!err && line->len) {
		int head = *line->at - 'a', value;

		if (head <= before || head >= GUESS_HEADS)
			return refuse(&r->lines, "a weight is of no category, or out of order");
		line->at++;
		line->len--;
		if (!read_value(line, &value))
			return refuse(&r->lines, "a weight is no number, or too big");
		before = head;
		err = add_weight(r, head, value);
		if (!err && line->len && !skip_text(line, " "))
			return refuse(&r->lines, "a weight is followed by something else");
	}
	if (!err && before < 0)
		return refuse(&r->lines, "a feature has no weight");
	return err;
}

static enum err read_feature(struct reader *r, struct line line)
{
	struct feature *f = &r->features[r->weights->feature_count];
	size_t len = 0;
	enum err err;

	if (r->weights->feature_count == GUESS_FEATURES_MAX)
		return errbuf_set(
			r->lines.eb, ERR_TOO_BIG, "more than %d features", GUESS_FEATURES_MAX);
	err = read_name(r, &line, &len);
	if (err)
		return err;
	*f = (struct feature){.key = key_of(line.at, len), .first = r->pool_count};
	line.at += len + 1;
	line.len -= len + 1;
	err = read_weights(r, &line);
	f->count = r->pool_count - f->first;
	r->weights->feature_count++;
	return err;
}

static int compare_features(const void *a, const void *b)
{
	const struct feature *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* From the order of the file to that of the keys. */
static enum err keep(struct reader *r)
{
	struct guess_weights *w = r->weights;

	if (!w->feature_count || !r->pool_count)
		return refuse(&r->lines, "there is no feature");
	qsort(r->features, w->feature_count, sizeof(r->features[0]), compare_features);
	w->keys = calloc(w->feature_count, sizeof(*w->keys));
	w->ends = calloc(w->feature_count, sizeof(*w->ends));
	w->weights = calloc(r->pool_count, sizeof(*w->weights));
	if (!w->keys || !w->ends || !w->weights)
		return ERR_NOMEM;
	for (size_t i = 0; i < w->feature_count; i++) {
		const struct feature *f = &r->features[i];

		if (i && f->key == w->keys[i - 1])
			return errbuf_set(r->lines.eb, ERR_INVALID, "two names have one hash");
		w->keys[i] = f->key;
		memcpy(&w->weights[w->weight_count], &r->pool[f->first],
			f->count * sizeof(*w->weights));
		w->weight_count += f->count;
		w->ends[i] = (uint32_t)w->weight_count;
	}
	return ERR_OK;
}

static enum err read_all(struct reader *r)
{
	struct line line;
	enum err err = read_head(r);

	while (!err && next_line(&r->lines, &line))
		err = read_feature(r, line);
	return err ? err : keep(r);
}

enum err guess_weights_parse(
	const char *text, size_t bytes, struct guess_weights **ret_weights, struct errbuf *eb)
{
	struct reader r = {.lines = {.at = text, .end = text + bytes, .eb = eb}};
	enum err err = ERR_NOMEM;

	r.weights = calloc(1, sizeof(*r.weights));
	r.features = calloc(GUESS_FEATURES_MAX, sizeof(*r.features));
	if (r.weights && r.features)
		err = read_all(&r);
	free(r.features);
	free(r.pool);
	if (err)
		guess_weights_free(r.weights);
	else
		*ret_weights = r.weights;
	return err;
}

void guess_weights_free(struct guess_weights *weights)
{
	if (!weights)
		return;
	free(weights->keys);
	free(weights->ends);
	free(weights->weights);
	free(weights);
}

size_t guess_weights_find(const struct guess_weights *weights, const char *name)
{
	uint64_t key = key_of(name, strlen(name));
	size_t low = 0, high = weights->feature_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (weights->keys[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < weights->feature_count && weights->keys[low] == key ? low
									 : weights->feature_count;
}

const struct guess_weight *guess_weights_of(
	const struct guess_weights *weights, size_t feature, size_t *ret_count)
{
	size_t first = feature ? weights->ends[feature - 1] : 0;

	*ret_count = weights->ends[feature] - first;
	return &weights->weights[first];
}
