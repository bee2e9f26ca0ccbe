/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts out of raw PDUs and into them; what goes out is checked against libgammu's own decoder. */
#define ERR_BUG	      GAMMU_BUG
#define ERR_BUSY      GAMMU_BUSY
#define ERR_READ_ONLY GAMMU_READ_ONLY
#define ERR_TIMEOUT   GAMMU_TIMEOUT
#include <gammu.h>
#undef ERR_BUG
#undef ERR_BUSY
#undef ERR_READ_ONLY
#undef ERR_TIMEOUT

#include "gateway/pdu_code.h"
#include "gateway/septets.h"
#include "gateway/septets_national.h"
#include "gateway/utf16.h"
#include "daemon/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define HEAD  "07914809009000F0"
#define OA    "0B914809000010F2"
#define STAMP "62112241509082"

static struct line decode(const char *hex)
{
	uint8_t pdu[PDU_OCTETS_MAX];
	const char *reason = "";
	struct line line;
	size_t len;

	assert_int_equal(pdu_from_hex(hex, pdu, sizeof(pdu), &len), ERR_OK);
	if (pdu_decode(pdu, len, &line, &reason))
		fail_msg("%s", reason);
	return line;
}

static void test_plain(void **state)
{
	struct line line = decode(HEAD "04" OA "0000" STAMP "05E8329BFD06");

	(void)state;
	assert_int_equal(line.type, LINE_SMS);
	assert_string_equal(line.sms.text, "hello");
	assert_string_equal(line.sms.from, "+84900000012");
	assert_string_equal(line.sms.from_type, "international");
	assert_string_equal(line.sms.coding, "gsm7");
	assert_true(line.sms.scts_ms == INT64_C(1795331109000));
	assert_int_equal(line.sms.msg_class, -1);
	assert_int_equal(decode(HEAD "04" OA "0010" STAMP "05E8329BFD06").sms.msg_class, 0);
	/* the reserved type is taken for a DELIVER */
	assert_string_equal(decode(HEAD "07" OA "0000" STAMP "05E8329BFD06").sms.text, "hello");
	/* '@' is a zero and ends nothing */
	assert_string_equal(decode(HEAD "04" OA "0000" STAMP "0341C010").sms.text, "A@C");
}

static void test_ucs2(void **state)
{
	(void)state;
	assert_string_equal(
		decode(HEAD "04" OA "0008" STAMP "0A007E007E1EA5007E0041").sms.text, "~~ấ~A");
	assert_string_equal(decode(HEAD "04" OA "0008" STAMP "0AD83DDE00D83D0041DE00").sms.text,
		"😀\xef\xbf\xbd"
		"A\xef\xbf\xbd");
	/* an odd octet at the end belongs to nothing */
	assert_string_equal(decode(HEAD "04" OA "0008" STAMP "0300410A").sms.text, "A");
}

static void test_concat(void **state)
{
	struct line line = decode(HEAD "44" OA "0008" STAMP "0A050003A7030200410042");

	(void)state;
	assert_int_equal(line.sms.ref, 0xa7);
	assert_int_equal(line.sms.ref_bits, 8);
	assert_int_equal(line.sms.total, 3);
	assert_int_equal(line.sms.seq, 2);
	assert_string_equal(line.sms.text, "AB");
	line = decode(HEAD "44" OA "0008" STAMP "09060804123405010041");
	assert_int_equal(line.sms.ref, 0x1234);
	assert_int_equal(line.sms.ref_bits, 16);
	assert_int_equal(line.sms.seq, 1);
	/* behind another element; an element that claims more than the header has */
	line = decode(HEAD "44" OA "0008" STAMP "0D0A05030001020003A703020041");
	assert_int_equal(line.sms.total, 3);
	line = decode(HEAD "44" OA "0008" STAMP "08050009A703020041");
	assert_int_equal(line.sms.total, 0);
}

static void test_report(void **state)
{
	struct line line = decode(HEAD "06A5" OA STAMP STAMP "00");

	(void)state;
	assert_int_equal(line.type, LINE_REPORT);
	assert_int_equal(line.report.mr, 0xa5);
	assert_string_equal(line.report.to, "+84900000012");
	assert_string_equal(line.report.status, "delivered");
	assert_string_equal(decode(HEAD "06A5" OA STAMP STAMP "30").report.status, "pending");
	assert_string_equal(decode(HEAD "06A5" OA STAMP STAMP "46").report.status, "failed");
	/* with a header indicator and optional octets behind, as newer centres send */
	assert_string_equal(decode(HEAD "46A5" OA STAMP STAMP "0000FF").report.status, "delivered");
}

static void test_senders(void **state)
{
	struct line line = decode(HEAD "04"
				       "0ED0D637396C7EBBCB"
				       "0000" STAMP "00");

	(void)state;
	assert_string_equal(line.sms.from_type, "alpha");
	assert_string_equal(line.sms.from, "Vodafone");
	line = decode(HEAD "04"
			   "038191F8"
			   "0000" STAMP "00");
	assert_string_equal(line.sms.from, "198");
	assert_string_equal(line.sms.from_type, "unknown");
}

static void test_data(void **state)
{
	struct line line = decode(HEAD "04" OA "0004" STAMP "03FF00FE");

	(void)state;
	assert_string_equal(line.sms.coding, "8bit");
	assert_string_equal(line.sms.text, "ff00fe");
	line = decode(HEAD "44" OA "0004" STAMP "09050003A7020100FF42");
	assert_string_equal(line.sms.text, "050003a7020100ff42");
	assert_int_equal(line.sms.total, 2);
}

/* Septets that a header with these elements goes before, as a PDU; then back. */
static void national(
	const char *element, const uint8_t *septets, size_t count, const char *expected)
{
	uint8_t pdu[PDU_OCTETS_MAX] = {0}, header[16];
	const char *reason = "";
	struct line line;
	size_t len, header_len, skip;

	assert_int_equal(pdu_from_hex(HEAD "44" OA "0000" STAMP, pdu, sizeof(pdu), &len), ERR_OK);
	assert_int_equal(pdu_from_hex(element, header, sizeof(header), &header_len), ERR_OK);
	skip = (header_len * 8 + 6) / 7;
	pdu[len++] = (uint8_t)(skip + count);
	memcpy(pdu + len, header, header_len);
	septets_pack(septets, count, skip * 7, pdu + len);
	len += ((skip + count) * 7 + 7) / 8;
	if (pdu_decode(pdu, len, &line, &reason))
		fail_msg("%s", reason);
	assert_string_equal(line.sms.text, expected);
}

/* A word in each script, with the places of its letters as Annex A.3 shows them. */
static void test_scripts(void **state)
{
	static const struct {
		const char *element;
		uint8_t septets[8];
		size_t count;
		const char *text;
	} words[] = {
		{"03250104", {0x04, 0x17, 0x53, 0x2f}, 4, "আগুন"},
		{"03250105", {0x04, 0x17}, 2, "આગ"},
		{"03250106", {0x2f, 0x42, 0x4c, 0x5f, 0x27, 0x59}, 6, "नमस्ते"},
		{"03250107", {0x40, 0x58, 0x01, 0x15, 0x51, 0x20, 0x24}, 7, "ಬೆಂಕಿ ಡ"},
		{"03250108", {0x27, 0x52}, 2, "തീ"},
		{"03250109", {0x2f, 0x51, 0x04, 0x00}, 4, "ନିଆଁ"},
		{"0325010A", {0x03, 0x7c, 0x17}, 3, "ਅੱਗ"},
		{"0325010B", {0x27, 0x52}, 2, "தீ"},
		{"0325010C", {0x03, 0x17, 0x5f, 0x2f, 0x51}, 5, "అగ్ని"},
		{"0325010D", {0x01, 0x4a}, 2, "آگ"},
		/* what a table has nothing for is a blank; digits and small letters are in all */
		{"0325010B", {'1', 0x10, 0x16, 'z', 0x0a, 0x2c}, 6, "1ஐ z\n,"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		national(words[i].element, words[i].septets, words[i].count, words[i].text);
}

/* Letters of one script stand in the order of their code points, each once. */
static void test_order_of_scripts(void **state)
{
	(void)state;
	for (int n = 0; n < SEPTETS_NATIONAL - 1; n++) {
		const uint16_t *table = septets_national_locking[n];
		uint16_t last = 0;

		for (int i = 0; i < SEPTETS_TABLE; i++) {
			if (table[i] < 0x900)
				continue;
			assert_true(table[i] > last);
			last = table[i];
		}
	}
	for (int n = 0; n < SEPTETS_NATIONAL; n++) {
		for (char c = 'a'; c <= 'z'; c++)
			assert_int_equal(septets_national_locking[n][(int)c], c);
		for (char c = 'A'; c <= 'Z'; c++)
			assert_int_equal(septets_national_single[n][(int)c], c);
	}
}

/* 3GPP TS 23.038 Annex A. */
static void test_national_tables(void **state)
{
	static const uint8_t single[] = {0x1b, 0x53, 0x1b, 0x65, 0x1b, 0x69, 'a'};
	static const uint8_t locking[] = {0x07, 0x0c, 0x1d, 0x04, 0x40, 0x60, 'a'};
	static const uint8_t spanish[] = {0x1b, 'a', 0x1b, 'I', 0x1b, 0x09, 0x7d};
	static const uint8_t portuguese[] = {0x7b, 0x7c, 0x06, 0x40, 0x18};
	static const uint8_t shifted[] = {0x1b, 0x7b, 0x1b, 0x7c, 0x1b, 'a', 0x1b, 0x7f};
	static const uint8_t hindi[] = {0x1b, 0x1c, 0x1b, 0x23, 0x1b, 'z', 0x1b, 0x65, 'a'};
	static const uint8_t unknown[] = {0x1b, 'z', 0x1b, 0x65, 'a'};

	(void)state;
	national("03240101", single, sizeof(single), "Ş€ıa");
	national("03250101", locking, sizeof(locking), "ığş€İça");
	national("03240102", spanish, sizeof(spanish), "áÍçñ");
	national("03250103", portuguese, sizeof(portuguese), "ãõúÍ€");
	national("03240103", shifted, sizeof(shifted), "ãõÂâ");
	national("03240106", hindi, sizeof(hindi), "०७z€a");
	/* No such language: the default alphabet. */
	national("0324010E", unknown, sizeof(unknown), "z€a");
	national("03250100", unknown, sizeof(unknown), "z€a");
}

static void test_septets(void **state)
{
	static const char *const texts[] = {"", "a", "hellohel", "@@@@@@@", "{[~]}\\|^€",
		"abcdefghijklmnopqrstuvwxyz0123456789"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		for (size_t bits = 0; bits < 50; bits += 7) {
			uint8_t septets[160], packed[160] = {0}, again[160];
			char text[200];
			size_t count;

			assert_int_equal(
				septets_from_utf8(texts[i], septets, sizeof(septets), &count),
				ERR_OK);
			septets_pack(septets, count, bits, packed);
			septets_unpack(packed, bits, count, again);
			assert_memory_equal(septets, again, count);
			septets_to_utf8(again, count, 0, 0, text, sizeof(text));
			assert_string_equal(text, texts[i]);
		}
	}
}

static void test_septets_end(void **state)
{
	uint8_t septets[4];
	size_t count;
	char text[4];

	(void)state;
	assert_int_equal(septets_from_utf8("đ", septets, 4, &count), ERR_INVALID);
	assert_int_equal(septets_from_utf8("abc€", septets, 4, &count), ERR_TOO_BIG);
	/* an escape without its letter; a character that does not fit is left out whole */
	septets_to_utf8((const uint8_t[]){'a', 0x1b}, 2, 0, 0, text, sizeof(text));
	assert_string_equal(text, "a");
	septets_to_utf8((const uint8_t[]){'a', 0x1b, 0x65}, 3, 0, 0, text, sizeof(text));
	assert_string_equal(text, "a");
}

static void encode(struct line_send *send, GSM_SMSMessage *ret_sms, uint8_t *pdu, size_t *len)
{
	struct errbuf eb = {0};
	uint8_t wide[512] = {0};
	size_t used;

	snprintf(send->to, sizeof(send->to), "+84900000012");
	if (pdu_encode(send, pdu, len, &eb))
		fail_msg("%s", eb.text);
	memcpy(wide, pdu, *len);
	memset(ret_sms, 0, sizeof(*ret_sms));
	assert_int_equal(GSM_DecodePDUFrame(NULL, ret_sms, wide, *len, &used, TRUE), ERR_NONE);
}

static void test_encode(void **state)
{
	struct line_send send = {.part = 1,
		.total = 1,
		.coding = "gsm7",
		.validity_min = 60,
		.text = "xin chao @ {1}",
		.wants_report = true};
	uint8_t pdu[PDU_OCTETS_MAX];
	GSM_SMSMessage sms;
	char text[400];
	size_t len;

	(void)state;
	encode(&send, &sms, pdu, &len);
	assert_int_equal(sms.PDU, SMS_Submit);
	utf16_to_utf8(sms.Text, utf16_len(sms.Text, 160), text, sizeof(text));
	assert_string_equal(text, "xin chao @ {1}");
	utf16_to_utf8(sms.Number, utf16_len(sms.Number, 40), text, sizeof(text));
	assert_string_equal(text, "+84900000012");
	assert_int_equal(pdu[0], 0);
	assert_int_equal(pdu[1] & 0x3f, 0x31); /* SUBMIT, relative validity, report wanted */
	snprintf(send.coding, sizeof(send.coding), "ucs2");
	snprintf(send.text, sizeof(send.text), "Nước lên");
	send.wants_report = false;
	encode(&send, &sms, pdu, &len);
	utf16_to_utf8(sms.Text, utf16_len(sms.Text, 160), text, sizeof(text));
	assert_string_equal(text, "Nước lên");
	assert_int_equal(pdu[1] & 0x3f, 0x11);
	send.total = 3;
	send.part = 2;
	send.ref = 0xa7;
	encode(&send, &sms, pdu, &len);
	assert_int_equal(sms.UDH.Type, UDH_ConcatenatedMessages);
	assert_int_equal(sms.UDH.ID8bit, 0xa7);
	assert_int_equal(sms.UDH.PartNumber, 2);
	assert_int_equal(sms.UDH.AllParts, 3);
}

static void test_encode_limits(void **state)
{
	struct line_send send = {.part = 1, .total = 1, .coding = "gsm7", .to = "+84900000012"};
	uint8_t pdu[PDU_OCTETS_MAX];
	struct errbuf eb = {0};
	size_t len;

	(void)state;
	memset(send.text, '~', 80);
	assert_int_equal(pdu_encode(&send, pdu, &len, &eb), ERR_OK);
	assert_int_equal(len, 1 + 2 + 8 + 4 + PDU_UD_MAX);
	send.text[80] = 'a';
	assert_int_equal(pdu_encode(&send, pdu, &len, &eb), ERR_TOO_BIG);
	memset(send.text, 0, sizeof(send.text));
	memset(send.text, '~', 70);
	snprintf(send.coding, sizeof(send.coding), "ucs2");
	assert_int_equal(pdu_encode(&send, pdu, &len, &eb), ERR_OK);
	assert_int_equal(len, 1 + 2 + 8 + 4 + PDU_UD_MAX);
	snprintf(send.to, sizeof(send.to), "Viettel");
	assert_int_equal(pdu_encode(&send, pdu, &len, &eb), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_ucs2),
		cmocka_unit_test(test_concat),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_national_tables),
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_order_of_scripts),
		cmocka_unit_test(test_septets),
		cmocka_unit_test(test_septets_end),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
