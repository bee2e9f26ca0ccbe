/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Residents who dial (USSD), and the same phones walking through the menu by SMS. The gateway drops
 * sessions, asks the same again, brings old steps late, and does not learn what was answered when
 * the daemon dies between commit and answer. What it was told holds, and nothing is there twice.
 */
#include "tests/sim/history/history.h"

#include "daemon/base/str.h"
#include "daemon/intake/ussd.h"
#include "store/turn.h"

#include <stdlib.h>
#include <string.h>

/* Not those of world_phone(): what they text may be a slip below a screen. */
static const char *const phones[DIAL_PHONES] = {"+84900008001", "+84900008002", "+84900008003"};

static bool is_one_in(struct dial *d, int count)
{
	return rng_below(&d->rng, count) == 0;
}

/* No gateway keeps a session for longer, and what it was answered is known that long in any case.
 */
#define GATEWAY_MS (3 * MINUTE_MS)

static bool is_recent(const struct history *h, const struct dial_call *call)
{
	return h->world.clock.mono - call->at_ms < GATEWAY_MS;
}

struct told {
	struct history *h;
	struct dial_call call;
	char answer[DIAL_TEXT_BYTES];
	bool is_end;
};

static struct dial_call *find_call(struct dial *d, const struct dial_call *like)
{
	for (int i = 0; i < d->call_count; i++) {
		if (d->calls[i].session == like->session && str_eq(d->calls[i].text, like->text))
			return &d->calls[i];
	}
	return NULL;
}

/* The number and code that END shows: the report is there. */
static void keep_code(struct history *h, const struct told *told)
{
	struct dial *d = &h->dial;
	const char *code = strstr(told->answer, ", ma ");

	if (!told->is_end || !strstr(told->answer, " tin ") || !code || d->code_count == DIAL_CALLS)
		return;
	code += strlen(", ma ");
	if (strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != REPORT_CODE_LEN)
		return;
	memcpy(d->codes[d->code_count], code, REPORT_CODE_LEN);
	d->codes[d->code_count++][REPORT_CODE_LEN] = 0;
}

/* After the commit; what was committed and not told is told when it is asked again. */
static void tell(void *arg, enum err committed)
{
	struct told *told = arg;
	struct history *h = told->h;
	struct dial *d = &h->dial;
	struct dial_call *known = find_call(d, &told->call);

	if (!committed && known && known->has_answer && is_recent(h, known) &&
		(!str_eq(known->answer, told->answer) || known->is_end != told->is_end))
		BROKEN(h, "session %d, \"%s\": \"%s\" was \"%s\" before", told->call.session,
			told->call.text, told->answer, known->answer);
	if (!committed && !known && d->call_count < DIAL_CALLS) {
		known = &d->calls[d->call_count++];
		*known = told->call;
		known->has_answer = true;
		known->is_end = told->is_end;
		snprintf(known->answer, sizeof(known->answer), "%s", told->answer);
	}
	if (!committed)
		keep_code(h, told);
	if (!committed && !is_one_in(d, 5)) {
		struct dial_phone *phone = &d->phones[told->call.phone];

		/* He sees it, and types on; a session that the gateway has left stays so. */
		if (phone->session == told->call.session && str_eq(phone->next, told->call.text))
			phone->is_shown = true;
		if (phone->session == told->call.session && told->is_end)
			phone->session = 0;
	}
	free(told);
}

static void post(struct history *h, const struct dial_call *call)
{
	char session[24];
	struct told *told = calloc(1, sizeof(*told));
	CLEAN_BUF answer = {0};
	enum err err;

	CHECK(told);
	*told = (struct told){.h = h, .call = *call};
	told->call.at_ms = h->world.clock.mono;
	told->call.jumps = h->world.jumps;
	buf_init(&answer, DIAL_TEXT_BYTES - 1);
	snprintf(session, sizeof(session), "s%d", call->session);
	err = intake_ussd(h->intake,
		&(struct ussd_call){
			.session = session, .phone = phones[call->phone], .text = call->text},
		&answer, &told->is_end);
	must(h, err, "intake_ussd");
	if (answer.len > 160)
		BROKEN(h, "\"%s\": %zu letters on a screen", call->text, answer.len);
	snprintf(told->answer, sizeof(told->answer), "%s", buf_text(&answer));
	must(h, turn_defer(h->store, tell, told), "defer");
}

/* A digit, or words that nobody else writes. */
static void type_on(struct dial *d, struct dial_phone *phone)
{
	static const char *const digits[] = {
		"1", "1", "1", "2", "2", "3", "5", "9", "0", "00", "7"};
	size_t len = strlen(phone->next);
	const char *star = len ? "*" : "";

	if (is_one_in(d, 4) && d->word_count < DIAL_WORDS)
		snprintf(phone->next + len, sizeof(phone->next) - len,
			"%sloa keo hat qua nua dem <w%d> cuoi xom", star, d->word_count++);
	else
		snprintf(phone->next + len, sizeof(phone->next) - len, "%s%s", star,
			digits[rng_below(&d->rng, ARRAY_LEN(digits))]);
}

static void dial_step(struct history *h, int number)
{
	struct dial *d = &h->dial;
	struct dial_phone *phone = &d->phones[number];
	struct dial_call call = {.phone = number};

	/* It broke off. */
	if (!phone->session || h->world.clock.mono - phone->began_ms > GATEWAY_MS ||
		is_one_in(d, 12) || strlen(phone->next) > DIAL_TEXT_BYTES / 2) {
		*phone = (struct dial_phone){
			.session = ++d->session_count, .began_ms = h->world.clock.mono};
	} else if (phone->is_shown) {
		phone->is_shown = false;
		type_on(d, phone);
	}
	call.session = phone->session;
	snprintf(call.text, sizeof(call.text), "%s", phone->next);
	post(h, &call);
}

/* The same phone by SMS: it may end what was begun by dialling. */
static void menu_step(struct history *h, int number)
{
	static const char *const texts[] = {"MENU", "1", "1", "2", "3", "0", "00"};
	struct dial *d = &h->dial;
	char id[24];

	snprintf(id, sizeof(id), "menu-%d", d->text_count++);
	must(h,
		intake_accept(
			h->intake, &(struct inbound){.channel = "modem",
					   .external_id = id,
					   .kind = INBOX_KIND_TEXT,
					   .from_kind = PARTY_PHONE,
					   .from = phones[number],
					   .text = texts[rng_below(&d->rng, ARRAY_LEN(texts))]}),
		"menu_step");
}

void dial_some(struct history *h)
{
	struct dial *d = &h->dial;
	int number;

	/* In every third history: a call costs as much as a text. */
	if (h->seed % 3 != 1 || d->call_count > DIAL_CALLS / 2 || !is_one_in(d, 4))
		return;
	/* One of them for a while, so that he gets somewhere before his session is over. */
	if (is_one_in(d, 12))
		d->phone = (int)rng_below(&d->rng, DIAL_PHONES);
	number = d->phone;
	if (d->call_count && is_one_in(d, 6)) {
		/* An old step, or the last once more. */
		int back = (int)rng_below(&d->rng, d->call_count < 8 ? d->call_count : 8);
		struct dial_call call = d->calls[d->call_count - 1 - back];

		if (is_recent(h, &call))
			post(h, &call);
	} else if (is_one_in(d, 6)) {
		menu_step(h, number);
	} else {
		dial_step(h, number);
	}
}

struct words {
	struct history *h;
	int found[DIAL_WORDS];
	int in_report[DIAL_WORDS];
};

static void find_words(void *arg, const struct report_entry *entry)
{
	struct words *words = arg;
	char word[16];

	for (int i = 0; i < words->h->dial.word_count; i++) {
		snprintf(word, sizeof(word), "<w%d>", i);
		if (strstr(entry->text, word))
			words->in_report[i] = 1;
	}
}

void check_dialled(struct history *h, const struct numbers *n)
{
	static struct words words;
	struct report report;

	words = (struct words){.h = h};
	for (int i = 0; i < n->count; i++) {
		memset(words.in_report, 0, sizeof(words.in_report));
		must(h, report_entries(h->store, staff_reader(h), n->ids[i], find_words, &words),
			"entries");
		for (int w = 0; w < h->dial.word_count; w++)
			words.found[w] += words.in_report[w];
	}
	for (int w = 0; w < h->dial.word_count; w++) {
		if (words.found[w] > 1)
			BROKEN(h, "words %d are in %d reports", w, words.found[w]);
	}
	for (int i = 0; i < h->dial.code_count; i++) {
		if (report_find_code(h->store, h->dial.codes[i], &report))
			BROKEN(h, "code %s was shown, and is of no report", h->dial.codes[i]);
	}
}
