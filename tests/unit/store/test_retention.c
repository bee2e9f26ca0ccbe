/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closed reports lose their sender, then their words; what was erased is nowhere in the files. */
#include "store/attachment.h"
#include "store/identity.h"
#include "store/report_link.h"
#include "store/retention.h"
#include "tests/unit/store/support.h"

#define WORDS "chay nha o ap 3"

static void commit(struct store_fixture *f)
{
	struct errbuf eb = {0};

	assert_ok(turn_end(f->store, &eb));
}

static struct report add_report(struct store_fixture *f, const char *phone)
{
	struct report report;

	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = party_of(f, phone),
			.source = "modem",
			.received_ms = f->clock.wall,
			.text = WORDS},
		&report));
	return report;
}

static struct retention of(struct store_fixture *f, int64_t report_id)
{
	struct retention retention;

	assert_ok(retention_load(f->store, report_id, &retention));
	return retention;
}

static void close_report(struct store_fixture *f, int64_t id)
{
	assert_ok(report_set_state(f->store, id, "closed"));
	assert_ok(retention_plan(f->store, id, f->clock.wall + DAY_MS, f->clock.wall + 2 * DAY_MS));
}

static void count_report(void *arg, const struct report *report)
{
	int *count = arg;

	(void)report;
	++*count;
}

static int due(struct store_fixture *f, enum retention_step step)
{
	int count = 0;

	assert_ok(retention_due(f->store, step, f->clock.wall, 0, 10, count_report, &count));
	return count;
}

static int unplanned(struct store_fixture *f)
{
	int count = 0;

	assert_ok(retention_unplanned(f->store, 10, count_report, &count));
	return count;
}

static enum err address_of(struct store_fixture *f, int64_t party_id)
{
	CLEAN_BUF out = {0};

	buf_init(&out, PARTY_ADDRESS_MAX);
	return party_address(f->store, party_id, &out);
}

static int64_t sender_of(struct store_fixture *f, int64_t report_id)
{
	struct report report;

	assert_ok(report_load(f->store, report_id, &report));
	return report.party_id;
}

static void test_dates_belong_to_a_closed_report(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = add_report(f, RESIDENT).id;

	assert_int_equal(unplanned(f), 0);
	assert_ok(report_set_state(f->store, id, "closed"));
	assert_int_equal(of(f, id).closed_ms, f->clock.wall);
	assert_int_equal(unplanned(f), 1);
	assert_ok(retention_plan(f->store, id, f->clock.wall + DAY_MS, f->clock.wall + 2 * DAY_MS));
	assert_int_equal(unplanned(f), 0);
	assert_int_equal(due(f, RETENTION_SANITISE), 0);
	clock_virtual_advance(&f->clock, DAY_MS);
	assert_int_equal(due(f, RETENTION_SANITISE), 1);
	assert_int_equal(due(f, RETENTION_ERASE), 0);
	/* Closed once more it is closed since the first time; opened again it has no dates. */
	assert_ok(report_set_state(f->store, id, "closed"));
	assert_int_equal(of(f, id).closed_ms, FIXTURE_WALL_MS);
	assert_ok(report_set_state(f->store, id, "open"));
	assert_int_equal(of(f, id).closed_ms, 0);
	assert_int_equal(of(f, id).erase_due_ms, 0);
	clock_virtual_advance(&f->clock, DAY_MS);
	assert_int_equal(due(f, RETENTION_SANITISE) + due(f, RETENTION_ERASE), 0);
}

static void test_a_held_report_stays(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = add_report(f, RESIDENT).id;
	struct retention_holder holder;
	CLEAN_BUF reason = {0};

	buf_init(&reason, RETENTION_REASON_MAX);
	close_report(f, id);
	clock_virtual_advance(&f->clock, 3 * DAY_MS);
	assert_err(retention_release(f->store, id), ERR_NOT_FOUND);
	assert_ok(retention_hold(f->store, id, "officer:chief", "Tòa án yêu cầu giữ"));
	assert_true(of(f, id).is_held);
	assert_ok(retention_holder(f->store, &key_holder_box, id, &holder, &reason));
	assert_string_equal(holder.actor, "officer:chief");
	assert_string_equal(buf_text(&reason), "Tòa án yêu cầu giữ");
	assert_int_equal(due(f, RETENTION_SANITISE) + due(f, RETENTION_ERASE), 0);
	assert_ok(retention_release(f->store, id));
	assert_int_equal(due(f, RETENTION_SANITISE) + due(f, RETENTION_ERASE), 2);
}

static void test_what_is_on_its_way_comes_first(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, RESIDENT);
	struct outbox_new answer = message_to(report.party_id, LANE_ANSWER);
	int64_t id;

	answer.report_id = report.id;
	id = queue(f, answer);
	close_report(f, report.id);
	clock_virtual_advance(&f->clock, 3 * DAY_MS);
	assert_int_equal(due(f, RETENTION_SANITISE), 0);
	assert_ok(move_to(f, id, OUTBOX_CANCELLED));
	assert_int_equal(due(f, RETENTION_SANITISE), 1);
}

static void test_it_waits_for_what_goes_on_from_it(void **state)
{
	struct store_fixture *f = *state;
	int64_t first = add_report(f, RESIDENT).id, next = add_report(f, RESIDENT).id;
	int64_t same = add_report(f, OTHER).id;

	assert_ok(report_link_add(f->store, next, first, REPORT_LINK_FOLLOWS));
	assert_ok(report_merge(f->store, same, next));
	close_report(f, first);
	close_report(f, same);
	clock_virtual_advance(&f->clock, 3 * DAY_MS);
	assert_int_equal(due(f, RETENTION_SANITISE), 0);
	close_report(f, next);
	assert_int_equal(due(f, RETENTION_SANITISE), 0);
	clock_virtual_advance(&f->clock, DAY_MS);
	assert_int_equal(due(f, RETENTION_SANITISE), 3);
	assert_int_equal(due(f, RETENTION_ERASE), 0);
	clock_virtual_advance(&f->clock, DAY_MS);
	assert_int_equal(due(f, RETENTION_ERASE), 3);
}

static void test_a_sanitised_report_leads_to_nobody(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, RESIDENT), other = add_report(f, RESIDENT);
	int64_t inbox_id = add_inbox(f, "m1", WORDS), sender = report.party_id, alarm_id;
	struct outbox_new alarm = message_to(party_of(f, OFFICER), LANE_ALARM);

	assert_ok(inbox_move(f->store, inbox_id, INBOX_HANDLED, report.id, NULL));
	alarm.report_id = report.id;
	alarm_id = queue(f, alarm);
	assert_ok(report_sanitise(f->store, report.id));
	assert_ok(report_sanitise(f->store, report.id)); /* once is enough */
	commit(f);
	assert_int_equal(of(f, report.id).sanitised_ms, f->clock.wall);
	assert_int_not_equal(sender_of(f, report.id), sender);
	assert_err(address_of(f, sender_of(f, report.id)), ERR_NOT_FOUND);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM inbox i JOIN party p ON p.id = i.party_id"
				 " WHERE i.report_id = 1 AND p.address <> x''"),
		0);
	/* His other report is still his, and an officer's alarm an officer's. */
	assert_int_equal(sender_of(f, other.id), sender);
	assert_ok(address_of(f, sender));
	assert_int_equal(party_of(f, RESIDENT), sender);
	assert_int_equal(load(f, alarm_id).party_id, party_of(f, OFFICER));
}

/* The bytes of a sealed value as they stand in the file. */
static size_t sealed_bytes(const char *path, const char *sql, uint8_t *ret_bytes, size_t max)
{
	sqlite3 *db = raw_open(path);
	sqlite3_stmt *stmt;
	size_t len;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	len = (size_t)sqlite3_column_bytes(stmt, 0);
	assert_in_range(len, 16, max);
	memcpy(ret_bytes, sqlite3_column_blob(stmt, 0), len);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return len;
}

static bool file_has(const char *path, const void *bytes, size_t len)
{
	size_t size;
	char *data = slurp(path, &size);
	bool has = data && memmem(data, size, bytes, len) != NULL;

	free(data);
	return has;
}

static bool files_have(struct store_fixture *f, const void *bytes, size_t len)
{
	char log[128];

	snprintf(log, sizeof(log), "%s-wal", f->path);
	return file_has(f->path, bytes, len) || file_has(log, bytes, len);
}

static void test_what_was_erased_is_in_no_file(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, RESIDENT);
	uint8_t words[4096], address[256], reason[2048];
	size_t words_len, address_len, reason_len;

	assert_ok(reveal_add(f->store, report.id, "officer:a", "gọi lại gấp", f->clock.wall));
	commit(f);
	words_len = sealed_bytes(f->path, "SELECT text FROM report_entry", words, sizeof(words));
	address_len = sealed_bytes(f->path, "SELECT address FROM party", address, sizeof(address));
	reason_len = sealed_bytes(
		f->path, "SELECT reason FROM identity_reveal", reason, sizeof(reason));
	assert_true(files_have(f, words, words_len));
	assert_true(files_have(f, address, address_len));
	assert_true(files_have(f, reason, reason_len));

	assert_ok(report_erase(f->store, report.id));
	commit(f);
	assert_false(files_have(f, words, words_len));
	assert_false(files_have(f, reason, reason_len));
	assert_true(files_have(f, address, address_len)); /* he may write again */

	assert_err(retention_forget_one(f->store, f->clock.wall), ERR_NOT_FOUND);
	assert_ok(retention_forget_one(f->store, f->clock.wall + 1));
	turn_scrub(f->store);
	commit(f);
	assert_false(files_have(f, address, address_len));
	assert_err(retention_forget_one(f->store, f->clock.wall + 1), ERR_NOT_FOUND);
	/* The line of the register is still there. */
	assert_int_equal(of(f, report.id).erased_ms, f->clock.wall);
	assert_ok(report_find(f->store, REPORT_BOOK_REGISTER, report.year, report.number, &report));
}

/* A reader of the database (a backup) keeps the log: it is emptied when he has gone. */
static void test_a_reader_delays_the_scrub(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, RESIDENT);
	uint8_t words[4096];
	size_t len;
	sqlite3 *db;

	commit(f);
	len = sealed_bytes(f->path, "SELECT text FROM report_entry", words, sizeof(words));
	db = raw_open(f->path);
	assert_int_equal(
		sqlite3_exec(db, "BEGIN; SELECT * FROM report", NULL, NULL, NULL), SQLITE_OK);
	assert_ok(report_erase(f->store, report.id));
	commit(f);
	assert_true(files_have(f, words, len));
	assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	commit(f);
	assert_true(files_have(f, words, len)); /* not every turn */
	clock_virtual_advance(&f->clock, MINUTE_MS);
	commit(f);
	assert_false(files_have(f, words, len));
}

static void add_file(struct store_fixture *f, int64_t report_id, struct media_file *file)
{
	struct media_writer *writer;
	int64_t id;

	assert_ok(media_writer_new(f->store, &writer));
	assert_ok(media_writer_add(writer, "anh", 3));
	assert_ok(media_writer_finish(writer, file));
	media_writer_free(writer);
	assert_ok(attachment_add(f->store, add_inbox(f, file->name, "x"), report_id,
		&(struct attachment_new){
			.kind = ATTACHMENT_IMAGE, .url = "https://a", .name = "", .md5 = ""},
		&id));
	assert_ok(attachment_stored(f->store, id, 3, "image/jpeg", file));
}

static enum err file_there(struct store_fixture *f, const struct media_file *file)
{
	struct media_reader *reader;
	enum err err = media_reader_new(f->store, file, &reader);

	if (!err)
		media_reader_free(reader);
	return err;
}

static void test_files_go_with_the_commit(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = add_report(f, RESIDENT).id;
	struct media_file file;

	add_file(f, id, &file);
	commit(f);
	assert_ok(store_savepoint_begin(f->store));
	assert_ok(report_erase(f->store, id));
	store_savepoint_rollback(f->store);
	commit(f);
	assert_ok(file_there(f, &file)); /* what was undone erases nothing */
	assert_ok(report_erase(f->store, id));
	assert_ok(file_there(f, &file));
	commit(f);
	assert_err(file_there(f, &file), ERR_NOT_FOUND);
}

static void test_who_is_still_needed_is_not_forgotten(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, RESIDENT);
	int64_t later = f->clock.wall + 1, busy = party_of(f, OTHER), id;

	id = queue(f, message_to(busy, LANE_ANSWER));
	assert_err(retention_forget_one(f->store, later), ERR_NOT_FOUND);
	assert_ok(move_to(f, id, OUTBOX_CANCELLED));
	assert_ok(retention_forget_one(f->store, later));
	assert_err(address_of(f, busy), ERR_NOT_FOUND);
	assert_ok(report_sanitise(f->store, report.id));
	assert_ok(retention_forget_one(f->store, later));
	/* Whoever asked for silence stays known, so that it is kept. */
	party_of(f, OFFICER);
	commit(f);
	assert_int_equal(
		raw_exec(f->path, "UPDATE party SET state = 'stopped' WHERE address <> x''"),
		SQLITE_OK);
	assert_err(retention_forget_one(f->store, later), ERR_NOT_FOUND);
}

static void keep_reveal(void *arg, const struct reveal *reveal)
{
	char *text = arg;
	size_t len = strlen(text);

	snprintf(text + len, 200 - len, "%lld %s;", (long long)reveal->report_id, reveal->actor);
}

static void keep_last(void *arg, const struct reveal *reveal)
{
	*(struct reveal *)arg = *reveal;
}

static void test_reveals_are_written_down(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, RESIDENT);
	const struct key_holder stranger = {.id = 7};
	struct reveal reveal = {.id = 0};
	int64_t until, count, last;
	char list[200] = "";
	CLEAN_BUF reason = {0};

	buf_init(&reason, REVEAL_REASON_MAX);

	assert_err(reveal_open(f->store, report.id, "officer:a", &until), ERR_NOT_FOUND);
	assert_ok(reveal_add(
		f->store, report.id, "officer:a", "gọi lại gấp", f->clock.wall + MINUTE_MS));
	assert_ok(reveal_open(f->store, report.id, "officer:a", &until));
	assert_int_equal(until, f->clock.wall + MINUTE_MS);
	assert_err(reveal_open(f->store, report.id, "officer:b", &until), ERR_NOT_FOUND);
	assert_ok(reveal_untold(
		f->store, f->clock.wall, &(struct reveal_overseer){0, true}, &count, &last));
	assert_int_equal(count, 0);
	clock_virtual_advance(&f->clock, MINUTE_MS);
	assert_err(reveal_open(f->store, report.id, "officer:a", &until), ERR_NOT_FOUND);
	assert_ok(reveal_untold(
		f->store, f->clock.wall, &(struct reveal_overseer){0, true}, &count, &last));
	assert_int_equal(count, 1);
	assert_ok(reveal_set_told(f->store, last));
	assert_ok(reveal_untold(
		f->store, f->clock.wall, &(struct reveal_overseer){0, true}, &count, &last));
	assert_int_equal(count, 0);
	assert_ok(reveal_list(f->store, 0, 10, keep_reveal, list));
	assert_string_equal(list, "1 officer:a;");
	assert_ok(reveal_list(f->store, 0, 10, keep_last, &reveal));
	assert_ok(reveal_reason(f->store, &key_holder_box, &reveal, &reason));
	assert_string_equal(buf_text(&reason), "gọi lại gấp");
	assert_err(reveal_reason(f->store, &stranger, &reveal, &reason), ERR_DENIED);
	assert_ok(report_erase(f->store, report.id));
	buf_reset(&reason);
	assert_ok(reveal_reason(f->store, &key_holder_box, &reveal, &reason));
	assert_string_equal(buf_text(&reason), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_dates_belong_to_a_closed_report),
		STORE_TEST(test_a_held_report_stays),
		STORE_TEST(test_what_is_on_its_way_comes_first),
		STORE_TEST(test_it_waits_for_what_goes_on_from_it),
		STORE_TEST(test_a_sanitised_report_leads_to_nobody),
		STORE_TEST(test_what_was_erased_is_in_no_file),
		STORE_TEST(test_a_reader_delays_the_scrub),
		STORE_TEST(test_files_go_with_the_commit),
		STORE_TEST(test_who_is_still_needed_is_not_forgotten),
		STORE_TEST(test_reveals_are_written_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
