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
#include "daemon/intake/menu_input.h"
#include "daemon/intake/menu_turn.h"
#include "store/menu_session.h"

#include <stdlib.h>
#include <string.h>

/* ---- what was answered --------------------------------------------------------------------- */

static enum err phone_phrase(struct menu_turn *t, const char *key, struct buf *out)
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
static enum err slip(struct menu_turn *t)
{
	enum err err;

	if (++t->state.slips < MENU_SLIPS) {
		t->has_hint = true;
		return ERR_OK;
	}
	t->state.slips = 0;
	t->is_over = t->keeps = true;
	err = phone_phrase(t, "menu_lost", &t->said);
	return err ? err : menu_tally(t, SERVICE_MENU, SERVICE_LOST);
}

static enum err leave(struct menu_turn *t)
{
	const struct phrase_field none[] = {{NULL, NULL}};

	t->is_over = t->keeps = true;
	return phrase("menu_bye", PHRASE_FULL, none, &t->said);
}

/* A page before, a step before, a menu before, or out. */
static enum err go_back(struct menu_turn *t)
{
	struct menu_state *state = &t->state;
	CLEAN_VIEW *view = menu_view_new();
	int *page;
	enum err err;

	if (!view)
		return ERR_NOMEM;
	if (state->is_offer)
		return leave(t);
	if (state->act[0] && menu_step_here(t)->kind == MENU_READ &&
		state->trail[state->trail_count - 1].page > 0) {
		state->trail[state->trail_count - 1].page--;
		return ERR_OK;
	}
	if (!state->act[0] || menu_step_here(t)->kind == MENU_CHOICE) {
		err = menu_view_list(t, view, &page);
		if (err || *page > 0)
			return err ? err : menu_screen_before(&view->list, *page, page);
	}
	if (state->act[0] && --state->trail_count > 0)
		return ERR_OK;
	if (state->act[0]) {
		menu_leave_act(t);
		return ERR_OK;
	}
	if (state->depth == 1)
		return leave(t);
	state->depth--;
	return ERR_OK;
}

/* The next page of what he reads; a list: answer_list(). */
static enum err more_words(struct menu_turn *t, const struct menu_step *step)
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
	struct menu_turn *t, const struct menu_step *step, const char *answer, const char *text)
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
	return menu_go_step(t, t->talk.next);
}

static enum err choose(struct menu_turn *t, const struct menu_view *view, int index)
{
	struct menu_state *state = &t->state;
	const struct menu_item *item;

	if (state->is_offer) {
		state->is_offer = false;
		return index == 0 ? ERR_OK : menu_go_start(t, MENU_START);
	}
	if (state->act[0])
		return take_step(t, menu_step_here(t), view->choices.items[index].value, "");
	item = &menu_here(t)->items[index];
	if (item->act[0])
		return menu_begin_act(t, item);
	CHECK(state->depth < MENU_DEPTH_MAX);
	state->menus[state->depth].page = 0;
	return str_copy(state->menus[state->depth++].code, MENU_CODE_BYTES, item->go);
}

static enum err answer_list(struct menu_turn *t, const struct menu_input *input, const char *text)
{
	CLEAN_VIEW *view = menu_view_new();
	CLEAN_BUF page_text = {0};
	int *page, shown = 0, index;
	enum err err = view ? menu_view_list(t, view, &page) : ERR_NOMEM;

	buf_init(&page_text, MENU_STATE_MAX);
	if (!err)
		err = menu_screen_list(&view->list, *page, &page_text, &shown);
	if (err)
		return err;
	index = menu_screen_item(&view->list, *page, shown, input->number);
	if (index == MENU_TURN) {
		*page += shown;
		t->state.slips = 0;
		return ERR_OK;
	}
	for (int i = 0; input->number < 0 && index < 0 && i < view->list.count; i++) {
		if (menu_is_label(text, view->list.label(view->list.arg, i)))
			index = i;
	}
	if (index < 0 && input->number < 0 && t->state.act[0] && !t->state.is_offer &&
		menu_step_here(t)->takes_words)
		return take_step(t, menu_step_here(t), text, text);
	if (index < 0)
		return menu_is_slip(text, 1) ? slip(t) : ERR_NOT_FOUND;
	t->state.slips = 0;
	return choose(t, view, index);
}

static enum err answer_text(struct menu_turn *t, const struct menu_step *step, const char *text)
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

static enum err answer(struct menu_turn *t, const char *text)
{
	const struct menu_step *step = t->state.act[0] && !t->state.is_offer ? menu_step_here(t)
									     : NULL;
	struct menu_input input = menu_input_of(text);

	if (input.number == MENU_TO_START && !t->state.is_offer) {
		t->state.slips = 0;
		return menu_go_start(t, MENU_START);
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

static enum err load(struct menu_turn *t, struct menu_session *ret_session)
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

static enum err save(struct menu_turn *t)
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
static enum err begin(struct menu_turn *t, const struct menu_session *session, const char *code)
{
	enum err err;

	t->state.slips = 0;
	if (session && session->has_draft) {
		t->state.is_offer = true;
		return ERR_OK;
	}
	t->state.mark = menu_session_mark(t->intake->store);
	err = menu_go_start(t, code);
	return err ? err : menu_tally(t, SERVICE_MENU, SERVICE_ASKED);
}

static enum err enter(struct menu_turn *t, const char *text)
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
	if (code)
		return begin(t, &session, code);
	if (session.is_live && age_ms <= MENU_IDLE_MS)
		return answer(t, text);
	return menu_input_of(text).number >= 0 ? begin(t, &session, MENU_START) : ERR_NOT_FOUND;
}

/* Marks off where they can't be shown, where he writes without, or where they cost too much. */
static enum err put_text(struct menu_turn *t, const char *words, struct buf *out)
{
	if (t->caller->door == SERVICE_ZALO)
		return buf_adds(out, words);
	if (t->caller->door == SERVICE_SMS && t->caller->has_marks && words[0])
		return desk_sms_marks(t->intake->desk, words, out);
	return sms_text_unaccent(words, out);
}

static enum err run(struct menu_turn *t, const char *text, struct menu_reply *ret_reply)
{
	CLEAN_BUF words = {0};
	enum err err = enter(t, text);

	buf_init(&words, MENU_STATE_MAX);
	if (!err && t->said.len)
		err = buf_adds(&words, buf_text(&t->said));
	if (!err && !t->is_over)
		err = menu_view_show(t, &words);
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
	struct menu_turn t = {.intake = intake, .caller = caller};
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
