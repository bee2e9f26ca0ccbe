/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stay notice (thông báo lưu trú, Law on Residence 2020 art. 30) as people text it, in any order
 * and with or without marks:
 *
 *     Nguyen Van A, 001090123456, tham con, 22/11 den 25/11, so 5 thon 3
 *
 * Identity numbers and dates are known by their shape, reason and address by the words with which
 * they begin; the name stands beside its number; what is left is a reason before an address. What
 * cannot be found is missing, and asked for by name: nothing is guessed. Pure.
 */
#ifndef BINHYEN_DESK_STAY_WORDS_H
#define BINHYEN_DESK_STAY_WORDS_H

#include "daemon/desk/stay_id.h"

#include <stdbool.h>
#include <stdint.h>

#define STAY_GUESTS_MAX	   20 /* of one notice; a lodging house sends several */
#define STAY_NAME_BYTES	   97
#define STAY_REASON_BYTES  161
#define STAY_ADDRESS_BYTES 257
#define STAY_TEXT_MAX	   (8 * 1024)
#define STAY_DAYS_MAX	   29 /* longer is temporary residence: "dưới 30 ngày" (art. 2) */

struct stay_guest {
	char name[STAY_NAME_BYTES]; /* as written; "" missing */
	char id[STAY_ID_DIGITS + 1];
};

/* What is missing or wrong, as bits. */
enum stay_fault {
	STAY_NO_ID = 1 << 0,	  /* nobody has an identity number */
	STAY_BAD_ID = 1 << 1,	  /* one that none can be */
	STAY_OLD_ID = 1 << 2,	  /* nine digits: CMND, not valid since 2025 */
	STAY_NO_NAME = 1 << 3,	  /* of one at least */
	STAY_NO_REASON = 1 << 4,  /* */
	STAY_NO_DATES = 1 << 5,	  /* from and to, or the last of them */
	STAY_BAD_DATES = 1 << 6,  /* the end before the beginning, or long ago */
	STAY_NO_ADDRESS = 1 << 7, /* */
	STAY_TOO_MANY = 1 << 8,	  /* guests */
	STAY_TOO_LONG = 1 << 9,	  /* thirty days or more */
	STAY_FOREIGN = 1 << 10,	  /* a foreigner: another law */
};

struct stay_words {
	struct stay_guest guests[STAY_GUESTS_MAX];
	int guest_count;
	char reason[STAY_REASON_BYTES], address[STAY_ADDRESS_BYTES]; /* "" missing */
	int64_t from_day, to_day; /* days since 1970; 0 missing */
	unsigned faults;
};

/* text: UTF-8, NFC; what follows STAY_TEXT_MAX bytes is not looked at. today: when it was sent; a
 * date without a year is the nearest one. ERR_NOMEM. */
MUST_CHECK
enum err stay_words_read(const char *text, int64_t today, struct stay_words *ret_words);

/* Takes out of a text what was wrong in it, so that more words can put it right. */
MUST_CHECK
enum err stay_words_forget(char *text, int64_t today, unsigned faults);

#endif
