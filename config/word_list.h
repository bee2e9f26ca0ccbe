/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words in which the escrow secret is printed (words/escrow.txt): Vietnamese syllables without
 * marks, in alphabetical order. The language has some 1,700 of them; these are the ones that are
 * neither rude nor told apart only by letters that look alike when written by hand (u, n and v; i
 * and l; o and a; c and e; g, q and y).
 */
#ifndef BINHYEN_CONFIG_WORD_LIST_H
#define BINHYEN_CONFIG_WORD_LIST_H

#include "daemon/base/err.h"

#include <stddef.h>

#define WORD_LIST_COUNT	   1024
#define WORD_LIST_BITS	   10
#define WORD_LIST_WORD_MAX 6 /* letters of the longest */

/* Writes the word and a NUL. index < WORD_LIST_COUNT. */
void word_list_word(int index, char ret_word[WORD_LIST_WORD_MAX + 1]);
/* word: small letters without marks, `len` of them. ERR_NOT_FOUND. */
MUST_CHECK
enum err word_list_find(const char *word, size_t len, int *ret_index);

#endif
