/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/feed_html.h"

#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES 12 /* of a tag or an entity; longer ones are unknown */
#define ELLIPSIS   "…"

struct writer {
	struct buf *out;
	int breaks;    /* line ends that wait for a word */
	bool is_space; /* a space likewise */
	enum err err;
};

static void put(struct writer *w, const char *text, size_t len)
{
	if (w->err)
		return;
	if (w->out->len && w->breaks)
		w->err = buf_adds(w->out, w->breaks > 1 ? "\n\n" : "\n");
	else if (w->out->len && w->is_space)
		w->err = buf_adds(w->out, " ");
	w->breaks = 0;
	w->is_space = false;
	if (!w->err)
		w->err = buf_add(w->out, text, len);
}

static void put_break(struct writer *w, int lines)
{
	w->breaks = lines > w->breaks ? lines : w->breaks;
}

/* ---- entities --------------------------------------------------------------------------------
 */

/* What editors in Vietnam write: the letters of Latin-1 that the language has, and typography. */
static const struct {
	const char *name, *text;
} entities[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"},
	{"nbsp", " "}, {"ensp", " "}, {"emsp", " "}, {"thinsp", " "}, {"shy", ""}, {"zwnj", ""},
	{"zwj", ""}, {"ndash", "–"}, {"mdash", "—"}, {"hellip", "…"}, {"lsquo", "‘"},
	{"rsquo", "’"}, {"ldquo", "“"}, {"rdquo", "”"}, {"laquo", "«"}, {"raquo", "»"},
	{"bull", "•"}, {"middot", "·"}, {"deg", "°"}, {"copy", "©"}, {"reg", "®"}, {"trade", "™"},
	{"times", "×"}, {"frac12", "½"}, {"sup2", "²"}, {"sup3", "³"}, {"euro", "€"}, {"rarr", "→"},
	{"ge", "≥"}, {"le", "≤"}, {"agrave", "à"}, {"aacute", "á"}, {"acirc", "â"}, {"atilde", "ã"},
	{"egrave", "è"}, {"eacute", "é"}, {"ecirc", "ê"}, {"igrave", "ì"}, {"iacute", "í"},
	{"ograve", "ò"}, {"oacute", "ó"}, {"ocirc", "ô"}, {"otilde", "õ"}, {"ugrave", "ù"},
	{"uacute", "ú"}, {"yacute", "ý"}, {"Agrave", "À"}, {"Aacute", "Á"}, {"Acirc", "Â"},
	{"Atilde", "Ã"}, {"Egrave", "È"}, {"Eacute", "É"}, {"Ecirc", "Ê"}, {"Igrave", "Ì"},
	{"Iacute", "Í"}, {"Ograve", "Ò"}, {"Oacute", "Ó"}, {"Ocirc", "Ô"}, {"Otilde", "Õ"},
	{"Ugrave", "Ù"}, {"Uacute", "Ú"}, {"Yacute", "Ý"}, {"ETH", "Đ"}, {"Dstrok", "Đ"},
	{"dstrok", "đ"}};

static size_t encode(unsigned code, char text[4])
{
	if (code < 0x80) {
		text[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		text[0] = (char)(0xc0 | code >> 6);
		text[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		text[0] = (char)(0xe0 | code >> 12);
		text[1] = (char)(0x80 | (code >> 6 & 63));
		text[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	text[0] = (char)(0xf0 | code >> 18);
	text[1] = (char)(0x80 | (code >> 12 & 63));
	text[2] = (char)(0x80 | (code >> 6 & 63));
	text[3] = (char)(0x80 | (code & 63));
	return 4;
}

static void put_code(struct writer *w, unsigned code)
{
	char text[4];

	if (code == 0xa0 || code == ' ' || code == '\n' || code == '\t' || code == '\r')
		w->is_space = true;
	else if (code > ' ' && code != 0x7f && (code < 0x80 || code >= 0xa0) &&
		 (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff)
		put(w, text, encode(code, text));
}

static int digit_of(char c, int base)
{
	int value = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : 99;

	return value < base ? value : -1;
}

/* at: behind "&#". Returns behind the number, NULL when there is none. */
static const char *numbered(struct writer *w, const char *at)
{
	int base = *at == 'x' || *at == 'X' ? 16 : 10;
	unsigned code = 0;
	const char *first;

	if (base == 16)
		at++;
	for (first = at; digit_of(*at, base) >= 0; at++) {
		if (code <= 0x10ffff)
			code = code * (unsigned)base + (unsigned)digit_of(*at, base);
	}
	if (at == first)
		return NULL;
	put_code(w, code);
	return *at == ';' ? at + 1 : at;
}

/* at: behind "&". */
static const char *entity(struct writer *w, const char *at)
{
	const char *next = *at == '#' ? numbered(w, at + 1) : NULL;
	size_t len = strcspn(at, "; &<\n");

	if (next)
		return next;
	for (size_t i = 0; at[len] == ';' && i < ARRAY_LEN(entities); i++) {
		if (strlen(entities[i].name) != len || memcmp(entities[i].name, at, len) != 0)
			continue;
		if (entities[i].text[0] == ' ')
			w->is_space = true;
		else if (entities[i].text[0])
			put(w, entities[i].text, strlen(entities[i].text));
		return at + len + 1;
	}
	put(w, "&", 1);
	return at;
}

/* ---- tags ------------------------------------------------------------------------------------
 */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_any(const char *name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(words[i], name) == 0)
			return true;
	}
	return false;
}

/* Behind the tag's ">", which may not stand within quotes. */
static const char *tag_end(const char *at)
{
	char quote = 0;

	for (; *at; at++) {
		if (quote ? *at == quote : *at == '"' || *at == '\'')
			quote = quote ? 0 : *at;
		else if (!quote && *at == '>')
			return at + 1;
	}
	return at;
}

/* Behind "</name", which ends what a script or a style says. */
static const char *raw_end(const char *at, const char *name)
{
	size_t len = strlen(name);

	while ((at = strstr(at, "</"))) {
		if (strncasecmp(at + 2, name, len) == 0)
			return tag_end(at);
		at += 2;
	}
	return NULL;
}

/* at: on "<". */
static const char *tag(struct writer *w, const char *at)
{
	static const char *const raw[] = {
		"script", "style", "head", "iframe", "template", "noscript", "svg", "object"};
	static const char *const paragraphs[] = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table",
		"ul", "ol", "blockquote", "figure", "section", "article"};
	static const char *const lines[] = {
		"br", "div", "li", "tr", "dt", "dd", "hr", "figcaption", "pre", "header", "footer"};
	const char *first = at + 1 + (at[1] == '/'), *end;
	char name[NAME_BYTES] = "";
	size_t len = 0;

	if (strncmp(at, "<!--", 4) == 0) {
		end = strstr(at + 4, "-->");
		return end ? end + 3 : at + strlen(at);
	}
	while (len + 1 < sizeof(name) &&
		(is_letter(first[len]) || (len && first[len] >= '1' && first[len] <= '6'))) {
		name[len] = first[len];
		len++;
	}
	name[len] = 0;
	end = tag_end(at + 1);
	if (is_any(name, paragraphs, ARRAY_LEN(paragraphs)))
		put_break(w, 2);
	else if (is_any(name, lines, ARRAY_LEN(lines)))
		put_break(w, 1);
	else if (strcasecmp(name, "td") == 0 || strcasecmp(name, "th") == 0)
		w->is_space = true;
	if (at[1] != '/' && end[-1] == '>' && end[-2] != '/' && is_any(name, raw, ARRAY_LEN(raw))) {
		end = raw_end(end, name);
		return end ? end : at + strlen(at);
	}
	return end;
}

static bool is_tag(const char *at)
{
	return is_letter(at[1]) || at[1] == '!' || at[1] == '?' ||
	       (at[1] == '/' && is_letter(at[2]));
}

static enum err words(const char *html, struct buf *out)
{
	struct writer w = {.out = out};

	while (*html && !w.err) {
		size_t len = strcspn(html, "<& \t\r\n");

		if (len) {
			put(&w, html, len);
			html += len;
		} else if (*html == '<' && is_tag(html)) {
			html = tag(&w, html);
		} else if (*html == '&') {
			html = entity(&w, html + 1);
		} else if (*html == '<') {
			put(&w, html++, 1);
		} else {
			w.is_space = true;
			html++;
		}
	}
	return w.err;
}

/* ---- the end ---------------------------------------------------------------------------------
 */

/* At most `max` bytes with the ellipsis, and no half character. */
static size_t cut_at(const char *text, size_t max)
{
	size_t end = max - strlen(ELLIPSIS);

	while (end && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	for (size_t i = end; i > end * 3 / 4; i--) {
		if (text[i] == ' ' || text[i] == '\n')
			return i;
	}
	return end;
}

enum err feed_html_text(const char *html, size_t max, struct buf *out)
{
	CLEAN_BUF plain = {0};
	CLEAN_BUF composed = {0};
	size_t room = 3 * strlen(html) + 16; /* "≥" of "&ge;" is no longer; NFC may be */
	enum err err;

	buf_init(&plain, room);
	buf_init(&composed, 3 * room);
	err = words(html, &plain);
	if (!err)
		err = sms_text_normalize(buf_text(&plain), &composed);
	if (err || composed.len <= max)
		return err ? err : buf_adds(out, buf_text(&composed));
	err = buf_add(out, composed.data, cut_at(composed.data, max));
	return err ? err : buf_adds(out, ELLIPSIS);
}
