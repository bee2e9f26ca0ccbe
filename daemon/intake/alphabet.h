/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With which letters somebody writes, so that he is answered in them: many phones show the marks of
 * Vietnamese, and as many people never type them. A few letters tell nothing, since keywords,
 * digits and "ok" are the same for both. Pure.
 */
#ifndef BINHYEN_INTAKE_ALPHABET_H
#define BINHYEN_INTAKE_ALPHABET_H

#include <stdbool.h>

/* Letters without any mark: a sentence of Vietnamese of that length has some. */
#define ALPHABET_LETTERS_MIN 12

enum alphabet { ALPHABET_UNTOLD, ALPHABET_PLAIN, ALPHABET_MARKS };

/* text: UTF-8 or not; never fails. */
enum alphabet alphabet_of(const char *text);

#endif
