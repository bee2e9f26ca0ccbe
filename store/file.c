/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/file.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

enum err file_write(int fd, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len) {
		ssize_t done = write(fd, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? err_from_errno(errno) : ERR_IO;
		at += done;
		len -= (size_t)done;
	}
	return ERR_OK;
}

enum err file_read(int fd, void *data, size_t max, size_t *ret_len)
{
	uint8_t *at = data;
	size_t len = 0;

	while (len < max) {
		ssize_t done = read(fd, at + len, max - len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_from_errno(errno);
		if (!done)
			break;
		len += (size_t)done;
	}
	*ret_len = len;
	return ERR_OK;
}
