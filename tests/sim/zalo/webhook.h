/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Brings what users write to a webhook, signed, as Zalo does: 200 within 2 seconds or it comes
 * again after 30 s, 5, 15, 30 and 60 minutes of the simulated clock, with the header num_retry;
 * after that the webhook is switched off.
 *
 *   webhook {url, secret?, on?}   the target; secret "" = unsigned, as before the key is shown
 *   webhook_raw {body, mac?}      any body; mac: instead of the right one
 */
#ifndef BINHYEN_SIM_ZALO_WEBHOOK_H
#define BINHYEN_SIM_ZALO_WEBHOOK_H

#include "tests/sim/zalo/world.h"

#include <stddef.h>

struct webhook;

struct webhook *webhook_new(struct world *world);
void webhook_free(struct webhook *webhook);
/* NULL, or what is wrong with the order. */
const char *webhook_set(struct webhook *webhook, json_t *order);
const char *webhook_raw(struct webhook *webhook, json_t *order);
/* A message that has come to Zalo. */
void webhook_tell(struct webhook *webhook, const struct world_message *message);
/* One of ours is on the user's phone, or was read there. */
void webhook_arrived(struct webhook *webhook, const struct world_message *message, bool is_seen);
/* A template message, as world->zns has it. */
void webhook_zns_arrived(struct webhook *webhook, json_t *sent);
/* Begins what is due and goes on with what is under way; the milliseconds until the next call. */
int64_t webhook_run(struct webhook *webhook);
/* {"flying","on","delivered","tries","pending"} */
json_t *webhook_state(const struct webhook *webhook);

#endif
