/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How texts leave by SMS, lane by lane. */
#include "daemon/desk/desk_private.h"

#include <ctype.h>

#include "gateway/sms_text.h"

/* Segments with accents, and at all; how long it is worth sending. 10 segments without accents are
 * about 1,500 characters. What is urgent has passed after a day. */
static const struct {
	int accented, most;
	int64_t expires_ms;
} lanes[LANE_COUNT] = {
	[LANE_ALARM] = {1, 10, DAY_MS},
	[LANE_ANSWER] = {3, 10, 7 * DAY_MS},
	[LANE_URGENT] = {2, 10, DAY_MS},
	[LANE_BULLETIN] = {3, 10, 3 * DAY_MS},
};

int64_t desk_expires_ms(enum lane lane)
{
	return lanes[lane].expires_ms;
}

enum err desk_sms_fit(enum lane lane, const char *text, struct buf *out, struct sms_size *ret_size,
	bool *ret_is_unaccented, struct errbuf *eb)
{
	CLEAN_BUF normal = {0};
	struct sms_size size;
	size_t before = out->len;
	enum err err;

	buf_init(&normal, OUTBOX_BODY_MAX);
	err = sms_text_normalize(text, &normal);
	if (err)
		return errbuf_set(eb, err, "the text is not valid UTF-8, or too long");
	if (!normal.len)
		return errbuf_set(eb, ERR_INVALID, "the text is empty");
	err = sms_text_fit(buf_text(&normal), lanes[lane].accented, out, &size);
	if (err || size.segments > lanes[lane].most)
		return errbuf_set(eb, ERR_TOO_BIG,
			"the text takes more than %d text messages; shorten it", lanes[lane].most);
	*ret_size = size;
	*ret_is_unaccented = !str_eq(buf_text(out) + before, buf_text(&normal));
	buf_wipe(&normal);
	return ERR_OK;
}

enum err desk_sms_marks(const struct desk *desk, const char *text, struct buf *out)
{
	struct sms_size size;

	return desk->sms_is_plain ? sms_text_unaccent(text, out)
				  : sms_text_fit(text, DESK_MARKS_SEGMENTS, out, &size);
}

const struct desk_way desk_way_shown = {.channel = CHANNEL_MODEM, .has_marks = true};

enum err desk_phrase(const struct desk_way *way, const char *key, const struct phrase_field *fields,
	struct buf *out)
{
	struct sms_size size = {.segments = DESK_MARKS_SEGMENTS + 1};
	CLEAN_BUF words = {0};
	enum err err = ERR_OK;

	if (!desk_is_sms(way->channel))
		return phrase(key, PHRASE_FULL, fields, out);
	buf_init(&words, OUTBOX_BODY_MAX);
	if (way->has_marks) {
		err = phrase(key, PHRASE_SMS_MARKS, fields, &words);
		if (!err)
			err = sms_text_size(buf_text(&words), &size);
	}
	if (!err && size.segments <= DESK_MARKS_SEGMENTS) {
		err = buf_adds(out, buf_text(&words));
	} else if (!err) {
		buf_reset(&words);
		err = phrase(key, PHRASE_SMS, fields, &words);
		if (!err)
			err = sms_text_unaccent(buf_text(&words), out);
	}
	buf_wipe(&words);
	return err;
}

int desk_letters(const char *text)
{
	CLEAN_BUF plain = {0};
	int count = 0;

	buf_init(&plain, OUTBOX_BODY_MAX);
	if (sms_text_unaccent(text, &plain))
		return 0;
	for (const char *p = buf_text(&plain); *p; p++)
		count += isalnum((unsigned char)*p) != 0;
	buf_wipe(&plain);
	return count;
}
