/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sources say becomes drafts: once, anew when it changes, and no longer when it is taken back.
 */
#include "tests/unit/desk/support.h"

#include "daemon/desk/bulletin.h"
#include "daemon/desk/feed.h"
#include "store/place.h"

#include <stdio.h>
#include <stdlib.h>

#define SENT	 "2026-11-18T13:00:00+07:00" /* an hour before the fixture's clock */
#define HEADLINE "<headline>Mưa lớn</headline><description>Mưa lớn đêm nay.</description>"

struct feed_fixture {
	struct desk_fixture d;
	struct desk_feed feed;
	struct desk_feed_taken taken;
};

static void begin(struct feed_fixture *f, bool is_alerts)
{
	const struct feed_source source = {
		"tinh", "https://a.vn/feed", is_alerts ? "cap" : "rss", "natural_disaster"};
	struct feed feed;

	start(&f->d, true, false, false);
	assert_ok(feed_set_all(f->d.s.store, &source, 1));
	assert_ok(feed_find(f->d.s.store, "tinh", &feed));
	f->feed = (struct desk_feed){
		.id = feed.id, .name = "tinh", .category = "disaster", .is_alerts = is_alerts};
}

/* Not the first look any more. */
static void looked_before(struct feed_fixture *f)
{
	assert_ok(feed_read(f->d.s.store, f->feed.id,
		&(struct feed_answer){.status = 200, .etag = "", .modified = ""}));
}

static void take_document(struct feed_fixture *f, enum feed_format format, const char *text)
{
	struct feed_document document;
	struct errbuf eb = {0};

	if (feed_document_read(format, text, strlen(text), "", &document, &eb))
		fail_msg("%s", eb.text);
	f->taken = (struct desk_feed_taken){.is_whole = true};
	assert_ok(store_savepoint_begin(f->d.s.store));
	if (desk_feed_take(f->d.desk, &f->feed, &document, &f->taken, &eb))
		fail_msg("%s", eb.text);
	assert_ok(store_savepoint_release(f->d.s.store));
	end_turn(&f->d.s);
	feed_document_done(&document);
}

/* age_h: how old it says it is; -1 no date. */
static void take_item(struct feed_fixture *f, const char *id, const char *title, int age_h)
{
	char text[512], date[64] = "", moment[CLOCK_TEXT_BYTES];

	clock_format(f->d.s.clock.wall - age_h * HOUR_MS, moment);
	if (age_h >= 0)
		snprintf(date, sizeof(date), "<pubDate>%s</pubDate>", moment);
	snprintf(text, sizeof(text),
		"<rss><channel><item><guid>%s</guid><title>%s</title><link>https://a.vn/%s</link>%s"
		"</item></channel></rss>",
		id, title, id, date);
	take_document(f, FEED_RSS, text);
}

/* extra: within the alert; info: within its info. */
static void take_alert(struct feed_fixture *f, const char *identifier, const char *type,
	const char *extra, const char *info)
{
	char text[2048];

	snprintf(text, sizeof(text),
		"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>%s</identifier>"
		"<sender>tt@a.vn</sender><sent>" SENT "</sent><status>Actual</status>"
		"<msgType>%s</msgType><scope>Public</scope>%s<info><urgency>Future</urgency>%s</info>"
		"</alert>",
		identifier, type, extra, info);
	take_document(f, FEED_CAP, text);
}

#define REFERS(identifier) "<references>tt@a.vn," identifier "," SENT "</references>"

static struct bulletin bulletin_of(struct feed_fixture *f, int64_t id)
{
	struct bulletin bulletin;

	assert_ok(bulletin_load(f->d.s.store, id, &bulletin));
	return bulletin;
}

static void count_one(void *arg, const struct bulletin *bulletin)
{
	(void)bulletin;
	++*(int *)arg;
}

static int count_bulletins(struct feed_fixture *f)
{
	int count = 0;

	assert_ok(bulletin_list(f->d.s.store, NULL, 0, 100, count_one, &count));
	return count;
}

static void title_is(struct feed_fixture *f, int64_t id, const char *title)
{
	struct bulletin bulletin = bulletin_of(f, id);
	struct bulletin_words words;

	assert_ok(bulletin_words(f->d.s.store, &bulletin, &words));
	assert_string_equal(words.title, title);
	bulletin_words_free(&words);
}

static void test_news_become_drafts_once(void **state)
{
	struct feed_fixture f;
	struct bulletin bulletin;
	struct bulletin_words words;

	(void)state;
	begin(&f, false);
	take_item(&f, "1", "Cảnh báo lừa đảo", 3);
	assert_int_equal(f.taken.drafted, 1);
	assert_true(f.taken.is_whole);
	bulletin = bulletin_of(&f, 1);
	assert_int_equal(bulletin.state, BULLETIN_DRAFT);
	assert_int_equal(bulletin.origin, BULLETIN_ORIGIN_FEED);
	assert_int_equal(bulletin.author_id, 0);
	assert_true(bulletin.expires_ms > f.d.s.clock.wall);
	assert_ok(bulletin_words(f.d.s.store, &bulletin, &words));
	assert_string_equal(words.title, "Cảnh báo lừa đảo");
	assert_string_equal(words.text, "Cảnh báo lừa đảo");
	assert_string_equal(words.source, "tinh: https://a.vn/1");
	bulletin_words_free(&words);
	take_item(&f, "1", "Cảnh báo lừa đảo", 3);
	assert_int_equal(f.taken.drafted + f.taken.changed + f.taken.noted, 0);
	assert_int_equal(count_bulletins(&f), 1);
	finish(&f.d);
}

static void test_what_was_there_before_is_noted(void **state)
{
	struct feed_fixture f;

	(void)state;
	begin(&f, false);
	take_item(&f, "1", "Cũ", 49);
	take_item(&f, "2", "Không ngày", -1);
	assert_int_equal(f.taken.noted, 1);
	assert_int_equal(count_bulletins(&f), 0);
	looked_before(&f);
	take_item(&f, "3", "Hôm kia", 49);
	take_item(&f, "4", "Không ngày", -1);
	assert_int_equal(count_bulletins(&f), 2);
	take_item(&f, "5", "Tuần trước", 24 * 8);
	/* An old page whose words change is no news. */
	take_item(&f, "1", "Cũ, sửa lỗi", 49);
	assert_int_equal(count_bulletins(&f), 2);
	finish(&f.d);
}

static void test_many_at_once_come_in_parts(void **state)
{
	CLEAN_BUF text = {0};
	struct feed_fixture f;

	(void)state;
	begin(&f, false);
	looked_before(&f);
	buf_init(&text, 8192);
	assert_ok(buf_adds(&text, "<rss><channel>"));
	for (int i = 0; i < 25; i++)
		assert_ok(
			buf_addf(&text, "<item><guid>%d</guid><title>Tin %d</title></item>", i, i));
	assert_ok(buf_adds(&text, "</channel></rss>"));
	for (int round = 1; round <= 3; round++) {
		take_document(&f, FEED_RSS, buf_text(&text));
		assert_int_equal(count_bulletins(&f), round < 3 ? 10 * round : 25);
		assert_int_equal(f.taken.is_whole, round == 3);
	}
	/* The newest stands first in a feed: the oldest is drafted first. */
	title_is(&f, 1, "Tin 24");
	finish(&f.d);
}

static void test_a_changed_item_is_written_anew(void **state)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	struct feed_fixture f;
	struct errbuf eb = {0};

	(void)state;
	begin(&f, false);
	take_item(&f, "1", "Một", 1);
	take_item(&f, "1", "Một, đã sửa", 1);
	assert_int_equal(f.taken.changed, 1);
	assert_int_equal(count_bulletins(&f), 1);
	title_is(&f, 1, "Một, đã sửa");
	take_item(&f, "1", "Một, sửa lần hai", 1);
	title_is(&f, 1, "Một, sửa lần hai");
	/* Now somebody has worked on it: his words stay. */
	in.title = "Của cán bộ";
	assert_ok(desk_bulletin_edit(
		f.d.desk, 1, &in, &(struct desk_actor){.name = "officer:uid0"}, &eb));
	take_item(&f, "1", "Một, sửa lần ba", 1);
	assert_int_equal(f.taken.changed, 0);
	assert_int_equal(f.taken.drafted, 1);
	title_is(&f, 1, "Của cán bộ");
	title_is(&f, 2, "Một, sửa lần ba");
	/* From now on the second one is that of the item. */
	take_item(&f, "1", "Một, sửa lần bốn", 1);
	title_is(&f, 2, "Một, sửa lần bốn");
	assert_int_equal(count_bulletins(&f), 2);
	/* What nobody wanted stays away, however often it changes. */
	assert_ok(desk_bulletin_discard(
		f.d.desk, 2, &(struct desk_actor){.name = "officer:uid0"}, &eb));
	take_item(&f, "1", "Một, sửa lần năm", 1);
	assert_int_equal(count_bulletins(&f), 2);
	finish(&f.d);
}

static void test_an_alert_and_its_end(void **state)
{
	struct feed_fixture f;
	struct bulletin bulletin;

	(void)state;
	begin(&f, true);
	take_alert(&f, "A", "Alert", "",
		HEADLINE "<severity>Severe</severity><certainty>Likely</certainty>"
			 "<expires>2026-11-19T07:00:00+07:00</expires>"
			 "<area><areaDesc>Thôn 1</areaDesc></area>");
	assert_int_equal(f.taken.drafted, 1);
	bulletin = bulletin_of(&f, 1);
	assert_int_equal(bulletin.urgency, BULLETIN_URGENCY_FUTURE);
	assert_int_equal(bulletin.severity, BULLETIN_SEVERITY_SEVERE);
	assert_int_equal(bulletin.certainty, BULLETIN_CERTAINTY_LIKELY);
	assert_int_equal(bulletin.expires_ms, INT64_C(1795046400000));
	take_alert(&f, "B", "Update", REFERS("A"), "<headline>Mưa rất lớn</headline>");
	assert_int_equal(f.taken.closed, 1);
	assert_int_equal(f.taken.drafted, 1);
	assert_int_equal(bulletin_of(&f, 1).state, BULLETIN_DISCARDED);
	assert_int_equal(bulletin_of(&f, 2).refers_how, BULLETIN_REFERS_NOT);
	/* An earlier one that comes late stays closed. */
	take_alert(&f, "A", "Alert", "", HEADLINE);
	assert_int_equal(f.taken.drafted + f.taken.noted, 0);
	take_alert(&f, "C", "Cancel", REFERS("B"), HEADLINE);
	assert_int_equal(f.taken.closed, 1);
	assert_int_equal(f.taken.drafted, 0);
	assert_int_equal(bulletin_of(&f, 2).state, BULLETIN_DISCARDED);
	assert_int_equal(count_bulletins(&f), 2);
	finish(&f.d);
}

/* For the places it names if they are ours, each of them; else for everybody. */
static void test_whom_an_alert_is_for(void **state)
{
	static const struct {
		const char *areas, *audience;
	} cases[] = {
		{"<area><areaDesc>THÔN 1</areaDesc></area><area><areaDesc>Bản Mo</areaDesc></area>",
			"{\"places\":[\"ban-mo\",\"thon-1\"]}"},
		{"<area><areaDesc>Thon 1, ban mo</areaDesc></area>",
			"{\"places\":[\"ban-mo\",\"thon-1\"]}"},
		{"<area><areaDesc>Thôn 1, xã Khác</areaDesc></area>", "{\"all\":true}"},
		{"<area><areaDesc>Tỉnh</areaDesc></area>", "{\"all\":true}"},
		{"<area><areaDesc>Trường Mo</areaDesc></area>", "{\"all\":true}"},
		{"", "{\"all\":true}"},
	};
	static const struct place places[] = {
		{.code = "thon-1", .name = "Thôn 1", .kind = PLACE_HAMLET},
		{.code = "ban-mo", .name = "Bản Mo", .kind = PLACE_HAMLET},
		{.code = "truong-mo", .name = "Trường Mo", .kind = PLACE_SCHOOL}};
	struct feed_fixture f;
	int64_t id;

	(void)state;
	begin(&f, true);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		assert_ok(place_save(f.d.s.store, &places[i], &id));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bulletin bulletin;
		char identifier[2] = {(char)('A' + i), 0}, info[400];
		CLEAN_BUF audience = {0};

		snprintf(info, sizeof(info), HEADLINE "%s", cases[i].areas);
		take_alert(&f, identifier, "Alert", "", info);
		bulletin = bulletin_of(&f, (int64_t)i + 1);
		buf_init(&audience, BULLETIN_AUDIENCE_MAX);
		assert_ok(bulletin_audience(f.d.s.store, &bulletin, &audience));
		assert_string_equal(buf_text(&audience), cases[i].audience);
	}
	finish(&f.d);
}

static void test_a_cancel_before_its_alert(void **state)
{
	struct feed_fixture f;

	(void)state;
	begin(&f, true);
	take_alert(&f, "C", "Cancel", REFERS("A"), "");
	take_alert(&f, "A", "Alert", "", HEADLINE);
	assert_int_equal(count_bulletins(&f), 0);
	finish(&f.d);
}

static void test_alerts_that_are_none(void **state)
{
	static const char *const texts[][2] = {
		{"<status>Actual", "<status>Exercise"},
		{"<status>Actual", "<status>Test"},
		{"<scope>Public", "<scope>Private"},
		{"<msgType>Alert", "<msgType>Ack"},
		{"<urgency>Past", "<expires>2026-11-18T10:00:00+07:00</expires><urgency>Past"},
	};
	static const char alert[] =
		"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>X%d</identifier>"
		"<sender>tt@a.vn</sender><sent>" SENT "</sent><status>Actual</status>"
		"<msgType>Alert</msgType><scope>Public</scope><info><urgency>Past</urgency>" HEADLINE
		"</info></alert>";
	struct feed_fixture f;

	(void)state;
	begin(&f, true);
	for (int i = 0; i < (int)ARRAY_LEN(texts); i++) {
		char whole[2048], text[2048];
		const char *at;

		snprintf(whole, sizeof(whole), alert, i);
		at = strstr(whole, texts[i][0]);
		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - whole), whole, texts[i][1],
			at + strlen(texts[i][0]));
		take_document(&f, FEED_CAP, text);
		if (f.taken.drafted || f.taken.noted != 1)
			fail_msg("%s: %d", texts[i][1], f.taken.drafted);
	}
	finish(&f.d);
}

static void test_an_emergency_rings(void **state)
{
	struct feed_fixture f;
	int64_t before, after;

	(void)state;
	begin(&f, true);
	assert_ok(outbox_count(f.d.s.store, OUTBOX_QUEUED, &before));
	take_alert(&f, "A", "Alert", "", HEADLINE);
	assert_ok(outbox_count(f.d.s.store, OUTBOX_QUEUED, &after));
	assert_int_equal(after, before);
	take_document(&f, FEED_CAP,
		"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>E</identifier>"
		"<sender>tt@a.vn</sender><sent>" SENT "</sent><status>Actual</status>"
		"<msgType>Alert</msgType><scope>Public</scope><info><urgency>Immediate</urgency>"
		"<severity>Extreme</severity>" HEADLINE "</info></alert>");
	assert_true(bulletin_of(&f, 2).is_emergency);
	assert_ok(outbox_count(f.d.s.store, OUTBOX_QUEUED, &after));
	assert_int_equal(after, before + 1);
	finish(&f.d);
}

static void test_pointers_of_an_index(void **state)
{
	static const char index[] =
		"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>Lũ</title>"
		"<link href='/1.cap'/><updated>2026-11-18T13:00:00+07:00</updated></entry></feed>";
	struct feed_document document;
	struct feed_fixture f;
	bool is_wanted = false;

	(void)state;
	begin(&f, true);
	take_document(&f, FEED_CAP, index);
	assert_int_equal(f.taken.drafted + f.taken.noted, 0);
	assert_ok(feed_document_read(FEED_CAP, index, strlen(index), "", &document, NULL));
	assert_ok(desk_feed_wants(f.d.desk, &f.feed, &document.items[0], &is_wanted));
	assert_true(is_wanted);
	assert_ok(desk_feed_followed(f.d.desk, &f.feed, &document.items[0]));
	assert_ok(desk_feed_wants(f.d.desk, &f.feed, &document.items[0], &is_wanted));
	assert_false(is_wanted);
	document.items[0].updated_ms++;
	document.items[0].title[0] = 'l';
	assert_ok(desk_feed_wants(f.d.desk, &f.feed, &document.items[0], &is_wanted));
	assert_true(is_wanted);
	feed_document_done(&document);
	finish(&f.d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_news_become_drafts_once),
		cmocka_unit_test(test_what_was_there_before_is_noted),
		cmocka_unit_test(test_many_at_once_come_in_parts),
		cmocka_unit_test(test_a_changed_item_is_written_anew),
		cmocka_unit_test(test_an_alert_and_its_end),
		cmocka_unit_test(test_whom_an_alert_is_for),
		cmocka_unit_test(test_a_cancel_before_its_alert),
		cmocka_unit_test(test_alerts_that_are_none),
		cmocka_unit_test(test_an_emergency_rings),
		cmocka_unit_test(test_pointers_of_an_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
