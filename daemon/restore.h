/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A backup that is put back as the database of this machine or a new one. */
#ifndef BINHYEN_DAEMON_RESTORE_H
#define BINHYEN_DAEMON_RESTORE_H

/* What `binhyend --restore` does: says on stdout what was put back and what to look at, or on
 * stderr why nothing was. Returns the exit status. */
int restore_backup(const char *copy, const char *key_file, const char *database);

#endif
