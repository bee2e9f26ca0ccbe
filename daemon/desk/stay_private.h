/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files about stay notices. */
#ifndef BINHYEN_DESK_STAY_PRIVATE_H
#define BINHYEN_DESK_STAY_PRIVATE_H

#include "daemon/base/buf.h"
#include "daemon/desk/stay.h"

/* A draft becomes a notice: words is what the clerks read; a draft that nobody went on with is
 * theirs as it is. */
MUST_CHECK
enum err stay_hand_in(struct desk *desk, struct stay *stay, const char *words);
MUST_CHECK
enum err desk_stay_give_up(struct desk *desk, const struct stay *draft);
/* The key of one goes to whoever is to read it; to the box as long as there is nobody. */
MUST_CHECK
enum err stay_hand_on(struct desk *desk, int64_t id, const struct keypair *pair);
/* Seals the identity numbers of a text, and puts marks in their place, in it. today: when it was
 * sent. */
MUST_CHECK
enum err stay_hide(struct desk *desk, int64_t id, char *text, int64_t today);
/* Appends the words with the numbers in the place of their marks. */
MUST_CHECK
enum err stay_show(struct desk *desk, const struct keypair *pair, int64_t id, const char *words,
	struct buf *out);

#endif
