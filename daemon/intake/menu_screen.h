/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Screens: a title, up to MENU_PAGE_ITEMS items, and what 9, 0 and 00 do. They are made with the
 * marks of Vietnamese and measured without, as the most basic phone shows them: at most
 * MENU_SCREEN_MAX letters, with room left for the hint of who typed something else, so that a page
 * has the same items with and without it (sms.md §6). Pure.
 */
#ifndef BINHYEN_INTAKE_MENU_SCREEN_H
#define BINHYEN_INTAKE_MENU_SCREEN_H

#include "config/menu.h"
#include "daemon/base/buf.h"

#include <stdbool.h>

#define MENU_SCREEN_MAX	   160 /* septets: what some networks cut USSD to, and one SMS */
#define MENU_TITLE_LETTERS 80  /* of the line above the items; the rest belongs to them */
#define MENU_LABEL_LETTERS 36  /* of one item: longer ones are cut */

struct menu_list {
	const char *title;
	const char *(*label)(const void *arg, int index);
	const void *arg;
	int count;
	bool is_first;	  /* there is nothing to go back to: 0 ends */
	bool is_numbered; /* each has its own digit, on whichever page; at most 8, and an extra */
	/* The last one comes and goes: it takes no room from the others, and no digit. When it is
	 * the only one that does not stand on a page, 9 leads to it at once. */
	bool has_extra;
	bool has_hint;
};
/* The page that begins with item `first`. *ret_shown: how many items it has, at least one while
 * there are any. Appends; the title is cut when it has to be. */
MUST_CHECK
enum err menu_screen_list(const struct menu_list *list, int first, struct buf *out, int *ret_shown);
/* What a digit means on the page that begins with `first` and shows so many: an item, MENU_TURN the
 * next page, MENU_NONE. */
#define MENU_NONE (-1)
#define MENU_TURN (-2)
int menu_screen_item(const struct menu_list *list, int first, int shown, int digit);
/* Where the page before the one that begins with `first` begins. */
MUST_CHECK
enum err menu_screen_before(const struct menu_list *list, int first, int *ret_first);

/* Page 0, 1, ... of a text that does not fit one screen; *ret_has_more. ERR_NOT_FOUND past its end.
 */
MUST_CHECK
enum err menu_screen_text(
	const char *text, int page, bool has_hint, struct buf *out, bool *ret_has_more);
/* What is asked for in words. */
MUST_CHECK
enum err menu_screen_ask(const char *title, bool has_hint, struct buf *out);

/* At most so many letters, at the end of a word if there is one near. Appends. */
MUST_CHECK
enum err menu_cut(const char *text, int letters_max, struct buf *out);
void menu_label_cut(const char *label, char ret_label[MENU_LABEL_BYTES]);
/* Letters of the basic alphabet, without marks; INT_MAX: it can't be written with them. */
int menu_letters(const char *text);

/* Every page of every menu fits, with whatever stands on it. `eb` names the menu, and what is too
 * long. */
MUST_CHECK
enum err menu_screens_check(const struct menus *menus, struct errbuf *eb);

#endif
