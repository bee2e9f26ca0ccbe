/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a thief of the disk or of a backup can read: after all that happens to messages, no byte of
 * any file holds a number, a name, a text or a token in clear, and what is done with is gone.
 */
#include "store/event.h"
#include "store/internal.h"
#include "store/login.h"
#include "store/officer.h"
#include "store/zalo_state.h"
#include "tests/unit/store/support.h"

/* Each as it might show itself, in part: numbers without their prefix, words of the texts. */
static const char *const secrets[] = {"84900001234", "900001234", "001234", "84900009001",
	"900009001", "5550001112223334445", "Chay nha", "Cháy nhà", "o ap 3", "ở ấp 3",
	"ba Tu ban ca", "Mat trom", "xe may", "Da cu nguoi", "Đã cử người", "access-token-1",
	"refresh-token-1", "access-token-2", "refresh-token-2", "rubbish of a modem", "BANKNAME",
	"totp-secret-20-bytes"};

static bool holds(const char *data, size_t bytes, const char *secret)
{
	char wide[128];
	size_t len = strlen(secret);

	if (memmem(data, bytes, secret, len))
		return true;
	/* As UTF-16, as SQLite and SIMs might have it. */
	for (size_t i = 0; i < len; i++) {
		wide[2 * i] = secret[i];
		wide[2 * i + 1] = 0;
	}
	return memmem(data, bytes, wide, 2 * len - 1) != NULL;
}

static int look_through(struct store_fixture *f)
{
	DIR *dir = opendir(f->dir);
	struct dirent *entry;
	int files = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char path[512];
		size_t bytes;
		char *data;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", f->dir, entry->d_name);
		data = slurp(path, &bytes);
		files += bytes > 0;
		for (size_t i = 0; bytes && i < ARRAY_LEN(secrets); i++) {
			if (holds(data, bytes, secrets[i]))
				fail_msg("%s holds \"%s\"", entry->d_name, secrets[i]);
		}
		free(data);
	}
	closedir(dir);
	return files;
}

static int64_t come_in(struct store_fixture *f, enum party_kind kind, const char *address,
	const char *external_id, const char *text)
{
	struct party party;
	int64_t id;

	assert_ok(party_get(f->store, kind, address, &party));
	assert_ok(inbox_add(f->store,
		&(struct inbox_new){.channel = kind == PARTY_PHONE ? "modem" : "zalo_user",
			.external_id = external_id,
			.kind = INBOX_KIND_TEXT,
			.party_id = party.id,
			.received_ms = f->clock.wall,
			.body = text,
			.body_bytes = strlen(text)},
		&id));
	return id;
}

static struct report open_report(struct store_fixture *f, int64_t party_id, const char *text)
{
	struct report report;

	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = party_id,
			.source = "modem",
			.received_ms = f->clock.wall,
			.text = text},
		&report));
	assert_ok(event_add(f->store, "report.received", "report/1", "system", "{\"number\":1}"));
	return report;
}

static void answer(struct store_fixture *f, const struct report *report, bool is_done)
{
	struct outbox_new out = message_to(report->party_id, LANE_ANSWER);
	int64_t id;

	out.report_id = report->id;
	out.text = "Đã cử người đến.";
	id = queue(f, out);
	assert_ok(report_entry_add(
		f->store, report->id, REPORT_ENTRY_ANSWER, f->clock.wall, id, out.text));
	if (!is_done)
		return;
	assert_ok(move_to(f, id, OUTBOX_CLAIMED));
	assert_ok(outbox_part_sent(f->store, id, 1, 1, "452010000000001", 5, f->clock.wall));
	assert_ok(move_to(f, id, OUTBOX_SENT));
	assert_ok(outbox_part_report(
		f->store, "452010000000001", 5, report->party_id, true, f->clock.wall, &id));
}

static void take_long_sms(struct store_fixture *f, bool is_complete)
{
	static const char *const words[] = {"Mat trom ", "xe may"};
	struct sms_set set;
	struct report report;

	for (int i = 0; i < 1 + is_complete; i++) {
		char external_id[16];
		int64_t id;

		snprintf(external_id, sizeof(external_id), "part-%d-%d", is_complete, i);
		id = come_in(f, PARTY_PHONE, RESIDENT, external_id, words[i]);
		assert_ok(sms_set_add(f->store, id, (int64_t[2]){party_of(f, RESIDENT)},
			&(struct sms_concat){is_complete, 8, 2, i + 1}, words[i], f->clock.wall,
			&set));
	}
	if (!is_complete)
		return;
	report = open_report(f, party_of(f, RESIDENT), "Mat trom xe may");
	assert_ok(sms_set_close(f->store, set.id, report.id, true));
}

static void save_tokens(struct store_fixture *f)
{
	static struct zalo_token token;

	for (int i = 1; i <= 2; i++) {
		snprintf(token.access, sizeof(token.access), "access-token-%d", i);
		snprintf(token.refresh, sizeof(token.refresh), "refresh-token-%d", i);
		assert_ok(zalo_token_save(f->store, "app", "oa", &token));
	}
}

static void add_officer(struct store_fixture *f)
{
	char code[LOGIN_CODE_BYTES];
	int64_t id;

	assert_ok(officer_add(f->store,
		&(struct officer_new){.login = "truc.ban",
			.name = "Trực ban",
			.role = OFFICER_DUTY,
			.phone = OFFICER},
		&id));
	assert_ok(login_set_totp(f->store, id, (const uint8_t *)"totp-secret-20-bytes", 1));
	assert_ok(login_code_new(f->store, id, f->clock.wall + HOUR_MS, code));
}

/* All that may happen, with things that are done and things that are still under way. */
static void live(struct store_fixture *f)
{
	struct party zalo, name;
	struct report report;
	int64_t id;

	id = come_in(f, PARTY_PHONE, RESIDENT, "sms-1", "Chay nha ba Tu ban ca o ap 3");
	report = open_report(f, party_of(f, RESIDENT), "Chay nha ba Tu ban ca o ap 3");
	assert_ok(inbox_move(f->store, id, INBOX_HANDLED, report.id, NULL));
	end_turn(f);
	answer(f, &report, true);
	end_turn(f);
	come_in(f, PARTY_ZALO_USER, "5550001112223334445", "zalo-1", "Cháy nhà ở ấp 3");
	assert_ok(party_get(f->store, PARTY_ZALO_USER, "5550001112223334445", &zalo));
	assert_ok(party_get(f->store, PARTY_SENDER_NAME, "BANKNAME", &name));
	report = open_report(f, zalo.id, "Cháy nhà ở ấp 3");
	answer(f, &report, false);
	end_turn(f);
	take_long_sms(f, true);
	take_long_sms(f, false);
	queue(f, message_to(party_of(f, OFFICER), LANE_ALARM));
	assert_ok(quarantine_add(f->store, "modem", "INVALID", "rubbish of a modem", 18, &id));
	save_tokens(f);
	add_officer(f);
	end_turn(f);
	come_in(f, PARTY_PHONE, RESIDENT, "sms-lost", "Chay nha o ap 3");
	turn_abort(f->store, ERR_DISK_FULL);
}

static void test_the_test_would_see_it(void **state)
{
	static const char narrow[] = "....900001234...", wide[] = "..C\0h\0a\0y\0 \0n\0h\0a\0..";

	(void)state;
	assert_true(holds(narrow, sizeof(narrow), "900001234"));
	assert_true(holds(wide, sizeof(wide), "Chay nha"));
	assert_false(holds(narrow, sizeof(narrow), "Chay nha"));
}

static void test_no_file_holds_a_secret(void **state)
{
	static const char step[] = "CREATE TABLE step_2 (id INTEGER PRIMARY KEY) STRICT;";
	const int top = store_migration_count;
	struct migration ladder[64];
	struct store_fixture *f = *state;

	assert_true(top < (int)ARRAY_LEN(ladder));
	memcpy(ladder, store_migrations, (size_t)top * sizeof(ladder[0]));
	ladder[top] = (struct migration){top + 1, step};
	live(f);
	/* With the WAL full of it. */
	assert_true(look_through(f) >= 3);
	close_store(f);
	assert_true(look_through(f) >= 1);
	assert_ok(store_open_with(
		&(struct store_options){
			.path = f->path, .vault = f->vault, .clock = &f->clock.clock},
		ladder, top + 1, &f->store, NULL));
	/* The backup before the upgrade as well. */
	assert_true(look_through(f) >= 3);
}

static void test_what_is_done_with_keeps_no_words(void **state)
{
	struct store_fixture *f = *state;

	live(f);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM inbox WHERE state = 'HANDLED' AND body NOT NULL"),
		0);
	assert_true(raw_int(f->path, "SELECT count(*) FROM inbox WHERE state = 'HANDLED'") >= 3);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM outbox WHERE is_final = 1 AND body NOT NULL"),
		0);
	assert_true(raw_int(f->path, "SELECT count(*) FROM outbox WHERE is_final = 1") >= 1);
	/* What still has to go out needs its words. */
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM outbox WHERE is_final = 0 AND body IS NULL"),
		0);
}

/* Even sealed, the words of a row that is final are not left in free space of the file. */
static void test_erased_words_leave_no_trace(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_new out = message_to(party_of(f, RESIDENT), LANE_ANSWER);
	char words[1000], sealed[2000], *data;
	size_t sealed_bytes, bytes;
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int64_t id;

	/* Longer than the row that remains, which else might lie where they lay. */
	memset(words, 'w', sizeof(words));
	words[sizeof(words) - 1] = 0;
	out.text = words;
	id = queue(f, out);
	end_turn(f);
	close_store(f);
	db = raw_open(f->path);
	assert_int_equal(
		sqlite3_prepare_v2(db, "SELECT body FROM outbox", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	sealed_bytes = (size_t)sqlite3_column_bytes(stmt, 0);
	assert_int_equal(sealed_bytes, sizeof(words) - 1 + VAULT_SEAL_EXTRA_BYTES);
	memcpy(sealed, sqlite3_column_blob(stmt, 0), sealed_bytes);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	data = slurp(f->path, &bytes);
	assert_non_null(memmem(data, bytes, sealed, sealed_bytes));
	free(data);
	store_fixture_open(f);
	assert_ok(move_to(f, id, OUTBOX_CANCELLED));
	end_turn(f);
	close_store(f);
	data = slurp(f->path, &bytes);
	/* Any eight bytes of it. */
	for (size_t i = 0; i + 8 <= sealed_bytes; i++)
		assert_null(memmem(data, bytes, sealed + i, 8));
	free(data);
	store_fixture_open(f);
}

/* The hash by which a correspondent is found is of no use without the key. */
static void test_hashes_are_keyed(void **state)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {8};
	struct store_fixture *f = *state;
	uint8_t hash[VAULT_HASH_BYTES];
	const struct vault_piece piece = {RESIDENT, sizeof(RESIDENT) - 1};
	struct vault *other;
	size_t bytes;
	char *data;

	live(f);
	close_store(f);
	data = slurp(f->path, &bytes);
	assert_ok(vault_new(key, &other));
	vault_hash(f->vault, VAULT_HASH_PARTY, RESIDENT, strlen(RESIDENT), hash);
	assert_non_null(memmem(data, bytes, hash, sizeof(hash)));
	vault_hash(other, VAULT_HASH_PARTY, RESIDENT, strlen(RESIDENT), hash);
	assert_null(memmem(data, bytes, hash, sizeof(hash)));
	vault_hash(f->vault, VAULT_HASH_RESIDENT, RESIDENT, strlen(RESIDENT), hash);
	assert_null(memmem(data, bytes, hash, sizeof(hash)));
	vault_digest(&piece, 1, hash);
	assert_null(memmem(data, bytes, hash, sizeof(hash)));
	vault_free(other);
	free(data);
	store_fixture_open(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_test_would_see_it),
		STORE_TEST(test_no_file_holds_a_secret),
		STORE_TEST(test_what_is_done_with_keeps_no_words),
		STORE_TEST(test_erased_words_leave_no_trace),
		STORE_TEST(test_hashes_are_keyed),
	};

	return cmocka_run_group_tests_name("privacy", tests, NULL, NULL);
}
