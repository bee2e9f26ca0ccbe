/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The people of a place as those who look after it see them, and the end of a place. */
#include "tests/unit/desk/support.h"

#include "daemon/base/str.h"
#include "daemon/desk/enrolment.h"
#include "daemon/desk/place.h"
#include "daemon/desk/place_close.h"
#include "daemon/desk/resident_list.h"
#include "store/event.h"

#define FIRST  "+84900000771"
#define SECOND "+84900000772"
#define REASON "hẹn gặp làm căn cước tại nhà"

static const struct desk_actor office = {0, "officer:uid0"};

static void put(struct desk_fixture *f, const char *phone, const char *place, const char *household)
{
	enum desk_resident_change change;
	struct errbuf eb = {0};

	assert_ok(desk_resident_put(f->desk,
		&(struct desk_resident_row){.phone = phone,
			.name = "chủ hộ 12",
			.place = place,
			.role = "member",
			.household = household},
		&change, &eb));
}

static void add_place(
	struct desk_fixture *f, const char *code, const char *kind, const char *parent)
{
	struct errbuf eb = {0};
	struct place place;

	assert_ok(desk_place_put(f->desk,
		&(struct desk_place_new){
			.code = code, .name = code, .kind = kind, .parent = parent},
		office.name, &place, &eb));
}

static int setup(void **state)
{
	static struct desk_fixture f;

	start(&f, true, false, false);
	add_place(&f, "ap-7", "hamlet", "");
	add_place(&f, "ap-8", "hamlet", "");
	put(&f, FIRST, "ap-7", "Hộ 1");
	put(&f, SECOND, "ap-7", "Hộ 1");
	end_turn(&f.s);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	finish(*state);
	return 0;
}

static struct place place_of(struct desk_fixture *f, const char *code)
{
	struct place place;
	struct errbuf eb = {0};

	assert_ok(desk_residents_place(f->desk, code, &office, &place, &eb));
	return place;
}

struct rows {
	struct resident_row rows[4];
	int count;
};

static void keep_row(void *arg, const struct resident_row *row)
{
	struct rows *rows = arg;

	assert_true(rows->count < 4);
	rows->rows[rows->count++] = *row;
}

static struct rows look(struct desk_fixture *f, const char *code)
{
	struct place place = place_of(f, code);
	struct rows rows = {.count = 0};

	assert_ok(desk_residents_look(f->desk, &place, 0, &office, keep_row, &rows));
	return rows;
}

struct seen {
	const char *kind;
	int count;
	char data[EVENT_DATA_MAX], subject[96];
};

/* No event has a number or a name. */
static void keep_event(void *arg, const struct event *event)
{
	struct seen *seen = arg;

	assert_null(strstr(event->data, "000077"));
	assert_null(strstr(event->data, "hộ 12"));
	assert_null(strstr(event->data, "căn cước"));
	if (strcmp(event->kind, seen->kind) != 0)
		return;
	seen->count++;
	snprintf(seen->data, sizeof(seen->data), "%s", event->data);
	snprintf(seen->subject, sizeof(seen->subject), "%s", event->subject);
}

static struct seen events(struct desk_fixture *f, const char *kind)
{
	struct seen seen = {.kind = kind};

	end_turn(&f->s);
	assert_ok(event_list(f->s.store, 0, 200, keep_event, &seen));
	return seen;
}

static void test_each_look_is_noted_and_shows_three_digits(void **state)
{
	struct desk_fixture *f = *state;
	struct rows rows = look(f, "ap-7");
	struct seen seen = events(f, "residents.seen");

	assert_int_equal(rows.count, 2);
	assert_string_equal(rows.rows[0].tail, "771");
	assert_string_equal(rows.rows[0].name, "chủ hộ 12");
	assert_string_equal(rows.rows[0].household, "Hộ 1");
	assert_string_equal(rows.rows[0].consent, "list");
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.subject, "place/ap-7");
	assert_string_equal(seen.data, "{\"seen\":2}");
	assert_int_equal(look(f, "ap-8").count, 0);
}

static void test_an_area_officer_has_his_places(void **state)
{
	struct desk_fixture *f = *state;
	char code[LOGIN_CODE_BYTES];
	struct officer chief, area;
	struct place place;
	struct errbuf eb = {0};

	assert_ok(desk_officer_claim(f->desk, "chief", "A", office.name, &chief, &eb));
	assert_ok(desk_officer_add(f->desk,
		&(struct desk_officer_in){.login = "area",
			.name = "B",
			.role = "area",
			.places = {"ap-8"},
			.place_count = 1},
		&office, &area, code, &eb));
	assert_err(desk_residents_place(f->desk, "ap-7",
			   &(struct desk_actor){area.id, "officer:area"}, &place, &eb),
		ERR_DENIED);
	assert_ok(desk_residents_place(
		f->desk, "ap-8", &(struct desk_actor){area.id, "officer:area"}, &place, &eb));
	assert_ok(desk_residents_place(
		f->desk, "ap-7", &(struct desk_actor){chief.id, "officer:chief"}, &place, &eb));
}

static void test_one_is_changed_and_leaves(void **state)
{
	struct desk_fixture *f = *state;
	struct place place = place_of(f, "ap-7"), other = place_of(f, "ap-8");
	struct resident_at at = {.place = &place, .id = look(f, "ap-7").rows[0].id};
	struct errbuf eb = {0};
	struct rows rows;
	bool is_forgotten = true;
	int64_t id;

	assert_ok(desk_resident_edit(f->desk, &at,
		&(struct resident_edit){.role = "trưởng thôn", .household = ""}, &office, &eb));
	rows = look(f, "ap-7");
	assert_string_equal(rows.rows[0].role, "head");
	assert_string_equal(rows.rows[0].household, "");
	assert_string_equal(rows.rows[1].household, "Hộ 1");
	assert_err(desk_resident_edit(
			   f->desk, &at, &(struct resident_edit){.role = "left"}, &office, &eb),
		ERR_INVALID);
	assert_err(desk_resident_edit(f->desk, &(struct resident_at){&other, at.id},
			   &(struct resident_edit){.role = "member"}, &office, &eb),
		ERR_NOT_FOUND);
	/* On two lists he leaves one; on one he is forgotten. */
	put(f, FIRST, "ap-8", "");
	assert_ok(desk_resident_leave(f->desk, &at, "moved", &office, &is_forgotten, &eb));
	assert_false(is_forgotten);
	at.place = &other;
	assert_err(desk_resident_leave(f->desk, &at, "because", &office, &is_forgotten, &eb),
		ERR_INVALID);
	assert_ok(desk_resident_leave(f->desk, &at, "asked", &office, &is_forgotten, &eb));
	assert_true(is_forgotten);
	assert_err(resident_find(f->s.store, FIRST, &id), ERR_NOT_FOUND);
	assert_int_equal(events(f, "resident.left").count, 2);
	assert_int_equal(events(f, "resident.changed").count, 1);
}

static void count_shown(void *arg, const struct resident_shown *shown)
{
	assert_string_equal(shown->reason, REASON);
	assert_false(shown->is_forgotten);
	++*(int *)arg;
}

static void count_forgotten(void *arg, const struct resident_shown *shown)
{
	assert_string_equal(shown->reason, "");
	assert_true(shown->is_forgotten);
	assert_true(shown->place_id > 0);
	assert_true(str_starts(shown->actor, "officer:"));
	++*(int *)arg;
}

static void test_a_number_needs_a_reason_and_has_an_end(void **state)
{
	struct desk_fixture *f = *state;
	struct place place = place_of(f, "ap-7");
	struct resident_at at = {.place = &place, .id = look(f, "ap-7").rows[0].id};
	char phone[MSISDN_BYTES] = "";
	struct errbuf eb = {0};
	bool is_forgotten;
	int shown = 0;

	assert_err(desk_resident_phone(f->desk, &at, "xem số", &office, phone, &eb), ERR_INVALID);
	assert_err(desk_resident_phone(f->desk, &at, "............", &office, phone, &eb),
		ERR_INVALID);
	for (int i = 0; i < RESIDENT_SHOWN_A_DAY; i++)
		assert_ok(desk_resident_phone(f->desk, &at, REASON, &office, phone, &eb));
	assert_string_equal(phone, FIRST);
	assert_err(desk_resident_phone(f->desk, &at, REASON, &office, phone, &eb), ERR_RATE);
	assert_ok(desk_resident_phone(
		f->desk, &at, REASON, &(struct desk_actor){0, "officer:b"}, phone, &eb));
	clock_virtual_advance(&f->s.clock, DAY_MS);
	assert_ok(desk_resident_phone(f->desk, &at, REASON, &office, phone, &eb));
	assert_int_equal(events(f, "resident.phone_shown").count, RESIDENT_SHOWN_A_DAY + 2);
	assert_ok(resident_shown_list(f->s.store, 0, 200, count_shown, &shown));
	assert_int_equal(shown, RESIDENT_SHOWN_A_DAY + 2);
	/* Whose number and why go with him; who looked, and when, stays. */
	assert_ok(desk_resident_leave(f->desk, &at, "asked", &office, &is_forgotten, &eb));
	assert_true(is_forgotten);
	shown = 0;
	assert_ok(resident_shown_list(f->s.store, 0, 200, count_forgotten, &shown));
	assert_int_equal(shown, RESIDENT_SHOWN_A_DAY + 2);
}

/* ---- the end of a place -----------------------------------------------------------------------
 */

static enum err close_place(
	struct desk_fixture *f, const char *code, const char *into, struct place_closed *ret_closed)
{
	struct errbuf eb = {0};
	enum err err = desk_place_close(f->desk,
		&(struct place_closing){
			.code = code, .into = into, .reason = "sáp nhập", .actor = office.name},
		ret_closed, &eb);

	assert_int_equal(err != ERR_OK, eb.vi[0] != 0);
	assert_int_equal(err != ERR_OK, eb.text[0] != 0);
	return err;
}

static void test_two_hamlets_become_one(void **state)
{
	struct desk_fixture *f = *state;
	struct report report = open_report(f, PARTY_PHONE, RESIDENT, "mất trộm gà");
	struct place_closed closed = {.reports = 0};
	struct place place;
	struct rows rows;

	assert_ok(report_set_hamlet(f->s.store, report.id, "ap-7"));
	add_place(f, "to-1", "subunit", "ap-7");
	/* The same name of a household in both, and one person on both lists. */
	put(f, "+84900000881", "ap-8", "Hộ 1");
	put(f, SECOND, "ap-8", "Hộ 9");
	assert_err(close_place(f, "ap-7", "", &closed), ERR_STATE);
	assert_err(close_place(f, "ap-7", "ap-7", &closed), ERR_INVALID);
	assert_err(close_place(f, "ap-7", "to-1", &closed), ERR_INVALID);
	assert_err(close_place(f, "ap-9", "", &closed), ERR_NOT_FOUND);
	assert_ok(close_place(f, "ap-7", "ap-8", &closed));
	assert_int_equal(closed.reports, 1);
	assert_int_equal(closed.moved.residents, 1);
	assert_int_equal(closed.moved.below, 1);
	assert_true(closed.place.closed_ms != 0);
	rows = look(f, "ap-8");
	assert_int_equal(rows.count, 3);
	assert_string_equal(rows.rows[0].tail, "771");
	assert_string_equal(rows.rows[0].household, "Hộ 1");
	assert_ok(report_load(f->s.store, report.id, &report));
	assert_string_equal(report.hamlet, "ap-8");
	assert_ok(place_find(f->s.store, "ap-7", &place));
	assert_err(place_find_open(f->s.store, "ap-7", &place), ERR_NOT_FOUND);
	assert_err(close_place(f, "ap-7", "ap-8", &closed), ERR_STATE);
	assert_int_equal(events(f, "place.closed").count, 1);
}

static void test_what_is_closed_takes_nothing_new(void **state)
{
	struct desk_fixture *f = *state;
	enum desk_resident_change change;
	struct enrolment_said said;
	struct place_closed closed;
	struct place place;
	struct errbuf eb = {0};

	assert_ok(close_place(f, "ap-7", "ap-8", &closed));
	assert_err(desk_resident_put(f->desk,
			   &(struct desk_resident_row){
				   .phone = FIRST, .name = "A", .place = "ap-7", .role = "member"},
			   &change, &eb),
		ERR_NOT_FOUND);
	assert_err(desk_place_put(f->desk,
			   &(struct desk_place_new){
				   .code = "ap-7", .name = "Ấp 7", .kind = "hamlet", .parent = ""},
			   office.name, &place, &eb),
		ERR_STATE);
	assert_err(desk_residents_place(f->desk, "ap-7", &office, &place, &eb), ERR_NOT_FOUND);
	/* Who still writes the old name waits for an officer. */
	assert_ok(desk_enrolment_read(f->desk, "ap 7 Nguyen Van A", &said));
	assert_int_equal(said.place_id, 0);
	assert_string_equal(said.said, "ap 7");
}

static void test_one_that_is_empty_is_just_gone(void **state)
{
	struct desk_fixture *f = *state;
	struct place_closed closed;

	assert_ok(close_place(f, "ap-8", "", &closed));
	assert_int_equal(closed.into.id, 0);
	assert_int_equal(events(f, "place.closed").count, 1);
}

/* However many look after it. */
static void test_all_its_officers_get_the_other_place(void **state)
{
	struct desk_fixture *f = *state;
	struct place_closed closed;
	struct place place, into;
	int64_t first_id = 0, last_id = 0;
	bool has;

	assert_ok(place_find(f->s.store, "ap-7", &place));
	assert_ok(place_find(f->s.store, "ap-8", &into));
	for (int i = 0; i < 70; i++) {
		char login[16];

		snprintf(login, sizeof(login), "kv%d", i);
		assert_ok(officer_add(f->s.store,
			&(struct officer_new){.login = login,
				.name = "Khu vực",
				.role = OFFICER_AREA,
				.phone = ""},
			&last_id));
		assert_ok(officer_place_set(f->s.store, last_id, place.id, true));
		if (!first_id)
			first_id = last_id;
	}
	assert_ok(close_place(f, "ap-7", "ap-8", &closed));
	assert_int_equal(closed.officers, 70);
	for (int64_t id = first_id; id <= last_id; id++) {
		assert_ok(officer_has_place(f->s.store, id, into.id, &has));
		assert_true(has);
		assert_ok(officer_has_place(f->s.store, id, place.id, &has));
		assert_false(has);
	}
}

#define LIST_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIST_TEST(test_each_look_is_noted_and_shows_three_digits),
		LIST_TEST(test_an_area_officer_has_his_places),
		LIST_TEST(test_one_is_changed_and_leaves),
		LIST_TEST(test_a_number_needs_a_reason_and_has_an_end),
		LIST_TEST(test_two_hamlets_become_one),
		LIST_TEST(test_what_is_closed_takes_nothing_new),
		LIST_TEST(test_one_that_is_empty_is_just_gone),
		LIST_TEST(test_all_its_officers_get_the_other_place),
	};

	return cmocka_run_group_tests_name("resident_list", tests, NULL, NULL);
}
