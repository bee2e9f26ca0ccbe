/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The personal identification number (số định danh cá nhân) in a stay notice. Pure. */
#ifndef BINHYEN_DESK_STAY_ID_H
#define BINHYEN_DESK_STAY_ID_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define STAY_ID_DIGITS 12

/* Twelve digits as Decree 137/2015/NĐ-CP art. 13 builds them: a province of birth, century and sex,
 * year of birth not after `today`, six more. */
bool stay_is_id(const char *digits, int64_t today);

/* What stands in a text for a number that was sealed: twelve digits that nobody's number can be. A
 * number of 0 is none. */
void stay_mark(int number, char ret_mark[STAY_ID_DIGITS + 1]);
/* Which it is; 0: it is no mark. */
int stay_mark_number(const char *digits);

#endif
