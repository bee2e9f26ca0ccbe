/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by daemon/desk/register*.c only: the sheet that the lines of the register are written on.
 */
#ifndef BINHYEN_DESK_REGISTER_PRIVATE_H
#define BINHYEN_DESK_REGISTER_PRIVATE_H

#include "daemon/base/buf.h"
#include "store/vault.h"

#include <stdbool.h>

/* Running number, what it is called by, time, channel, receiver, category, class in law, hamlet,
 * officer, state, deadline, outcome, remarks; of a change: the first three, what, by whom, how. */
#define REGISTER_COLUMNS	13
#define REGISTER_CHANGE_COLUMNS 6

struct register_line {
	struct buf cells[REGISTER_COLUMNS];
	bool is_change;
};

struct register_sheet {
	struct buf *out;
	bool is_html;
	int64_t from_ms, to_ms, made_ms;
	size_t reports, lines;
	size_t first_byte; /* of the lines in `out`: what the hash is over */
	char hash[2 * VAULT_HASH_BYTES + 1];
};
MUST_CHECK
enum err register_sheet_begin(struct register_sheet *sheet);
MUST_CHECK
enum err register_sheet_line(struct register_sheet *sheet, const struct register_line *line);
/* Of the lines so far. */
void register_sheet_hash(
	const struct register_sheet *sheet, uint8_t hash[VAULT_HASH_BYTES], char *hex);
MUST_CHECK
enum err register_sheet_end(struct register_sheet *sheet);

/* register_line.c: each fills the line anew. Of a change that has no name in the phrases, and is
 * not printed: ERR_NOT_FOUND. */
struct desk;
struct event_seen;
struct reader;
struct report;
MUST_CHECK
enum err register_line_of_report(struct desk *desk, const struct reader *reader,
	const struct report *report, struct register_line *line);
MUST_CHECK
enum err register_line_of_change(struct desk *desk, const struct report *report,
	const struct event_seen *event, struct register_line *line);
MUST_CHECK
enum err register_line_of_blank(const struct report *report, struct register_line *line);

/* A code in Vietnamese: the phrase "<group>_<code>", else the code itself; the name of a place, and
 * of an officer. */
MUST_CHECK
enum err register_words(const char *group, const char *code, struct buf *out);
MUST_CHECK
enum err register_place(struct desk *desk, const char *code, struct buf *out);
MUST_CHECK
enum err register_officer(struct desk *desk, int64_t id, struct buf *out);
/* register_change.c: what an event of that kind says, in words for who reads the sheet; nothing
 * that only the program uses. */
MUST_CHECK
enum err register_change_detail(
	struct desk *desk, const char *kind, const char *data, struct buf *out);

#endif
