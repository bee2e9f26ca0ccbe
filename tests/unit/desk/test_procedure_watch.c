/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who keeps entries is told once that they have expired, and again after a week. */
#include "config/procedure.h"
#include "daemon/desk/procedure.h"
#include "store/officer.h"
#include "tests/unit/desk/support.h"

#define OWNER_PHONE "+84900000071"
#define CLERK_PHONE "+84900000072"

struct watch {
	struct desk_fixture f;
	struct procedure items[4];
	struct procedures all;
};

static void add_officer(
	struct watch *w, const char *login, enum officer_role role, const char *phone)
{
	int64_t id;

	assert_ok(officer_add(w->f.s.store,
		&(struct officer_new){.login = login, .name = login, .role = role, .phone = phone},
		&id));
	assert_ok(officer_set_state(w->f.s.store, id, OFFICER_ACTIVE));
}

static void begin(struct watch *w)
{
	static const char *const owners[] = {"lan", "", "lan", "gone"};
	int64_t today = clock_local_day(FIXTURE_WALL_MS);

	memset(w, 0, sizeof(*w));
	start(&w->f, true, false, false);
	add_officer(w, "lan", OFFICER_AREA, OWNER_PHONE);
	add_officer(w, "minh", OFFICER_CLERK, CLERK_PHONE);
	for (int i = 0; i < 4; i++) {
		snprintf(w->items[i].code, sizeof(w->items[i].code), "muc-%d", i + 1);
		snprintf(w->items[i].owner, sizeof(w->items[i].owner), "%s", owners[i]);
		w->items[i].expires_day = today + i;
	}
	w->all = (struct procedures){w->items, 4};
	end_turn(&w->f.s);
}

static void days_pass(struct watch *w, int days)
{
	clock_virtual_advance(&w->f.s.clock, days * DAY_MS);
	assert_ok(desk_procedures_tick(w->f.desk, &w->all));
	assert_ok(desk_procedures_tick(w->f.desk, &w->all));
	end_turn(&w->f.s);
}

/* Messages to that phone so far, and the words of the last. */
static int told(struct watch *w, const char *phone, char last[512])
{
	struct outbox_listing l = list_outbox(&w->f.s);
	struct party party;
	int count = 0;

	last[0] = 0;
	if (party_find(w->f.s.store, PARTY_PHONE, phone, &party))
		return 0;
	for (int i = 0; i < l.count; i++) {
		CLEAN_BUF text = {0};

		if (l.rows[i].party_id != party.id)
			continue;
		buf_init(&text, OUTBOX_BODY_MAX);
		assert_ok(outbox_text(w->f.s.store, l.rows[i].id, &text));
		snprintf(last, 512, "%s", buf_text(&text));
		count++;
	}
	return count;
}

static void test_each_owner_hears_of_his(void **state)
{
	struct watch w;
	char text[512];

	(void)state;
	begin(&w);
	days_pass(&w, 0);
	assert_int_equal(told(&w, OWNER_PHONE, text), 0);
	days_pass(&w, 1);
	assert_int_equal(told(&w, OWNER_PHONE, text), 1);
	assert_non_null(strstr(text, "1 muc"));
	assert_non_null(strstr(text, "muc-1"));
	assert_int_equal(told(&w, CLERK_PHONE, text), 0);
	/* The second has no owner. */
	days_pass(&w, 1);
	assert_int_equal(told(&w, CLERK_PHONE, text), 1);
	assert_non_null(strstr(text, "muc-2"));
	/* What expires later does not repeat what was told this week. */
	days_pass(&w, 1);
	assert_int_equal(told(&w, OWNER_PHONE, text), 2);
	assert_non_null(strstr(text, "muc-3"));
	assert_null(strstr(text, "muc-1"));
	/* One whose owner has no account is the clerks'. */
	days_pass(&w, 1);
	assert_int_equal(told(&w, CLERK_PHONE, text), 2);
	assert_non_null(strstr(text, "muc-4"));
	finish(&w.f);
}

static void test_it_is_repeated_weekly(void **state)
{
	struct watch w;
	char text[512];

	(void)state;
	begin(&w);
	days_pass(&w, 10);
	assert_int_equal(told(&w, OWNER_PHONE, text), 1);
	assert_non_null(strstr(text, "2 muc"));
	assert_int_equal(told(&w, CLERK_PHONE, text), 1);
	for (int i = 1; i < 7; i++)
		days_pass(&w, 1);
	assert_int_equal(told(&w, OWNER_PHONE, text), 1);
	days_pass(&w, 1);
	assert_int_equal(told(&w, OWNER_PHONE, text), 2);
	assert_int_equal(told(&w, CLERK_PHONE, text), 2);
	finish(&w.f);
}

static void test_a_day_is_told_once_by_whichever_daemon(void **state)
{
	struct watch w;
	struct desk *other;
	char text[512];

	(void)state;
	begin(&w);
	days_pass(&w, 1);
	assert_int_equal(told(&w, OWNER_PHONE, text), 1);
	/* Started anew the same day, with a file that was changed. */
	w.items[1].expires_day = w.items[0].expires_day;
	assert_ok(
		desk_new(&(struct desk_options){.store = w.f.s.store, .has_modem = true}, &other));
	assert_ok(desk_procedures_tick(other, &w.all));
	end_turn(&w.f.s);
	assert_int_equal(told(&w, CLERK_PHONE, text), 0);
	desk_free(other);
	days_pass(&w, 1);
	assert_int_equal(told(&w, CLERK_PHONE, text), 1);
	finish(&w.f);
}

static void test_a_clock_that_was_wrong_hides_nothing(void **state)
{
	struct watch w;
	char text[512];

	(void)state;
	begin(&w);
	days_pass(&w, 400);
	assert_int_equal(told(&w, OWNER_PHONE, text), 1);
	w.f.s.clock.wall = FIXTURE_WALL_MS;
	days_pass(&w, 0);
	assert_int_equal(told(&w, OWNER_PHONE, text), 1);
	days_pass(&w, 3);
	assert_int_equal(told(&w, OWNER_PHONE, text), 2);
	finish(&w.f);
}

static void test_the_state_counts(void **state)
{
	struct desk_procedures_state s;
	struct watch w;

	(void)state;
	begin(&w);
	w.items[3].expires_day += 100;
	desk_procedures_state(w.f.desk, &w.all, &s);
	assert_int_equal(s.expired, 0);
	assert_int_equal(s.soon, 3);
	assert_string_equal(s.first, "");
	days_pass(&w, 2);
	desk_procedures_state(w.f.desk, &w.all, &s);
	assert_int_equal(s.expired, 2);
	assert_int_equal(s.soon, 1);
	assert_string_equal(s.first, "muc-1");
	finish(&w.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_owner_hears_of_his),
		cmocka_unit_test(test_it_is_repeated_weekly),
		cmocka_unit_test(test_a_day_is_told_once_by_whichever_daemon),
		cmocka_unit_test(test_a_clock_that_was_wrong_hides_nothing),
		cmocka_unit_test(test_the_state_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
