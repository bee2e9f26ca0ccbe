/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of the screen only. */
#ifndef BINHYEN_DESK_BULLETIN_SCREEN_PRIVATE_H
#define BINHYEN_DESK_BULLETIN_SCREEN_PRIVATE_H

#include "daemon/desk/bulletin_screen.h"

struct screen {
	const char *text;
	enum finding_field field;
	struct finding *findings;
	int max;
	int *count;
	bool is_full; /* there was more */
};
/* false: it is full. word: what tells the officer what it is. */
bool screen_add(
	struct screen *screen, enum finding_kind kind, size_t at, size_t bytes, const char *word);

/* A text as numbers and addresses are read: one sign for each character that is drawn. */
struct sign {
	char c;		  /* 0-9, a-z, a sign of ASCII, ' ' for blanks, '\n', SIGN_OTHER */
	bool is_upper;	  /* of a letter */
	uint32_t at, end; /* bytes of the text */
};
#define SIGN_OTHER '\1'
#define SIGNS_MAX  (BULLETIN_TEXT_MAX + 1)
struct signs {
	struct sign list[SIGNS_MAX + 1]; /* ended by a blank */
	size_t count;
};
/* Digits and letters of any alphabet as the Latin ones that they look like or stand for, without
 * marks; what is drawn as nothing is left out. What is no UTF-8 is SIGN_OTHER. */
void signs_read(const char *text, struct signs *ret_signs);
/* Does one of the words stand before `at`, within some 40 signs, in these letters? They are
 * compared without blanks: "stk", "taikhoan". */
bool signs_follow(const struct signs *signs, size_t at, const char *const *words, size_t count);

void screen_numbers(struct screen *screen, const struct signs *signs);
void screen_plates(struct screen *screen, const struct signs *signs);
void screen_links(struct screen *screen, const struct signs *signs);

#endif
