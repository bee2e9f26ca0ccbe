/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Letters and phrases of the screen for secrecy markings. */
#ifndef BINHYEN_DESK_SECRECY_PRIVATE_H
#define BINHYEN_DESK_SECRECY_PRIVATE_H

#include "daemon/desk/secrecy_screen.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands before a letter, the strongest of it. */
enum secrecy_gap {
	SECRECY_JOINED,	 /* nothing */
	SECRECY_BLANK,	 /* blanks, or anything between words that is no other of these */
	SECRECY_STOP,	 /* punctuation that ends or begins: . : ; - * / | */
	SECRECY_BRACKET, /* ( [ { < " ' « “ */
	SECRECY_LINE	 /* another line, or the text's beginning or end */
};

struct secrecy_letter {
	char letter;  /* a-z 0-9 */
	uint8_t mark; /* of the letter: 0 none, else the low byte of its combining character */
	uint8_t tone; /* of the letter; likewise */
	bool is_capital;
	bool is_alike;	  /* a digit or sign that stands for this letter */
	uint8_t before;	  /* enum secrecy_gap */
	uint32_t at, end; /* bytes of the text from which it was read */
};

struct secrecy_text {
	struct secrecy_letter letters[SECRECY_LETTERS_MAX + 1]; /* one more with the last gap */
	size_t count;
};
/* Invalid UTF-8 ends the text, as its maximum does. */
void secrecy_spell(const char *utf8, struct secrecy_text *ret_text);

enum secrecy_kind { SECRECY_ANY, SECRECY_MARKED, SECRECY_STAMP, SECRECY_UNLESS, SECRECY_KINDS };

struct secrecy_phrase {
	char *words; /* as in the list; owned */
	enum secrecy_kind kind;
	struct secrecy_letter letters[SECRECY_PHRASE_MAX];
	size_t count;
	size_t last; /* where its last word begins */
};

struct secrecy_list {
	struct secrecy_phrase *phrases;
	size_t count;
};

#endif
