/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/store/support.h"

static struct inbox_new incoming(struct store_fixture *f, const char *channel, const char *id)
{
	return (struct inbox_new){.channel = channel,
		.external_id = id,
		.kind = INBOX_KIND_TEXT,
		.party_id = party_of(f, RESIDENT),
		.received_ms = FIXTURE_WALL_MS,
		.sent_ms = FIXTURE_WALL_MS - 1000,
		.body = "Chay nha",
		.body_bytes = 8};
}

static void assert_body(struct store_fixture *f, int64_t id, const char *expected)
{
	CLEAN_BUF body = {0};

	buf_init(&body, INBOX_BODY_MAX);
	assert_ok(inbox_body(f->store, id, &body));
	assert_string_equal(buf_text(&body), expected);
}

static void assert_no_body(struct store_fixture *f, int64_t id)
{
	CLEAN_BUF body = {0};

	buf_init(&body, INBOX_BODY_MAX);
	assert_err(inbox_body(f->store, id, &body), ERR_NOT_FOUND);
}

static void test_an_external_id_is_one_message(void **state)
{
	struct store_fixture *f = *state;
	struct inbox_new in = incoming(f, "modem", "sim/SM/1/1");
	int64_t first, again = -1, other;

	assert_ok(inbox_add(f->store, &in, &first));
	in.body = "other words";
	in.body_bytes = 11;
	assert_err(inbox_add(f->store, &in, &again), ERR_EXISTS);
	assert_int_equal(again, first);
	assert_body(f, first, "Chay nha");
	/* The same id on another channel, another id with the same words. */
	in.channel = "zalo_user";
	assert_ok(inbox_add(f->store, &in, &other));
	assert_int_not_equal(other, first);
	in = incoming(f, "modem", "sim/SM/1/2");
	assert_ok(inbox_add(f->store, &in, &other));
	assert_int_not_equal(other, first);
	end_turn(f);
	close_store(f);
	store_fixture_open(f);
	in = incoming(f, "modem", "sim/SM/1/1");
	assert_err(inbox_add(f->store, &in, &again), ERR_EXISTS);
	assert_int_equal(again, first);
}

static void test_a_lost_turn_frees_the_id(void **state)
{
	struct store_fixture *f = *state;
	struct inbox_new in = incoming(f, "modem", "1");
	int64_t id;

	assert_ok(inbox_add(f->store, &in, &id));
	turn_abort(f->store, ERR_DISK_FULL);
	assert_no_body(f, id);
	in = incoming(f, "modem", "1");
	assert_ok(inbox_add(f->store, &in, &id));
	assert_body(f, id, "Chay nha");
}

static void test_ids_and_bodies_have_bounds(void **state)
{
	static char body[INBOX_BODY_MAX + 1];
	char id[INBOX_EXTERNAL_ID_MAX + 1];
	struct store_fixture *f = *state;
	struct inbox_new in = incoming(f, "modem", "");
	int64_t row = -1;

	assert_err(inbox_add(f->store, &in, &row), ERR_INVALID);
	memset(id, 'i', sizeof(id));
	id[INBOX_EXTERNAL_ID_MAX] = 0;
	in.external_id = id;
	assert_err(inbox_add(f->store, &in, &row), ERR_INVALID);
	id[INBOX_EXTERNAL_ID_MAX - 1] = 0;
	in.body = body;
	in.body_bytes = sizeof(body);
	assert_err(inbox_add(f->store, &in, &row), ERR_TOO_BIG);
	assert_int_equal(row, -1);
	in.body_bytes = sizeof(body) - 1;
	assert_ok(inbox_add(f->store, &in, &row));
}

static void test_any_bytes_and_none_are_kept(void **state)
{
	static const char raw[] = "a\0b\xff";
	struct store_fixture *f = *state;
	struct inbox_new in = incoming(f, "modem", "1");
	CLEAN_BUF body = {0};
	int64_t id;

	in.body = raw;
	in.body_bytes = sizeof(raw);
	assert_ok(inbox_add(f->store, &in, &id));
	buf_init(&body, 64);
	assert_ok(inbox_body(f->store, id, &body));
	assert_int_equal(body.len, sizeof(raw));
	assert_memory_equal(body.data, raw, sizeof(raw));
	in.external_id = "2";
	in.body = "";
	in.body_bytes = 0;
	assert_ok(inbox_add(f->store, &in, &id));
	assert_body(f, id, "");
}

static void test_moves_are_those_of_the_picture(void **state)
{
	static const struct {
		enum inbox_state from, to;
		bool is_allowed;
	} moves[] = {
		{INBOX_NEW, INBOX_NEW, false},
		{INBOX_NEW, INBOX_WAITING, true},
		{INBOX_NEW, INBOX_HANDLED, true},
		{INBOX_NEW, INBOX_IGNORED, true},
		{INBOX_WAITING, INBOX_NEW, false},
		{INBOX_WAITING, INBOX_WAITING, false},
		{INBOX_WAITING, INBOX_HANDLED, true},
		{INBOX_WAITING, INBOX_IGNORED, true},
		{INBOX_HANDLED, INBOX_NEW, false},
		{INBOX_HANDLED, INBOX_WAITING, false},
		{INBOX_HANDLED, INBOX_HANDLED, false},
		{INBOX_HANDLED, INBOX_IGNORED, false},
		{INBOX_IGNORED, INBOX_NEW, false},
		{INBOX_IGNORED, INBOX_WAITING, false},
		{INBOX_IGNORED, INBOX_HANDLED, false},
		{INBOX_IGNORED, INBOX_IGNORED, false},
	};
	struct store_fixture *f = *state;
	char external_id[16];

	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		int64_t id;

		snprintf(external_id, sizeof(external_id), "%zu", i);
		id = add_inbox(f, external_id, "x");
		if (moves[i].from != INBOX_NEW)
			assert_ok(inbox_move(f->store, id, moves[i].from, 0, NULL));
		assert_err(inbox_move(f->store, id, moves[i].to, 0, NULL),
			moves[i].is_allowed ? ERR_OK : ERR_STATE);
	}
	assert_err(inbox_move(f->store, 4711, INBOX_HANDLED, 0, NULL), ERR_NOT_FOUND);
}

static void test_the_handled_lose_their_words(void **state)
{
	struct store_fixture *f = *state;
	int64_t handled = add_inbox(f, "1", "x"), waiting = add_inbox(f, "2", "y"),
		ignored = add_inbox(f, "3", "z"), repeat = add_inbox(f, "4", "x");

	assert_ok(inbox_move(f->store, handled, INBOX_HANDLED, 0, NULL));
	assert_ok(inbox_move(f->store, waiting, INBOX_WAITING, 0, NULL));
	assert_ok(inbox_move(f->store, ignored, INBOX_IGNORED, 0, "other"));
	assert_ok(inbox_move(f->store, repeat, INBOX_IGNORED, 0, INBOX_REPEAT));
	assert_no_body(f, handled);
	assert_body(f, waiting, "y");
	assert_body(f, ignored, "z");
	assert_no_body(f, repeat);
	end_turn(f);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM inbox WHERE state = 'HANDLED' AND body NOT NULL"),
		0);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox WHERE reason = 'repeat'"), 1);
}

/* The words of a report that nobody can read are none: what came stays, for who reads the report.
 */
static void test_data_outlive_their_report(void **state)
{
	struct store_fixture *f = *state;
	struct inbox_new in = incoming(f, "modem", "data");
	struct report report;
	int64_t id, none;
	struct buf raw;

	in.kind = INBOX_KIND_OTHER;
	in.body = "050003a7020100ff42";
	in.body_bytes = strlen(in.body);
	assert_ok(inbox_add(f->store, &in, &id));
	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = in.party_id,
			.source = "modem",
			.received_ms = FIXTURE_WALL_MS,
			.text = "x"},
		&report));
	buf_init(&raw, 64);
	assert_err(inbox_raw(f->store, &key_holder_box, id, &raw), ERR_NOT_FOUND);
	assert_ok(inbox_move(f->store, id, INBOX_HANDLED, report.id, NULL));
	assert_ok(inbox_raw(f->store, &key_holder_box, id, &raw));
	assert_string_equal(buf_text(&raw), "050003a7020100ff42");
	assert_err(inbox_raw(f->store, &(struct key_holder){.id = 1}, id, &raw), ERR_DENIED);
	buf_reset(&raw);
	assert_err(inbox_body(f->store, id, &raw), ERR_WRONG_KEY);
	in.external_id = "no report";
	assert_ok(inbox_add(f->store, &in, &none));
	assert_ok(inbox_move(f->store, none, INBOX_HANDLED, 0, NULL));
	assert_body(f, none, "050003a7020100ff42");
	buf_done(&raw);
}

struct inbox_page {
	struct inbox_row rows[8];
	int count;
};

static void keep_row(void *arg, const struct inbox_row *row)
{
	struct inbox_page *page = arg;

	assert_true(page->count < 8);
	page->rows[page->count++] = *row;
}

static void test_lists_newest_first(void **state)
{
	struct store_fixture *f = *state;
	struct inbox_page page = {.count = 0};
	struct inbox_new in = incoming(f, "zalo_user", "1");
	struct report report;
	int64_t id, count;

	in.kind = INBOX_KIND_MEDIA;
	assert_ok(inbox_add(f->store, &in, &id));
	add_inbox(f, "2", "x");
	add_inbox(f, "3", "x");
	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = in.party_id,
			.source = "zalo_user",
			.received_ms = FIXTURE_WALL_MS,
			.text = "x"},
		&report));
	assert_ok(inbox_move(f->store, id, INBOX_HANDLED, report.id, NULL));
	assert_ok(inbox_list(f->store, 0, 2, keep_row, &page));
	assert_int_equal(page.count, 2);
	assert_int_equal(page.rows[0].id, 3);
	assert_int_equal(page.rows[1].id, 2);
	page.count = 0;
	assert_ok(inbox_list(f->store, 2, 8, keep_row, &page));
	assert_int_equal(page.count, 1);
	assert_int_equal(page.rows[0].id, id);
	assert_string_equal(page.rows[0].channel, "zalo_user");
	assert_int_equal(page.rows[0].kind, INBOX_KIND_MEDIA);
	assert_int_equal(page.rows[0].state, INBOX_HANDLED);
	assert_int_equal(page.rows[0].party_id, in.party_id);
	assert_int_equal(page.rows[0].report_id, report.id);
	assert_int_equal(page.rows[0].received_ms, in.received_ms);
	assert_int_equal(page.rows[0].sent_ms, in.sent_ms);
	assert_int_equal(page.rows[0].part_total, 0);
	assert_ok(inbox_count(f->store, INBOX_NEW, &count));
	assert_int_equal(count, 2);
	assert_ok(inbox_count(f->store, INBOX_HANDLED, &count));
	assert_int_equal(count, 1);
}

static void test_what_can_not_be_handled_is_kept_raw(void **state)
{
	struct store_fixture *f = *state;
	int64_t id, count;

	assert_ok(quarantine_add(f->store, "modem", "INVALID", "\xff\0raw", 5, &id));
	assert_ok(quarantine_add(f->store, "modem", "INVALID", NULL, 0, &id));
	assert_int_equal(id, 2);
	assert_ok(quarantine_count(f->store, &count));
	assert_int_equal(count, 2);
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT length(raw) FROM quarantine WHERE id = 1"),
		5 + VAULT_SEAL_EXTRA_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_an_external_id_is_one_message),
		STORE_TEST(test_a_lost_turn_frees_the_id),
		STORE_TEST(test_ids_and_bodies_have_bounds),
		STORE_TEST(test_any_bytes_and_none_are_kept),
		STORE_TEST(test_moves_are_those_of_the_picture),
		STORE_TEST(test_the_handled_lose_their_words),
		STORE_TEST(test_data_outlive_their_report),
		STORE_TEST(test_lists_newest_first),
		STORE_TEST(test_what_can_not_be_handled_is_kept_raw),
	};

	return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
