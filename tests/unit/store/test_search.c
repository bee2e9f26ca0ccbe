/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words are found by who may read them, and nobody else; keys that were brought home are used. */
#include "store/retention.h"
#include "store/search.h"
#include "tests/unit/store/support.h"

struct found {
	struct search *search;
	enum err err;
};

static bool has_words(void *arg, const char *text)
{
	return strstr(text, arg) != NULL;
}

static int64_t add_report(struct store_fixture *f, const char *text)
{
	struct report report;

	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = party_of(f, RESIDENT),
			.source = "modem",
			.received_ms = f->clock.wall,
			.text = text},
		&report));
	end_turn(f);
	return report.id;
}

static struct search *search_for(
	struct store_fixture *f, const struct key_holder *reader, char *words, int limit)
{
	struct search *search;

	assert_ok(search_new(&(struct search_options){.store = f->store,
				     .reader = reader,
				     .matches = words ? has_words : NULL,
				     .arg = words,
				     .limit = limit},
		&search));
	assert_ok(search_run(search));
	return search;
}

/* How many reports have the words; keeps what was learnt, and says how much that was. */
static int count_hits(
	struct store_fixture *f, const struct key_holder *reader, char *words, int *ret_learnt)
{
	struct search *search = search_for(f, reader, words, 10);
	int count, learnt = 0;

	search_hits(search, &count);
	assert_int_equal(search_damaged(search), 0);
	while (search_keep(search, 1) == ERR_OK)
		learnt++;
	end_turn(f);
	if (ret_learnt)
		*ret_learnt = learnt;
	search_free(search);
	return count;
}

static void test_the_box_finds_until_it_is_claimed(void **state)
{
	struct store_fixture *f = *state;
	int learnt;

	add_report(f, "chay nha o ap 3");
	add_report(f, "mat xe o ap 3");
	assert_int_equal(count_hits(f, &key_holder_box, "ap 3", &learnt), 2);
	assert_int_equal(learnt, 2);
	assert_int_equal(count_hits(f, &key_holder_box, "chay", &learnt), 1);
	assert_int_equal(learnt, 0);
	assert_int_equal(count_hits(f, &key_holder_box, "khong co", NULL), 0);
	assert_int_equal(count_hits(f, &key_holder_box, NULL, NULL), 0);
}

static struct key_holder officer_of(int64_t id, struct keypair **pair)
{
	assert_ok(keypair_new(pair));
	return (struct key_holder){.id = id, .pair = *pair};
}

static void give(struct store_fixture *f, int64_t report_id, const struct key_holder *officer)
{
	struct keypair *pair;

	assert_ok(report_key_open(f->store, &key_holder_box, report_id, &pair));
	assert_ok(report_key_give(
		f->store, report_id, pair, officer->id, keypair_public(officer->pair)));
	keypair_free(pair);
	end_turn(f);
}

static void test_an_officer_finds_what_is_his(void **state)
{
	struct store_fixture *f = *state;
	struct keypair *pair, *other_pair;
	struct key_holder officer = officer_of(1, &pair), other = officer_of(2, &other_pair);
	int64_t first = add_report(f, "chay nha o ap 3"),
		second = add_report(f, "danh nhau o ap 3");
	int learnt;

	give(f, first, &officer);
	assert_int_equal(count_hits(f, &officer, "ap 3", &learnt), 1);
	assert_int_equal(learnt, 1);
	assert_int_equal(count_hits(f, &officer, "ap 3", &learnt), 1);
	assert_int_equal(learnt, 0);
	assert_int_equal(count_hits(f, &other, "ap 3", NULL), 0);
	give(f, second, &officer);
	assert_int_equal(count_hits(f, &officer, "ap 3", &learnt), 2);
	assert_int_equal(learnt, 1);
	/* What was brought home is of no use to another, nor to him once it is withdrawn. */
	assert_int_equal(raw_exec(f->path,
				 "INSERT INTO entry_key SELECT 2, entry_id, sealed FROM entry_key"),
		SQLITE_OK);
	give(f, first, &other);
	assert_int_equal(count_hits(f, &other, "ap 3", &learnt), 1);
	assert_int_equal(learnt, 1);
	assert_ok(report_key_withdraw(f->store, first, officer.id));
	end_turn(f);
	assert_int_equal(count_hits(f, &officer, "ap 3", NULL), 1);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM entry_key WHERE holder = 1"), 1);
	keypair_free(pair);
	keypair_free(other_pair);
}

static void test_what_is_erased_leaves_no_key(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = add_report(f, "chay nha o ap 3");
	struct search *search;

	assert_int_equal(count_hits(f, &key_holder_box, "ap 3", NULL), 1);
	assert_ok(report_erase(f->store, id));
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM entry_key"), 0);
	assert_int_equal(count_hits(f, &key_holder_box, "ap 3", NULL), 0);
	/* Erased between the search and its keeping. */
	id = add_report(f, "mat xe o ap 3");
	search = search_for(f, &key_holder_box, "ap 3", 10);
	assert_ok(report_erase(f->store, id));
	assert_ok(search_keep(search, 10));
	end_turn(f);
	search_free(search);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM entry_key"), 0);
}

static void test_newest_first_one_a_report(void **state)
{
	struct store_fixture *f = *state;
	int64_t first = add_report(f, "ap 3 mot"), second = add_report(f, "ap 3 hai");
	const struct search_hit *hits;
	struct search *search;
	int count;

	assert_ok(report_entry_add(
		f->store, first, REPORT_ENTRY_AMENDED, f->clock.wall + 1, 0, "ap 3 ba"));
	end_turn(f);
	search = search_for(f, &key_holder_box, "ap 3", 10);
	hits = search_hits(search, &count);
	assert_int_equal(count, 2);
	assert_int_equal(hits[0].report_id, first);
	assert_int_equal(hits[0].at_ms, f->clock.wall + 1);
	assert_int_equal(hits[1].report_id, second);
	assert_false(search_is_cut(search));
	search_free(search);
	search = search_for(f, &key_holder_box, "ap 3", 1);
	search_hits(search, &count);
	assert_int_equal(count, 1);
	assert_true(search_is_cut(search));
	search_free(search);
}

static void test_damage_hides_nothing_else(void **state)
{
	struct store_fixture *f = *state;
	struct search *search;
	int count;

	add_report(f, "ap 3 mot");
	add_report(f, "ap 3 hai");
	assert_int_equal(
		raw_exec(f->path,
			"UPDATE report_entry SET text = zeroblob(length(text)) WHERE id = 2"),
		SQLITE_OK);
	search = search_for(f, &key_holder_box, "ap 3", 10);
	search_hits(search, &count);
	assert_int_equal(count, 1);
	assert_int_equal(search_damaged(search), 1);
	search_free(search);
}

static void test_it_stops_when_told(void **state)
{
	struct store_fixture *f = *state;
	struct search *search;
	int count;

	add_report(f, "ap 3 mot");
	assert_ok(search_new(&(struct search_options){.store = f->store,
				     .reader = &key_holder_box,
				     .matches = has_words,
				     .arg = "ap 3",
				     .limit = 10},
		&search));
	search_stop(search);
	assert_ok(search_run(search));
	search_hits(search, &count);
	assert_int_equal(count, 0);
	assert_true(search_is_cut(search));
	search_free(search);
	search_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_box_finds_until_it_is_claimed),
		STORE_TEST(test_an_officer_finds_what_is_his),
		STORE_TEST(test_what_is_erased_leaves_no_key),
		STORE_TEST(test_newest_first_one_a_report),
		STORE_TEST(test_damage_hides_nothing_else),
		STORE_TEST(test_it_stops_when_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
