/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a report is, and whom to call. */
#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/question.h"
#include "daemon/intake/menu_report.h"

#include <stdio.h>

/* Code, and PIN from another phone, as after "TC". */
static enum err take_code(struct menu_talk *talk, const char *answer)
{
	struct command command;
	char text[64];
	bool is_known;

	if (snprintf(text, sizeof(text), "TC %s", answer) >= (int)sizeof(text))
		return ERR_INVALID;
	command_parse(text, &command);
	if (command.kind != COMMAND_STATUS)
		command_parse(answer, &command);
	if (command.kind != COMMAND_STATUS)
		return ERR_INVALID;
	talk->is_said = talk->door != SERVICE_USSD;
	return desk_ask(talk->intake->desk,
		&(struct desk_question){.party_id = talk->party_id,
			.other_party_id = talk->other_id,
			.code = command.code,
			.pin = command.pin,
			.said = talk->is_said ? NULL : talk->said},
		&is_known);
}

static const struct menu_step status_steps[] = {
	{MENU_TEXT, "code", .ask = "menu_code", .letters_min = 4, .take = take_code},
};

const struct menu_act menu_act_status = {
	.name = "status", .steps = status_steps, .step_count = ARRAY_LEN(status_steps)};

static enum err contact_words(struct menu_talk *talk, struct buf *out)
{
	const char *phone = talk->intake->menu_phone;
	const struct phrase_field fields[] = {{"phone", phone}, {NULL, NULL}};
	const struct phrase_field none[] = {{NULL, NULL}};

	return phone[0] ? phrase("menu_contact", PHRASE_FULL, fields, out)
			: phrase("menu_contact_nophone", PHRASE_FULL, none, out);
}

static const struct menu_step contact_steps[] = {
	{MENU_READ, "", .ask = "menu_contact", .words = contact_words},
};

const struct menu_act menu_act_contact = {
	.name = "contact", .steps = contact_steps, .step_count = ARRAY_LEN(contact_steps)};
