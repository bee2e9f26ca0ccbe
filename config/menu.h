/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The menus that residents walk through with digits, by SMS, USSD and Zalo: those that ship
 * (menus/CODE.json) and those of the commune's directory, which stand in their place or beside
 * them. Read once at start.
 *
 *   {"code": "bat-dau",
 *    "title": "Công an xã. Chọn số:",
 *    "keywords": ["menu", "huong dan"],   texts that open it; may be left out
 *    "items": [
 *      {"label": "Báo tin", "go": "bao-tin"},                          another menu
 *      {"label": "Cháy, nổ", "act": "report", "set": {"category": "fire"}}]}
 *
 * An item leads to a menu or to an act of daemon/intake/menu_act.h, for which "set" fills in what
 * need not be asked. "bat-dau" is where everybody begins. More than MENU_PAGE_ITEMS items are shown
 * in pages. Whether every screen fits a phone is checked by daemon/intake/menu_screen.h.
 */
#ifndef BINHYEN_CONFIG_MENU_H
#define BINHYEN_CONFIG_MENU_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define MENU_START	   "bat-dau"
#define MENUS_MAX	   40
#define MENU_DEPTH_MAX	   3  /* menus on the way to an act: people get lost in more */
#define MENU_PAGE_ITEMS	   5  /* on one screen */
#define MENU_ITEMS_MAX	   15 /* three screens */
#define MENU_CODE_BYTES	   32
#define MENU_TITLE_BYTES   161
#define MENU_LABEL_BYTES   97
#define MENU_KEYWORDS_MAX  8
#define MENU_KEYWORD_BYTES 33
#define MENU_SET_MAX	   3
#define MENU_KEY_BYTES	   24
#define MENU_VALUE_BYTES   64

struct menu_set {
	char key[MENU_KEY_BYTES], value[MENU_VALUE_BYTES];
};

struct menu_item {
	char label[MENU_LABEL_BYTES];
	char go[MENU_CODE_BYTES]; /* code of a menu; "" an act */
	char act[MENU_CODE_BYTES];
	struct menu_set set[MENU_SET_MAX];
	int set_count;
};

struct menu {
	char code[MENU_CODE_BYTES]; /* a-z 0-9 and - */
	char title[MENU_TITLE_BYTES];
	char keywords[MENU_KEYWORDS_MAX][MENU_KEYWORD_BYTES]; /* a-z 0-9 and blanks */
	int keyword_count;
	struct menu_item items[MENU_ITEMS_MAX];
	int item_count;
	bool is_own; /* the commune's file */
};

struct menus {
	struct menu *items; /* by code */
	size_t count;
};

/* directory: of the commune, "" none. acts: the names of the acts there are, up to NULL. `eb` names
 * file and place of what is wrong: also an item that leads nowhere, a way that is deeper than
 * MENU_DEPTH_MAX or comes back to where it was. */
MUST_CHECK
enum err menus_load(const char *directory, const char *const *acts, struct menus **ret_menus,
	struct errbuf *eb);
void menus_free(struct menus *menus); /* NULL is fine */
/* NULL: there is none. */
const struct menu *menus_find(const struct menus *menus, const char *code);

/* One file by itself. `name` is for `eb`. */
MUST_CHECK
enum err menu_parse(
	const char *text, size_t len, const char *name, struct menu *ret_menu, struct errbuf *eb);

#endif
