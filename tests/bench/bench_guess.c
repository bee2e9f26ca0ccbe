/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long the guess takes: bench_guess FILE.tsv... guesses every text of the files again and again
 * and prints microseconds a text, the mean and the slowest.
 */
#include "daemon/intake/guess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXTS_MAX      4096
#define LINE_MAX_BYTES 8192
#define ROUNDS	       20

static char *texts[TEXTS_MAX];
static size_t text_count;

static bool read_file(const char *path)
{
	char line[LINE_MAX_BYTES];
	FILE *file = fopen(path, "r");

	if (!file)
		return false;
	while (text_count < TEXTS_MAX && fgets(line, sizeof(line), file)) {
		const char *text = strrchr(line, '\t');

		if (line[0] != '#' && text)
			texts[text_count++] = strdup(text + 1);
	}
	fclose(file);
	return true;
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	struct guess guess;
	double total_us = 0, slowest_us = 0;

	for (int i = 1; i < argc; i++) {
		if (!read_file(argv[i])) {
			fprintf(stderr, "%s can't be read\n", argv[i]);
			return 1;
		}
	}
	if (!text_count)
		return 1;
	guess_text(texts[0], &guess); /* reads what is embedded */
	for (size_t i = 0; i < text_count; i++) {
		double before_us = now_us(), us;

		for (int k = 0; k < ROUNDS; k++)
			guess_text(texts[i], &guess);
		us = (now_us() - before_us) / ROUNDS;
		total_us += us;
		if (us > slowest_us)
			slowest_us = us;
	}
	printf("guess texts=%zu mean_us=%.0f slowest_us=%.0f\n", text_count,
		total_us / (double)text_count, slowest_us);
	for (size_t i = 0; i < text_count; i++)
		free(texts[i]);
	return 0;
}
