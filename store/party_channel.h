/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a correspondent on one channel before he is written to: when he last interacted
 * as the other side told it, and whether he can be reached there at all. */
#ifndef BINHYEN_STORE_PARTY_CHANNEL_H
#define BINHYEN_STORE_PARTY_CHANNEL_H

#include "store/outbox.h"

struct party_channel {
	int64_t heard_ms;  /* his last interaction, 0 = not told */
	int64_t asked_ms;  /* when the other side was asked for it; 0 = never */
	int64_t closed_ms; /* since when he can't be reached; 0 = he can */
	int64_t until_ms;  /* until when that is believed */
	int64_t code;	   /* why, of the other side */
	int64_t left;	   /* messages to him that are free; -1 = not known */
	int64_t left_ms;   /* when that was told; 0 = never */
};
/* Nothing known is no error. */
MUST_CHECK
enum err party_channel_load(struct store *store, int64_t party_id, enum channel_kind channel,
	struct party_channel *ret_known);
MUST_CHECK
enum err party_channel_save(struct store *store, int64_t party_id, enum channel_kind channel,
	const struct party_channel *known);

#endif
