/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger of a delivery: a row for each resident it is for, from before the first message until
 * he is told or it is known why not. It is the plan and its memory in one: what waits here costs
 * the dispatcher nothing, and after a crash it goes on from here.
 *
 *     NEW ──→ WAITING ──→ FLYING ──→ SENT ──→ REACHED
 *                ↑ next way │ ↑         │
 *                └──────────┴ DOUBT ────┴──→ MISSED     SKIPPED: he was not to be told
 *                                                       EXPIRED, STOPPED: it ended before his turn
 *
 * FLYING has a row in the outbox; what becomes of that becomes of this within the same transaction
 * (ledger_moved). A message that surely did not go leaves the next of his ways, or none: MISSED.
 * One in doubt is not said again by the same way.
 *
 * A resident is known by his number in the registry only, and his messages by a correspondent of a
 * kind of its own: nothing leads from here to what he may have reported.
 */
#ifndef BINHYEN_STORE_LEDGER_H
#define BINHYEN_STORE_LEDGER_H

#include "store/delivery.h"
#include "store/vault.h"

#define LEDGER_STATE_TABLE(X) \
	X(NEW) \
	X(WAITING) \
	X(FLYING) X(DOUBT) X(SENT) X(REACHED) X(MISSED) X(SKIPPED) X(EXPIRED) X(STOPPED)
enum ledger_state {
#define X(name) LEDGER_##name,
	LEDGER_STATE_TABLE(X)
#undef X
		LEDGER_STATE_COUNT
};
const char *ledger_state_text(enum ledger_state state);

/* Who comes before whom. CLIMBED: the households of a head of whom nothing was heard. */
enum ledger_wave { WAVE_HEAD, WAVE_LEADER, WAVE_CLIMBED, WAVE_NOT_ON_ZALO, WAVE_OTHER, WAVE_COUNT };

#define LEDGER_REASON_BYTES 24

struct ledger_row {
	int64_t delivery_id, resident_id;
	int64_t place_id;
	int64_t group_id; /* 0 none */
	int wave;
	enum ledger_state state;
	int step;	   /* by which way next, or now */
	int steps;	   /* that are left, with this one */
	int64_t outbox_id; /* 0 none */
	char channel[16];  /* by which way last; "" none */
	char reason[LEDGER_REASON_BYTES];
	int64_t at_ms;
	int64_t confirmed_ms; /* a head: he told everyone */
	int64_t cost;	      /* đồng */
	bool may_know;	      /* a message to him was in doubt, and nobody found out */
};

/* How he goes first: wave, way, and those that are left. */
struct ledger_plan {
	int64_t group_id;
	int wave;
	int step, steps;    /* 0: there is no way */
	const char *reason; /* then why; else "" */
};
/* What is known of somebody when he is drawn, and what he is. */
enum ledger_known { KNOWN_PHONE, KNOWN_ZALO, KNOWN_GROUP, LEDGER_KNOWN_COUNT };
enum ledger_role { ROLE_HEAD, ROLE_LEADER, ROLE_OTHER, LEDGER_ROLE_COUNT };
/* corrects: they are those whom that one reached, or is on its way to; 0 none. */
struct ledger_start {
	int64_t delivery_id, corrects;
	struct ledger_plan plans[LEDGER_ROLE_COUNT][LEDGER_KNOWN_COUNT];
};
/* Everybody who was drawn (audience.h), each with the plan of those like him. */
MUST_CHECK
enum err ledger_fill(struct store *store, const struct ledger_start *start);

/* What the registry knows of the ways to somebody. */
struct ledger_ways {
	int64_t resident_id;
	int wave;	  /* HEAD, LEADER, OTHER: by his role */
	bool is_known;	  /* he is still in the registry */
	bool has_zalo;	  /* he once showed which Zalo user he is */
	int64_t group_id; /* 0 none */
	bool has_writer;  /* writer is known without another look: recipient_writer() */
	uint8_t writer[VAULT_HASH_BYTES];
	char bar[16];	  /* only of who was drawn: why he does not get it, "" he does */
	int64_t place_id; /* likewise */
};
/* Those of whom it was taken for granted that Zalo lets them be written to, after a resident; up to
 * `limit`. */
MUST_CHECK
enum err ledger_unchecked(struct store *store, int64_t delivery_id, int64_t after_id,
	struct ledger_ways *rows, int limit, int *ret_count);
/* One who is NEW without a plan; ERR_NOT_FOUND: he is not. */
MUST_CHECK
enum err ledger_unplanned(struct store *store, int64_t delivery_id, int64_t resident_id,
	struct ledger_ways *ret_ways);
/* The same of who was drawn last, for a preview. */
MUST_CHECK
enum err ledger_drawn(
	struct store *store, int64_t after_id, struct ledger_ways *rows, int limit, int *ret_count);
/* He goes otherwise than was thought. */
MUST_CHECK
enum err ledger_plan(struct store *store, int64_t delivery_id, int64_t resident_id,
	const struct ledger_plan *plan);
/* Of one of whom nobody knew whether what is corrected would reach him, it is known now: he is NEW
 * (*ret_is_told) or SKIPPED. ERR_NOT_FOUND: of nobody. */
MUST_CHECK
enum err ledger_pending_next(struct store *store, const struct delivery *delivery,
	int64_t *ret_resident_id, bool *ret_is_told);
MUST_CHECK
enum err ledger_is_pending(struct store *store, int64_t delivery_id, bool *ret_is);

MUST_CHECK
enum err ledger_load(
	struct store *store, int64_t delivery_id, int64_t resident_id, struct ledger_row *ret_row);
/* The first ones that wait for this way, by wave. */
MUST_CHECK
enum err ledger_waiting(struct store *store, int64_t delivery_id, enum delivery_step step,
	struct ledger_row *rows, int limit, int *ret_count);
/* He is on his way. */
struct ledger_flight {
	enum delivery_step step;
	enum channel_kind channel;
	int64_t outbox_id;
	int64_t cost;
};
MUST_CHECK
enum err ledger_fly(
	struct store *store, const struct ledger_row *row, const struct ledger_flight *flight);
/* He will not be told. */
MUST_CHECK
enum err ledger_miss(struct store *store, const struct ledger_row *row, const char *reason);

/* He does not want to be told. What is on its way may arrive, but is not tried again. */
MUST_CHECK
enum err ledger_refuse(struct store *store, const struct ledger_row *row, const char *reason);

MUST_CHECK
enum err ledger_is_refused(struct store *store, int64_t outbox_id, bool *ret_is);

/* Groups whose members wait for a post in them, after a group. */
MUST_CHECK
enum err ledger_group_next(
	struct store *store, int64_t delivery_id, int64_t after_id, int64_t *ret_group_id);
/* The party to post to. ERR_NOT_FOUND: it can't be posted in, or it would tell somebody of the
 * place for whom it is not. */
MUST_CHECK
enum err ledger_group_party(
	struct store *store, int64_t delivery_id, int64_t group_id, int64_t *ret_party_id);
MUST_CHECK
enum err ledger_group_fly(
	struct store *store, int64_t delivery_id, int64_t group_id, int64_t outbox_id);
/* Its members go by their next way. */
MUST_CHECK
enum err ledger_group_skip(struct store *store, int64_t delivery_id, int64_t group_id);

/* A message of a delivery has moved; called by outbox_move() for each. */
MUST_CHECK
enum err ledger_moved(struct store *store, const struct outbox_row *row,
	const struct outbox_move *move, bool is_final);
/* Who may have been told by Zalo before then, but nobody knows, is texted. */
MUST_CHECK
enum err ledger_text_doubted(struct store *store, int64_t delivery_id, int64_t before_ms);
/* The oldest doubt; INT64_MAX none. */
MUST_CHECK
enum err ledger_oldest_doubt(struct store *store, int64_t delivery_id, int64_t *ret_ms);

/* What waits is written off, up to `limit` rows of the ledger behind delivery->swept_to, which is
 * kept. */
MUST_CHECK
enum err ledger_sweep(struct store *store, struct delivery *delivery, enum ledger_state to,
	const char *reason, int limit);
MUST_CHECK
enum err ledger_is_busy(struct store *store, int64_t delivery_id, bool *ret_waits, bool *ret_flies);

/* A head says that everybody of his place knows. ERR_NOT_FOUND: he is none there, or has said so.
 */
MUST_CHECK
enum err ledger_confirm(struct store *store, int64_t delivery_id, int64_t resident_id);
/* The next head by number. */
MUST_CHECK
enum err ledger_head_next(
	struct store *store, int64_t delivery_id, int64_t after_id, struct ledger_row *ret_row);
/* Who still waits at that place goes before the others. */
MUST_CHECK
enum err ledger_climb(struct store *store, int64_t delivery_id, int64_t place_id);

typedef void (*ledger_row_fn)(void *arg, const struct ledger_row *row);
MUST_CHECK
enum err ledger_list(struct store *store, int64_t delivery_id, int64_t after_id, int limit,
	ledger_row_fn fn, void *arg);
struct ledger_count {
	enum ledger_state state;
	char channel[16];
	char reason[LEDGER_REASON_BYTES];
	int wave;
	int64_t count, cost;
	int64_t last_ms;
};
typedef void (*ledger_count_fn)(void *arg, const struct ledger_count *count);
MUST_CHECK
enum err ledger_counts(struct store *store, int64_t delivery_id, ledger_count_fn fn, void *arg);

#endif
