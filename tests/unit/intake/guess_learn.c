/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The slow part of train.py: learns the weights of the guess from what train.py tells on standard
 * input, and prints them. One soft maximum over the categories and one yes or no for danger, both
 * by steps after each text, in several orders of the texts whose results are averaged.
 *
 * Only + - * / and sqrt of doubles, never fused and in a fixed order (CMakeLists.txt), and an e^x
 * of our own: every machine prints the same numbers.
 *
 *   ROUNDS ORDERS RATE DECAY DANGER_DECAY DANGER_WEIGHT UNIT
 *   FEATURES OFTEN ROWS                                  the first OFTEN speak for categories too
 *   WEIGHT DANGER LABELS LABEL... COUNT FEATURE...       a row: one spelling of one text
 *
 * What is printed are whole numbers, UNIT of them to one: a line of the biases, then a line for
 * each feature, the categories in their order and danger last.
 */
#include "daemon/intake/guess_weights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DANGER	     GUESS_HEAD_DANGER
#define BIAS_RATE    0.1
#define RATE_DECAY   0.15 /* a round */
#define FEATURES_MAX 200000
#define ROWS_MAX     100000
#define SEEN_MAX     2048 /* features of a row */
#define WORD_BYTES   64

struct row {
	double weight, scale;
	double target[GUESS_HEADS];
	int *seen;
	int seen_count;
};

struct task {
	int rounds, orders, feature_count, often_count, row_count;
	double rate, decay, danger_decay, danger_weight, unit;
	struct row *rows;
};

struct model {
	double bias[GUESS_HEADS];
	double (*weights)[GUESS_HEADS];
};

static void *grab(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory) {
		fprintf(stderr, "no memory\n");
		exit(1);
	}
	return memory;
}

static const char *next_word(char word[WORD_BYTES])
{
	if (scanf("%63s", word) != 1) {
		fprintf(stderr, "a number is missing\n");
		exit(1);
	}
	return word;
}

static int next_int(int low, int high)
{
	char word[WORD_BYTES], *end;
	long value = strtol(next_word(word), &end, 10);

	if (*end || value < low || value > high) {
		fprintf(stderr, "%s: not a number from %d to %d\n", word, low, high);
		exit(1);
	}
	return (int)value;
}

static double next_double(void)
{
	char word[WORD_BYTES], *end;
	double value = strtod(next_word(word), &end);

	if (*end) {
		fprintf(stderr, "%s: not a number\n", word);
		exit(1);
	}
	return value;
}

static void read_row(const struct task *task, struct row *row)
{
	int labels;

	row->weight = next_double();
	row->target[DANGER] = next_int(0, 1);
	labels = next_int(1, CATEGORY_COUNT);
	for (int i = 0; i < labels; i++)
		row->target[next_int(0, CATEGORY_COUNT - 1)] = 1.0 / labels;
	row->seen_count = next_int(0, SEEN_MAX);
	row->seen = grab((size_t)row->seen_count, sizeof(*row->seen));
	for (int i = 0; i < row->seen_count; i++)
		row->seen[i] = next_int(0, task->feature_count - 1);
	row->scale = 1.0 / sqrt(row->seen_count ? row->seen_count : 1);
}

static void read_task(struct task *task)
{
	task->rounds = next_int(1, 1000);
	task->orders = next_int(1, 1000);
	task->rate = next_double();
	task->decay = next_double();
	task->danger_decay = next_double();
	task->danger_weight = next_double();
	task->unit = next_double();
	task->feature_count = next_int(1, FEATURES_MAX);
	task->often_count = next_int(0, task->feature_count);
	task->row_count = next_int(1, ROWS_MAX);
	task->rows = grab((size_t)task->row_count, sizeof(*task->rows));
	for (int i = 0; i < task->row_count; i++)
		read_row(task, &task->rows[i]);
}

/* e^x without the C library, whose last digit differs from machine to machine. */
static double power_e(double x)
{
	double value;

	x = (x < -30 ? -30 : x > 30 ? 30 : x) / 1024;
	value = 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4)));
	for (int i = 0; i < 10; i++)
		value *= value;
	return value;
}

/* The order of the rows in each round. */
static void shuffle(int *order, int count, uint64_t *state)
{
	for (int i = count - 1; i > 0; i--) {
		int swap = order[i], k;

		*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		k = (int)((*state >> 33) % (uint64_t)(i + 1));
		order[i] = order[k];
		order[k] = swap;
	}
}

static void add_up(const struct model *model, const struct row *row, double scores[GUESS_HEADS])
{
	memset(scores, 0, GUESS_HEADS * sizeof(scores[0]));
	for (int i = 0; i < row->seen_count; i++) {
		for (int h = 0; h < GUESS_HEADS; h++)
			scores[h] += model->weights[row->seen[i]][h];
	}
	for (int h = 0; h < GUESS_HEADS; h++)
		scores[h] = model->bias[h] + row->scale * scores[h];
}

/* How far each head is from what the row says. */
static void miss(const struct task *task, const struct row *row, const double scores[GUESS_HEADS],
	double ret_miss[GUESS_HEADS])
{
	double top = scores[0], total = 0, danger;

	for (int h = 1; h < CATEGORY_COUNT; h++)
		top = scores[h] > top ? scores[h] : top;
	for (int h = 0; h < CATEGORY_COUNT; h++) {
		ret_miss[h] = power_e(scores[h] - top);
		total += ret_miss[h];
	}
	for (int h = 0; h < CATEGORY_COUNT; h++)
		ret_miss[h] = row->target[h] - ret_miss[h] / total;
	danger = row->target[DANGER] - 1 / (1 + power_e(-scores[DANGER]));
	ret_miss[DANGER] = danger > 0 ? danger * task->danger_weight : danger;
}

static void step(const struct task *task, struct model *model, const struct row *row, double rate)
{
	double scores[GUESS_HEADS], missed[GUESS_HEADS];
	double keep = 1 - rate * task->decay, danger_keep = 1 - rate * task->danger_decay;

	add_up(model, row, scores);
	miss(task, row, scores, missed);
	for (int h = 0; h < GUESS_HEADS; h++) {
		missed[h] *= rate * row->weight;
		model->bias[h] += BIAS_RATE * missed[h];
		missed[h] *= row->scale;
	}
	for (int i = 0; i < row->seen_count; i++) {
		double *weights = model->weights[row->seen[i]];

		for (int h = 0; h < CATEGORY_COUNT && row->seen[i] < task->often_count; h++)
			weights[h] = weights[h] * keep + missed[h];
		weights[DANGER] = weights[DANGER] * danger_keep + missed[DANGER];
	}
}

static void learn(const struct task *task, struct model *model, uint64_t seed)
{
	int *order = grab((size_t)task->row_count, sizeof(*order));

	for (int i = 0; i < task->row_count; i++)
		order[i] = i;
	for (int round = 0; round < task->rounds; round++) {
		double rate = task->rate / (1 + round * RATE_DECAY);

		shuffle(order, task->row_count, &seed);
		for (int i = 0; i < task->row_count; i++)
			step(task, model, &task->rows[order[i]], rate);
	}
	free(order);
}

static void print_row(const struct task *task, const double *sums)
{
	for (int h = 0; h < GUESS_HEADS; h++)
		printf("%d%c", (int)floor(sums[h] * task->unit / task->orders + 0.5),
			h + 1 < GUESS_HEADS ? ' ' : '\n');
}

int main(void)
{
	struct task task = {0};
	struct model model = {0}, sum = {0};
	size_t count;

	read_task(&task);
	count = (size_t)task.feature_count;
	model.weights = grab(count, sizeof(*model.weights));
	sum.weights = grab(count, sizeof(*sum.weights));
	for (int i = 0; i < task.orders; i++) {
		memset(model.bias, 0, sizeof(model.bias));
		memset(model.weights, 0, count * sizeof(*model.weights));
		learn(&task, &model, UINT64_C(20240601) + (uint64_t)i);
		for (int h = 0; h < GUESS_HEADS; h++)
			sum.bias[h] += model.bias[h];
		for (size_t f = 0; f < count; f++) {
			for (int h = 0; h < GUESS_HEADS; h++)
				sum.weights[f][h] += model.weights[f][h];
		}
	}
	print_row(&task, sum.bias);
	for (size_t f = 0; f < count; f++)
		print_row(&task, sum.weights[f]);
	for (int i = 0; i < task.row_count; i++)
		free(task.rows[i].seen);
	free(task.rows);
	free(model.weights);
	free(sum.weights);
	return 0;
}
