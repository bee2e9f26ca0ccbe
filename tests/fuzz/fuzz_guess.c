/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What residents write: the guess of category and danger, by the words that ship and by a
 * dictionary that the input brings itself. */
#include "daemon/intake/guess_own.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct guess *guess)
{
	CHECK(guess->category >= 0 && guess->category < CATEGORY_COUNT);
	CHECK(guess->word_count >= 0 && guess->word_count <= GUESS_WORDS_MAX);
	for (int i = 0; i < guess->word_count; i++)
		CHECK(guess->words[i][0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct guess_words *words;
	struct guess_own *own;
	struct errbuf eb = {0};
	struct guess guess, again;
	char *text = strndup((const char *)data, size);

	if (!text)
		return 0;
	guess_text(text, &guess);
	check(&guess);
	guess_text(text, &again);
	CHECK(guess.category == again.category && guess.danger == again.danger);
	if (!guess_words_parse((const char *)data, size, &words, &eb)) {
		guess_with(words, NULL, text, &guess);
		check(&guess);
		guess_words_free(words);
	}
	/* A commune's own words never take a danger back. */
	if (!guess_own_parse((const char *)data, size, "own", &own, &eb)) {
		guess_text(text, &guess);
		again = guess;
		guess_own_add(own, text, &again);
		check(&again);
		CHECK(again.is_danger || !guess.is_danger);
		CHECK(again.category == CATEGORY_CONDUCT || guess.category != CATEGORY_CONDUCT);
		guess_own_free(own);
	}
	free(text);
	return 0;
}
