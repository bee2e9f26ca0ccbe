/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bulletins are about, as config/bulletin/categories.json has it; embedded at build. */
#ifndef BINHYEN_DESK_BULLETIN_CATEGORY_H
#define BINHYEN_DESK_BULLETIN_CATEGORY_H

#include "store/bulletin.h"

#define BULLETIN_CATEGORIES_MAX 64
#define BULLETIN_TOPIC_MAX	99 /* "TU CHOI 99" */
#define BULLETIN_DAYS_MAX	366

struct bulletin_category {
	char code[BULLETIN_CATEGORY_BYTES];
	char name[96]; /* Vietnamese */
	int topic;     /* the digits by which it is refused: "TU CHOI 3" */
	bool is_sensitive;
	int days; /* how long one is of use */
	enum bulletin_urgency urgency;
	enum bulletin_severity severity;
	enum bulletin_certainty certainty;
	bool is_of_polls; /* what a poll is about, when its author says nothing else */
};

/* NULL: there is none. They live as long as the program. */
const struct bulletin_category *bulletin_category_find(const char *code);
const struct bulletin_category *bulletin_category_of_topic(int topic);
/* Of the bulletins of polls whose author has named none: the first when the file marks none. */
const struct bulletin_category *bulletin_category_of_polls(void);
/* In the order of the file; NULL past the last. */
const struct bulletin_category *bulletin_category_at(int index);

/* Reads such a list; ERR_INVALID with the reason: a word that is none, a code or topic twice, two
 * for polls. */
MUST_CHECK
enum err bulletin_category_parse(const char *json, size_t bytes,
	struct bulletin_category categories[BULLETIN_CATEGORIES_MAX], int *ret_count,
	struct errbuf *eb);

#endif
