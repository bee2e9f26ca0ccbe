/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the schema itself allows of bulletins, whoever writes. */
#include "tests/unit/store/support.h"

#include "store/bulletin_finding.h"
#include "store/enclosure.h"

static int64_t officer(struct store_fixture *f, enum officer_role role)
{
	int64_t id;

	assert_ok(officer_add(f->store,
		&(struct officer_new){
			.login = officer_role_text(role), .name = "A", .role = role, .phone = ""},
		&id));
	return id;
}

static struct bulletin_content content(void)
{
	return (struct bulletin_content){.category = "fraud",
		.urgency = BULLETIN_URGENCY_FUTURE,
		.severity = BULLETIN_SEVERITY_MINOR,
		.certainty = BULLETIN_CERTAINTY_LIKELY,
		.expires_ms = FIXTURE_WALL_MS + DAY_MS,
		.audience = "{\"all\":true}",
		.title = "Tiêu đề",
		.text = "Gọi 0900001234",
		.sms = "Goi 113",
		.source = ""};
}

static int64_t add(struct store_fixture *f, const struct bulletin_content *c, int64_t author_id)
{
	int64_t id;

	assert_ok(bulletin_add(f->store, BULLETIN_ORIGIN_OFFICER, c, author_id, &id));
	return id;
}

static struct bulletin loaded(struct store_fixture *f, int64_t id)
{
	struct bulletin b;

	assert_ok(bulletin_load(f->store, id, &b));
	return b;
}

static const struct finding a_phone = {
	.kind = FINDING_PHONE, .field = FINDING_IN_TEXT, .at = 6, .bytes = 10, .word = "phone"};

static void screen(struct store_fixture *f, int64_t id, const struct finding *found, int count)
{
	const char *const words[FINDING_FIELD_COUNT] = {"Tiêu đề", "Gọi 0900001234", "Goi 113", ""};
	struct bulletin b = loaded(f, id);

	assert_ok(finding_put_all(f->store, &b, words, found, count));
}

static void test_words_come_back(void **state)
{
	struct store_fixture *f = *state;
	struct bulletin_content c = content();
	int64_t author = officer(f, OFFICER_CLERK), id = add(f, &c, author);
	struct bulletin b = loaded(f, id);
	struct bulletin_words words;
	CLEAN_BUF audience = {0};

	assert_ok(bulletin_words(f->store, &b, &words));
	assert_string_equal(words.title, "Tiêu đề");
	assert_string_equal(words.source, "");
	bulletin_words_free(&words);
	buf_init(&audience, 100);
	assert_ok(bulletin_audience(f->store, &b, &audience));
	assert_string_equal(buf_text(&audience), "{\"all\":true}");
	assert_ok(bulletin_verify(f->store, &b));
	assert_int_equal(bulletin_speed(&b), BULLETIN_NORMAL);
}

static void test_nothing_unscreened_is_submitted(void **state)
{
	struct store_fixture *f = *state;
	struct bulletin_content c = content();
	int64_t author = officer(f, OFFICER_CLERK), id = add(f, &c, author), open;
	struct bulletin b;

	assert_err(bulletin_submit(f->store, id, author), ERR_STATE);
	screen(f, id, &a_phone, 1);
	assert_err(bulletin_submit(f->store, id, author), ERR_STATE);
	b = loaded(f, id);
	assert_ok(finding_open(f->store, &b, &open));
	assert_int_equal(open, 1);
	assert_err(finding_answer(f->store, &b, 99, author, "số trực ban"), ERR_NOT_FOUND);
	assert_ok(finding_answer(f->store, &b, 1, author, "số trực ban"));
	assert_ok(bulletin_submit(f->store, id, author));
}

struct answers {
	int count;
	char reason[64];
};

static void keep(void *arg, const struct finding *finding, const char *reason)
{
	struct answers *a = arg;

	a->count++;
	assert_int_equal(finding->at, a_phone.at);
	snprintf(a->reason, sizeof(a->reason), "%s", reason);
}

/* The next version with the same words keeps the answer; other words need their own. */
static void test_answers_hold_for_the_same_words(void **state)
{
	struct store_fixture *f = *state;
	struct bulletin_content c = content();
	int64_t author = officer(f, OFFICER_CLERK), id = add(f, &c, author), open;
	struct answers answers = {.count = 0};
	struct bulletin b;

	screen(f, id, &a_phone, 1);
	b = loaded(f, id);
	assert_ok(finding_answer(f->store, &b, 1, author, "số trực ban"));
	c.title = "Khác";
	assert_ok(bulletin_revise(f->store, id, &c, author));
	screen(f, id, &a_phone, 1);
	b = loaded(f, id);
	assert_ok(finding_list(f->store, &b, keep, &answers));
	assert_int_equal(answers.count, 1);
	assert_string_equal(answers.reason, "số trực ban");
	c.text = "Gọi 0900001235";
	assert_ok(bulletin_revise(f->store, id, &c, author));
	b = loaded(f, id);
	assert_ok(finding_put_all(f->store, &b,
		(const char *const[FINDING_FIELD_COUNT]){"", "Gọi 0900001235", "", ""}, &a_phone,
		1));
	assert_ok(finding_open(f->store, &b, &open));
	assert_int_equal(open, 1);
}

/* As whoever has the file would try. Each attempt must change nothing. */
static void test_the_schema_stands_by_itself(void **state)
{
	static const char *const attempts[] = {
		"UPDATE bulletin SET state = 'APPROVED' WHERE id = 1",
		"UPDATE bulletin SET state = 'SENDING' WHERE id = 1",
		"UPDATE bulletin_version SET audience = '{}' WHERE id = 1",
		"UPDATE bulletin_version SET words = x'00' WHERE id = 1",
		"UPDATE bulletin_version SET words = NULL WHERE id = 1",
		"DELETE FROM bulletin_version WHERE id = 1",
		"UPDATE bulletin SET version = 2 WHERE id = 1",
		"INSERT INTO bulletin SELECT 9, 'APPROVED', 1, origin, author_id, submitter_id, screened,"
		" created_ms, expires_ms, 0, 0, 0, 0, 0, 0, 0 FROM bulletin WHERE id = 1",
		/* the author; a clerk for what is sensitive; somebody else's role; another text */
		"INSERT INTO bulletin_approval SELECT 9, 1, 1, 'approve', hash, 1, 'clerk', 0, NULL"
		" FROM bulletin_version WHERE id = 1",
		"INSERT INTO bulletin_approval SELECT 9, 1, 1, 'approve', hash, 3, 'area', 0, NULL"
		" FROM bulletin_version WHERE id = 1",
		"INSERT INTO bulletin_approval SELECT 9, 1, 1, 'approve', hash, 3, 'chief', 0, NULL"
		" FROM bulletin_version WHERE id = 1",
		"INSERT INTO bulletin_approval SELECT 9, 1, 1, 'alone', hash, 2, 'chief', 0, NULL"
		" FROM bulletin_version WHERE id = 1",
		"INSERT INTO bulletin_approval VALUES (9, 1, 1, 'approve', zeroblob(32), 2, 'chief', 0, NULL)",
	};
	struct store_fixture *f = *state;
	struct bulletin_content c = content();
	int64_t clerk = officer(f, OFFICER_CLERK), chief = officer(f, OFFICER_CHIEF), id;
	struct bulletin_opinion opinion = {
		.verdict = BULLETIN_VERDICT_APPROVE, .officer_id = chief, .note = "tốt"};
	bool is_approved;

	assert_int_equal(officer(f, OFFICER_AREA), 3);
	c.is_sensitive = true;
	id = add(f, &c, clerk);
	screen(f, id, NULL, 0);
	assert_ok(bulletin_submit(f->store, id, clerk));
	end_turn(f);
	for (size_t i = 0; i < ARRAY_LEN(attempts); i++) {
		if (raw_exec(f->path, attempts[i]) == SQLITE_OK)
			fail_msg("%s", attempts[i]);
	}
	memcpy(opinion.hash, loaded(f, id).hash, VAULT_HASH_BYTES);
	assert_ok(bulletin_judge(f->store, id, &opinion, 0, &is_approved));
	assert_true(is_approved);
	end_turn(f);
	assert_int_not_equal(raw_exec(f->path, "DELETE FROM bulletin_approval"), SQLITE_OK);
	assert_int_not_equal(
		raw_exec(f->path, "UPDATE bulletin_approval SET officer_id = 3"), SQLITE_OK);
	assert_ok(bulletin_move(f->store, id, BULLETIN_SENDING));
}

/* Past the triggers, too: with them dropped, what goes out is still what was approved. */
static void test_tampered_words_do_not_go_out(void **state)
{
	struct store_fixture *f = *state;
	struct bulletin_content c = content();
	int64_t clerk = officer(f, OFFICER_CLERK), chief = officer(f, OFFICER_CHIEF);
	int64_t id = add(f, &c, clerk);
	struct bulletin_opinion opinion = {
		.verdict = BULLETIN_VERDICT_APPROVE, .officer_id = chief, .note = ""};
	bool is_approved;

	screen(f, id, NULL, 0);
	assert_ok(bulletin_submit(f->store, id, clerk));
	memcpy(opinion.hash, loaded(f, id).hash, VAULT_HASH_BYTES);
	assert_ok(bulletin_judge(f->store, id, &opinion, 0, &is_approved));
	end_turn(f);
	assert_int_equal(
		raw_exec(f->path, "DROP TRIGGER bulletin_version_kept;"
				  "UPDATE bulletin_version SET audience = '{\"all\":false}'"),
		SQLITE_OK);
	assert_err(bulletin_move(f->store, id, BULLETIN_SENDING), ERR_CORRUPT);
}

static void test_a_picture_stays_as_long_as_its_bulletin(void **state)
{
	struct store_fixture *f = *state;
	struct bulletin_content c = content();
	int64_t clerk = officer(f, OFFICER_CLERK), id;
	struct enclosure file = {.name = ""};
	CLEAN_BUF body = {0};

	buf_init(&body, 100);
	assert_ok(enclosure_add(f->store,
		&(struct enclosure_new){ENCLOSURE_IMAGE, "giay hen.jpg", "abc", 3},
		&c.enclosure_id));
	id = add(f, &c, clerk);
	assert_ok(enclosure_erase(f->store, c.enclosure_id));
	assert_ok(enclosure_body(f->store, c.enclosure_id, &body));
	assert_ok(enclosure_load(f->store, c.enclosure_id, &file));
	assert_string_equal(file.name, "giay hen.jpg");
	assert_ok(bulletin_move(f->store, id, BULLETIN_DISCARDED));
	assert_err(enclosure_body(f->store, c.enclosure_id, &body), ERR_NOT_FOUND);
	assert_ok(enclosure_load(f->store, c.enclosure_id, &file));
	assert_string_equal(file.name, "");
}

static void keep_note(void *arg, const struct bulletin_judgement *judgement)
{
	char *note = arg;

	assert_int_equal(judgement->verdict, BULLETIN_VERDICT_REJECT);
	assert_int_equal(judgement->role, OFFICER_DEPUTY);
	snprintf(note, 64, "%s", judgement->note);
}

static void test_opinions_are_kept_sealed(void **state)
{
	struct store_fixture *f = *state;
	struct bulletin_content c = content();
	int64_t clerk = officer(f, OFFICER_CLERK), id = add(f, &c, clerk);
	struct bulletin_opinion opinion = {.verdict = BULLETIN_VERDICT_REJECT,
		.officer_id = officer(f, OFFICER_DEPUTY),
		.note = "chưa rõ nguồn"};
	bool is_approved;
	char note[64] = "";

	screen(f, id, NULL, 0);
	assert_ok(bulletin_submit(f->store, id, clerk));
	memcpy(opinion.hash, loaded(f, id).hash, VAULT_HASH_BYTES);
	assert_ok(bulletin_judge(f->store, id, &opinion, 0, &is_approved));
	end_turn(f);
	assert_false(is_approved);
	assert_ok(bulletin_judgements(f->store, id, keep_note, note));
	assert_string_equal(note, "chưa rõ nguồn");
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM bulletin_approval"
					  " WHERE instr(note, CAST('nguồn' AS BLOB))"),
		0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_words_come_back),
		STORE_TEST(test_nothing_unscreened_is_submitted),
		STORE_TEST(test_answers_hold_for_the_same_words),
		STORE_TEST(test_the_schema_stands_by_itself),
		STORE_TEST(test_tampered_words_do_not_go_out),
		STORE_TEST(test_a_picture_stays_as_long_as_its_bulletin),
		STORE_TEST(test_opinions_are_kept_sealed),
	};

	return cmocka_run_group_tests_name("bulletin", tests, NULL, NULL);
}
