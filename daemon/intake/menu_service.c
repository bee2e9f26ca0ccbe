/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services with a form of their own: the state of a file at the one-stop office, and a stay notice
 * step by step, which end as if it had been texted ("HS ...", "LT ..."); and what asks for more
 * than an answer (temporary and permanent residence, absence): what to bring and where, and on wish
 * a request, which is a report of the category residence with its receipt and code. */
#include "config/phrases.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/desk/dossier.h"
#include "daemon/desk/procedure.h"
#include "daemon/desk/stay.h"
#include "daemon/desk/stay_words.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/menu_report.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/intake/procedure_find.h"

#include <ctype.h>
#include <string.h>

/* Where the answer goes: on the screen by USSD, where it leaves nothing on the phone. */
static struct buf *said_to(struct menu_talk *talk)
{
	talk->is_said = talk->door != SERVICE_USSD;
	return talk->is_said ? NULL : talk->said;
}

static enum err take_code(struct menu_talk *talk, const char *answer)
{
	char code[DOSSIER_CODE_BYTES];

	if (dossier_code(answer, code))
		return ERR_INVALID;
	return desk_dossier_ask(talk->intake->desk,
		&(struct desk_dossier_question){
			.party_id = talk->party_id, .words = answer, .said = said_to(talk)});
}

static const struct menu_step dossier_steps[] = {
	{MENU_TEXT, "code", .ask = "menu_dossier", .letters_min = 4, .take = take_code},
};

const struct menu_act menu_act_dossier = {
	.name = "dossier", .steps = dossier_steps, .step_count = ARRAY_LEN(dossier_steps)};

/* ---- stay notices -------------------------------------------------------------------------- */

#define PASSPORT_DIGITS_MIN 6

/* Who tells of a danger in between is not asked for the next piece. */
static enum err take_words(struct menu_talk *talk, const char *answer)
{
	struct guess guess;

	(void)talk;
	guess_text(answer, &guess);
	return guess.is_danger ? ERR_NOT_FOUND : ERR_OK;
}

static int64_t today(const struct menu_talk *talk)
{
	return clock_local_day(intake_now(talk->intake));
}

/* Sealed for the clerks at once: in the conversation stands a mark, and how it ends. */
static enum err keep_id(struct menu_talk *talk, const char *digits)
{
	char mark[STAY_ID_DIGITS + 1], tail[16];
	enum err err = desk_stay_number(talk->intake->desk, talk->party_id, digits, mark);

	snprintf(tail, sizeof(tail), "...%s", digits + STAY_ID_DIGITS - 3);
	if (err)
		return err;
	err = menu_set_field(talk, "id", mark);
	return err ? err : menu_set_field(talk, "id_tail", tail);
}

/* "C1234567": one letter or two, and the digits at once. */
static bool is_passport(const char *answer)
{
	for (const char *p = answer; *p; p++) {
		size_t letters = 0;

		if (p > answer && isalnum((unsigned char)p[-1]))
			continue;
		while (isalpha((unsigned char)p[letters]))
			letters++;
		if (letters >= 1 && letters <= 2 &&
			strspn(p + letters, "0123456789") >= PASSPORT_DIGITS_MIN)
			return true;
	}
	return false;
}

/* Another procedure, which is told at once: its number is not kept here for the next step. */
static enum err take_passport(struct menu_talk *talk, const char *answer)
{
	CLEAN_BUF said = {0};
	enum err err;

	talk->next = MENU_DONE;
	buf_init(&said, 2 * MENU_FIELD_MAX);
	err = buf_addf(&said, "passport %s", answer);
	if (!err)
		err = menu_set_field(talk, "id", buf_text(&said));
	buf_wipe(&said);
	return err;
}

/* With words beside it. */
static enum err take_id_words(struct menu_talk *talk, const char *answer)
{
	struct stay_words words;
	enum err err = take_words(talk, answer);

	if (!err)
		err = stay_words_read(answer, today(talk), &words);
	if (err)
		return err;
	err = words.guest_count ? keep_id(talk, words.guests[0].id)
	      : words.faults & STAY_FOREIGN || is_passport(answer) ? take_passport(talk, answer)
								   : ERR_INVALID;
	explicit_bzero(&words, sizeof(words));
	return err;
}

/* A number of digits has to be one. */
static enum err take_id(struct menu_talk *talk, const char *answer)
{
	char digits[STAY_ID_DIGITS + 1];
	size_t len = 0;
	enum err err;

	for (const char *p = answer; *p; p++) {
		if (strchr(" .-", *p))
			continue;
		if (*p < '0' || *p > '9')
			return take_id_words(talk, answer);
		if (len == STAY_ID_DIGITS)
			return ERR_INVALID;
		digits[len++] = *p;
	}
	digits[len] = 0;
	err = stay_is_id(digits, today(talk)) ? keep_id(talk, digits) : ERR_INVALID;
	explicit_bzero(digits, sizeof(digits));
	return err;
}

static enum err take_dates(struct menu_talk *talk, const char *answer)
{
	struct stay_words words;
	enum err err = stay_words_read(answer, today(talk), &words);

	if (!err && words.faults & (STAY_NO_DATES | STAY_BAD_DATES))
		err = ERR_INVALID;
	explicit_bzero(&words, sizeof(words));
	return err;
}

/* As somebody would text it; id_key: what stands for the number. */
static enum err whole(struct menu_talk *talk, const char *id_key, struct buf *out)
{
	const char *const keys[] = {"name", id_key, "reason", "dates", "address"};
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(keys); i++)
		err = buf_addf(out, "%s%s", i ? ", " : "", menu_field(talk, keys[i]));
	return err;
}

static enum err confirm_title(struct menu_talk *talk, struct buf *out)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, (size_t)6 * MENU_FIELD_MAX);
	err = whole(talk, "id_tail", &text);
	if (!err)
		err = phrase("menu_stay_confirm", PHRASE_FULL,
			(const struct phrase_field[]){{"text", buf_text(&text)}, {NULL, NULL}},
			out);
	buf_wipe(&text);
	return err;
}

static enum err only_send(struct menu_talk *talk, struct menu_choices *out)
{
	(void)talk;
	return menu_choice_phrase(out, "menu_send", "send");
}

static enum err hand_in(struct menu_talk *talk)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, (size_t)6 * MENU_FIELD_MAX);
	err = whole(talk, "id", &text);
	if (!err)
		err = desk_stay_take(
			talk->intake->desk, &(struct desk_stay){.party_id = talk->party_id,
						    .words = buf_text(&text),
						    .sent_ms = talk->sent_ms,
						    .said = said_to(talk)});
	buf_wipe(&text);
	return err;
}

static const struct menu_step stay_steps[] = {
	{MENU_TEXT, "name", .ask = "menu_stay_name", .letters_min = 2, .take = take_words},
	{MENU_TEXT, "id", .ask = "menu_stay_id", .letters_min = 4, .take = take_id},
	{MENU_TEXT, "reason", .ask = "menu_stay_reason", .letters_min = 2, .take = take_words},
	{MENU_TEXT, "dates", .ask = "menu_stay_dates", .letters_min = 2, .take = take_dates},
	{MENU_TEXT, "address", .ask = "menu_stay_address", .letters_min = 2, .take = take_words},
	{MENU_CHOICE, "way", .title = confirm_title, .choices = only_send},
};

const struct menu_act menu_act_stay = {.name = "stay",
	.steps = stay_steps,
	.step_count = ARRAY_LEN(stay_steps),
	.keeps_draft = true,
	.finish = hand_in};

/* ---- residence ----------------------------------------------------------------------------- */

enum { RESIDENCE_CHOOSE, RESIDENCE_READ, RESIDENCE_HAMLET, RESIDENCE_TEXT, RESIDENCE_SEND };

#define TWO_SEGMENTS 306 /* letters of the most basic phone's alphabet */

/* The entry that the item names, the same that "TT ..." answers with. NULL: its file is no more. */
static const struct procedure *entry_of(const struct menu_talk *talk)
{
	return talk->intake->procedures
		       ? procedures_find(procedure_index_entries(talk->intake->procedures),
				 menu_field(talk, "entry"))
		       : NULL;
}

static enum err residence_title(struct menu_talk *talk, struct buf *out)
{
	const struct procedure *entry = entry_of(talk);
	const struct phrase_field none[] = {{NULL, NULL}};

	return entry ? buf_addf(out, "%s:", entry->title)
		     : phrase("menu_residence", PHRASE_FULL, none, out);
}

static enum err read_or_send(struct menu_talk *talk, struct menu_choices *out)
{
	enum err err = menu_choice_phrase(out, "menu_residence_read", "read");

	(void)talk;
	return err ? err : menu_choice_phrase(out, "menu_residence_send", "send");
}

static enum err take_read_or_send(struct menu_talk *talk, const char *answer)
{
	const struct procedure *entry = entry_of(talk);

	if (str_eq(answer, "send"))
		talk->next = RESIDENCE_HAMLET;
	return str_eq(answer, "read") && entry ? desk_procedure_told(talk->intake->desk, entry)
					       : ERR_OK;
}

/* How to go on, where the words don't end on a screen and no third message is paid for it. */
static enum err add_next(const struct menu_talk *talk, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF next = {0};
	enum err err;

	if (talk->door == SERVICE_USSD)
		return ERR_OK;
	buf_init(&next, 512);
	err = phrase("menu_residence_next", PHRASE_FULL, none, &next);
	if (err || (talk->door == SERVICE_SMS &&
			   menu_letters(buf_text(out)) + menu_letters(buf_text(&next)) + 1 >
				   TWO_SEGMENTS))
		return err;
	return buf_addf(out, "\n%s", buf_text(&next));
}

static enum err what_to_bring(struct menu_talk *talk, struct buf *out)
{
	const struct procedure *entry = entry_of(talk);
	const struct phrase_field none[] = {{NULL, NULL}};
	enum err err = entry ? desk_procedure_words(
				       talk->intake->desk, entry, talk->door != SERVICE_ZALO, out)
			     : phrase("menu_gone", PHRASE_FULL, none, out);

	return err ? err : add_next(talk, out);
}

static enum err residence_confirm(struct menu_talk *talk, struct buf *out)
{
	const struct phrase_field fields[] = {{"text", menu_field(talk, "text")}, {NULL, NULL}};

	return phrase("menu_confirm", PHRASE_FULL, fields, out);
}

/* Which procedure it is stands before his words: the officer has not seen the menu. */
static enum err ask_residence(struct menu_talk *talk)
{
	CLEAN_BUF text = {0};
	struct report report;
	enum err err;

	buf_init(&text, MENU_FIELD_MAX + 512);
	err = residence_title(talk, &text);
	if (!err)
		err = buf_addf(&text, " %s", menu_field(talk, "text"));
	if (!err)
		err = menu_report_open(talk,
			&(struct menu_report){.text = buf_text(&text),
				.category = "residence",
				.hamlet = menu_field(talk, "hamlet")},
			&report);
	buf_wipe(&text);
	return err ? err : menu_report_told(talk, &report);
}

static const struct menu_step residence_steps[] = {
	[RESIDENCE_CHOOSE] = {MENU_CHOICE, "what", .title = residence_title,
		.choices = read_or_send, .take = take_read_or_send},
	[RESIDENCE_READ] = {MENU_READ, "", .ask = "menu_residence", .words = what_to_bring},
	[RESIDENCE_HAMLET] = {MENU_CHOICE, "hamlet", .ask = "menu_residence_hamlet",
		.choices = menu_report_hamlets},
	[RESIDENCE_TEXT] = {MENU_TEXT, "text", .ask = "menu_residence_text", .letters_min = 4,
		.take = take_words},
	[RESIDENCE_SEND] = {MENU_CHOICE, "way", .title = residence_confirm, .choices = only_send},
};

const struct menu_act menu_act_residence = {.name = "residence",
	.steps = residence_steps,
	.step_count = ARRAY_LEN(residence_steps),
	.keeps_draft = true,
	.finish = ask_residence};
