/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three years of a desk and its clocks, from a seed: reports come in, are classified, corrected,
 * frozen, lengthened, passed on; the law changes twice; the power goes between any two turns; the
 * battery of the clock dies or somebody sets it wrong, and the network puts it right. Whatever
 * happens,
 *
 *   - a plain clock ends where counting day by day says, by the law of the day its report came in;
 *   - every clock that is late is told of exactly once, every warning given once, none too early;
 *   - what was committed is there after the power cut, and what was not has told nobody anything.
 */
#include "tests/unit/desk/legal_support.h"

#include "daemon/base/rng.h"
#include "store/rebase.h"

#define SEEDS	   1
#define SEEDS_FULL 25
#define REPORTS	   1500
#define YEARS_MS   (3 * 365 * DAY_MS)
#define OPEN_MAX   600

/* What the petition's clock has in each of the laws, and from when on. */
static const struct {
	const char *from;
	int working_days;
} laws[] = {{"2020-01-01", 10}, {"2027-07-01", 7}, {"2028-10-15", 15}};

struct years {
	struct legal_fixture f;
	struct rng rng;
	int64_t true_ms; /* what the world's clocks show */
	bool is_astray;	 /* the box's does not, and nobody has told it */
	int64_t reports[REPORTS];
	int64_t received_ms[REPORTS]; /* truly */
	int64_t last_outbox;
	int count, open_first;
	int looks, cuts, jumps, told_late, told_soon, checked;
};

struct open_list {
	struct report_clock items[OPEN_MAX];
	int count;
};

static void open_add(void *arg, const struct report_clock *clock)
{
	struct open_list *list = arg;

	assert_true(list->count < OPEN_MAX);
	list->items[list->count++] = *clock;
}

static void list_open(struct years *y, struct open_list *list)
{
	list->count = 0;
	assert_ok(report_clock_until(y->f.d.s.store, INT64_MAX, 0, OPEN_MAX, open_add, list));
}

static bool chance(struct years *y, int per_mille)
{
	return rng_below(&y->rng, 1000) < per_mille;
}

/* ---- the law ---------------------------------------------------------------------------------
 */

static void install_laws(struct law *law)
{
	struct regime_list list;
	struct errbuf eb = {0};
	CLEAN_BUF text = {0};

	buf_init(&text, 65536);
	assert_ok(buf_adds(&text, "{\"class\":\"kien_nghi\",\"name\":\"n\",\"records\":["));
	for (size_t i = 0; i < ARRAY_LEN(laws); i++)
		assert_ok(buf_addf(&text,
			"%s{\"from\":\"%s\",\"source\":\"s\",\"confirmed\":true,\"retention\":{\"class\":\"c\","
			"\"keep\":\"6 months\",\"sender\":\"1 month\",\"on_request\":true,\"source\":\"s\",\"confirmed\":true},\"clocks\":[{\"code\":\"sort\","
			"\"name\":\"n\",\"source\":\"s\",\"confirmed\":true,\"starts\":\"received\",\"ends\":"
			"\"answer\",\"limit\":\"%d working days\",\"warn\":[\"2 working days\",\"1 working day\"],"
			"\"freeze\":[\"chief\"],\"extensions\":[{\"code\":\"more\",\"name\":\"n\",\"by\":[\"chief\"],"
			"\"limit\":\"5 working days\",\"counts_from\":\"end\",\"first\":1,\"last\":3,\"source\":\"s\","
			"\"confirmed\":true}]}]}",
			i ? "," : "", laws[i].from, laws[i].working_days));
	assert_ok(buf_adds(&text, "]}"));
	assert_ok(regime_parse(buf_text(&text), text.len, "laws", &list, &eb));
	regime_list_free(&law->classes[LEGAL_CLASS_PETITION]);
	law->classes[LEGAL_CLASS_PETITION] = list;
}

static void open_box(struct years *y)
{
	legal_open(&y->f);
	install_laws(y->f.law);
}

/* The model's own way to count: one day after the other. */
static int64_t count_days(const struct calendar *calendar, int64_t from_ms, int working_days)
{
	int64_t day = calendar_day(calendar, from_ms);

	while (working_days > 0) {
		day++;
		working_days -= calendar_is_working_day(calendar, day);
	}
	return (day + 1) * DAY_MS - 7 * HOUR_MS - 1;
}

static int working_days_of(int64_t received_ms)
{
	int days = 0;

	for (size_t i = 0; i < ARRAY_LEN(laws); i++) {
		char moment[24];

		snprintf(moment, sizeof(moment), "%s 00:00", laws[i].from);
		if (received_ms >= at(moment))
			days = laws[i].working_days;
	}
	return days;
}

/* ---- the world -------------------------------------------------------------------------------
 */

static void jump_to(struct years *y, int64_t wall_ms)
{
	int64_t by_ms = wall_ms - y->f.d.s.clock.wall;

	y->f.d.s.clock.wall = wall_ms;
	assert_ok(store_rebase(y->f.d.s.store, by_ms));
	end_turn(&y->f.d.s);
	y->jumps++;
}

static void run(struct years *y, int64_t ms)
{
	y->true_ms += ms;
	clock_virtual_advance(&y->f.d.s.clock, ms);
}

/* The power goes: what was not committed is gone. The clock goes on by its battery, or begins anew
 * where its maker left it. */
static void power_cut(struct years *y)
{
	int64_t off_ms = rng_below(&y->rng, 3 * DAY_MS) + MINUTE_MS;
	bool is_dead = chance(y, 300);
	struct report_moment moment;

	legal_close(&y->f);
	store_close(y->f.d.s.store);
	run(y, off_ms);
	store_fixture_open(&y->f.d.s);
	open_box(y);
	/* Of two such times in a row nobody can know which took how long. */
	if (is_dead && !y->is_astray &&
		report_moment_unsettled(y->f.d.s.store, 0, "", &moment) == ERR_NOT_FOUND) {
		/* The store knows when it was alive last, and sees that the clock went back. */
		y->f.d.s.clock.wall -= off_ms;
		jump_to(y, at("2026-01-01 07:00"));
		y->is_astray = true;
		legal_is_ntp = false;
	}
	y->cuts++;
	for (; y->count > 0; y->count--) {
		struct report report;

		if (!report_load(y->f.d.s.store, y->reports[y->count - 1], &report))
			break;
	}
}

static void find_time(struct years *y)
{
	jump_to(y, y->true_ms);
	y->is_astray = false;
	legal_is_ntp = true;
}

static void set_wrong(struct years *y)
{
	legal_is_ntp = false;
	jump_to(y, y->true_ms + (rng_below(&y->rng, 600) - 300) * DAY_MS);
	y->is_astray = true;
}

/* ---- what officers do ------------------------------------------------------------------------
 */

static void come_in(struct years *y)
{
	struct report report;
	struct party party;

	if (y->count == REPORTS)
		return;
	assert_ok(party_get(y->f.d.s.store, PARTY_PHONE, RESIDENT, &party));
	assert_ok(desk_report_open(y->f.d.desk,
		&(struct report_new){.party_id = party.id,
			.source = "modem",
			.received_ms = clock_wall_ms(&y->f.d.s.clock.clock),
			.text = "x"},
		&report));
	y->received_ms[y->count] = y->true_ms;
	y->reports[y->count++] = report.id;
}

static void handle(struct years *y, int64_t id)
{
	static const char *const classes[] = {
		"kien_nghi", "kien_nghi", "kien_nghi", "to_giac", "phan_anh", "hoi_dap", "khac"};
	const struct desk_clock_act act = {.code = chance(y, 500) ? "sort" : "settlement",
		.extension = "",
		.reason = "r",
		.actor = "officer:uid1000"};
	struct errbuf eb = {0};
	enum err err = ERR_OK;

	switch (rng_below(&y->rng, 8)) {
	case 0:
	case 1:
		err = desk_classify(y->f.d.desk, id,
			&(struct desk_classify){
				.class = classes[rng_below(&y->rng, ARRAY_LEN(classes))],
				.is_urgent = chance(y, 200),
				.reason = "r",
				.tells = false,
				.actor = "officer:uid1000"},
			&eb);
		break;
	case 2:
		err = desk_clock_freeze(y->f.d.desk, id, &act, &eb);
		break;
	case 3:
		err = desk_clock_thaw(y->f.d.desk, id, &act, &eb);
		break;
	case 4:
		err = desk_clock_extend(y->f.d.desk, id, &act, &eb);
		break;
	case 5:
	case 6:
		err = desk_report_outcome(y->f.d.desk, id,
			&(struct desk_outcome){.kind = chance(y, 700) ? "settled" : "transferred",
				.addressee = "cơ quan",
				.receipt = "1",
				.note = "",
				.actor = "officer:uid1000"},
			&eb);
		break;
	default:
		err = desk_clock_done(y->f.d.desk, id, &act, &eb);
	}
	/* What can't be done is refused with a word why; everything else would be a fault. */
	if (err && err != ERR_STATE && err != ERR_NOT_FOUND && err != ERR_INVALID)
		fail_msg("%s: %s", err_name(err), eb.text);
	if (err)
		assert_true(eb.text[0]);
}

/* ---- what must hold --------------------------------------------------------------------------
 */

struct sums {
	int late, soon;
	int64_t newest;
};

static void find_newest(void *arg, const struct outbox_row *row)
{
	struct sums *sums = arg;

	if (row->id > sums->newest)
		sums->newest = row->id;
}

/* "12 viec qua han" and "3 viec sap den han" of the messages since the last look. */
static struct sums read_messages(struct years *y)
{
	struct sums sums = {.newest = y->last_outbox};
	int64_t id;

	assert_ok(outbox_list(y->f.d.s.store, 0, 1, find_newest, &sums));
	for (id = y->last_outbox + 1; id <= sums.newest; id++) {
		struct buf text;
		int64_t late = 0, soon = 0;
		char *end;

		buf_init(&text, OUTBOX_BODY_MAX);
		assert_ok(outbox_text(y->f.d.s.store, id, &text));
		if (str_starts(buf_text(&text), "Binhyen: ") &&
			strstr(buf_text(&text), "viec qua han")) {
			late = strtol(buf_text(&text) + 9, &end, 10);
			soon = strtol(strchr(end, ',') + 2, NULL, 10);
		}
		sums.late += (int)late;
		sums.soon += (int)soon;
		buf_done(&text);
	}
	y->last_outbox = sums.newest;
	return sums;
}

static int64_t received_of(struct years *y, int64_t report_id)
{
	for (int i = y->count - 1; i >= 0; i--) {
		if (y->reports[i] == report_id)
			return y->received_ms[i];
	}
	fail_msg("report %lld is nobody's", (long long)report_id);
	return 0;
}

static void note_kind(void *arg, const struct clock_change *change)
{
	if (!str_eq(change->kind, "move"))
		*(bool *)arg = true;
}

/* Neither lengthened nor frozen: the end is that of the law. */
static void check_plain(struct years *y, const struct report_clock *clock)
{
	int64_t received_ms, due_ms;
	bool is_changed = clock->stage > 0;
	struct report_class class;

	assert_ok(clock_change_list(y->f.d.s.store, clock->id, note_kind, &is_changed));
	if (is_changed)
		return;
	received_ms = received_of(y, clock->report_id);
	if (str_eq(clock->code, "classify")) {
		assert_int_equal(clock->due_ms, received_ms + 30 * MINUTE_MS);
		y->checked++;
		return;
	}
	assert_ok(report_class_load(y->f.d.s.store, clock->report_id, &class));
	if (!str_eq(class.class, "kien_nghi"))
		return;
	due_ms = count_days(y->f.law->calendar, received_ms, working_days_of(received_ms));
	assert_int_equal(clock->due_ms, due_ms);
	y->checked++;
}

static void look(struct years *y)
{
	static struct open_list before, after;
	int late = 0, soon = 0, told_before = 0, told_after = 0;
	int64_t next_ms = 0, now_ms = 0;
	struct legal_time time;
	struct sums sums;
	bool is_open, is_free;

	y->looks++;
	list_open(y, &before);
	assert_ok(legal_time_load(y->f.d.s.store, &time));
	assert_ok(desk_legal_tick(y->f.d.desk, &next_ms));
	if (chance(y, 20)) {
		power_cut(y);
		return;
	}
	end_turn(&y->f.d.s);
	sums = read_messages(y);
	y->told_late += sums.late;
	y->told_soon += sums.soon;
	list_open(y, &after);
	assert_ok(desk_legal_now(y->f.d.desk, &now_ms));
	/* Never before its end, whatever the clock shows. */
	for (int i = 0; i < after.count; i++) {
		told_after += after.items[i].is_told;
		if (after.items[i].is_told)
			assert_true(after.items[i].due_ms < now_ms);
	}
	/* The rest is known only while the box was right all along. */
	if (y->is_astray || time.skew_ms)
		return;
	assert_int_equal(now_ms, y->true_ms);
	is_open = calendar_is_working(y->f.law->calendar, now_ms);
	is_free = !time.told_ms || now_ms >= time.told_ms + DESK_BUNDLE_MS;
	for (int i = 0; i < before.count; i++) {
		const struct report_clock *c = &before.items[i];

		told_before += c->is_told;
		if (!is_free || (c->is_days && !is_open))
			continue;
		late += !c->is_told && c->due_ms < now_ms;
		soon += c->due_ms >= now_ms && c->warn_ms && c->warn_ms <= now_ms;
	}
	assert_int_equal(sums.late, late);
	assert_int_equal(sums.soon, soon);
	assert_int_equal(told_after - told_before, late);
	for (int i = 0; i < after.count && y->looks % 8 == 0; i++)
		check_plain(y, &after.items[i]);
}

static void step(struct years *y)
{
	/* Mostly minutes and hours, sometimes a long weekend. */
	run(y, chance(y, 600) ? rng_below(&y->rng, 4 * HOUR_MS) : rng_below(&y->rng, 30 * HOUR_MS));
	if (y->is_astray && chance(y, 150))
		find_time(y);
	else if (!y->is_astray && chance(y, 4))
		set_wrong(y);
	if (chance(y, 200))
		come_in(y);
	for (int i = y->open_first; i < y->count; i++) {
		if (chance(y, 30))
			handle(y, y->reports[i]);
	}
	if (chance(y, 10)) {
		power_cut(y);
		return;
	}
	end_turn(&y->f.d.s);
	if (y->count - y->open_first > 40)
		y->open_first++;
	look(y);
}

/* The last ones are seen to the end, so that the open ones stay few. */
static void clear_old(struct years *y)
{
	static struct open_list open;

	list_open(y, &open);
	for (int i = 0; i < open.count && open.count > 150; i++) {
		struct errbuf eb = {0};
		struct desk_clock_act act = {
			.code = open.items[i].code, .reason = "r", .actor = "officer:uid1000"};

		if (str_eq(act.code, "classify"))
			(void)!desk_classify(y->f.d.desk, open.items[i].report_id,
				&(struct desk_classify){
					.class = "khac", .reason = "r", .actor = "officer:uid1000"},
				&eb);
		else
			(void)!desk_clock_done(y->f.d.desk, open.items[i].report_id, &act, &eb);
	}
	end_turn(&y->f.d.s);
}

static void live(uint64_t seed)
{
	struct years *y = calloc(1, sizeof(*y));
	int64_t end_ms;

	assert_non_null(y);
	rng_init(&y->rng, seed);
	y->f.has_modem = true;
	store_fixture_init(&y->f.d.s);
	y->true_ms = at("2026-11-20 08:00");
	y->f.d.s.clock.wall = y->true_ms;
	legal_is_ntp = true;
	open_box(y);
	end_ms = y->true_ms + YEARS_MS;
	while (y->true_ms < end_ms) {
		step(y);
		if (chance(y, 10))
			clear_old(y);
	}
	print_message(
		"seed %llu: %d reports, %d late and %d warnings told, %d ends checked, %d cuts, %d jumps\n",
		(unsigned long long)seed, y->count, y->told_late, y->told_soon, y->checked, y->cuts,
		y->jumps);
	assert_true(y->told_late > 20 && y->told_soon > 20);
	assert_true(y->checked > 200 && y->cuts > 10 && y->jumps > 5);
	legal_end(&y->f);
	free(y);
}

static void test_three_years(void **state)
{
	const char *full = getenv("BINHYEN_FULL"), *one = getenv("BINHYEN_SEED");
	uint64_t seeds = full && full[0] ? SEEDS_FULL : SEEDS;

	(void)state;
	if (one && one[0]) {
		live(strtoull(one, NULL, 10));
		return;
	}
	for (uint64_t seed = 1; seed <= seeds; seed++)
		live(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_years),
	};

	return cmocka_run_group_tests_name("legal_years", tests, NULL, NULL);
}
