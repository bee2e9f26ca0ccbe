/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is hidden in a table can't be had from what is told: every small table, and everybody who
 * knows the rule. */
#include "tests/lib/store_fixture.h"

#include "daemon/desk/small_cells.h"

#include <stdlib.h>
#include <string.h>

#define CELLS_MAX  6
#define TABLES_MAX 60000

struct table {
	int8_t told[CELLS_MAX]; /* compared first */
	int8_t cells[CELLS_MAX];
};

struct tables {
	struct table *list;
	size_t count;
	int cells;
};

static void tell(struct table *table, int count)
{
	int64_t numbers[CELLS_MAX] = {0}, *cells[CELLS_MAX] = {0};

	for (int i = 0; i < count; i++) {
		numbers[i] = table->cells[i];
		cells[i] = &numbers[i];
	}
	figures_hide(cells, count);
	for (int i = 0; i < count; i++)
		table->told[i] = (int8_t)numbers[i];
}

/* Every way to make `left` of the cells from `at` on. */
static void fill(struct tables *t, struct table *table, int at, int left)
{
	if (at == t->cells - 1) {
		table->cells[at] = (int8_t)left;
		tell(table, t->cells);
		assert_true(t->count < TABLES_MAX);
		t->list[t->count++] = *table;
		return;
	}
	for (int part = 0; part <= left; part++) {
		table->cells[at] = (int8_t)part;
		fill(t, table, at + 1, left - part);
	}
}

static int by_told(const void *a, const void *b)
{
	return memcmp(a, b, CELLS_MAX);
}

/* Those that look alike: what is hidden is not the same in all of them. */
static void check_alike(const struct table *list, size_t count, int cells)
{
	int hidden = 0, sum = 0;

	for (int at = 0; at < cells; at++) {
		bool differs = false;

		if (list[0].told[at] != FIGURES_HIDDEN) {
			assert_int_equal(list[0].told[at], list[0].cells[at]);
			assert_false(list[0].told[at] > 0 && list[0].told[at] < FIGURES_SMALL);
			continue;
		}
		hidden++;
		sum += list[0].cells[at];
		for (size_t i = 1; i < count; i++)
			differs |= list[i].cells[at] != list[0].cells[at];
		if (!differs)
			fail_msg("cell %d of %d %d %d %d %d %d is %d", at, list[0].told[0],
				list[0].told[1], list[0].told[2], list[0].told[3], list[0].told[4],
				list[0].told[5], list[0].cells[at]);
	}
	assert_true(hidden != 1);
	/* Nor are those that are hidden few together, while there was something to add to them. */
	assert_true(!hidden || hidden == cells || sum >= FIGURES_SMALL);
}

static void test_nothing_hidden_can_be_computed(void **state)
{
	static const struct {
		int cells, most;
	} sizes[] = {{2, 80}, {3, 60}, {4, 40}, {5, 30}, {6, 20}};
	struct tables t = {.list = calloc(TABLES_MAX, sizeof(*t.list))};

	(void)state;
	assert_non_null(t.list);
	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		t.cells = sizes[s].cells;
		for (int whole = 0; whole <= sizes[s].most; whole++) {
			struct table table = {{0}, {0}};
			size_t first = 0;

			t.count = 0;
			fill(&t, &table, 0, whole);
			qsort(t.list, t.count, sizeof(*t.list), by_told);
			for (size_t i = 1; i <= t.count; i++) {
				if (i < t.count && by_told(&t.list[i], &t.list[first]) == 0)
					continue;
				check_alike(&t.list[first], i - first, t.cells);
				first = i;
			}
		}
	}
	free(t.list);
}

/* No more than has to be: a table of large parts is told whole. */
static void test_what_is_large_is_told(void **state)
{
	int64_t a = 5, b = 0, c = 700;
	int64_t *cells[] = {&a, &b, &c};

	(void)state;
	figures_hide(cells, 3);
	assert_true(a == 5 && b == 0 && c == 700);
	a = 3;
	b = 2;
	figures_hide(cells, 3);
	assert_true(a == FIGURES_HIDDEN && b == FIGURES_HIDDEN && c == 700);
}

/* Who hid a part before had his reason, and the rule knows nothing of its size. */
static void test_what_was_hidden_before(void **state)
{
	int64_t a = FIGURES_HIDDEN, b = 20, c = 30;
	int64_t *cells[] = {&a, &b, &c};

	(void)state;
	figures_hide(cells, 3);
	assert_true(a == FIGURES_HIDDEN && b == FIGURES_HIDDEN && c == 30);
	figures_hide(cells, 3);
	assert_true(c == 30);
	figures_hide(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_hidden_can_be_computed),
		cmocka_unit_test(test_what_is_large_is_told),
		cmocka_unit_test(test_what_was_hidden_before),
	};

	return cmocka_run_group_tests_name("small_cells", tests, NULL, NULL);
}
