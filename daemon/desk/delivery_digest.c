/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text messages of what is not urgent, gathered: those for one person wait for an hour of the day
 * or the week and go as one message, without accents, since most of the price of a short message is
 * its segment. Each keeps its row in its own ledger; all of them point to the one message, and what
 * becomes of that becomes of each. What is taken out of it (stopped, refused) takes the message
 * back, and the others go in the next one.
 */
#include "daemon/desk/delivery_private.h"

#include "store/delivery.h"

#define DIGEST_HOUR    17  /* people are home, and the quiet hours far */
#define DIGEST_UNITS   612 /* four segments of GSM 7 bit */
#define FRAME_UNITS    80  /* of "bulletin_digest" around the list */
#define DAYS_OF_A_WEEK 7

/* 1 Monday to 7 Sunday, of days since 1 January 1970, a Thursday. */
static int weekday_of(int64_t day)
{
	return (int)((day + 3) % DAYS_OF_A_WEEK) + 1;
}

static int64_t first_after(int wanted, int64_t from_ms)
{
	int64_t today = clock_local_day(from_ms);

	for (int64_t day = today; day <= today + DAYS_OF_A_WEEK; day++) {
		int64_t at_ms = clock_day_begin_ms(day) + DIGEST_HOUR * HOUR_MS;

		if (at_ms >= from_ms && (!wanted || weekday_of(day) == wanted))
			return at_ms;
	}
	return from_ms;
}

static bool is_gathered(const struct desk *desk, const struct delivery *d)
{
	return d->urgency == DELIVERY_NORMAL && !d->corrects &&
	       desk->bulletins.normal_sms == PLAN_SMS_DIGEST;
}

int64_t delivery_digest_wait(struct desk *desk, const struct delivery *d)
{
	int64_t at_ms;

	if (!is_gathered(desk, d))
		return 0;
	at_ms = first_after(desk->bulletins.digest_day, d->began_ms);
	return at_ms <= desk_now(desk) || at_ms >= d->expires_ms ? 0 : at_ms;
}

/* Does the list with this one more still fit into one message, with what stands around it? */
static enum err check_fit(const struct bulletin *b, const struct buf *list, const struct buf *piece)
{
	CLEAN_BUF whole = {0};
	struct sms_size size;
	enum err err;

	/* What is marked (a trial, a drill, a correction) is no piece among others. */
	if (b->is_trial || b->is_drill || b->refers_how)
		return ERR_TOO_BIG;
	buf_init(&whole, OUTBOX_BODY_MAX);
	err = buf_addf(&whole, "%s%s", buf_text(list), buf_text(piece));
	if (!err)
		err = sms_text_size(buf_text(&whole), &size);
	if (!err && (size.coding != SMS_CODING_GSM7 || size.units > DIGEST_UNITS - FRAME_UNITS))
		err = ERR_TOO_BIG;
	buf_wipe(&whole);
	return err;
}

/* "(2) Words"; ERR_TOO_BIG: it does not fit in with the others. */
static enum err add_words(struct desk *desk, int64_t id, int number, struct buf *list)
{
	struct bulletin_words words;
	struct bulletin bulletin;
	CLEAN_BUF piece = {0};
	enum err err = bulletin_load(desk->store, id, &bulletin);

	if (!err)
		err = bulletin_words(desk->store, &bulletin, &words);
	if (err)
		return err;
	buf_init(&piece, OUTBOX_BODY_MAX);
	err = buf_addf(&piece, "%s(%d) ", number > 1 ? " " : "", number);
	if (!err)
		err = sms_text_unaccent(words.sms, &piece);
	bulletin_words_free(&words);
	if (!err)
		err = check_fit(&bulletin, list, &piece);
	if (!err)
		err = buf_add(list, piece.data, piece.len);
	buf_wipe(&piece);
	return err;
}

static enum err add_one(struct desk *desk, const struct delivery *d, const struct ledger_row *row,
	struct delivery_digest *digest, struct buf *list)
{
	enum err err = add_words(desk, d->id, digest->count + 1, list);

	if (err)
		return err == ERR_TOO_BIG ? ERR_OK : err;
	digest->rows[digest->count++] = *row;
	if (d->expires_ms < digest->expires_ms)
		digest->expires_ms = d->expires_ms;
	return ERR_OK;
}

/* Those that wait for him in other bulletins. */
static enum err gather(struct desk *desk, const struct delivery *own, int64_t resident_id,
	struct delivery_digest *digest, struct buf *list)
{
	struct delivery d = {.id = 0};
	enum err err = ERR_OK;

	while (!err && digest->count < DIGEST_MOST) {
		struct ledger_row row;

		err = delivery_next(desk->store, LANE_BULLETIN, d.id, &d);
		if (err || d.id == own->id || d.state != DELIVERY_RUNNING || !is_gathered(desk, &d))
			continue;
		err = ledger_load(desk->store, d.id, resident_id, &row);
		if (!err && row.state == LEDGER_WAITING && row.step == STEP_SMS)
			err = add_one(desk, &d, &row, digest, list);
		else if (err == ERR_NOT_FOUND)
			err = ERR_OK;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err delivery_digest_make(struct desk *desk, const struct delivery *d,
	const struct ledger_row *row, struct delivery_digest *digest)
{
	struct phrase_field fields[] = {{"text", NULL}, {NULL, NULL}};
	CLEAN_BUF list = {0};
	struct sms_size size;
	enum err err;

	*digest = (struct delivery_digest){.expires_ms = d->expires_ms};
	buf_init(&digest->text, OUTBOX_BODY_MAX);
	buf_init(&list, OUTBOX_BODY_MAX);
	if (!is_gathered(desk, d)) {
		digest->count = 1;
		return ERR_OK;
	}
	err = add_one(desk, d, row, digest, &list);
	if (!err && digest->count)
		err = gather(desk, d, row->resident_id, digest, &list);
	/* It does not fit with anything, or there is nothing else. */
	if (err || digest->count <= 1) {
		digest->count = 1;
		return err;
	}
	fields[0].value = buf_text(&list);
	err = phrase("bulletin_digest", PHRASE_SMS, fields, &digest->text);
	if (!err)
		err = sms_text_size(buf_text(&digest->text), &size);
	if (!err)
		digest->segments = size.segments;
	return err;
}

void delivery_digest_free(struct delivery_digest *digest)
{
	buf_wipe(&digest->text);
}
