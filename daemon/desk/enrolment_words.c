/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "thon 3 Nguyen Van A": where ends the hamlet and where begins the name? The most words that are
 * the name or the code of a place, in any spelling; else a number that only one hamlet has; else
 * what looks like a hamlet ("ap 7"), which an officer will know. Everything else is no enrolment.
 */
#include "daemon/desk/enrolment.h"

#include "daemon/base/str.h"
#include "daemon/desk/csv_table.h"
#include "daemon/desk/desk_private.h"
#include "store/place.h"
#include "store/resident.h"

#include <string.h>

#define WORDS_MAX  6 /* of a hamlet's name */
#define PLACES_MAX 1000
#define BLANKS	   " \t\r\n,.;:-/"

struct search {
	const char *words;
	int64_t place_id; /* the best so far */
	size_t bytes;	  /* of the words that name it */
	char digits[8];	  /* the first word, if it is a number */
	size_t digits_bytes;
	int64_t numbered_id;
	int numbered;
};

/* The first `count` words; 0 when there are fewer. */
static size_t words_bytes(const char *text, int count)
{
	size_t at = strspn(text, BLANKS), end = 0;

	for (int i = 0; i < count; i++) {
		size_t len = strcspn(text + at, BLANKS);

		if (!len)
			return 0;
		end = at + len;
		at = end + strspn(text + end, BLANKS);
	}
	return end;
}

static void fold_part(const char *text, size_t bytes, char folded[PLACE_NAME_BYTES])
{
	char part[PLACE_NAME_BYTES];

	folded[0] = 0;
	if (bytes >= sizeof(part))
		return;
	memcpy(part, text, bytes);
	part[bytes] = 0;
	csv_fold(part, folded, PLACE_NAME_BYTES);
}

static void note_number(struct search *s, const struct place *place, const char *folded)
{
	size_t at = strcspn(folded, "0123456789");
	size_t len = strspn(folded + at, "0123456789");

	if (place->kind != PLACE_HAMLET || !s->digits_bytes || !len || folded[at + len])
		return;
	if (!str_eq(folded + at, s->digits))
		return;
	s->numbered++;
	s->numbered_id = place->id;
}

static void look_at(void *arg, const struct place *place)
{
	struct search *s = arg;
	char name[PLACE_NAME_BYTES], code[PLACE_NAME_BYTES], part[PLACE_NAME_BYTES];

	if (place->closed_ms)
		return;
	csv_fold(place->name, name, sizeof(name));
	csv_fold(place->code, code, sizeof(code));
	for (int i = 1; i <= WORDS_MAX; i++) {
		size_t bytes = words_bytes(s->words, i);

		if (bytes <= s->bytes)
			continue;
		fold_part(s->words, bytes, part);
		if (!part[0] || (!str_eq(part, name) && !str_eq(part, code)))
			continue;
		s->bytes = bytes;
		s->place_id = place->id;
	}
	note_number(s, place, name);
}

/* "thon 7", "to 12": bytes of it, 0 when it is none. */
static size_t unknown_hamlet(const char *words)
{
	static const char *const kinds[] = {
		"thon", "xom", "ap", "ban", "buon", "lang", "khom", "soc", "to", "khu"};
	size_t first = words_bytes(words, 1), both = words_bytes(words, 2);
	size_t second = first + strspn(words + first, BLANKS);
	char kind[PLACE_NAME_BYTES];

	if (!both || both >= ENROLMENT_SAID_MAX)
		return 0;
	fold_part(words, first, kind);
	if (strspn(words + second, "0123456789") == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(kinds[i], kind))
			return both;
	}
	return 0;
}

/* At least two letters, and none of what no name has. */
static bool is_name(const char *text)
{
	return strlen(text) < RESIDENT_NAME_BYTES && desk_letters(text) >= 2 &&
	       !strpbrk(text, "0123456789?!@#=<>\n");
}

enum err desk_enrolment_read(struct desk *desk, const char *words, struct enrolment_said *ret_said)
{
	struct search s = {.words = words + strspn(words, BLANKS)};
	struct enrolment_said said = {.place_id = 0};
	size_t first = words_bytes(s.words, 1);
	enum err err;

	words = s.words;
	if (first && first < sizeof(s.digits) && strspn(words, "0123456789") == first) {
		memcpy(s.digits, words, first);
		s.digits_bytes = first;
	}
	err = place_list(desk->store, 0, PLACES_MAX, look_at, &s);
	if (err)
		return err;
	said.place_id = s.place_id;
	if (!s.bytes && s.numbered == 1) {
		said.place_id = s.numbered_id;
		s.bytes = s.digits_bytes;
	}
	if (!s.bytes) {
		s.bytes = unknown_hamlet(words);
		memcpy(said.said, words, s.bytes);
	}
	if (!s.bytes)
		return ERR_NOT_FOUND;
	said.name = words + s.bytes + strspn(words + s.bytes, BLANKS);
	if (said.name[0] && !is_name(said.name))
		return ERR_NOT_FOUND;
	*ret_said = said;
	return ERR_OK;
}
