/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between backup.c, backup_folder.c and backup_restore.c. */
#ifndef BINHYEN_STORE_BACKUP_PRIVATE_H
#define BINHYEN_STORE_BACKUP_PRIVATE_H

#include "store/backup.h"

#include <stdatomic.h>

#define BACKUP_PATH_BYTES 512
#define BACKUP_DRAFT	  ".part"
#define BACKUP_SUFFIX	  ".sealed"
#define BACKUP_MEDIA	  "media"

void backup_path(
	const char *folder, const char *name, const char *suffix, char ret_path[BACKUP_PATH_BYTES]);
/* "2026-11-22T15-14-09Z.sealed" */
void backup_name(int64_t at_ms, char ret_name[BACKUP_NAME_BYTES]);
/* Mode 0700; one that is there is good. */
MUST_CHECK
enum err backup_make_folder(const char *folder);
MUST_CHECK
enum err backup_free_bytes(const char *folder, int64_t *ret_bytes);
/* Moments of the last days at which something was erased for good. */
#define BACKUP_ERASURES_MAX 32
struct backup_erasures {
	int64_t at_ms[BACKUP_ERASURES_MAX];
	int count;
	int64_t forget_ms; /* what is not newer goes in any case */
};
/* Removes the copies beyond BACKUPS_KEPT, and those of before an erasure once
 * BACKUPS_AFTER_ERASURE are newer than it. */
void backup_retire(const char *folder, const struct backup_erasures *erasures);
/* Byte by byte, then read back; on the disk when it is done, and under its name only then. */
MUST_CHECK
enum err backup_copy_file(const char *from, const char *to, const atomic_bool *stop);
/* `to` gets what `from` has, by a link where it can be one, and loses what it has not.
 * may_link: same disk. A folder that is not there has nothing, and takes nothing away. */
MUST_CHECK
enum err backup_mirror_media(const char *from, const char *to, bool may_link,
	const atomic_bool *stop, int64_t *ret_count);

#endif
