/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Caps of a SIM, and the choice among modems, on a virtual clock. */
#include "daemon/relay/caps.h"
#include "daemon/relay/modem_choice.h"
#include "store/sms_use.h"
#include "tests/lib/store_fixture.h"

static const uint8_t words_a[VAULT_HASH_BYTES] = {1}, words_b[VAULT_HASH_BYTES] = {2};

static int setup(void **state)
{
	static struct store_fixture f;

	store_fixture_init(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	store_fixture_done(*state);
	return 0;
}

static int64_t add_row(struct store_fixture *f)
{
	struct party party;
	int64_t id;

	assert_ok(party_get(f->store, PARTY_PHONE, "+84900000001", &party));
	assert_ok(outbox_add(f->store,
		&(struct outbox_new){.channel = CHANNEL_MODEM,
			.lane = LANE_ANSWER,
			.kind = OUTBOX_KIND_ANSWER,
			.party_id = party.id,
			.due_ms = f->clock.wall,
			.expires_ms = f->clock.wall + DAY_MS,
			.text = "xin chao"},
		&id));
	return id;
}

static int64_t begin_use(
	struct store_fixture *f, const char *sim, int segments, const uint8_t *words)
{
	int64_t id = add_row(f);

	assert_ok(sms_use_add(f->store, &(struct sms_use_new){id, sim, segments, words}));
	return id;
}

static void use(struct store_fixture *f, const char *sim, int segments, const uint8_t *words)
{
	assert_ok(sms_use_settle(f->store, begin_use(f, sim, segments, words), segments));
}

static struct caps_verdict ask(struct store_fixture *f, const struct caps *caps, enum lane lane,
	int segments, const uint8_t *words)
{
	struct caps_verdict verdict;

	assert_ok(caps_ask(
		f->store, caps, &(struct caps_question){"sim", lane, segments, words}, &verdict));
	return verdict;
}

static void test_without_caps_everything_goes(void **state)
{
	struct store_fixture *f = *state;
	const struct caps none = {0};

	for (int i = 0; i < 50; i++)
		use(f, "sim", 10, words_a);
	assert_int_equal(ask(f, &none, LANE_BULLETIN, 39, words_a).due_ms, 0);
	assert_int_equal(ask(f, &none, LANE_BULLETIN, 39, words_a).free_percent, 100);
}

static void test_each_window_is_exact(void **state)
{
	struct store_fixture *f = *state;
	const struct caps caps = {.per_minute = 3, .per_hour = 5};
	int64_t first_ms = f->clock.wall;

	use(f, "sim", 1, words_a);
	clock_virtual_advance(&f->clock, 10 * SECOND_MS);
	use(f, "sim", 2, words_b);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).due_ms, first_ms + MINUTE_MS);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 2, words_a).due_ms,
		first_ms + 10 * SECOND_MS + MINUTE_MS);
	f->clock.wall = first_ms + MINUTE_MS - 1;
	assert_int_not_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).due_ms, 0);
	f->clock.wall = first_ms + MINUTE_MS;
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).due_ms, 0);
	clock_virtual_advance(&f->clock, MINUTE_MS);
	use(f, "sim", 2, words_a);
	/* The hour is full now: the first must leave it. */
	clock_virtual_advance(&f->clock, MINUTE_MS);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).due_ms, first_ms + HOUR_MS);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 4, words_a).due_ms, CAPS_NEVER);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).free_percent, 0);
}

static void test_another_sim_has_its_own(void **state)
{
	struct store_fixture *f = *state;
	const struct caps caps = {.per_day = 1, .same_per_day = 1};

	use(f, "other", 1, words_a);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).due_ms, 0);
}

static void test_same_words_count_messages(void **state)
{
	struct store_fixture *f = *state;
	const struct caps caps = {.same_per_5min = 2, .same_per_day = 3};
	int64_t first_ms = f->clock.wall;

	use(f, "sim", 3, words_a);
	assert_int_equal(ask(f, &caps, LANE_BULLETIN, 3, words_a).due_ms, 0);
	use(f, "sim", 3, words_a);
	assert_int_equal(ask(f, &caps, LANE_BULLETIN, 3, words_b).due_ms, 0);
	assert_int_equal(ask(f, &caps, LANE_BULLETIN, 3, words_a).due_ms, first_ms + 5 * MINUTE_MS);
	assert_true(ask(f, &caps, LANE_BULLETIN, 3, words_a).is_same_content);
	/* Alarms are no exception: the operator makes none. */
	assert_int_not_equal(ask(f, &caps, LANE_ALARM, 3, words_a).due_ms, 0);
	clock_virtual_advance(&f->clock, 6 * MINUTE_MS);
	use(f, "sim", 3, words_a);
	clock_virtual_advance(&f->clock, 6 * MINUTE_MS);
	assert_int_equal(ask(f, &caps, LANE_BULLETIN, 3, words_a).due_ms, first_ms + DAY_MS);
}

static void test_the_reserve_is_for_alarms(void **state)
{
	struct store_fixture *f = *state;
	const struct caps caps = {.per_minute = 10, .per_day = 100, .alarm_reserve = 4};
	struct caps_left left;

	use(f, "sim", 6, words_a);
	assert_int_not_equal(ask(f, &caps, LANE_ANSWER, 1, words_b).due_ms, 0);
	assert_int_equal(ask(f, &caps, LANE_ALARM, 4, words_b).due_ms, 0);
	assert_ok(caps_left(f->store, &caps, "sim", LANE_ANSWER, &left));
	assert_int_equal(left.minute, 0);
	assert_int_equal(left.hour, -1);
	assert_int_equal(left.day, 90);
	assert_ok(caps_left(f->store, &caps, "sim", LANE_ALARM, &left));
	assert_int_equal(left.minute, 4);
	/* At most half of a cap, so that a small one leaves something for the others. */
	assert_int_equal(ask(f, &(struct caps){.per_minute = 8, .alarm_reserve = 100}, LANE_ANSWER,
				 5, words_b)
				 .due_ms,
		CAPS_NEVER);
	clock_virtual_advance(&f->clock, MINUTE_MS);
	assert_int_equal(ask(f, &(struct caps){.per_minute = 8, .alarm_reserve = 100}, LANE_ANSWER,
				 4, words_b)
				 .due_ms,
		0);
}

/* A slow modem must not open a window early: what is under way is as if it went just now. */
static void test_what_is_under_way_counts_as_now(void **state)
{
	struct store_fixture *f = *state;
	const struct caps caps = {.per_minute = 1};
	int64_t id = begin_use(f, "sim", 1, words_a);

	clock_virtual_advance(&f->clock, 10 * MINUTE_MS);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_b).due_ms, f->clock.wall + MINUTE_MS);
	assert_ok(sms_use_settle(f->store, id, 0));
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_b).due_ms, 0);
}

static void test_a_restart_forgets_nothing(void **state)
{
	struct store_fixture *f = *state;
	const struct caps caps = {.per_minute = 1};
	int64_t in_doubt;

	(void)begin_use(f, "sim", 1, words_a);
	end_turn(f);
	store_close(f->store);
	clock_virtual_advance(&f->clock, 30 * SECOND_MS);
	store_fixture_open(f);
	assert_ok(outbox_recover(f->store, &in_doubt));
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_b).due_ms, f->clock.wall + MINUTE_MS);
	/* A clock that went back while the box was off does not block the SIM for years. */
	f->clock.wall -= 3650 * DAY_MS;
	assert_ok(outbox_recover(f->store, &in_doubt));
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_b).due_ms, f->clock.wall + MINUTE_MS);
}

static void test_old_use_is_dropped(void **state)
{
	struct store_fixture *f = *state;
	const struct caps caps = {.per_day = 1};

	use(f, "sim", 1, words_a);
	clock_virtual_advance(&f->clock, DAY_MS);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).due_ms, 0);
	use(f, "sim", 1, words_a);
	assert_int_equal(ask(f, &caps, LANE_ANSWER, 1, words_a).due_ms, f->clock.wall + DAY_MS);
}

static void test_same_words_line_up(void **state)
{
	const struct caps caps = {.same_per_5min = 3};
	static struct caps_lines lines;

	(void)state;
	assert_int_equal(caps_line_up(&lines, &caps, words_a, 1000), 1000);
	assert_int_equal(caps_line_up(&lines, &caps, words_a, 1000), 101000);
	assert_int_equal(caps_line_up(&lines, &caps, words_b, 1000), 1000);
	assert_int_equal(caps_line_up(&lines, &caps, words_a, 1000), 201000);
	assert_int_equal(caps_line_up(&lines, &caps, words_a, 900000), 900000);
	assert_int_equal(caps_line_up(&lines, &caps, words_a, 950000), 950000);
}

static void test_room_until(void **state)
{
	const struct caps caps = {.per_minute = 10, .per_day = 100};

	(void)state;
	assert_int_equal(caps_until(&caps, LANE_ALARM, 0, MINUTE_MS - 1), 10);
	assert_int_equal(caps_until(&caps, LANE_ALARM, 0, HOUR_MS), 100);
	assert_int_equal(caps_until(&caps, LANE_ALARM, 0, 2 * DAY_MS - 1), 200);
	assert_int_equal(caps_until(&caps, LANE_ALARM, MINUTE_MS, 0), 0);
	assert_true(caps_until(&(struct caps){0}, LANE_ALARM, 0, 1) == INT64_MAX);
}

/* Choosing. */

static const struct caps free_caps, one_a_minute = {.per_minute = 1},
				    one_same = {.same_per_day = 1};

static struct modem_choice choose(struct store_fixture *f, struct modem_candidate *list, int count,
	enum lane lane, int segments)
{
	struct modem_message message = {lane, segments, words_a, "+84900000001"};
	struct modem_choice choice;

	assert_ok(modem_choose(f->store, list, count, &message, &choice));
	return choice;
}

static struct modem_candidate candidate(const char *sim, const struct caps *caps)
{
	return (struct modem_candidate){.sim = sim,
		.caps = caps,
		.may_send = true,
		.is_idle = true,
		.has_network = true,
		.signal_percent = 60};
}

static void test_choice_prefers_health_then_network_then_room(void **state)
{
	struct store_fixture *f = *state;
	struct modem_candidate list[] = {candidate("s0", &free_caps), candidate("s1", &free_caps),
		candidate("s2", &free_caps)};

	list[0].last_used = 2;
	list[1].last_used = 1;
	list[2].last_used = 3;
	assert_int_equal(choose(f, list, 3, LANE_ANSWER, 1).index, 1);
	list[2].phone_operator = OPERATOR_MOBIFONE;
	list[1].phone_operator = OPERATOR_VIETTEL;
	list[0].phone_operator = OPERATOR_VIETTEL;
	assert_int_equal(choose(f, list, 3, LANE_ANSWER, 1).index, 2);
	/* What it costs does not matter for an alarm. */
	assert_int_equal(choose(f, list, 3, LANE_ALARM, 1).index, 1);
	list[2].failures = 1;
	assert_int_equal(choose(f, list, 3, LANE_ANSWER, 1).index, 1);
	list[1].has_network = false;
	assert_int_equal(choose(f, list, 3, LANE_ANSWER, 1).index, 0);
	list[0].signal_percent = 5;
	list[2].failures = 0;
	assert_int_equal(choose(f, list, 3, LANE_ANSWER, 1).index, 2);
	list[0].may_send = list[2].may_send = false;
	assert_int_equal(choose(f, list, 3, LANE_ANSWER, 1).index, 1);
	list[1].may_send = false;
	assert_int_equal(choose(f, list, 3, LANE_ANSWER, 1).result, MODEM_CHOICE_NONE);
}

static void test_choice_waits_for_the_first_that_has_room(void **state)
{
	struct store_fixture *f = *state;
	struct modem_candidate list[] = {
		candidate("s0", &one_a_minute), candidate("s1", &one_a_minute)};
	struct modem_choice choice;

	use(f, "s0", 1, words_b);
	assert_int_equal(choose(f, list, 2, LANE_ANSWER, 1).index, 1);
	list[1].is_idle = false;
	assert_int_equal(choose(f, list, 2, LANE_ANSWER, 1).result, MODEM_CHOICE_BUSY);
	clock_virtual_advance(&f->clock, 10 * SECOND_MS);
	use(f, "s1", 1, words_b);
	choice = choose(f, list, 2, LANE_ANSWER, 1);
	assert_int_equal(choice.result, MODEM_CHOICE_WAIT);
	assert_int_equal(choice.due_ms, f->clock.wall + 50 * SECOND_MS);
	assert_int_equal(choose(f, list, 2, LANE_ANSWER, 2).result, MODEM_CHOICE_NEVER);
}

/* Between the segments of a bulletin alarms and answers pass, but only where no modem is free. */
static void test_choice_passes_a_bulletin(void **state)
{
	struct store_fixture *f = *state;
	struct modem_candidate list[] = {candidate("s0", &free_caps), candidate("s1", &free_caps)};

	list[0].is_idle = list[1].is_idle = false;
	assert_int_equal(choose(f, list, 2, LANE_ANSWER, 1).result, MODEM_CHOICE_BUSY);
	list[1].yields = true;
	assert_int_equal(choose(f, list, 2, LANE_ANSWER, 1).result, MODEM_CHOICE_GO);
	assert_int_equal(choose(f, list, 2, LANE_ALARM, 1).index, 1);
	assert_int_equal(choose(f, list, 2, LANE_URGENT, 1).result, MODEM_CHOICE_BUSY);
	assert_int_equal(choose(f, list, 2, LANE_BULLETIN, 1).result, MODEM_CHOICE_BUSY);
	list[0].is_idle = true;
	assert_int_equal(choose(f, list, 2, LANE_ANSWER, 1).index, 0);
	/* One that fails all the time is no better for being free. */
	list[0].failures = 3;
	assert_int_equal(choose(f, list, 2, LANE_ANSWER, 1).index, 1);
}

static void test_choice_tells_when_only_the_words_wait(void **state)
{
	struct store_fixture *f = *state;
	struct modem_candidate list[] = {candidate("s0", &one_same)};
	struct modem_choice choice;

	use(f, "s0", 1, words_a);
	choice = choose(f, list, 1, LANE_ANSWER, 1);
	assert_int_equal(choice.result, MODEM_CHOICE_WAIT_SAME);
	assert_int_equal(choice.due_ms, f->clock.wall + DAY_MS);
}

int main(void)
{
#define CAPS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		CAPS_TEST(test_without_caps_everything_goes),
		CAPS_TEST(test_each_window_is_exact),
		CAPS_TEST(test_another_sim_has_its_own),
		CAPS_TEST(test_same_words_count_messages),
		CAPS_TEST(test_the_reserve_is_for_alarms),
		CAPS_TEST(test_what_is_under_way_counts_as_now),
		CAPS_TEST(test_a_restart_forgets_nothing),
		CAPS_TEST(test_old_use_is_dropped),
		CAPS_TEST(test_same_words_line_up),
		CAPS_TEST(test_room_until),
		CAPS_TEST(test_choice_prefers_health_then_network_then_room),
		CAPS_TEST(test_choice_waits_for_the_first_that_has_room),
		CAPS_TEST(test_choice_passes_a_bulletin),
		CAPS_TEST(test_choice_tells_when_only_the_words_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
