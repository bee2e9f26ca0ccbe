/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/menu_act.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/intake/menu_screen.h"

static const struct menu_act *const acts[] = {
	&menu_act_report,
	&menu_act_emergency,
	&menu_act_procedures,
	&menu_act_search,
	&menu_act_status,
	&menu_act_contact,
	&menu_act_dossier,
	&menu_act_stay,
	&menu_act_residence,
	&menu_act_poll,
};

const struct menu_act *menu_act_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (str_eq(acts[i]->name, name))
			return acts[i];
	}
	return NULL;
}

bool menu_is_extra(const struct menu_item *item)
{
	const struct menu_act *act = item->act[0] ? menu_act_find(item->act) : NULL;

	return act && act->is_there;
}

bool menu_has_extra(const struct menu *menu)
{
	return menu->item_count && menu_is_extra(&menu->items[menu->item_count - 1]);
}

const char *const *menu_act_names(void)
{
	static const char *names[ARRAY_LEN(acts) + 1];

	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		names[i] = acts[i]->name;
	return names;
}

enum err menu_choice_add(struct menu_choices *choices, const char *label, const char *value)
{
	enum err err;

	if (choices->count == MENU_CHOICES_MAX)
		return ERR_TOO_BIG;
	err = str_copy(choices->items[choices->count].value, MENU_VALUE_BYTES, value);
	if (err)
		return err;
	menu_label_cut(label, choices->items[choices->count].label);
	choices->count++;
	return ERR_OK;
}

enum err menu_choice_phrase(struct menu_choices *choices, const char *phrase_key, const char *value)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF label = {0};
	enum err err;

	buf_init(&label, 4 * MENU_LABEL_BYTES);
	err = phrase(phrase_key, PHRASE_FULL, none, &label);
	return err ? err : menu_choice_add(choices, buf_text(&label), value);
}
