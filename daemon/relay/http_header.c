/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/http_header.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <curl/curl.h>

#define DATE_MIN_MS	   INT64_C(1420070400000) /* nothing that answers is older */
#define DATE_MAX_MS	   INT64_C(4102444800000)
#define RETRY_AFTER_MAX_MS DAY_MS /* who says more is tried anyway: it may be a slip */

int64_t http_header_number(const char *text)
{
	int64_t value;

	return text && !str_to_int64(text, 0, INT32_MAX, &value) ? value : -1;
}

int64_t http_header_date_ms(const char *text)
{
	time_t seconds = text ? curl_getdate(text, NULL) : -1;
	int64_t ms;

	if (seconds <= 0 || seconds > DATE_MAX_MS / SECOND_MS)
		return 0;
	ms = (int64_t)seconds * SECOND_MS;
	return ms < DATE_MIN_MS ? 0 : ms;
}

int64_t http_header_retry_after_ms(const char *text, int64_t now_ms)
{
	int64_t seconds = http_header_number(text), wait_ms;

	if (seconds >= 0) {
		wait_ms = seconds * SECOND_MS;
	} else {
		int64_t date_ms = http_header_date_ms(text);

		wait_ms = date_ms > now_ms ? date_ms - now_ms : 0;
	}
	return wait_ms < RETRY_AFTER_MAX_MS ? wait_ms : RETRY_AFTER_MAX_MS;
}
