/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of reading.h share. */
#ifndef BINHYEN_DESK_READING_PRIVATE_H
#define BINHYEN_DESK_READING_PRIVATE_H

#include "daemon/desk/desk_private.h"
#include "daemon/desk/reading.h"

#define ROWS_A_LOOK 100 /* rows that are looked at between two questions who may see them */

/* Who looks after the machine sees every message, but not what it belongs to; his figures are of
 * the register. */
bool reading_keeps_machine(const struct reader *reader);
/* Those who keep the register as a whole. */
bool reading_keeps_register(const struct reader *reader);
/* Makes of a report what its reader sees; ERR_NOT_FOUND: nothing. */
MUST_CHECK
enum err reading_show(struct desk *desk, const struct reader *reader, struct report *report,
	enum sight *ret_sight);
/* Whose keys count: the box holds none of a confined report. */
int64_t reading_holder(const struct reader *reader);

#endif
