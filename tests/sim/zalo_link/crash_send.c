/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts in pieces, pictures and files: each arrives once and in order. */
#include "tests/sim/zalo_link/crash.h"

#define MESSAGES 6

static void queue_all(struct world *w, bool is_first)
{
	int64_t image, file;

	if (!is_first)
		return;
	image = world_attachment(w, "anh.jpg");
	file = world_attachment(w, "don.pdf");
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

static int all_arrived(struct world *w, const char *when)
{
	return world_check(w, when, true);
}

const struct crash_scene crash_sends = {.name = "sends",
	.life_ms = 2 * MINUTE_MS,
	.recover_ms = 8 * MINUTE_MS,
	.least = 60,
	.begin = queue_all,
	.live = world_run,
	.check = all_arrived};
