/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which entry answers a question, as people type it: without marks, misspelt, in any order, among
 * words that say nothing. A word weighs the more the fewer entries have it. An entry's worth is how
 * well the question covers, and is covered by, the nearest of its ways of asking, together with how
 * many of its words the entry has at all. Pure; deterministic; below a millisecond.
 */
#ifndef BINHYEN_INTAKE_PROCEDURE_FIND_H
#define BINHYEN_INTAKE_PROCEDURE_FIND_H

#include "config/procedure.h"

#define PROCEDURE_HITS_MAX 5
#define PROCEDURE_SURE \
	430 /* from here on the first hit is the answer (tests/unit/intake/procedure) */
#define PROCEDURE_LEAD	       45  /* unless the next one is as near: then a person answers */
#define PROCEDURE_WORTH_A_LOOK 250 /* and from here on a hit is shown to who searches */

struct procedure_index;
/* procedures: borrowed as long as the index lives. */
MUST_CHECK
enum err procedure_index_new(
	const struct procedures *procedures, struct procedure_index **ret_index);
void procedure_index_free(struct procedure_index *index); /* NULL is fine */
const struct procedures *procedure_index_entries(const struct procedure_index *index);

struct procedure_hit {
	const struct procedure *entry;
	int worth; /* 0..1000 */
};
/* The best first, equal ones in the order of the list; returns how many, of PROCEDURE_WORTH_A_LOOK
 * or more. ERR_NOMEM gives none. */
int procedure_find(const struct procedure_index *index, const char *text,
	struct procedure_hit ret_hits[PROCEDURE_HITS_MAX]);
/* Is the first one the answer? */
bool procedure_is_sure(const struct procedure_hit *hits, int count);

#endif
