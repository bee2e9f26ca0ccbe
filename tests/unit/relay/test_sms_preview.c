/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a text will be, cost and take, and that the choice of a SIM counts with the same price. */
#include "daemon/relay/sms_preview.h"
#include "store/sms_use.h"
#include "tests/lib/store_fixture.h"

#include "daemon/desk/desk.h"

#define MOBIFONE "+84900000001"

struct preview_fixture {
	struct store_fixture s;
	struct caps caps[2];
	struct modem_candidate modems[2];
	struct preview_ask ask;
	struct preview p;
	char text[OUTBOX_BODY_MAX];
};

static int setup(void **state)
{
	static struct preview_fixture f;

	memset(&f, 0, sizeof(f));
	store_fixture_init(&f.s);
	f.modems[0] = (struct modem_candidate){.sim = "viettel",
		.caps = &f.caps[0],
		.phone_operator = OPERATOR_VIETTEL,
		.price = {100, 250},
		.may_send = true,
		.is_idle = true,
		.has_network = true,
		.signal_percent = 80};
	f.modems[1] = f.modems[0];
	f.modems[1].sim = "mobifone";
	f.modems[1].caps = &f.caps[1];
	f.modems[1].phone_operator = OPERATOR_MOBIFONE;
	f.modems[1].price = (struct sms_price){200, 300};
	f.ask = (struct preview_ask){.text = "Bao lu, de nghi ba con so tan",
		.lane = LANE_BULLETIN,
		.count = 1,
		.modems = f.modems,
		.modem_count = 2};
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct preview_fixture *f = *state;

	store_fixture_done(&f->s);
	return 0;
}

static enum err ask(struct preview_fixture *f)
{
	struct errbuf eb = {0};
	CLEAN_BUF out = {0};
	enum err err;

	buf_init(&out, OUTBOX_BODY_MAX);
	f->p = (struct preview){.price = -1};
	err = sms_preview(f->s.store, &f->ask, &out, &f->p, &eb);
	snprintf(f->text, sizeof(f->text), "%s", buf_text(&out));
	return err;
}

static void test_accents_stay_while_they_fit(void **state)
{
	struct preview_fixture *f = *state;
	char words[2048] = "";

	f->ask.text = "Bão lũ, đề nghị bà con sơ tán";
	assert_ok(ask(f));
	assert_string_equal(f->text, f->ask.text);
	assert_int_equal(f->p.size.coding, SMS_CODING_UCS2);
	assert_int_equal(f->p.size.segments, 1);
	assert_false(f->p.is_unaccented);
	for (int i = 0; i < 8; i++)
		snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s. ", f->ask.text);
	f->ask.text = words;
	assert_ok(ask(f));
	assert_non_null(strstr(f->text, "Bao lu, de nghi"));
	assert_int_equal(f->p.size.coding, SMS_CODING_GSM7);
	assert_int_equal(f->p.size.segments, 2);
	assert_true(f->p.is_unaccented);
	/* An alarm has no segments to spare for accents. */
	f->ask.lane = LANE_ALARM;
	f->ask.text = "Bão lũ, đề nghị bà con sơ tán. Bão lũ, đề nghị bà con sơ tán ngay lập tức.";
	assert_ok(ask(f));
	assert_int_equal(f->p.size.segments, 1);
	assert_true(f->p.is_unaccented);
}

static void test_what_can_not_be_sent(void **state)
{
	struct preview_fixture *f = *state;
	char words[1600];

	f->ask.text = "";
	assert_err(ask(f), ERR_INVALID);
	f->ask.text = "\xff";
	assert_err(ask(f), ERR_INVALID);
	memset(words, 'a', sizeof(words));
	words[1531] = 0;
	f->ask.text = words;
	assert_err(ask(f), ERR_TOO_BIG);
	words[1530] = 0;
	assert_ok(ask(f));
	assert_int_equal(f->p.size.segments, 10);
}

static void test_the_price_is_that_of_the_cheapest_sim(void **state)
{
	struct preview_fixture *f = *state;
	const char *const to[] = {MOBIFONE, "+84900000002", "+84900000003"};

	f->ask.to = to;
	f->ask.count = 3;
	assert_ok(ask(f));
	assert_true(f->p.has_price);
	assert_int_equal(f->p.price, 3 * 200);
	f->modems[1].may_send = false;
	assert_ok(ask(f));
	assert_int_equal(f->p.ready, 1);
	assert_int_equal(f->p.price, 3 * 250);
	/* Nothing is ready: the price is still of interest. */
	f->modems[0].may_send = false;
	assert_ok(ask(f));
	assert_int_equal(f->p.price, 3 * 200);
	assert_int_equal(f->p.takes_ms, PREVIEW_NEVER);
	assert_int_equal(f->p.too_late, 3);
	/* Who it is is not known: no promise. */
	f->ask.to = NULL;
	assert_ok(ask(f));
	assert_int_equal(f->p.price, 3 * 250);
	f->modems[0].price.other = f->modems[1].price.other = SMS_PRICE_UNKNOWN;
	assert_ok(ask(f));
	assert_false(f->p.has_price);
}

static void use_one(struct preview_fixture *f, const uint8_t *words)
{
	struct party party;
	int64_t id;

	assert_ok(party_get(f->s.store, PARTY_PHONE, MOBIFONE, &party));
	assert_ok(outbox_add(f->s.store,
		&(struct outbox_new){.channel = CHANNEL_MODEM,
			.party_id = party.id,
			.due_ms = f->s.clock.wall,
			.expires_ms = f->s.clock.wall + DAY_MS,
			.text = "x"},
		&id));
	assert_ok(sms_use_add(f->s.store, &(struct sms_use_new){id, "viettel", 1, words}));
	assert_ok(sms_use_settle(f->s.store, id, 1));
}

static void test_the_choice_counts_with_the_same_price(void **state)
{
	struct preview_fixture *f = *state;
	const uint8_t words[VAULT_HASH_BYTES] = {1};
	struct modem_message message = {LANE_ANSWER, 1, words, MOBIFONE};
	struct modem_choice choice;

	assert_int_equal(modem_price(&f->modems[0], MOBIFONE), 250);
	assert_ok(modem_choose(f->s.store, f->modems, 2, &message, &choice));
	assert_int_equal(choice.index, 1);
	/* A plan that is cheaper to strangers than the own network of the other. */
	f->modems[0].price.other = 50;
	assert_ok(modem_choose(f->s.store, f->modems, 2, &message, &choice));
	assert_int_equal(choice.index, 0);
	/* Health goes before money, */
	f->modems[0].failures = 1;
	assert_ok(modem_choose(f->s.store, f->modems, 2, &message, &choice));
	assert_int_equal(choice.index, 1);
	f->modems[0].failures = 0;
	/* and so do caps that are nearly used up. */
	for (int i = 0; i < 3; i++)
		use_one(f, words);
	f->caps[0].per_hour = 4; /* a quarter is left */
	assert_ok(modem_choose(f->s.store, f->modems, 2, &message, &choice));
	assert_int_equal(choice.index, 0);
	for (int i = 0; i < 5; i++)
		use_one(f, words);
	f->caps[0].per_hour = 9; /* a ninth is left */
	assert_ok(modem_choose(f->s.store, f->modems, 2, &message, &choice));
	assert_int_equal(choice.index, 1);
}

static void test_radio_and_caps_take_their_time(void **state)
{
	struct preview_fixture *f = *state;

	/* Nothing but the radio: 100 of one segment, two modems of 3 s each. */
	f->ask.count = 100;
	assert_ok(ask(f));
	assert_int_equal(f->p.takes_ms, 50 * 3 * SECOND_MS);
	assert_int_equal(f->p.too_late, 0);
	/* The same words 10 an hour and SIM: at once, then after each hour. */
	f->caps[0].same_per_hour = f->caps[1].same_per_hour = 10;
	assert_ok(ask(f));
	assert_int_equal(f->p.takes_ms, 4 * HOUR_MS);
	/* 3 days: 73 beginnings of an hour times 20. */
	f->ask.count = 2000;
	assert_ok(ask(f));
	assert_int_equal(f->p.expires_ms, desk_expires_ms(LANE_BULLETIN));
	assert_int_equal(f->p.too_late, 2000 - 73 * 20);
	/* More segments than a cap are never sent. */
	f->caps[0].per_minute = f->caps[1].per_minute = 1;
	f->ask.text =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	assert_ok(ask(f));
	assert_int_equal(f->p.size.segments, 2);
	assert_int_equal(f->p.takes_ms, PREVIEW_NEVER);
	assert_int_equal(f->p.too_late, 2000);
}

#define PREVIEW_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PREVIEW_TEST(test_accents_stay_while_they_fit),
		PREVIEW_TEST(test_what_can_not_be_sent),
		PREVIEW_TEST(test_the_price_is_that_of_the_cheapest_sim),
		PREVIEW_TEST(test_the_choice_counts_with_the_same_price),
		PREVIEW_TEST(test_radio_and_caps_take_their_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
