/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/history.h"

#include "store/party.h"
#include "store/turn.h"

/* What waits, and how long it still has. */
struct waiting {
	int64_t id;
	enum outbox_state state;
	bool is_final;
	int64_t due_ms, deadline_ms, expires_ms;
};
struct snapshot {
	struct history *h;
	struct waiting rows[WORLD_ACCEPTED];
	int count;
};

static void keep_waiting(void *arg, const struct outbox_row *row)
{
	struct snapshot *s = arg;
	int64_t now_ms = s->h->world.clock.wall;

	CHECK(s->count < WORLD_ACCEPTED);
	s->rows[s->count++] = (struct waiting){row->id, row->state, row->is_final,
		row->due_ms - now_ms, row->deadline_ms - now_ms, row->expires_ms - now_ms};
}

static void take_snapshot(struct history *h, struct snapshot *s)
{
	s->h = h;
	s->count = 0;
	must(h, outbox_list(h->store, 0, WORLD_ACCEPTED, keep_waiting, s), "outbox_list");
}

/* As whom else this phone is known; 0 nobody. */
static int64_t same_phone(struct history *h, int64_t party_id)
{
	struct party party, other = {.id = 0};
	CLEAN_BUF address = {0};

	must(h, party_load(h->store, party_id, &party), "party_load");
	buf_init(&address, PARTY_ADDRESS_MAX);
	if (party_address(h->store, party_id, &address))
		return 0;
	if (party.is_anonymous
			? party_find(h->store, party.kind, buf_text(&address), &other)
			: party_find_anonymous(h->store, party.kind, buf_text(&address), &other))
		return 0;
	return other.id;
}

static void see_quiet(void *arg, const struct report *report)
{
	*(bool *)arg |= report->is_quiet;
}

/* Who asks for silence just then is sent nothing of what still waits for him. */
static bool is_silenced(struct history *h, const struct waiting *now)
{
	struct outbox_row row;
	bool is_hushed = false;
	int64_t other_id;

	if (now->state != OUTBOX_CANCELLED)
		return false;
	must(h, outbox_load(h->store, now->id, &row), "outbox_load");
	if (row.lane != LANE_ANSWER)
		return false;
	/* Whenever that was: the clock has jumped in between. */
	must(h, report_of_party(h->store, row.party_id, 1000, see_quiet, &is_hushed), "reports");
	other_id = is_hushed ? 0 : same_phone(h, row.party_id);
	if (other_id)
		must(h, report_of_party(h->store, other_id, 1000, see_quiet, &is_hushed),
			"reports");
	return is_hushed;
}

/* Newest first: rows that came since the first one stand before. */
static void compare_snapshots(
	struct history *h, const struct snapshot *before, const struct snapshot *after)
{
	const struct waiting *now = after->rows + after->count - before->count;

	if (after->count < before->count)
		BROKEN(h, "%d rows are gone after a jump", before->count - after->count);
	for (int i = 0; i < before->count && after->count >= before->count; i++) {
		const struct waiting *a = &before->rows[i], *b = &now[i];

		if (a->id == b->id && is_silenced(h, b))
			continue;
		if (a->id != b->id || a->state != b->state || a->is_final != b->is_final)
			BROKEN(h, "outbox %lld changed by a jump alone", (long long)a->id);
		else if (!a->is_final &&
			 (a->due_ms != b->due_ms || a->deadline_ms != b->deadline_ms ||
				 a->expires_ms != b->expires_ms))
			BROKEN(h, "outbox %lld has another time left after a jump",
				(long long)a->id);
	}
	/* What came with the jump is due, and for as long as ever. */
	for (const struct waiting *b = after->rows; b < now; b++) {
		if (b->due_ms > HOUR_MS || b->expires_ms < HOUR_MS || b->expires_ms > 30 * DAY_MS)
			BROKEN(h, "outbox %lld was moved along with what was older",
				(long long)b->id);
	}
}

void jump(struct history *h)
{
	static struct snapshot before, after;
	struct world *w = &h->world;

	take_snapshot(h, &before);
	world_jump(w);
	if (rng_below(&w->rng, 2)) {
		world_deliver(w);
		read_slots(h);
	} else {
		must(h, dispatch_check_clock(h->dispatch), "check_clock");
	}
	if (rng_below(&w->rng, 4) == 0) {
		turn_abort(h->store, ERR_DISK_FULL);
		h->aborts++;
	}
	must(h, dispatch_check_clock(h->dispatch), "check_clock");
	must(h, turn_end(h->store, &(struct errbuf){0}), "turn_end");
	take_snapshot(h, &after);
	compare_snapshots(h, &before, &after);
	daemon_wake(h);
}
