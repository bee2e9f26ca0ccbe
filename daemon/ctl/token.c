/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file has two lines: the socket, and the token that is good there. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_VARIABLE "BINHYEN_TOKEN_FILE"
#define FILE_BYTES    512

/* false: there is no place for it. */
static bool token_path(char path[FILE_BYTES])
{
	const char *given = getenv(FILE_VARIABLE);
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *home = getenv("HOME");
	int len = 0;

	if (given && given[0])
		len = snprintf(path, FILE_BYTES, "%s", given);
	else if (runtime && runtime[0] == '/')
		len = snprintf(path, FILE_BYTES, "%s/binhyen-token", runtime);
	else if (home && home[0] == '/')
		len = snprintf(path, FILE_BYTES, "%s/.binhyen-token", home);
	return len > 0 && len < FILE_BYTES;
}

/* Of another user, or readable by one, it is not what token_save() wrote. */
static bool is_own(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & 077);
}

void token_load(struct ctl *ctl)
{
	char path[FILE_BYTES], text[FILE_BYTES] = "";
	char *token;
	ssize_t n = 0;
	int fd = token_path(path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;

	if (fd < 0)
		return;
	if (is_own(fd))
		n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	token = strchr(text, '\n');
	if (token) {
		*token++ = 0;
		token[strcspn(token, "\n")] = 0;
		if (!str_eq(text, ctl->socket_path) ||
			strspn(token, "0123456789abcdef") != strlen(token) ||
			str_copy(ctl->token, sizeof(ctl->token), token) != ERR_OK)
			ctl->token[0] = 0;
	}
	explicit_bzero(text, sizeof(text));
}

enum exit_code token_save(struct ctl *ctl, const char *token)
{
	char path[FILE_BYTES], fresh[FILE_BYTES + 8];
	bool is_written;
	int fd;

	if (!token_path(path))
		return usage_error("there is no place for the login: set XDG_RUNTIME_DIR or HOME");
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	is_written = fd >= 0 && dprintf(fd, "%s\n%s\n", ctl->socket_path, token) > 0;
	if (fd >= 0 && close(fd) != 0)
		is_written = false;
	if (!is_written || rename(fresh, path) != 0) {
		fprintf(stderr, "binhyenctl: %s cannot be written: %s\n", path, strerror(errno));
		unlink(fresh);
		return EXIT_REFUSED;
	}
	return EXIT_DONE;
}

void token_forget(struct ctl *ctl)
{
	char path[FILE_BYTES];

	if (ctl->token[0] && token_path(path))
		unlink(path);
	explicit_bzero(ctl->token, sizeof(ctl->token));
}
