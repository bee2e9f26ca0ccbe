/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/sync.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <unistd.h>

static enum err sync_path(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	int rc;

	if (fd < 0)
		return err_from_errno(errno);
	rc = fsync(fd);
	close(fd);
	return rc ? ERR_IO : ERR_OK;
}

enum err sync_file(const char *path)
{
	return sync_path(path, 0);
}

enum err sync_folder_of(const char *path)
{
	CLEANUP(cleanup_free) char *copy = str_dup(path);

	return copy ? sync_path(dirname(copy), O_DIRECTORY) : ERR_NOMEM;
}
