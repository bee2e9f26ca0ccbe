/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SIM card with a few slots, and a daemon at the other end of a pipe. */
#include "gateway/incoming.h"
#include "daemon/base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define POLL  30000
#define SLOTS 5

struct fixture {
	int fds[2];
	struct wire wire, daemon;
	struct incoming in;
	struct modem modem;
	int slots[SLOTS]; /* number of the message there, 0 none */
	int lists, bursts, reads;
	enum err list_err, read_err, erase_err;
	bool hides_all; /* from a listing */
	int64_t now;
};

static struct line message(int slot, int number)
{
	struct line line = {.type = LINE_SMS, .sms = {.mem = "SM", .slot = slot}};

	snprintf(line.sms.coding, sizeof(line.sms.coding), "gsm7");
	snprintf(line.sms.text, sizeof(line.sms.text), "%d", number);
	return line;
}

static enum err fake_list(struct modem *modem, const char *only, modem_item_fn fn, void *arg)
{
	struct fixture *f = container_of(modem, struct fixture, modem);

	assert_true(!only || str_eq(only, "SM"));
	f->bursts += only != NULL;
	f->lists++;
	for (int i = 0; i < SLOTS && !f->hides_all; i++) {
		struct line line = message(i, f->slots[i]);

		if (f->slots[i])
			fn(arg, "SM", i, f->slots[i] < 0 ? NULL : &line);
	}
	return f->list_err;
}

static enum err fake_read(struct modem *modem, const char *mem, int slot, struct line *ret_line)
{
	struct fixture *f = container_of(modem, struct fixture, modem);

	assert_string_equal(mem, "SM");
	f->reads++;
	if (f->read_err)
		return f->read_err;
	if (!f->slots[slot])
		return ERR_NOT_FOUND;
	*ret_line = message(slot, f->slots[slot]);
	return ERR_OK;
}

static enum err fake_erase(struct modem *modem, const char *mem, int slot)
{
	struct fixture *f = container_of(modem, struct fixture, modem);

	assert_string_equal(mem, "SM");
	assert_true(f->slots[slot] > 0);
	if (!f->erase_err)
		f->slots[slot] = 0;
	return f->erase_err;
}

static int setup(void **state)
{
	static const struct modem_ops ops = {
		.list = fake_list, .read = fake_read, .erase = fake_erase};
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	f.modem.ops = &ops;
	if (pipe2(f.fds, O_NONBLOCK))
		return -1;
	wire_init(&f.wire, -1, f.fds[1]);
	wire_init(&f.daemon, f.fds[0], -1);
	if (incoming_init(&f.in, &f.wire, POLL))
		return -1;
	incoming_restart(&f.in, 0);
	incoming_sizes(&f.in, SLOTS, 0);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	incoming_done(&f->in);
	wire_done(&f->wire);
	wire_done(&f->daemon);
	close(f->fds[0]);
	close(f->fds[1]);
	return 0;
}

static void work(struct fixture *f)
{
	for (int i = 0; i < 100 && incoming_is_due(&f->in, f->now); i++)
		assert_int_equal(incoming_work(&f->in, &f->modem, f->now), ERR_OK);
	assert_false(incoming_is_due(&f->in, f->now));
}

static bool next_line(struct fixture *f, struct line *line)
{
	if (wire_next(&f->daemon, line))
		return true;
	wire_flush(&f->wire);
	wire_fill(&f->daemon);
	return wire_next(&f->daemon, line);
}

static void expect_sms(struct fixture *f, int slot, const char *text)
{
	struct line line;

	assert_true(next_line(f, &line));
	assert_int_equal(line.type, LINE_SMS);
	assert_int_equal(line.sms.slot, slot);
	assert_string_equal(line.sms.text, text);
}

static void expect_listed(struct fixture *f, int count)
{
	struct line line;

	assert_true(next_line(f, &line));
	assert_int_equal(line.type, LINE_LISTED);
	assert_string_equal(line.listed.mem, "SM");
	assert_int_equal(line.listed.count, count);
}

static void expect_freed(struct fixture *f, int slot, bool is_ok)
{
	struct line line;

	assert_true(next_line(f, &line));
	assert_int_equal(line.type, LINE_FREED);
	assert_int_equal(line.freed.slot, slot);
	assert_int_equal(line.freed.is_ok, is_ok);
}

static void expect_nothing(struct fixture *f)
{
	struct line line;

	assert_false(next_line(f, &line));
}

static void arrive(struct fixture *f, int slot)
{
	incoming_arrived(&f->in, &(struct line_stored){"SM", slot}, f->now);
}

static void store(struct fixture *f, int slot)
{
	incoming_stored(&f->in, &(struct line_stored){"SM", slot}, f->now);
}

static void test_listed_at_the_start_and_polled(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = 7;
	f->slots[2] = -1; /* a draft: it occupies a slot */
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 2);
	f->now = POLL - 1;
	work(f);
	expect_nothing(f);
	f->now = POLL;
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 2);
}

static void test_announced_is_read_at_once(void **state)
{
	struct fixture *f = *state;

	work(f);
	expect_listed(f, 0);
	f->slots[3] = 8;
	arrive(f, 3);
	work(f);
	expect_sms(f, 3, "8");
	assert_int_equal(f->lists, 1);
	store(f, 3);
	work(f);
	expect_freed(f, 3, true);
	expect_nothing(f);
}

static void test_announced_and_listed_is_told_once(void **state)
{
	struct fixture *f = *state;

	f->slots[3] = 8;
	work(f);
	expect_sms(f, 3, "8");
	expect_listed(f, 1);
	arrive(f, 3);
	work(f);
	expect_nothing(f);
	assert_int_equal(f->reads, 0);
}

static void test_a_burst_is_listed(void **state)
{
	struct fixture *f = *state;

	work(f);
	expect_listed(f, 0);
	for (int i = 0; i < SLOTS; i++) {
		f->slots[i] = i + 1;
		arrive(f, i);
	}
	work(f);
	assert_int_equal(f->lists, 2);
	assert_int_equal(f->bursts, 1);
	assert_int_equal(f->reads, 0);
	for (int i = 0; i < SLOTS; i++)
		expect_sms(f, i, (const char *[]){"1", "2", "3", "4", "5"}[i]);
	expect_listed(f, SLOTS);
}

/* The network holds more back and may not announce it. */
static void test_a_full_memory_is_listed_again(void **state)
{
	struct fixture *f = *state;
	struct line line;

	for (int i = 0; i < SLOTS; i++)
		f->slots[i] = i + 1;
	work(f);
	assert_int_equal(f->lists, 1);
	for (int i = 0; i < SLOTS; i++)
		store(f, i);
	work(f);
	assert_int_equal(f->lists, 1);
	assert_true(incoming_due_ms(&f->in) < 1000);
	f->now = incoming_due_ms(&f->in);
	work(f);
	assert_int_equal(f->lists, 2);
	assert_int_equal(f->bursts, 1);
	for (int i = 0; i < 2 * SLOTS + 2; i++)
		assert_true(next_line(f, &line));
	assert_int_equal(line.type, LINE_LISTED);
	assert_int_equal(line.listed.count, 0);
}

/* What it tells of is in another memory; that is read, or found by its own listing. */
static void test_a_burst_leaves_other_memories(void **state)
{
	struct fixture *f = *state;

	work(f);
	expect_listed(f, 0);
	f->slots[1] = 2;
	incoming_arrived(&f->in, &(struct line_stored){"SR", 1}, f->now);
	for (int i = 0; i < INCOMING_READS_MAX; i++)
		arrive(f, 1);
	assert_int_equal(incoming_work(&f->in, &f->modem, f->now), ERR_OK);
	assert_int_equal(f->bursts, 1);
	assert_int_equal(f->in.read_count, 1);
	assert_string_equal(f->in.reads[0].mem, "SR");
	expect_sms(f, 1, "2");
	expect_listed(f, 1);
}

/* Nobody waits for `freed`: it goes with what comes next, in its order. */
static void test_freed_goes_with_the_next_line(void **state)
{
	struct fixture *f = *state;
	struct line line;

	f->slots[3] = 8;
	work(f);
	expect_sms(f, 3, "8");
	expect_listed(f, 1);
	store(f, 3);
	assert_int_equal(incoming_work(&f->in, &f->modem, f->now), ERR_OK);
	wire_fill(&f->daemon);
	assert_false(wire_next(&f->daemon, &line));
	f->slots[3] = 9;
	arrive(f, 3);
	work(f);
	wire_fill(&f->daemon);
	assert_true(wire_next(&f->daemon, &line));
	assert_int_equal(line.type, LINE_FREED);
	expect_sms(f, 3, "9");
}

/* A send takes seconds of the radio: it waits while a memory is nearly full, but not for ever. */
static void test_a_crowded_memory_goes_first(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 4; i++)
		f->slots[i] = i + 1;
	assert_false(incoming_is_first(&f->in, f->now));
	work(f);
	/* nothing to do until the daemon answers, and still no time for a send */
	assert_true(incoming_is_first(&f->in, f->now));
	assert_int_equal(incoming_first_until_ms(&f->in), f->now + INCOMING_QUIET_MS);
	f->now += INCOMING_QUIET_MS;
	assert_false(incoming_is_first(&f->in, f->now));
	store(f, 0);
	assert_true(incoming_is_first(&f->in, f->now));
	/* it never ends: 10 s, then one send, then 10 s more */
	for (int turn = 0; turn < 3; turn++) {
		int64_t begin = f->now;

		while (incoming_is_first(&f->in, f->now)) {
			f->now += 100;
			work(f);
			f->slots[0] = 10;
			arrive(f, 0);
			store(f, 0);
		}
		assert_in_range(
			f->now - begin, INCOMING_FIRST_MS - INCOMING_QUIET_MS, INCOMING_FIRST_MS);
		incoming_yielded(&f->in, f->now);
		assert_true(incoming_is_first(&f->in, f->now));
	}
}

static void test_few_messages_hold_no_send_up(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++)
		f->slots[i] = i + 1;
	work(f);
	assert_false(incoming_is_first(&f->in, f->now));
	assert_int_equal(incoming_first_until_ms(&f->in), INT64_MAX);
	incoming_yielded(&f->in, f->now);
	assert_false(incoming_is_due(&f->in, f->now));
}

static void test_a_drained_memory_is_not_crowded(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < SLOTS; i++)
		f->slots[i] = i + 1;
	work(f);
	for (int i = 0; i < SLOTS; i++)
		store(f, i);
	work(f);
	/* perhaps the network has more */
	assert_true(incoming_is_first(&f->in, f->now));
	f->now = incoming_due_ms(&f->in);
	work(f);
	assert_true(incoming_is_first(&f->in, f->now));
	f->now += INCOMING_QUIET_MS;
	assert_false(incoming_is_first(&f->in, f->now));
	incoming_yielded(&f->in, f->now);
	work(f);
	assert_int_equal(incoming_first_until_ms(&f->in), INT64_MAX);
}

static void test_a_lost_event_is_listed(void **state)
{
	struct fixture *f = *state;

	work(f);
	incoming_arrived(&f->in, &(struct line_stored){.slot = -1}, f->now);
	work(f);
	assert_int_equal(f->lists, 2);
	incoming_arrived(&f->in, &(struct line_stored){"MT", 3}, f->now);
	work(f);
	assert_int_equal(f->lists, 3);
	assert_int_equal(f->reads, 0);
}

static void test_what_could_not_be_read_is_listed(void **state)
{
	struct fixture *f = *state;

	work(f);
	expect_listed(f, 0);
	f->slots[1] = 4;
	f->read_err = ERR_PROTOCOL;
	arrive(f, 1);
	work(f);
	expect_nothing(f);
	f->now += 1000;
	work(f);
	expect_sms(f, 1, "4");
}

static void test_an_empty_slot_is_no_error(void **state)
{
	struct fixture *f = *state;

	work(f);
	arrive(f, 1);
	work(f);
	f->now += 10000;
	work(f);
	assert_int_equal(f->lists, 1);
}

static void test_failed_deletion(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = 7;
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 1);
	f->erase_err = ERR_MODEM;
	store(f, 0);
	work(f);
	expect_freed(f, 0, false);
	f->erase_err = ERR_OK;
	f->now = POLL;
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 1);
	store(f, 0);
	work(f);
	expect_freed(f, 0, true);
}

/* Deleted it is, the answer got lost, and the network has put another message there. */
static void test_a_deletion_without_an_answer_is_not_repeated(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = 7;
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 1);
	f->erase_err = ERR_TIMEOUT;
	store(f, 0);
	assert_int_equal(incoming_work(&f->in, &f->modem, f->now), ERR_TIMEOUT);
	f->erase_err = ERR_OK;
	f->slots[0] = 8;
	work(f);
	assert_int_equal(f->slots[0], 8);
	f->now += 1000;
	work(f);
	expect_sms(f, 0, "8");
	expect_listed(f, 1);
	store(f, 0);
	work(f);
	expect_freed(f, 0, true);
	assert_int_equal(f->slots[0], 0);
}

/* An error of the device leaves everything to be done again after a reconnect. */
static void test_modem_lost(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = 7;
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 1);
	f->erase_err = ERR_UNREACHABLE;
	store(f, 0);
	assert_int_equal(incoming_work(&f->in, &f->modem, f->now), ERR_UNREACHABLE);
	expect_nothing(f);
	f->erase_err = ERR_OK;
	incoming_restart(&f->in, f->now);
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 1);
}

/* A listing that lacks what lies there is not passed on: the daemon would take the slots for free.
 * The second in a row is. */
static void test_incredible_listing(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = 7;
	work(f);
	expect_sms(f, 0, "7");
	expect_listed(f, 1);
	f->hides_all = true;
	f->now = POLL;
	work(f);
	expect_nothing(f);
	f->now += 1000;
	work(f);
	expect_listed(f, 0);
}

static void test_failed_listing_backs_off(void **state)
{
	struct fixture *f = *state;

	f->list_err = ERR_MODEM;
	for (; f->now < 60 * INT64_C(1000); f->now += 500)
		work(f);
	assert_in_range(f->lists, 4, 8);
	expect_nothing(f);
	f->list_err = ERR_OK;
	f->now += POLL;
	work(f);
	expect_listed(f, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_listed_at_the_start_and_polled),
		T(test_announced_is_read_at_once),
		T(test_announced_and_listed_is_told_once),
		T(test_a_burst_is_listed),
		T(test_a_full_memory_is_listed_again),
		T(test_a_burst_leaves_other_memories),
		T(test_freed_goes_with_the_next_line),
		T(test_a_crowded_memory_goes_first),
		T(test_few_messages_hold_no_send_up),
		T(test_a_drained_memory_is_not_crowded),
		T(test_a_lost_event_is_listed),
		T(test_what_could_not_be_read_is_listed),
		T(test_an_empty_slot_is_no_error),
		T(test_failed_deletion),
		T(test_a_deletion_without_an_answer_is_not_repeated),
		T(test_modem_lost),
		T(test_incredible_listing),
		T(test_failed_listing_backs_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
