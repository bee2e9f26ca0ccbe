/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/feed_item.h"

#include "daemon/base/str.h"
#include "daemon/desk/feed_html.h"
#include "daemon/desk/feed_time.h"
#include "gateway/sms_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RAW_MAX (64 * 1024) /* of a text with its markup */

/* Longest raw text of a field, and whether a longer one makes the item worthless. */
static size_t most_bytes(int field)
{
	switch (field) {
	case FEED_FIELD_CONTENT:
	case FEED_FIELD_SUMMARY:
	case FEED_FIELD_INSTRUCTION:
		return RAW_MAX;
	case FEED_FIELD_TITLE:
	case FEED_FIELD_AREA:
	case FEED_FIELD_NOTE:
	case FEED_FIELD_REFERENCES:
		return FEED_REFERENCES_MAX;
	case FEED_FIELD_LINK:
		return FEED_LINK_MAX;
	case FEED_FIELD_ID:
		return FEED_ID_MAX;
	default:
		return FEED_ID_MAX / 4;
	}
}

static void words_init(struct feed_words *words, int field)
{
	*words = (struct feed_words){0};
	buf_init(&words->raw, most_bytes(field));
}

static void words_reset(struct feed_words *words)
{
	buf_reset(&words->raw);
	words->is_markup = words->is_cut = words->is_set = false;
}

void feed_draft_init(struct feed_draft *draft)
{
	*draft = (struct feed_draft){0};
	for (int i = 0; i < FEED_FIELD_COUNT; i++)
		words_init(&draft->words[i], i);
	for (int i = FEED_FIELD_INFO; i < FEED_FIELD_COUNT; i++)
		words_init(&draft->chosen[i - FEED_FIELD_INFO], i);
}

void feed_draft_done(struct feed_draft *draft)
{
	for (size_t i = 0; i < ARRAY_LEN(draft->words); i++)
		buf_done(&draft->words[i].raw);
	for (size_t i = 0; i < ARRAY_LEN(draft->chosen); i++)
		buf_done(&draft->chosen[i].raw);
}

void feed_draft_begin(struct feed_draft *draft)
{
	for (size_t i = 0; i < ARRAY_LEN(draft->words); i++)
		words_reset(&draft->words[i]);
	draft->has_chosen = draft->is_chosen_vi = false;
	draft->link_rank = 0;
}

void feed_draft_begin_info(struct feed_draft *draft)
{
	for (int i = FEED_FIELD_INFO; i < FEED_FIELD_COUNT; i++)
		words_reset(&draft->words[i]);
}

void feed_draft_end_info(struct feed_draft *draft)
{
	const char *language = buf_text(&draft->words[FEED_FIELD_LANGUAGE].raw);
	bool is_vi;

	language += strspn(language, " \t\r\n");
	is_vi = strncasecmp(language, "vi", 2) == 0;
	if (draft->has_chosen && (draft->is_chosen_vi || !is_vi))
		return;
	draft->has_chosen = true;
	draft->is_chosen_vi = is_vi;
	for (int i = FEED_FIELD_INFO; i < FEED_FIELD_COUNT; i++) {
		struct feed_words *chosen = &draft->chosen[i - FEED_FIELD_INFO];
		struct feed_words old = *chosen;

		*chosen = draft->words[i];
		draft->words[i] = old;
	}
}

/* ---- what comes ------------------------------------------------------------------------------
 */

static struct feed_words *open_words(struct feed_draft *draft, enum feed_field field)
{
	struct feed_words *words = &draft->words[field];

	return words->is_set ? NULL : words;
}

void feed_draft_open(struct feed_draft *draft, enum feed_field field, bool is_markup)
{
	struct feed_words *words = open_words(draft, field);

	if (!words)
		return;
	words->is_markup = is_markup;
	/* One area after the other. */
	if (field == FEED_FIELD_AREA && words->raw.len)
		feed_draft_add(draft, field, "; ", 2);
}

void feed_draft_add(struct feed_draft *draft, enum feed_field field, const char *text, size_t len)
{
	struct feed_words *words = open_words(draft, field);
	size_t room;

	if (!words || words->is_cut || draft->err)
		return;
	room = words->raw.max - words->raw.len;
	words->is_cut = len > room;
	if (words->is_cut) {
		/* At the end of a letter. */
		for (len = room; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	}
	draft->err = buf_add(&words->raw, text, len);
}

void feed_draft_break(struct feed_draft *draft, enum feed_field field)
{
	if (draft->words[field].is_markup)
		feed_draft_add(draft, field, " ", 1);
}

void feed_draft_close(struct feed_draft *draft, enum feed_field field)
{
	struct feed_words *words = &draft->words[field];

	words->is_set = field != FEED_FIELD_AREA &&
			strspn(buf_text(&words->raw), " \t\r\n") != words->raw.len;
	if (!words->is_set && field != FEED_FIELD_AREA)
		buf_reset(&words->raw);
}

void feed_draft_link(struct feed_draft *draft, const char *rel, const char *type, const char *href)
{
	struct feed_words *words = &draft->words[FEED_FIELD_LINK];
	int rank = strcasecmp(type, "application/cap+xml") == 0 ? 3
		   : str_eq(rel, "alternate") || !rel[0]	? 2
								: 0;

	if (rank <= draft->link_rank)
		return;
	buf_reset(&words->raw);
	words->is_set = words->is_cut = false;
	feed_draft_add(draft, FEED_FIELD_LINK, href, strlen(href));
	words->is_set = true;
	draft->link_rank = rank;
}

/* ---- the item --------------------------------------------------------------------------------
 */

struct maker {
	struct feed_draft *draft;
	struct feed_item item;
	enum err err;
};

static const struct feed_words *words_of(const struct maker *m, enum feed_field field)
{
	return field >= FEED_FIELD_INFO && m->item.is_alert
		       ? &m->draft->chosen[field - FEED_FIELD_INFO]
		       : &m->draft->words[field];
}

/* Without the blanks around it, as it stands; NULL out of memory. */
static char *plain(struct maker *m, enum feed_field field)
{
	const struct feed_words *words = words_of(m, field);
	const char *text = words->is_cut ? "" : buf_text(&words->raw);
	size_t start = strspn(text, " \t\r\n"), len = strlen(text);
	char *copy;

	while (len > start && strchr(" \t\r\n", text[len - 1]))
		len--;
	copy = strndup(text + start, len - start);
	if (!copy)
		m->err = ERR_NOMEM;
	return copy;
}

static int64_t moment(struct maker *m, enum feed_field field)
{
	const struct feed_words *words = words_of(m, field);

	return words->is_cut ? 0 : feed_time(buf_text(&words->raw));
}

/* Appends the field's words; a text that was no markup keeps its signs. */
static void add_words(struct maker *m, enum feed_field field, size_t max, struct buf *out)
{
	const struct feed_words *words = words_of(m, field);
	CLEAN_BUF escaped = {0};
	const char *text = buf_text(&words->raw);

	if (m->err || !words->raw.len)
		return;
	if (words->is_markup) {
		m->err = feed_html_text(text, max, out);
		return;
	}
	buf_init(&escaped, 6 * words->raw.len);
	for (const char *at = text; !m->err && *at; at++) {
		if (*at == '&')
			m->err = buf_adds(&escaped, "&amp;");
		else if (*at == '<')
			m->err = buf_adds(&escaped, "&lt;");
		else if (*at == '\n')
			m->err = buf_adds(&escaped, "<br>");
		else
			m->err = buf_add(&escaped, at, 1);
	}
	if (!m->err)
		m->err = feed_html_text(buf_text(&escaped), max, out);
}

static char *text_of(struct maker *m, enum feed_field field, size_t max)
{
	CLEAN_BUF out = {0};
	char *text;

	buf_init(&out, max + 1);
	add_words(m, field, max, &out);
	text = out.len ? buf_take(&out) : str_dup("");
	if (!text)
		m->err = ERR_NOMEM;
	return text;
}

/* The word's place in the list, from 1; 0 none. */
static int word_of(struct maker *m, enum feed_field field, const char *const *words, int count)
{
	char *text = plain(m, field);
	int found = 0;

	for (int i = 0; text && i < count; i++) {
		if (strcasecmp(words[i], text) == 0)
			found = i + 1;
	}
	free(text);
	return found;
}
#define WORD(m, field, ...) \
	word_of(m, field, (const char *const[]){__VA_ARGS__}, \
		(int)ARRAY_LEN(((const char *const[]){__VA_ARGS__})))

static void alert_words(struct maker *m)
{
	struct feed_item *item = &m->item;

	item->status = (enum feed_alert_status)WORD(
		m, FEED_FIELD_STATUS, "Actual", "Exercise", "System", "Test", "Draft");
	item->type = (enum feed_alert_type)WORD(
		m, FEED_FIELD_TYPE, "Alert", "Update", "Cancel", "Ack", "Error");
	item->is_public = WORD(m, FEED_FIELD_SCOPE, "Public") == 1;
	item->urgency = (enum feed_alert_urgency)WORD(
		m, FEED_FIELD_URGENCY, "Immediate", "Expected", "Future", "Past");
	item->severity = (enum feed_alert_severity)WORD(
		m, FEED_FIELD_SEVERITY, "Extreme", "Severe", "Moderate", "Minor");
	item->certainty = (enum feed_alert_certainty)WORD(
		m, FEED_FIELD_CERTAINTY, "Observed", "Likely", "Possible", "Unlikely");
}

/* "sender,identifier,sent": what other alerts call it by. */
static void alert_id(struct maker *m)
{
	char *sender = plain(m, FEED_FIELD_SENDER), *identifier = plain(m, FEED_FIELD_IDENTIFIER);
	char *sent = plain(m, FEED_FIELD_SENT);
	bool is_whole = sender && identifier && sent && sender[0] && identifier[0] && sent[0];
	CLEAN_BUF id = {0};

	buf_init(&id, FEED_ID_MAX);
	/* Neither may hold what separates them (CAP 1.2 §3.2.1). */
	if (is_whole && (strpbrk(sender, " ,<&\t\r\n") || strpbrk(identifier, " ,<&\t\r\n") ||
				strpbrk(sent, " ,\t\r\n")))
		is_whole = false;
	if (is_whole && !m->err)
		m->err = buf_addf(&id, "%s,%s,%s", sender, identifier, sent);
	else if (!m->err)
		m->err = ERR_INVALID;
	m->item.id = buf_take(&id);
	m->item.published_ms = feed_time(sent ? sent : "");
	if (!m->err && !m->item.published_ms)
		m->err = ERR_INVALID;
	free(sender);
	free(identifier);
	free(sent);
}

static void make_alert(struct maker *m)
{
	static const enum feed_field parts[] = {FEED_FIELD_SUMMARY, FEED_FIELD_INSTRUCTION};
	struct feed_item *item = &m->item;
	CLEAN_BUF text = {0};

	alert_id(m);
	if (m->err)
		return;
	alert_words(m);
	item->title = text_of(m,
		words_of(m, FEED_FIELD_TITLE)->raw.len ? FEED_FIELD_TITLE : FEED_FIELD_EVENT,
		FEED_TITLE_MAX);
	buf_init(&text, FEED_TEXT_MAX + 8);
	for (size_t i = 0; !m->err && i < ARRAY_LEN(parts); i++) {
		if (text.len && words_of(m, parts[i])->raw.len)
			m->err = buf_adds(&text, "\n");
		add_words(m, parts[i], FEED_TEXT_MAX / 2, &text);
	}
	/* A Cancel needs no info: its note says why. */
	if (!text.len)
		add_words(m, FEED_FIELD_NOTE, FEED_TEXT_MAX / 2, &text);
	item->text = text.len ? buf_take(&text) : str_dup("");
	item->references = plain(m, FEED_FIELD_REFERENCES);
	item->area = text_of(m, FEED_FIELD_AREA, FEED_TITLE_MAX);
	item->expires_ms = moment(m, FEED_FIELD_EXPIRES);
	item->link = plain(m, FEED_FIELD_LINK);
	if (!m->err && !item->text)
		m->err = ERR_NOMEM;
}

static void make_news(struct maker *m)
{
	struct feed_item *item = &m->item;

	item->title = text_of(m, FEED_FIELD_TITLE, FEED_TITLE_MAX);
	item->text = text_of(m,
		m->draft->words[FEED_FIELD_SUMMARY].is_set ? FEED_FIELD_SUMMARY
							   : FEED_FIELD_CONTENT,
		FEED_TEXT_MAX);
	item->link = plain(m, FEED_FIELD_LINK);
	item->id = plain(m, FEED_FIELD_ID);
	item->references = str_dup("");
	item->area = str_dup("");
	item->published_ms = moment(m, FEED_FIELD_PUBLISHED);
	item->updated_ms = moment(m, FEED_FIELD_UPDATED);
	item->expires_ms = moment(m, FEED_FIELD_EXPIRES);
	if (m->err || !item->references || !item->area) {
		m->err = ERR_NOMEM;
		return;
	}
	for (int i = 0; i < 2 && !item->id[0]; i++) {
		free(item->id);
		item->id = str_dup(i ? item->title : item->link);
		if (!item->id) {
			m->err = ERR_NOMEM;
			return;
		}
	}
	if (!item->id[0] || m->draft->words[FEED_FIELD_ID].is_cut ||
		(!item->title[0] && !item->text[0] && !item->link[0]))
		m->err = ERR_INVALID;
}

enum err feed_draft_finish(struct feed_draft *draft, bool is_alert, struct feed_item *ret_item)
{
	struct maker m = {.draft = draft, .item.is_alert = is_alert, .err = draft->err};

	if (m.err)
		return m.err;
	if (is_alert)
		make_alert(&m);
	else
		make_news(&m);
	if (m.err) {
		feed_item_done(&m.item);
		return m.err;
	}
	*ret_item = m.item;
	return ERR_OK;
}

void feed_item_done(struct feed_item *item)
{
	free(item->id);
	free(item->title);
	free(item->text);
	free(item->link);
	free(item->references);
	free(item->area);
	*item = (struct feed_item){0};
}
