/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The upkeep of the log of events beside the loop: goes through the whole of it after the start and
 * once a day, piece by piece in the thread pool, so that a million rows keep no message waiting;
 * keeps the file beside the database up to date; closes each day.
 */
#ifndef BINHYEN_DAEMON_AUDIT_LOOP_H
#define BINHYEN_DAEMON_AUDIT_LOOP_H

#include "daemon/desk/audit.h"
#include "store/event_walk.h"

#include <jansson.h>
#include <uv.h>

#define AUDIT_WAITERS_MAX 8 /* who asked for a walk and waits for its end */

typedef void (*audit_done_fn)(void *arg, enum err err, const json_t *answer);

struct audit_waiter {
	audit_done_fn done; /* NULL = free */
	void *arg;
};

enum audit_task { AUDIT_IDLE, AUDIT_ANCHOR, AUDIT_OPEN, AUDIT_PIECE };

struct audit_loop {
	struct store *store; /* these five set by the owner */
	struct desk *desk;
	struct vault *vault;
	const char *path; /* of the database; borrowed */
	void (*wake)(void *arg);
	void *wake_arg;
	uv_loop_t *loop;
	uv_timer_t timer;
	uv_work_t work;
	enum audit_task task; /* what the thread does now */
	enum err task_err;
	bool task_is_done;
	struct errbuf task_eb;
	struct event_walk *walk; /* of the thread while it works */
	struct event_anchor anchor;
	int64_t anchored_id;
	int64_t anchored_mono_ms, walked_mono_ms, day_next_ms;
	bool wants_walk, has_walked, is_opening_told;
	struct event_walk_result last; /* of the last walk that came to its end */
	int64_t last_ms;
	struct audit_waiter waiters[AUDIT_WAITERS_MAX];
	bool is_closing;
	void (*close_cb)(void *arg);
	void *close_arg;
};

/* Within the first turn: tells what opening found. */
MUST_CHECK
enum err audit_loop_start(struct audit_loop *al, uv_loop_t *loop);
/* Walks now; done is called once, later, with {"state","events",...}, unless audit_loop_forget()
 * came before. ERR_BUSY: too many wait. */
MUST_CHECK
enum err audit_loop_verify(
	struct audit_loop *al, audit_done_fn done, void *done_arg, struct errbuf *eb);
void audit_loop_forget(struct audit_loop *al, const void *done_arg);
/* {"state":"good"|"bad"|"checking","checked_events","checked"} */
json_t *audit_loop_status(const struct audit_loop *al);
/* Waits for the thread, writes the file a last time; then cb. Call turn_end() before. */
void audit_loop_close(struct audit_loop *al, void (*cb)(void *arg), void *arg);

#endif
