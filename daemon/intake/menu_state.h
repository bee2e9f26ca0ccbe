/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a conversation is: the menus on the way, the act and its steps, and what was said. Kept
 * as JSON, sealed (store/menu_session.h). Private to the menu. */
#ifndef BINHYEN_INTAKE_MENU_STATE_H
#define BINHYEN_INTAKE_MENU_STATE_H

#include "config/menu.h"
#include "daemon/base/buf.h"
#include "daemon/intake/menu_act.h"
#include "store/menu_session.h"

#include <jansson.h>
#include <stdint.h>

struct menu_state {
	struct {
		char code[MENU_CODE_BYTES];
		int page; /* its first item */
	} menus[MENU_DEPTH_MAX];
	int depth;		   /* 0: nowhere yet */
	char act[MENU_CODE_BYTES]; /* "" in the last of the menus */
	struct {
		int step;
		int page; /* first item of a CHOICE; page of a READ */
	} trail[MENU_STEPS_MAX];
	int trail_count;
	int slips;	       /* in a row */
	bool is_offer;	       /* asked whether he wants to go on with it */
	bool is_told;	       /* what he began to ask for is counted already */
	struct menu_mark mark; /* where it began */
	json_t *fields;	       /* texts by key */
};

void menu_state_init(struct menu_state *state);
void menu_state_done(struct menu_state *state); /* wipes what was said */
/* As at the beginning, but for who he is and how he writes. */
MUST_CHECK
enum err menu_state_restart(struct menu_state *state);
MUST_CHECK
enum err menu_state_print(const struct menu_state *state, struct buf *out);
/* What `state` had, or nothing (menu_state_init), is let go. ERR_CORRUPT: it is none, or none that
 * today's menus and acts know. */
MUST_CHECK
enum err menu_state_parse(const char *text, const struct menus *menus, struct menu_state *state);
/* Was anything said by himself? */
bool menu_state_has_words(const struct menu_state *state);

#endif
