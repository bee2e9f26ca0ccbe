/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the store knows of a group: its acts and its people, as an officer would look at them. */
#ifndef BINHYEN_SIM_ZALO_LINK_GROUP_VIEW_H
#define BINHYEN_SIM_ZALO_LINK_GROUP_VIEW_H

#include "tests/sim/zalo_link/cloud_group.h"
#include "tests/sim/zalo_link/world.h"

#include "daemon/desk/group.h"

struct group_view {
	struct zalo_group group;
	bool has_group;
	struct group_act last[GROUP_ACT_KIND_COUNT]; /* id 0: never ordered */
	int ordered[GROUP_ACT_KIND_COUNT];
	struct group_person person[CLOUD_PEOPLE];
	int person_count;
};

/* Of the group after `after_id`, 0 the first; has_group false when there is none. */
void group_view_take(struct world *w, int64_t after_id, struct group_view *view);
/* The user in that state, NULL none. */
const struct group_person *group_view_find(struct world *w, const struct group_view *view,
	const char *user, enum group_person_state state);

#endif
