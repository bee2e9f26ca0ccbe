/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Residents write and ask; an officer takes down what a visitor says. */
#include "tests/sim/desk/acts.h"

#include "daemon/base/str.h"
#include "daemon/desk/question.h"
#include "daemon/intake/guess.h"
#include "store/inbox.h"
#include "tests/sim/desk/people.h"

#include <ctype.h>
#include <string.h>

#define NUMBERS 64 /* that stand behind a story */

static const struct {
	const char *words;
	bool names_chief;
} stories[] = {{"Toi bao mat xe may o dau thon lan", false}, {"Chay nha o cho, cuu voi lan", false},
	{"Cho hoi thu tuc lam can cuoc cong dan lan", false},
	{"Truong cong an xa nhan tien hoi lo cua dan lan", true},
	{"Anh cong an vien vu khong, hach sach doi tien dan lan", false},
	{"Nha ben cai nhau danh nhau om som lan", false},
	{"Cam on cac anh cong an da giup do lan", false},
	{"Truong cong an xa lam lo bi mat nha nuoc, tuyet mat, doi hoi lo cua dan lan", true},
	{"Alo lan", false}};

struct telling {
	int person, story, number;
	int code; /* report that it names; NOBODY */
	bool is_anonymous, is_quiet, is_group;
	char code_text[REPORT_CODE_LEN + 1];
	char words[128], text[MODEL_ENTRY_MAX];
};

static void tell(struct history *h, struct telling *t)
{
	*t = (struct telling){.person = choose_below(h, MODEL_PEOPLE),
		.story = choose_below(h, (int)ARRAY_LEN(stories)),
		.code = choose_one_in(h, 6) ? choose_report(h) : NOBODY,
		.is_anonymous = choose_one_in(h, 6),
		.is_quiet = choose_one_in(h, 9)};
	/* Most of it happens among two, so that dialogues come about. */
	if (!choose_one_in(h, 3))
		t->person = choose_below(h, 2) * 3;
	t->is_group = people_kind(t->person) == PARTY_ZALO_USER && choose_one_in(h, 5);
	if (t->code != NOBODY)
		snprintf(t->code_text, sizeof(t->code_text), "%s", h->m.reports[t->code].code);
	else if (choose_one_in(h, 20))
		snprintf(t->code_text, sizeof(t->code_text), "222222");
	t->number = ++h->box->messages % NUMBERS;
	snprintf(t->words, sizeof(t->words), "%s %d", stories[t->story].words, t->number);
	snprintf(t->text, sizeof(t->text), "%s%s%s%s%s%s", t->is_anonymous ? "AN " : "",
		t->is_quiet ? "IM " : "", t->code_text[0] ? "#" : "", t->code_text,
		t->code_text[0] ? " " : "", t->words);
}

/* As whom the store knows him: nobody who is only known as hidden becomes known by asking. */
static int sender(
	struct history *h, int person, bool is_anonymous, bool is_question, int *ret_other)
{
	struct model *m = &h->m;
	int hidden = model_find_party(m, person, true);
	int named = model_find_party(m, person, false);
	int party;

	if (is_anonymous ||
		(!is_question && hidden != NOBODY && model_is_private_dialogue(m, hidden))) {
		*ret_other = named;
		party = model_party(m, person, true);
	} else if (is_question && hidden != NOBODY && named == NOBODY) {
		*ret_other = NOBODY;
		party = hidden;
	} else {
		*ret_other = hidden;
		party = model_party(m, person, false);
	}
	m->parties[party].last_ms = m->now_ms;
	m->writer = party;
	m->writer_other = *ret_other;
	return party;
}

static void deliver(struct history *h, int person, bool is_group, const char *text, char id[24])
{
	bool is_zalo = people_kind(person) == PARTY_ZALO_USER;
	struct inbound in = {.channel = is_group  ? "zalo_group"
					: is_zalo ? "zalo_user"
						  : "modem",
		.external_id = id,
		.kind = INBOX_KIND_TEXT,
		.from_kind = people_kind(person),
		.from = people_address(person),
		.sent_ms = h->m.now_ms,
		.group = is_group ? "9000" : NULL,
		.text = text};

	snprintf(id, 24, "m%d", ++h->box->messages);
	box_must(intake_accept(h->box->intake, &in), "intake_accept");
}

/* The report that the box made of it. */
static void received(
	struct history *h, const char *channel, const char *id, struct report *ret_report)
{
	int64_t inbox_id, report_id = 0, count;

	*ret_report = (struct report){.id = 0};
	box_must(inbox_find(h->box->store, channel, id, &inbox_id, &report_id), "inbox_find");
	box_must(quarantine_count(h->box->store, &count), "quarantine");
	HISTORY_IS(h, !count, "%lld messages are in quarantine", (long long)count);
	if (report_id)
		box_must(report_load(h->box->store, report_id, ret_report), "report_load");
}

/* What is guessed of a story with a number behind it; asked once. */
static void guess_of(int story, int number, const char *words, struct model_message *in)
{
	static struct {
		bool is_known, is_danger;
		const char *category;
	} guessed[ARRAY_LEN(stories)][NUMBERS];
	struct guess guess;

	CHECK(number < NUMBERS);
	if (!guessed[story][number].is_known) {
		guess_text(words, &guess);
		guessed[story][number].category = category_code(guess.category);
		guessed[story][number].is_danger = guess.is_danger;
		guessed[story][number].is_known = true;
	}
	in->category = guessed[story][number].category;
	in->is_danger = guessed[story][number].is_danger;
}

static enum report_book book_of(const struct model_message *in, bool names_chief)
{
	if (!str_eq(in->category, "conduct"))
		return REPORT_BOOK_REGISTER;
	return names_chief ? REPORT_BOOK_CHAIRMAN : REPORT_BOOK_CHIEF;
}

static void same_report(struct history *h, struct model_report *r, const struct report *is)
{
	if (!r->id && is->id && history_report_of(h, is->id) == NOBODY)
		r->id = is->id;
	HISTORY_IS(h, r->id == is->id, "it belongs to report %lld, the box put it into %lld",
		(long long)r->id, (long long)is->id);
}

static void act_write(struct history *h)
{
	struct report is = {.id = 0};
	struct model_message in;
	struct telling t;
	char id[24];
	int other;

	tell(h, &t);
	history_trace(h, "  person %d%s: %s", t.person, t.is_group ? " in a group" : "", t.text);
	deliver(h, t.person, t.is_group, t.text, id);
	received(h,
		t.is_group				   ? "zalo_group"
		: people_kind(t.person) == PARTY_ZALO_USER ? "zalo_user"
							   : "modem",
		id, &is);
	in = (struct model_message){.text = t.text,
		.code = t.code_text,
		.new_code = is.code,
		.new_number = is.number,
		.place = NOBODY,
		.is_group = t.is_group,
		.is_explicit = t.is_anonymous || t.is_quiet,
		.is_quiet = t.is_quiet};
	in.party = sender(h, t.person, t.is_anonymous, false, &other);
	guess_of(t.story, t.number, t.words, &in);
	in.book = book_of(&in, stories[t.story].names_chief);
	same_report(h, model_take(&h->m, &in), &is);
	h->m.writer = h->m.writer_other = NOBODY;
}

/* ---- questions --------------------------------------------------------------------------------
 */

struct last_row {
	int64_t id;
};

static void keep_last(void *arg, const struct outbox_row *row)
{
	((struct last_row *)arg)->id = row->id;
}

/* The six digits that stand in the last message. */
static void read_pin(struct history *h, struct model_report *r)
{
	struct last_row last = {0};
	CLEAN_BUF text = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	box_must(outbox_list(h->box->store, 0, 1, keep_last, &last), "outbox_list");
	box_must(outbox_text(h->box->store, last.id, &text), "outbox_text");
	for (const char *p = buf_text(&text); *p; p++) {
		if (strspn(p, "0123456789") == 6 && (p == buf_text(&text) || p[-1] == ' ')) {
			snprintf(r->pin, sizeof(r->pin), "%.6s", p);
			r->pin_wrong = 0;
			return;
		}
	}
	history_fault(h, "no PIN in '%s'", buf_text(&text));
}

static void ask(struct history *h, int person, int report, bool wants_pin, const char *pin)
{
	struct model_question q = {.report = report, .pin = pin, .wants_pin = wants_pin};
	struct model_report *r = report == NOBODY ? NULL : &h->m.reports[report];
	char text[64], id[24];
	bool is_known;
	int rows;

	snprintf(text, sizeof(text), "%s %s %s", q.wants_pin ? "MK" : "TC", r ? r->code : "222222",
		pin);
	history_trace(h, "  person %d: %s", person, text);
	deliver(h, person, false, text, id);
	q.party = sender(h, person, false, true, &q.other);
	rows = h->m.row_count;
	is_known = model_ask(&h->m, &q);
	h->m.writer = h->m.writer_other = NOBODY;
	if (r && is_known && q.wants_pin && h->m.row_count > rows)
		read_pin(h, r);
}

static void draw_pin(struct history *h, struct model_report *r)
{
	struct errbuf eb = {0};
	char pin[8] = "";

	box_must(desk_report_pin(h->box->desk, r->id, "officer:ctl", pin, &eb), "desk_report_pin");
	snprintf(r->pin, sizeof(r->pin), "%s", pin);
	r->pin_wrong = 0;
}

/* Once, or again and again by one who guesses. */
static void act_ask(struct history *h)
{
	int report = choose_one_in(h, 10) ? NOBODY : choose_report(h);
	const struct model_report *r = report == NOBODY ? NULL : &h->m.reports[report];
	int person = choose_below(h, MODEL_PEOPLE), times = choose_one_in(h, 4) ? 7 : 1;
	bool wants_pin = times == 1 && choose_one_in(h, 3);

	if (r && !choose_one_in(h, 3) && h->m.parties[r->party].person >= 0)
		person = h->m.parties[r->party].person;
	/* He may have one on paper. */
	if (report != NOBODY && times > 1 && choose_one_in(h, 2))
		draw_pin(h, &h->m.reports[report]);
	for (int i = 0; i < times; i++) {
		char pin[8] = "";

		if (!wants_pin && choose_one_in(h, 2))
			snprintf(pin, sizeof(pin), "%s", r && r->pin[0] ? r->pin : "123456");
		if (pin[0] && !choose_one_in(h, 3))
			pin[0] = pin[0] == '9' ? '0' : (char)(pin[0] + 1);
		ask(h, person, report, wants_pin, pin);
	}
}

/* ---- at the office ----------------------------------------------------------------------------
 */

static int visitor(struct history *h, const char *phone, bool is_anonymous, int person)
{
	struct model *m = &h->m;
	int other;

	if (phone)
		return sender(h, person, is_anonymous, false, &other);
	CHECK(m->party_count < MODEL_PARTIES);
	m->parties[m->party_count] = (struct model_party){.person = NOBODY - 1, .is_office = true};
	return m->party_count++;
}

static void act_enter(struct history *h)
{
	bool is_anonymous = choose_one_in(h, 8);
	int person = choose_below(h, 3), story = choose_below(h, (int)ARRAY_LEN(stories));
	const char *phone = is_anonymous || choose_one_in(h, 2) ? people_address(person) : NULL;
	struct inbound_entry entry = {.source = "walk_in",
		.receiver = "truc.ban",
		.hamlet = "",
		.is_anonymous = is_anonymous};
	struct inbound in = {.channel = "office", .kind = INBOX_KIND_TEXT, .entry = &entry};
	struct model_message message = {.code = "", .place = choose_below(h, MODEL_PLACES + 1) - 1};
	char id[24], text[128];
	struct report is = {.id = 0};
	struct deed d;
	int by = NOBODY;

	for (int i = 0; i < h->m.officer_count && by == NOBODY; i++) {
		if (h->m.officers[i].state == OFFICER_ACTIVE && h->m.officers[i].role != OFFICER_IT)
			by = i;
	}
	h->box->messages++;
	snprintf(text, sizeof(text), "%s %d", stories[story].words, h->box->messages % NUMBERS);
	snprintf(id, sizeof(id), "o%d", h->box->messages);
	entry.is_quiet = choose_one_in(h, 9);
	entry.hamlet = message.place == NOBODY ? "" : message.place ? "thon-1" : "thon-0";
	in.external_id = id;
	in.from_kind = phone ? PARTY_PHONE : PARTY_OFFICE;
	in.from = phone ? phone : id;
	in.text = text;
	history_trace(h, "  of %s%s at '%s': %s", phone ? phone : "nobody",
		is_anonymous ? " (anonymous)" : "", entry.hamlet, text);
	deed_begin(&d, h, by);
	entry.actor = d.actor;
	(void)deed_end(&d, "an entry", intake_accept(h->box->intake, &in), ERR_OK);
	received(h, "office", id, &is);
	message.text = text;
	message.new_code = is.code;
	message.new_number = is.number;
	message.is_quiet = entry.is_quiet;
	message.party = visitor(h, phone, is_anonymous, person);
	guess_of(story, h->box->messages % NUMBERS, text, &message);
	message.book = book_of(&message, stories[story].names_chief);
	same_report(h, model_open(&h->m, &message), &is);
	h->m.writer = h->m.writer_other = NOBODY;
}

const struct act acts_of_residents[] = {
	{"write", act_write, 30}, {"ask", act_ask, 8}, {"enter", act_enter, 3}, {NULL, NULL, 0}};
