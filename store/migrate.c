/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ladder of schema versions. Each step of an existing database and its user_version are one
 * transaction, and a copy is put beside it before; a new one climbs all of them in one. A database
 * of a newer program is refused untouched.
 */
#include "store/internal.h"

#include "store/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
	if ((tables || version) && application != STORE_APPLICATION_ID)
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

/* A copy by SQLite's own backup, so that what is still in the WAL is in it; then read through. */
static int copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (backup) {
		sqlite3_backup_step(backup, -1);
		sqlite3_backup_finish(backup);
	}
	rc = sqlite3_errcode(to);
	return rc ? rc : sqlite_check(to);
}

/* 0600 whatever the umask, and empty: what an earlier try left is no ground for a copy. */
static enum err make_empty(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return err_from_errno(errno);
	rc = fchmod(fd, 0600);
	close(fd);
	return rc ? ERR_IO : ERR_OK;
}

static enum err copy_database(struct store *store, const char *path)
{
	sqlite3 *copy;
	enum err err = make_empty(path);
	int rc;

	if (err)
		return err;
	rc = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL);
	if (!rc)
		rc = copy_pages(store->db, copy);
	if (sqlite3_close(copy) && !rc)
		rc = SQLITE_IOERR;
	return rc ? sqlite_err(rc) : sync_file(path);
}

/* Written beside and renamed: a backup that bears the name is whole. */
static enum err copy_under_name(struct store *store, const char *path)
{
	CLEAN_BUF draft = {0};
	enum err err;

	buf_init(&draft, 4096);
	err = buf_addf(&draft, "%s.new", path);
	if (err)
		return err;
	err = copy_database(store, buf_text(&draft));
	if (!err && rename(buf_text(&draft), path))
		err = err_from_errno(errno);
	if (err)
		unlink(buf_text(&draft));
	return err ? err : sync_folder_of(path);
}

static enum err backup_before(struct store *store, int version, struct errbuf *eb)
{
	CLEAN_BUF path = {0};
	enum err err;

	buf_init(&path, 4096);
	err = buf_addf(&path, "%s.before-%d", store->path, version);
	if (!err)
		err = copy_under_name(store, buf_text(&path));
	if (err)
		return errbuf_set(eb, err,
			"%s: the backup before the upgrade failed: %s; nothing was changed",
			buf_text(&path), err_en(err));
	log_info("store", "backup=%s", buf_text(&path));
	return ERR_OK;
}

void store_forget_backups(struct store *store)
{
	for (int version = 1; version <= store->schema_version; version++) {
		CLEAN_BUF path = {0};

		buf_init(&path, 4096);
		if (!buf_addf(&path, "%s.before-%d", store->path, version) &&
			!unlink(buf_text(&path)))
			log_info("store", "backup_removed=%s", buf_text(&path));
	}
}

static enum err run(struct store *store, const char *sql, struct errbuf *eb)
{
	int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return rc ? store_fail(store, rc, eb) : ERR_OK;
}

static enum err run_steps(
	struct store *store, const struct migration *steps, int count, struct errbuf *eb)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < count; i++) {
		err = run(store, steps[i].sql, eb);
		/* With the first step: a database without a key check would be refused for ever. */
		if (!err && !store->schema_version && !i)
			err = key_check_write(store, eb);
		if (err)
			errbuf_wrap(eb, err, "migration to schema %d", steps[i].version);
	}
	return err;
}

/* The steps and the version they lead to, in one transaction. */
static enum err climb(
	struct store *store, const struct migration *steps, int count, struct errbuf *eb)
{
	int version = steps[count - 1].version;
	char finish[128];
	enum err err;

	snprintf(finish, sizeof(finish),
		"PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		STORE_APPLICATION_ID, version);
	err = run(store, "BEGIN IMMEDIATE", eb);
	if (!err)
		err = run_steps(store, steps, count, eb);
	if (!err)
		err = run(store, finish, eb);
	if (err) {
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
		return err;
	}
	store->schema_version = version;
	log_info("store", "schema=%d", version);
	return ERR_OK;
}

enum err migrate(struct store *store, const struct migration *ladder, int count, struct errbuf *eb)
{
	enum err err = ERR_OK;

	/* A new database has nothing that a step could lose: one sync for all of them. */
	if (!store->schema_version)
		return climb(store, ladder, count, eb);
	if (store->schema_version < ladder[count - 1].version)
		err = backup_before(store, ladder[count - 1].version, eb);
	for (int i = 0; !err && i < count; i++) {
		if (ladder[i].version > store->schema_version)
			err = climb(store, &ladder[i], 1, eb);
	}
	return err;
}
