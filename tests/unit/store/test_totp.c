/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Against the vectors of RFC 6238, appendix B, and the window and the replay on a clock of our own.
 */
#include "tests/unit/store/support.h"

#include "store/totp.h"

static const uint8_t secret[TOTP_SECRET_BYTES] = "12345678901234567890";

static enum err check_at(const char *code, int64_t at_s, int64_t after, int64_t *step)
{
	return totp_check(secret, code, at_s * SECOND_MS, after, step);
}

static void test_vectors_of_the_rfc(void **state)
{
	/* Their last six digits. */
	static const struct {
		int64_t at_s;
		const char *code;
	} vectors[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
		{1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
	int64_t step;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		assert_ok(check_at(vectors[i].code, vectors[i].at_s, 0, &step));
		assert_int_equal(step, vectors[i].at_s / TOTP_STEP_S);
	}
}

static void test_one_step_to_each_side(void **state)
{
	int64_t step = 0;

	(void)state;
	/* 081804 belongs to the step that begins at 1111111080. */
	assert_err(check_at("081804", 1111111080 - 31, 0, &step), ERR_DENIED);
	assert_ok(check_at("081804", 1111111080 - 30, 0, &step));
	assert_ok(check_at("081804", 1111111080 + 59, 0, &step));
	assert_int_equal(step, 1111111080 / 30);
	assert_err(check_at("081804", 1111111080 + 60, 0, &step), ERR_DENIED);
}

static void test_never_twice(void **state)
{
	int64_t step = 0, again = 0;

	(void)state;
	assert_ok(check_at("081804", 1111111109, 0, &step));
	assert_err(check_at("081804", 1111111109, step, &again), ERR_DENIED);
	/* Nor an older one that is still in the window; the next one is good. */
	assert_ok(check_at("050471", 1111111111, step, &again));
	assert_err(check_at("081804", 1111111111, again, &step), ERR_DENIED);
}

static void test_what_is_no_code(void **state)
{
	static const char *const bad[] = {"", "08180", "0818044", "08180a", "081805", " 81804"};
	int64_t step;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_err(check_at(bad[i], 1111111109, 0, &step), ERR_DENIED);
}

static void test_what_the_qr_code_says(void **state)
{
	CLEAN_BUF uri = {0};

	(void)state;
	buf_init(&uri, 256);
	assert_ok(totp_uri(secret, "truong.ca", &uri));
	assert_string_equal(buf_text(&uri),
		"otpauth://totp/Binhyen:truong.ca?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		"&issuer=Binhyen&digits=6&period=30");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_of_the_rfc),
		cmocka_unit_test(test_one_step_to_each_side),
		cmocka_unit_test(test_never_twice),
		cmocka_unit_test(test_what_is_no_code),
		cmocka_unit_test(test_what_the_qr_code_says),
	};

	return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
