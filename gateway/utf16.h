/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Big-endian UTF-16 as it lies in a PDU and in libgammu's structs, to and from UTF-8. libgammu's
 * own converters depend on the locale, share static buffers or have no bound.
 */
#ifndef BINHYEN_GATEWAY_UTF16_H
#define BINHYEN_GATEWAY_UTF16_H

#include "daemon/base/err.h"

#include <stddef.h>

/*
 * At most `units` units, less where the next character would not fit; always terminated and always
 * valid: a lone surrogate becomes U+FFFD, U+0000 is left out (JSON and C have no place for it).
 */
void utf16_to_utf8(const unsigned char *utf16, size_t units, char *utf8, size_t utf8_bytes);

/* Units before the two zero bytes, at most max. */
size_t utf16_len(const unsigned char *utf16, size_t max);

/* With terminator; utf8 has to be valid. ERR_TOO_BIG when it takes more than max_units. */
MUST_CHECK
enum err utf16_from_utf8(
	const char *utf8, unsigned char *utf16, size_t max_units, size_t *ret_units);

#endif
