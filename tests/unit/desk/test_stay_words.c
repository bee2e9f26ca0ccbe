/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stay notices as people write them: who, why, when, where; and what is missing. */
#include "daemon/desk/stay_words.h"

#include "daemon/base/base.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static int64_t today(void)
{
	return date_day((struct date){2026, 11, 22});
}

static void describe(const char *text, char out[1024])
{
	struct stay_words words;
	char from[DATE_BYTES] = "-", to[DATE_BYTES] = "-";
	size_t len = 0;

	assert_int_equal(stay_words_read(text, today(), &words), ERR_OK);
	if (words.from_day)
		date_format(words.from_day, from);
	if (words.to_day)
		date_format(words.to_day, to);
	out[0] = 0;
	for (int i = 0; i < words.guest_count; i++)
		len += (size_t)snprintf(
			out + len, 1024 - len, "%s %s; ", words.guests[i].name, words.guests[i].id);
	snprintf(out + len, 1024 - len, "%s; %s; %s %s; %x", words.reason, words.address, from, to,
		words.faults);
}

static void test_any_order_and_spelling(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"Nguyen Van A, 001090123456, tham con, 22/11 den 25/11, so 5 thon 3",
			"Nguyen Van A 001090123456; tham con; so 5 thon 3; 2026-11-22 2026-11-25; 0"},
		{"Nguyễn Văn A 001090123456 thăm con 22/11 đến 25/11 thôn 3",
			"Nguyễn Văn A 001090123456; thăm con; thôn 3; 2026-11-22 2026-11-25; 0"},
		{"Tran Thi B 001190123457; Le Van C 036203000001; du lich; 22-24/11; nha nghi Hoa Mai, duong 30/4",
			"Tran Thi B 001190123457; Le Van C 036203000001; du lich; nha nghi Hoa Mai, duong 30/4; 2026-11-22 2026-11-24; 0"},
		{"ho ten: Nguyen Van A, cccd: 001 090 123456, ly do: kham benh, tu 22/11/2026 den 24/11/2026, dia chi: nha ong Ba thon 2",
			"Nguyen Van A 001090123456; kham benh; nha ong Ba thon 2; 2026-11-22 2026-11-24; 0"},
		{"001090123456 Nguyen Van A tham than toi nay 2 dem ap 7",
			"Nguyen Van A 001090123456; tham than; ap 7; 2026-11-22 2026-11-24; 0"},
		{"Lý Thị Thăm, 001190123457, về quê, 22/11 - 24/11, bản Nà Pản",
			"Lý Thị Thăm 001190123457; về quê; bản Nà Pản; 2026-11-22 2026-11-24; 0"},
		{"Nguyen Van A 001090123456 va Tran Thi B 001190123457 den choi nha ba Tu thon 5 tu hom nay 3 ngay",
			"Nguyen Van A 001090123456; Tran Thi B 001190123457; choi; nha ba Tu thon 5; 2026-11-22 2026-11-25; 0"},
		{"so 12/5 duong Le Loi, Nguyen Van A, 001090123456, cong tac, 23/11 den 24/11",
			"Nguyen Van A 001090123456; cong tac; so 12/5 duong Le Loi; 2026-11-23 2026-11-24; 0"},
		{"nha nghi A, tu 22/11 toi 25/11, du lich, Le B 001090123456",
			"Le B 001090123456; du lich; nha nghi A; 2026-11-22 2026-11-25; 0"},
		/* Over the turn of the year. */
		{"Le Thi B, 001190123457, an tet, 30/12 den 2/1, xom 1",
			"Le Thi B 001190123457; an tet; xom 1; 2026-12-30 2027-01-02; 0"},
		/* A telephone number is none of the facts. */
		{"Le Thi B, 001190123457, dt 0900000123, tham nha, hom nay den mai, thon 1",
			"Le Thi B 001190123457; tham nha; thon 1; 2026-11-22 2026-11-23; 0"},
	};
	char out[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		describe(cases[i].text, out);
		assert_string_equal(out, cases[i].expected);
	}
}

static void test_what_is_missing_is_known(void **state)
{
	static const struct {
		const char *text;
		unsigned faults;
	} cases[] = {
		{"", STAY_NO_ID | STAY_NO_REASON | STAY_NO_DATES | STAY_NO_ADDRESS},
		{"Nguyen Van A 001090123456", STAY_NO_REASON | STAY_NO_DATES | STAY_NO_ADDRESS},
		{"Nguyen Van A 001090123456 tham nha thon 3 22/11", STAY_NO_DATES},
		{"001090123456, tham nha, thon 3, 22/11-24/11", STAY_NO_NAME},
		{"Le B 012345678 tham nha thon 3 22/11-24/11", STAY_NO_ID | STAY_OLD_ID},
		{"Le B 0010901234567 tham nha thon 3 22/11-24/11", STAY_NO_ID | STAY_BAD_ID},
		/* No such province; born tomorrow; a date that is none. */
		{"Le B 099090123456 tham nha thon 3 22/11-24/11", STAY_NO_ID | STAY_BAD_ID},
		{"Le B 001399123456 tham nha thon 3 22/11-24/11", STAY_NO_ID | STAY_BAD_ID},
		{"Le B 001090123456 tham nha thon 3 31/11/2026-24/12",
			STAY_NO_DATES | STAY_BAD_DATES},
		{"Le B 001090123456 tham nha thon 3 24/11 den 22/11", STAY_BAD_DATES},
		{"Le B 001090123456 tham nha thon 3 1/9/2026 den 3/9/2026", STAY_BAD_DATES},
		{"Le B 001090123456 lam thue thon 3 22/11 den 22/12", STAY_TOO_LONG},
		{"Le B 001090123456 lam thue thon 3 22/11 den 21/12", 0},
		{"John Smith passport X12345 du lich 22/11-24/11 khach san Sao",
			STAY_NO_ID | STAY_FOREIGN},
		{"Le B 001090123456 quoc tich Viet Nam tham nha thon 3 22/11-24/11", 0},
		{"Le B 001090123456 quoc tich Lao tham nha thon 3 22/11-24/11", STAY_FOREIGN},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stay_words words;

		assert_int_equal(stay_words_read(cases[i].text, today(), &words), ERR_OK);
		if (words.faults != cases[i].faults)
			fail_msg("%s: %x instead of %x", cases[i].text, words.faults,
				cases[i].faults);
	}
}

static void test_a_lodging_house_sends_many(void **state)
{
	struct stay_words words;
	char text[2048] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i < STAY_GUESTS_MAX + 1; i++)
		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "Khach So %c 0010901234%02d\n", 'A' + i, i);
	snprintf(text + len, sizeof(text) - len, "du lich, 22/11-23/11, nha nghi Hoa");
	assert_int_equal(stay_words_read(text, today(), &words), ERR_OK);
	assert_int_equal(words.guest_count, STAY_GUESTS_MAX);
	assert_int_equal(words.faults, STAY_TOO_MANY);
	for (int i = 0; i < words.guest_count; i++)
		assert_true(words.guests[i].name[0]);
}

static void test_what_was_wrong_is_forgotten(void **state)
{
	char text[256] = "Le B 012345678, 099090123456, 001090123456 thon 3 24/11-22/11";
	struct stay_words words;

	(void)state;
	assert_int_equal(stay_words_forget(text, today(), 0), ERR_OK);
	assert_null(strstr(text, "012345678"));
	assert_null(strstr(text, "099090"));
	assert_non_null(strstr(text, "001090123456"));
	assert_non_null(strstr(text, "24/11"));
	assert_int_equal(stay_words_forget(text, today(), STAY_BAD_DATES), ERR_OK);
	assert_null(strstr(text, "/11"));
	assert_int_equal(stay_words_read(text, today(), &words), ERR_OK);
	assert_int_equal(words.faults, STAY_NO_REASON | STAY_NO_DATES);
	assert_string_equal(words.guests[0].name, "Le B");
}

static void test_identity_numbers(void **state)
{
	static const char *const good[] = {
		"001090123456", "096199999999", "079203000000", "001226000001"};
	static const char *const bad[] = {"", "001090", "00109012345a", "000090123456",
		"003090123456", "097090123456", "001227000001", "001490123456", "0010901234567"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(stay_is_id(good[i], today()));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(stay_is_id(bad[i], today()));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_order_and_spelling),
		cmocka_unit_test(test_what_is_missing_is_known),
		cmocka_unit_test(test_a_lodging_house_sends_many),
		cmocka_unit_test(test_what_was_wrong_is_forgotten),
		cmocka_unit_test(test_identity_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
