/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/folder.h"

#include "daemon/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#define PATH_BYTES 512

static bool is_json(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && str_eq(name + len - 5, ".json");
}

enum err folder_each_json(const char *path, folder_fn fn, void *arg, struct errbuf *eb)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	enum err err = ERR_OK;
	int files = 0;

	if (!dir)
		return errbuf_set(
			eb, err_from_errno(errno), "%.200s: %s", path, strerrordesc_np(errno));
	while (!err && (entry = readdir(dir))) {
		char file[PATH_BYTES];

		if (!is_json(entry->d_name))
			continue;
		if (++files > FOLDER_FILES_MAX || snprintf(file, sizeof(file), "%s/%s", path,
							  entry->d_name) >= (int)sizeof(file))
			err = errbuf_set(eb, ERR_TOO_BIG,
				"%.200s: has more than %d files, or one with too long a name", path,
				FOLDER_FILES_MAX);
		else
			err = fn(arg, file, eb);
	}
	closedir(dir);
	return err;
}
