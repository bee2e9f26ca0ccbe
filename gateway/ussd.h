/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a network answers to a USSD code, out of the +CUSD line (3GPP TS 27.007 §7.15). Modules
 * write the text in whatever way they please: in the TE character set, as hex of UCS-2, of packed
 * septets or of octets, with a coding scheme that need not be true. Pure functions.
 */
#ifndef BINHYEN_GATEWAY_USSD_H
#define BINHYEN_GATEWAY_USSD_H

#include "gateway/line.h"

/* ERR_PROTOCOL when it is no +CUSD line. The text is always UTF-8; what cannot be understood comes
 * as it stood there. */
MUST_CHECK
enum err ussd_parse(const char *line, struct line_ussd *ret_ussd);

/* A dial string as hex: of UCS-2 (4 digits a character), or packed septets. hex holds
 * 4 x length + 1 bytes. */
void ussd_ucs2_hex(const char *code, char *hex);
void ussd_packed_hex(const char *code, char *hex);

#endif
