/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers of a series of replies, a line each, as anybody in between may have written them:
 * what they are read for, and what is made of it.
 */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/relay/http_header.h"
#include "daemon/relay/media_url.h"
#include "daemon/relay/zalo_rate.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void follow(const char *location)
{
	static const struct config_media config = {
		.hosts = "zdn.vn zadn.vn", .url = "http://127.0.0.1:1/media"};
	bool is_public = false;
	struct buf url;

	buf_init(&url, ATTACHMENT_URL_MAX + 8);
	if (!media_url(&config, "https://f1.zdn.vn/a/b", location, false, &url, &is_public))
		CHECK(url.len && (!is_public || str_starts(buf_text(&url), "https://")));
	else
		CHECK(url.len == 0);
	buf_done(&url);
}

static const char *value_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(line, name, len) == 0 && line[len] == ':' ? line + len + 1 : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zalo_rate rate;
	char *text = strndup((const char *)data, size), *rest = text, *line;
	int64_t now_ms = INT64_C(1700000000000), limit = -1;

	CHECK(text);
	zalo_rate_init(&rate, 4000);
	while ((line = strsep(&rest, "\n"))) {
		const char *value = strchr(line, ':');
		int64_t number, date_ms, wait_ms;

		value = value ? value + 1 + strspn(value + 1, " \t") : line;
		number = http_header_number(value);
		date_ms = http_header_date_ms(value);
		wait_ms = http_header_retry_after_ms(value, now_ms);
		CHECK(number >= -1 && number <= INT32_MAX);
		CHECK(date_ms == 0 || (date_ms > INT64_C(1400000000000) && date_ms % 1000 == 0));
		CHECK(wait_ms >= 0 && wait_ms <= DAY_MS);
		CHECK(number < 0 || number > 86400 || wait_ms == number * SECOND_MS);
		if (value_of(line, "X-RateLimit-Limit"))
			limit = number;
		if (value_of(line, "X-RateLimit-Remain"))
			zalo_rate_told(&rate, now_ms, limit, number);
		CHECK(rate.limit >= 1 && rate.limit <= 4000);
		CHECK(zalo_rate_closed_ms(&rate, now_ms) <= 2 * MINUTE_MS);
		follow(value);
		now_ms += 100;
	}
	free(text);
	return 0;
}
