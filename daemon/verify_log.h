/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of events of a database that no daemon need have open: a backup, a copy of a box. */
#ifndef BINHYEN_DAEMON_VERIFY_LOG_H
#define BINHYEN_DAEMON_VERIFY_LOG_H

#define EXIT_LOG_BAD 2 /* it was read, and is not what it was */

/* Prints what it finds. The program's exit code: 0, EXIT_LOG_BAD, or 1 when it could not be read.
 */
int verify_log(const char *database, const char *key_file);

#endif
