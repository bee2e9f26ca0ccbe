/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs for each message may not read a whole table, and the words of the schema are those of
 * the enums. */
#include "tests/unit/store/support.h"

#include "store/bulletin_finding.h"
#include "store/group_act.h"
#include "store/group_person.h"
#include "store/ledger.h"
#include "store/officer.h"
#include "store/place.h"
#include "store/refusal.h"
#include "store/report_class.h"
#include "store/report_clock.h"
#include "store/statement.h"

/* A step of a plan that reads a table or an index from end to end. */
static bool is_scan(const char *step)
{
	return strncmp(step, "SCAN", 4) == 0 && strcmp(step, "SCAN CONSTANT ROW") != 0;
}

static int explain(sqlite3 *db, const struct stmt_text *text)
{
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", text->sql);
	sqlite3_stmt *stmt;
	int scans = 0;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(stmt, 3);

		if (!is_scan(step) && !strstr(step, "USE TEMP B-TREE"))
			continue;
		scans++;
		if (text->heat == STMT_HOT)
			print_error("%s: %s\n", text->name, step);
	}
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return scans;
}

/* The newest event is read backwards from the end of its table: LIMIT 1 stops at the first row. */
static bool reads_one_end(const struct stmt_text *text)
{
	return strcmp(text->name, "EVENT_HEAD") == 0;
}

static void test_hot_statements_scan_nothing(void **state)
{
	struct store_fixture *f = *state;
	sqlite3 *db = raw_open(f->path);
	int hot = 0;

	for (int i = 0; i < STMT_COUNT; i++) {
		if (stmt_texts[i].heat != STMT_HOT || reads_one_end(&stmt_texts[i]))
			continue;
		hot++;
		assert_int_equal(explain(db, &stmt_texts[i]), 0);
	}
	assert_true(hot > 40);
	sqlite3_close(db);
}

/* Among all that one sender wrote in one second the index finds the words, too. */
static void test_repeats_are_found_by_their_words(void **state)
{
	static const enum stmt_id ids[] = {STMT_INBOX_SAME, STMT_SET_DONE};
	struct store_fixture *f = *state;
	sqlite3 *db = raw_open(f->path);

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", stmt_texts[ids[i]].sql);
		sqlite3_stmt *stmt;
		int found = 0;

		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW)
			found += strstr((const char *)sqlite3_column_text(stmt, 3),
					 "inbox_sent (party_id=? AND part_hash=?") != NULL;
		assert_int_equal(found, 1);
		sqlite3_finalize(stmt);
		sqlite3_free(sql);
	}
	sqlite3_close(db);
}

/* The test can tell: a search without an index is a scan. */
static void test_a_scan_would_be_seen(void **state)
{
	const struct stmt_text slow[] = {
		{"SLOW", STMT_COLD, "SELECT id FROM outbox WHERE error = 'BUSY'"},
		{"SORT", STMT_COLD,
			"SELECT id FROM outbox WHERE state = 'SENT' ORDER BY expires_ms LIMIT 1"}};
	struct store_fixture *f = *state;
	sqlite3 *db = raw_open(f->path);

	for (size_t i = 0; i < ARRAY_LEN(slow); i++)
		assert_true(explain(db, &slow[i]) > 0);
	sqlite3_close(db);
}

/* A search opens entry by entry as it goes: sorting first would read all of them into memory, and
 * to the disk. */
static void test_search_walks_without_sorting(void **state)
{
	static const char *const steps[] = {"SCAN e",
		"SEARCH r USING COVERING INDEX report_key_of (holder=? AND report_id=?)",
		"SEARCH k USING PRIMARY KEY (holder=? AND entry_id=?) LEFT-JOIN"};
	struct store_fixture *f = *state;
	sqlite3 *db = raw_open(f->path);
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", stmt_texts[STMT_SEARCH_WALK].sql);
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
		assert_string_equal((const char *)sqlite3_column_text(stmt, 3), steps[i]);
	}
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	sqlite3_close(db);
}

/* Claiming must not sort all that is due, nor look at lanes that were not asked for. */
static void test_claim_walks_its_index(void **state)
{
	struct store_fixture *f = *state;
	sqlite3 *db = raw_open(f->path);
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", stmt_texts[STMT_OUTBOX_READY].sql);
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 3),
		"SEARCH o USING INDEX outbox_queued (channel=? AND lane=? AND due_ms<?)");
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	sqlite3_close(db);
}

/* Something that the definition of a table has, without its blanks. */
static void assert_says(struct store_fixture *f, const char *table, const char *wanted)
{
	sqlite3 *db = raw_open(f->path);
	char squeezed[8192], *to = squeezed;
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema WHERE name = ?1", -1,
				 &stmt, NULL),
		SQLITE_OK);
	sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	for (const char *from = (const char *)sqlite3_column_text(stmt, 0);
		*from && to < squeezed + sizeof(squeezed) - 1; from++) {
		if (!strchr(" \t\n", *from))
			*to++ = *from;
	}
	*to = 0;
	if (!strstr(squeezed, wanted))
		print_error("%s: no %s\n", table, wanted);
	assert_non_null(strstr(squeezed, wanted));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

/* The list that a CHECK of a table allows for a column, as "('a','b')". */
static void assert_check(
	struct store_fixture *f, const char *table, const char *column, const char *words)
{
	char *wanted = sqlite3_mprintf("CHECK(%sIN%s)", column, words);

	assert_says(f, table, wanted);
	sqlite3_free(wanted);
}

/* "('a','b',)" to "('a','b')": X-macros leave a comma too many. */
static const char *list(char *text)
{
	size_t len = strlen(text);

	memcpy(text + len - 2, ")", 2);
	return text;
}

static void assert_bulletin_words(struct store_fixture *f)
{
#define X(name) "'" #name "',"
	char states[] = "(" BULLETIN_STATE_TABLE(X) ")";
#undef X
#define X(name, text) "'" text "',"
	char origins[] = "(" BULLETIN_ORIGIN_TABLE(X) ")";
	char urgencies[] = "(" BULLETIN_URGENCY_TABLE(X) ")";
	char severities[] = "(" BULLETIN_SEVERITY_TABLE(X) ")";
	char certainties[] = "(" BULLETIN_CERTAINTY_TABLE(X) ")";
	char verdicts[] = "(" BULLETIN_VERDICT_TABLE(X) ")";
	char kinds[] = "(" FINDING_KIND_TABLE(X) ")";
	char fields[] = "(" FINDING_FIELD_TABLE(X) ")";
	char refusals[] = "(" REFUSAL_KIND_TABLE(X) ")";
#undef X

	assert_check(f, "bulletin", "state", list(states));
	assert_check(f, "bulletin", "origin", list(origins));
	assert_check(f, "bulletin_version", "urgency", list(urgencies));
	assert_check(f, "bulletin_version", "severity", list(severities));
	assert_check(f, "bulletin_version", "certainty", list(certainties));
	assert_check(f, "bulletin_approval", "kind", list(verdicts));
	assert_check(f, "bulletin_finding", "kind", list(kinds));
	assert_check(f, "bulletin_finding", "field", list(fields));
	assert_check(f, "bulletin_refusal", "kind", list(refusals));
}

static void test_the_schema_knows_the_words_of_the_enums(void **state)
{
	struct store_fixture *f = *state;

#define X(name) "'" #name "',"
	char outbox_states[] = "(" OUTBOX_STATE_TABLE(X) ")";
	char inbox_states[] = "(" INBOX_STATE_TABLE(X) ")";
#undef X
#define X(name, text) "'" text "',"
	char channels[] = "(" CHANNEL_KIND_TABLE(X) ")";
	char outbox_kinds[] = "(" OUTBOX_KIND_TABLE(X) ")";
	char inbox_kinds[] = "(" INBOX_KIND_TABLE(X) ")";
	char party_kinds[] = "(" PARTY_KIND_TABLE(X) ")";
	char entry_kinds[] = "(" REPORT_ENTRY_TABLE(X) ")";
#undef X

	assert_check(f, "outbox", "state", list(outbox_states));
	assert_check(f, "outbox", "channel", list(channels));
	assert_check(f, "outbox", "kind", list(outbox_kinds));
	assert_check(f, "inbox", "state", list(inbox_states));
	assert_check(f, "inbox", "kind", list(inbox_kinds));
	assert_check(f, "party", "kind", list(party_kinds));
	assert_check(f, "report_entry", "kind", list(entry_kinds));
#define X(name) "'" #name "',"
	char group_states[] = "(" ZALO_GROUP_STATE_TABLE(X) ")";
	char person_states[] = "(" GROUP_PERSON_STATE_TABLE(X) ")";
	char act_states[] = "(" GROUP_ACT_STATE_TABLE(X) ")";
#undef X
#define X(name, text) "'" text "',"
	char act_kinds[] = "(" GROUP_ACT_KIND_TABLE(X) ")";
	char place_kinds[] = "(" PLACE_KIND_TABLE(X) ")";
	char officer_roles[] = "(" OFFICER_ROLE_TABLE(X) ")";
	char officer_states[] = "(" OFFICER_STATE_TABLE(X) ")";
#undef X
	assert_check(f, "zalo_group", "state", list(group_states));
	assert_check(f, "group_person", "state", list(person_states));
	assert_check(f, "group_act", "state", list(act_states));
	assert_check(f, "group_act", "kind", list(act_kinds));
	assert_check(f, "place", "kind", list(place_kinds));
	assert_check(f, "officer", "role", list(officer_roles));
	assert_check(f, "officer", "state", list(officer_states));
#define X(name) "'" #name "',"
	char clock_states[] = "(" CLOCK_STATE_TABLE(X) ")";
	char delivery_states[] = "(" DELIVERY_STATE_TABLE(X) ")";
#undef X
#define X(name) "state='" #name "'OR"
	char ledger_states[] = "CHECK(" LEDGER_STATE_TABLE(X);
#undef X
#define X(name, text) "'" text "',"
	char outcomes[] = "(" REPORT_OUTCOME_TABLE(X) ")";
	char urgencies[] = "(" DELIVERY_URGENCY_TABLE(X) ")";
#undef X
	assert_check(f, "delivery", "state", list(delivery_states));
	assert_check(f, "delivery", "urgency", list(urgencies));
	/* One by one: a list is built anew for each row that is written. */
	memcpy(ledger_states + strlen(ledger_states) - 2, ")", 2);
	assert_says(f, "ledger", ledger_states);
	assert_check(f, "report_clock", "state", list(clock_states));
	assert_check(f, "report_outcome", "kind", list(outcomes));
	assert_bulletin_words(f);
	assert_check(f, "party", "state", "('active','stopped','blocked','archived')");
	assert_check(f, "report", "state", "('open','answered','closed')");
	assert_check(f, "outbox_part", "state", "('SENT','DELIVERED','FAILED')");
}

static void test_lanes_fit_the_schema(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(LANE_COUNT, 4);
	for (int lane = 0; lane < LANE_COUNT; lane++)
		queue(f, message_to(party_of(f, RESIDENT), (enum lane)lane));
	end_turn(f);
}

static void test_every_table_is_strict(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main'"
				 " AND type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict"),
		0);
	assert_true(
		raw_int(f->path,
			"SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict") >
		10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_hot_statements_scan_nothing),
		STORE_TEST(test_repeats_are_found_by_their_words),
		STORE_TEST(test_a_scan_would_be_seen),
		STORE_TEST(test_search_walks_without_sorting),
		STORE_TEST(test_claim_walks_its_index),
		STORE_TEST(test_the_schema_knows_the_words_of_the_enums),
		STORE_TEST(test_lanes_fit_the_schema),
		STORE_TEST(test_every_table_is_strict),
	};

	return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
