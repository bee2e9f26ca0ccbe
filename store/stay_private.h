/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files about stay notices, within store/ only. */
#ifndef BINHYEN_STORE_STAY_PRIVATE_H
#define BINHYEN_STORE_STAY_PRIVATE_H

#include "store/stay.h"

/* The key to which the numbers of a draft are sealed. ERR_NOT_FOUND: it has none yet. */
MUST_CHECK
enum err stay_draft_key(
	struct store *store, int64_t id, uint8_t ret_public_key[KEYPAIR_PUBLIC_BYTES]);

#endif
