/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data files of the commune: every *.json of a directory. Private to config/. */
#ifndef BINHYEN_CONFIG_FOLDER_H
#define BINHYEN_CONFIG_FOLDER_H

#include "daemon/base/err.h"

#define FOLDER_FILES_MAX 512 /* a commune has some dozens */

typedef enum err (*folder_fn)(void *arg, const char *path, struct errbuf *eb);
/* In no order; hidden files are left out. Ends with the first error of `fn`; `eb` says what is
 * wrong with the directory itself. */
MUST_CHECK
enum err folder_each_json(const char *path, folder_fn fn, void *arg, struct errbuf *eb);

#endif
