/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One copy: backup_begin() fixes the state on the loop, backup_work() makes the copy in a thread,
 * backup_end() says on the loop what came of it.
 *
 * The pages are read through SQLite's own handle of the file: another descriptor, once closed,
 * would drop the locks that the process holds on it.
 */
#include "store/backup_private.h"

#include "daemon/base/catalogue.h"
#include "store/backup_file.h"
#include "store/event.h"
#include "store/internal.h"
#include "store/sync.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define REST_EVERY_BYTES (INT64_C(1) * 1024 * 1024)
#define REST_NS		 (5 * 1000 * 1000) /* for whoever else needs the disk */
#define PROGRESS_STEPS	 10000		   /* of SQLite's machine, between looks at `stop` */

struct backup_job {
	sqlite3 *db; /* with its read transaction */
	sqlite3_file *file;
	const struct vault *vault;
	char database[BACKUP_FOLDER_BYTES], folder[BACKUP_FOLDER_BYTES + 16];
	char other[BACKUP_FOLDER_BYTES];
	char actor[64];
	bool may_be_same_disk;
	int64_t spare_bytes;
	struct backup_erasures erasures;
	struct backup_label label;
	char name[BACKUP_NAME_BYTES];
	uint8_t digest[VAULT_HASH_BYTES];
	atomic_bool stop;
	enum backup_fault fault; /* of this folder, else of the other */
	enum err why;
	bool is_good, is_other_good;
	int64_t bytes;
	uint8_t piece[BACKUP_PIECE_BYTES];
};

static const struct {
	const char *text, *words;
} faults[] = {
#define X(name, text, words) [BACKUP_FAULT_##name] = {text, words},
	BACKUP_FAULT_TABLE(X)
#undef X
};

const char *backup_fault_text(enum backup_fault fault)
{
	return faults[fault].text;
}

const char *backup_fault_en(enum backup_fault fault)
{
	return faults[fault].words;
}

const char *backup_fault_vi(enum backup_fault fault)
{
	return catalogue_find(faults[fault].words);
}

/* ---- how the last ones went ------------------------------------------------------------------
 */

enum err backup_state_load(struct store *store, struct backup_state *ret_state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BACKUP_LOAD);
	enum err err = stmt_row(store, stmt);
	const char *text;

	if (err)
		return err;
	*ret_state = (struct backup_state){.good_ms = sqlite3_column_int64(stmt, 0),
		.other_ms = sqlite3_column_int64(stmt, 1),
		.failed_ms = sqlite3_column_int64(stmt, 2),
		.forget_ms = sqlite3_column_int64(stmt, 4)};
	text = (const char *)sqlite3_column_text(stmt, 3);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		if (str_eq(text, faults[i].text))
			ret_state->fault = (enum backup_fault)i;
	}
	return ERR_OK;
}

static enum err save(struct store *store, const struct backup_state *state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BACKUP_SAVE);

	sqlite3_bind_int64(stmt, 1, state->good_ms);
	sqlite3_bind_int64(stmt, 2, state->other_ms);
	sqlite3_bind_int64(stmt, 3, state->failed_ms);
	bind_text(stmt, 4, faults[state->fault].text);
	return stmt_write_one(store, stmt);
}

enum err backup_erased(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BACKUP_ERASED);

	int64_t now_ms = clock_wall_ms(store->clock);

	sqlite3_bind_int64(stmt, 1, clock_local_day(now_ms));
	sqlite3_bind_int64(stmt, 2, now_ms);
	return stmt_write(store, stmt);
}

enum err backup_forget(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BACKUP_FORGET);
	char folder[BACKUP_FOLDER_BYTES + 16];
	enum err err = backup_folder(store, folder);

	store_forget_backups(store);
	if (err)
		return err;
	backup_prune(folder, 0);
	sqlite3_bind_int64(stmt, 1, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

static enum err load_erasures(struct store *store, struct backup_erasures *ret_erasures)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BACKUP_ERASURES);
	enum err err = ERR_OK;
	int count = 0;

	sqlite3_bind_int64(stmt, 1, BACKUP_ERASURES_MAX);
	while (count < BACKUP_ERASURES_MAX && !(err = stmt_row(store, stmt)))
		ret_erasures->at_ms[count++] = sqlite3_column_int64(stmt, 0);
	ret_erasures->count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Copies of that time are long gone. */
static enum err prune_erasures(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BACKUP_ERASURES_PRUNE);

	sqlite3_bind_int64(
		stmt, 1, clock_local_day(clock_wall_ms(store->clock)) - 2 * BACKUP_ERASURES_MAX);
	return stmt_write(store, stmt);
}

enum err backup_folder(struct store *store, char ret_folder[BACKUP_FOLDER_BYTES + 16])
{
	int len = snprintf(ret_folder, BACKUP_FOLDER_BYTES + 16, "%s.backups", store->path);

	return len < BACKUP_FOLDER_BYTES + 16 ? ERR_OK : ERR_TOO_BIG;
}

static enum err note_failed(
	struct store *store, struct backup_state *state, enum backup_fault fault, const char *actor)
{
	char data[64];
	enum err err;

	state->failed_ms = clock_wall_ms(store->clock);
	state->fault = fault;
	snprintf(data, sizeof(data), "{\"fault\":\"%s\"}", faults[fault].text);
	err = event_add(store, "backup.failed", "", actor, data);
	return err ? err : save(store, state);
}

enum err backup_failed(struct store *store, enum backup_fault fault, const char *actor)
{
	struct backup_state state;
	enum err err = backup_state_load(store, &state);

	log_error("backup", "failed=%s", faults[fault].text);
	return err ? err : note_failed(store, &state, fault, actor);
}

/* ---- on the loop: the state is fixed ---------------------------------------------------------
 */

static void job_free(struct backup_job *job)
{
	sqlite3_close(job->db);
	free(job);
}

static int look_at_stop(void *arg)
{
	struct backup_job *job = arg;

	return atomic_load(&job->stop);
}

static int read_pragma(void *arg, int columns, char **values, char **names)
{
	(void)columns;
	(void)names;
	return str_to_int64(values[0], 0, INT64_MAX, (int64_t *)arg) != ERR_OK;
}

/* From here on this connection sees one state, which is all in the file. */
static int fix_state(struct backup_job *job)
{
	int64_t pages = 0, page_bytes = 0;
	sqlite3_int64 bytes = 0;
	int rc = sqlite3_open_v2(job->database, &job->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

	if (!rc)
		rc = sqlite3_exec(
			job->db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	if (!rc)
		rc = sqlite3_exec(job->db, "PRAGMA page_count", read_pragma, &pages, NULL);
	if (!rc)
		rc = sqlite3_exec(job->db, "PRAGMA page_size", read_pragma, &page_bytes, NULL);
	if (!rc)
		rc = sqlite3_file_control(job->db, "main", SQLITE_FCNTL_FILE_POINTER, &job->file);
	if (!rc)
		rc = job->file->pMethods->xFileSize(job->file, &bytes);
	if (!rc && bytes != pages * page_bytes)
		rc = SQLITE_BUSY;
	job->label.database_bytes = bytes;
	if (!rc)
		sqlite3_progress_handler(job->db, PROGRESS_STEPS, look_at_stop, job);
	return rc;
}

/* Two within a second would have one name; and one of the second in which all older ones were
 * forgotten the name of one of before that, which goes at once. */
static void choose_name(struct backup_job *job)
{
	int64_t forget_second = job->erasures.forget_ms / SECOND_MS;
	char path[BACKUP_PATH_BYTES];

	if (job->label.at_ms / SECOND_MS == forget_second)
		job->label.at_ms = (forget_second + 1) * SECOND_MS;
	backup_name(job->label.at_ms, job->name);
	backup_path(job->folder, job->name, "", path);
	while (!access(path, F_OK)) {
		job->label.at_ms += SECOND_MS;
		backup_name(job->label.at_ms, job->name);
		backup_path(job->folder, job->name, "", path);
	}
}

static enum err fill(
	struct store *store, const struct backup_options *options, struct backup_job *job)
{
	struct event_anchor anchor;
	struct backup_state state;
	enum err err = backup_state_load(store, &state);

	if (!err)
		err = load_erasures(store, &job->erasures);
	if (!err)
		err = event_anchor_make(store, &anchor);
	if (!err)
		err = str_copy(job->database, sizeof(job->database), store->path);
	if (!err)
		err = backup_folder(store, job->folder);
	if (!err)
		err = str_copy(job->other, sizeof(job->other), options->other_folder);
	if (!err)
		err = str_copy(job->actor, sizeof(job->actor), options->actor);
	if (!err)
		err = str_copy(job->label.anchor, sizeof(job->label.anchor), anchor.text);
	if (err)
		return err;
	job->erasures.forget_ms = state.forget_ms;
	job->vault = store->vault;
	job->spare_bytes = options->spare_bytes;
	job->may_be_same_disk = options->may_be_same_disk;
	job->label.at_ms = clock_wall_ms(store->clock);
	choose_name(job);
	return ERR_OK;
}

enum err backup_begin(struct store *store, const struct backup_options *options,
	struct backup_job **ret_job, struct errbuf *eb)
{
	struct backup_job *job = calloc(1, sizeof(*job));
	bool is_whole = false;
	enum err err;
	int rc;

	if (!job)
		return ERR_NOMEM;
	err = fill(store, options, job);
	if (!err)
		err = turn_fold(store, &is_whole, eb);
	if (!err && !is_whole)
		err = ERR_BUSY;
	if (!err) {
		rc = fix_state(job);
		err = rc ? sqlite_err(rc) : ERR_OK;
		/* A file that can't be opened or read is no disk that lost what was synced. */
		err = err == ERR_IO ? ERR_BUSY : err;
	}
	if (err) {
		job_free(job);
		return err;
	}
	*ret_job = job;
	return ERR_OK;
}

/* ---- in the thread ---------------------------------------------------------------------------
 */

static bool is_stopped(struct backup_job *job)
{
	return atomic_load(&job->stop);
}

/* true: that ends it. */
static bool fails(struct backup_job *job, enum err err, enum backup_fault fault)
{
	if (!err)
		return false;
	job->why = err;
	job->fault = is_stopped(job) ? BACKUP_FAULT_STOPPED : fault;
	return true;
}

static enum err check_database(struct backup_job *job)
{
	int rc = sqlite_check(job->db);

	return rc ? sqlite_err(rc) : ERR_OK;
}

/* What is sealed is longer by little. Older copies make room, but the last one stays. */
static enum err make_room(struct backup_job *job, const char *folder)
{
	int64_t need = job->label.database_bytes + job->label.database_bytes / 256 + 65536;
	struct backup backups[BACKUPS_KEPT];
	int64_t free_bytes = 0;
	int count = 0;
	enum err err = backup_free_bytes(folder, &free_bytes);

	if (!err)
		err = backup_list(folder, backups, BACKUPS_KEPT, &count);
	while (!err && free_bytes < need + job->spare_bytes && count > 1) {
		backup_prune(folder, --count);
		err = backup_free_bytes(folder, &free_bytes);
	}
	if (!err && free_bytes < need + job->spare_bytes)
		err = ERR_DISK_FULL;
	return err;
}

static void rest(void)
{
	const struct timespec a_while = {.tv_nsec = REST_NS};

	(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &a_while, NULL);
}

static enum err seal_pages(struct backup_job *job, struct backup_writer *writer)
{
	int64_t at = 0, end = job->label.database_bytes;
	enum err err = ERR_OK;

	while (!err && at < end) {
		int len = (int)(end - at < BACKUP_PIECE_BYTES ? end - at : BACKUP_PIECE_BYTES);
		int rc = job->file->pMethods->xRead(job->file, job->piece, len, at);

		if (is_stopped(job))
			return ERR_TIMEOUT;
		err = rc ? sqlite_err(rc) : backup_writer_add(writer, job->piece, (size_t)len);
		at += len;
		if (at % REST_EVERY_BYTES == 0)
			rest();
	}
	return err;
}

static enum err write_sealed(struct backup_job *job, const char *draft)
{
	struct backup_writer *writer = NULL;
	enum err err = backup_writer_new(job->vault, draft, &job->label, &writer);

	if (!err)
		err = seal_pages(job, writer);
	if (!err)
		err = backup_writer_finish(writer, job->digest);
	backup_writer_free(writer);
	return err;
}

static enum err read_back(struct backup_job *job, const char *draft)
{
	uint8_t digest[VAULT_HASH_BYTES];
	struct backup_reader *reader = NULL;
	struct backup_label label;
	const uint8_t *data;
	size_t len = 1;
	enum err err = backup_reader_new(job->vault, draft, &label, &reader);

	while (!err && len) {
		err = is_stopped(job) ? ERR_TIMEOUT : backup_reader_next(reader, &data, &len);
	}
	if (!err)
		backup_reader_digest(reader, digest);
	backup_reader_free(reader);
	if (err)
		return err;
	return vault_is_same(digest, job->digest, sizeof(digest)) ? ERR_OK : ERR_CORRUPT;
}

static enum err bring_media(struct backup_job *job, const char *folder, bool may_link)
{
	char from[BACKUP_PATH_BYTES], to[BACKUP_PATH_BYTES];
	int64_t count;

	snprintf(from, sizeof(from), "%s.media", job->database);
	backup_path(folder, BACKUP_MEDIA, "", to);
	return backup_mirror_media(from, to, may_link, &job->stop, &count);
}

static enum err take_name(const char *draft, const char *path)
{
	if (rename(draft, path))
		return err_from_errno(errno);
	return sync_folder_of(path);
}

static void make_copy(struct backup_job *job)
{
	char draft[BACKUP_PATH_BYTES], path[BACKUP_PATH_BYTES];
	struct stat st = {0};
	enum err err;

	backup_path(job->folder, job->name, BACKUP_DRAFT, draft);
	backup_path(job->folder, job->name, "", path);
	if (fails(job, backup_make_folder(job->folder), BACKUP_FAULT_WRITE))
		return;
	backup_clean(job->folder);
	if (fails(job, make_room(job, job->folder), BACKUP_FAULT_ROOM) ||
		fails(job, check_database(job), BACKUP_FAULT_DATABASE))
		return;
	err = write_sealed(job, draft);
	if (!fails(job, err, err == ERR_DISK_FULL ? BACKUP_FAULT_ROOM : BACKUP_FAULT_WRITE) &&
		!fails(job, read_back(job, draft), BACKUP_FAULT_COMPARE) &&
		!fails(job, bring_media(job, job->folder, true), BACKUP_FAULT_MEDIA) &&
		!fails(job, take_name(draft, path), BACKUP_FAULT_WRITE))
		job->is_good = true;
	else
		(void)unlink(draft);
	if (job->is_good && !stat(path, &st))
		job->bytes = st.st_size;
	if (job->is_good)
		backup_retire(job->folder, &job->erasures);
}

/* A folder where a stick should be, and is not, is one of the disk itself: a copy there would look
 * like one and be none. */
static enum backup_fault look_at_other(const struct backup_job *job)
{
	struct stat other, own;

	if (stat(job->other, &other) || !S_ISDIR(other.st_mode))
		return BACKUP_FAULT_OTHER_GONE;
	if (!job->may_be_same_disk && !stat(job->database, &own) && own.st_dev == other.st_dev)
		return BACKUP_FAULT_OTHER_SAME;
	return BACKUP_FAULT_NONE;
}

static void bring_to_other(struct backup_job *job)
{
	char from[BACKUP_PATH_BYTES], to[BACKUP_PATH_BYTES];
	enum backup_fault fault = look_at_other(job);
	enum err err;

	if (fault) {
		(void)fails(job, ERR_NOT_FOUND, fault);
		return;
	}
	backup_path(job->folder, job->name, "", from);
	backup_path(job->other, job->name, "", to);
	backup_clean(job->other);
	if (fails(job, make_room(job, job->other), BACKUP_FAULT_OTHER_ROOM))
		return;
	err = bring_media(job, job->other, false);
	if (!err)
		err = backup_copy_file(from, to, &job->stop);
	if (fails(job, err,
		    err == ERR_DISK_FULL ? BACKUP_FAULT_OTHER_ROOM : BACKUP_FAULT_OTHER_WRITE))
		return;
	job->is_other_good = true;
	backup_retire(job->other, &job->erasures);
}

void backup_work(struct backup_job *job)
{
	make_copy(job);
	/* The state need not be kept any longer. */
	sqlite3_close(job->db);
	job->db = NULL;
	if (job->is_good && job->other[0])
		bring_to_other(job);
}

void backup_stop(struct backup_job *job)
{
	atomic_store(&job->stop, true);
}

/* ---- on the loop again -----------------------------------------------------------------------
 */

static enum err note_good(
	struct store *store, const struct backup_job *job, struct backup_state *state)
{
	char data[160];
	enum err err;

	state->good_ms = job->label.at_ms;
	if (job->is_other_good)
		state->other_ms = job->label.at_ms;
	if (!job->fault) {
		state->failed_ms = 0;
		state->fault = BACKUP_FAULT_NONE;
	}
	snprintf(data, sizeof(data), "{\"name\":\"%s\",\"bytes\":%lld,\"other\":%s}", job->name,
		(long long)job->bytes, job->is_other_good ? "true" : "false");
	err = event_add(store, "backup.made", "", job->actor, data);
	if (!err)
		err = prune_erasures(store);
	return err ? err : save(store, state);
}

enum err backup_end(struct store *store, struct backup_job *job, enum backup_fault *ret_fault)
{
	struct backup_state state;
	enum err err = backup_state_load(store, &state);

	if (job->is_good)
		log_info("backup", "made=%s bytes=%lld other=%s", job->name, (long long)job->bytes,
			job->is_other_good ? "yes" : "no");
	if (job->fault)
		log_error("backup", "failed=%s error=%s", faults[job->fault].text,
			err_name(job->why));
	if (!err && job->is_good)
		err = note_good(store, job, &state);
	/* The next start makes up for one that was broken off by the end of this life. */
	if (!err && job->fault && job->fault != BACKUP_FAULT_STOPPED)
		err = note_failed(store, &state, job->fault, job->actor);
	*ret_fault = job->is_good || job->fault ? job->fault : BACKUP_FAULT_STOPPED;
	job_free(job);
	return err;
}
