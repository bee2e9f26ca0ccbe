/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/officer.h"
#include "store/place.h"
#include "tests/unit/store/support.h"

static int64_t add(
	struct store_fixture *f, const char *login, enum officer_role role, int64_t above)
{
	int64_t id;

	assert_ok(officer_add(f->store,
		&(struct officer_new){.login = login,
			.name = "Trực ban",
			.role = role,
			.phone = "",
			.superior_id = above},
		&id));
	return id;
}

static int64_t add_place(struct store_fixture *f, const char *code)
{
	struct place place = {.name = "Thôn", .kind = PLACE_HAMLET};
	int64_t id;

	assert_ok(str_copy(place.code, sizeof(place.code), code));
	assert_ok(place_save(f->store, &place, &id));
	return id;
}

static void test_what_is_put_in_comes_out(void **state)
{
	struct store_fixture *f = *state;
	const uint8_t key[OFFICER_KEY_BYTES] = {1, 2, 3};
	struct officer officer;
	CLEAN_BUF phone = {0};
	int64_t id;
	bool any = true;

	buf_init(&phone, 64);
	assert_ok(officer_any(f->store, &any));
	assert_false(any);
	assert_ok(officer_add(f->store,
		&(struct officer_new){.login = "truong.ca-1",
			.name = "Trưởng công an xã",
			.role = OFFICER_CHIEF,
			.phone = OFFICER},
		&id));
	assert_ok(officer_set_key(f->store, id, key));
	end_turn(f);
	close_store(f);
	store_fixture_open(f);
	assert_ok(officer_find(f->store, "truong.ca-1", &officer));
	assert_int_equal(officer.id, id);
	assert_string_equal(officer.name, "Trưởng công an xã");
	assert_string_equal(officer_role_text(officer.role), "chief");
	assert_string_equal(officer_state_text(officer.state), "active");
	assert_true(officer.has_phone);
	assert_true(officer.has_key);
	assert_memory_equal(officer.public_key, key, sizeof(key));
	assert_ok(officer_phone(f->store, id, &phone));
	assert_string_equal(buf_text(&phone), OFFICER);
	assert_ok(officer_set_phone(f->store, id, ""));
	assert_err(officer_phone(f->store, id, &phone), ERR_NOT_FOUND);
	assert_ok(officer_any(f->store, &any));
	assert_true(any);
}

static void test_a_login_is_given_once(void **state)
{
	static const char *const bad[] = {
		"", "Truong", "a b", "a/b", "trưởng", "a123456789012345678901234567890123"};
	struct store_fixture *f = *state;
	struct officer_new in = {.name = "A", .role = OFFICER_DUTY, .phone = ""};
	int64_t id = add(f, "a", OFFICER_DUTY, 0);

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		in.login = bad[i];
		assert_err(officer_add(f->store, &in, &id), ERR_INVALID);
	}
	in.login = "a";
	assert_err(officer_add(f->store, &in, &id), ERR_EXISTS);
	assert_ok(officer_set_state(f->store, id, OFFICER_REMOVED));
	assert_err(officer_add(f->store, &in, &id), ERR_EXISTS);
	in.login = "b";
	in.name = "";
	assert_err(officer_add(f->store, &in, &id), ERR_INVALID);
	in.name = "\xff";
	assert_err(officer_add(f->store, &in, &id), ERR_INVALID);
	in.name = "B";
	in.superior_id = 99;
	assert_err(officer_add(f->store, &in, &id), ERR_NOT_FOUND);
}

static void test_removed_is_final(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = add(f, "a", OFFICER_AREA, 0), place_id = add_place(f, "thon-1"), active;
	bool has;

	assert_ok(officer_place_set(f->store, id, place_id, true));
	assert_ok(officer_set_state(f->store, id, OFFICER_LOCKED));
	assert_ok(officer_set_state(f->store, id, OFFICER_ACTIVE));
	assert_ok(officer_active(f->store, OFFICER_AREA, &active));
	assert_int_equal(active, 1);
	assert_ok(officer_has_place(f->store, id, place_id, &has));
	assert_true(has);
	assert_ok(officer_set_state(f->store, id, OFFICER_REMOVED));
	assert_ok(officer_has_place(f->store, id, place_id, &has));
	assert_false(has);
	assert_ok(officer_active(f->store, OFFICER_AREA, &active));
	assert_int_equal(active, 0);
	assert_err(officer_set_state(f->store, id, OFFICER_ACTIVE), ERR_NOT_FOUND);
}

static void test_nobody_is_above_himself(void **state)
{
	struct store_fixture *f = *state;
	int64_t chief = add(f, "chief", OFFICER_CHIEF, 0);
	int64_t deputy = add(f, "deputy", OFFICER_DEPUTY, chief);
	int64_t area = add(f, "area", OFFICER_AREA, deputy);
	struct officer officer;
	bool is_above;

	assert_ok(officer_is_above(f->store, chief, area, &is_above));
	assert_true(is_above);
	assert_ok(officer_is_above(f->store, area, chief, &is_above));
	assert_false(is_above);
	assert_ok(officer_is_above(f->store, area, area, &is_above));
	assert_false(is_above);
	assert_ok(officer_load(f->store, chief, &officer));
	officer.superior_id = area;
	assert_err(officer_set(f->store, &officer), ERR_INVALID);
	officer.superior_id = chief;
	assert_err(officer_set(f->store, &officer), ERR_INVALID);
	assert_ok(officer_load(f->store, area, &officer));
	officer.superior_id = chief;
	officer.role = OFFICER_CLERK;
	assert_ok(officer_set(f->store, &officer));
	assert_ok(officer_is_above(f->store, deputy, area, &is_above));
	assert_false(is_above);
	officer.id = 99;
	assert_err(officer_set(f->store, &officer), ERR_NOT_FOUND);
}

static void test_ranks_have_an_end(void **state)
{
	struct store_fixture *f = *state;
	struct officer_new in = {.login = "last", .name = "A", .role = OFFICER_DUTY, .phone = ""};
	char login[8];
	int64_t id = 0;

	for (int i = 0; i <= OFFICER_RANKS_MAX; i++) {
		snprintf(login, sizeof(login), "r%d", i);
		id = add(f, login, OFFICER_DUTY, id);
	}
	in.superior_id = id;
	assert_err(officer_add(f->store, &in, &id), ERR_INVALID);
}

static void note(void *arg, int64_t id)
{
	int64_t *ids = arg;

	ids[0]++;
	ids[ids[0]] = id;
}

static void note_officer(void *arg, const struct officer *officer)
{
	note(arg, officer->id);
}

static void test_places_both_ways(void **state)
{
	struct store_fixture *f = *state;
	int64_t a = add(f, "a", OFFICER_AREA, 0), b = add(f, "b", OFFICER_AREA, 0);
	int64_t one = add_place(f, "thon-1"), two = add_place(f, "thon-2"), ids[8] = {0};

	assert_ok(officer_place_set(f->store, a, one, true));
	assert_ok(officer_place_set(f->store, a, one, true));
	assert_ok(officer_place_set(f->store, a, two, true));
	assert_ok(officer_place_set(f->store, b, two, true));
	assert_ok(officer_places(f->store, a, note, ids));
	assert_int_equal(ids[0], 2);
	assert_int_equal(ids[1], one);
	assert_int_equal(ids[2], two);
	memset(ids, 0, sizeof(ids));
	assert_ok(officer_of_place(f->store, two, note, ids));
	assert_int_equal(ids[0], 2);
	assert_int_equal(ids[2], b);
	assert_ok(officer_place_set(f->store, a, two, false));
	memset(ids, 0, sizeof(ids));
	assert_ok(officer_of_place(f->store, two, note, ids));
	assert_int_equal(ids[0], 1);
	memset(ids, 0, sizeof(ids));
	assert_ok(officer_list(f->store, 0, 10, note_officer, ids));
	assert_int_equal(ids[0], 2);
	assert_int_equal(ids[1], b);
	memset(ids, 0, sizeof(ids));
	assert_ok(officer_list(f->store, b, 10, note_officer, ids));
	assert_int_equal(ids[0], 1);
	assert_int_equal(ids[1], a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_what_is_put_in_comes_out),
		STORE_TEST(test_a_login_is_given_once),
		STORE_TEST(test_removed_is_final),
		STORE_TEST(test_nobody_is_above_himself),
		STORE_TEST(test_ranks_have_an_end),
		STORE_TEST(test_places_both_ways),
	};

	return cmocka_run_group_tests_name("officer", tests, NULL, NULL);
}
