/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read of RSS 2.0, Atom and CAP documents, and which documents are refused. */
#include "daemon/base/base.h"
#include "daemon/base/buf.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/desk/charset.h"
#include "daemon/desk/feed_document.h"
#include "daemon/desk/feed_html.h"
#include "daemon/desk/feed_time.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define ATOM "<feed xmlns='http://www.w3.org/2005/Atom'>"
#define CAP  "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
#define HEAD \
	"<identifier>A-1</identifier><sender>tt@kttv.vn</sender>" \
	"<sent>2026-11-22T14:00:00+07:00</sent><status>Actual</status><msgType>Alert</msgType>" \
	"<scope>Public</scope>"

static void read_as(enum feed_format format, const char *text, struct feed_document *document)
{
	struct errbuf eb = {0};
	enum err err = feed_document_read(format, text, strlen(text), "", document, &eb);

	if (err)
		fail_msg("%s: %s", err_name(err), eb.text);
}

static void refused(enum feed_format format, const char *text, enum err wanted, const char *word)
{
	struct feed_document document = {.count = 77};
	struct errbuf eb = {0};

	assert_int_equal(
		feed_document_read(format, text, strlen(text), "", &document, &eb), wanted);
	assert_int_equal(document.count, 77);
	if (!strstr(eb.text, word))
		fail_msg("\"%s\" does not say %s", eb.text, word);
}

static void test_rss(void **state)
{
	struct feed_document d;

	(void)state;
	read_as(FEED_RSS,
		"<?xml version='1.0'?><rss version='2.0' xmlns:m='http://search.yahoo.com/mrss/'>"
		"<channel><title>Kênh</title><link>https://a.vn</link>"
		"<item><title>Cảnh báo &amp;quot;việc nhẹ&amp;quot;</title>"
		"<link> https://a.vn/1 </link><guid isPermaLink='false'>id-1</guid>"
		"<m:title>không phải</m:title>"
		"<description><![CDATA[<p>Dòng một<br/>dòng&nbsp;hai</p><img src=x>"
		"<script>alert(1)</script>]]></description>"
		"<pubDate>Sun, 22 Nov 2026 14:05:09 +0700</pubDate></item>"
		"<item><title>Không có guid</title><link>https://a.vn/2</link></item>"
		"<item><pubDate>Sun, 22 Nov 2026 14:05:09 +0700</pubDate></item>"
		"</channel></rss>",
		&d);
	assert_int_equal(d.count, 2);
	assert_int_equal(d.skipped, 1);
	assert_false(d.is_alert);
	assert_string_equal(d.items[0].id, "id-1");
	assert_string_equal(d.items[0].title, "Cảnh báo \"việc nhẹ\"");
	assert_string_equal(d.items[0].text, "Dòng một\ndòng hai");
	assert_string_equal(d.items[0].link, "https://a.vn/1");
	assert_int_equal(d.items[0].published_ms, feed_time("2026-11-22T07:05:09Z"));
	assert_string_equal(d.items[1].id, "https://a.vn/2");
	assert_int_equal(d.items[1].published_ms, 0);
	feed_document_done(&d);
}

static void test_rss_content(void **state)
{
	struct feed_document d;

	(void)state;
	read_as(FEED_RSS,
		"<rss xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><item>"
		"<guid>1</guid><title>a</title><c:encoded>&lt;b&gt;đậm&lt;/b&gt; nhạt</c:encoded>"
		"<description>  </description></item></channel></rss>",
		&d);
	assert_string_equal(d.items[0].text, "đậm nhạt");
	feed_document_done(&d);
}

static void test_atom(void **state)
{
	struct feed_document d;

	(void)state;
	read_as(FEED_ATOM,
		ATOM "<title>Nguồn</title><id>urn:x</id>"
		     "<entry><id>urn:1</id><title type='html'>A &lt;b&gt;B&lt;/b&gt;</title>"
		     "<link rel='self' href='https://a.vn/self'/>"
		     "<link rel='alternate' href='https://a.vn/1'/>"
		     "<updated>2026-11-22T07:05:09.25Z</updated>"
		     "<published>2026-11-21T00:00:00Z</published>"
		     "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
		     "Một<p>hai</p>ba</div></content></entry>"
		     "<entry><id>urn:2</id><title>1 &lt; 2 &amp;amp; 3</title>"
		     "<summary>dòng 1\ndòng 2</summary>"
		     "<content type='application/pdf' src='https://a.vn/2.pdf'/></entry></feed>",
		&d);
	assert_int_equal(d.count, 2);
	assert_string_equal(d.items[0].title, "A B");
	assert_string_equal(d.items[0].link, "https://a.vn/1");
	assert_string_equal(d.items[0].text, "Một hai ba");
	assert_int_equal(d.items[0].updated_ms, feed_time("2026-11-22T07:05:09Z"));
	/* Plain text keeps its signs. */
	assert_string_equal(d.items[1].title, "1 < 2 &amp; 3");
	assert_string_equal(d.items[1].text, "dòng 1\ndòng 2");
	feed_document_done(&d);
}

static void test_alert(void **state)
{
	struct feed_document d;
	const struct feed_item *item;

	(void)state;
	read_as(FEED_CAP,
		CAP HEAD
		"<info><language>en</language><event>Flood</event>"
		"<urgency>Past</urgency><headline>Flood</headline></info>"
		"<info><language>vi-VN</language><event>Lũ</event><urgency>Immediate</urgency>"
		"<severity>Severe</severity><certainty>Observed</certainty>"
		"<expires>2026-11-23T07:00:00+07:00</expires><headline>Cảnh báo lũ</headline>"
		"<description>Nước lên nhanh.</description>"
		"<instruction>Lên chỗ cao &amp; tắt điện.</instruction>"
		"<web>https://kttv.vn/lu</web>"
		"<area><areaDesc>Thôn 1</areaDesc></area><area><areaDesc>Thôn 2</areaDesc></area>"
		"</info></alert>",
		&d);
	assert_true(d.is_alert);
	assert_int_equal(d.count, 1);
	item = &d.items[0];
	assert_string_equal(item->id, "tt@kttv.vn,A-1,2026-11-22T14:00:00+07:00");
	assert_string_equal(item->title, "Cảnh báo lũ");
	assert_string_equal(item->text, "Nước lên nhanh.\nLên chỗ cao & tắt điện.");
	assert_string_equal(item->area, "Thôn 1; Thôn 2");
	assert_string_equal(item->link, "https://kttv.vn/lu");
	assert_int_equal(item->status, FEED_STATUS_ACTUAL);
	assert_int_equal(item->type, FEED_TYPE_ALERT);
	assert_true(item->is_public);
	assert_int_equal(item->urgency, FEED_URGENCY_IMMEDIATE);
	assert_int_equal(item->severity, FEED_SEVERITY_SEVERE);
	assert_int_equal(item->certainty, FEED_CERTAINTY_OBSERVED);
	assert_int_equal(item->expires_ms, feed_time("2026-11-23T00:00:00Z"));
	feed_document_done(&d);
}

static void test_cancel(void **state)
{
	struct feed_document d;
	const char *at, *reference;
	size_t len;

	(void)state;
	read_as(FEED_CAP,
		"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.1'><identifier>A-2</identifier>"
		"<sender>tt@kttv.vn</sender><sent>2026-11-22T15:00:00+07:00</sent>"
		"<status>exercise</status><msgType>Cancel</msgType><scope>Restricted</scope>"
		"<note>Hết mưa</note>"
		"<references> a,b,c\n d,e,f </references></alert>",
		&d);
	assert_string_equal(d.items[0].text, "Hết mưa");
	assert_int_equal(d.items[0].type, FEED_TYPE_CANCEL);
	assert_int_equal(d.items[0].status, FEED_STATUS_EXERCISE);
	assert_false(d.items[0].is_public);
	at = d.items[0].references;
	reference = feed_reference_next(&at, &len);
	assert_int_equal(len, 5);
	assert_memory_equal(reference, "a,b,c", len);
	reference = feed_reference_next(&at, &len);
	assert_memory_equal(reference, "d,e,f", len);
	assert_null(feed_reference_next(&at, &len));
	feed_document_done(&d);
}

static void test_index_of_alerts(void **state)
{
	struct feed_document d;

	(void)state;
	read_as(FEED_CAP,
		ATOM "<entry><id>1</id><title>Lũ</title><link href='/page'/>"
		     "<link type='application/cap+xml' href='/1.cap'/></entry></feed>",
		&d);
	assert_false(d.is_alert);
	assert_string_equal(d.items[0].link, "/1.cap");
	feed_document_done(&d);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	refused(FEED_RSS, "", ERR_INVALID, "well-formed");
	refused(FEED_RSS, "<html><body>x</body></html>", ERR_INVALID, "neither");
	refused(FEED_RSS, "<rss><channel><item><title>a</item></channel></rss>", ERR_INVALID,
		"well-formed");
	refused(FEED_RSS, "<rss><channel><item><title>a</title></item></channel>", ERR_INVALID,
		"well-formed");
	refused(FEED_RSS, ATOM "</feed>", ERR_INVALID, "set the feed's format to \"atom\"");
	refused(FEED_ATOM, "<rss/>", ERR_INVALID, "set the feed's format to \"rss\"");
	refused(FEED_ATOM, CAP HEAD "</alert>", ERR_INVALID, "set the feed's format to \"cap\"");
	refused(FEED_CAP, CAP "<identifier>x</identifier></alert>", ERR_INVALID, "lacks");
	/* What separates the parts of a reference may not be in one. */
	refused(FEED_CAP,
		CAP "<identifier>a,b</identifier><sender>s</sender>"
		    "<sent>2026-11-22T14:00:00+07:00</sent></alert>",
		ERR_INVALID, "lacks");
	refused(FEED_RSS, "<rss>\x80</rss>", ERR_INVALID, "letters");
}

static void test_entities_are_refused(void **state)
{
	(void)state;
	refused(FEED_RSS,
		"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
		"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><rss>&c;</rss>",
		ERR_INVALID, "document type");
	refused(FEED_RSS, "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss>&x;</rss>",
		ERR_INVALID, "document type");
	refused(FEED_RSS, "<!DOCTYPE rss SYSTEM 'http://127.0.0.1/x.dtd'><rss/>", ERR_INVALID,
		"document type");
	refused(FEED_RSS, "<rss>&nbsp;</rss>", ERR_INVALID, "undefined entity");
}

/* A document that is `count` times `piece` between two others. */
static char *repeated(const char *head, const char *piece, int count, const char *tail)
{
	CLEAN_BUF text = {0};

	buf_init(&text, (size_t)16 * 1024 * 1024);
	assert_int_equal(buf_adds(&text, head), ERR_OK);
	for (int i = 0; i < count; i++)
		assert_int_equal(buf_adds(&text, piece), ERR_OK);
	assert_int_equal(buf_adds(&text, tail), ERR_OK);
	return buf_take(&text);
}

static void test_limits(void **state)
{
	struct feed_document d;
	char *text;

	(void)state;
	text = repeated("<rss>", "<a>", 64, "");
	refused(FEED_RSS, text, ERR_TOO_BIG, "nested");
	free(text);
	text = repeated("<rss>", "<a/>", 50001, "</rss>");
	refused(FEED_RSS, text, ERR_TOO_BIG, "too many elements");
	free(text);
	text = repeated("<rss>", "0123456789abcdef", 140000, "</rss>");
	refused(FEED_RSS, text, ERR_TOO_BIG, "longer than 2 MB");
	free(text);
	text = repeated("<rss><channel>", "<item><guid>1</guid><title>a</title></item>", 203,
		"</channel></rss>");
	read_as(FEED_RSS, text, &d);
	assert_int_equal(d.count, FEED_ITEMS_MAX);
	assert_int_equal(d.skipped, 3);
	feed_document_done(&d);
	free(text);
	/* A long text is cut, an item with a long id is left out, a long link is none. */
	text = repeated("<rss><channel><item><guid>1</guid><title>a</title><description>",
		"chữ có dấu ", 9000, "</description></item></channel></rss>");
	read_as(FEED_RSS, text, &d);
	assert_true(strlen(d.items[0].text) <= FEED_TEXT_MAX);
	assert_string_equal(d.items[0].text + strlen(d.items[0].text) - 3, "…");
	assert_true(str_is_utf8(d.items[0].text, strlen(d.items[0].text)));
	feed_document_done(&d);
	free(text);
	text = repeated("<rss><channel><item><title>a</title><guid>", "x", 2000,
		"</guid></item></channel></rss>");
	read_as(FEED_RSS, text, &d);
	assert_int_equal(d.count, 0);
	assert_int_equal(d.skipped, 1);
	feed_document_done(&d);
	free(text);
	text = repeated("<rss><channel><item><title>a</title><guid>1</guid><link>", "x", 2000,
		"</link></item></channel></rss>");
	read_as(FEED_RSS, text, &d);
	assert_string_equal(d.items[0].link, "");
	feed_document_done(&d);
	free(text);
}

static void reads_title(const char *data, size_t len, const char *charset, const char *title)
{
	struct feed_document d;
	struct errbuf eb = {0};

	if (feed_document_read(FEED_RSS, data, len, charset, &d, &eb))
		fail_msg("%s", eb.text);
	assert_string_equal(d.items[0].title, title);
	feed_document_done(&d);
}

static void test_encodings(void **state)
{
	static const char utf8[] =
		"<rss><channel><item><title>Lũ ở đây</title></item></channel></rss>";
	static const char wrong[] =
		"<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item>"
		"<title>Lũ ở đây</title></item></channel></rss>";
	static const char marked[] =
		"\xef\xbb\xbf<rss><channel><item><title>Lũ</title></item></channel></rss>";
	/* Windows-1258: u and the mark of its own (0xde), o with horn and the mark 0xd2, đ 0xf0. */
	static const char cp1258[] =
		"<?xml version='1.0' encoding='windows-1258'?><rss><channel><item>"
		"<title>Lu\xde \xf5\xd2 \xf0\xe2y</title></item></channel></rss>";
	static const char odd[] = "<?xml version='1.0' encoding='ebcdic-cp-us'?><rss>\xff</rss>";
	char utf16[4 * sizeof(utf8)];
	struct feed_document d;
	size_t len = 2;

	(void)state;
	reads_title(utf8, strlen(utf8), "", "Lũ ở đây");
	/* Bytes that are UTF-8 are UTF-8, whatever a server or a document says. */
	reads_title(utf8, strlen(utf8), "iso-8859-1", "Lũ ở đây");
	reads_title(wrong, strlen(wrong), "", "Lũ ở đây");
	reads_title(marked, strlen(marked), "", "Lũ");
	reads_title(cp1258, strlen(cp1258), "", "Lũ ở đây");
	reads_title(cp1258, strlen(cp1258), "utf-8", "Lũ ở đây");
	memcpy(utf16, "\xff\xfe", 2);
	for (const char *at = "<rss><channel><item><title>abc</title></item></channel></rss>"; *at;
		at++) {
		utf16[len++] = *at;
		utf16[len++] = 0;
	}
	reads_title(utf16, len, "", "abc");
	reads_title(utf16 + 2, len - 2, "", "abc");
	assert_int_equal(
		feed_document_read(FEED_RSS, odd, strlen(odd), "x-unknown", &d, NULL), ERR_INVALID);
	assert_int_equal(feed_document_read(FEED_RSS, utf16, len - 1, "", &d, NULL), ERR_INVALID);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} times[] = {
		{"1971-01-02T00:00:00Z", 366 * DAY_MS},
		{" 2026-11-22T14:05:09+07:00 ", INT64_C(1795331109000)},
		{"Sun, 22 Nov 2026 07:05:09 GMT", INT64_C(1795331109000)},
		{"22 Nov 26 07:05:09 UT", INT64_C(1795331109000)},
		{"Sun, 22 Nov 2026 02:05:09 EST", INT64_C(1795331109000)},
		{"Sun, 22 Nov 2026 07:05 +0000", INT64_C(1795331100000)},
		{"2026-11-22 14:05:09+0700", INT64_C(1795331109000)},
		{"", 0},
		{"hôm qua", 0},
		{"2026-02-30T00:00:00Z", 0},
		{"2026-11-22T25:00:00Z", 0},
		{"2026-11-22T14:05:09", 0},
		{"2026-11-22T14:05:09+99:00", 0},
		{"99 Nov 2026 07:05:09 GMT", 0},
		{"22 Abc 2026 07:05:09 GMT", 0},
		{"9999999999999999999999999999999999999999999999999999999999999999999999", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		if (feed_time(times[i].text) != times[i].ms)
			fail_msg("%s: %lld", times[i].text, (long long)feed_time(times[i].text));
	}
}

static void test_html(void **state)
{
	static const struct {
		const char *html, *text;
	} pages[] = {
		{"", ""},
		{"  a \n b\t", "a b"},
		{"<p>Một</p><p>Hai</p>", "Một\n\nHai"},
		{"a<br>b<div>c</div>d", "a\nb\nc\nd"},
		{"<script>x<y</script>a<style>b</STYLE >c", "ac"},
		{"<script src='x'/>a", "a"},
		{"<!-- <p> -->a<!-- ", "a"},
		{"<img alt='a>b' src=x>c", "c"},
		{"1 < 2 > 1, a<b", "1 < 2 > 1, a"},
		{"&lt;b&gt; &amp;amp; &agrave;&#7841;&#x1EA1;&hellip;", "<b> &amp; àạạ…"},
		{"A&B &khong; &#0;&#xd800;&#99999999999;x &", "A&B &khong; x &"},
		{"a&nbsp;&nbsp;b", "a b"},
		{"<td>1</td><td>2</td>", "1 2"},
		{"a\xcc\x80", "à"},
		{"<a href=\"x", ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		CLEAN_BUF out = {0};

		buf_init(&out, 1000);
		assert_int_equal(feed_html_text(pages[i].html, 500, &out), ERR_OK);
		if (!str_eq(buf_text(&out), pages[i].text))
			fail_msg("%s: \"%s\"", pages[i].html, buf_text(&out));
	}
}

static void test_long_html_is_cut(void **state)
{
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(feed_html_text("đường sá ngập sâu", 20, &out), ERR_OK);
	assert_string_equal(buf_text(&out), "đường sá…");
	buf_reset(&out);
	assert_int_equal(feed_html_text("ậậậậậậậậậậ", 14, &out), ERR_OK);
	assert_string_equal(buf_text(&out), "ậậậ…");
}

static void test_charset_names(void **state)
{
	enum charset charset = CHARSET_UTF16BE;

	(void)state;
	assert_int_equal(charset_of("Windows-1258", &charset), ERR_OK);
	assert_int_equal(charset, CHARSET_WINDOWS_1258);
	assert_int_equal(charset_of("utf-7", &charset), ERR_UNSUPPORTED);
	assert_int_equal(charset_of("UTF-8//TRANSLIT", &charset), ERR_UNSUPPORTED);
	assert_int_equal(charset, CHARSET_WINDOWS_1258);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rss),
		cmocka_unit_test(test_rss_content),
		cmocka_unit_test(test_atom),
		cmocka_unit_test(test_alert),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_index_of_alerts),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_entities_are_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_long_html_is_cut),
		cmocka_unit_test(test_charset_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
