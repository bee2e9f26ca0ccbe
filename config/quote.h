/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message may show of what somebody wrote in the file: private to config/. */
#ifndef BINHYEN_CONFIG_QUOTE_H
#define BINHYEN_CONFIG_QUOTE_H

#include <stddef.h>

#define QUOTE_BYTES 64

/* text[0..bytes) short and printable, long numbers by their last three digits. */
const char *quote_text(const char *text, size_t bytes, char quote[QUOTE_BYTES]);
/* A phone number, or what stands in its place (a name?): "*678", "*". */
const char *quote_phone(const char *text, char quote[QUOTE_BYTES]);

/* The key nearest to a mistyped one, NULL when none is near. */
const char *quote_nearest(const char *key, const char *const *keys, size_t count);

#endif
