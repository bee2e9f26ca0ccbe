/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What counts as an answer to an alarm, and that anything else is a report as ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/intake/alarm_answer.h"

static void test_as_people_type_it(void **state)
{
	static const struct {
		const char *text;
		int number;
		bool is_back;
		const char *note;
	} answers[] = {
		{"OK 123", 123, false, ""},
		{"ok123", 123, false, ""},
		{" Ok  123. ", 123, false, ""},
		{"OK: 123", 123, false, ""},
		{"0k 123", 123, false, ""},
		{"oK-999!", 999, false, ""},
		{"OK 123 dang den", 123, false, "dang den"},
		{"OK 123, đang đến", 123, false, "đang đến"},
		{"ok 123\nden ngay", 123, false, "den ngay"},
		{"HUY 123", 123, true, ""},
		{"hủy 123", 123, true, ""},
		{"HỦY123", 123, true, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct alarm_answer answer = {0};

		assert_int_equal(alarm_answer_parse(answers[i].text, &answer), ERR_OK);
		assert_int_equal(answer.number, answers[i].number);
		assert_int_equal(answer.is_back, answers[i].is_back);
		assert_string_equal(answer.note, answers[i].note);
	}
}

static void test_what_is_none(void **state)
{
	static const char *const texts[] = {"", "OK", "OK 12", "OK 1234", "OK 012", "okie 123",
		"OK a123", "123", "ok em 123", "huy hoai 123", "toi OK 123", "chay nha so 123"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct alarm_answer answer = {.number = -1};

		if (alarm_answer_parse(texts[i], &answer) != ERR_NOT_FOUND)
			fail_msg("\"%s\" was taken for an answer", texts[i]);
		assert_int_equal(answer.number, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_people_type_it),
		cmocka_unit_test(test_what_is_none),
	};

	return cmocka_run_group_tests_name("alarm_answer", tests, NULL, NULL);
}
