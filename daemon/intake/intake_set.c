/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long SMS: their parts wait for one another, and what they say together is one message. Only the
 * whole tells as whom its sender wrote, so that his parts are made those of the anonymous one
 * afterwards, when no other part is looked for any more.
 */
#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/intake/intake_private.h"

#define INTAKE_CLOSE_MAX 200 /* sets a tick: some thousand rows in one commit */

/* As whom the sender of a set wrote shows only now. */
static enum err set_sender(struct intake *intake, const struct sms_set *set,
	const struct command *command, struct party *ret_party)
{
	struct sender sender = {.other_id = 0};
	CLEAN_BUF address = {0};
	enum err err = party_load(intake->store, set->party_id, ret_party);

	buf_init(&address, PARTY_ADDRESS_MAX);
	if (!err)
		err = party_address(intake->store, set->party_id, &address);
	if (!err)
		err = intake_find_sender(
			intake, ret_party->kind, buf_text(&address), command, 0, &sender);
	if (!err)
		*ret_party = sender.party;
	buf_wipe(&address);
	return err;
}

/* The words of a set become a report, or more of one. */
static enum err set_report(struct intake *intake, const struct sms_set *set, const char *channel,
	int64_t sent_ms, const char *text, struct report *ret_report)
{
	struct command command;
	struct party party;
	enum err err;

	command_parse(text, &command);
	err = set_sender(intake, set, &command, &party);
	if (err)
		return err;
	return intake_take_report(intake,
		&(struct report_message){.report = {.party_id = party.id,
						 .source = channel,
						 .received_ms = set->first_ms,
						 .sent_ms = sent_ms,
						 .text = text,
						 .is_incomplete = set->have != set->total,
						 .is_anonymous = party.is_anonymous},
			.kind = INBOX_KIND_TEXT,
			.command = &command},
		ret_report);
}

/* The part that asks for silence, or to be hidden, came after the others. */
static enum err heed_late(struct intake *intake, const struct sms_set *set, const char *text)
{
	struct command command;
	struct report report;
	struct party party;
	enum err err = report_load(intake->store, set->report_id, &report);

	command_parse(text, &command);
	if (!err && command.is_quiet && !report.is_quiet)
		err = desk_report_hush(intake->desk, &report);
	if (err || !command.is_anonymous || report.is_anonymous)
		return err;
	err = set_sender(intake, set, &command, &party);
	return err ? err : report_hide(intake->store, &report, party.id);
}

/* Its parts name nobody whom its report does not. */
static enum err move_set(struct intake *intake, const struct sms_set *set, int64_t report_id)
{
	struct report report;
	enum err err = report_id ? report_load(intake->store, report_id, &report) : ERR_NOT_FOUND;

	if (err == ERR_NOT_FOUND || (!err && report.party_id == set->party_id))
		return ERR_OK;
	return err ? err : sms_set_move(intake->store, set->id, report.party_id);
}

/* What a keyword or a menu asks for may be long: a question with its accents mostly is. */
static enum err wish_of_set(struct intake *intake, const struct sms_set *set, const char *channel,
	int64_t sent_ms, const char *text)
{
	struct sender sender = {.other_id = 0};
	struct command command;
	CLEAN_BUF address = {0};
	const char *reason;
	enum err err = party_load(intake->store, set->party_id, &sender.party);

	buf_init(&address, PARTY_ADDRESS_MAX);
	if (!err)
		err = party_address(intake->store, set->party_id, &address);
	if (!err) {
		command_parse(text, &command);
		err = intake_take_wish(intake,
			&(struct wish){.text = text,
				.command = &command,
				.sender = &sender,
				.from_kind = sender.party.kind,
				.from = buf_text(&address),
				.channel = channel,
				.sent_ms = sent_ms},
			&reason);
	}
	buf_wipe(&address);
	return err;
}

/* An officer's answer to an alarm, or what is asked of the box itself, is no report. ERR_NOT_FOUND:
 * it is one. */
static enum err answer_of_set(struct intake *intake, const struct sms_set *set, bool is_complete,
	const char *channel, int64_t sent_ms, const char *text)
{
	struct sender sender = {.party.id = set->party_id};
	enum err err;

	if (!is_complete || set->report_id)
		return ERR_NOT_FOUND;
	err = intake_take_answer(intake, text, &sender, false);
	if (err == ERR_NOT_FOUND)
		err = wish_of_set(intake, set, channel, sent_ms, text);
	return err ? err : sms_set_close(intake->store, set->id, 0, true);
}

/* Puts a set's words into its report: a new one, or more for the one that was handed over
 * incomplete. */
static enum err hand_over_set(
	struct intake *intake, const struct sms_set *set, const char *channel, int64_t sent_ms)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	bool is_complete = set->have == set->total;
	struct report report = {.id = set->report_id};
	CLEAN_BUF gap = {0};
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&gap, 128);
	buf_init(&text, INTAKE_TEXT_MAX);
	err = phrase("text_gap", PHRASE_FULL, none, &gap);
	if (!err)
		err = sms_set_text(intake->store, set->id, buf_text(&gap), &text);
	if (!err)
		err = answer_of_set(intake, set, is_complete, channel, sent_ms, buf_text(&text));
	if (err != ERR_NOT_FOUND) {
		buf_wipe(&text);
		return err;
	}
	err = set->report_id ? heed_late(intake, set, buf_text(&text)) : ERR_OK;
	if (!err && set->report_id)
		err = intake_amend_report(intake, set->report_id, buf_text(&text), &report);
	else if (!err)
		err = set_report(intake, set, channel, sent_ms, buf_text(&text), &report);
	if (!err)
		err = sms_set_close(intake->store, set->id, report.id, is_complete);
	if (!err && is_complete)
		err = move_set(intake, set, report.id);
	buf_wipe(&text);
	return err;
}

enum err intake_part(struct intake *intake, const struct inbound *in, int64_t inbox_id,
	const struct sender *sender)
{
	const int64_t ids[] = {sender->party.id, sender->other_id};
	struct sms_set set;
	enum err err = sms_set_add(
		intake->store, inbox_id, ids, &in->concat, in->text, intake_now(intake), &set);

	if (!err && set.is_repeat)
		log_info("inbox", "id=%lld repeat part=%d/%d", (long long)inbox_id, in->concat.seq,
			in->concat.total);
	if (err || set.is_repeat)
		return err;
	if (set.have < set.total && !set.report_id)
		return ERR_OK;
	return hand_over_set(intake, &set, in->channel, in->sent_ms);
}

static enum err hand_over_overdue(struct intake *intake, const struct sms_set *set)
{
	enum err err = store_savepoint_begin(intake->store);

	if (err)
		return err;
	err = hand_over_set(intake, set, "modem", 0);
	if (!err)
		return store_savepoint_release(intake->store);
	store_savepoint_rollback(intake->store);
	return err;
}

/* What did not come within days never will: the report says since long that a part is missing. */
static enum err close_old_sets(struct intake *intake, int64_t now_ms)
{
	struct sms_set set;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < INTAKE_CLOSE_MAX; i++) {
		err = sms_set_oldest(intake->store, now_ms - SMS_SET_OPEN_MS, &set);
		if (err)
			return err == ERR_NOT_FOUND ? ERR_OK : err;
		log_info("inbox", "set=%lld given_up parts=%d/%d report=%lld", (long long)set.id,
			set.have, set.total, (long long)set.report_id);
		err = sms_set_close(intake->store, set.id, set.report_id, true);
		if (!err)
			err = move_set(intake, &set, set.report_id);
	}
	return err;
}

enum err intake_sets_tick(struct intake *intake, int64_t now_ms)
{
	struct sms_set set;
	enum err err;

	do {
		err = sms_set_overdue(intake->store, now_ms - intake->incomplete_after_ms, &set);
		if (!err)
			err = hand_over_overdue(intake, &set);
	} while (!err);
	return err == ERR_NOT_FOUND ? close_old_sets(intake, now_ms) : err;
}
