/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How gateways write what they bring: character sets, times, kinds of reports. Pure functions. */
#ifndef BINHYEN_RELAY_HTTP_SMS_TEXT_H
#define BINHYEN_RELAY_HTTP_SMS_TEXT_H

#include "daemon/base/buf.h"
#include "store/outbox.h"

/*
 * A text of a resident to UTF-8, whatever it is: UTF-16 (big endian unless it says otherwise) and
 * ISO 8859-1 by the name of their charset, all else is taken as UTF-8. What does not fit becomes
 * U+FFFD, since a report must not be lost for a bad byte. ERR_TOO_BIG, ERR_NOMEM.
 */
MUST_CHECK
enum err http_sms_decode(const char *text, size_t bytes, const char *charset, struct buf *out);

/* "2026-11-22 07:05:09" (UTC, as Kannel's %t), with T or an offset likewise, or seconds or
 * milliseconds since 1970; 0 when it is neither. */
int64_t http_sms_time_ms(const char *text);

/* Kannel's %d (1 2 4 8 16), or a word as "delivered"; ERR_INVALID. */
MUST_CHECK
enum err http_sms_status_of(const char *text, enum outbox_told *ret_told);

#endif
