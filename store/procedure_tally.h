/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often each entry on procedures was asked for, by day in Vietnam, for somewhat more than a
 * year. The entries themselves are data (config/procedure.h); who asked is not kept. */
#ifndef BINHYEN_STORE_PROCEDURE_TALLY_H
#define BINHYEN_STORE_PROCEDURE_TALLY_H

#include "store/store.h"

#define PROCEDURE_TALLY_DAYS 400

/* One more today. code: "" for a question that no entry answered. */
MUST_CHECK
enum err procedure_tally_add(struct store *store, const char *code);
/* By code, from that day on, today's included. */
typedef void (*procedure_tally_fn)(void *arg, const char *code, int64_t asked);
MUST_CHECK
enum err procedure_tally_since(struct store *store, int64_t day, procedure_tally_fn fn, void *arg);

/* The day on which it was last told that an entry has expired. ERR_NOT_FOUND: never. */
MUST_CHECK
enum err procedure_told(struct store *store, const char *code, int64_t *ret_day);
MUST_CHECK
enum err procedure_told_put(struct store *store, const char *code, int64_t day);
/* Was it of any on that day? */
MUST_CHECK
enum err procedure_told_on(struct store *store, int64_t day, bool *ret_was_told);

#endif
