/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/ussd.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/intake/intake_private.h"
#include "daemon/intake/menu.h"
#include "gateway/sms_text.h"
#include "store/ussd_session.h"
#include "store/vault.h"

#include <string.h>

struct ussd_turn {
	struct intake *intake;
	const struct ussd_call *call;
	struct sender sender;
	struct command command;
	struct ussd_session session;
	struct buf history; /* before this call */
	const char *input;  /* NULL: he dialled */
	int64_t inbox_id;
	bool is_new;
};

static const char *step_of(const struct ussd_call *call)
{
	return call->step ? call->step : call->text;
}

/* Who dials is known by his number, which the gateway vouches for. */
static enum err find_sender(struct ussd_turn *t, const char *text)
{
	command_parse(text, &t->command);
	return intake_find_sender(
		t->intake, PARTY_PHONE, t->call->phone, &t->command, 0, &t->sender);
}

static bool is_his(const struct ussd_turn *t)
{
	return t->session.party_id == t->sender.party.id ||
	       (t->sender.other_id && t->session.party_id == t->sender.other_id);
}

/* What of a cumulative text is new. ERR_INVALID: it is not what came before and more. */
static enum err find_input(struct ussd_turn *t)
{
	const char *text = t->call->text, *history = buf_text(&t->history);
	size_t len = strlen(history);

	if (t->is_new) {
		t->input = NULL;
		return ERR_OK;
	}
	if (t->call->step) {
		t->input = text;
		return ERR_OK;
	}
	if (strncmp(text, history, len) != 0 || (len && text[len] != '*'))
		return ERR_INVALID;
	t->input = text + len + (len ? 1 : 0);
	return ERR_OK;
}

/* That a call comes twice is known by its answer (ussd_answer_find), in the same transaction. The
 * time is in the key because a gateway may use the name of a session again when ours is forgotten,
 * and the row that it had may be of another one by then. */
static enum err keep_message(struct ussd_turn *t)
{
	const char *step = step_of(t->call), *body = t->input ? t->input : "";
	char external[INBOX_EXTERNAL_ID_MAX], hex[2 * VAULT_HASH_BYTES + 1];
	uint8_t digest[VAULT_HASH_BYTES];
	struct vault_piece pieces[] = {
		{t->call->session, strlen(t->call->session)}, {step, strlen(step)}};
	enum err err;

	vault_digest(pieces, ARRAY_LEN(pieces), digest);
	str_hex(digest, sizeof(digest), hex);
	snprintf(external, sizeof(external), "%lld/%lld/%s", (long long)t->session.id,
		(long long)intake_now(t->intake), hex);
	err = inbox_add(t->intake->store,
		&(struct inbox_new){.channel = "ussd",
			.external_id = external,
			.kind = INBOX_KIND_USSD,
			.party_id = t->sender.party.id,
			.other_party_id = t->sender.other_id,
			.received_ms = intake_now(t->intake),
			.body = body,
			.body_bytes = strlen(body)},
		&t->inbox_id);
	return err ? err : party_touch(t->intake->store, t->sender.party.id, intake_now(t->intake));
}

/* No answer to any screen. */
static enum err take_report(struct ussd_turn *t, struct buf *answer)
{
	char number[REPORT_NUMBER_BYTES];
	struct report report;
	struct phrase_field fields[] = {{"number", number}, {"code", report.code}, {NULL, NULL}};
	CLEAN_BUF words = {0};
	enum err err = intake_take_report(t->intake,
		&(struct report_message){.report = {.party_id = t->sender.party.id,
						 .source = "ussd",
						 .received_ms = intake_now(t->intake),
						 .text = t->input,
						 .is_anonymous = t->sender.party.is_anonymous,
						 .is_told = true},
			.kind = INBOX_KIND_TEXT,
			.command = &t->command},
		&report);

	buf_init(&words, USSD_ANSWER_MAX);
	if (err)
		return err;
	report_number_text(&report, number);
	err = phrase(str_eq(report.urgency, "danger") ? "menu_taken_danger" : "menu_taken",
		PHRASE_FULL, fields, &words);
	if (!err)
		err = sms_text_unaccent(buf_text(&words), answer);
	return err ? err
		   : inbox_move(t->intake->store, t->inbox_id, INBOX_HANDLED, report.id, NULL);
}

static enum err run(struct ussd_turn *t, struct buf *answer, bool *ret_is_end)
{
	struct menu_reply reply = {.is_end = false};
	enum err err = keep_message(t);

	if (err)
		return err;
	buf_init(&reply.text, INBOX_BODY_MAX);
	err = menu_answer(t->intake,
		&(struct menu_caller){.door = SERVICE_USSD,
			.party_id = t->sender.party.id,
			.other_id = t->sender.other_id,
			.kind = PARTY_PHONE,
			.address = t->call->phone,
			.channel = "ussd",
			.inbox_id = t->inbox_id},
		t->input, &reply);
	if (!err)
		err = buf_adds(answer, buf_text(&reply.text));
	if (!err)
		err = inbox_move(t->intake->store, t->inbox_id, INBOX_HANDLED, 0, "question");
	*ret_is_end = reply.is_end;
	buf_wipe(&reply.text);
	if (err != ERR_NOT_FOUND || !t->input)
		return err;
	*ret_is_end = true;
	return take_report(t, answer);
}

static enum err remember(struct ussd_turn *t, const char *answer, bool is_end)
{
	const char *text = t->call->step ? "" : t->call->text;
	enum err err;

	t->session.is_over = is_end;
	t->session.updated_ms = intake_now(t->intake);
	err = ussd_session_save(t->intake->store, &t->session, text);
	return err ? err
		   : ussd_answer_add(
			     t->intake->store, t->session.id, step_of(t->call), answer, is_end);
}

static enum err load(struct ussd_turn *t)
{
	enum err err = ussd_session_find(
		t->intake->store, t->call->session, &t->session, &t->history);

	if (err == ERR_NOT_FOUND) {
		t->is_new = true;
		err = ussd_session_add(
			t->intake->store, t->call->session, t->sender.party.id, &t->session.id);
		t->session.party_id = t->sender.party.id;
	}
	if (!err && !is_his(t))
		err = ERR_INVALID;
	return err;
}

/* More calls of a session that is over. */
static enum err say_bye(struct buf *answer, bool *ret_is_end)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF words = {0};
	enum err err;

	buf_init(&words, USSD_ANSWER_MAX);
	err = phrase("menu_bye", PHRASE_FULL, none, &words);
	*ret_is_end = true;
	return err ? err : sms_text_unaccent(buf_text(&words), answer);
}

static enum err handle(struct ussd_turn *t, struct buf *answer, bool *ret_is_end)
{
	enum err err = find_sender(t, "");

	if (!err)
		err = load(t);
	if (err)
		return err;
	if (!t->is_new) {
		err = ussd_answer_find(
			t->intake->store, t->session.id, step_of(t->call), answer, ret_is_end);
		if (err != ERR_NOT_FOUND)
			return err;
	}
	/* What does not fit is shown the screen again, with the hint. */
	if (find_input(t))
		t->input = "";
	/* The words may say that he wants to be hidden. */
	err = t->input ? find_sender(t, t->input) : ERR_OK;
	if (!err && t->session.is_over)
		return say_bye(answer, ret_is_end);
	if (!err)
		err = run(t, answer, ret_is_end);
	return err ? err : remember(t, buf_text(answer), *ret_is_end);
}

static bool is_sound(const char *text, size_t max)
{
	return strlen(text) <= max && str_is_utf8(text, strlen(text));
}

enum err intake_ussd(struct intake *intake, const struct ussd_call *call, struct buf *ret_answer,
	bool *ret_is_end)
{
	struct ussd_turn t = {.intake = intake, .call = call};
	bool is_end = false;
	enum err err;

	if (!call->session[0] || !is_sound(call->session, USSD_NAME_MAX) ||
		!is_sound(call->text, USSD_HISTORY_MAX) ||
		(call->step && !is_sound(call->step, USSD_NAME_MAX)))
		return ERR_INVALID;
	err = store_savepoint_begin(intake->store);
	if (err)
		return err;
	buf_init(&t.history, USSD_HISTORY_MAX);
	err = handle(&t, ret_answer, &is_end);
	desk_listen(intake->desk, 0, 0);
	buf_wipe(&t.history);
	if (err) {
		store_savepoint_rollback(intake->store);
		return err;
	}
	*ret_is_end = is_end;
	return store_savepoint_release(intake->store);
}

enum err ussd_tick(struct intake *intake)
{
	return ussd_session_prune(intake->store, intake_now(intake) - USSD_SESSION_MS);
}
