/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A copy is put back under another name first, "<database>.restoring" with all that lies beside it;
 * what can be wrong shows there. Then it is renamed, the database last: a daemon finds all of it or
 * nothing. What an earlier try left under that name is removed.
 */
#include "store/backup_private.h"

#include "store/backup_file.h"
#include "store/delivery.h"
#include "store/event.h"
#include "store/event_walk.h"
#include "store/internal.h"
#include "store/outbox_row.h"
#include "store/sync.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESTORING    ".restoring"
#define ROWS_A_PIECE 10000

/* What lies beside a database; those that are brought come first, in the order of their renaming.
 */
static const char *const beside[] = {
	".media", ".head", "", "-wal", "-shm", ".lock", ".head.new", "-journal"};
#define BROUGHT 3

struct restoring {
	const char *sealed, *database;
	struct vault *vault;
	struct backup_label label;
	struct backup_restored done;
	struct errbuf *eb;
	char draft[BACKUP_PATH_BYTES];
};

static void path_of(const char *database, const char *suffix, char path[BACKUP_PATH_BYTES])
{
	if (snprintf(path, BACKUP_PATH_BYTES, "%s%s", database, suffix) >= BACKUP_PATH_BYTES)
		path[0] = 0;
}

static void remove_folder(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	(void)rmdir(path);
}

static void remove_draft(const struct restoring *r)
{
	char path[BACKUP_PATH_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		path_of(r->draft, beside[i], path);
		if (i == 0)
			remove_folder(path);
		else
			(void)unlink(path);
	}
	for (int version = 1; version <= store_migration_count; version++) {
		char suffix[32];

		snprintf(suffix, sizeof(suffix), ".before-%d", version);
		path_of(r->draft, suffix, path);
		(void)unlink(path);
	}
}

static enum err refuse_existing(struct restoring *r)
{
	char path[BACKUP_PATH_BYTES];
	struct stat st;

	if (strlen(r->database) + sizeof(RESTORING) + 64 >= BACKUP_FOLDER_BYTES)
		return errbuf_set(r->eb, ERR_TOO_BIG, "%s: the path is too long", r->database);
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		path_of(r->database, beside[i], path);
		if (!lstat(path, &st))
			return errbuf_set(r->eb, ERR_EXISTS,
				"%s is there: nothing is overwritten; rename it, with all that lies "
				"beside it, or choose another name",
				path);
	}
	return ERR_OK;
}

/* ---- the copy is opened ----------------------------------------------------------------------
 */

static enum err write_pages(struct backup_reader *reader, int fd)
{
	const uint8_t *data;
	size_t len = 1;
	enum err err = ERR_OK;

	while (!err && len) {
		err = backup_reader_next(reader, &data, &len);
		for (size_t at = 0; !err && at < len;) {
			ssize_t done = write(fd, data + at, len - at);

			if (done < 0 && errno != EINTR)
				err = err_from_errno(errno);
			at += done > 0 ? (size_t)done : 0;
		}
	}
	if (!err && fsync(fd))
		err = err_from_errno(errno);
	return err;
}

static enum err failed(struct restoring *r, enum err err, const char *path)
{
	return errbuf_wrap(r->eb, errbuf_kind(r->eb, err), "%s: nothing was put back", path);
}

static enum err say_why(struct restoring *r, enum err err)
{
	switch (err) {
	case ERR_OK:
		return ERR_OK;
	case ERR_UNSUPPORTED:
		return errbuf_set(r->eb, err, "%s: this is no backup of binhyend", r->sealed);
	case ERR_WRONG_KEY:
		return errbuf_set(r->eb, err,
			"%s: this box key does not open it; it needs the box.key of the machine that "
			"made it",
			r->sealed);
	case ERR_CORRUPT:
		return errbuf_set(r->eb, err,
			"%s: damaged or cut off; nothing was put back: take another one",
			r->sealed);
	default:
		return failed(r, err, r->sealed);
	}
}

static enum err unseal(struct restoring *r)
{
	struct backup_reader *reader = NULL;
	int fd = -1;
	enum err err = backup_reader_new(r->vault, r->sealed, &r->label, &reader);

	if (!err) {
		fd = open(r->draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		err = fd < 0 ? err_from_errno(errno) : write_pages(reader, fd);
	}
	if (fd >= 0 && close(fd) && !err)
		err = ERR_IO;
	backup_reader_free(reader);
	return say_why(r, err);
}

/* ---- it is checked ---------------------------------------------------------------------------
 */

static enum err check_pages(struct restoring *r)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(r->draft, &db, SQLITE_OPEN_READWRITE, NULL);

	if (!rc)
		rc = sqlite_check(db);
	sqlite3_close(db);
	if (rc)
		return errbuf_set(r->eb, ERR_CORRUPT,
			"%s: SQLite finds the database in it damaged; take another one", r->sealed);
	return ERR_OK;
}

static enum err check_log(struct restoring *r)
{
	struct event_walk_result result;
	struct event_walk *walk;
	bool is_done = false;
	enum err err = event_walk_open(r->draft, r->vault, &walk, r->eb);

	if (err)
		return err;
	while (!err && !is_done)
		err = event_walk_step(walk, ROWS_A_PIECE, &is_done);
	result = event_walk_result(walk);
	event_walk_close(walk);
	if (err)
		return errbuf_set(r->eb, err, "%s: its log of events can't be read", r->sealed);
	if (result.finding.fault)
		return errbuf_set(r->eb, ERR_CORRUPT, "%s: its log of events is bad at %lld: %s",
			r->sealed, (long long)result.finding.event_id,
			event_fault_en(result.finding.fault));
	r->done.events = result.last.id;
	return ERR_OK;
}

static enum err write_anchor(struct restoring *r)
{
	struct event_anchor anchor = {0};

	snprintf(anchor.path, sizeof(anchor.path), "%.280s.head", r->draft);
	memcpy(anchor.text, r->label.anchor, sizeof(anchor.text));
	return event_anchor_write(&anchor);
}

/* ---- what has to be other than it was --------------------------------------------------------
 */

static enum err first_queued(struct store *store, struct outbox_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BACKUP_QUEUED);
	enum err err = stmt_row(store, stmt);

	if (!err)
		outbox_read_row(stmt, ret_row);
	return err;
}

/* As if it had been tried at the moment of the copy: where the other side can be asked what it got
 * (Zalo), it is asked from then on. */
static enum err claim(struct store *store, const struct outbox_row *row, int64_t at_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_CLAIM);

	sqlite3_bind_int64(stmt, 1, row->id);
	sqlite3_bind_int64(stmt, 2, at_ms);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	sqlite3_bind_int(stmt, 4, row->segments);
	return stmt_write_one(store, stmt);
}

static enum err doubt_queue(struct store *store, int64_t at_ms, int64_t *ret_in_doubt)
{
	struct outbox_row row;
	enum err err;

	while (!(err = first_queued(store, &row))) {
		err = claim(store, &row, at_ms);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? outbox_recover(store, ret_in_doubt) : err;
}

/* Nobody knows whom they have reached since then: a person says whether they go on. */
static enum err stop_bulletins(struct store *store, int64_t *ret_stopped)
{
	struct delivery delivery = {.id = 0};
	int64_t count = 0;
	enum err err = ERR_OK;

	for (int lane = 0; lane < LANE_COUNT; lane++) {
		delivery.id = 0;
		while (!(err = delivery_next(store, (enum lane)lane, delivery.id, &delivery))) {
			if (delivery.state != DELIVERY_PLANNING &&
				delivery.state != DELIVERY_RUNNING)
				continue;
			err = delivery_move(store, &delivery, DELIVERY_STOPPED);
			if (err)
				return err;
			count++;
		}
		if (err != ERR_NOT_FOUND)
			return err;
	}
	*ret_stopped = count;
	return ERR_OK;
}

static enum err note(struct store *store, struct restoring *r)
{
	char at[CLOCK_TEXT_BYTES], data[128];

	clock_format(r->label.at_ms, at);
	snprintf(data, sizeof(data), "{\"of\":\"%s\",\"in_doubt\":%lld,\"bulletins\":%lld}", at,
		(long long)r->done.in_doubt, (long long)r->done.bulletins);
	return event_add(store, "backup.restored", "", "system", data);
}

static enum err change(struct store *store, struct restoring *r)
{
	struct event_finding opened = event_opened(store);
	enum err err = ERR_OK;

	if (opened.fault)
		return errbuf_set(r->eb, ERR_CORRUPT, "%s: its log of events: %s", r->sealed,
			event_fault_en(opened.fault));
	err = doubt_queue(store, r->label.at_ms, &r->done.in_doubt);
	if (!err)
		err = stop_bulletins(store, &r->done.bulletins);
	if (!err)
		err = note(store, r);
	if (!err)
		err = turn_end(store, r->eb);
	else
		turn_abort(store, err);
	return err;
}

static enum err settle(struct restoring *r)
{
	struct store_options options = {
		.path = r->draft, .vault = r->vault, .clock = clock_system()};
	struct event_anchor anchor;
	struct store *store;
	enum err err = store_open(&options, &store, r->eb);

	if (err)
		return err;
	err = change(store, r);
	if (!err)
		err = event_anchor_make(store, &anchor);
	if (!err)
		err = event_anchor_write(&anchor);
	store_close(store);
	return err;
}

/* ---- what lies beside it ---------------------------------------------------------------------
 */

static enum err bring_media(struct restoring *r)
{
	char from[BACKUP_PATH_BYTES], to[BACKUP_PATH_BYTES], folder[BACKUP_PATH_BYTES];
	enum err err = str_copy(folder, sizeof(folder), r->sealed);

	if (err)
		return err;
	backup_path(dirname(folder), BACKUP_MEDIA, "", from);
	path_of(r->draft, ".media", to);
	err = backup_mirror_media(from, to, false, NULL, &r->done.media_files);
	return err ? failed(r, err, from) : ERR_OK;
}

/* As the superuser: to whom the folder belongs, who is the daemon's user. */
static enum err give_away(const struct restoring *r, const char *path)
{
	char copy[BACKUP_PATH_BYTES];
	struct stat st;
	enum err err = str_copy(copy, sizeof(copy), r->database);

	if (err || geteuid())
		return err;
	if (stat(dirname(copy), &st) || lchown(path, st.st_uid, st.st_gid))
		return err_from_errno(errno);
	return ERR_OK;
}

static enum err give_media(const struct restoring *r, const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char path[BACKUP_PATH_BYTES];
	enum err err = ERR_OK;

	while (dir && !err && (entry = readdir(dir))) {
		backup_path(folder, entry->d_name, "", path);
		if (entry->d_name[0] != '.')
			err = give_away(r, path);
	}
	if (dir)
		closedir(dir);
	return err;
}

static enum err take_names(struct restoring *r)
{
	char from[BACKUP_PATH_BYTES], to[BACKUP_PATH_BYTES];
	struct stat st;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < BROUGHT; i++) {
		path_of(r->draft, beside[i], from);
		path_of(r->database, beside[i], to);
		if (lstat(from, &st) && errno == ENOENT)
			continue;
		if (S_ISDIR(st.st_mode))
			err = give_media(r, from);
		if (!err)
			err = give_away(r, from);
		if (!err && rename(from, to))
			err = err_from_errno(errno);
		/* Each name before the next one: the database must not come first. */
		if (!err)
			err = sync_folder_of(to);
	}
	return err ? failed(r, err, r->database) : ERR_OK;
}

enum err backup_restore(const char *sealed, struct vault *vault, const char *database,
	struct backup_restored *ret_restored, struct errbuf *eb)
{
	struct restoring r = {.sealed = sealed, .database = database, .vault = vault, .eb = eb};
	enum err err = refuse_existing(&r);

	if (err)
		return err;
	path_of(database, RESTORING, r.draft);
	remove_draft(&r);
	err = unseal(&r);
	if (!err)
		err = check_pages(&r);
	if (!err)
		err = check_log(&r);
	if (!err)
		err = write_anchor(&r);
	if (!err)
		err = settle(&r);
	if (!err)
		err = bring_media(&r);
	if (!err)
		err = take_names(&r);
	remove_draft(&r);
	if (err)
		return err;
	r.done.at_ms = r.label.at_ms;
	*ret_restored = r.done;
	return ERR_OK;
}
