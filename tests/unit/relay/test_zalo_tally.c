/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_tally.h"

#include "daemon/base/base.h"
#include "daemon/base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define LIST_MAX 6000

/* The list as Zalo has it, oldest first: 0 is a stranger, n our message number n. */
struct fixture {
	struct zalo_tally tally;
	struct zalo_rows rows;
	int list[LIST_MAX];
	int count, ours;
	int64_t offset; /* of the last look */
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	*state = f;
	if (!f)
		return -1;
	zalo_tally_init(&f->tally);
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void name_row(const struct fixture *f, int at, char id[ZALO_MESSAGE_ID])
{
	if (f->list[at])
		snprintf(id, ZALO_MESSAGE_ID, "ours-%d", f->list[at]);
	else
		snprintf(id, ZALO_MESSAGE_ID, "stranger-%d", at);
}

static void stranger(struct fixture *f)
{
	assert_true(f->count < LIST_MAX);
	f->list[f->count++] = 0;
}

static void send_one(struct fixture *f, bool is_answered)
{
	char id[ZALO_MESSAGE_ID];

	assert_true(f->count < LIST_MAX);
	zalo_tally_begin(&f->tally);
	f->list[f->count++] = ++f->ours;
	name_row(f, f->count - 1, id);
	if (is_answered)
		zalo_tally_sent(&f->tally, id);
}

static void send_many(struct fixture *f, int count)
{
	for (int i = 0; i < count; i++)
		send_one(f, true);
}

/* A page of the list; returns how many rows it has. */
static size_t read_page(struct fixture *f, int64_t offset)
{
	f->rows.page = f->rows.count = 0;
	for (int64_t i = offset; i < offset + ZALO_PAGE_ROWS && i < f->count; i++)
		name_row(f, f->count - 1 - (int)i, f->rows.row[f->rows.count++].message_id);
	return f->rows.count;
}

static void base(struct fixture *f)
{
	zalo_tally_mark(&f->tally);
	read_page(f, 0);
	zalo_tally_base(&f->tally, &f->rows);
}

static enum zalo_sight look(struct fixture *f)
{
	zalo_tally_mark(&f->tally);
	f->offset = zalo_tally_offset(&f->tally);
	return zalo_tally_look(&f->tally, &f->rows, read_page(f, f->offset));
}

/* Reads from the top; returns how deep. */
static int64_t dig(struct fixture *f)
{
	int64_t offset = 0;
	bool is_over;

	do {
		size_t on_page = read_page(f, offset);

		is_over = zalo_tally_dig(&f->tally, &f->rows, on_page);
		offset += (int64_t)on_page;
	} while (!is_over);
	return offset;
}

static void test_nothing_can_be_counted_before_the_list_was_read(void **state)
{
	struct fixture *f = *state;

	send_many(f, 30);
	assert_int_equal(zalo_tally_new(&f->tally), -1);
	base(f);
	assert_int_equal(zalo_tally_new(&f->tally), 0);
	send_many(f, 100);
	assert_int_equal(zalo_tally_new(&f->tally), 100);
	send_many(f, ZALO_TALLY_MAX);
	assert_int_equal(zalo_tally_new(&f->tally), -1);
}

static void test_one_page_shows_that_nobody_wrote(void **state)
{
	struct fixture *f = *state;

	base(f);
	for (int round = 0; round < 20; round++) {
		send_many(f, 10 + round * 7);
		assert_int_equal(look(f), SIGHT_CLEAN);
		assert_int_equal(zalo_tally_new(&f->tally), 0);
	}
}

static void test_the_list_may_have_been_full_of_others(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 50; i++)
		stranger(f);
	base(f);
	send_many(f, 40);
	assert_int_equal(look(f), SIGHT_CLEAN);
}

static void test_a_stranger_is_noticed_and_found(void **state)
{
	struct fixture *f = *state;

	send_many(f, 20);
	base(f);
	send_many(f, 80);
	stranger(f);
	send_many(f, 25);
	assert_int_equal(look(f), SIGHT_DIRTY);
	assert_int_equal(zalo_tally_new(&f->tally), 105);
	assert_int_equal(dig(f), 30); /* no further than he is */
	assert_int_equal(zalo_tally_new(&f->tally), 0);
	send_many(f, 30);
	assert_int_equal(look(f), SIGHT_CLEAN);
}

static void test_strangers_on_the_page_are_found_with_it(void **state)
{
	struct fixture *f = *state;

	send_many(f, 20);
	base(f);
	stranger(f);
	stranger(f);
	send_many(f, 60);
	assert_int_equal(look(f), SIGHT_CLEAN);
}

/* Whatever lies on top may have come after the count, and hide the one that was counted. */
static void test_one_on_top_does_not_hide_one_below(void **state)
{
	struct fixture *f = *state;

	send_many(f, 20);
	base(f);
	send_many(f, 30);
	stranger(f);
	send_many(f, 30);
	assert_int_equal(look(f), SIGHT_DIRTY);
	stranger(f);
	assert_true(dig(f) >= 32);
}

/* It may hide a stranger, so all is read; together with just one it can't be told by counting. */
static void test_a_row_that_is_late_is_no_clean_sight(void **state)
{
	struct fixture *f = *state;

	send_many(f, 20);
	base(f);
	send_many(f, 40);
	zalo_tally_begin(&f->tally);
	zalo_tally_sent(&f->tally, "ours-late");
	assert_int_equal(look(f), SIGHT_DIRTY);
	assert_true(dig(f) >= 40);
}

static void test_what_goes_out_meanwhile_blurs_the_sight(void **state)
{
	struct fixture *f = *state;

	send_many(f, 20);
	base(f);
	send_many(f, 50);
	zalo_tally_mark(&f->tally);
	send_one(f, true);
	assert_int_equal(
		zalo_tally_look(&f->tally, &f->rows, read_page(f, zalo_tally_offset(&f->tally))),
		SIGHT_BLURRED);
	assert_int_equal(look(f), SIGHT_CLEAN);
}

/* Nothing is ever called clean or dug out while a stranger lies unread above what is known. */
static void test_no_stranger_is_passed_over(void **state)
{
	struct fixture *f = *state;
	struct rng rng;

	for (uint64_t seed = 1; seed <= 300; seed++) {
		bool is_read[LIST_MAX] = {false};

		memset(f, 0, sizeof(*f));
		zalo_tally_init(&f->tally);
		rng_init(&rng, seed);
		send_many(f, (int)rng_below(&rng, 40));
		base(f);
		for (int i = 0; i < f->count; i++)
			is_read[i] = true;
		while (f->count < 1500) {
			int more = 3 + (int)rng_below(&rng, 120), before;
			enum zalo_sight sight;

			for (int i = 0; i < more; i++) {
				if (rng_below(&rng, 90) == 0)
					stranger(f);
				send_one(f, rng_below(&rng, 60) != 0);
			}
			before = f->count;
			sight = look(f);
			for (int64_t i = 0, at = before - 1 - f->offset;
				i < ZALO_PAGE_ROWS && i <= at; i++)
				is_read[at - i] = true;
			if (sight == SIGHT_DIRTY) {
				for (int64_t i = 0, deep = dig(f); i < deep; i++)
					is_read[before - 1 - i] = true;
			}
			assert_int_equal(zalo_tally_new(&f->tally), 0);
		}
		for (int i = 0; i < f->count; i++)
			assert_true(f->list[i] || is_read[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_nothing_can_be_counted_before_the_list_was_read, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_one_page_shows_that_nobody_wrote, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_the_list_may_have_been_full_of_others, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_stranger_is_noticed_and_found, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_strangers_on_the_page_are_found_with_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_one_on_top_does_not_hide_one_below, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_row_that_is_late_is_no_clean_sight, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_goes_out_meanwhile_blurs_the_sight, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_stranger_is_passed_over, setup, teardown),
	};

	return cmocka_run_group_tests_name("zalo_tally", tests, NULL, NULL);
}
