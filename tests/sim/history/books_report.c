/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/history.h"

#include "daemon/desk/entitlement.h"
#include "store/party.h"

#include <string.h>

struct tally {
	struct history *h;
	int64_t report_id;
	int found[WORLD_TEXTS];	  /* messages of reports that hold the text */
	int is_seen[WORLD_TEXTS]; /* in the report at hand */
	bool is_amended[WORLD_TEXTS];
};

static void count_words(void *arg, const struct report_entry *entry)
{
	struct tally *tally = arg;

	for (int i = 0; i < tally->h->world.text_count; i++) {
		if (!strstr(entry->text, tally->h->world.texts[i].words[0]))
			continue;
		/* The whole of a message says again what a part of it said. */
		if (entry->kind == REPORT_ENTRY_AMENDED)
			tally->is_amended[i] = true;
		else
			tally->is_seen[i]++;
	}
}

static void keep_number(void *arg, const struct report *report)
{
	struct numbers *n = arg;

	CHECK(n->count < 2 * WORLD_TEXTS);
	n->ids[n->count] = report->id;
	n->years[n->count] = report->year;
	n->number[n->count++] = report->number;
}

void take_numbers(struct history *h, struct numbers *n)
{
	n->count = 0;
	must(h, report_list(h->store, 0, 2 * WORLD_TEXTS, keep_number, n), "report_list");
}

/* Each text that asked for it is in a report that heeds it. */
static void check_heeded(void *arg, const struct report_entry *entry)
{
	struct tally *tally = arg;
	const struct world *w = &tally->h->world;
	struct report report;

	for (int i = 0; i < w->text_count; i++) {
		if ((!w->texts[i].is_anonymous && !w->texts[i].is_quiet) ||
			!strstr(entry->text, w->texts[i].words[0]))
			continue;
		must(tally->h, report_load(tally->h->store, tally->report_id, &report), "report");
		if ((w->texts[i].is_anonymous && !report.is_anonymous) ||
			(w->texts[i].is_quiet && !report.is_quiet))
			BROKEN(tally->h, "text %d is in report %lld, which is not so hidden", i,
				(long long)report.id);
	}
}

#define DRAWN_LEAST 10000

/* The next one each, and from the claim on one that says nothing and that nobody else has. */
static void check_numbers(struct history *h, const struct numbers *n)
{
	int64_t first_drawn = h->is_claimed ? h->claimed_after : n->count;

	for (int i = 0; i < n->count; i++) {
		bool is_drawn = n->count - 1 - i >= first_drawn;

		if (is_drawn != (n->number[i] >= DRAWN_LEAST))
			BROKEN(h, "report %lld has the number %d", (long long)n->ids[i],
				n->number[i]);
		if (!is_drawn && i + 1 < n->count && n->years[i] == n->years[i + 1] &&
			n->number[i] != n->number[i + 1] + 1)
			BROKEN(h, "report numbers %d and %d are not neighbours", n->number[i + 1],
				n->number[i]);
		for (int k = i + 1; is_drawn && k < n->count; k++) {
			if (n->years[i] == n->years[k] && n->number[i] == n->number[k])
				BROKEN(h, "reports %lld and %lld are called the same",
					(long long)n->ids[k], (long long)n->ids[i]);
		}
	}
}

void check_reports(struct history *h, const struct numbers *n)
{
	static struct tally tally;
	struct world *w = &h->world;

	memset(&tally, 0, sizeof(tally));
	tally.h = h;
	for (int i = 0; i < n->count; i++) {
		memset(tally.is_seen, 0, sizeof(tally.is_seen));
		memset(tally.is_amended, 0, sizeof(tally.is_amended));
		tally.report_id = n->ids[i];
		must(h, report_entries(h->store, staff_reader(h), n->ids[i], count_words, &tally),
			"entries");
		must(h, report_entries(h->store, staff_reader(h), n->ids[i], check_heeded, &tally),
			"entries");
		for (int t = 0; t < w->text_count; t++)
			tally.found[t] += tally.is_seen[t] ? tally.is_seen[t] : tally.is_amended[t];
	}
	for (int t = 0; t < w->text_count; t++) {
		int expected = 0, first = w->texts[t].twin_of >= 0 ? w->texts[t].twin_of : t;

		for (int i = 0; i < w->text_count; i++)
			expected += i == first || w->texts[i].twin_of == first;
		if (w->texts[t].vouched + (w->texts[t].lost >= 0) != w->texts[t].total)
			BROKEN(h, "text %d: %d of %d parts were taken", t, w->texts[t].vouched,
				w->texts[t].total);
		if (tally.found[t] != expected)
			BROKEN(h, "text %d is there %d times, expected %d", t, tally.found[t],
				expected);
	}
	check_numbers(h, n);
}

struct hidden {
	struct history *h;
	int64_t report_id, party_id;
	int entries;
	bool is_quiet_from_start;
};

/* What comes in parts may ask for silence when the receipt is gone. */
static void see_first(void *arg, const struct report_entry *entry)
{
	struct hidden *hidden = arg;

	if (!hidden->entries++)
		hidden->is_quiet_from_start = strstr(entry->text, "IM <") != NULL;
}

static void check_message(void *arg, const struct inbox_row *row)
{
	struct hidden *hidden = arg;

	if (row->report_id == hidden->report_id && row->state != INBOX_IGNORED &&
		row->party_id != hidden->party_id)
		BROKEN(hidden->h, "inbox %lld names who wrote report %lld", (long long)row->id,
			(long long)hidden->report_id);
}

static void check_silence(void *arg, const struct outbox_row *row)
{
	struct hidden *hidden = arg;

	if (row->report_id == hidden->report_id && row->party_id == hidden->party_id)
		BROKEN(hidden->h, "outbox %lld is about the quiet report %lld", (long long)row->id,
			(long long)hidden->report_id);
}

static void check_address(struct history *h, const struct hidden *hidden)
{
	CLEAN_BUF address = {0};

	buf_init(&address, PARTY_ADDRESS_MAX);
	if (party_address(h->store, hidden->party_id, &address) != ERR_NOT_FOUND)
		BROKEN(h, "the sender of report %lld is known after it was closed",
			(long long)hidden->report_id);
}

/* Those whose report asks for it, of whatever words. */
void check_hidden(struct history *h, const struct numbers *n)
{
	struct report report;
	struct party party;
	int64_t next_ms;

	for (int i = 0; i < n->count; i++) {
		must(h, report_set_state(h->store, n->ids[i], "closed"), "close");
		must(h, entitlement_changed(h->desk, n->ids[i], "system"), "settle");
	}
	must(h, intake_tick(h->intake, &next_ms), "intake_tick");
	for (int i = 0; i < n->count; i++) {
		struct hidden hidden = {.h = h, .report_id = n->ids[i]};

		must(h, report_load(h->store, n->ids[i], &report), "report");
		must(h, party_load(h->store, report.party_id, &party), "party");
		hidden.party_id = party.id;
		if (report.is_anonymous != party.is_anonymous)
			BROKEN(h, "report %lld is of the wrong sender", (long long)report.id);
		must(h, report_entries(h->store, staff_reader(h), report.id, see_first, &hidden),
			"entries");
		if (report.is_quiet && hidden.is_quiet_from_start)
			must(h, outbox_list(h->store, 0, 100000, check_silence, &hidden), "outbox");
		if (!report.is_anonymous)
			continue;
		must(h, inbox_list(h->store, 0, 100000, check_message, &hidden), "inbox");
		check_address(h, &hidden);
	}
}
