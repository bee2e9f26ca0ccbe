/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A form as anybody may have posted it: names are what they have to be, nothing is made up, and
 * what was read reads the same when it is written as a form again.
 */
#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/http/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	struct buf fields; /* name, its length, value, its length, of each */
	struct buf again;  /* as a form */
	size_t bytes;
	int count;
};

static void encode(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		CHECK(!buf_addf(out, "%%%02x", (unsigned char)text[i]));
}

static enum err keep(void *arg, const char *name, const char *value, size_t bytes)
{
	struct reading *r = arg;
	size_t name_bytes = strlen(name);

	CHECK(name_bytes && name_bytes < FORM_NAME_BYTES && str_is_utf8(name, name_bytes));
	r->bytes += name_bytes + bytes;
	r->count++;
	CHECK(r->count <= FORM_FIELDS_MAX);
	CHECK(!buf_addf(&r->fields, "%s:%zu:", name, name_bytes));
	CHECK(!buf_add(&r->fields, value, bytes));
	CHECK(!buf_addf(&r->fields, ":%zu;", bytes));
	if (r->again.len)
		CHECK(!buf_adds(&r->again, "&"));
	encode(&r->again, name, name_bytes);
	CHECK(!buf_adds(&r->again, "="));
	encode(&r->again, value, bytes);
	return ERR_OK;
}

static enum err read_form(const void *text, size_t len, size_t max, struct reading *r)
{
	char *copy = malloc(len + !len);
	enum err err;

	CHECK(copy);
	if (len)
		memcpy(copy, text, len);
	*r = (struct reading){.count = 0};
	buf_init(&r->fields, max);
	buf_init(&r->again, max);
	err = form_parse(copy, len, keep, r);
	free(copy);
	return err;
}

static void done(struct reading *r)
{
	buf_done(&r->fields);
	buf_done(&r->again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t max = 16 * (size + FORM_FIELDS_MAX * 64);
	struct reading first, second;

	if (!read_form(data, size, max, &first)) {
		CHECK(first.bytes <= size);
		CHECK(!read_form(buf_text(&first.again), first.again.len, max, &second));
		CHECK(first.count == second.count && first.fields.len == second.fields.len);
		CHECK(!first.fields.len ||
			memcmp(first.fields.data, second.fields.data, first.fields.len) == 0);
		done(&second);
	}
	done(&first);
	return 0;
}
