/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Identity numbers of stay notices that are not whole yet: nothing that the box can open has one.
 */
#include "config/menu.h"
#include "daemon/base/str.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/stay.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/menu_act.h"
#include "store/menu_session.h"
#include "store/officer.h"
#include "tests/lib/store_fixture.h"

#define SENDER "+84900001201"
#define CLERK  "+84900009101"
#define NUMBER "001090123999"
#define OTHER  "001190123457"

struct fixture {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	struct menus *menus;
	struct keypair *clerk;
	int64_t clerk_id;
	int messages;
};

static void begin(struct fixture *f)
{
	struct errbuf eb = {0};

	*f = (struct fixture){.messages = 0};
	store_fixture_init(&f->s);
	assert_ok(menus_load("", menu_act_names(), &f->menus, &eb));
	assert_ok(
		desk_new(&(struct desk_options){.store = f->s.store, .has_modem = true}, &f->desk));
	assert_ok(intake_new(
		&(struct intake_options){
			.store = f->s.store, .desk = f->desk, .menus = f->menus, .menu_phone = ""},
		&f->intake));
}

static void finish(struct fixture *f)
{
	keypair_free(f->clerk);
	intake_free(f->intake);
	desk_free(f->desk);
	menus_free(f->menus);
	store_fixture_done(&f->s);
}

/* A clerk who can read, in a box that has officers. */
static void hire(struct fixture *f)
{
	CLEAN_BUF words = {0};

	assert_ok(keypair_new(&f->clerk));
	assert_ok(officer_add(f->s.store,
		&(struct officer_new){
			.login = "lan", .name = "lan", .role = OFFICER_CLERK, .phone = CLERK},
		&f->clerk_id));
	assert_ok(officer_set_key(f->s.store, f->clerk_id, keypair_public(f->clerk)));
	assert_ok(officer_set_state(f->s.store, f->clerk_id, OFFICER_ACTIVE));
	buf_init(&words, 1024);
	assert_ok(keyring_claim(f->desk, "officer:test", &words));
	end_turn(&f->s);
}

static void text(struct fixture *f, const char *words)
{
	char id[16];

	snprintf(id, sizeof(id), "m%d", ++f->messages);
	clock_virtual_advance(&f->s.clock, 61234);
	assert_ok(intake_accept(f->intake, &(struct inbound){.channel = "modem",
						   .external_id = id,
						   .kind = INBOX_KIND_TEXT,
						   .from_kind = PARTY_PHONE,
						   .from = SENDER,
						   .text = words}));
	end_turn(&f->s);
}

static void tick(struct fixture *f)
{
	int64_t next;

	assert_ok(intake_tick(f->intake, &next));
	end_turn(&f->s);
}

static int64_t sender(struct fixture *f)
{
	struct party party;

	assert_ok(party_get(f->s.store, PARTY_PHONE, SENDER, &party));
	return party.id;
}

/* What the box can open of what is not whole, a draft and a conversation. */
static void check_held(struct fixture *f, bool has_draft)
{
	CLEAN_BUF draft = {0};
	CLEAN_BUF session = {0};
	struct menu_session menu;
	int64_t id;
	enum err err = stay_draft_find(f->s.store, sender(f), &id);

	assert_int_equal(err, has_draft ? ERR_OK : ERR_NOT_FOUND);
	buf_init(&draft, 64 * 1024);
	buf_init(&session, 256 * 1024);
	if (!err)
		assert_ok(stay_draft_text(f->s.store, id, &draft));
	err = menu_session_load(f->s.store, sender(f), &menu, &session);
	assert_true(!err || err == ERR_NOT_FOUND);
	assert_null(strstr(buf_text(&draft), NUMBER));
	assert_null(strstr(buf_text(&session), NUMBER));
	assert_null(strstr(buf_text(&draft), OTHER));
}

static void keep_last(void *arg, const struct stay *stay)
{
	struct stay *last = arg;

	if (stay->id > last->id)
		*last = *stay;
}

static struct stay last_stay(struct fixture *f)
{
	struct stay last = {.id = 0};

	assert_ok(stay_list(f->s.store, 0, 200, keep_last, &last));
	return last;
}

static void read_by(struct fixture *f, const struct key_holder *by, char out[2048])
{
	struct errbuf eb = {0};
	CLEAN_BUF words = {0};

	buf_init(&words, 64 * 1024);
	assert_ok(desk_stay_read(f->desk, last_stay(f).id, by, "officer:test", &words, &eb));
	assert_ok(str_copy(out, 2048, buf_text(&words)));
	end_turn(&f->s);
}

static void read_last(struct fixture *f, char out[2048])
{
	read_by(f, &(struct key_holder){f->clerk_id, f->clerk}, out);
}

static void test_a_draft_has_no_number(void **state)
{
	struct fixture f;
	char words[2048];

	(void)state;
	begin(&f);
	hire(&f);
	text(&f, "LT Nguyen Van A 001 090 123 999 thon 3");
	check_held(&f, true);
	/* Who writes all of it again, with the number again, has one guest. */
	text(&f, "LT Nguyen Van A, " NUMBER ", tham con, 18/11 den 20/11, so 5 thon 3");
	check_held(&f, false);
	assert_int_equal(last_stay(&f).state, STAY_RECEIVED);
	assert_int_equal(last_stay(&f).guests, 1);
	read_last(&f, words);
	assert_non_null(strstr(words, "\"id\":\"" NUMBER "\""));
	/* Two guests, one after the other, each with his own. */
	text(&f, "LT Nguyen Van A, " NUMBER ", tham con");
	text(&f, "LT Ly Thi B, " OTHER ", 18/11 den 20/11, so 5 thon 3");
	assert_int_equal(last_stay(&f).guests, 2);
	read_last(&f, words);
	assert_non_null(strstr(words, "\"Nguyen Van A\",\"id\":\"" NUMBER "\""));
	assert_non_null(strstr(words, "\"Ly Thi B\",\"id\":\"" OTHER "\""));
	finish(&f);
}

/* Before the box has officers it keeps the key, and hands it over with the draft's. */
static void test_the_first_clerk_gets_the_key(void **state)
{
	struct fixture f;
	char words[2048];

	(void)state;
	begin(&f);
	text(&f, "LT Nguyen Van A " NUMBER " thon 3");
	check_held(&f, true);
	hire(&f);
	tick(&f);
	text(&f, "LT tham con 18/11 den 20/11");
	read_last(&f, words);
	assert_non_null(strstr(words, NUMBER));
	finish(&f);
}

static void test_a_mark_is_not_made_up(void **state)
{
	struct fixture f;
	char words[2048];

	(void)state;
	begin(&f);
	text(&f, "LT Nguyen Van A, 000000000001, tham con, 18/11 den 20/11, so 5 thon 3");
	check_held(&f, true);
	assert_int_equal(last_stay(&f).id, 0);
	text(&f, "LT " NUMBER);
	assert_int_equal(last_stay(&f).guests, 1);
	read_by(&f, &key_holder_box, words);
	assert_non_null(strstr(words, NUMBER));
	finish(&f);
}

static void test_what_nobody_went_on_with(void **state)
{
	struct fixture f;
	char words[2048];
	int64_t id;

	(void)state;
	begin(&f);
	hire(&f);
	text(&f, "LT Nguyen Van A " NUMBER " thon 3");
	clock_virtual_advance(&f.s.clock, DESK_STAY_DRAFT_MS + 1);
	tick(&f);
	assert_int_equal(last_stay(&f).state, STAY_UNCLEAR);
	read_last(&f, words);
	assert_non_null(strstr(words, NUMBER));
	/* And what he takes back is gone, with its numbers. */
	text(&f, "LT Nguyen Van A " NUMBER " thon 3");
	assert_ok(stay_draft_find(f.s.store, sender(&f), &id));
	text(&f, "LT HUY");
	int count = -1;

	assert_ok(stay_number_count(f.s.store, id, &count));
	assert_int_equal(count, 0);
	finish(&f);
}

static void go_to_the_number(struct fixture *f)
{
	static const char *const steps[] = {"MENU", "3", "2", "4", "Nguyen Van A"};

	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		text(f, steps[i]);
}

static void test_the_menu_keeps_no_number(void **state)
{
	static const char *const rest[] = {"tham con", "18/11-20/11", "so 5 thon 3", "1"};
	struct fixture f;
	char words[2048];
	int64_t count;

	(void)state;
	begin(&f);
	hire(&f);
	go_to_the_number(&f);
	text(&f, "so " NUMBER);
	check_held(&f, true);
	for (size_t i = 0; i < ARRAY_LEN(rest); i++)
		text(&f, rest[i]);
	check_held(&f, false);
	read_last(&f, words);
	assert_non_null(strstr(words, "\"Nguyen Van A\",\"id\":\"" NUMBER "\""));
	/* A conversation that broke off leaves nothing for the clerk. */
	go_to_the_number(&f);
	text(&f, NUMBER);
	clock_virtual_advance(&f.s.clock, 2 * DESK_STAY_DRAFT_MS);
	tick(&f);
	check_held(&f, false);
	assert_ok(stay_waiting(f.s.store, &count));
	assert_int_equal(count, 1);
	finish(&f);
}

/* A passport is another procedure, which is told at this step. */
static void test_the_menu_branches_a_foreigner_off(void **state)
{
	struct fixture f;
	char words[2048];

	(void)state;
	begin(&f);
	hire(&f);
	go_to_the_number(&f);
	text(&f, "C1234567");
	assert_int_equal(last_stay(&f).state, STAY_UNCLEAR);
	check_held(&f, false);
	read_last(&f, words);
	assert_non_null(strstr(words, "C1234567"));
	finish(&f);
}

static int told(struct fixture *f)
{
	struct outbox_listing l = list_outbox(&f->s);
	int count = 0;

	for (int i = 0; i < l.count; i++)
		count += l.rows[i].kind == OUTBOX_KIND_ALARM &&
			 outbox_says(&f->s, l.rows[i].id, "thong bao luu tru cho nhap");
	return count;
}

/* With how many wait, and once an hour however many come. */
static void test_the_clerks_are_told(void **state)
{
	static const char whole[] = "LT Nguyen Van A, " NUMBER
				    ", tham con, 18/11 den 20/11, so 5 thon 3";
	struct fixture f;

	(void)state;
	begin(&f);
	hire(&f);
	tick(&f);
	assert_int_equal(told(&f), 0);
	text(&f, whole);
	tick(&f);
	assert_int_equal(told(&f), 1);
	text(&f, whole);
	tick(&f);
	tick(&f);
	assert_int_equal(told(&f), 1);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	tick(&f);
	assert_int_equal(told(&f), 2);
	assert_true(
		outbox_says(&f.s, list_outbox(&f.s).rows[0].id, "Co 2 ") ||
		outbox_says(&f.s, list_outbox(&f.s).rows[list_outbox(&f.s).count - 1].id, "Co 2 "));
	/* Nothing new, nothing said. */
	clock_virtual_advance(&f.s.clock, 2 * HOUR_MS);
	tick(&f);
	assert_int_equal(told(&f), 2);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_draft_has_no_number),
		cmocka_unit_test(test_the_first_clerk_gets_the_key),
		cmocka_unit_test(test_a_mark_is_not_made_up),
		cmocka_unit_test(test_what_nobody_went_on_with),
		cmocka_unit_test(test_the_menu_keeps_no_number),
		cmocka_unit_test(test_the_menu_branches_a_foreigner_off),
		cmocka_unit_test(test_the_clerks_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
