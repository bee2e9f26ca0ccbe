/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a text will be, cost and take, and that the choice of a SIM counts with the same price. */
#include "daemon/relay/sms_preview.h"
#include "store/sms_use.h"
#include "tests/unit/desk/bulletin_support.h"

#include "daemon/desk/delivery.h"
#include "daemon/desk/desk_private.h"
#include "store/ledger.h"

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

/* ---- a bulletin -------------------------------------------------------------------------------
 */

static const struct delivery_reach reach = {
	.has = {[CHANNEL_MODEM] = true}, .is_up = {[CHANNEL_MODEM] = true}};

static int office_setup(void **state)
{
	struct commune *c;

	commune_setup(state);
	c = *state;
	c->d.desk->bulletins.normal_sms = PLAN_SMS_NOT_ON_ZALO;
	live(c, 1, c->hamlet[0], "member");
	end_turn(&c->d.s);
	return 0;
}

/* The segments of the row of the outbox once it is written, approved and sent. */
static int segments_sent(struct commune *c, const struct desk_bulletin_in *in, enum lane *ret_lane)
{
	int64_t id = write_bulletin(c, in, &c->clerk), resident_id, next_ms;
	struct ledger_row row = {.state = LEDGER_WAITING};
	CLEAN_BUF text = {0};
	struct outbox_row message;
	struct sms_size size;

	buf_init(&text, OUTBOX_BODY_MAX);
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->clerk, &c->eb));
	assert_ok(approve(c, id, &c->chief));
	end_turn(&c->d.s);
	assert_ok(resident_find(c->d.s.store, "+84900000001", &resident_id));
	for (int i = 0; i < 10 && !row.outbox_id; i++) {
		assert_ok(delivery_tick(c->d.desk, &reach, &next_ms));
		end_turn(&c->d.s);
		assert_ok(ledger_load(c->d.s.store, id, resident_id, &row));
	}
	assert_ok(outbox_load(c->d.s.store, row.outbox_id, &message));
	*ret_lane = message.lane;
	assert_ok(outbox_text(c->d.s.store, row.outbox_id, &text));
	assert_ok(sms_text_size(buf_text(&text), &size));
	/* It does not wait before the next one of the test. */
	assert_ok(delivery_stop(c->d.desk, id, DELIVERY_RECALLED, "officer:1", &c->eb));
	end_turn(&c->d.s);
	return size.segments;
}

static int segments_shown(struct commune *c, const struct desk_bulletin_in *in, enum lane *ret_lane)
{
	struct preview_ask ask = {.count = 1};
	struct preview preview;
	CLEAN_BUF text = {0};
	CLEAN_BUF out = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	buf_init(&out, OUTBOX_BODY_MAX);
	assert_ok(desk_bulletin_sms(c->d.desk, in, &ask.lane, &text, &c->eb));
	ask.text = buf_text(&text);
	assert_ok(sms_preview(c->d.s.store, &ask, &out, &preview, &c->eb));
	*ret_lane = ask.lane;
	return preview.size.segments;
}

static void assert_shown_as_sent(struct commune *c, const struct desk_bulletin_in *in, int segments)
{
	enum lane shown, sent;

	assert_int_equal(segments_shown(c, in, &shown), segments);
	assert_int_equal(segments_sent(c, in, &sent), segments);
	assert_int_equal(shown, sent);
}

#define REFUSAL	   " Thoi nhan: TU CHOI 3"
#define DRILL	   "DIEN TAP, khong co that: "
#define LETTERS(n) (&letters[sizeof(letters) - 1 - (size_t)(n)])

static void test_a_bulletin_is_shown_as_it_is_sent(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("fraud");
	const int refusal = (int)strlen(REFUSAL), drill = (int)strlen(DRILL);
	static char letters[512];

	memset(letters, 'a', sizeof(letters) - 1);
	/* Words that would fit alone do not with the way to refuse. */
	in.sms = LETTERS(160 - refusal);
	assert_shown_as_sent(c, &in, 1);
	in.sms = LETTERS(160 - refusal + 1);
	assert_shown_as_sent(c, &in, 2);
	in.sms = LETTERS(2 * 153 - refusal);
	assert_shown_as_sent(c, &in, 2);
	in.sms = LETTERS(2 * 153 - refusal + 1);
	assert_shown_as_sent(c, &in, 3);
	/* What is urgent has no room for it. */
	in.urgency = "immediate";
	in.sms = LETTERS(160);
	assert_shown_as_sent(c, &in, 1);
	/* Without words of its own it is what the box makes of title and text. */
	in.urgency = NULL;
	in.sms = "";
	assert_shown_as_sent(c, &in, 1);
	in.text = LETTERS(300);
	assert_shown_as_sent(c, &in, 1);
	/* Drills are for heads only, whose words are the same where nothing is to be confirmed. */
	in.is_drill = 1;
	in.sms = LETTERS(160 - drill);
	live(c, 1, c->hamlet[0], "head");
	end_turn(&c->d.s);
	assert_shown_as_sent(c, &in, 1);
	in.sms = LETTERS(160 - drill + 1);
	assert_shown_as_sent(c, &in, 2);
}

static void assert_framed(
	struct commune *c, const struct desk_bulletin_in *in, const char *expected)
{
	CLEAN_BUF text = {0};
	enum lane lane;

	buf_init(&text, OUTBOX_BODY_MAX);
	assert_ok(desk_bulletin_sms(c->d.desk, in, &lane, &text, &c->eb));
	assert_string_equal(buf_text(&text), expected);
}

static void test_what_a_bulletin_needs_to_be_shown(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	CLEAN_BUF text = {0};
	enum lane lane = LANE_COUNT;

	buf_init(&text, OUTBOX_BODY_MAX);
	in.sms = "Coi chung";
	assert_err(desk_bulletin_sms(c->d.desk, &in, &lane, &text, &c->eb), ERR_INVALID);
	in.category = "fraud";
	assert_framed(c, &in, "Coi chung" REFUSAL);
	in.refers_how = "corrects";
	assert_framed(c, &in, "DINH CHINH: Coi chung");
	in.refers_how = "denies";
	assert_err(desk_bulletin_sms(c->d.desk, &in, &lane, &text, &c->eb), ERR_INVALID);
	in.refers_how = NULL;
	in.sms = NULL;
	in.title = "Coi chừng";
	assert_err(desk_bulletin_sms(c->d.desk, &in, &lane, &text, &c->eb), ERR_INVALID);
	assert_int_equal(lane, LANE_COUNT);
	in.text = "Có lũ.";
	assert_framed(c, &in, "Coi chung. Co lu." REFUSAL);
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
		cmocka_unit_test_setup_teardown(
			test_a_bulletin_is_shown_as_it_is_sent, office_setup, commune_teardown),
		cmocka_unit_test_setup_teardown(
			test_what_a_bulletin_needs_to_be_shown, office_setup, commune_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
