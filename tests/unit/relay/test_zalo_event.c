/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message holds, from a list and from a webhook, and how a webhook proves itself. */
#include "daemon/base/str.h"
#include "daemon/relay/zalo_content.h"
#include "daemon/relay/zalo_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static json_t *load(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(zalo_json_load(text, strlen(text), &json), ERR_OK);
	return json;
}

static void assert_words(const struct zalo_content *content, const char *expected)
{
	struct buf out;

	buf_init(&out, 4096);
	assert_int_equal(zalo_content_words(content, &out), ERR_OK);
	assert_string_equal(buf_text(&out), expected);
	buf_done(&out);
}

static void row_is(const char *text, size_t items, const char *words)
{
	struct zalo_content content;
	json_t *json = load(text);

	zalo_content_of_row(json, &content);
	assert_int_equal(content.item_count, items);
	assert_words(&content, words);
	json_decref(json);
}

static void test_rows(void **state)
{
	(void)state;
	row_is("{\"type\":\"text\",\"message\":\"cháy\"}", 0, "cháy");
	row_is("{\"message\":\"cháy\"}", 0, "cháy");
	row_is("{\"type\":\"photo\",\"message\":\"\",\"description\":\"xem\",\"url\":\"u\"}", 1,
		"xem");
	row_is("{\"type\":\"location\",\"location\":\"{\\\"latitude\\\":10.5,\\\"longitude\\\":\\\"106.1\\\"}\"}",
		0, "Vị trí trên bản đồ: 10.500000, 106.1");
	row_is("{\"type\":\"location\",\"location\":{\"latitude\":\"1\",\"longitude\":\"2\"}}", 0,
		"Vị trí trên bản đồ: 1, 2");
	row_is("{\"type\":\"location\",\"location\":\"gần chợ\"}", 0,
		"Vị trí trên bản đồ: gần chợ");
	row_is("{\"type\":\"links\",\"links\":[{\"url\":\"a\"},\"b\",7],\"message\":\"m\"}", 0,
		"m\nĐường dẫn: a\nĐường dẫn: b");
	row_is("{\"type\":\"link\",\"url\":\"http://x\",\"message\":\"xem http://x\"}", 0,
		"xem http://x");
	row_is("{\"type\":\"link\",\"description\":\"{\\\"phone\\\":84900001234}\"}", 0,
		"Danh thiếp, số điện thoại: 84900001234");
	row_is("{\"type\":\"hologram\",\"x\":1}", 0, "");
	row_is("{\"type\":\"hologram\",\"url\":\"u\"}", 1, "");
}

static void test_items(void **state)
{
	struct zalo_content content;
	json_t *json = load("{\"type\":\"file\",\"url\":\"u\",\"name\":\"a.pdf\",\"size\":\"12\","
			    "\"checksum\":\"0123456789ABCDEF0123456789abcdef\"}");

	(void)state;
	zalo_content_of_row(json, &content);
	assert_int_equal(content.item[0].kind, ATTACHMENT_FILE);
	assert_string_equal(content.item[0].name, "a.pdf");
	assert_int_equal(content.item[0].bytes, 12);
	assert_int_equal(strlen(content.item[0].md5), 32);
	assert_null(content.item[0].reason);
	json_decref(json);
	json = load("{\"type\":\"voice\",\"size\":-1,\"checksum\":\"x\"}");
	zalo_content_of_row(json, &content);
	assert_string_equal(content.item[0].reason, "no_url");
	assert_int_equal(content.item[0].bytes, 0);
	assert_string_equal(content.item[0].md5, "");
	json_decref(json);
	json = load("{\"type\":\"video\",\"thumb\":\"t\"}");
	zalo_content_of_row(json, &content);
	assert_int_equal(content.item[0].kind, ATTACHMENT_IMAGE);
	assert_string_equal(content.item[0].url, "t");
	json_decref(json);
}

static void test_attachments_of_events(void **state)
{
	struct zalo_content content;
	json_t *json = load(
		"{\"text\":\"xem\",\"attachments\":["
		"{\"type\":\"image\",\"payload\":{\"thumbnail\":\"t\",\"url\":\"u\"}},"
		"{\"type\":\"location\",\"payload\":{\"coordinates\":{\"latitude\":\"1\",\"longitude\":\"2\"}}},"
		"{\"type\":\"link\",\"payload\":{\"url\":\"l\",\"description\":\"d\"}},"
		"{\"type\":\"new\",\"payload\":{\"url\":\"n\"}},{\"type\":\"audio\"},7]}");

	(void)state;
	zalo_content_of_event(json, "image", &content);
	assert_int_equal(content.item_count, 3);
	assert_int_equal(content.item[0].kind, ATTACHMENT_IMAGE);
	assert_int_equal(content.item[1].kind, ATTACHMENT_FILE);
	assert_string_equal(content.item[2].reason, "no_url");
	assert_words(&content, "xem\nVị trí trên bản đồ: 1, 2\nĐường dẫn: l");
	json_decref(json);
}

/* Made with another implementation: SHA-256 of the four pieces. */
static const char vector[] =
	"{\"app_id\":\"1234567890123456789\",\"event_name\":\"user_send_text\",\"message\":{\"msg_id\":"
	"\"m1\",\"text\":\"Xin chào\"},\"recipient\":{\"id\":\"2\"},\"sender\":{\"id\":\"1\"},"
	"\"timestamp\":\"1700000000000\"}";
#define VECTOR_MAC "c3ffcc9676d388abcddf520c5ca012f6c1b3dd72381bc105d78717fb8c1b9ad2"

static void test_the_signature(void **state)
{
	struct zalo_event event;
	json_t *json = load(vector);
	char other[65] = VECTOR_MAC;

	(void)state;
	assert_int_equal(strlen(vector), 178);
	assert_int_equal(zalo_event_parse(json, &event), ERR_OK);
	assert_int_equal(event.kind, ZALO_EVENT_MESSAGE);
	assert_string_equal(event.message_id, "m1");
	assert_string_equal(event.from_id, "1");
	assert_string_equal(event.oa_id, "2");
	assert_string_equal(event.type, "text");
	assert_true(event.time_ms == INT64_C(1700000000000));
	assert_true(zalo_event_is_signed(&event, vector, 178, "OaSecret", "mac=" VECTOR_MAC));
	assert_true(zalo_event_is_signed(&event, vector, 178, "OaSecret", VECTOR_MAC));
	assert_false(zalo_event_is_signed(&event, vector, 177, "OaSecret", VECTOR_MAC));
	assert_false(zalo_event_is_signed(&event, vector, 178, "OaSecre", VECTOR_MAC));
	assert_false(zalo_event_is_signed(&event, vector, 178, "OaSecret", NULL));
	assert_false(zalo_event_is_signed(&event, vector, 178, "OaSecret", ""));
	assert_false(zalo_event_is_signed(&event, vector, 178, "OaSecret", "mac=" VECTOR_MAC "0"));
	for (size_t i = 0; i < 64; i++) {
		other[i] = other[i] == '0' ? '1' : '0';
		assert_false(zalo_event_is_signed(&event, vector, 178, "OaSecret", other));
		other[i] = VECTOR_MAC[i];
	}
	json_decref(json);
}

static void event_is(const char *text, enum err err, enum zalo_event_kind kind, const char *group)
{
	struct zalo_event event = {.kind = ZALO_EVENT_OTHER};
	json_t *json = load(text);

	assert_int_equal(zalo_event_parse(json, &event), err);
	if (!err) {
		assert_int_equal(event.kind, kind);
		assert_string_equal(event.group_id, group);
	}
	json_decref(json);
}

#define HEAD "{\"app_id\":\"1\",\"timestamp\":1700000000000,\"event_name\":"
#define BODY \
	",\"sender\":{\"id\":\"3\"},\"recipient\":{\"id\":\"4\"},\"message\":{\"msg_id\":\"m\"}}"

static void test_events(void **state)
{
	(void)state;
	event_is(HEAD "\"user_send_image\"" BODY, ERR_OK, ZALO_EVENT_MESSAGE, "");
	event_is(HEAD "\"user_send_group_text\"" BODY, ERR_OK, ZALO_EVENT_MESSAGE, "4");
	event_is(HEAD "\"anonymous_send_text\"" BODY, ERR_OK, ZALO_EVENT_MESSAGE, "");
	event_is(HEAD "\"oa_send_text\"" BODY, ERR_OK, ZALO_EVENT_OTHER, "");
	event_is(HEAD "\"user_withdraw\",\"user_id\":\"5\"}", ERR_OK, ZALO_EVENT_WITHDRAW, "");
	event_is(HEAD "\"user_request_join_group\",\"group_id\":\"5\",\"users\":[{\"id\":\"6\"}]}",
		ERR_OK, ZALO_EVENT_JOIN, "5");
	event_is(HEAD "\"user_out_group\",\"group_id\":\"5\",\"oa_id\":\"2\"}", ERR_OK,
		ZALO_EVENT_GROUP, "5");
	event_is(HEAD "\"follow\",\"follower\":{\"id\":\"7\"}}", ERR_OK, ZALO_EVENT_CONTACT, "");
	event_is(HEAD "\"follow\"}", ERR_OK, ZALO_EVENT_OTHER, "");
	event_is(HEAD "\"user_received_message\"}", ERR_OK, ZALO_EVENT_OTHER, "");
	event_is(HEAD "\"user_send_text\"}", ERR_INVALID, 0, "");
	event_is(HEAD "\"\"}", ERR_INVALID, 0, "");
	event_is(HEAD "7}", ERR_INVALID, 0, "");
	event_is("{\"app_id\":\"1\",\"event_name\":\"x\"}", ERR_INVALID, 0, "");
	event_is("{\"timestamp\":1,\"event_name\":\"x\"}", ERR_INVALID, 0, "");
	event_is("[]", ERR_INVALID, 0, "");
}

static void test_what_has_arrived(void **state)
{
	struct zalo_event event;
	json_t *json = load(HEAD "\"user_received_message\",\"sender\":{\"id\":\"2\"},"
				 "\"recipient\":{\"id\":\"84900001234\"},\"message\":{"
				 "\"msg_id\":\"m\",\"tracking_id\":\"bh12\"}}");

	(void)state;
	assert_int_equal(zalo_event_parse(json, &event), ERR_OK);
	assert_int_equal(event.kind, ZALO_EVENT_ARRIVED);
	assert_string_equal(event.message_id, "m");
	assert_string_equal(event.tracking, "bh12");
	assert_string_equal(event.to_id, "84900001234");
	/* Neither of the two is said to be the account. */
	assert_string_equal(event.oa_id, "");
	json_decref(json);
	json = load(HEAD "\"user_seen_message\",\"message\":{\"msg_ids\":[\"a\",7]}}");
	assert_int_equal(zalo_event_parse(json, &event), ERR_OK);
	assert_int_equal(event.kind, ZALO_EVENT_ARRIVED);
	assert_string_equal(event.message_id, "");
	assert_int_equal(json_array_size(json_object_get(event.message, "msg_ids")), 2);
	json_decref(json);
}

static void quote_is(const char *quote, const char *expected)
{
	struct zalo_event event;
	char text[512];
	json_t *json;

	snprintf(text, sizeof(text),
		HEAD "\"user_send_text\",\"sender\":{\"id\":\"3\"},"
		     "\"message\":{\"msg_id\":\"m\",\"quote_msg_id\":%s}}",
		quote);
	json = load(text);
	assert_int_equal(zalo_event_parse(json, &event), ERR_OK);
	assert_string_equal(event.quoted_id, expected);
	json_decref(json);
}

static void test_quotes(void **state)
{
	(void)state;
	quote_is("\"q1\"", "q1");
	quote_is("\"\"", "");
	quote_is("null", "");
	quote_is("{}", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_attachments_of_events),
		cmocka_unit_test(test_the_signature),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_what_has_arrived),
		cmocka_unit_test(test_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
