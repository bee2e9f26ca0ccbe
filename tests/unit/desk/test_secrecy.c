/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens to words with a marking of state secrets, on their way in, out, and off-line. */
#include "daemon/desk/secrecy.h"

#include "daemon/desk/handling.h"
#include "store/event.h"
#include "store/officer.h"
#include "tests/unit/desk/support.h"

#define CHIEF_PHONE "+84900009003"
#define CHIEF	    "officer:truong"
#define SECRET	    "TUYỆT MẬT\nSố 12: lực lượng trực đêm giao thừa"
#define OUT	    "Gửi anh công văn TUYỆT MẬT số 5"

static int setup(void **state)
{
	static struct desk_fixture f;
	int64_t id;

	start(&f, true, true, true);
	assert_ok(officer_add(f.s.store,
		&(struct officer_new){.login = "truong",
			.name = "Trưởng công an",
			.role = OFFICER_CHIEF,
			.phone = CHIEF_PHONE},
		&id));
	end_turn(&f.s);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	finish(*state);
	return 0;
}

struct sent {
	struct store *store;
	const char *needle;
	int found;	/* rows with it in their text */
	int to_officer; /* alarms that belong to no report */
};

static void count_row(void *arg, const struct outbox_row *row)
{
	struct sent *sent = arg;

	sent->to_officer += row->kind == OUTBOX_KIND_ALARM && !row->report_id;
}

static struct sent count_sent(struct desk_fixture *f, const char *needle)
{
	struct sent sent = {.store = f->s.store, .needle = needle};

	assert_ok(outbox_list(f->s.store, 0, 100, count_row, &sent));
	for (int64_t id = 1; id < 40; id++) {
		CLEAN_BUF text = {0};

		buf_init(&text, OUTBOX_BODY_MAX);
		if (!outbox_text(f->s.store, id, &text) && strstr(buf_text(&text), needle))
			sent.found++;
	}
	return sent;
}

static struct secrecy_state state_of(struct desk_fixture *f, int64_t id)
{
	struct secrecy_state state = {0};

	assert_ok(desk_secrecy_state(f->desk, id, &state));
	return state;
}

static void test_what_comes_in_is_taken_and_told(void **state)
{
	struct desk_fixture *f = *state;
	int64_t calm = open_report(f, PARTY_ZALO_USER, "9001", "bán mật ong ở chợ").id;
	int64_t id = open_report(f, PARTY_ZALO_USER, "9001", SECRET).id;
	struct report report;

	assert_int_equal(state_of(f, calm).found_ms, 0);
	assert_int_equal(state_of(f, id).found_ms, f->s.clock.wall);
	assert_string_equal(state_of(f, id).marking, "tuyệt mật");
	assert_ok(report_load(f->s.store, id, &report));
	assert_string_equal(report.state, "open");
	/* The duty group has the words of the first, and only a notice of the second. */
	assert_int_equal(count_sent(f, "mật ong").found, 1);
	assert_int_equal(count_sent(f, "giao thừa").found, 0);
	assert_int_equal(count_sent(f, "luu giu bi mat").to_officer, 1);
	assert_int_equal(count_sent(f, "luu giu bi mat").found, 1);
}

static void test_a_note_is_screened_and_the_chief_told_once(void **state)
{
	struct desk_fixture *f = *state;
	int64_t id = open_report(f, PARTY_PHONE, RESIDENT, "mất xe").id;
	struct errbuf eb = {0};

	assert_ok(desk_report_note(f->desk, id, "theo văn bản mật số 4", CHIEF, &eb));
	assert_ok(desk_report_note(f->desk, id, "như văn bản mật số 5", CHIEF, &eb));
	end_turn(&f->s);
	assert_string_equal(state_of(f, id).marking, "văn bản mật");
	assert_int_equal(count_sent(f, "luu giu bi mat").to_officer, 1);
}

static enum err answer(struct desk_fixture *f, int64_t id, const char *text)
{
	struct desk_answered done = {0};
	struct errbuf eb = {0};
	enum err err = desk_report_answer(f->desk, id, text, "officer:canbo", &done, &eb);

	if (err)
		assert_string_not_equal(eb.text, "");
	end_turn(&f->s);
	return err;
}

static void test_an_answer_waits_for_the_chief(void **state)
{
	struct desk_fixture *f = *state;
	int64_t id = open_report(f, PARTY_ZALO_USER, "9001", "xin hỏi").id;
	int64_t other = open_report(f, PARTY_ZALO_USER, "9002", "xin hỏi").id;
	struct errbuf eb = {0};

	assert_err(answer(f, id, OUT), ERR_DENIED);
	assert_int_equal(count_sent(f, "số 5").found, 0);
	assert_err(desk_secrecy_clear(f->desk, id, "chào anh", CHIEF, &eb), ERR_INVALID);
	assert_err(desk_secrecy_clear(f->desk, 99, OUT, CHIEF, &eb), ERR_NOT_FOUND);
	assert_ok(desk_secrecy_clear(f->desk, id, OUT, CHIEF, &eb));
	end_turn(&f->s);
	/* This text, for this report. */
	assert_err(answer(f, id, OUT " và số 6"), ERR_DENIED);
	assert_err(answer(f, other, OUT), ERR_DENIED);
	assert_ok(answer(f, id, OUT));
	assert_int_equal(count_sent(f, "số 5").found, 1);
}

struct dialogue {
	int count;
	char first[512];
};

static void keep_entry(void *arg, const struct report_entry *entry)
{
	struct dialogue *d = arg;

	if (!d->count++)
		snprintf(d->first, sizeof(d->first), "%s", entry->text);
}

static void test_a_report_is_taken_off_line_in_two_steps(void **state)
{
	struct desk_fixture *f = *state;
	int64_t id = open_report(f, PARTY_ZALO_USER, "9001", SECRET).id;
	char digits[SECRECY_DIGITS_BYTES] = "", again[SECRECY_DIGITS_BYTES] = "";
	struct dialogue dialogue = {0};
	struct report_guess guess;
	struct errbuf eb = {0};
	CLEAN_BUF print = {0};
	CLEAN_BUF words = {0};

	buf_init(&print, SECRECY_PRINT_MAX);
	assert_ok(answer(f, id, "Đã nhận"));
	assert_err(
		desk_offline_print(f->desk, &key_holder_box, id, "xem", CHIEF, &print, digits, &eb),
		ERR_INVALID);
	assert_ok(desk_offline_print(
		f->desk, &key_holder_box, id, "chứa bí mật nhà nước", CHIEF, &print, digits, &eb));
	end_turn(&f->s);
	assert_non_null(strstr(buf_text(&print), "lực lượng trực đêm giao thừa"));
	assert_non_null(strstr(buf_text(&print), "Đã nhận"));
	assert_non_null(strstr(buf_text(&print), digits));
	assert_int_equal(state_of(f, id).printed_ms, f->s.clock.wall);
	/* Nothing has changed, and what is added must be printed as well. */
	assert_ok(desk_report_note(f->desk, id, "ghi thêm", CHIEF, &eb));
	assert_err(desk_offline_take(f->desk, &key_holder_box, id, digits, CHIEF, &eb), ERR_STATE);
	buf_reset(&print);
	assert_ok(desk_offline_print(
		f->desk, &key_holder_box, id, "chứa bí mật nhà nước", CHIEF, &print, again, &eb));
	assert_string_not_equal(again, digits);
	assert_ok(desk_offline_take(f->desk, &key_holder_box, id, again, CHIEF, &eb));
	end_turn(&f->s);
	assert_ok(report_entries(f->s.store, &key_holder_box, id, keep_entry, &dialogue));
	assert_int_equal(dialogue.count, 1);
	assert_non_null(strstr(dialogue.first, "đưa ra khỏi hệ thống"));
	buf_init(&words, REPORT_GUESS_WORDS_MAX);
	if (!report_guess_load(f->s.store, &key_holder_box, id, &guess, &words))
		assert_string_equal(buf_text(&words), "");
	assert_int_equal(count_sent(f, "Đã nhận").found, 0);
	assert_int_equal(state_of(f, id).offline_ms, f->s.clock.wall);
	/* It goes on being a report. */
	assert_ok(answer(f, id, "Anh đến trụ sở nhé"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_what_comes_in_is_taken_and_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_note_is_screened_and_the_chief_told_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_an_answer_waits_for_the_chief, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_report_is_taken_off_line_in_two_steps, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
