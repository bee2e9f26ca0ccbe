/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which settings are others than at the last start: an event names them, without their values. */
#ifndef BINHYEN_DAEMON_SETTING_CHANGES_H
#define BINHYEN_DAEMON_SETTING_CHANGES_H

#include "config/config.h"
#include "store/store.h"

MUST_CHECK
enum err setting_changes_note(struct store *store, const struct config *config);

#endif
