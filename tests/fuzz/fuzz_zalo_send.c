/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sending reads of others. The first byte chooses: an answer of either host to a send; the
 * X-RateLimit headers of a series of answers; a text that has to be cut into pieces.
 */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/relay/zalo_codes.h"
#include "daemon/relay/zalo_rate.h"
#include "daemon/relay/zalo_rows.h"
#include "daemon/relay/zalo_step.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_answer(enum zalo_api api, const char *text, size_t len)
{
	struct zalo_answer answer = {.api = api, .status = 200, .may_have_left = true};
	char message_id[ZALO_MESSAGE_ID];
	struct send_outcome outcome;
	struct zalo_gif_size gif;

	zalo_answer_parse(&answer, text, len);
	zalo_send_classify(&answer, 1, 0, message_id, sizeof(message_id), &outcome);
	CHECK((outcome.result == SEND_SENT) == zalo_answer_is(&answer, ZALO_DONE));
	CHECK(outcome.result == SEND_SENT || (outcome.err != ERR_OK && outcome.note));
	CHECK(outcome.retry_after_ms >= 0 && outcome.retry_after_ms <= 2 * DAY_MS);
	CHECK(!outcome.external_id || outcome.external_id[0]);
	if (!zalo_gif_size(text, len, &gif))
		CHECK(gif.width <= UINT16_MAX && gif.height <= UINT16_MAX);
	zalo_answer_done(&answer);
}

/* A line an answer: "limit remain milliseconds". Whatever they say, there is never more room than
 * the limit, and never none for longer than a minute and a bit. */
static void read_headers(char *lines)
{
	struct zalo_rate rate;
	struct rng rng;
	int64_t now_ms = INT64_C(1700000000000);
	char *rest = lines, *line;

	rng_init(&rng, 1);
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	while ((line = strsep(&rest, "\n"))) {
		const char *limit_text = strsep(&line, " "), *remain_text = strsep(&line, " ");
		int64_t limit = -1, remain = -1, step = 1;

		if (str_to_int64(limit_text, 0, INT32_MAX, &limit))
			limit = -1;
		if (!remain_text || str_to_int64(remain_text, 0, INT32_MAX, &remain))
			remain = -1;
		if (!line || str_to_int64(line, -HOUR_MS, HOUR_MS, &step))
			step = 1;
		now_ms += step;
		(void)zalo_rate_take(&rate, now_ms, (enum zalo_use)(limit & 3));
		zalo_rate_told(&rate, now_ms, limit, remain);
		if (remain == 7)
			zalo_rate_refused(&rate, now_ms, &rng);
		for (int use = ZALO_USE_POLL; use <= ZALO_USE_WALK; use++) {
			int room = zalo_rate_room(&rate, now_ms, (enum zalo_use)use);
			int64_t next_ms = zalo_rate_next_ms(&rate, now_ms, (enum zalo_use)use);

			CHECK(room >= 0 && room <= rate.limit && rate.limit <= ZALO_RATE_MOST);
			CHECK(room || (next_ms > now_ms && next_ms <= now_ms + 2 * MINUTE_MS));
		}
	}
}

static void cut(const char *text)
{
	struct enclosure file = {ENCLOSURE_FILE, "a.pdf", "h", 1};
	struct outbox_piece gone = {0};
	struct zalo_step step;
	int count = 0;

	while (!zalo_step_next(CHANNEL_ZALO_GROUP, text, &file, &gone, &step)) {
		struct buf body;

		buf_init(&body, 16 * OUTBOX_BODY_MAX);
		CHECK(str_is_utf8(buf_text(&step.text), step.text.len));
		CHECK(!strstr(buf_text(&step.text), "[@"));
		CHECK(step.piece.end_at > gone.end_at || step.is_last);
		CHECK(!zalo_step_body(CHANNEL_ZALO_GROUP, "1", &step, &file, NULL, &body));
		gone = step.piece;
		zalo_step_done(&step);
		buf_wipe(&body);
		CHECK(++count <= ZALO_STEPS_MAX);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = malloc(size);
	CHECK(text);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	if (data[0] == 'h')
		read_headers(text);
	else if (data[0] == 't' && size <= OUTBOX_BODY_MAX)
		cut(text);
	else
		read_answer(data[0] == 'z' ? ZALO_API_ZNS : ZALO_API_OA, text, size - 1);
	free(text);
	return 0;
}
