/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tty of a modem: one command at a time, each with a deadline that holds. Whatever comes by
 * itself meanwhile goes to the talk's ops.
 */
#ifndef BINHYEN_GATEWAY_AT_LINE_H
#define BINHYEN_GATEWAY_AT_LINE_H

#include "daemon/base/err.h"
#include "gateway/at_talk.h"

#include <stdint.h>

struct at_line {
	int fd;		      /* -1 closed */
	int64_t timed_out_ms; /* when a command last had no answer (monotonic); 0 never */
	struct at_talk talk;
};

void at_line_init(struct at_line *line, const struct at_talk_ops *ops, void *arg);

/* Raw, 115200 baud, for nobody else (TIOCEXCL and flock). ERR_UNREACHABLE: not there; ERR_BUSY:
 * another program has it. The ring of lines outlives a close. */
MUST_CHECK
enum err at_line_open(struct at_line *line, const char *device, struct errbuf *eb);
void at_line_close(struct at_line *line);

/* ERR_OK: *ret_result has the final code. ERR_TIMEOUT, ERR_UNREACHABLE. */
MUST_CHECK
enum err at_line_command(
	struct at_line *line, const struct at_request *request, struct at_result *ret_result);

/* Bytes as they are. */
MUST_CHECK
enum err at_line_write(struct at_line *line, const char *bytes, size_t len);

/* Takes what is there within wait_ms, 0 without waiting. */
MUST_CHECK
enum err at_line_pump(struct at_line *line, int wait_ms);

#endif
