/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A commune on a virtual clock: residents of hamlets, some of them on Zalo, a few modems of which
 * each sends a segment in so many seconds, and a Zalo that comes and goes. Keeps the books of what
 * each network really took, which the daemon can't see. Everything follows from one seed.
 */
#ifndef BINHYEN_TESTS_SIM_BULLETIN_TOWN_H
#define BINHYEN_TESTS_SIM_BULLETIN_TOWN_H

#include "daemon/base/rng.h"
#include "daemon/desk/delivery.h"
#include "daemon/relay/dispatch.h"
#include "daemon/relay/modem_choice.h"

#define TOWN_SIMS_MAX	8
#define TOWN_FLIGHTS	96
#define TOWN_ZALO_SENDS 16 /* at a time */
#define TOWN_TAKEN_MAX	40000

struct town_plan {
	int hamlets, residents; /* each hamlet has a head */
	int zalo_percent;
	int sims;
	int64_t segment_ms, zalo_ms;
	struct caps caps;
	struct delivery_rules rules;
	int faults_per_mille; /* of each send */
};

/* What a network took. */
struct town_taken {
	int resident; /* -1: somebody who reports */
	enum channel_kind channel;
	int64_t delivery_id, outbox_id;
	int64_t at_ms; /* wall */
	int sim, segments;
	bool is_doubtful; /* the daemon was not told so */
	uint8_t content[VAULT_HASH_BYTES];
};

struct town_sim {
	char name[8];
	struct send *reserved;
	int flights;
};

struct town_flight {
	struct send *req; /* NULL free */
	struct channel *channel;
	int64_t began_ms, answer_ms; /* monotonic; the pauses in which others passed it left out */
	struct send_outcome outcome;
	int sim, segments;
};

struct town {
	struct town_plan plan;
	struct rng rng;
	struct clock_virtual clock;
	char dir[64], path[96];
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct dispatch *dispatch;
	struct channel channels[CHANNEL_KIND_COUNT];
	struct town_sim sims[TOWN_SIMS_MAX];
	struct town_flight flights[TOWN_FLIGHTS];
	struct town_taken taken[TOWN_TAKEN_MAX];
	int taken_count;
	int64_t bulletins; /* the number of the last one */
	int64_t next_ms;   /* when the daemon wants to be ticked */
	bool is_due, is_calm;
	bool zalo_is_up;
	int restarts;
};

void must(enum err err, const char *what);

/* A fresh commune on a fresh disk; the residents are in the registry. */
void town_open(struct town *town, const struct town_plan *plan, uint64_t seed);
void town_close(struct town *town);
const char *town_phone(int resident, char number[24]);
/* The power is cut at once, and comes back. */
void town_crash(struct town *town);
void town_set_zalo(struct town *town, bool is_up);
void town_set_radio(struct town *town, bool is_up);

/* A bulletin for everybody, begun; 0: it could not be. */
int64_t town_bulletin(struct town *town, enum bulletin_urgency urgency, int64_t valid_ms,
	const char *sms, const char *audience);
/* Somebody reports: a receipt waits for him. */
int64_t town_receipt(struct town *town, int resident);

/* Turns until nothing is due. */
void town_turn(struct town *town);
/* Time goes on to the next thing that happens, but not beyond until_ms (wall). False: it is there.
 */
bool town_step(struct town *town, int64_t until_ms);

#endif
