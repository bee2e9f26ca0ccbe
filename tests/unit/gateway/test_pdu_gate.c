/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No PDU, however broken, passes the gate and hurts what stands behind it. */
#include "gateway/pdu_code.h"
#include "daemon/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define HEAD  "07914809009000F0"
#define OA    "0B914809000010F2"
#define STAMP "62112241509082"

static const char *const samples[] = {
	HEAD "04" OA "0000" STAMP "05E8329BFD06",
	HEAD "44" OA "0008" STAMP "0A050003A7030200410042",
	HEAD "44" OA "0008" STAMP "09060804123405010041",
	HEAD "04" OA "0008" STAMP "06D83D0041DE00",
	HEAD "04" OA "0004" STAMP "03FF00FE",
	HEAD "04" OA "00F1" STAMP "05E8329BFD06",
	HEAD "44" OA "0000" STAMP "0E06050423F0000061F1985C3603",
	HEAD "44" OA "0000" STAMP "0A03240101A6A6C7CD0D",
	"0004" OA "0000" STAMP "00",
	HEAD "04"
	     "0ED0D637396C7EBBCB"
	     "0000" STAMP "05E8329BFD06",
	HEAD "0601" OA STAMP STAMP "00",
	/* 160 septets of '@', 70 units */
	HEAD
	"04" OA "0000" STAMP "A0"
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	"0000000000000000",
};

static size_t from_hex(const char *hex, uint8_t *pdu)
{
	size_t len;

	assert_int_equal(pdu_from_hex(hex, pdu, PDU_OCTETS_MAX, &len), ERR_OK);
	return len;
}

/* In a block of its very size, so that the sanitizer sees the first octet too far. */
static enum err decode(const uint8_t *pdu, size_t len, struct line *line, const char **reason)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum err err;

	assert_non_null(exact);
	memcpy(exact, pdu, len);
	err = pdu_decode(exact, len, line, reason);
	free(exact);
	if (!err) {
		CLEAN_BUF text = {0};

		buf_init(&text, LINE_MAX_BYTES);
		assert_int_equal(line_format(line, &text), ERR_OK);
	} else {
		assert_int_equal(err, ERR_PROTOCOL);
		assert_true(*reason && (*reason)[0] && strlen(*reason) < 64);
	}
	return err;
}

static void test_samples_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		uint8_t pdu[PDU_OCTETS_MAX];
		const char *reason = NULL;
		struct pdu_layout layout;
		size_t len = from_hex(samples[i], pdu);

		reason = pdu_gate(pdu, len, &layout);
		if (reason)
			fail_msg("sample %zu: %s", i, reason);
		assert_int_equal(layout.end, len);
	}
}

static void test_every_truncation(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		uint8_t pdu[PDU_OCTETS_MAX];
		size_t len = from_hex(samples[i], pdu);

		for (size_t cut = 0; cut < len; cut++) {
			const char *reason = NULL;
			struct line line;

			assert_int_equal(decode(pdu, cut, &line, &reason), ERR_PROTOCOL);
		}
	}
}

static void test_every_bit(void **state)
{
	size_t passed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		uint8_t pdu[PDU_OCTETS_MAX];
		size_t len = from_hex(samples[i], pdu);

		for (size_t bit = 0; bit < 8 * len; bit++) {
			const char *reason = NULL;
			struct line line;

			pdu[bit / 8] ^= (uint8_t)(1u << bit % 8);
			passed += decode(pdu, len, &line, &reason) == ERR_OK;
			pdu[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	}
	assert_true(passed > 0);
}

static void test_known_killers(void **state)
{
	static const struct {
		const char *hex, *reason;
	} cases[] = {
		{"0004", "cut short before the address"},
		{"", "empty"},
		{"0D04", "SMSC address of more than 12 octets"},
		{HEAD "44" OA "0004" STAMP "04FF000000",
			"user data header is longer than the user data"},
		{HEAD "44" OA "0000" STAMP "00", "user data header without user data"},
		{HEAD "04" OA "0000" STAMP "A1E8329BFD06", "more than 160 septets"},
		{HEAD "04" OA "0008" STAMP "8D0041", "more than 140 octets of user data"},
		{HEAD "04" OA "0000" STAMP "06E8329BFD06", "user data is cut short"},
		{HEAD "04"
		      "1591480900001032547698F8",
			"address of more than 20 digits"},
		{HEAD "04"
		      "0B914809",
			"address is cut short"},
		{HEAD "0601" OA STAMP STAMP, "SMS-STATUS-REPORT is cut short"},
		{HEAD "1101" OA "0000AA05E8329BFD06", "not a received message"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t pdu[PDU_OCTETS_MAX];
		const char *reason = NULL;
		struct line line;
		size_t len = from_hex(cases[i].hex, pdu);

		/* The octet 0xFF is a lie, but 6 octets are there. */
		assert_int_equal(decode(pdu, len, &line, &reason), ERR_PROTOCOL);
		if (!str_eq(reason, "user data is cut short") ||
			!str_eq(cases[i].reason, "user data header is longer than the user data"))
			assert_string_equal(reason, cases[i].reason);
	}
}

/* 140 octets of user data that begin with a header of 255. */
static void test_header_beyond_everything(void **state)
{
	uint8_t pdu[PDU_OCTETS_MAX] = {0};
	const char *reason = NULL;
	struct line line;
	size_t len = from_hex(HEAD "44" OA "0004" STAMP "8C", pdu);

	(void)state;
	memset(pdu + len, 0xff, PDU_UD_MAX);
	assert_int_equal(decode(pdu, len + PDU_UD_MAX, &line, &reason), ERR_PROTOCOL);
	assert_string_equal(reason, "user data header is longer than the user data");
}

static void test_data_for_a_port(void **state)
{
	uint8_t pdu[PDU_OCTETS_MAX];
	const char *reason = NULL;
	struct line line;
	size_t len = from_hex(HEAD "44" OA "0004" STAMP "0A0605040B8423F0010203", pdu);

	(void)state;
	assert_int_equal(decode(pdu, len, &line, &reason), ERR_PROTOCOL);
	assert_string_equal(reason, "data for an application port");
}

/* 3GPP TS 23.038 §4. */
static void test_coding(void **state)
{
	static const struct {
		uint8_t dcs;
		enum pdu_coding coding;
		int msg_class;
	} cases[] = {{0x00, PDU_CODING_GSM7, -1}, {0x04, PDU_CODING_8BIT, -1},
		{0x08, PDU_CODING_UCS2, -1}, {0x0c, PDU_CODING_GSM7, -1},
		{0x10, PDU_CODING_GSM7, 0}, {0x18, PDU_CODING_UCS2, 0}, {0x15, PDU_CODING_8BIT, 1},
		{0x20, PDU_CODING_8BIT, -1}, {0x48, PDU_CODING_UCS2, -1},
		{0xc8, PDU_CODING_GSM7, -1}, {0xd0, PDU_CODING_GSM7, -1},
		{0xe0, PDU_CODING_UCS2, -1}, {0xf1, PDU_CODING_GSM7, 1},
		{0xf6, PDU_CODING_8BIT, 2}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int msg_class;

		assert_int_equal(pdu_coding_of(cases[i].dcs, &msg_class), cases[i].coding);
		assert_int_equal(msg_class, cases[i].msg_class);
	}
}

static void test_hex(void **state)
{
	uint8_t pdu[2];
	size_t len;

	(void)state;
	assert_int_equal(pdu_from_hex("aF09", pdu, 2, &len), ERR_OK);
	assert_int_equal(len, 2);
	assert_int_equal(pdu[0], 0xaf);
	assert_int_equal(pdu_from_hex("0", pdu, 2, &len), ERR_INVALID);
	assert_int_equal(pdu_from_hex("0g", pdu, 2, &len), ERR_INVALID);
	assert_int_equal(pdu_from_hex("000000", pdu, 2, &len), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_pass),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_known_killers),
		cmocka_unit_test(test_header_beyond_everything),
		cmocka_unit_test(test_data_for_a_port),
		cmocka_unit_test(test_coding),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
