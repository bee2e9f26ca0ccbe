/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What learning sees of a text, by names that the file of the weights spells out too:
 *
 *   w chay        a syllable without its marks, no number
 *   m chay/       a syllable whose marks were typed
 *   p roi ao      two syllables that follow each other, without marks
 *   s roi ao      the same with one between them ("rơi xuống ao")
 *   f alo         the first syllable of the text
 *   l voi         and the last
 *   g cháy nhà    an entry of the dictionary, by its first spelling
 *   c nước        a class of words
 *   b nước roi    a syllable right before a class, as written
 *   a nước nguoi  or right behind it
 *   t fire 2      what the dictionary's points say of a category (1: most, 2: most and many)
 *   d 3           or of danger, in steps of a weight
 *   q ?           a question mark
 */
#include "daemon/intake/guess_private.h"

#include <stdio.h>
#include <string.h>

#define MANY_POINTS  (4 * GUESS_POINT)
#define DANGER_STEP  (2 * GUESS_POINT)
#define DANGER_STEPS 4
#define CALM_STEPS   2
#define MARKED_BYTES (2 * SYLLABLE_LETTERS_MAX + 2)

struct naming {
	const struct guess_finding *f;
	guess_feature_cb *add;
	void *arg;
};

static void add_named(struct naming *n, const char *name, size_t start, size_t len)
{
	struct guess_feature feature = {.name = name, .start = start, .len = len};

	n->add(n->arg, &feature);
}

/* "cháy" is "chay/", "được" is "d-u+o+c.": as Vietnamese was written before Unicode. */
static void spell_marked(const struct syllable *s, char out[MARKED_BYTES])
{
	static const char marks[] = " ^(+-", tones[] = " `/~?.";
	size_t to = 0;

	for (size_t i = 0; s->letters[i]; i++) {
		out[to++] = s->letters[i];
		if (s->mark[i])
			out[to++] = marks[s->mark[i]];
	}
	if (s->tone)
		out[to++] = tones[s->tone];
	out[to] = '\0';
}

/* A house, a menu's digit, a code: it says something only beside a word ("2 người"). */
static bool is_number(const struct syllable *s)
{
	return s->letters[strspn(s->letters, "0123456789")] == '\0';
}

static void add_syllables(struct naming *n)
{
	char name[GUESS_FEATURE_BYTES], marked[MARKED_BYTES];

	for (size_t i = 0; i < n->f->text_len; i++) {
		const struct syllable *s = &n->f->text[i];

		if (!is_number(s)) {
			snprintf(name, sizeof(name), "w %s", s->letters);
			add_named(n, name, i, 1);
		}
		if (s->has_marks) {
			spell_marked(s, marked);
			snprintf(name, sizeof(name), "m %s", marked);
			add_named(n, name, i, 1);
		}
		if (i + 1 < n->f->text_len && !(is_number(s) && is_number(&s[1]))) {
			snprintf(name, sizeof(name), "p %s %s", s->letters, s[1].letters);
			add_named(n, name, i, 2);
		}
	}
}

static void add_skips(struct naming *n)
{
	char name[GUESS_FEATURE_BYTES];

	for (size_t i = 0; i + 2 < n->f->text_len; i++) {
		const struct syllable *s = &n->f->text[i];

		if (is_number(s) || is_number(&s[2]))
			continue;
		snprintf(name, sizeof(name), "s %s %s", s->letters, s[2].letters);
		add_named(n, name, i, 3);
	}
}

/* Of the whole text: a word alone is then one thing known, not three. */
static void add_ends(struct naming *n)
{
	char name[GUESS_FEATURE_BYTES];
	size_t first = 0, end = n->f->text_len;

	while (first < end && is_number(&n->f->text[first]))
		first++;
	while (end > first && is_number(&n->f->text[end - 1]))
		end--;
	if (first == end)
		return;
	snprintf(name, sizeof(name), "f %s", n->f->text[first].letters);
	add_named(n, name, 0, 0);
	snprintf(name, sizeof(name), "l %s", n->f->text[end - 1].letters);
	add_named(n, name, 0, 0);
}

static void add_entries(struct naming *n)
{
	char name[GUESS_FEATURE_BYTES];

	for (size_t i = 0; i < n->f->words.count; i++) {
		const struct guess_match *m = &n->f->words.list[i];

		snprintf(name, sizeof(name), "g %s", n->f->source->words.names[m->term->group]);
		add_named(n, name, m->start, m->len);
	}
}

static void add_beside(struct naming *n, const struct guess_match *m)
{
	const char *class_name = n->f->source->classes.names[m->term->group];
	const struct syllable *text = n->f->text;
	size_t behind = m->start + m->len;
	char name[GUESS_FEATURE_BYTES];

	if (m->start > 0 && !is_number(&text[m->start - 1])) {
		snprintf(name, sizeof(name), "b %s %s", class_name, text[m->start - 1].letters);
		add_named(n, name, m->start - 1, m->len + 1);
	}
	if (behind < n->f->text_len && !is_number(&text[behind])) {
		snprintf(name, sizeof(name), "a %s %s", class_name, text[behind].letters);
		add_named(n, name, m->start, m->len + 1);
	}
}

static void add_classes(struct naming *n)
{
	char name[GUESS_FEATURE_BYTES];

	for (size_t i = 0; i < n->f->classes.count; i++) {
		const struct guess_match *m = &n->f->classes.list[i];

		snprintf(name, sizeof(name), "c %s", n->f->source->classes.names[m->term->group]);
		add_named(n, name, m->start, m->len);
		add_beside(n, m);
	}
}

static void add_points(struct naming *n, const struct guess *by_hand)
{
	int steps = by_hand->danger / DANGER_STEP;
	char name[GUESS_FEATURE_BYTES];

	for (int i = 1; i <= steps && i <= DANGER_STEPS; i++) {
		snprintf(name, sizeof(name), "d %d", i);
		add_named(n, name, 0, 0);
	}
	for (int i = -1; i >= steps && i >= -CALM_STEPS; i--) {
		snprintf(name, sizeof(name), "d %d", i);
		add_named(n, name, 0, 0);
	}
	snprintf(name, sizeof(name), "t %s 1", category_code(by_hand->category));
	add_named(n, name, 0, 0);
	if (by_hand->points[by_hand->category] >= MANY_POINTS) {
		snprintf(name, sizeof(name), "t %s 2", category_code(by_hand->category));
		add_named(n, name, 0, 0);
	}
	if (n->f->asks)
		add_named(n, "q ?", 0, 0);
}

void guess_features(const struct guess_finding *f, const struct guess *by_hand,
	guess_feature_cb *add, void *arg)
{
	struct naming n = {.f = f, .add = add, .arg = arg};

	add_syllables(&n);
	add_skips(&n);
	add_ends(&n);
	add_entries(&n);
	add_classes(&n);
	add_points(&n, by_hand);
}
