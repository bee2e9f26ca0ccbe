/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zalo_client: what its orders act on, one function an order, each of which answers one line. */
#ifndef BINHYEN_TESTS_ZALO_CLIENT_DRIVER_H
#define BINHYEN_TESTS_ZALO_CLIENT_DRIVER_H

#include "daemon/relay/zalo_private.h"
#include "daemon/turn_loop.h"

struct moved_clock {
	struct clock clock;
	int64_t ms;
};

struct driver {
	uv_loop_t loop;
	uv_pipe_t in;
	struct buf line;
	struct moved_clock clock;
	struct config_zalo config;
	bool has_groups; /* looks after groups, which costs calls */
	char ca_file[256];
	int64_t connect_ms;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	struct dispatch *dispatch;
	struct turn_loop turns;
	struct zalo *zalo;
	bool is_quitting;
	bool with_duty; /* reports are relayed to the duty group */
};

/* Takes `json` over. */
void answer(json_t *json);
void answer_err(enum err err);
/* Answers once the turn is committed. */
void answer_after_commit(struct driver *d, enum err err);

typedef void order_fn(struct driver *d, const json_t *order);
/* account_orders.c: the account, its token and its line. */
order_fn do_status, do_token, do_set_token, do_doctor, do_fetch, do_login, do_steps, do_crash,
	do_clock;
/* message_orders.c: what leaves and what came. */
order_fn do_send, do_outbox, do_inbox, do_missing, do_attachments, do_entries, do_gaps;

#endif
