/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message as a modem shows it by +CMGL or +CMGR in PDU mode (3GPP TS 27.005 §3.4.2, §3.4.3),
 * and the line that it becomes: what the gate lets through is decoded, everything else stays raw.
 */
#ifndef BINHYEN_GATEWAY_SHOWN_H
#define BINHYEN_GATEWAY_SHOWN_H

#include "gateway/line.h"

#define SHOWN_HEX_BYTES 1024 /* as long a line as the reader gives */

struct shown {
	int slot;	  /* -1: no header seen */
	int stat, octets; /* -1: the header does not say */
	char hex[SHOWN_HEX_BYTES];
};

/* "+CMGL: <index>,<stat>,[<alpha>],<length>"; +CMGR has no index, and leaves the slot as it is. */
void shown_header(struct shown *shown, const char *line, bool has_index);
void shown_pdu(struct shown *shown, const char *line);

/* False: it may have been garbled on the way; read it again. */
bool shown_is_whole(const struct shown *shown);

/* `sms`, `report` or, with all that was read, `poison`. */
void shown_to_line(const struct shown *shown, const char *mem, struct line *ret_line);

/* What is no PDU for us, as a `poison` line. `pdu` may be anything. */
void shown_poison(
	const char *pdu, const char *mem, int slot, const char *reason, struct line *ret_line);

#endif
