/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other use of the program: playing a Zalo user, or giving orders, to a running sim-zalo. */
#ifndef BINHYEN_SIM_ZALO_CLIENT_H
#define BINHYEN_SIM_ZALO_CLIENT_H

#include "daemon/base/err.h"

#include <stdint.h>

/* One request to 127.0.0.1; `body` NULL = GET. *ret_answer is the caller's to free. ERR_REFUSED
 * with the answer set when the status is not 200. */
MUST_CHECK
enum err client_request(uint16_t control_port, const char *target, const char *body,
	char **ret_answer, struct errbuf *eb);

/* A user, or a member of a group (group not NULL), writes. */
MUST_CHECK
enum err client_write(uint16_t control_port, const char *user, const char *group, const char *name,
	const char *text, struct errbuf *eb);

/* Prints what users and groups have received and go on to receive, until sim-zalo ends. */
MUST_CHECK
enum err client_watch(uint16_t control_port, struct errbuf *eb);

#endif
