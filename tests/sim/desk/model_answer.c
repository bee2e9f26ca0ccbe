/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What residents are sent (desk/desk.h, desk/question.h). */
#include "tests/sim/desk/model.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/question.h"
#include "tests/sim/desk/people.h"

#include <string.h>

static bool is_reachable(const struct model *m, int party)
{
	const struct model_party *p = &m->parties[party];

	return !p->is_gone && !p->is_office && p->person != NOBODY &&
	       people_kind(p->person) != PARTY_SENDER_NAME;
}

static int same_phone(const struct model *m, int party)
{
	return party == m->writer ? m->writer_other : party == m->writer_other ? m->writer : NOBODY;
}

bool model_is_hushed(const struct model *m, int party)
{
	int other = same_phone(m, party);

	return model_was_quiet(m, party) || (other != NOBODY && model_was_quiet(m, other));
}

bool model_is_reached(const struct model *m, const struct model_report *r)
{
	return !r->is_quiet && !model_is_hushed(m, r->party) && is_reachable(m, r->party);
}

static void hold(struct model_report *r, const char *text)
{
	struct errbuf eb = {0};
	CLEAN_BUF fitted = {0};
	struct sms_size size;
	bool is_unaccented;

	if (r->held_count == MODEL_HELD)
		return;
	buf_init(&fitted, OUTBOX_BODY_MAX);
	if (desk_sms_fit(LANE_ANSWER, text, &fitted, &size, &is_unaccented, &eb))
		return;
	snprintf(r->held[r->held_count++], MODEL_ENTRY_MAX, "%s", buf_text(&fitted));
}

static void hush(struct model *m, int party, bool is_other)
{
	for (int i = 0; i < m->row_count; i++) {
		struct model_row *row = &m->rows[i];
		bool is_words = row->kind == OUTBOX_KIND_ANSWER && row->report != NOBODY;

		if (row->party != party || row->state != ROW_QUEUED || (is_words && is_other))
			continue;
		row->state = ROW_CANCELLED;
		if (is_words)
			hold(&m->reports[row->report], row->text);
	}
}

void model_hush(struct model *m, int party)
{
	int other = same_phone(m, party);

	hush(m, party, false);
	if (other != NOBODY)
		hush(m, other, true);
}

static bool is_sms(const struct model *m, int party)
{
	return people_kind(m->parties[party].person) == PARTY_PHONE;
}

struct model_row *model_row(struct model *m, int party, int report, enum outbox_kind kind)
{
	struct model_row *row = &m->rows[m->row_count];

	CHECK(m->row_count < MODEL_ROWS);
	m->row_count++;
	*row = (struct model_row){.party = party, .report = report, .kind = kind};
	return row;
}

/* What a phrase says of a report: `text` is what an officer put into it. */
static void fill(const struct model *m, const struct model_report *r, const char *key,
	const char *words, bool for_sms, char text[MODEL_ENTRY_MAX])
{
	char number[REPORT_NUMBER_BYTES], date[CLOCK_DATE_BYTES];
	struct phrase_field fields[] = {{"number", number}, {"code", r->code}, {"date", date},
		{"text", words}, {NULL, NULL}};
	CLEAN_BUF out = {0};
	enum err err;

	model_number_text(r, number);
	clock_format_date(strncmp(key, "told_", 5) == 0 && !str_eq(key, "told_transfer") &&
					  !str_eq(key, "told_closed")
				  ? r->received_ms
				  : m->now_ms,
		date);
	buf_init(&out, MODEL_ENTRY_MAX);
	err = phrase(key, for_sms ? PHRASE_SMS : PHRASE_FULL, fields, &out);
	CHECK(!err);
	snprintf(text, MODEL_ENTRY_MAX, "%s", buf_text(&out));
}

void model_say(struct model *m, struct model_report *r, const char *key, enum outbox_kind kind)
{
	struct model_row *row;

	if (!model_is_reached(m, r))
		return;
	row = model_row(m, r->party, (int)(r - m->reports), kind);
	/* The code is drawn by the box: a new report has none to fill in yet. */
	if (r->code[0])
		fill(m, r, key, "", is_sms(m, r->party), row->text);
}

static void note(struct model *m, struct model_report *r, const char *text)
{
	model_entry(r, REPORT_ENTRY_ANSWER, text);
	r->told_ms = m->now_ms;
	if (r->state == MODEL_OPEN)
		r->state = MODEL_ANSWERED;
	model_clocks_stop(m, r, REGIME_END_ANSWER);
}

/* Its sender, or that of one that was merged into it. */
static bool was_told(const struct model *m, const int *told, int count, int party)
{
	for (int i = 0; i < count; i++) {
		if (told[i] == m->reports[party].party)
			return true;
	}
	return false;
}

static bool is_held_back(const struct model *m, const struct model_report *r)
{
	return r->is_quiet || (model_is_hushed(m, r->party) && is_reachable(m, r->party));
}

int model_answer(struct model *m, struct model_report *r, const char *key, const char *text)
{
	int main = (int)(r - m->reports), told[MODEL_REPORTS], sent = 0, held = 0;
	int order[MODEL_REPORTS], count = 0;

	order[count++] = main;
	for (int i = 0; i < m->report_count; i++) {
		if (m->reports[i].merged_into == main)
			order[count++] = i;
	}
	for (int i = 0; i < count; i++) {
		if (is_held_back(m, &m->reports[order[i]]) &&
			m->reports[order[i]].held_count == MODEL_HELD)
			return -1;
	}
	for (int i = 0; i < count; i++) {
		struct model_report *one = &m->reports[order[i]];
		char words[MODEL_ENTRY_MAX];

		if (is_held_back(m, one)) {
			if (key)
				fill(m, one, key, text, true, words);
			else
				snprintf(words, sizeof(words), "%s", text);
			snprintf(one->held[one->held_count++], MODEL_ENTRY_MAX, "%s", words);
			note(m, one, words);
			held++;
		} else if (is_reachable(m, one->party) && !was_told(m, told, sent, order[i])) {
			if (key)
				fill(m, one, key, text, is_sms(m, one->party), words);
			else
				snprintf(words, sizeof(words), "%s", text);
			snprintf(model_row(m, one->party, order[i], OUTBOX_KIND_ANSWER)->text,
				MODEL_ENTRY_MAX, "%s", words);
			note(m, one, words);
			told[sent++] = one->party;
		}
	}
	return sent + held ? sent + held : -1;
}

/* ---- questions --------------------------------------------------------------------------------
 */

static void age(const struct model *m, struct model_guard *g, int64_t forget_ms)
{
	if (m->now_ms - g->last_ms >= forget_ms)
		g->wrong = 0;
}

static void count_wrong(const struct model *m, struct model_guard *g, int free_tries,
	int64_t first_ms, int64_t most_ms)
{
	int64_t wait_ms = first_ms;

	g->wrong++;
	for (int i = free_tries + 1; i < g->wrong && wait_ms < most_ms; i++)
		wait_ms *= 2;
	if (wait_ms > most_ms)
		wait_ms = most_ms;
	g->until_ms = g->wrong > free_tries ? m->now_ms + wait_ms : m->now_ms;
}

/* At most so many replies to one sender within an hour. */
static bool may_speak(const struct model *m, struct model_guard *g)
{
	if (m->now_ms - g->said_ms >= DESK_SAID_WINDOW_MS)
		g->said = 0;
	if (!g->said)
		g->said_ms = m->now_ms;
	if (g->said >= DESK_SAID_MAX)
		return false;
	g->said++;
	return true;
}

static bool fits(struct model_report *r, const char *pin)
{
	if (strlen(pin) != 6)
		return false;
	if (!r->pin[0] || r->pin_wrong >= DESK_PIN_TRIES)
		return false;
	if (str_eq(r->pin, pin))
		return true;
	r->pin_wrong++;
	return false;
}

static void say_state(
	struct model *m, const struct model_question *q, struct model_report *r, bool is_known)
{
	struct model_row *row = model_row(m, q->party, NOBODY, OUTBOX_KIND_ANSWER);
	const struct model_report *far = r;

	if (is_known && q->wants_pin)
		return; /* with digits that only the box knows */
	if (!is_known) {
		fill(m, &(struct model_report){0}, "state_refused", "", is_sms(m, q->party),
			row->text);
		return;
	}
	if (r->merged_into != NOBODY)
		far = &m->reports[r->merged_into];
	fill(m, r,
		far->state == MODEL_CLOSED     ? "state_closed"
		: far->state == MODEL_ANSWERED ? "state_answered"
					       : "state_open",
		"", is_sms(m, q->party), row->text);
	for (int i = 0; i < r->held_count; i++)
		snprintf(model_row(m, q->party, NOBODY, OUTBOX_KIND_ANSWER)->text, MODEL_ENTRY_MAX,
			"%s", r->held[i]);
	r->held_count = 0;
}

bool model_ask(struct model *m, const struct model_question *q)
{
	struct model_guard *sender = &m->parties[q->party].guard;
	struct model_guard *code = &m->codes[q->report == NOBODY ? MODEL_REPORTS : q->report];
	struct model_report *r = q->report == NOBODY ? NULL : &m->reports[q->report];
	bool is_his = r && (r->party == q->party || (q->other != NOBODY && r->party == q->other));
	bool is_locked, is_known, speaks;

	age(m, sender, DESK_GUARD_MS);
	age(m, code, DESK_GUARD_MS);
	age(m, &m->all, DESK_ALL_GUARD_MS);
	is_locked = m->now_ms < sender->until_ms || m->now_ms < code->until_ms ||
		    m->now_ms < m->all.until_ms;
	is_known = is_his || (r && !is_locked && fits(r, q->pin) && !q->wants_pin);
	speaks = may_speak(m, sender);
	if (!is_known && !is_locked) {
		count_wrong(m, sender, DESK_SENDER_FREE, MINUTE_MS, DAY_MS);
		count_wrong(m, code, DESK_CODE_FREE, MINUTE_MS, DAY_MS);
		count_wrong(m, &m->all, DESK_ALL_FREE, SECOND_MS, 5 * MINUTE_MS);
	}
	if (!is_known)
		sender->last_ms = code->last_ms = m->all.last_ms = m->now_ms;
	/* A phone that asked for silence stays silent. */
	if (speaks && !model_is_hushed(m, q->party) && !(is_his && r->is_quiet) &&
		is_reachable(m, q->party))
		say_state(m, q, r, is_known);
	return is_known;
}
