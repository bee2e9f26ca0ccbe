/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who can read which report, before and after the box is claimed. */
#include "store/event.h"
#include "store/escrow.h"
#include "store/report_key.h"
#include "tests/unit/store/support.h"

struct people {
	struct keypair *escrow, *chief, *area;
};

static struct people people_new(void)
{
	struct people p;

	assert_ok(keypair_new(&p.escrow));
	assert_ok(keypair_new(&p.chief));
	assert_ok(keypair_new(&p.area));
	return p;
}

static void people_free(struct people *p)
{
	keypair_free(p->escrow);
	keypair_free(p->chief);
	keypair_free(p->area);
}

static struct key_holder escrow_of(const struct people *p)
{
	return (struct key_holder){KEY_HOLDER_ESCROW, p->escrow};
}

static struct key_holder chief_of(const struct people *p)
{
	return (struct key_holder){1, p->chief};
}

static struct key_holder area_of(const struct people *p)
{
	return (struct key_holder){2, p->area};
}

static struct report_new report_of(struct store_fixture *f, const char *text)
{
	return (struct report_new){.party_id = party_of(f, RESIDENT),
		.source = "modem",
		.received_ms = FIXTURE_WALL_MS,
		.text = text};
}

static int64_t add_report(struct store_fixture *f, const char *text)
{
	struct report_new in = report_of(f, text);
	struct report report;

	assert_ok(report_add(f->store, &in, &report));
	return report.id;
}

static void keep_text(void *arg, const struct report_entry *entry)
{
	snprintf(arg, 64, "%s", entry->text);
}

static enum err reads(struct store_fixture *f, struct key_holder who, int64_t id, const char *words)
{
	char text[64] = "";
	enum err err = report_entries(f->store, &who, id, keep_text, text);

	if (!err)
		assert_string_equal(text, words);
	return err;
}

static enum err to_chief(void *arg, int64_t report_id, const struct keypair *pair)
{
	struct store_fixture *f = ((void **)arg)[0];
	struct people *p = ((void **)arg)[1];

	return report_key_give(f->store, report_id, pair, 1, keypair_public(p->chief));
}

static enum err new_to_chief(void *arg, const struct report *report, const struct keypair *pair)
{
	return to_chief(arg, report->id, pair);
}

static void test_a_box_without_officers_reads_itself(void **state)
{
	struct store_fixture *f = *state;
	struct people p = people_new();
	int64_t id = add_report(f, "one");
	uint8_t none[KEYPAIR_PUBLIC_BYTES];

	assert_err(escrow_public(f->store, none), ERR_NOT_FOUND);
	assert_ok(reads(f, key_holder_box, id, "one"));
	assert_err(reads(f, chief_of(&p), id, ""), ERR_DENIED);
	assert_err(reads(f, escrow_of(&p), id, ""), ERR_DENIED);
	assert_err(reads(f, key_holder_box, 4711, ""), ERR_DENIED);
	people_free(&p);
}

static void test_a_claimed_box_reads_no_more(void **state)
{
	static const uint8_t zero[KEYPAIR_PUBLIC_BYTES];
	struct store_fixture *f = *state;
	struct people p = people_new();
	void *arg[] = {f, &p};
	int64_t old = add_report(f, "old"), handed, new;
	struct report report;
	struct report_new in = report_of(f, "new");

	assert_err(report_key_hand_over(f->store, to_chief, arg, &handed), ERR_NOT_FOUND);
	assert_err(escrow_claim(f->store, zero), ERR_INVALID);
	assert_ok(escrow_claim(f->store, keypair_public(p.escrow)));
	assert_err(escrow_claim(f->store, keypair_public(p.chief)), ERR_EXISTS);
	in.share = new_to_chief;
	in.share_arg = arg;
	assert_ok(report_add(f->store, &in, &report));
	new = report.id;
	assert_err(reads(f, key_holder_box, new, ""), ERR_DENIED);
	assert_ok(reads(f, chief_of(&p), new, "new"));
	assert_ok(reads(f, escrow_of(&p), new, "new"));
	assert_err(reads(f, area_of(&p), new, ""), ERR_DENIED);
	/* What was there before is handed over report by report. */
	assert_ok(reads(f, key_holder_box, old, "old"));
	assert_ok(report_key_hand_over(f->store, to_chief, arg, &handed));
	assert_int_equal(handed, old);
	assert_err(report_key_hand_over(f->store, to_chief, arg, &handed), ERR_NOT_FOUND);
	assert_err(reads(f, key_holder_box, old, ""), ERR_DENIED);
	assert_ok(reads(f, chief_of(&p), old, "old"));
	assert_ok(reads(f, escrow_of(&p), old, "old"));
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM report_key WHERE holder = 0"), 0);
	people_free(&p);
}

/* Nobody is logged in, and the box goes on sealing. */
static void test_a_box_writes_what_it_can_not_read(void **state)
{
	struct store_fixture *f = *state;
	struct report_guess guess = {.category = "fire", .is_danger = true}, back;
	struct people p = people_new();
	struct key_holder escrow = escrow_of(&p);
	struct buf words;
	int64_t id;

	assert_ok(escrow_claim(f->store, keypair_public(p.escrow)));
	id = add_report(f, "one");
	assert_ok(report_entry_add(
		f->store, id, REPORT_ENTRY_AMENDED, FIXTURE_WALL_MS, 0, "more of it"));
	assert_ok(report_guess_set(f->store, id, &guess, "cháy"));
	assert_ok(reads(f, escrow, id, "more of it"));
	buf_init(&words, REPORT_GUESS_WORDS_MAX);
	assert_ok(report_guess_load(f->store, &escrow, id, &back, &words));
	assert_string_equal(buf_text(&words), "cháy");
	assert_err(report_guess_load(f->store, &key_holder_box, id, &back, &words), ERR_DENIED);
	assert_ok(report_guess_load(f->store, NULL, id, &back, NULL));
	assert_true(back.is_danger);
	buf_done(&words);
	people_free(&p);
}

static void count_holder(void *arg, int64_t holder_id)
{
	int *sum = arg;

	*sum = *sum * 10 + (int)holder_id + 2;
}

static void test_a_reader_admits_another_and_he_can_be_shut_out(void **state)
{
	struct store_fixture *f = *state;
	struct people p = people_new();
	struct key_holder escrow = escrow_of(&p), area = area_of(&p);
	struct keypair *pair;
	int64_t first, second, found, count;
	bool held;
	int sum = 0;

	assert_ok(escrow_claim(f->store, keypair_public(p.escrow)));
	first = add_report(f, "one");
	second = add_report(f, "two");
	assert_ok(report_key_open(f->store, &escrow, first, &pair));
	assert_ok(report_key_give(f->store, first, pair, 2, keypair_public(p.area)));
	assert_ok(report_key_give(f->store, first, pair, 2, keypair_public(p.area)));
	keypair_free(pair);
	assert_ok(reads(f, area, first, "one"));
	assert_err(reads(f, area, second, ""), ERR_DENIED);
	assert_ok(report_key_held(f->store, 2, first, &held));
	assert_true(held);
	assert_ok(report_key_held(f->store, 2, second, &held));
	assert_false(held);
	assert_ok(report_key_next(f->store, 2, 0, &found));
	assert_int_equal(found, first);
	assert_err(report_key_next(f->store, 2, first, &found), ERR_NOT_FOUND);
	assert_ok(report_key_holders(f->store, first, count_holder, &sum));
	assert_int_equal(sum, 14); /* -1 and 2 */
	assert_ok(report_key_withdraw(f->store, first, 2));
	assert_ok(report_key_withdraw(f->store, first, 2));
	assert_err(reads(f, area, first, ""), ERR_DENIED);
	assert_ok(report_key_open(f->store, &escrow, second, &pair));
	assert_ok(report_key_give(f->store, second, pair, 2, keypair_public(p.area)));
	keypair_free(pair);
	assert_ok(report_key_withdraw_all(f->store, 2, &count));
	assert_int_equal(count, 1);
	assert_err(report_key_next(f->store, 2, 0, &found), ERR_NOT_FOUND);
	assert_ok(reads(f, escrow, second, "two"));
	people_free(&p);
}

/* A row that was moved to another report, or another holder, opens nothing. */
static void test_moved_keys_open_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct people p = people_new();
	int64_t first = add_report(f, "one"), second = add_report(f, "two");

	end_turn(f);
	assert_int_equal(
		raw_exec(f->path, "UPDATE report_key SET sealed = (SELECT sealed FROM report_key k"
				  " WHERE k.report_id = 2) WHERE report_id = 1"),
		SQLITE_OK);
	assert_err(reads(f, key_holder_box, first, ""), ERR_WRONG_KEY);
	assert_ok(reads(f, key_holder_box, second, "two"));
	assert_ok(escrow_claim(f->store, keypair_public(p.escrow)));
	add_report(f, "three");
	add_report(f, "four");
	end_turn(f);
	assert_int_equal(
		raw_exec(f->path, "UPDATE report_key SET sealed = (SELECT sealed FROM report_key k"
				  " WHERE k.report_id = 4) WHERE report_id = 3;"
				  "INSERT INTO report_key SELECT 4, 1, sealed FROM report_key"
				  " WHERE report_id = 4 AND holder = -1"),
		SQLITE_OK);
	assert_err(reads(f, escrow_of(&p), 3, ""), ERR_WRONG_KEY);
	assert_err(reads(f, chief_of(&p), 4, ""), ERR_WRONG_KEY);
	assert_err(reads(f, (struct key_holder){.id = KEY_HOLDER_ESCROW}, 4, ""), ERR_WRONG_KEY);
	people_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_box_without_officers_reads_itself),
		STORE_TEST(test_a_claimed_box_reads_no_more),
		STORE_TEST(test_a_box_writes_what_it_can_not_read),
		STORE_TEST(test_a_reader_admits_another_and_he_can_be_shut_out),
		STORE_TEST(test_moved_keys_open_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
