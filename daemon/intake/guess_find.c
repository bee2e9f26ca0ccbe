/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dictionary's words are looked for in the text, the longest first, so that "phòng cháy" is not
 * "cháy"; each counts once, in full when its marks are there, less when they are missing or the
 * word is misspelt.
 */
#include "daemon/intake/guess_private.h"

#include <stdlib.h>
#include <string.h>

#define JOINED_LETTERS	  6 /* "chaynha" is looked at as words run together, "nha" is not */
#define SINGLE_BARE_PCT	  60
#define SEVERAL_BARE_PCT  100
#define SEVERAL_SOUND_PCT 70

/* One list looked for in one text. */
struct search {
	const struct guess_terms *terms;
	const struct guess_finding *f;
	struct guess_matches *matches;
};

static void add_match(
	struct search *s, const struct guess_term *term, size_t start, size_t len, int pct)
{
	if (pct > 0 && s->matches->count < GUESS_MATCHES_MAX)
		s->matches->list[s->matches->count++] = (struct guess_match){
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

static void try_term(struct search *s, const struct guess_term *term, size_t start)
{
	enum syllable_fit worst = SYLLABLE_FULL;

	if (start + term->len > s->f->text_len)
		return;
	for (size_t i = 0; i < term->len; i++) {
		enum syllable_fit fit = syllable_fit(&s->f->text[start + i], &term->syllables[i]);

		if (fit == SYLLABLE_NONE)
			return;
		if (fit < worst)
			worst = fit;
	}
	add_match(s, term, start, term->len, fit_pct(term, worst));
}

static void try_joined(struct search *s, size_t at)
{
	const struct syllable *syllable = &s->f->text[at];

	if (syllable->has_marks || strlen(syllable->letters) < JOINED_LETTERS)
		return;
	for (size_t i = 0; i < s->terms->count; i++) {
		const struct guess_term *term = &s->terms->list[i];

		if (term->len > 1 && strcmp(term->joined, syllable->letters) == 0)
			add_match(s, term, at, 1, fit_pct(term, SYLLABLE_BARE));
	}
}

static void try_sound(struct search *s, const char *sound, size_t at)
{
	size_t i = guess_terms_first(s->terms, sound);

	for (; i < s->terms->count; i++) {
		if (strcmp(s->terms->list[i].syllables[0].sound, sound) != 0)
			break;
		try_term(s, &s->terms->list[i], at);
	}
}

/* An unmarked d may stand for đ, which begins another sound. */
static void find_at(struct search *s, size_t at)
{
	const struct syllable *syllable = &s->f->text[at];
	char stroked[sizeof(syllable->sound)];

	try_sound(s, syllable->sound, at);
	if (syllable->letters[0] == 'd' && syllable->sound[0] == 'z') {
		memcpy(stroked, syllable->sound, sizeof(stroked));
		stroked[0] = 'd';
		try_sound(s, stroked, at);
	}
	try_joined(s, at);
}

/* Longer words first, then those that fit better, then in the order of the text. */
static int compare_matches(const void *a, const void *b)
{
	const struct guess_match *x = a, *y = b;

	if (x->term->len != y->term->len)
		return x->term->len > y->term->len ? -1 : 1;
	if (x->pct != y->pct)
		return y->pct - x->pct;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->term->words, y->term->words);
}

static bool is_free(const bool *used, const struct guess_match *m)
{
	for (size_t i = m->start; i < m->start + m->len; i++) {
		if (used[i])
			return false;
	}
	return true;
}

/* Keeps, in place, those that don't overlap a longer one; a word said twice counts once. */
static void choose_matches(struct guess_matches *matches)
{
	bool used[GUESS_SYLLABLES_MAX] = {false};
	size_t kept = 0;

	qsort(matches->list, matches->count, sizeof(matches->list[0]), compare_matches);
	for (size_t i = 0; i < matches->count; i++) {
		struct guess_match m = matches->list[i];
		bool is_said = false;

		if (!is_free(used, &m))
			continue;
		memset(&used[m.start], true, m.len);
		for (size_t k = 0; k < kept; k++)
			is_said |= matches->list[k].term->group == m.term->group;
		if (!is_said)
			matches->list[kept++] = m;
	}
	matches->count = kept;
}

static void find_terms(const struct guess_terms *terms, const struct guess_finding *f,
	struct guess_matches *ret_matches)
{
	struct search s = {.terms = terms, .f = f, .matches = ret_matches};

	ret_matches->count = 0;
	for (size_t i = 0; i < f->text_len; i++)
		find_at(&s, i);
	choose_matches(ret_matches);
}

static void spell_out(struct guess_finding *f, const char *text)
{
	struct syllable cut[GUESS_SYLLABLES_MAX];
	size_t count = syllables_cut(text, cut, GUESS_SYLLABLES_MAX);

	for (size_t i = 0; i < count; i++) {
		const struct guess_short *s = guess_words_short(f->source, &cut[i]);
		size_t len = s ? s->len : 1;

		if (f->text_len + len > GUESS_SYLLABLES_MAX)
			break;
		memcpy(&f->text[f->text_len], s ? s->syllables : &cut[i], len * sizeof(cut[0]));
		f->text_len += len;
	}
}

void guess_find(const struct guess_words *source, const char *text, struct guess_finding *ret_found)
{
	ret_found->source = source;
	ret_found->text_len = 0;
	ret_found->asks = strchr(text, '?') != NULL;
	spell_out(ret_found, text);
	find_terms(&source->words, ret_found, &ret_found->words);
	find_terms(&source->classes, ret_found, &ret_found->classes);
}
