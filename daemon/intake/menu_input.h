/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What somebody typed below a screen: a digit, the words of an item, a slip, or something else
 * altogether. Pure. */
#ifndef BINHYEN_INTAKE_MENU_INPUT_H
#define BINHYEN_INTAKE_MENU_INPUT_H

#include "config/menu.h"

#include <stdbool.h>

#define MENU_BACK     0
#define MENU_MORE     9
#define MENU_TO_START 100 /* "00" */

#define MENU_SLIP_LETTERS 3 /* "ok", "ha" */
#define MENU_SLIP_DIGITS  6 /* "12", "2024"; more may be a number that somebody reports */
#define MENU_SLIP_WORDS	  3 /* where words were asked for, and these are none of them */

struct menu_input {
	int number; /* 0..9, MENU_TO_START; -1 no such thing */
};
/* "1", " 1.", "(1)", "00"; other numbers of up to two digits are their value. */
struct menu_input menu_input_of(const char *text);
/* The words of an item, without their marks and in any case. */
bool menu_is_label(const char *text, const char *label);
/* Nothing that somebody could have meant as a report: nothing at all, a few letters or digits, or
 * (words_max > 1) no more words than that. */
bool menu_is_slip(const char *text, int words_max);
/* Letters and digits: blanks and signs say nothing. */
int menu_letter_count(const char *text);
/* The code of the menu that a text opens by itself; NULL none. */
const char *menu_keyword(const struct menus *menus, const char *text);

#endif
