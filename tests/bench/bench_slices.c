/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long the loop is held while tables, the register and imports of a big commune are made:
 * printed, not judged.
 *
 *   bench_slices REPORTS ROWS     prints a line a job: what, status, bytes, turns, the longest turn
 *                                 and all of them together, in milliseconds of the processor
 */
#include "daemon/base/str.h"
#include "store/report.h"
#include "store/turn.h"
#include "tests/unit/http/client.h"

#include <poll.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <cmocka.h>

#define BATCH	   1000
#define ANSWER_MAX ((size_t)32 * 1024 * 1024)

/* Of this thread, for others may be at work here. */
static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "bench_slices: %s: %s\n", what, err_name(err));
	exit(1);
}

static void add_reports(struct api *api, int64_t count)
{
	struct errbuf eb = {0};
	struct report report;

	for (int64_t i = 1; i <= count; i++) {
		must(report_add(api->store,
			     &(struct report_new){.party_id = 1,
				     .source = "modem",
				     .received_ms = API_NOW_MS - i * MINUTE_MS,
				     .text = "x"},
			     &report),
			"report");
		if (i % BATCH == 0 || i == count)
			must(turn_end(api->store, &eb), "commit");
	}
}

/* As on a box with officers, where no page was printed yet. */
static void forget_numbers(const struct api *api)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/binhyen.db", api->folder);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db, "UPDATE report SET entry_no = NULL", NULL, NULL, NULL) !=
			SQLITE_OK)
		exit(1);
	sqlite3_close(db);
}

struct job {
	struct client client;
	struct buf answer;
	double longest_ms, all_ms;
	int turns;
};

static size_t left_of(const struct buf *answer)
{
	const char *text = buf_text(answer), *end = strstr(text, "\r\n\r\n");
	const char *length = strcasestr(text, "\r\nContent-Length: ");
	size_t whole;

	if (!end || !length)
		return 1;
	whole = (size_t)(end - text) + 4 + (size_t)strtoul(length + 18, NULL, 10);
	return answer->len < whole ? whole - answer->len : 0;
}

static void receive(struct job *job)
{
	char data[65536];
	ssize_t n;

	while ((n = recv(job->client.fd, data, sizeof(data), MSG_DONTWAIT)) > 0)
		must(buf_add(&job->answer, data, (size_t)n), "answer");
}

static void turn(struct api *api, struct job *job)
{
	double began = now_ms(), took;

	api_turn(api);
	took = now_ms() - began;
	job->all_ms += took;
	job->turns++;
	if (took > job->longest_ms)
		job->longest_ms = took;
}

static void run(struct api *api, const char *what, const char *path, const struct buf *body)
{
	struct job job = {.turns = 0};
	CLEAN_BUF head = {0};

	buf_init(&head, 1024);
	buf_init(&job.answer, ANSWER_MAX);
	must(buf_addf(&head, "POST %s HTTP/1.1\r\nHost: b\r\nContent-Length: %zu\r\n\r\n", path,
		     body->len),
		"head");
	client_open(&job.client, api);
	if (!client_send_all(&job.client, buf_text(&head), head.len))
		exit(1);
	for (size_t sent = 0; sent < body->len || left_of(&job.answer);) {
		ssize_t n = send(job.client.fd, body->data + sent, body->len - sent,
			MSG_DONTWAIT | MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		poll(NULL, 0, 1);
		turn(api, &job);
		receive(&job);
	}
	printf("%-18s %.3s %9zu bytes %6d turns, longest %8.1f ms, all %9.1f ms\n", what,
		buf_text(&job.answer) + 9, job.answer.len, job.turns, job.longest_ms, job.all_ms);
	if (strstr(buf_text(&job.answer), "\"error_count\":") &&
		!strstr(buf_text(&job.answer), "\"error_count\":0"))
		printf("%.600s\n", buf_text(&job.answer));
	client_close(&job.client);
	buf_done(&job.answer);
}

static void run_text(struct api *api, const char *what, const char *path, const char *text)
{
	CLEAN_BUF body = {0};

	buf_init(&body, 1024);
	must(buf_adds(&body, text), "body");
	run(api, what, path, &body);
}

static void import_people(struct api *api, int64_t rows)
{
	CLEAN_BUF body = {0};

	buf_init(&body, ANSWER_MAX);
	must(buf_adds(&body, "phone,name,place,household\r\n"), "body");
	for (int64_t i = 0; i < rows; i++)
		must(buf_addf(&body, "+8490000%04lld,Chủ hộ %lld,thon-3,h%lld\r\n",
			     (long long)(i % 10000), (long long)i, (long long)(i / 4)),
			"body");
	run(api, "import people", "/api/v1/residents/import", &body);
}

static void import_dossiers(struct api *api, int64_t rows)
{
	CLEAN_BUF body = {0};

	buf_init(&body, ANSWER_MAX);
	must(buf_adds(&body, "code,state\r\n"), "body");
	for (int64_t i = 0; i < rows; i++)
		must(buf_addf(&body, "H%06lld,working\r\n", (long long)i), "body");
	run(api, "import dossiers", "/api/v1/dossiers/import", &body);
}

int main(int argc, char **argv)
{
	static struct api api;
	int64_t reports, rows;

	if (argc != 3 || str_to_int64(argv[1], 1, 1000000, &reports) ||
		str_to_int64(argv[2], 1, 100000, &rows)) {
		fprintf(stderr, "usage: bench_slices REPORTS ROWS\n");
		return 2;
	}
	api_open(&api);
	add_reports(&api, reports);
	run_text(
		&api, "table of reports", "/api/v1/export", "{\"list\":\"reports\",\"year\":2026}");
	run_text(&api, "guess statistics", "/api/v1/export",
		"{\"list\":\"guess_statistics\",\"year\":2026}");
	forget_numbers(&api);
	run_text(&api, "register", "/api/v1/register", "{\"year\":2026,\"format\":\"csv\"}");
	run_text(&api, "register again", "/api/v1/register", "{\"year\":2026}");
	import_people(&api, rows);
	import_people(&api, rows);
	import_dossiers(&api, rows);
	api_close(&api);
	return 0;
}
