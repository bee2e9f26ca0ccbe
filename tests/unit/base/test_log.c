/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/log.h"
#include "daemon/base/rng.h"

#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static int saved_stderr, log_pipe[2];

static void capture_start(void)
{
	assert_int_equal(pipe(log_pipe), 0);
	saved_stderr = dup(STDERR_FILENO);
	assert_true(dup2(log_pipe[1], STDERR_FILENO) >= 0);
	close(log_pipe[1]);
}

/* What was logged, at most bytes - 1 of it. */
static const char *capture_end(char *text, size_t bytes)
{
	ssize_t n;
	size_t len = 0;

	assert_true(dup2(saved_stderr, STDERR_FILENO) >= 0);
	close(saved_stderr);
	while (len < bytes - 1 && (n = read(log_pipe[0], text + len, bytes - 1 - len)) > 0)
		len += (size_t)n;
	close(log_pipe[0]);
	text[len] = 0;
	return text;
}

static void test_line(void **state)
{
	char text[2000];

	(void)state;
	setenv("JOURNAL_STREAM", "1:2", 1);
	capture_start();
	log_info("outbox", "id=%d from=%s to=%s", 812, "CLAIMED", "SENT");
	log_error("commit", "err=%s", "DISK_FULL");
	capture_end(text, sizeof(text));
	assert_string_equal(
		text, "<6>outbox id=812 from=CLAIMED to=SENT\n<3>commit err=DISK_FULL\n");
}

static void test_terminal_gets_the_time(void **state)
{
	char text[2000];

	(void)state;
	unsetenv("JOURNAL_STREAM");
	capture_start();
	log_warn("clock", "a=1");
	capture_end(text, sizeof(text));
	assert_int_equal(strspn(text, "0123456789-T:.Z"), strlen("2026-11-22T02:12:52.123Z"));
	assert_string_equal(strchr(text, ' '), " clock a=1\n");
	setenv("JOURNAL_STREAM", "1:2", 1);
}

static void test_level(void **state)
{
	char text[2000];

	(void)state;
	capture_start();
	log_debug("a", "x=%d", 1);
	log_set_level(LOG_LEVEL_DEBUG);
	log_debug("b", "x=%d", 2);
	log_set_level(LOG_LEVEL_ERROR);
	log_warn("c", "x=%d", 3);
	log_error("d", "x=%d", 4);
	log_set_level(LOG_LEVEL_INFO);
	capture_end(text, sizeof(text));
	assert_string_equal(text, "<7>b x=2\n<3>d x=4\n");
}

/* Nobody can write a line of the log by what he sends. */
static void test_control_characters(void **state)
{
	char text[2000];

	(void)state;
	capture_start();
	log_info("modem", "error=%s", "a\n<3>forged x=1\r\x1b[2J\x7f\t");
	capture_end(text, sizeof(text));
	assert_string_equal(text, "<6>modem error=a?<3>forged x=1??[2J??\n");
}

static void test_long_line(void **state)
{
	char value[5000], text[6000];

	(void)state;
	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = 0;
	capture_start();
	log_info("long", "v=%s", value);
	log_info("next", "x=%d", 1);
	capture_end(text, sizeof(text));
	assert_true(strchr(text, '\n') - text < 1024);
	assert_string_equal(strchr(text, '\n') + 1, "<6>next x=1\n");
}

static void test_tail(void **state)
{
	static const struct {
		const char *address, *tail;
	} cases[] = {
		{"+84900001234", "*234"},
		{"0900001234", "*234"},
		{"1234567890123456789", "*789"},
		{"123456", "*456"},
		{"12345", "*"},
		{"113", "*"},
		{"", "*"},
		{NULL, "*"},
	};
	char tail[LOG_TAIL_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_ptr_equal(log_tail(cases[i].address, tail), tail);
		assert_string_equal(tail, cases[i].tail);
	}
}

/* First values of the reference generator for the seed 1234567: a seed has to mean the same for
 * ever. */
static void test_rng(void **state)
{
	struct rng rng;
	int seen[7] = {0};

	(void)state;
	rng_init(&rng, 1234567);
	assert_true(rng_next(&rng) == UINT64_C(6457827717110365317));
	assert_true(rng_next(&rng) == UINT64_C(3203168211198807973));
	for (int i = 0; i < 1000; i++) {
		int64_t value = rng_below(&rng, 7);

		assert_in_range(value, 0, 6);
		seen[value]++;
	}
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_in_range(seen[i], 90, 200);
	assert_int_equal(rng_below(&rng, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_terminal_gets_the_time),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_rng),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
