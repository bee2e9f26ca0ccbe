/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Within store/ only: the hashes by which the registry, the members of groups and the refusals of
 * bulletins know a phone and a Zalo user. */
#ifndef BINHYEN_STORE_RESIDENT_HASH_H
#define BINHYEN_STORE_RESIDENT_HASH_H

#include "store/vault.h"

struct store;

void resident_zalo_hash(
	struct store *store, const char *user_id, uint8_t ret_hash[VAULT_HASH_BYTES]);
void resident_phone_hash(
	struct store *store, const char *phone, uint8_t ret_hash[VAULT_HASH_BYTES]);

#endif
