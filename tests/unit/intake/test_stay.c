/* SPDX-License-Identifier: GPL-2.0-or-later */
/* People who text "LT", from the message to the clerk and back; and who can read what they sent. */
#include "config/law.h"
#include "daemon/base/str.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/stay.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/stay_word.h"
#include "store/officer.h"
#include "tests/lib/store_fixture.h"

#include <stdlib.h>

#define SENDER "+84900001001"
#define OTHER  "+84900001002"
#define WHOLE  "LT Nguyen Van A, 001090123999, tham con, 18/11 den 20/11, so 5 thon 3"
#define NUMBER "001090123999"

struct fixture {
	struct store_fixture s;
	struct law *law;
	struct desk *desk;
	struct intake *intake;
	int messages;
	struct keypair *clerk;
	int64_t clerk_id;
};

static bool is_ntp(void)
{
	return true;
}

static void begin(struct fixture *f)
{
	struct errbuf eb = {0};

	memset(f, 0, sizeof(*f));
	store_fixture_init(&f->s);
	assert_ok(law_load(
		&(struct law_options){.calendar_file = "", .regimes_directory = ""}, &f->law, &eb));
	assert_ok(desk_new(&(struct desk_options){.store = f->s.store,
				   .law = f->law,
				   .is_ntp = is_ntp,
				   .has_modem = true,
				   .has_zalo = true},
		&f->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = f->s.store, .desk = f->desk}, &f->intake));
}

static void finish(struct fixture *f)
{
	keypair_free(f->clerk);
	intake_free(f->intake);
	desk_free(f->desk);
	law_free(f->law);
	store_fixture_done(&f->s);
}

static void write_as(struct fixture *f, enum party_kind kind, const char *from, const char *words)
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

static void text(struct fixture *f, const char *words)
{
	write_as(f, PARTY_PHONE, SENDER, words);
}

static int64_t reports(struct fixture *f)
{
	int64_t count = 0;

	assert_ok(report_count(f->s.store, NULL, &count));
	return count;
}

/* The last that was said to anybody. */
static void check_said(struct fixture *f, const char *expected)
{
	struct outbox_listing l = list_outbox(&f->s);
	CLEAN_BUF said = {0};
	int64_t last = 0;

	for (int i = 0; i < l.count; i++)
		last = l.rows[i].id > last ? l.rows[i].id : last;
	buf_init(&said, OUTBOX_BODY_MAX);
	assert_ok(outbox_text(f->s.store, last, &said));
	if (!strstr(buf_text(&said), expected))
		fail_msg("\"%s\" is not in \"%s\"", expected, buf_text(&said));
	/* Whatever it says, no number of anybody goes out. */
	assert_null(strstr(buf_text(&said), NUMBER));
}

static void keep_last(void *arg, const struct stay *stay)
{
	struct stay *last = arg;

	if (stay->id > last->id)
		*last = *stay;
}

static struct stay last_stay(struct fixture *f)
{
	struct stay last = {.id = 0};

	assert_ok(stay_list(f->s.store, 0, 200, keep_last, &last));
	return last;
}

static enum err read_stay(
	struct fixture *f, int64_t id, const struct key_holder *by, char out[2048])
{
	struct errbuf eb = {0};
	CLEAN_BUF words = {0};
	enum err err;

	buf_init(&words, 64 * 1024);
	err = desk_stay_read(f->desk, id, by, "officer:test", &words, &eb);
	snprintf(out, 2048, "%s", buf_text(&words));
	end_turn(&f->s);
	return err;
}

static enum err decide(struct fixture *f, int64_t id, const char *how, const char *reason)
{
	struct desk_actor actor = {.officer_id = f->clerk_id, .name = "officer:test"};
	struct errbuf eb = {0};
	enum err err = desk_stay_decide(f->desk, id, how, reason, &actor, &eb);

	end_turn(&f->s);
	return err;
}

/* The local time of the day of the fixture. */
static void at_hour(struct fixture *f, int hour)
{
	int64_t day = clock_local_day(FIXTURE_WALL_MS);

	f->s.clock.wall = day * DAY_MS - VIETNAM_OFFSET_MS + hour * HOUR_MS;
}

static void test_the_keyword(void **state)
{
	static const struct {
		const char *text, *words;
	} texts[] = {{"LT a", " a"}, {" lt", ""}, {"LT: x", ": x"}, {"LTE x", NULL}, {"LTế", NULL},
		{"lưu trú 2 khách", " 2 khách"}, {"luu tru nhu the nao", NULL}, {"", NULL}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *words = stay_keyword(texts[i].text);

		if (!words != !texts[i].words || (words && strcmp(words, texts[i].words) != 0))
			fail_msg("%s: %s", texts[i].text, words ? words : "-");
	}
}

static void test_one_message_is_enough(void **state)
{
	struct fixture f;
	struct stay stay;
	char words[2048];

	(void)state;
	begin(&f);
	text(&f, WHOLE);
	check_said(&f, "1 khach, 18/11-20/11");
	check_said(&f, "Chua phai la da ghi");
	stay = last_stay(&f);
	assert_int_equal(stay.state, STAY_RECEIVED);
	assert_int_equal(stay.timing, STAY_IN_TIME);
	assert_int_equal(reports(&f), 0);
	assert_ok(read_stay(&f, stay.id, &key_holder_box, words));
	assert_string_equal(words,
		"{\"guests\":[{\"name\":\"Nguyen Van A\",\"id\":\"001090123999\"}],\"reason\":\"tham con\",\"address\":\"so 5 thon 3\"}");
	/* By Zalo with its marks. */
	write_as(&f, PARTY_ZALO_USER, "1000000000000000001",
		"LT Lý Thị B, 001190123457, thăm nhà, 18/11 đến 19/11, bản Nà Pản");
	check_said(&f, "Đã nhận thông báo lưu trú số");
	finish(&f);
}

static void test_piece_by_piece(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	text(&f, "LT");
	check_said(&f, "Vi du: LT Nguyen Van A");
	text(&f, "LT Nguyen Van A 012345678 thon 3");
	check_said(&f, "so dinh danh 12 so (CMND 9 so da het gia tri), ly do, o tu ngay den ngay");
	text(&f, "LT " NUMBER);
	check_said(&f, "con thieu: ly do, o tu ngay den ngay");
	text(&f, "LT tham con 18/11 den 20/12");
	check_said(&f, "dang ky tam tru");
	text(&f, "LT 18/11 den 20/11");
	check_said(&f, "1 khach, 18/11-20/11");
	assert_int_equal(last_stay(&f).state, STAY_RECEIVED);
	/* Nobody else's draft is added to. */
	text(&f, "LT Nguyen Van A thon 3");
	write_as(&f, PARTY_PHONE, OTHER, "LT 18/11 den 20/11");
	check_said(&f, "so dinh danh 12 so, ly do, dia chi");
	text(&f, "LT HUY");
	check_said(&f, "Khong con thong bao luu tru nao");
	text(&f, "LT 18/11 den 20/11");
	check_said(&f, "dia chi");
	assert_int_equal(reports(&f), 0);
	finish(&f);
}

static void test_the_hours_of_the_law(void **state)
{
	static const struct {
		int hour;
		enum stay_timing timing;
		const char *said;
	} cases[] = {{20, STAY_IN_TIME, "Chua phai la da ghi"},
		{23, STAY_NIGHT, "neu khach den sau 23 gio"},
		{31, STAY_NIGHT, "neu khach den sau 23 gio"}, {32, STAY_LATE, "da muon"},
		{60, STAY_LATE, "da muon"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;

		begin(&f);
		at_hour(&f, cases[i].hour);
		text(&f, WHOLE);
		check_said(&f, cases[i].said);
		assert_int_equal(last_stay(&f).timing, cases[i].timing);
		finish(&f);
	}
}

static void test_what_is_none_is_kept(void **state)
{
	struct fixture f;
	struct stay stay;
	char words[2048];
	int64_t next;

	(void)state;
	begin(&f);
	text(&f, "LT khach nuoc ngoai John Smith o nha toi thon 3");
	check_said(&f, "TT nguoi nuoc ngoai");
	stay = last_stay(&f);
	assert_int_equal(stay.state, STAY_UNCLEAR);
	assert_ok(read_stay(&f, stay.id, &key_holder_box, words));
	assert_non_null(strstr(words, "John Smith"));
	/* A draft that nobody went on with is the clerk's after a day. */
	text(&f, "LT nha toi co khach");
	assert_int_equal(last_stay(&f).id, stay.id);
	clock_virtual_advance(&f.s.clock, DESK_STAY_DRAFT_MS + 1);
	assert_ok(intake_tick(f.intake, &next));
	end_turn(&f.s);
	assert_true(last_stay(&f).id > stay.id);
	stay = last_stay(&f);
	assert_int_equal(stay.state, STAY_UNCLEAR);
	assert_ok(read_stay(&f, stay.id, &key_holder_box, words));
	assert_non_null(strstr(words, "nha toi co khach"));
	/* Somebody is in danger: a report, at once. */
	text(&f, "LT Nguyen Van A dang chem nguoi, cuu voi, thon 3");
	assert_int_equal(reports(&f), 1);
	finish(&f);
}

static void test_each_step_is_told(void **state)
{
	struct fixture f;
	char name[24];
	int64_t id;

	(void)state;
	begin(&f);
	text(&f, WHOLE);
	id = last_stay(&f).id;
	snprintf(name, sizeof(name), "LT %lld", (long long)id);
	text(&f, name);
	check_said(&f, "da nhan, chua ghi");
	write_as(&f, PARTY_PHONE, OTHER, name);
	check_said(&f, "khong co thong bao luu tru so");
	assert_ok(decide(&f, id, "entered", ""));
	check_said(&f, "da nhap");
	assert_err(decide(&f, id, "entered", ""), ERR_STATE);
	assert_err(decide(&f, id, "declined", ""), ERR_INVALID);
	assert_err(decide(&f, id, "recorded", "x"), ERR_INVALID);
	assert_ok(decide(&f, id, "recorded", ""));
	check_said(&f, "da ghi vao co so du lieu");
	assert_err(decide(&f, id, "declined", "sai ngay"), ERR_STATE);
	text(&f, WHOLE);
	id = last_stay(&f).id;
	assert_ok(decide(&f, id, "declined", "sai số định danh"));
	check_said(&f, "chua ghi duoc: sai so dinh danh");
	assert_err(decide(&f, 999, "entered", ""), ERR_NOT_FOUND);
	finish(&f);
}

static int said_count(struct fixture *f)
{
	return list_outbox(&f->s).count;
}

/* Whoever holds the phone now reads along: nothing of the clerk's decision goes there. */
static void test_a_phone_that_asked_for_silence_is_told_nothing(void **state)
{
	struct fixture f;
	int64_t id;
	int before;

	(void)state;
	begin(&f);
	text(&f, WHOLE);
	id = last_stay(&f).id;
	/* Under a name that no officer can join with his number. */
	text(&f, "AN IM chong toi hay danh toi");
	before = said_count(&f);
	assert_ok(decide(&f, id, "entered", ""));
	assert_ok(decide(&f, id, "declined", "sai ngay"));
	assert_int_equal(last_stay(&f).state, STAY_DECLINED);
	assert_int_equal(said_count(&f), before);
	/* Another phone is told all the same. */
	write_as(&f, PARTY_PHONE, OTHER, WHOLE);
	assert_ok(decide(&f, last_stay(&f).id, "declined", "sai ngay"));
	check_said(&f, "chua ghi duoc: sai ngay");
	finish(&f);
}

/* An officer with a key. */
static struct keypair *hire(
	struct fixture *f, const char *login, enum officer_role role, int64_t *ret_id)
{
	struct keypair *pair;

	assert_ok(keypair_new(&pair));
	assert_ok(officer_add(f->s.store,
		&(struct officer_new){.login = login, .name = login, .role = role, .phone = ""},
		ret_id));
	assert_ok(officer_set_key(f->s.store, *ret_id, keypair_public(pair)));
	assert_ok(officer_set_state(f->s.store, *ret_id, OFFICER_ACTIVE));
	end_turn(&f->s);
	return pair;
}

static void claim(struct fixture *f)
{
	CLEAN_BUF words = {0};

	buf_init(&words, 1024);
	assert_ok(keyring_claim(f->desk, "officer:test", &words));
	end_turn(&f->s);
}

static void tick(struct fixture *f)
{
	int64_t next;

	assert_ok(intake_tick(f->intake, &next));
	end_turn(&f->s);
}

static void test_only_the_clerk_reads(void **state)
{
	struct fixture f;
	struct keypair *chief, *second;
	int64_t chief_id, second_id, old, id;
	char words[2048];

	(void)state;
	begin(&f);
	text(&f, WHOLE);
	old = last_stay(&f).id;
	chief = hire(&f, "truong", OFFICER_CHIEF, &chief_id);
	f.clerk = hire(&f, "lan", OFFICER_CLERK, &f.clerk_id);
	claim(&f);
	/* What the box held is handed over, and its copy is gone. */
	tick(&f);
	assert_err(read_stay(&f, old, &key_holder_box, words), ERR_DENIED);
	assert_ok(read_stay(&f, old, &(struct key_holder){f.clerk_id, f.clerk}, words));
	assert_non_null(strstr(words, NUMBER));
	text(&f, WHOLE);
	id = last_stay(&f).id;
	assert_err(read_stay(&f, id, &key_holder_box, words), ERR_DENIED);
	assert_err(read_stay(&f, id, &(struct key_holder){chief_id, chief}, words), ERR_DENIED);
	assert_ok(read_stay(&f, id, &(struct key_holder){f.clerk_id, f.clerk}, words));
	/* Another clerk gets it from who reads it. */
	second = hire(&f, "minh", OFFICER_CLERK, &second_id);
	assert_err(read_stay(&f, id, &(struct key_holder){second_id, second}, words), ERR_DENIED);
	assert_ok(read_stay(&f, id, &(struct key_holder){f.clerk_id, f.clerk}, words));
	assert_ok(read_stay(&f, id, &(struct key_holder){second_id, second}, words));
	/* Who is clerk no longer has nothing any more. */
	assert_ok(officer_set(f.s.store,
		&(struct officer){.id = second_id, .name = "minh", .role = OFFICER_AREA}));
	assert_ok(keyring_review(f.desk, second_id, "officer:test"));
	assert_err(read_stay(&f, id, &(struct key_holder){second_id, second}, words), ERR_DENIED);
	keypair_free(second);
	keypair_free(chief);
	finish(&f);
}

static void test_without_a_clerk_the_chief_reads(void **state)
{
	struct fixture f;
	struct keypair *chief;
	int64_t chief_id;
	char words[2048];

	(void)state;
	begin(&f);
	chief = hire(&f, "truong", OFFICER_CHIEF, &chief_id);
	claim(&f);
	text(&f, WHOLE);
	assert_ok(read_stay(&f, last_stay(&f).id, &(struct key_holder){chief_id, chief}, words));
	keypair_free(chief);
	finish(&f);
}

static void test_it_is_erased_in_the_end(void **state)
{
	struct fixture f;
	struct stay stay;
	char words[2048];
	int64_t id, open;

	(void)state;
	begin(&f);
	text(&f, WHOLE);
	open = last_stay(&f).id;
	text(&f, WHOLE);
	id = last_stay(&f).id;
	assert_ok(decide(&f, id, "recorded", ""));
	clock_virtual_advance(&f.s.clock, 60 * DAY_MS);
	tick(&f);
	assert_ok(read_stay(&f, id, &key_holder_box, words));
	clock_virtual_advance(&f.s.clock, 60 * DAY_MS);
	tick(&f);
	assert_err(read_stay(&f, id, &key_holder_box, words), ERR_NOT_FOUND);
	assert_ok(stay_load(f.s.store, id, &stay));
	assert_true(stay.is_erased);
	assert_int_equal(stay.party_id, 0);
	assert_int_equal(stay.guests, 1);
	/* What nobody has handled yet waits. */
	assert_ok(read_stay(&f, open, &key_holder_box, words));
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_keyword),
		cmocka_unit_test(test_one_message_is_enough),
		cmocka_unit_test(test_piece_by_piece),
		cmocka_unit_test(test_the_hours_of_the_law),
		cmocka_unit_test(test_what_is_none_is_kept),
		cmocka_unit_test(test_each_step_is_told),
		cmocka_unit_test(test_a_phone_that_asked_for_silence_is_told_nothing),
		cmocka_unit_test(test_only_the_clerk_reads),
		cmocka_unit_test(test_without_a_clerk_the_chief_reads),
		cmocka_unit_test(test_it_is_erased_in_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
