/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Vietnamese of the messages of errbuf: config/phrases/errors.vi.po, compiled by msgfmt and
 * built in. It is not read by libintl, which needs an installed file and a locale, and would let
 * the environment choose the language of what an officer reads.
 */
#ifndef BINHYEN_BASE_CATALOGUE_H
#define BINHYEN_BASE_CATALOGUE_H

#include <stddef.h>

/* The translation of a message or word, NULL when there is none. */
const char *catalogue_find(const char *text);

/* The i-th message, from 0, and its translation; NULL after the last. */
const char *catalogue_at(size_t i, const char **ret_translation);

#endif
