/* SPDX-License-Identifier: GPL-2.0-or-later */
/* That the commune stands by an entry on procedures and law, as it reads. */
#ifndef BINHYEN_STORE_CONFIRMATION_H
#define BINHYEN_STORE_CONFIRMATION_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct confirmation {
	bool is_same; /* the entry reads as it did then */
	int64_t checked_day, confirmed_ms;
	char actor[64];
};
/* What the entry says, all of it in one form; only a hash of it is kept. */
struct confirmation_text {
	const char *code;
	const void *text;
	size_t bytes;
};
MUST_CHECK
enum err confirmation_put(struct store *store, const struct confirmation_text *entry,
	int64_t checked_day, const char *actor);
/* ERR_NOT_FOUND. */
MUST_CHECK
enum err confirmation_drop(struct store *store, const char *code);
MUST_CHECK
enum err confirmation_find(struct store *store, const struct confirmation_text *entry,
	struct confirmation *ret_confirmation);

#endif
