/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_code.h"
#include "tests/unit/store/support.h"

static struct report some_report(struct store_fixture *f)
{
	struct report report;

	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = party_of(f, RESIDENT),
			.source = "modem",
			.received_ms = f->clock.wall,
			.text = "Mat trom"},
		&report));
	return report;
}

static bool fits(struct store_fixture *f, int64_t report_id, const char *pin)
{
	bool is_right = false;

	assert_ok(report_pin_check(f->store, report_id, pin, 5, &is_right));
	return is_right;
}

static void test_a_pin_fits_its_report_only(void **state)
{
	struct store_fixture *f = *state;
	struct report a = some_report(f), b = some_report(f);
	char pin[REPORT_PIN_LEN + 1], other[REPORT_PIN_LEN + 1];

	assert_false(fits(f, a.id, "000000"));
	assert_ok(report_pin_draw(f->store, a.id, pin));
	assert_int_equal(strspn(pin, "0123456789"), REPORT_PIN_LEN);
	assert_true(fits(f, a.id, pin));
	for (int i = 0; i < 9; i++)
		assert_false(fits(f, a.id, i % 2 ? "" : "12345"));
	assert_true(fits(f, a.id, pin));
	assert_false(fits(f, b.id, pin));
	assert_false(fits(f, 0, pin));
	assert_false(fits(f, 99, pin));
	do {
		assert_ok(report_pin_draw(f->store, a.id, other));
	} while (str_eq(pin, other));
	assert_false(fits(f, a.id, pin));
	assert_true(fits(f, a.id, other));
}

static void test_too_many_wrong_ones_end_a_pin(void **state)
{
	struct store_fixture *f = *state;
	struct report a = some_report(f);
	char pin[REPORT_PIN_LEN + 1];

	assert_ok(report_pin_draw(f->store, a.id, pin));
	for (int i = 0; i < 4; i++)
		assert_false(fits(f, a.id, "xxxxxx"));
	assert_true(fits(f, a.id, pin));
	assert_false(fits(f, a.id, "xxxxxx"));
	assert_false(fits(f, a.id, pin));
	/* Over a restart as well; a new one is as good as new. */
	end_turn(f);
	store_close(f->store);
	store_fixture_open(f);
	assert_false(fits(f, a.id, pin));
	assert_ok(report_pin_draw(f->store, a.id, pin));
	assert_true(fits(f, a.id, pin));
}

static void test_guards_are_apart_and_forgotten(void **state)
{
	struct store_fixture *f = *state;
	struct code_guard guard = {3, 10, 20, 1, 5}, seen;

	assert_ok(code_guard_save(f->store, CODE_SCOPE_SENDER, "7", &guard));
	assert_ok(code_guard_load(f->store, CODE_SCOPE_SENDER, "7", &seen));
	assert_true(seen.wrong == 3 && seen.last_ms == 10 && seen.until_ms == 20);
	assert_true(seen.said == 1 && seen.said_ms == 5);
	assert_ok(code_guard_load(f->store, CODE_SCOPE_CODE, "7", &seen));
	assert_int_equal(seen.wrong, 0);
	guard.wrong = 4;
	assert_ok(code_guard_save(f->store, CODE_SCOPE_SENDER, "7", &guard));
	assert_ok(code_guard_load(f->store, CODE_SCOPE_SENDER, "7", &seen));
	assert_int_equal(seen.wrong, 4);
	assert_ok(code_guard_prune(f->store, 10));
	assert_ok(code_guard_load(f->store, CODE_SCOPE_SENDER, "7", &seen));
	assert_int_equal(seen.wrong, 4);
	assert_ok(code_guard_prune(f->store, 11));
	assert_ok(code_guard_load(f->store, CODE_SCOPE_SENDER, "7", &seen));
	assert_int_equal(seen.wrong, 0);
}

static void test_held_answers_are_shown_once_in_order(void **state)
{
	struct store_fixture *f = *state;
	struct report a = some_report(f);
	CLEAN_BUF text = {0};
	int64_t count;

	buf_init(&text, 1000);
	assert_ok(report_held_add(f->store, a.id, "một"));
	assert_ok(report_held_add(f->store, a.id, "hai"));
	assert_ok(report_held_count(f->store, a.id, &count));
	assert_int_equal(count, 2);
	assert_ok(report_held_take(f->store, a.id, &text));
	assert_string_equal(buf_text(&text), "một");
	assert_ok(report_held_take(f->store, a.id, &text));
	assert_string_equal(buf_text(&text), "mộthai");
	assert_err(report_held_take(f->store, a.id, &text), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_pin_fits_its_report_only),
		STORE_TEST(test_too_many_wrong_ones_end_a_pin),
		STORE_TEST(test_guards_are_apart_and_forgotten),
		STORE_TEST(test_held_answers_are_shown_once_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
