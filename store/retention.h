/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a closed report ends: planned when it was closed, then in two steps.
 *
 *     sanitised   nothing leads from it to its sender: it, and every message of it, belongs to a
 *                 correspondent of its own without an address
 *     erased      its words and files are gone; its line of the register and its events remain
 *
 * Neither happens while somebody holds it, while something is on its way for it, or while a report
 * that goes on from it is not as far.
 */
#ifndef BINHYEN_STORE_RETENTION_H
#define BINHYEN_STORE_RETENTION_H

#include "store/report.h"

struct retention {
	int64_t closed_ms;	 /* 0 = open */
	int64_t sanitise_due_ms; /* 0 = not planned yet */
	int64_t erase_due_ms;	 /* 0 = not planned yet */
	int64_t sanitised_ms;	 /* 0 = not yet */
	int64_t erased_ms;	 /* 0 = not yet */
	bool is_held;
};
MUST_CHECK
enum err retention_load(struct store *store, int64_t report_id, struct retention *ret_retention);

/* Closed, without dates. */
MUST_CHECK
enum err retention_unplanned(struct store *store, int limit, report_fn fn, void *arg);
MUST_CHECK
enum err retention_plan(
	struct store *store, int64_t report_id, int64_t sanitise_due_ms, int64_t erase_due_ms);

enum retention_step { RETENTION_SANITISE, RETENTION_ERASE };
/* Due for a step at that time, most overdue first; those after one of them, 0: from the first. */
MUST_CHECK
enum err retention_due(struct store *store, enum retention_step step, int64_t now_ms,
	int64_t after_id, int limit, report_fn fn, void *arg);

/* A report that must stay as it is: the reason is sealed to it. */
MUST_CHECK
enum err retention_hold(
	struct store *store, int64_t report_id, const char *actor, const char *reason);
/* ERR_NOT_FOUND: nobody holds it. */
MUST_CHECK
enum err retention_release(struct store *store, int64_t report_id);
#define RETENTION_REASON_MAX 1000 /* bytes */
struct retention_holder {
	char actor[64];
	int64_t at_ms;
};
/* ERR_NOT_FOUND: nobody; ERR_DENIED: why is not for him to read. */
MUST_CHECK
enum err retention_holder(struct store *store, const struct key_holder *reader, int64_t report_id,
	struct retention_holder *ret_holder, struct buf *reason);

/* Both within a savepoint of the caller; each once is enough and twice does no harm. The second
 * does the first as well. */
MUST_CHECK
enum err report_sanitise(struct store *store, int64_t report_id);
MUST_CHECK
enum err report_erase(struct store *store, int64_t report_id);

/*
 * Its words and files are gone, here and in what was to be sent, and `stub` stands for them;
 * number, sender, dates and events remain, and it can be worked on. Within a savepoint of the
 * caller. ERR_BUSY: a message with its words is just being sent; try again in a minute.
 */
MUST_CHECK
enum err report_take_offline(struct store *store, const struct report *report, const char *stub);

/* Forgets the address of one correspondent who last wrote before before_ms and has no report and no
 * message under way; ERR_NOT_FOUND when there is none. One who asked not to be written to stays
 * known. */
MUST_CHECK
enum err retention_forget_one(struct store *store, int64_t before_ms);

/* Its address is due as if it had never written: retention_forget_one() takes it once nothing needs
 * it. */
MUST_CHECK
enum err retention_expire_party(struct store *store, int64_t party_id);

#endif
