/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/desk/bulletin_support.h"

#include "daemon/desk/audience.h"

#include "daemon/desk/bulletin_category.h"

static void test_from_draft_to_sending(void **state)
{
	struct commune *c = *state;
	int64_t id = submitted(c, "fraud", &c->clerk);
	struct bulletin b = loaded(c, id);

	assert_int_equal(b.version, 1);
	assert_int_equal(b.submitter_id, c->clerk.officer_id);
	assert_true(b.is_screened);
	assert_int_equal(b.expires_ms, FIXTURE_WALL_MS + 30 * DAY_MS);
	assert_bulletin(c, id, BULLETIN_SUBMITTED);
	assert_ok(approve(c, id, &c->area));
	assert_bulletin(c, id, BULLETIN_SENDING);
	assert_ok(bulletin_move(c->d.s.store, id, BULLETIN_DONE));
	assert_err(bulletin_move(c->d.s.store, id, BULLETIN_SENDING), ERR_STATE);
}

/* Neither who wrote it nor who submitted it. */
static void test_the_author_does_not_approve(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("fraud");
	int64_t id = write_bulletin(c, &in, &c->clerk);

	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->area, &c->eb));
	assert_err(approve(c, id, &c->clerk), ERR_DENIED);
	assert_err(approve(c, id, &c->area), ERR_DENIED);
	assert_bulletin(c, id, BULLETIN_SUBMITTED);
	assert_ok(approve(c, id, &c->deputy));
}

/* Also when somebody writes past the program. */
static void test_the_store_keeps_four_eyes(void **state)
{
	struct commune *c = *state;
	int64_t id = submitted(c, "fraud", &c->clerk);
	struct bulletin b = loaded(c, id);
	struct bulletin_opinion opinion = {
		.verdict = BULLETIN_VERDICT_APPROVE, .officer_id = c->clerk.officer_id, .note = ""};
	bool is_approved;

	memcpy(opinion.hash, b.hash, sizeof(b.hash));
	assert_err(bulletin_judge(c->d.s.store, id, &opinion, 0, &is_approved), ERR_DENIED);
	assert_err(bulletin_move(c->d.s.store, id, BULLETIN_SENDING), ERR_STATE);
	/* No way from SUBMITTED but by an opinion. */
	assert_err(bulletin_move(c->d.s.store, id, BULLETIN_APPROVED), ERR_STATE);
}

static void test_what_is_sensitive_needs_a_leader(void **state)
{
	static const char *const categories[] = {"wanted", "missing", "foreigners", "disaster"};
	struct commune *c = *state;

	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		int64_t id = submitted(c, categories[i], &c->clerk);

		assert_err(approve(c, id, &c->area), ERR_DENIED);
		assert_ok(approve(c, id, i % 2 ? &c->deputy : &c->chief));
		assert_bulletin(c, id, BULLETIN_SENDING);
	}
}

static void test_an_edit_ends_the_approval(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("fraud"), edit = DESK_BULLETIN_AS_IS;
	int64_t id;

	in.from_ms = FIXTURE_WALL_MS + HOUR_MS;
	id = write_bulletin(c, &in, &c->clerk);
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->clerk, &c->eb));
	assert_ok(approve(c, id, &c->deputy));
	assert_bulletin(c, id, BULLETIN_APPROVED);
	edit.text = "Có người giả danh công an. Gọi 113.";
	assert_ok(desk_bulletin_edit(c->d.desk, id, &edit, &c->area, &c->eb));
	assert_bulletin(c, id, BULLETIN_DRAFT);
	assert_int_equal(loaded(c, id).version, 2);
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->area, &c->eb));
	/* The approval of what it was does not count. */
	assert_err(bulletin_move(c->d.s.store, id, BULLETIN_SENDING), ERR_STATE);
	assert_ok(approve(c, id, &c->clerk));
	assert_bulletin(c, id, BULLETIN_APPROVED);
}

/* Who has read version 1 does not approve version 2. */
static void test_an_approval_is_of_one_version(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in edit = DESK_BULLETIN_AS_IS;
	int64_t id = submitted(c, "fraud", &c->clerk);
	bool is_approved;

	edit.title = "Cảnh báo";
	assert_ok(desk_bulletin_edit(c->d.desk, id, &edit, &c->clerk, &c->eb));
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->clerk, &c->eb));
	assert_err(desk_bulletin_approve(
			   c->d.desk, id, 1, false, NULL, &c->deputy, &is_approved, &c->eb),
		ERR_EXISTS);
}

static void test_the_chief_alone_and_a_review(void **state)
{
	struct commune *c = *state;
	int64_t id = submitted(c, "disaster", &c->chief), next_ms;
	bool is_approved;

	assert_err(approve(c, id, &c->chief), ERR_DENIED);
	assert_ok(desk_bulletin_approve(
		c->d.desk, id, 1, true, "lũ đang lên", &c->chief, &is_approved, &c->eb));
	assert_true(is_approved);
	assert_bulletin(c, id, BULLETIN_SENDING);
	assert_int_equal(loaded(c, id).review_due_ms, FIXTURE_WALL_MS + DESK_REVIEW_MS);
	assert_ok(desk_bulletin_tick(c->d.desk, &next_ms));
	assert_int_equal(next_ms, FIXTURE_WALL_MS + DESK_REVIEW_MS);
	clock_virtual_advance(&c->d.s.clock, DESK_REVIEW_MS);
	assert_ok(desk_bulletin_tick(c->d.desk, &next_ms));
	assert_int_equal(next_ms, INT64_MAX); /* told once */
	assert_err(desk_bulletin_review(c->d.desk, id, "đã xem lại rồi", &c->chief, &c->eb),
		ERR_DENIED);
	assert_err(desk_bulletin_review(c->d.desk, id, "đã xem lại rồi", &c->clerk, &c->eb),
		ERR_DENIED);
	assert_ok(desk_bulletin_review(c->d.desk, id, "đã xem lại rồi", &c->chairman, &c->eb));
	assert_int_equal(loaded(c, id).reviewed_ms, FIXTURE_WALL_MS + DESK_REVIEW_MS);
}

static void test_alone_is_for_chiefs_and_emergencies(void **state)
{
	struct commune *c = *state;
	int64_t flood = submitted(c, "disaster", &c->deputy);
	int64_t law = submitted(c, "law_policy", &c->chief);
	bool is_approved;

	assert_err(desk_bulletin_approve(
			   c->d.desk, flood, 1, true, NULL, &c->deputy, &is_approved, &c->eb),
		ERR_DENIED);
	assert_err(desk_bulletin_approve(
			   c->d.desk, law, 1, true, NULL, &c->chief, &is_approved, &c->eb),
		ERR_DENIED);
}

/* To who refused bulletins goes only what two have approved. */
static void test_to_refusers_takes_two(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("fraud");
	int64_t id;

	in.to_refusers = 1;
	assert_err(
		desk_bulletin_new(c->d.desk, BULLETIN_ORIGIN_OFFICER, &in, &c->clerk, &id, &c->eb),
		ERR_INVALID);
	in.category = "disaster";
	id = write_bulletin(c, &in, &c->clerk);
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->clerk, &c->eb));
	assert_ok(approve(c, id, &c->deputy));
	assert_bulletin(c, id, BULLETIN_SUBMITTED);
	assert_err(approve(c, id, &c->deputy), ERR_DENIED);
	assert_ok(approve(c, id, &c->chief));
	assert_bulletin(c, id, BULLETIN_SENDING);
}

static void test_rejected_with_a_reason(void **state)
{
	struct commune *c = *state;
	int64_t id = submitted(c, "fraud", &c->clerk);

	assert_err(
		desk_bulletin_reject(c->d.desk, id, 1, "không", &c->deputy, &c->eb), ERR_INVALID);
	assert_ok(desk_bulletin_reject(c->d.desk, id, 1, "chưa rõ nguồn tin", &c->deputy, &c->eb));
	assert_bulletin(c, id, BULLETIN_DRAFT);
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->clerk, &c->eb));
	assert_ok(approve(c, id, &c->deputy));
}

static void test_recalled_at_any_moment(void **state)
{
	struct commune *c = *state;
	int64_t id = submitted(c, "fraud", &c->clerk);
	struct desk_bulletin_in in = bulletin_in("fraud");
	struct bulletin bulletin;
	CLEAN_BUF audience = {0};

	assert_err(desk_bulletin_recall(c->d.desk, id, "sai số điện thoại", &c->clerk, &c->eb),
		ERR_STATE);
	assert_ok(approve(c, id, &c->deputy));
	assert_ok(desk_bulletin_recall(c->d.desk, id, "sai số điện thoại", &c->clerk, &c->eb));
	assert_bulletin(c, id, BULLETIN_RECALLED);
	in.refers_to = id;
	in.refers_how = "recalls";
	in.audience = NULL;
	id = write_bulletin(c, &in, &c->clerk);
	assert_int_equal(loaded(c, id).refers_to, 1);
	bulletin = loaded(c, id);
	buf_init(&audience, BULLETIN_AUDIENCE_MAX);
	assert_ok(bulletin_audience(c->d.s.store, &bulletin, &audience));
	assert_string_equal(buf_text(&audience), "{\"reached\":1}");
	in = (struct desk_bulletin_in)DESK_BULLETIN_AS_IS;
	assert_err(desk_bulletin_edit(c->d.desk, 1, &in, &c->clerk, &c->eb), ERR_STATE);
}

static void test_out_of_time(void **state)
{
	struct commune *c = *state;
	int64_t id = submitted(c, "disaster", &c->clerk), next_ms;
	struct desk_bulletin_in edit = DESK_BULLETIN_AS_IS;

	assert_ok(desk_bulletin_tick(c->d.desk, &next_ms));
	assert_int_equal(next_ms, FIXTURE_WALL_MS + 2 * DAY_MS);
	clock_virtual_advance(&c->d.s.clock, 2 * DAY_MS);
	assert_err(approve(c, id, &c->deputy), ERR_STATE);
	assert_ok(desk_bulletin_tick(c->d.desk, &next_ms));
	assert_bulletin(c, id, BULLETIN_EXPIRED);
	edit.expires_ms = 0;
	assert_ok(desk_bulletin_edit(c->d.desk, id, &edit, &c->clerk, &c->eb));
	assert_bulletin(c, id, BULLETIN_DRAFT);
}

static void test_starts_at_its_time(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("fraud");
	int64_t id, next_ms;

	in.from_ms = FIXTURE_WALL_MS + HOUR_MS;
	id = write_bulletin(c, &in, &c->clerk);
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->clerk, &c->eb));
	assert_ok(approve(c, id, &c->deputy));
	assert_err(desk_bulletin_start(c->d.desk, id, &c->deputy, &c->eb), ERR_STATE);
	assert_ok(desk_bulletin_tick(c->d.desk, &next_ms));
	assert_int_equal(next_ms, FIXTURE_WALL_MS + HOUR_MS);
	assert_bulletin(c, id, BULLETIN_APPROVED);
	clock_virtual_advance(&c->d.s.clock, HOUR_MS);
	assert_ok(desk_bulletin_tick(c->d.desk, &next_ms));
	assert_bulletin(c, id, BULLETIN_SENDING);
}

static void test_a_discarded_draft_has_no_words(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("fraud");
	struct bulletin_words words;
	struct bulletin b;
	int64_t id = write_bulletin(c, &in, &c->clerk);

	assert_ok(desk_bulletin_discard(c->d.desk, id, &c->clerk, &c->eb));
	end_turn(&c->d.s);
	b = loaded(c, id);
	assert_err(bulletin_words(c->d.s.store, &b, &words), ERR_NOT_FOUND);
	assert_err(desk_bulletin_edit(c->d.desk, id, &in, &c->clerk, &c->eb), ERR_STATE);
}

/* A feed's draft has no author; two officers are needed all the same. */
static void test_a_draft_of_the_machine(void **state)
{
	static const struct desk_actor feed = {.name = "system"};
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("province");
	int64_t id;

	assert_ok(desk_bulletin_new(c->d.desk, BULLETIN_ORIGIN_FEED, &in, &feed, &id, &c->eb));
	assert_err(desk_bulletin_submit(c->d.desk, id, &feed, &c->eb), ERR_DENIED);
	assert_ok(desk_bulletin_submit(c->d.desk, id, &c->clerk, &c->eb));
	assert_err(approve(c, id, &c->clerk), ERR_DENIED);
	assert_ok(approve(c, id, &c->area));
}

static void test_what_is_wrong_is_said(void **state)
{
	struct commune *c = *state;
	struct desk_bulletin_in in = bulletin_in("weather");
	int64_t id;

#define REFUSED(expected) \
	assert_err(desk_bulletin_new( \
			   c->d.desk, BULLETIN_ORIGIN_OFFICER, &in, &c->clerk, &id, &c->eb), \
		expected)
	REFUSED(ERR_INVALID);
	in = bulletin_in("fraud");
	in.urgency = "soon";
	REFUSED(ERR_INVALID);
	in = bulletin_in("fraud");
	in.title = " \n";
	REFUSED(ERR_INVALID);
	in.title = "hai\ndòng";
	REFUSED(ERR_INVALID);
	in = bulletin_in("fraud");
	in.audience = "{}";
	REFUSED(ERR_INVALID);
	in.audience = "{\"places\": [\"thon-9\"]}";
	REFUSED(ERR_NOT_FOUND);
	in.audience = "{\"roles\": [\"head\"]}";
	REFUSED(ERR_INVALID);
	in = bulletin_in("fraud");
	in.expires_ms = FIXTURE_WALL_MS;
	REFUSED(ERR_INVALID);
	in = bulletin_in("fraud");
	in.refers_to = 77;
	in.refers_how = "corrects";
	REFUSED(ERR_NOT_FOUND);
	in.refers_how = NULL;
	REFUSED(ERR_INVALID);
	in = bulletin_in("fraud");
	in.enclosure_id = 5;
	REFUSED(ERR_NOT_FOUND);
#undef REFUSED
}

static void test_words_as_they_leave(void **state)
{
	struct bulletin b = {
		.is_drill = true, .refers_to = 1, .refers_how = BULLETIN_REFERS_CORRECTS};
	struct bulletin_words words = {
		.title = "Lũ", .text = "Nước lên.", .sms = "Nuoc len.", .source = "Đài KTTV"};
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&out, 1000);
	assert_ok(desk_bulletin_text(&b, &words, BULLETIN_FORM_SMS, &out));
	assert_string_equal(buf_text(&out), "DIEN TAP, khong co that: DINH CHINH: Nuoc len.");
	buf_reset(&out);
	assert_ok(desk_bulletin_text(&b, &words, BULLETIN_FORM_ZALO, &out));
	assert_string_equal(buf_text(&out),
		"DIỄN TẬP, không có thật: ĐÍNH CHÍNH: Lũ\n\nNước lên.\n\nNguồn: Đài KTTV");
}

static void test_how_it_is_refused(void **state)
{
	static const struct {
		enum bulletin_urgency urgency;
		bool is_emergency;
		const char *sms, *full;
	} cases[] = {
		{BULLETIN_URGENCY_FUTURE, false, "Coi chung. Thoi nhan: TU CHOI 3",
			"Lừa đảo\n\nCoi chừng.\n\nNếu không muốn nhận loại tin này nữa, xin nhắn: TU "
			"CHOI 3"},
		{BULLETIN_URGENCY_IMMEDIATE, false, "Coi chung.",
			"Lừa đảo\n\nCoi chừng.\n\nNếu không muốn nhận loại tin này nữa, xin nhắn: TU "
			"CHOI 3"},
		{BULLETIN_URGENCY_IMMEDIATE, true, "Coi chung.", "Lừa đảo\n\nCoi chừng."},
	};
	struct bulletin_words words = {
		.title = "Lừa đảo", .text = "Coi chừng.", .sms = "Coi chung.", .source = ""};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bulletin b = {.category = "fraud",
			.urgency = cases[i].urgency,
			.is_emergency = cases[i].is_emergency};
		CLEAN_BUF out = {0};

		buf_init(&out, 1000);
		assert_ok(desk_bulletin_text(&b, &words, BULLETIN_FORM_SMS, &out));
		assert_string_equal(buf_text(&out), cases[i].sms);
		buf_reset(&out);
		assert_ok(desk_bulletin_text(&b, &words, BULLETIN_FORM_ZALO, &out));
		assert_string_equal(buf_text(&out), cases[i].full);
	}
}

/* Who gets it to try it out is told that it is nothing else. */
static void test_the_test_audience(void **state)
{
	struct commune *c = *state;
	const struct desk_actor actor = {.name = "officer:1"};
	struct desk_bulletin_in in = bulletin_in("fraud");
	struct bulletin_words words;
	struct audience audience;
	struct bulletin b;
	struct errbuf eb = {0};
	CLEAN_BUF out = {0};
	int64_t id;

	buf_init(&out, 4000);
	assert_err(desk_audience_put(
			   c->d.desk, "test", "Thử", "{\"all\":true}", &actor, &audience, &eb),
		ERR_INVALID);
	assert_ok(desk_audience_put(c->d.desk, "test", "Thử", NULL, &actor, &audience, &eb));
	in.audience = "{\"lists\":[\"test\"]}";
	id = write_bulletin(c, &in, &c->clerk);
	b = loaded(c, id);
	assert_true(b.is_trial);
	assert_ok(bulletin_words(c->d.s.store, &b, &words));
	assert_ok(desk_bulletin_text(&b, &words, BULLETIN_FORM_SMS, &out));
	assert_int_equal(strncmp(buf_text(&out), "GUI THU, xin bo qua: ", 21), 0);
	bulletin_words_free(&words);
	in.audience = "{\"all\":true}";
	b = loaded(c, write_bulletin(c, &in, &c->clerk));
	assert_false(b.is_trial);
}

static void test_a_proposed_sms(void **state)
{
	struct sms_size size;
	CLEAN_BUF text = {0};
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&text, 4000);
	buf_init(&out, 4000);
	assert_ok(desk_bulletin_propose("Lũ về", "Nước lên nhanh.\nXin lên cao!", &out));
	assert_string_equal(buf_text(&out), "Lu ve. Nuoc len nhanh. Xin len cao!");
	for (int i = 0; i < 20; i++)
		assert_ok(buf_adds(&text, "Xin bà con ở nơi thấp lên chỗ cao. "));
	buf_reset(&out);
	assert_ok(desk_bulletin_propose("Lũ về", buf_text(&text), &out));
	assert_ok(sms_text_size(buf_text(&out), &size));
	assert_int_equal(size.coding, SMS_CODING_GSM7);
	assert_int_equal(size.segments, 2);
	assert_int_equal(buf_text(&out)[out.len - 1], '.');
}

static void test_the_categories(void **state)
{
	static const char twice[] =
		"[{\"code\":\"a\",\"topic\":1,\"name\":\"A\",\"is_sensitive\":false,\"days\":1,"
		"\"urgency\":\"future\",\"severity\":\"minor\",\"certainty\":\"likely\"},"
		"{\"code\":\"b\",\"topic\":1,\"name\":\"B\",\"is_sensitive\":false,\"days\":1,"
		"\"urgency\":\"future\",\"severity\":\"minor\",\"certainty\":\"likely\"}]";
	struct bulletin_category list[BULLETIN_CATEGORIES_MAX];
	struct errbuf eb = {0};
	int count;

	(void)state;
	assert_non_null(bulletin_category_at(15));
	assert_null(bulletin_category_at(16));
	assert_string_equal(bulletin_category_of_topic(3)->code, "fraud");
	assert_true(bulletin_category_find("wanted")->is_sensitive);
	assert_null(bulletin_category_find("weather"));
	assert_string_equal(bulletin_category_of_polls()->code, "mobilisation");
	assert_err(bulletin_category_parse(twice, strlen(twice), list, &count, &eb), ERR_INVALID);
	assert_err(bulletin_category_parse("{}", 2, list, &count, &eb), ERR_INVALID);
	assert_err(bulletin_category_parse("[{}]", 4, list, &count, &eb), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMMUNE_TEST(test_from_draft_to_sending),
		COMMUNE_TEST(test_the_author_does_not_approve),
		COMMUNE_TEST(test_the_store_keeps_four_eyes),
		COMMUNE_TEST(test_what_is_sensitive_needs_a_leader),
		COMMUNE_TEST(test_an_edit_ends_the_approval),
		COMMUNE_TEST(test_an_approval_is_of_one_version),
		COMMUNE_TEST(test_the_chief_alone_and_a_review),
		COMMUNE_TEST(test_alone_is_for_chiefs_and_emergencies),
		COMMUNE_TEST(test_to_refusers_takes_two),
		COMMUNE_TEST(test_rejected_with_a_reason),
		COMMUNE_TEST(test_recalled_at_any_moment),
		COMMUNE_TEST(test_out_of_time),
		COMMUNE_TEST(test_starts_at_its_time),
		COMMUNE_TEST(test_a_discarded_draft_has_no_words),
		COMMUNE_TEST(test_a_draft_of_the_machine),
		COMMUNE_TEST(test_what_is_wrong_is_said),
		cmocka_unit_test(test_words_as_they_leave),
		cmocka_unit_test(test_how_it_is_refused),
		COMMUNE_TEST(test_the_test_audience),
		cmocka_unit_test(test_a_proposed_sms),
		cmocka_unit_test(test_the_categories),
	};

	return cmocka_run_group_tests_name("bulletin", tests, NULL, NULL);
}
