/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a bulletin as they leave. */
#include "daemon/desk/bulletin_private.h"

#include "daemon/desk/bulletin_category.h"

#include <string.h>

#define HINT_UNITS     26 /* of "bulletin_refuse", with a blank before it */
#define PROPOSED_UNITS (2 * SMS_GSM7_PART - HINT_UNITS) /* two segments without accents */

/* What has to be read first. */
static enum err add_marks(const struct bulletin *b, enum phrase_form form, struct buf *out)
{
	static const char *const how[BULLETIN_REFERS_COUNT] = {
		[BULLETIN_REFERS_CORRECTS] = "bulletin_mark_corrects",
		[BULLETIN_REFERS_RECALLS] = "bulletin_mark_recalls"};
	const struct phrase_field fields[] = {{NULL, NULL}};
	enum err err = ERR_OK;

	if (b->is_drill)
		err = phrase("bulletin_mark_drill", form, fields, out);
	if (!err && b->is_drill)
		err = buf_adds(out, " ");
	if (!err && b->is_trial)
		err = phrase("bulletin_mark_trial", form, fields, out);
	if (!err && b->is_trial)
		err = buf_adds(out, " ");
	if (err || !how[b->refers_how])
		return err;
	err = phrase(how[b->refers_how], form, fields, out);
	return err ? err : buf_adds(out, " ");
}

/* How no more of the kind come. What is urgent has no room for it in a text message, and an
 * emergency is no time for it; those who get a correction were told before. */
static enum err add_refusal(const struct bulletin *b, enum phrase_form form, struct buf *out)
{
	const struct bulletin_category *category = bulletin_category_find(b->category);
	enum bulletin_speed speed = bulletin_speed(b);
	char topic[8] = "";
	const struct phrase_field fields[] = {{"topic", topic}, {NULL, NULL}};
	enum err err;

	if (!category || b->is_drill || b->refers_how || speed == BULLETIN_EMERGENCY ||
		(form == PHRASE_SMS && speed != BULLETIN_NORMAL))
		return ERR_OK;
	snprintf(topic, sizeof(topic), "%d", category->topic);
	err = buf_adds(out, form == PHRASE_SMS ? " " : "\n\n");
	return err ? err : phrase("bulletin_refuse", form, fields, out);
}

enum err desk_bulletin_text(const struct bulletin *bulletin, const struct bulletin_words *words,
	enum bulletin_form form, struct buf *out)
{
	const struct phrase_field fields[] = {{"source", words->source}, {NULL, NULL}};
	enum err err;

	if (form == BULLETIN_FORM_SMS) {
		err = add_marks(bulletin, PHRASE_SMS, out);
		if (!err)
			err = buf_adds(out, words->sms);
		return err ? err : add_refusal(bulletin, PHRASE_SMS, out);
	}
	err = add_marks(bulletin, PHRASE_FULL, out);
	if (!err)
		err = buf_addf(out, "%s\n\n%s", words->title, words->text);
	if (!err && words->source[0])
		err = buf_adds(out, "\n\n");
	if (!err && words->source[0])
		err = phrase("bulletin_source", PHRASE_FULL, fields, out);
	return err ? err : add_refusal(bulletin, PHRASE_FULL, out);
}

/* Where a sentence, or at least a word, ends at or before `most` bytes of text; 0 nowhere. */
static size_t cut_at(const char *text, size_t most, bool is_sentence)
{
	size_t cut = 0;

	for (size_t i = 0; i < most && text[i]; i++) {
		bool is_blank = text[i + 1] == ' ' || text[i + 1] == '\n' || !text[i + 1];
		bool is_end = strchr(".!?", text[i]) || text[i + 1] == '\n' || !text[i + 1];

		if (is_blank && (!is_sentence || is_end) && text[i] != ' ' && text[i] != '\n')
			cut = i + 1;
	}
	return cut;
}

/* Without its marks, on one line. */
static enum err plain(const char *text, struct buf *out)
{
	enum err err = sms_text_unaccent(text, out);

	for (size_t i = 0; !err && i < out->len; i++) {
		if (out->data[i] == '\n')
			out->data[i] = ' ';
	}
	return err;
}

enum err desk_bulletin_propose(const char *title, const char *text, struct buf *out)
{
	CLEAN_BUF head = {0};
	CLEAN_BUF body = {0};
	size_t room, cut;
	enum err err;

	buf_init(&head, BULLETIN_TITLE_MAX + 8);
	buf_init(&body, BULLETIN_TEXT_MAX + 8);
	err = sms_text_unaccent(title, &head);
	if (!err)
		err = plain(text, &body);
	if (err)
		return err;
	if (head.len && !strchr(".!?:", buf_text(&head)[head.len - 1]))
		err = buf_adds(&head, ".");
	room = head.len + 1 < PROPOSED_UNITS ? PROPOSED_UNITS - head.len - 1 : 0;
	cut = cut_at(buf_text(&body), room, true);
	/* A first sentence that is too long is cut between words. */
	if (!cut && room > 3)
		cut = cut_at(buf_text(&body), room - 3, false);
	if (!err)
		err = buf_add(out, head.data, head.len);
	if (err || !cut)
		return err;
	err = buf_addf(out, " %.*s", (int)cut, buf_text(&body));
	if (!err && buf_text(&body)[cut] && !strchr(".!?", buf_text(out)[out->len - 1]))
		err = buf_adds(out, "...");
	return err;
}
