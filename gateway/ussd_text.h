/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a network answered to a USSD code. Modules and libgammu hand the text over in whatever way
 * they please: as it is, or as hex of UCS-2, of packed septets or of octets, with a coding scheme
 * that need not be true. So the text itself is looked at. Shared by both processes; pure functions.
 */
#ifndef BINHYEN_GATEWAY_USSD_TEXT_H
#define BINHYEN_GATEWAY_USSD_TEXT_H

#include <stddef.h>

#define USSD_TEXT_BYTES	 1024
#define USSD_DCS_UNKNOWN -1

/*
 * dcs: as it stood behind the text (3GPP TS 23.038 §5). The text is always UTF-8 without control
 * characters but newlines; what cannot be understood comes as it stood there. *ret_coding: how it
 * was understood, "plain" "ucs2" "gsm7" "8bit".
 */
void ussd_text_decode(
	const char *raw, size_t len, int dcs, char text[USSD_TEXT_BYTES], const char **ret_coding);

/* As it is, each octet a character where it is no UTF-8. */
void ussd_text_keep(const char *raw, size_t len, char text[USSD_TEXT_BYTES]);

#endif
