/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One turn of a conversation in the menu, while it is handled, for the files of the engine: menu.c
 * loads it, takes the answer and keeps it; menu_way.c goes where that leads; menu_view.c makes what
 * he sees. Private to the menu: an act (menu_act.h) sees only `talk`.
 */
#ifndef BINHYEN_INTAKE_MENU_TURN_H
#define BINHYEN_INTAKE_MENU_TURN_H

#include "daemon/intake/intake_private.h"
#include "daemon/intake/menu.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/intake/menu_state.h"

struct menu_turn {
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

/* ---- where it leads (menu_way.c) ------------------------------------------------------------ */

/* The last of the menus he is in; the step that he is asked, in an act only. */
const struct menu *menu_here(const struct menu_turn *t);
const struct menu_step *menu_step_here(const struct menu_turn *t);
/* The first menu, or one that is opened by a word of its own and leads back to the first. */
MUST_CHECK
enum err menu_go_start(struct menu_turn *t, const char *code);
MUST_CHECK
enum err menu_begin_act(struct menu_turn *t, const struct menu_item *item);
/* Goes to a step, past those that ask nothing, or to the end. */
MUST_CHECK
enum err menu_go_step(struct menu_turn *t, int step);
/* Back to the menu; what was said is gone. */
void menu_leave_act(struct menu_turn *t);
MUST_CHECK
enum err menu_tally(struct menu_turn *t, const char *what, enum service_outcome outcome);

/* ---- what he sees (menu_view.c) ------------------------------------------------------------- */

struct menu_view {
	struct menu_list list;
	struct buf title;
	struct menu_choices choices;
};

struct menu_view *menu_view_new(void); /* NULL: no memory */
void menu_view_free(struct menu_view **view);
#define CLEAN_VIEW CLEANUP(menu_view_free) struct menu_view
/* What there is to choose from now; count 0 when nothing is. *ret_page: the first item shown, to be
 * changed by who turns the page. */
MUST_CHECK
enum err menu_view_list(struct menu_turn *t, struct menu_view *view, int **ret_page);
/* The screen where he is now. Appends. */
MUST_CHECK
enum err menu_view_show(struct menu_turn *t, struct buf *out);

#endif
