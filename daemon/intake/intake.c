/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message: find who wrote, put it into the inbox, then either wait for the other parts of a
 * long SMS or open a report. Whatever goes wrong with its content puts it into quarantine; whatever
 * goes wrong with the disk is the caller's to know, because then the message must stay where it
 * came from.
 */
#include "daemon/intake/intake.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/intake/guess.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/vault.h"

#include <string.h>

#define INTAKE_INCOMPLETE_AFTER_MS (10 * MINUTE_MS)
#define INTAKE_TICK_MS		   MINUTE_MS
#define INTAKE_CLOSE_MAX	   200 /* sets a tick: some thousand rows in one commit */

/* 39 parts of 70 characters of up to 4 bytes; a Zalo text has 2,000 characters. */
#define INTAKE_TEXT_MAX INBOX_BODY_MAX

struct intake {
	struct store *store;
	struct desk *desk;
	int64_t incomplete_after_ms;
};

enum err intake_new(const struct intake_options *options, struct intake **ret_intake)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (!intake)
		return ERR_NOMEM;
	intake->store = options->store;
	intake->desk = options->desk;
	intake->incomplete_after_ms = options->incomplete_after_ms ? options->incomplete_after_ms
								   : INTAKE_INCOMPLETE_AFTER_MS;
	*ret_intake = intake;
	return ERR_OK;
}

void intake_free(struct intake *intake)
{
	free(intake);
}

static int64_t intake_now(struct intake *intake)
{
	return clock_wall_ms(store_clock(intake->store));
}

/* Words for the register: the normal form of what was written, or a phrase that says why there are
 * none. */
static enum err report_words(enum inbox_kind kind, const char *text, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	enum err err = sms_text_normalize(text, out);

	if (err || out->len)
		return err;
	return phrase(kind == INBOX_KIND_CALL	 ? "call_text"
		      : kind == INBOX_KIND_MEDIA ? "attachment_text"
		      : kind == INBOX_KIND_OTHER ? "unreadable_text"
						 : "empty_text",
		PHRASE_FULL, none, out);
}

/* What the words make one think, as the register keeps it. */
static enum err guess_report(const char *text, struct report_guess *ret_guess, struct buf *words)
{
	struct guess guess;
	enum err err = ERR_OK;

	guess_text(text, &guess);
	ret_guess->is_danger = guess.is_danger;
	for (int i = 0; !err && i < guess.word_count; i++)
		err = buf_addf(words, "%s%s", i ? ", " : "", guess.words[i]);
	return err ? err
		   : str_copy(ret_guess->category, sizeof(ret_guess->category),
			     category_code(guess.category));
}

static enum err open_report(struct intake *intake, const struct report_new *in,
	enum inbox_kind kind, struct report *ret_report)
{
	struct report_new copy = *in;
	struct report_guess guess;
	CLEAN_BUF words = {0};
	CLEAN_BUF why = {0};
	enum err err;

	buf_init(&words, INTAKE_TEXT_MAX);
	buf_init(&why, REPORT_GUESS_WORDS_MAX);
	err = report_words(kind, in->text, &words);
	if (!err)
		err = guess_report(in->text, &guess, &why);
	copy.text = buf_text(&words);
	copy.guess = &guess;
	copy.guess_words = buf_text(&why);
	if (!err)
		err = desk_report_open(intake->desk, &copy, ret_report);
	buf_wipe(&words);
	return err;
}

static enum err amend_report(struct intake *intake, int64_t report_id, const char *text)
{
	struct report_guess guess;
	CLEAN_BUF why = {0};
	enum err err;

	buf_init(&why, REPORT_GUESS_WORDS_MAX);
	err = guess_report(text, &guess, &why);
	return err ? err : desk_report_amend(intake->desk, report_id, text, &guess, buf_text(&why));
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
	if (!err && set->report_id)
		err = amend_report(intake, set->report_id, buf_text(&text));
	else if (!err)
		err = open_report(intake,
			&(struct report_new){.party_id = set->party_id,
				.source = channel,
				.received_ms = set->first_ms,
				.sent_ms = sent_ms,
				.text = buf_text(&text),
				.is_incomplete = !is_complete},
			INBOX_KIND_TEXT, &report);
	if (!err)
		err = sms_set_close(intake->store, set->id, report.id, is_complete);
	buf_wipe(&text);
	return err;
}

static enum err accept_part(
	struct intake *intake, const struct inbound *in, int64_t inbox_id, int64_t party_id)
{
	struct sms_set set;
	enum err err = sms_set_add(
		intake->store, inbox_id, party_id, &in->concat, in->text, intake_now(intake), &set);

	if (!err && set.is_repeat)
		log_info("inbox", "id=%lld repeat part=%d/%d", (long long)inbox_id, in->concat.seq,
			in->concat.total);
	if (err || set.is_repeat)
		return err;
	if (set.have < set.total && !set.report_id)
		return ERR_OK;
	return hand_over_set(intake, &set, in->channel, in->sent_ms);
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

static enum err accept_whole(
	struct intake *intake, const struct inbound *in, int64_t inbox_id, int64_t party_id)
{
	struct report report;
	enum err err;

	if (in->group && desk_is_duty_group(intake->desk, in->group))
		return inbox_move(intake->store, inbox_id, INBOX_IGNORED, 0, INBOX_DUTY_GROUP);
	err = open_report(intake,
		&(struct report_new){.party_id = party_id,
			.source = in->channel,
			.received_ms = intake_now(intake),
			.sent_ms = in->sent_ms,
			.text = in->text},
		in->kind, &report);
	if (!err)
		err = add_attachments(intake, in, inbox_id, report.id);
	if (!err && in->group)
		err = desk_group_invite(intake->desk, party_id, in->group);
	return err ? err : inbox_move(intake->store, inbox_id, INBOX_HANDLED, report.id, NULL);
}

static bool is_part(const struct inbound *in)
{
	return in->kind == INBOX_KIND_TEXT && in->concat.total > 1;
}

static enum err accept_message(struct intake *intake, const struct inbound *in)
{
	uint8_t hash[VAULT_HASH_BYTES];
	struct inbox_new row = {.channel = in->channel,
		.external_id = in->external_id,
		.kind = is_part(in) ? INBOX_KIND_PART : in->kind,
		.received_ms = intake_now(intake),
		.sent_ms = in->sent_ms,
		.body = in->raw ? in->raw : in->text,
		.body_bytes = in->raw ? in->raw_bytes : strlen(in->text)};
	struct party party;
	int64_t inbox_id;
	enum err err = party_get(intake->store, in->from_kind, in->from, &party);

	if (err)
		return err;
	row.party_id = party.id;
	if (in->sim && !is_part(in)) {
		err = words_hash(intake, in, hash);
		row.hash = hash;
	}
	if (!err)
		err = inbox_add(intake->store, &row, &inbox_id);
	if (!err)
		err = party_touch(intake->store, party.id, row.received_ms);
	if (err)
		return err;
	if (is_part(in))
		return accept_part(intake, in, inbox_id, party.id);
	err = take_repeat(intake, &row, inbox_id);
	if (err == ERR_NOT_FOUND)
		err = accept_whole(intake, in, inbox_id, party.id);
	if (!err && in->from_kind == PARTY_ZALO_USER)
		err = desk_tick(intake->desk, party.id, in->external_id);
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
	if (err == ERR_EXISTS)
		err = add_more_attachments(intake, in);
	if (!err)
		return store_savepoint_release(intake->store);
	store_savepoint_rollback(intake->store);
	if (err == ERR_EXISTS || is_storage_failure(err))
		return err;
	return put_aside(intake, in, err);
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
	}
	return err;
}

enum err intake_tick(struct intake *intake, int64_t *ret_next_ms)
{
	int64_t now_ms = intake_now(intake);
	struct sms_set set;
	enum err err;

	for (;;) {
		err = sms_set_overdue(intake->store, now_ms - intake->incomplete_after_ms, &set);
		if (err)
			break;
		err = hand_over_overdue(intake, &set);
		if (err)
			break;
	}
	if (err == ERR_NOT_FOUND)
		err = close_old_sets(intake, now_ms);
	if (err)
		return err;
	*ret_next_ms = now_ms + INTAKE_TICK_MS;
	return ERR_OK;
}
