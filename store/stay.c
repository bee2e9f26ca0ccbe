/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/stay.h"

#include "store/envelope.h"
#include "store/internal.h"
#include "store/stay_private.h"

#include <string.h>

#define DRAFT_MAX (16 * 1024)
#define WORDS_MAX (32 * 1024)

static const char *const states[] = {
#define X(name, text) [STAY_##name] = ERR_WORD(text),
	STAY_STATE_TABLE(X)
#undef X
};
static const char *const timings[] = {
	[STAY_IN_TIME] = "IN_TIME", [STAY_NIGHT] = "NIGHT", [STAY_LATE] = "LATE"};

const char *stay_state_text(enum stay_state state)
{
	return states[state];
}

const char *stay_timing_text(enum stay_timing timing)
{
	return timings[timing];
}

static void read_row(sqlite3_stmt *stmt, struct stay *ret_stay)
{
	*ret_stay = (struct stay){.id = sqlite3_column_int64(stmt, 0),
		.state = (enum stay_state)text_index(
			states, ARRAY_LEN(states), (const char *)sqlite3_column_text(stmt, 1)),
		.party_id = sqlite3_column_int64(stmt, 2),
		.received_ms = sqlite3_column_int64(stmt, 3),
		.changed_ms = sqlite3_column_int64(stmt, 4),
		.guests = sqlite3_column_int(stmt, 5),
		.from_day = sqlite3_column_int64(stmt, 6),
		.to_day = sqlite3_column_int64(stmt, 7),
		.timing = (enum stay_timing)text_index(
			timings, ARRAY_LEN(timings), (const char *)sqlite3_column_text(stmt, 8)),
		.is_erased = sqlite3_column_int(stmt, 9)};
	/* A draft has no words yet. */
	ret_stay->is_erased = ret_stay->is_erased && ret_stay->state != STAY_DRAFT;
}

static int64_t now(struct store *store)
{
	return clock_wall_ms(store->clock);
}

/* ---- drafts ----------------------------------------------------------------------------------
 */

enum err stay_draft_find(struct store *store, int64_t party_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_DRAFT_OF);

	sqlite3_bind_int64(stmt, 1, party_id);
	return stmt_int64(store, stmt, ret_id);
}

enum err stay_draft_text(struct store *store, int64_t id, struct buf *out)
{
	return stmt_open_sealed(store, STMT_STAY_DRAFT, "stay.draft", id, out);
}

static enum err draft_add(struct store *store, int64_t id, int64_t party_id, int64_t until_ms,
	const struct buf *sealed)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, party_id);
	sqlite3_bind_int64(stmt, 3, now(store));
	sqlite3_bind_int64(stmt, 4, until_ms);
	sqlite3_bind_blob(stmt, 5, sealed->data, (int)sealed->len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err draft_set(
	struct store *store, int64_t id, int64_t until_ms, const struct buf *sealed)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_DRAFT_SET);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, sealed->data, (int)sealed->len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, now(store));
	sqlite3_bind_int64(stmt, 4, until_ms);
	turn_scrub(store);
	return stmt_write_one(store, stmt);
}

enum err stay_draft_put(struct store *store, int64_t id, int64_t party_id, const char *text,
	int64_t until_ms, int64_t *ret_id)
{
	bool is_new = !id;
	CLEAN_BUF sealed = {0};
	enum err err;

	if (is_new)
		id = store_next_id(store, ID_STAY);
	buf_init(&sealed, DRAFT_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "stay.draft", id, text, strlen(text), &sealed);
	if (!err)
		err = is_new ? draft_add(store, id, party_id, until_ms, &sealed)
			     : draft_set(store, id, until_ms, &sealed);
	if (!err)
		*ret_id = id;
	return err;
}

enum err stay_draft_drop(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_DRAFT_DROP);

	sqlite3_bind_int64(stmt, 1, id);
	turn_scrub(store);
	return stmt_write_one(store, stmt);
}

/* ---- notices ---------------------------------------------------------------------------------
 */

static enum err seal(struct store *store, const struct stay *stay,
	const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const void *words, size_t len)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_SEAL);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (len > WORDS_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, ENVELOPE_BYTES_MAX(WORDS_MAX));
	err = envelope_seal(public_key, "stay.words", stay->id, words, len, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, stay->id);
	bind_text(stmt, 2, states[stay->state]);
	sqlite3_bind_int(stmt, 3, stay->guests);
	bind_id(stmt, 4, stay->from_day);
	bind_id(stmt, 5, stay->to_day);
	bind_text(stmt, 6, timings[stay->timing]);
	sqlite3_bind_int64(stmt, 7, now(store));
	sqlite3_bind_blob(stmt, 8, public_key, KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 9, sealed.data, (int)sealed.len, SQLITE_STATIC);
	/* The draft must not stay in the file. */
	turn_scrub(store);
	return stmt_write_one(store, stmt);
}

enum err stay_seal(struct store *store, const struct stay *stay, const void *words, size_t len,
	struct keypair **ret_pair)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	struct keypair *pair = NULL;
	enum err err = stay_draft_key(store, stay->id, public_key);

	if (err == ERR_NOT_FOUND) {
		err = keypair_new(&pair);
		if (!err)
			memcpy(public_key, keypair_public(pair), sizeof(public_key));
	}
	if (!err)
		err = seal(store, stay, public_key, words, len);
	if (err)
		keypair_free(pair);
	else
		*ret_pair = pair;
	return err;
}

enum err stay_load(struct store *store, int64_t id, struct stay *ret_stay)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_row(stmt, ret_stay);
	return err;
}

enum err stay_waiting(struct store *store, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_COUNT);
	enum err err = stmt_row(store, stmt);

	if (!err)
		*ret_count = sqlite3_column_int64(stmt, 0);
	return err;
}

enum err stay_untold(struct store *store, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_UNTOLD);

	return stmt_int64(store, stmt, ret_count);
}

enum err stay_tell(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_TELL);

	return stmt_write(store, stmt);
}

enum err stay_list(struct store *store, int64_t before_id, int limit, stay_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_LIST);
	struct stay stay;
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		read_row(stmt, &stay);
		fn(arg, &stay);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static bool may_go(enum stay_state from, enum stay_state to)
{
	static const bool allowed[][STAY_DECLINED + 1] = {
		[STAY_UNCLEAR] =
			{[STAY_ENTERED] = true, [STAY_RECORDED] = true, [STAY_DECLINED] = true},
		[STAY_RECEIVED] =
			{[STAY_ENTERED] = true, [STAY_RECORDED] = true, [STAY_DECLINED] = true},
		[STAY_ENTERED] = {[STAY_RECORDED] = true, [STAY_DECLINED] = true},
		[STAY_DECLINED] = {false},
	};

	return allowed[from][to];
}

enum err stay_move(struct store *store, int64_t id, enum stay_state to, int64_t erase_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_MOVE);
	struct stay stay;
	enum err err = stay_load(store, id, &stay);

	if (err)
		return err;
	if (!may_go(stay.state, to))
		return ERR_STATE;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, states[to]);
	sqlite3_bind_int64(stmt, 3, now(store));
	bind_id(stmt, 4, erase_ms);
	bind_text(stmt, 5, states[stay.state]);
	return stmt_write_one(store, stmt);
}

enum err stay_words(struct store *store, const struct keypair *pair, int64_t id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_WORDS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	if (sqlite3_column_type(stmt, 0) == SQLITE_NULL)
		return ERR_NOT_FOUND;
	return envelope_open(pair, "stay.words", id, sqlite3_column_blob(stmt, 0),
		(size_t)sqlite3_column_bytes(stmt, 0), out);
}

enum err stay_due(struct store *store, int64_t now_ms, struct stay *ret_stay)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_DUE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, now_ms);
	err = stmt_row(store, stmt);
	if (!err)
		read_row(stmt, ret_stay);
	return err;
}

enum err stay_erase(struct store *store, int64_t id)
{
	CLEAN_STMT *keys = stmt_get(store, STMT_STAY_KEY_DROP);
	CLEAN_STMT *numbers = stmt_get(store, STMT_STAY_NUMBER_DROP);
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_ERASE);
	enum err err;

	sqlite3_bind_int64(keys, 1, id);
	sqlite3_bind_int64(numbers, 1, id);
	sqlite3_bind_int64(stmt, 1, id);
	turn_scrub(store);
	err = stmt_write(store, keys);
	if (!err)
		err = stmt_write(store, numbers);
	return err ? err : stmt_write_one(store, stmt);
}

/* ---- keys ------------------------------------------------------------------------------------
 */

static enum err put(struct store *store, int64_t id, int64_t holder_id,
	const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const void *sealed, size_t len)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_KEY_PUT);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, holder_id);
	sqlite3_bind_blob(stmt, 3, public_key, KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, sealed, (int)len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err stay_key_give(struct store *store, int64_t id, const struct keypair *pair,
	int64_t officer_id, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	uint8_t share[KEYPAIR_SHARE_BYTES];
	enum err err = keypair_share(pair, public_key, share);

	return err ? err : put(store, id, officer_id, public_key, share, sizeof(share));
}

enum err stay_key_keep(struct store *store, int64_t id, const struct keypair *pair)
{
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, KEYPAIR_SECRET_BYTES + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "stay_key.sealed", id, keypair_secret(pair),
		KEYPAIR_SECRET_BYTES, &sealed);
	return err ? err
		   : put(store, id, KEY_HOLDER_BOX, keypair_public(pair), sealed.data, sealed.len);
}

static enum err open_box(struct store *store, int64_t id, const void *sealed, size_t len,
	const uint8_t *public_key, struct keypair **ret_pair)
{
	struct keypair *pair = NULL;
	struct buf secret;
	enum err err;

	buf_init(&secret, KEYPAIR_SECRET_BYTES);
	err = vault_unseal(store->vault, "stay_key.sealed", id, sealed, len, &secret);
	if (!err && secret.len != KEYPAIR_SECRET_BYTES)
		err = ERR_WRONG_KEY;
	if (!err)
		err = keypair_from_secret((const uint8_t *)secret.data, &pair);
	buf_wipe(&secret);
	if (!err && memcmp(keypair_public(pair), public_key, KEYPAIR_PUBLIC_BYTES) != 0)
		err = ERR_WRONG_KEY;
	if (err)
		keypair_free(pair);
	else
		*ret_pair = pair;
	return err;
}

enum err stay_key_open(
	struct store *store, const struct key_holder *holder, int64_t id, struct keypair **ret_pair)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_KEY_LOAD);
	const void *sealed, *public_key;
	size_t len;
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, holder->id);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_DENIED : err;
	sealed = sqlite3_column_blob(stmt, 0);
	len = (size_t)sqlite3_column_bytes(stmt, 0);
	public_key = sqlite3_column_blob(stmt, 1);
	if (!sealed || !public_key)
		return ERR_NOT_FOUND;
	if (holder->id == KEY_HOLDER_BOX)
		return open_box(store, id, sealed, len, public_key, ret_pair);
	if (len != KEYPAIR_SHARE_BYTES || !holder->pair)
		return ERR_WRONG_KEY;
	return keypair_take(holder->pair, sealed, public_key, ret_pair);
}

enum err stay_key_held(struct store *store, int64_t id, int64_t officer_id,
	const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], bool *ret_is)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_KEY_HELD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, officer_id);
	sqlite3_bind_blob(stmt, 3, public_key, KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (!err || err == ERR_NOT_FOUND)
		*ret_is = !err;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err stay_key_next(struct store *store, int64_t holder_id, int64_t after_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_KEY_OF);

	sqlite3_bind_int64(stmt, 1, holder_id);
	sqlite3_bind_int64(stmt, 2, after_id);
	return stmt_int64(store, stmt, ret_id);
}

enum err stay_key_release(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_KEY_REMOVE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, KEY_HOLDER_BOX);
	turn_scrub(store);
	return stmt_write(store, stmt);
}

enum err stay_key_withdraw(struct store *store, int64_t officer_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_KEY_WITHDRAW);

	sqlite3_bind_int64(stmt, 1, officer_id);
	return stmt_write(store, stmt);
}
