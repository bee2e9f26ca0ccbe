/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GSM 7 bit text as it lies in a PDU: packing (3GPP TS 23.038 §6.1.2), the default alphabet with
 * its extension (§6.2.1) and the national language tables (Annex A). libgammu 1.42 ignores national
 * tables, and its string functions end at '@' (0x00).
 */
#ifndef BINHYEN_GATEWAY_SEPTETS_H
#define BINHYEN_GATEWAY_SEPTETS_H

#include "daemon/base/err.h"

#include <stdint.h>

/* National Language Identifier, 3GPP TS 23.038 §6.2.1.2.4: 1 to 13. Others do not exist and are
 * read with the default alphabet, as TS 23.040 §9.2.3.24.15 wants. */
enum { SEPTETS_DEFAULT = 0, SEPTETS_TURKISH = 1, SEPTETS_SPANISH = 2, SEPTETS_PORTUGUESE = 3 };

/* The first septet lies `bits` bits behind the first of `packed`, which holds all of them. */
void septets_unpack(const uint8_t *packed, size_t bits, size_t count, uint8_t *ret_septets);

/* Or-s into `packed`, which has room and zeroes. */
void septets_pack(const uint8_t *septets, size_t count, size_t bits, uint8_t *packed);

/* Whole characters as far as they fit; always terminated. A form feed is left out. */
void septets_to_utf8(const uint8_t *septets, size_t count, int locking, int single, char *utf8,
	size_t utf8_bytes);

/* Default alphabet with extension. utf8 has to be valid. ERR_INVALID when it lacks a character,
 * ERR_TOO_BIG. */
MUST_CHECK
enum err septets_from_utf8(
	const char *utf8, uint8_t *septets, size_t max_septets, size_t *ret_count);

#endif
