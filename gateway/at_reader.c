/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/at_reader.h"
#include "daemon/base/str.h"

#include <string.h>

void at_reader_reset(struct at_reader *reader)
{
	*reader = (struct at_reader){0};
}

static bool is_ussd(const struct at_reader *r)
{
	return r->len >= 6 && memcmp(r->line, "+CUSD:", 6) == 0;
}

/*
 * +CUSD whose text has begun and not ended: at the end stands neither `",15` nor a quote that has a
 * partner.
 */
static bool is_open(const struct at_reader *r)
{
	size_t end = r->len, digits;

	if (!is_ussd(r) || !r->quotes)
		return false;
	while (end && r->line[end - 1] == ' ')
		end--;
	for (digits = end; digits && r->line[digits - 1] >= '0' && r->line[digits - 1] <= '9';)
		digits--;
	if (digits && r->line[digits - 1] == ',' && digits < end)
		return digits < 2 || r->line[digits - 2] != '"' || r->quotes < 2;
	return !end || r->line[end - 1] != '"' || r->quotes % 2;
}

/* What surely is no line of a text: the modem forgot the end of it. */
static bool ends_text(const char *line)
{
	static const char *const begins[] = {"OK", "ERROR", "RING",
		"+CMTI:", "+CDSI:", "+CDS:", "+CUSD:", "+CMS ERROR", "+CME ERROR"};

	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		size_t len = strlen(begins[i]);

		if (strncmp(line, begins[i], len) == 0 && (!line[len] || begins[i][0] == '+'))
			return true;
	}
	return false;
}

static void emit(char *line, size_t len, at_token_fn fn, void *arg)
{
	while (len && line[len - 1] == ' ')
		len--;
	line[len] = 0;
	while (*line == ' ')
		line++;
	if (*line)
		fn(arg, AT_TOKEN_LINE, line);
}

static void end_line(struct at_reader *r, at_token_fn fn, void *arg)
{
	size_t len = r->len, last = r->last;

	if (!len)
		return;
	if (r->is_too_long) {
		at_reader_reset(r);
		return;
	}
	r->line[len] = 0;
	if (last && ends_text(r->line + last)) {
		char begun = r->line[last - 1];

		emit(r->line, last - 1, fn, arg);
		r->line[last - 1] = begun;
		emit(r->line + last, len - last, fn, arg);
		at_reader_reset(r);
		return;
	}
	if (is_open(r) && len + 1 < AT_LINE_BYTES) {
		if (len != last) {
			r->line[r->len++] = '\n';
			r->last = r->len;
		}
		return;
	}
	emit(r->line, len, fn, arg);
	at_reader_reset(r);
}

static void take(struct at_reader *r, char c, at_token_fn fn, void *arg)
{
	bool was_after_prompt = r->is_after_prompt;

	r->is_after_prompt = false;
	if (c == '\r' || c == '\n') {
		end_line(r, fn, arg);
		return;
	}
	if (!r->len && c == '>') {
		r->is_after_prompt = true;
		fn(arg, AT_TOKEN_PROMPT, "> ");
		return;
	}
	if (!r->len && c == ' ' && was_after_prompt)
		return;
	if (!c && is_ussd(r))
		c = '@';
	if (!c)
		return;
	if (r->len + 1 >= AT_LINE_BYTES) {
		r->is_too_long = true;
		return;
	}
	r->line[r->len++] = c;
	r->quotes += c == '"';
}

void at_reader_feed(
	struct at_reader *reader, const char *bytes, size_t len, at_token_fn fn, void *arg)
{
	for (size_t i = 0; i < len; i++)
		take(reader, bytes[i], fn, arg);
}
