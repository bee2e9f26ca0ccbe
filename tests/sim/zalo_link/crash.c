/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A daemon that sends texts in pieces, pictures and files dies at every point there is, one after
 * the other: before a request, after the server acted, before and after its answer is looked at,
 * before each commit. A second life goes on from what is on disk. Whatever the point, everything
 * has arrived once and in order.
 */
#include "tests/sim/zalo_link/sim_zalo_link.h"

#include "tests/sim/zalo_link/http_fake.h"
#include "tests/sim/zalo_link/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIFE_MS	   (2 * MINUTE_MS)
#define RECOVER_MS (8 * MINUTE_MS)
#define MESSAGES   6

static void queue_all(struct world *w)
{
	int64_t image = world_attachment(w, "anh.jpg"), file = world_attachment(w, "don.pdf");
	const struct world_message messages[MESSAGES] = {
		{CHANNEL_ZALO_USER, "11", LANE_ANSWER, OUTBOX_KIND_ANSWER, 700, 0},
		{CHANNEL_ZALO_USER, "11", LANE_ANSWER, OUTBOX_KIND_ANSWER, 2, image},
		{CHANNEL_ZALO_USER, "12", LANE_ANSWER, OUTBOX_KIND_ANSWER, 3, file},
		{CHANNEL_ZALO_USER, "12", LANE_ANSWER, OUTBOX_KIND_ANSWER, 1, 0},
		{CHANNEL_ZALO_GROUP, WORLD_GROUP, LANE_ANSWER, OUTBOX_KIND_RELAY, 400, image},
		{CHANNEL_ZALO_GROUP, WORLD_GROUP, LANE_BULLETIN, OUTBOX_KIND_BULLETIN, 1, 0},
	};

	for (int i = 0; i < MESSAGES; i++)
		world_queue(w, i, &messages[i]);
}

/* In a child: 0 when it came to the end without dying. */
static int live(struct world *w, int64_t ms, bool is_first, bool is_checked)
{
	pid_t pid = fork();
	int status = 0, faults = 0;

	CHECK(pid >= 0);
	if (!pid) {
		world_start(w);
		if (is_first)
			queue_all(w);
		world_run(w, cloud->clock.mono + ms);
		if (is_checked)
			faults = world_check(w, "after a crash", true);
		world_stop(w);
		_exit(faults ? 1 : 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* *ret_ended: the first life was over before that point. */
static int crash_at(int point, int second, bool *ret_ended)
{
	struct world w;
	int faults = 0, result;

	cloud_open(7);
	world_init(&w);
	cloud->crash_at = point;
	*ret_ended = live(&w, LIFE_MS, true, false) == 0;
	w.is_first = !cloud->points;
	cloud->crash_at = 0;
	w.is_first = false;
	if (second) {
		cloud->points = 0;
		cloud->crash_at = second;
		(void)live(&w, RECOVER_MS, false, false);
		cloud->crash_at = 0;
	}
	result = live(&w, RECOVER_MS, false, true);
	if (result) {
		fprintf(stderr, "crash at point %d, then %d: %d\n", point, second, result);
		faults = 1;
	}
	world_done(&w);
	return faults;
}

int crash_everywhere(bool is_full)
{
	bool has_ended = false;
	int faults = 0, point;

	for (point = 1; !has_ended; point++) {
		faults += crash_at(point, 0, &has_ended);
		for (int second = 1; is_full && second <= 60; second += 3)
			faults += crash_at(point, second, &(bool){false});
	}
	printf("crash: %d points, %d faults\n", point - 1, faults);
	/* Fewer would mean that nothing was sent. */
	return faults || point < 60 ? 1 : 0;
}
