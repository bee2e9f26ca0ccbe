/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/enclosure.h"
#include "tests/unit/desk/support.h"

#include "config/phrases.h"

static void test_new_report_is_answered_relayed_and_stood_by(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct report report;

	(void)state;
	start(&f, true, true, true);
	report = open_report(&f, PARTY_PHONE, RESIDENT, "Cháy nhà ở ấp 3");
	assert_int_equal(report.number, 1);
	assert_int_equal(report.year, 2026);
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 3);
	assert_int_equal(l.rows[0].kind, OUTBOX_KIND_RECEIPT);
	assert_int_equal(l.rows[0].channel, CHANNEL_MODEM);
	assert_true(outbox_says(&f.s, l.rows[0].id, "so 1, ma "));
	assert_true(outbox_says(&f.s, l.rows[0].id, report.code));
	assert_false(outbox_says(&f.s, l.rows[0].id, "áy"));
	assert_int_equal(l.rows[1].kind, OUTBOX_KIND_RELAY);
	assert_int_equal(l.rows[1].channel, CHANNEL_ZALO_GROUP);
	assert_true(outbox_says(&f.s, l.rows[1].id, "Cháy nhà ở ấp 3"));
	assert_false(outbox_says(&f.s, l.rows[1].id, "0012"));
	assert_int_equal(l.rows[2].kind, OUTBOX_KIND_ALARM);
	assert_int_equal(l.rows[2].standby_for, l.rows[1].id);
	assert_int_equal(l.rows[2].due_ms, FIXTURE_WALL_MS + 2 * MINUTE_MS);
	assert_false(outbox_says(&f.s, l.rows[2].id, "áy"));
	finish(&f);
}

static void test_notice_hides_the_words(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;

	(void)state;
	start(&f, true, true, false);
	open_report(&f, PARTY_PHONE, RESIDENT, "Cháy nhà ở ấp 3");
	l = list_outbox(&f.s);
	assert_int_equal(l.rows[1].kind, OUTBOX_KIND_RELAY);
	assert_false(outbox_says(&f.s, l.rows[1].id, "Cháy"));
	assert_true(outbox_says(&f.s, l.rows[1].id, "số 1/2026"));
	finish(&f);
}

static void test_without_zalo_phones_are_texted_at_once(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;

	(void)state;
	start(&f, true, false, false);
	open_report(&f, PARTY_PHONE, RESIDENT, "a");
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 2);
	assert_int_equal(l.rows[1].kind, OUTBOX_KIND_ALARM);
	assert_int_equal(l.rows[1].standby_for, 0);
	assert_int_equal(l.rows[1].due_ms, FIXTURE_WALL_MS);
	finish(&f);
}

static void test_word_as_sender_is_never_answered(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct errbuf eb = {0};
	struct report report;
	struct desk_answered done = {-1, 0, 0};

	(void)state;
	start(&f, true, false, false);
	report = open_report(&f, PARTY_SENDER_NAME, "Viettel", "Khuyến mãi");
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 1);
	assert_int_equal(l.rows[0].kind, OUTBOX_KIND_ALARM);
	assert_err(desk_report_answer(f.desk, report.id, "Chào", "officer:test", &done, &eb),
		ERR_STATE);
	assert_int_equal(done.outbox_id, -1);
	assert_non_null(strstr(eb.text, "can't be answered"));
	finish(&f);
}

#define FILE_OF(file_name, bytes_of) \
	(&(struct desk_file){.name = file_name, .data = bytes_of, .bytes = sizeof(bytes_of) - 1})

static void test_files_go_by_zalo_and_are_what_they_say(void **state)
{
	static char large[1024 * 1024 + 1] = "\xff\xd8\xff";
	struct desk_fixture f;
	struct outbox_row row;
	struct enclosure enclosure;
	struct errbuf eb = {0};
	struct report sms, zalo;
	CLEAN_BUF body = {0};
	int64_t id = -1;

	(void)state;
	start(&f, true, true, false);
	sms = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	zalo = open_report(&f, PARTY_ZALO_USER, "9000000000000000001", "b");
	assert_err(desk_report_file(f.desk, sms.id, FILE_OF("don.pdf", "%PDF-1.4"), "officer:test",
			   &id, &eb),
		ERR_STATE);
	assert_err(desk_report_file(f.desk, zalo.id, FILE_OF("anh.jpg", "%PDF-1.4"), "officer:test",
			   &id, &eb),
		ERR_INVALID);
	assert_err(desk_report_file(
			   f.desk, zalo.id, FILE_OF("don.exe", "MZ"), "officer:test", &id, &eb),
		ERR_INVALID);
	assert_err(desk_report_file(f.desk, zalo.id, FILE_OF("../don.pdf", "%PDF-1.4"),
			   "officer:test", &id, &eb),
		ERR_INVALID);
	assert_err(desk_report_file(f.desk, zalo.id, FILE_OF("bang.csv", "so,\0ten"),
			   "officer:test", &id, &eb),
		ERR_INVALID);
	assert_err(
		desk_report_file(f.desk, zalo.id, FILE_OF("don.pdf", ""), "officer:test", &id, &eb),
		ERR_INVALID);
	assert_err(desk_report_file(f.desk, zalo.id,
			   &(struct desk_file){"anh.jpg", large, sizeof(large)}, "officer:test",
			   &id, &eb),
		ERR_TOO_BIG);
	assert_int_equal(id, -1);
	assert_ok(desk_report_file(
		f.desk, zalo.id, FILE_OF("giấy hẹn.pdf", "%PDF-1.4"), "officer:test", &id, &eb));
	assert_ok(outbox_load(f.s.store, id, &row));
	assert_int_equal(row.channel, CHANNEL_ZALO_USER);
	assert_ok(enclosure_load(f.s.store, row.enclosure_id, &enclosure));
	assert_int_equal(enclosure.kind, ENCLOSURE_FILE);
	assert_string_equal(enclosure.name, "giấy hẹn.pdf");
	buf_init(&body, 100);
	assert_ok(enclosure_body(f.s.store, row.enclosure_id, &body));
	assert_string_equal(buf_text(&body), "%PDF-1.4");
	assert_ok(desk_report_file(f.desk, zalo.id, FILE_OF("bang.csv", "so,ten\n1,Ấp 3\n"),
		"officer:test", &id, &eb));
	assert_ok(desk_report_file(f.desk, zalo.id, FILE_OF("anh.GIF", "GIF89a\x10\x00\x10\x00"),
		"officer:test", &id, &eb));
	finish(&f);
}

static void test_answer_goes_back_the_way_it_came(void **state)
{
	struct desk_fixture f;
	struct outbox_row row;
	struct errbuf eb = {0};
	struct report sms, zalo, loaded;
	struct desk_answered done;

	(void)state;
	start(&f, true, true, false);
	sms = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	zalo = open_report(&f, PARTY_ZALO_USER, "9000000000000000001", "b");
	assert_ok(
		desk_report_answer(f.desk, sms.id, "Đã cử người đến", "officer:test", &done, &eb));
	assert_ok(outbox_load(f.s.store, done.outbox_id, &row));
	assert_int_equal(row.channel, CHANNEL_MODEM);
	assert_int_equal(row.party_id, sms.party_id);
	assert_true(outbox_says(&f.s, done.outbox_id, "Đã cử người đến"));
	assert_ok(desk_report_answer(f.desk, zalo.id, "Đã nhận", "officer:test", &done, &eb));
	assert_ok(outbox_load(f.s.store, done.outbox_id, &row));
	assert_int_equal(row.channel, CHANNEL_ZALO_USER);
	assert_ok(report_load(f.s.store, zalo.id, &loaded));
	assert_string_equal(loaded.state, "answered");
	finish(&f);
}

static void start_gateway(struct desk_fixture *f, bool has_modem)
{
	static const char *const phones[] = {DUTY_PHONE};

	store_fixture_init(&f->s);
	assert_ok(desk_new(&(struct desk_options){.store = f->s.store,
				   .has_modem = has_modem,
				   .has_http_sms = true,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&f->desk));
}

static void test_a_receipt_by_template_with_an_sms_behind_it(void **state)
{
	static const char *const params[] = {"so_tin=Tin {number}", "ma={code}"};
	struct desk_fixture f;
	struct outbox_listing l;
	struct report report;
	char expected[160];

	(void)state;
	store_fixture_init(&f.s);
	assert_ok(desk_new(&(struct desk_options){.store = f.s.store,
				   .has_modem = true,
				   .has_zalo = true,
				   .has_tick = true,
				   .receipt_template = "4711",
				   .receipt_params = params,
				   .receipt_param_count = 2},
		&f.desk));
	report = open_report(&f, PARTY_PHONE, RESIDENT, "chay");
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 2);
	assert_int_equal(l.rows[0].channel, CHANNEL_ZNS);
	assert_int_equal(l.rows[0].due_ms, FIXTURE_WALL_MS);
	snprintf(expected, sizeof(expected),
		"{\"template_id\":\"4711\",\"template_data\":{\"so_tin\":\"Tin %d\",\"ma\":\"%s\"}}",
		report.number, report.code);
	assert_true(outbox_says(&f.s, l.rows[0].id, expected));
	assert_int_equal(l.rows[1].channel, CHANNEL_MODEM);
	assert_int_equal(l.rows[1].standby_for, l.rows[0].id);
	assert_int_equal(l.rows[1].due_ms, FIXTURE_WALL_MS + 2 * MINUTE_MS);
	/* Who has no Zalo gets the SMS at once. */
	assert_ok(outbox_move(f.s.store, l.rows[0].id,
		&(struct outbox_move){.to = OUTBOX_FAILED, .error = ERR_RECIPIENT}));
	l = list_outbox(&f.s);
	assert_int_equal(l.rows[1].due_ms, FIXTURE_WALL_MS);
	/* A Zalo user gets his receipt in the chat, and a thumb. */
	report = open_report(&f, PARTY_ZALO_USER, "9007", "chay");
	assert_ok(desk_tick(f.desk, report.party_id, "m-77"));
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 4);
	assert_int_equal(l.rows[2].channel, CHANNEL_ZALO_USER);
	assert_int_equal(l.rows[3].kind, OUTBOX_KIND_TICK);
	assert_true(outbox_says(&f.s, l.rows[3].id, "m-77"));
	finish(&f);
}

static void test_without_a_modem_the_gateway_texts(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct outbox_row row;
	struct errbuf eb = {0};
	struct report report;
	char text[601];
	struct desk_answered done;

	(void)state;
	for (size_t i = 0; i < 300; i++)
		memcpy(text + 2 * i, "ô", 3);
	for (int has_modem = 0; has_modem <= 1; has_modem++) {
		enum channel_kind expected = has_modem ? CHANNEL_MODEM : CHANNEL_HTTP_SMS;

		start_gateway(&f, has_modem);
		report = open_report(&f, PARTY_PHONE, RESIDENT, "Cháy nhà");
		l = list_outbox(&f.s);
		assert_int_equal(l.count, 2);
		assert_int_equal(l.rows[0].channel, expected);
		assert_true(outbox_says(&f.s, l.rows[0].id, "so 1, ma "));
		assert_int_equal(l.rows[1].kind, OUTBOX_KIND_ALARM);
		assert_int_equal(l.rows[1].channel, expected);
		/* The same segments as by a modem: what is too long loses its marks. */
		assert_ok(desk_report_answer(f.desk, report.id, text, "officer:test", &done, &eb));
		assert_ok(outbox_load(f.s.store, done.outbox_id, &row));
		assert_int_equal(row.channel, expected);
		assert_true(outbox_says(&f.s, done.outbox_id, "oooo"));
		finish(&f);
	}
}

static void test_long_answers(void **state)
{
	struct desk_fixture f;
	struct errbuf eb = {0};
	struct report report;
	char text[8000];
	struct desk_answered done;

	(void)state;
	start(&f, true, false, false);
	report = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	/* 300 accented letters: more than 3 segments of 67, so the marks are dropped. */
	text[0] = 0;
	for (int i = 0; i < 300; i++)
		memcpy(text + 2 * i, "ô", 3);
	assert_ok(desk_report_answer(f.desk, report.id, text, "officer:test", &done, &eb));
	assert_true(outbox_says(&f.s, done.outbox_id, "oooo"));
	assert_false(outbox_says(&f.s, done.outbox_id, "ô"));
	memset(text, 'a', 1600);
	text[1600] = 0;
	assert_err(desk_report_answer(f.desk, report.id, text, "officer:test", &done, &eb),
		ERR_TOO_BIG);
	assert_err(desk_report_answer(f.desk, report.id, "\xff", "officer:test", &done, &eb),
		ERR_INVALID);
	assert_err(
		desk_report_answer(f.desk, report.id, "", "officer:test", &done, &eb), ERR_INVALID);
	assert_err(desk_report_answer(f.desk, 999, "a", "officer:test", &done, &eb), ERR_NOT_FOUND);
	finish(&f);
}

static void test_long_report_is_relayed_in_pieces(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	char text[3 * 2600 + 1];

	(void)state;
	start(&f, false, true, true);
	for (int i = 0; i < 2600; i++)
		memcpy(text + 3 * i, "ạ", 4);
	open_report(&f, PARTY_PHONE, RESIDENT, text);
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 2);
	assert_int_equal(l.rows[0].kind, OUTBOX_KIND_RELAY);
	assert_int_equal(l.rows[1].kind, OUTBOX_KIND_RELAY);
	finish(&f);
}

static void test_amendment_is_told_without_a_second_alarm(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct report report;

	(void)state;
	start(&f, true, true, true);
	report = open_report(&f, PARTY_PHONE, RESIDENT, "phần một");
	assert_ok(desk_report_amend(f.desk, report.id, "phần một phần hai",
		&(struct report_guess){.category = "other"}, "", &report));
	end_turn(&f.s);
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 4);
	assert_int_equal(l.rows[3].kind, OUTBOX_KIND_RELAY);
	assert_true(outbox_says(&f.s, l.rows[3].id, "phần hai"));
	finish(&f);
}

static void test_who_looks_after_the_machine_is_told_alone(void **state)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct desk_fixture f;
	struct outbox_listing l;

	(void)state;
	start(&f, true, true, true);
	/* Nobody is named: the officers on duty, and at once. */
	assert_ok(desk_it_alarm(f.desk, "zalo_consent", none));
	end_turn(&f.s);
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 1);
	assert_int_equal(l.rows[0].channel, CHANNEL_MODEM);
	assert_int_equal(l.rows[0].due_ms, FIXTURE_WALL_MS);
	desk_free(f.desk);
	assert_ok(desk_new(&(struct desk_options){.store = f.s.store,
				   .has_modem = true,
				   .has_zalo = true,
				   .duty_group = "4000",
				   .it_phone = "+84900009002"},
		&f.desk));
	assert_ok(desk_it_alarm(f.desk, "zalo_consent", none));
	end_turn(&f.s);
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 2);
	assert_int_not_equal(l.rows[1].party_id, l.rows[0].party_id);
	assert_int_equal(l.rows[1].kind, OUTBOX_KIND_ALARM);
	assert_true(outbox_says(&f.s, l.rows[1].id, "binhyenctl zalo login"));
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_report_is_answered_relayed_and_stood_by),
		cmocka_unit_test(test_notice_hides_the_words),
		cmocka_unit_test(test_without_zalo_phones_are_texted_at_once),
		cmocka_unit_test(test_word_as_sender_is_never_answered),
		cmocka_unit_test(test_files_go_by_zalo_and_are_what_they_say),
		cmocka_unit_test(test_answer_goes_back_the_way_it_came),
		cmocka_unit_test(test_a_receipt_by_template_with_an_sms_behind_it),
		cmocka_unit_test(test_without_a_modem_the_gateway_texts),
		cmocka_unit_test(test_long_answers),
		cmocka_unit_test(test_long_report_is_relayed_in_pieces),
		cmocka_unit_test(test_amendment_is_told_without_a_second_alarm),
		cmocka_unit_test(test_who_looks_after_the_machine_is_told_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
