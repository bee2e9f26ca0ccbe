/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things are kept (desk/retention.h, store/retention.h, store/party.h). */
#include "tests/sim/desk/model.h"

#include "config/calendar.h"
#include "daemon/desk/retention.h"
#include "tests/sim/desk/people.h"

#include <string.h>

#define LOOSE_MS (90 * DAY_MS) /* who wrote something that is no report is known so long */

bool model_is_waiting(const struct model *m, int party, int report)
{
	for (int i = 0; i < m->row_count; i++) {
		const struct model_row *row = &m->rows[i];

		if (row->state == ROW_QUEUED && (party == NOBODY || row->party == party) &&
			(report == NOBODY || row->report == report))
			return true;
	}
	return false;
}

static bool has_report(const struct model *m, int party, bool of_any_state)
{
	for (int i = 0; i < m->report_count; i++) {
		if (m->reports[i].party == party &&
			(of_any_state || m->reports[i].state != MODEL_CLOSED))
			return true;
	}
	return false;
}

void model_forget_anonymous(struct model *m)
{
	for (int i = 0; i < m->party_count; i++) {
		struct model_party *p = &m->parties[i];

		if (p->is_anonymous && !p->is_gone && !has_report(m, i, false) &&
			!model_is_waiting(m, i, NOBODY))
			p->is_gone = true;
	}
}

static const struct regime *regime_of(const struct model *m, const struct model_report *r)
{
	int class = r->class == NOBODY ? LEGAL_CLASS_RECEPTION : r->class;

	return law_regime(
		m->law, (enum legal_class) class, calendar_day(m->law->calendar, r->closed_ms));
}

static void plan(struct model *m, struct model_report *r)
{
	const struct regime *regime = regime_of(m, r);

	if (r->state != MODEL_CLOSED || r->erase_ms)
		return;
	r->erase_ms = term_end_ms(m->law->calendar, &regime->retention.keep, r->closed_ms);
	r->sanitise_ms = r->is_anonymous ? r->closed_ms
					 : term_end_ms(m->law->calendar, &regime->retention.sender,
						   r->closed_ms);
	if (r->sanitise_ms > r->erase_ms)
		r->sanitise_ms = r->erase_ms;
}

static bool is_due(const struct model *m, const struct model_report *r, bool is_erasure)
{
	int64_t due_ms = is_erasure ? r->erase_ms : r->sanitise_ms;

	return due_ms && due_ms <= m->now_ms;
}

/* Nobody holds it, nothing is on its way for it, and what goes on from it is as far. */
static bool is_free(const struct model *m, const struct model_report *r, bool is_erasure)
{
	int me = (int)(r - m->reports);

	if (r->is_held || model_is_waiting(m, NOBODY, me) || m->untold & 1u << me)
		return false;
	if (r->merged_into != NOBODY && !is_due(m, &m->reports[r->merged_into], is_erasure))
		return false;
	for (int i = 0; i < m->report_count; i++) {
		for (int k = 0; k < m->reports[i].followed_count; k++) {
			if (m->reports[i].followed[k] == me &&
				!is_due(m, &m->reports[i], is_erasure))
				return false;
		}
	}
	return true;
}

static void sanitise(struct model *m, struct model_report *r)
{
	if (r->is_sanitised)
		return;
	r->is_sanitised = true;
	r->party = model_party(m, NOBODY, false);
	m->parties[r->party].is_gone = true;
	for (int i = 0; i < m->row_count; i++) {
		if (m->rows[i].report == (int)(r - m->reports))
			m->rows[i].party = r->party;
	}
	r->pin[0] = 0;
	r->held_count = 0;
}

static void erase(struct model *m, struct model_report *r)
{
	sanitise(m, r);
	r->is_erased = true;
	r->entry_count = 0;
	r->keys = 0;
	r->is_held = false;
}

void model_retention_tick(struct model *m)
{
	for (int i = 0; i < m->report_count; i++)
		plan(m, &m->reports[i]);
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *r = &m->reports[i];

		if (!r->is_sanitised && is_due(m, r, false) && is_free(m, r, false))
			sanitise(m, r);
	}
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *r = &m->reports[i];

		if (!r->is_erased && is_due(m, r, true) && is_free(m, r, true))
			erase(m, r);
	}
	for (int i = 0; i < m->party_count; i++) {
		struct model_party *p = &m->parties[i];

		if (!p->is_gone && !p->is_office && p->last_ms < m->now_ms - LOOSE_MS &&
			!has_report(m, i, true) && !model_is_waiting(m, i, NOBODY))
			p->is_gone = true;
	}
}

static int what_becomes(const struct model *m, const struct model_report *r)
{
	if (r->state != MODEL_CLOSED)
		return FORGET_OPEN;
	if (r->is_held)
		return FORGET_HELD;
	return regime_of(m, r)->retention.is_on_request ? FORGET_ERASED : FORGET_LAW;
}

enum err model_forget(struct model *m, int party, const struct model_report *named, int *ret_what)
{
	bool is_quiet = false;

	*ret_what = named ? what_becomes(m, named) : FORGET_ERASED;
	if (party == NOBODY)
		return ERR_OK; /* a number that never wrote is answered like one that did */
	if (m->parties[party].is_gone || m->parties[party].is_office)
		return ERR_NOT_FOUND;
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *r = &m->reports[i];

		if (r->party != party)
			continue;
		is_quiet |= r->is_quiet;
		if (what_becomes(m, r) == FORGET_ERASED)
			r->sanitise_ms = r->erase_ms = m->now_ms;
	}
	if (!is_quiet && !model_is_hushed(m, party) &&
		people_kind(m->parties[party].person) != PARTY_SENDER_NAME)
		model_row(m, party, NOBODY, OUTBOX_KIND_ANSWER);
	m->parties[party].last_ms = 0;
	return ERR_OK;
}
