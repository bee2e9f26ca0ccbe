/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may see what (desk/entitlement.h, desk/reading.h, desk/confinement.h). */
#include "tests/sim/desk/model.h"

#include "daemon/base/str.h"
#include "daemon/desk/reading.h"

#include <string.h>

static bool is_police(const struct model_officer *o)
{
	return o->role != OFFICER_CHAIRMAN && o->role != OFFICER_IT;
}

bool model_is_above(const struct model *m, int above, int officer)
{
	int at = m->officers[officer].superior;

	for (int i = 0; at != NOBODY && i < MODEL_OFFICERS; i++) {
		if (at == above)
			return true;
		at = m->officers[at].superior;
	}
	return false;
}

bool model_is_about_chief(const struct model *m, const struct model_report *r)
{
	for (int i = 0; i < m->officer_count; i++) {
		if (r->subjects & 1u << i && m->officers[i].role == OFFICER_CHIEF)
			return true;
	}
	return r->book == REPORT_BOOK_CHAIRMAN && !r->subjects;
}

bool model_is_barred(const struct model *m, const struct model_report *r, int officer)
{
	if (model_is_about_chief(m, r) && is_police(&m->officers[officer]))
		return true;
	for (int i = 0; i < m->officer_count; i++) {
		if (r->subjects & 1u << i && (i == officer || model_is_above(m, i, officer)))
			return true;
	}
	return false;
}

static bool may_hold_open(const struct model_report *r, const struct model_officer *o)
{
	if (o->role == OFFICER_CHIEF || o->role == OFFICER_DEPUTY)
		return true;
	if (o->role == OFFICER_DUTY)
		return r->state != MODEL_CLOSED;
	return o->role == OFFICER_AREA && (r->place == NOBODY || o->places & 1u << r->place);
}

bool model_may_hold(const struct model *m, const struct model_report *r, int officer)
{
	const struct model_officer *o = &m->officers[officer];

	if (!o->has_key || o->state == OFFICER_REMOVED || o->role == OFFICER_IT || r->is_erased ||
		model_is_barred(m, r, officer))
		return false;
	if (r->assignee == officer && is_police(o))
		return true;
	if (!r->is_confined)
		return may_hold_open(r, o);
	if (model_is_about_chief(m, r))
		return o->role == OFFICER_CHAIRMAN;
	return o->role == OFFICER_CHIEF || (o->role == OFFICER_DEPUTY && r->subjects);
}

unsigned model_entitled(const struct model *m, const struct model_report *r)
{
	unsigned may = 0;

	for (int i = 0; i < m->officer_count; i++)
		may |= (unsigned)model_may_hold(m, r, i) << i;
	return may;
}

void model_settle(struct model *m, struct model_report *r, int by)
{
	unsigned may = model_entitled(m, r);

	if (!m->is_claimed)
		return;
	/* Who can't read it himself hands its key to nobody. */
	r->keys = by != NOBODY && r->keys & 1u << by ? may : r->keys & may;
}

void model_part(struct model *m, struct model_report *r)
{
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *other = &m->reports[i];

		if ((other == r && r->merged_into != NOBODY &&
			    m->reports[r->merged_into].is_confined != r->is_confined) ||
			(other->merged_into == (int)(r - m->reports) &&
				other->is_confined != r->is_confined))
			other->merged_into = NOBODY;
	}
}

void model_confine(struct model *m, struct model_report *r, bool may_release, int by)
{
	bool is_confined = str_eq(r->category, "conduct") || r->subjects ||
			   (r->is_confined && !may_release);
	bool is_change = is_confined != r->is_confined;

	if (!m->is_claimed)
		return;
	r->is_confined = is_confined;
	if (!is_confined)
		model_number(m, r, REPORT_BOOK_REGISTER);
	else if (r->book != REPORT_BOOK_REGISTER && r->subjects)
		model_number(m, r,
			model_is_about_chief(m, r) ? REPORT_BOOK_CHAIRMAN : REPORT_BOOK_CHIEF);
	if (is_change)
		model_part(m, r);
	model_settle(m, r, by);
}

int model_sight(const struct model *m, const struct model_report *r, int officer)
{
	const struct model_officer *o = &m->officers[officer];

	if (r->keys & 1u << officer)
		return SIGHT_WORDS;
	if (o->role != OFFICER_CHIEF && o->role != OFFICER_DEPUTY && o->role != OFFICER_CLERK)
		return SIGHT_NONE;
	if (!r->is_confined)
		return SIGHT_LINE;
	return r->entry ? SIGHT_BLANK : SIGHT_NONE;
}

/* The next number of the year in which it came in; one that is drawn once there are officers. */
void model_number(struct model *m, struct model_report *r, enum report_book book)
{
	int i = 0;

	if (m->is_claimed) {
		if (r->book != book)
			r->number = 0;
		r->is_drawn |= !r->number;
		r->book = book;
		return;
	}
	CHECK(book == REPORT_BOOK_REGISTER && !r->number);
	while (m->books[i].year && m->books[i].year != r->year)
		i++;
	CHECK(i < (int)ARRAY_LEN(m->books));
	m->books[i].year = r->year;
	r->number = r->entry = ++m->books[i].count;
}

/* What may be known and is new gets the next number of its year. */
void model_print(struct model *m)
{
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *r = &m->reports[i];
		int last = 0;

		if (r->entry || r->is_confined)
			continue;
		for (int j = 0; j < m->report_count; j++) {
			if (m->reports[j].year == r->year && m->reports[j].entry > last)
				last = m->reports[j].entry;
		}
		r->entry = last + 1;
	}
}

void model_number_text(const struct model_report *r, char text[REPORT_NUMBER_BYTES])
{
	static const char *const letters[] = {[REPORT_BOOK_REGISTER] = "",
		[REPORT_BOOK_CHIEF] = "R",
		[REPORT_BOOK_CHAIRMAN] = "C"};

	snprintf(text, REPORT_NUMBER_BYTES, "%s%d", letters[r->book], r->number);
}
