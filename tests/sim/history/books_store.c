/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/history.h"

#include "store/event.h"

static void count_clock(void *arg, const struct report_clock *clock)
{
	(void)clock;
	++*(int *)arg;
}

/* Everything that is late by the minute was told, and every notice that left was counted. */
void check_clocks(struct history *h)
{
	struct report_clock clock;
	int64_t now_ms = 0, sent_ms;
	int untold = 0;

	must(h, desk_legal_now(h->desk, &now_ms), "legal_now");
	must(h,
		report_clock_late(
			h->store, now_ms - 2 * DESK_BUNDLE_MS, false, 100, count_clock, &untold),
		"late");
	if (untold)
		BROKEN(h, "%d clocks are late and nobody was told", untold);
	if (report_clock_noticed(h->store, &clock, &sent_ms) != ERR_NOT_FOUND)
		BROKEN(h, "clock %lld waits for a notice that has left", (long long)clock.id);
}

/* Each step rang each phone once, in their order; without an answer all of them did. */
static void check_alarm(void *arg, const struct alarm *alarm)
{
	struct history *h = arg;

	CHECK(h->alarm_count < WORLD_TEXTS);
	h->alarms[h->alarm_count++] = *alarm;
}

static void check_pages(struct history *h, const struct alarm *alarm)
{
	struct alarm_page page = {.outbox_id = 0};
	int64_t first = 0;
	int rung[ALARM_STEPS + 1][2] = {{0}}, count = 0, last = 0;

	while (!alarm_page_next(h->store, alarm->id, page.outbox_id, &page)) {
		first = first ? first : page.party_id;
		count++;
		if (page.step < last || page.step > ALARM_STEPS)
			BROKEN(h, "alarm %lld: step %d after %d", (long long)alarm->id, page.step,
				last);
		else if (++rung[page.step][page.party_id != first] > 1)
			BROKEN(h, "alarm %lld: step %d rang twice", (long long)alarm->id,
				page.step);
		last = page.step;
	}
	if (alarm->state == ALARM_RINGING)
		BROKEN(h, "alarm %lld rings for ever", (long long)alarm->id);
	if (alarm->state == ALARM_UNANSWERED && count != 2 * (ALARM_STEPS + 1))
		BROKEN(h, "alarm %lld ended with %d messages", (long long)alarm->id, count);
	if (last != alarm->step)
		BROKEN(h, "alarm %lld is at step %d, rung was %d", (long long)alarm->id,
			alarm->step, last);
}

void check_alarms(struct history *h)
{
	h->alarm_count = 0;
	must(h, alarm_list(h->store, 0, WORLD_TEXTS, check_alarm, h), "alarm_list");
	for (int i = 0; i < h->alarm_count; i++)
		check_pages(h, &h->alarms[i]);
}

static void check_final(void *arg, const struct outbox_row *row)
{
	struct history *h = arg;

	h->ended[row->state]++;
	if (!row->is_final)
		BROKEN(h, "outbox %lld ended as %s", (long long)row->id,
			outbox_state_text(row->state));
}

void check_store(struct history *h)
{
	struct sms_set set;
	int64_t count, bad = 0;

	must(h, inbox_count(h->store, INBOX_WAITING, &count), "inbox_count");
	if (count)
		BROKEN(h, "%lld parts wait for ever", (long long)count);
	if (sms_set_oldest(h->store, INT64_MAX, &set) != ERR_NOT_FOUND)
		BROKEN(h, "set %lld is still open", (long long)set.id);

	must(h, outbox_list(h->store, 0, 100000, check_final, h), "outbox_list");
	for (int i = 0; i <= OUTBOX_CANCELLED; i++) {
		must(h, outbox_count(h->store, (enum outbox_state)i, &count), "outbox_count");
		if (count != h->ended[i])
			BROKEN(h, "%lld rows are %s, counted %lld", (long long)h->ended[i],
				outbox_state_text((enum outbox_state)i), (long long)count);
	}
	if (event_verify(h->store, &count, &bad))
		BROKEN(h, "event chain breaks at %lld", (long long)bad);
	must(h, quarantine_count(h->store, &count), "quarantine_count");
	if (count)
		BROKEN(h, "%lld messages in quarantine", (long long)count);
}
