/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who writes with marks, who without, and whose words do not tell. */
#include "daemon/base/str.h"
#include "daemon/intake/alphabet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_texts(void **state)
{
	static const struct {
		const char *text;
		enum alphabet alphabet;
	} cases[] = {
		{"", ALPHABET_UNTOLD},
		{"1", ALPHABET_UNTOLD},
		{"MENU", ALPHABET_UNTOLD},
		{"TC ABC234 123456", ALPHABET_UNTOLD},
		{"mat xe dap", ALPHABET_UNTOLD},
		{"mat xe dap truoc cong truong", ALPHABET_PLAIN},
		{"TT mat can cuoc", ALPHABET_PLAIN},
		{"dạ", ALPHABET_MARKS},
		{"Cháy nhà ở thôn 3", ALPHABET_MARKS},
		{"mat xe dap truoc cong trường", ALPHABET_MARKS},
		/* Decomposed, as some phones write. */
		{"cha\xcc\x81y", ALPHABET_MARKS},
		/* Signs are no letters. */
		{"“ok” … 5×4 ÷2 €", ALPHABET_UNTOLD},
		{"\xf0\x9f\x98\x80\xf0\x9f\x98\x80", ALPHABET_UNTOLD},
		{"mat xe dap truoc cong truong 😀 ×2", ALPHABET_PLAIN},
		{"\xc3", ALPHABET_UNTOLD},
		{"\xe1", ALPHABET_UNTOLD},
		{"abc\xff\xfe", ALPHABET_UNTOLD},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (alphabet_of(cases[i].text) != cases[i].alphabet)
			fail_msg("\"%s\" is %d", cases[i].text, alphabet_of(cases[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
