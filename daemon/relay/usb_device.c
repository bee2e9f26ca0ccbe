/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/usb_device.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Interfaces have an `authorized` of their own, which is not the power of the device; only the
 * device has an idVendor. */
static bool is_usb_device(const char *dir)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/idVendor", dir);
	if (access(path, F_OK))
		return false;
	snprintf(path, sizeof(path), "%s/authorized", dir);
	return access(path, F_OK) == 0;
}

enum err usb_device_find(const char *sysfs, const char *device, char ret_path[USB_PATH_MAX])
{
	char tty[PATH_MAX], link[PATH_MAX], dir[PATH_MAX], root[PATH_MAX];
	size_t root_len;
	int len;

	if (!realpath(device, tty) || !realpath(sysfs, root))
		return ERR_NOT_FOUND;
	len = snprintf(link, sizeof(link), "%s/class/tty/%s/device", sysfs, strrchr(tty, '/') + 1);
	if (len < 0 || (size_t)len >= sizeof(link) || !realpath(link, dir))
		return ERR_NOT_FOUND;
	root_len = strlen(root);
	while (str_starts(dir, root) && strlen(dir) > root_len) {
		if (is_usb_device(dir))
			return str_copy(ret_path, USB_PATH_MAX, dir);
		*strrchr(dir, '/') = 0;
	}
	return ERR_NOT_FOUND;
}

static int attribute(const char *path, char ret_file[USB_PATH_MAX + 16])
{
	return snprintf(ret_file, USB_PATH_MAX + 16, "%s/authorized", path);
}

bool usb_device_is_ours(const char *path)
{
	char file[USB_PATH_MAX + 16];

	attribute(path, file);
	return access(file, W_OK) == 0;
}

enum err usb_device_authorize(const char *path, bool is_on)
{
	char file[USB_PATH_MAX + 16];
	ssize_t written;
	int fd, saved;

	attribute(path, file);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return err_from_errno(errno);
	written = write(fd, is_on ? "1\n" : "0\n", 2);
	saved = errno;
	close(fd);
	if (written == 2)
		return ERR_OK;
	return written < 0 ? err_from_errno(saved) : ERR_IO;
}
