/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by daemon/desk/group_*.c only. */
#ifndef BINHYEN_DESK_GROUP_PRIVATE_H
#define BINHYEN_DESK_GROUP_PRIVATE_H

#include "daemon/desk/desk_private.h"
#include "daemon/desk/group.h"
#include "store/event.h"
#include "store/place.h"

#include <inttypes.h>
#include <string.h>

/* An event about a group; data: a JSON object without identity. */
MUST_CHECK
enum err group_event(
	struct desk *desk, const char *kind, int64_t group_id, const char *actor, const char *data);
/* The group, or a refusal in words. */
MUST_CHECK
enum err group_find(
	struct desk *desk, int64_t group_id, struct zalo_group *ret_group, struct errbuf *eb);
/* One that exists at Zalo. */
MUST_CHECK
enum err group_find_alive(
	struct desk *desk, int64_t group_id, struct zalo_group *ret_group, struct errbuf *eb);
/* Queues an act unless the same one is already under way (*ret_id is that one then). */
MUST_CHECK
enum err group_order(struct desk *desk, const struct group_act_new *in, int64_t *ret_id);
/* Alarm to who looks after the machine, and to the duty side where they are concerned: a phrase
 * about this group, with the day `at_ms` and the days left. */
MUST_CHECK
enum err group_alarm(struct desk *desk, const struct zalo_group *group, const char *phrase_key,
	int64_t at_ms, int days);
/* Takes over what was told; fields that were not told stay. */
void group_take(struct zalo_group *group, const struct desk_group_told *told);
/* Everything that waits for a group that is no more. */
MUST_CHECK
enum err group_cancel_acts(struct desk *desk, int64_t group_id);
MUST_CHECK
enum err group_gone(struct desk *desk, struct zalo_group *group, const char *why);
/* Queues an update when the group is not as it has to be. */
MUST_CHECK
enum err group_mend(struct desk *desk, struct zalo_group *group);
/* Compares the members with the list of the place, and saves the group. */
MUST_CHECK
enum err group_recount(struct desk *desk, struct zalo_group *group);
/* Lets him in, or leaves it to an officer. */
MUST_CHECK
enum err group_judge(struct desk *desk, int64_t group_id, int64_t person_id);

#endif
