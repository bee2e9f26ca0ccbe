/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reply of the Zalo API, read in every way in which the daemon reads one. */
#include "daemon/base/str.h"
#include "daemon/relay/zalo_codes.h"
#include "daemon/relay/zalo_rows.h"
#include "daemon/relay/zalo_text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore_bad(void *arg, const json_t *json)
{
	size_t *count = arg;

	CHECK(json != NULL);
	(*count)++;
}

static void check_row(const struct zalo_row *row)
{
	CHECK(row->message_id[0] && row->from_id[0] && row->time_ms > 0 && row->json);
	CHECK(str_is_utf8(row->text, strlen(row->text)));
	CHECK(zalo_text_equal(row->text, row->text) || strlen(row->text) > OUTBOX_BODY_MAX);
}

static void read_rows(const json_t *page)
{
	struct zalo_rows *rows = calloc(1, sizeof(*rows));
	size_t bad = 0, on_page = 0;
	enum err err;

	CHECK(rows);
	err = zalo_rows_add(rows, page, ignore_bad, &bad, &on_page);
	CHECK(err || rows->count + bad == on_page);
	/* The same page once more, as when the list shifts between two calls. */
	if (!err && rows->count + on_page <= ZALO_ROWS_MAX)
		CHECK(!zalo_rows_add(rows, page, ignore_bad, &bad, &on_page));
	zalo_rows_sort(rows);
	CHECK(rows->count <= on_page || err);
	for (size_t i = 0; i < rows->count; i++) {
		check_row(&rows->row[i]);
		CHECK(!i || rows->row[i - 1].time_ms <= rows->row[i].time_ms);
	}
	zalo_rows_clear(rows);
	free(rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zalo_answer answer = {.status = 200, .may_have_left = true};
	char message_id[ZALO_MESSAGE_ID];
	struct send_outcome outcome;
	struct zalo_pair pair;
	int64_t code;

	zalo_answer_parse(&answer, (const char *)data, size);
	zalo_send_classify(&answer, 1, 0, message_id, sizeof(message_id), &outcome);
	CHECK(outcome.result == SEND_SENT ? answer.code == 0 : outcome.err != ERR_OK);
	CHECK(outcome.external_id == NULL || outcome.external_id == message_id);
	if (zalo_grant_classify(answer.status, answer.root, &pair, &code) == ZALO_GRANT_PAIR)
		CHECK(pair.access[0] && pair.refresh[0] && pair.life_s > 0 && code == 0);
	read_rows(answer.data);
	zalo_answer_done(&answer);
	return 0;
}
