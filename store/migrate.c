/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ladder of schema versions. Each step and its user_version are one transaction; before an
 * existing database is changed a copy is put beside it. A database of a newer program is refused
 * untouched.
 */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

extern const char schema_0001_initial[];

const struct migration store_migrations[] = {
	{1, schema_0001_initial},
};
const int store_migration_count = ARRAY_LEN(store_migrations);

static enum err read_int(
	struct store *store, const char *sql, int64_t *ret_value, struct errbuf *eb)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

	if (!rc) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW) {
			*ret_value = sqlite3_column_int64(stmt, 0);
			rc = SQLITE_OK;
		}
		sqlite3_finalize(stmt);
	}
	return rc ? store_fail(store, rc, eb) : ERR_OK;
}

enum err schema_check(struct store *store, int newest, int *ret_version, struct errbuf *eb)
{
	int64_t version = 0, tables = 0, application = 0;
	enum err err = read_int(store, "PRAGMA user_version", &version, eb);

	if (!err)
		err = read_int(store, "PRAGMA application_id", &application, eb);
	if (!err)
		err = read_int(store, "SELECT count(*) FROM sqlite_schema", &tables, eb);
	if (err == ERR_CORRUPT)
		return errbuf_set(eb, err,
			"%s: not a readable database; keep the file and restore the last backup",
			store->path);
	if (err)
		return errbuf_wrap(eb, err, "%s", store->path);
	if (tables && application != STORE_APPLICATION_ID)
		return errbuf_set(eb, ERR_CORRUPT,
			"%s: this is the database of another program; set store.path to another file",
			store->path);
	if (version > newest)
		return errbuf_set(eb, ERR_NEWER_SCHEMA,
			"%s: schema %lld is newer than this program's %d; install the newer binhyen or restore the backup of before the upgrade",
			store->path, (long long)version, newest);
	*ret_version = (int)version;
	return ERR_OK;
}

static enum err sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_from_errno(errno);
	rc = fsync(fd);
	close(fd);
	return rc ? ERR_IO : ERR_OK;
}

/* A copy by SQLite's own backup, so that what is still in the WAL is in it. */
static enum err copy_database(struct store *store, const char *path)
{
	sqlite3_backup *backup;
	sqlite3 *copy;
	int rc = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

	if (!rc) {
		backup = sqlite3_backup_init(copy, "main", store->db, "main");
		if (backup) {
			sqlite3_backup_step(backup, -1);
			sqlite3_backup_finish(backup);
		}
		rc = sqlite3_errcode(copy);
	}
	if (sqlite3_close(copy) && !rc)
		rc = SQLITE_IOERR;
	return rc ? sqlite_err(rc) : sync_file(path);
}

static enum err backup_before(struct store *store, int version, struct errbuf *eb)
{
	CLEAN_BUF path = {0};
	enum err err;

	buf_init(&path, 4096);
	err = buf_addf(&path, "%s.before-%d", store->path, version);
	if (!err)
		err = copy_database(store, buf_text(&path));
	if (err)
		return errbuf_set(eb, err,
			"%s: the backup before the upgrade failed: %s; nothing was changed",
			buf_text(&path), err_en(err));
	log_info("store", "backup=%s", buf_text(&path));
	return ERR_OK;
}

static enum err climb(struct store *store, const struct migration *step, struct errbuf *eb)
{
	char finish[128];
	int rc;

	snprintf(finish, sizeof(finish),
		"PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		STORE_APPLICATION_ID, step->version);
	rc = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (!rc)
		rc = sqlite3_exec(store->db, step->sql, NULL, NULL, NULL);
	if (!rc)
		rc = sqlite3_exec(store->db, finish, NULL, NULL, NULL);
	if (rc) {
		enum err err = store_fail(store, rc, eb);

		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
		return errbuf_wrap(eb, err, "migration to schema %d", step->version);
	}
	log_info("store", "schema=%d", step->version);
	return ERR_OK;
}

enum err migrate(struct store *store, const struct migration *ladder, int count, struct errbuf *eb)
{
	enum err err = ERR_OK;

	if (store->schema_version && store->schema_version < ladder[count - 1].version)
		err = backup_before(store, ladder[count - 1].version, eb);
	for (int i = 0; !err && i < count; i++) {
		if (ladder[i].version <= store->schema_version)
			continue;
		err = climb(store, &ladder[i], eb);
		if (!err)
			store->schema_version = ladder[i].version;
	}
	return err;
}
