/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/syllable.h"

#include <string.h>
#include <utf8proc.h>

enum syllable_mark { MARK_NONE, MARK_CIRCUMFLEX, MARK_BREVE, MARK_HORN, MARK_STROKE };

#define DECOMPOSED_MAX 24 /* the longest compatibility decomposition has 18 characters */

static enum syllable_mark letter_mark(utf8proc_int32_t code)
{
	switch (code) {
	case 0x302:
		return MARK_CIRCUMFLEX;
	case 0x306:
		return MARK_BREVE;
	case 0x31b:
		return MARK_HORN;
	default:
		return MARK_NONE;
	}
}

static uint8_t tone_mark(utf8proc_int32_t code)
{
	static const uint16_t tones[] = {0x300, 0x301, 0x303, 0x309, 0x323};

	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++) {
		if (code == tones[i])
			return (uint8_t)(i + 1);
	}
	return 0;
}

static bool is_letter(utf8proc_int32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9') || code == 0x111 ||
	       code == 0xf0; /* eth is drawn like đ and typed for it */
}

/* A letter held down. "uu" and "oo" are real ("cứu", "xoong"), so that a run of those keeps two. */
static size_t run_kept(char letter)
{
	return letter == 'u' || letter == 'o' ? 2 : 1;
}

static void squeeze_runs(struct syllable *s)
{
	size_t len = strlen(s->letters), to = 0;

	for (size_t i = 0, run; i < len; i += run) {
		size_t kept;

		for (run = 1; i + run < len && s->letters[i + run] == s->letters[i];)
			run++;
		kept = run >= 3 ? run_kept(s->letters[i]) : run;
		if (s->letters[i] >= '0' && s->letters[i] <= '9')
			kept = run;
		for (size_t k = 0; k < kept; k++, to++) {
			s->letters[to] = s->letters[i];
			s->mark[to] = s->mark[i + k];
		}
	}
	s->letters[to] = '\0';
}

/* Beginnings that are said alike somewhere in the country; the longest that fits counts. */
static const struct {
	const char *written, *sound;
} onsets[] = {
	{"ngh", "ng"},
	{"tr", "c"},
	{"ch", "c"},
	{"gi", "z"},
	{"gh", "g"},
	{"ph", "f"},
	{"qu", "kw"},
	{"kh", "h"},
	{"d", "z"},
	{"r", "z"},
	{"s", "x"},
	{"c", "k"},
	{"n", "l"},
	{"j", "z"},
};
/* "nh", "ng", "th" are no beginnings of those above. */
static bool keeps_its_onset(const char *letters)
{
	return strncmp(letters, "nh", 2) == 0 ||
	       (strncmp(letters, "ng", 2) == 0 && strncmp(letters, "ngh", 3) != 0);
}

static void sound_of(struct syllable *s)
{
	const char *from = s->letters;
	size_t to = 0;

	for (size_t i = 0; !keeps_its_onset(s->letters) && i < sizeof(onsets) / sizeof(onsets[0]);
		i++) {
		size_t len = strlen(onsets[i].written);

		if (strncmp(from, onsets[i].written, len) != 0 || !from[len])
			continue;
		to = strlen(onsets[i].sound);
		memcpy(s->sound, onsets[i].sound, to);
		from += len;
		break;
	}
	for (; *from && to < SYLLABLE_LETTERS_MAX; from++, to++)
		s->sound[to] = *from == 'y' ? 'i' : *from;
	s->sound[to] = '\0';
	/* đ is no d: the stroke, where it was typed, is the only thing that tells. */
	if (s->letters[0] == 'd' && s->mark[0] == MARK_STROKE)
		s->sound[0] = 'd';
}

struct cutter {
	struct syllable *out;
	size_t max, count, len;
	bool is_open;
};

static void cutter_close(struct cutter *c)
{
	struct syllable *s = &c->out[c->count];

	if (!c->is_open)
		return;
	c->is_open = false;
	s->letters[c->len] = '\0';
	squeeze_runs(s);
	sound_of(s);
	c->count++;
}

static void cutter_letter(struct cutter *c, utf8proc_int32_t code)
{
	struct syllable *s;

	if (c->is_open && c->len == SYLLABLE_LETTERS_MAX)
		cutter_close(c);
	if (c->count == c->max)
		return;
	s = &c->out[c->count];
	if (!c->is_open) {
		memset(s, 0, sizeof(*s));
		c->len = 0;
		c->is_open = true;
	}
	if (code == 0x111 || code == 0xf0) {
		s->mark[c->len] = MARK_STROKE;
		s->has_marks = true;
		code = 'd';
	}
	s->letters[c->len++] = (char)code;
}

static void cutter_mark(struct cutter *c, utf8proc_int32_t code)
{
	struct syllable *s = &c->out[c->count];
	uint8_t tone = tone_mark(code);
	enum syllable_mark mark = letter_mark(code);

	if (!c->is_open || (!tone && mark == MARK_NONE))
		return;
	if (tone)
		s->tone = tone;
	else
		s->mark[c->len - 1] = (uint8_t)mark;
	s->has_marks = true;
}

size_t syllables_cut(const char *utf8, struct syllable *out, size_t max)
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_COMPAT |
					  UTF8PROC_STABLE;
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)utf8;
	utf8proc_ssize_t left = (utf8proc_ssize_t)strlen(utf8);
	struct cutter cutter = {.out = out, .max = max};

	while (left > 0 && cutter.count < max) {
		utf8proc_int32_t code, parts[DECOMPOSED_MAX];
		utf8proc_ssize_t used = utf8proc_iterate(at, left, &code), count;

		if (used <= 0)
			break;
		at += used;
		left -= used;
		count = utf8proc_decompose_char(code, parts, DECOMPOSED_MAX, options, NULL);
		for (utf8proc_ssize_t i = 0; i < count && i < DECOMPOSED_MAX; i++) {
			if (is_letter(parts[i]))
				cutter_letter(&cutter, parts[i]);
			else if (tone_mark(parts[i]) || letter_mark(parts[i]) != MARK_NONE)
				cutter_mark(&cutter, parts[i]);
			else
				cutter_close(&cutter);
			if (cutter.count == max)
				break;
		}
	}
	if (cutter.count < max)
		cutter_close(&cutter);
	return cutter.count;
}

/* Marks that were typed must be the word's; marks that were left out may be anything. */
static enum syllable_fit marks_fit(const struct syllable *written, const struct syllable *word)
{
	bool is_bare = false;

	for (size_t i = 0; word->letters[i]; i++) {
		if (written->mark[i] == word->mark[i])
			continue;
		if (written->mark[i] != MARK_NONE)
			return SYLLABLE_NONE;
		is_bare = true;
	}
	if (written->tone != word->tone) {
		if (written->tone)
			return SYLLABLE_NONE;
		is_bare = true;
	}
	return is_bare ? SYLLABLE_BARE : SYLLABLE_FULL;
}

/* hỏi and ngã are one tone to the ear of most of the country. */
static bool tones_agree(uint8_t written, uint8_t word)
{
	return !written || written == word || (written == 3 && word == 4) ||
	       (written == 4 && word == 3);
}

/* The letters behind the beginning, walked from the end: no mark that was typed is another one. */
static bool rimes_agree(const struct syllable *written, const struct syllable *word)
{
	size_t i = strlen(written->letters), k = strlen(word->letters);

	while (i && k && written->letters[i - 1] == word->letters[k - 1]) {
		i--;
		k--;
		if (written->mark[i] != MARK_NONE && written->mark[i] != word->mark[k])
			return false;
	}
	return true;
}

enum syllable_fit syllable_fit(const struct syllable *written, const struct syllable *word)
{
	enum syllable_fit fit = SYLLABLE_NONE;

	if (strcmp(written->letters, word->letters) == 0)
		fit = marks_fit(written, word);
	if (fit == SYLLABLE_NONE && strcmp(written->sound, word->sound) == 0 &&
		tones_agree(written->tone, word->tone) && rimes_agree(written, word))
		fit = SYLLABLE_SOUND;
	return fit;
}
