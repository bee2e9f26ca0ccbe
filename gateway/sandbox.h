/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What binhyen-modem gives up before it reads the first byte from a modem: strangers choose those
 * bytes, and the library that decodes them does not bound them. Entered once, never left.
 *
 * Two processes enter it. The worker holds the conversation with modem and daemon and can open
 * nothing at all, its own tty included; the opener (gateway/opener.h) reads no byte from anyone and
 * does nothing but open that one tty for it, also after it was unplugged and came back as another
 * node.
 *
 *   system calls  an allow-list (seccomp). What no correct program of this kind ever tries (a new
 *                 program or process, the network, other processes, the kernel) ends the process
 *                 with SIGSYS; anything else not listed fails with EPERM, since the C library tries
 *                 things and goes on without them (message catalogues, time zones, charsets)
 *   files         a Landlock domain without any file for the worker and with /dev for the opener;
 *                 TCP, abstract sockets and signals to others where the kernel's ABI knows them
 *   rights        no new privileges, no capabilities, not dumpable. The user is the starter's: the
 *                 unit's, which owns nothing but the database that no system call here can open
 *   limits        memory, descriptors, processes, size of files, core dumps. Processor time is the
 *                 daemon's to watch: a limit of the kernel counts it over all the years
 *
 * A kernel without Landlock or seccomp gets the rest, and the log says what is missing.
 */
#ifndef BINHYEN_GATEWAY_SANDBOX_H
#define BINHYEN_GATEWAY_SANDBOX_H

#include "daemon/base/err.h"

#include <stdbool.h>

/* Five times what the process maps in all (15 MB, of which 5 MB are resident). */
#define SANDBOX_MEMORY_BYTES (64L * 1024 * 1024)
/* The three of every process, the line, the opener, the tty; and two while one replaces another. */
#define SANDBOX_FDS 32

enum sandbox_role { SANDBOX_WORKER, SANDBOX_OPENER };

/* REDUCED is for tools that live in the process (sanitizers, valgrind): they read files, start
 * symbolizers, map code and much memory. The network, writing files and the kernel stay closed. */
enum sandbox_mode { SANDBOX_FULL, SANDBOX_REDUCED };

struct sandbox {
	enum sandbox_mode mode; /* builds with a sanitizer are always reduced */
	bool has_seccomp;
	int landlock_abi; /* 0: the kernel has none */
};

/*
 * For the calling process, which has one thread. ERR_DENIED or ERR_NOMEM when the kernel has what
 * it takes and refuses: the caller had better not go on. Standard error and the line stay usable;
 * whatever reads a file (locale, time zone, random seed) has to have done so.
 */
MUST_CHECK
enum err sandbox_enter(enum sandbox_role role, enum sandbox_mode mode, struct sandbox *ret_sandbox,
	struct errbuf *eb);

#endif
