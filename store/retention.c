/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Erasing is done by the store: secure_delete overwrites what a row leaves in its page, and the log
 * in which older pages stand is emptied after the commit. What the disk keeps in blocks that belong
 * to no file any more is not ours to reach; there is only what was sealed.
 */
#include "store/retention.h"
#include "store/attachment.h"
#include "store/backup.h"
#include "store/envelope.h"
#include "store/internal.h"
#include "store/media.h"
#include "store/outbox.h"
#include "store/party.h"
#include "store/report_row.h"

#include <string.h>

#define HOLD_PLACE "report_hold.reason"

enum err retention_load(struct store *store, int64_t report_id, struct retention *ret_retention)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RETENTION_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_retention = (struct retention){.closed_ms = sqlite3_column_int64(stmt, 0),
			.sanitise_due_ms = sqlite3_column_int64(stmt, 1),
			.erase_due_ms = sqlite3_column_int64(stmt, 2),
			.sanitised_ms = sqlite3_column_int64(stmt, 3),
			.erased_ms = sqlite3_column_int64(stmt, 4),
			.is_held = sqlite3_column_int(stmt, 5)};
	return err;
}

enum err retention_unplanned(struct store *store, int limit, report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RETENTION_UNPLANNED);

	sqlite3_bind_int(stmt, 1, limit);
	return report_give_all(store, stmt, fn, arg);
}

enum err retention_plan(
	struct store *store, int64_t report_id, int64_t sanitise_due_ms, int64_t erase_due_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RETENTION_PLAN);

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, sanitise_due_ms);
	sqlite3_bind_int64(stmt, 3, erase_due_ms);
	return stmt_write_one(store, stmt);
}

enum err retention_due(struct store *store, enum retention_step step, int64_t now_ms,
	int64_t after_id, int limit, report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store,
		step == RETENTION_SANITISE ? STMT_RETENTION_TO_SANITISE : STMT_RETENTION_TO_ERASE);

	sqlite3_bind_int64(stmt, 1, now_ms);
	sqlite3_bind_int(stmt, 2, limit);
	sqlite3_bind_int64(stmt, 3, after_id);
	return report_give_all(store, stmt, fn, arg);
}

/* --- holds ------------------------------------------------------------------------------------ */

enum err retention_hold(
	struct store *store, int64_t report_id, const char *actor, const char *reason)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HOLD_SET);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, ENVELOPE_BYTES_MAX(RETENTION_REASON_MAX));
	err = report_seal(store, report_id, HOLD_PLACE, report_id, reason, strlen(reason), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, report_id);
	bind_text(stmt, 2, actor);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err retention_release(struct store *store, int64_t report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HOLD_CLEAR);

	sqlite3_bind_int64(stmt, 1, report_id);
	return stmt_write_one(store, stmt);
}

enum err retention_holder(struct store *store, const struct key_holder *reader, int64_t report_id,
	struct retention_holder *ret_holder, struct buf *reason)
{
	struct keypair *pair;
	CLEAN_STMT *stmt = stmt_get(store, STMT_HOLD_LOAD);
	struct retention_holder holder;
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	copy_column(stmt, 0, holder.actor, sizeof(holder.actor));
	holder.at_ms = sqlite3_column_int64(stmt, 1);
	err = report_key_open(store, reader, report_id, &pair);
	if (err)
		return err;
	err = envelope_open(pair, HOLD_PLACE, report_id, sqlite3_column_blob(stmt, 2),
		(size_t)sqlite3_column_bytes(stmt, 2), reason);
	keypair_free(pair);
	if (!err)
		*ret_holder = holder;
	return err;
}

/* --- the two steps ---------------------------------------------------------------------------- */

/* Statements that take a report's id and touch as many rows as there are. */
static enum err run_each(
	struct store *store, const enum stmt_id *ids, size_t count, int64_t report_id)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++) {
		CLEAN_STMT *stmt = stmt_get(store, ids[i]);

		sqlite3_bind_int64(stmt, 1, report_id);
		err = stmt_write(store, stmt);
	}
	return err;
}

/* A correspondent of the same kind whom no address can be found by. */
static enum err nameless_party(struct store *store, int64_t like_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_NAMELESS_PARTY);
	int64_t id = store_next_id(store, ID_PARTY);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	vault_random(hash, sizeof(hash));
	sqlite3_bind_int64(stmt, 1, like_id);
	sqlite3_bind_int64(stmt, 2, id);
	sqlite3_bind_blob(stmt, 3, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	err = stmt_write_one(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

static enum err move_messages(
	struct store *store, int64_t report_id, int64_t from_party, int64_t to_party)
{
	static const enum stmt_id ids[] = {
		STMT_NAMELESS_INBOX, STMT_NAMELESS_SET, STMT_NAMELESS_PART, STMT_NAMELESS_OUTBOX};
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(ids); i++) {
		CLEAN_STMT *stmt = stmt_get(store, ids[i]);

		sqlite3_bind_int64(stmt, 1, report_id);
		sqlite3_bind_int64(stmt, 2, from_party);
		sqlite3_bind_int64(stmt, 3, to_party);
		err = stmt_write(store, stmt);
	}
	return err;
}

static enum err sanitised(struct store *store, int64_t report_id, int64_t party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RETENTION_SANITISED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, party_id);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	turn_scrub(store);
	err = stmt_write_one(store, stmt);
	return err ? err : backup_erased(store);
}

enum err report_sanitise(struct store *store, int64_t report_id)
{
	static const enum stmt_id ids[] = {STMT_ERASE_PIN, STMT_ERASE_HELD};
	struct retention retention;
	struct report report;
	int64_t party_id;
	enum err err = retention_load(store, report_id, &retention);

	if (!err && retention.sanitised_ms)
		return ERR_OK;
	if (!err)
		err = report_load(store, report_id, &report);
	if (!err)
		err = nameless_party(store, report.party_id, &party_id);
	if (!err)
		err = move_messages(store, report_id, report.party_id, party_id);
	if (!err)
		err = run_each(store, ids, ARRAY_LEN(ids), report_id);
	return err ? err : sanitised(store, report_id, party_id);
}

struct removal {
	struct store *store;
	char file[MEDIA_NAME_BYTES];
};

static void remove_file(void *arg, enum err committed)
{
	struct removal *removal = arg;
	int64_t id;

	/* The row is still there when the caller undid his savepoint. */
	if (!committed && attachment_of_file(removal->store, removal->file, &id) == ERR_NOT_FOUND)
		media_remove(removal->store, removal->file);
	free(removal);
}

/* A file goes once no row names it for good; one that a crash leaves is removed at the next start.
 */
static enum err remove_files(struct store *store, int64_t report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ERASE_FILES);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	while (!(err = stmt_row(store, stmt))) {
		struct removal *removal = calloc(1, sizeof(*removal));

		if (!removal)
			return ERR_NOMEM;
		removal->store = store;
		copy_column(stmt, 0, removal->file, sizeof(removal->file));
		err = turn_defer(store, remove_file, removal);
		if (err) {
			free(removal);
			return err;
		}
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_erase(struct store *store, int64_t report_id)
{
	static const enum stmt_id ids[] = {STMT_ERASE_ATTACHMENTS, STMT_ERASE_ENTRIES,
		STMT_ERASE_GUESS, STMT_WANTING_REMOVE, STMT_ERASE_KEYS, STMT_ERASE_HOLD,
		STMT_ERASE_INBOX, STMT_ERASE_OUTBOX, STMT_ERASE_REVEAL_REASONS};
	enum err err = report_sanitise(store, report_id);

	if (!err)
		err = remove_files(store, report_id);
	if (!err)
		err = run_each(store, ids, ARRAY_LEN(ids), report_id);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_RETENTION_ERASED);
	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	turn_scrub(store);
	err = stmt_write_one(store, stmt);
	return err ? err : backup_erased(store);
}

/* What waits is cancelled, what is in doubt is given up: it would be said again. */
static enum err stop_messages(struct store *store, int64_t report_id)
{
	enum err err = ERR_OK;

	while (!err) {
		CLEAN_STMT *stmt = stmt_get(store, STMT_STUB_WAITING);
		struct outbox_move move = {.to = OUTBOX_CANCELLED, .error = ERR_STATE};
		struct outbox_row row;
		int64_t id;

		sqlite3_bind_int64(stmt, 1, report_id);
		err = stmt_int64(store, stmt, &id);
		if (!err)
			err = outbox_load(store, id, &row);
		if (err)
			break;
		if (row.state == OUTBOX_CLAIMED || row.state == OUTBOX_SUBMITTED)
			return ERR_BUSY;
		if (row.state == OUTBOX_IN_DOUBT)
			move.to = OUTBOX_FAILED;
		err = outbox_move(store, id, &move);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err stub_guess(struct store *store, int64_t report_id)
{
	struct report_guess guess;
	enum err err = report_guess_load(store, NULL, report_id, &guess, NULL);

	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	return err ? err : report_guess_set(store, report_id, &guess, "");
}

static enum err stub_attachments(struct store *store, int64_t report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STUB_ATTACHMENTS);
	enum err err = remove_files(store, report_id);

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	return err ? err : stmt_write(store, stmt);
}

enum err report_take_offline(struct store *store, const struct report *report, const char *stub)
{
	static const enum stmt_id ids[] = {STMT_STUB_SENT, STMT_STUB_INBOX, STMT_STUB_PARTS,
		STMT_STUB_SETS, STMT_ERASE_HELD, STMT_ERASE_ENTRIES};
	enum err err = stop_messages(store, report->id);

	if (!err)
		err = stub_attachments(store, report->id);
	if (!err)
		err = run_each(store, ids, ARRAY_LEN(ids), report->id);
	if (!err)
		err = stub_guess(store, report->id);
	turn_scrub(store);
	if (!err)
		err = backup_erased(store);
	return err ? err
		   : report_entry_add(store, report->id, REPORT_ENTRY_RECEIVED, report->received_ms,
			     0, stub);
}

enum err retention_forget_one(struct store *store, int64_t before_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_AGED);
	int64_t id;
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_ms);
	err = stmt_int64(store, stmt, &id);
	if (!err)
		err = backup_erased(store);
	return err ? err : party_forget(store, id);
}

enum err retention_expire_party(struct store *store, int64_t party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_EXPIRE);

	sqlite3_bind_int64(stmt, 1, party_id);
	return stmt_write_one(store, stmt);
}
