/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services with a form of their own: the state of a file at the one-stop office, and a stay notice
 * step by step. Both end as if it had been texted ("HS ...", "LT ..."). */
#include "config/phrases.h"
#include "daemon/base/clock.h"
#include "daemon/desk/dossier.h"
#include "daemon/desk/stay.h"
#include "daemon/desk/stay_words.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/intake_private.h"
#include "daemon/intake/menu_act.h"

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

/* A number of digits has to be one; a passport is another procedure's, which its words tell. */
static enum err take_id(struct menu_talk *talk, const char *answer)
{
	char digits[STAY_ID_DIGITS + 1];
	size_t len = 0;

	for (const char *p = answer; *p; p++) {
		if (strchr(" .-", *p))
			continue;
		if (*p < '0' || *p > '9')
			return take_words(talk, answer);
		if (len == STAY_ID_DIGITS)
			return ERR_INVALID;
		digits[len++] = *p;
	}
	digits[len] = 0;
	return stay_is_id(digits, today(talk)) ? ERR_OK : ERR_INVALID;
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

/* As somebody would text it. */
static enum err whole(struct menu_talk *talk, struct buf *out)
{
	static const char *const keys[] = {"name", "id", "reason", "dates", "address"};
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
	err = whole(talk, &text);
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
	err = whole(talk, &text);
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
