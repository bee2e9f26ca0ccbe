/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What officers do with a report. */
#include "tests/sim/desk/acts.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/alarm.h"
#include "daemon/desk/confinement.h"
#include "daemon/desk/handling.h"
#include "daemon/desk/identity.h"
#include "daemon/desk/question.h"
#include "daemon/desk/register.h"
#include "daemon/desk/retention.h"
#include "daemon/desk/secrecy.h"
#include "tests/sim/desk/people.h"

#include <string.h>

/* One report and who works on it; false: there is nothing to do. */
static bool pick(struct history *h, int *ret_report, int *ret_by)
{
	bool may = false;

	*ret_report = choose_report(h);
	if (*ret_report != NOBODY)
		*ret_by = choose_actor(h, *ret_report, &may);
	return may;
}

#define ACT_BEGIN(h, r, d) \
	struct model_report *r; \
	struct deed d; \
	int report_index, by = NOBODY; \
	if (!pick(h, &report_index, &by)) \
		return; \
	r = &(h)->m.reports[report_index]; \
	history_trace(h, "  report %lld", (long long)r->id)

static void act_rate(struct history *h)
{
	static const char *const categories[] = {"crime", "conduct", "question", "fire"};
	static const char *const urgencies[] = {"normal", "urgent", "danger"};
	const char *category = choose_one_in(h, 3) ? NULL : categories[choose_below(h, 4)];
	const char *urgency = choose_one_in(h, 2) ? NULL : urgencies[choose_below(h, 3)];

	ACT_BEGIN(h, r, d);
	history_trace(h, "  %s %s", category ? category : "-", urgency ? urgency : "-");
	deed_begin(&d, h, by);
	if (!deed_end(&d, "rating",
		    desk_report_rate(h->box->desk, r->id, category, urgency, d.actor, &d.eb),
		    ERR_OK))
		return;
	if (category)
		snprintf(r->category, sizeof(r->category), "%s", category);
	if (urgency)
		snprintf(r->urgency, sizeof(r->urgency), "%s", urgency);
	r->is_decided = true;
	model_confine(&h->m, r, true, by);
}

static void act_place(struct history *h)
{
	static const char *const codes[] = {"", "thon-0", "thon-1"};
	int place = choose_below(h, 3) - 1;

	ACT_BEGIN(h, r, d);
	deed_begin(&d, h, by);
	if (!deed_end(&d, "a place",
		    desk_report_place(h->box->desk, r->id, codes[place + 1], d.actor, &d.eb),
		    ERR_OK))
		return;
	r->place = place;
	model_settle(&h->m, r, by);
}

static void act_assign(struct history *h)
{
	int to = choose_below(h, h->m.officer_count + 1) - 1;
	const struct model_officer *o = to == NOBODY ? NULL : &h->m.officers[to];
	enum err expected = ERR_OK;

	ACT_BEGIN(h, r, d);
	if (o && o->state != OFFICER_ACTIVE)
		expected = ERR_STATE;
	else if (o && (o->role == OFFICER_IT || o->role == OFFICER_CHAIRMAN))
		expected = ERR_INVALID;
	else if (o && model_is_barred(&h->m, r, to))
		expected = ERR_DENIED;
	history_trace(h, "  to %s", o ? o->login : "nobody");
	deed_begin(&d, h, by);
	if (!deed_end(&d, "assigning",
		    desk_report_assign(h->box->desk, r->id, o ? o->login : "", d.actor, &d.eb),
		    expected))
		return;
	r->assignee = to;
	model_settle(&h->m, r, by);
}

static void act_note(struct history *h)
{
	char text[64];

	ACT_BEGIN(h, r, d);
	snprintf(text, sizeof(text), "ghi chu %d", ++h->box->messages);
	deed_begin(&d, h, by);
	if (deed_end(&d, "a note", desk_report_note(h->box->desk, r->id, text, d.actor, &d.eb),
		    ERR_OK))
		model_entry(r, REPORT_ENTRY_NOTE, text);
}

static void act_subjects(struct history *h)
{
	const char *logins[2];
	unsigned subjects = 0;
	size_t count = 0;

	ACT_BEGIN(h, r, d);
	for (int i = choose_below(h, 3); i > 0 && h->m.officer_count; i--) {
		int officer = choose_below(h, h->m.officer_count);

		subjects |= 1u << officer;
		logins[count++] = h->m.officers[officer].login;
	}
	history_trace(h, "  about %s %s", count ? logins[0] : "nobody", count > 1 ? logins[1] : "");
	deed_begin(&d, h, by);
	if (!deed_end(&d, "subjects",
		    confinement_set_subjects(h->box->desk, r->id, logins, count, d.actor, &d.eb),
		    ERR_OK))
		return;
	r->subjects = subjects;
	model_confine(&h->m, r, true, by);
}

static void act_answer(struct history *h)
{
	bool is_template = choose_one_in(h, 3);
	struct desk_answered done = {0};
	char text[64] = "";
	int expected;
	enum err err;

	ACT_BEGIN(h, r, d);
	if (!is_template)
		snprintf(text, sizeof(text), "tra loi %d", ++h->box->messages);
	expected = model_answer(&h->m, r, is_template ? "answer_open_received" : NULL, text);
	deed_begin(&d, h, by);
	err = is_template ? desk_report_answer_by(
				    h->box->desk, r->id, "received", "", d.actor, &done, &d.eb)
			  : desk_report_answer(h->box->desk, r->id, text, d.actor, &done, &d.eb);
	if (deed_end(&d, "an answer", err, expected < 0 ? ERR_STATE : ERR_OK))
		HISTORY_IS(h, done.sent + done.held == expected, "an answer reached %d, not %d",
			done.sent + done.held, expected);
}

/* ---- reports that belong together ------------------------------------------------------------
 */

static enum err model_merge(struct model *m, int report, int main)
{
	struct model_report *r = &m->reports[report], *to = &m->reports[main];

	if (report == main)
		return ERR_INVALID;
	if (r->merged_into != NOBODY || to->merged_into != NOBODY || r->state == MODEL_CLOSED ||
		to->state == MODEL_CLOSED || r->is_confined != to->is_confined ||
		str_eq(r->category, "conduct") != str_eq(to->category, "conduct"))
		return ERR_STATE;
	for (int i = 0; i < m->report_count; i++) {
		if (m->reports[i].merged_into == report)
			m->reports[i].merged_into = main;
	}
	r->merged_into = main;
	return ERR_OK;
}

static void act_merge(struct history *h)
{
	int main = choose_report(h);

	ACT_BEGIN(h, r, d);
	if (by != NOBODY && !(h->m.reports[main].keys & 1u << by))
		return;
	history_trace(h, "  into %lld", (long long)h->m.reports[main].id);
	deed_begin(&d, h, by);
	(void)deed_end(&d, "merging",
		desk_report_merge(h->box->desk, r->id, h->m.reports[main].id, d.actor, &d.eb),
		model_merge(&h->m, report_index, main));
}

static void act_unmerge(struct history *h)
{
	enum err expected = ERR_STATE;

	ACT_BEGIN(h, r, d);
	if (r->merged_into != NOBODY && r->state != MODEL_CLOSED)
		expected = ERR_OK;
	deed_begin(&d, h, by);
	if (deed_end(&d, "undoing a merge",
		    desk_report_merge(h->box->desk, r->id, 0, d.actor, &d.eb), expected))
		r->merged_into = NOBODY;
}

static void act_link(struct history *h)
{
	int other = choose_report(h);

	ACT_BEGIN(h, r, d);
	deed_begin(&d, h, by);
	(void)deed_end(&d, "a link",
		desk_report_link(h->box->desk, r->id, h->m.reports[other].id, true, d.actor, &d.eb),
		other == report_index ? ERR_INVALID : ERR_OK);
}

/* ---- its sender -------------------------------------------------------------------------------
 */

static void act_pin(struct history *h)
{
	char pin[8] = "";

	ACT_BEGIN(h, r, d);
	deed_begin(&d, h, by);
	if (!deed_end(
		    &d, "a PIN", desk_report_pin(h->box->desk, r->id, d.actor, pin, &d.eb), ERR_OK))
		return;
	snprintf(r->pin, sizeof(r->pin), "%s", pin);
	r->pin_wrong = 0;
}

static void act_reveal(struct history *h)
{
	struct identity identity = {.address = ""};
	enum err expected = ERR_OK;

	ACT_BEGIN(h, r, d);
	if (r->is_anonymous)
		expected = ERR_DENIED;
	else if (h->m.parties[r->party].is_office || h->m.parties[r->party].is_gone)
		expected = ERR_NOT_FOUND;
	deed_begin(&d, h, by);
	if (deed_end(&d, "a reveal",
		    identity_reveal(h->box->desk,
			    &(struct identity_ask){.report_id = r->id,
				    .reason = "xac minh nguoi bao tin",
				    .actor = d.actor},
			    &identity, &d.eb),
		    expected))
		HISTORY_IS(h,
			str_eq(identity.address, people_address(h->m.parties[r->party].person)),
			"report %lld: another sender is revealed", (long long)r->id);
}

static void act_forget(struct history *h)
{
	struct forget_ask ask = {0};
	enum forget what = FORGET_OPEN;
	int expected_what = FORGET_OPEN, party;
	enum err expected;

	ACT_BEGIN(h, r, d);
	ask.report_id = r->id;
	party = r->party;
	if (choose_one_in(h, 2)) {
		ask.phone = people_address(choose_below(h, 3));
		party = NOBODY;
		for (int i = 0; i < 3; i++) {
			if (str_eq(ask.phone, people_address(i)))
				party = model_find_party(&h->m, i, false);
		}
	}
	history_trace(h, "  %s", ask.phone ? ask.phone : "its sender");
	expected = model_forget(&h->m, party, ask.phone ? NULL : r, &expected_what);
	deed_begin(&d, h, by);
	ask.actor = d.actor;
	if (deed_end(&d, "forgetting", desk_forget(h->box->desk, &ask, &what, &d.eb), expected))
		HISTORY_IS(h, (int)what == expected_what, "to be forgotten: %s, not %s",
			forget_text(what), forget_text((enum forget)expected_what));
}

static void act_hold(struct history *h)
{
	bool is_release;
	enum err err;

	ACT_BEGIN(h, r, d);
	is_release = choose_one_in(h, 2);
	deed_begin(&d, h, by);
	err = is_release ? desk_release(h->box->desk, r->id, d.actor, &d.eb)
			 : desk_hold(h->box->desk, r->id, "vu an dang dieu tra", d.actor, &d.eb);
	if (deed_end(&d, is_release ? "a release" : "a hold", err,
		    is_release ? (r->is_held ? ERR_OK : ERR_NOT_FOUND)
			       : (r->is_erased ? ERR_STATE : ERR_OK)))
		r->is_held = !is_release;
}

/* ---- off the line -----------------------------------------------------------------------------
 */

static void model_take_offline(struct history *h, struct model_report *r)
{
	char when[CLOCK_TEXT_BYTES];
	const struct phrase_field fields[] = {{"time", when}, {NULL, NULL}};
	CLEAN_BUF stub = {0};

	clock_format(h->m.now_ms, when);
	buf_init(&stub, MODEL_ENTRY_MAX);
	box_must(phrase("offline_stub", PHRASE_FULL, fields, &stub), "phrase");
	r->entry_count = 0;
	model_entry(r, REPORT_ENTRY_RECEIVED, buf_text(&stub));
	r->held_count = 0;
	for (int i = 0; i < h->m.row_count; i++) {
		struct model_row *row = &h->m.rows[i];

		if (row->report == (int)(r - h->m.reports) && row->state == ROW_QUEUED &&
			row->kind == OUTBOX_KIND_ANSWER)
			row->state = ROW_CANCELLED;
	}
}

static void act_offline(struct history *h)
{
	char digits[SECRECY_DIGITS_BYTES] = "";
	CLEAN_BUF print = {0};
	enum err err;

	ACT_BEGIN(h, r, d);
	buf_init(&print, SECRECY_PRINT_MAX);
	deed_begin(&d, h, by);
	err = desk_offline_print(h->box->desk, &d.holder, r->id, "co dau hieu bi mat nha nuoc",
		d.actor, &print, digits, &d.eb);
	if (!err)
		err = desk_offline_take(h->box->desk, &d.holder, r->id, digits, d.actor, &d.eb);
	if (deed_end(&d, "taking off-line", err,
		    r->is_erased || (by != NOBODY && !(r->keys & 1u << by)) ? ERR_DENIED
									    : ERR_OK)) {
		for (int i = 0; i < r->entry_count; i++)
			HISTORY_IS(h, strstr(buf_text(&print), r->entries[i].text),
				"the print of report %lld lacks entry %d", (long long)r->id, i);
		model_take_offline(h, r);
	}
}

static void act_acknowledge(struct history *h)
{
	struct alarm alarm;
	bool is_ringing;

	ACT_BEGIN(h, r, d);
	if (alarm_of_report(h->box->store, r->id, &alarm))
		return;
	is_ringing = alarm.state == ALARM_RINGING || alarm.state == ALARM_UNANSWERED;
	deed_begin(&d, h, by);
	(void)deed_end(&d, "taking an alarm",
		alarm_acknowledge(h->box->desk, alarm.id, d.actor, ""),
		is_ringing ? ERR_OK : ERR_STATE);
}

#define PRINT_DAYS 366

/* Within the turn of the deed, which undoes it as a whole. */
static enum err print_all(struct history *h, struct deed *d)
{
	const int64_t today = (h->m.now_ms + VIETNAM_OFFSET_MS) / DAY_MS;
	struct desk_edition *edition = NULL;
	bool is_done = false;
	enum err err = desk_edition_new(h->box->desk,
		&(struct desk_register_period){.from_day = today - PRINT_DAYS + 1, .to_day = today},
		DESK_REGISTER_CSV, &edition, &d->eb);

	while (!err && !is_done)
		err = desk_edition_step(edition, NULL, d->actor, &is_done, &d->eb);
	desk_edition_free(edition);
	return err;
}

/* Whoever prints it, each report that others may know of has its line and its running number. */
static void act_print(struct history *h)
{
	struct deed d;

	deed_begin(&d, h, NOBODY);
	if (deed_end(&d, "register", print_all(h, &d), ERR_OK))
		model_print(&h->m);
}

const struct act acts_on_reports[] = {{"rate", act_rate, 5}, {"place", act_place, 4},
	{"assign", act_assign, 4}, {"note", act_note, 2}, {"subjects", act_subjects, 4},
	{"answer", act_answer, 8}, {"merge", act_merge, 4}, {"unmerge", act_unmerge, 1},
	{"link", act_link, 1}, {"pin", act_pin, 2}, {"reveal", act_reveal, 2},
	{"forget", act_forget, 2}, {"hold", act_hold, 2}, {"offline", act_offline, 1},
	{"acknowledge", act_acknowledge, 1}, {"print", act_print, 1}, {NULL, NULL, 0}};
