/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Official sources that the box watches: what was last heard of each, and which of its items are
 * known. Ids and words are kept as keyed hashes, since all that is asked is whether they are the
 * same.
 */
#ifndef BINHYEN_STORE_FEED_H
#define BINHYEN_STORE_FEED_H

#include "store/vault.h"

struct store;

#define FEED_NAME_BYTES	    24
#define FEED_URL_BYTES	    512
#define FEED_FORMAT_BYTES   8
#define FEED_CATEGORY_BYTES 32
#define FEED_TAG_BYTES	    256 /* a longer ETag or date is not kept: the document comes whole then */
#define FEED_ERROR_BYTES    24
#define FEED_DETAIL_BYTES   256

struct feed {
	int64_t id;
	char name[FEED_NAME_BYTES];
	bool is_on; /* the configuration has it */
	char url[FEED_URL_BYTES], format[FEED_FORMAT_BYTES], category[FEED_CATEGORY_BYTES];
	char etag[FEED_TAG_BYTES], modified[FEED_TAG_BYTES];
	int64_t checked_ms, ok_ms; /* 0 never */
	int64_t new_ms;		   /* when it last had something new */
	int64_t rounds;		   /* how often it was asked */
	int failures;		   /* since ok_ms */
	int status;		   /* HTTP, of the last answer; 0 none */
	char error[FEED_ERROR_BYTES], detail[FEED_DETAIL_BYTES];
};

/* The configuration's sources from now on; others are kept with what is known of them, but off. A
 * new address is asked without what the old one's server said. */
struct feed_source {
	const char *name, *url, *format, *category;
};
MUST_CHECK
enum err feed_set_all(struct store *store, const struct feed_source *sources, int count);
/* ERR_NOT_FOUND */
MUST_CHECK
enum err feed_find(struct store *store, const char *name, struct feed *ret_feed);
/* The first one on with an id above after_id; ERR_NOT_FOUND. */
MUST_CHECK
enum err feed_next(struct store *store, int64_t after_id, struct feed *ret_feed);

/* It was read, or is as it was: etag and modified of what was taken whole. */
struct feed_answer {
	int status;
	const char *etag, *modified;
	bool has_news;
};
MUST_CHECK
enum err feed_read(struct store *store, int64_t id, const struct feed_answer *answer);
MUST_CHECK
enum err feed_failed(
	struct store *store, int64_t id, int status, const char *error, const char *detail);
MUST_CHECK
enum err feed_counts(struct store *store, int64_t id, int64_t *ret_drafted, int64_t *ret_items);

enum feed_item_state { FEED_ITEM_NOTED, FEED_ITEM_DRAFTED, FEED_ITEM_CLOSED };
struct feed_known {
	int64_t id; /* 0: not yet */
	int64_t feed_id;
	uint8_t key[VAULT_HASH_BYTES], hash[VAULT_HASH_BYTES];
	enum feed_item_state state;
	int64_t bulletin_id; /* 0 none */
	int bulletin_version;
};
/* The hash of an id, respectively of words. */
void feed_hash(const struct store *store, const void *data, size_t len,
	uint8_t ret_hash[VAULT_HASH_BYTES]);
/* ERR_NOT_FOUND */
MUST_CHECK
enum err feed_item_find(struct store *store, int64_t feed_id, const uint8_t key[VAULT_HASH_BYTES],
	struct feed_known *ret_known);
/* Adds it (id 0), or sets all but feed and key; it was seen now. */
MUST_CHECK
enum err feed_item_put(struct store *store, const struct feed_known *known);
/* Once a day at most is enough for feed_prune(). */
MUST_CHECK
enum err feed_item_seen(struct store *store, int64_t id);
/* The source of which this bulletin was made; ERR_NOT_FOUND. */
MUST_CHECK
enum err feed_of_bulletin(struct store *store, int64_t bulletin_id, char ret_name[FEED_NAME_BYTES],
	enum feed_item_state *ret_state);
/* Forgets what was not seen since. */
MUST_CHECK
enum err feed_prune(struct store *store, int64_t feed_id, int64_t before_ms);

#endif
