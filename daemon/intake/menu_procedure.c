/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers on procedures by the menu: those of a branch, or by words. A question that none of them
 * answers is a report, as by "TT words". */
#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/procedure.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/menu_report.h"
#include "daemon/intake/procedure_find.h"

#include <stdlib.h>

static const struct procedures *all(const struct menu_talk *talk)
{
	return procedure_index_entries(talk->intake->procedures);
}

static const struct procedure *chosen(const struct menu_talk *talk)
{
	return procedures_find(all(talk), menu_field(talk, "entry"));
}

static enum err of_branch(struct menu_talk *talk, struct menu_choices *out)
{
	const char *branch = menu_field(talk, "branch");
	enum err err = ERR_OK;

	for (size_t i = 0; talk->intake->procedures && !err && i < all(talk)->count &&
			   out->count < MENU_CHOICES_MAX;
		i++) {
		const struct procedure *entry = &all(talk)->items[i];

		if (!branch[0] || str_eq(procedure_branch_code(entry->branch), branch))
			err = menu_choice_add(out, entry->title, entry->code);
	}
	return err;
}

/* Counted when it is chosen, not with every page of it. */
static enum err choose(struct menu_talk *talk, const char *code)
{
	const struct procedure *entry = procedures_find(all(talk), code);

	return entry ? desk_procedure_told(talk->intake->desk, entry) : ERR_INVALID;
}

static enum err words(struct menu_talk *talk, struct buf *out)
{
	const struct procedure *entry = chosen(talk);
	const struct phrase_field none[] = {{NULL, NULL}};

	/* Its file is no more. */
	if (!entry)
		return phrase("menu_gone", PHRASE_FULL, none, out);
	return desk_procedure_words(talk->intake->desk, entry, talk->door != SERVICE_ZALO, out);
}

static const struct menu_step procedures_steps[] = {
	{MENU_CHOICE, "entry", .ask = "menu_procedures", .choices = of_branch, .take = choose},
	{MENU_READ, "", .ask = "menu_procedures", .words = words},
};

/* The branch is empty. */
static enum err nothing(struct menu_talk *talk)
{
	const struct phrase_field none[] = {{NULL, NULL}};

	return phrase("menu_gone", PHRASE_FULL, none, talk->said);
}

static enum err has_any(struct menu_talk *talk)
{
	struct menu_choices *choices = calloc(1, sizeof(*choices));
	enum err err = choices ? of_branch(talk, choices) : ERR_NOMEM;

	if (!err && !choices->count)
		talk->next = MENU_DONE;
	free(choices);
	return err;
}

const struct menu_act menu_act_procedures = {.name = "procedures",
	.steps = procedures_steps,
	.step_count = ARRAY_LEN(procedures_steps),
	.begin = has_any,
	.finish = nothing};

/* ---- by words ------------------------------------------------------------------------------ */

enum { SEARCH_ASK, SEARCH_CHOOSE, SEARCH_READ };

static bool is_danger(const char *text)
{
	struct guess guess;

	guess_text(text, &guess);
	return guess.is_danger;
}

static enum err look(struct menu_talk *talk, const char *text)
{
	struct procedure_hit hits[PROCEDURE_HITS_MAX];
	int count;
	enum err err;

	if (is_danger(text))
		return ERR_NOT_FOUND;
	count = talk->intake->procedures ? procedure_find(talk->intake->procedures, text, hits) : 0;
	if (!count) {
		talk->next = MENU_DONE;
		return ERR_OK;
	}
	if (!procedure_is_sure(hits, count))
		return ERR_OK;
	err = menu_set_field(talk, "entry", hits[0].entry->code);
	talk->next = SEARCH_READ;
	return err ? err : desk_procedure_told(talk->intake->desk, hits[0].entry);
}

static enum err found(struct menu_talk *talk, struct menu_choices *out)
{
	struct procedure_hit hits[PROCEDURE_HITS_MAX];
	int count = talk->intake->procedures ? procedure_find(talk->intake->procedures,
						       menu_field(talk, "question"), hits)
					     : 0;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < count; i++)
		err = menu_choice_add(out, hits[i].entry->title, hits[i].entry->code);
	/* None of them: a person answers. */
	return err || !count ? err : menu_choice_phrase(out, "menu_ask_person", "");
}

static enum err choose_found(struct menu_talk *talk, const char *code)
{
	if (code[0])
		return choose(talk, code);
	talk->next = MENU_DONE;
	return ERR_OK;
}

/* Nothing answers it. */
static enum err ask_person(struct menu_talk *talk)
{
	struct report report;
	enum err err = desk_procedure_missed(talk->intake->desk);

	if (err == ERR_NOT_FOUND)
		err = menu_report_open(talk,
			&(struct menu_report){
				.text = menu_field(talk, "question"), .is_question = true},
			&report);
	return err ? err : menu_report_told(talk, &report);
}

static const struct menu_step search_steps[] = {
	[SEARCH_ASK] = {MENU_TEXT, "question", .ask = "menu_search", .letters_min = 4,
		.take = look},
	[SEARCH_CHOOSE] = {MENU_CHOICE, "entry", .ask = "menu_found", .choices = found,
		.take = choose_found},
	[SEARCH_READ] = {MENU_READ, "", .ask = "menu_found", .words = words},
};

const struct menu_act menu_act_search = {.name = "search",
	.steps = search_steps,
	.step_count = ARRAY_LEN(search_steps),
	.finish = ask_person};
