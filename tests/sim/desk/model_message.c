/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message becomes (desk/thread.h) and who wrote it (store/party.h). */
#include "tests/sim/desk/model.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/thread.h"

#include <string.h>

/* ---- who --------------------------------------------------------------------------------------
 */

int model_find_party(const struct model *m, int person, bool is_anonymous)
{
	for (int i = 0; i < m->party_count; i++) {
		const struct model_party *p = &m->parties[i];

		if (p->person == person && p->is_anonymous == is_anonymous && !p->is_gone)
			return i;
	}
	return NOBODY;
}

int model_party(struct model *m, int person, bool is_anonymous)
{
	int found = model_find_party(m, person, is_anonymous);

	if (found != NOBODY)
		return found;
	CHECK(m->party_count < MODEL_PARTIES);
	m->parties[m->party_count] = (struct model_party){
		.person = person, .is_anonymous = is_anonymous, .last_ms = m->now_ms};
	return m->party_count++;
}

/* ---- which report -----------------------------------------------------------------------------
 */

static int64_t last_words(const struct model_report *r)
{
	return r->told_ms > r->heard_ms ? r->told_ms : r->heard_ms;
}

static bool is_open_of(const struct model_report *r, int party)
{
	return r->party == party && r->state != MODEL_CLOSED;
}

static bool is_private(const struct model *m, const struct model_report *r)
{
	return (r->is_quiet || r->is_anonymous) && m->now_ms - last_words(r) < DESK_PRIVATE_MS;
}

/* He wrote to it a moment ago, or an officer's words are the last and he may be answering. */
static bool is_going_on(const struct model *m, const struct model_report *r)
{
	if (!m->dialogue_ms)
		return false;
	if (r->told_ms && r->told_ms >= r->heard_ms && m->now_ms - r->told_ms < DESK_REPLY_MS)
		return true;
	return m->now_ms - r->heard_ms < m->dialogue_ms;
}

bool model_is_private_dialogue(const struct model *m, int party)
{
	for (int i = 0; i < m->report_count; i++) {
		const struct model_report *r = &m->reports[i];

		if (is_open_of(r, party) && (is_private(m, r) || is_going_on(m, r)))
			return true;
	}
	return false;
}

bool model_was_quiet(const struct model *m, int party)
{
	for (int i = 0; i < m->report_count; i++) {
		const struct model_report *r = &m->reports[i];

		if (r->party == party && r->is_quiet && m->now_ms - last_words(r) < DESK_QUIET_MS)
			return true;
	}
	return false;
}

/* Of those that were spoken of at the same moment the newest. */
static struct model_report *spoken_of_last(
	struct model *m, const struct model_message *in, bool is_private_only)
{
	struct model_report *best = NULL;

	for (int i = m->report_count - 1; i >= 0; i--) {
		struct model_report *r = &m->reports[i];

		if (!is_open_of(r, in->party) || r->is_group != in->is_group ||
			(is_private_only && !is_private(m, r)))
			continue;
		if (!best || last_words(r) > last_words(best))
			best = r;
	}
	return best;
}

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (str_eq(word, *list))
			return true;
	}
	return false;
}

/* Words about an officer, where officers may read who are meant. */
static bool is_apart(
	const struct model *m, const struct model_report *r, const struct model_message *in)
{
	if (!str_eq(in->category, "conduct"))
		return false;
	return !str_eq(r->category, "conduct") ||
	       (m->is_claimed && in->book == REPORT_BOOK_CHAIRMAN &&
		       r->book != REPORT_BOOK_CHAIRMAN);
}

static bool is_other_matter(
	const struct model *m, const struct model_report *r, const struct model_message *in)
{
	static const char *const incidents[] = {
		"order", "crime", "social_evil", "traffic", "fire", "dispute", NULL};
	static const char *const services[] = {
		"question", "residence", "suggestion", "good_deed", NULL};

	if (in->is_danger && r->is_decided && !str_eq(r->urgency, "danger"))
		return true;
	if (is_apart(m, r, in))
		return true;
	return is_one_of(in->category, incidents) && is_one_of(r->category, services);
}

struct choice {
	struct model_report *to, *follows;
};

static struct choice choose(struct model *m, const struct model_message *in)
{
	struct choice c = {NULL, NULL};
	struct model_report *last;

	for (int i = 0; in->code[0] && i < m->report_count; i++) {
		struct model_report *r = &m->reports[i];

		if (!str_eq(r->code, in->code))
			continue;
		if (r->party != in->party) {
			/* Of somebody else: anew, but for who wants to be nobody. */
			if (!m->parties[in->party].is_anonymous)
				return c;
			continue;
		}
		if (r->state == MODEL_CLOSED || is_apart(m, r, in))
			c.follows = r;
		else
			c.to = r;
		return c;
	}
	if (!in->is_explicit)
		c.to = spoken_of_last(m, in, true);
	if (c.to && is_apart(m, c.to, in))
		c = (struct choice){NULL, c.to};
	if (c.to || c.follows)
		return c;
	last = spoken_of_last(m, in, false);
	if (!last || !is_going_on(m, last))
		return c;
	if ((in->is_quiet && !last->is_quiet) || is_other_matter(m, last, in))
		c.follows = last;
	else
		c.to = last;
	return c;
}

/* ---- what then --------------------------------------------------------------------------------
 */

void model_entry(struct model_report *r, enum report_entry_kind kind, const char *text)
{
	struct model_entry *e = &r->entries[r->entry_count];

	CHECK(r->entry_count < MODEL_ENTRIES);
	e->kind = kind;
	snprintf(e->text, sizeof(e->text), "%s", text);
	r->entry_count++;
}

static int year_of(int64_t wall_ms)
{
	char date[DATE_BYTES];

	date_format(clock_local_day(wall_ms), date);
	return (int)strtol(date, NULL, 10);
}

struct model_report *model_open(struct model *m, const struct model_message *in)
{
	struct model_report *r = &m->reports[m->report_count];

	CHECK(m->report_count < MODEL_REPORTS);
	m->report_count++;
	*r = (struct model_report){.party = in->party,
		.is_group = in->is_group,
		.year = year_of(m->now_ms),
		.is_quiet = in->is_quiet,
		.is_anonymous = m->parties[in->party].is_anonymous,
		.place = in->place,
		.assignee = NOBODY,
		.merged_into = NOBODY,
		.class = NOBODY,
		.received_ms = m->now_ms,
		.heard_ms = m->now_ms};
	snprintf(r->code, sizeof(r->code), "%s", in->new_code);
	model_number(m, r, m->is_claimed ? in->book : REPORT_BOOK_REGISTER);
	if (m->is_claimed)
		r->number = in->new_number;
	r->is_confined = r->book != REPORT_BOOK_REGISTER;
	snprintf(r->category, sizeof(r->category), "%s", in->category);
	snprintf(r->urgency, sizeof(r->urgency), "%s", in->is_danger ? "danger" : "normal");
	r->keys = m->is_claimed ? model_entitled(m, r) : 0;
	model_entry(r, REPORT_ENTRY_RECEIVED, in->text);
	if (r->is_quiet)
		model_hush(m, r->party);
	model_say(m, r, in->is_danger ? "receipt_danger" : "receipt", OUTBOX_KIND_RECEIPT);
	model_law_received(m, r);
	return r;
}

/* A guess that knows more; what an officer decided stays. */
static bool guess_more(struct model *m, struct model_report *r, const struct model_message *in)
{
	bool was_danger = str_eq(r->urgency, "danger"), is_known = !str_eq(r->category, "other");

	if (r->is_decided || (is_known && !in->is_danger))
		return false;
	if (!is_known)
		snprintf(r->category, sizeof(r->category), "%s", in->category);
	if (in->is_danger)
		snprintf(r->urgency, sizeof(r->urgency), "danger");
	model_confine(m, r, false, NOBODY);
	return in->is_danger && !was_danger;
}

static void add_more(struct model *m, struct model_report *r, const struct model_message *in)
{
	int64_t silence_ms = m->now_ms - r->heard_ms;
	bool is_new_danger;

	model_entry(r, REPORT_ENTRY_MORE, in->text);
	r->heard_ms = m->now_ms;
	r->state = MODEL_OPEN;
	if (in->is_quiet && !r->is_quiet) {
		r->is_quiet = true;
		model_hush(m, r->party);
	}
	is_new_danger = guess_more(m, r, in);
	if (is_new_danger || (in->is_danger && silence_ms >= DESK_THANK_MS))
		model_say(m, r, str_eq(r->urgency, "danger") ? "receipt_danger" : "receipt",
			OUTBOX_KIND_RECEIPT);
	else if (silence_ms >= DESK_THANK_MS)
		model_say(m, r, "receipt_more", OUTBOX_KIND_RECEIPT);
}

struct model_report *model_take(struct model *m, const struct model_message *in)
{
	struct choice c = choose(m, in);
	struct model_message copy = *in;
	struct model_report *r = c.to;

	if (r) {
		add_more(m, r, in);
		return r;
	}
	copy.is_quiet = in->is_quiet || model_was_quiet(m, in->party);
	r = model_open(m, &copy);
	if (c.follows) {
		CHECK(r->followed_count < MODEL_FOLLOWED);
		r->followed[r->followed_count++] = (int)(c.follows - m->reports);
	}
	return r;
}
