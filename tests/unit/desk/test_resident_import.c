/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list from a spreadsheet in the registry: all of it or nothing, and the same list again. */
#include "tests/unit/desk/support.h"

#include "daemon/desk/audience.h"
#include "daemon/desk/resident_import.h"

struct import_fixture {
	struct desk_fixture d;
	struct resident_import import;
	char faults[2048];
};

static void begin(struct import_fixture *f)
{
	static const struct desk_place_new places[] = {{"thon-1", "Thôn Một", "hamlet", ""},
		{"thon-2", "Thôn Hai", "hamlet", ""}, {"truong", "Trường học", "school", ""},
		{"truong-2", "Trường Học", "school", ""}};
	struct place place;
	struct errbuf eb = {0};

	start(&f->d, true, false, false);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		assert_ok(desk_place_put(f->d.desk, &places[i], "officer:uid0", &place, &eb));
}

static void end(struct import_fixture *f)
{
	resident_import_done(&f->import);
	finish(&f->d);
}

/* As the API does it. */
static void import_text(struct import_fixture *f, const char *text)
{
	size_t len = 0, i;
	const json_t *fault;

	resident_import_done(&f->import);
	assert_ok(store_savepoint_begin(f->d.s.store));
	assert_ok(resident_import_read(f->d.desk, text, strlen(text), &f->import));
	if (f->import.faults.count)
		store_savepoint_rollback(f->d.s.store);
	else
		assert_ok(store_savepoint_release(f->d.s.store));
	end_turn(&f->d.s);
	f->faults[0] = 0;
	json_array_foreach (f->import.faults.list, i, fault) {
		const char *column = json_string_value(json_object_get(fault, "column"));

		len += (size_t)snprintf(f->faults + len, sizeof(f->faults) - len, "%d %s: %s\n",
			(int)json_integer_value(json_object_get(fault, "row")),
			column ? column : "-",
			json_string_value(json_object_get(fault, "message")));
	}
}

static void counts_are(
	const struct import_fixture *f, int same, int added, int changed, int removed)
{
	const int64_t *counts = f->import.counts;

	if (f->import.faults.count)
		fail_msg("%s", f->faults);
	assert_int_equal(counts[DESK_RESIDENT_SAME], same);
	assert_int_equal(counts[DESK_RESIDENT_ADDED], added);
	assert_int_equal(counts[DESK_RESIDENT_CHANGED], changed);
	assert_int_equal(counts[DESK_RESIDENT_REMOVED], removed);
}

static int64_t residents(struct import_fixture *f)
{
	int64_t count = -1;

	assert_ok(resident_count(f->d.s.store, &count));
	return count;
}

static void test_a_list_goes_in_again_and_again(void **state)
{
	struct import_fixture f = {0};

	(void)state;
	begin(&f);
	import_text(&f, "Họ và tên;SĐT;Thôn;Vai trò;Mã hộ\n"
			"chủ hộ 12;900001001;Thôn Một;Chủ hộ;H12\n"
			"người nhà 12;+84 900 001 002;thon-1;;H12\n"
			"hiệu trưởng;'0900001003;truong;Hiệu trưởng;\n");
	counts_are(&f, 0, 3, 0, 0);
	assert_int_equal(f.import.mended, 1);
	import_text(&f, "name,phone,place\nchủ hộ 12,0900001001,thon-1\n");
	/* Without the column the role is a member's; the household stays. */
	counts_are(&f, 0, 0, 1, 0);
	import_text(&f, "name,phone,place,role,household\n"
			"chủ hộ 12,0900001001,thon-1,household_head,H12\n"
			"người nhà 12,0900001002,thon-1,member,H13\n"
			"hiệu trưởng,0900001003,truong,manager,\n");
	counts_are(&f, 1, 0, 2, 0);
	/* The same person at another place, and gone from the first. */
	import_text(&f, "name,phone,place,role\nchủ hộ 12,0900001001,thon-2,member\n"
			"chủ hộ 12,0900001001,thon-1,đã chuyển đi\nai đó,0900001009,thon-1,left\n");
	counts_are(&f, 1, 1, 0, 1);
	assert_int_equal(residents(&f), 3);
	end(&f);
}

static void test_one_bad_row_stores_nothing(void **state)
{
	struct import_fixture f = {0};

	(void)state;
	begin(&f);
	import_text(&f, "phone,name,place,role,list\n"
			"0900001001,chủ hộ 1,thon-1,,\n"
			"9.00E+08,chủ hộ 2,thon-1,,\n"
			"0900001003,,thon-9,kẻ lạ?,\n"
			"0900001001,chủ hộ 1,Thôn Một,,\n"
			"\n"
			"0900001004;0900001005,chủ hộ 4,thon-1,,\n"
			"0900001006,=1+1,thon-1,,\n"
			"0900001007,ai đó,Trường học,,\n"
			"0900001008,chủ hộ 8,thon-1,,vang-mat\n");
	assert_string_equal(f.faults,
		"3 phone: the spreadsheet made a computed number of it (9,0E+08), whose last digits "
		"are lost; format the column as text and enter it again\n"
		"4 name: is empty\n"
		"4 place: there is no place with that code or name; see binhyenctl places, add one "
		"with binhyenctl place\n"
		"4 role: is no role: member, household_head, head, deputy, secretary, security, "
		"front, manager, or left\n"
		"5 phone: the same phone and place as in row 2\n"
		"7 phone: more than one number; a row has one\n"
		"8 name: begins like a formula; write the text itself\n"
		"9 place: there is no place with that code or name; see binhyenctl places, add one "
		"with binhyenctl place\n"
		"10 list: there is no saved list of people with that code; see binhyenctl "
		"audiences\n");
	assert_int_equal(residents(&f), 0);
	end(&f);
}

static void test_saved_lists(void **state)
{
	struct import_fixture f = {0};
	struct audience audience;
	struct errbuf eb = {0};

	(void)state;
	begin(&f);
	assert_ok(desk_audience_put(f.d.desk, "gia-yeu", "Người già yếu", NULL,
		&(struct desk_actor){.name = "officer:uid0"}, &audience, &eb));
	assert_ok(desk_audience_put(f.d.desk, "ven-song", "Ven sông", NULL,
		&(struct desk_actor){.name = "officer:uid0"}, &audience, &eb));
	import_text(&f, "phone;name;place;Danh sách\n0900001001;chủ hộ 1;thon-1;gia-yeu, ven-song\n"
			"0900001002;chủ hộ 2;thon-1;ven-song\n");
	counts_are(&f, 0, 2, 0, 0);
	assert_int_equal(f.import.listed, 3);
	assert_ok(audience_find(f.d.s.store, "ven-song", &audience));
	assert_int_equal(audience.members, 2);
	end(&f);
}

/* A trial says what would be and leaves nothing; who is forgotten takes his household with him. */
static void test_nothing_is_left_behind(void **state)
{
	static const char text[] = "phone,name,place,household\n0900001001,chủ hộ 1,thon-1,H1\n";
	struct import_fixture f = {0};

	(void)state;
	begin(&f);
	assert_ok(store_savepoint_begin(f.d.s.store));
	assert_ok(resident_import_read(f.d.desk, text, strlen(text), &f.import));
	store_savepoint_rollback(f.d.s.store);
	counts_are(&f, 0, 1, 0, 0);
	assert_int_equal(residents(&f), 0);
	import_text(&f, text);
	assert_int_equal(residents(&f), 1);
	assert_ok(resident_forget(f.d.s.store, "+84900001001"));
	assert_int_equal(residents(&f), 0);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_list_goes_in_again_and_again),
		cmocka_unit_test(test_one_bad_row_stores_nothing),
		cmocka_unit_test(test_saved_lists),
		cmocka_unit_test(test_nothing_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
