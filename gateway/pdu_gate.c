/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/pdu_gate.h"

#include <string.h>

#define SCTS_OCTETS	  7
#define MTI_MASK	  0x03
#define MTI_DELIVER	  0x00
#define MTI_SUBMIT	  0x01
#define MTI_REPORT	  0x02
#define HAS_HEADER	  0x40
#define TYPE_ALPHA	  0x50
#define TYPE_MASK	  0x70
#define DCS_COMPRESSED	  0x20
#define DCS_HAS_CLASS	  0x10
#define REPORT_TAIL	  (2 * SCTS_OCTETS + 1) /* two times and the status */
#define DELIVER_TAIL	  (2 + SCTS_OCTETS + 1) /* PID, DCS, time, length of the user data */
#define ADDRESS_OCTETS(n) (2 + ((size_t)(n) + 1) / 2)

enum pdu_coding pdu_coding_of(uint8_t dcs, int *ret_class)
{
	unsigned group = dcs >> 4, alphabet = dcs >> 2 & 3;

	*ret_class = -1;
	if (group < 0x8) {
		if (dcs & DCS_HAS_CLASS)
			*ret_class = dcs & 3;
		if (dcs & DCS_COMPRESSED)
			return PDU_CODING_8BIT;
		return alphabet == 1   ? PDU_CODING_8BIT
		       : alphabet == 2 ? PDU_CODING_UCS2
				       : PDU_CODING_GSM7;
	}
	if (group == 0xe)
		return PDU_CODING_UCS2;
	if (group < 0xf) /* reserved: to be read as the default alphabet; waiting indications */
		return PDU_CODING_GSM7;
	*ret_class = dcs & 3;
	return dcs & 0x04 ? PDU_CODING_8BIT : PDU_CODING_GSM7;
}

static const char *gate_user_data(const uint8_t *pdu, size_t len, struct pdu_layout *l)
{
	size_t room = len - l->ud;

	l->ud_octets = l->coding == PDU_CODING_GSM7 ? (l->ud_units * 7 + 7) / 8 : l->ud_units;
	if (l->coding == PDU_CODING_GSM7 && l->ud_units > PDU_SEPTETS_MAX)
		return "more than 160 septets";
	if (l->ud_octets > PDU_UD_MAX)
		return "more than 140 octets of user data";
	if (l->ud_octets > room)
		return "user data is cut short";
	l->end = l->ud + l->ud_octets;
	if (!l->has_header)
		return NULL;
	if (!l->ud_octets)
		return "user data header without user data";
	l->header_octets = 1 + (size_t)pdu[l->ud];
	if (l->header_octets > l->ud_octets)
		return "user data header is longer than the user data";
	return NULL;
}

static const char *gate_deliver(const uint8_t *pdu, size_t len, size_t at, struct pdu_layout *l)
{
	int msg_class;

	if (len - at < DELIVER_TAIL)
		return "SMS-DELIVER is cut short";
	l->pid = pdu[at];
	l->dcs = pdu[at + 1];
	l->scts = at + 2;
	l->ud_units = pdu[l->scts + SCTS_OCTETS];
	l->ud = l->scts + SCTS_OCTETS + 1;
	l->coding = pdu_coding_of(l->dcs, &msg_class);
	return gate_user_data(pdu, len, l);
}

/* *ret_at: behind the address. */
static const char *gate_address(
	const uint8_t *pdu, size_t len, const struct pdu_layout *l, size_t *ret_at)
{
	size_t octets;

	if (len - l->address < 2)
		return "address is cut short";
	if (pdu[l->address] > PDU_ADDRESS_MAX)
		return "address of more than 20 digits";
	octets = ADDRESS_OCTETS(pdu[l->address]);
	if (octets > len - l->address)
		return "address is cut short";
	*ret_at = l->address + octets;
	return NULL;
}

const char *pdu_gate(const uint8_t *pdu, size_t len, struct pdu_layout *ret_layout)
{
	struct pdu_layout l = {0};
	const char *reason;
	unsigned type;
	size_t at;

	if (!len)
		return "empty";
	if (pdu[0] > PDU_SMSC_MAX)
		return "SMSC address of more than 12 octets";
	l.tpdu = 1 + (size_t)pdu[0];
	if (len < l.tpdu + 2)
		return "cut short before the address";
	if (len - l.tpdu > PDU_TPDU_MAX)
		return "TPDU of more than 164 octets";
	type = pdu[l.tpdu] & MTI_MASK;
	if (type == MTI_SUBMIT)
		return "not a received message";
	/* The reserved type is to be taken for a DELIVER (§9.2.3.1). */
	l.kind = type == MTI_REPORT ? PDU_KIND_REPORT : PDU_KIND_DELIVER;
	l.address = l.tpdu + (l.kind == PDU_KIND_REPORT ? 2 : 1);
	l.has_header = l.kind == PDU_KIND_DELIVER && pdu[l.tpdu] & HAS_HEADER;
	reason = gate_address(pdu, len, &l, &at);
	if (reason)
		return reason;
	if (l.kind == PDU_KIND_DELIVER) {
		reason = gate_deliver(pdu, len, at, &l);
	} else {
		l.scts = at;
		l.end = at + REPORT_TAIL;
		reason = len - at < REPORT_TAIL ? "SMS-STATUS-REPORT is cut short" : NULL;
	}
	if (!reason)
		*ret_layout = l;
	return reason;
}

void pdu_elements(const uint8_t *pdu, const struct pdu_layout *layout, pdu_element_fn fn, void *arg)
{
	const uint8_t *p = pdu + layout->ud + 1;
	size_t left = layout->header_octets ? layout->header_octets - 1 : 0;

	while (left >= 2) {
		size_t len = p[1];

		if (len > left - 2 || !fn(arg, p[0], p + 2, len))
			return;
		p += 2 + len;
		left -= 2 + len;
	}
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum err pdu_from_hex(const char *hex, uint8_t *ret_pdu, size_t max, size_t *ret_len)
{
	size_t len = strlen(hex);

	if (len % 2 || len / 2 > max)
		return ERR_INVALID;
	for (size_t i = 0; i < len / 2; i++) {
		int high = digit_of(hex[2 * i]), low = digit_of(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return ERR_INVALID;
		ret_pdu[i] = (uint8_t)(high << 4 | low);
	}
	*ret_len = len / 2;
	return ERR_OK;
}
