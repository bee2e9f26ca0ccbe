/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question about procedures or law: the entry that fits answers it, and it is no report. */
#include "daemon/intake/intake_private.h"

#include "daemon/desk/procedure.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/procedure_find.h"

static bool is_danger(const char *text)
{
	struct guess guess;

	guess_text(text, &guess);
	return guess.is_danger;
}

const struct procedure_index *intake_procedures(const struct intake *intake)
{
	return intake->procedures;
}

enum err intake_take_question(struct intake *intake, const struct wish *wish)
{
	const struct command *command = wish->command;
	int64_t party_id = wish->sender->party.id;
	struct procedure_hit hits[PROCEDURE_HITS_MAX];
	int count;
	enum err err;

	if (command->kind != COMMAND_PROCEDURE || !intake->procedures)
		return ERR_NOT_FOUND;
	if (!command->words[0])
		return desk_procedure_hint(intake->desk, party_id);
	/* However it begins: a person has to read it, at once. */
	if (is_danger(command->words))
		return ERR_NOT_FOUND;
	count = procedure_find(intake->procedures, command->words, hits);
	/* What a person has to answer is counted with the report. */
	if (!procedure_is_sure(hits, count))
		return desk_procedure_missed(intake->desk);
	err = intake_count(intake, intake_door(wish->from_kind), "search", SERVICE_ANSWERED);
	return err ? err : desk_procedure_answer(intake->desk, party_id, hits[0].entry);
}
