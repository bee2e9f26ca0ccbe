/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings that officers changed: what they are now instead of what the file says. None of them is
 * a secret. */
#ifndef BINHYEN_STORE_SETTING_H
#define BINHYEN_STORE_SETTING_H

#include "daemon/base/err.h"

#include <stdint.h>

struct store;

#define SETTING_PATH_BYTES  64
#define SETTING_VALUE_BYTES 128 /* as JSON */

struct setting_change {
	char path[SETTING_PATH_BYTES];
	char value[SETTING_VALUE_BYTES];
	char actor[64];
	int64_t changed_ms;
};
/* Instead of the one of that path, if there is one; changed_ms is filled in. ERR_TOO_BIG */
MUST_CHECK
enum err setting_change_put(
	struct store *store, const char *path, const char *value, const char *actor);
/* The file holds again. ERR_NOT_FOUND. */
MUST_CHECK
enum err setting_change_drop(struct store *store, const char *path);
typedef void (*setting_change_fn)(void *arg, const struct setting_change *change);
/* By path. */
MUST_CHECK
enum err setting_change_list(struct store *store, setting_change_fn fn, void *arg);

#endif
