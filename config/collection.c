/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/collection.h"

#include "config/folder.h"
#include "config/json_read.h"
#include "daemon/base/buf.h"
#include "daemon/base/str.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct loading {
	const struct collection_kind *kind;
	char *items; /* one more than the kind's max: where the next file is read to */
	size_t count;
};

static char *item_at(const struct loading *loading, size_t i)
{
	return loading->items + i * loading->kind->item_bytes;
}

static const char *code_of(const struct collection_kind *kind, const char *item)
{
	return item + kind->code_at;
}

static bool *is_own_of(const struct collection_kind *kind, char *item)
{
	return (bool *)(item + kind->is_own_at);
}

void *collection_find(
	const struct collection_kind *kind, const void *items, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++) {
		const char *item = (const char *)items + i * kind->item_bytes;

		if (str_eq(code_of(kind, item), code))
			return (void *)item;
	}
	return NULL;
}

static enum err take(struct loading *loading, const char *text, size_t len, const char *name,
	bool is_own, struct errbuf *eb)
{
	const struct collection_kind *kind = loading->kind;
	char *item = item_at(loading, loading->count), *other;
	enum err err;

	memset(item, 0, kind->item_bytes);
	err = kind->parse(text, len, name, item, eb);
	if (err)
		return err;
	*is_own_of(kind, item) = is_own;
	other = collection_find(kind, loading->items, loading->count, code_of(kind, item));
	if (!other && loading->count >= kind->max)
		return errbuf_set(eb, ERR_TOO_BIG, "%.200s: there are %zu %s already", name,
			kind->max, kind->many);
	if (!other) {
		loading->count++;
		return ERR_OK;
	}
	if (*is_own_of(kind, other) == is_own)
		return errbuf_set(eb, ERR_CONFIG,
			"%.200s: code: another file has the code %s too; give each %s its own",
			name, code_of(kind, item), kind->one);
	memcpy(other, item, kind->item_bytes);
	return ERR_OK;
}

static enum err take_file(void *arg, const char *path, struct errbuf *eb)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, JSON_READ_FILE_MAX);
	err = json_read_file(path, &text, eb);
	return err ? err : take(arg, buf_text(&text), text.len, path, true, eb);
}

static int by_code(const void *one, const void *other, void *arg)
{
	const struct collection_kind *kind = arg;

	return kind->compare ? kind->compare(one, other)
			     : strcmp(code_of(kind, one), code_of(kind, other));
}

enum err collection_load(const struct collection_kind *kind, const struct builtin_file *builtins,
	size_t builtin_count, const char *directory, void **ret_items, size_t *ret_count,
	struct errbuf *eb)
{
	struct loading loading = {.kind = kind, .items = calloc(kind->max + 1, kind->item_bytes)};
	enum err err = ERR_OK;
	void *fit;

	if (!loading.items)
		return ERR_NOMEM;
	for (size_t i = 0; !err && i < builtin_count; i++)
		err = take(&loading, builtins[i].text, *builtins[i].bytes, builtins[i].name, false,
			eb);
	if (!err && directory[0])
		err = folder_each_json(directory, take_file, &loading, eb);
	if (err) {
		free(loading.items);
		return err;
	}
	qsort_r(loading.items, loading.count, kind->item_bytes, by_code, (void *)kind);
	/* What is not used goes back: a box has little memory. */
	fit = realloc(loading.items, (loading.count + 1) * kind->item_bytes);
	*ret_items = fit ? fit : loading.items;
	*ret_count = loading.count;
	return ERR_OK;
}
