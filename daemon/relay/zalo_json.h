/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON of the Zalo API, read with care: what a resident writes must not be able to make a whole
 * page unreadable, and ids must keep their digits. Pure functions.
 */
#ifndef BINHYEN_RELAY_ZALO_JSON_H
#define BINHYEN_RELAY_ZALO_JSON_H

#include "daemon/base/err.h"

#include <jansson.h>
#include <stdint.h>

/*
 * Like json_loadb, but beforehand: a number of 16 characters or more (or with an exponent) becomes
 * a string with the same digits; malformed UTF-8, lone surrogates and NUL become U+FFFD; a control
 * character within a string becomes a space. ERR_PROTOCOL when it is no JSON even so.
 */
MUST_CHECK
enum err zalo_json_load(const char *text, size_t len, json_t **ret_json);

/* An id given as string or number: 1 to size-1 of [0-9A-Za-z_-.]; ERR_INVALID otherwise. */
MUST_CHECK
enum err zalo_json_id(const json_t *value, char *id, size_t id_bytes);

/* An integer given as number or as string of digits; ERR_INVALID otherwise. */
MUST_CHECK
enum err zalo_json_int(const json_t *value, int64_t *ret_value);

/* A member that is a string, else "". Borrowed from `object`. */
const char *zalo_json_text(const json_t *object, const char *key);

/* Overwrites the strings of a flat object before it is freed: they were credentials. */
void zalo_json_wipe(json_t *object);

static inline void cleanup_json(json_t **json)
{
	json_decref(*json);
}
#define CLEAN_JSON CLEANUP(cleanup_json) json_t

#endif
