/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/bulletin_finding.h"

#include "store/bulletin_private.h"

#include <string.h>

#define REASON_PLACE "bulletin_finding.reason"

#define X(name, text) [FINDING_##name] = text,
static const char *const kind_texts[] = {FINDING_KIND_TABLE(X)};
#undef X
#define X(name, text) [FINDING_IN_##name] = text,
static const char *const field_texts[] = {FINDING_FIELD_TABLE(X)};
#undef X

const char *finding_kind_text(enum finding_kind kind)
{
	return kind_texts[kind];
}

const char *finding_field_text(enum finding_field field)
{
	return field_texts[field];
}

/* Of one bulletin: the same words in two of them are no link. */
static enum err hash_of(struct store *store, const struct bulletin *bulletin,
	const struct finding *finding, const char *text, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	struct buf all;
	enum err err;

	buf_init(&all, BULLETIN_TEXT_MAX + 128);
	err = buf_addf(&all, "%lld %s ", (long long)bulletin->id, finding_kind_text(finding->kind));
	if (!err)
		err = buf_add(&all, text + finding->at, (size_t)finding->bytes);
	if (!err)
		vault_hash(store->vault, VAULT_HASH_CONTENT, all.data, all.len, ret_hash);
	buf_wipe(&all);
	return err;
}

struct answer {
	int64_t officer_id; /* 0 none */
	int64_t answered_ms;
	struct buf reason;
};

static enum err open_reason(
	struct store *store, sqlite3_stmt *stmt, int column, int64_t id, struct buf *out)
{
	if (!sqlite3_column_bytes(stmt, column))
		return ERR_OK;
	return vault_unseal(store->vault, REASON_PLACE, id, sqlite3_column_blob(stmt, column),
		(size_t)sqlite3_column_bytes(stmt, column), out);
}

/* What was answered to the same words in an earlier version. */
static enum err find_answer(struct store *store, const struct bulletin *bulletin,
	enum finding_kind kind, const uint8_t hash[VAULT_HASH_BYTES], struct answer *ret_answer)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FINDING_ANSWERED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, bulletin->id);
	sqlite3_bind_int(stmt, 2, bulletin->version);
	bind_text(stmt, 3, finding_kind_text(kind));
	sqlite3_bind_blob(stmt, 4, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	ret_answer->officer_id = sqlite3_column_int64(stmt, 1);
	ret_answer->answered_ms = sqlite3_column_int64(stmt, 2);
	return open_reason(store, stmt, 3, sqlite3_column_int64(stmt, 0), &ret_answer->reason);
}

static enum err insert(struct store *store, const struct bulletin *bulletin,
	const struct finding *finding, const uint8_t hash[VAULT_HASH_BYTES],
	const struct answer *answer)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FINDING_ADD);
	int64_t id = store_next_id(store, ID_BULLETIN_FINDING);
	CLEAN_BUF sealed = {0};
	enum err err = ERR_OK;

	buf_init(&sealed, BULLETIN_NOTE_MAX + VAULT_SEAL_EXTRA_BYTES);
	if (answer->reason.len)
		err = vault_seal(store->vault, REASON_PLACE, id, answer->reason.data,
			answer->reason.len, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, bulletin->id);
	sqlite3_bind_int(stmt, 3, bulletin->version);
	bind_text(stmt, 4, finding_kind_text(finding->kind));
	bind_text(stmt, 5, finding_field_text(finding->field));
	sqlite3_bind_int(stmt, 6, finding->at);
	sqlite3_bind_int(stmt, 7, finding->bytes);
	bind_text(stmt, 8, finding->word);
	sqlite3_bind_blob(stmt, 9, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_id(stmt, 10, answer->officer_id);
	sqlite3_bind_int64(stmt, 11, answer->answered_ms);
	if (sealed.len)
		sqlite3_bind_blob(stmt, 12, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err put(struct store *store, const struct bulletin *bulletin, const char *text,
	const struct finding *finding)
{
	struct answer answer = {.officer_id = 0};
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	if (finding->at < 0 || finding->bytes <= 0 ||
		(size_t)finding->at + (size_t)finding->bytes > strlen(text))
		return ERR_INVALID;
	err = hash_of(store, bulletin, finding, text, hash);
	if (err)
		return err;
	buf_init(&answer.reason, BULLETIN_NOTE_MAX + 1);
	err = find_answer(store, bulletin, finding->kind, hash, &answer);
	if (!err)
		err = insert(store, bulletin, finding, hash, &answer);
	buf_wipe(&answer.reason);
	return err;
}

static enum err write_of(struct store *store, enum stmt_id which, const struct bulletin *bulletin)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, bulletin->id);
	if (which == STMT_FINDING_CLEAR)
		sqlite3_bind_int(stmt, 2, bulletin->version);
	return stmt_write(store, stmt);
}

enum err finding_put_all(struct store *store, const struct bulletin *bulletin,
	const char *const words[FINDING_FIELD_COUNT], const struct finding *findings, int count)
{
	enum err err;

	if (bulletin->state != BULLETIN_DRAFT)
		return ERR_STATE;
	if (count > FINDINGS_MAX)
		return ERR_TOO_BIG;
	err = write_of(store, STMT_FINDING_CLEAR, bulletin);
	for (int i = 0; !err && i < count; i++)
		err = put(store, bulletin, words[findings[i].field], &findings[i]);
	return err ? err : write_of(store, STMT_BULLETIN_SCREENED, bulletin);
}

enum err finding_list(
	struct store *store, const struct bulletin *bulletin, finding_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FINDING_LIST);
	struct buf reason;
	enum err err;

	buf_init(&reason, BULLETIN_NOTE_MAX + 1);
	sqlite3_bind_int64(stmt, 1, bulletin->id);
	sqlite3_bind_int(stmt, 2, bulletin->version);
	while (!(err = stmt_row(store, stmt))) {
		struct finding finding = {.id = sqlite3_column_int64(stmt, 0),
			.kind = (enum finding_kind)text_index(kind_texts, ARRAY_LEN(kind_texts),
				(const char *)sqlite3_column_text(stmt, 1)),
			.field = (enum finding_field)text_index(field_texts, ARRAY_LEN(field_texts),
				(const char *)sqlite3_column_text(stmt, 2)),
			.at = sqlite3_column_int(stmt, 3),
			.bytes = sqlite3_column_int(stmt, 4),
			.officer_id = sqlite3_column_int64(stmt, 6),
			.answered_ms = sqlite3_column_int64(stmt, 7)};

		copy_column(stmt, 5, finding.word, sizeof(finding.word));
		buf_reset(&reason);
		err = open_reason(store, stmt, 8, finding.id, &reason);
		if (err)
			break;
		fn(arg, &finding, reason.len ? buf_text(&reason) : "");
	}
	buf_wipe(&reason);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err finding_answer(struct store *store, const struct bulletin *bulletin, int64_t finding_id,
	int64_t officer_id, const char *reason)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FINDING_ANSWER);
	size_t len = strlen(reason);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (bulletin->state != BULLETIN_DRAFT)
		return ERR_STATE;
	if (!len || !officer_id)
		return ERR_INVALID;
	if (len > BULLETIN_NOTE_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, BULLETIN_NOTE_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, REASON_PLACE, finding_id, reason, len, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, finding_id);
	sqlite3_bind_int64(stmt, 2, bulletin->id);
	sqlite3_bind_int(stmt, 3, bulletin->version);
	sqlite3_bind_int64(stmt, 4, officer_id);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 6, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

enum err finding_open(struct store *store, const struct bulletin *bulletin, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FINDING_OPEN);

	sqlite3_bind_int64(stmt, 1, bulletin->id);
	sqlite3_bind_int(stmt, 2, bulletin->version);
	return stmt_int64(store, stmt, ret_count);
}
