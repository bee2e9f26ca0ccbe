/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/menu_turn.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

const struct menu *menu_here(const struct menu_turn *t)
{
	return menus_find(t->intake->menus, t->state.menus[t->state.depth - 1].code);
}

const struct menu_step *menu_step_here(const struct menu_turn *t)
{
	const struct menu_act *act = menu_act_find(t->state.act);

	return &act->steps[t->state.trail[t->state.trail_count - 1].step];
}

const char *menu_field(const struct menu_talk *talk, const char *key)
{
	const char *value = json_string_value(json_object_get(talk->state->fields, key));

	return value ? value : "";
}

enum err menu_set_field(struct menu_talk *talk, const char *key, const char *value)
{
	if (strlen(value) > MENU_FIELD_MAX)
		return ERR_TOO_BIG;
	return json_object_set_new(talk->state->fields, key, json_string(value)) ? ERR_NOMEM
										 : ERR_OK;
}

enum err menu_tally(struct menu_turn *t, const char *what, enum service_outcome outcome)
{
	return service_tally_add(t->intake->store, t->caller->door, what, outcome);
}

enum err menu_go_start(struct menu_turn *t, const char *code)
{
	enum err err = menu_state_restart(&t->state);

	if (!err)
		err = str_copy(t->state.menus[0].code, MENU_CODE_BYTES, MENU_START);
	t->state.depth = 1;
	if (!err && !str_eq(code, MENU_START)) {
		err = str_copy(t->state.menus[1].code, MENU_CODE_BYTES, code);
		t->state.depth = 2;
	}
	return err;
}

void menu_leave_act(struct menu_turn *t)
{
	t->state.act[0] = 0;
	t->state.trail_count = 0;
	json_object_clear(t->state.fields);
}

/* Who begins asks for one thing: what he is told beyond it was asked for as well. */
static enum err count_outcome(struct menu_turn *t, enum service_outcome outcome)
{
	enum err err = t->state.is_told ? menu_tally(t, t->state.act, SERVICE_ASKED) : ERR_OK;

	t->state.is_told = true;
	return err ? err : menu_tally(t, t->state.act, outcome);
}

/* All is said, and done. */
static enum err finish(struct menu_turn *t)
{
	const struct menu_act *act = menu_act_find(t->state.act);
	enum err err = act->finish ? act->finish(&t->talk) : ERR_OK;

	t->is_over = true;
	return err ? err : count_outcome(t, t->talk.outcome);
}

enum err menu_go_step(struct menu_turn *t, int step)
{
	const struct menu_act *act = menu_act_find(t->state.act);
	enum err err = ERR_OK;

	while (!err && step < act->step_count && act->steps[step].kind == MENU_CHOICE) {
		struct menu_choices *choices = calloc(1, sizeof(*choices));
		int count;

		if (!choices)
			return ERR_NOMEM;
		err = act->steps[step].choices(&t->talk, choices);
		count = choices->count;
		free(choices);
		if (err || count)
			break;
		step++;
	}
	if (err || step >= act->step_count)
		return err ? err : finish(t);
	CHECK(t->state.trail_count < MENU_STEPS_MAX);
	t->state.trail[t->state.trail_count].step = step;
	t->state.trail[t->state.trail_count].page = 0;
	t->state.trail_count++;
	return act->steps[step].kind == MENU_READ && !act->steps[step].is_aside
		       ? count_outcome(t, SERVICE_ANSWERED)
		       : ERR_OK;
}

enum err menu_begin_act(struct menu_turn *t, const struct menu_item *item)
{
	const struct menu_act *act = menu_act_find(item->act);
	enum err err = str_copy(t->state.act, sizeof(t->state.act), item->act);

	json_object_clear(t->state.fields);
	t->state.trail_count = 0;
	t->state.is_told = false;
	for (int i = 0; !err && i < item->set_count; i++)
		err = menu_set_field(&t->talk, item->set[i].key, item->set[i].value);
	t->talk.next = 0;
	if (!err)
		err = menu_tally(t, act->name, SERVICE_ASKED);
	if (!err && act->begin)
		err = act->begin(&t->talk);
	return err ? err : menu_go_step(t, t->talk.next);
}
