/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/str.h"
#include "daemon/relay/zalo_step.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define MANY 5000

static size_t chars(const char *utf8)
{
	size_t count = 0;

	for (; *utf8; utf8++)
		count += ((unsigned char)*utf8 & 0xc0) != 0x80;
	return count;
}

/* Every step of a message; the pieces without their marks, put together with a blank. */
static int walk(enum channel_kind kind, const char *text, const struct enclosure *attachment,
	struct buf *joined)
{
	struct outbox_piece gone = {0};
	struct zalo_step step;
	int count = 0;
	enum err err;

	while (!(err = zalo_step_next(kind, text, attachment, &gone, &step))) {
		const char *words = buf_text(&step.text);

		assert_true(chars(words) <= ZALO_TEXT_MAX_CHARS);
		assert_int_equal(step.piece.number, gone.number + 1);
		assert_true(step.piece.end_at >= gone.end_at);
		if (step.total > 1 && words[0] == '(')
			words = strchr(words, ')') + 2;
		if (joined && joined->len && *words)
			assert_int_equal(buf_adds(joined, " "), ERR_OK);
		if (joined)
			assert_int_equal(buf_adds(joined, words), ERR_OK);
		gone = step.piece;
		count++;
		if (step.is_last) {
			assert_int_equal(count, step.total);
			assert_int_equal(step.has_attachment, attachment != NULL);
			zalo_step_done(&step);
			break;
		}
		assert_false(step.has_attachment);
		zalo_step_done(&step);
		assert_true(count < ZALO_STEPS_MAX);
	}
	assert_int_equal(err, ERR_OK);
	return count;
}

static void test_a_short_text_is_one_call(void **state)
{
	struct outbox_piece gone = {0};
	struct zalo_step step;

	(void)state;
	assert_int_equal(zalo_step_next(CHANNEL_ZALO_USER, "xin chào", NULL, &gone, &step), ERR_OK);
	assert_string_equal(buf_text(&step.text), "xin chào");
	assert_true(step.is_last);
	assert_int_equal(step.total, 1);
	zalo_step_done(&step);
	assert_int_equal(zalo_step_next(CHANNEL_ZALO_USER, "", NULL, &gone, &step), ERR_INVALID);
	gone = (struct outbox_piece){1, 9};
	assert_int_equal(
		zalo_step_next(CHANNEL_ZALO_USER, "xin chào", NULL, &gone, &step), ERR_STATE);
	gone.end_at = 99;
	assert_int_equal(
		zalo_step_next(CHANNEL_ZALO_USER, "xin chào", NULL, &gone, &step), ERR_INVALID);
}

static void test_a_long_text_goes_in_marked_pieces(void **state)
{
	static char text[8 * MANY];
	CLEAN_BUF joined = {0};
	struct outbox_piece gone = {0};
	struct zalo_step step;

	(void)state;
	buf_init(&joined, sizeof(text));
	for (int i = 0; i < MANY / 5; i++)
		snprintf(text + strlen(text), 16, "%s%03dế", i ? " " : "", i);
	assert_int_equal(walk(CHANNEL_ZALO_USER, text, NULL, &joined), 3);
	assert_string_equal(buf_text(&joined), text);
	assert_int_equal(zalo_step_next(CHANNEL_ZALO_USER, text, NULL, &gone, &step), ERR_OK);
	assert_memory_equal(buf_text(&step.text), "(1/3) 000", 9);
	zalo_step_done(&step);
}

/* Exactly at the limit nothing is split; a text without blanks is, but never within a letter. */
static void test_limits(void **state)
{
	static char text[4 * MANY];
	CLEAN_BUF joined = {0};

	(void)state;
	buf_init(&joined, sizeof(text));
	memset(text, 0, sizeof(text));
	memset(text, 'x', ZALO_TEXT_MAX_CHARS);
	assert_int_equal(walk(CHANNEL_ZALO_USER, text, NULL, NULL), 1);
	text[ZALO_TEXT_MAX_CHARS] = 'x';
	assert_int_equal(walk(CHANNEL_ZALO_USER, text, NULL, NULL), 2);
	memset(text, 0, sizeof(text));
	for (int i = 0; i < 1000; i++)
		memcpy(text + 5 * i, "b\xcc\xa7\xcc\x84", 5); /* stays in three code points */
	assert_true(walk(CHANNEL_ZALO_USER, text, NULL, &joined) > 1);
	for (const char *at = buf_text(&joined); (at = strchr(at, ' ')); at++)
		assert_int_not_equal((unsigned char)at[1], 0xcc);
}

/* Decomposed letters are one character each once they are composed. */
static void test_the_limit_counts_after_nfc(void **state)
{
	static char text[4 * MANY];

	(void)state;
	memset(text, 0, sizeof(text));
	for (int i = 0; i < ZALO_TEXT_MAX_CHARS; i++)
		memcpy(text + 3 * i, "a\xcc\x81", 3);
	assert_int_equal(walk(CHANNEL_ZALO_USER, text, NULL, NULL), 1);
}

static void test_attachments(void **state)
{
	static char text[MANY];
	struct enclosure image = {ENCLOSURE_IMAGE, "anh.jpg", "h1", 1};
	struct enclosure file = {ENCLOSURE_FILE, "don.pdf", "h2", 1};
	struct enclosure gif = {ENCLOSURE_GIF, "a.gif", "h3", 1};
	struct outbox_piece gone = {0};
	struct zalo_gif_size size;
	struct zalo_step step;
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&out, 4096);
	memset(text, 'x', 4000);
	text[4000] = 0;
	assert_int_equal(walk(CHANNEL_ZALO_USER, "anh", &image, NULL), 1);
	assert_int_equal(walk(CHANNEL_ZALO_USER, "tep", &file, NULL), 2);
	assert_int_equal(walk(CHANNEL_ZALO_USER, text, &image, NULL), 3);
	assert_int_equal(walk(CHANNEL_ZALO_USER, text, &file, NULL), 4);

	assert_int_equal(zalo_step_next(CHANNEL_ZALO_USER, "a\"b\n", NULL, &gone, &step), ERR_OK);
	assert_int_equal(zalo_step_body(CHANNEL_ZALO_USER, "12", &step, NULL, NULL, &out), ERR_OK);
	assert_string_equal(buf_text(&out),
		"{\"recipient\":{\"user_id\":\"12\"},\"message\":{\"text\":\"a\\\"b\\n\"}}");
	zalo_step_done(&step);
	buf_reset(&out);
	assert_int_equal(zalo_step_next(CHANNEL_ZALO_GROUP, "x", &image, &gone, &step), ERR_OK);
	assert_int_equal(
		zalo_step_body(CHANNEL_ZALO_GROUP, "12", &step, &image, NULL, &out), ERR_OK);
	assert_string_equal(buf_text(&out),
		"{\"recipient\":{\"group_id\":\"12\"},\"message\":{\"text\":\"x\",\"attachment\":"
		"{\"type\":\"template\",\"payload\":{\"template_type\":\"media\",\"elements\":"
		"[{\"media_type\":\"image\",\"attachment_id\":\"h1\"}]}}}}");
	zalo_step_done(&step);
	buf_reset(&out);
	gone = (struct outbox_piece){1, 3};
	assert_int_equal(zalo_step_next(CHANNEL_ZALO_USER, "tep", &file, &gone, &step), ERR_OK);
	assert_int_equal(zalo_step_body(CHANNEL_ZALO_USER, "1", &step, &file, NULL, &out), ERR_OK);
	assert_string_equal(buf_text(&out),
		"{\"recipient\":{\"user_id\":\"1\"},\"message\":{\"attachment\":{\"type\":\"file\","
		"\"payload\":{\"token\":\"h2\"}}}}");
	zalo_step_done(&step);
	buf_reset(&out);
	gone = (struct outbox_piece){0};
	assert_int_equal(zalo_gif_size("GIF89a\x40\x01\xf0\x00", 10, &size), ERR_OK);
	assert_int_equal(zalo_gif_size("GIF89a", 6, &(struct zalo_gif_size){0}), ERR_INVALID);
	assert_int_equal(zalo_step_next(CHANNEL_ZALO_USER, "x", &gif, &gone, &step), ERR_OK);
	assert_int_equal(zalo_step_body(CHANNEL_ZALO_USER, "1", &step, &gif, &size, &out), ERR_OK);
	assert_non_null(strstr(buf_text(&out), "\"width\":320,\"height\":240"));
	zalo_step_done(&step);
	buf_reset(&out);
	assert_int_equal(zalo_tick_body("7", "m1", &out), ERR_OK);
	assert_string_equal(buf_text(&out),
		"{\"recipient\":{\"user_id\":\"7\"},\"sender_action\":{\"react_icon\":\"/-strong\","
		"\"react_message_id\":\"m1\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_short_text_is_one_call),
		cmocka_unit_test(test_a_long_text_goes_in_marked_pieces),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_the_limit_counts_after_nfc),
		cmocka_unit_test(test_attachments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
