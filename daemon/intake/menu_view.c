/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/menu_turn.h"

#include "config/phrases.h"

#include <stdlib.h>

static const char *item_label(const void *arg, int index)
{
	return ((const struct menu *)arg)->items[index].label;
}

static const char *choice_label(const void *arg, int index)
{
	return ((const struct menu_choices *)arg)->items[index].label;
}

struct menu_view *menu_view_new(void)
{
	struct menu_view *view = calloc(1, sizeof(*view));

	if (view)
		buf_init(&view->title, 2 * MENU_FIELD_MAX);
	return view;
}

void menu_view_free(struct menu_view **view)
{
	if (*view)
		buf_wipe(&(*view)->title);
	free(*view);
}

static enum err step_title(struct menu_turn *t, const struct menu_step *step, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};

	return step->title ? step->title(&t->talk, out) : phrase(step->ask, PHRASE_FULL, none, out);
}

/* The items of the menu he is in; the last of them may not be there now. */
static enum err view_menu(struct menu_turn *t, struct menu_view *view)
{
	const struct menu *menu = menu_here(t);
	bool is_there = menu_has_extra(menu);
	enum err err = buf_adds(&view->title, menu->title);

	view->list.label = item_label;
	view->list.arg = menu;
	view->list.is_first = t->state.depth == 1;
	view->list.count = menu->item_count - is_there;
	if (!err && is_there)
		err = menu_act_find(menu->items[menu->item_count - 1].act)
			      ->is_there(&t->talk, &is_there);
	view->list.has_extra = is_there;
	view->list.count += is_there;
	return err;
}

enum err menu_view_list(struct menu_turn *t, struct menu_view *view, int **ret_page)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct menu_state *state = &t->state;
	enum err err;

	view->list = (struct menu_list){.label = choice_label, .arg = &view->choices};
	*ret_page = &t->no_page;
	if (state->is_offer) {
		err = phrase("menu_offer", PHRASE_FULL, none, &view->title);
		if (!err)
			err = menu_choice_phrase(&view->choices, "menu_offer_on", "on");
		if (!err)
			err = menu_choice_phrase(&view->choices, "menu_offer_drop", "drop");
		view->list.is_first = true;
	} else if (!state->act[0]) {
		*ret_page = &state->menus[state->depth - 1].page;
		err = view_menu(t, view);
	} else {
		const struct menu_step *step = menu_step_here(t);

		*ret_page = &state->trail[state->trail_count - 1].page;
		err = step_title(t, step, &view->title);
		if (!err && step->kind == MENU_CHOICE)
			err = step->choices(&t->talk, &view->choices);
	}
	if (view->list.label == choice_label) {
		view->list.count = view->choices.count;
		view->list.is_numbered = view->choices.is_numbered;
		view->list.has_extra = view->choices.has_extra;
	}
	view->list.title = buf_text(&view->title);
	view->list.has_hint = t->has_hint;
	return err;
}

static enum err show_list(struct menu_turn *t, struct buf *out)
{
	CLEAN_VIEW *view = menu_view_new();
	int *page, shown;
	enum err err = view ? menu_view_list(t, view, &page) : ERR_NOMEM;

	if (err)
		return err;
	/* Fewer than there were: a place is no more. */
	if (*page >= view->list.count)
		*page = 0;
	return menu_screen_list(&view->list, *page, out, &shown);
}

/* Where there are no pages he reads all of it, and is back where he chose it. */
static enum err show_words(struct menu_turn *t, const struct menu_step *step, struct buf *out)
{
	struct menu_state *state = &t->state;
	CLEAN_BUF words = {0};
	bool has_more;
	enum err err;

	buf_init(&words, MENU_STATE_MAX);
	err = step->words(&t->talk, &words);
	if (!err && t->caller->door == SERVICE_USSD)
		return menu_screen_text(buf_text(&words), state->trail[state->trail_count - 1].page,
			t->has_hint, out, &has_more);
	if (!err)
		err = buf_adds(out, buf_text(&words));
	if (--state->trail_count == 0)
		menu_leave_act(t);
	return err;
}

enum err menu_view_show(struct menu_turn *t, struct buf *out)
{
	const struct menu_step *step = t->state.act[0] && !t->state.is_offer ? menu_step_here(t)
									     : NULL;
	CLEAN_BUF title = {0};
	enum err err;

	if (!step || step->kind == MENU_CHOICE)
		return show_list(t, out);
	t->talk.step = t->state.trail[t->state.trail_count - 1].step;
	if (step->kind == MENU_READ)
		return show_words(t, step, out);
	buf_init(&title, MENU_STATE_MAX);
	err = step_title(t, step, &title);
	if (!err)
		err = menu_screen_ask(buf_text(&title), t->has_hint, out);
	buf_wipe(&title);
	return err;
}
