/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/lan_host.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_names(void **state)
{
	static const struct {
		const char *host, *name; /* NULL: none */
	} cases[] = {{"binhyen", "binhyen"}, {"binhyen.local:8443", "binhyen.local"},
		{"192.168.1.5", "192.168.1.5"}, {"192.168.1.5:1", "192.168.1.5"},
		{"[fe80::1]", "fe80::1"}, {"[fe80::1]:65535", "fe80::1"}, {"", NULL},
		{":443", NULL}, {"[]", NULL}, {"[]:1", NULL}, {"[fe80::1", NULL},
		{"[fe80::1]x", NULL}, {"binhyen:", NULL}, {"binhyen:0", NULL},
		{"binhyen:65536", NULL}, {"binhyen:+1", NULL}, {"binhyen:-1", NULL},
		{"binhyen: 1", NULL}, {"binhyen:44a", NULL}, {"fe80::1", NULL}};
	char name[LAN_HOST_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!cases[i].name) {
			assert_false(lan_host_name(cases[i].host, name));
			continue;
		}
		assert_true(lan_host_name(cases[i].host, name));
		assert_string_equal(name, cases[i].name);
	}
}

static void test_a_name_has_a_most(void **state)
{
	char host[LAN_HOST_BYTES + 1], name[LAN_HOST_BYTES];

	(void)state;
	memset(host, 'a', sizeof(host));
	host[LAN_HOST_BYTES] = 0;
	assert_false(lan_host_name(host, name));
	host[LAN_HOST_BYTES - 1] = 0;
	assert_true(lan_host_name(host, name));
	assert_string_equal(name, host);
}

static void test_origins(void **state)
{
	(void)state;
	assert_true(lan_host_is_origin("binhyen:8443", "https://binhyen:8443"));
	assert_true(lan_host_is_origin("binhyen", "HTTPS://Binhyen"));
	assert_false(lan_host_is_origin("binhyen", "http://binhyen"));
	assert_false(lan_host_is_origin("binhyen", "https://binhyen.evil.example"));
	assert_false(lan_host_is_origin("binhyen", "https://evil.example/binhyen"));
	assert_false(lan_host_is_origin("binhyen", "null"));
	assert_false(lan_host_is_origin("", "https://"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_a_name_has_a_most),
		cmocka_unit_test(test_origins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
