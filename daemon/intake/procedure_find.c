/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/procedure_find.h"

#include "daemon/base/str.h"
#include "daemon/intake/syllable.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define QUESTION_WORDS 48 /* of a question; what follows says nothing new */
#define WAY_WORDS      24 /* of a way of asking */
#define WORDS_MAX      8000

/* A way of asking, or the title: its words as places in the vocabulary. */
struct way {
	int entry;
	uint16_t words[WAY_WORDS];
	int count;
	double weight; /* of all its words */
};

struct procedure_index {
	const struct procedures *procedures;
	struct syllable *words; /* the vocabulary: every written form once */
	double *weight;		/* of each */
	uint32_t *last_entry;	/* while counting */
	uint32_t *entries;	/* how many entries have it */
	size_t word_count;
	struct way *ways;
	size_t way_count;
};

/* How much of a word it is worth, that what was written fits the vocabulary's form. */
static const double fit_worth[] = {
	[SYLLABLE_NONE] = 0, [SYLLABLE_SOUND] = 0.7, [SYLLABLE_BARE] = 0.95, [SYLLABLE_FULL] = 1};
#define TYPO_WORTH 0.6
#define TYPO_MIN   4 /* letters; in a shorter word one other letter makes another word */
/* A word that no entry has: a question of other words is another question. */
#define STRANGE_WEIGHT 1.1
/* The most of an answer is the nearest way of asking; the rest is the entry's words altogether. */
#define WAY_SHARE  0.7
#define PAIR_BONUS 0.35 /* of the weight of two words that stand side by side in both */

/* Words of whoever asks for whatever: they tell little about what is asked. */
static const char asking_words[] =
	"tôi em mình con cháu bác chú anh chị ông bà gia đình nhà xin hỏi muốn cần phải có được dc đc "
	"không ko k hông thì là mà và của cho với rồi ạ à ơi vậy thế nào sao ntn gì giấy tờ thủ tục hồ sơ "
	"ở đâu bao lâu nhiêu ngày khi mấy làm như này đó các những một mới giúp chỉ biết ai";
#define ASKING_SHARE 0.3 /* of their weight is left */
#define ASKING_MAX   96

static bool is_same(const struct syllable *a, const struct syllable *b)
{
	return str_eq(a->letters, b->letters) && a->tone == b->tone &&
	       memcmp(a->mark, b->mark, sizeof(a->mark)) == 0;
}

static enum err word_place(
	struct procedure_index *index, const struct syllable *word, uint16_t *ret_place)
{
	size_t i = 0;

	while (i < index->word_count && !is_same(&index->words[i], word))
		i++;
	if (i == WORDS_MAX)
		return ERR_TOO_BIG;
	if (i == index->word_count)
		index->words[index->word_count++] = *word;
	*ret_place = (uint16_t)i;
	return ERR_OK;
}

static enum err add_way(struct procedure_index *index, int entry, const char *text)
{
	struct way *way = &index->ways[index->way_count++];
	struct syllable words[WAY_WORDS];
	enum err err = ERR_OK;

	way->entry = entry;
	way->count = (int)syllables_cut(text, words, WAY_WORDS);
	for (int i = 0; !err && i < way->count; i++) {
		err = word_place(index, &words[i], &way->words[i]);
		if (!err && index->last_entry[way->words[i]] != (uint32_t)entry + 1) {
			index->last_entry[way->words[i]] = (uint32_t)entry + 1;
			index->entries[way->words[i]]++;
		}
	}
	return err;
}

static void weigh(struct procedure_index *index)
{
	double count = (double)index->procedures->count;
	struct syllable asking[ASKING_MAX];
	size_t asking_count = syllables_cut(asking_words, asking, ASKING_MAX);

	for (size_t i = 0; i < index->word_count; i++) {
		index->weight[i] = log(1 + count / index->entries[i]);
		for (size_t j = 0; j < asking_count; j++) {
			if (is_same(&index->words[i], &asking[j]))
				index->weight[i] *= ASKING_SHARE;
		}
	}
	for (size_t i = 0; i < index->way_count; i++) {
		struct way *way = &index->ways[i];

		for (int j = 0; j < way->count; j++)
			way->weight += index->weight[way->words[j]];
	}
}

enum err procedure_index_new(
	const struct procedures *procedures, struct procedure_index **ret_index)
{
	struct procedure_index *index = calloc(1, sizeof(*index));
	size_t ways = procedures->count * (PROCEDURE_ASKS_MAX + 1);
	enum err err = ERR_OK;

	if (!index)
		return ERR_NOMEM;
	index->procedures = procedures;
	index->words = calloc(WORDS_MAX, sizeof(*index->words));
	index->weight = calloc(WORDS_MAX, sizeof(*index->weight));
	index->last_entry = calloc(WORDS_MAX, sizeof(*index->last_entry));
	index->entries = calloc(WORDS_MAX, sizeof(*index->entries));
	index->ways = calloc(ways + 1, sizeof(*index->ways));
	if (!index->words || !index->weight || !index->last_entry || !index->entries ||
		!index->ways)
		err = ERR_NOMEM;
	for (size_t i = 0; !err && i < procedures->count; i++) {
		const struct procedure *entry = &procedures->items[i];

		err = add_way(index, (int)i, entry->title);
		for (int j = 0; !err && j < entry->ask_count; j++)
			err = add_way(index, (int)i, entry->asks[j]);
	}
	if (err) {
		procedure_index_free(index);
		return err;
	}
	weigh(index);
	*ret_index = index;
	return ERR_OK;
}

void procedure_index_free(struct procedure_index *index)
{
	if (!index)
		return;
	free(index->words);
	free(index->weight);
	free(index->last_entry);
	free(index->entries);
	free(index->ways);
	free(index);
}

const struct procedures *procedure_index_entries(const struct procedure_index *index)
{
	return index->procedures;
}

/* One letter more, less, another, or two changed about. */
static bool is_typo(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b), same = 0, tail = 0;

	if (a_len < TYPO_MIN || b_len < TYPO_MIN || a_len > b_len + 1 || b_len > a_len + 1)
		return false;
	while (a[same] && a[same] == b[same])
		same++;
	while (tail < a_len - same && tail < b_len - same &&
		a[a_len - 1 - tail] == b[b_len - 1 - tail])
		tail++;
	if (a_len - same - tail <= 1 && b_len - same - tail <= 1)
		return true;
	return a_len == b_len && a_len - same - tail == 2 && a[same] == b[same + 1] &&
	       a[same + 1] == b[same];
}

static double worth_of(const struct syllable *written, const struct syllable *word)
{
	enum syllable_fit fit = syllable_fit(written, word);

	if (fit != SYLLABLE_NONE)
		return fit_worth[fit];
	/* Without its marks said, "nhap" may stand for what was meant with others. */
	return is_typo(written->letters, word->letters) ? TYPO_WORTH : 0;
}

struct question {
	const struct procedure_index *index;
	int count;
	double weight[QUESTION_WORDS]; /* of each word */
	double total;
	double *fits; /* count rows of word_count */
};

static double fit_of(const struct question *q, int i, uint16_t word)
{
	return q->fits[(size_t)i * q->index->word_count + word];
}

static enum err read_question(
	const struct procedure_index *index, const char *text, struct question *q)
{
	struct syllable words[QUESTION_WORDS];

	*q = (struct question){.index = index};
	q->count = (int)syllables_cut(text, words, QUESTION_WORDS);
	q->fits = calloc((size_t)q->count * index->word_count + 1, sizeof(*q->fits));
	if (!q->fits)
		return ERR_NOMEM;
	for (int i = 0; i < q->count; i++) {
		double best = 0;

		q->weight[i] = STRANGE_WEIGHT;
		for (size_t j = 0; j < index->word_count; j++) {
			double fit = worth_of(&words[i], &index->words[j]);

			q->fits[(size_t)i * index->word_count + j] = fit;
			/* Among forms that fit alike the commonest is meant. */
			if (fit > best ||
				(fit > 0 && fit >= best && index->weight[j] < q->weight[i])) {
				best = fit;
				q->weight[i] = index->weight[j];
			}
		}
		q->total += q->weight[i];
	}
	return ERR_OK;
}

/* 0..1: how much of both lies in the other, and a little more for words side by side. */
static double way_worth(const struct question *q, const struct way *way, double covered[])
{
	double asked = 0, met = 0, pairs = 0;
	int before = -2;

	for (int j = 0; j < way->count; j++) {
		double best = 0;
		int at = -2;

		for (int i = 0; i < q->count; i++) {
			double fit = fit_of(q, i, way->words[j]);

			if (fit > best || (fit > 0 && fit >= best && i == before + 1)) {
				best = fit;
				at = i;
			}
		}
		met += best * q->index->weight[way->words[j]];
		if (at >= 0 && at == before + 1)
			pairs += best * q->weight[at];
		before = at;
	}
	for (int i = 0; i < q->count; i++) {
		double best = 0;

		for (int j = 0; j < way->count; j++) {
			double fit = fit_of(q, i, way->words[j]);

			best = fit > best ? fit : best;
		}
		asked += best * q->weight[i];
		if (best > covered[i])
			covered[i] = best;
	}
	return way->weight + q->total > 0 ? (met + asked + PAIR_BONUS * pairs) /
						    (way->weight + q->total + PAIR_BONUS * q->total)
					  : 0;
}

static void insert(
	struct procedure_hit hits[], int *count, const struct procedure *entry, int worth)
{
	int at = *count;

	while (at > 0 && hits[at - 1].worth < worth)
		at--;
	if (at >= PROCEDURE_HITS_MAX)
		return;
	if (*count < PROCEDURE_HITS_MAX)
		(*count)++;
	memmove(&hits[at + 1], &hits[at], (size_t)(*count - at - 1) * sizeof(hits[0]));
	hits[at] = (struct procedure_hit){entry, worth};
}

int procedure_find(const struct procedure_index *index, const char *text,
	struct procedure_hit ret_hits[PROCEDURE_HITS_MAX])
{
	struct question q;
	size_t w = 0;
	int count = 0;

	if (read_question(index, text, &q))
		return 0;
	for (size_t e = 0; e < index->procedures->count && q.total > 0; e++) {
		double covered[QUESTION_WORDS] = {0}, best = 0, bag = 0;
		int worth;

		for (; w < index->way_count && index->ways[w].entry == (int)e; w++) {
			double way = way_worth(&q, &index->ways[w], covered);

			best = way > best ? way : best;
		}
		for (int i = 0; i < q.count; i++)
			bag += covered[i] * q.weight[i] / q.total;
		worth = (int)(1000 * (WAY_SHARE * best + (1 - WAY_SHARE) * bag));
		if (worth >= PROCEDURE_WORTH_A_LOOK)
			insert(ret_hits, &count, &index->procedures->items[e],
				worth < 1000 ? worth : 1000);
	}
	free(q.fits);
	return count;
}

bool procedure_is_sure(const struct procedure_hit *hits, int count)
{
	return count && hits[0].worth >= PROCEDURE_SURE &&
	       (count == 1 || hits[0].worth - hits[1].worth >= PROCEDURE_LEAD);
}
