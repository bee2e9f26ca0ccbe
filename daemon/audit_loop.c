/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One timer and one piece of work at a time:
 *
 *     IDLE ──→ OPEN ──→ PIECE ──→ PIECE ... ──→ IDLE      a walk, with a rest after each piece
 *       └────→ ANCHOR ──→ IDLE
 *
 * The thread sees only what is its own then: the walk with its own connection, or the bytes of the
 * anchor. What it found is told and written on the loop.
 */
#include "daemon/audit_loop.h"

#include "daemon/base/log.h"
#include "store/event.h"
#include "store/turn.h"

#define ROWS_A_PIECE 4000 /* some 15 ms of a small box */
#define REST_MS	     40	  /* between pieces: a quarter of one core at most */
#define LOOK_MS	     MINUTE_MS
#define ANCHOR_MS    (5 * MINUTE_MS)
#define WALK_MS	     DAY_MS

static void look(struct audit_loop *al);

static int64_t mono_ms(struct audit_loop *al)
{
	return clock_mono_ms(store_clock(al->store));
}

static void on_timer(uv_timer_t *timer)
{
	look(timer->data);
}

static void look_in(struct audit_loop *al, int64_t ms)
{
	if (!al->is_closing)
		uv_timer_start(&al->timer, on_timer, (uint64_t)ms, 0);
}

/* ---- in the thread ---------------------------------------------------------------------------
 */

static void work(uv_work_t *request)
{
	struct audit_loop *al = request->data;

	switch (al->task) {
	case AUDIT_ANCHOR:
		al->task_err = event_anchor_write(&al->anchor);
		break;
	case AUDIT_OPEN:
		al->task_err = event_walk_open(al->path, al->vault, &al->walk, &al->task_eb);
		break;
	case AUDIT_PIECE:
		al->task_err = event_walk_step(al->walk, ROWS_A_PIECE, &al->task_is_done);
		break;
	case AUDIT_IDLE:
		break;
	}
}

/* ---- on the loop -----------------------------------------------------------------------------
 */

static json_t *result_json(const struct audit_loop *al, const struct event_walk_result *result)
{
	enum event_fault fault = result->finding.fault;
	char at[CLOCK_TEXT_BYTES];

	clock_format(al->last_ms, at);
	return json_pack("{s:s, s:I, s:s, s:s?, s:s?, s:s?, s:o}", "state", fault ? "bad" : "good",
		"checked_events", (json_int_t)result->last.id, "checked", at, "fault",
		fault ? event_fault_text(fault) : NULL, "message",
		fault ? event_fault_en(fault) : NULL, "message_vi",
		fault ? event_fault_vi(fault) : NULL, "fault_event",
		fault ? json_integer(result->finding.event_id) : json_null());
}

static void answer_waiters(struct audit_loop *al, enum err err)
{
	json_t *answer = err ? NULL : result_json(al, &al->last);

	for (int i = 0; i < AUDIT_WAITERS_MAX; i++) {
		struct audit_waiter waiter = al->waiters[i];

		al->waiters[i] = (struct audit_waiter){0};
		if (waiter.done)
			waiter.done(waiter.arg, !err && !answer ? ERR_NOMEM : err, answer);
	}
	json_decref(answer);
}

/* The walk is over: what it found goes into the log itself. */
static void walk_over(struct audit_loop *al, enum err err)
{
	event_walk_close(al->walk);
	if (err)
		log_error("audit", "walk=%s", err_name(err));
	al->walk = NULL;
	al->wants_walk = false;
	al->walked_mono_ms = mono_ms(al);
	if (!err && al->last.finding.fault)
		err = audit_found(al->desk, &al->last.finding);
	else if (!err)
		err = event_verified(al->store, &al->last.last);
	if (!err && !al->last.finding.fault)
		log_info("audit", "state=good events=%lld", (long long)al->last.last.id);
	answer_waiters(al, err);
	al->wake(al->wake_arg);
}

static void piece_done(struct audit_loop *al)
{
	if (!al->task_err && !al->task_is_done)
		return;
	if (!al->task_err) {
		al->last = event_walk_result(al->walk);
		al->last_ms = clock_wall_ms(store_clock(al->store));
		al->has_walked = true;
	}
	walk_over(al, al->task_err);
}

static void anchor_done(struct audit_loop *al)
{
	enum err err = al->task_err;

	al->anchored_mono_ms = mono_ms(al);
	/* A full disk is no reason not to listen. */
	if (err) {
		log_warn("audit", "anchor=%s", err_name(err));
		return;
	}
	al->anchored_id = al->anchor.event_id;
	err = event_anchor_done(al->store);
	if (err)
		log_error("audit", "anchored=%s", err_name(err));
	al->wake(al->wake_arg);
}

static void finish_close(struct audit_loop *al)
{
	struct event_anchor anchor;
	enum err err;

	event_walk_close(al->walk);
	al->walk = NULL;
	for (int i = 0; i < AUDIT_WAITERS_MAX; i++)
		al->waiters[i] = (struct audit_waiter){0};
	if (!al->is_opening_told) {
		al->close_cb(al->close_arg);
		return;
	}
	err = event_anchor_make(al->store, &anchor);
	if (!err && anchor.event_id != al->anchored_id)
		err = event_anchor_write(&anchor);
	if (err)
		log_warn("audit", "anchor=%s", err_name(err));
	al->close_cb(al->close_arg);
}

static void on_timer_closed(uv_handle_t *handle)
{
	finish_close(handle->data);
}

static void work_over(uv_work_t *request, int status)
{
	struct audit_loop *al = request->data;
	enum audit_task task = al->task;

	al->task = AUDIT_IDLE;
	if (al->is_closing) {
		uv_close((uv_handle_t *)&al->timer, on_timer_closed);
		return;
	}
	if (status)
		al->task_err = ERR_NOMEM;
	if (task == AUDIT_ANCHOR)
		anchor_done(al);
	else if (task == AUDIT_PIECE)
		piece_done(al);
	else if (al->task_err) {
		log_error(
			"audit", "walk=%s detail=\"%s\"", err_name(al->task_err), al->task_eb.text);
		walk_over(al, al->task_err);
	}
	look_in(al, al->walk ? REST_MS : 1);
}

static void begin(struct audit_loop *al, enum audit_task task)
{
	al->task = task;
	al->task_err = ERR_OK;
	al->task_is_done = false;
	al->work.data = al;
	if (uv_queue_work(al->loop, &al->work, work, work_over)) {
		al->task = AUDIT_IDLE;
		look_in(al, LOOK_MS);
	}
}

static bool is_anchor_due(struct audit_loop *al)
{
	struct event_head head;

	return mono_ms(al) - al->anchored_mono_ms >= ANCHOR_MS && !turn_is_open(al->store) &&
	       event_last(al->store, &head) == ERR_OK && head.id != al->anchored_id;
}

static void close_day(struct audit_loop *al)
{
	enum err err;

	if (clock_wall_ms(store_clock(al->store)) < al->day_next_ms &&
		al->day_next_ms - clock_wall_ms(store_clock(al->store)) <= DAY_MS)
		return;
	err = audit_tick(al->desk, &al->day_next_ms);
	if (err)
		log_error("audit", "day=%s", err_name(err));
	if (turn_is_open(al->store))
		al->wake(al->wake_arg);
}

/* What opening found was told in the first turn. Until that is committed the file beside the
 * database, which shows it, stays as it is. */
static bool is_opening_told(struct audit_loop *al)
{
	const struct event_finding opened = event_opened(al->store);

	if (al->is_opening_told)
		return true;
	if (turn_is_open(al->store))
		return false;
	if (audit_found(al->desk, &opened))
		return false;
	al->is_opening_told = !turn_is_open(al->store);
	return al->is_opening_told;
}

static void look(struct audit_loop *al)
{
	if (al->is_closing || al->task != AUDIT_IDLE)
		return;
	if (!is_opening_told(al)) {
		look_in(al, REST_MS);
		return;
	}
	close_day(al);
	if (!al->anchored_id && !al->anchored_mono_ms && !turn_is_open(al->store) &&
		event_anchor_make(al->store, &al->anchor) == ERR_OK) {
		begin(al, AUDIT_ANCHOR);
	} else if (al->walk) {
		begin(al, AUDIT_PIECE);
	} else if (al->wants_walk || mono_ms(al) - al->walked_mono_ms >= WALK_MS) {
		begin(al, AUDIT_OPEN);
	} else if (is_anchor_due(al)) {
		if (event_anchor_make(al->store, &al->anchor) == ERR_OK)
			begin(al, AUDIT_ANCHOR);
	} else {
		look_in(al, LOOK_MS);
	}
}

enum err audit_loop_start(struct audit_loop *al, uv_loop_t *loop)
{
	const struct event_finding opened = event_opened(al->store);

	al->loop = loop;
	if (uv_timer_init(loop, &al->timer))
		return ERR_NOMEM;
	al->timer.data = al;
	al->walked_mono_ms = mono_ms(al);
	al->wants_walk = true;
	look_in(al, REST_MS);
	return audit_found(al->desk, &opened);
}

enum err audit_loop_verify(
	struct audit_loop *al, audit_done_fn done, void *done_arg, struct errbuf *eb)
{
	for (int i = 0; i < AUDIT_WAITERS_MAX; i++) {
		if (al->waiters[i].done)
			continue;
		al->waiters[i] = (struct audit_waiter){done, done_arg};
		al->wants_walk = true;
		if (al->task == AUDIT_IDLE)
			look_in(al, 1);
		return ERR_OK;
	}
	return errbuf_set(eb, ERR_BUSY, "the log is being checked already; try again in a minute");
}

void audit_loop_forget(struct audit_loop *al, const void *done_arg)
{
	for (int i = 0; i < AUDIT_WAITERS_MAX; i++) {
		if (al->waiters[i].arg == done_arg)
			al->waiters[i] = (struct audit_waiter){0};
	}
}

json_t *audit_loop_status(const struct audit_loop *al)
{
	return al->has_walked ? result_json(al, &al->last)
			      : json_pack("{s:s, s:i, s:n}", "state", "checking", "checked_events",
					0, "checked");
}

void audit_loop_close(struct audit_loop *al, void (*cb)(void *arg), void *arg)
{
	al->is_closing = true;
	al->close_cb = cb;
	al->close_arg = arg;
	uv_timer_stop(&al->timer);
	if (al->task == AUDIT_IDLE)
		uv_close((uv_handle_t *)&al->timer, on_timer_closed);
	else
		(void)uv_cancel((uv_req_t *)&al->work);
}
