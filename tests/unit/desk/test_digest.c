/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text messages of what is not urgent wait for their hour and go as one. */
#include "tests/unit/desk/bulletin_support.h"

#include "daemon/desk/delivery.h"
#include "daemon/desk/desk_private.h"
#include "store/ledger.h"

static const struct delivery_reach reach = {
	.has = {[CHANNEL_MODEM] = true}, .is_up = {[CHANNEL_MODEM] = true}};

static int digest_setup(void **state)
{
	struct commune *c;

	commune_setup(state);
	c = *state;
	c->d.desk->bulletins.normal_sms = PLAN_SMS_DIGEST;
	c->d.desk->bulletins.quiet = (struct quiet){22, 7};
	for (int i = 0; i < OPERATOR_COUNT; i++)
		c->d.desk->bulletins.price[i] = DELIVERY_PRICE_GUESS;
	live(c, 1, c->hamlet[0], "member");
	/* Thursday, 14 o'clock in Vietnam. */
	clock_virtual_advance(
		&c->d.s.clock, clock_day_begin_ms(clock_local_day(c->d.s.clock.wall) + 1) +
				       14 * HOUR_MS - c->d.s.clock.wall);
	end_turn(&c->d.s);
	return 0;
}

#define DIGEST_TEST(fn) cmocka_unit_test_setup_teardown(fn, digest_setup, commune_teardown)

/* One that was approved, for everybody. */
static int64_t goes_out(struct commune *c, const char *sms, int hours)
{
	struct bulletin_content content = {.category = "fraud",
		.urgency = BULLETIN_URGENCY_FUTURE,
		.severity = BULLETIN_SEVERITY_MINOR,
		.certainty = BULLETIN_CERTAINTY_LIKELY,
		.expires_ms = c->d.s.clock.wall + hours * HOUR_MS,
		.audience = "{\"all\":true}",
		.title = "Tin",
		.text = "Tin",
		.sms = sms,
		.source = ""};
	int64_t id;

	assert_ok(bulletin_add(c->d.s.store, BULLETIN_ORIGIN_OFFICER, &content, 0, &id));
	assert_ok(delivery_begin(c->d.desk, id, &c->eb));
	end_turn(&c->d.s);
	return id;
}

/* Until nothing is due; when the next thing is. */
static int64_t ticked(struct commune *c)
{
	int64_t next_ms;

	for (int i = 0; i < 10; i++) {
		assert_ok(delivery_tick(c->d.desk, &reach, &next_ms));
		end_turn(&c->d.s);
		if (next_ms > c->d.s.clock.wall)
			break;
	}
	return next_ms;
}

static void at_hours(struct commune *c, int hours)
{
	clock_virtual_advance(&c->d.s.clock, hours * HOUR_MS);
}

static struct ledger_row row_of(struct commune *c, int64_t id)
{
	struct ledger_row row;
	int64_t resident_id;

	assert_ok(resident_find(c->d.s.store, "+84900000001", &resident_id));
	assert_ok(ledger_load(c->d.s.store, id, resident_id, &row));
	return row;
}

static void assert_text(struct commune *c, int64_t outbox_id, const char *expected)
{
	CLEAN_BUF text = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	assert_ok(outbox_text(c->d.s.store, outbox_id, &text));
	assert_string_equal(buf_text(&text), expected);
}

#define BOTH \
	"Cong an xa, cac tin gan day: (1) Coi chung lua dao. (2) Sap het han can cuoc. Thoi nhan: TU " \
	"CHOI"

static void test_they_wait_and_go_together(void **state)
{
	struct commune *c = *state;
	int64_t first = goes_out(c, "Coi chừng lừa đảo.", 48);
	int64_t second = goes_out(c, "Sắp hết hạn căn cước.", 72);
	int64_t next_ms = ticked(c);

	assert_int_equal(next_ms - c->d.s.clock.wall, 3 * HOUR_MS);
	assert_int_equal(row_of(c, first).state, LEDGER_WAITING);
	at_hours(c, 3);
	(void)ticked(c);
	assert_int_equal(row_of(c, first).state, LEDGER_FLYING);
	assert_int_equal(row_of(c, second).outbox_id, row_of(c, first).outbox_id);
	assert_text(c, row_of(c, first).outbox_id, BOTH);
	assert_int_equal(row_of(c, first).cost + row_of(c, second).cost, DELIVERY_PRICE_GUESS);
}

/* One of them is stopped: the message is taken back, and the other goes by itself. */
static void test_one_is_stopped(void **state)
{
	struct commune *c = *state;
	int64_t first = goes_out(c, "Coi chừng lừa đảo.", 48);
	int64_t second = goes_out(c, "Sắp hết hạn căn cước.", 72), outbox_id, spent;
	struct outbox_row message;

	at_hours(c, 3);
	(void)ticked(c);
	outbox_id = row_of(c, first).outbox_id;
	assert_ok(delivery_stop(c->d.desk, second, DELIVERY_STOPPED, "officer:1", &c->eb));
	assert_ok(outbox_load(c->d.s.store, outbox_id, &message));
	assert_int_equal(message.state, OUTBOX_CANCELLED);
	assert_ok(spending_load(c->d.s.store, clock_local_month(c->d.s.clock.wall), &spent));
	assert_int_equal(spent, 0);
	(void)ticked(c);
	assert_int_equal(row_of(c, second).state, LEDGER_WAITING);
	assert_int_equal(row_of(c, first).state, LEDGER_FLYING);
	assert_text(c, row_of(c, first).outbox_id, "Coi chừng lừa đảo. Thoi nhan: TU CHOI 3");
}

/* The first that expires takes the message with it; the others have time left. */
static void test_one_expires(void **state)
{
	struct commune *c = *state;
	int64_t first = goes_out(c, "Coi chừng lừa đảo.", 4);
	int64_t second = goes_out(c, "Sắp hết hạn căn cước.", 72), outbox_id;
	struct outbox_row message;

	at_hours(c, 3);
	(void)ticked(c);
	outbox_id = row_of(c, second).outbox_id;
	assert_ok(outbox_load(c->d.s.store, outbox_id, &message));
	at_hours(c, 1);
	assert_int_equal(message.expires_ms, c->d.s.clock.wall);
	assert_ok(
		outbox_move(c->d.s.store, outbox_id, &(struct outbox_move){.to = OUTBOX_EXPIRED}));
	end_turn(&c->d.s);
	assert_int_equal(row_of(c, first).state, LEDGER_EXPIRED);
	assert_int_equal(row_of(c, second).state, LEDGER_WAITING);
	(void)ticked(c);
	assert_text(c, row_of(c, second).outbox_id, "Sắp hết hạn căn cước. Thoi nhan: TU CHOI 3");
}

/* What would be over before its hour, or is urgent, goes at once. */
static void test_what_can_not_wait(void **state)
{
	struct commune *c = *state;
	int64_t id = goes_out(c, "Họp thôn lúc 16 giờ.", 2);

	(void)ticked(c);
	assert_int_equal(row_of(c, id).state, LEDGER_FLYING);
}

static void test_a_day_of_the_week(void **state)
{
	struct commune *c = *state;
	int64_t id;

	c->d.desk->bulletins.digest_day = 5;
	id = goes_out(c, "Coi chừng lừa đảo.", 200);
	assert_int_equal(ticked(c) - c->d.s.clock.wall, 27 * HOUR_MS);
	assert_int_equal(row_of(c, id).state, LEDGER_WAITING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIGEST_TEST(test_they_wait_and_go_together),
		DIGEST_TEST(test_one_is_stopped),
		DIGEST_TEST(test_one_expires),
		DIGEST_TEST(test_what_can_not_wait),
		DIGEST_TEST(test_a_day_of_the_week),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
