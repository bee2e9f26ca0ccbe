/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the screen of bulletins finds, and where; and what it lets pass. */
#include "daemon/desk/bulletin_screen.h"

#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct finding findings[FINDINGS_MAX];

static int screened(const char *text)
{
	int count = 0;

	assert_int_equal(
		bulletin_screen(text, FINDING_IN_TEXT, findings, FINDINGS_MAX, &count), ERR_OK);
	return count;
}

/* What is marked with <> in `marked`, and nothing else, is found as that kind. */
static void assert_found(enum finding_kind kind, const char *marked)
{
	char text[1024] = "";
	size_t len = 0, from = 0, to = 0;
	int count;

	for (const char *p = marked; *p && len < sizeof(text) - 1; p++) {
		if (*p == '<')
			from = len;
		else if (*p == '>')
			to = len;
		else
			text[len++] = *p;
	}
	text[len] = 0;
	count = screened(text);
	if (count != 1 || findings[0].kind != kind || findings[0].at != (int)from ||
		findings[0].bytes != (int)(to - from))
		fail_msg("%s: %d found, first %s at %d, %d bytes", marked, count,
			count ? finding_kind_text(findings[0].kind) : "-", findings[0].at,
			findings[0].bytes);
}

static void assert_clean(const char *text)
{
	int count = screened(text);

	if (count)
		fail_msg("%s: %s at %d (%s)", text, finding_kind_text(findings[0].kind),
			findings[0].at, findings[0].word);
}

static void test_secrets_and_measures(void **state)
{
	(void)state;
	assert_found(FINDING_SECRECY, "Theo <văn bản TUYỆT MẬT> số 5");
	assert_found(FINDING_SECRECY, "theo <van ban T.U.Y.E.T M.A.T> so 5");
	assert_found(FINDING_SECRECY, "day la <bi mat nha nuoc>");
	assert_found(FINDING_MEASURE, "Công an xã lập <chuyên án> T12");
	assert_found(FINDING_MEASURE, "cong an lap <ke hoach bat> doi tuong");
	assert_found(FINDING_MEASURE, "bố trí <tr1nh sát> ở đầu thôn");
	assert_clean("Lực lượng trinh sát đã bắt nhóm trộm.");
	assert_clean("Bà con nuôi mật ong, giữ bí mật mã số.");
}

static void test_numbers_of_persons(void **state)
{
	(void)state;
	assert_found(FINDING_IDENTITY, "Anh A, CCCD <001099012345>, trú tại thôn 2");
	assert_found(FINDING_IDENTITY, "so dinh danh <001 099 012 345>");
	assert_found(FINDING_IDENTITY, "CMND <123456789> cap ngay");
	assert_found(FINDING_IDENTITY, "giấy <123.456.789>");
	assert_found(FINDING_PHONE, "gọi <0900001234> ngay");
	assert_found(FINDING_PHONE, "gọi <0900 001 234> ngay");
	assert_found(FINDING_PHONE, "gọi <090.000.1234> ngay");
	assert_found(FINDING_PHONE, "+<84-900 001 234>");
	assert_found(FINDING_PHONE, "<84900001234>");
	assert_found(FINDING_PHONE, "trực ban <0203 3 825 113>.");
	assert_found(FINDING_ACCOUNT, "STK <0123456789> Vietcombank");
	assert_found(FINDING_ACCOUNT, "vao tai khoan: <12345678>");
	assert_found(FINDING_ACCOUNT, "thẻ <9704 3668 0123 4567>");
}

static void test_tricks(void **state)
{
	(void)state;
	assert_found(FINDING_PHONE, "<O9OO.OO1.234>");
	assert_found(FINDING_PHONE, "<０９００００１２３４>");
	assert_found(FINDING_PHONE, "<0\xe2\x80\x8b"
				    "900001234>");
	assert_found(FINDING_PHONE, "<0900–001–234>");
	assert_found(FINDING_IDENTITY, "<٠٠١٠٩٩٠١٢٣٤٥>");
}

static void test_plates(void **state)
{
	(void)state;
	assert_found(FINDING_PLATE, "xe <14A-123.45> màu đen");
	assert_found(FINDING_PLATE, "xe <14a12345>");
	assert_found(FINDING_PLATE, "xe <29-B1 234.56>");
	assert_found(FINDING_PLATE, "xe <29B1-2345>");
	assert_found(FINDING_PLATE, "xe <30F 12345>");
	assert_found(FINDING_PLATE, "xe <29MĐ1-123.45>");
	assert_clean("Họp lúc 10h 2025 người");
	assert_clean("khoảng 15 hộ 1234 người");
}

static void test_links_and_money(void **state)
{
	(void)state;
	assert_found(FINDING_LINK, "xem <https://congan.gov.vn/a?b=1> nhé");
	assert_found(FINDING_LINK, "xem <www.abc.xyz>");
	assert_found(FINDING_LINK, "vào <bit.ly/abc>");
	assert_found(FINDING_LINK, "vào <bit[.]ly>");
	assert_found(FINDING_LINK, "vào <hxxps://lua-dao>");
	assert_found(FINDING_LINK, "cổng <dichvucong.gov.vn>.");
	assert_found(FINDING_LINK, "thư <congan@tinh.gov.vn>");
	assert_found(FINDING_MONEY, "bà con <nộp tiền> tại nhà văn hóa");
	assert_found(FINDING_MONEY, "ba con <chuyen khoan> truoc ngay mai");
	assert_found(FINDING_MONEY, "gửi <mã OTP> cho cán bộ");
	assert_clean("Bà con không chuyển tiền cho người lạ, không cung cấp mã OTP.");
}

static void test_what_passes(void **state)
{
	(void)state;
	assert_clean("Họp lúc 19 giờ 30 ngày 22/11/2026 tại nhà văn hóa thôn 3.");
	assert_clean("Phạt từ 1.000.000 đồng đến 200.000.000 đồng (Nghị định 282/2025/NĐ-CP).");
	assert_clean("Thiệt hại 100.000.000 đ; 5.000.000.000 VND.");
	assert_clean("Gọi 113, 114, 115 hoặc 112; tổng đài 1900 8198.");
	assert_clean("Xã có 1.230 hộ, 5.412 nhân khẩu, 20 thôn.");
	assert_clean("Từ 7 giờ đến 17 giờ các ngày 1, 2, 3, 4, 5, 6.");
	assert_clean("Xong.Bà con về nhà.");
	assert_clean("Luật số 117/2025/QH15, Thông tư 28/2020/TT-BCA.");
	assert_clean("");
}

static void test_each_field_and_place(void **state)
{
	int count = 0;

	(void)state;
	assert_int_equal(bulletin_screen("gọi 0900001234, 0900001235", FINDING_IN_SMS, findings,
				 FINDINGS_MAX, &count),
		ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(findings[1].field, FINDING_IN_SMS);
	assert_string_equal(findings[0].word, "số điện thoại");
	/* It goes on behind what was found before. */
	assert_int_equal(bulletin_screen("gọi 0900001234", FINDING_IN_TEXT, findings, 2, &count),
		ERR_TOO_BIG);
	assert_int_equal(count, 2);
}

/* A text as long as there is, of what costs most. */
static void test_long_texts_are_read_in_time(void **state)
{
	static const char *const pieces[] = {
		"a.", "1 ", "0900001234 ", "o", "1.000.", "29", "www."};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		char *text = calloc(1, BULLETIN_TEXT_MAX + 16);
		int count = 0;

		assert_non_null(text);
		for (size_t at = 0; at < BULLETIN_TEXT_MAX; at += strlen(pieces[i]))
			memcpy(text + at, pieces[i], strlen(pieces[i]));
		(void)!bulletin_screen(text, FINDING_IN_TEXT, findings, FINDINGS_MAX, &count);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secrets_and_measures),
		cmocka_unit_test(test_numbers_of_persons),
		cmocka_unit_test(test_tricks),
		cmocka_unit_test(test_plates),
		cmocka_unit_test(test_links_and_money),
		cmocka_unit_test(test_what_passes),
		cmocka_unit_test(test_each_field_and_place),
		cmocka_unit_test(test_long_texts_are_read_in_time),
	};

	return cmocka_run_group_tests_name("bulletin_screen", tests, NULL, NULL);
}
