/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/err.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const enum err all[] = {
#define X(name, cls, vi, en) ERR_##name,
	ERR_TABLE(X)
#undef X
};

static void test_table(void **state)
{
	(void)state;
	assert_int_equal(ERR_OK, 0);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const char *name = err_name(all[i]);

		assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), strlen(name));
		assert_true(str_is_utf8(err_vi(all[i]), strlen(err_vi(all[i]))));
		assert_true(strlen(err_vi(all[i])) > 0);
		for (const char *p = err_en(all[i]); *p; p++)
			assert_true(*p >= 0x20 && *p < 0x7f);
		assert_int_equal(err_class(all[i]) == ERR_CLASS_NONE, all[i] == ERR_OK);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(name, err_name(all[j]));
	}
	assert_int_equal(err_class(ERR_IN_DOUBT), ERR_CLASS_IN_DOUBT);
	assert_int_equal(err_class(ERR_BUG), ERR_CLASS_BUG);
	assert_int_equal(err_class(ERR_DISK_FULL), ERR_CLASS_TRANSIENT);
	assert_int_equal(err_class(ERR_WRONG_KEY), ERR_CLASS_PERMANENT);
}

static void test_errbuf(void **state)
{
	struct errbuf eb = {0};

	(void)state;
	assert_int_equal(errbuf_set(&eb, ERR_IO, "read %d", 5), ERR_IO);
	assert_string_equal(eb.text, "read 5");
	assert_int_equal(errbuf_wrap(&eb, ERR_IO, "open %s", "x"), ERR_IO);
	assert_int_equal(errbuf_wrap(&eb, ERR_CONFIG, "start"), ERR_CONFIG);
	assert_string_equal(eb.text, "start: open x: read 5");
	assert_int_equal(errbuf_set(&eb, ERR_IO, "again"), ERR_IO);
	assert_string_equal(eb.text, "again");
	assert_int_equal(errbuf_set(NULL, ERR_IO, "nobody listens"), ERR_IO);
	assert_int_equal(errbuf_wrap(NULL, ERR_IO, "nobody listens"), ERR_IO);
}

/* Nothing was said below: the name of the failure stands in. */
static void test_errbuf_wrap_of_nothing(void **state)
{
	struct errbuf eb = {0};

	(void)state;
	assert_int_equal(errbuf_wrap(&eb, ERR_DISK_FULL, "commit"), ERR_DISK_FULL);
	assert_string_equal(eb.text, "commit: disk full");
}

static void test_errbuf_is_bounded(void **state)
{
	struct errbuf eb = {0};
	char word[2000];

	(void)state;
	memset(word, 'w', sizeof(word) - 1);
	word[sizeof(word) - 1] = 0;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(errbuf_wrap(&eb, ERR_IO, "%s", word), ERR_IO);
		assert_true(strlen(eb.text) < sizeof(eb.text));
	}
	assert_int_equal(errbuf_set(&eb, ERR_IO, "%s", word), ERR_IO);
	assert_int_equal(strlen(eb.text), sizeof(eb.text) - 1);
}

static void test_errno(void **state)
{
	static const struct {
		int errnum;
		enum err err;
	} cases[] = {
		{0, ERR_OK},
		{ENOENT, ERR_NOT_FOUND},
		{ENOSPC, ERR_DISK_FULL},
		{EDQUOT, ERR_DISK_FULL},
		{EROFS, ERR_READ_ONLY},
		{EACCES, ERR_DENIED},
		{EPERM, ERR_DENIED},
		{EAGAIN, ERR_BUSY},
		{ENOMEM, ERR_NOMEM},
		{ETIMEDOUT, ERR_TIMEOUT},
		{ECONNREFUSED, ERR_UNREACHABLE},
		{EEXIST, ERR_EXISTS},
		{EIO, ERR_IO},
		{9999, ERR_IO},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(err_from_errno(cases[i].errnum), cases[i].err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_errbuf),
		cmocka_unit_test(test_errbuf_wrap_of_nothing),
		cmocka_unit_test(test_errbuf_is_bounded),
		cmocka_unit_test(test_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
