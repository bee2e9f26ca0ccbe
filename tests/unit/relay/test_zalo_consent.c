/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_consent.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* RFC 7636, appendix B. */
static void test_challenge(void **state)
{
	char challenge[ZALO_CHALLENGE_CHARS + 1];

	(void)state;
	zalo_consent_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge);
	assert_string_equal(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void test_verifiers_are_what_zalo_asks_for(void **state)
{
	char last[ZALO_VERIFIER_CHARS + 1] = "", verifier[ZALO_VERIFIER_CHARS + 1];

	(void)state;
	for (int i = 0; i < 500; i++) {
		size_t upper = 0, lower = 0, digit = 0;

		zalo_consent_verifier(verifier);
		assert_int_equal(strlen(verifier), ZALO_VERIFIER_CHARS);
		for (const char *p = verifier; *p; p++) {
			upper += *p >= 'A' && *p <= 'Z';
			lower += *p >= 'a' && *p <= 'z';
			digit += *p >= '0' && *p <= '9';
		}
		assert_true(upper && lower && digit);
		assert_int_equal(upper + lower + digit, ZALO_VERIFIER_CHARS);
		assert_string_not_equal(verifier, last);
		memcpy(last, verifier, sizeof(last));
	}
}

static void test_url(void **state)
{
	struct buf url;

	(void)state;
	buf_init(&url, 1024);
	assert_int_equal(
		zalo_consent_url(
			&(struct zalo_consent_request){.oauth_url = "https://oauth.zaloapp.com",
				.app_id = "12",
				.callback_url = "https://x.vn/a?b=c",
				.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
				.state = "abc"},
			&url),
		ERR_OK);
	assert_string_equal(buf_text(&url),
		"https://oauth.zaloapp.com/v4/oa/permission?app_id=12"
		"&redirect_uri=https%3A%2F%2Fx.vn%2Fa%3Fb%3Dc"
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&state=abc");
	buf_done(&url);
}

static void assert_parsed(
	const char *pasted, const char *code, const char *state, const char *oa_id)
{
	struct zalo_consent consent;
	struct errbuf eb = {0};

	assert_int_equal(zalo_consent_parse(pasted, &consent, &eb), ERR_OK);
	assert_string_equal(consent.code, code);
	assert_string_equal(consent.state, state);
	assert_string_equal(consent.oa_id, oa_id);
}

static void test_what_comes_back(void **state)
{
	(void)state;
	assert_parsed("https://x.vn/cb?code=aB-_1&oa_id=24&state=s1", "aB-_1", "s1", "24");
	assert_parsed("  https://x.vn/cb?oa_id=24&code=a%2Bb%3D#frag\r\n", "a+b=", "", "24");
	assert_parsed("code=xyz&state=q", "xyz", "q", "");
	assert_parsed("\tjustTheCode_1==\n", "justTheCode_1==", "", "");
	assert_parsed("https://x.vn/?code=1&code=2", "2", "", "");
}

static void assert_refused(const char *pasted, const char *says)
{
	struct zalo_consent consent, before;
	struct errbuf eb = {0};

	memset(&consent, 7, sizeof(consent));
	before = consent;
	assert_int_equal(zalo_consent_parse(pasted, &consent, &eb), ERR_INVALID);
	assert_memory_equal(&consent, &before, sizeof(before));
	if (!strstr(eb.text, says))
		fail_msg("\"%s\" does not say \"%s\"", eb.text, says);
}

static void test_what_is_no_consent(void **state)
{
	static char longest[ZALO_PASTED_MAX + 100];

	(void)state;
	assert_refused("", "nothing");
	assert_refused(" \n", "nothing");
	assert_refused("https://x.vn/cb?oa_id=24", "no code=");
	assert_refused("https://x.vn/cb?code=", "no code=");
	assert_refused("https://x.vn/cb?error=access_denied", "not given");
	assert_refused("https://x.vn/cb?code=a%2", "cut off");
	assert_refused("https://x.vn/cb?code=a%00b", "cut off");
	assert_refused("https://x.vn/cb?code=a%0d%0ab", "cut off");
	assert_refused("two words", "neither");
	assert_refused("m\xc3\xa3", "neither");
	memset(longest, 'a', sizeof(longest) - 1);
	assert_refused(longest, "too long");
	longest[2000] = 0;
	assert_refused(longest, "neither");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_challenge),
		cmocka_unit_test(test_verifiers_are_what_zalo_asks_for),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_what_comes_back),
		cmocka_unit_test(test_what_is_no_consent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
