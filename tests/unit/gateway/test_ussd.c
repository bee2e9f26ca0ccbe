/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways in which modules write what a network answers to a USSD code. */
#include "gateway/ussd.h"
#include "daemon/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const struct {
	const char *line;
	int status;
	const char *text;
} cases[] = {
	/* in the TE character set */
	{"+CUSD: 0,\"TK goc: 50.000d. HSD 31/12\",15", 0, "TK goc: 50.000d. HSD 31/12"},
	{"+CUSD: 1,\"1. Nap the\n2. So du\",15", 1, "1. Nap the\n2. So du"},
	{"+CUSD:0,\"TK chính: 50.000đ\"", 0, "TK chính: 50.000đ"},
	/* quotes within the text */
	{"+CUSD: 0,\"goi \"MI30\" con 3 ngay\",15", 0, "goi \"MI30\" con 3 ngay"},
	/* UCS-2 in hex, with a true scheme and with the usual untrue one */
	{"+CUSD: 0,\"0054004B0020006300681ED10020003500300064\",72", 0, "TK chố 50d"},
	{"+CUSD: 0,\"0054004B0020006300681ED10020003500300064\",15", 0, "TK chố 50d"},
	{"+CUSD: 0,\"0054004b0020003500300030003000640000\",72", 0, "TK 5000d"},
	/* packed septets in hex: "Tai khoan: 5000d" */
	{"+CUSD: 0,\"D4701A5C7687DF6177081DA6C2603201\",15", 0, NULL},
	/* octets in hex, though the scheme says septets */
	{"+CUSD: 0,\"546169206B686F616E20353030306400\",15", 0, NULL},
	{"+CUSD: 0,\"546169206B686F616E2035303030\",0", 0, "Tai khoan 5000"},
	/* 8 bit */
	{"+CUSD: 0,\"546169206B686F616E2035303030\",68", 0, "Tai khoan 5000"},
	/* an amount is no hex */
	{"+CUSD: 0,\"50000000\",15", 0, "50000000"},
	{"+CUSD: 0,\"5000\",15", 0, "5000"},
	/* no text at all */
	{"+CUSD: 2", 2, ""},
	{"+CUSD: 4", 4, ""},
	{"+CUSD: 5,", 5, ""},
	{"+CUSD: 0,\"\",15", 0, ""},
	/* never ended */
	{"+CUSD: 0,\"TK goc: 5", 0, "TK goc: 5"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct line_ussd ussd;

		assert_int_equal(ussd_parse(cases[i].line, &ussd), ERR_OK);
		assert_int_equal(ussd.status, cases[i].status);
		assert_string_equal(ussd.raw, cases[i].line);
		if (cases[i].text)
			assert_string_equal(ussd.text, cases[i].text);
		assert_true(str_is_utf8(ussd.text, strlen(ussd.text)));
	}
}

/* What is packed here comes out there. */
static void test_packed(void **state)
{
	static const char *const texts[] = {
		"Tai khoan goc: 5000d", "So du TK: 12.345d. Nap the: *100#", "@ 1234567"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char hex[600], line[700];
		struct line_ussd ussd;

		ussd_packed_hex(texts[i], hex);
		snprintf(line, sizeof(line), "+CUSD: 0,\"%s\",15", hex);
		assert_int_equal(ussd_parse(line, &ussd), ERR_OK);
		assert_string_equal(ussd.text, texts[i]);
	}
}

static void test_codes(void **state)
{
	char hex[64];

	(void)state;
	ussd_ucs2_hex("*101#", hex);
	assert_string_equal(hex, "002A0031003000310023");
	/* 3GPP TS 23.038 §6.1.2.3: 7 characters end with a CR, not with a zero */
	ussd_packed_hex("*100#", hex);
	assert_string_equal(hex, "AA180C3602");
	ussd_packed_hex("*101*1#", hex);
	assert_int_equal(strlen(hex), 14);
	assert_int_equal(hex[12], '1');
}

static void test_refused(void **state)
{
	struct line_ussd ussd = {.status = 77};

	(void)state;
	assert_int_equal(ussd_parse("+CUSD", &ussd), ERR_PROTOCOL);
	assert_int_equal(ussd_parse("+CUSD: ", &ussd), ERR_PROTOCOL);
	assert_int_equal(ussd_parse("+CUSD: 9,\"a\"", &ussd), ERR_PROTOCOL);
	assert_int_equal(ussd.status, 77);
}

static void test_long(void **state)
{
	char line[4096];
	struct line_ussd ussd;
	size_t at = (size_t)snprintf(line, sizeof(line), "+CUSD: 0,\"");

	(void)state;
	memset(line + at, '\xe9', 2000);
	snprintf(line + at + 2000, sizeof(line) - at - 2000, "\",15");
	assert_int_equal(ussd_parse(line, &ussd), ERR_OK);
	assert_true(str_is_utf8(ussd.text, strlen(ussd.text)));
	assert_true(strlen(ussd.text) > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_packed),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
