/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a long SMS while they come in (inbox.h). */
#include "store/inbox.h"
#include "store/internal.h"

#include <string.h>

/* Open sets of one sender with one reference that are looked at. */
#define SET_CANDIDATES 16

static void read_set(sqlite3_stmt *stmt, struct sms_set *ret_set)
{
	*ret_set = (struct sms_set){.id = sqlite3_column_int64(stmt, 0),
		.total = sqlite3_column_int(stmt, 1),
		.have = sqlite3_column_int(stmt, 2),
		.party_id = sqlite3_column_int64(stmt, 3),
		.first_ms = sqlite3_column_int64(stmt, 4),
		.report_id = sqlite3_column_int64(stmt, 5)};
}

/* Has the set this part already, and with these words? ERR_NOT_FOUND: no such part yet. */
static enum err part_in_set(struct store *store, int64_t set_id, int seq,
	const uint8_t hash[VAULT_HASH_BYTES], bool *ret_is_same)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_PART);
	enum err err;

	sqlite3_bind_int64(stmt, 1, set_id);
	sqlite3_bind_int(stmt, 2, seq);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_is_same = sqlite3_column_bytes(stmt, 0) == VAULT_HASH_BYTES &&
			       memcmp(sqlite3_column_blob(stmt, 0), hash, VAULT_HASH_BYTES) == 0;
	return err;
}

static enum err candidates(struct store *store, int64_t party_id, const struct sms_concat *concat,
	int64_t now_ms, struct sms_set sets[SET_CANDIDATES], int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_FIND);
	int count = 0;
	enum err err;

	sqlite3_bind_int64(stmt, 1, party_id);
	sqlite3_bind_int(stmt, 2, concat->ref);
	sqlite3_bind_int(stmt, 3, concat->ref_bits);
	sqlite3_bind_int(stmt, 4, concat->total);
	sqlite3_bind_int64(stmt, 5, now_ms - SMS_SET_OPEN_MS);
	while (!(err = stmt_row(store, stmt)) && count < SET_CANDIDATES)
		read_set(stmt, &sets[count++]);
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err set_new(struct store *store, int64_t party_id, const struct sms_concat *concat,
	int64_t now_ms, struct sms_set *ret_set)
{
	struct sms_set set = {.id = store_next_id(store, ID_SMS_SET),
		.total = concat->total,
		.party_id = party_id,
		.first_ms = now_ms};
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_ADD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, set.id);
	sqlite3_bind_int64(stmt, 2, party_id);
	sqlite3_bind_int(stmt, 3, concat->ref);
	sqlite3_bind_int(stmt, 4, concat->ref_bits);
	sqlite3_bind_int(stmt, 5, concat->total);
	sqlite3_bind_int64(stmt, 6, now_ms);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_set = set;
	return err;
}

struct part {
	int64_t inbox_id, party_id, other_party_id;
	const struct sms_concat *concat;
	uint8_t hash[VAULT_HASH_BYTES];
	int64_t now_ms;
};

/* Of a set that is closed: it would open a second report. */
static enum err closed_set(struct store *store, const struct part *part, struct sms_set *ret_set)
{
	struct inbox_repeat repeat;
	enum err err = inbox_find_repeated_part(store, part->inbox_id, part->other_party_id,
		part->concat, part->hash, part->now_ms, &repeat);

	if (!err)
		*ret_set = (struct sms_set){.report_id = repeat.report_id, .is_repeat = true};
	return err;
}

/* The newest set that lacks this part, or has it with the same words; a new one when there is none.
 */
static enum err choose_set(struct store *store, const struct part *part, struct sms_set *ret_set)
{
	const struct sms_concat *concat = part->concat;
	const uint8_t *hash = part->hash;
	struct sms_set sets[SET_CANDIDATES];
	int count;
	enum err err = candidates(store, part->party_id, concat, part->now_ms, sets, &count);

	for (int i = 0; !err && i < count; i++) {
		bool is_same = false;

		err = part_in_set(store, sets[i].id, concat->seq, hash, &is_same);
		if (err == ERR_NOT_FOUND || (!err && is_same)) {
			*ret_set = sets[i];
			ret_set->is_repeat = is_same;
			return ERR_OK;
		}
	}
	if (!err)
		err = closed_set(store, part, ret_set);
	return err == ERR_NOT_FOUND ? set_new(store, part->party_id, concat, part->now_ms, ret_set)
				    : err;
}

static enum err join(struct store *store, int64_t inbox_id, const struct sms_concat *concat,
	const uint8_t hash[VAULT_HASH_BYTES], struct sms_set *set)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_JOIN);
	CLEAN_STMT *have = stmt_get(store, STMT_SET_HAVE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, inbox_id);
	sqlite3_bind_int64(stmt, 2, set->id);
	sqlite3_bind_int(stmt, 3, concat->seq);
	sqlite3_bind_blob(stmt, 4, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_id(stmt, 5, set->report_id);
	err = stmt_write(store, stmt);
	if (err)
		return err;
	sqlite3_bind_int64(have, 1, set->id);
	err = stmt_write(store, have);
	if (!err)
		set->have++;
	return err;
}

enum err sms_set_add(struct store *store, int64_t inbox_id, const int64_t sender[2],
	const struct sms_concat *concat, const char *text, int64_t now_ms, struct sms_set *ret_set)
{
	struct part part = {.inbox_id = inbox_id,
		.party_id = sender[0],
		.other_party_id = sender[1],
		.concat = concat,
		.now_ms = now_ms};
	struct sms_set set;
	enum err err;

	if (concat->total < 2 || concat->total > 255 || concat->seq < 1 ||
		concat->seq > concat->total || (concat->ref_bits != 8 && concat->ref_bits != 16))
		return ERR_INVALID;
	vault_hash(store->vault, VAULT_HASH_CONTENT, text, strlen(text), part.hash);
	err = choose_set(store, &part, &set);
	if (!err)
		err = set.is_repeat ? inbox_move(store, inbox_id, INBOX_IGNORED, set.report_id,
					      INBOX_REPEAT)
				    : join(store, inbox_id, concat, part.hash, &set);
	if (!err)
		*ret_set = set;
	return err;
}

/* The next part after `after`; its number, or ERR_NOT_FOUND. */
static enum err next_part(
	struct store *store, int64_t set_id, int after, int64_t *ret_inbox_id, int *ret_part)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_PARTS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, set_id);
	sqlite3_bind_int(stmt, 2, after);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_inbox_id = sqlite3_column_int64(stmt, 0);
	*ret_part = sqlite3_column_int(stmt, 1);
	return ERR_OK;
}

static enum err set_total(struct store *store, int64_t set_id, int *ret_total)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_TOTAL);
	enum err err;

	sqlite3_bind_int64(stmt, 1, set_id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_total = sqlite3_column_int(stmt, 0);
	return err;
}

enum err sms_set_text(struct store *store, int64_t set_id, const char *gap, struct buf *out)
{
	int total = 0, part = 0, after = 0;
	int64_t inbox_id = 0;
	enum err err = set_total(store, set_id, &total);

	while (!err && after < total) {
		err = next_part(store, set_id, after, &inbox_id, &part);
		if (err && err != ERR_NOT_FOUND)
			return err;
		if (err)
			return buf_adds(out, gap);
		if (part != after + 1)
			err = buf_adds(out, gap);
		if (!err)
			err = inbox_body(store, inbox_id, out);
		after = part;
	}
	return err;
}

enum err sms_set_close(struct store *store, int64_t set_id, int64_t report_id, bool is_over)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_CLOSE);
	CLEAN_STMT *parts = stmt_get(store, STMT_SET_HANDLED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, set_id);
	bind_id(stmt, 2, report_id);
	sqlite3_bind_int(stmt, 3, !is_over);
	err = stmt_write(store, stmt);
	if (err || !is_over)
		return err;
	sqlite3_bind_int64(parts, 1, set_id);
	bind_id(parts, 2, report_id);
	return stmt_write(store, parts);
}

enum err sms_set_move(struct store *store, int64_t set_id, int64_t party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_PARTY);
	CLEAN_STMT *parts = stmt_get(store, STMT_SET_PARTS_PARTY);
	enum err err;

	sqlite3_bind_int64(stmt, 1, set_id);
	sqlite3_bind_int64(stmt, 2, party_id);
	err = stmt_write_one(store, stmt);
	if (err)
		return err;
	sqlite3_bind_int64(parts, 1, set_id);
	sqlite3_bind_int64(parts, 2, party_id);
	return stmt_write(store, parts);
}

static enum err first_before(
	struct store *store, enum stmt_id id, int64_t before_ms, struct sms_set *ret_set)
{
	CLEAN_STMT *stmt = stmt_get(store, id);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_ms);
	err = stmt_row(store, stmt);
	if (!err)
		read_set(stmt, ret_set);
	return err;
}

enum err sms_set_overdue(struct store *store, int64_t before_ms, struct sms_set *ret_set)
{
	return first_before(store, STMT_SET_OVERDUE, before_ms, ret_set);
}

enum err sms_set_oldest(struct store *store, int64_t before_ms, struct sms_set *ret_set)
{
	return first_before(store, STMT_SET_OLDEST, before_ms, ret_set);
}
