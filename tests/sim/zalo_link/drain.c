/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bulletins by the thousand, as fast as the account's calls allow, while residents write: what
 * share of the calls carries a message, and how long until what a resident wrote is in the inbox.
 */
#include "tests/sim/zalo_link/sim_zalo_link.h"

#include "store/inbox.h"
#include "tests/sim/zalo_link/http_fake.h"
#include "tests/sim/zalo_link/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define USERS	      100
#define TIPS	      400
#define SEEN_WITHIN_S 70 /* a minute, and what one page takes that finds no room in it */
#define STEP_MS	      SECOND_MS
#define AFTER_MS      (40 * MINUTE_MS)

struct drain {
	int limit, messages, tip_every_s, faults_per_mille;
	int at_least; /* per cent of the calls that carry a message, in whole minutes; 0 = any, and
		       * as late as the line lets it */
};

static const struct drain drains[] = {
	{.limit = 60, .messages = 900, .tip_every_s = 0, .at_least = 94},
	{.limit = 60, .messages = 900, .tip_every_s = 300, .at_least = 90},
	{.limit = 100, .messages = 1500, .tip_every_s = 300, .at_least = 91},
	{.limit = 2000, .messages = 7000, .tip_every_s = 15, .at_least = 93},
	{.limit = 2000, .messages = 5000, .tip_every_s = 15, .faults_per_mille = 5, .at_least = 0},
};

struct tips {
	int message[TIPS];
	bool is_seen[TIPS];
	int count, late, seen;
	int64_t longest_s;
};

static void write_tip(struct tips *tips)
{
	char user[16];

	CHECK(tips->count < TIPS);
	snprintf(user, sizeof(user), "%d", 500 + (int)rng_below(&cloud->rng, 20));
	tips->message[tips->count++] = cloud->message_count;
	cloud_write(user, "chay nha o ap 3");
}

static void look_for_tips(struct world *w, struct tips *tips)
{
	for (int i = 0; i < tips->count; i++) {
		int64_t inbox_id, report_id, s;
		char id[32];

		snprintf(id, sizeof(id), "m%06d", tips->message[i]);
		if (tips->is_seen[i] ||
			inbox_find(w->store, "zalo_user", id, &inbox_id, &report_id))
			continue;
		s = (cloud->clock.wall - cloud->messages[tips->message[i]].at_ms) / SECOND_MS;
		tips->is_seen[i] = true;
		tips->seen++;

		tips->late += s > SEEN_WITHIN_S;
		if (s > tips->longest_s)
			tips->longest_s = s;
	}
}

struct counts {
	int bulletins, messages; /* the others are receipts, and alarms to the group */
};

static struct counts count(void)
{
	struct counts counts = {0};

	for (int i = 0; i < cloud->message_count; i++) {
		counts.messages += cloud->messages[i].is_ours;
		counts.bulletins += cloud->messages[i].is_ours && cloud->messages[i].text[0] == 't';
	}
	return counts;
}

static void queue_all(struct world *w, const struct drain *d)
{
	for (int i = 0; i < d->messages; i++) {
		char user[16];

		snprintf(user, sizeof(user), "%d", 1000 + i % USERS);
		world_queue(w, i,
			&(struct world_message){CHANNEL_ZALO_USER, user, LANE_BULLETIN,
				OUTBOX_KIND_BULLETIN, 1, 0});
	}
}

/* Runs to the end of the minute on the wall. */
static void run_minute(struct world *w, const struct drain *d, struct tips *tips)
{
	int64_t end_ms = (cloud->clock.wall / MINUTE_MS + 1) * MINUTE_MS;

	while (cloud->clock.wall < end_ms) {
		int64_t ms = end_ms - cloud->clock.wall;

		if (d->tip_every_s && rng_below(&cloud->rng, d->tip_every_s) == 0)
			write_tip(tips);
		world_run(w, cloud->clock.mono + (ms < STEP_MS ? ms : STEP_MS));
		look_for_tips(w, tips);
	}
}

static int drain_of(const struct drain *d)
{
	struct tips tips = {0};
	char when[48];
	struct world w;
	struct counts begun, now;
	int minutes = 0, reads, sent = 0, share, faults;

	snprintf(when, sizeof(when), "%d a minute", d->limit);
	cloud_open((uint64_t)d->limit);
	cloud->limit = d->limit;
	world_init(&w);
	world_start(&w);
	world_run(&w, cloud->clock.mono + MINUTE_MS);
	cloud->faults_per_mille = d->faults_per_mille;
	queue_all(&w, d);
	run_minute(&w, d, &tips);
	reads = cloud->reads;
	/* Whole minutes, the last one apart, in which nothing may be left to send. */
	for (begun = now = count(); minutes < 600;) {
		run_minute(&w, d, &tips);
		now = count();
		/* The very last may be in doubt for minutes. */
		if (now.bulletins >= d->messages - d->messages / 100)
			break;
		sent = now.messages - begun.messages;
		minutes++;
	}
	reads = cloud->reads - reads;
	share = minutes ? 100 * sent / (minutes * d->limit) : 100;
	cloud->faults_per_mille = 0;
	for (int64_t end_ms = cloud->clock.mono + AFTER_MS; cloud->clock.mono < end_ms;) {
		world_run(&w, cloud->clock.mono + (tips.seen < tips.count ? STEP_MS : MINUTE_MS));
		look_for_tips(&w, &tips);
	}
	faults = world_check(&w, when, true) + (d->at_least ? tips.late : 0) +
		 (tips.seen < tips.count) + (share < d->at_least);
	printf("%d calls a minute, %d messages: %d %% of the calls are messages (%d minutes), %d "
	       "read; %d tips, %d seen, the last after %" PRId64 " s; %d faults\n",
		d->limit, d->messages, share, minutes, reads, tips.count, tips.seen, tips.longest_s,
		faults);
	world_stop(&w);
	world_done(&w);
	return faults;
}

int drain_everything(void)
{
	int faults = 0;

	for (size_t i = 0; i < ARRAY_LEN(drains); i++)
		faults += drain_of(&drains[i]);
	return faults ? 1 : 0;
}
