/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded string helpers. None of them ever writes past what it was given, and each says when
 * something was cut. */
#ifndef BINHYEN_BASE_STR_H
#define BINHYEN_BASE_STR_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Copies with termination; ERR_TOO_BIG (and dst = "") when it does not fit. */
MUST_CHECK
enum err str_copy(char *dst, size_t dst_bytes, const char *src);

/* Whole string as a decimal integer in [min, max]; ERR_INVALID otherwise, *ret_value untouched. */
MUST_CHECK
enum err str_to_int64(const char *text, int64_t min, int64_t max, int64_t *ret_value);

bool str_eq(const char *a, const char *b); /* NULL equals NULL only */
bool str_starts(const char *text, const char *prefix);

/* Bytes to insert, drop, replace or swap with their neighbour (Damerau, Levenshtein: optimal string
 * alignment) until one text is the other. More than `max`, and texts of STR_DISTANCE_MAX bytes and
 * more, are max + 1. */
#define STR_DISTANCE_MAX 64
int str_distance(const char *a, const char *b, int max);

/* len bytes as 2*len lower-case digits and a NUL. */
void str_hex(const void *data, size_t len, char *hex);

/* Is text[0..len) well-formed UTF-8 without NUL (RFC 3629: no surrogates, no overlong forms)? */
bool str_is_utf8(const char *text, size_t len);

/* Makes it so: '?' for each byte that is none of it, and a letter that was cut off at the end goes.
 */
void str_utf8_mend(char *text);

/* strdup that takes NULL. */
char *str_dup(const char *text);

#endif
