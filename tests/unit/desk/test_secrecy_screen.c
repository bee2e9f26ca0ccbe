/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which texts carry a marking of a state secret, and which only look like it. */
#include "daemon/desk/secrecy_screen.h"

#include "daemon/base/base.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_markings_are_found(void **state)
{
	static const char *const texts[] = {
		"TUYỆT MẬT\nSố 12/BC-CAX",
		"TỐI MẬT",
		"MẬT\nKính gửi: Công an huyện",
		"MẬT: kế hoạch tuần tra đêm giao thừa",
		"Công văn này độ Mật (mật), xin ý kiến",
		"Gửi các đồng chí tài liệu mật về đợt ra quân",
		"văn bản tối mật gửi kèm",
		"van ban toi mat gui kem",
		"đây là bí mật nhà nước",
		"day la bi mat nha nuoc",
		"BI MAT NHA NUOC",
		"T.U.Y.Ệ.T M.Ậ.T",
		"T U Y Ệ T  M Ậ T",
		"tuyệt-mật",
		"tuyệtmật",
		"tuyet mật",
		"TUY3T M4T\nso 5",
		"theo cong van TUYET MAT so 5",
		"theo cong van TOI MAT so 5 cua huyen",
		"TUYET MAT",
		"[TOI MAT] lich truc",
		"\xd0\xa2UYỆT \xd0\x9cẬT",			   /* T and M are Cyrillic */
		"TU\xe2\x80\x8bYỆT MẬ\xe2\x80\x8bT",		   /* zero width */
		"ＴＵＹỆＴ ＭẬＴ",				   /* full width */
		"tu\x79\x65\xcc\xa3\xcc\x82t ma\xcc\xa3\xcc\x82t", /* decomposed */
		"top secret plan",
		"phong bì ghi chỉ người có tên mới được bóc bì",
		"Chuyển hồ sơ (MẬT) cho anh",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (!secrecy_find(texts[i]))
			fail_msg("not found: %s", texts[i]);
	}
}

static void test_common_words_are_none(void **state)
{
	static const char *const texts[] = {
		"",
		"bán mật ong rừng 300k một lít",
		"MẬT ONG RỪNG NGUYÊN CHẤT",
		"xin giữ bí mật tên tôi",
		"xin giu bi mat ten toi",
		"quên mật khẩu vneid",
		"mat khau vneid",
		"tôi mất xe máy",
		"toi mat xe may o cho",
		"TOI MAT XE MAY O CHO",
		"TOI MAT XE",
		"chi tuyet mat dien thoai",
		"chị Tuyết mất điện thoại",
		"dien mat tu sang",
		"dau mat hot ca xom",
		"đau mắt đỏ",
		"bị đấm vào mặt",
		"do mat ngoai san",
		"tai lieu mat het khi chay nha",
		"mật độ giao thông đông",
		"tình cảm thân mật",
		"tối mắt tối mũi",
		"lũ mat duong di",
		"con ma trơi",
		"mat",
		"mật gấu, mật heo",
		"trật tự công cộng",
		"hỏi về luật bảo vệ bí mật nhà nước",
		"hoi ve luat bao ve bi mat nha nuoc",
		"ma tuý ở ngã tư",
		"M 4 7 1",
		"0900001234 4 7",
		"\xff\xfe",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *found = secrecy_find(texts[i]);

		if (found)
			fail_msg("\"%s\" found in: %s", found, texts[i]);
	}
}

static void test_the_marking_is_named(void **state)
{
	(void)state;
	assert_string_equal(secrecy_find("TUYỆT MẬT\nSố 1"), "tuyệt mật");
	assert_string_equal(secrecy_find("(MẬT)"), "mật");
}

static void test_a_long_text_is_read_to_its_limit(void **state)
{
	static const char words[] = " bi mat nha nuoc ";
	char *text = calloc(1, 100001);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < 100000; i++)
		text[i] = i % 5 ? 'a' : ' ';
	assert_null(secrecy_find(text));
	for (size_t i = 0; words[i]; i++)
		text[10000 + i] = words[i];
	assert_string_equal(secrecy_find(text), "bí mật nhà nước");
	free(text);
}

static void test_a_bad_list_is_refused(void **state)
{
	static const struct {
		const char *json, *why;
	} bad[] = {
		{"{", "line 1"},
		{"[]", "it must have"},
		{"{\"any\":[],\"marked\":[],\"stamp\":[],\"other\":[]}", "\"unless\" must be"},
		{"{\"any\":1,\"marked\":[],\"stamp\":[],\"unless\":[]}", "\"any\" must be"},
		{"{\"any\":[1],\"marked\":[],\"stamp\":[],\"unless\":[]}", "no text"},
		{"{\"any\":[\"?\"],\"marked\":[],\"stamp\":[],\"unless\":[]}", "1 to 64 letters"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct secrecy_list *list = NULL;
		struct errbuf eb = {0};

		assert_int_equal(
			secrecy_parse(bad[i].json, strlen(bad[i].json), &list, &eb), ERR_INVALID);
		assert_null(list);
		if (!strstr(eb.text, bad[i].why))
			fail_msg("%s: %s", bad[i].json, eb.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_markings_are_found),
		cmocka_unit_test(test_common_words_are_none),
		cmocka_unit_test(test_the_marking_is_named),
		cmocka_unit_test(test_a_long_text_is_read_to_its_limit),
		cmocka_unit_test(test_a_bad_list_is_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
