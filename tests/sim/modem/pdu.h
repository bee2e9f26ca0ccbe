/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulator's own codec of SMS TPDUs (3GPP TS 23.040 §9.2, alphabets of TS 23.038). It shares
 * no line with gateway/ nor with libgammu, so that it is an outside check of both. Bounded for any
 * input; a PDU is always the form of TS 27.005: service centre address first, then the TPDU.
 */
#ifndef BINHYEN_TESTS_SIM_MODEM_PDU_H
#define BINHYEN_TESTS_SIM_MODEM_PDU_H

#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define PDU_MAX_BYTES	     200 /* 12 of the service centre, 164 of the longest TPDU, some for faults */
#define PDU_UD_BYTES	     140
#define PDU_TEXT_BYTES	     640 /* 160 characters of at most 4 bytes */
#define PDU_ADDRESS_BYTES    48
#define PDU_UNITS_MAX	     10240 /* of one long text: 39 segments of 160 with room for 60 */
#define PDU_VIETNAM_QUARTERS 28	   /* UTC+7 */

enum pdu_coding { PDU_GSM7, PDU_8BIT, PDU_UCS2 };

struct pdu_concat {
	int bits; /* 8 or 16; 0: not part of a set */
	int ref, total, seq;
};

/* Text as the alphabet counts it: septets (an escape is two), octets or UTF-16 units. */
struct pdu_units {
	enum pdu_coding coding;
	size_t count;
	uint16_t unit[PDU_UNITS_MAX];
};

struct pdu_body {
	enum pdu_coding coding;
	int msg_class; /* 0..3, -1 none */
	struct pdu_concat concat;
	const uint16_t *unit; /* borrowed */
	size_t count;
};

/* What a decoder found; which fields are filled depends on the type. */
struct pdu_message {
	char smsc[PDU_ADDRESS_BYTES];
	char address[PDU_ADDRESS_BYTES]; /* sender of a deliver, recipient of the others */
	int pid, dcs, mr, status;
	bool wants_report, has_header;
	enum pdu_coding coding;
	int msg_class;
	struct pdu_concat concat;
	int validity_min; /* relative format only, -1 otherwise */
	int64_t scts_ms, done_ms;
	char text[PDU_TEXT_BYTES]; /* UTF-8; of 8-bit data: hex */
};

/* UTF-8 to units; ERR_INVALID (not UTF-8, or a character that the alphabet lacks), ERR_TOO_BIG. */
MUST_CHECK
enum err pdu_units_from(const char *utf8, enum pdu_coding coding, struct pdu_units *ret_units);
bool pdu_is_gsm7(const char *utf8);

/* Most units that fit one segment, and how many of unit[0..count) to take without cutting an
 * escape sequence or a surrogate pair. */
size_t pdu_segment_units(enum pdu_coding coding, int concat_bits);
size_t pdu_segment_cut(const uint16_t *unit, size_t count, enum pdu_coding coding, size_t limit);

/* Units back to UTF-8 (lone surrogates become U+FFFD). ERR_TOO_BIG. */
MUST_CHECK
enum err pdu_units_text(
	const uint16_t *unit, size_t count, enum pdu_coding coding, char *text, size_t text_bytes);

/* Septets packed behind `fill` bits (0..6) and back. `out` must hold (7 * count + fill + 7) / 8. */
size_t pdu_pack(const uint16_t *septet, size_t count, unsigned fill, uint8_t *out);
void pdu_unpack(const uint8_t *octets, size_t octets_len, unsigned skip_bits, size_t count,
	uint16_t *septet);

MUST_CHECK
enum err pdu_encode_deliver(const char *smsc, const char *from, int64_t scts_ms,
	const struct pdu_body *body, uint8_t pdu[PDU_MAX_BYTES], size_t *ret_len);
MUST_CHECK
enum err pdu_encode_submit(const char *to, bool wants_report, const struct pdu_body *body,
	uint8_t pdu[PDU_MAX_BYTES], size_t *ret_len);
MUST_CHECK
enum err pdu_encode_report(const char *smsc, const char *to, int mr, int64_t scts_ms,
	int64_t done_ms, int status, uint8_t pdu[PDU_MAX_BYTES], size_t *ret_len);

MUST_CHECK
enum err pdu_decode_submit(const uint8_t *pdu, size_t len, struct pdu_message *ret_message);
/* A deliver or a status report, told apart by the message type. */
MUST_CHECK
enum err pdu_decode_received(
	const uint8_t *pdu, size_t len, struct pdu_message *ret_message, bool *ret_is_report);

/* Octets of the TPDU alone, the number that +CMGR and +CMGS speak of. */
size_t pdu_tpdu_bytes(const uint8_t *pdu, size_t len);

void pdu_to_hex(const uint8_t *data, size_t len, char *hex); /* 2 * len + 1, upper case */
/* ERR_INVALID: odd or not hexadecimal; ERR_TOO_BIG. */
MUST_CHECK
enum err pdu_from_hex(
	const char *hex, size_t hex_len, uint8_t *data, size_t data_bytes, size_t *ret_len);

#endif
