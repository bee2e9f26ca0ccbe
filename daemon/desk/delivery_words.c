/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a bulletin as they go out, by each way. Who heads a hamlet is also told how to say
 * that everybody there knows. */
#include "daemon/desk/delivery_private.h"

#include "daemon/desk/bulletin.h"

enum delivery_urgency delivery_urgency_of(const struct bulletin *bulletin)
{
	switch (bulletin_speed(bulletin)) {
	case BULLETIN_EMERGENCY:
		return DELIVERY_EMERGENCY;
	case BULLETIN_URGENT:
		return DELIVERY_URGENT;
	case BULLETIN_NORMAL:
		break;
	}
	return DELIVERY_NORMAL;
}

enum lane delivery_lane(enum delivery_urgency urgency)
{
	return urgency == DELIVERY_NORMAL ? LANE_BULLETIN : LANE_URGENT;
}

static enum err fit(enum lane lane, const char *text, struct delivery_words *words,
	enum delivery_form form, struct errbuf *eb)
{
	bool is_unaccented = false;
	enum err err = desk_sms_fit(
		lane, text, &words->forms[form], &words->size[form], &is_unaccented, eb);

	if (form == FORM_SMS)
		words->is_unaccented = is_unaccented;
	return err;
}

/* With the way to confirm, where a confirmation is waited for. */
static enum err for_heads(
	const struct bulletin *bulletin, const char *text, enum phrase_form form, struct buf *out)
{
	char number[24];
	const struct phrase_field fields[] = {{"text", text}, {"number", number}, {NULL, NULL}};

	if (delivery_urgency_of(bulletin) == DELIVERY_NORMAL)
		return buf_adds(out, text);
	snprintf(number, sizeof(number), "%lld", (long long)bulletin->id);
	return phrase("bulletin_head", form, fields, out);
}

enum err delivery_words(struct desk *desk, const struct bulletin *bulletin, const char *instead,
	struct delivery_words *words, struct errbuf *eb)
{
	enum lane lane = delivery_lane(delivery_urgency_of(bulletin));
	struct bulletin_words source;
	CLEAN_BUF text = {0};
	CLEAN_BUF head = {0};
	enum err err;

	*words = (struct delivery_words){.is_unaccented = false};
	for (int i = 0; i < FORM_COUNT; i++)
		buf_init(&words->forms[i], OUTBOX_BODY_MAX);
	buf_init(&text, OUTBOX_BODY_MAX);
	buf_init(&head, OUTBOX_BODY_MAX);
	err = bulletin_words(desk->store, bulletin, &source);
	if (err)
		return err;
	if (instead)
		source.sms = instead;
	err = desk_bulletin_text(bulletin, &source, BULLETIN_FORM_ZALO, &words->forms[FORM_FULL]);
	if (!err)
		err = for_heads(bulletin, buf_text(&words->forms[FORM_FULL]), PHRASE_FULL,
			&words->forms[FORM_HEAD_FULL]);
	if (!err)
		err = desk_bulletin_text(bulletin, &source, BULLETIN_FORM_SMS, &text);
	if (!err)
		err = for_heads(bulletin, buf_text(&text), PHRASE_SMS, &head);
	if (!err)
		err = fit(lane, buf_text(&text), words, FORM_SMS, eb);
	if (!err)
		err = fit(lane, buf_text(&head), words, FORM_HEAD_SMS, eb);
	bulletin_words_free(&source);
	return err;
}

void delivery_words_free(struct delivery_words *words)
{
	for (int i = 0; i < FORM_COUNT; i++)
		buf_done(&words->forms[i]);
}
