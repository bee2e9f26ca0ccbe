/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time goes by, messages leave, and binhyend looks at what is due. */
#include "tests/sim/desk/acts.h"

#include "daemon/desk/alarm.h"
#include "daemon/desk/identity.h"
#include "daemon/desk/legal.h"
#include "daemon/desk/retention.h"

/* What officers are told is not the model's to know, only that it waits. */
static unsigned untold(struct history *h)
{
	unsigned reports = 0;

	for (int i = 0; i < h->box->row_count; i++) {
		struct outbox_row row = {0};
		int report;

		box_must(outbox_load(h->box->store, h->box->rows[i], &row), "outbox_load");
		report = row.report_id ? history_report_of(h, row.report_id) : NOBODY;
		if (!row.is_final && report != NOBODY &&
			(row.kind == OUTBOX_KIND_ALARM || row.kind == OUTBOX_KIND_RELAY))
			reports |= 1u << report;
	}
	return reports;
}

static void tick(struct history *h)
{
	struct box *box = h->box;
	int64_t next_ms;

	h->m.untold = untold(h);

	box_must(intake_tick(box->intake, &next_ms), "intake_tick");
	model_forget_anonymous(&h->m);
	box_must(desk_legal_tick(box->desk, &next_ms), "legal_tick");
	model_law_tick(&h->m);
	box_must(retention_tick(box->desk), "retention_tick");
	model_retention_tick(&h->m);
	box_must(alarm_tick(box->desk, &next_ms), "alarm_tick");
	box_must(identity_tick(box->desk), "identity_tick");
}

static void act_wait(struct history *h)
{
	static const int64_t spans_ms[] = {5 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, 12 * HOUR_MS,
		4 * DAY_MS, 40 * DAY_MS, 400 * DAY_MS};
	int64_t span_ms = spans_ms[choose_below(h, choose_one_in(h, 4) ? 7 : 5)];

	clock_virtual_advance(&h->box->clock, 1 + rng_below(&h->rng, span_ms));
	h->m.now_ms = h->box->clock.wall;
	history_trace(h, "  until %lld", (long long)h->m.now_ms);
	if (!choose_one_in(h, 3))
		tick(h);
}

static void act_tick(struct history *h)
{
	tick(h);
}

/* Every message that waits leaves. */
static void act_send(struct history *h)
{
	struct box *box = h->box;

	for (int i = 0; i < box->row_count; i++) {
		const struct outbox_move claimed = {
			.to = OUTBOX_CLAIMED, .deadline_ms = h->m.now_ms + MINUTE_MS};
		const struct outbox_move sent = {.to = OUTBOX_SENT, .is_final = true};
		struct outbox_row row = {0};

		box_must(outbox_load(box->store, box->rows[i], &row), "outbox_load");
		if (row.state != OUTBOX_QUEUED)
			continue;
		box_must(outbox_move(box->store, row.id, &claimed), "claim");
		box_must(outbox_move(box->store, row.id, &sent), "sent");
	}
	for (int i = 0; i < h->m.row_count; i++) {
		struct model_row *row = &h->m.rows[i];

		if (row->state == ROW_QUEUED) {
			row->state = ROW_SENT;
			row->sent_ms = h->m.now_ms;
		}
	}
}

const struct act acts_of_time[] = {
	{"wait", act_wait, 16}, {"tick", act_tick, 3}, {"send", act_send, 7}, {NULL, NULL, 0}};
