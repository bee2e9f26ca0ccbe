/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report comes in and its classification is waited for; an officer says what it is in law, once
 * or again. What ran under another class ends; what was done already (the reporter was told) counts
 * for the new class as well. The record is the one in force when the report came in: a law that
 * changes later finds it under the old one.
 */
#include "daemon/desk/legal_private.h"
#include "store/event.h"
#include "store/legal_time.h"

#include <string.h>

enum err legal_event(struct desk *desk, const char *kind, int64_t report_id, const char *actor,
	const char *class, const char *code)
{
	char subject[32], data[128];

	snprintf(subject, sizeof(subject), "report/%lld", (long long)report_id);
	snprintf(data, sizeof(data), "{\"class\":\"%.24s\",\"code\":\"%.24s\"}", class, code);
	return event_add(desk->store, kind, subject, actor, data);
}

/* The record of a class in force then; of a report older than the data, the one of today. */
static const struct regime *record_of(
	const struct desk *desk, enum legal_class class, int64_t received_ms, int64_t now_ms)
{
	const struct calendar *calendar = desk->law->calendar;
	const struct regime *regime = law_regime(
		desk->law, class, calendar_day(calendar, received_ms));

	return regime ? regime : law_regime(desk->law, class, calendar_day(calendar, now_ms));
}

static enum err keep_record(struct desk *desk, const struct regime *regime, int64_t *ret_id)
{
	return regime_record_keep(desk->store, legal_class_text(regime->class), regime->from_day,
		regime->body, ret_id);
}

static enum err note_moment(struct desk *desk, int64_t report_id, enum regime_moment moment,
	int64_t at_ms, int64_t stamp_ms, const char *actor)
{
	struct report_moment row = {.report_id = report_id, .at_ms = at_ms, .stamp_ms = stamp_ms};
	struct legal_now now;
	enum err err = legal_now(desk, &now);

	if (err)
		return err;
	row.box_ms = at_ms + (now.wall_ms - now.ms);
	row.is_settled = now.is_settled;
	err = str_copy(row.moment, sizeof(row.moment), regime_moment_text(moment));
	if (!err)
		err = str_copy(row.trust, sizeof(row.trust), clock_trust_text(now.trust));
	if (!err)
		err = str_copy(row.actor, sizeof(row.actor), actor);
	return err ? err : report_moment_set(desk->store, &row);
}

enum err legal_received(struct desk *desk, const struct report *report)
{
	struct legal_start start = {.report_id = report->id};
	const struct regime *regime;
	struct report_clock clock;
	struct legal_now now;
	enum err err;

	if (!desk->law)
		return ERR_OK;
	err = legal_now(desk, &now);
	if (err)
		return err;
	start.at_ms = report->received_ms - (now.wall_ms - now.ms);
	err = note_moment(
		desk, report->id, REGIME_MOMENT_RECEIVED, start.at_ms, report->sent_ms, "system");
	regime = record_of(desk, LEGAL_CLASS_RECEPTION, start.at_ms, now.ms);
	if (err || !regime)
		return err;
	err = keep_record(desk, regime, &start.regime_id);
	for (int i = 0; !err && i < regime->clock_count; i++) {
		const struct regime_clock *def = &regime->clocks[i];

		if (def->ends != REGIME_END_ITSELF && def->starts == REGIME_MOMENT_RECEIVED)
			err = legal_clock_start(desk, &start, def, &clock);
	}
	return err;
}

enum err legal_answered(struct desk *desk, const struct report *report, const char *actor)
{
	struct legal_now now;
	enum err err;

	if (!desk->law)
		return ERR_OK;
	err = legal_now(desk, &now);
	return err ? err : legal_clocks_stop(desk, report->id, REGIME_END_ANSWER, now.ms, actor, 0);
}

static bool applies(const struct regime_clock *def, bool is_urgent)
{
	if (def->ends == REGIME_END_ITSELF)
		return false;
	return def->when == REGIME_ALWAYS || (def->when == REGIME_URGENT) == is_urgent;
}

/* A clock that stopped under another class because of something that stays done. */
static const struct report_clock *done_before(
	const struct legal_clocks *before, const struct regime_clock *def)
{
	for (int i = before->count - 1; i >= 0; i--) {
		const struct report_clock *clock = &before->items[i];

		if (clock->state != CLOCK_STATE_MET && clock->state != CLOCK_STATE_LATE)
			continue;
		if (def->ends == REGIME_END_NOTICE && str_eq(clock->ended_by, "notice"))
			return clock;
		if (str_eq(clock->code, def->code) && str_eq(clock->ended_by, "hand"))
			return clock;
	}
	return NULL;
}

/* A message that tells him is on its way already. */
static int64_t notice_under_way(const struct legal_clocks *before)
{
	for (int i = before->count - 1; i >= 0; i--) {
		if (before->items[i].outbox_id && !before->items[i].ended_ms)
			return before->items[i].outbox_id;
	}
	return 0;
}

static enum err start_one(struct desk *desk, const struct legal_start *start,
	const struct regime_clock *def, const struct legal_clocks *before, const char *actor)
{
	const struct report_clock *done = before ? done_before(before, def) : NULL;
	struct report_clock clock;
	enum err err = legal_clock_start(desk, start, def, &clock);

	if (err)
		return err;
	if (done)
		return legal_clock_stop(desk, &clock, done->ended_ms, done->ended_by, actor, 0);
	if (before && def->ends == REGIME_END_NOTICE)
		clock.outbox_id = notice_under_way(before);
	return clock.outbox_id ? report_clock_save(desk->store, &clock) : ERR_OK;
}

/* Starts what runs from moments that are known. */
static enum err start_all(struct desk *desk, const struct report_class *class,
	const struct regime *regime, const struct legal_clocks *before)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < regime->clock_count; i++) {
		const struct regime_clock *def = &regime->clocks[i];
		struct report_moment moment;

		if (!applies(def, class->is_urgent))
			continue;
		err = report_moment_load(
			desk->store, class->report_id, regime_moment_text(def->starts), &moment);
		/* Until somebody says when it was discovered, it was when it was told of. */
		if (err == ERR_NOT_FOUND && def->starts == REGIME_MOMENT_DISCOVERED)
			err = report_moment_load(
				desk->store, class->report_id, "received", &moment);
		if (err == ERR_NOT_FOUND) {
			err = ERR_OK;
			continue;
		}
		if (!err)
			err = start_one(desk,
				&(struct legal_start){class->report_id, class->id, class->regime_id,
					moment.at_ms},
				def, before, class->actor);
	}
	return err;
}

static enum err end_others(struct desk *desk, const struct legal_clocks *before, int64_t class_id,
	const char *actor, int64_t note_id)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < before->count; i++) {
		struct report_clock clock = before->items[i];

		if (legal_is_open(&clock) && clock.class_id && clock.class_id != class_id)
			err = legal_clock_end(desk, &clock, "class", actor, note_id);
	}
	return err;
}

/* The message that stops the clocks which wait for a notice. */
static enum err attach_notice(struct desk *desk, int64_t report_id, int64_t outbox_id)
{
	struct legal_clocks clocks;
	enum err err = legal_clocks(desk, report_id, &clocks);

	for (int i = 0; !err && outbox_id && i < clocks.count; i++) {
		struct report_clock *clock = &clocks.items[i];
		const struct regime_clock *def;
		struct regime regime;

		if (!legal_is_open(clock))
			continue;
		err = legal_record(desk, clock->regime_id, &regime);
		if (err)
			return err;
		def = regime_clock_find(&regime, clock->code);
		if (def && def->ends == REGIME_END_NOTICE) {
			clock->outbox_id = outbox_id;
			err = report_clock_save(desk->store, clock);
		}
		regime_done(&regime);
	}
	return err;
}

static void keep_told(void *arg, const struct report_class *class)
{
	struct {
		int64_t id, regime_id;
	} *last = arg;

	if (class->id != last->id)
		last->regime_id = class->regime_id;
}

/* Not the same words twice because somebody corrected the class. */
static enum err was_told(
	struct desk *desk, const struct report_class *class, const char *told, bool *ret_was_told)
{
	struct {
		int64_t id, regime_id;
	} last = {class->id, 0};
	struct regime regime;
	enum err err = report_class_list(desk->store, class->report_id, keep_told, &last);

	*ret_was_told = false;
	if (err || !last.regime_id)
		return err;
	err = legal_record(desk, last.regime_id, &regime);
	if (err)
		return err;
	*ret_was_told = str_eq(regime.told, told);
	regime_done(&regime);
	return ERR_OK;
}

static enum err tell_class(struct desk *desk, const struct report *report,
	const struct report_class *class, const struct regime *regime)
{
	int64_t outbox_id = 0;
	bool is_old = false;
	enum err err = was_told(desk, class, regime->told, &is_old);

	if (err || is_old || !regime->told[0])
		return err;
	err = legal_tell(desk, report, regime->told, report->received_ms, &outbox_id);
	return err ? err : attach_notice(desk, report->id, outbox_id);
}

static enum err check_report(
	struct desk *desk, int64_t report_id, struct report *ret_report, struct errbuf *eb)
{
	enum err err = report_load(desk->store, report_id, ret_report);

	if (!err && ret_report->merged_into)
		return errbuf_set(eb, ERR_STATE,
			"this report is merged into another one, which is worked on instead");
	if (!err && str_eq(ret_report->state, "closed"))
		return errbuf_set(eb, ERR_STATE, "this report is closed");
	return err;
}

/* What is being decided: by whom, from what, under which record. */
struct decision {
	struct report report;
	struct report_class class, before; /* before.id 0: the first one */
	const struct regime *regime;
	struct legal_now now;
};

static enum err check_change(
	const struct decision *d, const struct desk_classify *in, struct errbuf *eb)
{
	if (!d->before.id)
		return ERR_OK;
	if (str_eq(d->before.class, in->class) && d->before.is_urgent == in->is_urgent)
		return errbuf_set(eb, ERR_STATE, "it has that class already");
	if (!in->reason || !in->reason[0])
		return errbuf_set(
			eb, ERR_INVALID, "a reason is needed to change the class of a report");
	return ERR_OK;
}

static enum err find_regime(
	struct desk *desk, struct decision *d, const char *word, struct errbuf *eb)
{
	struct report_moment received;
	enum legal_class class;
	enum err err;

	if (legal_class_of(word, &class) || class == LEGAL_CLASS_RECEPTION)
		return errbuf_set(eb, ERR_INVALID,
			"there is no such class; to_giac, tin_bao, kien_nghi_khoi_to, phan_anh, kien_nghi, noi_dung_to_cao, hoi_dap, cu_tru, yeu_cau_du_lieu, su_co_du_lieu or khac");
	err = report_moment_load(desk->store, d->report.id, "received", &received);
	if (err == ERR_NOT_FOUND) {
		received.at_ms = d->report.received_ms - (d->now.wall_ms - d->now.ms);
		err = note_moment(desk, d->report.id, REGIME_MOMENT_RECEIVED, received.at_ms,
			d->report.sent_ms, "system");
	}
	if (err)
		return err;
	d->regime = record_of(desk, class, received.at_ms, d->now.ms);
	return d->regime
		       ? ERR_OK
		       : errbuf_set(eb, ERR_STATE,
				 "the regimes have no record of %s that is in force; add one to law.regimes",
				 word);
}

static enum err decide(
	struct desk *desk, struct decision *d, const struct desk_classify *in, struct errbuf *eb)
{
	struct report_class *class = &d->class;
	enum err err;

	*class = (struct report_class){
		.report_id = d->report.id, .is_urgent = in->is_urgent, .at_ms = d->now.ms};
	err = legal_note(desk, d->report.id, in->reason, &class->note_id, eb);
	if (!err)
		err = str_copy(class->class, sizeof(class->class), in->class);
	if (!err)
		err = str_copy(class->actor, sizeof(class->actor), in->actor);
	if (!err)
		err = str_copy(class->trust, sizeof(class->trust), clock_trust_text(d->now.trust));
	if (!err)
		err = keep_record(desk, d->regime, &class->regime_id);
	if (!err)
		err = report_class_add(desk->store, class, &class->id);
	return err ? err
		   : note_moment(
			     desk, d->report.id, REGIME_MOMENT_CLASSIFIED, d->now.ms, 0, in->actor);
}

enum err desk_classify(
	struct desk *desk, int64_t report_id, const struct desk_classify *in, struct errbuf *eb)
{
	struct legal_clocks before;
	struct decision d = {0};
	enum err err = legal_need(desk, eb);

	if (!err)
		err = check_report(desk, report_id, &d.report, eb);
	if (!err)
		err = legal_now(desk, &d.now);
	if (!err)
		err = find_regime(desk, &d, in->class, eb);
	if (!err) {
		err = report_class_load(desk->store, report_id, &d.before);
		err = err == ERR_NOT_FOUND ? ERR_OK : err;
	}
	if (!err)
		err = check_change(&d, in, eb);
	if (!err)
		err = decide(desk, &d, in, eb);
	if (!err)
		err = legal_clocks_stop(desk, report_id, REGIME_END_CLASSIFIED, d.now.ms, in->actor,
			d.class.note_id);
	if (!err)
		err = legal_clocks(desk, report_id, &before);
	if (!err)
		err = start_all(desk, &d.class, d.regime, &before);
	if (!err)
		err = end_others(desk, &before, d.class.id, in->actor, d.class.note_id);
	if (!err && in->tells)
		err = tell_class(desk, &d.report, &d.class, d.regime);
	return err ? err
		   : legal_event(desk, "report.classified", report_id, in->actor, in->class,
			     in->is_urgent ? "urgent" : "");
}

/* ---- moments that officers tell of -----------------------------------------------------------
 */

static const struct report_clock *clock_of(
	const struct legal_clocks *clocks, int64_t class_id, const char *code)
{
	for (int i = clocks->count - 1; i >= 0; i--) {
		if (clocks->items[i].class_id == class_id && str_eq(clocks->items[i].code, code))
			return &clocks->items[i];
	}
	return NULL;
}

enum err legal_moment_set(struct desk *desk, const struct report_class *class,
	enum regime_moment moment, int64_t at_ms, const char *actor)
{
	struct legal_clocks clocks;
	struct regime regime;
	enum err err = note_moment(desk, class->report_id, moment, at_ms, 0, actor);

	if (!err)
		err = legal_clocks(desk, class->report_id, &clocks);
	if (!err)
		err = legal_record(desk, class->regime_id, &regime);
	if (err)
		return err;
	for (int i = 0; !err && i < regime.clock_count; i++) {
		const struct regime_clock *def = &regime.clocks[i];
		const struct report_clock *known = clock_of(&clocks, class->id, def->code);
		struct report_clock clock;

		if (def->starts != moment || !applies(def, class->is_urgent))
			continue;
		if (!known) {
			err = legal_clock_start(desk,
				&(struct legal_start){
					class->report_id, class->id, class->regime_id, at_ms},
				def, &clock);
		} else if (legal_is_open(known)) {
			clock = *known;
			err = legal_clock_move(desk, &clock, def, at_ms, actor);
		}
	}
	regime_done(&regime);
	return err;
}

/* What was discovered may be told of later: a year, or it is another one that was meant. */
static enum err check_moment(struct desk *desk, const struct report *report,
	enum regime_moment moment, int64_t at_ms, struct errbuf *eb)
{
	if (moment != REGIME_MOMENT_DISCOVERED || at_ms >= report->received_ms)
		return legal_when(desk, report, at_ms, eb);
	if (at_ms < report->received_ms - 366 * DAY_MS)
		return errbuf_set(eb, ERR_INVALID,
			"that is more than a year before the report came in; correct the date");
	return ERR_OK;
}

enum err desk_legal_moment(struct desk *desk, int64_t report_id, const char *word, int64_t at_ms,
	const char *actor, struct errbuf *eb)
{
	enum regime_moment moment = REGIME_MOMENT_RECEIVED;
	struct report_class class;
	struct report report;
	enum err err = legal_need(desk, eb);

	if (!err)
		err = check_report(desk, report_id, &report, eb);
	if (err)
		return err;
	if (regime_moment_of(word, &moment) || moment < REGIME_MOMENT_ACCEPTED)
		return errbuf_set(
			eb, ERR_INVALID, "a moment is accepted, transferred or discovered");
	err = report_class_load(desk->store, report_id, &class);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, ERR_STATE, "the report has to be classified first");
	if (!err)
		err = check_moment(desk, &report, moment, at_ms, eb);
	if (!err)
		err = legal_moment_set(desk, &class, moment, at_ms, actor);
	return err ? err : legal_event(desk, "report.moment", report_id, actor, class.class, word);
}
