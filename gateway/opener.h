/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child process that opens one device, and nothing else, for a worker that may open nothing. It
 * is told the path once, before either of them has seen a byte from outside; a request has no
 * content. It ends with the worker.
 *
 * From opener_start() on, open(2) of that very path asks it. The function takes the place of the C
 * library's for the whole process, as libgammu opens the tty by itself.
 */
#ifndef BINHYEN_GATEWAY_OPENER_H
#define BINHYEN_GATEWAY_OPENER_H

#include "gateway/sandbox.h"

/* Once, by a process with one thread, before it enters its own sandbox. `device` is borrowed for
 * ever. On error there is no child. */
MUST_CHECK
enum err opener_start(const char *device, enum sandbox_mode mode, struct errbuf *eb);

/* Read-write, non-blocking, close-on-exec, not the controlling terminal. -1 with errno, ENOTTY when
 * it is no character device. An opener that is gone ends the process. */
MUST_CHECK
int opener_open(void);

#endif
