/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the page: which of a folder are taken, and how each is answered. */
#include "daemon/http/site.h"

#include "daemon/base/str.h"
#include "tests/unit/http/client.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SCRIPT	      "/assets/a-1A2B3C4D.js"
#define SCRIPT_PACKED "/assets/a-1A2B3C4D.js.gz"
#define PAGE	      "<!doctype html>"
#define PACKED	      "packed: nobody looks what is in it"

struct page {
	struct api api;
	char folder[96];
	struct site *site;
	struct errbuf eb;
};

static void put(struct page *page, const char *name, const char *data)
{
	char path[320];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", page->folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, strlen(data), file), strlen(data));
	assert_int_equal(fclose(file), 0);
}

static void make_folder(struct page *page, const char *name)
{
	char path[320];

	snprintf(path, sizeof(path), "%s/%s", page->folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* One API for all; what differs is its page. */
static struct page all;

static int all_setup(void **state)
{
	(void)state;
	api_open(&all.api);
	return 0;
}

static int all_teardown(void **state)
{
	(void)state;
	api_close(&all.api);
	return 0;
}

static int setup(void **state)
{
	static int count;

	snprintf(all.folder, sizeof(all.folder), "%s/page%d", all.api.folder, count++);
	assert_int_equal(mkdir(all.folder, 0700), 0);
	make_folder(&all, "assets");
	*state = &all;
	return 0;
}

static void close_door(struct page *page)
{
	if (page->api.http)
		assert_true(api_close_http(&page->api));
}

static int teardown(void **state)
{
	struct page *page = *state;

	close_door(page);
	site_close(page->site);
	page->site = NULL;
	return 0;
}

static enum err open_site(struct page *page)
{
	site_close(page->site);
	page->site = NULL;
	page->eb = (struct errbuf){0};
	return site_open(page->folder, page->api.store, &page->site, &page->eb);
}

/* The door with a page, as after a restart. */
static void open_door(struct page *page, const char *index)
{
	struct http_options options;

	close_door(page);
	put(page, "index.html", index);
	put(page, SCRIPT, "x()");
	put(page, SCRIPT_PACKED, PACKED);
	assert_int_equal(open_site(page), ERR_OK);
	options = api_options(&page->api);
	options.site = page->site;
	assert_int_equal(http_open(&options, &page->api.http, &page->eb), ERR_OK);
}

static void ask(struct page *page, const char *method, const char *path, const char *headers,
	struct reply *ret_reply)
{
	struct client client;
	char text[512];

	snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: binhyen\r\n%s\r\n", method, path,
		headers);
	client_open(&client, &page->api);
	client_send(&client, text);
	assert_true(client_read(&client, str_eq(method, "HEAD"), ret_reply));
	client_close(&client);
}

static void assert_header(const struct reply *reply, const char *line)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "\r\n%s\r\n", line);
	if (!strcasestr(buf_text(&reply->head), whole))
		print_error("no %s in\n%s", line, buf_text(&reply->head));
	assert_non_null(strcasestr(buf_text(&reply->head), whole));
}

static void test_what_is_taken_of_a_folder(void **state)
{
	static const char *const taken[] = {"/", "/index.html", "index.html", SCRIPT, "/icon.svg",
		"/a.css", "/p.png", "/f.ico", "/m.webmanifest", "/j.json", "/w.woff2", "/t.txt"};
	static const char *const left[] = {"", "//", "/.hidden.js", "/notes.md", "/link.txt",
		"/.txt", "/assets", SCRIPT_PACKED, "/assets/../index.html", "/INDEX.HTML",
		"/index.html/", "/one/two/three.js", "/pipe.txt"};
	struct page *page = *state;
	char path[320];

	for (size_t i = 1; i < ARRAY_LEN(taken); i++)
		put(page, taken[i], "x");
	put(page, SCRIPT_PACKED, PACKED);
	put(page, ".hidden.js", "no");
	put(page, ".txt", "no");
	put(page, "notes.md", "no");
	make_folder(page, "one");
	put(page, "one/b.js", "x");
	make_folder(page, "one/two");
	put(page, "one/two/c.js", "x");
	make_folder(page, "one/two/three");
	put(page, "one/two/three/d.js", "no");
	snprintf(path, sizeof(path), "%s/link.txt", page->folder);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	snprintf(path, sizeof(path), "%s/pipe.txt", page->folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(open_site(page), ERR_OK);
	assert_int_equal(site_count(page->site), 12);
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		assert_non_null(site_find(page->site, taken[i]));
	assert_non_null(site_find(page->site, "/one/two/c.js"));
	assert_null(site_find(page->site, "/one/two/three/d.js"));
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		assert_null(site_find(page->site, left[i]));
	assert_null(site_find(NULL, "/"));
}

static void test_a_damaged_folder(void **state)
{
	struct page *page = *state;
	char path[320], name[64];
	int fd;

	assert_int_equal(open_site(page), ERR_NOT_FOUND);
	assert_non_null(strstr(page->eb.text, "index.html"));
	put(page, "index.html", PAGE);
	assert_int_equal(open_site(page), ERR_OK);
	/* Too many, */
	for (int i = 0; i < SITE_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "%d.js", i);
		put(page, name, "x");
	}
	assert_int_equal(open_site(page), ERR_TOO_BIG);
	assert_non_null(strstr(page->eb.text, "64 files"));
	for (int i = 0; i < SITE_FILES_MAX; i++) {
		snprintf(path, sizeof(path), "%s/%d.js", page->folder, i);
		assert_int_equal(unlink(path), 0);
	}
	/* too large, */
	snprintf(path, sizeof(path), "%s/index.html", page->folder);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, SITE_BYTES_MAX + 1), 0);
	assert_int_equal(open_site(page), ERR_TOO_BIG);
	assert_non_null(strstr(page->eb.text, "index.html"));
	assert_int_equal(ftruncate(fd, SITE_BYTES_MAX), 0);
	assert_int_equal(open_site(page), ERR_OK);
	close(fd);
	/* and not there at all: nothing of it is left behind. */
	snprintf(page->folder + strlen(page->folder), 8, "/none");
	assert_int_equal(open_site(page), ERR_NOT_FOUND);
	assert_null(page->site);
	assert_non_null(strstr(page->eb.text, page->folder));
}

static void test_headers(void **state)
{
	struct page *page = *state;
	struct reply reply = {0};

	open_door(page, PAGE);
	ask(page, "GET", "/", "", &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(buf_text(&reply.body), PAGE);
	assert_header(&reply, "Content-Type: text/html; charset=utf-8");
	assert_header(&reply, "Cache-Control: no-cache");
	assert_header(&reply, "Vary: Accept-Encoding");
	assert_header(&reply, "Cross-Origin-Opener-Policy: same-origin");
	assert_non_null(strstr(buf_text(&reply.head), "default-src 'self';"));
	assert_non_null(strstr(buf_text(&reply.head), "frame-ancestors 'none'"));
	assert_null(strstr(buf_text(&reply.head), "unsafe"));
	assert_null(strcasestr(buf_text(&reply.head), "Set-Cookie"));
	reply_done(&reply);
	ask(page, "GET", SCRIPT, "", &reply);
	assert_string_equal(buf_text(&reply.body), "x()");
	assert_header(&reply, "Content-Type: text/javascript; charset=utf-8");
	assert_header(&reply, "Cache-Control: public, max-age=31536000, immutable");
	assert_null(strcasestr(buf_text(&reply.head), "Content-Encoding"));
	reply_done(&reply);
	ask(page, "HEAD", SCRIPT, "", &reply);
	assert_int_equal(reply.status, 200);
	assert_header(&reply, "Content-Length: 3");
	assert_int_equal(reply.body.len, 0);
	reply_done(&reply);
	/* A part of a file is not served: who asks for one gets all of it. */
	ask(page, "GET", SCRIPT, "Range: bytes=1-1\r\n", &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(buf_text(&reply.body), "x()");
	reply_done(&reply);
}

static void test_packed_for_who_takes_it(void **state)
{
	static const struct {
		const char *accept;
		bool is_packed;
	} cases[] = {{"gzip", true}, {"br, gzip, deflate", true}, {"GZIP", true}, {"br", false},
		{"gzip;q=0", false}, {"gzip;q=0.5, br", false}, {"", false}};
	struct page *page = *state;

	open_door(page, PAGE);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct reply reply = {0};
		char header[64];

		snprintf(header, sizeof(header), "Accept-Encoding: %s\r\n", cases[i].accept);
		ask(page, "GET", SCRIPT, header, &reply);
		assert_string_equal(buf_text(&reply.body), cases[i].is_packed ? PACKED : "x()");
		assert_int_equal(!!strcasestr(buf_text(&reply.head), "\r\nContent-Encoding: gzip"),
			cases[i].is_packed);
		reply_done(&reply);
		/* There is no packed one of it. */
		ask(page, "GET", "/", header, &reply);
		assert_string_equal(buf_text(&reply.body), PAGE);
		reply_done(&reply);
	}
}

static void etag_of(struct page *page, char etag[64])
{
	struct reply reply = {0};
	const char *at;

	ask(page, "GET", "/", "", &reply);
	at = strcasestr(buf_text(&reply.head), "\r\nETag: ");
	assert_non_null(at);
	snprintf(etag, 64, "%.*s", (int)strcspn(at + 8, "\r"), at + 8);
	reply_done(&reply);
}

static void test_what_a_browser_has_is_not_sent_again(void **state)
{
	struct page *page = *state;
	struct reply reply = {0};
	char was[64], is[64], header[256];

	open_door(page, PAGE);
	etag_of(page, was);
	snprintf(header, sizeof(header), "If-None-Match: \"0\", %s\r\n", was);
	ask(page, "GET", "/", header, &reply);
	assert_int_equal(reply.status, 304);
	assert_int_equal(reply.body.len, 0);
	assert_header(&reply, "Cache-Control: no-cache");
	reply_done(&reply);
	/* Another file, or the same name after it has changed. */
	ask(page, "GET", SCRIPT, header, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	open_door(page, PAGE);
	etag_of(page, is);
	assert_string_equal(is, was);
	open_door(page, PAGE " ");
	ask(page, "GET", "/", header, &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(buf_text(&reply.body), PAGE " ");
	reply_done(&reply);
}

static void test_nothing_else_of_the_disk(void **state)
{
	static const char *const paths[] = {"/../index.html", "/assets/../index.html",
		"/%2e%2e/index.html", "/assets/%2e%2e/index.html", "/..%2findex.html",
		"/index.html%00.js", "//index.html", "/etc/passwd", "/assets", "/assets/",
		SCRIPT_PACKED, "/binhyen.db", "/../binhyen.db"};
	struct page *page = *state;
	struct reply reply = {0};

	open_door(page, PAGE);
	put(page, "late.js", "read after the start");
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ask(page, "GET", paths[i], "", &reply);
		assert_int_equal(reply.status, 404);
		reply_done(&reply);
	}
	ask(page, "GET", "/late.js", "", &reply);
	assert_int_equal(reply.status, 404);
	reply_done(&reply);
	ask(page, "POST", "/", "Content-Length: 0\r\n", &reply);
	assert_int_equal(reply.status, 404);
	reply_done(&reply);
}

#define SITE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SITE_TEST(test_what_is_taken_of_a_folder),
		SITE_TEST(test_a_damaged_folder),
		SITE_TEST(test_headers),
		SITE_TEST(test_packed_for_who_takes_it),
		SITE_TEST(test_what_a_browser_has_is_not_sent_again),
		SITE_TEST(test_nothing_else_of_the_disk),
	};

	return cmocka_run_group_tests(tests, all_setup, all_teardown);
}
