/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libgammu's message struct to and from the lines of line.h. Its includer has included gammu.h
 * before (only modem_gammu.c and pdu.c may). Everything in a received struct is hostile: libgammu
 * 1.42 fills it without bounds.
 */
#ifndef BINHYEN_GATEWAY_PDU_H
#define BINHYEN_GATEWAY_PDU_H

#include "gateway/line.h"

/*
 * A stored or direct message as `sms` or `report` line; mem and slot are left to the caller.
 * ERR_NOT_FOUND for what is neither (a draft, a sent copy). is_decoded false: libgammu gave up on
 * it, so the line says coding "8bit" and no text.
 */
MUST_CHECK
enum err pdu_to_line(const GSM_SMSMessage *sms, bool is_decoded, struct line *ret_line);

/* One segment as GSM_SendSMS takes it. smsc: big-endian UTF-16 as libgammu read it from the SIM.
 * ERR_INVALID, ERR_TOO_BIG: the segment breaks the rules of sms_text.h. */
MUST_CHECK
enum err pdu_from_send(const struct line_send *send, const unsigned char *smsc,
	GSM_SMSMessage *ret_sms, struct errbuf *eb);

/* TP-VP, relative format (3GPP TS 23.040 §9.2.3.12.1), rounded up; 0 minutes: the longest. */
unsigned char pdu_validity(int minutes);

#endif
