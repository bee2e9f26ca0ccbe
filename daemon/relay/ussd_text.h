/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a +CUSD reply says. Modems and libgammu hand over the text as it is, or as hex of UCS-2, of
 * packed GSM-7 or of octets, and do not say reliably which: so the text itself is looked at, and
 * the raw one is always kept beside it. Bounded for any input.
 */
#ifndef BINHYEN_RELAY_USSD_TEXT_H
#define BINHYEN_RELAY_USSD_TEXT_H

#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* How it was understood: "plain", "ucs2", "gsm7", "8bit". Appends UTF-8 without control characters
 * but newlines. */
MUST_CHECK
enum err ussd_text_decode(const char *raw, struct buf *out, const char **ret_coding);

/* The first amount of money in đồng ("25.000d", "25,000 VND"); false when there is none. */
bool ussd_text_amount(const char *text, int64_t *ret_dong);

#endif
