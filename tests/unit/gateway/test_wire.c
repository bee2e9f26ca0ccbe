/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When lines leave: at once, with the next one, or together. Their order never changes. */
#include "gateway/wire.h"
#include "daemon/base/clock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
	int fds[2];
	struct wire wire, daemon;
};

static int setup(void **state)
{
	static struct fixture f;

	if (pipe2(f.fds, O_NONBLOCK))
		return -1;
	wire_init(&f.wire, -1, f.fds[1]);
	wire_init(&f.daemon, f.fds[0], -1);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	wire_done(&f->wire);
	wire_done(&f->daemon);
	close(f->fds[0]);
	close(f->fds[1]);
	return 0;
}

static struct line pong(int64_t n)
{
	return (struct line){.type = LINE_PONG, .ping = {.n = n}};
}

/* The numbers of the lines that have arrived since the last call, in order: 12 is 1, then 2. */
static int64_t arrived(struct fixture *f)
{
	struct line line;
	int64_t numbers = 0;

	wire_fill(&f->daemon);
	while (wire_next(&f->daemon, &line))
		numbers = numbers * 10 + line.ping.n;
	return numbers;
}

static void test_at_once(void **state)
{
	struct fixture *f = *state;
	struct line line = pong(1);

	wire_send(&f->wire, &line);
	assert_int_equal(wire_due_ms(&f->wire), INT64_MAX);
	assert_int_equal(arrived(f), 1);
}

static void test_later_goes_with_the_next(void **state)
{
	struct fixture *f = *state;
	struct line first = pong(1), second = pong(2);
	int64_t before_ms = clock_mono_ms(clock_system());

	wire_send_later(&f->wire, &first);
	assert_in_range(
		wire_due_ms(&f->wire), before_ms + WIRE_HOLD_MS, before_ms + 60000 + WIRE_HOLD_MS);
	assert_int_equal(arrived(f), 0);
	wire_send(&f->wire, &second);
	assert_int_equal(wire_due_ms(&f->wire), INT64_MAX);
	assert_int_equal(arrived(f), 12);
}

static void test_held_until_flushed(void **state)
{
	struct fixture *f = *state;
	struct line lines[] = {pong(1), pong(2), pong(3)};

	wire_send_later(&f->wire, &lines[0]);
	wire_hold(&f->wire);
	f->wire.oldest_ms += 60000; /* a slow machine must not find it overdue */
	wire_send(&f->wire, &lines[1]);
	assert_int_equal(arrived(f), 0);
	wire_flush(&f->wire);
	assert_int_equal(arrived(f), 12);
	wire_send(&f->wire, &lines[2]);
	assert_int_equal(arrived(f), 3);
}

static void test_nothing_is_held_for_long(void **state)
{
	struct fixture *f = *state;
	struct line first = pong(1), second = pong(2);

	wire_hold(&f->wire);
	wire_send(&f->wire, &first);
	f->wire.oldest_ms -= WIRE_HOLD_MS;
	wire_send(&f->wire, &second);
	assert_int_equal(arrived(f), 12);
	wire_flush(&f->wire);
}

/* A line that can't be written leaves the others as they are. */
static void test_unwritable(void **state)
{
	struct fixture *f = *state;
	struct line good = pong(1), bad = {.type = LINE_CALL, .call = {.from = "\xff"}};

	wire_hold(&f->wire);
	wire_send(&f->wire, &good);
	f->wire.oldest_ms += 60000;
	wire_send(&f->wire, &bad);
	wire_flush(&f->wire);
	assert_int_equal(arrived(f), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {T(test_at_once), T(test_later_goes_with_the_next),
		T(test_held_until_flushed), T(test_nothing_is_held_for_long), T(test_unwritable)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
