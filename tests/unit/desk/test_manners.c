/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flood: receipts stop where they have to, and nothing else does. Everything is in the register,
 * a danger is answered and rings, and an hour later everybody is answered again.
 */
#include "daemon/base/str.h"
#include "daemon/desk/question.h"
#include "tests/unit/desk/support.h"

#define CROWD (DESK_RECEIPTS_HAMLET / DESK_RECEIPTS_NUMBER) /* phones that use up a hamlet's */

/* One report of phone 0, 1, ... in a hamlet, "" unknown. */
static void write_one(struct desk_fixture *f, int phone, const char *hamlet, bool is_danger)
{
	const struct report_guess guess = {.category = "fire", .is_danger = is_danger};
	struct report report;
	struct party party;
	char number[24];

	snprintf(number, sizeof(number), "+8490000%04d", phone);
	assert_ok(party_get(f->s.store, PARTY_PHONE, number, &party));
	assert_ok(desk_report_open(f->desk,
		&(struct report_new){.party_id = party.id,
			.source = "modem",
			.received_ms = f->s.clock.wall,
			.hamlet = hamlet,
			.text = "loa phường kêu suốt đêm",
			.guess = &guess,
			.guess_words = ""},
		&report));
}

/* So many; commits now and then, as the loop would. */
static void write_many(struct desk_fixture *f, int count, int phone, const char *hamlet)
{
	for (int i = 0; i < count; i++)
		write_one(f, phone, hamlet, false);
	end_turn(&f->s);
}

struct count {
	int receipts, alarms;
};

static void count_row(void *arg, const struct outbox_row *row)
{
	struct count *count = arg;

	count->receipts += row->kind == OUTBOX_KIND_RECEIPT;
	count->alarms += row->kind == OUTBOX_KIND_ALARM;
}

static struct count count_all(struct desk_fixture *f)
{
	struct count count = {0};

	assert_ok(outbox_list(f->s.store, 0, 100000, count_row, &count));
	return count;
}

static void expect(struct desk_fixture *f, int receipts, int64_t reports)
{
	int64_t stored;

	assert_int_equal(count_all(f).receipts, receipts);
	assert_ok(report_count(f->s.store, NULL, &stored));
	assert_int_equal(stored, reports);
}

static void restart(struct desk_fixture *f)
{
	static const char *const phones[] = {DUTY_PHONE};

	desk_free(f->desk);
	store_close(f->s.store);
	store_fixture_open(&f->s);
	assert_ok(desk_new(&(struct desk_options){.store = f->s.store,
				   .has_modem = true,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&f->desk));
}

static void test_one_number(void **state)
{
	struct desk_fixture f;
	struct count before, after;

	(void)state;
	start(&f, true, false, false);
	write_many(&f, DESK_RECEIPTS_NUMBER - 1, 1, "");
	expect(&f, DESK_RECEIPTS_NUMBER - 1, DESK_RECEIPTS_NUMBER - 1);
	write_many(&f, 2, 1, "");
	expect(&f, DESK_RECEIPTS_NUMBER, DESK_RECEIPTS_NUMBER + 1);
	/* Others are not held to it. */
	write_many(&f, 1, 2, "");
	expect(&f, DESK_RECEIPTS_NUMBER + 1, DESK_RECEIPTS_NUMBER + 2);
	/* Danger: the emergency numbers go to him, and the duty phone rings. */
	before = count_all(&f);
	write_one(&f, 1, "", true);
	end_turn(&f.s);
	after = count_all(&f);
	assert_int_equal(after.receipts, before.receipts + 1);
	assert_int_equal(after.alarms, before.alarms + 1);
	finish(&f);
}

/* What was said counts on after a restart, and the hour runs by the clock that it began by. */
static void test_a_restart_and_the_hours_end(void **state)
{
	struct desk_fixture f;
	const int most = DESK_RECEIPTS_NUMBER;

	(void)state;
	start(&f, true, false, false);
	write_many(&f, most + 5, 1, "");
	expect(&f, most, most + 5);
	restart(&f);
	write_many(&f, 1, 1, "");
	expect(&f, most, most + 6);
	clock_virtual_advance(&f.s.clock, DESK_SAID_WINDOW_MS - 1);
	assert_ok(desk_manners_tick(f.desk));
	write_many(&f, 1, 1, "");
	expect(&f, most, most + 7);
	clock_virtual_advance(&f.s.clock, 1);
	assert_ok(desk_manners_tick(f.desk));
	write_many(&f, 1, 1, "");
	expect(&f, most + 1, most + 8);
	/* A clock that had been ahead, and was set back, holds nobody to the hour that never was.
	 */
	write_many(&f, most, 1, "");
	expect(&f, 2 * most, 2 * most + 8);
	f.s.clock.wall -= DAY_MS;
	write_many(&f, 1, 1, "");
	expect(&f, 2 * most + 1, 2 * most + 9);
	finish(&f);
}

static void test_a_hamlet_and_the_box(void **state)
{
	const int hamlets = DESK_RECEIPTS_BOX / DESK_RECEIPTS_HAMLET;
	struct desk_fixture f;
	struct count before, after;
	int64_t written = 0;
	char code[16];

	(void)state;
	start(&f, true, false, false);
	for (int hamlet = 0; hamlet < hamlets; hamlet++) {
		snprintf(code, sizeof(code), "thon-%d", hamlet);
		for (int i = 0; i < CROWD; i++)
			write_many(&f, DESK_RECEIPTS_NUMBER, hamlet * CROWD + i, code);
		written += DESK_RECEIPTS_HAMLET;
		/* Nobody else of this hamlet, while there is something left over all. */
		write_many(&f, 1, 1000 + hamlet, code);
		written++;
		expect(&f, (hamlet + 1) * DESK_RECEIPTS_HAMLET, written);
	}
	assert_int_equal(count_all(&f).receipts, DESK_RECEIPTS_BOX);
	/* And then nobody at all, wherever he lives, */
	write_many(&f, 1, 2000, "thon-moi");
	write_many(&f, 1, 2001, "");
	expect(&f, DESK_RECEIPTS_BOX, written + 2);
	/* but for who is in danger. */
	before = count_all(&f);
	write_one(&f, 2002, "thon-0", true);
	end_turn(&f.s);
	after = count_all(&f);
	assert_int_equal(after.receipts, before.receipts + 1);
	assert_int_equal(after.alarms, before.alarms + 1);
	clock_virtual_advance(&f.s.clock, DESK_SAID_WINDOW_MS);
	write_many(&f, 1, 2000, "thon-0");
	assert_int_equal(count_all(&f).receipts, after.receipts + 1);
	finish(&f);
}

/* In the letters that he writes, unless the commune wants none with marks. */
static void test_letters(void **state)
{
	static const struct {
		bool has_marks, is_plain, is_marked;
	} cases[] = {{false, false, false}, {true, false, true}, {true, true, false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct desk_fixture f;
		struct outbox_listing l;
		struct party party;

		start(&f, true, false, false);
		desk_free(f.desk);
		assert_ok(desk_new(&(struct desk_options){.store = f.s.store,
					   .has_modem = true,
					   .sms_is_plain = cases[i].is_plain},
			&f.desk));
		assert_ok(party_get(f.s.store, PARTY_PHONE, RESIDENT, &party));
		assert_false(party.has_marks);
		assert_ok(party_set_marks(f.s.store, party.id, cases[i].has_marks));
		(void)open_report(&f, PARTY_PHONE, RESIDENT, "loa kêu suốt đêm");
		l = list_outbox(&f.s);
		assert_int_equal(l.count, 1);
		assert_true(outbox_says(&f.s, l.rows[0].id,
			cases[i].is_marked ? "đã nhận tin số 1" : "da nhan duoc tin"));
		finish(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_number),
		cmocka_unit_test(test_a_restart_and_the_hours_end),
		cmocka_unit_test(test_a_hamlet_and_the_box),
		cmocka_unit_test(test_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
