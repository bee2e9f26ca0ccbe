/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose an answer of the network is: a modem that answers when told, a clock that moves when told.
 */
#include "gateway/outgoing.h"
#include "daemon/base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define TIMEOUT 45000

struct fixture {
	int fds[2];
	struct wire wire, daemon;
	struct outgoing out;
	struct modem modem;
	int submits;
	enum err answer;	    /* of submit */
	int early_status, early_mr; /* an event during submit, when has_early */
	bool has_early;
};

static int64_t clock_ms;

static int64_t now(void)
{
	return clock_ms;
}

static enum err fake_submit(
	struct modem *modem, const struct line_send *send, struct modem_fault *ret_fault)
{
	struct fixture *f = container_of(modem, struct fixture, modem);

	assert_int_equal(send->part, 1);
	f->submits++;
	if (f->has_early) {
		struct modem_event *event = modem_events_push(&modem->events, MODEM_SUBMITTED);

		event->submitted.status = f->early_status;
		event->submitted.mr = f->early_mr;
		snprintf(event->submitted.kind, sizeof(event->submitted.kind), "cme");
		f->has_early = false;
	}
	if (f->answer)
		*ret_fault = (struct modem_fault){"modem", -1};
	return f->answer;
}

static int setup(void **state)
{
	static const struct modem_ops ops = {.submit = fake_submit};
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	clock_ms = 0;
	if (pipe2(f.fds, O_NONBLOCK))
		return -1;
	wire_init(&f.wire, -1, f.fds[1]);
	wire_init(&f.daemon, f.fds[0], -1);
	outgoing_init(&f.out, &f.wire, TIMEOUT);
	f.modem.ops = &ops;
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

static struct line told(struct fixture *f, enum line_type type)
{
	struct line line = {0};

	if (!wire_next(&f->daemon, &line)) {
		wire_fill(&f->daemon);
		assert_true(wire_next(&f->daemon, &line));
	}
	assert_int_equal(line.type, type);
	return line;
}

static void told_nothing(struct fixture *f)
{
	struct line line;

	wire_fill(&f->daemon);
	assert_false(wire_next(&f->daemon, &line));
}

static void take(struct fixture *f, int64_t id)
{
	struct line_send send = {.id = id, .part = 1, .total = 1, .to = "+84900001234"};

	outgoing_take(&f->out, &send, true);
}

static void fly(struct fixture *f, int64_t id)
{
	take(f, id);
	assert_true(outgoing_is_due(&f->out, clock_ms));
	assert_int_equal(outgoing_submit(&f->out, &f->modem, now), f->answer);
}

static void answer(struct fixture *f, int status, int mr)
{
	struct modem_event event = {
		.type = MODEM_SUBMITTED, .submitted = {.status = status, .mr = mr, .kind = "cms"}};

	outgoing_answer(&f->out, &event, clock_ms);
}

static void time_out(struct fixture *f)
{
	clock_ms += TIMEOUT - 1;
	assert_false(outgoing_check(&f->out, clock_ms));
	clock_ms++;
	assert_true(outgoing_check(&f->out, clock_ms));
	clock_ms += OUTGOING_QUIET_MS;
}

static void expect_failed(struct fixture *f, int64_t id, const char *kind, int code, bool in_doubt)
{
	struct line line = told(f, LINE_FAILED);

	assert_int_equal(line.failed.id, id);
	assert_string_equal(line.failed.kind, kind);
	assert_int_equal(line.failed.code, code);
	assert_int_equal(line.failed.is_in_doubt, in_doubt);
}

static void expect_sent(struct fixture *f, enum line_type type, int64_t id, int mr)
{
	struct line line = told(f, type);

	assert_int_equal(line.sent.id, id);
	assert_int_equal(line.sent.mr, mr);
}

static void test_sent(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	told_nothing(f);
	answer(f, 0, 7);
	expect_sent(f, LINE_SENT, 1, 7);
	assert_false(f->out.is_flying);
}

static void test_one_at_a_time(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	take(f, 2);
	assert_false(outgoing_is_due(&f->out, clock_ms));
	answer(f, 0, 7);
	expect_sent(f, LINE_SENT, 1, 7);
	assert_true(outgoing_is_due(&f->out, clock_ms));
	for (int id = 3; id < 2 + OUTGOING_QUEUE_MAX; id++)
		take(f, id);
	told_nothing(f);
	take(f, 99);
	expect_failed(f, 99, "local", -1, false);
}

static void test_refused_by_network(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	answer(f, 38, -1);
	expect_failed(f, 1, "cms", 38, false);
}

/* The modem had the whole segment, and its error does not say that the network has not. */
static void test_unclear_errors(void **state)
{
	static const int codes[] = {332, 500, -1};
	struct fixture *f = *state;

	for (int i = 0; i < (int)ARRAY_LEN(codes); i++) {
		fly(f, i + 1);
		answer(f, codes[i], -1);
		expect_failed(f, i + 1, "cms", codes[i], true);
	}
	/* There was an answer: none is awaited. */
	fly(f, 9);
	answer(f, 0, 7);
	expect_sent(f, LINE_SENT, 9, 7);
}

/* Both the return code and the callback report it. */
static void test_refused_at_prompt_is_told_once(void **state)
{
	struct fixture *f = *state;

	f->answer = ERR_MODEM;
	f->has_early = true;
	f->early_status = 515;
	fly(f, 1);
	expect_failed(f, 1, "cme", 515, false);
	told_nothing(f);
	assert_false(f->out.is_flying);
}

static void test_no_prompt(void **state)
{
	struct fixture *f = *state;

	f->answer = ERR_TIMEOUT;
	fly(f, 1);
	expect_failed(f, 1, "modem", -1, false);
	f->answer = ERR_UNREACHABLE;
	fly(f, 2);
	expect_failed(f, 2, "modem", -1, true);
}

static void test_late_while_idle(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	answer(f, 0, 7);
	expect_sent(f, LINE_LATE, 1, 7);
	answer(f, 0, 8);
	told_nothing(f);
}

static void test_quiet_after_time_out(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	take(f, 2);
	clock_ms += TIMEOUT;
	assert_true(outgoing_check(&f->out, clock_ms));
	assert_false(outgoing_is_due(&f->out, clock_ms));
	assert_true(outgoing_is_due(&f->out, clock_ms + OUTGOING_QUIET_MS));
}

/* The answer of 1 comes before 2 is complete: it can only be that of 1. */
static void test_late_during_submit(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	f->has_early = true;
	f->early_status = 0;
	f->early_mr = 7;
	fly(f, 2);
	expect_sent(f, LINE_LATE, 1, 7);
	answer(f, 0, 8);
	expect_sent(f, LINE_SENT, 2, 8);
}

/* It comes after 2 is complete, and then that of 2. */
static void test_late_in_flight_of_the_next(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	fly(f, 2);
	answer(f, 0, 7);
	told_nothing(f);
	answer(f, 0, 8);
	expect_sent(f, LINE_LATE, 1, 7);
	expect_sent(f, LINE_SENT, 2, 8);
}

/* The two answers change places on their way: the lower number was submitted first. */
static void test_answers_in_the_wrong_order(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	fly(f, 2);
	answer(f, 0, 0);
	told_nothing(f);
	answer(f, 0, 255);
	expect_sent(f, LINE_LATE, 1, 255);
	expect_sent(f, LINE_SENT, 2, 0);
}

/* After 5 the lost one was 6: 7 is surely the next one's, and a 6 is still the lost one's, even in
 * the flight of a third. */
static void test_late_after_the_next(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	answer(f, 0, 5);
	expect_sent(f, LINE_SENT, 1, 5);
	fly(f, 2);
	time_out(f);
	expect_failed(f, 2, "modem", -1, true);
	fly(f, 3);
	answer(f, 0, 7);
	expect_sent(f, LINE_SENT, 3, 7);
	fly(f, 4);
	answer(f, 0, 6);
	expect_sent(f, LINE_LATE, 2, 6);
	answer(f, 0, 8);
	expect_sent(f, LINE_SENT, 4, 8);
	fly(f, 5);
	answer(f, 0, 9);
	expect_sent(f, LINE_SENT, 5, 9);
}

static void test_late_then_refused(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	fly(f, 2);
	answer(f, 0, 7);
	answer(f, 38, -1);
	expect_sent(f, LINE_LATE, 1, 7);
	expect_failed(f, 2, "cms", 38, false);
}

/* Two submissions, one answer: nobody is credited, and the one after is clean again. */
static void test_one_answer_for_two(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	fly(f, 2);
	answer(f, 0, 7);
	time_out(f);
	expect_failed(f, 2, "modem", -1, true);
	fly(f, 3);
	answer(f, 0, 8);
	expect_sent(f, LINE_SENT, 3, 8);
}

/* The modem counts: after 5, the lost one was 6, so 7 is surely that of the next. */
static void test_reference_proves_it(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	answer(f, 0, 255);
	expect_sent(f, LINE_SENT, 1, 255);
	fly(f, 2);
	time_out(f);
	expect_failed(f, 2, "modem", -1, true);
	fly(f, 3);
	answer(f, 0, 1);
	expect_sent(f, LINE_SENT, 3, 1);
}

/* Its text never ended, so that the modem did not count it: the next answer is the next one's. */
static void test_unsent_takes_no_number(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	answer(f, 0, 4);
	expect_sent(f, LINE_SENT, 1, 4);
	fly(f, 2);
	time_out(f);
	expect_failed(f, 2, "modem", -1, true);
	outgoing_unsent(&f->out);
	fly(f, 3);
	answer(f, 0, 5);
	expect_sent(f, LINE_SENT, 3, 5);
	told_nothing(f);
}

static void test_error_with_open_doubt(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	fly(f, 2);
	answer(f, 38, -1);
	expect_failed(f, 2, "cms", 38, true);
}

static void test_taken_without_reference(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	answer(f, 0, -1);
	expect_failed(f, 1, "cms", -1, true);
}

static void test_doubt_ends(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	time_out(f);
	expect_failed(f, 1, "modem", -1, true);
	clock_ms += OUTGOING_DOUBT_MS;
	answer(f, 0, 7);
	told_nothing(f);
	fly(f, 2);
	answer(f, 0, 8);
	expect_sent(f, LINE_SENT, 2, 8);
}

static void test_modem_lost(void **state)
{
	struct fixture *f = *state;

	fly(f, 1);
	take(f, 2);
	outgoing_lost(&f->out);
	expect_failed(f, 1, "modem", -1, true);
	expect_failed(f, 2, "modem", -1, false);
	answer(f, 0, 7);
	told_nothing(f);
	assert_false(outgoing_is_due(&f->out, clock_ms));
	outgoing_lost(&f->out);
	outgoing_take(&f->out, &(struct line_send){.id = 3, .part = 1}, false);
	expect_failed(f, 3, "modem", -1, false);
	told_nothing(f);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_sent),
		T(test_one_at_a_time),
		T(test_refused_by_network),
		T(test_unclear_errors),
		T(test_refused_at_prompt_is_told_once),
		T(test_no_prompt),
		T(test_late_while_idle),
		T(test_quiet_after_time_out),
		T(test_late_during_submit),
		T(test_late_in_flight_of_the_next),
		T(test_answers_in_the_wrong_order),
		T(test_late_after_the_next),
		T(test_late_then_refused),
		T(test_one_answer_for_two),
		T(test_reference_proves_it),
		T(test_unsent_takes_no_number),
		T(test_error_with_open_doubt),
		T(test_taken_without_reference),
		T(test_doubt_ends),
		T(test_modem_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
