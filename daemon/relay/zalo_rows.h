/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of GET /v2.0/oa/listrecentchat, /v2.0/oa/conversation, /v3.0/oa/group/listrecentchat and
 * /v3.0/oa/group/conversation (OA
 * API, "Lấy thông tin tin nhắn trong một cuộc hội thoại"): the messages of all users mixed, newest
 * first, both directions. Pure functions.
 */
#ifndef BINHYEN_RELAY_ZALO_ROWS_H
#define BINHYEN_RELAY_ZALO_ROWS_H

#include "daemon/base/err.h"
#include "daemon/relay/zalo_json.h"

#include <stdbool.h>
#include <stdint.h>

#define ZALO_PAGE_ROWS	10  /* "maximum count is 10" */
#define ZALO_ROWS_MAX	600 /* of one round: some fifty pages, and room for one that is longer */
#define ZALO_ID_BYTES	64  /* user and group ids have some 19 digits */
#define ZALO_MESSAGE_ID 96  /* message ids are some 40 characters */

struct zalo_row {
	bool is_ours; /* src 0: sent by the OA, from the API or by a person in the chat tool */
	bool is_text;
	int64_t time_ms;
	char message_id[ZALO_MESSAGE_ID];
	char from_id[ZALO_ID_BYTES];
	char to_id[ZALO_ID_BYTES];    /* "" in a group */
	char group_id[ZALO_ID_BYTES]; /* "" outside */
	const char *text;	      /* message, else description, else ""; borrowed from json */
	json_t *json;		      /* the row; owned */
};

struct zalo_rows {
	struct zalo_row row[ZALO_ROWS_MAX];
	size_t count;
	int64_t oldest_ms; /* of the page read last; INT64_MAX when it had no good row */
	int64_t newest_ms; /* likewise; 0 */
	size_t page;	   /* where in `row` that page begins */
	int64_t edge_ms;   /* the last good row that was read, in the order of the list; 0 none */
	char edge_id[ZALO_MESSAGE_ID];
};

/* A row that lacks an id, a time or a source. `json` is borrowed for the call. */
typedef void (*zalo_bad_row_fn)(void *arg, const json_t *json);

/*
 * Appends the rows of one page (the `data` of the reply: an array; NULL, null or an empty object is
 * an empty page). *ret_on_page counts all of them, good or bad. ERR_PROTOCOL when data is something
 * else, ERR_TOO_BIG when there is no room for the page (nothing was appended).
 */
MUST_CHECK
enum err zalo_rows_add(struct zalo_rows *rows, const json_t *data, zalo_bad_row_fn bad, void *arg,
	size_t *ret_on_page);
/* Does the page read last reach up to the row `edge_id` of `edge_ms`, so that nothing can lie
 * between them? Before the rows are sorted. */
bool zalo_rows_reach(const struct zalo_rows *rows, int64_t edge_ms, const char *edge_id);
/* By time, then message id; a message that is there twice (pages shift) is kept once. */
void zalo_rows_sort(struct zalo_rows *rows);
void zalo_rows_clear(struct zalo_rows *rows);

#endif
