/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of reply headers (RFC 9110), which whoever answers may have made up: what is out of bounds
 * is as good as absent. Pure functions; NULL is an absent header. */
#ifndef BINHYEN_RELAY_HTTP_HEADER_H
#define BINHYEN_RELAY_HTTP_HEADER_H

#include <stdint.h>

/* X-RateLimit-Limit and the like: 0..INT32_MAX; -1 none. */
int64_t http_header_number(const char *text);
/* Date, in any of the three forms of §5.6.7: UTC ms between 2015 and 2100; 0 none. */
int64_t http_header_date_ms(const char *text);
/* Retry-After, in seconds or as a date: ms from now_ms on, at most a day; 0 none, or over. */
int64_t http_header_retry_after_ms(const char *text, int64_t now_ms);

#endif
