/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/intake.h"
#include "store/retention.h"
#include "tests/lib/store_fixture.h"

#define RESIDENT "+84900000012"

struct intake_fixture {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	int next_id;
};

static void start(struct intake_fixture *f)
{
	f->next_id = 0;
	store_fixture_init(&f->s);
	assert_ok(
		desk_new(&(struct desk_options){.store = f->s.store, .has_modem = true}, &f->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = f->s.store, .desk = f->desk}, &f->intake));
}

static void finish(struct intake_fixture *f)
{
	intake_free(f->intake);
	desk_free(f->desk);
	store_fixture_done(&f->s);
}

static enum err accept_part(struct intake_fixture *f, const char *text, int ref, int total, int seq)
{
	char id[32];
	enum err err;

	snprintf(id, sizeof(id), "id-%d", f->next_id++);
	err = intake_accept(f->intake, &(struct inbound){.channel = "modem",
					       .external_id = id,
					       .kind = INBOX_KIND_TEXT,
					       .from_kind = PARTY_PHONE,
					       .from = RESIDENT,
					       .text = text,
					       .concat = {ref, 8, total, seq}});
	end_turn(&f->s);
	return err;
}

static int64_t reports(struct intake_fixture *f)
{
	int64_t count;

	assert_ok(report_count(f->s.store, NULL, &count));
	return count;
}

struct words {
	char text[16384];
	int entries;
};

static void join(void *arg, const struct report_entry *entry)
{
	struct words *w = arg;

	snprintf(w->text, sizeof(w->text), "%s", entry->text);
	w->entries++;
}

static struct words last_words(struct intake_fixture *f, int64_t report_id)
{
	struct words w = {"", 0};

	assert_ok(report_entries(f->s.store, &key_holder_box, report_id, join, &w));
	return w;
}

static void test_equal_texts_are_two_reports_and_a_repeat_is_none(void **state)
{
	struct intake_fixture f;
	struct inbound in = {.channel = "modem",
		.external_id = "sim/SM/1/1",
		.kind = INBOX_KIND_TEXT,
		.from_kind = PARTY_PHONE,
		.from = RESIDENT,
		.text = "Mat trom"};

	(void)state;
	start(&f);
	assert_ok(intake_accept(f.intake, &in));
	assert_err(intake_accept(f.intake, &in), ERR_EXISTS);
	in.external_id = "sim/SM/1/2";
	assert_ok(intake_accept(f.intake, &in));
	end_turn(&f.s);
	assert_int_equal(reports(&f), 2);
	finish(&f);
}

/* A part that comes after the report was taken off-line brings nothing of the others back. */
static void test_what_is_off_line_stays_so(void **state)
{
	struct intake_fixture f;
	struct report report;
	CLEAN_BUF body = {0};
	int64_t next_ms;

	(void)state;
	start(&f);
	assert_ok(accept_part(&f, "TUYỆT MẬT ", 9, 3, 1));
	assert_ok(accept_part(&f, "kế hoạch ", 9, 3, 2));
	clock_virtual_advance(&f.s.clock, 11 * MINUTE_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	end_turn(&f.s);
	assert_int_equal(reports(&f), 1);
	assert_ok(report_load(f.s.store, 1, &report));
	assert_ok(store_savepoint_begin(f.s.store));
	assert_ok(report_take_offline(f.s.store, &report, "[đã đưa ra]"));
	assert_ok(store_savepoint_release(f.s.store));
	end_turn(&f.s);
	assert_string_equal(last_words(&f, 1).text, "[đã đưa ra]");
	buf_init(&body, INBOX_BODY_MAX);
	for (int64_t id = 1; id <= 2; id++) {
		(void)!inbox_body(f.s.store, id, &body);
		assert_int_equal(body.len, 0);
	}
	assert_ok(accept_part(&f, "đêm giao thừa", 9, 3, 3));
	clock_virtual_advance(&f.s.clock, 11 * MINUTE_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	end_turn(&f.s);
	for (int64_t id = 1; id <= reports(&f); id++) {
		assert_null(strstr(last_words(&f, id).text, "TUYỆT"));
		assert_null(strstr(last_words(&f, id).text, "kế hoạch"));
	}
	finish(&f);
}

static void test_parts_in_any_order_over_a_restart(void **state)
{
	struct intake_fixture f;

	(void)state;
	start(&f);
	assert_ok(accept_part(&f, "ba", 9, 3, 3));
	assert_ok(accept_part(&f, "một ", 9, 3, 1));
	assert_int_equal(reports(&f), 0);
	intake_free(f.intake);
	desk_free(f.desk);
	store_close(f.s.store);
	store_fixture_open(&f.s);
	assert_ok(desk_new(&(struct desk_options){.store = f.s.store, .has_modem = true}, &f.desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = f.s.store, .desk = f.desk}, &f.intake));
	assert_ok(accept_part(&f, "một ", 9, 3, 1));
	assert_int_equal(reports(&f), 0);
	assert_ok(accept_part(&f, "hai ", 9, 3, 2));
	assert_int_equal(reports(&f), 1);
	assert_string_equal(last_words(&f, 1).text, "một hai ba");
	finish(&f);
}

static void test_39_parts(void **state)
{
	struct intake_fixture f;
	char expected[1024] = "";

	(void)state;
	start(&f);
	for (int i = 39; i >= 1; i--) {
		char text[16];

		snprintf(text, sizeof(text), "p%02d;", i);
		assert_ok(accept_part(&f, text, 1, 39, i));
	}
	for (int i = 1; i <= 39; i++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected), "p%02d;",
			i);
	assert_int_equal(reports(&f), 1);
	assert_string_equal(last_words(&f, 1).text, expected);
	finish(&f);
}

static void test_other_words_under_a_used_number_are_another_message(void **state)
{
	struct intake_fixture f;

	(void)state;
	start(&f);
	assert_ok(accept_part(&f, "cu 1 ", 5, 2, 1));
	assert_ok(accept_part(&f, "moi 1 ", 5, 2, 1));
	assert_ok(accept_part(&f, "moi 2", 5, 2, 2));
	assert_int_equal(reports(&f), 1);
	assert_string_equal(last_words(&f, 1).text, "moi 1 moi 2");
	finish(&f);
}

static void test_incomplete_is_handed_over_and_amended(void **state)
{
	struct intake_fixture f;
	struct report report;
	int64_t next_ms;

	(void)state;
	start(&f);
	assert_ok(accept_part(&f, "dau ", 7, 3, 1));
	assert_ok(accept_part(&f, "cuoi", 7, 3, 3));
	clock_virtual_advance(&f.s.clock, 11 * MINUTE_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	end_turn(&f.s);
	assert_int_equal(reports(&f), 1);
	assert_ok(report_load(f.s.store, 1, &report));
	assert_true(report.is_incomplete);
	assert_non_null(strstr(last_words(&f, 1).text, "thiếu"));
	assert_ok(accept_part(&f, "giua ", 7, 3, 2));
	assert_int_equal(reports(&f), 1);
	assert_string_equal(last_words(&f, 1).text, "dau giua cuoi");
	assert_int_equal(last_words(&f, 1).entries, 2);
	finish(&f);
}

static void test_empty_and_call_say_so(void **state)
{
	struct intake_fixture f;

	(void)state;
	start(&f);
	assert_ok(accept_part(&f, "", 0, 0, 0));
	assert_ok(intake_accept(f.intake, &(struct inbound){.channel = "modem",
						  .external_id = "call",
						  .kind = INBOX_KIND_CALL,
						  .from_kind = PARTY_SENDER_NAME,
						  .from = "withheld",
						  .text = ""}));
	end_turn(&f.s);
	assert_ok(intake_accept(f.intake, &(struct inbound){.channel = "modem",
						  .external_id = "binary",
						  .kind = INBOX_KIND_OTHER,
						  .from_kind = PARTY_PHONE,
						  .from = "+84900000012",
						  .text = ""}));
	end_turn(&f.s);
	assert_int_equal(reports(&f), 3);
	assert_non_null(strstr(last_words(&f, 1).text, "không có nội dung"));
	assert_non_null(strstr(last_words(&f, 2).text, "gọi nhỡ"));
	assert_non_null(strstr(last_words(&f, 3).text, "không đọc được"));
	finish(&f);
}

static void test_what_cannot_be_handled_is_kept_aside(void **state)
{
	struct intake_fixture f;
	int64_t count;

	(void)state;
	start(&f);
	assert_ok(accept_part(&f, "not \xff UTF-8", 0, 0, 0));
	assert_ok(accept_part(&f, "tot", 0, 0, 0));
	assert_int_equal(reports(&f), 1);
	assert_ok(quarantine_count(f.s.store, &count));
	assert_int_equal(count, 1);
	finish(&f);
}

/* Delivered by the service centre to one of our SIMs. */
static int64_t deliver(struct intake_fixture *f, const char *sim, const char *text, int64_t sent_ms)
{
	char id[32];

	snprintf(id, sizeof(id), "id-%d", f->next_id++);
	assert_ok(intake_accept(f->intake, &(struct inbound){.channel = "modem",
						   .external_id = id,
						   .kind = INBOX_KIND_TEXT,
						   .from_kind = PARTY_PHONE,
						   .from = RESIDENT,
						   .sent_ms = sent_ms,
						   .sim = sim,
						   .text = text}));
	end_turn(&f->s);
	return reports(f);
}

static int64_t deliver_part(struct intake_fixture *f, int64_t sent_ms, int ref, int seq)
{
	char id[32];

	snprintf(id, sizeof(id), "id-%d", f->next_id++);
	assert_ok(intake_accept(f->intake, &(struct inbound){.channel = "modem",
						   .external_id = id,
						   .kind = INBOX_KIND_TEXT,
						   .from_kind = PARTY_PHONE,
						   .from = RESIDENT,
						   .sent_ms = sent_ms,
						   .sim = "sim",
						   .text = seq == 1 ? "mot" : "hai",
						   .concat = {ref, 8, 2, seq}}));
	end_turn(&f->s);
	return reports(f);
}

static int64_t in_state(struct intake_fixture *f, enum inbox_state state)
{
	int64_t count;

	assert_ok(inbox_count(f->s.store, state, &count));
	return count;
}

static void test_delivered_again_is_no_second_report(void **state)
{
	const int64_t sent_ms = FIXTURE_WALL_MS - 5 * MINUTE_MS;
	struct intake_fixture f;

	(void)state;
	start(&f);
	assert_int_equal(deliver(&f, "sim", "chay nha", sent_ms), 1);
	clock_virtual_advance(&f.s.clock, MINUTE_MS);
	assert_int_equal(deliver(&f, "sim", "chay nha", sent_ms), 1);
	clock_virtual_advance(&f.s.clock, 6 * DAY_MS);
	assert_int_equal(deliver(&f, "sim", "chay nha", sent_ms), 1);
	assert_int_equal(in_state(&f, INBOX_IGNORED), 2);
	/* Our clock was set back meanwhile: what came first seems to come from the future. */
	f.s.clock.wall -= 30 * DAY_MS;
	assert_int_equal(deliver(&f, "sim", "chay nha", sent_ms), 1);
	f.s.clock.wall += 30 * DAY_MS;
	/* Another second, other words, another of our numbers, or too late: another message. */
	assert_int_equal(deliver(&f, "sim", "chay nha", sent_ms + SECOND_MS), 2);
	assert_int_equal(deliver(&f, "sim", "chay nha!", sent_ms), 3);
	assert_int_equal(deliver(&f, "sim2", "chay nha", sent_ms), 4);
	clock_virtual_advance(&f.s.clock, 8 * DAY_MS);
	assert_int_equal(deliver(&f, "sim", "chay nha", sent_ms), 5);
	finish(&f);
}

static void test_equal_texts_of_one_second_are_two(void **state)
{
	const int64_t sent_ms = FIXTURE_WALL_MS - 5 * MINUTE_MS;
	struct intake_fixture f;

	(void)state;
	start(&f);
	assert_int_equal(deliver(&f, "sim", "cuu voi", sent_ms), 1);
	clock_virtual_advance(&f.s.clock, 19 * SECOND_MS);
	assert_int_equal(deliver(&f, "sim", "cuu voi", sent_ms), 2);
	/* Nobody says when it was sent: nothing is known of it. */
	assert_int_equal(deliver(&f, "sim", "x", 0), 3);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	assert_int_equal(deliver(&f, "sim", "x", 0), 4);
	/* A repeat of either is none. */
	assert_int_equal(deliver(&f, "sim", "cuu voi", sent_ms), 4);
	finish(&f);
}

static void test_a_part_delivered_again_after_its_set(void **state)
{
	const int64_t sent_ms = FIXTURE_WALL_MS - 5 * MINUTE_MS;
	struct intake_fixture f;
	int64_t next_ms;

	(void)state;
	start(&f);
	assert_int_equal(deliver_part(&f, sent_ms, 7, 1), 0);
	assert_int_equal(deliver_part(&f, sent_ms, 7, 2), 1);
	assert_int_equal(deliver_part(&f, sent_ms, 7, 1), 1);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	assert_int_equal(deliver_part(&f, sent_ms, 7, 2), 1);
	assert_ok(intake_tick(f.intake, &next_ms));
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	end_turn(&f.s);
	assert_int_equal(reports(&f), 1);
	assert_int_equal(in_state(&f, INBOX_IGNORED), 2);
	assert_int_equal(in_state(&f, INBOX_WAITING), 0);
	/* The same words sent again are another message, whatever the reference. */
	assert_int_equal(deliver_part(&f, sent_ms + MINUTE_MS, 7, 1), 1);
	assert_int_equal(deliver_part(&f, sent_ms + MINUTE_MS, 7, 2), 2);
	finish(&f);
}

static void test_what_never_becomes_complete_comes_to_an_end(void **state)
{
	struct intake_fixture f;
	int64_t next_ms;
	struct report report;

	(void)state;
	start(&f);
	assert_int_equal(deliver_part(&f, FIXTURE_WALL_MS, 7, 1), 0);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	assert_int_equal(reports(&f), 1);
	clock_virtual_advance(&f.s.clock, 6 * DAY_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	assert_int_equal(in_state(&f, INBOX_WAITING), 1);
	clock_virtual_advance(&f.s.clock, DAY_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	end_turn(&f.s);
	assert_int_equal(in_state(&f, INBOX_WAITING), 0);
	assert_int_equal(in_state(&f, INBOX_HANDLED), 1);
	assert_int_equal(reports(&f), 1);
	assert_ok(report_load(f.s.store, 1, &report));
	assert_true(report.is_incomplete);
	assert_non_null(strstr(last_words(&f, 1).text, "mot"));
	/* The other part is beyond hope by then, but it is not dropped either. */
	assert_int_equal(deliver_part(&f, FIXTURE_WALL_MS, 7, 2), 1);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	assert_ok(intake_tick(f.intake, &next_ms));
	end_turn(&f.s);
	assert_int_equal(reports(&f), 2);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_texts_are_two_reports_and_a_repeat_is_none),
		cmocka_unit_test(test_what_is_off_line_stays_so),
		cmocka_unit_test(test_parts_in_any_order_over_a_restart),
		cmocka_unit_test(test_39_parts),
		cmocka_unit_test(test_other_words_under_a_used_number_are_another_message),
		cmocka_unit_test(test_incomplete_is_handed_over_and_amended),
		cmocka_unit_test(test_empty_and_call_say_so),
		cmocka_unit_test(test_what_cannot_be_handled_is_kept_aside),
		cmocka_unit_test(test_delivered_again_is_no_second_report),
		cmocka_unit_test(test_equal_texts_of_one_second_are_two),
		cmocka_unit_test(test_a_part_delivered_again_after_its_set),
		cmocka_unit_test(test_what_never_becomes_complete_comes_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
