/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which modem has its USB device taken off the bus by us. Kept on disk before it is done and until
 * it is undone, since a device that is off has no tty by which a later life could find it.
 */
#ifndef BINHYEN_STORE_MODEM_OFF_H
#define BINHYEN_STORE_MODEM_OFF_H

#include "store/store.h"

MUST_CHECK
enum err modem_off_set(struct store *store, const char *name, const char *usb_path);
/* ERR_OK also when it was not there. */
MUST_CHECK
enum err modem_off_clear(struct store *store, const char *name);
/* ERR_NOT_FOUND: it is on. */
MUST_CHECK
enum err modem_off_get(struct store *store, const char *name, char *ret_path, size_t path_bytes);

#endif
