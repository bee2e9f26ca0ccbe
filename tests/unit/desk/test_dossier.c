/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files at the one-stop office: its list whole or not at all, and what may be said of one. */
#include "tests/unit/desk/support.h"

#include "daemon/desk/dossier.h"

#define GOOD \
	"STT,Mã hồ sơ,Họ và tên,Trạng thái,Ngày hẹn trả\n" \
	"1,H56.12-261120-0004,Nguyễn Văn A,Đang xử lý,25/11/2026 17:00\n" \
	"2,H56.12-261120-0005,Trần Thị B,Đã có kết quả,2026-11-20\n"

static void import_text(struct desk_fixture *f, const char *text, struct dossier_import *ret_import)
{
	assert_ok(store_savepoint_begin(f->s.store));
	assert_ok(dossier_import_read(f->desk, text, strlen(text), ret_import));
	if (ret_import->faults.count)
		store_savepoint_rollback(f->s.store);
	else
		assert_ok(store_savepoint_release(f->s.store));
	end_turn(&f->s);
}

static enum err ask(struct desk_fixture *f, const char *words, struct buf *said)
{
	struct party party;

	buf_reset(said);
	assert_ok(party_get(f->s.store, PARTY_PHONE, RESIDENT, &party));
	return desk_dossier_ask(
		f->desk, &(struct desk_dossier_question){
				 .party_id = party.id, .words = words, .said = said});
}

static void says(struct desk_fixture *f, const char *words, const char *expected)
{
	CLEAN_BUF said = {0};

	buf_init(&said, 2048);
	assert_ok(ask(f, words, &said));
	if (!strstr(buf_text(&said), expected))
		fail_msg("\"%s\" is answered \"%s\"", words, buf_text(&said));
	assert_null(strstr(buf_text(&said), "Nguy"));
}

static void test_a_list_and_its_answers(void **state)
{
	struct dossier_import import;
	struct desk_fixture f;
	CLEAN_BUF said = {0};

	(void)state;
	start(&f, true, false, false);
	buf_init(&said, 2048);
	says(&f, "", "mã hồ sơ ghi trên giấy hẹn");
	says(&f, " H56.12-261120-0004", "Chưa thấy hồ sơ H5612261120");
	import_text(&f, GOOD, &import);
	assert_int_equal(import.counts[DOSSIER_ADDED], 2);
	assert_int_equal(import.faults.count, 0);
	dossier_import_done(&import);
	says(&f, " H56.12-261120-0004", "đang giải quyết, hẹn trả kết quả ngày 25/11/2026");
	says(&f, ": h56 12 261120 0004", "đang giải quyết");
	says(&f, " H5612-261120-0005", "đã có kết quả");
	assert_err(ask(&f, " cap 2 danh nhau", &said), ERR_NOT_FOUND);
	assert_err(ask(&f, " lớp 12345", &said), ERR_NOT_FOUND);
	import_text(&f, GOOD, &import);
	assert_int_equal(import.counts[DOSSIER_SAME], 2);
	dossier_import_done(&import);
	finish(&f);
}

static void test_one_bad_row_stores_nothing(void **state)
{
	struct dossier_import import;
	struct desk_fixture f;

	(void)state;
	start(&f, true, false, false);
	import_text(
		&f, GOOD "3,12,x,Đang xử lý,\n4,HS-000123,x,để lâu lắm rồi,31/2/2026\n", &import);
	assert_int_equal(import.faults.count, 3);
	dossier_import_done(&import);
	says(&f, " H56.12-261120-0004", "Chưa thấy hồ sơ");
	import_text(&f, "Mã hồ sơ\n1\n", &import);
	assert_true(import.faults.count > 0);
	dossier_import_done(&import);
	finish(&f);
}

static void test_what_is_not_exported_any_more_is_forgotten(void **state)
{
	int64_t counts[DOSSIER_STATES], newest_ms;
	struct dossier_import import;
	struct desk_fixture f;

	(void)state;
	start(&f, true, false, false);
	import_text(&f, GOOD, &import);
	dossier_import_done(&import);
	assert_ok(dossier_counts(f.s.store, counts, &newest_ms));
	assert_int_equal(counts[DOSSIER_WORKING], 1);
	assert_int_equal(counts[DOSSIER_READY], 1);
	assert_int_equal(newest_ms, FIXTURE_WALL_MS);
	clock_virtual_advance(&f.s.clock, DESK_DOSSIER_KEPT_MS);
	assert_ok(desk_dossiers_tick(f.desk));
	assert_ok(dossier_counts(f.s.store, counts, &newest_ms));
	assert_int_equal(counts[DOSSIER_WORKING], 1);
	clock_virtual_advance(&f.s.clock, SECOND_MS);
	assert_ok(desk_dossiers_tick(f.desk));
	assert_ok(dossier_counts(f.s.store, counts, &newest_ms));
	assert_int_equal(counts[DOSSIER_WORKING], 0);
	assert_int_equal(newest_ms, 0);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_list_and_its_answers),
		cmocka_unit_test(test_one_bad_row_stores_nothing),
		cmocka_unit_test(test_what_is_not_exported_any_more_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
