/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Result codes of SQLite (https://www.sqlite.org/rescode.html) translated once. */
#include "store/internal.h"

enum err sqlite_err(int rc)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return ERR_EXISTS;
	case SQLITE_CONSTRAINT_TRIGGER: /* a rule of the schema: RAISE(ABORT) */
		return ERR_STATE;
	case SQLITE_IOERR_NOMEM:
		return ERR_NOMEM;
	default:
		break;
	}
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_FULL:
		return ERR_DISK_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return ERR_READ_ONLY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return ERR_IO;
	case SQLITE_TOOBIG:
		return ERR_TOO_BIG;
	default:
		return ERR_BUG;
	}
}

enum err store_fail(struct store *store, int rc, struct errbuf *eb)
{
	enum err err = sqlite_err(rc);

	/* Some errors make SQLite roll back by itself: what this turn wrote is gone, and nobody may
	 * be told otherwise. */
	if (store->turn.is_begun && !store->turn.dead && sqlite3_get_autocommit(store->db))
		store->turn.dead = err;
	if (err == ERR_BUG)
		log_error("store", "sqlite=%d detail=\"%s\"", rc, sqlite3_errmsg(store->db));
	return errbuf_set(eb, err, "%s", sqlite3_errmsg(store->db));
}

static int is_ok(void *arg, int columns, char **values, char **names)
{
	(void)columns;
	(void)names;
	*(bool *)arg = str_eq(values[0], "ok");
	return 0;
}

int sqlite_check(sqlite3 *db)
{
	bool is_whole = false;
	int rc = sqlite3_exec(db, "PRAGMA integrity_check(1)", is_ok, &is_whole, NULL);

	return rc || is_whole ? rc : SQLITE_CORRUPT;
}
