/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/feed.h"

#include "store/internal.h"

#include <string.h>

static const char *const states[] = {[FEED_ITEM_NOTED] = "NOTED",
	[FEED_ITEM_DRAFTED] = "DRAFTED",
	[FEED_ITEM_CLOSED] = "CLOSED"};

static void read_feed(sqlite3_stmt *stmt, struct feed *ret_feed)
{
	struct feed feed = {.id = sqlite3_column_int64(stmt, 0),
		.is_on = sqlite3_column_int(stmt, 2),
		.checked_ms = sqlite3_column_int64(stmt, 8),
		.ok_ms = sqlite3_column_int64(stmt, 9),
		.new_ms = sqlite3_column_int64(stmt, 10),
		.failures = sqlite3_column_int(stmt, 11),
		.status = sqlite3_column_int(stmt, 12),
		.rounds = sqlite3_column_int64(stmt, 15)};

	copy_column(stmt, 1, feed.name, sizeof(feed.name));
	copy_column(stmt, 3, feed.url, sizeof(feed.url));
	copy_column(stmt, 4, feed.format, sizeof(feed.format));
	copy_column(stmt, 5, feed.category, sizeof(feed.category));
	copy_column(stmt, 6, feed.etag, sizeof(feed.etag));
	copy_column(stmt, 7, feed.modified, sizeof(feed.modified));
	copy_column(stmt, 13, feed.error, sizeof(feed.error));
	copy_column(stmt, 14, feed.detail, sizeof(feed.detail));
	*ret_feed = feed;
}

static enum err put_source(struct store *store, const struct feed_source *source)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_PUT);

	bind_text(stmt, 1, source->name);
	bind_text(stmt, 2, source->url);
	bind_text(stmt, 3, source->format);
	bind_text(stmt, 4, source->category);
	return stmt_write(store, stmt);
}

enum err feed_set_all(struct store *store, const struct feed_source *sources, int count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_OFF);
	enum err err = stmt_write(store, stmt);

	for (int i = 0; !err && i < count; i++)
		err = put_source(store, &sources[i]);
	return err;
}

enum err feed_find(struct store *store, const char *name, struct feed *ret_feed)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_FIND);
	enum err err;

	bind_text(stmt, 1, name);
	err = stmt_row(store, stmt);
	if (!err)
		read_feed(stmt, ret_feed);
	return err;
}

enum err feed_next(struct store *store, int64_t after_id, struct feed *ret_feed)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, after_id);
	err = stmt_row(store, stmt);
	if (!err)
		read_feed(stmt, ret_feed);
	return err;
}

/* "" for what is too long to be kept. */
static const char *short_tag(const char *tag)
{
	return strlen(tag) < FEED_TAG_BYTES ? tag : "";
}

enum err feed_read(struct store *store, int64_t id, const struct feed_answer *answer)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_READ);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	sqlite3_bind_int(stmt, 3, answer->status);
	bind_text(stmt, 4, short_tag(answer->etag));
	bind_text(stmt, 5, short_tag(answer->modified));
	sqlite3_bind_int(stmt, 6, answer->has_news);
	return stmt_write_one(store, stmt);
}

enum err feed_failed(
	struct store *store, int64_t id, int status, const char *error, const char *detail)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_FAILED);
	size_t len = strnlen(detail, FEED_DETAIL_BYTES - 1);

	/* No half letter at the end. */
	while (detail[len] && len && ((unsigned char)detail[len] & 0xc0) == 0x80)
		len--;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	sqlite3_bind_int(stmt, 3, status);
	bind_text(stmt, 4, error);
	sqlite3_bind_text(stmt, 5, detail, (int)len, SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

enum err feed_counts(struct store *store, int64_t id, int64_t *ret_drafted, int64_t *ret_items)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_COUNTS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_drafted = sqlite3_column_int64(stmt, 0);
	*ret_items = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

/* ---- items -----------------------------------------------------------------------------------
 */

void feed_hash(
	const struct store *store, const void *data, size_t len, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	vault_hash(store->vault, VAULT_HASH_CONTENT, data, len, ret_hash);
}

enum err feed_item_find(struct store *store, int64_t feed_id, const uint8_t key[VAULT_HASH_BYTES],
	struct feed_known *ret_known)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_ITEM_FIND);
	struct feed_known known = {.feed_id = feed_id};
	enum err err;

	sqlite3_bind_int64(stmt, 1, feed_id);
	sqlite3_bind_blob(stmt, 2, key, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	known.id = sqlite3_column_int64(stmt, 0);
	memcpy(known.key, key, VAULT_HASH_BYTES);
	if (sqlite3_column_bytes(stmt, 2) == VAULT_HASH_BYTES)
		memcpy(known.hash, sqlite3_column_blob(stmt, 2), VAULT_HASH_BYTES);
	known.state = (enum feed_item_state)text_index(
		states, ARRAY_LEN(states), (const char *)sqlite3_column_text(stmt, 3));
	known.bulletin_id = sqlite3_column_int64(stmt, 4);
	known.bulletin_version = sqlite3_column_int(stmt, 5);
	*ret_known = known;
	return ERR_OK;
}

static enum err item_add(struct store *store, const struct feed_known *known)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_ITEM_ADD);

	sqlite3_bind_int64(stmt, 1, known->feed_id);
	sqlite3_bind_blob(stmt, 2, known->key, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 3, known->hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_text(stmt, 4, states[known->state]);
	bind_id(stmt, 5, known->bulletin_id);
	sqlite3_bind_int(stmt, 6, known->bulletin_version);
	sqlite3_bind_int64(stmt, 7, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err feed_item_put(struct store *store, const struct feed_known *known)
{
	if (!known->id)
		return item_add(store, known);
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_ITEM_SET);

	sqlite3_bind_int64(stmt, 1, known->id);
	sqlite3_bind_blob(stmt, 2, known->hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_text(stmt, 3, states[known->state]);
	bind_id(stmt, 4, known->bulletin_id);
	sqlite3_bind_int(stmt, 5, known->bulletin_version);
	sqlite3_bind_int64(stmt, 6, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

enum err feed_item_seen(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_ITEM_SEEN);
	int64_t now_ms = clock_wall_ms(store->clock);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, now_ms);
	sqlite3_bind_int64(stmt, 3, now_ms - DAY_MS);
	return stmt_write(store, stmt);
}

enum err feed_of_bulletin(struct store *store, int64_t bulletin_id, char ret_name[FEED_NAME_BYTES],
	enum feed_item_state *ret_state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_ITEM_OF);
	enum err err;

	sqlite3_bind_int64(stmt, 1, bulletin_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	copy_column(stmt, 0, ret_name, FEED_NAME_BYTES);
	*ret_state = (enum feed_item_state)text_index(
		states, ARRAY_LEN(states), (const char *)sqlite3_column_text(stmt, 1));
	return ERR_OK;
}

enum err feed_prune(struct store *store, int64_t feed_id, int64_t before_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FEED_ITEM_PRUNE);

	sqlite3_bind_int64(stmt, 1, feed_id);
	sqlite3_bind_int64(stmt, 2, before_ms);
	return stmt_write(store, stmt);
}
