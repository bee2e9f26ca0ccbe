/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line to the daemon: whole lines in and out of the socket on fd 3. */
#ifndef BINHYEN_GATEWAY_WIRE_H
#define BINHYEN_GATEWAY_WIRE_H

#include "gateway/line.h"

struct wire {
	int in_fd, out_fd;
	struct buf in, out;
	size_t parsed;	  /* bytes of `in` already handed out */
	bool is_skipping; /* in the middle of a line that is too long */
	bool is_closed;	  /* the other end is gone */
	int64_t noise;	  /* lines that did not parse */
};

void wire_init(struct wire *wire, int in_fd, int out_fd);
void wire_done(struct wire *wire);

/* Takes what is there; is_closed when that was the end. */
void wire_fill(struct wire *wire);

/* The next whole line that parses, false when there is none. */
bool wire_next(struct wire *wire, struct line *ret_line);

/* Blocks while the other end does not read: it has to. is_closed when it is gone. */
void wire_send(struct wire *wire, const struct line *line);

#endif
