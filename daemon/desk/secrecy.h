/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This is no system for state secrets (Law 117/2025/QH15 art. 5: they may be kept only where no
 * telephone network and no Internet reaches). What carries a marking (secrecy_screen.h) all the
 * same
 *
 *     came in    is taken like everything else, is never relayed by Zalo with its words, and the
 *                chief is told
 *     goes out   is refused until the chief or a deputy has confirmed that this text, for this
 *                report, is no secret
 *
 * and a report with a secret in it is taken off-line in two steps: it is printed, and what was
 * printed is replaced by a stub once the leader says, by the digits on the print, that he holds it.
 * All of it is written in `event`, with ids and markings, never with a text.
 */
#ifndef BINHYEN_DESK_SECRECY_H
#define BINHYEN_DESK_SECRECY_H

#include "daemon/base/buf.h"
#include "store/report.h"

struct desk;

#define SECRECY_PRINT_MAX    (256 * 1024) /* bytes of a print: a report's whole dialogue */
#define SECRECY_REASON_MIN   10		  /* letters */
#define SECRECY_REASON_MAX   1000	  /* bytes */
#define SECRECY_DIGITS_BYTES 20		  /* "3F2A 91BC 77D0 1E5F" */

/* Words that came in, or that an officer wrote for officers: once a report carries a marking the
 * chief is told. */
MUST_CHECK
enum err desk_secrecy_incoming(struct desk *desk, const struct report *report, const char *text);

/* ERR_DENIED: it carries a marking, and nobody has confirmed that it is no secret. */
MUST_CHECK
enum err desk_secrecy_outgoing(
	struct desk *desk, int64_t report_id, const char *text, struct errbuf *eb);
/* The chief or a deputy confirms it. ERR_INVALID: it carries no marking, it can simply be sent. */
MUST_CHECK
enum err desk_secrecy_clear(struct desk *desk, int64_t report_id, const char *text,
	const char *actor, struct errbuf *eb);

/* What is known of a report, from its events. */
struct secrecy_state {
	int64_t found_ms;		/* 0: no marking was seen in it */
	char marking[64];		/* the last one seen; UTF-8 */
	int64_t printed_ms, offline_ms; /* 0: never */
};
MUST_CHECK
enum err desk_secrecy_state(struct desk *desk, int64_t report_id, struct secrecy_state *ret_state);

/* The whole of a report for paper, with digits that stand for it. Nothing is changed but that the
 * print is written down. ERR_DENIED: not his to read; ERR_INVALID: no reason. */
MUST_CHECK
enum err desk_offline_print(struct desk *desk, const struct key_holder *holder, int64_t report_id,
	const char *reason, const char *actor, struct buf *out,
	char ret_digits[SECRECY_DIGITS_BYTES], struct errbuf *eb);
/* ERR_STATE: the digits are not those of the report as it is now: print it again. ERR_BUSY: a
 * message of it is just being sent. */
MUST_CHECK
enum err desk_offline_take(struct desk *desk, const struct key_holder *holder, int64_t report_id,
	const char *digits, const char *actor, struct errbuf *eb);

#endif
