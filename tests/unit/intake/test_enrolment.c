/* SPDX-License-Identifier: GPL-2.0-or-later */
/* People who text "DK", from the message to the registry; and that nothing ties them to what they
 * report. */
#include "daemon/base/str.h"
#include "daemon/desk/enrolment.h"
#include "daemon/desk/place.h"
#include "daemon/intake/enrol_word.h"
#include "daemon/intake/intake.h"
#include "store/refusal.h"
#include "tests/lib/store_fixture.h"

#include <sqlite3.h>
#include <stdlib.h>

#define LISTED	 "+84900001001"
#define STRANGER "+84900001002"

struct fixture {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	int messages;
};

static void begin(struct fixture *f)
{
	static const struct desk_place_new places[] = {{"thon-1", "Thôn Đông", "hamlet", ""},
		{"thon-3", "Thôn 3", "hamlet", ""}, {"thon-3b", "Thôn 3 Bắc", "hamlet", ""},
		{"truong", "Trường học", "school", ""}};
	enum desk_resident_change change;
	struct place place;
	struct errbuf eb = {0};

	store_fixture_init(&f->s);
	assert_ok(
		desk_new(&(struct desk_options){.store = f->s.store, .has_modem = true}, &f->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = f->s.store, .desk = f->desk}, &f->intake));
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		assert_ok(desk_place_put(f->desk, &places[i], "officer:uid0", &place, &eb));
	assert_ok(desk_resident_put(f->desk,
		&(struct desk_resident_row){
			.phone = LISTED, .name = "chủ hộ 12", .place = "thon-3", .role = "member"},
		&change, &eb));
	end_turn(&f->s);
	/* What follows happens at another moment than the import. */
	clock_virtual_advance(&f->s.clock, 5 * HOUR_MS + 1234567);
}

static void finish(struct fixture *f)
{
	intake_free(f->intake);
	desk_free(f->desk);
	store_fixture_done(&f->s);
}

static void text(struct fixture *f, const char *from, const char *words)
{
	char id[16];

	snprintf(id, sizeof(id), "m%d", ++f->messages);
	clock_virtual_advance(&f->s.clock, 61234);
	assert_ok(intake_accept(f->intake, &(struct inbound){.channel = "modem",
						   .external_id = id,
						   .kind = INBOX_KIND_TEXT,
						   .from_kind = PARTY_PHONE,
						   .from = from,
						   .text = words}));
	end_turn(&f->s);
}

static int64_t reports(struct fixture *f)
{
	int64_t count = 0;

	assert_ok(report_count(f->s.store, NULL, &count));
	return count;
}

static int64_t waiting(struct fixture *f)
{
	int64_t count;

	assert_ok(enrolment_count(f->s.store, &count));
	return count;
}

static void test_the_keyword(void **state)
{
	static const struct {
		const char *text, *words;
	} texts[] = {{"DK thon 3 A", " thon 3 A"}, {"  đk", ""}, {"ĐK: x", ": x"}, {"dk.x", ".x"},
		{"DKT x", NULL}, {"DKế", NULL}, {"dang ky xe may", NULL}, {"", NULL},
		{"D K", NULL}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *words = enrol_words(texts[i].text);

		if (!words != !texts[i].words || (words && strcmp(words, texts[i].words) != 0))
			fail_msg("%s: %s", texts[i].text, words ? words : "-");
	}
}

static void test_hamlet_and_name(void **state)
{
	static const struct {
		const char *words, *place, *said, *name;
	} cases[] = {
		{" thon 3 Nguyen Van A", "thon-3", "", "Nguyen Van A"},
		{" Thôn 3, Nguyễn Văn A", "thon-3", "", "Nguyễn Văn A"},
		{" thon3 Nguyen Van A", "thon-3", "", "Nguyen Van A"},
		{" thon-3 Nguyen Van A", "thon-3", "", "Nguyen Van A"},
		{" 3 Nguyen Van A", "thon-3", "", "Nguyen Van A"},
		{" thon 3 bac Nguyen Van A", "thon-3b", "", "Nguyen Van A"},
		{" THON DONG LE THI B", "thon-1", "", "LE THI B"},
		{" thon 3", "thon-3", "", ""},
		{" ap 7 Nguyen Van A", NULL, "ap 7", "Nguyen Van A"},
		{" to chuc dam cuoi can xin phep khong", NULL, NULL, NULL},
		{" xe may o dau", NULL, NULL, NULL},
		{" thon 3 co 5 nguoi danh nhau", NULL, NULL, NULL},
		{" thon 3 mat dien ?", NULL, NULL, NULL},
		{" 7 Nguyen Van A", NULL, NULL, NULL},
	};
	struct fixture f = {0};

	(void)state;
	begin(&f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct enrolment_said said = {.place_id = -1};
		struct place place = {.code = ""};
		enum err err = desk_enrolment_read(f.desk, cases[i].words, &said);

		if (err != (cases[i].name ? ERR_OK : ERR_NOT_FOUND))
			fail_msg("%s: %s", cases[i].words, err_name(err));
		if (err)
			continue;
		if (said.place_id)
			assert_ok(place_load(f.s.store, said.place_id, &place));
		assert_string_equal(place.code, cases[i].place ? cases[i].place : "");
		assert_string_equal(said.said, cases[i].said);
		assert_string_equal(said.name, cases[i].name);
	}
	finish(&f);
}

static void test_who_is_on_the_list(void **state)
{
	struct fixture f = {0};
	int64_t id, sent;
	bool is_new, refuses;
	int version = 0;

	(void)state;
	begin(&f);
	assert_ok(resident_find(f.s.store, LISTED, &id));
	assert_err(consent_of(f.s.store, id, &version), ERR_NOT_FOUND);
	assert_ok(refusal_put(f.s.store, REFUSAL_PHONE, LISTED, REFUSAL_ASKED, "", &is_new));
	assert_ok(refusal_put(f.s.store, REFUSAL_PHONE, STRANGER, REFUSAL_BLOCKED, "", &is_new));
	text(&f, LISTED, "DK thon 3 Nguyen Van A");
	assert_int_equal(reports(&f) + waiting(&f), 0);
	assert_ok(consent_of(f.s.store, id, &version));
	assert_int_equal(version, ENROLMENT_WORDING);
	assert_ok(outbox_count(f.s.store, OUTBOX_QUEUED, &sent));
	assert_int_equal(sent, 1);
	/* He wants them again. */
	assert_ok(refusal_of(f.s.store, REFUSAL_PHONE, LISTED, "fire", &refuses));
	assert_false(refuses);
	/* Of another hamlet he is not on the list. */
	text(&f, LISTED, "DK thon dong Nguyen Van A");
	assert_int_equal(waiting(&f), 1);
	finish(&f);
}

static void test_a_stranger_waits(void **state)
{
	const struct desk_enrolment_in as_asked = {.name = NULL};
	const struct desk_actor actor = {.name = "officer:uid0"};
	struct enrolment e;
	struct fixture f = {0};
	struct enrolment_words words;
	struct errbuf eb = {0};
	int64_t id, count;
	bool is_new, refuses;

	(void)state;
	begin(&f);
	assert_ok(refusal_put(f.s.store, REFUSAL_PHONE, STRANGER, REFUSAL_BLOCKED, "", &is_new));
	text(&f, STRANGER, "DK thon 3 Tran Thi B");
	text(&f, STRANGER, "ĐK ấp 9 Trần Thị B");
	assert_int_equal(waiting(&f), 1);
	assert_ok(enrolment_next(f.s.store, 0, &e));
	assert_ok(enrolment_words(f.s.store, e.id, &words));
	assert_string_equal(buf_text(&words.name), "Trần Thị B");
	assert_string_equal(buf_text(&words.said), "ấp 9");
	enrolment_words_free(&words);
	/* Nobody knows ap 9: he is asked, once a day, and goes on waiting. */
	assert_ok(desk_enrolment_ask(f.desk, e.id, ENROLMENT_ASK_HAMLET, &actor, &eb));
	assert_err(desk_enrolment_ask(f.desk, e.id, ENROLMENT_ASK_BOTH, &actor, &eb), ERR_STATE);
	end_turn(&f.s);
	assert_int_equal(waiting(&f), 1);
	clock_virtual_advance(&f.s.clock, DAY_MS);
	assert_ok(desk_enrolment_ask(f.desk, e.id, ENROLMENT_ASK_NAME, &actor, &eb));
	assert_err(desk_enrolment_ask(f.desk, e.id + 9, ENROLMENT_ASK_NAME, &actor, &eb),
		ERR_NOT_FOUND);
	/* The officer says which place it is. */
	assert_err(desk_enrolment_accept(f.desk, e.id, &as_asked, &actor, &eb), ERR_INVALID);
	assert_ok(desk_enrolment_accept(f.desk, e.id,
		&(struct desk_enrolment_in){
			.place = "thon-3", .role = "chủ hộ", .household = "H12"},
		&actor, &eb));
	assert_err(desk_enrolment_accept(f.desk, e.id, &as_asked, &actor, &eb), ERR_NOT_FOUND);
	assert_ok(resident_find(f.s.store, STRANGER, &id));
	assert_ok(resident_count(f.s.store, &count));
	assert_int_equal(count, 2);
	/* His words are gone, and a block is no wish of his. */
	assert_err(enrolment_words(f.s.store, e.id, &words), ERR_NOT_FOUND);
	assert_ok(refusal_of(f.s.store, REFUSAL_PHONE, STRANGER, "fire", &refuses));
	assert_true(refuses);
	/* Declined, and asked again. */
	text(&f, "+84900001003", "DK thon 3 Le Van C");
	assert_ok(enrolment_next(f.s.store, e.id, &e));
	assert_ok(desk_enrolment_decline(f.desk, e.id, &actor, &eb));
	assert_err(desk_enrolment_decline(f.desk, e.id, &actor, &eb), ERR_NOT_FOUND);
	text(&f, "+84900001003", "DK thon 3 Le Van C");
	assert_int_equal(waiting(&f), 1);
	assert_ok(desk_enrolment_enter(f.desk, "0900001003",
		&(struct desk_enrolment_in){.name = "Lê Văn C", .place = "thon-1"}, &actor, &eb));
	assert_int_equal(waiting(&f), 0);
	finish(&f);
}

static void test_what_is_no_enrolment_is_a_report(void **state)
{
	struct fixture f = {0};

	(void)state;
	begin(&f);
	text(&f, STRANGER, "DK xe máy ở đâu ạ");
	text(&f, STRANGER, "Dang ky tam tru the nao");
	text(&f, STRANGER, "dk thon 3 co 5 nguoi danh nhau");
	assert_int_equal(reports(&f), 3);
	/* Half of it is answered with how it is done. */
	text(&f, STRANGER, "DK");
	text(&f, STRANGER, "DK thon 3");
	assert_int_equal(reports(&f), 3);
	assert_int_equal(waiting(&f), 0);
	finish(&f);
}

/* ---- nothing ties the two registers ----------------------------------------------------------
 */

#define VALUES_MAX 4096

struct values {
	char *list[VALUES_MAX];
	int count;
};

/* Whatever could be compared: bytes of a hash or more, and numbers that are times. */
static void keep_values(sqlite3 *db, const char *table, struct values *values)
{
	char sql[96];
	sqlite3_stmt *stmt;

	snprintf(sql, sizeof(sql), "SELECT * FROM %s", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int c = 0; c < sqlite3_column_count(stmt); c++) {
			int bytes = sqlite3_column_bytes(stmt, c);
			char *text = NULL;

			if (sqlite3_column_type(stmt, c) == SQLITE_INTEGER &&
				sqlite3_column_int64(stmt, c) > 1000000000)
				assert_true(asprintf(&text, "%lld",
						    (long long)sqlite3_column_int64(stmt, c)) > 0);
			else if (sqlite3_column_type(stmt, c) == SQLITE_BLOB && bytes >= 16) {
				text = calloc(1, 2 * (size_t)bytes + 1);
				assert_non_null(text);
				str_hex(sqlite3_column_blob(stmt, c), (size_t)bytes, text);
			}
			if (!text)
				continue;
			assert_true(values->count < VALUES_MAX);
			values->list[values->count++] = text;
		}
	}
	sqlite3_finalize(stmt);
}

static void drop_values(struct values *values)
{
	for (int i = 0; i < values->count; i++)
		free(values->list[i]);
}

/* Every table that names a table of the registry, however far. */
static bool refers(sqlite3 *db, const char *table, const char *to)
{
	char sql[128];
	sqlite3_stmt *stmt;
	bool found = false;

	snprintf(sql, sizeof(sql), "PRAGMA foreign_key_list(%s)", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		found = found || str_eq((const char *)sqlite3_column_text(stmt, 2), to);
	sqlite3_finalize(stmt);
	return found;
}

static void test_the_registers_cannot_be_joined(void **state)
{
	static const char *const registry[] = {"resident", "resident_place", "household", "consent",
		"enrolment", "enrol_code", "bulletin_refusal", "audience_member"};
	static const char *const correspondents[] = {
		"party", "inbox", "outbox", "report", "report_entry", "sms_set", "event"};
	const struct desk_actor actor = {.name = "officer:uid0"};
	struct values ours = {.count = 0}, theirs = {.count = 0};
	struct fixture f = {0};
	struct errbuf eb = {0};
	struct enrolment e;
	sqlite3 *db;

	(void)state;
	begin(&f);
	text(&f, LISTED, "Mat xe may o thon 3");
	text(&f, LISTED, "DK thon 3 Nguyen Van A");
	text(&f, STRANGER, "DK thon 3 Tran Thi B");
	text(&f, "+84900001003", "DK thon 3 Le Van C");
	text(&f, LISTED, "TU CHOI 3");
	text(&f, STRANGER, "DOI SO");
	assert_ok(enrolment_next(f.s.store, 0, &e));
	clock_virtual_advance(&f.s.clock, 3333333);
	assert_ok(desk_enrolment_accept(
		f.desk, e.id, &(struct desk_enrolment_in){.household = "H1"}, &actor, &eb));
	end_turn(&f.s);
	assert_int_equal(sqlite3_open_v2(f.s.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_LEN(registry); i++)
		keep_values(db, registry[i], &ours);
	for (size_t i = 0; i < ARRAY_LEN(correspondents); i++)
		keep_values(db, correspondents[i], &theirs);
	assert_true(ours.count > 20 && theirs.count > 20);
	for (int i = 0; i < ours.count; i++) {
		for (int k = 0; k < theirs.count; k++) {
			if (str_eq(ours.list[i], theirs.list[k]))
				fail_msg("both have %s", ours.list[i]);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(registry); i++) {
		for (size_t k = 0; k < ARRAY_LEN(correspondents); k++) {
			assert_false(refers(db, registry[i], correspondents[k]));
			assert_false(refers(db, correspondents[k], registry[i]));
		}
	}
	sqlite3_close(db);
	drop_values(&ours);
	drop_values(&theirs);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_keyword),
		cmocka_unit_test(test_hamlet_and_name),
		cmocka_unit_test(test_who_is_on_the_list),
		cmocka_unit_test(test_a_stranger_waits),
		cmocka_unit_test(test_what_is_no_enrolment_is_a_report),
		cmocka_unit_test(test_the_registers_cannot_be_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
