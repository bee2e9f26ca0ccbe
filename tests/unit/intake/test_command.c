/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct command parse(const char *text)
{
	struct command command;

	command_parse(text, &command);
	return command;
}

static void test_procedures(void **state)
{
	static const struct {
		const char *text, *words; /* NULL: it is something else */
	} cases[] = {
		{"TT can cuoc", "can cuoc"},
		{"tt: Căn cước", "Căn cước"},
		{"Thủ tục làm hộ chiếu", "làm hộ chiếu"},
		{"thu tuc lam ho chieu", "lam ho chieu"},
		{"TT", ""},
		{"TT?", "?"},
		{"ttin", NULL},
		{"thu tuc", ""},
		{"TC ACD234", NULL},
		{"AN TT can cuoc", NULL},
		{"nha toi mat trom", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command command = parse(cases[i].text);

		assert_int_equal(command.kind == COMMAND_PROCEDURE, cases[i].words != NULL);
		if (cases[i].words)
			assert_string_equal(command.words, cases[i].words);
	}
}

static void test_questions(void **state)
{
	static const struct {
		const char *text, *code, *pin;
		enum command_kind kind;
	} cases[] = {
		{"TC ABC234", NULL, "", COMMAND_NONE}, /* B is no letter of a code */
		{"TC ACD234", "ACD234", "", COMMAND_STATUS},
		{"tc acd234", "ACD234", "", COMMAND_STATUS},
		{" tc: #acd234. ", "ACD234", "", COMMAND_STATUS},
		{"Tra cứu mã ACD234", NULL, "", COMMAND_NONE},
		{"Tra cứu ma ACD234", "ACD234", "", COMMAND_STATUS},
		{"tra cuu ACD234", "ACD234", "", COMMAND_STATUS},
		{"TC ACD234 123456", "ACD234", "123456", COMMAND_STATUS},
		{"TC ACD234, PIN 123456", "ACD234", "123456", COMMAND_STATUS},
		{"TC ACD234/123456", "ACD234", "123456", COMMAND_STATUS},
		{"TC ACD234 1234567890123", "ACD234", "12345678", COMMAND_STATUS},
		{"MK ACD234", "ACD234", "", COMMAND_PIN},
		{"pin ACD234", "ACD234", "", COMMAND_PIN},
		{"MK ACD234 123456", NULL, "", COMMAND_NONE},
		{"TC ACD2345", NULL, "", COMMAND_NONE},
		{"TC ACD23", NULL, "", COMMAND_NONE},
		{"TC ACD234 nha toi chay", NULL, "", COMMAND_NONE},
		{"TC", NULL, "", COMMAND_NONE},
		{"tcACD234", NULL, "", COMMAND_NONE},
		{"tc nha toi mat trom", NULL, "", COMMAND_NONE},
		{"ACD234", NULL, "", COMMAND_NONE},
		{"", NULL, "", COMMAND_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command command = parse(cases[i].text);

		if (command.kind != cases[i].kind)
			fail_msg("%s: kind %d", cases[i].text, (int)command.kind);
		assert_string_equal(command.code, cases[i].code ? cases[i].code : "");
		assert_string_equal(command.pin, cases[i].pin);
	}
}

static void test_more_for_a_report(void **state)
{
	(void)state;
	assert_string_equal(parse("#acd234 xe mau do").code, "ACD234");
	assert_string_equal(parse("#acd234 xe mau do").words, "xe mau do");
	assert_string_equal(parse("#ACD234").words, "");
	assert_string_equal(parse("#1 la so").code, "");
	assert_string_equal(parse("#1 la so").words, "#1 la so");
	assert_string_equal(parse("AN #ACD234: them").code, "ACD234");
}

static void test_anonymous_and_quiet(void **state)
{
	static const struct {
		const char *text;
		bool is_anonymous, is_quiet;
		const char *words;
	} cases[] = {
		{"AN ong Nam ban ma tuy", true, false, "ong Nam ban ma tuy"},
		{"AN TOI THAY ONG NAM BAN MA TUY", true, false, "TOI THAY ONG NAM BAN MA TUY"},
		{"ẨN tôi thấy", true, false, "tôi thấy"},
		{"an: toi thay", true, false, "toi thay"},
		{"An, toi thay", true, false, "toi thay"},
		{"ẩn danh: tôi thấy", true, false, "tôi thấy"},
		{"An danh toi thay", true, false, "toi thay"},
		{"  AN  toi", true, false, "toi"},
		{"AN", true, false, ""},
		{"IM chong toi danh toi", false, true, "chong toi danh toi"},
		{"im. chong toi", false, true, "chong toi"},
		{"AN IM toi so lam", true, true, "toi so lam"},
		{"IM AN toi so lam", true, true, "toi so lam"},
		{"IM AN IM toi", true, true, "IM toi"},
		/* Ordinary sentences. */
		{"an trom vao nha toi", false, false, "an trom vao nha toi"},
		{"An trom vao nha toi", false, false, "An trom vao nha toi"},
		{"AN TROM VAO NHA TOI", false, false, "AN TROM VAO NHA TOI"},
		{"AN TRỘM VÀO NHÀ", false, false, "AN TRỘM VÀO NHÀ"},
		{"ĂN TRỘM VÀO NHÀ", false, false, "ĂN TRỘM VÀO NHÀ"},
		{"AN NINH ap 3 rat kem", false, false, "AN NINH ap 3 rat kem"},
		{"ÁN MẠNG ở ấp 3", false, false, "ÁN MẠNG ở ấp 3"},
		{"Anh toi bi danh", false, false, "Anh toi bi danh"},
		{"ANH TOI BI DANH", false, false, "ANH TOI BI DANH"},
		{"an o ap 3 mat ve sinh", false, false, "an o ap 3 mat ve sinh"},
		{"IM LANG la dong loa", false, false, "IM LANG la dong loa"},
		{"Im lang", false, false, "Im lang"},
		{"chay nha o ap 3", false, false, "chay nha o ap 3"},
		{"IMEI may 12", false, false, "IMEI may 12"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command command = parse(cases[i].text);

		if (command.is_anonymous != cases[i].is_anonymous ||
			command.is_quiet != cases[i].is_quiet)
			fail_msg(
				"%s: %d %d", cases[i].text, command.is_anonymous, command.is_quiet);
		assert_int_equal(command.kind, COMMAND_NONE);
		assert_string_equal(command.words, cases[i].words);
	}
}

static void test_broken_bytes_are_no_command(void **state)
{
	(void)state;
	assert_false(parse("A\xe1\xba").is_anonymous);
	assert_true(parse("AN \xff\xfe").is_anonymous);
	assert_true(parse("AN \xe1").is_anonymous);
	assert_int_equal(parse("TC ACD234\xff").kind, COMMAND_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_procedures),
		cmocka_unit_test(test_more_for_a_report),
		cmocka_unit_test(test_anonymous_and_quiet),
		cmocka_unit_test(test_broken_bytes_are_no_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
