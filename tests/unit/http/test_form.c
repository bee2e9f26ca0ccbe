/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What gateways send as a form: every byte of it, and nothing that two of us could read apart. */
#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/http/form.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* "name=value|", a byte that is no letter as <hh>. */
static enum err show(void *arg, const char *name, const char *value, size_t bytes)
{
	struct buf *out = arg;
	enum err err = buf_addf(out, "%s=", name);

	for (size_t i = 0; !err && i < bytes; i++) {
		unsigned char c = (unsigned char)value[i];

		err = c < 0x20 || c > 0x7e ? buf_addf(out, "<%02x>", c) : buf_add(out, &c, 1);
	}
	return err ? err : buf_adds(out, "|");
}

/* From a copy of just its size, so that a byte behind it would be seen. */
static enum err parse(const char *text, size_t len, struct buf *out)
{
	char *copy = malloc(len + !len);
	enum err err;

	assert_non_null(copy);
	memcpy(copy, text, len);
	err = form_parse(copy, len, show, out);
	free(copy);
	return err;
}

static void expect(const char *text, enum err want, const char *fields)
{
	CLEAN_BUF out = {0};

	buf_init(&out, 65536);
	if (parse(text, strlen(text), &out) != want || !str_eq(buf_text(&out), fields))
		fail_msg("\"%s\": %s", text, buf_text(&out));
}

static void test_fields(void **state)
{
	(void)state;
	expect("", ERR_OK, "");
	expect("a=1&b=2", ERR_OK, "a=1|b=2|");
	expect("text=mat+xe+%C4%91%e1%ba%a1p&x=", ERR_OK, "text=mat xe <c4><91><e1><ba><a1>p|x=|");
	expect("a", ERR_OK, "a=|");
	expect("a=b=c", ERR_OK, "a=b=c|");
	expect("&&a=1&&", ERR_OK, "a=1|");
	expect("ph%6fne=%2B84", ERR_OK, "phone=+84|");
	expect("n+1=x", ERR_OK, "n 1=x|");
	expect("u=%00%61%00", ERR_OK, "u=<00>a<00>|");
	/* The same name twice is the caller's to refuse. */
	expect("a=1&a=2", ERR_OK, "a=1|a=2|");
	/* What separates is what stood there, not what it decodes to. */
	expect("a=1%26b%3D2", ERR_OK, "a=1&b=2|");
}

static void test_no_escapes(void **state)
{
	(void)state;
	expect("a=100%", ERR_OK, "a=100%|");
	expect("a=%4", ERR_OK, "a=%4|");
	expect("a=%zz%4g%%41", ERR_OK, "a=%zz%4g%A|");
	/* Nor one that only the next field would make whole. */
	expect("a=%4&1=b", ERR_OK, "a=%4|1=b|");
	expect("a=%&41=b", ERR_OK, "a=%|41=b|");
}

static void test_names_that_are_none(void **state)
{
	char text[256];

	(void)state;
	expect("=1", ERR_INVALID, "");
	expect("a=1&=2", ERR_INVALID, "a=1|");
	expect("a%00b=1", ERR_INVALID, "");
	expect("%ff=1", ERR_INVALID, "");
	memset(text, 'n', sizeof(text));
	text[FORM_NAME_BYTES - 1] = 0;
	{
		CLEAN_BUF out = {0};

		buf_init(&out, 256);
		assert_int_equal(parse(text, strlen(text), &out), ERR_OK);
	}
	text[FORM_NAME_BYTES - 1] = 'n';
	text[FORM_NAME_BYTES] = 0;
	expect(text, ERR_INVALID, "");
}

static void test_as_many_as_there_may_be(void **state)
{
	CLEAN_BUF text = {0};
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&text, 4096);
	buf_init(&out, 4096);
	for (int i = 0; i < FORM_FIELDS_MAX; i++)
		assert_int_equal(buf_addf(&text, "&f%d=%d", i, i), ERR_OK);
	assert_int_equal(parse(buf_text(&text), text.len, &out), ERR_OK);
	assert_int_equal(buf_adds(&text, "&one=more"), ERR_OK);
	assert_int_equal(parse(buf_text(&text), text.len, &out), ERR_INVALID);
}

static enum err refuse(void *arg, const char *name, const char *value, size_t bytes)
{
	(void)name;
	(void)value;
	(void)bytes;
	return ++*(int *)arg == 2 ? ERR_EXISTS : ERR_OK;
}

static void test_the_callers_error_ends_it(void **state)
{
	char text[] = "a=1&b=2&c=3";
	int calls = 0;

	(void)state;
	assert_int_equal(form_parse(text, strlen(text), refuse, &calls), ERR_EXISTS);
	assert_int_equal(calls, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_no_escapes),
		cmocka_unit_test(test_names_that_are_none),
		cmocka_unit_test(test_as_many_as_there_may_be),
		cmocka_unit_test(test_the_callers_error_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
