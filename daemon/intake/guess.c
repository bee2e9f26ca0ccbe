/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dictionary's words are looked for in the text, the longest first, so that "phòng cháy" is not
 * "cháy"; each counts once, in full when its marks are there, less when they are missing or the
 * word is misspelt. What is left is adding.
 */
#include "daemon/intake/guess.h"

#include "daemon/intake/guess_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MATCHES_MAX	  1024
#define JOINED_LETTERS	  6 /* "chaynha" is looked at as words run together, "nha" is not */
#define SINGLE_BARE_PCT	  60
#define SEVERAL_BARE_PCT  100
#define SEVERAL_SOUND_PCT 70

/* vi.json, embedded at build. */
extern const char guess_vi[];
extern const unsigned long guess_vi_bytes;

struct match {
	const struct guess_term *term;
	size_t start, len; /* syllables of the text */
	int pct;	   /* of the term's weight */
};

struct finder {
	const struct guess_words *words;
	struct syllable text[GUESS_SYLLABLES_MAX];
	size_t text_len;
	struct match matches[MATCHES_MAX];
	size_t match_count;
};

static void add_match(
	struct finder *f, const struct guess_term *term, size_t start, size_t len, int pct)
{
	if (pct > 0 && f->match_count < MATCHES_MAX)
		f->matches[f->match_count++] = (struct match){
			.term = term, .start = start, .len = len, .pct = pct};
}

static int fit_pct(const struct guess_term *term, enum syllable_fit worst)
{
	switch (worst) {
	case SYLLABLE_FULL:
		return 100;
	case SYLLABLE_BARE:
		if (term->bare_pct >= 0)
			return term->bare_pct;
		return term->len > 1 ? SEVERAL_BARE_PCT : SINGLE_BARE_PCT;
	case SYLLABLE_SOUND:
		return term->len > 1 && term->bare_pct != 0 ? SEVERAL_SOUND_PCT : 0;
	default:
		return 0;
	}
}

static void try_term(struct finder *f, const struct guess_term *term, size_t start)
{
	enum syllable_fit worst = SYLLABLE_FULL;

	if (start + term->len > f->text_len)
		return;
	for (size_t i = 0; i < term->len; i++) {
		enum syllable_fit fit = syllable_fit(&f->text[start + i], &term->syllables[i]);

		if (fit == SYLLABLE_NONE)
			return;
		if (fit < worst)
			worst = fit;
	}
	add_match(f, term, start, term->len, fit_pct(term, worst));
}

static void try_joined(struct finder *f, size_t at)
{
	const struct syllable *s = &f->text[at];

	if (s->has_marks || strlen(s->letters) < JOINED_LETTERS)
		return;
	for (size_t i = 0; i < f->words->term_count; i++) {
		const struct guess_term *term = &f->words->terms[i];

		if (term->len > 1 && strcmp(term->joined, s->letters) == 0)
			add_match(f, term, at, 1, fit_pct(term, SYLLABLE_BARE));
	}
}

static void try_sound(struct finder *f, const char *sound, size_t at)
{
	size_t i = guess_words_first(f->words, sound);

	for (; i < f->words->term_count; i++) {
		if (strcmp(f->words->terms[i].syllables[0].sound, sound) != 0)
			break;
		try_term(f, &f->words->terms[i], at);
	}
}

/* An unmarked d may stand for đ, which begins another sound. */
static void find_at(struct finder *f, size_t at)
{
	const struct syllable *s = &f->text[at];
	char stroked[sizeof(s->sound)];

	try_sound(f, s->sound, at);
	if (s->letters[0] == 'd' && s->sound[0] == 'z') {
		memcpy(stroked, s->sound, sizeof(stroked));
		stroked[0] = 'd';
		try_sound(f, stroked, at);
	}
	try_joined(f, at);
}

/* Longer words first, then those that fit better, then in the order of the text. */
static int compare_matches(const void *a, const void *b)
{
	const struct match *x = a, *y = b;

	if (x->term->len != y->term->len)
		return x->term->len > y->term->len ? -1 : 1;
	if (x->pct != y->pct)
		return y->pct - x->pct;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->term->words, y->term->words);
}

static bool is_free(const bool *used, const struct match *m)
{
	for (size_t i = m->start; i < m->start + m->len; i++) {
		if (used[i])
			return false;
	}
	return true;
}

/* Keeps, in place, those that don't overlap a longer one; a word said twice counts once. */
static void choose_matches(struct finder *f)
{
	bool used[GUESS_SYLLABLES_MAX] = {false};
	size_t kept = 0;

	qsort(f->matches, f->match_count, sizeof(f->matches[0]), compare_matches);
	for (size_t i = 0; i < f->match_count; i++) {
		struct match m = f->matches[i];
		bool is_said = false;

		if (!is_free(used, &m))
			continue;
		memset(&used[m.start], true, m.len);
		for (size_t k = 0; k < kept; k++)
			is_said |= f->matches[k].term->group == m.term->group;
		if (!is_said)
			f->matches[kept++] = m;
	}
	f->match_count = kept;
}

static int weigh(const struct match *m, int weight)
{
	return weight * m->pct / GUESS_POINT;
}

static void add_points(const struct finder *f, struct guess *guess)
{
	for (size_t i = 0; i < f->match_count; i++) {
		const struct match *m = &f->matches[i];

		guess->danger += weigh(m, m->term->danger);
		for (int c = 0; c < CATEGORY_COUNT; c++)
			guess->points[c] += weigh(m, m->term->weights[c]);
	}
}

static enum category best_category(const struct guess_words *words, const struct guess *guess)
{
	enum category best = CATEGORY_OTHER;
	int most = words->category_threshold - 1;

	for (int c = 0; c < CATEGORY_OTHER; c++) {
		if (guess->points[c] > most) {
			most = guess->points[c];
			best = (enum category)c;
		}
	}
	return best;
}

/* What a word did for the guess, for the list of reasons. */
static int share(const struct match *m, const struct guess *guess)
{
	int category = weigh(m, m->term->weights[guess->category]);
	int danger = guess->is_danger ? weigh(m, m->term->danger) : 0;

	return category > danger ? category : danger;
}

static void tell_words(const struct finder *f, struct guess *guess)
{
	bool told[MATCHES_MAX] = {false};

	while (guess->word_count < GUESS_WORDS_MAX) {
		size_t best = f->match_count;
		int most = 0;

		for (size_t i = 0; i < f->match_count; i++) {
			int points = share(&f->matches[i], guess);

			if (told[i] || points <= most)
				continue;
			most = points;
			best = i;
		}
		if (best == f->match_count)
			break;
		told[best] = true;
		guess->words[guess->word_count++] = f->matches[best].term->words;
	}
}

static void spell_out(struct finder *f, const char *text)
{
	struct syllable cut[GUESS_SYLLABLES_MAX];
	size_t count = syllables_cut(text, cut, GUESS_SYLLABLES_MAX);

	for (size_t i = 0; i < count; i++) {
		const struct guess_short *s = guess_words_short(f->words, &cut[i]);
		size_t len = s ? s->len : 1;

		if (f->text_len + len > GUESS_SYLLABLES_MAX)
			break;
		memcpy(&f->text[f->text_len], s ? s->syllables : &cut[i], len * sizeof(cut[0]));
		f->text_len += len;
	}
}

void guess_with(const struct guess_words *words, const char *text, struct guess *ret_guess)
{
	struct finder f;

	f.words = words;
	f.text_len = 0;
	f.match_count = 0;
	*ret_guess = (struct guess){.category = CATEGORY_OTHER};
	spell_out(&f, text);
	for (size_t i = 0; i < f.text_len; i++)
		find_at(&f, i);
	choose_matches(&f);
	add_points(&f, ret_guess);
	ret_guess->category = best_category(words, ret_guess);
	ret_guess->is_danger = ret_guess->danger >= words->danger_threshold;
	tell_words(&f, ret_guess);
}

static struct guess_words *embedded;
static pthread_once_t embedded_once = PTHREAD_ONCE_INIT;

/* A file that does not parse can't leave the build: a test reads it. */
static void embedded_read(void)
{
	struct errbuf eb = {0};

	CHECK(guess_words_parse(guess_vi, guess_vi_bytes, &embedded, &eb) == ERR_OK);
}

void guess_text(const char *text, struct guess *ret_guess)
{
	pthread_once(&embedded_once, embedded_read);
	guess_with(embedded, text, ret_guess);
}
