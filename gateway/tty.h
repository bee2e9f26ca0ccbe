/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modem's tty beside libgammu: it opened the descriptor and keeps it to itself. */
#ifndef BINHYEN_GATEWAY_TTY_H
#define BINHYEN_GATEWAY_TTY_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* The descriptor of this process that is open on `device`, -1 when there is none. Without it one
 * would have to look for input 20 times a second. */
int tty_find_fd(const char *device);

/* ERR_UNSUPPORTED for fd -1, ERR_UNREACHABLE when the device is gone. */
MUST_CHECK
enum err tty_write(int fd, const char *command);

/*
 * Command and its final OK (ERR_OK) or ERROR (ERR_MODEM); ERR_TIMEOUT, ERR_PROTOCOL (more than
 * fits). While libgammu waits for nothing only. `text` has all that was said, the final code with
 * it. *ret_has_lost is set when an indication came in between: it is swallowed.
 */
MUST_CHECK
enum err tty_ask(
	int fd, const char *command, int wait_ms, char *text, size_t bytes, bool *ret_has_lost);

#endif
