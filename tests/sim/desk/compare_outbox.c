/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What leaves: to residents exactly what the model says, to officers nothing that is not theirs to
 * know. */
#include "tests/sim/desk/compare.h"

#include "daemon/base/str.h"

#include <ctype.h>
#include <string.h>

struct fresh {
	struct history *h;
	struct outbox_row rows[64];
	int count;
};

static void keep_fresh(void *arg, const struct outbox_row *row)
{
	struct fresh *f = arg;
	const struct box *box = f->h->box;

	if (box->row_count && row->id <= box->rows[box->row_count - 1])
		return;
	CHECK(f->count < 64);
	f->rows[f->count++] = *row;
}

static int party_of(const struct history *h, int64_t id)
{
	for (int i = 0; i < h->m.party_count; i++) {
		if (h->m.parties[i].id == id)
			return i;
	}
	return NOBODY;
}

static void to_resident(
	struct history *h, const struct outbox_row *row, int party, const char *text)
{
	int report = row->report_id ? history_report_of(h, row->report_id) : NOBODY;

	for (int i = 0; i < h->m.row_count; i++) {
		struct model_row *expected = &h->m.rows[i];

		if (expected->id || expected->party != party || expected->report != report ||
			expected->kind != row->kind)
			continue;
		HISTORY_IS(h, !expected->text[0] || str_eq(expected->text, text),
			"person %d is sent '%.150s', not '%.150s'", h->m.parties[party].person,
			text, expected->text);
		expected->id = row->id;
		return;
	}
	history_fault(h, "person %d is sent '%.150s' about report %d, and should not be",
		h->m.parties[party].person, text, report);
}

/* Does it name that report, as "R3/2026" or "12/2026"? */
static bool names(const char *text, const struct model_report *r)
{
	char number[REPORT_NUMBER_BYTES], name[32];
	const char *at = text;

	model_number_text(r, number);
	snprintf(name, sizeof(name), "%s/%d", number, r->year);
	while ((at = strstr(at, name))) {
		if (at == text || !isalnum((unsigned char)at[-1]))
			return true;
		at++;
	}
	return false;
}

/* The officer whose telephone it is; NOBODY: a phone or a group that several people read. */
static int officer_at(const struct history *h, int64_t party_id)
{
	CLEAN_BUF address = {0};

	buf_init(&address, PARTY_ADDRESS_MAX);
	if (party_address(h->box->store, party_id, &address))
		return NOBODY;
	for (int i = 0; i < h->m.officer_count; i++) {
		if (str_eq(h->m.officers[i].phone, buf_text(&address)))
			return i;
	}
	return NOBODY;
}

static void to_officer(struct history *h, const struct outbox_row *row, const char *text)
{
	int officer = officer_at(h, row->party_id);

	for (int i = 0; i < h->m.report_count; i++) {
		const struct model_report *r = &h->m.reports[i];

		if (!r->is_confined || (row->report_id != r->id && !names(text, r)))
			continue;
		HISTORY_IS(h, officer != NOBODY, "all that are on duty are told of report %lld",
			(long long)r->id);
		HISTORY_IS(h, officer == NOBODY || r->keys & 1u << officer,
			"%s is told of report %lld, which is not his to know",
			h->m.officers[officer].login, (long long)r->id);
	}
	for (int i = 0; i < h->m.report_count; i++)
		HISTORY_IS(h,
			row->channel != CHANNEL_MODEM || !h->m.reports[i].entry_count ||
				!strstr(text, h->m.reports[i].entries[0].text),
			"an SMS carries the words of report %lld", (long long)h->m.reports[i].id);
}

void compare_outbox(struct history *h)
{
	struct fresh f = {.h = h};
	struct box *box = h->box;

	box_must(outbox_list(box->store, 0, 64, keep_fresh, &f), "outbox_list");
	for (int i = f.count - 1; i >= 0; i--) {
		const struct outbox_row *row = &f.rows[i];
		int party = party_of(h, row->party_id);
		CLEAN_BUF text = {0};

		CHECK(box->row_count < BOX_ROWS);
		box->rows[box->row_count++] = row->id;
		buf_init(&text, OUTBOX_BODY_MAX);
		/* What was cancelled at once has no words any more. */
		if (!row->is_final)
			box_must(outbox_text(box->store, row->id, &text), "outbox_text");
		if (party != NOBODY)
			to_resident(h, row, party, buf_text(&text));
		else if (!row->is_final)
			to_officer(h, row, buf_text(&text));
	}
	for (int i = 0; i < h->m.row_count; i++)
		HISTORY_IS(h, h->m.rows[i].id || h->m.rows[i].state != ROW_QUEUED,
			"person %d is not sent '%.200s' about report %d",
			h->m.parties[h->m.rows[i].party].person, h->m.rows[i].text,
			h->m.rows[i].report);
}

/* Words about a report that became confined while they waited. What only counts reports, and was
 * said while it was anybody's to know, may leave. */
static void compare_waiting(struct history *h)
{
	for (int i = 0; i < h->box->row_count; i++) {
		struct outbox_row row = {0};
		CLEAN_BUF text = {0};
		int report;

		box_must(outbox_load(h->box->store, h->box->rows[i], &row), "outbox_load");
		report = row.report_id ? history_report_of(h, row.report_id) : NOBODY;
		if (row.state != OUTBOX_QUEUED || report == NOBODY ||
			!h->m.reports[report].is_confined || party_of(h, row.party_id) != NOBODY)
			continue;
		buf_init(&text, OUTBOX_BODY_MAX);
		box_must(outbox_text(h->box->store, row.id, &text), "outbox_text");
		HISTORY_IS(h,
			officer_at(h, row.party_id) != NOBODY ||
				!names(buf_text(&text), &h->m.reports[report]),
			"all that are on duty will be told of report %lld, which is confined by now",
			(long long)row.report_id);
	}
}

void compare_rows(struct history *h, bool is_end)
{
	for (int i = 0; i < h->m.row_count; i++) {
		const struct model_row *expected = &h->m.rows[i];
		struct outbox_row row = {0};
		enum outbox_state state = expected->state == ROW_QUEUED ? OUTBOX_QUEUED
					  : expected->state == ROW_SENT ? OUTBOX_SENT
									: OUTBOX_CANCELLED;

		if (!expected->id || (!is_end && state == OUTBOX_SENT))
			continue;
		box_must(outbox_load(h->box->store, expected->id, &row), "outbox_load");
		HISTORY_IS(h, row.state == state, "message %lld to person %d is %s, not %s",
			(long long)row.id, h->m.parties[expected->party].person,
			outbox_state_text(row.state), outbox_state_text(state));
	}
	if (is_end)
		compare_waiting(h);
}
