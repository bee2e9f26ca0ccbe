/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Polls: what an answer means, whose voice it is, and what is told of it in the end. */
#include "tests/unit/desk/support.h"

#include "daemon/base/str.h"
#include "daemon/desk/bulletin_category.h"
#include "daemon/desk/place.h"
#include "daemon/desk/poll.h"
#include "daemon/desk/poll_words.h"
#include "store/bulletin.h"
#include "store/event.h"
#include "store/resident.h"

static const struct desk_actor officer = {.name = "officer:uid0"};

/* ---- words ----------------------------------------------------------------------------------- */

#define MORE 100 /* clear, and more is said */

static void hears(const struct poll_option *options, int count, const char *text, int expected)
{
	struct poll_heard heard;
	int is;

	poll_hear(text, options, count, &heard);
	is = heard.number + (heard.clarity == POLL_CLEAR_AND_MORE ? MORE : 0);
	if (is != expected)
		fail_msg("\"%s\" is heard as %d, not %d", text, is, expected);
}

static void test_yes_and_no_in_all_their_spellings(void **state)
{
	static const struct poll_option options[] = {
		{.number = 1, .label = "Đồng ý", .aliases = "[]"},
		{.number = 2, .label = "Không đồng ý", .aliases = "[]"}};
	static const struct {
		const char *text;
		int number;
	} table[] = {{"1", 1}, {"2", 2}, {" 2. ", 2}, {"so 2", 2}, {"Chọn số 1 ạ", 1},
		{"toi chon phuong an 2", 2}, {"2 nhe", 2}, {"dong y", 1}, {"Đồng ý", 1},
		{"ĐỒNG Ý!", 1}, {"dongy", 1}, {"đồng í", 1}, {"dòng ý", 1}, {"dong i nhe", 1},
		{"gia dinh toi dong y", 1}, {"Gia đình tôi hoàn toàn đồng ý ạ", 1}, {"dog y", 1},
		{"dogn y", 1}, {"ok", 1}, {"Oke", 1}, {"nhat tri", 1}, {"nhất trí cao", 1},
		{"tan thanh", 1}, {"co", 1}, {"khong dong y", 2}, {"Không đồng ý", 2},
		{"ko dong y", 2}, {"k dong y", 2}, {"khong dongy", 2}, {"kdong y", 2},
		{"khôg đồng ý", 2}, {"phan doi", 2}, {"Phản đối", 2}, {"khong", 2}, {"ko", 2},
		{"khong nhat tri", 2}, {"chua dong y", 2},
		/* Nobody knows. */
		{"", 0}, {"?", 0}, {"1 2", 0}, {"1 hoac 2", 0}, {"3", 0}, {"12", 0}, {"22/11", 0},
		{"dong y hay khong dong y", 0}, {"khong han dong y", 0}, {"de nghi sua duong", 0},
		{"2 nguoi dong y", 0}, {"bao nhieu tien mot ho", 0}, {"\xff\xfe", 0},
		/* Clear, and something else. */
		{"1 nhung de nghi xa sua den duong truoc thang chap", 1 + MORE},
		{"dong y nhung mong xa thu muon hon mot thang", 1 + MORE}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		hears(options, 2, table[i].text, table[i].number);
}

static void test_the_commune_s_own_words(void **state)
{
	static const struct poll_option options[] = {{.number = 1,
							     .label = "Lắp camera ở cổng làng",
							     .aliases = "[\"cổng làng\",\"cong\"]"},
		{.number = 2, .label = "Lắp ở nhà văn hóa", .aliases = "[\"nvh\",\"nhà vh\"]"},
		{.number = 3, .label = "Không lắp", .aliases = "[\"khong\"]"}};

	(void)state;
	hears(options, 3, "cong lang", 1);
	hears(options, 3, "o cổng", 1);
	hears(options, 3, "NVH", 2);
	hears(options, 3, "lap o nha van hoa", 2);
	hears(options, 3, "lap o nha van ho", 2);
	hears(options, 3, "khong lap", 3);
	hears(options, 3, "khong", 3);
	hears(options, 3, "khong lap o nha van hoa", 0);
	hears(options, 3, "cong lang hoac nvh", 0);
	hears(options, 3, "3", 3);
}

static void test_options_that_clash(void **state)
{
	const struct poll_option same[] = {{.number = 1, .label = "Đồng ý", .aliases = "[]"},
		{.number = 2, .label = "Phản đối", .aliases = "[\"dong y\"]"}};
	const struct poll_option apart[] = {{.number = 1, .label = "Có", .aliases = "[]"},
		{.number = 2, .label = "Không", .aliases = "[]"}};
	char json[POLL_ALIASES_BYTES] = "";
	int one, other;

	(void)state;
	assert_true(poll_options_clash(same, 2, &one, &other));
	assert_int_equal(one, 1);
	assert_int_equal(other, 2);
	assert_false(poll_options_clash(apart, 2, &one, &other));
	assert_ok(poll_aliases_read(" đồng tình , dc;ok ", json));
	assert_string_equal(json, "[\"đồng tình\",\"dc\",\"ok\"]");
	assert_err(poll_aliases_read("ok, 2", json), ERR_INVALID);
	assert_err(poll_aliases_read("!!!", json), ERR_INVALID);
	assert_string_equal(json, "[\"đồng tình\",\"dc\",\"ok\"]");
}

/* ---- voices ---------------------------------------------------------------------------------- */

static void begin(struct desk_fixture *f)
{
	struct place place;
	struct errbuf eb = {0};

	start(f, true, true, false);
	assert_ok(
		desk_place_put(f->desk, &(struct desk_place_new){"thon-1", "Thôn 1", "hamlet", ""},
			officer.name, &place, &eb));
}

static void phone_of(int n, char phone[24])
{
	snprintf(phone, 24, "+849000001%02d", n);
}

static void add(struct desk_fixture *f, int n, const char *household)
{
	enum desk_resident_change change;
	struct errbuf eb = {0};
	char phone[24];

	phone_of(n, phone);
	assert_ok(desk_resident_put(f->desk,
		&(struct desk_resident_row){.phone = phone,
			.name = "Nguyễn Văn A",
			.place = "thon-1",
			.role = "member",
			.household = household},
		&change, &eb));
}

static int64_t write_poll(struct desk_fixture *f, enum poll_per per, int quorum)
{
	static const struct desk_poll_option options[] = {
		{"Đồng ý", NULL}, {"Không đồng ý", NULL}, {"Ý kiến khác", "khac"}};
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = desk_poll_new(f->desk,
		&(struct desk_poll_in){.question = "Lắp camera ở cổng làng?",
			.options = options,
			.option_count = 3,
			.per = per,
			.quorum = quorum,
			.closes_ms = FIXTURE_WALL_MS + DAY_MS,
			.audience = "{\"all\":true}"},
		&officer, &id, &eb);

	if (err)
		fail_msg("%s: %s", err_name(err), eb.text);
	return id;
}

static int64_t open_poll(struct desk_fixture *f, enum poll_per per, int quorum)
{
	struct errbuf eb = {0};
	int64_t id = write_poll(f, per, quorum);

	assert_ok(desk_poll_open(f->desk, id, &officer, &eb));
	end_turn(&f->s);
	return id;
}

static enum err say(struct desk_fixture *f, int n, const char *words)
{
	struct party party;
	char phone[24];
	enum err err;

	phone_of(n, phone);
	assert_ok(party_get(f->s.store, PARTY_PHONE, phone, &party));
	err = desk_poll_answer(f->desk, &(struct desk_poll_answer){.party_id = party.id,
						.kind = PARTY_PHONE,
						.address = phone,
						.words = words,
						.has_keyword = true});
	end_turn(&f->s);
	return err;
}

static void votes_are(struct desk_fixture *f, int64_t id, int a, int b, int c, int unclear)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	int64_t answered, waiting;
	int count;

	assert_ok(poll_options(f->s.store, id, options, &count));
	assert_ok(poll_turnout(f->s.store, id, &answered, &waiting));
	assert_int_equal(count, 3);
	assert_int_equal(options[0].votes, a);
	assert_int_equal(options[1].votes, b);
	assert_int_equal(options[2].votes, c);
	assert_int_equal(waiting, unclear);
}

/* All polls together: what waits, and how many answered those that at least `fewest` did. */
static void together(struct desk_fixture *f, int64_t fewest, int heard, int waiting)
{
	int64_t count;

	assert_ok(poll_heard(f->s.store, fewest, &count));
	assert_int_equal(count, heard);
	assert_ok(poll_waiting(f->s.store, &count));
	assert_int_equal(count, waiting);
}

static void test_one_voice_a_household(void **state)
{
	struct desk_fixture f;
	struct poll poll;
	int64_t id;

	(void)state;
	begin(&f);
	add(&f, 1, "ho-1");
	add(&f, 2, "ho-1");
	add(&f, 3, "ho-2");
	add(&f, 4, "");
	id = open_poll(&f, POLL_PER_HOUSEHOLD, 0);
	assert_true(id >= POLL_NUMBER_FIRST);
	assert_ok(poll_load(f.s.store, id, &poll));
	assert_int_equal(poll.voices, 3);
	assert_ok(say(&f, 1, " 1"));
	assert_ok(say(&f, 3, " dong y"));
	votes_are(&f, id, 2, 0, 0, 0);
	/* The same household again: the last word counts. */
	assert_ok(say(&f, 2, " khong dong y"));
	votes_are(&f, id, 1, 1, 0, 0);
	assert_ok(say(&f, 4, " 3"));
	votes_are(&f, id, 1, 1, 1, 0);
	/* Who came later is asked as the household that he lives in now. */
	add(&f, 5, "ho-2");
	assert_ok(say(&f, 5, " 2"));
	votes_are(&f, id, 0, 2, 1, 0);
	add(&f, 6, "ho-9");
	assert_err(say(&f, 6, " dong y"), ERR_NOT_FOUND);
	assert_ok(say(&f, 6, " 1"));
	votes_are(&f, id, 0, 2, 1, 0);
	finish(&f);
}

static void test_one_voice_a_phone(void **state)
{
	struct desk_fixture f;
	int64_t id;

	(void)state;
	begin(&f);
	add(&f, 1, "ho-1");
	add(&f, 2, "ho-1");
	id = open_poll(&f, POLL_PER_PHONE, 0);
	assert_ok(say(&f, 1, " 1"));
	assert_ok(say(&f, 2, " 2"));
	votes_are(&f, id, 1, 1, 0, 0);
	finish(&f);
}

static void test_the_pile(void **state)
{
	struct poll_unclear first = {.choice = 9};
	struct errbuf eb = {0};
	struct desk_fixture f;
	uint8_t gone[VAULT_HASH_BYTES];
	int64_t id, count = 0;

	(void)state;
	begin(&f);
	for (int n = 1; n <= 4; n++)
		add(&f, n, "");
	id = open_poll(&f, POLL_PER_HOUSEHOLD, 0);
	assert_ok(say(&f, 1, " hoi vo da"));
	assert_ok(say(&f, 2, " Hỏi vợ đã."));
	assert_ok(say(&f, 3, " 1"));
	assert_ok(say(&f, 3, " nghi lai xem sao"));
	/* What counted before counts on. */
	votes_are(&f, id, 1, 0, 0, 3);
	together(&f, 1, 1, 3);
	together(&f, 2, 0, 3);
	assert_ok(say(&f, 3, " 2"));
	votes_are(&f, id, 0, 1, 0, 2);
	buf_init(&first.words, 1000);
	assert_ok(poll_unclear_next(f.s.store, id, NULL, &first));
	assert_int_equal(first.choice, 0);
	assert_err(desk_poll_assign(f.desk, id, first.voice, 4, false, &officer, &count, &eb),
		ERR_INVALID);
	assert_ok(desk_poll_assign(f.desk, id, first.voice, 3, true, &officer, &count, &eb));
	assert_int_equal(count, 2);
	votes_are(&f, id, 0, 1, 2, 0);
	together(&f, 3, 3, 0);
	together(&f, 4, 0, 0);
	memcpy(gone, first.voice, sizeof(gone));
	assert_err(
		desk_poll_assign(f.desk, id, gone, 1, false, &officer, &count, &eb), ERR_NOT_FOUND);
	buf_wipe(&first.words);
	finish(&f);
}

static void says(struct desk_fixture *f, int64_t bulletin_id, const char *expected)
{
	struct bulletin bulletin;
	struct bulletin_words words = {0};

	assert_ok(bulletin_load(f->s.store, bulletin_id, &bulletin));
	assert_int_equal(bulletin.state, BULLETIN_DRAFT);
	assert_ok(bulletin_words(f->s.store, &bulletin, &words));
	if (!strstr(words.text, expected))
		fail_msg("the bulletin says \"%s\"", words.text);
	bulletin_words_free(&words);
}

static void test_a_result_without_small_cells(void **state)
{
	struct desk_poll_figures figures;
	struct errbuf eb = {0};
	struct desk_fixture f;
	struct poll poll;
	uint8_t voice[VAULT_HASH_BYTES];
	int64_t id, bulletin = 0, resident;

	(void)state;
	begin(&f);
	for (int n = 1; n <= 30; n++)
		add(&f, n, "");
	id = open_poll(&f, POLL_PER_PHONE, 60);
	for (int n = 1; n <= 12; n++)
		assert_ok(say(&f, n, " 1"));
	for (int n = 13; n <= 18; n++)
		assert_ok(say(&f, n, " 2"));
	assert_ok(say(&f, 19, " 3"));
	assert_ok(poll_load(f.s.store, id, &poll));
	assert_ok(desk_poll_figures(f.desk, &poll, &figures));
	assert_false(figures.has_votes);
	assert_err(desk_poll_result(f.desk, id, &officer, &bulletin, &eb), ERR_STATE);
	clock_virtual_advance(&f.s.clock, DAY_MS);
	assert_ok(desk_polls_tick(f.desk));
	assert_ok(poll_load(f.s.store, id, &poll));
	assert_int_equal(poll.state, POLL_CLOSED);
	assert_ok(say(&f, 20, " 11 1"));
	assert_ok(desk_poll_figures(f.desk, &poll, &figures));
	assert_true(figures.has_votes);
	assert_true(figures.has_quorum);
	assert_int_equal(figures.answered, 19);
	assert_int_equal(figures.options[0].votes, 12);
	/* One of 19 is had by subtraction when the other two are told. */
	assert_int_equal(figures.options[1].votes, FIGURES_HIDDEN);
	assert_int_equal(figures.options[2].votes, FIGURES_HIDDEN);
	assert_ok(desk_poll_result(f.desk, id, &officer, &bulletin, &eb));
	end_turn(&f.s);
	says(&f, bulletin, "1. Đồng ý: 12 (63%)");
	says(&f, bulletin, "2. Không đồng ý: không nêu số");
	says(&f, bulletin, "Đã hỏi 30 người, 19 (63%) người trả lời.");
	says(&f, bulletin, "Đã đủ tỷ lệ");
	assert_err(desk_poll_result(f.desk, id, &officer, &bulletin, &eb), ERR_EXISTS);
	/* Nobody is left who said anything. */
	assert_ok(poll_load(f.s.store, id, &poll));
	assert_int_equal(poll.state, POLL_DONE);
	assert_ok(resident_find(f.s.store, "+84900000101", &resident));
	assert_err(poll_voice_of(f.s.store, &poll, resident, voice), ERR_NOT_FOUND);
	votes_are(&f, id, 12, 6, 1, 0);
	finish(&f);
}

/* What its author has chosen for the question is what the result is about. */
static void test_the_result_is_about_the_same(void **state)
{
	static const struct desk_poll_option two[] = {{"Có", NULL}, {"Không", NULL}};
	static const char *const chosen[] = {NULL, "traffic"};
	struct errbuf eb = {0};
	struct desk_fixture f;

	(void)state;
	begin(&f);
	add(&f, 1, "");
	for (size_t i = 0; i < ARRAY_LEN(chosen); i++) {
		const struct desk_poll_in in = {.question = "Đặt gờ giảm tốc trước cổng trường?",
			.options = two,
			.option_count = 2,
			.closes_ms = FIXTURE_WALL_MS + HOUR_MS,
			.audience = "{\"all\":true}",
			.category = chosen[i]};
		const char *category = chosen[i] ? chosen[i] : bulletin_category_of_polls()->code;
		struct bulletin bulletin;
		int64_t id = 0, result = 0;

		assert_ok(desk_poll_new(f.desk, &in, &officer, &id, &eb));
		assert_ok(desk_poll_open(f.desk, id, &officer, &eb));
		assert_ok(desk_poll_close(f.desk, id, &officer, &eb));
		assert_ok(desk_poll_result(f.desk, id, &officer, &result, &eb));
		assert_ok(bulletin_load(f.s.store, result, &bulletin));
		assert_string_equal(bulletin.category, category);
	}
	finish(&f);
}

static void test_what_officers_may_not_do(void **state)
{
	static const struct desk_poll_option two[] = {{"Có", NULL}, {"Không", NULL}};
	static const struct desk_poll_option same[] = {{"Có", NULL}, {"co", NULL}};
	struct desk_poll_in in = {.question = "Có làm không?",
		.options = two,
		.option_count = 2,
		.closes_ms = FIXTURE_WALL_MS + HOUR_MS,
		.audience = "{\"all\":true}"};
	struct desk_poll_in wrong;
	struct errbuf eb = {0};
	struct desk_fixture f;
	int64_t id = 0;

	(void)state;
	begin(&f);
	wrong = in;
	wrong.options = same;
	assert_err(desk_poll_new(f.desk, &wrong, &officer, &id, &eb), ERR_INVALID);
	wrong = in;
	wrong.option_count = 1;
	assert_err(desk_poll_new(f.desk, &wrong, &officer, &id, &eb), ERR_INVALID);
	wrong = in;
	wrong.closes_ms = FIXTURE_WALL_MS;
	assert_err(desk_poll_new(f.desk, &wrong, &officer, &id, &eb), ERR_INVALID);
	wrong = in;
	wrong.audience = "{}";
	assert_err(desk_poll_new(f.desk, &wrong, &officer, &id, &eb), ERR_INVALID);
	wrong = in;
	wrong.quorum = 101;
	assert_err(desk_poll_new(f.desk, &wrong, &officer, &id, &eb), ERR_INVALID);
	assert_err(desk_poll_close(f.desk, 11, &officer, &eb), ERR_NOT_FOUND);
	assert_ok(desk_poll_new(f.desk, &in, &officer, &id, &eb));
	assert_err(desk_poll_close(f.desk, id, &officer, &eb), ERR_STATE);
	assert_ok(desk_poll_cancel(f.desk, id, &officer, &eb));
	assert_err(desk_poll_cancel(f.desk, id, &officer, &eb), ERR_STATE);
	assert_err(desk_poll_open(f.desk, id, &officer, &eb), ERR_STATE);
	finish(&f);
}

/* It opens when its question goes out, and ends by itself when that never did. */
static void test_the_question_goes_out(void **state)
{
	struct desk_fixture f;
	struct poll poll;
	int64_t id, other;

	(void)state;
	begin(&f);
	add(&f, 1, "");
	id = write_poll(&f, POLL_PER_PHONE, 0);
	other = write_poll(&f, POLL_PER_PHONE, 0);
	assert_ok(poll_load(f.s.store, id, &poll));
	says(&f, poll.bulletin_id, "nhắn YK 11 rồi số của phương án");
	assert_ok(desk_poll_asked(f.desk, poll.bulletin_id, "system"));
	assert_ok(desk_poll_asked(f.desk, 4711, "system"));
	assert_ok(poll_load(f.s.store, id, &poll));
	assert_int_equal(poll.state, POLL_OPEN);
	assert_int_equal(poll.voices, 1);
	assert_ok(desk_poll_asked(f.desk, poll.bulletin_id, "system"));
	clock_virtual_advance(&f.s.clock, DAY_MS);
	assert_ok(desk_polls_tick(f.desk));
	assert_ok(poll_load(f.s.store, other, &poll));
	assert_int_equal(poll.state, POLL_CANCELLED);
	/* Nobody counts it: then it is counted as it is. */
	clock_virtual_advance(&f.s.clock, DESK_POLL_KEPT_MS);
	assert_ok(desk_polls_tick(f.desk));
	assert_ok(poll_load(f.s.store, id, &poll));
	assert_int_equal(poll.state, POLL_DONE);
	finish(&f);
}

/* Opened, and nothing more; not even that somebody answered. */
static void check_event(void *arg, const struct event_seen *event)
{
	int *count = arg;

	++*count;
	assert_string_equal(event->data, "{}");
}

static void test_nothing_tells_who_said_what(void **state)
{
	struct desk_fixture f;
	int count = 0;

	(void)state;
	begin(&f);
	add(&f, 1, "");
	assert_int_equal(open_poll(&f, POLL_PER_PHONE, 0), POLL_NUMBER_FIRST);
	assert_ok(say(&f, 1, " 1"));
	assert_ok(event_of_subject(f.s.store, "poll/11", check_event, &count));
	assert_int_equal(count, 2);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_yes_and_no_in_all_their_spellings),
		cmocka_unit_test(test_the_commune_s_own_words),
		cmocka_unit_test(test_options_that_clash),
		cmocka_unit_test(test_one_voice_a_household),
		cmocka_unit_test(test_one_voice_a_phone),
		cmocka_unit_test(test_the_pile),
		cmocka_unit_test(test_a_result_without_small_cells),
		cmocka_unit_test(test_the_result_is_about_the_same),
		cmocka_unit_test(test_what_officers_may_not_do),
		cmocka_unit_test(test_the_question_goes_out),
		cmocka_unit_test(test_nothing_tells_who_said_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
