/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo_link/group_view.h"

#include "daemon/base/str.h"

#include <stdio.h>

static void must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", what, err_name(err));
	abort();
}

static void take_act(void *arg, const struct group_act *act)
{
	struct group_view *view = arg;

	view->ordered[act->kind]++;
	if (act->id > view->last[act->kind].id)
		view->last[act->kind] = *act;
}

static void take_person(void *arg, const struct group_person *person)
{
	struct group_view *view = arg;

	if (view->person_count < CLOUD_PEOPLE)
		view->person[view->person_count++] = *person;
}

void group_view_take(struct world *w, int64_t after_id, struct group_view *view)
{
	struct zalo_group group = {0};

	*view = (struct group_view){0};
	view->has_group = !zalo_group_next(w->store, after_id, &group);
	if (!view->has_group)
		return;
	view->group = group;
	must(group_act_list(w->store, group.id, INT64_MAX, 1000, take_act, view), "acts");
	for (int state = 0; state < GROUP_PERSON_STATE_COUNT; state++)
		must(group_person_list(w->store, group.id, (enum group_person_state)state, 0, 100,
			     take_person, view),
			"people");
}

const struct group_person *group_view_find(struct world *w, const struct group_view *view,
	const char *user, enum group_person_state state)
{
	const struct group_person *found = NULL;

	for (int i = 0; i < view->person_count && !found; i++) {
		struct buf id;

		buf_init(&id, ZALO_USER_ID_BYTES);
		must(group_person_user(w->store, view->person[i].id, &id), "user");
		if (str_eq(buf_text(&id), user) && view->person[i].state == state)
			found = &view->person[i];
		buf_done(&id);
	}
	return found;
}
