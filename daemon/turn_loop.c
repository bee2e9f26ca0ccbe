/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/turn_loop.h"

#include "daemon/base/log.h"
#include "daemon/desk/alarm.h"
#include "daemon/desk/bulletin.h"
#include "daemon/desk/delivery.h"
#include "daemon/desk/keyring.h"
#include "store/turn.h"

#define RETRY_AFTER_FAILURE_MS (2 * SECOND_MS)
#define TICKS_A_TURN \
	64 /* ticks that may follow one another before the loop looks at its sockets again */

static bool end_turn(struct turn_loop *tl)
{
	struct errbuf eb = {0};
	enum err err = turn_end(tl->store, &eb);

	if (tl->ended)
		tl->ended(tl->ended_arg);
	if (!err) {
		if (tl->is_stuck)
			log_info("turn", "state=committing_again");
		tl->is_stuck = false;
		return true;
	}
	if (!tl->is_stuck)
		log_error("turn", "failed=%s detail=\"%s\"", err_name(err), eb.text);
	tl->is_stuck = true;
	if (err == ERR_IO)
		tl->failed(tl->failed_arg);
	return false;
}

static void on_timer(uv_timer_t *timer)
{
	turn_loop_wake(timer->data);
}

static void set_timer(struct turn_loop *tl, int64_t next_ms)
{
	int64_t wait_ms = next_ms - clock_wall_ms(store_clock(tl->store));

	uv_timer_stop(&tl->timer);
	if (next_ms == INT64_MAX)
		return;
	/* Wall time may be set back or forth: look at least once an hour. */
	if (wait_ms > HOUR_MS)
		wait_ms = HOUR_MS;
	uv_timer_start(&tl->timer, on_timer, wait_ms < 1 ? 1 : (uint64_t)wait_ms, 0);
}

static enum err deliver(struct turn_loop *tl, int64_t *ret_next_ms)
{
	struct delivery_reach reach = {.has = {false}};
	int64_t bulletin_ms = INT64_MAX;
	enum err err = desk_bulletin_tick(tl->desk, &bulletin_ms);

	for (int i = 0; i < CHANNEL_KIND_COUNT; i++) {
		struct dispatch_way way;

		dispatch_way(tl->dispatch, (enum channel_kind)i, &way);
		reach.has[i] = way.has;
		reach.is_up[i] = way.is_up;
		reach.since_ms[i] = way.since_ms;
	}
	if (!err)
		err = delivery_tick(tl->desk, &reach, ret_next_ms);
	if (!err && bulletin_ms < *ret_next_ms)
		*ret_next_ms = bulletin_ms;
	return err;
}

static enum err tick_all(void *arg)
{
	struct turn_loop *tl = arg;
	int64_t next_ms = INT64_MAX, alarm_ms = INT64_MAX, delivery_ms = INT64_MAX;
	/* A ladder may not climb on because the clock was set. */
	enum err err = dispatch_check_clock(tl->dispatch);

	if (!err)
		err = alarm_tick(tl->desk, &alarm_ms);
	if (!err)
		err = deliver(tl, &delivery_ms);
	if (!err)
		err = dispatch_tick(tl->dispatch, &next_ms);
	if (delivery_ms < next_ms)
		next_ms = delivery_ms;
	if (alarm_ms < next_ms)
		next_ms = alarm_ms;
	if (!err)
		set_timer(tl, next_ms);
	return err;
}

/* Trouble of the dispatcher must not cost what was read its answer: that is committed all the same.
 */
static bool tick(struct turn_loop *tl)
{
	enum err err;

	tl->is_due = false;
	if (turn_is_open(tl->store)) {
		err = turn_try(tl->store, tick_all, tl);
	} else {
		err = tick_all(tl);
		if (err)
			turn_abort(tl->store, err);
	}
	if (err)
		log_error("turn", "tick=%s", err_name(err));
	return !err;
}

static void retry_turn(struct turn_loop *tl)
{
	tl->is_due = false;
	set_timer(tl, clock_wall_ms(store_clock(tl->store)) + RETRY_AFTER_FAILURE_MS);
}

/*
 * What was read and what follows from it are one commit: that a message has gone and that the next
 * one is claimed, or that a text came and that its receipt is. A modem then waits for the disk once
 * a message.
 */
static void run_turn(struct turn_loop *tl)
{
	bool is_good = true;

	/* Whoever wrote may have queued something. */
	if (turn_is_open(tl->store))
		tl->is_due = true;
	if (tl->is_draining)
		tl->is_due = false;
	for (int i = 0; is_good && tl->is_due && i < TICKS_A_TURN; i++) {
		is_good = tick(tl);
		is_good = end_turn(tl) && is_good;
	}
	if (tl->is_draining && !end_turn(tl))
		is_good = false;
	if (!is_good)
		retry_turn(tl);
	else if (tl->is_due)
		set_timer(tl, clock_wall_ms(store_clock(tl->store)) + 1);
}

static void on_prepare(uv_prepare_t *prepare)
{
	run_turn(prepare->data);
}

static void on_check(uv_check_t *check)
{
	run_turn(check->data);
}

/* Between two batches whatever else has come is done first. */
#define KEYS_AGAIN_MS 20

static void on_keys_timer(uv_timer_t *timer)
{
	struct turn_loop *tl = timer->data;
	bool more = false;
	enum err err = keyring_tick(tl->desk, &more);

	if (err)
		log_error("keyring", "tick=%s", err_name(err));
	if (more)
		uv_timer_start(timer, on_keys_timer, KEYS_AGAIN_MS, 0);
}

static void on_intake_timer(uv_timer_t *timer)
{
	struct turn_loop *tl = timer->data;
	int64_t next_ms;
	enum err err = dispatch_check_clock(tl->dispatch);

	if (!err)
		err = intake_tick(tl->intake, &next_ms);

	if (err)
		log_error("intake", "tick=%s", err_name(err));
	if (!uv_is_active((uv_handle_t *)&tl->keys_timer))
		uv_timer_start(&tl->keys_timer, on_keys_timer, 0, 0);
	err = desk_legal_tick(tl->desk, &next_ms);
	if (err)
		log_error("clock", "tick=%s", err_name(err));
	err = retention_tick(tl->desk);
	if (err)
		log_error("retention", "tick=%s", err_name(err));
	err = identity_tick(tl->desk);
	if (err)
		log_error("identity", "tick=%s", err_name(err));
	turn_loop_wake(tl);
}

void turn_loop_wake(void *arg)
{
	struct turn_loop *tl = arg;

	tl->is_due = true;
}

enum err turn_loop_start(struct turn_loop *tl, uv_loop_t *loop)
{
	if (uv_prepare_init(loop, &tl->prepare) || uv_check_init(loop, &tl->check) ||
		uv_timer_init(loop, &tl->timer) || uv_timer_init(loop, &tl->intake_timer) ||
		uv_timer_init(loop, &tl->keys_timer))
		return ERR_NOMEM;
	tl->prepare.data = tl;
	tl->check.data = tl;
	tl->timer.data = tl;
	tl->intake_timer.data = tl;
	tl->keys_timer.data = tl;
	tl->is_due = true;
	uv_prepare_start(&tl->prepare, on_prepare);
	uv_check_start(&tl->check, on_check);
	uv_timer_start(&tl->intake_timer, on_intake_timer, 0, (uint64_t)MINUTE_MS);
	return ERR_OK;
}

void turn_loop_flush(struct turn_loop *tl)
{
	end_turn(tl);
}

void turn_loop_stop(struct turn_loop *tl)
{
	turn_loop_flush(tl);
	uv_close((uv_handle_t *)&tl->prepare, NULL);
	uv_close((uv_handle_t *)&tl->check, NULL);
	uv_close((uv_handle_t *)&tl->timer, NULL);
	uv_close((uv_handle_t *)&tl->intake_timer, NULL);
	uv_close((uv_handle_t *)&tl->keys_timer, NULL);
}
