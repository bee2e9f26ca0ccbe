/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vectors of RFC 4231. */
#include "store/hmac.h"
#include "tests/unit/store/support.h"

static void assert_mac(
	const void *key, size_t key_len, const void *data, size_t len, const char *expected)
{
	uint8_t mac[HMAC_SHA256_BYTES];
	char hex[2 * HMAC_SHA256_BYTES + 1];

	hmac_sha256(key, key_len, data, len, mac);
	str_hex(mac, sizeof(mac), hex);
	assert_string_equal(hex, expected);
}

static void test_vectors(void **state)
{
	static const char long_words[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	char key[131], data[50];

	(void)state;
	memset(key, 0x0b, 20);
	assert_mac(key, 20, "Hi There", 8,
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	assert_mac("Jefe", 4, "what do ya want for nothing?", 28,
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	assert_mac(key, 20, data, sizeof(data),
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	assert_mac(key, sizeof(key), long_words, strlen(long_words),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_equality(void **state)
{
	uint8_t a[HMAC_SHA256_BYTES] = {0}, b[HMAC_SHA256_BYTES] = {0};

	(void)state;
	assert_true(hmac_is_equal(a, b));
	for (int i = 0; i < HMAC_SHA256_BYTES; i++) {
		b[i] = 1;
		assert_false(hmac_is_equal(a, b));
		b[i] = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_equality),
	};

	return cmocka_run_group_tests_name("hmac", tests, NULL, NULL);
}
