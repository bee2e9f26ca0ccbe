/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/keyword.h"

#include "daemon/desk/delivery.h"
#include "daemon/desk/dossier.h"
#include "daemon/desk/enrolment.h"
#include "daemon/desk/poll.h"
#include "daemon/desk/refusal.h"
#include "daemon/intake/dossier_word.h"
#include "daemon/intake/enrol_word.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/intake_private.h"
#include "daemon/intake/menu.h"
#include "daemon/intake/phone_word.h"
#include "daemon/intake/poll_word.h"
#include "daemon/intake/refusal_word.h"
#include "daemon/intake/stay_word.h"
#include "daemon/intake/told_everyone.h"

#include <string.h>

#define POLL_PLAIN_MAX 200 /* bytes: longer words are no bare answer to a poll */

/* The head of a hamlet has told everyone. He is known by the registry, not as who reports. */
static enum err take_confirmation(struct intake *intake, const struct wish *wish)
{
	int64_t bulletin_id = 0;
	enum err err = told_everyone_parse(wish->text, &bulletin_id);

	if (!err)
		err = delivery_confirmed(intake->desk, wish->from_kind, wish->from, bulletin_id);
	return err ? err : delivery_thank(intake->desk, wish->sender->party.id, bulletin_id);
}

/* Of private messages: what is written in a group is seen by all. */
static enum err take_refusal(struct intake *intake, const struct wish *wish)
{
	struct refusal_word word;
	enum err err = refusal_word_parse(wish->text, &word);

	if (!err && wish->from_kind != PARTY_PHONE && wish->from_kind != PARTY_ZALO_USER)
		err = ERR_NOT_FOUND;
	return err ? err
		   : desk_refuse(intake->desk,
			     &(struct desk_refusal){.party_id = wish->sender->party.id,
				     .kind = wish->from_kind == PARTY_PHONE ? REFUSAL_PHONE
									    : REFUSAL_ZALO_USER,
				     .address = wish->from,
				     .topic = word.topic,
				     .is_back = word.is_back});
}

/* The same. By Zalo he has to show a phone, too. */
static enum err take_enrolment(struct intake *intake, const struct wish *wish)
{
	const char *words = enrol_words(wish->text);
	char phone[MSISDN_BYTES];

	if (words && wish->from_kind == PARTY_ZALO_USER)
		return desk_enrol_zalo(intake->desk, wish->sender->party.id, wish->from, words);
	if (!words || wish->from_kind != PARTY_PHONE || msisdn_normalize(wish->from, phone))
		return ERR_NOT_FOUND;
	return desk_enrol(intake->desk,
		&(struct desk_enrolment){
			.party_id = wish->sender->party.id, .phone = phone, .words = words});
}

/* Of phones: in Zalo nobody's number changes. */
static enum err take_phone(struct intake *intake, const struct wish *wish)
{
	const char *words = phone_words(wish->text);
	char phone[MSISDN_BYTES];

	if (!words || wish->from_kind != PARTY_PHONE || msisdn_normalize(wish->from, phone))
		return ERR_NOT_FOUND;
	return desk_change_phone(intake->desk,
		&(struct desk_enrolment){
			.party_id = wish->sender->party.id, .phone = phone, .words = words});
}

/* Of private messages again. */
static enum err take_stay(struct intake *intake, const struct wish *wish)
{
	if (wish->from_kind != PARTY_PHONE && wish->from_kind != PARTY_ZALO_USER)
		return ERR_NOT_FOUND;
	return intake_take_stay(intake, wish->sender->party.id, wish->text, wish->sent_ms);
}

/* Of private messages again. What is no code is a report: "hs" begins sentences, too. */
static enum err take_dossier(struct intake *intake, const struct wish *wish)
{
	const char *words = dossier_words(wish->text);

	if (!words || (wish->from_kind != PARTY_PHONE && wish->from_kind != PARTY_ZALO_USER))
		return ERR_NOT_FOUND;
	return desk_dossier_ask(
		intake->desk, &(struct desk_dossier_question){
				      .party_id = wish->sender->party.id, .words = words});
}

/* Of private messages again; who is in danger is not counted. */
static enum err answer_poll(
	struct intake *intake, const struct wish *wish, const char *words, bool has_keyword)
{
	CLEAN_BUF normal = {0};
	struct guess guess;
	enum err err;

	buf_init(&normal, INTAKE_TEXT_MAX);
	err = sms_text_normalize(words, &normal);
	if (!err)
		guess_text(buf_text(&normal), &guess);
	if (err || guess.is_danger)
		err = err == ERR_NOMEM ? err : ERR_NOT_FOUND;
	else
		err = desk_poll_answer(
			intake->desk, &(struct desk_poll_answer){.party_id = wish->sender->party.id,
					      .other_id = wish->sender->other_id,
					      .kind = wish->from_kind,
					      .address = wish->from,
					      .words = buf_text(&normal),
					      .has_keyword = has_keyword});
	buf_wipe(&normal);
	return err;
}

static enum err take_poll(struct intake *intake, const struct wish *wish)
{
	const char *words = poll_keyword(wish->text);

	if (!words || (wish->from_kind != PARTY_PHONE && wish->from_kind != PARTY_ZALO_USER))
		return ERR_NOT_FOUND;
	return answer_poll(intake, wish, words, true);
}

/* An answer to a poll without the keyword, when it can't be anything else. */
static enum err take_plain_poll(struct intake *intake, const struct wish *wish)
{
	const struct command *command = wish->command;

	if ((wish->from_kind != PARTY_PHONE && wish->from_kind != PARTY_ZALO_USER) ||
		command->is_anonymous || command->is_quiet || command->code[0] ||
		strlen(wish->text) > POLL_PLAIN_MAX)
		return ERR_NOT_FOUND;
	return answer_poll(intake, wish, wish->text, false);
}

/* By SMS and Zalo; who dials comes another way (ussd.h). What is marked as anonymous, quiet, or
 * more of a report has said what it is. */
static enum err take_menu(struct intake *intake, const struct wish *wish)
{
	const struct command *command = wish->command;
	struct menu_reply reply = {.is_end = false};
	enum err err;

	if ((wish->from_kind != PARTY_PHONE && wish->from_kind != PARTY_ZALO_USER) ||
		command->is_anonymous || command->is_quiet || command->code[0])
		return ERR_NOT_FOUND;
	buf_init(&reply.text, INTAKE_TEXT_MAX);
	err = menu_answer(intake,
		&(struct menu_caller){.door = intake_door(wish->from_kind),
			.party_id = wish->sender->party.id,
			.other_id = wish->sender->other_id,
			.kind = wish->from_kind,
			.address = wish->from,
			.channel = wish->channel,
			.sent_ms = wish->sent_ms,
			.inbox_id = wish->inbox_id,
			.has_marks = wish->sender->party.has_marks},
		wish->text, &reply);
	if (!err && reply.text.len)
		err = desk_show(intake->desk, wish->sender->party.id, buf_text(&reply.text));
	buf_wipe(&reply.text);
	return err;
}

/* reason: the inbox does not tell who refuses or enrols. what: it is counted as this, without who;
 * NULL: it counts itself, or nobody asked for anything. */
static const struct {
	const char *reason, *what;
	enum err (*take)(struct intake *intake, const struct wish *wish);
} keywords[] = {
	{INBOX_TOLD_EVERYONE, NULL, take_confirmation},
	{"question", "refusal", take_refusal},
	{"question", "enrolment", take_enrolment},
	{"question", "phone", take_phone},
	{"question", "stay", take_stay},
	{"question", "dossier", take_dossier},
	{"question", "poll", take_poll},
	{"question", NULL, intake_take_question},
	{"question", NULL, take_menu},
	{"question", "poll", take_plain_poll},
};

enum service_door intake_door(enum party_kind kind)
{
	return kind == PARTY_PHONE ? SERVICE_SMS : SERVICE_ZALO;
}

enum err intake_count(struct intake *intake, enum service_door door, const char *what,
	enum service_outcome outcome)
{
	enum err err = service_tally_add(intake->store, door, what, SERVICE_ASKED);

	return err ? err : service_tally_add(intake->store, door, what, outcome);
}

enum err intake_take_wish(struct intake *intake, const struct wish *wish, const char **ret_reason)
{
	enum err err = desk_hear(intake->desk, wish->sender->party.id, wish->text);

	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		err = keywords[i].take(intake, wish);
		if (err == ERR_NOT_FOUND)
			continue;
		*ret_reason = keywords[i].reason;
		if (err || !keywords[i].what)
			return err;
		return intake_count(
			intake, intake_door(wish->from_kind), keywords[i].what, SERVICE_ANSWERED);
	}
	return ERR_NOT_FOUND;
}
