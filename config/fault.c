/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * jansson says what it expected; the person wants to know where, and what to do about the three
 * mistakes that everybody makes: comments, a comma too many, a key given twice. Its own text may
 * quote the file ("near ..."), where a phone number may stand, so that part never gets out.
 */
#include "config/fault.h"

#include "config/quote.h"
#include "daemon/base/str.h"

#include <string.h>

#define DEPTH_MAX 8 /* two more than the deepest setting; what is deeper is not named */

/* Where a scan is: at each depth the key last begun, or the number of values before in a list. */
struct place {
	struct {
		const char *key;
		size_t key_bytes;
		int index;
		bool is_list;
	} levels[DEPTH_MAX + 1];
	size_t depth;
	bool wants_key;
};

static size_t string_end(const char *text, size_t len, size_t start)
{
	size_t i = start + 1;

	while (i < len && text[i] != '"')
		i += text[i] == '\\' ? 2 : 1;
	return i < len ? i : len;
}

static void place_open(struct place *place, bool is_list)
{
	place->wants_key = !is_list;
	place->depth++;
	if (place->depth > DEPTH_MAX)
		return;
	place->levels[place->depth].key = NULL;
	place->levels[place->depth].key_bytes = 0;
	place->levels[place->depth].index = 0;
	place->levels[place->depth].is_list = is_list;
}

static void place_comma(struct place *place)
{
	if (place->depth > DEPTH_MAX)
		return;
	place->wants_key = !place->levels[place->depth].is_list;
	place->levels[place->depth].index++;
}

/* Follows text[0..end), which is JSON as far as it goes. */
static void place_scan(struct place *place, const char *text, size_t end)
{
	*place = (struct place){.levels[0].is_list = true};
	for (size_t i = 0; i < end; i++) {
		switch (text[i]) {
		case '{':
		case '[':
			place_open(place, text[i] == '[');
			break;
		case '}':
		case ']':
			if (place->depth)
				place->depth--;
			break;
		case ',':
			place_comma(place);
			break;
		case '"':
			if (place->wants_key && place->depth <= DEPTH_MAX) {
				place->levels[place->depth].key = text + i + 1;
				place->levels[place->depth].key_bytes = string_end(text, end, i) -
									i - 1;
			}
			place->wants_key = false;
			i = string_end(text, end, i);
			break;
		default:
			break;
		}
	}
}

/* "modems[1].name"; "" at the top. */
static void place_format(const struct place *place, char *out, size_t bytes)
{
	char quote[QUOTE_BYTES];
	size_t len = 0;

	out[0] = 0;
	for (size_t i = 1; i <= place->depth && i <= DEPTH_MAX && len < bytes; i++) {
		if (place->levels[i].is_list)
			len += (size_t)snprintf(
				out + len, bytes - len, "[%d]", place->levels[i].index);
		else if (place->levels[i].key)
			len += (size_t)snprintf(out + len, bytes - len, "%s%s", len ? "." : "",
				quote_text(
					place->levels[i].key, place->levels[i].key_bytes, quote));
	}
}

static void line_column(const char *text, size_t offset, int *ret_line, int *ret_column)
{
	*ret_line = 1;
	*ret_column = 1;
	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			++*ret_line;
			*ret_column = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			++*ret_column;
		}
	}
}

static enum err fault_at(
	const char *text, size_t offset, const char *name, struct errbuf *eb, const char *what)
{
	int line, column;

	line_column(text, offset, &line, &column);
	return errbuf_set(
		eb, ERR_CONFIG, "%.200s: line %d, column %d: %s", name, line, column, what);
}

/* The position of jansson is behind the token that it did not want: back to where that begins. */
static size_t key_start(const char *text, size_t end)
{
	size_t start = 0, i = 0;

	while (i < end) {
		if (text[i] == '"') {
			start = i;
			i = string_end(text, end, i);
		}
		i++;
	}
	return start;
}

static enum err fault_duplicate(const char *text, size_t end, const char *name, struct errbuf *eb)
{
	struct place place;
	char path[200];
	int line, column;

	place_scan(&place, text, end);
	place_format(&place, path, sizeof(path));
	line_column(text, key_start(text, end), &line, &column);
	return errbuf_set(eb, ERR_CONFIG,
		"%.200s: line %d, column %d: %s: duplicate key; allowed: each key once", name, line,
		column, path);
}

static const char *expected(const json_error_t *error, char *what, size_t bytes)
{
	size_t len = strcspn(error->text, "'");

	if (str_starts(error->text, "'}' expected"))
		return "expected ',' or '}'";
	if (str_starts(error->text, "']' expected"))
		return "expected ',' or ']'";
	if (str_starts(error->text, "string or '}' expected"))
		return "expected a key in double quotes, or '}'";
	if (str_starts(error->text, "':' expected"))
		return "expected ':'";
	if (str_starts(error->text, "'[' or '{' expected"))
		return "expected '{'";
	/* Before " near '" there are only jansson's own words. */
	if (len > 5 && memcmp(error->text + len - 5, "near ", 5) == 0)
		len -= 5;
	while (len && error->text[len - 1] == ' ')
		len--;
	snprintf(what, bytes, "not JSON: %.*s", (int)len, error->text);
	return what;
}

static bool is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
			return false;
	}
	return true;
}

enum err json_fault(const char *text, size_t len, const char *name, const json_error_t *error,
	struct errbuf *eb)
{
	size_t end = error->position < 0 ? 0 : (size_t)error->position;
	size_t at, before;
	char what[128];

	if (is_blank(text, len))
		return errbuf_set(eb, ERR_CONFIG, "%.200s: is empty; {} is the least", name);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return errbuf_set(eb, ERR_CONFIG,
			"%.200s: begins with a byte order mark; save it as UTF-8 without one",
			name);
	if (end > len)
		end = len;
	if (json_error_code(error) == json_error_duplicate_key)
		return fault_duplicate(text, end, name, eb);
	at = end ? end - 1 : 0;
	if (json_error_code(error) == json_error_premature_end_of_input)
		return fault_at(text, len, name, eb, "the text ends too early; is a '}' missing?");
	if (json_error_code(error) == json_error_invalid_utf8)
		return fault_at(text, at, name, eb, "is not UTF-8");
	if (text[at] == '/' || text[at] == '#')
		return fault_at(text, at, name, eb, "JSON has no comments; remove it");
	before = at;
	while (before && is_blank(text + before - 1, 1))
		before--;
	if ((text[at] == '}' || text[at] == ']') && before && text[before - 1] == ',')
		return fault_at(text, before - 1, name, eb,
			"JSON has no comma after the last entry; remove it");
	if (text[at] == '\'')
		return fault_at(text, at, name, eb, "JSON has no single quotes; write \"");
	return fault_at(text, at, name, eb, expected(error, what, sizeof(what)));
}
