/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libgammu hands over, and what it is handed. */
#define ERR_BUG	      GAMMU_BUG
#define ERR_BUSY      GAMMU_BUSY
#define ERR_READ_ONLY GAMMU_READ_ONLY
#define ERR_TIMEOUT   GAMMU_TIMEOUT
#include <gammu.h>
#undef ERR_BUG
#undef ERR_BUSY
#undef ERR_READ_ONLY
#undef ERR_TIMEOUT

#include "gateway/pdu.h"
#include "gateway/utf16.h"
#include "daemon/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const unsigned char smsc[] = {0, '+', 0, '8', 0, '4', 0, 0};

static size_t from_hex(const char *hex, unsigned char *out)
{
	size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++) {
		const char digits[] = {hex[2 * i], hex[2 * i + 1], 0};

		out[i] = (unsigned char)strtoul(digits, NULL, 16);
	}
	return len;
}

static struct line decode(const char *hex)
{
	unsigned char pdu[256];
	size_t used, len = from_hex(hex, pdu);
	GSM_SMSMessage sms;
	struct line line;
	GSM_Error error;

	memset(&sms, 0, sizeof(sms));
	error = GSM_DecodePDUFrame(NULL, &sms, pdu, len, &used, TRUE);
	assert_int_equal(pdu_to_line(&sms, error == ERR_NONE, &line), ERR_OK);
	return line;
}

#define HEAD  "07914809009000F0"
#define OA    "0B914809000021F3" /* +84900000123 and a digit */
#define STAMP "62112241509082"	 /* 2026-11-22 14:05:09 +07:00 */

static void test_receive_gsm7(void **state)
{
	struct line line = decode(HEAD "04" OA "0000" STAMP "05E8329BFD06");

	(void)state;
	assert_int_equal(line.type, LINE_SMS);
	assert_string_equal(line.sms.text, "hello");
	assert_string_equal(line.sms.coding, "gsm7");
	assert_string_equal(line.sms.from, "+84900000123");
	assert_string_equal(line.sms.from_type, "international");
	assert_true(line.sms.scts_ms == INT64_C(1795331109000));
	assert_int_equal(line.sms.msg_class, -1);
	assert_int_equal(line.sms.total, 0);
}

static void test_receive_tilde(void **state)
{
	struct line line = decode(HEAD "04" OA "0008" STAMP "0A007E007E1EA5007E0041");

	(void)state;
	assert_string_equal(line.sms.text, "~~ấ~A");
	assert_string_equal(line.sms.coding, "ucs2");
	/* U+0001 is what libgammu would write for a lone one, U+0000 ends its strings */
	line = decode(HEAD "04" OA "0008" STAMP "0A00410001004200000043");
	assert_string_equal(line.sms.text, "ABC");
}

static void test_receive_lone_surrogates(void **state)
{
	struct line line = decode(HEAD "04" OA "0008" STAMP "0AD83DDE00D83D0041DE00");

	(void)state;
	assert_string_equal(line.sms.text, "😀\xef\xbf\xbd"
					   "A\xef\xbf\xbd");
}

static void test_receive_parts(void **state)
{
	struct line line = decode(HEAD "44" OA "0008" STAMP "0A050003A7030200410042");

	(void)state;
	assert_int_equal(line.sms.ref, 0xa7);
	assert_int_equal(line.sms.ref_bits, 8);
	assert_int_equal(line.sms.total, 3);
	assert_int_equal(line.sms.seq, 2);
	assert_string_equal(line.sms.text, "AB");
	line = decode(HEAD "44" OA "0008" STAMP "0906080412340501"
			   "0041");
	assert_int_equal(line.sms.ref, 0x1234);
	assert_int_equal(line.sms.ref_bits, 16);
	assert_int_equal(line.sms.total, 5);
	assert_int_equal(line.sms.seq, 1);
	/* behind another element: libgammu itself does not find it there */
	line = decode(HEAD "44" OA "0008" STAMP "0D0A0503000102"
			   "0003A70302"
			   "0041");
	assert_int_equal(line.sms.total, 3);
	assert_int_equal(line.sms.seq, 2);
	/* an element that claims more than the header has */
	line = decode(HEAD "44" OA "0008" STAMP "08050009A703020041");
	assert_int_equal(line.sms.total, 0);
}

static void test_receive_others(void **state)
{
	struct line line = decode(HEAD "04" OA "0004" STAMP "03FF00FE");

	(void)state;
	assert_string_equal(line.sms.coding, "8bit");
	assert_string_equal(line.sms.text, "ff00fe");
	line = decode(HEAD "44" OA "0004" STAMP "09050003A7020100FF42");
	assert_string_equal(line.sms.text, "050003a7020100ff42");
	line = decode(HEAD "04" OA "0010" STAMP "05E8329BFD06"); /* class 0 */
	assert_int_equal(line.sms.msg_class, 0);
	assert_string_equal(line.sms.text, "hello");
	line = decode(HEAD "04"
			   "0ED0D6B2BC2CA7CF6B"
			   "0000" STAMP "05E8329BFD06");
	assert_string_equal(line.sms.from_type, "alpha");
	line = decode(HEAD "04"
			   "0381"
			   "91F8"
			   "0000" STAMP "05E8329BFD06");
	assert_string_equal(line.sms.from, "198");
	assert_string_equal(line.sms.from_type, "unknown");
	line = decode(HEAD "04" OA "0000" STAMP "00"); /* nothing said */
	assert_string_equal(line.sms.text, "");
	assert_string_equal(line.sms.coding, "gsm7");
	/* cut short: known to be there, not what it is */
	line = decode(HEAD "04" OA "0000");
	assert_string_equal(line.sms.coding, "8bit");
	assert_string_equal(line.sms.from, "+84900000123");
}

static void test_receive_report(void **state)
{
	static const struct {
		const char *st, *status;
	} cases[] = {{"00", "delivered"}, {"01", "delivered"}, {"20", "pending"}, {"30", "pending"},
		{"46", "failed"}, {"63", "failed"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char hex[128];
		struct line line;

		snprintf(hex, sizeof(hex), "%s0609%s%s%s%s", HEAD, OA, STAMP, STAMP, cases[i].st);
		line = decode(hex);
		assert_int_equal(line.type, LINE_REPORT);
		assert_int_equal(line.report.mr, 9);
		assert_string_equal(line.report.to, "+84900000123");
		assert_string_equal(line.report.status, cases[i].status);
		assert_true(line.report.done_ms == INT64_C(1795331109000));
	}
}

/* libgammu fills the struct without bounds: any content has to come out as a line. */
static void test_hostile_struct(void **state)
{
	GSM_SMSMessage *sms = malloc(sizeof(*sms));
	struct line line;
	CLEAN_BUF out;

	(void)state;
	assert_non_null(sms);
	buf_init(&out, LINE_MAX_BYTES);
	for (int fill = 1; fill < 256; fill++) {
		for (int coding = 0; coding < 7; coding++) {
			memset(sms, fill, sizeof(*sms));
			sms->PDU = SMS_Deliver;
			sms->Coding = (GSM_Coding_Type)coding;
			sms->Length = fill % 2 ? INT32_MAX : INT32_MIN;
			sms->UDH.Length = INT32_MAX;
			assert_int_equal(pdu_to_line(sms, true, &line), ERR_OK);
			buf_reset(&out);
			assert_int_equal(line_format(&line, &out), ERR_OK);
		}
		sms->PDU = SMS_Status_Report;
		assert_int_equal(pdu_to_line(sms, true, &line), ERR_OK);
		buf_reset(&out);
		assert_int_equal(line_format(&line, &out), ERR_OK);
	}
	sms->PDU = SMS_Submit;
	assert_int_equal(pdu_to_line(sms, true, &line), ERR_NOT_FOUND);
	free(sms);
}

static struct line_send segment(const char *text, const char *coding, int part, int total)
{
	struct line_send send = {.id = 1,
		.part = part,
		.total = total,
		.ref = 0xa7,
		.to = "+84900000123",
		.validity_min = 60};

	assert_int_equal(str_copy(send.text, sizeof(send.text), text), ERR_OK);
	assert_int_equal(str_copy(send.coding, sizeof(send.coding), coding), ERR_OK);
	return send;
}

/* What a phone would show. */
static void check_submit(const struct line_send *send, const char *text)
{
	unsigned char frame[512] = {0}, pdu[300];
	GSM_SMSMessage sms, back;
	struct errbuf eb = {0};
	struct line line;
	int length = 0;
	size_t at = 0, used, udl, number;

	assert_int_equal(pdu_from_send(send, smsc, &sms, &eb), ERR_OK);
	assert_int_equal(sms.Class, -1);
	assert_int_equal(
		GSM_EncodeSMSFrame(NULL, &sms, frame, PHONE_SMSSubmit, &length, TRUE), ERR_NONE);
	udl = (size_t)(length - PHONE_SMSSubmit.Text);
	number = (size_t)(frame[PHONE_SMSSubmit.Number] + 1) / 2 + 2;
	pdu[at++] = 0;
	pdu[at++] = (unsigned char)((frame[PHONE_SMSSubmit.firstbyte] & 0x40) | 0x04);
	memcpy(pdu + at, frame + PHONE_SMSSubmit.Number, number);
	at += number;
	pdu[at++] = 0;
	pdu[at++] = frame[PHONE_SMSSubmit.TPDCS];
	assert_int_equal(from_hex(STAMP, pdu + at), 7);
	at += 7;
	pdu[at++] = frame[PHONE_SMSSubmit.TPUDL];
	assert_true(udl <= 140);
	memcpy(pdu + at, frame + PHONE_SMSSubmit.Text, udl);
	memset(&back, 0, sizeof(back));
	assert_int_equal(GSM_DecodePDUFrame(NULL, &back, pdu, at + udl, &used, TRUE), ERR_NONE);
	assert_int_equal(pdu_to_line(&back, true, &line), ERR_OK);
	assert_string_equal(line.sms.text, text);
	assert_string_equal(line.sms.coding, send->coding);
	assert_int_equal(line.sms.total, send->total > 1 ? send->total : 0);
	if (send->total > 1) {
		assert_int_equal(line.sms.ref, 0xa7);
		assert_int_equal(line.sms.seq, send->part);
	}
}

static void check_own(const char *text, const char *coding, int total)
{
	struct line_send send = segment(text, coding, total > 1 ? 2 : 1, total);

	check_submit(&send, text);
}

static char *repeat(const char *unit, int count)
{
	struct buf b;

	buf_init(&b, 1023);
	for (int i = 0; i < count; i++)
		assert_int_equal(buf_adds(&b, unit), ERR_OK);
	return buf_take(&b);
}

static void test_submit(void **state)
{
	CLEANUP(cleanup_free) char *at160 = repeat("@", 160);
	CLEANUP(cleanup_free) char *a153 = repeat("a", 153);
	CLEANUP(cleanup_free) char *tildes76 = repeat("~", 76);
	CLEANUP(cleanup_free) char *tildes67 = repeat("~", 67);
	CLEANUP(cleanup_free) char *wide67 = repeat("ố", 67);
	CLEANUP(cleanup_free) char *wide70 = repeat("ố", 70);
	CLEANUP(cleanup_free) char *faces33 = repeat("😀", 33);

	(void)state;
	check_own("", "gsm7", 1);
	check_own("xin chao ~ [1] {2} €", "gsm7", 1);
	check_own(at160, "gsm7", 1);
	check_own(a153, "gsm7", 3);
	check_own(tildes76, "gsm7", 2);
	check_own("Nước ~ lên ~~ nhanh", "ucs2", 1);
	check_own(wide70, "ucs2", 1);
	check_own(wide67, "ucs2", 2);
	check_own(tildes67, "ucs2", 2);
	check_own(faces33, "ucs2", 2);
	check_own("~ở cuối~", "ucs2", 39);
}

/* 70 units with a tilde do not fit libgammu's doubled form: its full-width twin goes. */
static void test_submit_no_room_to_double(void **state)
{
	CLEANUP(cleanup_free) char *wide69 = repeat("ố", 69);
	struct line_send send;
	char text[300], shown[300];

	(void)state;
	snprintf(text, sizeof(text), "%s~", wide69);
	snprintf(shown, sizeof(shown), "%s～", wide69);
	send = segment(text, "ucs2", 1, 1);
	check_submit(&send, shown);
}

static void test_submit_refuses(void **state)
{
	CLEANUP(cleanup_free) char *a154 = repeat("a", 154);
	CLEANUP(cleanup_free) char *a161 = repeat("a", 161);
	CLEANUP(cleanup_free) char *brackets81 = repeat("[", 81);
	CLEANUP(cleanup_free) char *wide68 = repeat("ố", 68);
	CLEANUP(cleanup_free) char *wide71 = repeat("ố", 71);
	const struct {
		struct line_send send;
		enum err err;
	} cases[] = {
		{segment(a154, "gsm7", 1, 2), ERR_TOO_BIG},
		{segment(a161, "gsm7", 1, 1), ERR_TOO_BIG},
		{segment(brackets81, "gsm7", 1, 1), ERR_TOO_BIG},
		{segment(wide68, "ucs2", 1, 2), ERR_TOO_BIG},
		{segment(wide71, "ucs2", 1, 1), ERR_TOO_BIG},
		{segment("đ", "gsm7", 1, 1), ERR_INVALID},
		{segment("a", "gsm7", 0, 2), ERR_INVALID},
		{segment("a", "gsm7", 3, 2), ERR_INVALID},
	};
	static const char *const bad_numbers[] = {
		"", "+", "Viettel", "+84 900", "0900;", "+84900000123456789012345"};
	struct errbuf eb = {0};
	GSM_SMSMessage sms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(pdu_from_send(&cases[i].send, smsc, &sms, &eb), cases[i].err);
	for (size_t i = 0; i < ARRAY_LEN(bad_numbers); i++) {
		struct line_send send = segment("a", "gsm7", 1, 1);

		snprintf(send.to, sizeof(send.to), "%s", bad_numbers[i]);
		assert_int_equal(pdu_from_send(&send, smsc, &sms, &eb), ERR_INVALID);
	}
}

static void test_submit_asks_for_report(void **state)
{
	struct line_send send = segment("a", "gsm7", 1, 1);
	struct errbuf eb = {0};
	GSM_SMSMessage sms;

	(void)state;
	send.wants_report = true;
	assert_int_equal(pdu_from_send(&send, smsc, &sms, &eb), ERR_OK);
	assert_int_equal(sms.PDU, SMS_Status_Report);
	send.wants_report = false;
	assert_int_equal(pdu_from_send(&send, smsc, &sms, &eb), ERR_OK);
	assert_int_equal(sms.PDU, SMS_Submit);
}

static void test_validity(void **state)
{
	static const struct {
		int minutes, value;
	} cases[] = {{0, 255}, {1, 0}, {5, 0}, {6, 1}, {720, 143}, {721, 144}, {1440, 167},
		{1441, 168}, {2880, 168}, {30 * 1440, 196}, {30 * 1440 + 1, 197}, {5 * 10080, 197},
		{5 * 10080 + 1, 198}, {63 * 10080, 255}, {64 * 10080, 255}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(pdu_validity(cases[i].minutes), cases[i].value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_receive_gsm7),
		cmocka_unit_test(test_receive_tilde),
		cmocka_unit_test(test_receive_lone_surrogates),
		cmocka_unit_test(test_receive_parts),
		cmocka_unit_test(test_receive_others),
		cmocka_unit_test(test_receive_report),
		cmocka_unit_test(test_hostile_struct),
		cmocka_unit_test(test_submit),
		cmocka_unit_test(test_submit_no_room_to_double),
		cmocka_unit_test(test_submit_refuses),
		cmocka_unit_test(test_submit_asks_for_report),
		cmocka_unit_test(test_validity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
