/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/history.h"

#include <string.h>

#define ALARM_RETRY_MOST_MS (75 * SECOND_MS) /* a minute and a quarter of it */

/* A message that stood by was not in the line before its time came, nor was an alarm that keeps its
 * distance from the one before it. */
static bool stood_by(struct history *h, const struct world_accepted *a, int64_t until_ms)
{
	struct outbox_row row;

	must(h, outbox_load(h->store, a->outbox_id, &row), "outbox_load");
	if (a->due_ms < until_ms)
		return false;
	/* What was tried before had its first time earlier, by no more than the waits between. */
	return row.standby_for ||
	       (row.kind == OUTBOX_KIND_ALARM &&
		       a->due_ms - (row.attempts - 1) * ALARM_RETRY_MOST_MS >= until_ms);
}

static void check_pair(
	struct history *h, const struct world_accepted *a, const struct world_accepted *b)
{
	if (a->outbox_id == b->outbox_id)
		BROKEN(h, "outbox %lld went out twice", (long long)b->outbox_id);
	if (a->channel == b->channel && a->lane == b->lane && a->party_id == b->party_id &&
		a->outbox_id > b->outbox_id && !stood_by(h, b, a->at_ms))
		BROKEN(h, "outbox %lld overtook %lld", (long long)a->outbox_id,
			(long long)b->outbox_id);
}

/* Half a message is none, whatever was reported of it. */
static void check_whole(struct history *h, const struct world_accepted *a)
{
	struct outbox_row row;

	if (a->channel != CHANNEL_MODEM)
		return;
	must(h, outbox_load(h->store, a->outbox_id, &row), "outbox_load");
	if (row.state == OUTBOX_DELIVERED && a->taken != a->segments)
		BROKEN(h, "outbox %lld is DELIVERED, %d of %d segments were sent",
			(long long)a->outbox_id, a->taken, a->segments);
}

void check_networks(struct history *h)
{
	struct world *w = &h->world;

	for (int i = 0; i < w->accepted_count; i++) {
		check_whole(h, &w->accepted[i]);
		for (int j = 0; j < i; j++)
			check_pair(h, &w->accepted[j], &w->accepted[i]);
	}
}

/* What a SIM sent within the window that ends with message `last`. */
static int in_window(const struct world *w, int last, int64_t window_ms, bool same_words)
{
	const struct world_accepted *end = &w->accepted[last];
	int sum = 0;

	for (int i = 0; i < w->accepted_count; i++) {
		const struct world_accepted *a = &w->accepted[i];

		if (a->channel != CHANNEL_MODEM || a->sim != end->sim || a->at_ms > end->at_ms ||
			a->at_ms <= end->at_ms - window_ms)
			continue;
		if (!same_words)
			sum += a->segments;
		else if (memcmp(a->content, end->content, sizeof(a->content)) == 0)
			sum++;
	}
	return sum;
}

void check_caps(struct history *h)
{
	struct world *w = &h->world;

	for (int i = 0; i < w->accepted_count; i++) {
		const struct caps *caps =
			&w->sims[w->accepted[i].sim < 0 ? 0 : w->accepted[i].sim].caps;
		const struct {
			int64_t window_ms;
			int cap;
			bool same_words;
		} rules[] = {{MINUTE_MS, caps->per_minute, false}, {HOUR_MS, caps->per_hour, false},
			{DAY_MS, caps->per_day, false}, {5 * MINUTE_MS, caps->same_per_5min, true},
			{HOUR_MS, caps->same_per_hour, true}};

		if (w->accepted[i].channel != CHANNEL_MODEM)
			continue;
		for (size_t r = 0; r < ARRAY_LEN(rules); r++) {
			int used = in_window(w, i, rules[r].window_ms, rules[r].same_words);

			if (rules[r].cap && used > rules[r].cap)
				BROKEN(h, "sim%d sent %d in %lld s, cap %d", w->accepted[i].sim,
					used, (long long)(rules[r].window_ms / SECOND_MS),
					rules[r].cap);
		}
	}
}
