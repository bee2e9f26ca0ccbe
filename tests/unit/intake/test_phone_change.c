/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One-time codes of the registry: a number that becomes another one, and who enrols by Zalo. */
#include "daemon/base/str.h"
#include "daemon/desk/enrolment.h"
#include "daemon/desk/place.h"
#include "daemon/desk/question.h"
#include "daemon/desk/resident_import.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/phone_word.h"
#include "store/refusal.h"
#include "tests/lib/store_fixture.h"

#include <string.h>

#define OLD	 "+84900001101"
#define NEW	 "+84900001102"
#define STRANGER "+84900001103"
#define ZALO	 "7001101"

struct fixture {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	int messages;
	int64_t said; /* the last row of the outbox that was looked at */
};

static void put(
	struct fixture *f, const char *phone, const char *name, const char *place, const char *role)
{
	enum desk_resident_change change;
	struct errbuf eb = {0};

	assert_ok(desk_resident_put(f->desk,
		&(struct desk_resident_row){
			.phone = phone, .name = name, .place = place, .role = role},
		&change, &eb));
}

static void begin(struct fixture *f)
{
	static const struct desk_place_new places[] = {
		{"thon-1", "Thôn 1", "hamlet", ""}, {"thon-3", "Thôn 3", "hamlet", ""}};
	struct place place;
	struct errbuf eb = {0};

	store_fixture_init(&f->s);
	assert_ok(desk_new(
		&(struct desk_options){.store = f->s.store, .has_modem = true, .has_zalo = true},
		&f->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = f->s.store, .desk = f->desk}, &f->intake));
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		assert_ok(desk_place_put(f->desk, &places[i], "officer:uid0", &place, &eb));
	put(f, OLD, "chủ hộ 12", "thon-3", "head");
	end_turn(&f->s);
	clock_virtual_advance(&f->s.clock, 5 * HOUR_MS);
}

static void finish(struct fixture *f)
{
	intake_free(f->intake);
	desk_free(f->desk);
	store_fixture_done(&f->s);
}

static void say(struct fixture *f, enum party_kind kind, const char *from, const char *words)
{
	char id[16];

	snprintf(id, sizeof(id), "m%d", ++f->messages);
	clock_virtual_advance(&f->s.clock, 61234);
	assert_ok(intake_accept(
		f->intake, &(struct inbound){.channel = kind == PARTY_PHONE ? "modem" : "zalo_user",
				   .external_id = id,
				   .kind = INBOX_KIND_TEXT,
				   .from_kind = kind,
				   .from = from,
				   .text = words}));
	end_turn(&f->s);
}

static void text(struct fixture *f, const char *from, const char *words)
{
	say(f, PARTY_PHONE, from, words);
}

/* The newest answer; fails when there is none since the last one that was read. */
static void answer(struct fixture *f, char *out, size_t size)
{
	CLEAN_BUF said = {0};
	struct outbox_row row;
	int64_t id = f->said;

	while (!outbox_load(f->s.store, id + 1, &row))
		id++;
	assert_true(id > f->said);
	f->said = id;
	buf_init(&said, 4096);
	assert_ok(outbox_text(f->s.store, id, &said));
	assert_ok(str_copy(out, size, buf_text(&said)));
}

static void expect(struct fixture *f, const char *words)
{
	char said[2048];

	answer(f, said, sizeof(said));
	if (!strstr(said, words))
		fail_msg("\"%s\" instead of \"%s\"", said, words);
}

/* The code of the newest answer. */
static void code_said(struct fixture *f, char code[ENROL_CODE_LEN + 1])
{
	char said[2048];
	const char *at = said;

	answer(f, said, sizeof(said));
	while (*at && strspn(at, "0123456789") != ENROL_CODE_LEN)
		at++;
	assert_true(*at);
	memcpy(code, at, ENROL_CODE_LEN);
	code[ENROL_CODE_LEN] = 0;
}

static bool is_known(struct fixture *f, const char *phone)
{
	int64_t id;

	return resident_find(f->s.store, phone, &id) == ERR_OK;
}

static bool refuses(struct fixture *f, const char *phone, const char *topic)
{
	bool is = false;

	assert_ok(refusal_of(f->s.store, REFUSAL_PHONE, phone, topic, &is));
	return is;
}

static int64_t reports(struct fixture *f)
{
	int64_t count = 0;

	assert_ok(report_count(f->s.store, NULL, &count));
	return count;
}

static void change(struct fixture *f, const char *from, const char *to)
{
	char code[ENROL_CODE_LEN + 1], words[32];

	text(f, from, "DOI SO");
	code_said(f, code);
	snprintf(words, sizeof(words), "DOI SO %s", code);
	text(f, to, words);
	expect(f, "da ghi viec doi so");
}

/* ---- a number changes ------------------------------------------------------------------------
 */

static void test_the_keyword(void **state)
{
	static const struct {
		const char *text, *words;
	} texts[] = {{"DOI SO", ""}, {" đổi số 12345678", " 12345678"}, {"Doi so.", "."},
		{"doi song kho khan", NULL}, {"DOISO", ""}, {"doi so12345678", "12345678"},
		{"doi", NULL}, {"", NULL}};
	char code[ENROL_CODE_LEN + 1] = "";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *words = phone_words(texts[i].text);

		if (!words != !texts[i].words || (words && strcmp(words, texts[i].words) != 0))
			fail_msg("%s: %s", texts[i].text, words ? words : "-");
	}
	assert_true(enrolment_is_code(" 1234 5678.", code));
	assert_string_equal(code, "12345678");
	assert_false(enrolment_is_code("123456789", code));
	assert_false(enrolment_is_code("1234567", code));
	assert_false(enrolment_is_code("1234567a", code));
	assert_false(enrolment_is_code("", code));
}

static void test_a_number_changes(void **state)
{
	struct fixture f = {0};
	int64_t id, moved, place_id = 0;
	struct place place;
	bool is_at;

	(void)state;
	begin(&f);
	assert_ok(resident_find(f.s.store, OLD, &id));
	assert_ok(consent_put(f.s.store, id, ENROLMENT_WORDING, CONSENT_PHONE));
	change(&f, OLD, NEW);
	assert_false(is_known(&f, OLD));
	assert_ok(resident_find(f.s.store, NEW, &moved));
	assert_int_equal(moved, id);
	assert_ok(place_find(f.s.store, "thon-3", &place));
	place_id = place.id;
	assert_ok(resident_is_at(f.s.store, id, place_id, &is_at));
	assert_true(is_at);
	assert_int_equal(reports(&f), 0);
	finish(&f);
}

static void test_a_code_is_used_once_and_not_for_long(void **state)
{
	char code[ENROL_CODE_LEN + 1], words[32];
	struct fixture f = {0};

	(void)state;
	begin(&f);
	text(&f, OLD, "doi so");
	code_said(&f, code);
	snprintf(words, sizeof(words), "doi so %s", code);
	/* From the phone that was told it: it stays good. */
	text(&f, OLD, words);
	expect(&f, "tu so dien thoai moi, khong phai tu so nay");
	text(&f, NEW, words);
	expect(&f, "da ghi viec doi so");
	text(&f, STRANGER, words);
	expect(&f, "Ma chua dung");
	assert_true(is_known(&f, NEW));
	/* One that was asked for anew ends the older one, and a day later there is none. */
	text(&f, NEW, "DOI SO");
	code_said(&f, code);
	clock_virtual_advance(&f.s.clock, 2 * DAY_MS);
	snprintf(words, sizeof(words), "DOI SO %s", code);
	text(&f, STRANGER, words);
	expect(&f, "Ma chua dung");
	assert_true(is_known(&f, NEW));
	assert_ok(desk_enrolments_tick(f.desk));
	finish(&f);
}

/* Enrolled or not, it reads the same. */
static void test_no_answer_tells_who_is_enrolled(void **state)
{
	char enrolled[2][512], strange[2][512], code[ENROL_CODE_LEN + 1], words[32];
	struct fixture f = {0};

	(void)state;
	begin(&f);
	for (int i = 0; i < 2; i++) {
		char(*said)[512] = i ? strange : enrolled;
		const char *from = i ? "+84900001110" : OLD, *to = i ? "+84900001111" : NEW;
		char *at;

		text(&f, from, "DOI SO");
		answer(&f, said[0], sizeof(said[0]));
		at = strstr(said[0], "DOI SO ") + strlen("DOI SO ");
		memcpy(code, at, ENROL_CODE_LEN);
		code[ENROL_CODE_LEN] = 0;
		memset(at, 'x', ENROL_CODE_LEN);
		snprintf(words, sizeof(words), "DOI SO %s", code);
		text(&f, to, words);
		answer(&f, said[1], sizeof(said[1]));
	}
	assert_string_equal(enrolled[0], strange[0]);
	assert_string_equal(enrolled[1], strange[1]);
	assert_false(is_known(&f, "+84900001111"));
	finish(&f);
}

static void test_wrong_codes_cost_time(void **state)
{
	char code[ENROL_CODE_LEN + 1], words[32];
	struct fixture f = {0};

	(void)state;
	begin(&f);
	text(&f, OLD, "DOI SO");
	code_said(&f, code);
	for (int i = 0; i < DESK_SENDER_FREE + 2; i++) {
		snprintf(words, sizeof(words), "DOI SO 0000000%d", i);
		if (strstr(words, code))
			continue;
		text(&f, STRANGER, words);
	}
	/* The right one, too soon: nothing is looked up. */
	snprintf(words, sizeof(words), "DOI SO %s", code);
	clock_virtual_advance(&f.s.clock, -61234);
	text(&f, STRANGER, words);
	assert_true(is_known(&f, OLD));
	clock_virtual_advance(&f.s.clock, 12 * HOUR_MS);
	text(&f, STRANGER, words);
	assert_true(is_known(&f, STRANGER));
	finish(&f);
}

static void test_refusals_and_blocks_follow(void **state)
{
	struct fixture f = {0};
	bool is_new;

	(void)state;
	begin(&f);
	assert_ok(refusal_put(f.s.store, REFUSAL_PHONE, OLD, REFUSAL_ASKED, "fire", &is_new));
	assert_ok(refusal_put(f.s.store, REFUSAL_PHONE, OLD, REFUSAL_BLOCKED, "", &is_new));
	change(&f, OLD, NEW);
	assert_true(refuses(&f, NEW, "law"));
	/* The block stays with the old number, too; back again does not lift it. */
	assert_true(refuses(&f, OLD, "law"));
	change(&f, NEW, STRANGER);
	assert_true(refuses(&f, STRANGER, "law"));
	/* A number that is blocked does not get clean by taking over another. */
	put(&f, "+84900001120", "chủ hộ 20", "thon-1", "member");
	assert_ok(refusal_put(
		f.s.store, REFUSAL_PHONE, "+84900001121", REFUSAL_ASKED, "fire", &is_new));
	change(&f, "+84900001120", "+84900001121");
	assert_true(refuses(&f, "+84900001121", "fire"));
	assert_false(refuses(&f, "+84900001121", "law"));
	/* Who refused without being in any list refuses by the new number. */
	assert_ok(
		refusal_put(f.s.store, REFUSAL_PHONE, "+84900001130", REFUSAL_ASKED, "", &is_new));
	change(&f, "+84900001130", "+84900001131");
	assert_true(refuses(&f, "+84900001131", "fire"));
	assert_false(refuses(&f, "+84900001130", "fire"));
	finish(&f);
}

/* Both numbers were in the registry: one person is left, at the places of both. */
static void test_two_numbers_become_one(void **state)
{
	struct fixture f = {0};
	struct place place;
	int64_t id, count;
	bool is_at;

	(void)state;
	begin(&f);
	put(&f, NEW, "chủ hộ 12", "thon-3", "member");
	put(&f, NEW, "chủ hộ 12", "thon-1", "member");
	end_turn(&f.s);
	change(&f, OLD, NEW);
	assert_ok(resident_count(f.s.store, &count));
	assert_int_equal(count, 1);
	assert_ok(resident_find(f.s.store, NEW, &id));
	assert_ok(place_find(f.s.store, "thon-1", &place));
	assert_ok(resident_is_at(f.s.store, id, place.id, &is_at));
	assert_true(is_at);
	assert_ok(place_find(f.s.store, "thon-3", &place));
	assert_ok(resident_is_at(f.s.store, id, place.id, &is_at));
	assert_true(is_at);
	finish(&f);
}

/* ---- the old phone is lost -------------------------------------------------------------------
 */

static void test_an_officer_changes_it(void **state)
{
	const struct desk_actor actor = {.name = "officer:uid0"};
	struct fixture f = {0};
	struct errbuf eb = {0};
	struct enrolment e;
	bool is_new;
	int64_t id, moved;
	int version;

	(void)state;
	begin(&f);
	assert_ok(refusal_put(f.s.store, REFUSAL_PHONE, OLD, REFUSAL_ASKED, "fire", &is_new));
	assert_ok(resident_find(f.s.store, OLD, &id));
	text(&f, NEW, "Đổi số nhà có phải báo không");
	assert_int_equal(reports(&f), 1);
	f.said = 1;
	text(&f, NEW, "DOI SO thon 3 chu ho muoi hai");
	expect(&f, "se xem va bao lai");
	assert_ok(enrolment_next(f.s.store, 0, &e));
	assert_true(e.is_move);
	assert_true(is_known(&f, OLD));
	assert_err(desk_enrolment_accept(f.desk, e.id,
			   &(struct desk_enrolment_in){.old_phone = STRANGER}, &actor, &eb),
		ERR_NOT_FOUND);
	assert_err(desk_enrolment_accept(f.desk, e.id,
			   &(struct desk_enrolment_in){.old_phone = "12"}, &actor, &eb),
		ERR_INVALID);
	assert_err(
		desk_enrolment_accept(f.desk, e.id,
			&(struct desk_enrolment_in){.old_phone = OLD, .role = "head"}, &actor, &eb),
		ERR_INVALID);
	assert_err(desk_enrolment_accept(f.desk, e.id,
			   &(struct desk_enrolment_in){.old_phone = OLD, .place = "thon-1"}, &actor,
			   &eb),
		ERR_NOT_FOUND);
	assert_ok(desk_enrolment_accept(
		f.desk, e.id, &(struct desk_enrolment_in){.old_phone = "0900001101"}, &actor, &eb));
	assert_false(is_known(&f, OLD));
	assert_ok(resident_find(f.s.store, NEW, &moved));
	assert_int_equal(moved, id);
	/* He has agreed to nothing anew, and still refuses. */
	assert_err(consent_of(f.s.store, id, &version), ERR_NOT_FOUND);
	assert_true(refuses(&f, NEW, "fire"));
	expect(&f, "da co trong danh sach");
	finish(&f);
}

/* ---- by Zalo ---------------------------------------------------------------------------------
 */

static void zalo_code(struct fixture *f, const char *words, char out[32])
{
	char code[ENROL_CODE_LEN + 1];

	say(f, PARTY_ZALO_USER, ZALO, words);
	code_said(f, code);
	snprintf(out, 32, "DK %s", code);
}

static void test_who_is_on_the_list_enrols_by_zalo(void **state)
{
	struct fixture f = {0};
	int64_t id, of_zalo;
	char words[32];
	int version;

	(void)state;
	begin(&f);
	zalo_code(&f, "ĐK thôn 3 Nguyễn Văn A", words);
	/* Zalo alone shows nothing. */
	assert_err(resident_of_zalo(f.s.store, ZALO, &of_zalo), ERR_NOT_FOUND);
	text(&f, OLD, words);
	expect(&f, "da co trong danh sach");
	assert_ok(resident_find(f.s.store, OLD, &id));
	assert_ok(resident_of_zalo(f.s.store, ZALO, &of_zalo));
	assert_int_equal(of_zalo, id);
	assert_ok(consent_of(f.s.store, id, &version));
	assert_int_equal(version, ENROLMENT_WORDING);
	text(&f, STRANGER, words);
	expect(&f, "Ma chua dung");
	assert_int_equal(reports(&f), 0);
	finish(&f);
}

static void test_who_is_not_waits_with_his_zalo(void **state)
{
	const struct desk_actor actor = {.name = "officer:uid0"};
	CLEANUP(enrolment_words_free) struct enrolment_words seen = {0};
	struct fixture f = {0};
	struct errbuf eb = {0};
	struct enrolment e;
	int64_t id, of_zalo;
	char words[32];

	(void)state;
	begin(&f);
	zalo_code(&f, "DK thon 1 Tran Thi B", words);
	text(&f, STRANGER, words);
	expect(&f, "se xem va bao lai");
	assert_ok(enrolment_next(f.s.store, 0, &e));
	assert_ok(enrolment_words(f.s.store, e.id, &seen));
	assert_string_equal(buf_text(&seen.zalo), ZALO);
	assert_ok(desk_enrolment_accept(
		f.desk, e.id, &(struct desk_enrolment_in){.name = NULL}, &actor, &eb));
	assert_ok(resident_find(f.s.store, STRANGER, &id));
	assert_ok(resident_of_zalo(f.s.store, ZALO, &of_zalo));
	assert_int_equal(of_zalo, id);
	/* Half of it is answered with how it is done; a sentence is a report. */
	say(&f, PARTY_ZALO_USER, "7001102", "DK");
	say(&f, PARTY_ZALO_USER, "7001102", "DK thôn 1");
	assert_int_equal(reports(&f), 0);
	say(&f, PARTY_ZALO_USER, "7001102", "DK xe máy ở đâu ạ");
	assert_int_equal(reports(&f), 1);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_keyword),
		cmocka_unit_test(test_a_number_changes),
		cmocka_unit_test(test_a_code_is_used_once_and_not_for_long),
		cmocka_unit_test(test_no_answer_tells_who_is_enrolled),
		cmocka_unit_test(test_wrong_codes_cost_time),
		cmocka_unit_test(test_refusals_and_blocks_follow),
		cmocka_unit_test(test_two_numbers_become_one),
		cmocka_unit_test(test_an_officer_changes_it),
		cmocka_unit_test(test_who_is_on_the_list_enrols_by_zalo),
		cmocka_unit_test(test_who_is_not_waits_with_his_zalo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
