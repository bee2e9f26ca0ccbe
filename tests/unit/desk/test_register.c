/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reception register: lines in their order, what was changed below them, nobody named, and a
 * hash that the log of events knows. */
#include "daemon/desk/handling.h"
#include "daemon/desk/register.h"
#include "store/event.h"
#include "tests/unit/desk/support.h"

#define ACTOR "officer:test"

static char *print(struct desk_fixture *f, enum desk_register_format format)
{
	int64_t day = clock_local_day(FIXTURE_WALL_MS);
	struct errbuf eb = {0};
	struct buf out;

	buf_init(&out, DESK_REGISTER_BYTES);
	assert_ok(desk_register(f->desk,
		&(struct desk_register_period){.from_day = day, .to_day = day}, format, ACTOR, &out,
		&eb));
	end_turn(&f->s);
	return buf_take(&out);
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
	struct errbuf eb = {0};
	CLEAN_BUF out = {0};

	(void)state;
	start(&f, true, false, false);
	buf_init(&out, DESK_REGISTER_BYTES);
	assert_err(
		desk_register(f.desk, &period, DESK_REGISTER_CSV, ACTOR, &out, &eb), ERR_INVALID);
	period.to_day = 100 + 366;
	assert_err(
		desk_register(f.desk, &period, DESK_REGISTER_CSV, ACTOR, &out, &eb), ERR_INVALID);
	period.to_day = 100 + 365;
	assert_ok(desk_register(f.desk, &period, DESK_REGISTER_CSV, ACTOR, &out, &eb));
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_and_what_changed),
		cmocka_unit_test(test_its_hash_is_in_the_log),
		cmocka_unit_test(test_cells_of_a_table),
		cmocka_unit_test(test_a_table),
		cmocka_unit_test(test_periods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
