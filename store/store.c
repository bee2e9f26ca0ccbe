/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening: lock, look at what the file is, check the key, and only then change anything: pragmas,
 * migration, statements. A wrong key or a newer schema therefore leaves every byte as it was.
 */
#include "store/event_seal_private.h"
#include "store/internal.h"
#include "store/report_key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The words of a database whose log was keyed from the first, and of one of before. */
#define KEY_CHECK_WORDS	 "binhyen box key, keyed log"
#define KEY_CHECK_BEFORE "binhyen box key"

static enum err take_lock(struct store *store, struct errbuf *eb)
{
	CLEAN_BUF path = {0};
	enum err err;

	buf_init(&path, 4096);
	err = buf_addf(&path, "%s.lock", store->path);
	if (err)
		return errbuf_set(eb, err, "store.path is too long");
	store->lock_fd = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (store->lock_fd < 0)
		return errbuf_set(
			eb, err_from_errno(errno), "%s: %s", buf_text(&path), strerror(errno));
	if (flock(store->lock_fd, LOCK_EX | LOCK_NB))
		return errbuf_set(
			eb, ERR_BUSY, "%s: another binhyend has this database open", store->path);
	return ERR_OK;
}

static int64_t file_bytes(const char *path, const char *suffix)
{
	struct stat st;
	CLEAN_BUF name = {0};

	buf_init(&name, 4096);
	if (buf_addf(&name, "%s%s", path, suffix) || stat(buf_text(&name), &st))
		return 0;
	return st.st_size;
}

/* SQLite gives -wal and -shm the mode of the file. */
static enum err make_private(struct store *store, struct errbuf *eb)
{
	int fd = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return errbuf_set(
			eb, err_from_errno(errno), "%s: %s", store->path, strerror(errno));
	close(fd);
	return ERR_OK;
}

static enum err open_file(struct store *store, struct errbuf *eb)
{
	enum err err = make_private(store, eb);
	int rc;

	if (err)
		return err;
	/* Nobody reads its statistics, and each allocation would take a mutex for them. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(store->path, &store->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc)
		return errbuf_set(eb, sqlite_err(rc), "%s: %s", store->path,
			store->db ? sqlite3_errmsg(store->db) : "out of memory");
	sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
	/* Closing would write the WAL of a crash into a file that is perhaps not ours to change. */
	if (file_bytes(store->path, "-wal"))
		sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return ERR_OK;
}

/* It is ours, whole, and of this key. A copy that was put back may have any mode. */
static enum err take_over(struct store *store, struct errbuf *eb)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};

	sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		CLEAN_BUF path = {0};

		buf_init(&path, 4096);
		if (buf_addf(&path, "%s%s", store->path, suffixes[i]))
			return errbuf_set(eb, ERR_NOMEM, "%s", store->path);
		if (chmod(buf_text(&path), 0600) && errno != ENOENT)
			return errbuf_set(eb, err_from_errno(errno), "%s: %s", buf_text(&path),
				strerror(errno));
	}
	return ERR_OK;
}

/* A misspelt pragma is silence: each is read back. */
static const struct {
	const char *set, *get, *want;
} pragmas[] = {
	{"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"},
	{"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
	{"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
	{"PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"},
	{"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
	{"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
	{"PRAGMA journal_size_limit = 16777216", "PRAGMA journal_size_limit", "16777216"},
	{"PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint", "0"}, /* turn_end() does */
	{"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
	{"PRAGMA cache_size = -4000", "PRAGMA cache_size", "-4000"},
};

static int keep_first(void *arg, int columns, char **values, char **names)
{
	(void)columns;
	(void)names;
	snprintf(arg, 64, "%s", values[0] ? values[0] : "");
	return 0;
}

static enum err set_pragmas(struct store *store, struct errbuf *eb)
{
	for (size_t i = 0; i < ARRAY_LEN(pragmas); i++) {
		char value[64] = "";
		int rc = sqlite3_exec(store->db, pragmas[i].set, NULL, NULL, NULL);

		if (!rc)
			rc = sqlite3_exec(store->db, pragmas[i].get, keep_first, value, NULL);
		if (rc)
			return errbuf_wrap(eb, store_fail(store, rc, eb), "%s", pragmas[i].set);
		if (strcmp(value, pragmas[i].want) != 0)
			return errbuf_set(eb, ERR_BUG, "%s gave \"%s\"", pragmas[i].set, value);
	}
	return ERR_OK;
}

static enum err check_pages(struct store *store, struct errbuf *eb)
{
	char value[64] = "";
	int rc = sqlite3_exec(store->db, "PRAGMA quick_check(1)", keep_first, value, NULL);

	if (rc || strcmp(value, "ok") != 0)
		return errbuf_set(eb, rc ? sqlite_err(rc) : ERR_CORRUPT,
			"%s: damaged; stop here, keep the file, restore the last backup",
			store->path);
	return ERR_OK;
}

/* Both are prepared by hand: the statements do not exist yet. */
enum err key_check_read(sqlite3 *db, const struct vault *vault, bool *ret_is_born_keyed)
{
	sqlite3_stmt *stmt;
	CLEAN_BUF words = {0};
	enum err err;
	int rc = sqlite3_prepare_v2(
		db, "SELECT value FROM meta WHERE name = 'key_check'", -1, &stmt, NULL);

	if (rc)
		return sqlite_err(rc);
	buf_init(&words, 256);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		err = vault_unseal(vault, "meta.value", 0, sqlite3_column_blob(stmt, 0),
			(size_t)sqlite3_column_bytes(stmt, 0), &words);
	else
		err = rc == SQLITE_DONE ? ERR_NOT_FOUND : sqlite_err(rc);
	sqlite3_finalize(stmt);
	if (!err)
		*ret_is_born_keyed = !str_eq(buf_text(&words), KEY_CHECK_BEFORE);
	return err;
}

static enum err check_key(struct store *store, struct errbuf *eb)
{
	enum err err = key_check_read(store->db, store->vault, &store->is_born_keyed);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, ERR_CORRUPT, "%s: the key check is missing", store->path);
	if (err == ERR_WRONG_KEY)
		return errbuf_set(eb, err,
			"%s: sealed with another box key; put back the box.key that belongs to this database (nothing was changed)",
			store->path);
	return err ? errbuf_set(eb, err, "%s: %s", store->path, sqlite3_errmsg(store->db)) : err;
}

enum err key_check_write(struct store *store, struct errbuf *eb)
{
	sqlite3_stmt *stmt;
	CLEAN_BUF sealed = {0};
	enum err err;
	int rc;

	buf_init(&sealed, 256);
	err = vault_seal(
		store->vault, "meta.value", 0, KEY_CHECK_WORDS, strlen(KEY_CHECK_WORDS), &sealed);
	if (err)
		return errbuf_set(eb, err, "key check");
	rc = sqlite3_prepare_v2(store->db,
		"INSERT INTO meta (name, value) VALUES ('key_check', ?1)", -1, &stmt, NULL);
	if (rc)
		return store_fail(store, rc, eb);
	sqlite3_bind_blob(stmt, 1, sealed.data, (int)sealed.len, SQLITE_STATIC);
	sqlite3_step(stmt);
	rc = sqlite3_finalize(stmt);
	return rc ? store_fail(store, rc, eb) : ERR_OK;
}

static const char *const id_tables[ID_TABLES] = {[ID_PARTY] = "party",
	[ID_INBOX] = "inbox",
	[ID_SMS_SET] = "sms_set",
	[ID_REPORT] = "report",
	[ID_REPORT_ENTRY] = "report_entry",
	[ID_REPORT_HELD] = "report_held",
	[ID_OUTBOX] = "outbox",
	[ID_QUARANTINE] = "quarantine",
	[ID_PLACE] = "place",
	[ID_RESIDENT] = "resident",
	[ID_HOUSEHOLD] = "household",
	[ID_RESIDENT_SHOWN] = "resident_shown",
	[ID_ENROLMENT] = "enrolment",
	[ID_ENROL_CODE] = "enrol_code",
	[ID_STAY] = "stay",
	[ID_POLL] = "poll",
	[ID_ZALO_GROUP] = "zalo_group",
	[ID_GROUP_PERSON] = "group_person",
	[ID_GROUP_ACT] = "group_act",
	[ID_ATTACHMENT] = "attachment",
	[ID_REVEAL] = "identity_reveal",
	[ID_OFFICER] = "officer",
	[ID_ALARM] = "alarm",
	[ID_BULLETIN] = "bulletin",
	[ID_BULLETIN_VERSION] = "bulletin_version",
	[ID_BULLETIN_APPROVAL] = "bulletin_approval",
	[ID_BULLETIN_FINDING] = "bulletin_finding",
	[ID_AUDIENCE] = "audience",
	[ID_USSD_SESSION] = "ussd_session",
	[ID_REGIME_RECORD] = "regime_record",
	[ID_REPORT_CLASS] = "report_class",
	[ID_REPORT_CLOCK] = "report_clock",
	[ID_ENCLOSURE] = "enclosure"};

/* The ledger of a bulletin outlives who was told: his number is not given to another. */
static enum err load_resident_id(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_HIGHEST);
	int64_t next = 0;
	enum err err = stmt_int64(store, stmt, &next);

	if (!err && next > store->next_id[ID_RESIDENT])
		store->next_id[ID_RESIDENT] = next;
	return err;
}

/* What an audience is drawn into (audience.h), and how it is planned (ledger.h): in memory, and
 * nobody else sees it. */
static enum err make_temporary(struct store *store, struct errbuf *eb)
{
	int rc = sqlite3_exec(store->db,
		"CREATE TEMP TABLE drawn (resident_id INTEGER PRIMARY KEY, rank INTEGER NOT NULL,"
		" place_id INTEGER NOT NULL, has_zalo INTEGER NOT NULL, bar TEXT NOT NULL,"
		" group_id INTEGER NOT NULL DEFAULT 0) STRICT;"
		"CREATE TEMP TABLE way (role INTEGER, known INTEGER, wave INTEGER NOT NULL, state TEXT NOT NULL,"
		" step INTEGER NOT NULL, steps INTEGER NOT NULL, reason TEXT NOT NULL,"
		" PRIMARY KEY (role, known)) STRICT, WITHOUT ROWID",
		NULL, NULL, NULL);

	return rc ? store_fail(store, rc, eb) : ERR_OK;
}

static enum err load_ids(struct store *store, struct errbuf *eb)
{
	enum err err;

	for (int i = 0; i < ID_TABLES; i++) {
		char sql[96], value[64] = "";
		int rc;

		snprintf(sql, sizeof(sql), "SELECT coalesce(max(id), 0) + 1 FROM %s", id_tables[i]);
		rc = sqlite3_exec(store->db, sql, keep_first, value, NULL);
		if (rc)
			return store_fail(store, rc, eb);
		if (str_to_int64(value, 1, INT64_MAX, &store->next_id[i]))
			return errbuf_set(eb, ERR_CORRUPT, "row ids of %s", id_tables[i]);
	}
	err = load_resident_id(store);
	return err ? errbuf_set(eb, err, "row ids of the ledger: %s", err_en(err)) : ERR_OK;
}

static enum err load_last_ms(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_LAST);
	enum err err = stmt_row(store, stmt);

	if (!err)
		store->last_ms = sqlite3_column_int64(stmt, 0);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

int64_t store_next_id(struct store *store, enum id_table table)
{
	return store->next_id[table]++;
}

static enum err open_schema(
	struct store *store, const struct migration *ladder, int count, struct errbuf *eb)
{
	enum err err = schema_check(store, ladder[count - 1].version, &store->schema_version, eb);
	bool is_new = !err && !store->schema_version;

	store->is_born_keyed = is_new;
	if (!err && !is_new)
		err = check_key(store, eb);
	if (!err)
		err = set_pragmas(store, eb);
	if (!err)
		turn_watch_log(store);
	if (!err && !is_new)
		err = check_pages(store, eb);
	if (!err)
		err = take_over(store, eb);
	if (!err)
		err = migrate(store, ladder, count, eb);
	if (!err)
		err = make_temporary(store, eb);
	if (!err)
		err = statements_prepare(store, eb);
	if (!err)
		err = load_ids(store, eb);
	if (!err)
		err = load_last_ms(store);
	if (!err)
		err = event_seal_open(store);
	if (!err)
		err = report_key_upgrade(store, eb);
	if (!err)
		err = reason_upgrade(store, eb);
	return err;
}

enum err store_open_with(const struct store_options *options, const struct migration *ladder,
	int count, struct store **ret_store, struct errbuf *eb)
{
	struct store *store = calloc(1, sizeof(*store));
	enum err err;

	if (!store)
		return errbuf_set(eb, ERR_NOMEM, "store");
	store->lock_fd = -1;
	store->vault = options->vault;
	vault_random(store->run_salt, sizeof(store->run_salt));
	store->clock = options->clock;
	store->path = str_dup(options->path);
	err = store->path ? ERR_OK : ERR_NOMEM;
	if (!err)
		err = take_lock(store, eb);
	if (!err)
		err = open_file(store, eb);
	if (!err)
		err = open_schema(store, ladder, count, eb);
	if (err) {
		store_close(store);
		return err;
	}
	*ret_store = store;
	return ERR_OK;
}

enum err store_open(
	const struct store_options *options, struct store **ret_store, struct errbuf *eb)
{
	return store_open_with(options, store_migrations, store_migration_count, ret_store, eb);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	if (store->statements[STMT_ROLLBACK])
		turn_abort(store, ERR_IO);
	turn_free(&store->turn);
	statements_finalize(store);
	if (store->db && sqlite3_close(store->db))
		log_error("store", "close=\"%s\"", sqlite3_errmsg(store->db));
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	free(store->path);
	free(store);
}

struct vault *store_vault(struct store *store)
{
	return store->vault;
}

struct clock *store_clock(struct store *store)
{
	return store->clock;
}

int store_schema_version(struct store *store)
{
	return store->schema_version;
}

enum err store_sizes(struct store *store, struct store_sizes *ret_sizes)
{
	struct statvfs vfs;

	if (statvfs(store->path, &vfs))
		return err_from_errno(errno);
	ret_sizes->database_bytes = file_bytes(store->path, "");
	ret_sizes->wal_bytes = file_bytes(store->path, "-wal");
	ret_sizes->free_bytes = (int64_t)(vfs.f_bavail * vfs.f_frsize);
	return ERR_OK;
}
