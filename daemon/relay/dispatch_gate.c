/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a channel keeps back. A row that it does not admit stays QUEUED: either its lane waits until
 * there is room (in memory; nothing is written for the rows behind it), or it alone is held until
 * its own time. Nobody asks before that time, so a full cap costs nothing while it is full.
 */
#include "daemon/relay/dispatch_private.h"

#include "daemon/base/log.h"
#include "store/event.h"

#include <string.h>

/* Of a lane that waits for room until `until_ms`: what expires before that, said once as it grows.
 */
static enum err note_short(struct dispatch *d, struct channel *channel, enum lane lane)
{
	struct gated *gated = &d->gated[channel->kind];
	struct outbox_waiting waiting;
	char data[128];
	int64_t known = gated->short_count[lane], count = 0;
	enum err err = outbox_waiting(d->store, channel->kind, lane, &waiting);

	if (err)
		return err;
	if (waiting.count)
		count = waiting.count - channel->gate->room(channel, lane, waiting.last_expires_ms);
	gated->short_count[lane] = count > 0 ? count : 0;
	if (count <= known)
		return ERR_OK;
	snprintf(data, sizeof(data),
		"{\"channel\":\"%s\",\"lane\":%d,\"queued\":%lld,\"short\":%lld}",
		channel_kind_text(channel->kind), (int)lane, (long long)waiting.count,
		(long long)count);
	log_warn("caps", "channel=%s lane=%d queued=%lld short=%lld",
		channel_kind_text(channel->kind), (int)lane, (long long)waiting.count,
		(long long)count);
	return event_add(d->store, "caps.short", "", "system", data);
}

/* A row that will not find room before it expires waits for its expiry, which is told now. */
static enum err hold_row(struct dispatch *d, const struct outbox_row *row, int64_t due_ms)
{
	struct gated *gated = &d->gated[row->channel];
	enum err err;

	if (due_ms < row->expires_ms)
		return outbox_hold(d->store, row->id, due_ms, ERR_RATE);
	gated->short_rows++;
	if (gated->short_rows_ms < row->expires_ms)
		gated->short_rows_ms = row->expires_ms;
	log_warn("caps", "id=%lld channel=%s lane=%d short=1", (long long)row->id,
		channel_kind_text(row->channel), (int)row->lane);
	err = outbox_hold(d->store, row->id, row->expires_ms, ERR_RATE);
	return err ? err : dispatch_note(d, "caps.short", row, ERR_RATE);
}

/*
 * A lane that waits for room keeps the lanes after it waiting too: their short messages would take
 * every segment that becomes free from under a long one that comes first.
 */
enum err gate_keep_back(struct dispatch *d, struct channel *channel, const struct outbox_row *row,
	const struct gate_answer *answer)
{
	struct gated *gated = &d->gated[channel->kind];

	switch (answer->result) {
	case GATE_BUSY:
		gated->until_ms[row->lane] = INT64_MAX;
		return ERR_OK;
	case GATE_WAIT_ROW:
		return hold_row(d, row, answer->due_ms);
	case GATE_WAIT:
		for (int lane = (int)row->lane; lane < LANE_COUNT; lane++) {
			if (gated->until_ms[lane] < answer->due_ms)
				gated->until_ms[lane] = answer->due_ms;
		}
		return note_short(d, channel, row->lane);
	case GATE_GO:
		break;
	}
	return ERR_OK;
}

void dispatch_ungate(struct dispatch *d, enum channel_kind kind)
{
	memset(d->gated[kind].until_ms, 0, sizeof(d->gated[kind].until_ms));
	dispatch_wake(d);
}

void dispatch_gated(
	const struct dispatch *d, enum channel_kind kind, struct dispatch_gated *ret_gated)
{
	const struct gated *gated = &d->gated[kind];

	*ret_gated = (struct dispatch_gated){.short_count = gated->short_rows};
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		if (gated->until_ms[lane] != INT64_MAX)
			ret_gated->until_ms[lane] = gated->until_ms[lane];
		ret_gated->short_count += gated->short_count[lane];
	}
}

void gate_forget(struct dispatch *d)
{
	memset(d->gated, 0, sizeof(d->gated));
}

void gate_open(struct dispatch *d)
{
	int64_t now_ms = dispatch_now(d);

	for (int kind = 0; kind < CHANNEL_KIND_COUNT; kind++) {
		struct gated *gated = &d->gated[kind];

		if (gated->short_rows_ms <= now_ms)
			gated->short_rows = 0;
		for (int lane = 0; lane < LANE_COUNT; lane++) {
			if (gated->until_ms[lane] == INT64_MAX || gated->until_ms[lane] <= now_ms)
				gated->until_ms[lane] = 0;
		}
	}
}
