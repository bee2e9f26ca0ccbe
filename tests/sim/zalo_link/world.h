/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon between the store and the cloud: everything of it but its loop, which is turned here,
 * and its modems, which send at once. */
#ifndef BINHYEN_SIM_ZALO_LINK_WORLD_H
#define BINHYEN_SIM_ZALO_LINK_WORLD_H

#include "daemon/desk/desk.h"
#include "daemon/intake/intake.h"
#include "daemon/relay/zalo.h"
#include "store/outbox.h"
#include "store/vault.h"
#include "tests/sim/zalo_link/cloud.h"

#define WORLD_GROUP "900"

struct world {
	char dir[64], path[96];
	struct config_zalo config;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	struct dispatch *dispatch;
	struct zalo *zalo;
	struct channel modem;
	struct send *sms; /* the modem has one */
	int64_t sms_ms;
	int64_t tick_ms; /* monotonic: of the dispatcher */
	bool is_due;
	struct cloud *kept;
	bool is_first;	     /* the token pair has to be given */
	bool has_groups;     /* it looks after the groups of the account */
	int fails_per_mille; /* of the commits */
};

/* A folder of its own, without a database yet. */
void world_init(struct world *w);
void world_done(struct world *w); /* removes it */
/* What is on disk and in the cloud, to go back to as often as wanted; nobody may be alive. */
void world_keep(struct world *w);
void world_restore(struct world *w);
void world_start(struct world *w);
void world_stop(struct world *w);
/* The power is cut: what was not committed never was. */
void world_die(struct world *w);
/* Runs until that time (monotonic). */
void world_run(struct world *w, int64_t until_ms);

/* A message that names itself in every word ("t3.0 t3.1 ..."), so that pieces can be told. */
struct world_message {
	enum channel_kind channel;
	const char *to;
	enum lane lane;
	enum outbox_kind kind;
	int words;
	int64_t enclosure_id;
};
void world_queue(struct world *w, int tag, const struct world_message *message);
int64_t world_attachment(struct world *w, const char *name);

/* Counts what is wrong: something that came twice, or out of order, or not at all, and says it on
 * stderr. has_all: nothing may be on its way any more. */
int world_check(struct world *w, const char *when, bool has_all);

#endif
