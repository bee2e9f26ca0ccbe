/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line to the daemon: whole lines in and out of the socket on fd 3. */
#ifndef BINHYEN_GATEWAY_WIRE_H
#define BINHYEN_GATEWAY_WIRE_H

#include "gateway/line.h"

/* No line waits longer for others to go with it. A commit of the daemon takes about as long, and
 * whatever comes to it together is one. */
#define WIRE_HOLD_MS 20

struct wire {
	int in_fd, out_fd;
	struct buf in, out;
	size_t parsed;	   /* bytes of `in` already handed out */
	bool is_skipping;  /* in the middle of a line that is too long */
	bool is_closed;	   /* the other end is gone */
	int64_t noise;	   /* lines that did not parse */
	bool is_held;	   /* between wire_hold and wire_flush */
	int64_t oldest_ms; /* when the first line of `out` was put there */
};

void wire_init(struct wire *wire, int in_fd, int out_fd);
void wire_done(struct wire *wire);

/* Takes what is there; is_closed when that was the end. */
void wire_fill(struct wire *wire);

/* The next whole line that parses, false when there is none. */
bool wire_next(struct wire *wire, struct line *ret_line);

/* Blocks while the other end does not read: it has to. is_closed when it is gone. Lines arrive in
 * the order in which they were sent, held or not. */
void wire_send(struct wire *wire, const struct line *line);

/* For what nobody waits for: it goes with the next line, or when the caller, who looks at
 * wire_due_ms() before he sleeps, flushes what is due. */
void wire_send_later(struct wire *wire, const struct line *line);

/* On the monotonic clock, INT64_MAX when nothing waits. */
int64_t wire_due_ms(const struct wire *wire);

/* Until wire_flush() wire_send() is wire_send_later(). */
void wire_hold(struct wire *wire);
void wire_flush(struct wire *wire);

#endif
