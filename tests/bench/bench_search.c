/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What looking for words in sealed reports costs an officer, and what the same question costs when
 * the words lie in the clear (LIKE of SQLite).
 *
 *   bench_search DATABASE REPORTS     makes the database; prints
 * {"first_s","first_cpu_s","search_s","search_cpu_s","like_s","hits"}
 *
 * Beside the seconds on the wall, which others on the machine lengthen, those of the processor. The
 * search is made a few times, and the median told.
 */
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/question_words.h"
#include "store/party.h"
#include "store/report.h"
#include "store/search.h"
#include "store/turn.h"
#include "store/vault.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define BATCH	1000
#define OFFICER 1
#define RARE	997 /* every so many-th report has the words that are looked for */
#define TIMES	5

struct bench {
	struct store *store;
	struct clock_virtual clock;
	struct keypair *officer;
	sqlite3 *plain;
	int64_t party_id;
};

struct took {
	double wall_s, cpu_s;
};

static struct took now(void)
{
	struct rusage used;
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	getrusage(RUSAGE_SELF, &used);
	return (struct took){(double)t.tv_sec + (double)t.tv_nsec / 1e9,
		(double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
			(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6};
}

static struct took since(struct took began)
{
	struct took t = now();

	return (struct took){t.wall_s - began.wall_s, t.cpu_s - began.cpu_s};
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double values[TIMES])
{
	qsort(values, TIMES, sizeof(values[0]), by_size);
	return values[TIMES / 2];
}

static void must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "bench_search: %s: %s\n", what, err_name(err));
	exit(1);
}

static void add_plain(struct bench *b, const char *text)
{
	char *sql = sqlite3_mprintf("INSERT INTO plain VALUES (%Q)", text);

	if (sqlite3_exec(b->plain, sql, NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
	sqlite3_free(sql);
}

static void add_report(struct bench *b, int n)
{
	struct errbuf eb = {0};
	struct keypair *pair;
	struct report report;
	char text[256];

	snprintf(text, sizeof(text),
		"Tin thứ %d: có người lạ mặt đi xe máy vòng quanh ấp %d từ tối qua, bà con lo mất trộm%s.",
		n, n % 12, n % RARE ? "" : ", nay lại thấy ở trạm bơm");
	must(report_add(b->store,
		     &(struct report_new){.party_id = b->party_id,
			     .source = "modem",
			     .received_ms = b->clock.wall,
			     .text = text},
		     &report),
		"report_add");
	must(report_key_open(b->store, &key_holder_box, report.id, &pair), "key");
	must(report_key_give(b->store, report.id, pair, OFFICER, keypair_public(b->officer)),
		"give");
	keypair_free(pair);
	add_plain(b, text);
	if (n % BATCH == 0)
		must(turn_end(b->store, &eb), "commit");
}

/* What a search takes; what it learnt is kept, as the daemon does it. */
static struct took search(struct bench *b, struct question_words *words, int *ret_hits)
{
	struct key_holder officer = {.id = OFFICER, .pair = b->officer};
	struct errbuf eb = {0};
	struct took began = now(), took;
	struct search *search;

	must(search_new(&(struct search_options){.store = b->store,
				.reader = &officer,
				.matches = question_words_match,
				.arg = words,
				.limit = SEARCH_HITS_MAX},
		     &search),
		"search");
	must(search_run(search), "search");
	took = since(began);
	search_hits(search, ret_hits);
	while (search_keep(search, BATCH) == ERR_OK)
		must(turn_end(b->store, &eb), "keep");
	search_free(search);
	return took;
}

static double like(struct bench *b, int *ret_hits)
{
	struct took began = now();
	sqlite3_stmt *stmt;

	*ret_hits = 0;
	if (sqlite3_prepare_v2(b->plain,
		    "SELECT rowid FROM plain WHERE text LIKE '%trạm%' AND text LIKE '%bơm%' ORDER BY rowid DESC",
		    -1, &stmt, NULL) != SQLITE_OK)
		exit(1);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		++*ret_hits;
	sqlite3_finalize(stmt);
	return since(began).wall_s;
}

static void open_all(struct bench *b, const char *path)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {7, 7, 7};
	struct errbuf eb = {0};
	struct vault *vault;
	struct party party;
	char plain[512];

	clock_virtual_init(&b->clock, INT64_C(1795000000000));
	must(vault_new(key, &vault), "vault");
	must(store_open(
		     &(struct store_options){
			     .path = path, .vault = vault, .clock = &b->clock.clock},
		     &b->store, &eb),
		eb.text);
	must(keypair_new(&b->officer), "keypair");
	must(party_get(b->store, PARTY_PHONE, "+84900000012", &party), "party");
	b->party_id = party.id;
	snprintf(plain, sizeof(plain), "%s.plain", path);
	if (sqlite3_open(plain, &b->plain) != SQLITE_OK ||
		sqlite3_exec(b->plain,
			"PRAGMA synchronous=OFF; CREATE TABLE plain (text TEXT); BEGIN", NULL, NULL,
			NULL) != SQLITE_OK)
		exit(1);
}

int main(int argc, char **argv)
{
	struct question_words *words;
	struct bench bench = {0};
	double wall_s[TIMES], cpu_s[TIMES], like_s;
	struct took first = {0}, took;
	struct errbuf eb = {0};
	int hits, like_hits;
	int64_t count;

	if (argc != 3 || str_to_int64(argv[2], 1, 10000000, &count) != ERR_OK) {
		fprintf(stderr, "usage: bench_search DATABASE REPORTS\n");
		return 2;
	}
	log_set_level(LOG_LEVEL_ERROR);
	open_all(&bench, argv[1]);
	for (int n = 1; n <= count; n++)
		add_report(&bench, n);
	must(turn_end(bench.store, &eb), "commit");
	sqlite3_exec(bench.plain, "COMMIT", NULL, NULL, NULL);
	must(question_words_new("tram bom", &words, &eb), eb.text);
	/* Until nothing is left to learn. */
	for (int64_t learnt = 0; learnt < count; learnt += SEARCH_LEARN_MAX) {
		took = search(&bench, words, &hits);
		first.wall_s += took.wall_s;
		first.cpu_s += took.cpu_s;
	}
	for (int i = 0; i < TIMES; i++) {
		took = search(&bench, words, &hits);
		wall_s[i] = took.wall_s;
		cpu_s[i] = took.cpu_s;
	}
	like_s = like(&bench, &like_hits);
	if (hits != like_hits && hits != SEARCH_HITS_MAX)
		must(ERR_BUG, "the two did not find the same");
	printf("{\"first_s\": %.3f, \"first_cpu_s\": %.3f, \"search_s\": %.3f, \"search_cpu_s\": %.3f,"
	       " \"like_s\": %.3f, \"hits\": %d}\n",
		first.wall_s, first.cpu_s, median(wall_s), median(cpu_s), like_s, hits);
	question_words_free(words);
	store_close(bench.store);
	sqlite3_close(bench.plain);
	keypair_free(bench.officer);
	return 0;
}
