/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The object http_sms: defaults, what its values may be, and what must fit together. */
#include "config/config.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define URL  "\"url\": \"http://127.0.0.1:13013/cgi-bin/sendsms\""
#define BODY "\"body\": \"{\\\"p\\\": \\\"{to}\\\", \\\"c\\\": \\\"{text}\\\"}\""
#define JSON "\"profile\": \"json\", " URL

static enum err parse(const char *members, struct config **ret_config, struct errbuf *eb)
{
	char text[4096];

	snprintf(text, sizeof(text), "{\"http_sms\": {%s}}", members);
	return config_parse(text, strlen(text), "f", ret_config, eb);
}

static void assert_accepted(const char *members)
{
	struct config *config = NULL;
	struct errbuf eb = {0};

	if (parse(members, &config, &eb))
		fail_msg("%s: %s", members, eb.text);
	config_free(config);
}

/* fault: how the message begins, after the name of the file and of the object. */
static void assert_refused(const char *members, const char *fault)
{
	struct config *config = NULL;
	struct errbuf eb = {0};
	char expected[256];
	enum err err = parse(members, &config, &eb);

	if (!err)
		fail_msg("accepted: %s", members);
	assert_int_equal(err, ERR_CONFIG);
	snprintf(expected, sizeof(expected), "f: http_sms.%s", fault);
	if (strncmp(eb.text, expected, strlen(expected)) != 0)
		fail_msg("%s", eb.text);
}

static void test_defaults(void **state)
{
	struct config *config = NULL;
	struct errbuf eb = {0};

	(void)state;
	assert_int_equal(parse(URL, &config, &eb), ERR_OK);
	assert_true(config->http_sms.is_set);
	assert_false(config->http_sms.is_json);
	assert_string_equal(config->http_sms.callback_address, "127.0.0.1");
	assert_int_equal(config->http_sms.callback_port, 0);
	assert_string_equal(config->http_sms.callback_url, "");
	assert_string_equal(config->http_sms.username, "");
	assert_string_equal(config->http_sms.from, "");
	config_free(config);
	assert_int_equal(config_parse("{}", 2, "f", &config, &eb), ERR_OK);
	assert_false(config->http_sms.is_set);
	config_free(config);
}

static void test_values(void **state)
{
	(void)state;
	assert_refused("", "url: is required");
	assert_refused("\"url\": \"http://gateway.example/\"", "url: ");
	assert_refused(URL ", \"profile\": \"smpp\"", "profile: \"smpp\" is not known");
	assert_refused(URL ", \"username\": \"a b\"", "username: ");
	assert_refused(URL ", \"username\": \"a\\nb\"", "username: ");
	assert_refused(URL ", \"from\": \"Công an\"", "from: ");
	assert_refused(URL ", \"from\": \"ABCDEFGHIJKLMNOP\"", "from: ");
	assert_refused(URL ", \"callback_port\": 65536", "callback_port: ");
	assert_refused(URL ", \"password\": \"x\"", "password: secrets stay out of this file");
	assert_refused(URL ", \"token\": \"x\"", "token: secrets stay out of this file");
	assert_accepted(URL ", \"username\": \"a:b@c\", \"from\": \"+84900000001\"");
}

static void test_only_loopback_is_listened_on(void **state)
{
	static const char *const bad[] = {"0.0.0.0", "192.168.1.1", "::", "fe80::1", "localhost",
		"127.0.0.1:80", "128.0.0.1", "::ffff:127.0.0.1", "127.0.0.1 "};
	char members[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(members, sizeof(members), URL ", \"callback_address\": \"%s\"", bad[i]);
		assert_refused(members, "callback_address: ");
	}
	assert_accepted(URL ", \"callback_address\": \"127.9.9.9\"");
	assert_accepted(URL ", \"callback_address\": \"::1\"");
}

static void test_bodies(void **state)
{
	static const char *const bad[] = {"{", "[]", "{\\\"a\\\": \\\"{to}\\\"}", "{to}{text}",
		"{\\\"a\\\": \\\"{to} {text} {txt}\\\"}", "{\\\"{to}\\\": \\\"{text}\\\"}",
		"{\\\"a\\\": \\\"{to}{text}\\\", \\\"a\\\": 1}"};
	char members[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(members, sizeof(members), JSON ", \"json\": {\"body\": \"%s\"}", bad[i]);
		assert_refused(members, "json.body: ");
	}
	assert_accepted(JSON ", \"json\": {" BODY "}");
	/* Braces that are no field stay. */
	assert_accepted(
		JSON ", \"json\": {\"body\": \"{\\\"a\\\": \\\"{to}{text}{{}{ x}{A}\\\"}\"}");
}

static void test_headers_and_paths(void **state)
{
	static const char *const bad[] = {"X-Key", "X-Key:", "X-Key:a", ": a", "X Key: a",
		"X-Key: a\\r\\nX-Other: b", "Content-Type: text/plain", "HOST: a", "X-Key: {text}",
		"X-Key: \u00e9"};
	char members[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(members, sizeof(members),
			JSON ", \"json\": {" BODY ", \"headers\": [\"%s\"]}", bad[i]);
		assert_refused(members, "json.headers[0]: ");
	}
	assert_accepted(JSON ", \"json\": {" BODY
			     ", \"headers\": [\"X: a\", \"X: {password}:{username}\"]}");
	assert_refused(JSON ", \"json\": {" BODY ", \"ok_path\": \"a..b\", \"ok_value\": \"1\"}",
		"json.ok_path: ");
	assert_refused(JSON ", \"json\": {" BODY ", \"id_path\": \"a[0]\"}", "json.id_path: ");
}

static void test_what_must_fit_together(void **state)
{
	(void)state;
	assert_refused(JSON, "json.body: is required with profile \"json\"");
	assert_refused(JSON ", \"json\": {" BODY ", \"ok_path\": \"a\"}",
		"json.ok_value: is required with ok_path");
	assert_refused(JSON ", \"json\": {" BODY ", \"retry_values\": [\"1\"]}",
		"json.ok_path: is required with ok_value and retry_values");
	assert_refused(JSON ", \"json\": {" BODY ", \"ok_path\": \"a\", \"ok_value\": \"1\","
			    " \"retry_values\": [\"1\", \"1\"]}",
		"json.retry_values[1]: is the same as");
	assert_refused(URL ", \"callback_url\": \"https://p.example\"",
		"callback_port: is required with callback_url");
	/* Kannel needs none of it. */
	assert_accepted(URL ", \"callback_port\": 1, \"callback_url\": \"https://p.example\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_only_loopback_is_listened_on),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_headers_and_paths),
		cmocka_unit_test(test_what_must_fit_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
