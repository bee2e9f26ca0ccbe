/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/desk/legal_support.h"

#include "store/event.h"
#include "store/officer.h"
#include "store/place.h"
#include "store/rebase.h"
#include "store/report_link.h"

static void test_unclassified_is_told_after_half_an_hour(void **state)
{
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-21 22:00"); /* a Saturday night: minutes know no office hours */
	report = receive(&f);
	expect_due(&f, report.id, "classify", "2026-11-21 22:30");
	pass_to(&f, "2026-11-21 22:30");
	tick(&f);
	assert_int_equal(told(&f), 0);
	pass_to(&f, "2026-11-21 22:31");
	tick(&f);
	assert_int_equal(told(&f), 1);
	assert_true(told_says(&f, "1 viec qua han, 0 viec sap den han, tin so 1/2026."));
	pass_to(&f, "2026-11-22 22:31");
	tick(&f);
	assert_int_equal(told(&f), 1);
	/* Late is late, also when it is done at last. */
	classify(&f, report.id, "phan_anh");
	assert_state(&f, report.id, "classify", "LATE");
	legal_end(&f);
}

static void test_classified_in_time(void **state)
{
	struct legal_fixture f;
	struct report_class class;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	report = receive(&f);
	pass_to(&f, "2026-11-20 10:20");
	classify(&f, report.id, "to_giac");
	assert_state(&f, report.id, "classify", "MET");
	assert_ok(report_class_load(f.d.s.store, report.id, &class));
	assert_string_equal(class.class, "to_giac");
	assert_string_equal(class.actor, "officer:uid1000");
	assert_int_equal(class.at_ms, at("2026-11-20 10:20"));
	assert_string_equal(class.trust, "ntp");
	/* Friday; the 24th is the Day of Culture. */
	expect_due(&f, report.id, "notice", "2026-11-26 23:59");
	expect_due(&f, report.id, "notice_procuracy", "2026-11-26 23:59");
	expect_due(&f, report.id, "transfer", "2026-11-27 23:59");
	assert_string_equal(clock_of(&f, report.id, "notice").certainty, "unconfirmed");
	assert_int_equal(count_of(&f, report.id, "transfer_urgent"), 0);
	assert_int_equal(count_of(&f, report.id, "settlement"), 0);
	pass_to(&f, "2026-11-20 18:00");
	tick(&f);
	assert_int_equal(told(&f), 0);
	legal_end(&f);
}

static void test_urgent_and_remote(void **state)
{
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	report = receive(&f);
	assert_ok(try_classify(&f, report.id, "tin_bao", true, ""));
	expect_due(&f, report.id, "transfer_urgent", "2026-11-21 10:00");
	expect_due(&f, report.id, "report_up", "2026-11-20 10:30");
	assert_int_equal(count_of(&f, report.id, "transfer"), 0);
	legal_close(&f);
	f.is_remote = true;
	legal_open(&f);
	report = receive(&f);
	assert_ok(try_classify(&f, report.id, "tin_bao", true, ""));
	expect_due(&f, report.id, "transfer_urgent", "2026-11-22 10:00");
	legal_end(&f);
}

/* The reporter is told without a word of what it is, and the clock stops when it has been sent. */
static void test_notice_of_receipt(void **state)
{
	struct legal_fixture f;
	struct outbox_listing l;
	struct report report;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	report = receive(&f);
	classify(&f, report.id, "to_giac");
	l = list_outbox(&f.d.s);
	id = l.rows[l.count - 1].id;
	assert_int_equal(l.rows[l.count - 1].kind, OUTBOX_KIND_ANSWER);
	assert_true(outbox_says(&f.d.s, id, "da duoc tiep nhan"));
	assert_true(outbox_says(&f.d.s, id, report.code));
	assert_false(outbox_says(&f.d.s, id, "toi pham"));
	assert_false(outbox_says(&f.d.s, id, "to giac"));
	assert_int_equal(clock_of(&f, report.id, "notice").outbox_id, id);
	tick(&f);
	assert_state(&f, report.id, "notice", "RUNNING");
	pass_to(&f, "2026-11-20 10:05");
	assert_ok(outbox_move(f.d.s.store, id,
		&(struct outbox_move){
			.to = OUTBOX_CLAIMED, .deadline_ms = at("2026-11-20 11:00")}));
	assert_ok(outbox_move(f.d.s.store, id,
		&(struct outbox_move){
			.to = OUTBOX_SUBMITTED, .deadline_ms = at("2026-11-20 11:00")}));
	assert_ok(outbox_move(
		f.d.s.store, id, &(struct outbox_move){.to = OUTBOX_SENT, .is_final = true}));
	pass_to(&f, "2026-11-28 10:00");
	tick(&f);
	assert_state(&f, report.id, "notice", "MET");
	assert_string_equal(clock_of(&f, report.id, "notice").ended_by, "notice");
	assert_int_equal(clock_of(&f, report.id, "notice").ended_ms, at("2026-11-20 10:05"));
	legal_end(&f);
}

/* It could not be sent: the duty remains. */
static void test_notice_that_never_left(void **state)
{
	struct legal_fixture f;
	struct report report;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	classify(&f, report.id, "to_giac");
	id = clock_of(&f, report.id, "notice").outbox_id;
	assert_ok(outbox_move(f.d.s.store, id, &(struct outbox_move){.to = OUTBOX_CANCELLED}));
	tick(&f);
	assert_int_equal(clock_of(&f, report.id, "notice").outbox_id, 0);
	pass_to(&f, "2026-11-20 08:00");
	tick(&f);
	assert_true(told(&f) > 0);
	assert_ok(desk_clock_done(f.d.desk, report.id,
		&(struct desk_clock_act){.code = "notice",
			.reason = "giao giấy tận tay",
			.actor = "officer:uid1000"},
		&(struct errbuf){0}));
	end_turn(&f.d.s);
	assert_state(&f, report.id, "notice", "LATE");
	legal_end(&f);
}

/* Who asked for silence is sent nothing. */
static void test_nobody_to_tell(void **state)
{
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	legal_close(&f);
	f.has_modem = false;
	legal_open(&f);
	report = receive(&f);
	classify(&f, report.id, "to_giac");
	assert_int_equal(clock_of(&f, report.id, "notice").outbox_id, 0);
	assert_int_equal(list_outbox(&f.d.s).count, 0);
	legal_end(&f);
}

static void test_another_class(void **state)
{
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	classify(&f, report.id, "phan_anh");
	pass_to(&f, "2026-11-18 09:00");
	assert_err(try_classify(&f, report.id, "to_giac", false, ""), ERR_INVALID);
	assert_err(try_classify(&f, report.id, "phan_anh", false, "x"), ERR_STATE);
	assert_err(try_classify(&f, report.id, "tiep_nhan", false, "x"), ERR_INVALID);
	assert_err(try_classify(&f, report.id, "none", false, "x"), ERR_INVALID);
	assert_state(&f, report.id, "sort", "RUNNING");
	assert_ok(try_classify(&f, report.id, "to_giac", false, "có dấu hiệu tội phạm"));
	assert_state(&f, report.id, "sort", "ENDED");
	assert_string_equal(clock_of(&f, report.id, "sort").ended_by, "class");
	/* From the coming in, not from the correction. */
	expect_due(&f, report.id, "transfer", "2026-11-23 23:59");
	expect_due(&f, report.id, "notice", "2026-11-19 23:59");
	/* The words of phan_anh are those of to_giac: they are not sent twice. */
	assert_int_equal(list_outbox(&f.d.s).count, 3);
	/* And back again: what was done stays done. */
	assert_ok(desk_clock_done(f.d.desk, report.id,
		&(struct desk_clock_act){
			.code = "notice_procuracy", .reason = "CV 12", .actor = "officer:uid1000"},
		&(struct errbuf){0}));
	assert_ok(try_classify(&f, report.id, "tin_bao", false, "do cơ quan báo"));
	assert_state(&f, report.id, "notice_procuracy", "MET");
	assert_int_equal(count_of(&f, report.id, "notice_procuracy"), 2);
	legal_end(&f);
}

static void test_warned_once_in_office_hours(void **state)
{
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00"); /* Monday; due Thursday, warned Wednesday */
	report = receive(&f);
	classify(&f, report.id, "yeu_cau_du_lieu");
	expect_due(&f, report.id, "first_answer", "2026-11-18 23:59");
	pass_to(&f, "2026-11-17 07:29");
	tick(&f);
	assert_int_equal(told(&f), 0);
	pass_to(&f, "2026-11-17 07:30");
	tick(&f);
	assert_int_equal(told(&f), 1);
	assert_true(told_says(&f, "0 viec qua han, 1 viec sap den han"));
	/* Over a restart nothing is said again. */
	legal_close(&f);
	legal_open(&f);
	pass_to(&f, "2026-11-18 23:59");
	tick(&f);
	assert_int_equal(told(&f), 1);
	/* Late at midnight, told when the office opens. */
	pass_to(&f, "2026-11-19 03:00");
	tick(&f);
	assert_int_equal(told(&f), 1);
	pass_to(&f, "2026-11-19 07:30");
	tick(&f);
	assert_int_equal(told(&f), 2);
	assert_true(told_says(&f, "1 viec qua han, 0 viec"));
	legal_end(&f);
}

static void test_forty_late_clocks_are_one_message(void **state)
{
	struct legal_fixture f;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	for (int i = 0; i < 20; i++)
		receive(&f);
	pass_to(&f, "2026-11-16 10:40");
	tick(&f);
	assert_int_equal(told(&f), 1);
	assert_true(told_says(&f, "20 viec qua han, 0 viec sap den han, tin so 1/2026, 2/2026, "
				  "3/2026..."));
	/* The next ones wait for the next message. */
	receive(&f);
	pass_to(&f, "2026-11-16 10:50");
	receive(&f);
	tick(&f);
	assert_int_equal(told(&f), 1);
	pass_to(&f, "2026-11-16 11:25");
	tick(&f);
	assert_int_equal(told(&f), 2);
	assert_true(told_says(&f, "2 viec qua han"));
	legal_end(&f);
}

/* Whose report it is, is told; who cannot be reached, by way of the duty side. */
static void test_told_to_who_works_on_it(void **state)
{
	struct legal_fixture f;
	struct report report;
	struct outbox_listing l;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	assert_ok(officer_add(f.d.s.store,
		&(struct officer_new){.login = "khu.vuc",
			.name = "Cảnh sát khu vực",
			.role = OFFICER_AREA,
			.phone = "+84900009077"},
		&id));
	report = receive(&f);
	assert_ok(report_set_assignee(f.d.s.store, report.id, id));
	receive(&f);
	pass_to(&f, "2026-11-16 10:40");
	tick(&f);
	assert_int_equal(told(&f), 2);
	l = list_outbox(&f.d.s);
	assert_true(l.rows[l.count - 1].party_id != l.rows[l.count - 2].party_id);
	assert_true(outbox_says(&f.d.s, l.rows[l.count - 1].id, "tin so 1/2026."));
	assert_true(outbox_says(&f.d.s, l.rows[l.count - 2].id, "tin so 2/2026."));
	legal_end(&f);
}

/* Nobody works on it yet: who looks after the hamlet is told, while he is an officer. */
static void test_told_to_who_looks_after_the_hamlet(void **state)
{
	struct place place = {.code = "thon-3", .name = "Thôn 3", .kind = PLACE_HAMLET};
	struct legal_fixture f;
	struct report report;
	struct party duty;
	struct outbox_listing l;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	assert_ok(place_save(f.d.s.store, &place, &place.id));
	assert_ok(officer_add(f.d.s.store,
		&(struct officer_new){.login = "khu.vuc",
			.name = "Cảnh sát khu vực",
			.role = OFFICER_AREA,
			.phone = "+84900009077"},
		&id));
	assert_ok(officer_place_set(f.d.s.store, id, place.id, true));
	report = receive(&f);
	assert_ok(report_set_hamlet(f.d.s.store, report.id, "thon-3"));
	pass_to(&f, "2026-11-16 10:40");
	tick(&f);
	assert_int_equal(told(&f), 1);
	assert_ok(party_get(f.d.s.store, PARTY_PHONE, DUTY_PHONE, &duty));
	l = list_outbox(&f.d.s);
	assert_true(l.rows[l.count - 1].party_id != duty.id);
	/* Once he is gone the duty side is. */
	assert_ok(officer_set_state(f.d.s.store, id, OFFICER_REMOVED));
	report = receive(&f);
	assert_ok(report_set_hamlet(f.d.s.store, report.id, "thon-3"));
	pass_to(&f, "2026-11-16 11:30");
	tick(&f);
	assert_int_equal(told(&f), 2);
	l = list_outbox(&f.d.s);
	assert_int_equal(l.rows[l.count - 1].party_id, duty.id);
	legal_end(&f);
}

static enum err act(struct legal_fixture *f,
	enum err (*fn)(struct desk *, int64_t, const struct desk_clock_act *, struct errbuf *),
	int64_t id, const char *code, const char *extension, const char *actor)
{
	struct errbuf eb = {0};
	enum err err = fn(f->d.desk, id,
		&(struct desk_clock_act){.code = code,
			.extension = extension,
			.reason = "vì cần giám định",
			.actor = actor},
		&eb);

	if (err)
		assert_true(eb.text[0]);
	end_turn(&f->d.s);
	return err;
}

#define OFFICE "officer:uid1000"

static void transfer(struct legal_fixture *f, int64_t id, bool tells)
{
	assert_ok(desk_report_outcome(f->d.desk, id,
		&(struct desk_outcome){.kind = "transferred",
			.addressee = "",
			.receipt = "215/BN",
			.note = "chuyển hồ sơ",
			.tells = tells,
			.actor = OFFICE},
		&(struct errbuf){0}));
	end_turn(&f->d.s);
}

static void count_outcome(void *arg, const struct report_outcome *outcome)
{
	struct report_outcome *last = arg;

	*last = *outcome;
}

static void test_transfer_extensions_and_freeze(void **state)
{
	struct report_outcome last = {0};
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	assert_err(desk_report_outcome(f.d.desk, report.id,
			   &(struct desk_outcome){.kind = "transferred",
				   .addressee = "",
				   .receipt = "",
				   .note = "",
				   .actor = OFFICE},
			   &(struct errbuf){0}),
		ERR_STATE);
	classify(&f, report.id, "to_giac");
	pass_to(&f, "2026-11-18 09:00");
	transfer(&f, report.id, true);
	assert_state(&f, report.id, "transfer", "MET");
	assert_ok(report_outcome_list(f.d.s.store, report.id, count_outcome, &last));
	assert_int_equal(last.kind, REPORT_OUTCOME_TRANSFERRED);
	assert_string_equal(last.addressee, "Cơ quan Cảnh sát điều tra Công an tỉnh");
	assert_string_equal(last.receipt, "215/BN");
	assert_int_equal(last.at_ms, at("2026-11-18 09:00"));
	assert_true(last.note_id > 0);
	/* 20 days, to two months from its start, and two more. */
	expect_due(&f, report.id, "settlement", "2026-12-08 23:59");
	assert_true(clock_of(&f, report.id, "settlement").is_watched);
	assert_err(act(&f, desk_clock_extend, report.id, "settlement", "procuracy", OFFICE),
		ERR_STATE);
	assert_ok(act(&f, desk_clock_extend, report.id, "settlement", "", OFFICE));
	expect_due(&f, report.id, "settlement", "2027-01-18 23:59");
	/* It stands still for nine days. */
	pass_to(&f, "2026-12-01 09:00");
	assert_err(act(&f, desk_clock_thaw, report.id, "settlement", NULL, OFFICE), ERR_STATE);
	assert_ok(act(&f, desk_clock_freeze, report.id, "settlement", NULL, OFFICE));
	assert_err(act(&f, desk_clock_freeze, report.id, "settlement", NULL, OFFICE), ERR_STATE);
	assert_err(act(&f, desk_clock_freeze, report.id, "notice", NULL, OFFICE), ERR_STATE);
	assert_err(act(&f, desk_clock_freeze, report.id, "nothing", NULL, OFFICE), ERR_NOT_FOUND);
	pass_to(&f, "2026-12-10 09:00");
	assert_ok(act(&f, desk_clock_thaw, report.id, "settlement", NULL, OFFICE));
	expect_due(&f, report.id, "settlement", "2027-01-27 23:59");
	assert_ok(act(&f, desk_clock_extend, report.id, "settlement", "procuracy", OFFICE));
	expect_due(&f, report.id, "settlement", "2027-03-29 23:59"); /* the 27th is a Saturday */
	assert_err(act(&f, desk_clock_extend, report.id, "settlement", "", OFFICE), ERR_STATE);
	assert_int_equal(clock_of(&f, report.id, "settlement").stage, 2);
	legal_end(&f);
}

/* Who may is in the record; before there are officers whoever is at the box is the office. */
static void test_roles(void **state)
{
	struct legal_fixture f;
	struct report report;
	int64_t id;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	classify(&f, report.id, "phan_anh");
	assert_ok(officer_add(f.d.s.store,
		&(struct officer_new){
			.login = "truong", .name = "Trưởng", .role = OFFICER_CHIEF, .phone = ""},
		&id));
	assert_ok(officer_add(f.d.s.store,
		&(struct officer_new){
			.login = "truc", .name = "Trực ban", .role = OFFICER_DUTY, .phone = ""},
		&id));
	assert_err(act(&f, desk_clock_freeze, report.id, "sort", NULL, OFFICE), ERR_DENIED);
	assert_err(act(&f, desk_clock_freeze, report.id, "sort", NULL, "officer:truc"), ERR_DENIED);
	assert_err(act(&f, desk_clock_freeze, report.id, "sort", NULL, "box:uid0"), ERR_DENIED);
	assert_ok(act(&f, desk_clock_freeze, report.id, "sort", NULL, "officer:truong"));
	assert_state(&f, report.id, "sort", "FROZEN");
	/* Nothing runs out meanwhile, and nobody is warned. */
	pass_to(&f, "2027-03-16 10:00");
	tick(&f);
	assert_int_equal(told(&f), 0);
	assert_ok(act(&f, desk_clock_thaw, report.id, "sort", NULL, "officer:truong"));
	assert_true(clock_of(&f, report.id, "sort").due_ms > at("2027-03-20 00:00"));
	legal_end(&f);
}

/* Every role of an officer is one that the regimes may name. */
static void test_roles_have_their_words(void **state)
{
	(void)state;
	for (int role = 0; role < OFFICER_ROLE_COUNT; role++)
		assert_int_equal(
			regime_role_bit(officer_role_text((enum officer_role)role)), 1u << role);
}

static void test_answers_and_closing(void **state)
{
	struct legal_fixture f;
	struct report report;
	struct errbuf eb = {0};

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	classify(&f, report.id, "hoi_dap");
	pass_to(&f, "2026-11-17 10:00");
	assert_ok(desk_report_outcome(f.d.desk, report.id,
		&(struct desk_outcome){.kind = "guided",
			.addressee = "",
			.receipt = "",
			.note = "đã hướng dẫn tại trụ sở",
			.actor = OFFICE},
		&eb));
	end_turn(&f.d.s);
	assert_state(&f, report.id, "answer", "MET");
	assert_ok(report_load(f.d.s.store, report.id, &report));
	assert_string_equal(report.state, "closed");
	assert_err(try_classify(&f, report.id, "to_giac", false, "x"), ERR_STATE);
	assert_err(desk_report_outcome(f.d.desk, report.id,
			   &(struct desk_outcome){.kind = "settled",
				   .addressee = "",
				   .receipt = "",
				   .note = "",
				   .actor = OFFICE},
			   &eb),
		ERR_STATE);
	legal_end(&f);
}

static void test_moments(void **state)
{
	struct legal_fixture f;
	struct report report;
	struct errbuf eb = {0};
	int64_t then = 0;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	assert_err(desk_legal_moment(
			   f.d.desk, report.id, "accepted", at("2026-11-16 09:00"), OFFICE, &eb),
		ERR_STATE);
	classify(&f, report.id, "noi_dung_to_cao");
	expect_due(&f, report.id, "first_handling", "2026-11-26 23:59");
	assert_int_equal(count_of(&f, report.id, "settlement"), 0);
	pass_to(&f, "2026-11-20 10:00");
	assert_err(desk_legal_moment(
			   f.d.desk, report.id, "accepted", at("2026-11-21 09:00"), OFFICE, &eb),
		ERR_INVALID);
	assert_err(desk_legal_moment(
			   f.d.desk, report.id, "received", at("2026-11-16 09:00"), OFFICE, &eb),
		ERR_INVALID);
	assert_ok(desk_legal_at(f.d.desk, "2026-11-19", &then, &eb));
	assert_ok(desk_legal_moment(f.d.desk, report.id, "accepted", then, OFFICE, &eb));
	expect_due(&f, report.id, "settlement", "2026-12-21 23:59"); /* the 19th is a Saturday */
	/* Corrected: the same clock, from the right day. */
	assert_ok(desk_legal_moment(
		f.d.desk, report.id, "accepted", at("2026-11-18 09:00"), OFFICE, &eb));
	assert_int_equal(count_of(&f, report.id, "settlement"), 1);
	expect_due(&f, report.id, "settlement", "2026-12-18 23:59");
	end_turn(&f.d.s);
	/* What was discovered before it was told of. */
	report = receive(&f);
	classify(&f, report.id, "su_co_du_lieu");
	expect_due(&f, report.id, "notify", "2026-11-23 10:00");
	assert_ok(desk_legal_moment(
		f.d.desk, report.id, "discovered", at("2026-11-19 08:00"), OFFICE, &eb));
	end_turn(&f.d.s);
	expect_due(&f, report.id, "notify", "2026-11-22 08:00");
	legal_end(&f);
}

static enum err transfer_at(struct legal_fixture *f, int64_t id, const char *when)
{
	struct errbuf eb = {0};
	int64_t at_ms = 0;
	enum err err = desk_legal_at(f->d.desk, when, &at_ms, &eb);

	if (!err)
		err = desk_report_outcome(f->d.desk, id,
			&(struct desk_outcome){.kind = "transferred",
				.addressee = "",
				.receipt = "",
				.at_ms = at_ms,
				.note = "",
				.actor = OFFICE},
			&eb);
	if (err)
		assert_true(eb.text[0]);
	end_turn(&f->d.s);
	return err;
}

static enum err moment_at(struct legal_fixture *f, int64_t id, const char *word, const char *when)
{
	struct errbuf eb = {0};
	enum err err = desk_legal_moment(f->d.desk, id, word, at(when), OFFICE, &eb);

	if (err)
		assert_true(eb.text[0]);
	end_turn(&f->d.s);
	return err;
}

/* What was done with a report was done since it came in. */
static void test_nothing_was_done_before_it_came_in(void **state)
{
	struct report_outcome last = {0};
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	pass_to(&f, "2026-11-17 09:00");
	classify(&f, report.id, "to_giac");
	assert_err(transfer_at(&f, report.id, "2026-11-15"), ERR_INVALID);
	assert_err(transfer_at(&f, report.id, "2025-11-17 08:00"), ERR_INVALID);
	assert_err(transfer_at(&f, report.id, "2026-11-16 09:59"), ERR_INVALID);
	assert_err(transfer_at(&f, report.id, "2026-11-17 13:00"), ERR_INVALID);
	assert_err(transfer_at(&f, report.id, "2026-11-18"), ERR_INVALID);
	assert_int_equal(count_of(&f, report.id, "settlement"), 0);
	/* It was carried over on the day before somebody wrote its class down. */
	assert_ok(transfer_at(&f, report.id, "2026-11-16"));
	assert_ok(report_outcome_list(f.d.s.store, report.id, count_outcome, &last));
	assert_true(last.at_ms < at("2026-11-17 00:00") && last.at_ms > at("2026-11-16 23:00"));
	assert_err(moment_at(&f, report.id, "transferred", "2026-11-16 09:59"), ERR_INVALID);
	assert_ok(moment_at(&f, report.id, "transferred", "2026-11-16 10:00"));
	assert_err(moment_at(&f, report.id, "accepted", "2026-11-15 10:00"), ERR_INVALID);
	assert_ok(moment_at(&f, report.id, "discovered", "2025-11-17 10:00"));
	assert_err(moment_at(&f, report.id, "discovered", "2025-11-14 10:00"), ERR_INVALID);
	assert_err(moment_at(&f, report.id, "discovered", "2026-11-17 09:01"), ERR_INVALID);
	legal_end(&f);
}

/* Past the next stage, or by whom the record does not name, nothing moves. */
static void test_an_extension_is_granted_by_who_may(void **state)
{
	static const struct {
		const char *login;
		enum officer_role role;
		enum err first;
	} officers[] = {{"truc", OFFICER_DUTY, ERR_DENIED}, {"kv", OFFICER_AREA, ERR_DENIED},
		{"vt", OFFICER_CLERK, ERR_DENIED}, {"may", OFFICER_IT, ERR_DENIED},
		{"truong", OFFICER_CHIEF, ERR_OK}};
	struct desk_clock_act act_without = {
		.code = "settlement", .extension = "", .reason = "", .actor = "officer:truong"};
	struct errbuf eb = {0};
	struct legal_fixture f;
	struct report report;
	int64_t id, due_ms;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	classify(&f, report.id, "to_giac");
	transfer(&f, report.id, false);
	for (size_t i = 0; i < ARRAY_LEN(officers); i++)
		assert_ok(officer_add(f.d.s.store,
			&(struct officer_new){.login = officers[i].login,
				.name = "Cán bộ",
				.role = officers[i].role,
				.phone = ""},
			&id));
	due_ms = clock_of(&f, report.id, "settlement").due_ms;
	assert_err(desk_clock_extend(f.d.desk, report.id, &act_without, &eb), ERR_INVALID);
	act_without.reason = " \n";
	assert_err(desk_clock_extend(f.d.desk, report.id, &act_without, &eb), ERR_INVALID);
	for (size_t i = 0; i < ARRAY_LEN(officers); i++) {
		char actor[32];

		assert_int_equal(clock_of(&f, report.id, "settlement").due_ms, due_ms);
		snprintf(actor, sizeof(actor), "officer:%s", officers[i].login);
		assert_int_equal(act(&f, desk_clock_extend, report.id, "settlement", "", actor),
			officers[i].first);
	}
	assert_true(clock_of(&f, report.id, "settlement").due_ms > due_ms);
	assert_int_equal(clock_of(&f, report.id, "settlement").stage, 1);
	legal_end(&f);
}

static void test_moments_in_words(void **state)
{
	static const char *const bad[] = {"", "yesterday", "2026-11-31", "2026-11-20 25:00",
		"2026-11-20 10:60", "2026-11-20x10:00", "2026-11-20 10:00:00", "2027-01-01"};
	struct legal_fixture f;
	struct errbuf eb = {0};
	int64_t ms = 0;

	(void)state;
	legal_begin(&f, "2026-11-20 10:00");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_err(desk_legal_at(f.d.desk, bad[i], &ms, &eb), ERR_INVALID);
	assert_ok(desk_legal_at(f.d.desk, "2026-11-19 14:05", &ms, &eb));
	assert_int_equal(ms, at("2026-11-19 14:05"));
	assert_ok(desk_legal_at(f.d.desk, "2026-11-19T14:05", &ms, &eb));
	/* A day alone is all of it, but not longer than now. */
	assert_ok(desk_legal_at(f.d.desk, "2026-11-19", &ms, &eb));
	assert_int_equal(ms, at("2026-11-20 00:00") - 1);
	assert_ok(desk_legal_at(f.d.desk, "2026-11-20", &ms, &eb));
	assert_int_equal(ms, at("2026-11-20 10:00"));
	legal_end(&f);
}

/* The law changes: what runs keeps its record, also when the file says something else under the
 * same date; what comes in later has the new one. */
static void test_a_changed_law(void **state)
{
	struct legal_fixture f;
	struct report before, waiting, after;
	struct regime_list list;
	struct errbuf eb = {0};
	CLEAN_BUF text = {0};

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	before = receive(&f);
	classify(&f, before.id, "yeu_cau_du_lieu");
	expect_due(&f, before.id, "first_answer", "2026-11-18 23:59");
	waiting = receive(&f);
	/* From the 17th on there are 5 working days, and two more may be granted. */
	buf_init(&text, 65536);
	assert_ok(buf_addf(&text,
		"{\"class\":\"yeu_cau_du_lieu\",\"name\":\"n\",\"records\":[%s,%s]}",
		"{\"from\":\"2026-01-01\",\"source\":\"s\",\"confirmed\":true,\"retention\":{\"class\":\"c\","
		"\"keep\":\"6 months\",\"sender\":\"1 month\",\"on_request\":true,\"source\":\"s\",\"confirmed\":true},\"clocks\":[{\"code\":"
		"\"old\",\"name\":\"n\",\"source\":\"s\",\"confirmed\":true,\"starts\":\"received\","
		"\"ends\":\"answer\",\"limit\":\"1 working day\"}]}",
		"{\"from\":\"2026-11-17\",\"source\":\"s\",\"confirmed\":true,\"retention\":{\"class\":\"c\","
		"\"keep\":\"6 months\",\"sender\":\"1 month\",\"on_request\":true,\"source\":\"s\",\"confirmed\":true},\"clocks\":[{\"code\":"
		"\"first_answer\",\"name\":\"n\",\"source\":\"s\",\"confirmed\":true,\"starts\":\"received\","
		"\"ends\":\"answer\",\"limit\":\"5 working days\",\"extensions\":[{\"code\":\"more\",\"name\":"
		"\"n\",\"by\":[\"chief\"],\"limit\":\"2 working days\",\"counts_from\":\"end\",\"source\":"
		"\"s\",\"confirmed\":true}]}]}"));
	if (regime_parse(buf_text(&text), text.len, "new", &list, &eb))
		fail_msg("%s", eb.text);
	regime_list_free(&f.law->classes[LEGAL_CLASS_DATA_REQUEST]);
	f.law->classes[LEGAL_CLASS_DATA_REQUEST] = list;
	pass_to(&f, "2026-11-17 08:00");
	after = receive(&f);
	classify(&f, after.id, "yeu_cau_du_lieu");
	expect_due(&f, after.id, "first_answer", "2026-11-25 23:59");
	/* The old one is warned of as it was, and knows no extension. */
	tick(&f);
	assert_int_equal(told(&f), 1);
	assert_true(told_says(&f, "1 viec qua han, 1 viec sap den han, tin so 2/2026, 1/2026."));
	assert_err(act(&f, desk_clock_extend, before.id, "first_answer", "", OFFICE), ERR_STATE);
	assert_ok(act(&f, desk_clock_extend, after.id, "first_answer", "", OFFICE));
	expect_due(&f, after.id, "first_answer", "2026-11-27 23:59");
	expect_due(&f, before.id, "first_answer", "2026-11-18 23:59");
	/* What came in before the change and gets its class only now is under the old law. */
	classify(&f, waiting.id, "yeu_cau_du_lieu");
	expect_due(&f, waiting.id, "old", "2026-11-17 23:59");
	assert_int_equal(count_of(&f, waiting.id, "first_answer"), 0);
	legal_end(&f);
}

/* Of a merged report nobody is told: the other one is worked on. */
static void test_merged(void **state)
{
	struct legal_fixture f;
	struct report main, copy;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	main = receive(&f);
	copy = receive(&f);
	assert_ok(report_merge(f.d.s.store, copy.id, main.id));
	assert_err(try_classify(&f, copy.id, "to_giac", false, ""), ERR_STATE);
	pass_to(&f, "2026-11-16 11:00");
	tick(&f);
	assert_true(told_says(&f, "1 viec qua han, 0 viec sap den han, tin so 1/2026."));
	/* Taken apart again, its clock counts again. */
	assert_ok(report_merge(f.d.s.store, copy.id, 0));
	pass_to(&f, "2026-11-16 12:00");
	tick(&f);
	assert_true(told_says(&f, "1 viec qua han, 0 viec sap den han, tin so 2/2026."));
	legal_end(&f);
}

/* ---- a clock that cannot be trusted ----------------------------------------------------------
 */

/* The box wakes up in the past, as the dispatcher would tell the store. */
static void set_clock(struct legal_fixture *f, const char *wall)
{
	int64_t by_ms = at(wall) - f->d.s.clock.wall;

	f->d.s.clock.wall += by_ms;
	assert_ok(store_rebase(f->d.s.store, by_ms));
	clock_trust_jumped(&f->trust, by_ms);
	end_turn(&f->d.s);
}

/* Three days with a dead battery: nothing is skipped, nothing is told twice, and what came in
 * meanwhile gets its right days once the time is known. */
static void test_a_dead_battery(void **state)
{
	struct legal_fixture f;
	struct report before, meanwhile;
	struct report_moment moment;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	before = receive(&f);
	classify(&f, before.id, "yeu_cau_du_lieu");
	/* Off until Tuesday 09:00, which the box takes for the first of January. */
	f.d.s.clock.mono += HOUR_MS;
	legal_is_ntp = false;
	set_clock(&f, "2026-01-01 07:00");
	tick(&f);
	assert_int_equal(told(&f), 0);
	expect_due(&f, before.id, "first_answer", "2026-11-18 23:59");
	meanwhile = receive(&f);
	assert_ok(report_moment_load(f.d.s.store, meanwhile.id, "received", &moment));
	assert_false(moment.is_settled);
	assert_int_equal(moment.box_ms, at("2026-01-01 07:00"));
	assert_int_equal(moment.at_ms, at("2026-11-16 10:00"));
	assert_string_equal(moment.trust, "alone");
	classify(&f, meanwhile.id, "yeu_cau_du_lieu");
	pass_to(&f, "2026-01-01 07:10");
	tick(&f);
	assert_int_equal(told(&f), 0);
	/* The network tells: it is the 17th, 09:10. */
	set_clock(&f, "2026-11-17 09:10");
	legal_is_ntp = true;
	tick(&f);
	assert_int_equal(told(&f), 1); /* of the first: a day before its end */
	assert_true(told_says(&f, "0 viec qua han, 1 viec sap den han, tin so 1/2026."));
	expect_due(&f, before.id, "first_answer", "2026-11-18 23:59");
	expect_due(&f, meanwhile.id, "first_answer", "2026-11-19 23:59");
	assert_ok(report_moment_load(f.d.s.store, meanwhile.id, "received", &moment));
	assert_true(moment.is_settled);
	assert_int_equal(moment.at_ms, at("2026-11-17 09:00"));
	pass_to(&f, "2026-11-19 08:00");
	tick(&f);
	assert_int_equal(told(&f), 2);
	assert_true(told_says(&f, "1 viec qua han, 1 viec sap den han"));
	legal_end(&f);
}

/* Somebody sets the clock a year ahead: nobody is told that everything is late. */
static void test_a_clock_set_wrong(void **state)
{
	struct legal_fixture f;
	struct report report;

	(void)state;
	legal_begin(&f, "2026-11-16 10:00");
	report = receive(&f);
	classify(&f, report.id, "phan_anh");
	legal_is_ntp = false;
	set_clock(&f, "2027-11-16 10:00");
	tick(&f);
	assert_int_equal(told(&f), 0);
	set_clock(&f, "2026-11-16 10:30");
	tick(&f);
	legal_is_ntp = true;
	tick(&f);
	assert_int_equal(told(&f), 0);
	expect_due(&f, report.id, "sort", "2026-12-01 23:59");
	legal_end(&f);
}

/* The stamps of messages refute the clock: legal time goes by them until the clock is set. */
static void test_refuted_by_stamps(void **state)
{
	struct legal_fixture f;
	struct report report;
	int64_t now_ms = 0;

	(void)state;
	legal_begin(&f, "2026-01-02 10:00");
	legal_is_ntp = false;
	report = receive(&f);
	expect_due(&f, report.id, "classify", "2026-01-02 10:30");
	clock_trust_stamp(&f.trust, &f.d.s.clock.clock, at("2026-11-16 10:00"));
	tick(&f);
	assert_ok(desk_legal_now(f.d.desk, &now_ms));
	assert_int_equal(now_ms, at("2026-11-16 10:00"));
	expect_due(&f, report.id, "classify", "2026-11-16 10:30");
	pass_to(&f, "2026-01-02 10:31");
	tick(&f);
	assert_int_equal(told(&f), 1);
	legal_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unclassified_is_told_after_half_an_hour),
		cmocka_unit_test(test_classified_in_time),
		cmocka_unit_test(test_urgent_and_remote),
		cmocka_unit_test(test_notice_of_receipt),
		cmocka_unit_test(test_notice_that_never_left),
		cmocka_unit_test(test_nobody_to_tell),
		cmocka_unit_test(test_another_class),
		cmocka_unit_test(test_warned_once_in_office_hours),
		cmocka_unit_test(test_forty_late_clocks_are_one_message),
		cmocka_unit_test(test_told_to_who_works_on_it),
		cmocka_unit_test(test_told_to_who_looks_after_the_hamlet),
		cmocka_unit_test(test_transfer_extensions_and_freeze),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_roles_have_their_words),
		cmocka_unit_test(test_answers_and_closing),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_nothing_was_done_before_it_came_in),
		cmocka_unit_test(test_an_extension_is_granted_by_who_may),
		cmocka_unit_test(test_moments_in_words),
		cmocka_unit_test(test_a_changed_law),
		cmocka_unit_test(test_merged),
		cmocka_unit_test(test_a_dead_battery),
		cmocka_unit_test(test_a_clock_set_wrong),
		cmocka_unit_test(test_refuted_by_stamps),
	};

	return cmocka_run_group_tests_name("legal", tests, NULL, NULL);
}
