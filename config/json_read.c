/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/json_read.h"

#include "config/fault.h"
#include "config/quote.h"
#include "daemon/base/buf.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define KEYS_MAX 24

static void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

enum err json_read_file(const char *path, struct buf *out, struct errbuf *eb)
{
	CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[4096];
	ssize_t n = 1;
	enum err err = ERR_OK;

	while (fd >= 0 && !err && n > 0) {
		do {
			n = read(fd, chunk, sizeof(chunk));
		} while (n < 0 && errno == EINTR);
		if (n > 0)
			err = buf_add(out, chunk, (size_t)n);
	}
	if (fd < 0 || n < 0)
		return errbuf_set(
			eb, err_from_errno(errno), "%.200s: %s", path, strerrordesc_np(errno));
	return err ? errbuf_set(eb, err, "%.200s: is longer than %d bytes; is it the right file?",
			     path, JSON_READ_FILE_MAX)
		   : ERR_OK;
}

json_t *json_read_begin(struct json_read *r, const char *text, size_t len)
{
	json_error_t error;
	json_t *json;

	if (len > JSON_READ_FILE_MAX) {
		r->err = errbuf_set(r->eb, ERR_TOO_BIG, "%.200s: is longer than %d bytes", r->name,
			JSON_READ_FILE_MAX);
		return NULL;
	}
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		r->err = json_error_code(&error) == json_error_out_of_memory
				 ? ERR_NOMEM
				 : json_fault(text, len, r->name, &error, r->eb);
	return json;
}

size_t json_read_enter(struct json_read *r, const char *key)
{
	size_t mark = strlen(r->path);

	snprintf(r->path + mark, sizeof(r->path) - mark, "%s%.40s", mark ? "." : "", key);
	return mark;
}

size_t json_read_element(struct json_read *r, size_t index)
{
	size_t mark = strlen(r->path);

	snprintf(r->path + mark, sizeof(r->path) - mark, "[%zu]", index);
	return mark;
}

void json_read_leave(struct json_read *r, size_t mark)
{
	r->path[mark] = 0;
}

void json_read_fault(struct json_read *r, const char *key, const char *fmt, ...)
{
	char what[256];
	va_list args;

	if (r->err)
		return;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	r->err = errbuf_set(r->eb, ERR_CONFIG, "%.120s: %s%s%s%s%s", r->name, r->path,
		r->path[0] && key[0] ? "." : "", key, r->path[0] || key[0] ? ": " : "", what);
}

static const json_t *member(struct json_read *r, const json_t *object, const char *key)
{
	return r->err ? NULL : json_object_get(object, key);
}

static void refuse_key(struct json_read *r, const char *key, const char *const *keys, size_t count)
{
	const char *nearest = quote_nearest(key, keys, count);
	char quote[QUOTE_BYTES], allowed[KEYS_MAX * 20] = "";
	size_t len = 0;

	for (size_t i = 0; i < count && len < sizeof(allowed); i++)
		len += (size_t)snprintf(
			allowed + len, sizeof(allowed) - len, "%s%s", i ? ", " : "", keys[i]);
	quote_text(key, strlen(key), quote);
	if (nearest)
		json_read_fault(r, "", "unknown key \"%s\", did you mean %s?", quote, nearest);
	else
		json_read_fault(r, "", "unknown key \"%s\"; allowed: %s", quote, allowed);
}

void json_read_keys(struct json_read *r, const json_t *object, const char *const *keys)
{
	const char *key;
	json_t *value;
	size_t count = 0, i;

	if (r->err)
		return;
	if (!json_is_object(object)) {
		json_read_fault(r, "", "must be an object, { ... }");
		return;
	}
	while (keys[count])
		count++;
	CHECK(count <= KEYS_MAX);
	json_object_foreach ((json_t *)(uintptr_t)object, key, value) {
		for (i = 0; i < count && !str_eq(keys[i], key); i++)
			;
		if (i == count)
			refuse_key(r, key, keys, count);
	}
}

/* Control characters would end a line of a list, or act on a terminal. */
static bool is_line(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	}
	return true;
}

void json_read_text(struct json_read *r, const json_t *object, const char *key, size_t min,
	char *dst, size_t max)
{
	const json_t *value = member(r, object, key);
	size_t len = json_string_length(value);
	const char *text = json_string_value(value);

	dst[0] = 0;
	if (r->err || (!value && !min))
		return;
	if (!text || len < min || len > max || !is_line(text, len)) {
		json_read_fault(r, key, "%s; allowed: one line of %zu to %zu bytes in \"\"",
			text && len > max ? "is too long"
			: value		  ? "is no such text"
					  : "is missing",
			min, max);
		return;
	}
	memcpy(dst, text, len + 1);
}

void json_read_bool(struct json_read *r, const json_t *object, const char *key, bool *ret_value)
{
	const json_t *value = member(r, object, key);

	if (r->err)
		return;
	if (!json_is_boolean(value))
		json_read_fault(r, key, "%s; allowed: true or false",
			value ? "is something else" : "is missing");
	else
		*ret_value = json_is_true(value);
}

void json_read_int(struct json_read *r, const json_t *object, const char *key, int min, int max,
	int *ret_value)
{
	const json_t *value = member(r, object, key);
	json_int_t number = json_integer_value(value);

	if (!value)
		return;
	if (!json_is_integer(value) || number < min || number > max)
		json_read_fault(r, key, "is no such number; allowed: %d to %d", min, max);
	else
		*ret_value = (int)number;
}

void json_read_word(struct json_read *r, const json_t *object, const char *key,
	const char *const *words, int count, int *ret_index)
{
	const json_t *value = member(r, object, key);
	const char *text = json_string_value(value);
	char allowed[200] = "", quote[QUOTE_BYTES];
	size_t len = 0;

	if (r->err)
		return;
	for (int i = 0; text && i < count; i++) {
		if (str_eq(words[i], text)) {
			*ret_index = i;
			return;
		}
	}
	for (int i = 0; i < count && len < sizeof(allowed); i++)
		len += (size_t)snprintf(
			allowed + len, sizeof(allowed) - len, "%s%s", i ? ", " : "", words[i]);
	if (text)
		json_read_fault(r, key, "\"%s\" is not known; allowed: %s",
			quote_text(text, strlen(text), quote), allowed);
	else
		json_read_fault(
			r, key, "%s; allowed: %s", value ? "is no text" : "is missing", allowed);
}

void json_read_date(struct json_read *r, const json_t *object, const char *key, bool is_optional,
	int64_t *ret_day)
{
	const json_t *value = member(r, object, key);
	const char *text = json_string_value(value);

	if (r->err || (is_optional && (!value || json_is_null(value))))
		return;
	if (!text || date_parse(text, ret_day))
		json_read_fault(r, key,
			"%s; allowed: a date as \"2026-02-17\", of the years %d to %d",
			value ? "is no date" : "is missing", DATE_YEAR_MIN, DATE_YEAR_MAX);
}

const json_t *json_read_list(
	struct json_read *r, const json_t *object, const char *key, size_t min, size_t max)
{
	const json_t *value = member(r, object, key);
	size_t count = json_array_size(value);

	if (r->err || (!value && !min))
		return NULL;
	if (!json_is_array(value) || count < min || count > max) {
		json_read_fault(r, key, "%s; allowed: a list, [ ... ], of %zu to %zu",
			!value		       ? "is missing"
			: json_is_array(value) ? "has too many or too few entries"
					       : "is no list",
			min, max);
		return NULL;
	}
	return value;
}
