/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three days on a line that is up for a tenth of the time, in pieces; calls fail now and then even
 * while it is up. Residents write, officers answer, bulletins go out. At the end, with an hour of
 * good line, everything has arrived once, in order, and every alarm was in the duty group or on the
 * duty phone within the time that the desk waits for the group.
 */
#include "tests/sim/zalo_link/sim_zalo_link.h"

#include "tests/sim/zalo_link/http_fake.h"
#include "tests/sim/zalo_link/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOURS	   72
#define USERS	   20
#define STANDBY_MS (2 * MINUTE_MS)
#define SLACK_MS   (30 * SECOND_MS) /* the SMS themselves, one after the other */
#define AFTER_MS   (2 * HOUR_MS)
#define STEP_MS	   (5 * MINUTE_MS)

struct alarms {
	struct world *w;
	const char *when;
	int count, by_group, late;
};

/* An SMS that stood by: it was sent in time, or cancelled since the group had been told in time. */
static void check_alarm(void *arg, const struct outbox_row *row)
{
	struct alarms *a = arg;
	struct outbox_row main_row;
	int64_t told_ms = INT64_MAX;

	if (row->kind != OUTBOX_KIND_ALARM)
		return;
	a->count++;
	for (int i = 0; i < cloud->sms_count; i++) {
		if (cloud->sms[i].outbox_id == row->id)
			told_ms = cloud->sms[i].at_ms;
	}
	if (!outbox_load(a->w->store, row->standby_for, &main_row) && main_row.sent_ms &&
		main_row.sent_ms < told_ms) {
		told_ms = main_row.sent_ms;
		a->by_group++;
	}
	if (told_ms > row->created_ms + STANDBY_MS + SLACK_MS) {
		a->late++;
		fprintf(stderr, "%s: alarm %" PRId64 " was %" PRId64 " s late\n", a->when, row->id,
			(told_ms - row->created_ms - STANDBY_MS) / SECOND_MS);
	}
}

/* By SMS, which comes in whatever the line does: the duty side has to learn of it. */
static void text_in(struct world *w)
{
	static int count;
	char id[32];

	snprintf(id, sizeof(id), "sim/%d", count++);
	CHECK(!intake_accept(w->intake, &(struct inbound){.channel = "modem",
						.external_id = id,
						.kind = INBOX_KIND_TEXT,
						.from_kind = PARTY_PHONE,
						.from = "+84900001234",
						.text = "hang xom mo nhac to qua"}));
}

static void busy_moment(struct world *w, int *tag)
{
	char user[16];
	int what = (int)rng_below(&cloud->rng, 100);
	struct world_message m = {CHANNEL_ZALO_USER, user, LANE_ANSWER, OUTBOX_KIND_ANSWER,
		1 + (int)rng_below(&cloud->rng, 20), 0};

	snprintf(user, sizeof(user), "%d", 100 + (int)rng_below(&cloud->rng, USERS));
	if (what < 10) {
		text_in(w);
		return;
	}
	if (what < 25) {
		cloud_write(user, what % 2 ? "chay nha o ap 3" : "xin hoi thu tuc tam tru");
		return;
	}
	if (what < 50) {
		m.lane = LANE_BULLETIN;
		m.kind = OUTBOX_KIND_BULLETIN;
	} else if (what < 60) {
		m.words = 600;
	} else if (what < 65) {
		m.enclosure_id = world_attachment(w, what % 2 ? "anh.jpg" : "don.pdf");
	} else if (what < 75) {
		m = (struct world_message){
			CHANNEL_ZALO_GROUP, "901", LANE_BULLETIN, OUTBOX_KIND_BULLETIN, 5, 0};
	}
	world_queue(w, (*tag)++, &m);
}

int outage_of_three_days(uint64_t seed)
{
	char when[48];
	struct world w;
	struct alarms alarms = {.w = &w, .when = when};
	int faults, tag = 0;

	snprintf(when, sizeof(when), "seed %" PRIu64, seed);
	cloud_open(seed);
	cloud->faults_per_mille = 20;
	cloud_break_line(HOURS * HOUR_MS);
	world_init(&w);
	world_start(&w);
	while (cloud->clock.mono < HOURS * HOUR_MS) {
		if (rng_below(&cloud->rng, 2))
			busy_moment(&w, &tag);
		world_run(&w, cloud->clock.mono + rng_below(&cloud->rng, 2 * STEP_MS));
		/* The power goes, too. */
		if (rng_below(&cloud->rng, 200) == 0) {
			world_stop(&w);
			world_start(&w);
		}
	}
	cloud->faults_per_mille = 0;
	world_run(&w, cloud->clock.mono + AFTER_MS);
	faults = world_check(&w, when, true);
	CHECK(!outbox_list(w.store, 0, INT32_MAX, check_alarm, &alarms));
	printf("%s: %d messages of ours and theirs, %d alarms (%d by the group first), %d calls, "
	       "%d refused, %d answers lost, %d faults\n",
		when, cloud->message_count, alarms.count, alarms.by_group, cloud->calls,
		cloud->refused, cloud->lost_answers, faults + alarms.late);
	world_stop(&w);
	world_done(&w);
	return faults + alarms.late || !alarms.by_group || !cloud->lost_answers ? 1 : 0;
}
