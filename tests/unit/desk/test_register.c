/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reception register: lines in their order, what was changed below them, nobody named, and a
 * hash that the log of events knows. */
#include "daemon/base/str.h"
#include "daemon/desk/handling.h"
#include "daemon/desk/register.h"
#include "store/event.h"
#include "store/officer.h"
#include "tests/unit/desk/support.h"

#define ACTOR "officer:test"

/* All steps of an edition, each in a turn of its own. */
static enum err print_period(struct desk_fixture *f, const struct desk_register_period *period,
	enum desk_register_format format, char **ret_page)
{
	struct desk_edition *edition;
	struct errbuf eb = {0};
	bool is_done = false;
	enum err err = desk_edition_new(f->desk, period, format, &edition, &eb);

	if (err)
		return err;
	while (!err && !is_done) {
		err = desk_edition_step(edition, NULL, ACTOR, &is_done, &eb);
		end_turn(&f->s);
	}
	if (!err)
		*ret_page = buf_take(desk_edition_page(edition));
	desk_edition_free(edition);
	return err;
}

static char *print(struct desk_fixture *f, enum desk_register_format format)
{
	int64_t day = clock_local_day(FIXTURE_WALL_MS);
	char *page = NULL;

	assert_ok(print_period(
		f, &(struct desk_register_period){.from_day = day, .to_day = day}, format, &page));
	return page;
}

static int count_of(const char *text, const char *what)
{
	int count = 0;

	while ((text = strstr(text, what))) {
		count++;
		text += strlen(what);
	}
	return count;
}

static void test_lines_and_what_changed(void **state)
{
	struct desk_fixture f;
	struct desk_answered done;
	struct errbuf eb = {0};
	struct report a, b;
	char *page;

	(void)state;
	start(&f, true, false, false);
	a = open_report(&f, PARTY_PHONE, RESIDENT, "ong Nam ban ma tuy <b>o ap 7</b>");
	b = open_report(&f, PARTY_PHONE, "+84900000013", "hang xom on ao");
	assert_ok(desk_report_rate(f.desk, a.id, "social_evil", "urgent", ACTOR, &eb));
	assert_ok(desk_report_merge(f.desk, b.id, a.id, ACTOR, &eb));
	assert_ok(desk_report_answer(f.desk, a.id, "Da ro.", ACTOR, &done, &eb));
	page = print(&f, DESK_REGISTER_HTML);
	assert_non_null(strstr(page, "<td>1/2026</td>"));
	assert_non_null(strstr(page, "<td>2/2026</td>"));
	assert_true(strstr(page, "<td>1/2026</td>") < strstr(page, "<td>2/2026</td>"));
	assert_non_null(strstr(page, "tệ nạn xã hội"));
	assert_non_null(strstr(page, "sửa phân loại"));
	assert_non_null(strstr(page, "ghép vào số 1/2026"));
	assert_non_null(strstr(page, "Cộng: 2 tin"));
	assert_non_null(strstr(page, "size:A4 landscape"));
	/* Nobody and nothing that was said. */
	assert_null(strstr(page, "0012"));
	assert_null(strstr(page, "Nam"));
	assert_null(strstr(page, "ap 7"));
	assert_null(strstr(page, a.code));
	/* One page that needs nothing from elsewhere. */
	assert_null(strstr(page, "http"));
	assert_null(strstr(page, "<script"));
	free(page);
	finish(&f);
}

static void find_hash(void *arg, const struct event_seen *event)
{
	char *const *page = arg;
	const char *at = strstr(event->data, "\"hash\":\"");

	assert_string_equal(event->kind, "register.printed");
	assert_non_null(at);
	assert_non_null(memmem(*page, strlen(*page), at + 8, 64));
}

static void test_its_hash_is_in_the_log(void **state)
{
	struct desk_fixture f;
	char *first, *second, *changed;
	struct report a;
	struct errbuf eb = {0};
	const char *mark = "register.printed: ";

	(void)state;
	start(&f, true, false, false);
	a = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	first = print(&f, DESK_REGISTER_HTML);
	/* The same lines have the same hash, whenever they are printed. */
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	second = print(&f, DESK_REGISTER_HTML);
	assert_memory_equal(strstr(first, mark), strstr(second, mark), strlen(mark) + 64);
	assert_ok(event_of_subject(f.s.store, "register", find_hash, &first));
	assert_ok(desk_report_rate(f.desk, a.id, "fire", NULL, ACTOR, &eb));
	changed = print(&f, DESK_REGISTER_HTML);
	assert_memory_not_equal(
		strstr(first, mark) + strlen(mark), strstr(changed, mark) + strlen(mark), 64);
	free(first);
	free(second);
	free(changed);
	finish(&f);
}

static void test_cells_of_a_table(void **state)
{
	static const struct {
		const char *text, *cell;
	} cases[] = {
		{"thôn 3", "\"thôn 3\""},
		{"a \"b\", c", "\"a \"\"b\"\", c\""},
		{"=1+1", "\"'=1+1\""},
		{"+84", "\"'+84\""},
		{"-1", "\"'-1\""},
		{"@x", "\"'@x\""},
		{"\tx", "\"'\tx\""},
		{"\rx", "\"'\rx\""},
		{"", "\"\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CLEAN_BUF out = {0};

		buf_init(&out, 100);
		assert_ok(desk_csv_cell(cases[i].text, &out));
		assert_string_equal(buf_text(&out), cases[i].cell);
	}
}

static void test_a_table(void **state)
{
	struct desk_fixture f;
	struct errbuf eb = {0};
	struct report report;
	struct party party;
	char *table;

	(void)state;
	start(&f, true, false, false);
	assert_ok(party_get(f.s.store, PARTY_PHONE, RESIDENT, &party));
	assert_ok(desk_report_open(f.desk,
		&(struct report_new){.party_id = party.id,
			.source = "walk_in",
			.receiver = "=HYPERLINK(1)",
			.received_ms = FIXTURE_WALL_MS,
			.text = "x",
			.is_quiet = true,
			.is_anonymous = true},
		&report));
	assert_ok(desk_report_note(f.desk, report.id, "ghi chu kin", ACTOR, &eb));
	table = print(&f, DESK_REGISTER_CSV);
	assert_int_equal(count_of(table, "\r\n"), 3);
	assert_non_null(strstr(table, "\"'=HYPERLINK(1)\""));
	assert_non_null(strstr(table, "\"trình báo trực tiếp\""));
	assert_non_null(strstr(table, "\"ẩn danh; không nhắn lại\""));
	assert_non_null(strstr(table, "\"ghi chú nội bộ\""));
	assert_null(strstr(table, "kin"));
	free(table);
	finish(&f);
}

static void test_periods(void **state)
{
	struct desk_register_period period = {.from_day = 100, .to_day = 99};
	struct desk_fixture f;
	char *page = NULL;

	(void)state;
	start(&f, true, false, false);
	assert_err(print_period(&f, &period, DESK_REGISTER_CSV, &page), ERR_INVALID);
	period.to_day = 100 + 366;
	assert_err(print_period(&f, &period, DESK_REGISTER_CSV, &page), ERR_INVALID);
	period.to_day = 100 + 365;
	assert_ok(print_period(&f, &period, DESK_REGISTER_CSV, &page));
	free(page);
	finish(&f);
}

/* A report a day, and an edition between whose steps others come in: each number once and in its
 * order, and those others not at all. */
static void test_what_comes_in_meanwhile_is_of_the_next_edition(void **state)
{
	enum { MANY = 60 };
	int64_t day = clock_local_day(FIXTURE_WALL_MS);
	const struct desk_register_period period = {.from_day = day, .to_day = day};
	struct desk_edition *edition;
	struct desk_fixture f;
	struct errbuf eb = {0};
	const char *at;
	bool is_done = false;
	int steps = 0;
	char *next;

	(void)state;
	start(&f, true, false, false);
	for (int i = 0; i < MANY; i++)
		open_report(&f, PARTY_PHONE, RESIDENT, "a");
	assert_ok(desk_edition_new(f.desk, &period, DESK_REGISTER_CSV, &edition, &eb));
	while (!is_done) {
		assert_ok(desk_edition_step(edition, NULL, ACTOR, &is_done, &eb));
		end_turn(&f.s);
		open_report(&f, PARTY_PHONE, "+84900000013", "b");
		assert_true(++steps < MANY);
	}
	/* Numbers, rows, and lines in more than one piece. */
	assert_true(steps > 3);
	at = buf_text(desk_edition_page(edition));
	assert_int_equal(count_of(at, ",\"tin\"\r\n"), MANY);
	for (int i = 1; i <= MANY; i++) {
		char line[32];

		snprintf(line, sizeof(line), "\r\n\"%d\",\"%d/2026\"", i, i);
		at = strstr(at, line);
		assert_non_null(at);
	}
	desk_edition_free(edition);
	next = print(&f, DESK_REGISTER_CSV);
	assert_int_equal(count_of(next, ",\"tin\"\r\n"), MANY + steps);
	free(next);
	finish(&f);
}

static void count_editions(void *arg, const struct event_seen *event)
{
	*(int *)arg += str_eq(event->kind, "register.printed");
}

/* One that is given up in the middle, as by a crash, has printed nothing: the next one
 * has the same lines. */
static void test_one_that_is_broken_off(void **state)
{
	int64_t day = clock_local_day(FIXTURE_WALL_MS);
	const struct desk_register_period period = {.from_day = day, .to_day = day};
	struct desk_fixture f;
	char *first, *second;
	int editions = 0;

	(void)state;
	start(&f, true, false, false);
	open_report(&f, PARTY_PHONE, RESIDENT, "a");
	open_report(&f, PARTY_PHONE, RESIDENT, "b");
	for (int steps = 0; steps < 3; steps++) {
		struct desk_edition *edition;
		struct errbuf eb = {0};
		bool is_done = false;

		assert_ok(desk_edition_new(f.desk, &period, DESK_REGISTER_CSV, &edition, &eb));
		for (int i = 0; i < steps; i++)
			assert_ok(desk_edition_step(edition, NULL, ACTOR, &is_done, &eb));
		assert_false(is_done);
		desk_edition_free(edition);
		end_turn(&f.s);
	}
	assert_ok(event_of_subject(f.s.store, "register", count_editions, &editions));
	assert_int_equal(editions, 0);
	first = print(&f, DESK_REGISTER_CSV);
	second = print(&f, DESK_REGISTER_CSV);
	assert_string_equal(first, second);
	assert_non_null(strstr(first, "\r\n\"1\",\"1/2026\""));
	assert_non_null(strstr(first, "\r\n\"2\",\"2/2026\""));
	free(first);
	free(second);
	finish(&f);
}

static void test_changes_are_words(void **state)
{
	static const char *const raw[] = {"category", "urgency", "hamlet", "officer", "outbox",
		"number", "main", "other", "class", "code", "social_evil", "urgent", "{",
		"&quot;:"};
	static const char *const words[] = {"tệ nạn xã hội, cần làm sớm", "\"phân công\"",
		"Cán bộ khu vực 3", "chưa phân công", "chưa rõ", "nối với tin khác", "số 1"};
	struct desk_fixture f;
	struct errbuf eb = {0};
	struct report a, b;
	char *page;
	int64_t id;

	(void)state;
	start(&f, true, false, false);
	assert_ok(officer_add(f.s.store,
		&(struct officer_new){.login = "an",
			.name = "Cán bộ khu vực 3",
			.role = OFFICER_AREA,
			.phone = ""},
		&id));
	assert_ok(officer_set_state(f.s.store, id, OFFICER_ACTIVE));
	a = open_report(&f, PARTY_PHONE, RESIDENT, "hang xom on ao");
	b = open_report(&f, PARTY_PHONE, "+84900000013", "hang xom lai on ao");
	assert_ok(desk_report_rate(f.desk, a.id, "social_evil", "urgent", ACTOR, &eb));
	assert_ok(desk_report_assign(f.desk, a.id, "an", ACTOR, &eb));
	assert_ok(desk_report_assign(f.desk, a.id, "", ACTOR, &eb));
	assert_ok(desk_report_place(f.desk, a.id, "", ACTOR, &eb));
	assert_ok(desk_report_note(f.desk, a.id, "hỏi thêm", ACTOR, &eb));
	assert_ok(desk_report_link(f.desk, b.id, a.id, true, ACTOR, &eb));
	page = print(&f, DESK_REGISTER_CSV);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!strstr(page, words[i]))
			fail_msg("\"%s\" is not in %s", words[i], page);
	}
	for (size_t i = 0; i < ARRAY_LEN(raw); i++) {
		if (strstr(page, raw[i]) && !str_starts(strstr(page, raw[i]), "officer:"))
			fail_msg("\"%s\" is in %s", raw[i], page);
	}
	free(page);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_and_what_changed),
		cmocka_unit_test(test_changes_are_words),
		cmocka_unit_test(test_its_hash_is_in_the_log),
		cmocka_unit_test(test_cells_of_a_table),
		cmocka_unit_test(test_a_table),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_what_comes_in_meanwhile_is_of_the_next_edition),
		cmocka_unit_test(test_one_that_is_broken_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
