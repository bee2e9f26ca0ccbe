/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An emergency to a whole commune, on a virtual clock with simulated modems and a simulated Zalo;
 * and what the ledger costs as it grows, on the real one.
 *
 *   bench_bulletin [--smoke] [--ledger]
 *
 * --ledger: only what the ledger costs.
 *
 * Prints "name value unit" lines, and ends with 1 when something that has to hold does not.
 */
#include "store/party.h"
#include "store/place.h"
#include "store/resident.h"
#include "store/turn.h"
#include "tests/sim/bulletin/town.h"

#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool is_smoke;
static int failures;
static struct town town;

static void figure(const char *name, double value, const char *unit)
{
	printf("%-44s %12.3f %s\n", name, value, unit);
}

static void expect(bool holds, const char *what)
{
	printf("%-44s %12s\n", what, holds ? "ok" : "BROKEN");
	failures += !holds;
}

static struct town_plan commune(int residents)
{
	return (struct town_plan){.hamlets = 20,
		.residents = residents,
		.zalo_percent = 60,
		.sims = 4,
		.segment_ms = 3 * SECOND_MS,
		.zalo_ms = 300,
		.rules = {.quiet = {22, 7}, .zalo_window_ms = 7 * DAY_MS}};
}

struct outcome {
	int64_t heads_ms, total_ms;
	struct delivery_preview preview;
	int texts, segments, by_zalo, twice, out_of_order, early_others;
	int64_t receipt_ms; /* the longest that one waited */
};

static int compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

/* Waves by what the world took: heads, then who is not on Zalo, then the others. */
static void judge(const struct town *t, int64_t began_ms, const bool *has_zalo, struct outcome *out)
{
	int *seen = malloc((size_t)t->taken_count * sizeof(*seen));
	int count = 0, last_wave = 0;

	CHECK(seen);
	for (int i = 0; i < t->taken_count; i++) {
		const struct town_taken *taken = &t->taken[i];
		int wave = taken->resident < t->plan.hamlets ? 0
			   : has_zalo[taken->resident]	     ? 2
							     : 1;

		if (taken->resident < 0)
			continue;
		seen[count++] = taken->resident;
		out->texts += taken->channel == CHANNEL_MODEM;
		out->segments += taken->segments;
		out->by_zalo += taken->channel == CHANNEL_ZALO_USER;
		if (taken->channel == CHANNEL_MODEM) {
			out->out_of_order += wave < last_wave;
			last_wave = wave;
		}
		if (wave == 0 && taken->at_ms - began_ms > out->heads_ms)
			out->heads_ms = taken->at_ms - began_ms;
		if (taken->at_ms - began_ms > out->total_ms)
			out->total_ms = taken->at_ms - began_ms;
	}
	qsort(seen, (size_t)count, sizeof(*seen), compare);
	for (int i = 1; i < count; i++)
		out->twice += seen[i] == seen[i - 1];
	free(seen);
}

static void look_who_has_zalo(struct town *t, bool *has_zalo)
{
	for (int i = 0; i < t->plan.residents; i++) {
		char phone[24];
		int64_t id;

		must(resident_find(t->store, town_phone(i, phone), &id), "resident");
		must(resident_has_zalo(t->store, id, &has_zalo[i]), "zalo");
	}
}

/* Every minute somebody reports, at another moment of it. */
static void report_now_and_then(struct town *t, int64_t began_ms, int64_t *next_ms, int64_t *ids,
	int64_t *at_ms, int *count)
{
	if (t->clock.wall < *next_ms)
		return;
	at_ms[*count] = t->clock.wall;
	ids[*count] = town_receipt(t, *count);
	(*count)++;
	*next_ms = t->clock.wall + MINUTE_MS + 700 * (*count % 7);
	(void)began_ms;
}

#define RECEIPTS_MAX 400

static void preview(struct town *t, struct delivery_preview *ret_preview)
{
	struct bulletin bulletin;
	struct errbuf eb = {0};
	CLEAN_BUF sms = {0};

	buf_init(&sms, OUTBOX_BODY_MAX);
	must(bulletin_load(t->store, 1, &bulletin), "bulletin");
	must(delivery_preview(t->desk, &bulletin, NULL, &sms, ret_preview, &eb), "preview");
}

#define SHORT_TEXT "Lu dang ve. Ba con ven suoi di chuyen ngay len nha van hoa thon."
/* Three segments. */
#define LONG_TEXT \
	"Lu dang ve. Ba con ven suoi di chuyen ngay len nha van hoa thon, mang theo den pin va nuoc uong. " \
	"Khong qua ngam tran, khong vot cui tren suoi. Truong thon di tung nha kiem tra nguoi gia va tre em. " \
	"Can cuu giup goi 112 hoac truc ban cong an xa. Tin tiep theo se gui luc 18 gio, hoac khi nuoc rut. " \
	"Ba con giu dien thoai va tiet kiem pin. Xin chuyen tin nay cho nguoi khong co dien thoai o gan nha."

static struct outcome emergency(int residents, const char *text, int64_t zalo_back_ms)
{
	static int64_t ids[RECEIPTS_MAX], at_ms[RECEIPTS_MAX];
	struct town_plan plan = commune(residents);
	bool *has_zalo = calloc((size_t)residents, sizeof(*has_zalo));
	struct outcome out = {.texts = 0};
	int64_t began_ms, receipt_ms;
	int receipts = 0;

	CHECK(has_zalo);
	town_open(&town, &plan, 1);
	look_who_has_zalo(&town, has_zalo);
	town_set_zalo(&town, false);
	began_ms = town.clock.wall;
	receipt_ms = began_ms + 30 * SECOND_MS;
	CHECK(town_bulletin(&town, BULLETIN_URGENCY_IMMEDIATE, DAY_MS, text, "{\"all\":true}"));
	preview(&town, &out.preview);
	for (;;) {
		int64_t until_ms = receipt_ms;
		bool waits = false, flies = false;

		must(ledger_is_busy(town.store, 1, &waits, &flies), "busy");
		if (!waits && !flies && town.clock.wall > began_ms)
			break;
		if (!town.zalo_is_up && zalo_back_ms && town.clock.wall >= began_ms + zalo_back_ms)
			town_set_zalo(&town, true);
		if (!town.zalo_is_up && zalo_back_ms && began_ms + zalo_back_ms < until_ms)
			until_ms = began_ms + zalo_back_ms;
		(void)town_step(&town, until_ms);
		if (receipts < RECEIPTS_MAX && !zalo_back_ms)
			report_now_and_then(&town, began_ms, &receipt_ms, ids, at_ms, &receipts);
		else if (zalo_back_ms)
			receipt_ms = town.clock.wall + MINUTE_MS;
	}
	(void)town_step(&town, town.clock.wall + MINUTE_MS);
	judge(&town, began_ms, has_zalo, &out);
	for (int i = 0; i < receipts; i++) {
		for (int j = 0; j < town.taken_count; j++) {
			int64_t waited_ms = town.taken[j].at_ms - at_ms[i];

			if (town.taken[j].outbox_id == ids[i] && waited_ms > out.receipt_ms)
				out.receipt_ms = waited_ms;
		}
	}
	out.texts += 0;
	/* What the radio could do at the least, receipts and the last segment's answer included. */
	figure("receipts", receipts, "");
	out.early_others = receipts;
	town_close(&town);
	free(has_zalo);
	return out;
}

static void bench_emergency(const char *text)
{
	int residents = is_smoke ? 400 : 5000;
	struct outcome out = emergency(residents, text, 0);
	struct town_plan plan = commune(residents);
	double limit_s = (double)(out.segments + out.early_others) * 3.0 / plan.sims;

	printf("# an emergency of %d segments, the internet down\n", out.preview.segments);
	figure("people", residents, "");
	figure("heads_told", (double)out.heads_ms / 1000, "s");
	figure("all_told", (double)out.total_ms / 1000, "s");
	figure("radio_limit", limit_s, "s");
	figure("above_limit", ((double)out.total_ms / 1000 / limit_s - 1) * 100, "%");
	figure("receipt_waited", (double)out.receipt_ms / 1000, "s");
	expect(out.texts == residents, "everybody is texted");
	expect(out.preview.texts_most == out.texts && out.preview.people == residents &&
			out.preview.heads == plan.hamlets,
		"as the preview said");
	expect(!out.twice, "nobody is told twice");
	expect(!out.out_of_order, "heads, not on Zalo, others");
	expect(out.heads_ms < 2 * MINUTE_MS, "heads within 2 minutes");
	expect((double)out.total_ms / 1000 <= limit_s * 1.03, "within 3 % of the radio");
	expect(out.receipt_ms <= plan.segment_ms, "a receipt waits a segment at most");
}

static void bench_return(void)
{
	int residents = is_smoke ? 400 : 5000;
	struct town_plan plan = commune(residents);
	int64_t half_ms = residents * plan.segment_ms / plan.sims / 2;
	struct outcome out = emergency(residents, SHORT_TEXT, half_ms);
	/* Until then the radio was the only way; afterwards those who are on Zalo go there, and by
	 * the radio those that it can take meanwhile. */
	int64_t texted = half_ms / plan.segment_ms * plan.sims;
	double by_radio = (double)plan.sims / (double)plan.segment_ms;
	double by_zalo = (double)TOWN_ZALO_SENDS / (double)plan.zalo_ms;
	int64_t both = (int64_t)((double)(residents - texted) * by_radio / (by_radio + by_zalo));
	int64_t not_on_zalo = residents - out.by_zalo;

	puts("# the internet comes back half-way");
	figure("texts", out.texts, "");
	figure("by_zalo", out.by_zalo, "");
	figure("texts_saved", residents - out.texts, "");
	expect(out.texts + out.by_zalo == residents, "everybody is told");
	expect(!out.twice, "nobody is told twice");
	expect(residents - out.texts == out.by_zalo && not_on_zalo == out.texts,
		"each message by Zalo saves a text");
	/* And those that lie ready for the modems when Zalo has nobody left. */
	expect(out.texts <= texted + both + 16 + plan.sims, "texts saved as computed");
}

/* ---- the ledger as it grows ------------------------------------------------------------------
 */

/* CPU time: others on the machine are none of it. */
static double cpu_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void put_on_zalo(struct store *store, int i, const char *phone)
{
	struct party party;
	char user[24];
	int64_t id;

	snprintf(user, sizeof(user), "7%07d", i);
	must(resident_find(store, phone, &id), "resident");
	must(resident_set_zalo(store, id, user), "zalo");
	must(party_get(store, PARTY_ZALO_USER, user, &party), "party");
	must(party_touch(store, party.id, town.clock.wall - HOUR_MS), "touch");
}

static void many_residents(struct store *store, int count, int zalo_percent)
{
	struct errbuf eb = {0};
	struct place place = {.code = "thon-1", .name = "Thôn 1", .kind = PLACE_HAMLET};
	enum resident_change change;
	int64_t id;

	must(place_save(store, &place, &id), "place");
	for (int i = 0; i < count; i++) {
		char phone[24];

		snprintf(phone, sizeof(phone), "+8490000%07d", i);
		must(resident_put(store,
			     &(struct resident_new){phone, "Người dân", id,
				     i < 20 ? "head" : "household_head", NULL},
			     &change),
			"resident");
		if (i % 100 < zalo_percent)
			put_on_zalo(store, i, phone);
		if (i % 10000 == 0)
			must(turn_end(store, &eb), "commit");
	}
	must(turn_end(store, &eb), "commit");
}

/* Of 100 people so many are on Zalo. */
static double bench_expansion(int count, int zalo_percent)
{
	struct town_plan plan = {.sims = 1, .rules = {.zalo_window_ms = 7 * DAY_MS}};
	struct delivery_reach reach = {.has = {false}};
	struct errbuf eb = {0};
	double began_s, drawn_s;
	struct delivery d;
	int64_t next_ms;

	town_open(&town, &plan, 1);
	many_residents(town.store, count, zalo_percent);
	began_s = cpu_s();
	CHECK(town_bulletin(
		&town, BULLETIN_URGENCY_IMMEDIATE, DAY_MS, "Lu dang ve.", "{\"all\":true}"));
	must(turn_end(town.store, &eb), "commit");
	drawn_s = cpu_s();
	do {
		must(delivery_tick(town.desk, &reach, &next_ms), "tick");
		must(turn_end(town.store, &eb), "commit");
		must(delivery_load(town.store, 1, &d), "delivery");
	} while (!d.is_planned);
	figure("rows", drawn_s - began_s, "s CPU");
	figure("ways", cpu_s() - drawn_s, "s CPU");
	return cpu_s() - began_s;
}

/* Microseconds for a text message, from the ledger to its end, while `count` wait. */
static double cost_per_send(int sends)
{
	double began_s = cpu_s();
	int before = town.taken_count;

	while (town.taken_count < before + sends)
		(void)town_step(&town, town.clock.wall + HOUR_MS);
	return (cpu_s() - began_s) * 1e6 / sends;
}

static double median_cost(int sends)
{
	double costs[5];

	for (int i = 0; i < 5; i++)
		costs[i] = cost_per_send(sends);
	for (int i = 0; i < 5; i++) {
		for (int j = i + 1; j < 5; j++) {
			double swap = costs[i];

			if (costs[j] >= swap)
				continue;
			costs[i] = costs[j];
			costs[j] = swap;
		}
	}
	return costs[2];
}

static void bench_growth(void)
{
	int few = 1000, many = is_smoke ? 5000 : 1000000, expansion = is_smoke ? 2000 : 100000;
	int sends = is_smoke ? 20 : 100;
	double took_s, cost_few, cost_many;

	for (int zalo = 0; zalo <= 60; zalo += 60) {
		printf("# an audience becomes a ledger, %d %% of it on Zalo\n", zalo);
		took_s = bench_expansion(expansion, zalo);
		figure("expansion", took_s, "s CPU");
		if (!is_smoke)
			expect(took_s <= 2.0, "100,000 people within 2 s");
		town_close(&town);
	}
	puts("# the ledger as it grows");
	(void)bench_expansion(few, 0);
	cost_few = median_cost(sends);
	town_close(&town);
	(void)bench_expansion(many, 0);
	cost_many = median_cost(sends);
	town_close(&town);
	figure("cost_per_send_1000_waiting", cost_few, "us");
	figure("cost_per_send_1000000_waiting", cost_many, "us");
	figure("ratio", cost_many / cost_few, "");
	if (!is_smoke)
		expect(cost_many / cost_few <= 1.5, "ratio at most 1.5");
}

int main(int argc, char **argv)
{
	bool only_ledger = false;

	for (int i = 1; i < argc; i++) {
		is_smoke |= str_eq(argv[i], "--smoke");
		only_ledger |= str_eq(argv[i], "--ledger");
	}
	if (!only_ledger) {
		bench_emergency(SHORT_TEXT);
		bench_emergency(LONG_TEXT);
		bench_return();
	}
	bench_growth();
	return failures ? 1 : 0;
}
