/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/told_everyone.h"

#include "tests/lib/store_fixture.h"

static void test_as_people_type_it(void **state)
{
	static const char *const texts[] = {"ROI 45", "roi 45", "Rồi: 45.", "roi45", " RỒI - 45",
		"roi 45, ca thon biet", "Roi #45"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t bulletin = 0;

		assert_ok(told_everyone_parse(texts[i], &bulletin));
		assert_int_equal(bulletin, 45);
	}
}

static void test_something_else(void **state)
{
	static const char *const texts[] = {"", "roi", "roi 12h dem qua co trom", "45 roi",
		"roi 045", "roi 1234567890", "roi khoi nha", "troi mua 45"};
	int64_t bulletin = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_err(told_everyone_parse(texts[i], &bulletin), ERR_NOT_FOUND);
	assert_int_equal(bulletin, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_people_type_it),
		cmocka_unit_test(test_something_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
