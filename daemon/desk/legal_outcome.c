/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of a report, and what its reporter is told of it: that it goes on, was passed on, or is
 * over, never what it was about, since others may read his phone. */
#include "daemon/desk/entitlement.h"
#include "daemon/desk/legal_private.h"
#include "gateway/sms_text.h"
#include "store/report_link.h"

#define MERGED_A_LOOK 32

static enum err tell_text(const struct report *report, const char *key, const struct desk_way *way,
	int64_t date_ms, struct buf *out)
{
	char number[REPORT_NUMBER_BYTES], date[CLOCK_DATE_BYTES];
	const struct phrase_field fields[] = {
		{"number", number}, {"code", report->code}, {"date", date}, {NULL, NULL}};

	report_number_text(report, number);
	clock_format_date(date_ms, date);
	return desk_phrase(way, key, fields, out);
}

enum err legal_tell(struct desk *desk, const struct report *report, const char *key,
	int64_t date_ms, int64_t *ret_outbox_id)
{
	struct desk_way way = {.is_open = false};
	CLEAN_BUF text = {0};
	int64_t id;
	enum err err;

	*ret_outbox_id = 0;
	if (report->is_quiet)
		return ERR_OK;
	err = desk_gate(desk, report->party_id, &way);
	if (err || !way.is_open)
		return err;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = tell_text(report, key, &way, date_ms, &text);
	if (!err)
		err = desk_say(desk, report->party_id, way.channel, OUTBOX_KIND_ANSWER, report->id,
			buf_text(&text), &id);
	if (!err)
		err = report_entry_add(desk->store, report->id, REPORT_ENTRY_ANSWER, desk_now(desk),
			id, buf_text(&text));
	if (!err)
		*ret_outbox_id = id;
	return err;
}

static bool is_line(const char *text, size_t max)
{
	size_t len = 0;

	for (; text[len]; len++) {
		if ((unsigned char)text[len] < 0x20 || text[len] == 0x7f)
			return false;
	}
	return len <= max && str_is_utf8(text, len);
}

static enum err check(const struct desk_outcome *in, struct report_outcome *out, struct errbuf *eb)
{
	if (report_outcome_of(in->kind, &out->kind))
		return errbuf_set(eb, ERR_INVALID,
			"an outcome is transferred, kept, settled, guided, unfounded or other");
	if (!is_line(in->addressee, sizeof(out->addressee) - 1) ||
		!is_line(in->receipt, sizeof(out->receipt) - 1))
		return errbuf_set(eb, ERR_INVALID,
			"the addressee has one line of at most %zu bytes, the receipt number of %zu",
			sizeof(out->addressee) - 1, sizeof(out->receipt) - 1);
	if (out->kind == REPORT_OUTCOME_KEPT && !in->note[0])
		return errbuf_set(eb, ERR_INVALID,
			"a report that is kept needs a note: which investigator was assigned, by whom");
	return ERR_OK;
}

/* Whom the record names, when the officer names nobody. */
static enum err find_addressee(struct desk *desk, const struct desk_outcome *in,
	const struct report_class *class, struct report_outcome *out, struct errbuf *eb)
{
	struct regime regime = {0};
	enum err err;

	if (out->kind != REPORT_OUTCOME_TRANSFERRED || in->addressee[0])
		return str_copy(out->addressee, sizeof(out->addressee), in->addressee);
	err = legal_record(desk, class->regime_id, &regime);
	if (err)
		return err;
	err = str_copy(out->addressee, sizeof(out->addressee), regime.addressee);
	regime_done(&regime);
	if (!err && !out->addressee[0])
		return errbuf_set(eb, ERR_INVALID,
			"the class names nobody to pass this on to; give the addressee");
	return err;
}

static bool is_closing(enum report_outcome_kind kind)
{
	return kind != REPORT_OUTCOME_TRANSFERRED && kind != REPORT_OUTCOME_KEPT;
}

static enum err close_one(
	struct desk *desk, int64_t report_id, bool is_merged, const char *actor, int64_t note_id)
{
	struct legal_clocks clocks;
	enum err err = legal_clocks(desk, report_id, &clocks);

	/* What others keep is not watched any more once the matter is over here. */
	for (int i = 0; !err && i < clocks.count; i++) {
		if (legal_is_open(&clocks.items[i]) && (is_merged || clocks.items[i].is_watched))
			err = legal_clock_end(desk, &clocks.items[i], "closed", actor, note_id);
	}
	if (!err)
		err = report_set_state(desk->store, report_id, "closed");
	return err ? err : entitlement_changed(desk, report_id, actor);
}

struct pointing {
	struct report rows[MERGED_A_LOOK];
	int count;
};

static void keep_open(void *arg, const struct report *report)
{
	struct pointing *p = arg;

	if (!str_eq(report->state, "closed") && p->count < MERGED_A_LOOK)
		p->rows[p->count++] = *report;
}

/* With it end those that were merged into it: they have no outcome of their own, and what is kept
 * of them is counted from now. */
static enum err close_report(
	struct desk *desk, int64_t report_id, const char *actor, int64_t note_id)
{
	struct pointing p;
	enum err err = close_one(desk, report_id, false, actor, note_id);

	do {
		p.count = 0;
		if (!err)
			err = report_merged(desk->store, report_id, keep_open, &p);
		for (int i = 0; !err && i < p.count; i++) {
			err = close_one(desk, p.rows[i].id, true, actor, 0);
			if (!err)
				err = desk_event(desk, "report.closed", &p.rows[i], actor, "main",
					p.rows[i].merged_into);
		}
	} while (!err && p.count == MERGED_A_LOOK);
	return err;
}

static enum err write_outcome(
	struct desk *desk, const struct report_class *class, const struct report_outcome *out)
{
	enum err err = report_outcome_add(desk->store, out);

	if (!err)
		err = legal_clocks_stop(desk, out->report_id, REGIME_END_TRANSFER, out->at_ms,
			out->actor, out->note_id);
	if (!err && !is_closing(out->kind))
		return legal_moment_set(
			desk, class, REGIME_MOMENT_TRANSFERRED, out->at_ms, out->actor);
	return err ? err : close_report(desk, out->report_id, out->actor, out->note_id);
}

static enum err load(struct desk *desk, int64_t report_id, struct report *report,
	struct report_class *class, struct errbuf *eb)
{
	enum err err = legal_need(desk, eb);

	if (!err)
		err = report_load(desk->store, report_id, report);
	if (err)
		return err;
	if (report->merged_into)
		return errbuf_set(eb, ERR_STATE,
			"this report is merged into another one, which is worked on instead");
	if (str_eq(report->state, "closed"))
		return errbuf_set(eb, ERR_STATE, "this report is closed");
	err = report_class_load(desk->store, report_id, class);
	return err == ERR_NOT_FOUND
		       ? errbuf_set(eb, ERR_STATE, "the report has to be classified first")
		       : err;
}

enum err desk_report_outcome(
	struct desk *desk, int64_t report_id, const struct desk_outcome *in, struct errbuf *eb)
{
	struct report_outcome out = {.report_id = report_id};
	struct report_class class = {0};
	struct report report;
	struct legal_now now;
	int64_t outbox_id;
	enum err err = load(desk, report_id, &report, &class, eb);

	if (!err)
		err = check(in, &out, eb);
	if (!err)
		err = legal_now(desk, &now);
	if (!err)
		err = find_addressee(desk, in, &class, &out, eb);
	if (err)
		return err;
	out.noted_ms = now.ms;
	out.at_ms = in->at_ms ? in->at_ms : now.ms;
	err = legal_when(desk, &report, out.at_ms, eb);
	if (err)
		return err;
	err = str_copy(out.receipt, sizeof(out.receipt), in->receipt);
	if (!err)
		err = str_copy(out.actor, sizeof(out.actor), in->actor);
	if (!err)
		err = legal_note(desk, report_id, in->note, &out.note_id, eb);
	if (!err)
		err = write_outcome(desk, &class, &out);
	if (!err && in->tells && out.kind != REPORT_OUTCOME_KEPT)
		err = legal_tell(desk, &report,
			out.kind == REPORT_OUTCOME_TRANSFERRED ? "told_transfer" : "told_closed",
			desk_now(desk), &outbox_id);
	return err ? err
		   : legal_event(desk, "report.outcome", report_id, in->actor, class.class,
			     report_outcome_text(out.kind));
}
