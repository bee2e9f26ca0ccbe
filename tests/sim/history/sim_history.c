/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random histories of store + intake + desk + dispatch on a virtual clock, each from one seed:
 * residents write, the network and Zalo misbehave, commits fail, the daemon dies and starts again
 * at any point. Afterwards everything calms down, a month passes, and the books of the world are
 * held against those of the store:
 *
 *   1. what the daemon vouched for ("stored") is in exactly one report, once; equal texts sent
 * twice are there twice, as two reports or as one and more of it
 *   2. no message was taken by a network twice, and none is DELIVERED of which a part never left
 *   3. one recipient got the messages of a lane in the order in which they were queued
 *   4. every row ended in a final state
 *   5. no SIM passed a cap in any window
 *   6. what the network delivered twice is one report, and no part waits for ever for the rest
 *   7. report numbers have no gap, or where there are officers no meaning and the register none;
 * the event chain holds, nothing is in quarantine
 *   8. a jump of the wall clock moves all that waits along: nothing falls due, expires or is put
 * off
 *   9. nothing is sent to the phone of a quiet report about it, and who asked to be hidden is known
 * as nobody else: his report and its messages are of a correspondent of their own, whose address is
 * gone when it is closed
 *  10. a call of the USSD gateway that comes again is answered as before, whatever happened in
 * between; the code that somebody was shown is that of a report, and his words are in one at most
 *  11. where there are officers, from the first day or some day on, each report is read by exactly
 * those who may, and by the box no more
 *
 * usage: sim_history [--seeds N] [--first SEED] [--steps N] [--verbose]
 */
#include "daemon/base/log.h"
#include "daemon/desk/alarm.h"
#include "daemon/intake/menu_act.h"
#include "tests/sim/history/history.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

static void step(struct history *h)
{
	struct world *w = &h->world;

	switch (rng_below(&w->rng, 14)) {
	case 0:
	case 1:
		world_write_text(w);
		break;
	case 2:
	case 3:
		world_deliver(w);
		read_slots(h);
		break;
	case 4:
		world_report(w, h->store);
		break;
	case 12:
		world_repeat_some(w);
		break;
	case 13:
		if (rng_below(&w->rng, 3) == 0)
			jump(h);
		break;
	case 5:
		if (rng_below(&w->rng, 3) == 0)
			take_some_alarm(h);
		if (rng_below(&w->rng, 3))
			answer_some_report(h);
		else
			decide_some_report(h);
		break;
	case 6:
		world_set_reach(w, (enum channel_kind)rng_below(&w->rng, CHANNEL_KIND_COUNT),
			rng_below(&w->rng, 3) > 0);
		break;
	case 7:
		clock_virtual_advance(&w->clock, rng_below(&w->rng, 20 * MINUTE_MS));
		look_at_clocks(h);
		daemon_wake(h);
		break;
	case 8:
		if (rng_below(&w->rng, 5) == 0) {
			daemon_die(h);
			daemon_start(h);
			h->restarts++;
		}
		break;
	default:
		clock_virtual_advance(&w->clock, rng_below(&w->rng, 3 * SECOND_MS));
		daemon_wake(h);
	}
	dial_some(h);
	world_answer(w, h->store);
	end_turn(h);
}

/* No more faults; everything that waits gets its chance, then a month passes. */
static void calm_down(struct history *h)
{
	struct world *w = &h->world;

	w->is_calm = true;
	for (int i = 0; i < CHANNEL_KIND_COUNT; i++)
		world_set_reach(w, (enum channel_kind)i, true);
	for (int i = 0; i < 2000; i++) {
		world_deliver(w);
		read_slots(h);
		clock_virtual_advance(&w->clock, i < 1500 ? 5 * SECOND_MS : 2 * HOUR_MS);
		look_at_clocks(h);
		world_answer(w, h->store);
		world_report(w, h->store);
		daemon_wake(h);
		end_turn(h);
	}
}

/* A box without officers, one that has them from the first day, and one that is claimed under way.
 */
static int claim_step(uint64_t seed, int steps)
{
	switch (seed / 6 % 3) {
	case 0:
		return 0;
	case 1:
		return steps / 4 + (int)(seed % 6) * steps / 10;
	default:
		return -1;
	}
}

static int run_history(
	uint64_t seed, int steps, const struct law *law, const struct menus *menus, bool is_verbose)
{
	static struct history history;
	static struct numbers numbers;
	struct history *h = &history;
	uint8_t key[VAULT_KEY_BYTES] = {1, 2, 3};

	memset(h, 0, sizeof(*h));
	h->seed = seed;
	h->law = law;
	h->menus = menus;
	rng_init(&h->dial.rng, ~seed);
	world_init(&h->world, seed);
	snprintf(h->dir, sizeof(h->dir), "/tmp/history.XXXXXX");
	CHECK(mkdtemp(h->dir));
	snprintf(h->path, sizeof(h->path), "%.48s/box.db", h->dir);
	must(h, vault_new(key, &h->vault), "vault");
	daemon_start(h);
	for (int i = 0; i < steps; i++) {
		if (i == claim_step(seed, steps))
			staff_claim(h);
		step(h);
	}
	calm_down(h);
	take_numbers(h, &numbers);
	check_staff(h, &numbers);
	check_reports(h, &numbers);
	check_dialled(h, &numbers);
	check_networks(h);
	look_at_clocks(h);
	check_clocks(h);
	check_hidden(h, &numbers);
	check_staff(h, &numbers);
	check_caps(h);
	check_alarms(h);
	check_store(h);
	if (is_verbose)
		printf("seed %llu: %d texts, %d reports, %d sends, %d restarts, %d failed commits, %d ticks undone, %d jumps, %d alarms, %d answered, %d calls, %d codes\n",
			(unsigned long long)seed, h->world.text_count, numbers.count,
			h->world.accepted_count, h->restarts, h->aborts, h->undone, h->world.jumps,
			h->alarm_count, h->taken, h->dial.call_count, h->dial.code_count);
	daemon_die(h);
	staff_free(h);
	vault_free(h->vault);
	for (const char *const *suffix =
			(const char *const[]){"", "-wal", "-shm", ".lock", ".head", NULL};
		*suffix; suffix++) {
		char path[sizeof(h->path) + 8];

		snprintf(path, sizeof(path), "%.*s%s", (int)sizeof(h->path) - 1, h->path, *suffix);
		unlink(path);
	}
	rmdir(h->dir);
	return h->faults;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {{"seeds", required_argument, NULL, 'n'},
		{"first", required_argument, NULL, 'f'}, {"steps", required_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
	long seeds = 100, first = 1, steps = 600;
	struct errbuf eb = {0};
	struct law *law;
	struct menus *menus;
	bool is_verbose = false;
	int broken = 0, c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'n')
			seeds = strtol(optarg, NULL, 10);
		else if (c == 'f')
			first = strtol(optarg, NULL, 10);
		else if (c == 's')
			steps = strtol(optarg, NULL, 10);
		else if (c == 'v')
			is_verbose = true;
		else
			return 2;
	}
	log_set_level((enum log_level)0);
	if (law_load(&(struct law_options){.calendar_file = "", .regimes_directory = ""}, &law,
		    &eb) ||
		menus_load("", menu_act_names(), &menus, &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		return EXIT_FAILURE;
	}
	for (long seed = first; seed < first + seeds; seed++)
		broken += run_history((uint64_t)seed, (int)steps, law, menus, is_verbose) != 0;
	menus_free(menus);
	law_free(law);
	printf("%ld histories, %d broken\n", seeds, broken);
	return broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
