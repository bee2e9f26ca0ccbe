/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies in a folder of copies: names, files that are copied into it, and those that go. */
#include "store/backup_private.h"

#include "daemon/base/date.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/media_private.h"
#include "store/sync.h"
#include "store/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LIST_MAX   64 /* more than a week of nights and a few by hand */
#define COPY_BYTES (64 * 1024)

void backup_path(
	const char *folder, const char *name, const char *suffix, char path[BACKUP_PATH_BYTES])
{
	/* One that is too long is no name of a file at all. */
	if (snprintf(path, BACKUP_PATH_BYTES, "%s/%s%s", folder, name, suffix) >= BACKUP_PATH_BYTES)
		path[0] = 0;
}

void backup_name(int64_t at_ms, char name[BACKUP_NAME_BYTES])
{
	int64_t day = at_ms / DAY_MS;
	int second = (int)(at_ms % DAY_MS / SECOND_MS);
	char date[DATE_BYTES];

	date_format(day, date);
	snprintf(name, BACKUP_NAME_BYTES, "%sT%02d-%02d-%02dZ" BACKUP_SUFFIX, date, second / 3600,
		second / 60 % 60, second % 60);
}

/* The moment of a name; false: it is none of ours. */
static bool read_name(const char *name, int64_t *ret_at_ms)
{
	char date[DATE_BYTES], again[BACKUP_NAME_BYTES];
	int64_t day, parts[3];

	if (strlen(name) != strlen("2026-11-22T15-14-09Z" BACKUP_SUFFIX))
		return false;
	snprintf(date, sizeof(date), "%.10s", name);
	if (date_parse(date, &day))
		return false;
	for (int i = 0; i < 3; i++) {
		char digits[3];

		snprintf(digits, sizeof(digits), "%.2s", name + 11 + 3 * i);
		if (str_to_int64(digits, 0, 59, &parts[i]))
			return false;
	}
	*ret_at_ms = day * DAY_MS + parts[0] * HOUR_MS + parts[1] * MINUTE_MS +
		     parts[2] * SECOND_MS;
	backup_name(*ret_at_ms, again);
	return str_eq(name, again);
}

enum err backup_make_folder(const char *folder)
{
	if (!mkdir(folder, 0700))
		return sync_folder_of(folder);
	return errno == EEXIST ? ERR_OK : err_from_errno(errno);
}

enum err backup_free_bytes(const char *folder, int64_t *ret_bytes)
{
	struct statvfs fs;

	if (statvfs(folder, &fs))
		return err_from_errno(errno);
	*ret_bytes = (int64_t)(fs.f_bavail * fs.f_frsize);
	return ERR_OK;
}

/* ---- copies ----------------------------------------------------------------------------------
 */

static void insert(struct backup *backups, int max, int *count, const struct backup *backup)
{
	int at = *count;

	while (at > 0 && backups[at - 1].at_ms < backup->at_ms)
		at--;
	if (at == max)
		return;
	*count += *count < max;
	memmove(&backups[at + 1], &backups[at], (size_t)(*count - 1 - at) * sizeof(*backups));
	backups[at] = *backup;
}

enum err backup_list(const char *folder, struct backup *ret_backups, int max, int *ret_count)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int count = 0;

	if (!dir && errno != ENOENT)
		return err_from_errno(errno);
	while (dir && max > 0 && (entry = readdir(dir))) {
		struct backup backup;
		struct stat st;

		if (!read_name(entry->d_name, &backup.at_ms) ||
			fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
			!S_ISREG(st.st_mode))
			continue;
		snprintf(backup.name, sizeof(backup.name), "%.31s", entry->d_name);
		backup.bytes = st.st_size;
		insert(ret_backups, max, &count, &backup);
	}
	if (dir)
		closedir(dir);
	*ret_count = count;
	return ERR_OK;
}

static void remove_copy(const char *folder, const char *name)
{
	char path[BACKUP_PATH_BYTES];

	backup_path(folder, name, "", path);
	if (!unlink(path))
		log_info("backup", "removed=%s", name);
}

void backup_prune(const char *folder, int keep)
{
	struct backup backups[LIST_MAX];
	int count = 0;

	if (backup_list(folder, backups, LIST_MAX, &count))
		return;
	for (int i = keep; i < count; i++)
		remove_copy(folder, backups[i].name);
	if (!keep)
		backup_clean(folder);
}

void backup_retire(const char *folder, const struct backup_erasures *erasures)
{
	struct backup backups[LIST_MAX];
	int64_t outlived_ms = erasures->forget_ms;
	int count = 0;

	backup_prune(folder, BACKUPS_KEPT);
	if (backup_list(folder, backups, LIST_MAX, &count))
		return;
	for (int i = 0; i < erasures->count && count >= BACKUPS_AFTER_ERASURE; i++) {
		int64_t at_ms = erasures->at_ms[i];

		if (at_ms < backups[BACKUPS_AFTER_ERASURE - 1].at_ms && at_ms > outlived_ms)
			outlived_ms = at_ms;
	}
	for (int i = 0; i < count; i++) {
		if (backups[i].at_ms <= outlived_ms)
			remove_copy(folder, backups[i].name);
	}
}

static bool is_draft(const char *name)
{
	size_t len = strlen(name), part = strlen(BACKUP_DRAFT);

	return len > part && str_eq(name + len - part, BACKUP_DRAFT);
}

static void clean_drafts(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (is_draft(entry->d_name))
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

void backup_clean(const char *folder)
{
	char media[BACKUP_PATH_BYTES];

	backup_path(folder, BACKUP_MEDIA, "", media);
	clean_drafts(folder);
	clean_drafts(media);
}

/* ---- copying ---------------------------------------------------------------------------------
 */

/* Piece by piece from `from`: written to `to`, or compared with it. data: 2 * COPY_BYTES. */
static enum err go_through(
	int from, int to, uint8_t *data, bool is_compared, const atomic_bool *stop)
{
	size_t len = COPY_BYTES, other_len = 0;
	enum err err = ERR_OK;

	while (!err && len == COPY_BYTES) {
		if (stop && atomic_load(stop))
			return ERR_TIMEOUT;
		err = file_read(from, data, COPY_BYTES, &len);
		if (!err && !is_compared)
			err = file_write(to, data, len);
		else if (!err)
			err = file_read(to, data + COPY_BYTES, COPY_BYTES, &other_len);
		if (!err && is_compared &&
			(len != other_len || memcmp(data, data + COPY_BYTES, len) != 0))
			err = ERR_CORRUPT;
	}
	return err;
}

static enum err copy_then_compare(int from, int to, const atomic_bool *stop)
{
	uint8_t *data = malloc(2 * COPY_BYTES);
	enum err err = data ? go_through(from, to, data, false, stop) : ERR_NOMEM;

	if (!err && fsync(to))
		err = err_from_errno(errno);
	/* From the medium, as far as the kernel can be told so. */
	(void)posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
	if (!err && (lseek(from, 0, SEEK_SET) < 0 || lseek(to, 0, SEEK_SET) < 0))
		err = ERR_IO;
	if (!err)
		err = go_through(from, to, data, true, stop);
	free(data);
	return err;
}

enum err backup_copy_file(const char *from, const char *to, const atomic_bool *stop)
{
	char draft[BACKUP_PATH_BYTES + sizeof(BACKUP_DRAFT)];
	int in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), out;
	enum err err;

	if (in < 0)
		return err_from_errno(errno);
	snprintf(draft, sizeof(draft), "%s" BACKUP_DRAFT, to);
	out = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	err = out < 0 ? err_from_errno(errno) : copy_then_compare(in, out, stop);
	close(in);
	if (out >= 0 && close(out) && !err)
		err = ERR_IO;
	if (!err && rename(draft, to))
		err = err_from_errno(errno);
	if (err)
		unlink(draft);
	return err ? err : sync_folder_of(to);
}

/* ---- media -----------------------------------------------------------------------------------
 */

static bool is_same_size(const char *a, const char *b)
{
	struct stat st_a, st_b;

	return !lstat(a, &st_a) && !lstat(b, &st_b) && st_a.st_size == st_b.st_size;
}

/* A file is written once and never again: one that is there in its length is the same. */
static enum err mirror_file(const char *from_folder, const char *to_folder, const char *name,
	bool may_link, const atomic_bool *stop)
{
	char from[BACKUP_PATH_BYTES], to[BACKUP_PATH_BYTES];
	enum err err;

	backup_path(from_folder, name, "", from);
	backup_path(to_folder, name, "", to);
	if (is_same_size(from, to))
		return ERR_OK;
	unlink(to);
	if (may_link && !link(from, to))
		return ERR_OK;
	err = backup_copy_file(from, to, stop);
	/* Erased meanwhile. */
	return err && access(from, F_OK) ? ERR_OK : err;
}

static enum err bring(
	const char *from, DIR *dir, const char *to, bool may_link, const atomic_bool *stop)
{
	const struct dirent *entry;
	enum err err = ERR_OK;

	while (!err && (entry = readdir(dir))) {
		if (atomic_load(stop))
			return ERR_TIMEOUT;
		if (media_is_name(entry->d_name))
			err = mirror_file(from, to, entry->d_name, may_link, stop);
	}
	return err;
}

static enum err drop(const char *from, const char *to, int64_t *ret_count)
{
	char path[BACKUP_PATH_BYTES];
	const struct dirent *entry;
	int64_t count = 0;
	DIR *dir = opendir(to);

	if (!dir)
		return err_from_errno(errno);
	while ((entry = readdir(dir))) {
		if (!media_is_name(entry->d_name))
			continue;
		backup_path(from, entry->d_name, "", path);
		if (access(path, F_OK) && errno == ENOENT)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
		else
			count++;
	}
	closedir(dir);
	*ret_count = count;
	return ERR_OK;
}

enum err backup_mirror_media(const char *from, const char *to, bool may_link,
	const atomic_bool *stop, int64_t *ret_count)
{
	static const atomic_bool goes_on = false;
	DIR *dir = opendir(from);
	enum err err;

	if (!dir && errno == ENOENT) {
		*ret_count = 0;
		return ERR_OK;
	}
	if (!dir)
		return err_from_errno(errno);
	err = backup_make_folder(to);
	if (!err)
		err = bring(from, dir, to, may_link, stop ? stop : &goes_on);
	closedir(dir);
	if (!err)
		err = drop(from, to, ret_count);
	if (!err) {
		char within[BACKUP_PATH_BYTES];

		backup_path(to, "x", "", within);
		err = sync_folder_of(within);
	}
	return err;
}

enum err backup_media_count(const char *folder, int64_t *ret_count)
{
	char media[BACKUP_PATH_BYTES];
	const struct dirent *entry;
	int64_t count = 0;
	DIR *dir;

	backup_path(folder, BACKUP_MEDIA, "", media);
	dir = opendir(media);
	if (!dir && errno != ENOENT)
		return err_from_errno(errno);
	while (dir && (entry = readdir(dir)))
		count += media_is_name(entry->d_name);
	if (dir)
		closedir(dir);
	*ret_count = count;
	return ERR_OK;
}
