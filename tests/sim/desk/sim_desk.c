/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random histories of the desk, each compared with a small model after every act: residents write,
 * ask and visit, officers work, come, go and are complained about, time passes over Tết and years.
 * See model.h for what must hold, and compare.c for where it is looked at.
 *
 * Each act draws its random numbers from a seed of its own, so that a history that fails is first
 * made as short as it can be by leaving acts out, and then told act by act.
 *
 * usage: sim_desk [--seeds N] [--first SEED] [--steps N] [--trace]
 * (--steps: acts of each, at most; otherwise some, by the seed)
 */
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "tests/sim/desk/acts.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

#define STEPS_MAX    200
#define STEPS_LEAST  5
#define STEPS_SPREAD 11

static const struct act *const families[] = {
	acts_of_residents, acts_on_reports, acts_of_law, acts_of_staff, acts_of_time};

static struct box claimed_box, open_box;
static struct history history;

static const struct act *choose_act(struct history *h)
{
	int all = 0, at;

	for (size_t f = 0; f < ARRAY_LEN(families); f++) {
		for (const struct act *act = families[f]; act->name; act++)
			all += act->weight;
	}
	at = choose_below(h, all);
	for (size_t f = 0; f < ARRAY_LEN(families); f++) {
		for (const struct act *act = families[f]; act->name; act++) {
			at -= act->weight;
			if (at < 0)
				return act;
		}
	}
	return NULL;
}

/* Some begin shortly before Tết or the turn of the year, the others on any day. */
static int64_t begin_ms(struct history *h)
{
	static const int64_t eves[] = {INT64_C(1798700000000), INT64_C(1801600000000)};
	int64_t ms = choose_one_in(h, 2) ? eves[choose_below(h, 2)]
					 : INT64_C(1792000000000) + choose_below(h, 150) * DAY_MS;

	return ms + choose_below(h, 1440) * MINUTE_MS;
}

static void history_begin(struct history *h, uint64_t seed, bool is_traced)
{
	bool is_claimed = seed % 8 != 0;
	int dialogue_minutes;

	h->seed = seed;
	h->is_traced = is_traced;
	h->faults = 0;
	h->box = is_claimed ? &claimed_box : &open_box;
	rng_init(&h->rng, seed);
	memset(&h->m, 0, offsetof(struct model, officers));
	h->m.law = (struct law *)h->box->law;
	h->m.now_ms = begin_ms(h);
	dialogue_minutes = choose_one_in(h, 4) ? 0 : 30;
	h->m.dialogue_ms = dialogue_minutes * MINUTE_MS;
	h->m.is_claimed = is_claimed;
	memcpy(h->m.officers, h->box->officers, sizeof(h->m.officers));
	h->m.officer_count = h->box->officer_count;
	h->m.party_count = h->m.report_count = h->m.row_count = 0;
	h->m.writer = h->m.writer_other = NOBODY;
	h->m.all = (struct model_guard){0};
	memset(h->m.codes, 0, sizeof(h->m.codes));
	memset(h->m.books, 0, sizeof(h->m.books));
	box_begin(h->box, h->m.now_ms, dialogue_minutes);
}

/* Room for one more of everything. */
static bool is_full(const struct model *m)
{
	for (int i = 0; i < m->report_count; i++) {
		if (m->reports[i].entry_count > MODEL_ENTRIES - 4 ||
			m->reports[i].clock_count > MODEL_CLOCKS - 2 ||
			m->reports[i].followed_count == MODEL_FOLLOWED)
			return true;
	}
	return m->report_count == MODEL_REPORTS || m->party_count > MODEL_PARTIES - 4 ||
	       m->row_count > MODEL_ROWS - 24;
}

/* Which acts are left out: `skips`, NULL none. */
static int run_history(uint64_t seed, int steps, const bool *skips, bool is_traced)
{
	struct history *h = &history;

	history_begin(h, seed, is_traced);
	for (int i = 0; i < steps && !h->faults && !is_full(&h->m); i++) {
		const struct act *act;

		if (skips && skips[i])
			continue;
		rng_init(&h->rng, seed * STEPS_MAX + (uint64_t)i);
		(void)rng_next(&h->rng);
		act = choose_act(h);
		history_trace(h, "%d: %s", i, act->name);
		act->fn(h);
		compare(h, false);
	}
	if (!h->faults)
		compare(h, true);
	box_end(h->box);
	return h->faults;
}

/* As few acts as it takes. */
static void tell_fault(uint64_t seed, int steps)
{
	static bool skips[STEPS_MAX];
	bool has_shrunk = true;

	memset(skips, 0, sizeof(skips));
	while (has_shrunk) {
		has_shrunk = false;
		for (int i = steps - 1; i >= 0; i--) {
			if (skips[i])
				continue;
			skips[i] = true;
			if (run_history(seed, steps, skips, false))
				has_shrunk = true;
			else
				skips[i] = false;
		}
	}
	fprintf(stderr, "seed %llu, the acts that it takes:\n", (unsigned long long)seed);
	(void)run_history(seed, steps, skips, true);
	fprintf(stderr, "again: sim_desk --first %llu --seeds 1 --steps %d\n",
		(unsigned long long)seed, steps);
}

static long run_all(long first, long seeds, int steps, bool is_traced)
{
	long broken = 0;

	for (long seed = first; seed < first + seeds && broken < 5; seed++) {
		int some = steps ? steps : STEPS_LEAST + (int)(seed % STEPS_SPREAD);

		if (!run_history((uint64_t)seed, some, NULL, is_traced))
			continue;
		broken++;
		tell_fault((uint64_t)seed, some);
	}
	return broken;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {{"seeds", required_argument, NULL, 'n'},
		{"first", required_argument, NULL, 'f'}, {"steps", required_argument, NULL, 's'},
		{"trace", no_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
	long seeds = 1000, first = 1, broken;
	int64_t steps = 0;
	struct errbuf eb = {0};
	struct law *law = NULL;
	bool is_traced = false;
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'n')
			seeds = strtol(optarg, NULL, 10);
		else if (c == 'f')
			first = strtol(optarg, NULL, 10);
		else if (c == 's' && !str_to_int64(optarg, 1, STEPS_MAX, &steps))
			continue;
		else if (c == 't')
			is_traced = true;
		else
			return 2;
	}
	log_set_level((enum log_level)0);
	box_must(law_load(&(struct law_options){.calendar_file = "", .regimes_directory = ""}, &law,
			 &eb),
		eb.text);
	box_prepare(&claimed_box, law, true);
	box_prepare(&open_box, law, false);
	broken = run_all(first, seeds, (int)steps, is_traced);
	box_free(&claimed_box);
	box_free(&open_box);
	law_free(law);
	printf("%ld histories from seed %ld, %ld broken\n", seeds, first, broken);
	return broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
