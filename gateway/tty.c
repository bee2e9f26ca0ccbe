/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/tty.h"
#include "daemon/base/str.h"

#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

int tty_find_fd(const char *device)
{
	char path[PATH_MAX], target[PATH_MAX], name[300];
	struct dirent *entry;
	int found = -1;
	DIR *dir;

	if (!realpath(device, path))
		return -1;
	dir = opendir("/proc/self/fd");
	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		ssize_t len;

		snprintf(name, sizeof(name), "/proc/self/fd/%s", entry->d_name);
		len = readlink(name, target, sizeof(target) - 1);
		if (len <= 0)
			continue;
		target[len] = 0;
		if (str_eq(target, path))
			found = (int)strtol(entry->d_name, NULL, 10);
	}
	closedir(dir);
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

enum err tty_command(int fd, const char *command, int wait_ms, bool *ret_has_lost)
{
	char text[1024] = "";
	size_t len = 0;
	enum err err = tty_write(fd, command);

	while (!err && len < sizeof(text) - 1) {
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		ssize_t n;

		if (poll(&pfd, 1, wait_ms) <= 0)
			return ERR_TIMEOUT;
		n = read(fd, text + len, sizeof(text) - 1 - len);
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
