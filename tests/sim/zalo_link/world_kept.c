/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo_link/world.h"

#include "daemon/base/str.h"
#include "tests/sim/zalo_link/cloud.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEPT "kept."
#define PATH 512

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	static char data[1 << 16];
	ssize_t got;

	CHECK(in >= 0 && out >= 0);
	while ((got = read(in, data, sizeof(data))) > 0)
		CHECK(write(out, data, (size_t)got) == got);
	CHECK(got == 0);
	close(in);
	close(out);
}

/* The index of the WAL is made anew by whoever opens it first. */
static bool is_wanted(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && !(len > 4 && strcmp(name + len - 4, "-shm") == 0);
}

static void each_file(struct world *w, void (*act)(struct world *w, const char *name))
{
	DIR *dir = opendir(w->dir);
	char names[16][128];
	struct dirent *entry;
	int count = 0;

	CHECK(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		CHECK(count < 16 && !str_copy(names[count], sizeof(names[0]), entry->d_name));
		count++;
	}
	closedir(dir);
	for (int i = 0; i < count; i++)
		act(w, names[i]);
}

static void keep_file(struct world *w, const char *name)
{
	char from[PATH], to[PATH];

	if (!is_wanted(name) || str_starts(name, KEPT))
		return;
	snprintf(from, sizeof(from), "%s/%s", w->dir, name);
	snprintf(to, sizeof(to), "%s/" KEPT "%s", w->dir, name);
	copy_file(from, to);
}

static void drop_file(struct world *w, const char *name)
{
	char path[PATH];

	if (str_starts(name, KEPT))
		return;
	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	unlink(path);
}

static void restore_file(struct world *w, const char *name)
{
	char from[PATH], to[PATH];

	if (!str_starts(name, KEPT))
		return;
	snprintf(from, sizeof(from), "%s/%s", w->dir, name);
	snprintf(to, sizeof(to), "%s/%s", w->dir, name + strlen(KEPT));
	copy_file(from, to);
}

void world_keep(struct world *w)
{
	each_file(w, keep_file);
	cloud_drop(w->kept);
	w->kept = cloud_keep();
}

void world_restore(struct world *w)
{
	each_file(w, drop_file);
	each_file(w, restore_file);
	cloud_restore(w->kept);
}
