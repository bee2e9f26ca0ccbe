/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What learning sees of each line of its input: the names of the features, tab after each, by the
 * very code that guesses, and "! rings" where a word always rings. Only train.py reads it.
 */
#include "daemon/intake/guess_private.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 16384

extern const char guess_vi[];
extern const unsigned long guess_vi_bytes;

static void print_name(void *arg, const struct guess_feature *feature)
{
	(void)arg;
	printf("%s\t", feature->name);
}

int main(void)
{
	static char line[LINE_MAX_BYTES];
	struct guess_words *words;
	struct errbuf eb = {0};

	if (guess_words_parse(guess_vi, guess_vi_bytes, &words, &eb)) {
		fprintf(stderr, "vi.json: %s\n", eb.text);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		struct guess_finding f;
		struct guess by_hand;

		line[strcspn(line, "\n")] = '\0';
		guess_find(words, line, &f);
		guess_by_hand(&f, &by_hand);
		guess_features(&f, &by_hand, print_name, NULL);
		if (by_hand.rings)
			printf("! rings\t");
		putchar('\n');
	}
	guess_words_free(words);
	return 0;
}
