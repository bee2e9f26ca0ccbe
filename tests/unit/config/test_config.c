/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/config.h"
#include "daemon/base/str.h"

#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define ZALO_REQUIRED "\"oa_id\": \"1\", \"app_id\": \"2\""

static struct config *parse(const char *text)
{
	struct config *config = NULL;
	struct errbuf eb = {0};
	enum err err = config_parse(text, strlen(text), "binhyen.json", &config, &eb);

	if (err)
		fail_msg("%s: %s", err_name(err), eb.text);
	return config;
}

static void assert_fault(const char *text, const char *expected)
{
	struct config *config = (struct config *)(void *)&config;
	struct errbuf eb = {0};
	size_t len = strlen(text);
	/* A copy that ends where it ends: the parser has to go by the length. */
	char *copy = malloc(len + !len);
	enum err err;

	assert_non_null(copy);
	for (size_t i = 0; i < len; i++)
		copy[i] = text[i];
	err = config_parse(copy, len, "binhyen.json", &config, &eb);
	free(copy);
	if (!err)
		fail_msg("accepted: %s", text);
	assert_string_equal(eb.text, expected);
	assert_int_equal(err, ERR_CONFIG);
	assert_ptr_equal(config, &config);
}

static void test_defaults(void **state)
{
	struct config *config;

	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	config = parse("{}");
	assert_string_equal(config->store_path, "/var/lib/binhyen/binhyen.db");
	assert_string_equal(config->http_socket, "/run/binhyen/api.sock");
	assert_int_equal(config->http_idle_min, 30);
	assert_int_equal(config->http_session_h, 12);
	assert_string_equal(config->secrets_dir, "");
	assert_int_equal(config->modem_count, 0);
	assert_int_equal(config->duty_phone_count, 0);
	assert_string_equal(config->it_phone, "");
	assert_int_equal(config->dialogue_minutes, 30);
	assert_int_equal(config->climb_s[0], 120);
	assert_int_equal(config->climb_s[1], 300);
	assert_int_equal(config->climb_s[2], 600);
	assert_false(config->alarm_has_category);
	assert_string_equal(config->witness_phone, "");
	assert_int_equal(config->witness_hour, 8);
	assert_string_equal(config->law_calendar, "");
	assert_string_equal(config->law_regimes, "");
	assert_string_equal(config->procedures, "");
	assert_string_equal(config->menus, "");
	assert_string_equal(config->guess_words, "");
	assert_string_equal(config->menu_phone, "");
	assert_false(config->is_remote);
	assert_false(config->zalo.is_set);
	config_free(config);

	config = parse("{\"zalo\": {" ZALO_REQUIRED "}}");
	assert_true(config->zalo.is_set);
	assert_string_equal(config->zalo.oauth_url, "https://oauth.zaloapp.com");
	assert_string_equal(config->zalo.api_url, "https://openapi.zalo.me");
	assert_string_equal(config->zalo.business_url, "https://business.openapi.zalo.me");
	assert_int_equal(config->zalo.poll_s, 30);
	assert_int_equal(config->zalo.calls_per_minute, 4000);
	assert_string_equal(config->zalo.callback_url, "");
	assert_string_equal(config->zalo.duty_group, "");
	assert_false(config->zalo.relay_text);
	assert_false(config->zalo.is_groups_off);
	assert_int_equal(config->zalo.history_days, 7);
	assert_string_equal(config->zalo.media.hosts, "zdn.vn zadn.vn zalo.me zaloapp.com");
	assert_string_equal(config->zalo.media.url, "");
	assert_int_equal(config->zalo.media.disk_mb, 4096);
	assert_int_equal(config->zalo.webhook_port, 0);
	config_free(config);
}

static void test_credentials_directory(void **state)
{
	struct config *config;

	(void)state;
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/binhyend.service/", 1);
	config = parse("{}");
	assert_string_equal(config->secrets_dir, "/run/credentials/binhyend.service");
	config_free(config);
	config = parse("{\"secrets\": {\"dir\": \"\"}}");
	assert_string_equal(config->secrets_dir, "/run/credentials/binhyend.service");
	config_free(config);
	config = parse("{\"secrets\": {\"dir\": \"/etc/binhyen/secrets\"}}");
	assert_string_equal(config->secrets_dir, "/etc/binhyen/secrets");
	config_free(config);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static const char full_text[] =
	"{\"store\": {\"path\": \"/srv/b.db\"},"
	" \"modems\": [{\"name\": \"m-0\", \"device\": \"/dev/ttyUSB2\"},"
	"              {\"device\": \"/dev/ttyUSB6\", \"name\": \"m-1\"}],"
	" \"feeds\": [{\"name\": \"tinh\", \"url\": \"https://a.vn/rss/?x=1&y=2\","
	"   \"format\": \"cap\", \"category\": \"disaster\", \"interval_min\": 15}],"
	" \"duty\": {\"phones\": [\"0900 000 001\", \"+84 90.000-0002\"],"
	"   \"it_phone\": \"0900.000.003\", \"climb_first_s\": 5, \"climb_second_s\": 6,"
	"   \"climb_third_s\": 7, \"alarm_detail\": \"category\"},"
	" \"audit\": {\"witness_phone\": \"0900 000 004\", \"witness_hour\": 7},"
	" \"zalo\": {\"oa_id\": \"123\", \"app_id\": \"456\", \"oauth_url\": \"https://a.example/\","
	"   \"api_url\": \"http://127.0.0.1:8080/oa//\", \"business_url\": \"http://[::1]:9\","
	"   \"callback_url\": \"https://c.example/zalo/\","
	"   \"poll_s\": 5, \"duty_group\": \"f41_-Z\", \"relay_detail\": \"text\","
	"   \"groups\": \"ignore\", \"history_days\": 9,"
	"   \"media\": {\"hosts\": \"a.example b-1.example\", \"url\": \"http://127.0.0.1:9/\","
	"     \"disk_mb\": 16, \"image_mb\": 1, \"voice_mb\": 2, \"video_mb\": 3, \"file_mb\": 4},"
	"   \"webhook\": {\"port\": 8015, \"address\": \"127.0.0.3\"}},"
	" \"ussd\": {\"profile\": \"json\", \"port\": 8015, \"service_code\": \"*384*12#\","
	"   \"from\": [\"192.0.2.7\"], \"json\": {\"step\": \"sequence\", \"end_value\": \"Release\","
	"   \"go_value\": \"Response\"}},"
	" \"http_sms\": {\"profile\": \"json\", \"url\": \"https://g.example/send\","
	"   \"username\": \"xa@binh\", \"from\": \"CONGAN\", \"callback_port\": 8014,"
	"   \"callback_address\": \"127.0.0.2\", \"callback_url\": \"https://p.example/b/\","
	"   \"json\": {\"body\": \"{\\\"a\\\": [\\\"{to}{text}\\\"]}\","
	"     \"headers\": [\"X-Key: {password}\"], \"ok_path\": \"data.0.code\","
	"     \"ok_value\": \"100\", \"retry_values\": [\"99\", \"98\"], \"id_path\": \"id\"}},"
	" \"http\": {\"socket\": \"/tmp/b.sock\", \"listen\": \"0.0.0.0:443\","
	"   \"redirect_listen\": \"[::]:80\", \"hosts\": [\"Binhyen.LAN\", \"192.168.1.9\"],"
	"   \"console_dir\": \"/srv/c/\", \"certificate\": \"/etc/b.crt\", \"key\": \"/etc/b.key\"}, \"secrets\": {\"dir\": \"/etc/b/\"}}";

static void assert_gateway(const struct config_http_sms *sms)
{
	assert_true(sms->is_set);
	assert_true(sms->is_json);
	assert_string_equal(sms->url, "https://g.example/send");
	assert_string_equal(sms->username, "xa@binh");
	assert_string_equal(sms->from, "CONGAN");
	assert_int_equal(sms->callback_port, 8014);
	assert_string_equal(sms->callback_address, "127.0.0.2");
	assert_string_equal(sms->callback_url, "https://p.example/b");
	assert_string_equal(sms->json.body, "{\"a\": [\"{to}{text}\"]}");
	assert_int_equal(sms->json.header_count, 1);
	assert_string_equal(sms->json.headers[0], "X-Key: {password}");
	assert_string_equal(sms->json.ok_path, "data.0.code");
	assert_string_equal(sms->json.ok_value, "100");
	assert_int_equal(sms->json.retry_value_count, 2);
	assert_string_equal(sms->json.retry_values[1], "98");
	assert_string_equal(sms->json.id_path, "id");
}

static void test_everything_given(void **state)
{
	struct config *config = parse(full_text);

	(void)state;
	assert_string_equal(config->store_path, "/srv/b.db");
	assert_int_equal(config->modem_count, 2);
	assert_string_equal(config->modems[0].name, "m-0");
	assert_string_equal(config->modems[1].name, "m-1");
	assert_int_equal(config->feed_count, 1);
	assert_string_equal(config->feeds[0].url, "https://a.vn/rss/?x=1&y=2");
	assert_int_equal(config->feeds[0].format, 2);
	assert_int_equal(config->feeds[0].interval_min, 15);
	assert_string_equal(config->modems[1].device, "/dev/ttyUSB6");
	assert_int_equal(config->duty_phone_count, 2);
	assert_string_equal(config->duty_phones[0], "+84900000001");
	assert_string_equal(config->duty_phones[1], "+84900000002");
	assert_string_equal(config->it_phone, "+84900000003");
	assert_int_equal(config->climb_s[2], 7);
	assert_true(config->alarm_has_category);
	assert_string_equal(config->witness_phone, "+84900000004");
	assert_int_equal(config->witness_hour, 7);
	assert_string_equal(config->zalo.oa_id, "123");
	assert_string_equal(config->zalo.app_id, "456");
	assert_string_equal(config->zalo.oauth_url, "https://a.example");
	assert_string_equal(config->zalo.api_url, "http://127.0.0.1:8080/oa");
	assert_string_equal(config->zalo.business_url, "http://[::1]:9");
	assert_string_equal(config->zalo.callback_url, "https://c.example/zalo/");
	assert_int_equal(config->zalo.poll_s, 5);
	assert_string_equal(config->zalo.duty_group, "f41_-Z");
	assert_true(config->zalo.relay_text);
	assert_true(config->zalo.is_groups_off);
	assert_int_equal(config->zalo.history_days, 9);
	assert_string_equal(config->zalo.media.hosts, "a.example b-1.example");
	assert_string_equal(config->zalo.media.url, "http://127.0.0.1:9");
	assert_int_equal(config->zalo.media.disk_mb, 16);
	assert_int_equal(config->zalo.media.image_mb, 1);
	assert_int_equal(config->zalo.media.voice_mb, 2);
	assert_int_equal(config->zalo.media.video_mb, 3);
	assert_int_equal(config->zalo.media.file_mb, 4);
	assert_int_equal(config->zalo.webhook_port, 8015);
	assert_string_equal(config->zalo.webhook_address, "127.0.0.3");
	assert_gateway(&config->http_sms);
	assert_string_equal(config->http_socket, "/tmp/b.sock");
	assert_string_equal(config->secrets_dir, "/etc/b");
	assert_string_equal(config->lan.listen, "0.0.0.0:443");
	assert_string_equal(config->lan.redirect, "[::]:80");
	assert_int_equal(config->lan.host_count, 2);
	assert_string_equal(config->lan.hosts[0], "binhyen.lan");
	assert_string_equal(config->lan.hosts[1], "192.168.1.9");
	assert_string_equal(config->lan.console_dir, "/srv/c");
	assert_string_equal(config->lan.certificate, "/etc/b.crt");
	assert_string_equal(config->lan.key, "/etc/b.key");
	config_free(config);
}

static void assert_round_trip(const char *text)
{
	struct config *first = parse(text), *second;
	struct buf dump, again;

	buf_init(&dump, 65536);
	buf_init(&again, 65536);
	assert_int_equal(config_dump(first, &dump), ERR_OK);
	second = parse(buf_text(&dump));
	assert_memory_equal(first, second, sizeof(*first));
	assert_int_equal(config_dump(second, &again), ERR_OK);
	assert_string_equal(buf_text(&dump), buf_text(&again));
	config_free(first);
	config_free(second);
	buf_done(&dump);
	buf_done(&again);
}

static void test_caps_are_the_operators_unless_given(void **state)
{
	struct config *config = parse(
		"{\"modems\": [{\"name\": \"a\", \"device\": \"/dev/a\"},"
		"{\"name\": \"b\", \"device\": \"/dev/b\", \"operator\": \"viettel\","
		" \"caps\": {\"per_hour\": 7, \"same_per_day\": 0}}]}");

	(void)state;
	assert_int_equal(config->modems[0].phone_operator, OPERATOR_OTHER);
	assert_int_equal(config->modems[0].caps.per_minute, 0);
	assert_int_equal(config->modems[1].phone_operator, OPERATOR_VIETTEL);
	assert_int_equal(config->modems[1].caps.per_minute, 20);
	assert_int_equal(config->modems[1].caps.per_hour, 7);
	assert_int_equal(config->modems[1].caps.same_per_5min, 3);
	assert_int_equal(config->modems[1].caps.same_per_day, 0);
	config_free(config);
	assert_fault(
		"{\"modems\": [{\"name\": \"a\", \"device\": \"/dev/a\", \"operator\": \"vtl\"}]}",
		"binhyen.json: modems[0].operator: \"vtl\" is not known; allowed: \"other\", "
		"\"viettel\", \"vinaphone\", \"mobifone\" or \"vietnamobile\"");
}

static void test_numbers_tell_their_operator(void **state)
{
	(void)state;
	assert_int_equal(operator_of_number("+84900000001"), OPERATOR_MOBIFONE);
	assert_int_equal(operator_of_number("+8486000"), OPERATOR_VIETTEL);
	assert_int_equal(operator_of_number("+8455000"), OPERATOR_VINAPHONE);
	assert_int_equal(operator_of_number("+8458000"), OPERATOR_VIETNAMOBILE);
	assert_int_equal(operator_of_number("+8459000"), OPERATOR_OTHER);
	assert_int_equal(operator_of_number("+15550000001"), OPERATOR_OTHER);
}

static void test_dump_round_trip(void **state)
{
	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_round_trip(full_text);
	assert_round_trip("{}");
	assert_round_trip("{\"zalo\": {" ZALO_REQUIRED "}}");
}

static void test_dump_is_complete(void **state)
{
	struct config *config = parse(full_text);
	const struct config_setting *settings;
	struct buf dump;
	size_t count;

	(void)state;
	buf_init(&dump, 65536);
	settings = config_settings(&count);
	assert_int_equal(count, 115);
	assert_int_equal(config_dump(config, &dump), ERR_OK);
	for (size_t i = 0; i < count; i++) {
		const char *path = settings[i].path;
		const char *dot = strrchr(path, '.');
		char key[64];

		snprintf(key, sizeof(key), "\"%.*s\"", (int)strcspn(dot + 1, "["), dot + 1);
		if (!strstr(buf_text(&dump), key))
			fail_msg("the dump lacks %s", path);
	}
	config_free(config);
	buf_done(&dump);
}

static void test_example(void **state)
{
	struct config *config = NULL;
	struct errbuf eb = {0};

	(void)state;
	if (config_load(CONFIG_EXAMPLE, &config, &eb))
		fail_msg("%s", eb.text);
	assert_int_equal(config->modem_count, 1);
	assert_int_equal(config->duty_phone_count, 1);
	assert_true(config->zalo.is_set);
	config_free(config);
}

static void test_unknown_key(void **state)
{
	(void)state;
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"pol_s\": 30}}",
		"binhyen.json: zalo.pol_s: unknown key, did you mean poll_s? allowed: oa_id, app_id, "
		"oauth_url, api_url, business_url, callback_url, poll_s, "
		"calls_per_minute, window_h, free_h, upload_h, tick, "
		"receipt_template, receipt_params, duty_group, relay_detail, groups, history_days, "
		"media, webhook");
	assert_fault("{\"frobnicate\": 1}",
		"binhyen.json: frobnicate: unknown key; allowed: store, backup, modems, duty, audit, zalo, http_sms, feeds, bulletins, reports, law, procedures, guess, menu, ussd, http, "
		"secrets");
	assert_fault("{\"modem\": []}",
		"binhyen.json: modem: unknown key, did you mean modems? allowed: store, backup, modems, duty, audit, "
		"zalo, http_sms, feeds, bulletins, reports, law, procedures, guess, menu, ussd, http, secrets");
	assert_fault("{\"modems\": [{\"name\": \"a\", \"device\": \"/a\"}, {\"dev\": \"/b\"}]}",
		"binhyen.json: modems[1].dev: unknown key; allowed: name, device, driver, operator, "
		"balance_code, balance_low, power_command, power_after_s, full_after_s, price, caps");
	assert_fault("{\"\": 1}",
		"binhyen.json: \"\": unknown key; allowed: store, backup, modems, duty, audit, zalo, http_sms, feeds, bulletins, reports, law, procedures, guess, menu, ussd, http, secrets");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"app_secret\": \"x\"}}",
		"binhyen.json: zalo.app_secret: secrets stay out of this file (they are files in secrets.dir, tokens go in by binhyenctl zalo set-token); allowed: oa_id, app_id, oauth_url, "
		"api_url, business_url, callback_url, poll_s, "
		"calls_per_minute, window_h, free_h, upload_h, tick, "
		"receipt_template, receipt_params, duty_group, relay_detail, groups, history_days, media, "
		"webhook");
}

static void test_wrong_type(void **state)
{
	(void)state;
	assert_fault("[]", "binhyen.json: is a list; allowed: an object");
	assert_fault("{\"store\": \"/a\"}", "binhyen.json: store: is a string; allowed: an object");
	assert_fault("{\"store\": {\"path\": 1}}",
		"binhyen.json: store.path: is a number; allowed: a string, absolute path");
	assert_fault("{\"store\": {\"path\": null}}",
		"binhyen.json: store.path: is null; allowed: a string, absolute path");
	assert_fault("{\"modems\": {}}",
		"binhyen.json: modems: is an object; allowed: a list of at most 8");
	assert_fault("{\"modems\": [\"/dev/ttyUSB0\"]}",
		"binhyen.json: modems[0]: is a string; allowed: an object");
	assert_fault("{\"duty\": {\"phones\": [84900000001]}}",
		"binhyen.json: duty.phones[0]: is a number; allowed: a string, Vietnamese mobile number, "
		"as +84 or 0 and 9 digits");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"poll_s\": \"30\"}}",
		"binhyen.json: zalo.poll_s: is a string; allowed: a number, 5 to 3600 (seconds)");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"poll_s\": 30.5}}",
		"binhyen.json: zalo.poll_s: is a number with a fraction; allowed: a number, 5 to 3600 "
		"(seconds)");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"relay_detail\": true}}",
		"binhyen.json: zalo.relay_detail: is true or false; allowed: a string, \"notice\" or "
		"\"text\"");
	assert_fault("{\"zalo\": null}", "binhyen.json: zalo: is null; allowed: an object");
}

static void test_out_of_range(void **state)
{
	struct config *config = parse("{\"zalo\": {" ZALO_REQUIRED ", \"poll_s\": 3600}}");

	(void)state;
	assert_int_equal(config->zalo.poll_s, 3600);
	config_free(config);
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"poll_s\": 2}}",
		"binhyen.json: zalo.poll_s: 2 is out of range; allowed: 5 to 3600 (seconds)");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"poll_s\": 3601}}",
		"binhyen.json: zalo.poll_s: 3601 is out of range; allowed: 5 to 3600 (seconds)");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"poll_s\": 4294967326}}",
		"binhyen.json: zalo.poll_s: *326 is out of range; allowed: 5 to 3600 (seconds)");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"relay_detail\": \"Text\"}}",
		"binhyen.json: zalo.relay_detail: \"Text\" is not known; allowed: \"notice\" or "
		"\"text\"");
}

static void test_required(void **state)
{
	(void)state;
	assert_fault("{\"zalo\": {\"oa_id\": \"1\"}}",
		"binhyen.json: zalo.app_id: is required; allowed: 1 to 31 digits");
	assert_fault(
		"{\"zalo\": {}}", "binhyen.json: zalo.oa_id: is required; allowed: 1 to 31 digits");
	assert_fault("{\"modems\": [{\"name\": \"a\"}]}",
		"binhyen.json: modems[0].device: is required; allowed: absolute path");
}

/* What makes no sense without something else. */
static void test_what_belongs_together(void **state)
{
	(void)state;
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"receipt_template\": \"1\"}}",
		"binhyen.json: zalo.receipt_params: is required with receipt_template");
	assert_fault("{\"zalo\": {" ZALO_REQUIRED ", \"receipt_params\": [\"ma={code}\"]}}",
		"binhyen.json: zalo.receipt_template: is required with receipt_params");
	assert_fault("{\"duty\": {\"climb_first_s\": 300, \"climb_second_s\": 300}}",
		"binhyen.json: duty.climb_second_s: is not longer than duty.climb_first_s");
	assert_fault("{\"ussd\": {\"port\": 8015}}",
		"binhyen.json: ussd.service_code: is required with port");
	assert_fault("{\"http\": {\"redirect_listen\": \"127.0.0.1:8080\"}}",
		"binhyen.json: http.listen: is required with redirect_listen");
}

static void test_lists(void **state)
{
	(void)state;
	assert_fault("{\"modems\": [1,2,3,4,5,6,7,8,9]}",
		"binhyen.json: modems: has 9 entries; allowed: a list of at most 8");
	assert_fault("{\"modems\": [{\"name\": \"a\", \"device\": \"/a\"}, "
		     "{\"name\": \"a\", \"device\": \"/b\"}]}",
		"binhyen.json: modems[1].name: is the same as modems[0].name; allowed: different "
		"values");
	assert_fault(
		"{\"modems\": [{\"name\": \"a\", \"device\": \"/a\"}, "
		"{\"name\": \"b\", \"device\": \"/b\"}, {\"name\": \"c\", \"device\": \"/b\"}]}",
		"binhyen.json: modems[2].device: is the same as modems[1].device; allowed: different "
		"values");
	assert_fault("{\"duty\": {\"phones\": [\"+84900000001\", \"0900000001\"]}}",
		"binhyen.json: duty.phones[1]: is the same as duty.phones[0]; allowed: different "
		"values");
}

#define PHONE_ALLOWED "; allowed: Vietnamese mobile number, as +84 or 0 and 9 digits"

static void test_phones(void **state)
{
	static const struct {
		const char *phone, *what;
	} cases[] = {
		{"", "\"*\" is empty"},
		{"113", "\"*\" is a short code or an emergency number"},
		{"+113", "\"*\" is a short code or an emergency number"},
		{"0113", "\"*\" is not a mobile number, and an alarm is a text message"},
		{"1900 1234", "\"*234\" is a short code or an emergency number"},
		{"0240000123", "\"*123\" is not a mobile number, and an alarm is a text message"},
		{"090000123", "\"*123\" is not a mobile number, and an alarm is a text message"},
		{"09000001234", "\"*234\" is not a mobile number, and an alarm is a text message"},
		{"84900001234", "\"*234\" is not a number of Vietnam"},
		{"+10000001234", "\"*234\" is not a number of Vietnam"},
		{"++84900001234", "\"*234\" has a character that no phone number has"},
		{"Anh A 0900001234", "\"*234\" has a character that no phone number has"},
		{"truc ban", "\"*\" has a character that no phone number has"},
		{"0900001234090000", "\"*000\" is too long"},
	};
	char text[128], expected[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(text, sizeof(text), "{\"duty\": {\"phones\": [\"%s\"]}}", cases[i].phone);
		snprintf(expected, sizeof(expected), "binhyen.json: duty.phones[0]: %s%s",
			cases[i].what, PHONE_ALLOWED);
		assert_fault(text, expected);
	}
}

static void test_values(void **state)
{
	static const struct {
		const char *url, *what;
	} cases[] = {
		{"http://openapi.zalo.me",
			"\"http://openapi.zalo.me\" is http:// to another machine, "
			"where everybody on the way can read it"},
		{"http://localhost.example", "\"http://localhost.example\" is http:// to another "
					     "machine, where everybody on the way can read it"},
		{"ftp://a.example", "\"ftp://a.example\" is not an https:// address"},
		{"https://", "\"https://\" has no host"},
		{"https:///x", "\"https:///x\" has no host"},
		{"https://a:0", "\"https://a:0\" has a bad port"},
		{"https://a:65536", "\"https://a:65536\" has a bad port"},
		{"https://a:-1", "\"https://a:-1\" has a bad port"},
		{"https://a:", "\"https://a:\" has a bad port"},
		{"https://[::1", "\"https://[::1\" has a bad IPv6 address"},
		{"https://a b", "\"https://a b\" has a character that is not allowed"},
		{"https://user@a", "\"https://user@a\" has a character that is not allowed"},
		{"https://a/?q", "\"https://a/?q\" has a character that is not allowed"},
		{"https://a_b", "\"https://a_b\" has a bad host name"},
		{"", "\"\" is not an https:// address"},
	};
	char text[256], expected[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(text, sizeof(text), "{\"zalo\": {" ZALO_REQUIRED ", \"api_url\": \"%s\"}}",
			cases[i].url);
		snprintf(expected, sizeof(expected),
			"binhyen.json: zalo.api_url: %s; allowed: https://host[:port][/path], or http:// "
			"to this machine",
			cases[i].what);
		assert_fault(text, expected);
	}
}

static void test_paths(void **state)
{
	(void)state;
	assert_fault("{\"store\": {\"path\": \"b.db\"}}",
		"binhyen.json: store.path: \"b.db\" is not an absolute path; allowed: absolute path");
	assert_fault("{\"store\": {\"path\": \"\"}}",
		"binhyen.json: store.path: \"\" is not an absolute path; allowed: absolute path");
	assert_fault("{\"store\": {\"path\": \"/a/../b\"}}",
		"binhyen.json: store.path: \"/a/../b\" has a part . or ..; allowed: absolute path");
	assert_fault("{\"store\": {\"path\": \"/a/\"}}",
		"binhyen.json: store.path: \"/a/\" is a directory; allowed: absolute path");
	assert_fault("{\"store\": {\"path\": \"/a\\nb\"}}",
		"binhyen.json: store.path: \"/a?b\" has a control character; allowed: absolute path");
	assert_fault("{\"modems\": [{\"name\": \"M0\", \"device\": \"/a\"}]}",
		"binhyen.json: modems[0].name: \"M0\" has a character that is not allowed; allowed: 1 to "
		"23 of a-z 0-9 -");
}

/* The longest value fits its field, one more byte is refused. */
static void test_lengths(void **state)
{
	struct config *config;
	char path[110], text[256], name[32];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[107] = 0;
	snprintf(text, sizeof(text), "{\"http\": {\"socket\": \"%s\"}}", path);
	config = parse(text);
	assert_string_equal(config->http_socket, path);
	config_free(config);
	path[107] = 'a';
	path[108] = 0;
	snprintf(text, sizeof(text), "{\"http\": {\"socket\": \"%s\"}}", path);
	assert_fault(text,
		"binhyen.json: http.socket: \"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" "
		"is too long; allowed: absolute path of at most 107 bytes");
	memset(name, 'x', sizeof(name));
	name[23] = 0;
	snprintf(
		text, sizeof(text), "{\"modems\": [{\"name\": \"%s\", \"device\": \"/a\"}]}", name);
	config = parse(text);
	assert_string_equal(config->modems[0].name, name);
	config_free(config);
}

static void test_not_json(void **state)
{
	(void)state;
	assert_fault("{\n  // the modem\n  \"modems\": []}",
		"binhyen.json: line 2, column 3: JSON has no comments; remove it");
	assert_fault("{\"modems\": [] /* none */}",
		"binhyen.json: line 1, column 15: JSON has no comments; remove it");
	assert_fault(
		"# config\n{}", "binhyen.json: line 1, column 1: JSON has no comments; remove it");
	assert_fault("{\"modems\": [],\n}",
		"binhyen.json: line 1, column 14: JSON has no comma after the last entry; remove it");
	assert_fault("{\"duty\": {\"phones\": [\"0900000001\", ]}}",
		"binhyen.json: line 1, column 34: JSON has no comma after the last entry; remove it");
	assert_fault(
		"{'a': 1}", "binhyen.json: line 1, column 2: JSON has no single quotes; write \"");
	assert_fault("{\"store\": {}\n\"http\": {}}",
		"binhyen.json: line 2, column 6: expected ',' or '}'");
	assert_fault("{\"store\"",
		"binhyen.json: line 1, column 9: the text ends too early; is a '}' "
		"missing?");
	assert_fault("", "binhyen.json: is empty; {} is the least");
	assert_fault(" \n", "binhyen.json: is empty; {} is the least");
	assert_fault("\xef\xbb\xbf{}",
		"binhyen.json: begins with a byte order mark; save it as UTF-8 without one");
	assert_fault("{\"store\": {\"path\": \"\xff\"}}",
		"binhyen.json: line 1, column 20: is not UTF-8");
	assert_fault("{} {}", "binhyen.json: line 1, column 4: not JSON: end of file expected");
}

static void test_duplicate_key(void **state)
{
	(void)state;
	assert_fault("{\"zalo\": {\n  \"poll_s\": 30,\n  \"poll_s\": 60}}",
		"binhyen.json: line 3, column 3: zalo.poll_s: duplicate key; allowed: each key once");
	assert_fault("{\"store\": {}, \"store\": {}}",
		"binhyen.json: line 1, column 15: store: duplicate key; allowed: each key once");
	assert_fault("{\"modems\": [{}, {\"name\": \"x]}\\\"\", \"name\": \"\"}]}",
		"binhyen.json: line 1, column 35: modems[1].name: duplicate key; allowed: each key once");
}

/* Whatever is wrong with a text, and wherever the number stands in it, it stays inside. */
static void test_no_number_in_a_message(void **state)
{
	static const char *const texts[] = {
		"{\"0900001234\": 1}",
		"{\"0900.001.234\": 1}",
		"{\"a\": \"0900001234}",
		"{\"a\": 0900001234}",
		"{\"a\": +84900001234}",
		"{\"0900001234\": 1, \"0900001234\": 2}",
		"{\"duty\": {\"phones\": [\"0900001234x\"]}}",
		"{\"duty\": {\"phones\": \"0900001234\"}}",
		"{\"duty\": {\"phones\": [\"0900001234\" \"0900001234\"]}}",
		"{\"duty\": {\"phones\": [\"0900001234\n\"]}}",
		"{\"store\": {\"path\": \"0900001234\"}}",
		"{\"zalo\": {\"oa_id\": \"+84 900001234\"}}",
		"{\"zalo\": {\"oa_id\": \"1\", \"app_id\": \"2\", \"relay_detail\": \"0900 00 1234\"}}",
		"{\"zalo\": {\"oa_id\": \"1\", \"app_id\": \"2\", \"poll_s\": 84900001234}}",
		"0900001234",
	};
	struct config *config = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct errbuf eb = {0};

		assert_int_equal(
			config_parse(texts[i], strlen(texts[i]), "f", &config, &eb), ERR_CONFIG);
		if (strstr(eb.text, "00001234") || strstr(eb.text, "001.234") ||
			strstr(eb.text, "00 1234"))
			fail_msg("%s", eb.text);
	}
}

/* A key of any length and kind gives a message that ends, in whole characters. */
static void test_strange_keys(void **state)
{
	struct config *config = NULL;
	char text[4096];

	(void)state;
	for (int len = 0; len < 600; len++) {
		struct errbuf eb = {0};
		int n = snprintf(text, sizeof(text), "{\"zalo\": {\"");

		for (int i = 0; i < len; i++)
			n += snprintf(text + n, sizeof(text) - (size_t)n, "%s", i % 3 ? "ạ" : "x");
		snprintf(text + n, sizeof(text) - (size_t)n, "\": 1}}");
		assert_int_equal(config_parse(text, strlen(text), "f", &config, &eb), ERR_CONFIG);
		assert_non_null(strstr(eb.text, "unknown key"));
		assert_true(str_is_utf8(eb.text, strlen(eb.text)));
	}
}

static void test_deep_and_long(void **state)
{
	struct config *config = NULL;
	struct errbuf eb = {0};
	size_t len = 70 * 1024;
	char *text = malloc(len);

	(void)state;
	memset(text, '[', len);
	assert_int_equal(config_parse(text, len, "f", &config, &eb), ERR_TOO_BIG);
	assert_string_equal(eb.text, "f: is longer than 65536 bytes; is it the right file?");
	assert_int_equal(config_parse(text, 60000, "f", &config, &eb), ERR_CONFIG);
	free(text);
}

static void test_load(void **state)
{
	char path[] = "/tmp/binhyen-test-config-XXXXXX";
	struct config *config = NULL;
	struct errbuf eb = {0};
	char expected[256];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "{\"a\": 1}", 8), 8);
	close(fd);
	assert_int_equal(config_load(path, &config, &eb), ERR_CONFIG);
	snprintf(expected, sizeof(expected), "%s: a: unknown key", path);
	assert_true(str_starts(eb.text, expected));
	unlink(path);
	assert_int_equal(config_load(path, &config, &eb), ERR_NOT_FOUND);
	snprintf(expected, sizeof(expected),
		"%s: No such file or directory; binhyen.json(5) says what to write", path);
	assert_string_equal(eb.text, expected);
	assert_int_not_equal(config_load("/", &config, &eb), ERR_OK);
	assert_null(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_credentials_directory),
		cmocka_unit_test(test_everything_given),
		cmocka_unit_test(test_caps_are_the_operators_unless_given),
		cmocka_unit_test(test_numbers_tell_their_operator),
		cmocka_unit_test(test_dump_round_trip),
		cmocka_unit_test(test_dump_is_complete),
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_unknown_key),
		cmocka_unit_test(test_wrong_type),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_what_belongs_together),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_phones),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_not_json),
		cmocka_unit_test(test_duplicate_key),
		cmocka_unit_test(test_no_number_in_a_message),
		cmocka_unit_test(test_strange_keys),
		cmocka_unit_test(test_deep_and_long),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
