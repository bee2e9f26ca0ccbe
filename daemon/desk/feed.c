/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document becomes drafts item by item, oldest first, so that an alert is there before the one
 * that cancels it. */
#include "daemon/desk/feed_private.h"

#include "store/event.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FRESH_FIRST_MS (2 * DAY_MS) /* at the first look */
#define FRESH_MS       (7 * DAY_MS) /* afterwards: a site that gives all its pages new names */

/* ---- what is known ---------------------------------------------------------------------------
 */

static void key_of(struct desk *desk, const char *id, size_t len, uint8_t key[VAULT_HASH_BYTES])
{
	feed_hash(desk->store, id, len, key);
}

/* All that a draft is made of; each text behind its length, so that none runs into the next. */
static enum err hash_of(
	struct desk *desk, const struct feed_item *item, uint8_t hash[VAULT_HASH_BYTES])
{
	const char *texts[] = {item->title, item->text, item->link, item->area, item->references};
	CLEAN_BUF all = {0};
	enum err err;

	buf_init(&all, 32 * 1024);
	err = buf_addf(&all, "%" PRId64 " %d %d %d %d %d %d", item->expires_ms, item->status,
		item->type, item->is_public, item->urgency, item->severity, item->certainty);
	for (size_t i = 0; !err && i < ARRAY_LEN(texts); i++)
		err = buf_addf(&all, " %zu:%s", strlen(texts[i]), texts[i]);
	if (!err)
		feed_hash(desk->store, buf_text(&all), all.len, hash);
	return err;
}

static enum err find(struct desk *desk, const struct desk_feed *feed, const struct feed_item *item,
	struct feed_known *known, bool *ret_is_same)
{
	uint8_t hash[VAULT_HASH_BYTES], key[VAULT_HASH_BYTES];
	enum err err = hash_of(desk, item, hash);

	if (err)
		return err;
	key_of(desk, item->id, strlen(item->id), key);
	*known = (struct feed_known){.feed_id = feed->id};
	err = feed_item_find(desk->store, feed->id, key, known);
	if (err && err != ERR_NOT_FOUND)
		return err;
	memcpy(known->key, key, sizeof(key));
	*ret_is_same = !err && memcmp(known->hash, hash, sizeof(hash)) == 0;
	memcpy(known->hash, hash, sizeof(hash));
	return ERR_OK;
}

/* ---- one item --------------------------------------------------------------------------------
 */

static enum err note(struct feed_taking *t, struct feed_known *known)
{
	if (!known->id) {
		known->state = FEED_ITEM_NOTED;
		t->taken->noted++;
	}
	return feed_item_put(t->desk->store, known);
}

/* A date of tomorrow is a clock that is wrong, not a reason to wait. */
static bool is_fresh(const struct feed_taking *t, const struct feed_item *item)
{
	int64_t at_ms = item->updated_ms > item->published_ms ? item->updated_ms
							      : item->published_ms;

	/* Without a date: what was there at the first look may be of any age. */
	if (!at_ms)
		return !t->is_first;
	return t->now_ms - at_ms < (t->is_first ? FRESH_FIRST_MS : FRESH_MS);
}

static bool is_real(const struct feed_item *item)
{
	return item->is_public && item->status == FEED_STATUS_ACTUAL &&
	       (item->type == FEED_TYPE_ALERT || item->type == FEED_TYPE_UPDATE ||
		       item->type == FEED_TYPE_CANCEL);
}

static enum err draft_new(struct feed_taking *t, const struct feed_item *item,
	struct feed_known *known, const struct feed_reference *reference)
{
	enum err err;

	if (t->drafts >= FEED_DRAFTS_MAX) {
		t->taken->is_whole = false;
		return ERR_OK;
	}
	t->drafts++;
	known->bulletin_version = 1;
	known->state = FEED_ITEM_DRAFTED;
	err = feed_bulletin_make(t, item, reference, &known->bulletin_id);
	if (!err)
		err = feed_item_put(t->desk->store, known);
	if (!err)
		t->taken->drafted++;
	return err;
}

/* What the source refers to is over. An alert that we have not seen yet is closed before it comes.
 * *ret_reference: one that went out. */
static enum err close_references(struct feed_taking *t, const struct feed_item *item,
	enum bulletin_refers how, struct feed_reference *ret_reference)
{
	const char *at = item->references, *id;
	enum err err = ERR_OK;
	size_t len;

	while (!err && (id = feed_reference_next(&at, &len))) {
		struct feed_known known = {.feed_id = t->feed->id, .state = FEED_ITEM_CLOSED};
		struct feed_reference reference = {.how = BULLETIN_REFERS_NOT};
		uint8_t key[VAULT_HASH_BYTES];

		key_of(t->desk, id, len, key);
		err = feed_item_find(t->desk->store, t->feed->id, key, &known);
		if (err == ERR_NOT_FOUND)
			err = ERR_OK;
		memcpy(known.key, key, sizeof(key));
		if (!err && known.state == FEED_ITEM_DRAFTED)
			err = feed_bulletin_close(t, known.bulletin_id, how, &reference);
		if (reference.bulletin_id > ret_reference->bulletin_id)
			*ret_reference = reference;
		known.state = FEED_ITEM_CLOSED;
		if (!err)
			err = feed_item_put(t->desk->store, &known);
	}
	return err;
}

static enum err take_alert(
	struct feed_taking *t, const struct feed_item *item, struct feed_known *known)
{
	struct feed_reference reference = {.how = BULLETIN_REFERS_NOT};
	bool is_cancel = item->type == FEED_TYPE_CANCEL;
	enum err err = ERR_OK;

	if (!is_real(item))
		return note(t, known);
	if (is_cancel || item->type == FEED_TYPE_UPDATE)
		err = close_references(t, item,
			is_cancel ? BULLETIN_REFERS_RECALLS : BULLETIN_REFERS_CORRECTS, &reference);
	if (err)
		return err;
	/* Of a cancelled alert nobody was told: nothing is left to say. */
	if (is_cancel && !reference.bulletin_id)
		return note(t, known);
	if (!is_cancel && item->expires_ms && item->expires_ms <= t->now_ms)
		return note(t, known);
	if (!is_cancel && !item->expires_ms && !is_fresh(t, item))
		return note(t, known);
	return draft_new(t, item, known, &reference);
}

static enum err take_new(
	struct feed_taking *t, const struct feed_item *item, struct feed_known *known)
{
	const struct feed_reference none = {.how = BULLETIN_REFERS_NOT};

	if (item->is_alert)
		return take_alert(t, item, known);
	if (!is_fresh(t, item) || (item->expires_ms && item->expires_ms <= t->now_ms))
		return note(t, known);
	return draft_new(t, item, known, &none);
}

static enum err take_changed(
	struct feed_taking *t, const struct feed_item *item, struct feed_known *known)
{
	struct feed_reference reference = {.how = BULLETIN_REFERS_NOT};
	enum feed_fate fate = FEED_UNWANTED;
	enum err err;

	/* An alert with the same identifier is the same alert: what changes is another one that
	 * refers to it (CAP 1.2 §3.2.1). One that was not for us may be now. */
	if (known->state == FEED_ITEM_CLOSED)
		return feed_item_put(t->desk->store, known);
	if (known->state == FEED_ITEM_NOTED)
		return !item->is_alert && !item->updated_ms ? feed_item_put(t->desk->store, known)
							    : take_new(t, item, known);
	err = feed_bulletin_renew(t, item, known, &fate, &reference);
	if (err)
		return err;
	if (fate == FEED_APART)
		return draft_new(t, item, known, &reference);
	t->taken->changed += fate == FEED_RENEWED;
	return feed_item_put(t->desk->store, known);
}

static enum err take_item(struct feed_taking *t, const struct feed_item *item)
{
	struct feed_known known;
	bool is_same = false;
	enum err err = find(t->desk, t->feed, item, &known, &is_same);

	if (err)
		return err;
	if (is_same)
		return feed_item_seen(t->desk->store, known.id);
	return known.id ? take_changed(t, item, &known) : take_new(t, item, &known);
}

/* ---- the document ----------------------------------------------------------------------------
 */

struct place_in_line {
	const struct feed_item *item;
};

static int older_first(const void *a, const void *b)
{
	const struct feed_item *x = ((const struct place_in_line *)a)->item;
	const struct feed_item *y = ((const struct place_in_line *)b)->item;

	if (x->published_ms != y->published_ms)
		return x->published_ms < y->published_ms ? -1 : 1;
	/* Newest first is how feeds are written. */
	return x < y ? 1 : -1;
}

static enum err is_first_look(struct desk *desk, const struct desk_feed *feed, bool *ret_is_first)
{
	struct feed state;
	enum err err = feed_find(desk->store, feed->name, &state);

	if (!err)
		*ret_is_first = !state.ok_ms;
	return err;
}

enum err desk_feed_take(struct desk *desk, const struct desk_feed *feed,
	const struct feed_document *document, struct desk_feed_taken *taken, struct errbuf *eb)
{
	struct place_in_line items[FEED_ITEMS_MAX];
	struct feed_taking t = {.desk = desk,
		.feed = feed,
		.taken = taken,
		.eb = eb,
		.now_ms = clock_wall_ms(store_clock(desk->store))};
	int count = 0;
	enum err err = is_first_look(desk, feed, &t.is_first);

	for (int i = 0; i < document->count; i++) {
		/* Of a source of alerts the rest are pointers (desk_feed_followed). */
		if (!feed->is_alerts || document->items[i].is_alert)
			items[count++].item = &document->items[i];
	}
	qsort(items, (size_t)count, sizeof(items[0]), older_first);
	for (int i = 0; !err && i < count; i++)
		err = take_item(&t, items[i].item);
	return err;
}

enum err desk_feed_wants(struct desk *desk, const struct desk_feed *feed,
	const struct feed_item *item, bool *ret_is_wanted)
{
	struct feed_known known;
	bool is_same = false;
	enum err err = find(desk, feed, item, &known, &is_same);

	if (!err && is_same)
		err = feed_item_seen(desk->store, known.id);
	if (!err)
		*ret_is_wanted = !is_same;
	return err;
}

enum err desk_feed_followed(
	struct desk *desk, const struct desk_feed *feed, const struct feed_item *item)
{
	struct feed_known known;
	bool is_same = false;
	enum err err = find(desk, feed, item, &known, &is_same);

	if (err)
		return err;
	if (!known.id)
		known.state = FEED_ITEM_NOTED;
	return feed_item_put(desk->store, &known);
}
