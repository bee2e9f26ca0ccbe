/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process that commits and says so is killed at a moment that it can't choose; whatever it said
 * is in the file. The moments come from a seed (BINHYEN_SEED), and from the kernel.
 */
#include "tests/unit/store/support.h"

#include "daemon/base/rng.h"
#include "store/event.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#define LIVES	    40
#define SAID_MAX    (LIVES * 600)
#define PATIENCE_MS 30000 /* for a word of the child on a very busy machine */

/* What the child says of a message when its turn is committed. */
struct word {
	int64_t inbox_id, outbox_id, report_number;
};

struct witness {
	struct word words[SAID_MAX];
	int count;
};

static int speak_fd;

static void say(void *arg, enum err committed)
{
	struct word *word = arg;

	/* One write, shorter than PIPE_BUF: whole or not at all. */
	if (!committed && write(speak_fd, word, sizeof(*word)) != sizeof(*word))
		_exit(3);
	free(word);
}

static void must(enum err err)
{
	if (err)
		_exit(2);
}

/* The child has no cmocka around it: what fails ends it. */
static void write_message(struct store *store, struct rng *rng, int life, int number)
{
	char text[64];
	struct word *word = malloc(sizeof(*word));
	struct party party;
	struct report report;
	struct outbox_new out;

	if (!word)
		_exit(2);
	snprintf(text, sizeof(text), "%d/%d", life, number);
	must(store_savepoint_begin(store));
	must(party_get(store, PARTY_PHONE, rng_below(rng, 2) ? RESIDENT : OTHER, &party));
	must(inbox_add(store,
		&(struct inbox_new){.channel = "modem",
			.external_id = text,
			.kind = INBOX_KIND_TEXT,
			.party_id = party.id,
			.received_ms = FIXTURE_WALL_MS,
			.body = text,
			.body_bytes = strlen(text)},
		&word->inbox_id));
	must(report_add(store,
		&(struct report_new){.party_id = party.id,
			.source = "modem",
			.received_ms = FIXTURE_WALL_MS,
			.text = text},
		&report));
	word->report_number = report.number;
	out = message_to(party.id, LANE_ANSWER);
	out.text = text;
	must(outbox_add(store, &out, &word->outbox_id));
	must(event_add(store, "report.received", "", "system", "{}"));
	if (rng_below(rng, 8) == 0) {
		store_savepoint_rollback(store);
		free(word);
		return;
	}
	must(store_savepoint_release(store));
	must(turn_defer(store, say, word));
}

_Noreturn static void live(struct store_fixture *f, uint64_t seed, int life)
{
	struct store *store;
	struct rng rng;

	rng_init(&rng, seed);
	must(store_open(
		&(struct store_options){
			.path = f->path, .vault = f->vault, .clock = &f->clock.clock},
		&store, NULL));
	for (int number = 0;; number++) {
		write_message(store, &rng, life, number);
		if (rng_below(&rng, 4) == 0)
			must(turn_end(store, NULL));
	}
}

/* Reads words until `enough` have come or the child is gone. */
static int listen_to(int fd, struct witness *witness, int enough)
{
	int heard = 0;

	while (heard < enough) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		struct word word;
		ssize_t bytes;

		assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
		bytes = read(fd, &word, sizeof(word));
		if (!bytes)
			break;
		assert_int_equal(bytes, sizeof(word));
		assert_true(witness->count < SAID_MAX);
		witness->words[witness->count++] = word;
		heard++;
	}
	return heard;
}

static void live_and_die(
	struct store_fixture *f, struct witness *witness, struct rng *rng, int life)
{
	int enough = (int)rng_below(rng, 120), pipe_fds[2], status;
	uint64_t seed = rng_next(rng);
	pid_t pid;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(pipe_fds[0]);
		speak_fd = pipe_fds[1];
		live(f, seed, life);
	}
	close(pipe_fds[1]);
	listen_to(pipe_fds[0], witness, enough);
	assert_int_equal(kill(pid, SIGKILL), 0);
	/* What it had said before it died counts as well. */
	listen_to(pipe_fds[0], witness, INT32_MAX);
	close(pipe_fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void check_word(struct store_fixture *f, const struct word *word)
{
	struct report report;
	CLEAN_BUF in = {0};
	CLEAN_BUF out = {0};

	buf_init(&in, 64);
	buf_init(&out, 64);
	assert_ok(inbox_body(f->store, word->inbox_id, &in));
	assert_ok(outbox_text(f->store, word->outbox_id, &out));
	assert_string_equal(buf_text(&in), buf_text(&out));
	assert_ok(
		report_find(f->store, REPORT_BOOK_REGISTER, 0, (int)word->report_number, &report));
}

static void check_books(struct store_fixture *f, const struct witness *witness)
{
	int64_t reports, events, bad, inbox;

	store_fixture_open(f);
	for (int i = 0; i < witness->count; i++)
		check_word(f, &witness->words[i]);
	assert_ok(report_count(f->store, NULL, &reports));
	assert_ok(inbox_count(f->store, INBOX_NEW, &inbox));
	assert_ok(event_verify(f->store, &events, &bad));
	/* Nothing of a message without the rest of it, and no gap in the register. */
	assert_int_equal(inbox, reports);
	assert_int_equal(events, reports);
	assert_true(reports >= witness->count);
	if (reports)
		assert_int_equal(raw_int(f->path, "SELECT max(number) - count(*) FROM report"), 0);
	close_store(f);
}

static uint64_t seed_of_run(void)
{
	const char *text = getenv("BINHYEN_SEED");
	int64_t seed = 1;

	if (text)
		assert_ok(str_to_int64(text, 0, INT64_MAX, &seed));
	return (uint64_t)seed;
}

static void test_what_was_said_is_there_after_every_death(void **state)
{
	static struct witness witness;
	struct store_fixture *f = *state;
	struct rng rng;

	rng_init(&rng, seed_of_run());
	close_store(f);
	unlink(f->path); /* the first life makes the file, and may die over it */
	for (int life = 0; life < LIVES; life++) {
		live_and_die(f, &witness, &rng, life);
		check_books(f, &witness);
	}
	assert_true(witness.count > LIVES);
}

/* Deaths within the first start: no words, only kills at moments spread over it. */
static void test_a_start_may_die_at_any_moment(void **state)
{
	static struct witness witness;
	struct store_fixture *f = *state;
	struct rng rng;

	rng_init(&rng, seed_of_run());
	close_store(f);
	for (int life = 0; life < LIVES; life++) {
		struct timespec moment = {0, 0};
		int status;
		pid_t pid;

		unlink(f->path);
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			speak_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
			live(f, 1, life);
		}
		moment.tv_nsec = rng_below(&rng, 20) * 1000000 + rng_below(&rng, 1000000);
		assert_int_equal(ppoll(NULL, 0, &moment, NULL), 0);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		check_books(f, &witness);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_what_was_said_is_there_after_every_death),
		STORE_TEST(test_a_start_may_die_at_any_moment),
	};

	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
