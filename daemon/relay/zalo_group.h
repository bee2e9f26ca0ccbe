/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The groups of the Official Account (GMF), a part of struct zalo: carries out the acts that the
 * desk ordered, settles those in doubt by reading the group back, and looks regularly at what the
 * groups are like: assets and unknown groups, settings and dates, who asks to join, who is in.
 */
#ifndef BINHYEN_RELAY_ZALO_GROUP_H
#define BINHYEN_RELAY_ZALO_GROUP_H

#include "daemon/base/err.h"

#include <stdint.h>

struct desk;
struct zalo;
struct zalo_groups;

/* Without a desk there are no groups to look after: *ret_groups is NULL then. */
MUST_CHECK
enum err zalo_groups_open(struct zalo *z, struct desk *desk, struct zalo_groups **ret_groups);
void zalo_groups_close(struct zalo_groups *groups);
/* Something was ordered, or a list has grown. NULL is fine. */
void zalo_groups_soon(struct zalo_groups *groups);
/* Does what is due; when it is due next (monotonic ms, INT64_MAX never). NULL is fine. */
int64_t zalo_groups_tick(struct zalo_groups *groups);

#endif
