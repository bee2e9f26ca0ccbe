/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a Zalo group over months, on a virtual clock: Zalo's side is what is told here.
 */
#include "tests/unit/desk/support.h"

#include "daemon/base/str.h"
#include "daemon/desk/group.h"
#include "daemon/desk/place.h"

#define ACTOR "officer:test"
#define GID   "9007199254740995001"
#define ADMIN "9007199254740990001"
#define ANNA  "9007199254740993001"
#define BINH  "9007199254740993002"

struct town {
	struct desk_fixture f;
	int64_t group_id, place_id;
};

static struct zalo_group group_of(struct town *t)
{
	struct zalo_group group;

	assert_ok(zalo_group_load(t->f.s.store, t->group_id, &group));
	return group;
}

/* As getgroup tells a group that is as it has to be. */
static struct desk_group_told as_wanted(struct town *t)
{
	struct zalo_group group = group_of(t);
	struct desk_group_told told = {.look = group.want,
		.has_status = true,
		.members = 2,
		.members_max = 50,
		.has_asset = true,
		.asset_id = "a50",
		.asset_type = "gmf50",
		.group_id = GID};

	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		told.look.on[i] = told.look.on[i] < 0 ? 0 : told.look.on[i];
	return told;
}

static void seen(struct town *t, const struct desk_group_told *told)
{
	assert_ok(desk_group_seen(t->f.desk, t->group_id, told));
	end_turn(&t->f.s);
}

static int open_acts(struct town *t, enum group_act_kind kind, struct group_act *ret_act)
{
	return group_act_open(t->f.s.store, t->group_id, (int)kind, 0, ret_act) == ERR_OK;
}

/* The open act of that kind has been carried out, as Zalo tells. */
static void carry_out(struct town *t, enum group_act_kind kind, const struct desk_group_told *told)
{
	struct group_act act;

	assert_true(open_acts(t, kind, &act));
	assert_ok(group_act_claim(t->f.s.store, &act));
	assert_ok(desk_group_done(t->f.desk, &act, told));
	end_turn(&t->f.s);
}

static int alarms(struct town *t, const char *words)
{
	struct outbox_listing l = list_outbox(&t->f.s);
	int count = 0;

	for (int i = 0; i < l.count; i++)
		count += l.rows[i].channel == CHANNEL_MODEM &&
			 outbox_says(&t->f.s, l.rows[i].id, words);
	return count;
}

static void order_group(struct town *t)
{
	static const char *const founders[] = {ADMIN, ANNA};
	struct desk_group_wish wish;
	struct errbuf eb = {0};
	struct place place;

	assert_ok(zalo_asset_put(t->f.s.store,
		&(struct zalo_asset){
			.asset_id = "a50", .type = "gmf50", .seen_ms = FIXTURE_WALL_MS}));
	assert_ok(desk_place_put(t->f.desk,
		&(struct desk_place_new){.code = "thon-3", .name = "Thôn 3", .kind = "hamlet"},
		ACTOR, &place, &eb));
	t->place_id = place.id;
	desk_group_wish_init(&wish);
	assert_ok(desk_group_create(t->f.desk,
		&(struct desk_group_new){
			.place = "thon-3", .founders = founders, .founder_count = 2, .wish = &wish},
		ACTOR, &t->group_id, &eb));
	end_turn(&t->f.s);
}

static int setup(void **state)
{
	static struct town town;
	struct desk_group_told told;

	start(&town.f, true, true, false);
	order_group(&town);
	told = (struct desk_group_told){.group_id = GID,
		.look = {.name = "Thôn 3", .on = {-1, -1, -1, -1}},
		.members = 2,
		.members_max = 50};
	carry_out(&town, GROUP_ACT_CREATE, &told);
	*state = &town;
	return 0;
}

static int teardown(void **state)
{
	finish(&((struct town *)*state)->f);
	return 0;
}

static void wait_for(struct town *t, int64_t ms)
{
	clock_virtual_advance(&t->f.s.clock, ms);
}

/* Its first look, and what that sets right. */
static void settle(struct town *t)
{
	struct desk_group_told told = as_wanted(t);

	told.look.on[ZALO_SWITCH_APPR] = 0;
	seen(t, &told);
	told = as_wanted(t);
	carry_out(t, GROUP_ACT_UPDATE, &told);
	assert_string_equal(group_of(t).drift, "");
}

/* ---- made ------------------------------------------------------------------------------------
 */

static void test_made_and_set_right(void **state)
{
	static const char *const founders[] = {ADMIN};
	struct town *t = *state;
	struct desk_group_wish wish;
	struct errbuf eb = {0};
	int64_t id;

	assert_int_equal(group_of(t).state, ZALO_GROUP_ACTIVE);
	assert_int_equal(group_of(t).checked_ms, 0);
	settle(t);
	/* How Zalo made it is nobody's change. */
	assert_int_equal(group_of(t).drift_ms, 0);
	desk_group_wish_init(&wish);
	assert_err(desk_group_create(t->f.desk,
			   &(struct desk_group_new){.place = "thon-3",
				   .founders = founders,
				   .founder_count = 1,
				   .wish = &wish},
			   ACTOR, &id, &eb),
		ERR_EXISTS);
	assert_err(desk_group_link(t->f.desk, t->group_id, "thon-9", ACTOR, &eb), ERR_NOT_FOUND);
}

/* ---- drift -----------------------------------------------------------------------------------
 */

/* Somebody unlocks it in the app, and it is found so. */
static bool change_is_mended(struct town *t)
{
	struct desk_group_told told = as_wanted(t);
	struct group_act act;

	told.look.on[ZALO_SWITCH_APPR] = 0;
	wait_for(t, 10 * MINUTE_MS);
	seen(t, &told);
	if (!open_acts(t, GROUP_ACT_UPDATE, &act))
		return false;
	assert_string_equal(group_of(t).drift, "join_appr");
	told = as_wanted(t);
	carry_out(t, GROUP_ACT_UPDATE, &told);
	assert_string_equal(group_of(t).drift, "");
	return true;
}

static void test_drift_is_mended_and_given_up_for_the_day(void **state)
{
	struct town *t = *state;
	int mended = 0;

	settle(t);
	while (change_is_mended(t))
		mended++;
	/* The first one of the day was Zalo's own way of making it. */
	assert_int_equal(mended, 5);
	assert_int_equal(alarms(t, "bi thay doi nhieu lan"), 1);
	assert_false(change_is_mended(t));
	assert_int_equal(alarms(t, "bi thay doi nhieu lan"), 1);
	wait_for(t, DAY_MS);
	assert_true(change_is_mended(t));
}

static void test_what_is_ordered_is_no_drift(void **state)
{
	struct town *t = *state;
	struct desk_group_wish wish;
	struct desk_group_told told;
	struct errbuf eb = {0};
	struct group_act act;

	settle(t);
	desk_group_wish_init(&wish);
	wish.on[ZALO_SWITCH_LOCK] = 1;
	wish.name = "Thôn 3 an toàn";
	assert_ok(desk_group_set(t->f.desk, t->group_id, &wish, ACTOR, &eb));
	assert_true(open_acts(t, GROUP_ACT_UPDATE, &act));
	/* A look in between does not order it twice. */
	told = as_wanted(t);
	told.look.on[ZALO_SWITCH_LOCK] = 0;
	seen(t, &told);
	told = as_wanted(t);
	carry_out(t, GROUP_ACT_UPDATE, &told);
	assert_false(open_acts(t, GROUP_ACT_UPDATE, &act));
	assert_string_equal(group_of(t).is.name, "Thôn 3 an toàn");
}

/* ---- members ---------------------------------------------------------------------------------
 */

static void resident(struct town *t, const char *phone)
{
	enum desk_resident_change change;
	struct errbuf eb = {0};

	assert_ok(desk_resident_put(t->f.desk,
		&(struct desk_resident_row){
			.phone = phone, .name = "chủ hộ", .place = "thon-3", .role = "head"},
		&change, &eb));
}

static void members_are(struct town *t, const char *const *users)
{
	int64_t since_ms = t->f.s.clock.wall;

	for (; *users; users++)
		assert_ok(desk_member_seen(t->f.desk, t->group_id, *users));
	assert_ok(desk_members_whole(t->f.desk, t->group_id, since_ms));
	end_turn(&t->f.s);
}

static struct group_person person_of(struct town *t, const char *user)
{
	struct group_person person;
	bool is_new;

	assert_ok(group_person_get(
		t->f.s.store, t->group_id, user, GROUP_PERSON_INVITED, &person, &is_new));
	assert_false(is_new);
	return person;
}

static void test_members_are_compared_with_the_list(void **state)
{
	struct town *t = *state;

	settle(t);
	resident(t, "+84900000012");
	resident(t, "+84900000013");
	members_are(t, (const char *const[]){ADMIN, ANNA, BINH, NULL});
	/* Who made it has business there; nobody of the list is known on Zalo. */
	assert_int_equal(group_of(t).strangers, 1);
	assert_int_equal(group_of(t).unknown, 2);
	assert_int_equal(group_of(t).missing, 0);
	/* He shares his number: then he is of the list. Another one with the same is not. */
	assert_ok(desk_person_told(t->f.desk, person_of(t, BINH).id, "84900000012"));
	assert_int_equal(group_of(t).strangers, 0);
	assert_int_equal(group_of(t).unknown, 1);
	/* He leaves. */
	wait_for(t, DAY_MS);
	members_are(t, (const char *const[]){ADMIN, ANNA, NULL});
	assert_int_equal(person_of(t, BINH).state, GROUP_PERSON_GONE);
	assert_int_equal(group_of(t).missing, 1);
	assert_int_equal(group_of(t).members_ms, t->f.s.clock.wall);
}

static void test_who_asks_and_is_on_the_list_is_let_in(void **state)
{
	struct town *t = *state;
	struct errbuf eb = {0};
	struct group_act act;

	settle(t);
	resident(t, "+84900000012");
	assert_ok(desk_request_seen(t->f.desk, t->group_id, BINH, "Bình"));
	assert_false(open_acts(t, GROUP_ACT_ACCEPT, &act));
	assert_ok(desk_person_told(t->f.desk, person_of(t, BINH).id, "84900000012"));
	assert_true(open_acts(t, GROUP_ACT_ACCEPT, &act));
	assert_int_equal(act.person_id, person_of(t, BINH).id);
	carry_out(t, GROUP_ACT_ACCEPT, NULL);
	assert_int_equal(person_of(t, BINH).state, GROUP_PERSON_MEMBER);
	/* Who is not on it waits for an officer. */
	assert_ok(desk_request_seen(t->f.desk, t->group_id, "9007199254740993003", "Chi"));
	assert_ok(
		desk_person_told(t->f.desk, person_of(t, "9007199254740993003").id, "84900000099"));
	assert_false(open_acts(t, GROUP_ACT_ACCEPT, &act));
	assert_ok(desk_group_answer(
		t->f.desk, t->group_id, person_of(t, "9007199254740993003").id, false, ACTOR, &eb));
	carry_out(t, GROUP_ACT_REJECT, NULL);
	assert_int_equal(person_of(t, "9007199254740993003").state, GROUP_PERSON_REJECTED);
}

/* ---- ends ------------------------------------------------------------------------------------
 */

static void look_and_warn(struct town *t, const struct desk_group_told *told)
{
	seen(t, told);
	assert_ok(desk_groups_warn(t->f.desk));
	end_turn(&t->f.s);
}

static void test_an_end_is_told_three_times(void **state)
{
	struct town *t = *state;
	struct desk_group_told told;
	int told_on[31] = {0}, before = 0;

	settle(t);
	told = as_wanted(t);
	told.expires_ms = t->f.s.clock.wall + 30 * DAY_MS;
	for (int day = 0; day < 30; day++) {
		look_and_warn(t, &told);
		look_and_warn(t, &told);
		told_on[30 - day] = alarms(t, "goi cua nhom Zalo thon-3 het han") - before;
		before += told_on[30 - day];
		wait_for(t, DAY_MS);
	}
	assert_int_equal(before, 3);
	assert_int_equal(told_on[14] + told_on[7] + told_on[1], 3);
}

static void test_what_renews_itself_is_no_matter(void **state)
{
	struct town *t = *state;
	struct desk_group_told told;

	settle(t);
	told = as_wanted(t);
	told.expires_ms = t->f.s.clock.wall + DAY_MS;
	told.is_renewed = true;
	look_and_warn(t, &told);
	assert_int_equal(alarms(t, "het han"), 0);
}

static void test_45_days_without_an_asset(void **state)
{
	struct town *t = *state;
	struct desk_group_told told;
	struct group_act act;
	struct errbuf eb = {0};
	int64_t off_ms;

	settle(t);
	told = as_wanted(t);
	told.expires_ms = t->f.s.clock.wall;
	told.is_disabled = true;
	look_and_warn(t, &told);
	off_ms = t->f.s.clock.wall;
	assert_int_equal(group_of(t).state, ZALO_GROUP_DISABLED);
	assert_int_equal(group_of(t).dissolves_ms, off_ms + 45 * DAY_MS);
	assert_int_equal(alarms(t, "da bi khoa vi goi het han"), 1);
	for (int day = 0; day < 45; day++) {
		wait_for(t, DAY_MS);
		look_and_warn(t, &told);
	}
	/* Nothing is set right in one that is off, and its date is not moved by looking. */
	assert_false(open_acts(t, GROUP_ACT_UPDATE, &act));
	assert_int_equal(group_of(t).dissolves_ms, off_ms + 45 * DAY_MS);
	assert_int_equal(alarms(t, "Zalo se giai tan nhom ngay"), 1);
	assert_int_equal(alarms(t, "dang bi khoa, sau"), 3);
	/* It is gone; one refusal alone is not believed. */
	assert_ok(desk_group_call_in(
		t->f.desk, t->group_id, &(struct desk_person_ref){.user_id = BINH}, ACTOR, &eb));
	assert_ok(desk_group_refused(t->f.desk, t->group_id));
	assert_ok(desk_groups_whole(t->f.desk, t->f.s.clock.wall));
	assert_int_equal(group_of(t).state, ZALO_GROUP_DISABLED);
	wait_for(t, DESK_REFUSED_MS);
	assert_ok(desk_groups_whole(t->f.desk, t->f.s.clock.wall));
	assert_int_equal(group_of(t).state, ZALO_GROUP_GONE);
	assert_false(open_acts(t, GROUP_ACT_INVITE, &act));
	assert_int_equal(alarms(t, "khong con nua"), 1);
}

static void test_a_renewal_ends_the_trouble(void **state)
{
	struct town *t = *state;
	struct desk_group_told told;
	struct errbuf eb = {0};

	settle(t);
	told = as_wanted(t);
	told.is_disabled = true;
	seen(t, &told);
	assert_ok(zalo_asset_put(t->f.s.store,
		&(struct zalo_asset){
			.asset_id = "b50", .type = "gmf50", .seen_ms = t->f.s.clock.wall}));
	assert_ok(desk_group_renew(t->f.desk, t->group_id, "b50", ACTOR, &eb));
	carry_out(t, GROUP_ACT_ASSET, NULL);
	assert_int_equal(group_of(t).state, ZALO_GROUP_ACTIVE);
	assert_string_equal(group_of(t).asset_id, "b50");
	assert_int_equal(group_of(t).dissolves_ms, 0);
}

/* ---- the head --------------------------------------------------------------------------------
 */

static enum place_role role_of(struct town *t, const char *user)
{
	enum place_role role;

	assert_ok(place_role_get(t->f.s.store, t->place_id, person_of(t, user).id, &role));
	return role;
}

static void hand_over_to(struct town *t, const char *user)
{
	struct errbuf eb = {0};

	assert_ok(desk_group_handover(
		t->f.desk, t->group_id, &(struct desk_person_ref){.user_id = user}, ACTOR, &eb));
}

static void step_is(struct town *t, enum group_handover_step step)
{
	struct group_act act;

	assert_true(open_acts(t, GROUP_ACT_HANDOVER, &act));
	assert_int_equal(act.step, step);
}

/* Anna is the head, by a hand-over that finds nobody to take the rights from. */
static void make_head(struct town *t)
{
	struct group_act act;

	members_are(t, (const char *const[]){ADMIN, ANNA, NULL});
	hand_over_to(t, ANNA);
	assert_true(open_acts(t, GROUP_ACT_HANDOVER, &act));
	assert_ok(desk_group_step(
		t->f.desk, &act, GROUP_HANDOVER_APPOINT, t->f.s.clock.wall)); /* a member */
	carry_out(t, GROUP_ACT_HANDOVER, NULL);
	assert_int_equal(role_of(t, ANNA), PLACE_ROLE_HEAD);
	assert_false(open_acts(t, GROUP_ACT_HANDOVER, &act));
}

static void test_a_head_is_followed_by_another(void **state)
{
	struct town *t = *state;
	struct errbuf eb = {0};
	struct group_act act;
	int64_t old_id;

	settle(t);
	make_head(t);
	hand_over_to(t, BINH);
	assert_err(desk_group_handover(t->f.desk, t->group_id,
			   &(struct desk_person_ref){.user_id = ANNA}, ACTOR, &eb),
		ERR_STATE);
	step_is(t, GROUP_HANDOVER_INVITE);
	carry_out(t, GROUP_ACT_HANDOVER, NULL);
	step_is(t, GROUP_HANDOVER_WAIT);
	members_are(t, (const char *const[]){ADMIN, ANNA, BINH, NULL});
	assert_true(open_acts(t, GROUP_ACT_HANDOVER, &act));
	assert_ok(desk_group_step(t->f.desk, &act, GROUP_HANDOVER_APPOINT, t->f.s.clock.wall));
	carry_out(t, GROUP_ACT_HANDOVER, NULL);
	/* Until the old one has lost them at Zalo he is the head. */
	step_is(t, GROUP_HANDOVER_DISMISS);
	assert_int_equal(role_of(t, ANNA), PLACE_ROLE_HEAD);
	assert_true(open_acts(t, GROUP_ACT_HANDOVER, &act));
	assert_ok(desk_group_old_head(t->f.desk, &act, &old_id));
	assert_int_equal(old_id, person_of(t, ANNA).id);
	carry_out(t, GROUP_ACT_HANDOVER, NULL);
	assert_int_equal(role_of(t, ANNA), PLACE_ROLE_NONE);
	assert_int_equal(role_of(t, BINH), PLACE_ROLE_HEAD);
	assert_err(desk_group_remove(t->f.desk, t->group_id,
			   &(struct desk_person_ref){.user_id = BINH}, ACTOR, &eb),
		ERR_STATE);
}

static void test_half_a_hand_over_is_seen(void **state)
{
	struct town *t = *state;
	struct group_act act;

	settle(t);
	make_head(t);
	members_are(t, (const char *const[]){ADMIN, ANNA, BINH, NULL});
	hand_over_to(t, BINH);
	assert_true(open_acts(t, GROUP_ACT_HANDOVER, &act));
	assert_ok(desk_group_step(t->f.desk, &act, GROUP_HANDOVER_DISMISS, t->f.s.clock.wall));
	assert_ok(group_act_claim(t->f.s.store, &act));
	act.error = ERR_REFUSED;
	assert_ok(desk_group_failed(t->f.desk, &act));
	assert_int_equal(role_of(t, ANNA), PLACE_ROLE_HEAD);
	assert_int_equal(role_of(t, BINH), PLACE_ROLE_DEPUTY);
}

#define TOWN_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOWN_TEST(test_made_and_set_right),
		TOWN_TEST(test_drift_is_mended_and_given_up_for_the_day),
		TOWN_TEST(test_what_is_ordered_is_no_drift),
		TOWN_TEST(test_members_are_compared_with_the_list),
		TOWN_TEST(test_who_asks_and_is_on_the_list_is_let_in),
		TOWN_TEST(test_an_end_is_told_three_times),
		TOWN_TEST(test_what_renews_itself_is_no_matter),
		TOWN_TEST(test_45_days_without_an_asset),
		TOWN_TEST(test_a_renewal_ends_the_trouble),
		TOWN_TEST(test_a_head_is_followed_by_another),
		TOWN_TEST(test_half_a_hand_over_is_seen),
	};

	return cmocka_run_group_tests_name("group_life", tests, NULL, NULL);
}
