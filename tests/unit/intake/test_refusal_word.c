/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/refusal_word.h"

#include "daemon/base/str.h"
#include "daemon/intake/intake.h"
#include "store/refusal.h"
#include "store/report.h"
#include "tests/lib/store_fixture.h"

#define RESIDENT "+84900000012"

static void test_words(void **state)
{
	static const struct {
		const char *text;
		bool is_word, is_back;
		int topic;
	} cases[] = {
		{"TU CHOI", true, false, 0},
		{"Tu choi.", true, false, 0},
		{"TỪ CHỐI", true, false, 0},
		{"từ chối nhận bản tin", true, false, 0},
		{"tuchoi", true, false, 0},
		{"TU CHOI 3", true, false, 3},
		{"tu choi 03", true, false, 3},
		{"Từ chối bản tin số 12", true, false, 12},
		{"TU CHOI 0", true, false, 0},
		{"stop", true, false, 0},
		{"NHAN LAI", true, true, 0},
		{"Nhận lại!", true, true, 0},
		{"nhan lai tin 3", true, true, 3},
		{"nhanlai", true, true, 0},
		{"TU CHOI 100", false, false, 0},
		{"TU CHOI 3 4", false, false, 0},
		{"TU CHOI -3?", false, false, 0},
		{"Công an xã từ chối cấp căn cước", false, false, 0},
		{"tu choi cap can cuoc cho toi", false, false, 0},
		{"tu choi nhan tien hoi lo", false, false, 0},
		{"nhan lai can cuoc o dau", false, false, 0},
		{"nhan lai xe bi mat", false, false, 0},
		{"nhan", false, false, 0},
		{"tu", false, false, 0},
		{"", false, false, 0},
		{"\xff\xfe", false, false, 0},
		{"tu choi tin tin tin tin tin tin tin tin tin tin", false, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct refusal_word word = {.topic = -1};
		bool is_word = refusal_word_parse(cases[i].text, &word) == ERR_OK;

		if (is_word != cases[i].is_word)
			fail_msg("%s: %d", cases[i].text, is_word);
		if (is_word && (word.is_back != cases[i].is_back || word.topic != cases[i].topic))
			fail_msg("%s: %d %d", cases[i].text, word.is_back, word.topic);
	}
}

/* ---- as they come in -------------------------------------------------------------------------
 */

struct box {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	int next_id;
};

static int setup(void **state)
{
	static struct box box;
	struct box *b = &box;

	b->next_id = 0;
	store_fixture_init(&b->s);
	assert_ok(
		desk_new(&(struct desk_options){.store = b->s.store, .has_modem = true}, &b->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = b->s.store, .desk = b->desk}, &b->intake));
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct box *b = *state;

	intake_free(b->intake);
	desk_free(b->desk);
	store_fixture_done(&b->s);
	return 0;
}

#define BOX_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static void says(struct box *b, const char *text, const char *group)
{
	char id[32];

	snprintf(id, sizeof(id), "id-%d", b->next_id++);
	assert_ok(intake_accept(b->intake, &(struct inbound){.channel = "modem",
						   .external_id = id,
						   .kind = INBOX_KIND_TEXT,
						   .from_kind = PARTY_PHONE,
						   .from = RESIDENT,
						   .text = text,
						   .group = group}));
	end_turn(&b->s);
}

static void assert_refuses(struct box *b, const char *topic, bool expected)
{
	bool refuses;

	assert_ok(refusal_of(b->s.store, REFUSAL_PHONE, RESIDENT, topic, &refuses));
	assert_int_equal(refuses, expected);
}

static void assert_said(struct box *b, int64_t outbox_id, const char *part)
{
	CLEAN_BUF text = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	assert_ok(outbox_text(b->s.store, outbox_id, &text));
	if (!strstr(buf_text(&text), part))
		fail_msg("%s", buf_text(&text));
}

static void test_all_and_back(void **state)
{
	struct box *b = *state;
	int64_t reports;

	says(b, "TU CHOI", NULL);
	assert_refuses(b, "fire", true);
	assert_said(b, 1, "NHAN LAI");
	says(b, "NHAN LAI 3", NULL);
	assert_refuses(b, "fraud", true);
	assert_said(b, 2, "moi ban tin");
	says(b, "NHAN LAI", NULL);
	assert_refuses(b, "fire", false);
	assert_ok(report_count(b->s.store, NULL, &reports));
	assert_int_equal(reports, 0);
}

static void test_a_topic(void **state)
{
	struct box *b = *state;

	says(b, "TU CHOI 3", NULL);
	assert_refuses(b, "fraud", true);
	assert_refuses(b, "fire", false);
	assert_said(b, 1, "Lua dao");
	says(b, "NHAN LAI 3", NULL);
	assert_refuses(b, "fraud", false);
	says(b, "TU CHOI 77", NULL);
	assert_said(b, 3, "so 77");
}

static void test_in_a_group_it_is_a_report(void **state)
{
	struct box *b = *state;

	says(b, "TU CHOI", "5000");
	assert_refuses(b, "fire", false);
}

/* It costs the commune no more than some answers an hour; what was asked holds all the same. */
static void test_answers_are_limited(void **state)
{
	struct box *b = *state;
	struct outbox_row row;

	for (int i = 0; i < 8; i++)
		says(b, i % 2 ? "NHAN LAI" : "TU CHOI", NULL);
	assert_refuses(b, "fire", false);
	assert_ok(outbox_load(b->s.store, 6, &row));
	assert_err(outbox_load(b->s.store, 7, &row), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		BOX_TEST(test_all_and_back),
		BOX_TEST(test_a_topic),
		BOX_TEST(test_in_a_group_it_is_a_report),
		BOX_TEST(test_answers_are_limited),
	};

	return cmocka_run_group_tests_name("refusal_word", tests, NULL, NULL);
}
