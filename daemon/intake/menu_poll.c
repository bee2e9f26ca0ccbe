/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A poll that asks him, while it is open: which one if there are several, the question, and its
 * options by their own numbers. What he has chosen is in no session and no draft. */
#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/poll.h"
#include "daemon/intake/intake_private.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"

#include <stdlib.h>

enum { POLL_WHICH, POLL_CHOOSE, POLL_READ };

#define WHOLE "" /* the choice that is no option: to read all of it */

/* ---- which ---------------------------------------------------------------------------------- */

static enum err next_poll(struct menu_talk *talk, struct poll *poll)
{
	return desk_poll_for(talk->intake->desk, talk->kind, talk->address, poll->id, poll);
}

static enum err is_any(struct menu_talk *talk, bool *ret_is)
{
	struct poll poll = {.id = 0};
	enum err err = next_poll(talk, &poll);

	if (!err || err == ERR_NOT_FOUND)
		*ret_is = !err;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Nobody is asked which when there is one. */
static enum err which(struct menu_talk *talk, struct menu_choices *out)
{
	struct poll poll = {.id = 0};
	enum err err;

	while (!(err = next_poll(talk, &poll)) && out->count < MENU_CHOICES_MAX) {
		char number[24];

		snprintf(number, sizeof(number), "%lld", (long long)poll.id);
		err = menu_choice_add(out, poll.question, number);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err begin(struct menu_talk *talk)
{
	struct menu_choices *choices = calloc(1, sizeof(*choices));
	enum err err = choices ? which(talk, choices) : ERR_NOMEM;

	if (!err && choices->count == 1)
		err = menu_set_field(talk, "poll", choices->items[0].value);
	if (!err && choices->count < 2)
		talk->next = choices->count ? POLL_CHOOSE : MENU_DONE;
	free(choices);
	return err;
}

/* The last one has just ended. */
static enum err nothing(struct menu_talk *talk)
{
	const struct phrase_field none[] = {{NULL, NULL}};

	return talk->said->len ? ERR_OK : phrase("menu_poll_none", PHRASE_FULL, none, talk->said);
}

/* ---- the question --------------------------------------------------------------------------- */

static enum err load(struct menu_talk *talk, struct poll *poll,
	struct poll_option options[POLL_OPTIONS_MAX], int *ret_count)
{
	int64_t id;
	enum err err = str_to_int64(menu_field(talk, "poll"), 1, INT64_MAX, &id);

	if (!err)
		err = poll_load(talk->intake->store, id, poll);
	return err ? err : poll_options(talk->intake->store, id, options, ret_count);
}

static enum err title_of(const struct menu_talk *talk, const struct poll *poll, struct buf *out)
{
	const struct phrase_field fields[] = {
		{"number", menu_field(talk, "poll")}, {"question", poll->question}, {NULL, NULL}};

	return phrase("menu_poll", PHRASE_FULL, fields, out);
}

static enum err title(struct menu_talk *talk, struct buf *out)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	struct poll poll;
	int count;
	enum err err = load(talk, &poll, options, &count);

	return err ? err : title_of(talk, &poll, out);
}

/* Something of it is cut on the screen. */
static bool is_cut(const char *title, const struct poll_option *options, int count)
{
	bool is = menu_letters(title) > MENU_TITLE_LETTERS;

	for (int i = 0; i < count; i++)
		is = is || menu_letters(options[i].label) > MENU_LABEL_LETTERS;
	return is;
}

static enum err choices(struct menu_talk *talk, struct menu_choices *out)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	CLEAN_BUF words = {0};
	struct poll poll;
	int count = 0;
	enum err err = load(talk, &poll, options, &count);

	buf_init(&words, 2 * POLL_QUESTION_BYTES);
	if (!err)
		err = title_of(talk, &poll, &words);
	for (int i = 0; !err && i < count; i++) {
		char number[12];

		snprintf(number, sizeof(number), "%d", options[i].number);
		err = menu_choice_add(out, options[i].label, number);
	}
	out->is_numbered = true;
	out->has_extra = !err && is_cut(buf_text(&words), options, count);
	return out->has_extra ? menu_choice_phrase(out, "menu_poll_whole", WHOLE) : err;
}

static enum err read_all(struct menu_talk *talk, struct buf *out)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	char end[POLL_END_BYTES];
	struct poll poll;
	int count = 0;
	enum err err = load(talk, &poll, options, &count);

	if (!err)
		err = buf_adds(out, poll.question);
	for (int i = 0; !err && i < count; i++)
		err = buf_addf(out, "\n%d %s", options[i].number, options[i].label);
	if (err)
		return err;
	desk_poll_end_text(poll.closes_ms, end);
	return phrase("menu_poll_until", PHRASE_FULL,
		(const struct phrase_field[]){{"end", end}, {NULL, NULL}}, out);
}

/* ---- the answer ----------------------------------------------------------------------------- */

/* On one screen, whatever the option is called. */
static enum err say_chosen(struct menu_talk *talk, const struct desk_poll_chosen *chosen)
{
	const char *key = chosen->is_changed ? "menu_poll_changed" : "menu_poll_taken";
	const struct phrase_field none[] = {{NULL, NULL}};
	char choice[12];
	CLEAN_BUF whose = {0};
	CLEAN_BUF without = {0};
	CLEAN_BUF label = {0};
	struct phrase_field fields[] = {{"number", menu_field(talk, "poll")}, {"choice", choice},
		{"whose", NULL}, {"end", chosen->end}, {"label", ""}, {NULL, NULL}};
	enum err err;

	buf_init(&whose, 128);
	buf_init(&without, 1024);
	buf_init(&label, 4 * POLL_LABEL_BYTES);
	snprintf(choice, sizeof(choice), "%d", chosen->option.number);
	err = phrase(chosen->per == POLL_PER_HOUSEHOLD ? "menu_poll_household" : "menu_poll_phone",
		PHRASE_FULL, none, &whose);
	fields[2].value = buf_text(&whose);
	if (!err)
		err = phrase(key, PHRASE_FULL, fields, &without);
	if (!err)
		err = menu_cut(chosen->option.label,
			MENU_SCREEN_MAX - menu_letters(buf_text(&without)), &label);
	fields[4].value = buf_text(&label);
	return err ? err : phrase(key, PHRASE_FULL, fields, talk->said);
}

static enum err say_over(struct menu_talk *talk)
{
	const struct phrase_field fields[] = {{"number", menu_field(talk, "poll")}, {NULL, NULL}};

	return phrase("menu_poll_over", PHRASE_FULL, fields, talk->said);
}

static enum err take(struct menu_talk *talk, const char *answer)
{
	struct desk_poll_chosen chosen;
	int64_t id;
	enum err err;

	if (!answer[0]) {
		talk->next = POLL_READ;
		return ERR_OK;
	}
	talk->next = MENU_DONE;
	err = str_to_int64(menu_field(talk, "poll"), 1, INT64_MAX, &id);
	if (!err)
		err = desk_poll_choose(talk->intake->desk,
			&(struct desk_poll_choice){.poll_id = id,
				.kind = talk->kind,
				.address = talk->address,
				.words = answer},
			&chosen);
	if (!err)
		return say_chosen(talk, &chosen);
	if (err == ERR_STATE)
		return say_over(talk);
	/* He was taken off the list meanwhile. */
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static const struct menu_step steps[] = {
	[POLL_WHICH] = {MENU_CHOICE, "poll", .ask = "menu_polls", .choices = which},
	[POLL_CHOOSE] = {MENU_CHOICE, "option", .title = title, .choices = choices, .take = take,
		.takes_words = true},
	[POLL_READ] = {MENU_READ, "", .ask = "menu_poll_whole", .words = read_all,
		.is_aside = true},
};

const struct menu_act menu_act_poll = {.name = "poll",
	.steps = steps,
	.step_count = ARRAY_LEN(steps),
	.is_there = is_any,
	.begin = begin,
	.finish = nothing};
