/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that name the chief never get into a report that he reads, also when only the last of them
 * do. */
#include "daemon/base/str.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/keyring.h"
#include "daemon/intake/intake.h"
#include "store/event.h"
#include "store/report_link.h"
#include "tests/lib/store_fixture.h"

#define RESIDENT "+84900000012"

struct town {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	int messages;
};

static void begin(struct town *t)
{
	struct buf words;

	*t = (struct town){.messages = 0};
	store_fixture_init(&t->s);
	assert_ok(desk_new(
		&(struct desk_options){
			.store = t->s.store, .has_modem = true, .dialogue_minutes = 30},
		&t->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = t->s.store, .desk = t->desk}, &t->intake));
	buf_init(&words, 1024);
	assert_ok(keyring_claim(t->desk, "system", &words));
	buf_wipe(&words);
	end_turn(&t->s);
}

static void finish(struct town *t)
{
	intake_free(t->intake);
	desk_free(t->desk);
	store_fixture_done(&t->s);
}

/* Part `seq` of `total`; 0 of 0: a whole message. */
static void text(struct town *t, int seq, int total, const char *words)
{
	char id[32];

	snprintf(id, sizeof(id), "id-%d", ++t->messages);
	assert_ok(intake_accept(
		t->intake, &(struct inbound){.channel = "modem",
				   .external_id = id,
				   .kind = INBOX_KIND_TEXT,
				   .from_kind = PARTY_PHONE,
				   .from = RESIDENT,
				   .concat = {.ref = 7, .ref_bits = 8, .total = total, .seq = seq},
				   .text = words}));
	end_turn(&t->s);
}

static struct report report_at(struct town *t, int64_t id)
{
	struct report report;

	assert_ok(report_load(t->s.store, id, &report));
	return report;
}

static int64_t reports(struct town *t)
{
	int64_t count;

	assert_ok(report_count(t->s.store, NULL, &count));
	return count;
}

static void count_words(void *arg, const struct event_seen *event)
{
	*(int *)arg += str_eq(event->kind, "report.received") ||
		       str_eq(event->kind, "report.amended") || str_eq(event->kind, "report.more");
}

/* How often words were put into it. */
static int times(struct town *t, int64_t id)
{
	char subject[32];
	int count = 0;

	snprintf(subject, sizeof(subject), "report/%lld", (long long)id);
	assert_ok(event_of_subject(t->s.store, subject, count_words, &count));
	return count;
}

static void hand_over_what_there_is(struct town *t)
{
	int64_t next_ms;

	clock_virtual_advance(&t->s.clock, 11 * MINUTE_MS);
	assert_ok(intake_tick(t->intake, &next_ms));
	end_turn(&t->s);
}

static void test_the_rest_of_a_long_message_names_him(void **state)
{
	struct town t;

	(void)state;
	begin(&t);
	text(&t, 1, 2, "Anh cong an vien vu khong, hach sach doi tien dan, ");
	hand_over_what_there_is(&t);
	assert_int_equal(reports(&t), 1);
	assert_int_equal(report_at(&t, 1).book, REPORT_BOOK_CHIEF);
	text(&t, 2, 2, "ca truong cong an xa cung nhan hoi lo");
	assert_int_equal(reports(&t), 2);
	assert_int_equal(report_at(&t, 2).book, REPORT_BOOK_CHAIRMAN);
	assert_true(report_at(&t, 2).is_confined);
	assert_int_equal(report_at(&t, 2).party_id, report_at(&t, 1).party_id);
	assert_int_equal(times(&t, 1), 1);
	assert_int_equal(times(&t, 2), 1);
	finish(&t);
}

/* It says no more than was known: it belongs where it began. */
static void test_the_rest_names_nobody(void **state)
{
	struct town t;

	(void)state;
	begin(&t);
	text(&t, 1, 2, "Anh cong an vien vu khong, hach sach doi tien dan, ");
	hand_over_what_there_is(&t);
	text(&t, 2, 2, "toi co nguoi lam chung");
	assert_int_equal(reports(&t), 1);
	assert_int_equal(times(&t, 1), 2);
	finish(&t);
}

static void test_further_words_name_him(void **state)
{
	struct town t;

	(void)state;
	begin(&t);
	text(&t, 0, 0, "Anh cong an vien vu khong, hach sach doi tien dan");
	text(&t, 0, 0, "Anh cong an vien con hach sach doi tien nhieu nguoi");
	assert_int_equal(reports(&t), 1);
	text(&t, 0, 0, "Truong cong an xa nhan tien hoi lo cua dan");
	assert_int_equal(reports(&t), 2);
	assert_int_equal(report_at(&t, 2).book, REPORT_BOOK_CHAIRMAN);
	assert_int_equal(times(&t, 1), 2);
	/* More of that goes to that. */
	text(&t, 0, 0, "Truong cong an xa con hach sach doi tien nhieu nguoi");
	assert_int_equal(reports(&t), 2);
	assert_int_equal(times(&t, 2), 2);
	finish(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_rest_of_a_long_message_names_him),
		cmocka_unit_test(test_the_rest_names_nobody),
		cmocka_unit_test(test_further_words_name_him),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
