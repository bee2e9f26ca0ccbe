/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/alphabet.h"

#include <ctype.h>

/* A letter with a mark begins here: those of Latin-1 and Latin Extended-A and -B (U+00C0..U+024F
 * but for the two signs among them), and Latin Extended Additional (U+1E00..U+1EFF); or a combining
 * mark (U+0300..U+036F). */
static bool is_marked(const unsigned char *at)
{
	if (at[0] == 0xc3)
		return at[1] >= 0x80 && at[1] != 0x97 && at[1] != 0xb7;
	if ((at[0] >= 0xc4 && at[0] <= 0xc9) || at[0] == 0xcc)
		return at[1] >= 0x80;
	return at[0] == 0xe1 && at[1] >= 0xb8 && at[1] <= 0xbb;
}

enum alphabet alphabet_of(const char *text)
{
	int letters = 0;

	for (; *text; text++) {
		if (is_marked((const unsigned char *)text))
			return ALPHABET_MARKS;
		letters += isalpha((unsigned char)*text) != 0;
	}
	return letters >= ALPHABET_LETTERS_MIN ? ALPHABET_PLAIN : ALPHABET_UNTOLD;
}
