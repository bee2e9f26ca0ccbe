/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for binhyen-modem (binhyend --modem-program) where no modem shall be measured: says
 * hello, pours BENCH_COUNT messages with at most BENCH_WINDOW of them unanswered (0 = no limit)
 * and, when each is `stored`, writes what it took to BENCH_RESULT. Like the real one it says
 * `freed` for what was stored, together with the next messages, and is on the air BENCH_AIR_MS with
 * what it is given to send. Then it serves on until the daemon ends it.
 */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "gateway/line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX	 60000 /* each has a slot of its own, and slots are numbered in 16 bits */
#define SENDERS		 1000
#define OUT_BYTES	 (1024 * 1024) /* answers to a full read of `stored` lines fit */
#define OUT_ENOUGH_BYTES (64 * 1024)   /* more messages are made when less than this waits */
#define IN_BYTES	 (64 * 1024)
#define MEMORY		 "ME"

struct bench {
	int count, window, poured, stored;
	int64_t air_ms;
	const char *result;
	struct buf out, in;
	int64_t began_ns, began_cpu_ns;
	struct line_send sending;
	int64_t sent_at_ms; /* 0: nothing on the air */
	int mr;
	bool has_result, is_ending;
};

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "bench_modem: %s: %s\n", what, strerror(errno));
	_exit(EXIT_FAILURE);
}

static int64_t ns_of(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t))
		fail("clock");
	return (int64_t)t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int64_t daemon_cpu_ns(void)
{
	clockid_t clock;

	errno = clock_getcpuclockid(getppid(), &clock);
	if (errno)
		fail("clock of binhyend");
	return ns_of(clock);
}

static void say(struct bench *b, const struct line *line)
{
	if (line_format(line, &b->out)) {
		errno = ENOBUFS;
		fail("line");
	}
}

static void say_hello(struct bench *b)
{
	say(b, &(struct line){.type = LINE_HELLO,
		       .hello = {.version = LINE_VERSION,
			       .driver = "bench",
			       .imei = "490154203237518",
			       .imsi = "452990000000001"}});
	say(b, &(struct line){.type = LINE_STATE,
		       .state = {.phase = "ready",
			       .signal_percent = 80,
			       .network = "home",
			       .operator_code = "45299",
			       .sim_used = -1,
			       .sim_size = -1,
			       .me_used = -1,
			       .me_size = -1}});
}

static void say_sms(struct bench *b, int n)
{
	struct line line = {.type = LINE_SMS,
		.sms = {.mem = MEMORY,
			.slot = n,
			.from_type = "international",
			.coding = "gsm7",
			.scts_ms = clock_wall_ms(clock_system()),
			.msg_class = -1}};

	snprintf(line.sms.from, sizeof(line.sms.from), "+8490000%04d", n % SENDERS);
	snprintf(line.sms.text, sizeof(line.sms.text),
		"tin %d: co nguoi la vao xom tu toi qua, nho cac anh xuong xem giup", n);
	say(b, &line);
}

static void pour(struct bench *b)
{
	if (!b->poured) {
		b->began_ns = ns_of(CLOCK_MONOTONIC);
		b->began_cpu_ns = daemon_cpu_ns();
	}
	while (b->poured < b->count && b->out.len < OUT_ENOUGH_BYTES &&
		(!b->window || b->poured - b->stored < b->window))
		say_sms(b, b->poured++);
}

static void write_result(struct bench *b)
{
	double wall_s = (double)(ns_of(CLOCK_MONOTONIC) - b->began_ns) / 1e9;
	double cpu_s = (double)(daemon_cpu_ns() - b->began_cpu_ns) / 1e9;
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s.new", b->result);
	file = fopen(path, "we");
	if (!file ||
		fprintf(file, "{\"count\":%d,\"seconds\":%.6f,\"cpu_seconds\":%.6f}\n", b->stored,
			wall_s, cpu_s) < 0 ||
		fclose(file) || rename(path, b->result))
		fail(b->result);
	b->has_result = true;
}

static void take_stored(struct bench *b, const struct line_stored *stored)
{
	struct line freed = {
		.type = LINE_FREED, .freed = {.mem = MEMORY, .slot = stored->slot, .is_ok = true}};

	b->stored++;
	say(b, &freed);
}

static void take_line(struct bench *b, const struct line *line)
{
	struct line pong = {.type = LINE_PONG};

	switch (line->type) {
	case LINE_STORED:
		take_stored(b, &line->stored);
		break;
	case LINE_SEND:
		b->sending = line->send;
		b->sent_at_ms = clock_mono_ms(clock_system()) + b->air_ms;
		break;
	case LINE_PING:
		pong.ping = line->ping;
		say(b, &pong);
		break;
	case LINE_QUIT:
		b->is_ending = true;
		break;
	default:
		errno = EPROTO;
		fail("line of binhyend");
	}
}

static void take_lines(struct bench *b)
{
	struct errbuf eb = {0};
	struct line line;
	size_t begin = 0;
	char *end;

	while (begin < b->in.len && (end = memchr(b->in.data + begin, '\n', b->in.len - begin))) {
		size_t len = (size_t)(end - b->in.data) - begin;

		if (line_parse(b->in.data + begin, len, &line, &eb)) {
			errno = EPROTO;
			fail(eb.text);
		}
		take_line(b, &line);
		begin += len + 1;
	}
	buf_drop(&b->in, begin);
}

static void read_input(struct bench *b)
{
	char chunk[IN_BYTES / 2];
	ssize_t n = read(LINE_FD, chunk, sizeof(chunk));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		b->is_ending = true;
	else if (buf_add(&b->in, chunk, (size_t)n))
		fail("input");
	else
		take_lines(b);
}

static void write_output(struct bench *b)
{
	ssize_t n = b->out.len ? write(LINE_FD, b->out.data, b->out.len) : 0;

	if (n > 0)
		buf_drop(&b->out, (size_t)n);
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		b->is_ending = true;
}

static void end_sending(struct bench *b)
{
	if (!b->sent_at_ms || clock_mono_ms(clock_system()) < b->sent_at_ms)
		return;
	b->sent_at_ms = 0;
	b->mr = (b->mr + 1) % 256;
	say(b, &(struct line){.type = LINE_SENT,
		       .sent = {.id = b->sending.id, .part = b->sending.part, .mr = b->mr}});
}

static int wait_ms(const struct bench *b)
{
	int64_t left = b->sent_at_ms - clock_mono_ms(clock_system());

	return !b->sent_at_ms ? -1 : left > 0 ? (int)left : 0;
}

static void serve(struct bench *b)
{
	struct pollfd fd = {.fd = LINE_FD};

	while (!b->is_ending) {
		end_sending(b);
		pour(b);
		write_output(b);
		fd.events = (short)(POLLIN | (b->out.len ? POLLOUT : 0));
		if (poll(&fd, 1, wait_ms(b)) < 0 && errno != EINTR)
			fail("poll");
		if (fd.revents & ~POLLOUT)
			read_input(b);
		if (b->stored >= b->count && !b->has_result)
			write_result(b);
	}
}

static int number_of(const char *name, int min, int max)
{
	const char *text = getenv(name);
	int64_t value;

	errno = EINVAL;
	if (!text || str_to_int64(text, min, max, &value))
		fail(name);
	return (int)value;
}

int main(void)
{
	struct bench b = {.count = number_of("BENCH_COUNT", 1, COUNT_MAX),
		.window = number_of("BENCH_WINDOW", 0, COUNT_MAX),
		.air_ms = number_of("BENCH_AIR_MS", 1, 60000),
		.result = getenv("BENCH_RESULT")};

	if (!b.result || fcntl(LINE_FD, F_SETFL, O_NONBLOCK))
		fail("start");
	buf_init(&b.out, OUT_BYTES);
	buf_init(&b.in, IN_BYTES);
	say_hello(&b);
	serve(&b);
	buf_done(&b.out);
	buf_done(&b.in);
	return EXIT_SUCCESS;
}
