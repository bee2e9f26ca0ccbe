/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody says to a poll: "2", "toi chon so 2", "dong y", "Đồng í nhé", "k dong y". The
 * options have their own words, those that people use for the usual ones ("Đồng ý": ok, nhất trí),
 * and what officers added. Marks, case, blanks, i for y and a slip of a letter or two make no
 * difference. What fits two options, or has a "no" before what it fits, is clear to nobody and left
 * to a person. Pure.
 */
#ifndef BINHYEN_DESK_POLL_WORDS_H
#define BINHYEN_DESK_POLL_WORDS_H

#include "store/poll.h"

#define POLL_ALIASES_MAX 16
#define POLL_ALIAS_BYTES 64

enum poll_clarity {
	POLL_UNCLEAR_WORDS,
	POLL_CLEAR,
	POLL_CLEAR_AND_MORE /* it says which, and goes on with something else: both are kept */
};
struct poll_heard {
	enum poll_clarity clarity;
	int number;    /* of the option; 0 not clear */
	bool is_exact; /* nothing but the number or the words of one option, and kind ones */
};
/* Every spelling of the options of one poll, made once for all of its answers. */
struct poll_ear;
MUST_CHECK
enum err poll_ear_new(const struct poll_option *options, int count, struct poll_ear **ret_ear);
void poll_ear_free(struct poll_ear *ear);
/* text: UTF-8, NFC, any length; no UTF-8 is not clear. */
void poll_ear_hear(const struct poll_ear *ear, const char *text, struct poll_heard *ret_heard);
/* The same for one answer only. */
void poll_hear(const char *text, const struct poll_option *options, int count,
	struct poll_heard *ret_heard);

/* Two options that one and the same answer would mean: their numbers, or false. */
bool poll_options_clash(const struct poll_option *options, int count, int *ret_one, int *ret_other);

/* "dong y, ok" typed by an officer as a JSON list. ERR_INVALID: more than POLL_ALIASES_MAX, one of
 * them without a letter or too long. */
MUST_CHECK
enum err poll_aliases_read(const char *typed, char ret_json[POLL_ALIASES_BYTES]);

#endif
