/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/desk/bulletin_support.h"

#include "daemon/desk/audience.h"
#include "store/group_person.h"
#include "store/zalo_group.h"

/*
 * thon-1: head 1, members 2 3 4; thon-2: head 11, secretary 12, member 13; to-1 lies in thon-1 with
 * member 5; truong: manager 21, member 3 too.
 */
static int setup(void **state)
{
	struct commune *c;
	int64_t subunit, school;

	commune_setup(state);
	c = *state;
	subunit = place_of(c, "to-1", PLACE_SUBUNIT, c->hamlet[0]);
	school = place_of(c, "truong", PLACE_SCHOOL, 0);
	live(c, 1, c->hamlet[0], "head");
	live(c, 2, c->hamlet[0], "member");
	live(c, 3, c->hamlet[0], "member");
	live(c, 4, c->hamlet[0], "household_head");
	live(c, 11, c->hamlet[1], "head");
	live(c, 12, c->hamlet[1], "secretary");
	live(c, 13, c->hamlet[1], "member");
	live(c, 5, subunit, "member");
	live(c, 21, school, "manager");
	live(c, 3, school, "member");
	end_turn(&c->d.s);
	return 0;
}

#define DRAW_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, commune_teardown)

static struct audience_counts drawn_for(
	struct commune *c, const char *rule, const char *category, bool is_drill)
{
	struct desk_bulletin_in in = bulletin_in(category);
	struct audience_counts counts;
	struct bulletin b;

	in.audience = rule;
	in.is_drill = is_drill;
	b = loaded(c, write_bulletin(c, &in, &c->clerk));
	assert_ok(desk_audience_draw(c->d.desk, &b, &counts, &c->eb));
	end_turn(&c->d.s);
	return counts;
}

static int64_t people(struct commune *c, const char *rule)
{
	return drawn_for(c, rule, "fraud", false).people;
}

static void test_who_is_drawn(void **state)
{
	struct commune *c = *state;

	assert_int_equal(people(c, "{\"all\":true}"), 9);
	assert_int_equal(people(c, "{\"places\":[\"thon-1\"]}"), 5); /* with its sub-unit */
	assert_int_equal(people(c, "{\"places\":[\"to-1\"]}"), 1);
	assert_int_equal(people(c, "{\"kinds\":[\"hamlet\"]}"), 8);
	assert_int_equal(people(c, "{\"kinds\":[\"school\"]}"), 2);
	assert_int_equal(people(c, "{\"places\":[\"thon-1\"],\"kinds\":[\"school\"]}"), 6);
	assert_int_equal(people(c, "{\"all\":true,\"roles\":[\"head\"]}"), 2);
	assert_int_equal(
		people(c, "{\"places\":[\"thon-2\"],\"roles\":[\"head\",\"secretary\"]}"), 2);
	assert_int_equal(people(c, "{\"kinds\":[\"enterprise\"]}"), 0);
}

struct ranks {
	int count;
	int64_t places[16];
};

static void keep_place(void *arg, const struct audience_place_count *count)
{
	struct ranks *ranks = arg;

	ranks->places[ranks->count++] = count->people;
}

/* Heads are counted, and everybody once, at the place where he stands highest. */
static void test_heads_and_places(void **state)
{
	struct commune *c = *state;
	struct ranks ranks = {.count = 0};

	assert_int_equal(drawn_for(c, "{\"all\":true}", "fraud", false).heads, 2);
	assert_ok(audience_places(c->d.s.store, keep_place, &ranks));
	assert_int_equal(ranks.count, 4);
	assert_int_equal(ranks.places[0], 4);
	assert_int_equal(ranks.places[1], 3);
	assert_int_equal(ranks.places[3], 1);
}

static void test_a_drill_reaches_heads_only(void **state)
{
	struct commune *c = *state;
	struct audience_counts counts = drawn_for(c, "{\"all\":true}", "disaster", true);

	assert_int_equal(counts.people, 2);
	assert_int_equal(counts.heads, 2);
}

static void test_who_refused_is_left_out(void **state)
{
	struct commune *c = *state;
	struct store *store = c->d.s.store;
	struct audience_counts counts;
	int64_t ended, all, topic, blocked;
	bool is_new, refuses;

	assert_ok(refusal_put(store, REFUSAL_PHONE, "+84900000002", REFUSAL_ASKED, "", &is_new));
	assert_true(is_new);
	assert_ok(refusal_put(store, REFUSAL_PHONE, "+84900000002", REFUSAL_ASKED, "", &is_new));
	assert_false(is_new);
	assert_ok(
		refusal_put(store, REFUSAL_PHONE, "+84900000013", REFUSAL_ASKED, "fraud", &is_new));
	assert_ok(refusal_put(store, REFUSAL_PHONE, "+84900000005", REFUSAL_BLOCKED, "", &is_new));
	/* In no list: it will count once he is. */
	assert_ok(refusal_put(store, REFUSAL_PHONE, "+84900000077", REFUSAL_ASKED, "", &is_new));
	assert_ok(refusal_of(store, REFUSAL_PHONE, "+84900000013", "fire", &refuses));
	assert_false(refuses);
	assert_ok(refusal_of(store, REFUSAL_PHONE, "+84900000002", "fire", &refuses));
	assert_true(refuses);
	assert_ok(refusal_counts(store, &all, &topic, &blocked));
	assert_int_equal(all, 2);
	assert_int_equal(topic, 1);
	assert_int_equal(blocked, 1);

	counts = drawn_for(c, "{\"all\":true}", "fraud", false);
	assert_int_equal(counts.people, 6);
	assert_int_equal(counts.refused, 1);
	assert_int_equal(counts.topic, 1);
	assert_int_equal(counts.blocked, 1);
	assert_int_equal(people(c, "{\"places\":[\"thon-2\"]}"), 2);
	assert_int_equal(drawn_for(c, "{\"all\":true}", "fire", false).people, 7);
	live(c, 77, c->hamlet[0], "member");
	assert_int_equal(drawn_for(c, "{\"all\":true}", "fire", false).people, 7);
	assert_ok(refusal_end(store, REFUSAL_PHONE, "+84900000002", REFUSAL_ASKED, NULL, &ended));
	assert_int_equal(ended, 1);
	assert_int_equal(drawn_for(c, "{\"all\":true}", "fire", false).people, 8);
}

/* By his Zalo as well as by his phone. */
static void test_refused_by_zalo(void **state)
{
	struct commune *c = *state;
	bool is_new;
	int64_t id;

	assert_ok(resident_find(c->d.s.store, "+84900000002", &id));
	assert_ok(resident_set_zalo(c->d.s.store, id, "700"));
	assert_int_equal(drawn_for(c, "{\"all\":true}", "fire", false).on_zalo, 1);
	assert_int_equal(people(c, "{\"all\":true,\"not_on_zalo\":true}"), 8);
	assert_ok(refusal_put(c->d.s.store, REFUSAL_ZALO_USER, "700", REFUSAL_ASKED, "", &is_new));
	assert_int_equal(people(c, "{\"all\":true}"), 8);
}

/* Even who refused, but no number that is blocked. */
static void test_to_refusers(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("disaster");
	struct audience_counts counts;
	struct bulletin b;
	bool is_new;

	assert_ok(refusal_put(
		c->d.s.store, REFUSAL_PHONE, "+84900000002", REFUSAL_ASKED, "", &is_new));
	assert_ok(refusal_put(
		c->d.s.store, REFUSAL_PHONE, "+84900000003", REFUSAL_BLOCKED, "", &is_new));
	in.to_refusers = 1;
	b = loaded(c, write_bulletin(c, &in, &c->clerk));
	assert_ok(desk_audience_draw(c->d.desk, &b, &counts, &c->eb));
	assert_int_equal(counts.people, 8);
	assert_int_equal(counts.blocked, 1);
}

/* Whom Zalo's group has as its head is one, whatever the list calls him. */
static void test_a_head_by_his_group(void **state)
{
	struct commune *c = *state;
	struct zalo_group group = {.place_id = c->hamlet[0], .state = ZALO_GROUP_ACTIVE};
	struct group_person person;
	int64_t id;
	bool is_new;

	assert_ok(resident_find(c->d.s.store, "+84900000002", &id));
	assert_ok(resident_set_zalo(c->d.s.store, id, "700"));
	assert_ok(zalo_group_save(c->d.s.store, &group));
	assert_ok(group_person_get(
		c->d.s.store, group.id, "700", GROUP_PERSON_MEMBER, &person, &is_new));
	assert_ok(place_role_set(c->d.s.store, c->hamlet[0], person.id, PLACE_ROLE_HEAD));
	assert_int_equal(drawn_for(c, "{\"all\":true}", "fraud", false).heads, 3);
	assert_int_equal(people(c, "{\"places\":[\"thon-1\"],\"roles\":[\"head\"]}"), 2);
}

static void test_saved_lists_and_rules(void **state)
{
	struct commune *c = *state;
	struct audience audience;

	assert_ok(desk_audience_put(
		c->d.desk, AUDIENCE_TEST, "Thử", NULL, &c->clerk, &audience, &c->eb));
	assert_ok(desk_audience_member(c->d.desk, AUDIENCE_TEST, "0900 000 002", true, &c->eb));
	assert_ok(desk_audience_member(c->d.desk, AUDIENCE_TEST, "0900000011", true, &c->eb));
	assert_err(desk_audience_member(c->d.desk, AUDIENCE_TEST, "0900000099", true, &c->eb),
		ERR_NOT_FOUND);
	assert_int_equal(people(c, "{\"lists\":[\"test\"]}"), 2);
	assert_int_equal(people(c, "{\"places\":[\"thon-1\"],\"lists\":[\"test\"]}"), 6);
	assert_int_equal(drawn_for(c, "{\"lists\":[\"test\"]}", "fraud", false).heads, 1);
	assert_ok(desk_audience_put(c->d.desk, "cac-truong-thon", "Các trưởng thôn",
		"{\"kinds\":[\"hamlet\"],\"roles\":[\"head\"]}", &c->clerk, &audience, &c->eb));
	assert_string_equal(audience.rule, "{\"kinds\":[\"hamlet\"],\"roles\":[\"head\"]}");
	assert_int_equal(people(c, "{\"lists\":[\"cac-truong-thon\"]}"), 2);
	assert_err(desk_audience_member(c->d.desk, "cac-truong-thon", "0900000002", true, &c->eb),
		ERR_STATE);
	assert_ok(desk_audience_member(c->d.desk, AUDIENCE_TEST, "0900000002", false, &c->eb));
	assert_int_equal(people(c, "{\"lists\":[\"test\"]}"), 1);
	/* Who is forgotten is on no list any more. */
	assert_ok(resident_forget(c->d.s.store, "+84900000011"));
	assert_int_equal(people(c, "{\"lists\":[\"test\"]}"), 0);
}

/* A list that went away after the approval stops the bulletin, not the box. */
static void test_a_list_that_is_gone(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("fraud");
	struct audience_counts counts;
	struct audience audience;
	struct bulletin b;

	assert_ok(desk_audience_put(c->d.desk, "cho", "Chợ", NULL, &c->clerk, &audience, &c->eb));
	in.audience = "{\"lists\":[\"cho\"]}";
	b = loaded(c, write_bulletin(c, &in, &c->clerk));
	assert_ok(desk_audience_remove(c->d.desk, "cho", &c->clerk, &c->eb));
	assert_err(desk_audience_draw(c->d.desk, &b, &counts, &c->eb), ERR_STATE);
}

static void assert_canonical(struct commune *c, const char *json, const char *expected)
{
	CLEAN_BUF out = {0};
	enum err err;

	buf_init(&out, BULLETIN_AUDIENCE_MAX);
	err = desk_audience_read(c->d.desk, json, &out, &c->eb);
	if (expected) {
		assert_ok(err);
		assert_string_equal(buf_text(&out), expected);
	} else {
		assert_true(err != ERR_OK);
	}
}

static void test_rules_are_canonical(void **state)
{
	struct commune *c = *state;

	assert_canonical(c, "{\"places\":[\"thon-2\",\"thon-1\",\"thon-2\"],\"kinds\":[]}",
		"{\"places\":[\"thon-1\",\"thon-2\"]}");
	assert_canonical(c, "{\"places\":[\"thon-2\"],\"all\":true,\"not_on_zalo\":false}",
		"{\"all\":true}");
	assert_canonical(c, "{\"all\":false}", NULL);
	assert_canonical(c, "{\"all\":1}", NULL);
	assert_canonical(c, "{\"all\":true,\"age\":3}", NULL);
	assert_canonical(c, "{\"kinds\":[\"house\"]}", NULL);
	assert_canonical(c, "{\"all\":true,\"roles\":[\"HEAD\"]}", NULL);
	assert_canonical(c, "{\"lists\":[\"none\"]}", NULL);
	assert_canonical(c, "{\"reached\":9}", NULL);
	assert_canonical(c, "[]", NULL);
	assert_canonical(c, "", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DRAW_TEST(test_who_is_drawn),
		DRAW_TEST(test_heads_and_places),
		DRAW_TEST(test_a_drill_reaches_heads_only),
		DRAW_TEST(test_who_refused_is_left_out),
		DRAW_TEST(test_refused_by_zalo),
		DRAW_TEST(test_to_refusers),
		DRAW_TEST(test_a_head_by_his_group),
		DRAW_TEST(test_saved_lists_and_rules),
		DRAW_TEST(test_a_list_that_is_gone),
		DRAW_TEST(test_rules_are_canonical),
	};

	return cmocka_run_group_tests_name("audience", tests, NULL, NULL);
}
