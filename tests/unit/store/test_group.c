/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry apart from the correspondents, and the states of what has to be done with a group.
 */
#include "store/group_act.h"
#include "store/group_person.h"
#include "store/place.h"
#include "store/rebase.h"
#include "store/resident.h"
#include "tests/unit/store/support.h"

#define USER "9007199254740993001"

static int64_t add_group(struct store_fixture *f)
{
	struct zalo_group group = {.state = ZALO_GROUP_ACTIVE};
	struct place place = {.code = "thon-3", .name = "Thôn 3", .kind = PLACE_HAMLET};

	assert_ok(place_save(f->store, &place, &group.place_id));
	assert_ok(zalo_group_save(f->store, &group));
	return group.id;
}

static int64_t add_act(struct store_fixture *f, int64_t group_id)
{
	int64_t id;

	assert_ok(group_act_add(f->store,
		&(struct group_act_new){.group_id = group_id,
			.kind = GROUP_ACT_UPDATE,
			.actor = "system",
			.due_ms = f->clock.wall},
		&id));
	return id;
}

static void enrol(struct store_fixture *f, const char *phone, const char *name)
{
	enum resident_change change;
	struct place place;

	assert_ok(place_find(f->store, "thon-3", &place));
	assert_ok(resident_put(f->store,
		&(struct resident_new){
			.phone = phone, .name = name, .place_id = place.id, .role = "member"},
		&change));
}

/* The same phone, the same Zalo user, in both registers: no column of one equals one of the other.
 */
static void test_the_registers_cannot_be_joined(void **state)
{
	struct store_fixture *f = *state;
	int64_t group_id = add_group(f), resident_id;
	struct group_person person;
	struct party party;
	bool is_new;

	enrol(f, RESIDENT, "Nguyễn Văn A");
	party_of(f, RESIDENT);
	assert_ok(party_get(f->store, PARTY_ZALO_USER, USER, &party));
	assert_ok(
		group_person_get(f->store, group_id, USER, GROUP_PERSON_MEMBER, &person, &is_new));
	assert_ok(resident_find(f->store, RESIDENT, &resident_id));
	assert_ok(resident_set_zalo(f->store, resident_id, USER));
	end_turn(f);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM party p JOIN resident r ON"
				 " p.hash IN (r.hash, r.zalo_hash) OR p.address = r.phone"),
		0);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM party p JOIN group_person g ON"
					  " p.hash = g.hash OR p.address = g.user_id"),
		0);
	/* Within the registry it must be possible. */
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM group_person g JOIN resident r ON"
					  " g.hash = r.zalo_hash"),
		1);
}

static void test_nothing_of_a_person_is_in_clear(void **state)
{
	static const char *const secrets[] = {"900001234", USER, "Nguyễn Văn A", "Người lạ"};
	struct store_fixture *f = *state;
	int64_t group_id = add_group(f);
	struct group_person person;
	bool is_new;
	char wal[128];

	enrol(f, RESIDENT, "Nguyễn Văn A");
	assert_ok(
		group_person_get(f->store, group_id, USER, GROUP_PERSON_ASKING, &person, &is_new));
	assert_ok(group_person_set_name(f->store, person.id, "Người lạ"));
	end_turn(f);
	snprintf(wal, sizeof(wal), "%s-wal", f->path);
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		const char *const files[] = {f->path, wal};

		for (size_t j = 0; j < ARRAY_LEN(files); j++) {
			size_t bytes;
			char *data = slurp(files[j], &bytes);

			assert_null(memmem(data, bytes, secrets[i], strlen(secrets[i])));
			free(data);
		}
	}
	/* The name goes with the request. */
	person.state = GROUP_PERSON_MEMBER;
	assert_ok(group_person_save(f->store, &person));
	end_turn(f);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM group_person WHERE name IS NOT NULL"), 0);
}

static void test_a_list_is_kept(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = 0, count = 0, place_id;
	struct place place;
	bool is_at = false;

	add_group(f);
	assert_ok(place_find(f->store, "thon-3", &place));
	place_id = place.id;
	enrol(f, RESIDENT, "A");
	enrol(f, RESIDENT, "B");
	assert_ok(resident_count(f->store, &count));
	assert_int_equal(count, 1);
	assert_ok(resident_find(f->store, RESIDENT, &id));
	assert_ok(resident_is_at(f->store, id, place_id, &is_at));
	assert_true(is_at);
	assert_ok(resident_leave(f->store, RESIDENT, place_id));
	assert_err(resident_find(f->store, RESIDENT, &id), ERR_NOT_FOUND);
	assert_err(resident_leave(f->store, RESIDENT, place_id), ERR_NOT_FOUND);
	end_turn(f);
}

static void test_what_an_act_may_become(void **state)
{
	static const bool allowed[GROUP_ACT_STATE_COUNT][GROUP_ACT_STATE_COUNT] = {
		[GROUP_ACT_STATE_QUEUED] = {true, true, false, true, true, true},
		[GROUP_ACT_STATE_CLAIMED] = {true, false, true, true, true, false},
		[GROUP_ACT_STATE_IN_DOUBT] = {true, false, true, true, true, false},
	};
	struct store_fixture *f = *state;
	int64_t group_id = add_group(f);

	for (int from = 0; from < GROUP_ACT_STATE_COUNT; from++) {
		for (int to = 0; to < GROUP_ACT_STATE_COUNT; to++) {
			struct group_act act;

			assert_ok(group_act_load(f->store, add_act(f, group_id), &act));
			if (from == GROUP_ACT_STATE_CLAIMED || from == GROUP_ACT_STATE_IN_DOUBT)
				assert_ok(group_act_claim(f->store, &act));
			if (from != GROUP_ACT_STATE_QUEUED && from != GROUP_ACT_STATE_CLAIMED)
				assert_ok(group_act_move(
					f->store, &act, (enum group_act_state)from, 1));
			assert_err(group_act_move(f->store, &act, (enum group_act_state)to, 1),
				allowed[from][to] ? ERR_OK : ERR_STATE);
		}
	}
	end_turn(f);
}

static void test_what_was_claimed_is_in_doubt_after_a_crash(void **state)
{
	struct store_fixture *f = *state;
	struct group_act act;
	int64_t count = 0;

	assert_ok(group_act_load(f->store, add_act(f, add_group(f)), &act));
	assert_ok(group_act_claim(f->store, &act));
	end_turn(f);
	store_close(f->store);
	store_fixture_open(f);
	assert_ok(group_act_recover(f->store, &count));
	assert_int_equal(count, 1);
	assert_ok(group_act_load(f->store, act.id, &act));
	assert_int_equal(act.state, GROUP_ACT_STATE_IN_DOUBT);
	assert_true(act.was_in_doubt && act.attempts == 1);
	/* What nobody finds out ends, and says so. */
	clock_virtual_advance(&f->clock, GROUP_ACT_DOUBT_MS + 1);
	assert_ok(group_act_overdue(f->store, f->clock.wall, &act));
	assert_int_equal(act.error, ERR_IN_DOUBT);
	end_turn(f);
}

static void jump(struct store_fixture *f, int64_t by_ms)
{
	f->clock.wall += by_ms;
	assert_ok(store_rebase(f->store, by_ms));
}

/* In doubt while the clock was set: as old as it was, and when it is tried again it has its time.
 */
static void test_a_jump_makes_no_act_old_or_young(void **state)
{
	static const int64_t jumps[] = {40 * DAY_MS, -40 * DAY_MS, 3653 * DAY_MS, -3653 * DAY_MS};
	struct store_fixture *f = *state;
	int64_t group_id = add_group(f);
	struct group_act act, late;

	for (size_t i = 0; i < ARRAY_LEN(jumps); i++) {
		assert_ok(group_act_load(f->store, add_act(f, group_id), &act));
		assert_ok(group_act_claim(f->store, &act));
		assert_ok(group_act_move(f->store, &act, GROUP_ACT_STATE_IN_DOUBT, f->clock.wall));
		clock_virtual_advance(&f->clock, MINUTE_MS);
		jump(f, jumps[i]);
		assert_ok(group_act_load(f->store, act.id, &act));
		assert_int_equal(f->clock.wall - act.claimed_ms, MINUTE_MS);
		assert_ok(group_act_move(f->store, &act, GROUP_ACT_STATE_QUEUED, f->clock.wall));
		assert_true(act.deadline_ms >= f->clock.wall + DAY_MS);
		assert_true(act.deadline_ms <= f->clock.wall + GROUP_ACT_LIFE_MS);
		assert_err(group_act_overdue(f->store, f->clock.wall, &late), ERR_NOT_FOUND);
		assert_ok(group_act_move(f->store, &act, GROUP_ACT_STATE_CANCELLED, act.due_ms));
	}
	end_turn(f);
}

/* Who was read while the clock was ahead is gone like any other who is not in the list. */
static void test_seen_by_a_clock_that_was_ahead(void **state)
{
	struct store_fixture *f = *state;
	int64_t group_id = add_group(f);
	struct group_person person;
	bool is_new;

	assert_ok(
		group_person_get(f->store, group_id, USER, GROUP_PERSON_MEMBER, &person, &is_new));
	person.seen_ms = f->clock.wall + 40 * DAY_MS;
	assert_ok(group_person_save(f->store, &person));
	assert_ok(group_person_unseen(f->store, group_id, GROUP_PERSON_MEMBER, f->clock.wall));
	assert_ok(group_person_load(f->store, person.id, &person));
	assert_int_equal(person.state, GROUP_PERSON_GONE);
	end_turn(f);
}

static void test_a_place_has_one_head(void **state)
{
	struct store_fixture *f = *state;
	int64_t group_id = add_group(f), head = 0;
	struct group_person a, b;
	struct place place;
	bool is_new;

	assert_ok(place_find(f->store, "thon-3", &place));
	assert_ok(group_person_get(f->store, group_id, USER, GROUP_PERSON_MEMBER, &a, &is_new));
	assert_ok(group_person_get(f->store, group_id, "7", GROUP_PERSON_MEMBER, &b, &is_new));
	assert_err(place_head(f->store, place.id, &head), ERR_NOT_FOUND);
	assert_ok(place_role_set(f->store, place.id, a.id, PLACE_ROLE_HEAD));
	assert_err(place_role_set(f->store, place.id, b.id, PLACE_ROLE_HEAD), ERR_EXISTS);
	assert_ok(place_role_set(f->store, place.id, b.id, PLACE_ROLE_DEPUTY));
	assert_ok(place_role_set(f->store, place.id, a.id, PLACE_ROLE_NONE));
	assert_ok(place_role_set(f->store, place.id, b.id, PLACE_ROLE_HEAD));
	assert_ok(place_head(f->store, place.id, &head));
	assert_int_equal(head, b.id);
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM place_role"), 3);
}

static enum resident_change put(struct store_fixture *f, const char *role, const char *household)
{
	enum resident_change change;
	struct place place;

	assert_ok(place_find(f->store, "thon-3", &place));
	assert_ok(resident_put(f->store,
		&(struct resident_new){.phone = RESIDENT,
			.name = "Chủ hộ 12",
			.place_id = place.id,
			.role = role,
			.household = household},
		&change));
	return change;
}

/* A list that is imported again costs no write for whom it says nothing new of. */
static void test_who_is_the_same_is_not_written(void **state)
{
	struct store_fixture *f = *state;

	add_group(f);
	assert_int_equal(put(f, "member", "12"), RESIDENT_ADDED);
	end_turn(f);
	assert_int_equal(put(f, "member", "12"), RESIDENT_SAME);
	assert_int_equal(put(f, "member", NULL), RESIDENT_SAME);
	assert_false(turn_is_open(f->store));
	assert_int_equal(put(f, "household_head", NULL), RESIDENT_CHANGED);
	end_turn(f);
	assert_int_equal(put(f, "household_head", "14"), RESIDENT_CHANGED);
	end_turn(f);
	assert_int_equal(put(f, "household_head", "14"), RESIDENT_SAME);
	assert_false(turn_is_open(f->store));
	assert_int_equal(put(f, "household_head", ""), RESIDENT_CHANGED);
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM household"), 0);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM resident_place"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_registers_cannot_be_joined),
		STORE_TEST(test_nothing_of_a_person_is_in_clear),
		STORE_TEST(test_a_list_is_kept),
		STORE_TEST(test_who_is_the_same_is_not_written),
		STORE_TEST(test_what_an_act_may_become),
		STORE_TEST(test_what_was_claimed_is_in_doubt_after_a_crash),
		STORE_TEST(test_a_jump_makes_no_act_old_or_young),
		STORE_TEST(test_seen_by_a_clock_that_was_ahead),
		STORE_TEST(test_a_place_has_one_head),
	};

	return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
