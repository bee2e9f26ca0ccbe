/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/menu_state.h"

#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

void menu_state_init(struct menu_state *state)
{
	*state = (struct menu_state){.depth = 0};
}

/* jansson frees without wiping. */
static void wipe_fields(json_t *fields)
{
	const char *key;
	json_t *value;

	json_object_foreach (fields, key, value)
		explicit_bzero(
			(char *)(uintptr_t)json_string_value(value), json_string_length(value));
	json_decref(fields);
}

void menu_state_done(struct menu_state *state)
{
	wipe_fields(state->fields);
	menu_state_init(state);
}

enum err menu_state_restart(struct menu_state *state)
{
	struct menu_state fresh = {.mark = state->mark, .fields = json_object()};

	if (!fresh.fields)
		return ERR_NOMEM;
	wipe_fields(state->fields);
	*state = fresh;
	return ERR_OK;
}

bool menu_state_has_words(const struct menu_state *state)
{
	const struct menu_act *act = state->act[0] ? menu_act_find(state->act) : NULL;

	/* Who only reads has begun nothing. */
	return act && state->trail_count > 1 &&
	       act->steps[state->trail[state->trail_count - 1].step].kind != MENU_READ;
}

/* ---- as JSON ------------------------------------------------------------------------------- */

static json_t *menus_json(const struct menu_state *state)
{
	json_t *list = json_array();

	for (int i = 0; list && i < state->depth; i++) {
		if (json_array_append_new(
			    list, json_pack("[si]", state->menus[i].code, state->menus[i].page))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *trail_json(const struct menu_state *state)
{
	json_t *list = json_array();

	for (int i = 0; list && i < state->trail_count; i++) {
		if (json_array_append_new(
			    list, json_pack("[ii]", state->trail[i].step, state->trail[i].page))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static int add_text(const char *data, size_t bytes, void *arg)
{
	return buf_add(arg, data, bytes) ? -1 : 0;
}

enum err menu_state_print(const struct menu_state *state, struct buf *out)
{
	json_t *root = json_pack("{s:o, s:s, s:o, s:i, s:b, s:b, s:I, s:I, s:O}", "menus",
		menus_json(state), "act", state->act, "trail", trail_json(state), "slips",
		state->slips, "offer", state->is_offer, "told", state->is_told, "inbox",
		(json_int_t)state->mark.inbox_id, "outbox", (json_int_t)state->mark.outbox_id,
		"fields", state->fields);
	int failed;

	if (!root)
		return ERR_NOMEM;
	failed = json_dump_callback(root, add_text, out, JSON_COMPACT);
	json_decref(root);
	return failed ? ERR_TOO_BIG : ERR_OK;
}

static enum err read_menus(const json_t *list, const struct menus *menus, struct menu_state *state)
{
	size_t count = json_array_size(list);

	if (!count || count > MENU_DEPTH_MAX)
		return ERR_CORRUPT;
	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_array_get(list, i);
		const char *code = json_string_value(json_array_get(one, 0));
		const struct menu *menu = code ? menus_find(menus, code) : NULL;
		json_int_t page = json_integer_value(json_array_get(one, 1));

		if (!menu || page < 0 || page >= menu->item_count)
			return ERR_CORRUPT;
		if (str_copy(state->menus[i].code, MENU_CODE_BYTES, code))
			return ERR_CORRUPT;
		state->menus[i].page = (int)page;
	}
	state->depth = (int)count;
	return ERR_OK;
}

static enum err read_trail(const json_t *list, struct menu_state *state)
{
	const struct menu_act *act = state->act[0] ? menu_act_find(state->act) : NULL;
	size_t count = json_array_size(list);

	if (count > MENU_STEPS_MAX || (state->act[0] && !act) || !act != !count)
		return ERR_CORRUPT;
	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_array_get(list, i);
		json_int_t step = json_integer_value(json_array_get(one, 0));
		json_int_t page = json_integer_value(json_array_get(one, 1));

		if (step < 0 || step >= act->step_count || page < 0 || page > 1000)
			return ERR_CORRUPT;
		state->trail[i].step = (int)step;
		state->trail[i].page = (int)page;
	}
	state->trail_count = (int)count;
	return ERR_OK;
}

static enum err read_fields(json_t *fields, struct menu_state *state)
{
	const char *key;
	json_t *value;

	if (!json_is_object(fields))
		return ERR_CORRUPT;
	json_object_foreach (fields, key, value) {
		if (!json_is_string(value))
			return ERR_CORRUPT;
	}
	state->fields = json_incref(fields);
	return ERR_OK;
}

static enum err read_all(json_t *root, const struct menus *menus, struct menu_state *state)
{
	const char *act = json_string_value(json_object_get(root, "act"));
	enum err err = act ? str_copy(state->act, sizeof(state->act), act) : ERR_CORRUPT;

	if (!err)
		err = read_menus(json_object_get(root, "menus"), menus, state);
	if (!err)
		err = read_trail(json_object_get(root, "trail"), state);
	if (!err)
		err = read_fields(json_object_get(root, "fields"), state);
	if (err)
		return ERR_CORRUPT;
	state->slips = (int)json_integer_value(json_object_get(root, "slips"));
	state->is_offer = json_is_true(json_object_get(root, "offer"));
	state->is_told = json_is_true(json_object_get(root, "told"));
	state->mark.inbox_id = json_integer_value(json_object_get(root, "inbox"));
	state->mark.outbox_id = json_integer_value(json_object_get(root, "outbox"));
	return ERR_OK;
}

enum err menu_state_parse(const char *text, const struct menus *menus, struct menu_state *state)
{
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	struct menu_state read;
	enum err err;

	menu_state_init(&read);
	if (!root)
		return ERR_CORRUPT;
	err = read_all(root, menus, &read);
	json_decref(root);
	if (err) {
		menu_state_done(&read);
		return err;
	}
	menu_state_done(state);
	*state = read;
	return ERR_OK;
}
