/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closed reports lose their sender and their words when their class says, and when a person asks.
 */
#include "tests/unit/desk/legal_support.h"

#include "daemon/desk/place.h"
#include "daemon/desk/retention.h"
#include "store/event.h"
#include "store/resident.h"
#include "store/retention.h"

#define CHIEF "officer:truong"

/* Everything that was queued is over: sent, or not wanted any more. */
static void settle_all(struct legal_fixture *f)
{
	struct outbox_listing l = list_outbox(&f->d.s);

	for (int i = 0; i < l.count; i++) {
		if (l.rows[i].state == OUTBOX_QUEUED)
			assert_ok(outbox_move(f->d.s.store, l.rows[i].id,
				&(struct outbox_move){.to = OUTBOX_CANCELLED}));
	}
	end_turn(&f->d.s);
}

static void close_report(struct legal_fixture *f, int64_t id)
{
	assert_ok(report_set_state(f->d.s.store, id, "closed"));
	settle_all(f);
}

static void keep_time(struct legal_fixture *f)
{
	assert_ok(retention_tick(f->d.desk));
	end_turn(&f->d.s);
}

static struct retention of(struct legal_fixture *f, int64_t id)
{
	struct retention retention;

	assert_ok(retention_load(f->d.s.store, id, &retention));
	return retention;
}

static void test_the_class_says_how_long(void **state)
{
	struct legal_fixture f;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	id = receive(&f).id;
	classify(&f, id, "phan_anh");
	keep_time(&f);
	assert_int_equal(of(&f, id).erase_due_ms, 0);
	pass_to(&f, "2026-12-01 09:00");
	close_report(&f, id);
	keep_time(&f);
	assert_int_equal(
		of(&f, id).sanitise_due_ms / MINUTE_MS, at("2027-06-01 23:59") / MINUTE_MS);
	assert_int_equal(of(&f, id).erase_due_ms / MINUTE_MS, at("2028-12-01 23:59") / MINUTE_MS);
	pass_to(&f, "2027-06-01 23:00");
	keep_time(&f);
	assert_int_equal(of(&f, id).sanitised_ms, 0);
	pass_to(&f, "2027-06-02 00:01");
	settle_all(&f);
	keep_time(&f);
	assert_int_equal(of(&f, id).sanitised_ms, at("2027-06-02 00:01"));
	assert_int_equal(of(&f, id).erased_ms, 0);
	pass_to(&f, "2028-12-02 00:01");
	settle_all(&f);
	keep_time(&f);
	assert_int_equal(of(&f, id).erased_ms, at("2028-12-02 00:01"));
	legal_end(&f);
}

static void test_a_clock_that_nobody_confirms_erases_nothing(void **state)
{
	struct legal_fixture f;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	id = receive(&f).id;
	classify(&f, id, "hoi_dap");
	close_report(&f, id);
	keep_time(&f);
	legal_is_ntp = false;
	pass_to(&f, "2036-11-20 10:00");
	settle_all(&f);
	keep_time(&f);
	assert_int_equal(of(&f, id).sanitised_ms, 0);
	legal_is_ntp = true;
	keep_time(&f);
	assert_true(of(&f, id).erased_ms > 0);
	legal_end(&f);
}

static void test_an_anonymous_sender_is_forgotten_at_once(void **state)
{
	struct legal_fixture f;
	struct report report;
	struct party party;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	assert_ok(party_get_anonymous(f.d.s.store, PARTY_PHONE, RESIDENT, &party));
	assert_ok(desk_report_open(f.d.desk,
		&(struct report_new){.party_id = party.id,
			.source = "modem",
			.received_ms = f.d.s.clock.wall,
			.text = "AN co nguoi danh bac",
			.is_anonymous = true},
		&report));
	classify(&f, report.id, "to_giac");
	legal_is_ntp = false;
	close_report(&f, report.id);
	keep_time(&f);
	assert_true(of(&f, report.id).sanitised_ms > 0);
	legal_is_ntp = true;
	pass_to(&f, "2031-11-19 10:00");
	settle_all(&f);
	keep_time(&f);
	assert_int_equal(of(&f, report.id).erased_ms, 0);
	legal_end(&f);
}

static enum err hold(struct legal_fixture *f, int64_t id, const char *reason)
{
	struct errbuf eb = {0};

	return desk_hold(f->d.desk, id, reason, CHIEF, &eb);
}

static void test_a_hold_stops_it(void **state)
{
	struct legal_fixture f;
	struct errbuf eb = {0};
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	id = receive(&f).id;
	classify(&f, id, "hoi_dap");
	close_report(&f, id);
	assert_err(hold(&f, id, " "), ERR_INVALID);
	assert_err(hold(&f, 99, "vì"), ERR_NOT_FOUND);
	assert_ok(hold(&f, id, "Tòa án yêu cầu giữ"));
	pass_to(&f, "2030-11-20 10:00");
	settle_all(&f);
	keep_time(&f);
	assert_int_equal(of(&f, id).sanitised_ms, 0);
	assert_ok(desk_release(f.d.desk, id, CHIEF, &eb));
	assert_err(desk_release(f.d.desk, id, CHIEF, &eb), ERR_NOT_FOUND);
	keep_time(&f);
	assert_true(of(&f, id).erased_ms > 0);
	assert_err(hold(&f, id, "quá muộn"), ERR_STATE);
	legal_end(&f);
}

static enum forget forget(struct legal_fixture *f, int64_t report_id)
{
	struct errbuf eb = {0};
	enum forget what;

	assert_ok(desk_forget(f->d.desk,
		&(struct forget_ask){.report_id = report_id, .actor = CHIEF}, &what, &eb));
	end_turn(&f->d.s);
	return what;
}

static void test_whoever_asks_is_forgotten_where_the_law_allows(void **state)
{
	struct legal_fixture f;
	int64_t question, crime, open, events = 0, bad = 0;
	struct errbuf eb = {0};
	struct party party;
	enum forget what;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	question = receive(&f).id;
	classify(&f, question, "hoi_dap");
	close_report(&f, question);
	crime = receive(&f).id;
	classify(&f, crime, "to_giac");
	close_report(&f, crime);
	open = receive(&f).id;
	classify(&f, open, "hoi_dap");
	settle_all(&f);
	assert_int_equal(forget(&f, open), FORGET_OPEN);
	assert_int_equal(forget(&f, crime), FORGET_LAW);
	assert_int_equal(forget(&f, question), FORGET_ERASED);
	settle_all(&f); /* he was told */
	keep_time(&f);
	assert_true(of(&f, question).erased_ms > 0);
	assert_int_equal(of(&f, crime).sanitised_ms, 0);
	assert_int_equal(of(&f, open).sanitised_ms, 0);
	assert_ok(party_find(f.d.s.store, PARTY_PHONE, RESIDENT, &party)); /* still needed */
	/* What was open is closed; he asks again, by his number. */
	close_report(&f, open);
	assert_ok(desk_forget(
		f.d.desk, &(struct forget_ask){.phone = RESIDENT, .actor = CHIEF}, &what, &eb));
	settle_all(&f);
	keep_time(&f);
	assert_true(of(&f, open).erased_ms > 0);
	pass_to(&f, "2031-11-22 10:00");
	settle_all(&f);
	keep_time(&f);
	assert_true(of(&f, crime).erased_ms > 0);
	assert_err(party_find(f.d.s.store, PARTY_PHONE, RESIDENT, &party), ERR_NOT_FOUND);
	assert_err(desk_forget(f.d.desk, &(struct forget_ask){.report_id = crime, .actor = CHIEF},
			   &what, &eb),
		ERR_NOT_FOUND);
	/* That it was done stays in the log, whose chain is whole. */
	assert_ok(event_verify(f.d.s.store, &events, &bad));
	assert_true(events > 0);
	assert_int_equal(bad, 0);
	legal_end(&f);
}

static int answers(struct legal_fixture *f)
{
	struct outbox_listing l = list_outbox(&f->d.s);
	int count = 0;

	for (int i = 0; i < l.count; i++)
		count += l.rows[i].kind == OUTBOX_KIND_ANSWER;
	return count;
}

static void test_a_number_is_answered_alike_whether_it_wrote_or_not(void **state)
{
	struct legal_fixture f;
	struct errbuf eb = {0};
	enum resident_change change;
	struct place place;
	enum forget what;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	assert_ok(desk_place_put(f.d.desk,
		&(struct desk_place_new){.code = "thon-3", .name = "Thôn 3", .kind = "hamlet"},
		CHIEF, &place, &eb));
	assert_ok(resident_put(f.d.s.store,
		&(struct resident_new){.phone = "+84900000099",
			.name = "chủ hộ 12",
			.place_id = place.id,
			.role = "member"},
		&change));
	assert_ok(desk_forget(f.d.desk,
		&(struct forget_ask){.phone = "+84900000099", .actor = CHIEF}, &what, &eb));
	assert_err(resident_find(f.d.s.store, "+84900000099", &id), ERR_NOT_FOUND);
	assert_int_equal(answers(&f), 0);
	/* Whoever must not be written to is not. */
	id = receive(&f).id;
	settle_all(&f);
	assert_ok(desk_forget(
		f.d.desk, &(struct forget_ask){.phone = RESIDENT, .actor = CHIEF}, &what, &eb));
	assert_int_equal(answers(&f), 1);
	legal_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_class_says_how_long),
		cmocka_unit_test(test_a_clock_that_nobody_confirms_erases_nothing),
		cmocka_unit_test(test_an_anonymous_sender_is_forgotten_at_once),
		cmocka_unit_test(test_a_hold_stops_it),
		cmocka_unit_test(test_whoever_asks_is_forgotten_where_the_law_allows),
		cmocka_unit_test(test_a_number_is_answered_alike_whether_it_wrote_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
