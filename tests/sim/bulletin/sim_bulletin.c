/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random histories of bulletins on a virtual clock, each from one seed: emergencies and others
 * begin, Zalo and the radio come and go, sends fail or nobody knows, the power is cut, residents
 * refuse bulletins, bulletins are stopped, recalled and corrected, in any order. Then everything
 * calms down, and the books of the networks are held against the ledger:
 *
 *   1. nobody was told twice of one bulletin, but for those of whom nobody knew whether the first
 *      one had gone; and never twice by the same words
 *   2. nobody was told who had refused before
 *   3. no SIM passed a cap in any window
 *   4. nothing left after a bulletin was recalled or had expired, or while it was stopped
 *   5. nothing but emergencies left in the quiet hours
 *   6. every recipient ended in a final state, with a reason when he was not reached, and it is the
 *      true one; a correction went to exactly those whom the corrected one had, or may have,
 * reached
 *   7. the month's money was not passed, and the reserve only by emergencies
 *
 * usage: sim_bulletin [--seeds N] [--first SEED]
 */
#include "daemon/base/str.h"
#include "store/ledger.h"
#include "store/refusal.h"
#include "store/resident.h"
#include "store/turn.h"
#include "tests/sim/bulletin/town.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define BULLETINS_MAX 12
#define RESIDENTS_MAX 64
#define STEPS	      220
#define CALM_MS	      (20 * DAY_MS)

struct issued {
	int64_t id;
	enum bulletin_urgency urgency;
	int64_t corrects;
	int64_t began_ms, expires_ms;
	int64_t stopped_ms; /* recalled; 0 not */
	int64_t paused_ms;  /* stopped, and not resumed yet; 0 not */
	int taken_count;    /* of the networks, when it was stopped */
	bool had_refused[RESIDENTS_MAX];
	int64_t refused_ms[RESIDENTS_MAX]; /* while it went out; 0 not */
};

struct history {
	uint64_t seed;
	struct issued issued[BULLETINS_MAX];
	int count;
	bool refuses[RESIDENTS_MAX];
	int64_t ids[RESIDENTS_MAX]; /* in the registry */
	int faults;
};

static struct town town;

#define BROKEN(h, ...) \
	do { \
		fprintf(stderr, "seed %llu: ", (unsigned long long)(h)->seed); \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr); \
		(h)->faults++; \
	} while (0)

static int below(int limit)
{
	return (int)rng_below(&town.rng, limit);
}

/* ---- what happens ----------------------------------------------------------------------------
 */

static void issue(struct history *h)
{
	static const enum bulletin_urgency urgencies[] = {
		BULLETIN_URGENCY_IMMEDIATE, BULLETIN_URGENCY_EXPECTED, BULLETIN_URGENCY_FUTURE};
	struct issued *b = &h->issued[h->count];
	int64_t valid_ms = (1 + below(48)) * HOUR_MS;
	char audience[64] = "{\"all\":true}", sms[512];
	int filler = below(3) ? 0 : 100 + below(300);

	if (h->count == BULLETINS_MAX)
		return;
	*b = (struct issued){.urgency = urgencies[below(3)],
		.began_ms = town.clock.wall,
		.expires_ms = town.clock.wall + valid_ms};
	if (h->count && below(3) == 0) {
		const struct issued *wrong = &h->issued[below(h->count)];

		if (wrong->stopped_ms) {
			b->corrects = wrong->id;
			snprintf(audience, sizeof(audience), "{\"reached\":%lld}",
				(long long)wrong->id);
		}
	}
	snprintf(sms, sizeof(sms), "Tin so %d%*s", h->count, filler, filler ? "." : "");
	memcpy(b->had_refused, h->refuses, sizeof(h->refuses));
	b->id = town_bulletin(&town, b->urgency, valid_ms, sms, audience);
	h->count += b->id > 0;
}

static void stop_one(struct history *h)
{
	struct issued *b = h->count ? &h->issued[below(h->count)] : NULL;
	struct errbuf eb = {0};
	struct delivery d;

	if (!b || b->stopped_ms || town.clock.wall >= b->expires_ms)
		return;
	must(delivery_load(town.store, b->id, &d), "delivery");
	if (d.ended_ms && below(2))
		return;
	must(delivery_stop(town.desk, b->id, DELIVERY_RECALLED, "officer:1", &eb), "stop");
	town_turn(&town);
	b->stopped_ms = town.clock.wall;
	b->paused_ms = 0;
}

/* The brake, and off it again. */
static void pause_or_resume(struct history *h)
{
	struct issued *b = h->count ? &h->issued[below(h->count)] : NULL;
	struct errbuf eb = {0};
	struct delivery d;

	if (!b)
		return;
	must(delivery_load(town.store, b->id, &d), "delivery");
	if (d.state == DELIVERY_STOPPED && town.clock.wall < b->expires_ms) {
		must(delivery_resume(town.desk, b->id, "officer:1", &eb), "resume");
		dispatch_wake(town.dispatch);
		b->paused_ms = 0;
	} else if (d.state == DELIVERY_RUNNING && town.clock.wall < b->expires_ms) {
		must(delivery_stop(town.desk, b->id, DELIVERY_STOPPED, "officer:1", &eb), "stop");
		b->paused_ms = town.clock.wall;
		b->taken_count = town.taken_count;
	}
	town_turn(&town);
}

/* Nothing of what is stopped is taken by a network. */
static void check_paused(struct history *h)
{
	for (int i = 0; i < h->count; i++) {
		struct issued *b = &h->issued[i];

		for (; b->paused_ms && b->taken_count < town.taken_count; b->taken_count++) {
			if (town.taken[b->taken_count].delivery_id == b->id)
				BROKEN(h, "bulletin %lld left while it was stopped",
					(long long)b->id);
		}
	}
}

/* He wants them again: the next one, not those that went past him. */
static void come_back(struct history *h, int who)
{
	static const enum refusal_kind kinds[] = {REFUSAL_ASKED, REFUSAL_BLOCKED};
	int64_t ended;
	char phone[24];

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		must(refusal_end(town.store, REFUSAL_PHONE, town_phone(who, phone), kinds[i], NULL,
			     &ended),
			"back");
	town_turn(&town);
	h->refuses[who] = false;
}

/* All of them, their topic, another topic, or an officer blocks the number. */
static void refuse(struct history *h)
{
	static const struct {
		const char *topic;
		bool is_blocked, is_theirs;
	} ways[] = {{"", false, true}, {"thien_tai", false, true}, {"fraud", false, false},
		{"", true, true}};
	int who = below(town.plan.residents), way = below((int)ARRAY_LEN(ways));
	char phone[24];
	bool is_new;

	if (h->refuses[who]) {
		come_back(h, who);
		return;
	}
	must(refusal_put(town.store, REFUSAL_PHONE, town_phone(who, phone),
		     ways[way].is_blocked ? REFUSAL_BLOCKED : REFUSAL_ASKED, ways[way].topic,
		     &is_new),
		"refusal");
	must(delivery_refused(town.desk, &(struct delivery_refusal){.kind = PARTY_PHONE,
						 .address = phone,
						 .topic = ways[way].topic,
						 .is_blocked = ways[way].is_blocked}),
		"refused");
	town_turn(&town);
	if (!ways[way].is_theirs)
		return;
	h->refuses[who] = true;
	for (int i = 0; i < h->count; i++) {
		if (!h->issued[i].refused_ms[who])
			h->issued[i].refused_ms[who] = town.clock.wall;
	}
}

static void something_happens(struct history *h)
{
	switch (below(16)) {
	case 14:
	case 15:
		pause_or_resume(h);
		return;
	case 12:
	case 13:
		(void)town_receipt(&town, 9000 + below(20));
		return;
	case 0:
	case 1:
		issue(h);
		return;
	case 2:
		stop_one(h);
		return;
	case 3:
		refuse(h);
		return;
	case 4:
	case 5:
		town_set_zalo(&town, below(2));
		return;
	case 6:
		town_set_radio(&town, below(3) > 0);
		return;
	case 7:
		town_crash(&town);
		return;
	default:
		return;
	}
}

static void live(struct history *h)
{
	issue(h);
	for (int i = 0; i < STEPS; i++) {
		static const int64_t waits[] = {
			2 * SECOND_MS, 20 * SECOND_MS, 3 * MINUTE_MS, 40 * MINUTE_MS, 5 * HOUR_MS};
		int64_t until_ms = town.clock.wall + waits[below((int)ARRAY_LEN(waits))];

		while (town_step(&town, until_ms) && below(40))
			;
		check_paused(h);
		something_happens(h);
	}
	town.is_calm = true;
	town_set_zalo(&town, true);
	town_set_radio(&town, true);
	for (int64_t end_ms = town.clock.wall + CALM_MS; town_step(&town, end_ms);)
		;
}

/* ---- what must hold --------------------------------------------------------------------------
 */

static const struct issued *issued_of(const struct history *h, int64_t id)
{
	for (int i = 0; i < h->count; i++) {
		if (h->issued[i].id == id)
			return &h->issued[i];
	}
	return NULL;
}

static void check_taken(struct history *h, int at)
{
	const struct town_taken *t = &town.taken[at];
	const struct issued *b = issued_of(h, t->delivery_id);
	bool is_emergency;

	if (!b)
		return; /* a receipt */
	is_emergency = b->urgency == BULLETIN_URGENCY_IMMEDIATE;
	if (b->had_refused[t->resident] ||
		(b->refused_ms[t->resident] && t->at_ms > b->refused_ms[t->resident]))
		BROKEN(h, "bulletin %lld went to %d, who refuses", (long long)b->id, t->resident);
	if (t->at_ms >= b->expires_ms)
		BROKEN(h, "bulletin %lld left after it expired", (long long)b->id);
	if (b->stopped_ms && t->at_ms > b->stopped_ms)
		BROKEN(h, "bulletin %lld left after it was stopped", (long long)b->id);
	if (!is_emergency && quiet_end_ms(&town.plan.rules.quiet, t->at_ms))
		BROKEN(h, "bulletin %lld left in the night", (long long)b->id);
	for (int i = 0; i < at; i++) {
		const struct town_taken *e = &town.taken[i];

		if (e->delivery_id != t->delivery_id || e->resident != t->resident)
			continue;
		if (memcmp(e->content, t->content, sizeof(t->content)) == 0 &&
			e->channel == t->channel)
			BROKEN(h, "bulletin %lld went to %d twice by the same words",
				(long long)b->id, t->resident);
		else if (!e->is_doubtful)
			BROKEN(h, "bulletin %lld went to %d twice", (long long)b->id, t->resident);
	}
}

static void check_window(struct history *h, int64_t window_ms, int most, bool same)
{
	for (int i = 0; most && i < town.taken_count; i++) {
		const struct town_taken *last = &town.taken[i];
		int sum = 0;

		if (last->channel != CHANNEL_MODEM)
			continue;
		for (int j = town.taken_count - 1; j >= 0; j--) {
			const struct town_taken *t = &town.taken[j];

			if (t->channel != CHANNEL_MODEM || t->sim != last->sim ||
				t->at_ms <= last->at_ms - window_ms || t->at_ms > last->at_ms)
				continue;
			if (!same)
				sum += t->segments;
			else if (t->segments &&
				 memcmp(t->content, last->content, sizeof(t->content)) == 0)
				sum++;
		}
		if (sum > most)
			BROKEN(h, "sim%d sent %d in %lld ms, not %d", last->sim, sum,
				(long long)window_ms, most);
	}
}

static void check_caps(struct history *h)
{
	const struct caps *caps = &town.plan.caps;

	check_window(h, MINUTE_MS, caps->per_minute, false);
	check_window(h, HOUR_MS, caps->per_hour, false);
	check_window(h, DAY_MS, caps->per_day, false);
	check_window(h, 5 * MINUTE_MS, caps->same_per_5min, true);
	check_window(h, HOUR_MS, caps->same_per_hour, true);
}

/* Of the month that all of a history lies in. */
static void check_money(struct history *h)
{
	const struct delivery_rules *rules = &town.plan.rules;
	int64_t cost = 0, others = 0, left;

	for (int i = 0; i < town.taken_count; i++) {
		const struct town_taken *t = &town.taken[i];
		int64_t price = t->segments * DELIVERY_PRICE_GUESS;

		if (t->channel != CHANNEL_MODEM || !t->delivery_id ||
			clock_local_month(t->at_ms) != clock_local_month(town.taken[0].at_ms))
			continue;
		cost += price;
		if (issued_of(h, t->delivery_id)->urgency != BULLETIN_URGENCY_IMMEDIATE)
			others += price;
	}
	/* A reserve that is more than there is keeps all of it. */
	left = rules->budget > rules->reserve ? rules->budget - rules->reserve : 0;
	if (rules->budget && (cost > rules->budget || others > left))
		BROKEN(h, "%lld dong were spent of %lld, %lld of them not on emergencies",
			(long long)cost, (long long)rules->budget, (long long)others);
}

static int times_taken(int64_t delivery_id, int resident, int *ret_doubtful)
{
	int sure = 0;

	*ret_doubtful = 0;
	for (int i = 0; i < town.taken_count; i++) {
		const struct town_taken *t = &town.taken[i];

		if (t->delivery_id != delivery_id || t->resident != resident)
			continue;
		sure += !t->is_doubtful;
		*ret_doubtful += t->is_doubtful;
	}
	return sure;
}

static bool is_over(const struct ledger_row *row)
{
	return row->state == LEDGER_REACHED || row->state == LEDGER_MISSED ||
	       row->state == LEDGER_SKIPPED || row->state == LEDGER_EXPIRED ||
	       row->state == LEDGER_STOPPED;
}

static void check_correction(struct history *h, const struct issued *b, int resident, bool has_row)
{
	int doubtful, sure = times_taken(b->corrects, resident, &doubtful);
	struct ledger_row old;
	enum err err = ledger_load(town.store, b->corrects, h->ids[resident], &old);

	if (sure && !has_row)
		BROKEN(h, "bulletin %lld corrects %lld, and %d was forgotten", (long long)b->id,
			(long long)b->corrects, resident);
	if (has_row && !err && !sure && !doubtful && !old.may_know &&
		times_taken(b->id, resident, &doubtful))
		BROKEN(h, "bulletin %lld corrects %lld for %d, who never heard of it",
			(long long)b->id, (long long)b->corrects, resident);
}

static void check_row(struct history *h, const struct issued *b, int resident)
{
	int doubtful, sure = times_taken(b->id, resident, &doubtful);
	struct ledger_row row;
	enum err err = ledger_load(town.store, b->id, h->ids[resident], &row);

	if (b->corrects)
		check_correction(h, b, resident, !err);
	if (err == ERR_NOT_FOUND && b->corrects)
		return;
	must(err, "row");
	if (!is_over(&row))
		BROKEN(h, "bulletin %lld: %d ends as %s", (long long)b->id, resident,
			ledger_state_text(row.state));
	if (row.state != LEDGER_REACHED && !row.reason[0])
		BROKEN(h, "bulletin %lld: %d is %s for no reason", (long long)b->id, resident,
			ledger_state_text(row.state));
	if ((row.state == LEDGER_REACHED) != (sure > 0) || (doubtful && !sure && !row.may_know))
		BROKEN(h, "bulletin %lld: %d is %s, and was told %d times (%s)", (long long)b->id,
			resident, ledger_state_text(row.state), sure, row.reason);
}

static void check(struct history *h)
{
	for (int i = 0; i < town.taken_count; i++)
		check_taken(h, i);
	check_caps(h);
	check_money(h);
	for (int i = 0; i < h->count; i++) {
		struct delivery d;

		must(delivery_load(town.store, h->issued[i].id, &d), "delivery");
		if (!d.ended_ms)
			BROKEN(h, "bulletin %lld never ends: %s", (long long)d.id,
				delivery_state_text(d.state));
		for (int r = 0; r < town.plan.residents; r++)
			check_row(h, &h->issued[i], r);
	}
}

static struct town_plan draw_plan(uint64_t seed)
{
	struct rng rng;
	struct town_plan plan = {.segment_ms = 3 * SECOND_MS, .zalo_ms = 400};

	rng_init(&rng, seed + 1000);
	plan.hamlets = 2 + (int)rng_below(&rng, 3);
	plan.residents = 16 + (int)rng_below(&rng, RESIDENTS_MAX - 16);
	plan.zalo_percent = (int)rng_below(&rng, 101);
	plan.sims = 1 + (int)rng_below(&rng, 3);
	plan.faults_per_mille = (int)rng_below(&rng, 250);
	plan.rules = (struct delivery_rules){.quiet = {22, 7},
		.normal_sms = (enum plan_sms)rng_below(&rng, PLAN_SMS_DIGEST + 1),
		.zalo_window_ms = 365 * DAY_MS};
	for (int i = 0; i < OPERATOR_COUNT; i++)
		plan.rules.price[i] = DELIVERY_PRICE_GUESS;
	if (rng_below(&rng, 2))
		plan.caps = (struct caps){.per_minute = 5 + (int)rng_below(&rng, 10),
			.per_hour = 20 + (int)rng_below(&rng, 60),
			.per_day = 60 + (int)rng_below(&rng, 100),
			.same_per_5min = 2 + (int)rng_below(&rng, 4),
			.same_per_hour = 8 + (int)rng_below(&rng, 20)};
	if (rng_below(&rng, 2)) {
		plan.rules.budget = 10000 + rng_below(&rng, 60000);
		plan.rules.reserve = rng_below(&rng, 20000);
	}
	return plan;
}

static int run(uint64_t seed)
{
	struct town_plan plan = draw_plan(seed);
	struct history h = {.seed = seed};

	town_open(&town, &plan, seed);
	for (int i = 0; i < plan.residents; i++) {
		char phone[24];

		must(resident_find(town.store, town_phone(i, phone), &h.ids[i]), "resident");
	}
	live(&h);
	check(&h);
	printf("seed %llu: %d bulletins, %d messages, %d restarts: %s\n", (unsigned long long)seed,
		h.count, town.taken_count, town.restarts, h.faults ? "BROKEN" : "ok");
	town_close(&town);
	return h.faults;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"seeds", required_argument, NULL, 's'},
		{"first", required_argument, NULL, 'f'}, {NULL, 0, NULL, 0}};
	int64_t seeds = 20, first = 1;
	int faults = 0, option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		int64_t *value = option == 's' ? &seeds : &first;

		if (option == '?' || str_to_int64(optarg, 0, INT32_MAX, value))
			return 2;
	}
	for (int64_t seed = first; seed < first + seeds; seed++)
		faults += run((uint64_t)seed);
	return faults ? 1 : 0;
}
