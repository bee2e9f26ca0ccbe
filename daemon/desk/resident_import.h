/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of residents from a spreadsheet into the registry, all of it or nothing.
 *
 *     phone      in any habit; the 0 that a spreadsheet dropped, and the numbers of eleven digits
 *                from before 2018, are mended
 *     name
 *     place      code of a hamlet, an agency ..., or its name as the box has it
 *     role       member (when it is empty), household_head, head, deputy, secretary, security,
 *                front, manager, or the Vietnamese for it; "left" takes him off the list
 *     household  what the commune calls the household by; who has the same there lives together
 *     list       codes of saved lists (audiences) that he is put on, with blanks or commas between
 *
 * A person on a place's list is known again by phone and place: a list that is imported again
 * changes name, role and household of those whom it names and leaves everybody else as he is. A
 * column that is not there changes nothing.
 */
#ifndef BINHYEN_DESK_RESIDENT_IMPORT_H
#define BINHYEN_DESK_RESIDENT_IMPORT_H

#include "daemon/desk/csv_table.h"
#include "daemon/desk/place.h"
#include "gateway/sms_text.h"

#define RESIDENT_IMPORT_BYTES_MAX (4 * 1024 * 1024)
#define RESIDENT_IMPORT_ROWS_MAX  50000 /* a commune has some 20,000 people */

struct resident_import {
	int64_t counts[4]; /* by enum desk_resident_change */
	int64_t listed;	   /* put on a saved list */
	int64_t mended;	   /* numbers */
	struct csv_faults faults;
};
/* Writes what it reads: within a savepoint of the caller's, who undoes it after a trial, and when
 * there are faults. Free with resident_import_done(). */
MUST_CHECK
enum err resident_import_read(
	struct desk *desk, const char *data, size_t len, struct resident_import *ret_import);
void resident_import_done(struct resident_import *import);

/* One row's phone as people write it, to E.164. ERR_INVALID; *ret_is_mended: it lacked its 0, or
 * was one of eleven digits. */
MUST_CHECK
enum err resident_phone(const char *text, char ret_phone[MSISDN_BYTES], bool *ret_is_mended);
/* The code of a role, from it or from its Vietnamese name. ERR_INVALID */
MUST_CHECK
enum err resident_role(const char *text, char ret_role[RESIDENT_ROLE_BYTES]);
/* What somebody who is on a list, or comes onto one, may be and with whom he may live. NULL: that
 * is not asked for, and *ret_role stays. ERR_INVALID, ERR_TOO_BIG */
MUST_CHECK
enum err resident_check(const char *role, const char *household, char ret_role[RESIDENT_ROLE_BYTES],
	struct errbuf *eb);

#endif
