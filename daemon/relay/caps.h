/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a SIM may still send: pure functions of (store, clock). Each cap is exact over every window
 * of its length, not only on the average: a bucket that refills steadily would let nearly twice its
 * size pass within one window, and the operator counts windows. Counted are segments, as he counts
 * them, and messages with the same words. What is under way counts as of now (store/sms_use.h), so
 * that neither a slow modem nor a crash opens a cap.
 *
 * Caps protect the SIM from the operator's anti-spam. A message that finds no room waits for it and
 * goes as it was written.
 */
#ifndef BINHYEN_RELAY_CAPS_H
#define BINHYEN_RELAY_CAPS_H

#include "config/operators.h"
#include "store/outbox.h"
#include "store/vault.h"

struct caps_question {
	const char *sim;
	enum lane lane;
	int segments;
	const uint8_t *content; /* VAULT_HASH_CONTENT */
};

#define CAPS_NEVER INT64_MAX /* more segments than a cap */

struct caps_verdict {
	int64_t due_ms;	      /* when there is room if nothing else is sent: 0 = now */
	bool is_same_content; /* only the caps of the same words are in the way */
	int free_percent;     /* of the fullest of the SIM's caps, 100 without caps */
};
MUST_CHECK
enum err caps_ask(struct store *store, const struct caps *caps,
	const struct caps_question *question, struct caps_verdict *ret_verdict);

/* Segments left for a lane in the current minute, hour, day: -1 = no limit. */
struct caps_left {
	int minute, hour, day;
};
MUST_CHECK
enum err caps_left(struct store *store, const struct caps *caps, const char *sim, enum lane lane,
	struct caps_left *ret_left);

/* Segments that may go through this SIM between now and until_ms, at the most. */
int64_t caps_until(const struct caps *caps, enum lane lane, int64_t now_ms, int64_t until_ms);

/* How many messages of that many segments and the same words, of which none was sent yet, may go
 * through this SIM within `ms` from now on. */
int64_t caps_messages(const struct caps *caps, enum lane lane, const struct caps_left *left,
	int segments, int64_t ms);

void caps_content(
	const struct vault *vault, const char *text, uint8_t ret_content[VAULT_HASH_BYTES]);

/*
 * Messages with the same words that wait are given times one after another, so that not all of them
 * ask again whenever one of them may go.
 */
#define CAPS_LINES_MAX \
	32 /* different texts that wait at a time; a further one takes the oldest \
	    */
struct caps_lines {
	struct caps_line {
		uint8_t content[VAULT_HASH_BYTES];
		int64_t last_ms;
	} lines[CAPS_LINES_MAX];
	int next;
};
int64_t caps_line_up(
	struct caps_lines *lines, const struct caps *caps, const uint8_t *content, int64_t due_ms);

#endif
