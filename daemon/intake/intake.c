/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message: find who wrote, put it into the inbox, then wait for the other parts of a long SMS,
 * answer a question about a report's state, or make a report or more of one (intake_report.c).
 * Whatever goes wrong with its content puts it into quarantine; whatever goes wrong with the disk
 * is the caller's to know, because then the message must stay where it came from.
 */
#include "daemon/intake/intake_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/question.h"
#include "daemon/desk/dossier.h"
#include "daemon/desk/enrolment.h"
#include "daemon/desk/poll.h"
#include "daemon/desk/procedure.h"
#include "daemon/desk/stay.h"
#include "daemon/intake/alarm_answer.h"
#include "daemon/intake/alphabet.h"
#include "daemon/intake/menu.h"
#include "daemon/intake/procedure_find.h"
#include "daemon/intake/ussd.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/vault.h"

#include <string.h>

#define INTAKE_INCOMPLETE_AFTER_MS (10 * MINUTE_MS)
#define INTAKE_TICK_MS		   MINUTE_MS

void intake_set_menu_phone(struct intake *intake, const char *phone)
{
	snprintf(intake->menu_phone, sizeof(intake->menu_phone), "%s", phone);
}

enum err intake_new(const struct intake_options *options, struct intake **ret_intake)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (!intake)
		return ERR_NOMEM;
	intake->store = options->store;
	intake->desk = options->desk;
	intake->menus = options->menus;
	intake_set_menu_phone(intake, options->menu_phone ? options->menu_phone : "");
	if (options->procedures && procedure_index_new(options->procedures, &intake->procedures)) {
		free(intake);
		return ERR_NOMEM;
	}
	intake->incomplete_after_ms = options->incomplete_after_ms ? options->incomplete_after_ms
								   : INTAKE_INCOMPLETE_AFTER_MS;
	*ret_intake = intake;
	return ERR_OK;
}

void intake_free(struct intake *intake)
{
	if (intake)
		procedure_index_free(intake->procedures);
	free(intake);
}

/* Over the SIM as well: who writes to two numbers of the commune is answered from both. */
static enum err words_hash(
	struct intake *intake, const struct inbound *in, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	CLEAN_BUF words = {0};
	enum err err;

	buf_init(&words, INBOX_BODY_MAX + 64);
	err = buf_addf(&words, "%s|", in->sim);
	if (!err)
		err = in->raw ? buf_add(&words, in->raw, in->raw_bytes)
			      : buf_adds(&words, in->text);
	if (!err)
		vault_hash(store_vault(intake->store), VAULT_HASH_CONTENT, words.data, words.len,
			ret_hash);
	buf_wipe(&words);
	return err;
}

/* ERR_NOT_FOUND: it is none. */
static enum err take_repeat(struct intake *intake, const struct inbox_new *row, int64_t inbox_id)
{
	struct inbox_repeat repeat;
	enum err err = inbox_find_repeat(intake->store, row, &repeat);

	if (err)
		return err;
	log_info("inbox", "id=%lld repeat_of=%lld", (long long)inbox_id, (long long)repeat.id);
	return inbox_move(intake->store, inbox_id, INBOX_IGNORED, repeat.report_id, INBOX_REPEAT);
}

static enum err add_attachments(
	struct intake *intake, const struct inbound *in, int64_t inbox_id, int64_t report_id)
{
	enum err err = ERR_OK;
	int64_t id;

	for (size_t i = 0; !err && i < in->attachment_count; i++)
		err = attachment_add(intake->store, inbox_id, report_id, &in->attachments[i], &id);
	return err;
}

/* The same message by another way may tell where its picture is when the first did not. */
static enum err add_more_attachments(struct intake *intake, const struct inbound *in)
{
	int64_t inbox_id, report_id, count = 0;
	enum err err;

	if (!in->attachment_count)
		return ERR_EXISTS;
	err = inbox_find(intake->store, in->channel, in->external_id, &inbox_id, &report_id);
	if (!err && !report_id)
		return ERR_EXISTS;
	if (!err)
		err = attachment_of_inbox(intake->store, inbox_id, &count);
	if (!err && count)
		return ERR_EXISTS;
	return err ? err : add_attachments(intake, in, inbox_id, report_id);
}

/* Kept when it could not be answered: perhaps it was meant otherwise. What was answered holds a PIN
 * and nothing else. */
static enum err accept_question(struct intake *intake, const struct sender *sender,
	const struct command *command, int64_t inbox_id)
{
	bool is_known;
	enum err err = desk_ask(intake->desk,
		&(struct desk_question){.party_id = sender->party.id,
			.other_party_id = sender->other_id,
			.code = command->code,
			.pin = command->pin,
			.wants_pin = command->kind == COMMAND_PIN},
		&is_known);

	if (!err)
		err = intake_count(
			intake, intake_door(sender->party.kind), "status", SERVICE_ANSWERED);
	if (err)
		return err;
	return inbox_move(
		intake->store, inbox_id, is_known ? INBOX_HANDLED : INBOX_IGNORED, 0, "question");
}

static struct report_new report_of_inbound(
	struct intake *intake, const struct inbound *in, const struct sender *sender)
{
	struct report_new report = {.party_id = sender->party.id,
		.source = in->channel,
		.received_ms = intake_now(intake),
		.sent_ms = in->sent_ms,
		.text = in->text,
		.is_anonymous = sender->party.is_anonymous};

	if (in->entry) {
		report.source = in->entry->source;
		report.receiver = in->entry->receiver;
		report.hamlet = in->entry->hamlet;
		report.is_quiet = in->entry->is_quiet;
	}
	return report;
}

enum err intake_take_answer(
	struct intake *intake, const char *text, const struct sender *sender, bool is_duty_group)
{
	struct alarm_answer answer;
	enum err err = alarm_answer_parse(text, &answer);

	if (err)
		return err;
	err = alarm_answered(intake->desk, sender->party.id, is_duty_group, &answer);
	/* He may be in a dialogue of his own, as whom nobody knows him. */
	if (err == ERR_NOT_FOUND && sender->other_id)
		err = alarm_answered(intake->desk, sender->other_id, is_duty_group, &answer);
	return err;
}

static enum err accept_whole(struct intake *intake, const struct inbound *in, int64_t inbox_id,
	const struct sender *sender, const struct command *command, int64_t quoted_id)
{
	bool is_duty_group = in->group && desk_is_duty_group(intake->desk, in->group);
	struct report report;
	enum err err = ERR_NOT_FOUND;

	if (in->kind == INBOX_KIND_TEXT && !in->entry && (is_duty_group || !in->group))
		err = intake_take_answer(intake, in->text, sender, is_duty_group);
	if (!err)
		return inbox_move(intake->store, inbox_id, INBOX_HANDLED, 0, INBOX_ALARM_ANSWER);
	if (err != ERR_NOT_FOUND)
		return err;
	if (is_duty_group)
		return inbox_move(intake->store, inbox_id, INBOX_IGNORED, 0, INBOX_DUTY_GROUP);
	if (command_asks_state(command))
		return accept_question(intake, sender, command, inbox_id);
	if (in->kind == INBOX_KIND_TEXT && !in->entry && !in->group) {
		const char *reason;

		err = intake_take_wish(intake,
			&(struct wish){.text = in->text,
				.command = command,
				.sender = sender,
				.from_kind = in->from_kind,
				.from = in->from,
				.channel = in->channel,
				.sent_ms = in->sent_ms,
				.inbox_id = inbox_id},
			&reason);
		if (!err)
			return inbox_move(intake->store, inbox_id, INBOX_HANDLED, 0, reason);
		if (err != ERR_NOT_FOUND)
			return err;
	}
	err = intake_take_report(intake,
		&(struct report_message){.report = report_of_inbound(intake, in, sender),
			.kind = in->kind,
			.command = command,
			.quoted_id = quoted_id,
			.is_group = in->group != NULL,
			.entry = in->entry},
		&report);
	if (!err)
		err = add_attachments(intake, in, inbox_id, report.id);
	if (!err && in->group)
		err = desk_group_invite(intake->desk, sender->party.id, in->group);
	return err ? err : inbox_move(intake->store, inbox_id, INBOX_HANDLED, report.id, NULL);
}

static bool is_part(const struct inbound *in)
{
	return in->kind == INBOX_KIND_TEXT && in->concat.total > 1;
}

/* What an officer enters and what comes in parts has no commands; the parts of the latter are read
 * together. */
static void find_command(const struct inbound *in, const char *text, struct command *ret_command)
{
	if (is_part(in))
		*ret_command = (struct command){.words = NULL};
	else if (in->entry || (in->kind != INBOX_KIND_TEXT && in->kind != INBOX_KIND_MEDIA))
		*ret_command = (struct command){
			.words = in->text, .is_anonymous = in->entry && in->entry->is_anonymous};
	else
		command_parse(text, ret_command);
}

static enum err keep_message(
	struct intake *intake, const struct inbox_new *row, int64_t *ret_inbox_id)
{
	enum err err = inbox_add(intake->store, row, ret_inbox_id);

	return err ? err : party_touch(intake->store, row->party_id, row->received_ms);
}

static enum err accept_from(struct intake *intake, const struct inbound *in,
	const struct sender *sender, const struct command *command, int64_t quoted_id)
{
	uint8_t hash[VAULT_HASH_BYTES];
	struct inbox_new row = {.channel = in->channel,
		.external_id = in->external_id,
		.kind = is_part(in) ? INBOX_KIND_PART : in->kind,
		.party_id = sender->party.id,
		.other_party_id = sender->other_id,
		.received_ms = intake_now(intake),
		.sent_ms = in->sent_ms,
		.body = in->raw ? in->raw : in->text,
		.body_bytes = in->raw ? in->raw_bytes : strlen(in->text)};
	int64_t inbox_id;
	enum err err = ERR_OK;

	if (in->sim && !is_part(in)) {
		err = words_hash(intake, in, hash);
		row.hash = hash;
	}
	if (!err)
		err = keep_message(intake, &row, &inbox_id);
	if (err)
		return err;
	if (is_part(in))
		return intake_part(intake, in, inbox_id, sender);
	err = take_repeat(intake, &row, inbox_id);
	if (err == ERR_NOT_FOUND)
		err = accept_whole(intake, in, inbox_id, sender, command, quoted_id);
	if (!err && in->from_kind == PARTY_ZALO_USER)
		err = desk_tick(intake->desk, sender->party.id, in->external_id);
	return err;
}

/* He is answered as he writes. What an officer enters is not his, and Zalo shows every letter. */
static enum err learn_alphabet(
	struct intake *intake, const struct inbound *in, struct sender *sender)
{
	enum alphabet alphabet = alphabet_of(in->text);
	bool has_marks = alphabet == ALPHABET_MARKS;

	if (in->kind != INBOX_KIND_TEXT || in->entry || in->from_kind != PARTY_PHONE ||
		alphabet == ALPHABET_UNTOLD || has_marks == sender->party.has_marks)
		return ERR_OK;
	sender->party.has_marks = has_marks;
	return party_set_marks(intake->store, sender->party.id, has_marks);
}

static enum err accept_message(struct intake *intake, const struct inbound *in)
{
	struct command command;
	struct quoted quoted;
	struct sender sender;
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, INTAKE_TEXT_MAX);
	/* What is no text goes the way of every message until something fails for it. */
	if (sms_text_normalize(in->text, &text))
		buf_reset(&text);
	find_command(in, buf_text(&text), &command);
	err = intake_find_quoted(intake, in, &quoted);
	if (!err)
		err = intake_find_sender(
			intake, in->from_kind, in->from, &command, quoted.party_id, &sender);
	if (!err)
		err = learn_alphabet(intake, in, &sender);
	if (!err)
		err = accept_from(intake, in, &sender, &command, quoted.report_id);
	buf_wipe(&text);
	return err;
}

/* Not the message's fault: it must not be taken from where it is. */
static bool is_storage_failure(enum err err)
{
	switch (err) {
	case ERR_NOMEM:
	case ERR_IO:
	case ERR_DISK_FULL:
	case ERR_READ_ONLY:
	case ERR_BUSY:
	case ERR_CORRUPT:
	case ERR_WRONG_KEY:
		return true;
	default:
		return false;
	}
}

static enum err put_aside(struct intake *intake, const struct inbound *in, enum err why)
{
	const char *raw = in->raw ? in->raw : in->text;
	char data[64];
	int64_t id;
	enum err err = quarantine_add(intake->store, in->channel, err_name(why), raw,
		in->raw ? in->raw_bytes : strlen(in->text), &id);

	if (err)
		return err;
	log_error("quarantine", "id=%lld channel=%s reason=%s", (long long)id, in->channel,
		err_name(why));
	snprintf(data, sizeof(data), "{\"reason\":\"%s\"}", err_name(why));
	return event_add(intake->store, "inbox.quarantined", "", "system", data);
}

enum err intake_accept(struct intake *intake, const struct inbound *in)
{
	enum err err = store_savepoint_begin(intake->store);

	if (err)
		return err;
	err = accept_message(intake, in);
	desk_listen(intake->desk, 0, 0);
	if (err == ERR_EXISTS)
		err = add_more_attachments(intake, in);
	if (!err)
		return store_savepoint_release(intake->store);
	store_savepoint_rollback(intake->store);
	if (err == ERR_EXISTS || is_storage_failure(err))
		return err;
	return put_aside(intake, in, err);
}

enum err intake_tick(struct intake *intake, int64_t *ret_next_ms)
{
	int64_t now_ms = intake_now(intake);
	enum err err = intake_sets_tick(intake, now_ms);

	desk_listen(intake->desk, 0, 0);
	if (!err)
		err = desk_forget_anonymous(intake->desk);
	if (!err)
		err = desk_manners_tick(intake->desk);
	if (!err)
		err = desk_stays_tick(intake->desk);
	if (!err)
		err = desk_polls_tick(intake->desk);
	if (!err)
		err = desk_dossiers_tick(intake->desk);
	if (!err)
		err = desk_enrolments_tick(intake->desk);
	if (!err)
		err = menu_tick(intake);
	if (!err)
		err = ussd_tick(intake);
	if (!err && intake->procedures)
		err = desk_procedures_tick(
			intake->desk, procedure_index_entries(intake->procedures));
	if (err)
		return err;
	*ret_next_ms = now_ms + INTAKE_TICK_MS;
	return ERR_OK;
}
