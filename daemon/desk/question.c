/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/question.h"

#include "daemon/desk/code_tries.h"
#include "daemon/desk/desk_private.h"
#include "store/event.h"
#include "store/report_code.h"

#include <string.h>

struct asking {
	struct desk *desk;
	const struct desk_question *question;
	char sender[24];
	struct code_tries tries;
	struct report report; /* id 0 = there is none */
	bool is_his;	      /* he wrote it, from this phone */
	bool is_known;
};

static enum err look_up(struct asking *a)
{
	const struct desk_question *q = a->question;
	bool fits = false;
	enum err err = report_find_code(a->desk->store, q->code, &a->report);

	if (err && err != ERR_NOT_FOUND)
		return err;
	if (err)
		a->report = (struct report){0};
	a->is_his = a->report.id &&
		    (a->report.party_id == q->party_id || a->report.party_id == q->other_party_id);
	/* Who holds the phone may not be who wrote. */
	if (q->said && a->report.is_quiet)
		a->is_his = false;
	/* Locked, or not needed: the work is done on no report. */
	err = report_pin_check(a->desk->store, a->tries.is_locked || a->is_his ? 0 : a->report.id,
		q->pin, DESK_PIN_TRIES, &fits);
	a->is_known = a->is_his || (fits && !q->wants_pin);
	return err;
}

/* A report that was merged into another is as far as that one. */
static enum err state_of(struct asking *a, const char **ret_key)
{
	struct report main = a->report;
	enum err err = a->report.merged_into
			       ? report_load(a->desk->store, a->report.merged_into, &main)
			       : ERR_OK;

	*ret_key = str_eq(main.state, "closed")	    ? "state_closed"
		   : str_eq(main.state, "answered") ? "state_answered"
						    : "state_open";
	return err;
}

static enum err reply_text(
	struct asking *a, const struct desk_way *way, struct buf *out, char pin[REPORT_PIN_LEN + 1])
{
	const struct phrase_field fields[] = {
		{"code", a->question->code}, {"pin", pin}, {NULL, NULL}};
	const char *key = "state_refused";
	enum err err = ERR_OK;

	if (a->is_known && a->question->wants_pin) {
		key = "state_pin";
		err = report_pin_draw(a->desk->store, a->report.id, pin);
	} else if (a->is_known) {
		err = state_of(a, &key);
	}
	return err ? err : desk_phrase(way, key, fields, out);
}

/* What waits for the sender of a report, once: to the phone that proved to know his PIN, or to his
 * own when the time of silence is over and this report was none of it. Who is refused is looked for
 * too, on no report. */
static enum err hand_out(struct asking *a, enum channel_kind channel, bool is_owed)
{
	int64_t report_id = is_owed ? a->report.id : 0;
	enum err err = ERR_OK;

	while (!err) {
		CLEAN_BUF text = {0};
		int64_t id;

		buf_init(&text, OUTBOX_BODY_MAX);
		err = report_held_take(a->desk->store, report_id, &text);
		if (!err && a->question->said)
			err = buf_addf(a->question->said, "\n%s", buf_text(&text));
		else if (!err)
			err = desk_say(a->desk, a->question->party_id, channel, OUTBOX_KIND_ANSWER,
				0, buf_text(&text), &id);
		buf_wipe(&text);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err show(struct asking *a)
{
	char pin[REPORT_PIN_LEN + 1] = "";
	enum err err = reply_text(a, &desk_way_shown, a->question->said, pin);

	if (!err)
		err = hand_out(a, CHANNEL_MODEM, a->is_known && !a->is_his);
	explicit_bzero(pin, sizeof(pin));
	return err;
}

/* The row belongs to no report: it may go to somebody else than its sender. */
static enum err reply(struct asking *a, bool may_speak)
{
	int64_t id, party_id = a->question->party_id;
	struct desk_way way = {.is_open = false};
	char pin[REPORT_PIN_LEN + 1] = "";
	CLEAN_BUF text = {0};
	enum err err = desk_gate(a->desk, party_id, &way);

	/* The phone of a quiet report stays silent, whatever it asks. */
	if (err || !way.is_open || !may_speak || (a->is_his && a->report.is_quiet))
		return err;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = reply_text(a, &way, &text, pin);
	if (!err)
		err = desk_say(a->desk, party_id, way.channel, OUTBOX_KIND_ANSWER, 0,
			buf_text(&text), &id);
	if (!err)
		err = hand_out(a, way.channel, a->is_known && !a->question->wants_pin);
	explicit_bzero(pin, sizeof(pin));
	buf_wipe(&text);
	return err;
}

enum err desk_ask(struct desk *desk, const struct desk_question *question, bool *ret_is_known)
{
	struct asking a = {.desk = desk, .question = question};
	bool may_speak = false;
	enum err err;

	snprintf(a.sender, sizeof(a.sender), "%lld", (long long)question->party_id);
	a.tries = (struct code_tries){.now_ms = desk_now(desk),
		.keys = {[CODE_SCOPE_SENDER] = a.sender,
			[CODE_SCOPE_CODE] = question->code,
			[CODE_SCOPE_ALL] = ""}};
	err = code_tries_load(desk, &a.tries);
	if (!err)
		err = look_up(&a);
	if (!err) {
		may_speak = desk_say_once_more(
			&a.tries.guards[CODE_SCOPE_SENDER], a.tries.now_ms, DESK_SAID_MAX);
		err = code_tries_save(desk, &a.tries, a.is_known);
	}
	if (!err)
		err = question->said ? show(&a) : reply(&a, may_speak);
	/* The event of a refused one names no report either way. */
	if (!err)
		err = event_add(desk->store, "report.asked", "", "system",
			a.is_known ? "{\"known\":1}" : "{\"known\":0}");
	if (err)
		return err;
	log_info("report", "asked known=%d locked=%d", a.is_known, a.tries.is_locked);
	*ret_is_known = a.is_known;
	return ERR_OK;
}

enum err desk_report_pin(
	struct desk *desk, int64_t report_id, const char *actor, char ret_pin[8], struct errbuf *eb)
{
	char pin[REPORT_PIN_LEN + 1];
	struct report report;
	enum err err = report_load(desk->store, report_id, &report);

	if (err)
		return errbuf_set(eb, err, "there is no such report");
	err = report_pin_draw(desk->store, report_id, pin);
	if (!err)
		err = desk_event(desk, "report.pin", &report, actor, "number", report.number);
	if (!err)
		err = str_copy(ret_pin, 8, pin);
	explicit_bzero(pin, sizeof(pin));
	return err;
}
