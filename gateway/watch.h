/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bound on calls that block. libgammu waits up to 500 s for an answer, also from a device that is
 * gone and for a daemon that is. Twice a second while a call lasts a signal handler looks: the tty
 * has hung up, or the time is over: the call is aborted; the daemon's end of the line is closed:
 * the process ends at once. One call, one thread, one process.
 */
#ifndef BINHYEN_GATEWAY_WATCH_H
#define BINHYEN_GATEWAY_WATCH_H

/* The descriptor of the daemon's line, -1 none. */
void watch_line(int fd);

/* From now on; tty may be -1. abort_call(arg) runs in a signal handler, perhaps repeatedly. */
void watch_start(int tty, int limit_s, void (*abort_call)(void *arg), void *arg);
void watch_stop(void);

#endif
