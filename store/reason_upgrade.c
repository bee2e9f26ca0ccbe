/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reasons of before, which the box key sealed, are sealed to their reports: why a report is held,
 * and why an identity was opened. All in one transaction, since there are few. What does not open
 * is damaged, and stays as it is. Runs after report_key_upgrade(): each report has its key by then.
 */
#include "store/envelope.h"
#include "store/internal.h"
#include "store/report_key.h"
#include "store/retention.h"

/* (after) → row, report, value; (row, value) */
struct reason_column {
	const char *place;
	enum stmt_id next, set;
};

/* ERR_NOT_FOUND at the end. */
static enum err read_next(struct store *store, const struct reason_column *column, int64_t *id,
	int64_t *ret_report_id, struct buf *plain, bool *ret_opens)
{
	CLEAN_STMT *stmt = stmt_get(store, column->next);
	enum err err;

	sqlite3_bind_int64(stmt, 1, *id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*id = sqlite3_column_int64(stmt, 0);
	*ret_report_id = sqlite3_column_int64(stmt, 1);
	err = vault_unseal(store->vault, column->place, *id, sqlite3_column_blob(stmt, 2),
		(size_t)sqlite3_column_bytes(stmt, 2), plain);
	*ret_opens = !err;
	return err == ERR_WRONG_KEY ? ERR_OK : err;
}

static enum err write_anew(struct store *store, const struct reason_column *column, int64_t id,
	int64_t report_id, const struct buf *plain)
{
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, ENVELOPE_BYTES_MAX(RETENTION_REASON_MAX));
	err = report_seal(store, report_id, column->place, id, plain->data, plain->len, &sealed);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, column->set);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

static enum err column_anew(struct store *store, const struct reason_column *column, int *count)
{
	int64_t id = 0, report_id = 0;
	enum err err;

	do {
		struct buf plain;
		bool opens = false;

		buf_init(&plain, RETENTION_REASON_MAX + 1);
		err = read_next(store, column, &id, &report_id, &plain, &opens);
		if (!err && opens)
			err = write_anew(store, column, id, report_id, &plain);
		*count += !err && opens;
		buf_wipe(&plain);
	} while (!err);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err seal_all(struct store *store, int *count)
{
	static const struct reason_column columns[] = {
		{"report_hold.reason", STMT_UPGRADE_HOLD, STMT_UPGRADE_HOLD_SET},
		{"identity_reveal.reason", STMT_UPGRADE_REVEAL, STMT_UPGRADE_REVEAL_SET},
	};
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(columns); i++)
		err = column_anew(store, &columns[i], count);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_UPGRADE_REASONS_DONE);

	turn_scrub(store);
	return stmt_write(store, stmt);
}

enum err reason_upgrade(struct store *store, struct errbuf *eb)
{
	int count = 0;
	enum err err;

	{
		CLEAN_STMT *stmt = stmt_get(store, STMT_UPGRADE_REASONS);

		err = stmt_row(store, stmt);
	}
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = seal_all(store, &count);
	if (err)
		return errbuf_set(eb, err, "sealing reasons anew");
	err = turn_end(store, eb);
	if (!err)
		log_info("store", "sealed_anew reasons=%d", count);
	return err ? errbuf_wrap(eb, err, "sealing reasons anew") : ERR_OK;
}
