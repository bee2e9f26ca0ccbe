/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zalo's lists forget: after a longer absence than they go back, nobody can tell from them what was
 * written before their oldest row. Known without a hole is everything up to the floor's row and up
 * to the beginning of the last whole walk. A quiet account looks just the same as one whose rows
 * are gone, so what lies between is called lost only when it is older than zalo.history_days; or
 * when a long list ends above a row that is younger than that, and was there the last time.
 */
#include "daemon/relay/zalo_private.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "store/event.h"

#include <inttypes.h>

/* A list that ends early was cut off only if it is long: of a short one a row may have been taken
 * back by its writer. */
#define CUT_ROWS 100

static enum err gap_note(struct zalo *z, const struct zalo_poll *p, int64_t from_ms, int64_t to_ms)
{
	const char *list = p->is_group ? "groups" : "users";
	char from[CLOCK_MOMENT_BYTES], to[CLOCK_MOMENT_BYTES], data[128];
	const struct phrase_field fields[] = {{"from", from}, {"to", to}, {NULL, NULL}};
	enum err err = zalo_gap_add(z->store, list, from_ms, to_ms);

	clock_format_moment(from_ms, from);
	clock_format_moment(to_ms, to);
	log_warn("zalo_poll", "list=%s gap=yes hours=%" PRId64, list, (to_ms - from_ms) / HOUR_MS);
	snprintf(data, sizeof(data), "{\"list\":\"%s\",\"from\":%" PRId64 ",\"to\":%" PRId64 "}",
		list, from_ms, to_ms);
	if (!err)
		err = event_add(z->store, "zalo.gap", "", "system", data);
	if (!err)
		err = desk_alarm(z->desk, "zalo_gap", fields);
	return err;
}

enum err zalo_gap_check(struct zalo *z, const struct zalo_poll *p)
{
	int64_t horizon_ms = zalo_wall(z) + z->skew_ms - (int64_t)z->config->history_days * DAY_MS;
	int64_t floor_ms = p->cursor.floor_ms, covered_ms = p->cursor.covered_ms;
	int64_t known_ms = floor_ms > covered_ms ? floor_ms : covered_ms;
	int64_t until_ms = zalo_sooner(p->oldest_ms, horizon_ms);

	if (!known_ms)
		return ERR_OK; /* the first walk ever: nothing was promised before */
	if (floor_ms > horizon_ms && p->oldest_ms != INT64_MAX && p->offset >= CUT_ROWS)
		until_ms = p->oldest_ms;
	return until_ms > known_ms ? gap_note(z, p, known_ms, until_ms) : ERR_OK;
}

json_t *zalo_receive_status(const struct zalo *z)
{
	const struct zalo_poll *groups = &z->group_poll;
	int64_t gaps = 0;

	if (zalo_gap_count(z->store, &gaps))
		gaps = 0;
	return json_pack("{s:I,s:b,s:I,s:I,s:s,s:o,s:o}", "gaps", (json_int_t)gaps, "groups_read",
		!z->config->is_groups_off, "groups_last_poll", (json_int_t)groups->last_ms,
		"groups_offset", (json_int_t)groups->cursor.offset, "groups_error",
		groups->err ? groups->text : "", "media", zalo_media_status(z), "webhook",
		zalo_webhook_status(z));
}
