/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of the modem process: connect, serve, reconnect, until the daemon says quit or is gone.
 */
#ifndef BINHYEN_GATEWAY_SESSION_H
#define BINHYEN_GATEWAY_SESSION_H

#include "gateway/modem.h"

struct session_config {
	const char *name; /* for the log */
	int in_fd, out_fd;
	int64_t poll_ms;	 /* between two listings without an indication */
	int64_t send_timeout_ms; /* for the network's answer to a segment */
};

/*
 * Returns the exit status of the process. The modems stay the caller's. raw, if not NULL, is a
 * driver for the same device that is served first, until it has put aside what poison lies in the
 * slots: then or when it cannot connect it is `modem`'s turn.
 */
int session_run(const struct session_config *config, struct modem *modem, struct modem *raw);

#endif
