/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is in law, its clocks, and what came of it (desk/legal.h, config/regime.h). */
#include "tests/sim/desk/model.h"

#include "config/calendar.h"
#include "daemon/base/str.h"

#include <string.h>

static bool is_running(const struct model_clock *c)
{
	return c->state == CLOCK_STATE_RUNNING || c->state == CLOCK_STATE_FROZEN;
}

static const struct regime *record(const struct model *m, int class, int64_t at_ms)
{
	return law_regime(m->law, (enum legal_class) class, calendar_day(m->law->calendar, at_ms));
}

static void stop(struct model_clock *c, int64_t at_ms, bool is_by_notice, bool is_by_hand)
{
	c->state = at_ms <= c->due_ms || c->state == CLOCK_STATE_FROZEN ? CLOCK_STATE_MET
									: CLOCK_STATE_LATE;
	c->ended_ms = at_ms;
	c->is_by_notice = is_by_notice;
	c->is_by_hand = is_by_hand;
}

static struct model_clock *begin(struct model *m, struct model_report *r,
	const struct regime_clock *def, int class, int64_t at_ms)
{
	struct model_clock *c = &r->clocks[r->clock_count];

	CHECK(r->clock_count < MODEL_CLOCKS);
	r->clock_count++;
	*c = (struct model_clock){.class = class,
		.def = def,
		.state = CLOCK_STATE_RUNNING,
		.started_ms = at_ms,
		.due_ms = term_end_ms(
			m->law->calendar, regime_clock_limit(def, m->law->is_remote), at_ms),
		.notice = NOBODY};
	snprintf(c->code, sizeof(c->code), "%s", def->code);
	return c;
}

void model_law_received(struct model *m, struct model_report *r)
{
	const struct regime *regime = record(m, LEGAL_CLASS_RECEPTION, m->now_ms);

	for (int i = 0; i < regime->clock_count; i++) {
		if (regime->clocks[i].ends != REGIME_END_ITSELF)
			begin(m, r, &regime->clocks[i], 0, m->now_ms);
	}
}

/* Any outcome answers, too. */
void model_clocks_stop(struct model *m, struct model_report *r, enum regime_end end)
{
	for (int i = 0; i < r->clock_count; i++) {
		struct model_clock *c = &r->clocks[i];

		if (is_running(c) &&
			(c->def->ends == end ||
				(end == REGIME_END_TRANSFER && c->def->ends == REGIME_END_ANSWER)))
			stop(c, m->now_ms, end == REGIME_END_NOTICE, false);
	}
}

/* Tells the reporter; what waits for that waits for this message. */
static void tell(struct model *m, struct model_report *r, const char *key, bool is_notice)
{
	int row = m->row_count;

	model_say(m, r, key, OUTBOX_KIND_ANSWER);
	if (row == m->row_count)
		return;
	model_entry(r, REPORT_ENTRY_ANSWER, m->rows[row].text);
	for (int i = 0; is_notice && i < r->clock_count; i++) {
		if (is_running(&r->clocks[i]) && r->clocks[i].def->ends == REGIME_END_NOTICE)
			r->clocks[i].notice = row;
	}
}

/* When a clock of the class begins; 0: not known yet. */
static int64_t moment(const struct model_report *r, enum regime_moment starts)
{
	switch (starts) {
	case REGIME_MOMENT_RECEIVED:
	case REGIME_MOMENT_DISCOVERED: /* nobody has said when */
		return r->received_ms;
	case REGIME_MOMENT_CLASSIFIED:
		return r->classified_ms;
	case REGIME_MOMENT_ACCEPTED:
		return r->accepted_ms;
	case REGIME_MOMENT_TRANSFERRED:
		return r->transferred_ms;
	case REGIME_MOMENTS:
		break;
	}
	return 0;
}

static bool applies(const struct regime_clock *def, bool is_urgent)
{
	return def->ends != REGIME_END_ITSELF &&
	       (def->when == REGIME_ALWAYS || (def->when == REGIME_URGENT) == is_urgent);
}

/* What was done under another class stays done: he was told, or an officer did it by hand. */
static const struct model_clock *done_before(
	const struct model_report *r, int before, const struct regime_clock *def)
{
	for (int i = before - 1; i >= 0; i--) {
		const struct model_clock *c = &r->clocks[i];

		if (c->state != CLOCK_STATE_MET && c->state != CLOCK_STATE_LATE)
			continue;
		if ((def->ends == REGIME_END_NOTICE && c->is_by_notice) ||
			(c->is_by_hand && str_eq(c->code, def->code)))
			return c;
	}
	return NULL;
}

static int notice_under_way(const struct model_report *r, int before)
{
	for (int i = before - 1; i >= 0; i--) {
		if (r->clocks[i].notice != NOBODY && is_running(&r->clocks[i]))
			return r->clocks[i].notice;
	}
	return NOBODY;
}

static void begin_class(struct model *m, struct model_report *r)
{
	int before = r->clock_count;
	int under_way = notice_under_way(r, before);

	for (int i = 0; i < r->regime->clock_count; i++) {
		const struct regime_clock *def = &r->regime->clocks[i];
		const struct model_clock *done = done_before(r, before, def);
		int64_t at_ms = moment(r, def->starts);
		struct model_clock *c;

		if (!applies(def, r->is_urgent) || !at_ms)
			continue;
		c = begin(m, r, def, r->decisions, at_ms);
		if (done)
			stop(c, done->ended_ms, done->is_by_notice, done->is_by_hand);
		else if (def->ends == REGIME_END_NOTICE)
			c->notice = under_way;
	}
	for (int i = 0; i < before; i++) {
		if (is_running(&r->clocks[i]) && r->clocks[i].class)
			r->clocks[i].state = CLOCK_STATE_ENDED;
	}
}

enum err model_classify(
	struct model *m, struct model_report *r, int class, bool is_urgent, const char *reason)
{
	const struct regime *before = r->class == NOBODY ? NULL : r->regime;

	if (r->merged_into != NOBODY || r->state == MODEL_CLOSED ||
		(r->class == class && r->is_urgent == is_urgent))
		return ERR_STATE;
	if (before && !reason[0])
		return ERR_INVALID;
	if (reason[0])
		model_entry(r, REPORT_ENTRY_NOTE, reason);
	r->class = class;
	r->is_urgent = is_urgent;
	r->decisions++;
	r->classified_ms = m->now_ms;
	r->regime = record(m, class, r->received_ms);
	model_clocks_stop(m, r, REGIME_END_CLASSIFIED);
	begin_class(m, r);
	if (r->regime->told[0] && (!before || !str_eq(before->told, r->regime->told)))
		tell(m, r, r->regime->told, true);
	return ERR_OK;
}

/* Clocks that run from a moment that is told now. */
static void moment_now(struct model *m, struct model_report *r, enum regime_moment what)
{
	for (int i = 0; i < r->regime->clock_count; i++) {
		const struct regime_clock *def = &r->regime->clocks[i];
		bool is_known = false;

		for (int k = 0; k < r->clock_count; k++)
			is_known |= r->clocks[k].class == r->decisions && r->clocks[k].def == def;
		if (def->starts == what && applies(def, r->is_urgent) && !is_known)
			begin(m, r, def, r->decisions, m->now_ms);
	}
}

enum err model_accept(struct model *m, struct model_report *r)
{
	if (r->merged_into != NOBODY || r->state == MODEL_CLOSED || r->class == NOBODY)
		return ERR_STATE;
	r->accepted_ms = m->now_ms;
	moment_now(m, r, REGIME_MOMENT_ACCEPTED);
	return ERR_OK;
}

/* Those that were merged into it end with it. */
void model_close(struct model *m, struct model_report *r, int by)
{
	r->state = MODEL_CLOSED;
	r->closed_ms = m->now_ms;
	model_settle(m, r, by);
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *other = &m->reports[i];

		if (other->merged_into != (int)(r - m->reports) || other->state == MODEL_CLOSED)
			continue;
		for (int k = 0; k < other->clock_count; k++) {
			if (is_running(&other->clocks[k]))
				other->clocks[k].state = CLOCK_STATE_ENDED;
		}
		other->closed_with_main = true;
		model_close(m, other, by);
	}
}

enum err model_outcome(struct model *m, struct model_report *r, const char *kind, int by)
{
	bool is_passed_on = str_eq(kind, "transferred"), is_kept = str_eq(kind, "kept");

	if (r->merged_into != NOBODY || r->state == MODEL_CLOSED || r->class == NOBODY)
		return ERR_STATE;
	if (is_kept)
		model_entry(r, REPORT_ENTRY_NOTE, "dieu tra vien tai xa");
	model_clocks_stop(m, r, REGIME_END_TRANSFER);
	if (is_passed_on || is_kept) {
		r->transferred_ms = m->now_ms;
		moment_now(m, r, REGIME_MOMENT_TRANSFERRED);
	} else {
		for (int i = 0; i < r->clock_count; i++) {
			if (is_running(&r->clocks[i]) && r->clocks[i].def->is_watched)
				r->clocks[i].state = CLOCK_STATE_ENDED;
		}
		model_close(m, r, by);
	}
	if (!is_kept)
		tell(m, r, is_passed_on ? "told_transfer" : "told_closed", false);
	return ERR_OK;
}

/* ---- one clock --------------------------------------------------------------------------------
 */

static bool may(const struct model *m, unsigned roles, int by)
{
	return !m->officer_count ||
	       (by != NOBODY && roles & regime_role_bit(officer_role_text(m->officers[by].role)));
}

static enum err freeze(struct model *m, struct model_clock *c, int by)
{
	if (!c->def->freeze_roles || c->state == CLOCK_STATE_FROZEN || c->due_ms < m->now_ms)
		return ERR_STATE;
	if (!may(m, c->def->freeze_roles, by))
		return ERR_DENIED;
	c->state = CLOCK_STATE_FROZEN;
	c->frozen_ms = m->now_ms;
	return ERR_OK;
}

static enum err thaw(struct model *m, struct model_clock *c, int by)
{
	int64_t was_ms = c->due_ms;

	if (c->state != CLOCK_STATE_FROZEN)
		return ERR_STATE;
	if (!may(m, c->def->freeze_roles, by))
		return ERR_DENIED;
	c->due_ms = term_thaw_ms(m->law->calendar, regime_clock_limit(c->def, m->law->is_remote),
		was_ms, c->frozen_ms, m->now_ms);
	c->thawed_ms += c->due_ms - was_ms;
	c->state = CLOCK_STATE_RUNNING;
	return ERR_OK;
}

static enum err extend(struct model *m, struct model_clock *c, int by)
{
	const struct term none = {.unit = TERM_DAYS};
	const struct regime_extension *e = NULL;
	int64_t due_ms;

	for (int i = c->def->extension_count - 1; i >= 0; i--) {
		if (c->def->extensions[i].first <= c->stage + 1 &&
			c->stage + 1 <= c->def->extensions[i].last)
			e = &c->def->extensions[i];
	}
	if (!e)
		return ERR_STATE;
	if (!may(m, e->roles, by))
		return ERR_DENIED;
	due_ms = term_end_ms(m->law->calendar, &e->term, e->is_total ? c->started_ms : c->due_ms);
	/* What it stood still is its own. */
	if (e->is_total && c->thawed_ms)
		due_ms = term_is_days(&e->term)
				 ? term_end_ms(m->law->calendar, &none, due_ms + c->thawed_ms)
				 : due_ms + c->thawed_ms;
	if (due_ms <= c->due_ms)
		return ERR_STATE;
	c->due_ms = due_ms;
	c->stage++;
	return ERR_OK;
}

enum err model_clock_do(struct model *m, struct model_report *r, enum model_clock_act act,
	const char *code, const char *reason, int by)
{
	struct model_clock *c = NULL;
	enum err err = ERR_OK;

	for (int i = 0; i < r->clock_count; i++) {
		if (is_running(&r->clocks[i]) && str_eq(r->clocks[i].code, code))
			c = &r->clocks[i];
	}
	if (!c)
		return ERR_NOT_FOUND;
	if (act == CLOCK_FREEZE)
		err = freeze(m, c, by);
	else if (act == CLOCK_THAW)
		err = thaw(m, c, by);
	else if (act == CLOCK_EXTEND)
		err = extend(m, c, by);
	else if (c->def->ends == REGIME_END_CLASSIFIED)
		err = ERR_STATE;
	else
		stop(c, m->now_ms, false, true);
	if (!err)
		model_entry(r, REPORT_ENTRY_NOTE, reason);
	return err;
}

/* Notices that have left stop what waited for them, at the time at which they left. */
void model_law_tick(struct model *m)
{
	for (int i = 0; i < m->report_count; i++) {
		for (int k = 0; k < m->reports[i].clock_count; k++) {
			struct model_clock *c = &m->reports[i].clocks[k];
			const struct model_row *row = c->notice == NOBODY ? NULL
									  : &m->rows[c->notice];

			if (!row || c->state != CLOCK_STATE_RUNNING)
				continue;
			if (row->state == ROW_SENT)
				stop(c, row->sent_ms, true, false);
			else if (row->state == ROW_CANCELLED)
				c->notice = NOBODY;
		}
	}
}
