/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every phrase that residents get by SMS, in both alphabets, as libgammu cuts it: one segment
 * without marks, two with them, and one where there is danger. What we count is what it sends.
 */
#define ERR_BUG	      GAMMU_BUG
#define ERR_BUSY      GAMMU_BUSY
#define ERR_READ_ONLY GAMMU_READ_ONLY
#define ERR_TIMEOUT   GAMMU_TIMEOUT
#include <gammu.h>
#undef ERR_BUG
#undef ERR_BUSY
#undef ERR_READ_ONLY
#undef ERR_TIMEOUT

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* As long as they get; words of people as long as they usually are: where those are longer, the
 * marks go. */
static const struct phrase_field values[] = {{"number", "99999"}, {"code", "WWWWWW"},
	{"pin", "999999"}, {"date", "31/12/2026"}, {"from", "31/12"}, {"to", "31/12"},
	{"count", "20"}, {"topic", "12"}, {"name", "phòng cháy"}, {"place", "Thôn Nà Pồng"},
	{"what", "họ tên, lý do"}, {"reason", "thiếu địa chỉ"}, {"text", ""}, {"question", ""},
	{"options", "1 Có, 2 Không"}, {"choice", "1"}, {"label", "Có"}, {"end", "30/11"},
	{"numbers", "11, 12"}, {"when", ", hẹn 25/11/2026"}, {"day", "22/11/2026"},
	{"due", "25/11/2026"}, {"time", "23:59 31/12"}, {"year", "2026"}, {NULL, NULL}};

/* Words for officers: always without marks. */
static const char *const officers[] = {"alarm_", "audit_", "balance_", "bulletin_", "clock_",
	"confined_", "duty_", "escrow_", "feed_", "group_", "handover_", "identity_", "login_",
	"modem_", "poll_over_officer", "procedure_expired", "secrecy_", "sim_", "zalo_"};

static bool is_for_officers(const char *key)
{
	if (str_eq(key, "bulletin_told"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(officers); i++) {
		if (str_starts(key, officers[i]))
			return true;
	}
	return false;
}

/* The parts that libgammu makes of it. */
static int gammu_parts(const char *text, enum sms_coding coding)
{
	GSM_MultiPartSMSInfo *info = calloc(1, sizeof(*info));
	GSM_MultiSMSMessage *sms = calloc(1, sizeof(*sms));
	size_t len = strlen(text);
	int parts;

	assert_non_null(info);
	assert_non_null(sms);
	GSM_ClearMultiPartSMSInfo(info);
	info->Class = -1;
	info->UnicodeCoding = coding == SMS_CODING_UCS2;
	info->EntriesNum = 1;
	info->Entries[0].ID = SMS_ConcatenatedTextLong;
	info->Entries[0].Buffer = calloc(len + 1, 2);
	assert_non_null(info->Entries[0].Buffer);
	DecodeUTF8(info->Entries[0].Buffer, text, len);
	assert_int_equal(GSM_EncodeMultiPartSMS(NULL, info, sms), ERR_NONE);
	parts = sms->Number;
	free(info->Entries[0].Buffer);
	free(info);
	free(sms);
	return parts;
}

static int segments_of(const char *key, enum phrase_form form)
{
	struct sms_size size = {.segments = 0};
	CLEAN_BUF words = {0};
	CLEAN_BUF text = {0};

	buf_init(&words, 4096);
	buf_init(&text, 4096);
	if (phrase(key, form, values, &words))
		return 0;
	assert_int_equal(form == PHRASE_SMS ? sms_text_unaccent(buf_text(&words), &text)
					    : buf_adds(&text, buf_text(&words)),
		0);
	assert_int_equal(sms_text_size(buf_text(&text), &size), 0);
	if (gammu_parts(buf_text(&text), size.coding) != size.segments)
		fail_msg("%s: not in %d segments", key, size.segments);
	return size.segments;
}

static bool has_sms_form(const char *key)
{
	CLEAN_BUF full = {0};
	CLEAN_BUF sms = {0};

	buf_init(&full, 4096);
	buf_init(&sms, 4096);
	return !phrase(key, PHRASE_FULL, values, &full) && !phrase(key, PHRASE_SMS, values, &sms) &&
	       !str_eq(buf_text(&full), buf_text(&sms));
}

static void test_every_reply(void **state)
{
	int replies = 0, with_two = 0, too_long = 0;
	const char *key;

	(void)state;
	for (size_t i = 0; (key = phrase_key(i)); i++) {
		int plain, marked;

		if (!has_sms_form(key) || is_for_officers(key))
			continue;
		plain = segments_of(key, PHRASE_SMS);
		marked = segments_of(key, PHRASE_SMS_MARKS);
		if (plain != 1 || marked < 1 || marked > 2) {
			print_message("%s: %d without marks, %d with\n", key, plain, marked);
			too_long++;
		}
		replies++;
		with_two += marked == 2;
	}
	print_message("%d replies: %d take two segments with marks\n", replies, with_two);
	assert_int_equal(too_long, 0);
	assert_true(replies > 50);
}

static void test_danger_is_one_segment(void **state)
{
	(void)state;
	assert_int_equal(segments_of("receipt_danger", PHRASE_SMS), 1);
	assert_int_equal(segments_of("receipt_danger", PHRASE_SMS_MARKS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_reply),
		cmocka_unit_test(test_danger_is_one_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
