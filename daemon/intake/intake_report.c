/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From words to the register: what they are about is guessed, and the desk makes a report of them,
 * or more of one that there is (desk/thread.h). */
#include "daemon/intake/intake_private.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/thread.h"
#include "daemon/intake/guess.h"
#include "gateway/sms_text.h"

#include <string.h>

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

/* Who begins with TT asks, unless his words tell of something that happened. */
static enum category category_of_question(enum category guessed)
{
	return guessed == CATEGORY_OTHER || guessed == CATEGORY_RESIDENCE ||
			       guessed == CATEGORY_SUGGESTION
		       ? CATEGORY_QUESTION
		       : guessed;
}

/* What the words make one think, as the register keeps it. */
static enum err guess_report(
	const char *text, bool is_question, struct report_guess *ret_guess, struct buf *words)
{
	struct guess guess;
	enum err err = ERR_OK;

	guess_text(text, &guess);
	if (is_question)
		guess.category = category_of_question(guess.category);
	ret_guess->is_danger = guess.is_danger;
	for (int i = 0; !err && i < guess.word_count; i++)
		err = buf_addf(words, "%s%s", i ? ", " : "", guess.words[i]);
	return err ? err
		   : str_copy(ret_guess->category, sizeof(ret_guess->category),
			     category_code(guess.category));
}

/* A question in plain words is for a person, and so is one by TT that nothing has answered. */
static enum err count_question(struct intake *intake, const struct report_message *message,
	const struct report *report, bool is_more)
{
	bool is_search = message->command->kind == COMMAND_PROCEDURE;
	const char *what = is_search ? "search" : "question";
	struct party party;
	enum err err;

	if (!is_search && (is_more || !str_eq(report->category, category_code(CATEGORY_QUESTION))))
		return ERR_OK;
	if (str_eq(message->report.source, "ussd"))
		return intake_count(intake, SERVICE_USSD, what, SERVICE_PERSON);
	err = party_load(intake->store, message->report.party_id, &party);
	return err ? err : intake_count(intake, intake_door(party.kind), what, SERVICE_PERSON);
}

static enum err hand_to_desk(struct intake *intake, const struct report_message *message,
	const struct report_new *in, struct report *ret_report)
{
	const struct inbound_entry *entry = message->entry;
	const struct command *command = message->command;
	struct errbuf eb = {0};
	bool is_more;
	enum err err;

	if (message->is_new)
		return desk_report_open(intake->desk, in, ret_report);
	if (!entry) {
		err = desk_report_take(intake->desk,
			&(struct desk_message){.report = in,
				.code = command->code,
				.quoted_id = message->quoted_id,
				.is_group = message->is_group,
				.is_explicit = command->is_anonymous || command->is_quiet},
			ret_report, &is_more);
		return err ? err : count_question(intake, message, ret_report, is_more);
	}
	err = desk_report_open(intake->desk, in, ret_report);
	if (!err && (entry->category || entry->urgency))
		err = desk_report_rate(intake->desk, ret_report->id, entry->category,
			entry->urgency, entry->actor, &eb);
	return err ? err : report_load(intake->store, ret_report->id, ret_report);
}

enum err intake_take_report(
	struct intake *intake, const struct report_message *message, struct report *ret_report)
{
	struct report_new in = message->report;
	struct report_guess guess = {.is_danger = false};
	CLEAN_BUF words = {0};
	CLEAN_BUF why = {0};
	enum err err;

	buf_init(&words, INTAKE_TEXT_MAX);
	buf_init(&why, REPORT_GUESS_WORDS_MAX);
	err = report_words(message->kind, in.text, &words);
	if (!err)
		err = guess_report(message->command->words,
			message->command->kind == COMMAND_PROCEDURE, &guess, &why);
	if (!err && message->category)
		err = str_copy(guess.category, sizeof(guess.category), message->category);
	guess.is_danger = guess.is_danger || message->is_danger;
	in.text = buf_text(&words);
	in.guess = &guess;
	in.guess_words = buf_text(&why);
	in.is_quiet = in.is_quiet || message->command->is_quiet;
	if (!err)
		err = hand_to_desk(intake, message, &in, ret_report);
	buf_wipe(&words);
	return err;
}

enum err intake_amend_report(
	struct intake *intake, int64_t report_id, const char *text, struct report *ret_report)
{
	struct report_guess guess;
	CLEAN_BUF why = {0};
	enum err err;

	buf_init(&why, REPORT_GUESS_WORDS_MAX);
	err = guess_report(text, false, &guess, &why);
	return err ? err
		   : desk_report_amend(
			     intake->desk, report_id, text, &guess, buf_text(&why), ret_report);
}
