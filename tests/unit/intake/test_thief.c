/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What he reads who has the card of a claimed box and its box key: every sealed value of every
 * table is tried with that key as every kind of value. What opens is what the box itself must be
 * able to use while nobody is logged in: addresses, messages that have not left yet, words that are
 * held for who asked for silence, a long message whose rest has not come, the registry. No word of
 * a report, of an officer about it, or of what was answered.
 */
#include "daemon/base/str.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/handling.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/officer.h"
#include "daemon/desk/retention.h"
#include "daemon/intake/intake.h"
#include "tests/lib/store_fixture.h"

#include <sqlite3.h>

#define RESIDENT "+84900000012"
#define QUIET	 "+84900000013"
#define CLERK	 "officer:truong.ca"

#define COLUMNS_MAX 800
#define OPENED_MAX  64

struct town {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	int messages;
};

static void begin(struct town *t)
{
	const struct desk_officer_in chief = {
		.login = "truong.ca", .name = "Trưởng", .role = "chief", .phone = "+84900009101"};
	const struct desk_actor actor = {.name = "system"};
	char code[LOGIN_CODE_BYTES];
	struct keypair *pair;
	struct errbuf eb = {0};
	struct officer officer;
	struct buf words;

	*t = (struct town){.messages = 0};
	store_fixture_init(&t->s);
	assert_ok(
		desk_new(&(struct desk_options){.store = t->s.store, .has_modem = true}, &t->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = t->s.store, .desk = t->desk}, &t->intake));
	assert_ok(desk_officer_add(t->desk, &chief, &actor, &officer, code, &eb));
	assert_ok(keypair_new(&pair));
	assert_ok(officer_set_key(t->s.store, officer.id, keypair_public(pair)));
	keypair_free(pair);
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

static void text(struct town *t, const char *from, int total, const char *words)
{
	char id[32];

	snprintf(id, sizeof(id), "id-%d", ++t->messages);
	assert_ok(intake_accept(t->intake,
		&(struct inbound){.channel = "modem",
			.external_id = id,
			.kind = INBOX_KIND_TEXT,
			.from_kind = PARTY_PHONE,
			.from = from,
			.concat = {.ref = 7, .ref_bits = 8, .total = total, .seq = total ? 1 : 0},
			.text = words}));
	end_turn(&t->s);
}

static void answer(struct town *t, int64_t report_id, const char *words, int64_t *ret_outbox_id)
{
	struct desk_answered done;
	struct errbuf eb = {0};

	assert_ok(desk_report_answer(t->desk, report_id, words, CLERK, &done, &eb));
	end_turn(&t->s);
	*ret_outbox_id = done.outbox_id;
}

static void leave(struct town *t, int64_t outbox_id)
{
	const struct outbox_move claimed = {
		.to = OUTBOX_CLAIMED, .deadline_ms = t->s.clock.wall + MINUTE_MS};
	const struct outbox_move sent = {.to = OUTBOX_SENT, .is_final = true};

	assert_ok(outbox_move(t->s.store, outbox_id, &claimed));
	assert_ok(outbox_move(t->s.store, outbox_id, &sent));
	end_turn(&t->s);
}

static void play(struct town *t)
{
	struct errbuf eb = {0};
	int64_t id;

	text(t, RESIDENT, 0, "nguyenvanchanh mo song bac o kho lua");
	answer(t, 1, "loidaguidi", &id);
	leave(t, id);
	answer(t, 1, "loidangcho", &id);
	assert_ok(desk_report_note(t->desk, 1, "ghichunoibo", CLERK, &eb));
	assert_ok(desk_hold(t->desk, 1, "lydogiulai", CLERK, &eb));
	text(t, RESIDENT, 0, "AN nguoiandanh biet them ve kho lua");
	text(t, QUIET, 0, "IM nguoiimlang bi chong danh");
	answer(t, 3, "loigiuho", &id);
	text(t, QUIET, 2, "phandaucuatin ");
}

/* ---- the thief --------------------------------------------------------------------------------
 */

struct thief {
	struct town *t;
	char places[COLUMNS_MAX][80];
	int place_count;
	char opened_place[OPENED_MAX][80];
	char opened[OPENED_MAX][256];
	int opened_count;
	int blobs;
};

static void learn_places(struct thief *thief, sqlite3 *db)
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(db,
				 "SELECT m.name || '.' || c.name FROM sqlite_master m,"
				 " pragma_table_info(m.name) c WHERE m.type = 'table'",
				 -1, &stmt, NULL),
		SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		assert_true(thief->place_count < COLUMNS_MAX);
		snprintf(thief->places[thief->place_count++], sizeof(thief->places[0]), "%s",
			(const char *)sqlite3_column_text(stmt, 0));
	}
	sqlite3_finalize(stmt);
	assert_true(thief->place_count > 100);
}

static void try_value(struct thief *thief, int64_t row, const void *data, size_t len)
{
	for (int i = 0; i < thief->place_count; i++) {
		CLEAN_BUF open = {0};

		buf_init(&open, OUTBOX_BODY_MAX);
		if (vault_unseal(thief->t->s.vault, thief->places[i], row, data, len, &open))
			continue;
		assert_true(thief->opened_count < OPENED_MAX);
		snprintf(thief->opened_place[thief->opened_count], 80, "%s", thief->places[i]);
		snprintf(thief->opened[thief->opened_count++], 256, "%s", buf_text(&open));
	}
}

/* Each value that may be sealed, with each number of its row. */
static void try_row(struct thief *thief, sqlite3_stmt *stmt)
{
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		if (sqlite3_column_type(stmt, i) != SQLITE_BLOB)
			continue;
		thief->blobs++;
		for (int k = 0; k < sqlite3_column_count(stmt); k++) {
			if (sqlite3_column_type(stmt, k) == SQLITE_INTEGER)
				try_value(thief, sqlite3_column_int64(stmt, k),
					sqlite3_column_blob(stmt, i),
					(size_t)sqlite3_column_bytes(stmt, i));
		}
	}
}

static void try_table(struct thief *thief, sqlite3 *db, const char *table)
{
	char sql[160];
	sqlite3_stmt *stmt;

	snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		try_row(thief, stmt);
	sqlite3_finalize(stmt);
}

static void steal(struct thief *thief, struct town *t)
{
	sqlite3_stmt *tables;
	sqlite3 *db;

	*thief = (struct thief){.t = t};
	assert_int_equal(sqlite3_open(t->s.path, &db), SQLITE_OK);
	learn_places(thief, db);
	assert_int_equal(
		sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'table'", -1,
			&tables, NULL),
		SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW)
		try_table(thief, db, (const char *)sqlite3_column_text(tables, 0));
	sqlite3_finalize(tables);
	sqlite3_close(db);
}

/* Where words lie that he opened; NULL none. */
static const char *place_of(const struct thief *thief, const char *words)
{
	for (int i = 0; i < thief->opened_count; i++) {
		if (strstr(thief->opened[i], words))
			return thief->opened_place[i];
	}
	return NULL;
}

static void check_open(const struct thief *thief, const char *words, const char *place)
{
	const char *found = place_of(thief, words);

	if (!found || !str_eq(found, place))
		fail_msg("%s: in %s, not in %s", words, found ? found : "nothing", place);
}

static void test_what_the_box_key_opens(void **state)
{
	static const char *const hidden[] = {"nguyenvanchanh", "loidaguidi", "ghichunoibo",
		"lydogiulai", "nguoiandanh", "nguoiimlang", "kho lua"};
	static const char *const allowed[] = {"party.address", "outbox.body", "report_held.text",
		"inbox.body", "officer.phone", "event_seal.value"};
	static struct thief thief;
	struct town t;

	(void)state;
	begin(&t);
	play(&t);
	steal(&thief, &t);
	assert_true(thief.blobs > 40);
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		if (place_of(&thief, hidden[i]))
			fail_msg("'%s' opens in %s", hidden[i], place_of(&thief, hidden[i]));
	}
	for (int i = 0; i < thief.opened_count; i++) {
		bool is_allowed = false;

		for (size_t k = 0; k < ARRAY_LEN(allowed); k++)
			is_allowed |= str_eq(allowed[k], thief.opened_place[i]);
		if (!is_allowed)
			fail_msg("%s opens", thief.opened_place[i]);
	}
	/* He can: the box could not do its work otherwise. The man pages say so. */
	check_open(&thief, RESIDENT, "party.address");
	check_open(&thief, "loidangcho", "outbox.body");
	check_open(&thief, "loigiuho", "report_held.text");
	check_open(&thief, "phandaucuatin", "inbox.body");
	finish(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_the_box_key_opens)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
