/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/desk/support.h"

#include "daemon/base/str.h"
#include "daemon/desk/group.h"
#include "store/place.h"
#include "store/zalo_group.h"

#define GID "9007199254740995001"

/* A group that lives at a place of that kind. */
static int64_t add_group(struct desk_fixture *f, enum place_kind kind, const char *gid)
{
	struct place place = {.kind = kind, .name = "Tổ 3"};
	struct zalo_group group = {.state = ZALO_GROUP_ACTIVE, .requests_ms = FIXTURE_WALL_MS};
	struct party party;

	assert_ok(str_copy(place.code, sizeof(place.code), place_kind_text(kind)));
	assert_ok(place_save(f->s.store, &place, &group.place_id));
	assert_ok(party_get(f->s.store, PARTY_ZALO_GROUP, gid, &party));
	group.party_id = party.id;
	assert_ok(zalo_group_save(f->s.store, &group));
	end_turn(&f->s);
	return group.id;
}

static void test_only_the_duty_group_and_committees_make_no_reports(void **state)
{
	struct desk_fixture f;

	(void)state;
	start(&f, true, true, false);
	assert_true(desk_is_duty_group(f.desk, "4000"));
	assert_false(desk_is_duty_group(f.desk, GID));
	add_group(&f, PLACE_HAMLET, GID);
	assert_false(desk_is_duty_group(f.desk, GID));
	add_group(&f, PLACE_COMMITTEE, "9007199254740995002");
	assert_true(desk_is_duty_group(f.desk, "9007199254740995002"));
	finish(&f);
}

static void test_who_asks_to_be_let_in_is_read_at_once(void **state)
{
	struct desk_fixture f;
	struct zalo_group group;
	int64_t id;

	(void)state;
	start(&f, true, true, false);
	id = add_group(&f, PLACE_HAMLET, GID);
	assert_ok(desk_group_asked(f.desk, "9007199254740995009")); /* nobody's */
	assert_ok(zalo_group_load(f.s.store, id, &group));
	assert_int_equal(group.requests_ms, FIXTURE_WALL_MS);
	assert_ok(desk_group_asked(f.desk, GID));
	assert_ok(zalo_group_load(f.s.store, id, &group));
	assert_int_equal(group.requests_ms, 0);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_duty_group_and_committees_make_no_reports),
		cmocka_unit_test(test_who_asks_to_be_let_in_is_read_at_once),
	};

	return cmocka_run_group_tests_name("desk_group", tests, NULL, NULL);
}
