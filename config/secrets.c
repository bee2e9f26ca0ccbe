/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets are files of one directory. systemd puts them into $CREDENTIALS_DIRECTORY, readable by
 * the service alone (by an access list, which shows as group bits in the mode); everywhere else the
 * mode of the file must keep group and others out.
 */
#include "config/config.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the unit looks for what it passes on. */
#define CREDSTORE "/etc/credstore/binhyen."

#define SECRET_MAX_BYTES 4096 /* keys and OAuth secrets have at most some hundred */

enum err config_secret_path(
	const struct config *config, const char *name, struct buf *out, struct errbuf *eb)
{
	if (!name[0] || name[0] == '.' || strchr(name, '/'))
		return errbuf_set(eb, ERR_BUG, "not a name of a secret");
	if (!config->secrets_dir[0])
		return errbuf_set(eb, ERR_NOT_FOUND,
			"%s: there is neither secrets.dir nor $CREDENTIALS_DIRECTORY; write the secret to " CREDSTORE
			"%s, mode 0600, and start binhyend by systemd, or set secrets.dir",
			name, name);
	return buf_addf(out, "%s/%s", config->secrets_dir, name);
}

/* Does the path lie in the directory that systemd made for this service? */
static bool is_credential(const char *path)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	size_t len = dir ? strlen(dir) : 0;

	while (len > 1 && dir[len - 1] == '/')
		len--;
	return len > 1 && strncmp(path, dir, len) == 0 && path[len] == '/';
}

static void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static enum err missing(const char *path, struct errbuf *eb)
{
	const char *name = strrchr(path, '/') + 1;

	if (is_credential(path))
		return errbuf_set(eb, ERR_NOT_FOUND,
			"%s: is missing; write it to " CREDSTORE
			"%s, mode 0600, and start binhyend again",
			name, name);
	return errbuf_set(eb, ERR_NOT_FOUND,
		"%.300s: is missing; write the secret to it, mode 0600, and start binhyend again",
		path);
}

/* Opens a secret that nobody else can read. */
static enum err secret_open(const char *path, int *ret_fd, struct errbuf *eb)
{
	/* A pipe in its place must not stop the daemon. */
	CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return missing(path, eb);
	if (fd < 0 || fstat(fd, &st) < 0)
		return errbuf_set(
			eb, err_from_errno(errno), "%.300s: %s", path, strerrordesc_np(errno));
	if (!S_ISREG(st.st_mode))
		return errbuf_set(eb, ERR_INVALID, "%.300s: is not a file", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) && !is_credential(path))
		return errbuf_set(eb, ERR_DENIED,
			"%.300s: mode %04o lets others at it; chmod 0600 it, and change the secret if "
			"somebody may have read it",
			path, (unsigned)(st.st_mode & 07777));
	*ret_fd = fd;
	fd = -1;
	return ERR_OK;
}

/* Reads at most `bytes`; -1 and errno. */
static ssize_t read_all(int fd, char *data, size_t bytes)
{
	size_t len = 0;
	ssize_t n;

	while (len < bytes) {
		n = read(fd, data + len, bytes - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static enum err secret_read(int fd, const char *path, struct buf *out, struct errbuf *eb)
{
	char text[SECRET_MAX_BYTES + 1];
	ssize_t n = read_all(fd, text, sizeof(text));
	size_t len = n < 0 ? 0 : (size_t)n;
	enum err err;

	if (n < 0)
		return errbuf_set(
			eb, err_from_errno(errno), "%.300s: %s", path, strerrordesc_np(errno));
	if (len > SECRET_MAX_BYTES) {
		err = errbuf_set(eb, ERR_TOO_BIG,
			"%.300s: is longer than %d bytes; is it the right file?", path,
			SECRET_MAX_BYTES);
		goto wipe;
	}
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (!len)
		err = errbuf_set(eb, ERR_INVALID, "%.300s: is empty; write the secret to it", path);
	else if (!str_is_utf8(text, len))
		err = errbuf_set(eb, ERR_INVALID, "%.300s: is not a text", path);
	else
		err = buf_add(out, text, len);
wipe:
	explicit_bzero(text, sizeof(text));
	return err;
}

enum err config_secret_text(
	const struct config *config, const char *name, struct buf *out, struct errbuf *eb)
{
	CLEANUP(cleanup_fd) int fd = -1;
	CLEAN_BUF path = {0};
	enum err err;

	buf_init(&path, sizeof(config->secrets_dir) + 64);
	err = config_secret_path(config, name, &path, eb);
	if (err)
		return err;
	err = secret_open(buf_text(&path), &fd, eb);
	if (err)
		return err;
	return secret_read(fd, buf_text(&path), out, eb);
}
