/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By which ways a bulletin goes to whom, and in which hours. */
#include "tests/lib/store_fixture.h"

#include "daemon/desk/plan.h"
#include "daemon/desk/quiet.h"

static struct ledger_plan plan(
	enum delivery_urgency urgency, enum plan_sms sms, struct plan_known known)
{
	const struct plan_rule rule = {
		.urgency = urgency, .steps = STEP_GROUP | STEP_ZALO | STEP_SMS, .normal_sms = sms};
	struct ledger_plan made;

	plan_make(&rule, &known, &made);
	return made;
}

static const struct plan_known phone_only = {.wave = WAVE_OTHER, .is_known = true};
static const struct plan_known on_zalo = {.wave = WAVE_OTHER, .is_known = true, .on_zalo = true};
static const struct plan_known member = {
	.wave = WAVE_OTHER, .is_known = true, .on_zalo = true, .group_id = 3};
static const struct plan_known head = {.wave = WAVE_HEAD, .is_known = true, .on_zalo = true};

static void assert_plan(struct ledger_plan made, int step, int steps, int wave)
{
	assert_int_equal(made.step, step);
	assert_int_equal(made.steps, steps);
	assert_int_equal(made.wave, wave);
	assert_string_equal(made.reason, "");
}

static void test_emergency(void **state)
{
	const enum delivery_urgency urgency = DELIVERY_EMERGENCY;

	(void)state;
	assert_plan(plan(urgency, PLAN_SMS_OFF, phone_only), STEP_SMS, STEP_SMS, WAVE_NOT_ON_ZALO);
	assert_plan(
		plan(urgency, PLAN_SMS_OFF, on_zalo), STEP_ZALO, STEP_ZALO | STEP_SMS, WAVE_OTHER);
	/* A post in a group, which nobody need open, is no warning. */
	assert_plan(
		plan(urgency, PLAN_SMS_OFF, member), STEP_ZALO, STEP_ZALO | STEP_SMS, WAVE_OTHER);
	/* A head waits for no internet. */
	assert_plan(plan(urgency, PLAN_SMS_OFF, head), STEP_SMS, STEP_ZALO | STEP_SMS, WAVE_HEAD);
	assert_true(plan_patience_ms(urgency) == 0);
}

static void test_urgent(void **state)
{
	const enum delivery_urgency urgency = DELIVERY_URGENT;

	(void)state;
	assert_plan(plan(urgency, PLAN_SMS_OFF, member), STEP_GROUP,
		STEP_GROUP | STEP_ZALO | STEP_SMS, WAVE_OTHER);
	assert_plan(plan(urgency, PLAN_SMS_OFF, head), STEP_ZALO, STEP_ZALO | STEP_SMS, WAVE_HEAD);
	assert_plan(plan(urgency, PLAN_SMS_OFF, phone_only), STEP_SMS, STEP_SMS, WAVE_NOT_ON_ZALO);
}

static void test_normal(void **state)
{
	struct ledger_plan made;

	(void)state;
	assert_plan(plan(DELIVERY_NORMAL, PLAN_SMS_OFF, on_zalo), STEP_ZALO, STEP_ZALO, WAVE_OTHER);
	made = plan(DELIVERY_NORMAL, PLAN_SMS_OFF, phone_only);
	assert_int_equal(made.steps, 0);
	assert_string_equal(made.reason, "NO_WAY");
	assert_plan(plan(DELIVERY_NORMAL, PLAN_SMS_NOT_ON_ZALO, phone_only), STEP_SMS, STEP_SMS,
		WAVE_NOT_ON_ZALO);
	assert_plan(plan(DELIVERY_NORMAL, PLAN_SMS_NOT_ON_ZALO, on_zalo), STEP_ZALO, STEP_ZALO,
		WAVE_OTHER);
}

static void test_who_left_the_registry(void **state)
{
	struct ledger_plan made = plan(
		DELIVERY_EMERGENCY, PLAN_SMS_OFF, (struct plan_known){.wave = WAVE_OTHER});

	(void)state;
	assert_int_equal(made.steps, 0);
	assert_string_equal(made.reason, "FORGOTTEN");
}

/* 20 November 2026, so many hours after midnight in Vietnam. */
static int64_t at(double hours)
{
	return INT64_C(1795107600000) + (int64_t)(hours * (double)HOUR_MS);
}

static void test_the_night(void **state)
{
	const struct quiet night = {22, 7}, noon = {12, 14}, never = {0, 0};

	(void)state;
	assert_true(quiet_end_ms(&night, at(21.99)) == 0);
	assert_true(quiet_end_ms(&night, at(22)) == at(31));
	assert_true(quiet_end_ms(&night, at(3)) == at(7));
	assert_true(quiet_end_ms(&night, at(7)) == 0);
	assert_true(quiet_begin_ms(&night, at(8)) == at(22));
	assert_true(quiet_begin_ms(&night, at(23)) == at(22));
	assert_true(quiet_end_ms(&noon, at(13)) == at(14));
	assert_true(quiet_end_ms(&noon, at(23)) == 0);
	assert_true(quiet_end_ms(&never, at(0)) == 0);
	assert_true(quiet_begin_ms(&never, at(0)) == INT64_MAX);
}

static void test_work_takes_no_night(void **state)
{
	const struct quiet night = {22, 7}, never = {5, 5};

	(void)state;
	assert_true(quiet_after_ms(&night, at(20), HOUR_MS) == at(21));
	assert_true(quiet_after_ms(&night, at(20), 3 * HOUR_MS) == at(32));
	assert_true(quiet_after_ms(&night, at(23), HOUR_MS) == at(32));
	assert_true(quiet_after_ms(&night, at(20), 20 * HOUR_MS) == at(24 + 24 + 7 + 3));
	assert_true(quiet_after_ms(&never, at(20), 20 * HOUR_MS) == at(40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_emergency),
		cmocka_unit_test(test_urgent),
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_who_left_the_registry),
		cmocka_unit_test(test_the_night),
		cmocka_unit_test(test_work_takes_no_night),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
