/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as the file of a menu, with every screen of it, and as what is kept of a conversation.
 */
#include "config/menu.h"
#include "daemon/base/str.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/intake/menu_state.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *item_label(const void *arg, int index)
{
	return ((const struct menu *)arg)->items[index].label;
}

/* From the first page to the last one, and from each a page back. */
static void turn_pages(const struct menu *menu)
{
	const struct menu_list list = {.title = menu->title,
		.label = item_label,
		.arg = menu,
		.count = menu->item_count,
		.has_hint = true};
	int before = 0, shown;

	for (int first = 0; first < menu->item_count; before = first, first += shown) {
		CLEAN_BUF page = {0};
		int back = -1;

		buf_init(&page, 8 * MENU_SCREEN_MAX);
		CHECK(menu_screen_list(&list, first, &page, &shown) == ERR_OK);
		CHECK(shown > 0 && shown <= MENU_PAGE_ITEMS);
		CHECK(menu_letters(buf_text(&page)) <= MENU_SCREEN_MAX);
		CHECK(menu_screen_before(&list, first, &back) == ERR_OK && back == before);
	}
}

static void as_file(const char *text, size_t size)
{
	struct menu *menu = calloc(1, sizeof(*menu));
	struct menus menus = {menu, 1};
	struct errbuf eb = {0};

	CHECK(menu);
	if (menu_parse(text, size, "f", menu, &eb)) {
		CHECK(eb.text[0] && str_is_utf8(eb.text, strlen(eb.text)));
	} else {
		CHECK(menu->item_count > 0 && menu->item_count <= MENU_ITEMS_MAX);
		CHECK(menu->keyword_count >= 0 && menu->keyword_count <= MENU_KEYWORDS_MAX);
		if (!menu_screens_check(&menus, &eb))
			turn_pages(menu);
	}
	free(menu);
}

static const struct menus *shipped(void)
{
	static struct menus *menus;

	if (!menus)
		CHECK(menus_load("", menu_act_names(), &menus, NULL) == ERR_OK);
	return menus;
}

static void check_state(const struct menu_state *state)
{
	CHECK(state->depth >= 1 && state->depth <= MENU_DEPTH_MAX);
	CHECK(state->trail_count >= 0 && state->trail_count <= MENU_STEPS_MAX);
	CHECK(!state->act[0] == !state->trail_count);
	for (int i = 0; i < state->depth; i++)
		CHECK(menus_find(shipped(), state->menus[i].code));
	for (int i = 0; i < state->trail_count; i++)
		CHECK(state->trail[i].step >= 0 &&
			state->trail[i].step < menu_act_find(state->act)->step_count);
}

/* What was read is written so that it is read as the same. */
static void as_state(const char *text)
{
	struct menu_state state, again;
	CLEAN_BUF one = {0};
	CLEAN_BUF two = {0};

	menu_state_init(&state);
	menu_state_init(&again);
	if (menu_state_parse(text, shipped(), &state))
		return;
	check_state(&state);
	buf_init(&one, 4 * MENU_STATE_MAX);
	buf_init(&two, 4 * MENU_STATE_MAX);
	if (!menu_state_print(&state, &one)) {
		CHECK(menu_state_parse(buf_text(&one), shipped(), &again) == ERR_OK);
		CHECK(menu_state_print(&again, &two) == ERR_OK);
		CHECK(str_eq(buf_text(&one), buf_text(&two)));
		menu_state_done(&again);
	}
	menu_state_done(&state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	if (!text)
		return 0;
	as_file((const char *)data, size);
	as_state(text);
	free(text);
	return 0;
}
