/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A commune's own words for the guess: what people there call things that no dictionary knows, a
 * bend of the road, a cave, a gang. They stand beside the words that ship and only add: a danger
 * that is found without them is found with them, and what is guessed to be about officials stays
 * so, since it is kept from them.
 *
 *   {"words": [{"words": "ngầm Bản Lốc | qua ngầm", "category": "traffic", "danger": true},
 *              {"words": "bãi vàng", "category": "crime"}]}
 *
 * The bar separates spellings; marks may be missing in what is written, and small slips are
 * understood. Of the whole process, like the words that ship: set once, before anybody guesses.
 */
#ifndef BINHYEN_INTAKE_GUESS_OWN_H
#define BINHYEN_INTAKE_GUESS_OWN_H

#include "daemon/intake/guess.h"

#define GUESS_OWN_MAX 500 /* entries: looked for in every message */

struct guess_own;
/* ERR_CONFIG, ERR_TOO_BIG or ERR_INVALID with the reason; name is the file's, for `eb`. */
MUST_CHECK
enum err guess_own_parse(const char *json, size_t bytes, const char *name,
	struct guess_own **ret_own, struct errbuf *eb);
/* path: "" = the commune has none. Errors as above, and of reading the file. */
MUST_CHECK
enum err guess_own_load(const char *path, struct guess_own **ret_own, struct errbuf *eb);
void guess_own_free(struct guess_own *own);

/* From now on guess_text() knows them; borrowed, NULL none. */
void guess_own_use(const struct guess_own *own);
/* Adds to the guess what they say of the text. */
void guess_own_add(const struct guess_own *own, const char *text, struct guess *guess);
/* Those in use; NULL. */
const struct guess_own *guess_own_used(void);

#endif
