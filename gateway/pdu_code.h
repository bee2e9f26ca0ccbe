/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw PDUs to and from the lines of line.h, for the driver that talks to the tty itself. Behind the
 * gate libgammu's codec reads and writes what stands around the text; the text itself is read and
 * written here, for libgammu 1.42 ignores national tables, escapes '~' and splits no surrogates.
 */
#ifndef BINHYEN_GATEWAY_PDU_CODE_H
#define BINHYEN_GATEWAY_PDU_CODE_H

#include "gateway/line.h"
#include "gateway/pdu_gate.h"

/*
 * A stored or direct message as `sms` or `report` line; mem and slot are left to the caller. Data
 * that is no text comes as coding "8bit" with its octets in hex.
 * ERR_PROTOCOL: poison, to be put aside unread; *ret_reason says why.
 */
MUST_CHECK
enum err pdu_decode(const uint8_t *pdu, size_t len, struct line *ret_line, const char **ret_reason);

/*
 * One segment as SMS-SUBMIT behind an empty SMSC address, so that the one of the SIM is taken;
 * ret_pdu has PDU_OCTETS_MAX. ERR_INVALID, ERR_TOO_BIG: it breaks the rules of sms_text.h.
 */
MUST_CHECK
enum err pdu_encode(
	const struct line_send *send, uint8_t *ret_pdu, size_t *ret_len, struct errbuf *eb);

#endif
