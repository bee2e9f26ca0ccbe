/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Items of one kind, a file each, known by their code: those that ship, and those of the commune's
 * folder, which stand in the place of the one with their code or beside the others. Private to
 * config/.
 */
#ifndef BINHYEN_CONFIG_COLLECTION_H
#define BINHYEN_CONFIG_COLLECTION_H

#include "config/builtin_file.h"
#include "daemon/base/err.h"

struct collection_kind {
	const char *one, *many; /* for `eb`: "menu", "menus" */
	size_t max;
	size_t item_bytes;
	size_t code_at;	  /* offset of the code, a text */
	size_t is_own_at; /* offset of the bool that is set for a file of the commune */
	enum err (*parse)(
		const char *text, size_t len, const char *name, void *ret_item, struct errbuf *eb);
	int (*compare)(const void *one, const void *other); /* NULL: by code */
};

/* The items in order, for free(). directory: of the commune, "" none. `eb` names file and place of
 * what is wrong: also a code that two files of one origin share (ERR_CONFIG), and too many files
 * (ERR_TOO_BIG). */
MUST_CHECK
enum err collection_load(const struct collection_kind *kind, const struct builtin_file *builtins,
	size_t builtin_count, const char *directory, void **ret_items, size_t *ret_count,
	struct errbuf *eb);
/* NULL: there is none. */
void *collection_find(
	const struct collection_kind *kind, const void *items, size_t count, const char *code);

#endif
