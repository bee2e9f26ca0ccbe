/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world around store, intake and dispatch in a simulated history: residents' phones, a SIM with
 * few slots, a radio and a Zalo that misbehave, and the books of what really happened, which the
 * daemon can't see. Everything follows from one seed.
 */
#ifndef BINHYEN_TESTS_SIM_HISTORY_WORLD_H
#define BINHYEN_TESTS_SIM_HISTORY_WORLD_H

#include "daemon/base/rng.h"
#include "daemon/intake/intake.h"
#include "daemon/relay/dispatch.h"
#include "daemon/relay/modem_choice.h"

#define WORLD_PHONES   6   /* so few that many a message waits for another to the same one */
#define WORLD_CROWD    120 /* or so many that what is reported is seldom ambiguous */
#define WORLD_SLOTS    5
#define WORLD_TEXTS    400
#define WORLD_BACKLOG  800
#define WORLD_ACCEPTED 4000
#define WORLD_FLIGHTS  64
#define WORLD_SIMS     2

/* One text that a resident wrote; `stored` counts how often the daemon vouched for its parts. */
struct world_text {
	int phone;
	int total;   /* parts */
	int twin_of; /* index of the equal text it repeats, -1 none */
	int vouched; /* parts of which `stored` was said */
	int ref, ref_bits;
	int lost;		 /* the part that the network never delivers, -1 none */
	int64_t read_wall_ms[3]; /* of the box's clock when it read a part */
	int64_t taken_ms[3];	 /* when `stored` was said of a part, 0 not yet */
	char words[3][64];
	bool is_anonymous, is_quiet;
};

struct world_part {
	int text;
	int part;
	bool is_again; /* the acknowledgement got lost on the air: delivered once more */
};

struct world_slot {
	bool is_used;
	struct world_part part;
};

/* What a network took. */
struct world_accepted {
	enum channel_kind channel;
	enum lane lane;
	int64_t outbox_id;
	int64_t party_id;
	int64_t at_ms;	   /* monotonic, as is due_ms */
	int64_t due_ms;	   /* of the row */
	int tp_mr;	   /* of the first segment */
	int taken;	   /* segments that the network took, from the first */
	unsigned reported; /* bits of segments */
	/* By modem only. */
	int sim;
	int segments;
	uint8_t content[VAULT_HASH_BYTES];
};

/* A SIM: one message at a time, within the caps of the history. */
struct world_sim {
	char name[8];
	struct caps caps;
	struct send *reserved;
	int flights;
};

struct world_flight {
	struct send *req; /* NULL = free */
	struct channel *channel;
	int64_t answer_ms;
	struct send_outcome outcome;
	int accepted; /* index, -1 none */
	int known;    /* segments whose answer came back */
	int sim;      /* of a modem */
	int64_t began_ms;
};

struct world {
	struct rng rng;
	struct clock_virtual clock;
	struct world_text texts[WORLD_TEXTS];
	int text_count;
	struct world_part backlog[WORLD_BACKLOG];
	int backlog_first, backlog_count;
	struct world_slot slots[WORLD_SLOTS];
	struct world_accepted accepted[WORLD_ACCEPTED];
	int accepted_count;
	struct world_flight flights[WORLD_FLIGHTS];
	struct channel channels[CHANNEL_KIND_COUNT];
	struct store *store; /* of the daemon that is connected */
	struct world_sim sims[WORLD_SIMS];
	int next_mr, phones;
	int faults_per_mille; /* of each send */
	bool is_calm;	      /* the end of a history: no more faults */
	int jumps;
	int64_t jumped_ms; /* the wall clock, all together */
};

void world_init(struct world *w, uint64_t seed);
/* A resident writes: parts go to the backlog, in any order. */
void world_write_text(struct world *w);
/* The network delivers something again that it thinks was not taken. */
void world_repeat_some(struct world *w);
/* When the service centre got it: different for each text. */
int64_t world_stamp(int text);
/* Somebody sets the wall clock. */
void world_jump(struct world *w);
/* The network fills free slots. */
void world_deliver(struct world *w);
const char *world_phone(int phone, char number[16]);
/* Fresh channels after a (re)start of the daemon: what was in flight is lost to it. */
void world_connect(struct world *w, struct store *store, struct dispatch *dispatch);
void world_set_reach(struct world *w, enum channel_kind kind, bool is_up);
/* Gives the answers that are due. */
void world_answer(struct world *w, struct store *store);
/* Delivers one outstanding delivery report, true if there was one. */
bool world_report(struct world *w, struct store *store);

#endif
