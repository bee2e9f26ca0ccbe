/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/search.h"

#include "store/envelope.h"
#include "store/internal.h"
#include "store/statement.h"

#include <stdatomic.h>
#include <string.h>

#define ENTRY_TEXT_MAX (64 * 1024)
#define PLACE	       "entry_key.sealed"
#define LEARNT_BYTES   (ENVELOPE_KEY_BYTES + VAULT_SEAL_EXTRA_BYTES)

struct learnt {
	int64_t entry_id;
	uint8_t sealed[LEARNT_BYTES];
};

struct search {
	struct search_options options;
	struct key_holder reader;
	struct keypair *pair;	 /* owned; NULL for the box */
	struct vault *own_vault; /* owned: the reader's; NULL for the box */
	const struct vault *vault;
	char *path;
	sqlite3 *db;
	sqlite3_stmt *walk, *key_load;
	struct keypair *report_pair; /* of the report that was opened last */
	int64_t report_pair_of;
	struct search_hit hits[SEARCH_HITS_MAX];
	int hit_count;
	struct learnt *learnt;
	size_t learnt_count, learnt_size, kept_count;
	int64_t damaged;
	bool is_cut;
	atomic_bool is_stopped;
};

/* What only the reader can open; the box's own things it opens anyway. */
static enum err reader_vault(struct search *search)
{
	uint8_t key[KEYPAIR_OWN_KEY_BYTES];
	enum err err;

	search->vault = search->options.store->vault;
	if (!search->pair)
		return ERR_OK;
	keypair_own_key(search->pair, key);
	err = vault_new(key, &search->own_vault);
	explicit_bzero(key, sizeof(key));
	search->vault = search->own_vault;
	return err;
}

enum err search_new(const struct search_options *options, struct search **ret_search)
{
	struct search *search = calloc(1, sizeof(*search));
	enum err err = ERR_OK;

	if (!search)
		return ERR_NOMEM;
	CHECK(options->limit >= 0 && options->limit <= SEARCH_HITS_MAX);
	search->options = *options;
	search->reader.id = options->reader->id;
	search->path = strdup(options->store->path);
	if (!search->path)
		err = ERR_NOMEM;
	if (!err && options->reader->pair)
		err = keypair_copy(options->reader->pair, &search->pair);
	search->reader.pair = search->pair;
	if (!err)
		err = reader_vault(search);
	if (err) {
		search_free(search);
		return err;
	}
	*ret_search = search;
	return ERR_OK;
}

void search_free(struct search *search)
{
	if (!search)
		return;
	keypair_free(search->report_pair);
	keypair_free(search->pair);
	vault_free(search->own_vault);
	free(search->learnt);
	free(search->path);
	free(search);
}

/* --- one entry -------------------------------------------------------------------------------- */

/* Read within the walk, so of the same state of the database. */
static enum err report_pair(struct search *search, int64_t report_id)
{
	sqlite3_stmt *stmt = search->key_load;
	enum err err;
	int rc;

	if (search->report_pair && search->report_pair_of == report_id)
		return ERR_OK;
	keypair_free(search->report_pair);
	search->report_pair = NULL;
	search->report_pair_of = report_id;
	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, search->reader.id);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		err = report_key_unseal(search->options.store->vault, &search->reader, report_id,
			sqlite3_column_blob(stmt, 0), (size_t)sqlite3_column_bytes(stmt, 0),
			sqlite3_column_blob(stmt, 1), &search->report_pair);
	else
		err = rc == SQLITE_DONE ? ERR_WRONG_KEY : sqlite_err(rc);
	sqlite3_reset(stmt);
	return err;
}

static enum err learn(
	struct search *search, int64_t entry_id, const uint8_t key[ENVELOPE_KEY_BYTES])
{
	struct learnt *learnt;
	struct buf sealed;
	enum err err;

	if (search->learnt_count == SEARCH_LEARN_MAX)
		return ERR_OK;
	if (search->learnt_count == search->learnt_size) {
		size_t size = search->learnt_size ? 2 * search->learnt_size : 64;
		struct learnt *more = realloc(search->learnt, size * sizeof(*more));

		if (!more)
			return ERR_NOMEM;
		search->learnt = more;
		search->learnt_size = size;
	}
	buf_init(&sealed, LEARNT_BYTES);
	err = vault_seal(search->vault, PLACE, entry_id, key, ENVELOPE_KEY_BYTES, &sealed);
	if (!err) {
		learnt = &search->learnt[search->learnt_count++];
		learnt->entry_id = entry_id;
		memcpy(learnt->sealed, sealed.data, LEARNT_BYTES);
	}
	buf_done(&sealed);
	return err;
}

static enum err entry_key(struct search *search, int64_t entry_id, int64_t report_id,
	uint8_t ret_key[ENVELOPE_KEY_BYTES])
{
	sqlite3_stmt *stmt = search->walk;
	size_t known_bytes = (size_t)sqlite3_column_bytes(stmt, 4);
	struct buf key;
	enum err err = ERR_WRONG_KEY;

	buf_init(&key, ENVELOPE_KEY_BYTES);
	if (known_bytes)
		err = vault_unseal(search->vault, PLACE, entry_id, sqlite3_column_blob(stmt, 4),
			known_bytes, &key);
	if (!err && key.len == ENVELOPE_KEY_BYTES)
		memcpy(ret_key, key.data, ENVELOPE_KEY_BYTES);
	buf_wipe(&key);
	if (!err)
		return ERR_OK;
	err = report_pair(search, report_id);
	if (!err)
		err = envelope_key(search->report_pair, sqlite3_column_blob(stmt, 3),
			(size_t)sqlite3_column_bytes(stmt, 3), ret_key);
	return err ? err : learn(search, entry_id, ret_key);
}

static bool has_hit(const struct search *search, int64_t report_id)
{
	for (int i = 0; i < search->hit_count; i++) {
		if (search->hits[i].report_id == report_id)
			return true;
	}
	return false;
}

static void add_hit(struct search *search)
{
	sqlite3_stmt *stmt = search->walk;
	int64_t report_id = sqlite3_column_int64(stmt, 1);

	if (has_hit(search, report_id))
		return;
	if (search->hit_count == search->options.limit) {
		search->is_cut = true;
		return;
	}
	search->hits[search->hit_count++] = (struct search_hit){.report_id = report_id,
		.entry_id = sqlite3_column_int64(stmt, 0),
		.at_ms = sqlite3_column_int64(stmt, 2)};
}

static enum err look_at(struct search *search, struct buf *text)
{
	sqlite3_stmt *stmt = search->walk;
	int64_t entry_id = sqlite3_column_int64(stmt, 0);
	uint8_t key[ENVELOPE_KEY_BYTES];
	enum err err = entry_key(search, entry_id, sqlite3_column_int64(stmt, 1), key);

	buf_reset(text);
	if (!err && search->options.matches)
		err = envelope_open_by(key, "report_entry.text", entry_id,
			sqlite3_column_blob(stmt, 3), (size_t)sqlite3_column_bytes(stmt, 3), text);
	explicit_bzero(key, sizeof(key));
	if (err == ERR_WRONG_KEY) {
		search->damaged++;
		return ERR_OK;
	}
	if (!err && search->options.matches &&
		search->options.matches(search->options.arg, buf_text(text)))
		add_hit(search);
	return err;
}

/* --- all of them ------------------------------------------------------------------------------ */

static enum err walk_all(struct search *search)
{
	struct buf text;
	enum err err = ERR_OK;
	int rc = SQLITE_ROW;

	buf_init(&text, ENTRY_TEXT_MAX);
	sqlite3_bind_int64(search->walk, 1, search->reader.id);
	while (!err && !search->is_cut && (rc = sqlite3_step(search->walk)) == SQLITE_ROW) {
		if (atomic_load(&search->is_stopped))
			search->is_cut = true;
		else
			err = look_at(search, &text);
	}
	buf_wipe(&text);
	return err || rc == SQLITE_ROW || rc == SQLITE_DONE ? err : sqlite_err(rc);
}

static int prepare(struct search *search, enum stmt_id id, sqlite3_stmt **ret_stmt)
{
	return sqlite3_prepare_v2(search->db, stmt_texts[id].sql, -1, ret_stmt, NULL);
}

static int search_open(struct search *search)
{
	int rc = sqlite3_open_v2(search->path, &search->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

	if (rc)
		return rc;
	sqlite3_busy_timeout(search->db, STORE_BUSY_MS);
	rc = prepare(search, STMT_SEARCH_WALK, &search->walk);
	return rc ? rc : prepare(search, STMT_KEY_LOAD, &search->key_load);
}

static void search_close(struct search *search)
{
	sqlite3_finalize(search->walk);
	sqlite3_finalize(search->key_load);
	sqlite3_close(search->db);
	search->walk = search->key_load = NULL;
	search->db = NULL;
}

enum err search_run(struct search *search)
{
	int rc = search_open(search);
	enum err err = rc ? sqlite_err(rc) : walk_all(search);

	search_close(search);
	return err;
}

void search_stop(struct search *search)
{
	atomic_store(&search->is_stopped, true);
}

const struct search_hit *search_hits(const struct search *search, int *ret_count)
{
	*ret_count = search->hit_count;
	return search->hits;
}

bool search_is_cut(const struct search *search)
{
	return search->is_cut;
}

int64_t search_damaged(const struct search *search)
{
	return search->damaged;
}

enum err search_keep(struct search *search, int limit)
{
	enum err err = ERR_OK;

	if (search->kept_count == search->learnt_count)
		return ERR_NOT_FOUND;
	for (int i = 0; !err && i < limit && search->kept_count < search->learnt_count; i++) {
		const struct learnt *learnt = &search->learnt[search->kept_count++];
		CLEAN_STMT *stmt = stmt_get(search->options.store, STMT_ENTRY_KEY_KEEP);

		sqlite3_bind_int64(stmt, 1, search->reader.id);
		sqlite3_bind_int64(stmt, 2, learnt->entry_id);
		sqlite3_bind_blob(stmt, 3, learnt->sealed, LEARNT_BYTES, SQLITE_STATIC);
		err = stmt_write(search->options.store, stmt);
	}
	return err;
}
