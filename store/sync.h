/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new file is safe only when the folder that names it is on the disk as well. */
#ifndef BINHYEN_STORE_SYNC_H
#define BINHYEN_STORE_SYNC_H

#include "daemon/base/err.h"

MUST_CHECK
enum err sync_file(const char *path);
/* The folder that `path` lies in. */
MUST_CHECK
enum err sync_folder_of(const char *path);

#endif
