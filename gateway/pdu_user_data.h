/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TP-User-Data: the header and the text of a segment, 3GPP TS 23.040 §9.2.3.24. Written here and
 * not by libgammu, whose 1.42 ignores national tables, escapes '~' and splits no surrogates. */
#ifndef BINHYEN_GATEWAY_PDU_USER_DATA_H
#define BINHYEN_GATEWAY_PDU_USER_DATA_H

#include "gateway/line.h"
#include "gateway/pdu_gate.h"

/* Of a DELIVER that passed the gate, into text, coding and the fields of a long message.
 * *ret_has_port: it is meant for an application and not for a reader. */
void pdu_user_data_read(const uint8_t *pdu, const struct pdu_layout *layout,
	struct line_sms *ret_sms, bool *ret_has_port);

/* ret_ud has PDU_UD_MAX zeroes. ERR_INVALID, ERR_TOO_BIG: the text breaks the rules of sms_text.h.
 */
MUST_CHECK
enum err pdu_user_data_write(
	const struct line_send *send, uint8_t *ret_ud, uint8_t *ret_udl, size_t *ret_octets);

#endif
