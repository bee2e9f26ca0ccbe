/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/media_private.h"

#include "store/attachment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define SUFFIX	".media"
#define FRESH_S 3600 /* longer than the slowest fetch */

void media_path(struct store *store, const char *name, const char *suffix, char *path)
{
	snprintf(path, MEDIA_PATH_BYTES, "%s" SUFFIX "%s%s%s", store->path, name[0] ? "/" : "",
		name, suffix);
}

bool media_is_name(const char *text)
{
	return strlen(text) == MEDIA_NAME_BYTES - 1 &&
	       strspn(text, "0123456789abcdef") == MEDIA_NAME_BYTES - 1;
}

void media_remove(struct store *store, const char *name)
{
	char path[MEDIA_PATH_BYTES];

	if (!media_is_name(name))
		return;
	media_path(store, name, "", path);
	unlink(path);
}

enum err media_free_bytes(struct store *store, int64_t *ret_bytes)
{
	struct statvfs fs;

	CLEANUP(cleanup_free) char *copy = str_dup(store->path);
	char *slash = copy ? strrchr(copy, '/') : NULL;

	if (!copy)
		return ERR_NOMEM;
	if (slash)
		slash[slash == copy] = 0;
	if (statvfs(slash ? copy : ".", &fs))
		return err_from_errno(errno);
	*ret_bytes = (int64_t)(fs.f_bavail * fs.f_frsize);
	return ERR_OK;
}

static bool is_part(const char *name)
{
	size_t len = strlen(name), part = strlen(MEDIA_PART);

	return len > part && str_eq(name + len - part, MEDIA_PART);
}

/* A name that is not ours is left alone. */
static enum err clean_file(struct store *store, int folder, const char *name, int64_t *orphans)
{
	int64_t id;
	enum err err;

	if (!is_part(name) && !media_is_name(name))
		return ERR_OK;
	err = is_part(name) ? ERR_NOT_FOUND : attachment_of_file(store, name, &id);
	if (err != ERR_NOT_FOUND)
		return err;
	if (unlinkat(folder, name, 0))
		return err_from_errno(errno);
	++*orphans;
	return ERR_OK;
}

static enum err clean_folder(struct store *store, DIR *dir, int64_t *orphans)
{
	const struct dirent *entry;
	enum err err = ERR_OK;

	while (!err && (errno = 0, entry = readdir(dir)))
		err = clean_file(store, dirfd(dir), entry->d_name, orphans);
	return err || !errno ? err : err_from_errno(errno);
}

static enum err clean_rows(struct store *store, media_missing_fn missing, void *arg)
{
	char file[MEDIA_NAME_BYTES], path[MEDIA_PATH_BYTES];
	int64_t id = 0;
	enum err err;

	while (!(err = attachment_next_file(store, id, &id, file))) {
		media_path(store, file, "", path);
		err = access(path, F_OK) ? missing(arg, id) : ERR_OK;
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err count_rows(struct store *store, int64_t *ret_count)
{
	char file[MEDIA_NAME_BYTES];
	int64_t id = 0, count = 0;
	enum err err;

	while (!(err = attachment_next_file(store, id, &id, file)))
		count++;
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The database was put back and the folder was not, or is not mounted: then its files are not given
 * up, since a row that is given up forgets the key. */
static enum err folder_missing(struct store *store, struct media_cleaned *cleaned)
{
	return count_rows(store, &cleaned->without_folder);
}

enum err media_clean(struct store *store, media_missing_fn missing, void *arg,
	struct media_cleaned *ret_cleaned, struct errbuf *eb)
{
	struct media_cleaned cleaned = {0};
	char path[MEDIA_PATH_BYTES];
	enum err err;
	DIR *dir;

	media_path(store, "", "", path);
	dir = opendir(path);
	if (!dir && errno != ENOENT)
		return errbuf_set(eb, err_from_errno(errno), "%s: %s", path, strerror(errno));
	if (dir) {
		err = clean_folder(store, dir, &cleaned.orphans);
		closedir(dir);
		if (!err)
			err = clean_rows(store, missing, arg);
	} else {
		err = folder_missing(store, &cleaned);
	}
	if (err)
		return errbuf_set(eb, err, "%s: cleaning up", path);
	*ret_cleaned = cleaned;
	return ERR_OK;
}

/* ---- comparing -------------------------------------------------------------------------------
 */

/* What a content of so many bytes is when it is sealed: behind the full pieces there is always one
 * more, which may be empty. */
static int64_t sealed_bytes(int64_t bytes)
{
	int64_t pieces = bytes / MEDIA_PIECE_BYTES + 1;

	return VAULT_STREAM_HEADER_BYTES + bytes + pieces * VAULT_STREAM_EXTRA_BYTES;
}

static enum err census_rows(struct store *store, struct media_census *census)
{
	char file[MEDIA_NAME_BYTES], path[MEDIA_PATH_BYTES];
	struct attachment a;
	struct stat st;
	int64_t id = 0;
	enum err err;

	while (!(err = attachment_next_file(store, id, &id, file))) {
		err = attachment_load(store, id, &a);
		if (err)
			return err;
		census->rows++;
		media_path(store, file, "", path);
		if (stat(path, &st)) {
			census->missing++;
			continue;
		}
		census->bytes += st.st_size;
		census->damaged += st.st_size != sealed_bytes(a.bytes);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* One that is being fetched has no row yet. */
static bool is_fresh(int folder, const char *name)
{
	struct stat st;

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) ||
	       time(NULL) - st.st_mtime < FRESH_S;
}

static enum err census_folder(struct store *store, DIR *dir, struct media_census *census)
{
	const struct dirent *entry;
	int64_t id;
	enum err err = ERR_OK;

	while (!err && (errno = 0, entry = readdir(dir))) {
		if (!media_is_name(entry->d_name))
			continue;
		err = attachment_of_file(store, entry->d_name, &id);
		if (err == ERR_NOT_FOUND) {
			census->orphans += !is_fresh(dirfd(dir), entry->d_name);
			err = ERR_OK;
		}
	}
	return err || !errno ? err : err_from_errno(errno);
}

enum err media_census(struct store *store, struct media_census *ret_census)
{
	struct media_census census = {0};
	char path[MEDIA_PATH_BYTES];
	enum err err = ERR_OK;
	DIR *dir;

	media_path(store, "", "", path);
	dir = opendir(path);
	if (!dir && errno != ENOENT)
		return err_from_errno(errno);
	if (dir) {
		err = census_folder(store, dir, &census);
		closedir(dir);
	}
	if (!err)
		err = census_rows(store, &census);
	if (!err)
		*ret_census = census;
	return err;
}
