/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a content is, where it may be fetched, and which addresses are the world's. */
#include "daemon/base/str.h"
#include "daemon/relay/http_public.h"
#include "daemon/desk/media_type.h"
#include "daemon/relay/media_url.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define TYPE(bytes, mime) assert_string_equal(media_type(bytes, sizeof(bytes) - 1), mime)

static void test_types_are_told_from_the_bytes(void **state)
{
	(void)state;
	TYPE("\xff\xd8\xff\xe0....", "image/jpeg");
	TYPE("\x89PNG\r\n\x1a\n", "image/png");
	TYPE("GIF89a", "image/gif");
	TYPE("RIFF\x10\0\0\0WEBPVP8 ", "image/webp");
	TYPE("\0\0\0\x18"
	     "ftypheic",
		"image/heic");
	TYPE("#!AMR\n<", "audio/amr");
	TYPE("ID3\x04", "audio/mpeg");
	TYPE("\xff\xfb\x90", "audio/mpeg");
	TYPE("\xff\xf1\x50", "audio/aac");
	TYPE("\0\0\0\x18"
	     "ftypM4A ",
		"audio/mp4");
	TYPE("\0\0\0\x18"
	     "ftypmp42",
		"video/mp4");
	TYPE("%PDF-1.7", "application/pdf");
	TYPE("PK\x03\x04", "application/zip");
	TYPE("  \r\n<!DOCTYPE HTML>", "text/html");
	TYPE("\xef\xbb\xbf<html>", "text/html");
	TYPE("", "application/octet-stream");
	TYPE("GIF8", "application/octet-stream");
	TYPE("RIFF", "application/octet-stream");
}

static void test_a_kind_takes_only_its_types(void **state)
{
	(void)state;
	assert_true(media_type_fits(ATTACHMENT_IMAGE, "image/jpeg"));
	assert_false(media_type_fits(ATTACHMENT_IMAGE, "text/html"));
	assert_false(media_type_fits(ATTACHMENT_GIF, "video/mp4"));
	assert_true(media_type_fits(ATTACHMENT_STICKER, "image/webp"));
	assert_true(media_type_fits(ATTACHMENT_VOICE, "audio/amr"));
	assert_true(media_type_fits(ATTACHMENT_VOICE, "video/mp4"));
	assert_false(media_type_fits(ATTACHMENT_VOICE, "image/png"));
	assert_false(media_type_fits(ATTACHMENT_VIDEO, "application/octet-stream"));
	assert_true(media_type_fits(ATTACHMENT_FILE, "application/octet-stream"));
	assert_false(media_type_fits(ATTACHMENT_FILE, "text/html"));
}

static const struct config_media config = {
	.hosts = "zdn.vn zadn.vn", .url = "http://127.0.0.1:8080/media"};

static void becomes(const char *base, const char *url, bool as_given, const char *expected)
{
	bool is_public = false;
	struct buf out;

	buf_init(&out, ATTACHMENT_URL_MAX);
	assert_int_equal(media_url(&config, base, url, as_given, &out, &is_public), ERR_OK);
	assert_string_equal(buf_text(&out), expected);
	assert_int_equal(is_public, !str_starts(expected, config.url));
	buf_done(&out);
}

static void is_refused(const char *base, const char *url)
{
	bool is_public;
	struct buf out;

	buf_init(&out, ATTACHMENT_URL_MAX);
	assert_int_equal(media_url(&config, base, url, true, &out, &is_public), ERR_DENIED);
	assert_int_equal(out.len, 0);
	buf_done(&out);
}

static void test_only_the_hosts_of_the_settings(void **state)
{
	(void)state;
	becomes(NULL, "https://a.zdn.vn/x?y=1", false, "https://a.zdn.vn/x?y=1");
	becomes(NULL, "https://ZADN.vn/x", false, "https://ZADN.vn/x");
	becomes(NULL, "http://a.zdn.vn/x", false, "https://a.zdn.vn/x");
	becomes(NULL, "http://a.zdn.vn:80/x", false, "https://a.zdn.vn/x");
	becomes(NULL, "http://a.zdn.vn/x", true, "http://a.zdn.vn/x");
	becomes(NULL, "http://127.0.0.1:8080/media/a", false, "http://127.0.0.1:8080/media/a");
	becomes("https://a.zdn.vn/x/y", "../z", false, "https://a.zdn.vn/z");
	becomes("https://a.zdn.vn/x/y", "//b.zadn.vn/q", false, "https://b.zadn.vn/q");
	is_refused(NULL, "https://zdn.vn.example.com/x");
	is_refused(NULL, "https://xzdn.vn/x");
	is_refused(NULL, "https://zdn.vn./x");
	is_refused(NULL, "https://user@zdn.vn/x");
	is_refused(NULL, "https://zdn.vn:8443/x");
	is_refused(NULL, "http://zdn.vn:8080/x");
	is_refused(NULL, "ftp://zdn.vn/x");
	is_refused(NULL, "file:///etc/passwd");
	is_refused(NULL, "zdn.vn/x");
	is_refused(NULL, "");
	is_refused(NULL, "https://10.0.0.1/x");
	is_refused(NULL, "https://[::1]/x");
	is_refused(NULL, "http://127.0.0.1:8080/mediax");
	is_refused(NULL, "http://127.0.0.1:80801/media/a");
	is_refused(NULL, "http://127.0.0.1:8080/media/../etc/a");
	is_refused("https://a.zdn.vn/x", "http://169.254.169.254/latest");
}

static bool is_public(const char *text)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return http_is_public((const struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return http_is_public((const struct sockaddr *)&six);
}

static void test_private_addresses(void **state)
{
	static const char *const inside[] = {"0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
		"192.168.1.1", "198.18.0.1", "198.19.255.255", "203.0.113.1", "224.0.0.1",
		"255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
		"64:ff9b::a00:1", "64:ff9b:1::1", "fc00::1", "fdff::1", "fe80::1", "ff02::1",
		"2001:db8::1", "2001::1", "2002:a00:1::1", "100::1", "3fff::1"};
	static const char *const outside[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1",
		"192.169.0.0", "223.255.255.255", "2001:4860:4860::8888", "2400:cb00::1",
		"64:ff9b::808:808", "2002:808:808::1", "3fff:1000::1"};
	const struct sockaddr other = {.sa_family = AF_UNIX};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(inside); i++) {
		if (is_public(inside[i]))
			fail_msg("%s", inside[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
		if (!is_public(outside[i]))
			fail_msg("%s", outside[i]);
	}
	assert_false(http_is_public(&other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_are_told_from_the_bytes),
		cmocka_unit_test(test_a_kind_takes_only_its_types),
		cmocka_unit_test(test_only_the_hosts_of_the_settings),
		cmocka_unit_test(test_private_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
