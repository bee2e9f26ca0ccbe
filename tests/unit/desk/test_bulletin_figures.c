/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of a bulletin's recipients, and what is not. */
#include "tests/unit/desk/bulletin_support.h"

#include "daemon/desk/bulletin_figures.h"
#include "store/delivery.h"

#include <sqlite3.h>

/* cells by value; what is hidden by then. */
static void assert_hidden(int64_t a, int64_t b, int64_t c, const char *expected)
{
	int64_t *const cells[] = {&a, &b, &c};
	char text[64];

	figures_hide(cells, 3);
	snprintf(text, sizeof(text), "%lld %lld %lld", (long long)a, (long long)b, (long long)c);
	assert_string_equal(text, expected);
}

static void test_small_cells(void **state)
{
	(void)state;
	assert_hidden(10, 20, 30, "10 20 30");
	assert_hidden(10, 0, 30, "10 0 30");
	/* One alone would be the rest of the sum. */
	assert_hidden(10, 4, 30, "-1 -1 30");
	assert_hidden(1, 4, 30, "-1 -1 30");
	/* Four in one place, or one here and three there. */
	assert_hidden(4, 0, 0, "-1 -1 -1");
	assert_hidden(1, 1, 30, "-1 -1 -1");
	assert_hidden(5, 20, 30, "5 20 30");
}

static void add_rows(struct commune *c, int64_t id, int first, int count, const char *values)
{
	sqlite3 *db;

	end_turn(&c->d.s);
	assert_int_equal(sqlite3_open_v2(c->d.s.path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 2000);
	for (int i = 0; i < count; i++) {
		char *sql = sqlite3_mprintf(
			"INSERT INTO ledger (delivery_id, resident_id, step, steps, place_id, wave, state,"
			" channel, reason, at_ms, cost, confirmed_ms) VALUES (%lld, %d, 0, 0, %s)",
			(long long)id, first + i, values);

		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_free(sql);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t under_way(struct commune *c)
{
	int64_t id = submitted(c, "fraud", &c->clerk);

	assert_ok(delivery_add(c->d.s.store, &(struct delivery){.id = id,
						     .urgency = DELIVERY_NORMAL,
						     .state = DELIVERY_PLANNING,
						     .lane = LANE_BULLETIN,
						     .steps = STEP_SMS,
						     .began_ms = FIXTURE_WALL_MS,
						     .expires_ms = FIXTURE_WALL_MS + DAY_MS}));
	return id;
}

#define AT_S(text) "(1795000000000 + 1000 * " text ")"

static void test_figures(void **state)
{
	struct commune *c = *state;
	int64_t id = under_way(c);
	struct bulletin_figures f;

	add_rows(c, id, 1, 1, "1, 0, 'REACHED', 'modem', '', " AT_S("5") ", 300, 1");
	add_rows(c, id, 2, 19, "1, 4, 'SENT', 'zalo_user', '', " AT_S("60") ", 0, 0");
	add_rows(c, id, 21, 10, "2, 4, 'REACHED', 'modem', '', " AT_S("90") ", 600, 0");
	add_rows(c, id, 31, 2, "2, 4, 'MISSED', '', 'NO_WAY', 0, 0, 0");
	add_rows(c, id, 33, 6, "2, 4, 'SKIPPED', '', 'REFUSED', 0, 0, 0");
	add_rows(c, id, 39, 1, "2, 4, 'WAITING', '', '', 0, 0, 0");
	assert_ok(desk_bulletin_figures(c->d.desk, id, &f));
	assert_int_equal(f.people, 33);
	assert_int_equal(f.told, 30);
	assert_int_equal(f.under_way, 1);
	assert_int_equal(f.not_told, 2);
	assert_int_equal(f.skipped, 6);
	assert_int_equal(f.heads, 1);
	assert_int_equal(f.heads_confirmed, 1);
	assert_int_equal(f.cost, 6300);
	assert_int_equal(f.half_ms, 60 * SECOND_MS);
	assert_int_equal(f.most_ms, 90 * SECOND_MS);
	assert_int_equal(f.all_ms, FIGURES_NOT_REACHED);
	assert_int_equal(f.channel_count, 2);
	assert_int_equal(f.channels[0].told, 11);
	assert_int_equal(f.channels[0].cost, 6300);
	/* Two who can't be reached at place 2 are not to be found: neither by reason nor by place.
	 */
	assert_int_equal(f.reason_count, 2);
	for (int i = 0; i < 2; i++)
		assert_int_equal(f.reasons[i].people, FIGURES_HIDDEN);
	assert_int_equal(f.place_count, 2);
	assert_int_equal(f.places[0].people, 20);
	assert_int_equal(f.places[1].people, 13);
	assert_int_equal(f.places[0].told, FIGURES_HIDDEN);
	assert_int_equal(f.places[1].told, FIGURES_HIDDEN);
}

static void test_of_what_was_not_sent(void **state)
{
	struct commune *c = *state;
	struct bulletin_figures f;

	assert_err(desk_bulletin_figures(c->d.desk, 1, &f), ERR_NOT_FOUND);
}

/* A ledger with nobody in it is told before anybody is. */
static void test_of_nobody(void **state)
{
	struct commune *c = *state;
	struct bulletin_figures f;

	assert_ok(desk_bulletin_figures(c->d.desk, under_way(c), &f));
	assert_int_equal(f.people, 0);
	assert_int_equal(f.half_ms, FIGURES_NOT_REACHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_cells),
		COMMUNE_TEST(test_figures),
		COMMUNE_TEST(test_of_what_was_not_sent),
		COMMUNE_TEST(test_of_nobody),
	};

	return cmocka_run_group_tests_name("bulletin_figures", tests, NULL, NULL);
}
