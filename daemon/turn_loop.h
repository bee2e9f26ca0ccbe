/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ties the store's turns, intake's and the dispatcher's clockwork to the uv loop: after what was
 * read (check) and after the timers (prepare), whatever was written is committed before the loop
 * sleeps, and alarms and the dispatcher are ticked when somebody asked for it or their time has
 * come.
 */
#ifndef BINHYEN_DAEMON_TURN_LOOP_H
#define BINHYEN_DAEMON_TURN_LOOP_H

#include "daemon/desk/identity.h"
#include "daemon/desk/legal.h"
#include "daemon/desk/retention.h"
#include "daemon/intake/intake.h"
#include "daemon/relay/dispatch.h"

#include <uv.h>

struct turn_loop {
	struct store *store;
	struct intake *intake;
	struct desk *desk; /* its alarms, legal clocks and keys of reports */
	struct dispatch *dispatch;
	void (*failed)(void *arg); /* the disk failed on a commit: the daemon must exit at once */
	void *failed_arg;
	void (*ended)(void *arg); /* a turn was committed, or could not be; may be NULL */
	void *ended_arg;
	uv_prepare_t prepare;
	uv_check_t check;
	uv_timer_t timer;	 /* the dispatcher's next time */
	uv_timer_t intake_timer; /* intake's */
	uv_timer_t keys_timer;	 /* keys of reports that the box still hands over */
	bool is_due;		 /* dispatch wants a tick in this turn */
	bool is_stuck;		 /* the last commit failed: log it once */
	bool is_draining; /* the channels are being closed: only commit, claim nothing more */
};

MUST_CHECK
enum err turn_loop_start(struct turn_loop *tl, uv_loop_t *loop);
/* dispatch_options.wake, with the turn_loop as argument. */
void turn_loop_wake(void *arg);
/* Commits what is open now, without a new tick of the dispatcher. */
void turn_loop_flush(struct turn_loop *tl);
/* Ends the last turn and closes the handles; the struct must live until the loop has run dry. */
void turn_loop_stop(struct turn_loop *tl);

#endif
