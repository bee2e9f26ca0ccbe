/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a question about procedures to the answer that waits in the outbox, or to the report that it
 * becomes. */
#include "config/procedure.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/procedure.h"
#include "daemon/desk/question.h"
#include "daemon/intake/intake.h"
#include "store/procedure_tally.h"
#include "tests/lib/store_fixture.h"

#define RESIDENT "+84900000012"

struct fixture {
	struct store_fixture s;
	struct procedures *procedures;
	struct desk *desk;
	struct intake *intake;
	int next_id;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	store_fixture_init(&f->s);
	assert_ok(procedures_load("", &f->procedures, NULL));
	assert_ok(desk_new(&(struct desk_options){.store = f->s.store,
				   .has_modem = true,
				   .has_zalo = true,
				   .dialogue_minutes = 30},
		&f->desk));
	assert_ok(intake_new(
		&(struct intake_options){
			.store = f->s.store, .desk = f->desk, .procedures = f->procedures},
		&f->intake));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	intake_free(f->intake);
	desk_free(f->desk);
	procedures_free(f->procedures);
	store_fixture_done(&f->s);
	free(f);
	return 0;
}

static void take(struct fixture *f, struct inbound in)
{
	char id[32];

	snprintf(id, sizeof(id), "id-%d", f->next_id++);
	in.external_id = id;
	in.kind = INBOX_KIND_TEXT;
	assert_ok(intake_accept(f->intake, &in));
	end_turn(&f->s);
}

static void text(struct fixture *f, const char *words)
{
	take(f, (struct inbound){.channel = "modem",
			.from_kind = PARTY_PHONE,
			.from = RESIDENT,
			.text = words});
}

static void zalo(struct fixture *f, const char *words, const char *group)
{
	take(f, (struct inbound){.channel = "zalo",
			.from_kind = PARTY_ZALO_USER,
			.from = "700000001",
			.group = group,
			.text = words});
}

static int64_t reports(struct fixture *f)
{
	int64_t count;

	assert_ok(report_count(f->s.store, NULL, &count));
	return count;
}

static void find_code(void *arg, const char *code, int64_t asked)
{
	int64_t *counts = arg;

	counts[code[0] ? 0 : 1] += asked;
}

static void assert_asked(struct fixture *f, int64_t answered, int64_t missed)
{
	int64_t counts[2] = {0, 0};

	assert_ok(procedure_tally_since(f->s.store, 0, find_code, counts));
	assert_int_equal(counts[0], answered);
	assert_int_equal(counts[1], missed);
}

/* The newest row waits for this sender, and says so. */
static void assert_said(struct fixture *f, int rows, const char *words)
{
	struct outbox_listing l = list_outbox(&f->s);

	assert_int_equal(l.count, rows);
	assert_string_equal(outbox_state_text(l.rows[rows - 1].state), "QUEUED");
	assert_int_equal(l.rows[rows - 1].report_id, 0);
	if (!outbox_says(&f->s, l.rows[rows - 1].id, words))
		fail_msg("the answer does not say \"%s\"", words);
}

static void test_an_sms_is_answered_in_short(void **state)
{
	struct fixture *f = *state;
	CLEAN_BUF body = {0};

	text(f, "TT mat can cuoc");
	assert_int_equal(reports(f), 0);
	assert_said(f, 1, "Tham khao: Mat can cuoc:");
	assert_asked(f, 1, 0);
	/* What was asked is not kept. */
	buf_init(&body, 1000);
	(void)!inbox_body(f->s.store, 1, &body);
	assert_int_equal(body.len, 0);
}

static void test_zalo_is_answered_at_length(void **state)
{
	struct fixture *f = *state;

	zalo(f, "thủ tục làm lại căn cước bị mất", NULL);
	assert_int_equal(reports(f), 0);
	assert_said(f, 1, "Căn cứ: Luật Căn cước số 26/2023/QH15");
	assert_said(f, 1, "Mất thẻ căn cước, cấp lại\n\n");
	assert_said(f, 1, "chưa xác nhận");
}

static void test_a_question_in_parts_is_answered(void **state)
{
	struct fixture *f = *state;

	take(f, (struct inbound){.channel = "modem",
			.from_kind = PARTY_PHONE,
			.from = RESIDENT,
			.text = "TT xin hỏi thủ tục làm hộ chiếu ",
			.concat = {7, 8, 2, 1}});
	take(f, (struct inbound){.channel = "modem",
			.from_kind = PARTY_PHONE,
			.from = RESIDENT,
			.text = "cho con gái tôi dưới 14 tuổi",
			.concat = {7, 8, 2, 2}});
	assert_int_equal(reports(f), 0);
	assert_said(f, 1, "Tham khao: Ho chieu cho tre duoi 14 tuoi");
}

static void test_what_no_entry_answers_is_a_report_of_a_question(void **state)
{
	struct fixture *f = *state;
	struct report report = {0};

	text(f, "TT xin giay phep xay nha cap bon");
	assert_int_equal(reports(f), 1);
	assert_ok(report_load(f->s.store, 1, &report));
	assert_string_equal(report.category, "question");
	assert_asked(f, 0, 1);
	/* It has its receipt like any other. */
	assert_int_equal(list_outbox(&f->s).count, 1);
}

static void test_danger_is_a_report_however_it_begins(void **state)
{
	struct fixture *f = *state;
	struct report report = {0};

	text(f, "TT chay nha o thon 3 co nguoi bi thuong, dang ky tam tru");
	assert_int_equal(reports(f), 1);
	assert_ok(report_load(f->s.store, 1, &report));
	assert_string_equal(report.urgency, "danger");
	assert_asked(f, 0, 0);
}

static void test_what_happened_keeps_its_category(void **state)
{
	struct fixture *f = *state;
	struct report report = {0};

	text(f, "tt nha toi bi ke gian bo thuoc doc cho va trom mat hai con ga");
	assert_int_equal(reports(f), 1);
	assert_ok(report_load(f->s.store, 1, &report));
	assert_string_equal(report.category, "crime");
}

static void test_nothing_asked_is_told_how_to(void **state)
{
	struct fixture *f = *state;

	text(f, "TT");
	assert_int_equal(reports(f), 0);
	assert_said(f, 1, "Xin nhan TT va dieu can hoi");
	assert_asked(f, 0, 0);
}

/* In a group nobody is answered but with the invitation to write privately. */
static void test_a_group_is_not_answered(void **state)
{
	struct fixture *f = *state;

	zalo(f, "TT mất căn cước", "group-1");
	assert_int_equal(reports(f), 1);
	assert_asked(f, 0, 0);
}

static void test_answers_are_limited_and_questions_are_counted(void **state)
{
	struct fixture *f = *state;

	/* Not the same words more than three times: that is a machine (manners.c). */
	static const char *const ways[] = {"TT mat can cuoc", "tt mat can cuoc", "TT mất căn cước",
		"TT MAT CAN CUOC", "TT Mat can cuoc"};

	for (size_t i = 0; i < DESK_PROCEDURE_SAID_MAX + 3; i++)
		text(f, ways[i % ARRAY_LEN(ways)]);
	assert_int_equal(list_outbox(&f->s).count, DESK_PROCEDURE_SAID_MAX);
	assert_asked(f, DESK_PROCEDURE_SAID_MAX + 3, 0);
	f->s.clock.wall += DESK_SAID_WINDOW_MS;
	text(f, "TT mat can cuoc");
	assert_int_equal(list_outbox(&f->s).count, DESK_PROCEDURE_SAID_MAX + 1);
}

/* His phone stays silent, whatever he asks. */
static void test_who_asked_for_silence_is_not_answered(void **state)
{
	struct fixture *f = *state;

	text(f, "IM nha ben canh danh bac");
	text(f, "TT mat can cuoc");
	assert_int_equal(reports(f), 1);
	assert_int_equal(list_outbox(&f->s).count, 0);
}

/* In the dialogue of an anonymous report, words that no entry answers are more of it, and of nobody
 * known. */
static void test_an_anonymous_dialogue_stays_anonymous(void **state)
{
	struct fixture *f = *state;
	struct report report = {0};
	struct party party;

	text(f, "AN nha so 5 ban ma tuy");
	text(f, "thu tuc cua no la ban vao luc nua dem sau nha van hoa");
	assert_int_equal(reports(f), 1);
	assert_ok(report_load(f->s.store, 1, &report));
	assert_true(report.is_anonymous);
	assert_err(party_find(f->s.store, PARTY_PHONE, RESIDENT, &party), ERR_NOT_FOUND);
}

static void test_what_has_expired_says_so(void **state)
{
	struct fixture *f = *state;
	const struct procedure *entry = procedures_find(f->procedures, "cc-cap-lai");

	f->s.clock.wall = (entry->expires_day + 2) * DAY_MS;
	assert_true(desk_procedure_is_old(f->desk, entry));
	text(f, "TT mat can cuoc");
	assert_said(f, 1, "Co the da cu");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_an_sms_is_answered_in_short, setup, teardown),
		cmocka_unit_test_setup_teardown(test_zalo_is_answered_at_length, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_question_in_parts_is_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_no_entry_answers_is_a_report_of_a_question, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_danger_is_a_report_however_it_begins, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_happened_keeps_its_category, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_asked_is_told_how_to, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_group_is_not_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_answers_are_limited_and_questions_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_who_asked_for_silence_is_not_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_an_anonymous_dialogue_stays_anonymous, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_has_expired_says_so, setup, teardown),
	};

	return cmocka_run_group_tests_name("question", tests, NULL, NULL);
}
