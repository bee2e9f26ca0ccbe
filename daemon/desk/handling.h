/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What officers do with a report besides answering it: where it happened, who works on it, notes
 * for one another, which reports belong together. Each is an event; nothing is ever renumbered.
 * `actor` as in event.h. A refusal says in `eb` what to do. All of it runs within the caller's turn
 * and savepoint.
 */
#ifndef BINHYEN_DESK_HANDLING_H
#define BINHYEN_DESK_HANDLING_H

#include "store/report_link.h"

struct desk;

/* code: of a place that is a hamlet or the commune, "" = unknown. ERR_NOT_FOUND: there is no such
 * place. */
MUST_CHECK
enum err desk_report_place(struct desk *desk, int64_t report_id, const char *code,
	const char *actor, struct errbuf *eb);

/* login: of an active officer who works with reports, "" = nobody. ERR_DENIED: it is about him or
 * about somebody above him; one about the chief, which the chairman reads, is assigned to nobody:
 * he handles it himself or transfers it. */
MUST_CHECK
enum err desk_report_assign(struct desk *desk, int64_t report_id, const char *login,
	const char *actor, struct errbuf *eb);

/* An officer's words for officers; sealed like the others, and sent to nobody. */
MUST_CHECK
enum err desk_report_note(struct desk *desk, int64_t report_id, const char *text, const char *actor,
	struct errbuf *eb);

/*
 * Two tell of one matter: `main_id` is worked on, the other keeps number, words and sender and
 * points to it; its sender is answered with the others, and it is closed with it. One that others
 * point to takes them along. main_id 0 undoes it for this one. ERR_STATE: it is merged already, or
 * the main one is, or one of them is closed, or one is about the conduct of officials and the other
 * is not (others may read them).
 */
MUST_CHECK
enum err desk_report_merge(struct desk *desk, int64_t report_id, int64_t main_id, const char *actor,
	struct errbuf *eb);

MUST_CHECK
enum err desk_report_link(struct desk *desk, int64_t report_id, int64_t other_id, bool is_linked,
	const char *actor, struct errbuf *eb);

/* Reports that may tell of the same: same category and place within some hours. Nothing of their
 * words is looked at. */
#define DESK_NEAR_MS  (6 * HOUR_MS)
#define DESK_NEAR_MAX 20
MUST_CHECK
enum err desk_report_near(struct desk *desk, const struct report *report, report_fn fn, void *arg);

#endif
