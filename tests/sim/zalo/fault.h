/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults that a test orders beforehand: each waits for the calls that it fits and is used up. */
#ifndef BINHYEN_SIM_ZALO_FAULT_H
#define BINHYEN_SIM_ZALO_FAULT_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define FAULTS_MAX	 64 /* waiting at one time */
#define FAULT_DELAY_MAX	 120000
#define FAULT_PATH_BYTES 64

enum fault_kind {
	FAULT_NONE,
	FAULT_LOST_ANSWER, /* closes the connection instead of answering */
	FAULT_ERROR,	   /* an API error with HTTP 200 */
	FAULT_HTTP,	   /* an HTTP error (500 unless told) with a page of HTML */
	FAULT_GARBAGE,	   /* HTTP 200 with a body that is no envelope */
	FAULT_SLOW	   /* the right answer, late */
};

struct fault {
	enum fault_kind kind;
	char path[FAULT_PATH_BYTES]; /* a part of the path, "" = any */
	int count;		     /* calls left; below 0 = until cleared */
	int error;		     /* FAULT_ERROR */
	unsigned status;	     /* FAULT_HTTP */
	int64_t delay_ms;	     /* before the answer, with any kind */
	bool has_acted;		     /* the call is carried out all the same */
	bool acts_late;		     /* …after the delay instead of before it */
	bool is_reset;		     /* FAULT_LOST_ANSWER: RST instead of FIN */
	char *body;		     /* owned: FAULT_GARBAGE, FAULT_HTTP; NULL = a page of HTML */
};

struct fault_list {
	struct fault items[FAULTS_MAX];
	size_t count;
};

/* Takes fault->body over also on failure: ERR_TOO_BIG when too many are waiting. */
MUST_CHECK
enum err fault_add(struct fault_list *list, const struct fault *fault);
/* The first that fits `path`, one use less; kind FAULT_NONE when none does. `body` of the result is
 * the caller's to free. */
struct fault fault_take(struct fault_list *list, const char *path);
void fault_clear(struct fault_list *list);
const char *fault_name(enum fault_kind kind);

#endif
