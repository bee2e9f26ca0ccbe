/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One answer: load how far he is, take it, go to where it leads, make the screen, and keep all that
 * in the caller's turn, before anybody sees it. An answer that turns out to be none leaves it as it
 * was.
 */
#include "daemon/intake/menu.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/intake_private.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_input.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/intake/menu_state.h"
#include "store/menu_session.h"

#include <stdlib.h>
#include <string.h>

struct turn_of_menu {
	struct intake *intake;
	const struct menu_caller *caller;
	struct menu_state state;
	struct menu_talk talk;
	struct buf said; /* by an act, before what is shown */
	int64_t kept_as; /* party of the session as it was found; 0 there was none */
	int no_page;	 /* of a list that is never long */
	bool has_hint;
	bool is_over; /* the conversation has ended, */
	bool keeps;   /* and what was said may still be gone on with */
};

static const struct menu *here(const struct turn_of_menu *t)
{
	return menus_find(t->intake->menus, t->state.menus[t->state.depth - 1].code);
}

static const struct menu_step *step_here(const struct turn_of_menu *t)
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

static enum err tally(struct turn_of_menu *t, const char *what, enum service_outcome outcome)
{
	return service_tally_add(t->intake->store, t->caller->door, what, outcome);
}

/* ---- where it leads ------------------------------------------------------------------------ */

static enum err go_start(struct turn_of_menu *t, const char *code)
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

static void leave_act(struct turn_of_menu *t)
{
	t->state.act[0] = 0;
	t->state.trail_count = 0;
	json_object_clear(t->state.fields);
}

/* All is said, and done. */
static enum err finish(struct turn_of_menu *t)
{
	const struct menu_act *act = menu_act_find(t->state.act);
	enum err err = act->finish ? act->finish(&t->talk) : ERR_OK;

	t->is_over = true;
	return err ? err : tally(t, act->name, t->talk.outcome);
}

/* Goes to a step, past those that ask nothing, or to the end. */
static enum err go_step(struct turn_of_menu *t, int step)
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
	return ERR_OK;
}

static enum err begin_act(struct turn_of_menu *t, const struct menu_item *item)
{
	const struct menu_act *act = menu_act_find(item->act);
	enum err err = str_copy(t->state.act, sizeof(t->state.act), item->act);

	json_object_clear(t->state.fields);
	t->state.trail_count = 0;
	for (int i = 0; !err && i < item->set_count; i++)
		err = menu_set_field(&t->talk, item->set[i].key, item->set[i].value);
	t->talk.next = 0;
	if (!err)
		err = tally(t, act->name, SERVICE_ASKED);
	if (!err && act->begin)
		err = act->begin(&t->talk);
	return err ? err : go_step(t, t->talk.next);
}

/* ---- the screens --------------------------------------------------------------------------- */

static const char *item_label(const void *arg, int index)
{
	return ((const struct menu *)arg)->items[index].label;
}

static const char *choice_label(const void *arg, int index)
{
	return ((const struct menu_choices *)arg)->items[index].label;
}

struct screen {
	struct menu_list list;
	struct buf title;
	struct menu_choices choices;
};

static struct screen *screen_new(void)
{
	struct screen *screen = calloc(1, sizeof(*screen));

	if (screen)
		buf_init(&screen->title, 2 * MENU_FIELD_MAX);
	return screen;
}

static void screen_free(struct screen **screen)
{
	if (*screen)
		buf_wipe(&(*screen)->title);
	free(*screen);
}
#define CLEAN_SCREEN CLEANUP(screen_free) struct screen

static enum err step_title(struct turn_of_menu *t, const struct menu_step *step, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};

	return step->title ? step->title(&t->talk, out) : phrase(step->ask, PHRASE_FULL, none, out);
}

/* What there is to choose from now; count 0 when nothing is. */
static enum err fill_list(struct turn_of_menu *t, struct screen *screen, int **ret_page)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct menu_state *state = &t->state;
	enum err err;

	screen->list = (struct menu_list){.label = choice_label, .arg = &screen->choices};
	*ret_page = &t->no_page;
	if (state->is_offer) {
		err = phrase("menu_offer", PHRASE_FULL, none, &screen->title);
		if (!err)
			err = menu_choice_phrase(&screen->choices, "menu_offer_on", "on");
		if (!err)
			err = menu_choice_phrase(&screen->choices, "menu_offer_drop", "drop");
		screen->list.is_first = true;
	} else if (!state->act[0]) {
		const struct menu *menu = here(t);

		*ret_page = &state->menus[state->depth - 1].page;
		err = buf_adds(&screen->title, menu->title);
		screen->list.label = item_label;
		screen->list.arg = menu;
		screen->list.count = menu->item_count;
		screen->list.is_first = state->depth == 1;
	} else {
		const struct menu_step *step = step_here(t);

		*ret_page = &state->trail[state->trail_count - 1].page;
		err = step_title(t, step, &screen->title);
		if (!err && step->kind == MENU_CHOICE)
			err = step->choices(&t->talk, &screen->choices);
	}
	if (screen->list.label == choice_label)
		screen->list.count = screen->choices.count;
	screen->list.title = buf_text(&screen->title);
	screen->list.has_hint = t->has_hint;
	return err;
}

static enum err show_list(struct turn_of_menu *t, struct buf *out)
{
	CLEAN_SCREEN *screen = screen_new();
	int *page, shown;
	enum err err = screen ? fill_list(t, screen, &page) : ERR_NOMEM;

	if (err)
		return err;
	/* Fewer than there were: a place is no more. */
	if (*page >= screen->list.count)
		*page = 0;
	return menu_screen_list(&screen->list, *page, out, &shown);
}

/* Where there are no pages he reads all of it, and is back where he chose it. */
static enum err show_words(struct turn_of_menu *t, const struct menu_step *step, struct buf *out)
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
		leave_act(t);
	return err;
}

static enum err show(struct turn_of_menu *t, struct buf *out)
{
	const struct menu_step *step = t->state.act[0] && !t->state.is_offer ? step_here(t) : NULL;
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

/* ---- what was answered --------------------------------------------------------------------- */

static enum err phone_phrase(struct turn_of_menu *t, const char *key, struct buf *out)
{
	const struct phrase_field fields[] = {{"phone", t->intake->menu_phone}, {NULL, NULL}};
	const struct phrase_field none[] = {{NULL, NULL}};
	char without[48];

	if (t->intake->menu_phone[0])
		return phrase(key, PHRASE_FULL, fields, out);
	snprintf(without, sizeof(without), "%s_nophone", key);
	return phrase(without, PHRASE_FULL, none, out);
}

/* The screen again with a hint; the third time whom to call. What was said stays. */
static enum err slip(struct turn_of_menu *t)
{
	enum err err;

	if (++t->state.slips < MENU_SLIPS) {
		t->has_hint = true;
		return ERR_OK;
	}
	t->state.slips = 0;
	t->is_over = t->keeps = true;
	err = phone_phrase(t, "menu_lost", &t->said);
	return err ? err : tally(t, SERVICE_MENU, SERVICE_LOST);
}

static enum err leave(struct turn_of_menu *t)
{
	const struct phrase_field none[] = {{NULL, NULL}};

	t->is_over = t->keeps = true;
	return phrase("menu_bye", PHRASE_FULL, none, &t->said);
}

/* A page before, a step before, a menu before, or out. */
static enum err go_back(struct turn_of_menu *t)
{
	struct menu_state *state = &t->state;
	CLEAN_SCREEN *screen = screen_new();
	int *page;
	enum err err;

	if (!screen)
		return ERR_NOMEM;
	if (state->is_offer)
		return leave(t);
	if (state->act[0] && step_here(t)->kind == MENU_READ &&
		state->trail[state->trail_count - 1].page > 0) {
		state->trail[state->trail_count - 1].page--;
		return ERR_OK;
	}
	if (!state->act[0] || step_here(t)->kind == MENU_CHOICE) {
		err = fill_list(t, screen, &page);
		if (err || *page > 0)
			return err ? err : menu_screen_before(&screen->list, *page, page);
	}
	if (state->act[0] && --state->trail_count > 0)
		return ERR_OK;
	if (state->act[0]) {
		leave_act(t);
		return ERR_OK;
	}
	if (state->depth == 1)
		return leave(t);
	state->depth--;
	return ERR_OK;
}

/* The next page of what he reads; a list: answer_list(). */
static enum err more_words(struct turn_of_menu *t, const struct menu_step *step)
{
	int *page = &t->state.trail[t->state.trail_count - 1].page;
	CLEAN_BUF words = {0};
	CLEAN_BUF out = {0};
	bool has_more;
	enum err err;

	buf_init(&words, MENU_STATE_MAX);
	buf_init(&out, MENU_STATE_MAX);
	err = step->words(&t->talk, &words);
	if (!err)
		err = menu_screen_text(buf_text(&words), *page + 1, false, &out, &has_more);
	if (err == ERR_NOT_FOUND)
		return slip(t);
	*page += !err;
	return err;
}

static enum err take_step(
	struct turn_of_menu *t, const struct menu_step *step, const char *answer, const char *text)
{
	int step_no = t->state.trail[t->state.trail_count - 1].step;
	enum err err = menu_set_field(&t->talk, step->key, answer);

	t->talk.step = step_no;
	t->talk.next = step_no + 1;
	if (!err && step->take)
		err = step->take(&t->talk, answer);
	if (err == ERR_INVALID)
		return menu_is_slip(text, MENU_SLIP_WORDS) ? slip(t) : ERR_NOT_FOUND;
	if (err)
		return err;
	t->state.slips = 0;
	return go_step(t, t->talk.next);
}

static enum err choose(struct turn_of_menu *t, const struct screen *screen, int index)
{
	struct menu_state *state = &t->state;
	const struct menu_item *item;

	if (state->is_offer) {
		state->is_offer = false;
		return index == 0 ? ERR_OK : go_start(t, MENU_START);
	}
	if (state->act[0])
		return take_step(t, step_here(t), screen->choices.items[index].value, "");
	item = &here(t)->items[index];
	if (item->act[0])
		return begin_act(t, item);
	CHECK(state->depth < MENU_DEPTH_MAX);
	state->menus[state->depth].page = 0;
	return str_copy(state->menus[state->depth++].code, MENU_CODE_BYTES, item->go);
}

static enum err answer_list(
	struct turn_of_menu *t, const struct menu_input *input, const char *text)
{
	CLEAN_SCREEN *screen = screen_new();
	CLEAN_BUF page_text = {0};
	int *page, shown = 0, index = -1;
	enum err err = screen ? fill_list(t, screen, &page) : ERR_NOMEM;

	buf_init(&page_text, MENU_STATE_MAX);
	if (!err)
		err = menu_screen_list(&screen->list, *page, &page_text, &shown);
	if (err)
		return err;
	if (input->number == MENU_MORE && *page + shown < screen->list.count) {
		*page += shown;
		t->state.slips = 0;
		return ERR_OK;
	}
	if (input->number >= 1 && input->number <= shown)
		index = *page + input->number - 1;
	for (int i = 0; input->number < 0 && index < 0 && i < screen->list.count; i++) {
		if (menu_is_label(text, screen->list.label(screen->list.arg, i)))
			index = i;
	}
	if (index < 0)
		return menu_is_slip(text, 1) ? slip(t) : ERR_NOT_FOUND;
	t->state.slips = 0;
	return choose(t, screen, index);
}

static enum err answer_text(struct turn_of_menu *t, const struct menu_step *step, const char *text)
{
	if (menu_letter_count(text) < step->letters_min || strlen(text) > MENU_FIELD_MAX)
		return strlen(text) > MENU_FIELD_MAX ? ERR_NOT_FOUND : slip(t);
	return take_step(t, step, text, text);
}

static bool is_danger(const char *text)
{
	struct guess guess;

	guess_text(text, &guess);
	return guess.is_danger;
}

static enum err answer(struct turn_of_menu *t, const char *text)
{
	const struct menu_step *step = t->state.act[0] && !t->state.is_offer ? step_here(t) : NULL;
	struct menu_input input = menu_input_of(text);

	if (input.number == MENU_TO_START && !t->state.is_offer) {
		t->state.slips = 0;
		return go_start(t, MENU_START);
	}
	if (input.number == MENU_BACK) {
		t->state.slips = 0;
		return go_back(t);
	}
	if (step && step->kind == MENU_TEXT)
		return answer_text(t, step, text);
	if (input.number < 0 && is_danger(text))
		return ERR_NOT_FOUND;
	if (step && step->kind == MENU_READ)
		return input.number == MENU_MORE ? more_words(t, step)
		       : menu_is_slip(text, 1)	 ? slip(t)
						 : ERR_NOT_FOUND;
	return answer_list(t, &input, text);
}

/* ---- a turn of the conversation ------------------------------------------------------------ */

static enum err load(struct turn_of_menu *t, struct menu_session *ret_session)
{
	const int64_t ids[] = {t->caller->party_id, t->caller->other_id};
	struct store *store = t->intake->store;
	enum err err = ERR_NOT_FOUND;

	for (size_t i = 0; i < ARRAY_LEN(ids) && err == ERR_NOT_FOUND; i++) {
		CLEAN_BUF text = {0};

		buf_init(&text, MENU_STATE_MAX);
		if (!ids[i])
			continue;
		err = menu_session_load(store, ids[i], ret_session, &text);
		if (!err)
			err = menu_state_parse(buf_text(&text), t->intake->menus, &t->state);
		buf_wipe(&text);
		/* Of menus that are no more. */
		if (err == ERR_CORRUPT) {
			err = menu_session_end(store, ids[i]);
			err = err ? err : ERR_NOT_FOUND;
		}
		t->kept_as = err ? 0 : ids[i];
	}
	return err;
}

static enum err save(struct turn_of_menu *t)
{
	const struct menu_act *act = t->state.act[0] ? menu_act_find(t->state.act) : NULL;
	bool has_draft = act && act->keeps_draft && menu_state_has_words(&t->state);
	int64_t party_id = t->kept_as ? t->kept_as : t->caller->party_id;
	CLEAN_BUF text = {0};
	enum err err;

	if (t->is_over && !(t->keeps && has_draft))
		return menu_session_end(t->intake->store, party_id);
	buf_init(&text, MENU_STATE_MAX);
	err = menu_state_print(&t->state, &text);
	if (!err)
		err = menu_session_save(t->intake->store,
			&(struct menu_session){.party_id = party_id,
				.updated_ms = intake_now(t->intake),
				.is_live = !t->is_over,
				.has_draft = has_draft},
			buf_text(&text));
	buf_wipe(&text);
	return err;
}

/* A new conversation, or the draft of the last one. */
static enum err begin(struct turn_of_menu *t, const struct menu_session *session, const char *code)
{
	enum err err;

	t->state.slips = 0;
	if (session && session->has_draft) {
		t->state.is_offer = true;
		return ERR_OK;
	}
	t->state.mark = menu_session_mark(t->intake->store);
	err = go_start(t, code);
	return err ? err : tally(t, SERVICE_MENU, SERVICE_ASKED);
}

static enum err enter(struct turn_of_menu *t, const char *text)
{
	const char *code = text ? menu_keyword(t->intake->menus, text) : MENU_START;
	struct menu_session session;
	int64_t age_ms;
	enum err err = load(t, &session);

	if (err && err != ERR_NOT_FOUND)
		return err;
	if (err)
		return code ? begin(t, NULL, code) : ERR_NOT_FOUND;
	age_ms = intake_now(t->intake) - session.updated_ms;
	/* A clock that was set back made it older, not newer. */
	if (age_ms < 0 || age_ms > MENU_DRAFT_MS)
		return code ? begin(t, NULL, code) : ERR_NOT_FOUND;
	if (text && menu_has_marks(text))
		t->state.is_accented = true;
	if (code)
		return begin(t, &session, code);
	if (session.is_live && age_ms <= MENU_IDLE_MS)
		return answer(t, text);
	return menu_input_of(text).number >= 0 ? begin(t, &session, MENU_START) : ERR_NOT_FOUND;
}

/* Marks off where they can't be shown, or where he writes without. */
static enum err put_text(struct turn_of_menu *t, const char *words, struct buf *out)
{
	bool is_full = t->caller->door == SERVICE_ZALO ||
		       (t->caller->door == SERVICE_SMS && t->state.is_accented);

	return is_full ? buf_adds(out, words) : sms_text_unaccent(words, out);
}

static enum err run(struct turn_of_menu *t, const char *text, struct menu_reply *ret_reply)
{
	CLEAN_BUF words = {0};
	enum err err = enter(t, text);

	buf_init(&words, MENU_STATE_MAX);
	if (!err && t->said.len)
		err = buf_adds(&words, buf_text(&t->said));
	if (!err && !t->is_over)
		err = show(t, &words);
	if (!err)
		err = save(t);
	if (!err && !t->talk.is_said)
		err = put_text(t, buf_text(&words), &ret_reply->text);
	if (!err)
		ret_reply->is_end = t->is_over;
	buf_wipe(&words);
	return err;
}

enum err menu_answer(struct intake *intake, const struct menu_caller *caller, const char *text,
	struct menu_reply *ret_reply)
{
	struct turn_of_menu t = {.intake = intake, .caller = caller};
	enum err err;

	if (!intake->menus)
		return ERR_NOT_FOUND;
	buf_init(&t.said, MENU_STATE_MAX);
	menu_state_init(&t.state);
	t.talk = (struct menu_talk){.intake = intake,
		.door = caller->door,
		.party_id = caller->party_id,
		.other_id = caller->other_id,
		.kind = caller->kind,
		.address = caller->address,
		.channel = caller->channel,
		.sent_ms = caller->sent_ms,
		.state = &t.state,
		.said = &t.said,
		.outcome = SERVICE_ANSWERED};
	err = store_savepoint_begin(intake->store);
	if (err)
		return err;
	err = run(&t, text, ret_reply);
	free(t.talk.hamlets);
	buf_wipe(&t.said);
	menu_state_done(&t.state);
	if (!err)
		return store_savepoint_release(intake->store);
	store_savepoint_rollback(intake->store);
	return err;
}

enum err menu_tick(struct intake *intake)
{
	int64_t count;

	return menu_session_prune(intake->store, intake_now(intake) - MENU_DRAFT_MS, &count);
}
