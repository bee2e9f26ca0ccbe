/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alphabets and segments of a text message (3GPP TS 23.038 §6.2.1, TS 23.040 §9.2.3.24). Pure
 * functions, shared by binhyen-modem, the daemon and its previews, so that what is computed is what
 * is sent.
 */
#ifndef BINHYEN_GATEWAY_SMS_TEXT_H
#define BINHYEN_GATEWAY_SMS_TEXT_H

#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum sms_coding { SMS_CODING_GSM7, SMS_CODING_UCS2 };

#define SMS_GSM7_SINGLE 160 /* septets in a message of its own */
#define SMS_GSM7_PART	153 /* with an 8-bit concatenation header; 152 with 16 bit */
#define SMS_UCS2_SINGLE 70  /* UTF-16 units */
#define SMS_UCS2_PART	67  /* 66 with 16 bit */
#define SMS_PARTS_MAX	39  /* own limit: about 6,000 GSM-7 or 2,600 UCS-2 characters */

/* Does the GSM-7 default alphabet with its extension table hold every character? */
bool sms_text_is_gsm7(const char *utf8);

/* What it takes to send: coding, length in septets or UTF-16 units, segments. ERR_INVALID (not
 * UTF-8), ERR_TOO_BIG. */
struct sms_size {
	enum sms_coding coding;
	int units;
	int segments;
};
MUST_CHECK
enum err sms_text_size(const char *utf8, struct sms_size *ret_size);

/*
 * Cuts into segments that are each valid UTF-8: an escape sequence of the extension table or a
 * surrogate pair is never split (8-bit concatenation reference). fn is called once a segment, in
 * order; `text` is borrowed for the call.
 */
typedef enum err (*sms_segment_fn)(void *arg, int seq, int total, const char *text);
MUST_CHECK
enum err sms_text_split(const char *utf8, sms_segment_fn fn, void *arg);

/* Canonical composition (NFC) with control characters other than newline removed (a tab becomes a
 * space); ERR_INVALID when not UTF-8. */
MUST_CHECK
enum err sms_text_normalize(const char *utf8, struct buf *out);

/* Vietnamese without marks, and anything else outside GSM-7 by its nearest letters or '?': always
 * GSM-7 afterwards. */
MUST_CHECK
enum err sms_text_unaccent(const char *utf8, struct buf *out);

/*
 * The text as a lane sends it: as written when that takes at most `max_segments`, else unaccented.
 * The one function that previews use too.
 */
MUST_CHECK
enum err sms_text_fit(
	const char *utf8, int max_segments, struct buf *out, struct sms_size *ret_size);

/*
 * A phone number in any habit ("0900 001 234", "84900001234", "+84-900...", "0084...") to E.164
 * with '+' ("+84900001234"); a national number is Vietnamese. ERR_INVALID when it is no ordinary
 * number: a word, a short code, an emergency number.
 */
#define MSISDN_BYTES 20
MUST_CHECK
enum err msisdn_normalize(const char *number, char ret_msisdn[MSISDN_BYTES]);

#endif
