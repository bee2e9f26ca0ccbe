/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/tty.h"
#include "daemon/base/str.h"

#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The process has six, and may not read /proc, which would tell. */
#define FDS_MAX 32

int tty_find_fd(const char *device)
{
	struct stat tty, st;
	int found = -1;

	if (stat(device, &tty) || !S_ISCHR(tty.st_mode))
		return -1;
	for (int fd = 0; fd < FDS_MAX; fd++) {
		if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == tty.st_rdev)
			found = fd;
	}
	return found;
}

enum err tty_write(int fd, const char *command)
{
	size_t len = strlen(command);

	if (fd < 0)
		return ERR_UNSUPPORTED;
	return write(fd, command, len) == (ssize_t)len ? ERR_OK : ERR_UNREACHABLE;
}

static bool has_indication(const char *text)
{
	return strstr(text, "+CMTI:") || strstr(text, "+CDSI:") || strstr(text, "+CDS:");
}

enum err tty_ask(
	int fd, const char *command, int wait_ms, char *text, size_t bytes, bool *ret_has_lost)
{
	size_t len = 0;
	enum err err = tty_write(fd, command);

	text[0] = 0;
	while (!err && len < bytes - 1) {
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		ssize_t n;

		if (poll(&pfd, 1, wait_ms) <= 0)
			return ERR_TIMEOUT;
		n = read(fd, text + len, bytes - 1 - len);
		if (n <= 0)
			return ERR_UNREACHABLE;
		len += (size_t)n;
		text[len] = 0;
		if (has_indication(text))
			*ret_has_lost = true;
		if (strstr(text, "OK\r\n"))
			return ERR_OK;
		if (strstr(text, "ERROR"))
			return ERR_MODEM;
	}
	return err ? err : ERR_PROTOCOL;
}
