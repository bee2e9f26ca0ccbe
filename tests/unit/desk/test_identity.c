/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is behind a report is shown to one officer, for a while, with a reason, and the chief hears
 * of it. */
#include "daemon/desk/identity.h"

#include "store/event.h"
#include "store/identity.h"
#include "store/officer.h"
#include "store/retention.h"
#include "tests/unit/desk/support.h"

#define REASON	       "Gọi lại để xác minh tin báo"
#define CHIEF_PHONE    "+84900009003"
#define CHAIRMAN_PHONE "+84900009004"
#define OFFICER	       "officer:trucban"

static int setup(void **state)
{
	static struct desk_fixture f;

	start(&f, true, true, false);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	finish(*state);
	return 0;
}

static enum err reveal(struct desk_fixture *f, int64_t report_id, const char *actor,
	const char *reason, struct identity *ret_identity)
{
	struct errbuf eb = {0};
	enum err err = identity_reveal(f->desk,
		&(struct identity_ask){.report_id = report_id, .reason = reason, .actor = actor},
		ret_identity, &eb);

	if (err)
		assert_string_not_equal(eb.text, "");
	end_turn(&f->s);
	return err;
}

static void test_a_reason_opens_it_for_a_while(void **state)
{
	struct desk_fixture *f = *state;
	int64_t id = open_report(f, PARTY_PHONE, RESIDENT, "mat xe").id;
	struct identity identity = {0};

	assert_err(reveal(f, id, OFFICER, "", &identity), ERR_INVALID);
	assert_err(reveal(f, id, OFFICER, NULL, &identity), ERR_INVALID);
	assert_err(reveal(f, id, OFFICER, "xem", &identity), ERR_INVALID);
	assert_err(
		reveal(f, id, OFFICER, "   \t\n      \xe2\x80\x8b     ", &identity), ERR_INVALID);
	assert_string_equal(identity.address, "");
	assert_ok(reveal(f, id, OFFICER, REASON, &identity));
	assert_string_equal(identity.address, RESIDENT);
	assert_int_equal(identity.kind, PARTY_PHONE);
	assert_int_equal(identity.until_ms, f->s.clock.wall + IDENTITY_OPEN_MS);
	/* It is open to him, not to another, and not for ever. */
	assert_ok(reveal(f, id, OFFICER, NULL, &identity));
	assert_err(reveal(f, id, "officer:khac", NULL, &identity), ERR_INVALID);
	clock_virtual_advance(&f->s.clock, IDENTITY_OPEN_MS);
	assert_err(reveal(f, id, OFFICER, NULL, &identity), ERR_INVALID);
}

static void test_some_have_none(void **state)
{
	struct desk_fixture *f = *state;
	struct identity identity;
	struct report report;
	struct party party;

	assert_ok(party_get(f->s.store, PARTY_PHONE, RESIDENT, &party));
	assert_ok(desk_report_open(f->desk,
		&(struct report_new){.party_id = party.id,
			.source = "modem",
			.received_ms = f->s.clock.wall,
			.text = "AN co nguoi danh bac",
			.is_anonymous = true},
		&report));
	assert_err(reveal(f, report.id, OFFICER, REASON, &identity), ERR_DENIED);
	report = open_report(f, PARTY_OFFICE, "office", "nguoi dan den tru so");
	assert_err(reveal(f, report.id, OFFICER, REASON, &identity), ERR_NOT_FOUND);
	report = open_report(f, PARTY_PHONE, "+84900000077", "mat xe");
	assert_ok(report_sanitise(f->s.store, report.id));
	assert_err(reveal(f, report.id, OFFICER, REASON, &identity), ERR_NOT_FOUND);
}

struct texts {
	int64_t party_id;
	int count;
};

static void text_add(void *arg, const struct outbox_row *row)
{
	struct texts *texts = arg;

	texts->count += row->party_id == texts->party_id;
}

static int texts_to(struct desk_fixture *f, const char *phone)
{
	struct texts texts = {0};
	struct party party;

	assert_ok(party_get(f->s.store, PARTY_PHONE, phone, &party));
	texts.party_id = party.id;
	assert_ok(outbox_list(f->s.store, 0, 200, text_add, &texts));
	return texts.count;
}

static int64_t add_overseer(
	struct desk_fixture *f, const char *login, enum officer_role role, const char *phone)
{
	int64_t id;

	assert_ok(officer_add(f->s.store,
		&(struct officer_new){
			.login = login, .name = "Cán bộ xã", .role = role, .phone = phone},
		&id));
	return id;
}

static void add_chief(struct desk_fixture *f)
{
	add_overseer(f, "truong", OFFICER_CHIEF, CHIEF_PHONE);
}

static void test_the_chief_hears_of_it_in_the_morning(void **state)
{
	struct desk_fixture *f = *state;
	int64_t id = open_report(f, PARTY_PHONE, RESIDENT, "mat xe").id;
	struct identity identity;

	add_chief(f);
	assert_ok(reveal(f, id, OFFICER, REASON, &identity));
	assert_ok(identity_tick(f->desk));
	assert_int_equal(texts_to(f, CHIEF_PHONE), 0);
	/* It is the evening of 18 November; not before the next morning. */
	while (clock_local_day(f->s.clock.wall + HOUR_MS) == clock_local_day(FIXTURE_WALL_MS)) {
		clock_virtual_advance(&f->s.clock, HOUR_MS);
		assert_ok(identity_tick(f->desk));
	}
	clock_virtual_advance(&f->s.clock, 7 * HOUR_MS);
	assert_ok(identity_tick(f->desk));
	assert_int_equal(texts_to(f, CHIEF_PHONE), 0);
	clock_virtual_advance(&f->s.clock, HOUR_MS);
	assert_ok(identity_tick(f->desk));
	assert_int_equal(texts_to(f, CHIEF_PHONE), 1);
	clock_virtual_advance(&f->s.clock, DAY_MS);
	assert_ok(identity_tick(f->desk));
	assert_int_equal(texts_to(f, CHIEF_PHONE), 1);
	/* Whoever has one open looks again without being told of once more. */
	assert_ok(reveal(f, id, OFFICER, REASON, &identity));
	assert_ok(reveal(f, id, OFFICER, NULL, &identity));
	clock_virtual_advance(&f->s.clock, 2 * DAY_MS);
	assert_ok(identity_tick(f->desk));
	assert_ok(identity_tick(f->desk));
	assert_int_equal(texts_to(f, CHIEF_PHONE), 2);
}

static void test_many_by_one_officer_are_told_at_once(void **state)
{
	struct desk_fixture *f = *state;
	struct identity identity;

	add_chief(f);
	for (int i = 1; i <= IDENTITY_MANY; i++) {
		assert_int_equal(texts_to(f, CHIEF_PHONE), 0);
		assert_ok(reveal(f, open_report(f, PARTY_PHONE, RESIDENT, "mat xe").id, OFFICER,
			REASON, &identity));
	}
	assert_int_equal(texts_to(f, CHIEF_PHONE), 1);
}

/* The chief must not learn of a complaint about him by what is done with it. */
static void test_of_what_the_chairman_reads_he_alone_hears(void **state)
{
	struct desk_fixture *f = *state;
	struct identity identity;
	struct keypair *chairman, *pair;
	int64_t id = add_overseer(f, "chu.tich", OFFICER_CHAIRMAN, CHAIRMAN_PHONE);

	add_chief(f);
	assert_ok(keypair_new(&chairman));
	for (int i = 1; i <= IDENTITY_MANY; i++) {
		int64_t report = open_report(f, PARTY_PHONE, RESIDENT, "truong cong an xa").id;

		assert_ok(report_key_open(f->s.store, &key_holder_box, report, &pair));
		assert_ok(report_key_give(f->s.store, report, pair, id, keypair_public(chairman)));
		assert_ok(report_confine(f->s.store, report, true));
		keypair_free(pair);
		assert_int_equal(texts_to(f, CHAIRMAN_PHONE), 0);
		assert_ok(reveal(f, report, "officer:chu.tich", REASON, &identity));
	}
	keypair_free(chairman);
	assert_int_equal(texts_to(f, CHAIRMAN_PHONE), 1);
	assert_ok(reveal(
		f, open_report(f, PARTY_PHONE, RESIDENT, "mat xe").id, OFFICER, REASON, &identity));
	clock_virtual_advance(&f->s.clock, DAY_MS);
	assert_ok(identity_tick(f->desk));
	assert_int_equal(texts_to(f, CHAIRMAN_PHONE), 2);
	assert_int_equal(texts_to(f, CHIEF_PHONE), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_a_reason_opens_it_for_a_while, setup, teardown),
		cmocka_unit_test_setup_teardown(test_some_have_none, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_the_chief_hears_of_it_in_the_morning, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_many_by_one_officer_are_told_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_of_what_the_chairman_reads_he_alone_hears, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
