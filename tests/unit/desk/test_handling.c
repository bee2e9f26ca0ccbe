/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/str.h"
#include "daemon/desk/handling.h"
#include "store/officer.h"
#include "store/place.h"
#include "store/report_key.h"
#include "tests/unit/desk/support.h"

#define OTHER "+84900000013"
#define ACTOR "officer:test"

static struct report at(struct desk_fixture *f, int64_t id)
{
	struct report report;

	assert_ok(report_load(f->s.store, id, &report));
	return report;
}

static void test_place_and_officer(void **state)
{
	struct place place = {.code = "thon-3", .name = "Thôn 3", .kind = PLACE_HAMLET};
	struct desk_fixture f;
	struct errbuf eb = {0};
	struct report report;
	int64_t id;

	(void)state;
	start(&f, true, false, false);
	report = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	assert_ok(place_save(f.s.store, &place, &id));
	snprintf(place.code, sizeof(place.code), "truong");
	place.kind = PLACE_SCHOOL;
	assert_ok(place_save(f.s.store, &place, &id));
	assert_ok(desk_report_place(f.desk, report.id, "thon-3", ACTOR, &eb));
	assert_string_equal(at(&f, report.id).hamlet, "thon-3");
	assert_err(desk_report_place(f.desk, report.id, "thon-4", ACTOR, &eb), ERR_NOT_FOUND);
	assert_err(desk_report_place(f.desk, report.id, "truong", ACTOR, &eb), ERR_INVALID);
	assert_ok(desk_report_place(f.desk, report.id, "", ACTOR, &eb));
	assert_string_equal(at(&f, report.id).hamlet, "");
	assert_ok(officer_add(f.s.store,
		&(struct officer_new){
			.login = "an", .name = "An", .role = OFFICER_AREA, .phone = ""},
		&id));
	assert_ok(desk_report_assign(f.desk, report.id, "an", ACTOR, &eb));
	assert_int_equal(at(&f, report.id).assignee_id, id);
	assert_err(desk_report_assign(f.desk, report.id, "binh", ACTOR, &eb), ERR_NOT_FOUND);
	assert_ok(officer_set_state(f.s.store, id, OFFICER_LOCKED));
	assert_err(desk_report_assign(f.desk, report.id, "an", ACTOR, &eb), ERR_STATE);
	assert_ok(officer_add(f.s.store,
		&(struct officer_new){.login = "it", .name = "It", .role = OFFICER_IT, .phone = ""},
		&id));
	assert_err(desk_report_assign(f.desk, report.id, "it", ACTOR, &eb), ERR_INVALID);
	assert_ok(desk_report_assign(f.desk, report.id, "", ACTOR, &eb));
	assert_int_equal(at(&f, report.id).assignee_id, 0);
	assert_err(desk_report_assign(f.desk, 99, "an", ACTOR, &eb), ERR_NOT_FOUND);
	finish(&f);
}

static void find_note(void *arg, const struct report_entry *entry)
{
	*(bool *)arg = *(bool *)arg || (entry->kind == REPORT_ENTRY_NOTE &&
					       str_eq(entry->text, "hỏi thêm chủ hộ 12"));
}

static void test_a_note_goes_nowhere(void **state)
{
	struct desk_fixture f;
	struct errbuf eb = {0};
	struct report report;
	bool is_there = false;
	int before;
	char big[5000];

	(void)state;
	start(&f, true, true, true);
	report = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	before = list_outbox(&f.s).count;
	assert_ok(desk_report_note(f.desk, report.id, "hỏi thêm chủ hộ 12", ACTOR, &eb));
	assert_int_equal(list_outbox(&f.s).count, before);
	assert_ok(report_entries(f.s.store, &key_holder_box, report.id, find_note, &is_there));
	assert_true(is_there);
	assert_string_equal(at(&f, report.id).state, "open");
	assert_err(desk_report_note(f.desk, report.id, " \n", ACTOR, &eb), ERR_INVALID);
	assert_err(desk_report_note(f.desk, report.id, "\xff", ACTOR, &eb), ERR_INVALID);
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = 0;
	assert_err(desk_report_note(f.desk, report.id, big, ACTOR, &eb), ERR_TOO_BIG);
	finish(&f);
}

/* Answers queued for somebody. */
static int answers_to(struct desk_fixture *f, int64_t party_id)
{
	struct outbox_listing l = list_outbox(&f->s);
	int count = 0;

	for (int i = 0; i < l.count; i++)
		count += l.rows[i].party_id == party_id && l.rows[i].kind == OUTBOX_KIND_ANSWER;
	return count;
}

static void test_all_senders_of_a_matter_are_answered(void **state)
{
	struct desk_fixture f;
	struct desk_answered done;
	struct errbuf eb = {0};
	struct report a, b, c, d, again;

	(void)state;
	start(&f, true, true, false);
	a = open_report(&f, PARTY_PHONE, RESIDENT, "chay");
	b = open_report(&f, PARTY_PHONE, OTHER, "chay");
	c = open_report(&f, PARTY_ZALO_USER, "9000000000000000001", "chay");
	d = open_report(&f, PARTY_SENDER_NAME, "VIETTEL", "chay");
	again = open_report(&f, PARTY_PHONE, OTHER, "chay to");
	assert_ok(desk_report_merge(f.desk, c.id, b.id, ACTOR, &eb));
	/* What points to it goes along. */
	assert_ok(desk_report_merge(f.desk, b.id, a.id, ACTOR, &eb));
	assert_int_equal(at(&f, c.id).merged_into, a.id);
	assert_ok(desk_report_merge(f.desk, d.id, a.id, ACTOR, &eb));
	assert_ok(desk_report_merge(f.desk, again.id, a.id, ACTOR, &eb));
	assert_ok(desk_report_answer(f.desk, a.id, "Đã dập tắt.", ACTOR, &done, &eb));
	/* Two phones and a Zalo user; one of them once, and the short code not at all. */
	assert_int_equal(done.sent, 3);
	assert_int_not_equal(done.outbox_id, 0);
	assert_int_equal(answers_to(&f, a.party_id), 1);
	assert_int_equal(answers_to(&f, b.party_id), 1);
	assert_int_equal(answers_to(&f, c.party_id), 1);
	assert_string_equal(at(&f, c.id).state, "answered");
	/* Undone, each is answered for himself. */
	assert_ok(desk_report_merge(f.desk, c.id, 0, ACTOR, &eb));
	assert_err(desk_report_merge(f.desk, c.id, 0, ACTOR, &eb), ERR_STATE);
	assert_ok(desk_report_answer(f.desk, c.id, "Xin chào.", ACTOR, &done, &eb));
	assert_int_equal(done.sent, 1);
	assert_int_equal(answers_to(&f, c.party_id), 2);
	assert_int_equal(at(&f, c.id).number, 3);
	finish(&f);
}

static void test_what_is_not_merged(void **state)
{
	struct desk_fixture f;
	struct errbuf eb = {0};
	struct report a, b, c;

	(void)state;
	start(&f, true, false, false);
	a = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	b = open_report(&f, PARTY_PHONE, OTHER, "b");
	c = open_report(&f, PARTY_PHONE, OTHER, "c");
	assert_err(desk_report_merge(f.desk, a.id, a.id, ACTOR, &eb), ERR_INVALID);
	assert_err(desk_report_merge(f.desk, a.id, 99, ACTOR, &eb), ERR_NOT_FOUND);
	assert_ok(desk_report_merge(f.desk, a.id, b.id, ACTOR, &eb));
	assert_err(desk_report_merge(f.desk, a.id, c.id, ACTOR, &eb), ERR_STATE);
	assert_err(desk_report_merge(f.desk, c.id, a.id, ACTOR, &eb), ERR_STATE);
	assert_err(desk_report_merge(f.desk, b.id, a.id, ACTOR, &eb), ERR_STATE);
	/* Who may read one of them may not read the other. */
	assert_ok(desk_report_rate(f.desk, c.id, "conduct", NULL, ACTOR, &eb));
	assert_err(desk_report_merge(f.desk, c.id, b.id, ACTOR, &eb), ERR_STATE);
	assert_err(desk_report_merge(f.desk, b.id, c.id, ACTOR, &eb), ERR_STATE);
	assert_ok(desk_report_link(f.desk, c.id, b.id, true, ACTOR, &eb));
	/* From either side. */
	assert_ok(desk_report_link(f.desk, b.id, c.id, false, ACTOR, &eb));
	assert_err(desk_report_link(f.desk, b.id, c.id, false, ACTOR, &eb), ERR_NOT_FOUND);
	assert_err(desk_report_link(f.desk, b.id, b.id, true, ACTOR, &eb), ERR_INVALID);
	finish(&f);
}

static void test_ready_words(void **state)
{
	struct desk_fixture f;
	struct desk_answered done;
	struct errbuf eb = {0};
	struct report sms, zalo;

	(void)state;
	start(&f, true, true, false);
	sms = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	zalo = open_report(&f, PARTY_ZALO_USER, "9000000000000000001", "b");
	assert_ok(desk_report_answer_by(f.desk, sms.id, "received", "", ACTOR, &done, &eb));
	assert_true(outbox_says(&f.s, done.outbox_id, "dang xem xet tin so 1 cua"));
	assert_ok(desk_report_answer_by(f.desk, zalo.id, "ask", "ở đâu?", ACTOR, &done, &eb));
	assert_true(
		outbox_says(&f.s, done.outbox_id, "Về tin số 2, xin ông/bà cho biết thêm: ở đâu?"));
	assert_err(
		desk_report_answer_by(f.desk, zalo.id, "ask", "", ACTOR, &done, &eb), ERR_INVALID);
	assert_err(desk_report_answer_by(f.desk, zalo.id, "received", "x", ACTOR, &done, &eb),
		ERR_INVALID);
	assert_err(
		desk_report_answer_by(f.desk, zalo.id, "x", "", ACTOR, &done, &eb), ERR_NOT_FOUND);
	finish(&f);
}

static void test_a_long_answer_by_zalo_is_one_row(void **state)
{
	static char text[3 * 12001 + 1];
	struct desk_fixture f;
	struct desk_answered done;
	struct errbuf eb = {0};
	struct report report;

	(void)state;
	start(&f, true, true, false);
	report = open_report(&f, PARTY_ZALO_USER, "9000000000000000001", "b");
	memset(text, 'a', 5000);
	assert_ok(desk_report_answer(f.desk, report.id, text, ACTOR, &done, &eb));
	memset(text, 'a', 12001);
	assert_err(desk_report_answer(f.desk, report.id, text, ACTOR, &done, &eb), ERR_TOO_BIG);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place_and_officer),
		cmocka_unit_test(test_a_note_goes_nowhere),
		cmocka_unit_test(test_all_senders_of_a_matter_are_answered),
		cmocka_unit_test(test_what_is_not_merged),
		cmocka_unit_test(test_ready_words),
		cmocka_unit_test(test_a_long_answer_by_zalo_is_one_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
