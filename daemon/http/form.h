/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A body of application/x-www-form-urlencoded (WHATWG URL, section 5.1), which gateways send. A
 * pair without '=' is a name without a value, empty pairs are passed over, and what only looks like
 * an escape stands for itself.
 *
 * Not by libmicrohttpd's post processor: it hands out values in pieces and cannot tell one that was
 * sent twice, and it takes a broken body for a good one as far as it got. Its MHD_http_unescape()
 * ends at a %00, which a value in UTF-16 has, and so does every function that takes a string. Pure.
 */
#ifndef BINHYEN_HTTP_FORM_H
#define BINHYEN_HTTP_FORM_H

#include "daemon/base/err.h"

#include <stddef.h>

#define FORM_FIELDS_MAX 32 /* a gateway names some ten */
#define FORM_NAME_BYTES 64 /* with its terminator */

/* name: UTF-8, neither empty nor longer than FORM_NAME_BYTES - 1, terminated; value: any bytes.
 * Both are borrowed for the call. An error ends form_parse(), which returns it. */
typedef enum err (*form_field_fn)(
	void *arg, const char *name, const char *value, size_t value_bytes);

/* Decodes text[0..len) in place, and calls fn for each field, in order. ERR_INVALID: a name is
 * none, or there are more than FORM_FIELDS_MAX fields. */
MUST_CHECK
enum err form_parse(char *text, size_t len, form_field_fn fn, void *arg);

#endif
