/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a data file that people write (calendar, regimes): the first fault is kept with the file,
 * the place in it and what is allowed there, and nothing is read after it, so that a reader looks
 * at `err` once, at its end. Private to config/, but for json_read_file().
 */
#ifndef BINHYEN_CONFIG_JSON_READ_H
#define BINHYEN_CONFIG_JSON_READ_H

#include "daemon/base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define JSON_READ_FILE_MAX   (256 * 1024) /* the longest that ships has less than 16 KB */
#define JSON_READ_PATH_BYTES 160

struct json_read {
	const char *name; /* of the file, for messages */
	struct errbuf *eb;
	enum err err; /* of the first fault */
	char path[JSON_READ_PATH_BYTES];
};

/* A whole file of at most JSON_READ_FILE_MAX bytes; `eb` says what is wrong with it. */
struct buf;
MUST_CHECK
enum err json_read_file(const char *path, struct buf *out, struct errbuf *eb);
/* The object that text[0..len) is; NULL at a fault. */
json_t *json_read_begin(struct json_read *r, const char *text, size_t len);

/* Goes to a member of the place where the reader is, or an element of it; leave() takes what it
 * returned. */
size_t json_read_enter(struct json_read *r, const char *key);
size_t json_read_element(struct json_read *r, size_t index);
void json_read_leave(struct json_read *r, size_t mark);

/* A fault of the member `key` of where the reader is ("" = of that itself). */
void json_read_fault(struct json_read *r, const char *key, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Refuses what is no object, and members that `keys` (up to NULL) does not name. */
void json_read_keys(struct json_read *r, const json_t *object, const char *const *keys);
/* One line of min..max bytes, copied with its end into dst[max + 1]; with min 0 it may be left out
 * (""). */
void json_read_text(struct json_read *r, const json_t *object, const char *key, size_t min,
	char *dst, size_t max);
void json_read_bool(struct json_read *r, const json_t *object, const char *key, bool *ret_value);
/* It may be left out: then *ret_value stays. */
void json_read_int(struct json_read *r, const json_t *object, const char *key, int min, int max,
	int *ret_value);
/* One of words[0..count). */
void json_read_word(struct json_read *r, const json_t *object, const char *key,
	const char *const *words, int count, int *ret_index);
/* A date; with is_optional it may be left out or null (*ret_day stays). */
void json_read_date(struct json_read *r, const json_t *object, const char *key, bool is_optional,
	int64_t *ret_day);
/* A list of min..max elements; with min 0 it may be left out. NULL: none, or a fault. */
const json_t *json_read_list(
	struct json_read *r, const json_t *object, const char *key, size_t min, size_t max);

#endif
