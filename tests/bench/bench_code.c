/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the time tells who asks for a report by code and PIN from another phone, what of it was
 * right: the code and the PIN, the code alone, or nothing. Each sample is a stranger of its own who
 * asks about a report of its own, in an order that changes; the time is that of the whole turn,
 * with its commit, and what the processor had to do for it. "unsaid": there is no way for an
 * answer, so that the time is all that could tell; the answers are not of the same length.
 *
 *   bench_code DATABASE ROUNDS     makes the database; prints a line of JSON: for each kind the
 *                                  median of wall and processor microseconds, and of two halves of
 *                                  the right ones, whose difference is noise
 */
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/question.h"
#include "store/report_code.h"
#include "store/turn.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS_MAX 2000

enum kind { RIGHT, WRONG_PIN, NO_CODE, RIGHT_UNSAID, WRONG_UNSAID, KINDS };
static const char *const names[KINDS] = {
	"right", "wrong_pin", "no_code", "right_unsaid", "wrong_unsaid"};

struct bench {
	struct store *store;
	struct desk *desk;
	struct clock_virtual clock;
	double wall_us[KINDS][ROUNDS_MAX], cpu_us[KINDS][ROUNDS_MAX];
	int asked;
};

static void must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "bench_code: %s: %s\n", what, err_name(err));
	exit(1);
}

static double now_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void end_turn(struct bench *b)
{
	struct errbuf eb = {0};

	must(turn_end(b->store, &eb), "commit");
}

static void phone_of(int number, char phone[20])
{
	snprintf(phone, 20, "+8490000%04d", number % 10000);
}

static void add_report(struct bench *b, struct report *ret_report, char pin[8])
{
	struct errbuf eb = {0};
	struct party party;
	char phone[20];

	phone_of(b->asked % 5000, phone);
	must(party_get(b->store, PARTY_PHONE, phone, &party), "party");
	must(desk_report_open(b->desk,
		     &(struct report_new){.party_id = party.id,
			     .source = "modem",
			     .received_ms = b->clock.wall,
			     .text = "xe la do truoc nha van hoa"},
		     ret_report),
		"report");
	must(desk_report_pin(b->desk, ret_report->id, "officer:bench", pin, &eb), "pin");
}

static void ask(struct bench *b, enum kind kind, int round)
{
	struct desk_question question = {.code = "222222"};
	struct party stranger;
	struct report report;
	char phone[20], pin[8];
	bool is_known = false;
	double wall_us, cpu_us;

	/* Nobody is locked: what is wrong is forgotten in between. */
	clock_virtual_advance(&b->clock, DESK_ALL_GUARD_MS);
	add_report(b, &report, pin);
	phone_of(5000 + b->asked++ % 5000, phone);
	must(party_get(b->store, kind >= RIGHT_UNSAID ? PARTY_ZALO_USER : PARTY_PHONE, phone,
		     &stranger),
		"party");
	end_turn(b);
	if (kind == WRONG_PIN || kind == WRONG_UNSAID)
		pin[0] = pin[0] == '9' ? '0' : (char)(pin[0] + 1);
	question.party_id = stranger.id;
	question.pin = pin;
	if (kind != NO_CODE)
		question.code = report.code;
	wall_us = now_us(CLOCK_MONOTONIC);
	cpu_us = now_us(CLOCK_THREAD_CPUTIME_ID);
	must(desk_ask(b->desk, &question, &is_known), "ask");
	end_turn(b);
	b->cpu_us[kind][round] = now_us(CLOCK_THREAD_CPUTIME_ID) - cpu_us;
	b->wall_us[kind][round] = now_us(CLOCK_MONOTONIC) - wall_us;
	if (is_known != (kind == RIGHT || kind == RIGHT_UNSAID))
		must(ERR_BUG, names[kind]);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
	static double sorted[ROUNDS_MAX];

	memcpy(sorted, values, (size_t)count * sizeof(*values));
	qsort(sorted, (size_t)count, sizeof(*sorted), by_value);
	return sorted[count / 2];
}

static void open_all(struct bench *b, const char *path)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {7, 7, 7};
	struct errbuf eb = {0};
	struct vault *vault;

	log_set_level(LOG_LEVEL_ERROR);
	clock_virtual_init(&b->clock, INT64_C(1795000000000));
	must(vault_new(key, &vault), "vault");
	must(store_open(
		     &(struct store_options){
			     .path = path, .vault = vault, .clock = &b->clock.clock},
		     &b->store, &eb),
		eb.text);
	must(desk_new(&(struct desk_options){.store = b->store, .has_modem = true}, &b->desk),
		"desk");
}

int main(int argc, char **argv)
{
	static struct bench b;
	int64_t rounds = 0;

	if (argc != 3 || str_to_int64(argv[2], 2, ROUNDS_MAX, &rounds)) {
		fprintf(stderr, "usage: bench_code DATABASE ROUNDS (2 to %d)\n", ROUNDS_MAX);
		return 2;
	}
	open_all(&b, argv[1]);
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < KINDS; i++)
			ask(&b, (enum kind)((round + i) % KINDS), round);
	}
	printf("{");
	for (int kind = 0; kind < KINDS; kind++)
		printf("\"%s_us\":%.1f,\"%s_cpu_us\":%.1f,", names[kind],
			median(b.wall_us[kind], (int)rounds), names[kind],
			median(b.cpu_us[kind], (int)rounds));
	printf("\"first_half_us\":%.1f,\"second_half_us\":%.1f}\n",
		median(b.wall_us[RIGHT], (int)rounds / 2),
		median(b.wall_us[RIGHT] + rounds / 2, (int)(rounds - rounds / 2)));
	desk_free(b.desk);
	store_close(b.store);
	return 0;
}
