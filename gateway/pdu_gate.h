/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bounds check on a received PDU, before any decoder sees it: 3GPP TS 23.040 §9.2.2 and §9.2.3.
 * libgammu 1.42 trusts every length it finds, and a message that kills the reader stays on the SIM.
 * Pure functions over bytes.
 */
#ifndef BINHYEN_GATEWAY_PDU_GATE_H
#define BINHYEN_GATEWAY_PDU_GATE_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define PDU_SMSC_MAX	12 /* octets behind its length: type and at most 20 digits, and one spare */
#define PDU_TPDU_MAX	164 /* the longest SMS-SUBMIT; a DELIVER has 163 */
#define PDU_OCTETS_MAX	(1 + PDU_SMSC_MAX + PDU_TPDU_MAX)
#define PDU_UD_MAX	140
#define PDU_SEPTETS_MAX 160
#define PDU_ADDRESS_MAX 20 /* digits */

enum pdu_kind { PDU_KIND_DELIVER, PDU_KIND_REPORT };
enum pdu_coding { PDU_CODING_GSM7, PDU_CODING_8BIT, PDU_CODING_UCS2 };

/* Where things lie in a PDU that passed; offsets from its first octet, that of the SMSC's length.
 * Below `scts` only a DELIVER has anything. */
struct pdu_layout {
	enum pdu_kind kind;
	size_t tpdu;	/* the first octet of the TPDU */
	size_t address; /* its length octet */
	size_t scts;
	size_t end; /* behind the last octet that belongs to it */
	uint8_t pid, dcs;
	enum pdu_coding coding;
	bool has_header;
	size_t header_octets; /* of the user data header with its length octet; 0 none */
	size_t ud;	      /* the user data, header first */
	size_t ud_units;      /* TP-UDL: septets or octets, header included */
	size_t ud_octets;
};

/* NULL: it passed and *ret_layout is filled. Otherwise why not, a few words for the log. */
const char *pdu_gate(const uint8_t *pdu, size_t len, struct pdu_layout *ret_layout);

/* TP-DCS, 3GPP TS 23.038 §4; compressed text counts as 8 bit, for nobody writes it. *ret_class -1
 * for none. */
enum pdu_coding pdu_coding_of(uint8_t dcs, int *ret_class);

/* Calls fn for each information element of the header until it returns false. An element that
 * claims more than the header has ends the walk. */
typedef bool (*pdu_element_fn)(void *arg, uint8_t id, const uint8_t *data, size_t len);
void pdu_elements(
	const uint8_t *pdu, const struct pdu_layout *layout, pdu_element_fn fn, void *arg);

/* Hex digits of either case; ERR_INVALID for an odd number, another character or more than fits. */
MUST_CHECK
enum err pdu_from_hex(const char *hex, uint8_t *ret_pdu, size_t max, size_t *ret_len);

#endif
