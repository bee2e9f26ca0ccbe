/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of events as something that people watch over: each day's last row is told to a second
 * person, what is found wrong is told at once, and a head that somebody kept can be compared.
 * Functions of (store, clock, event); each runs within the caller's turn.
 */
#ifndef BINHYEN_DESK_AUDIT_H
#define BINHYEN_DESK_AUDIT_H

#include "daemon/desk/desk.h"
#include "store/event_seal.h"

/* Closes the day before when nobody has: notes its last row and texts it to the witness, not in the
 * night. *ret_next_ms: when to call again at the latest. */
MUST_CHECK
enum err audit_tick(struct desk *desk, int64_t *ret_next_ms);

/* What was found wrong with the log: an event, and an alarm to the witness and to who looks after
 * the machine; once for each finding. NONE is nothing. */
MUST_CHECK
enum err audit_found(struct desk *desk, const struct event_finding *finding);

/* "22/11/2026", "2026-11-22": the day since 1970. ERR_INVALID. */
MUST_CHECK
enum err audit_day_parse(const char *text, int64_t *ret_day);
#define AUDIT_DAY_BYTES 16
/* "2026-11-22" */
void audit_day_format(int64_t day, char ret_text[AUDIT_DAY_BYTES]);

enum audit_answer {
	AUDIT_SAME,    /* the log still has the row that was told */
	AUDIT_OTHER,   /* another one: it was changed since, or the head was misread */
	AUDIT_UNKNOWN, /* this log has never closed that day */
};
/* Compares a head that somebody kept: 16 hexadecimal digits, in groups or not. ERR_INVALID for what
 * is none. */
MUST_CHECK
enum err audit_compare(
	struct store *store, int64_t day, const char *digits, enum audit_answer *ret_answer);

#endif
