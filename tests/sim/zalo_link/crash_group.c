/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What officers do with a group: it is made, kept as it has to be, somebody is let in, another one
 * invited, a deputy gets rights and loses them, a head is made, somebody is put out. The officer
 * looks every few seconds what there is and orders what was not ordered yet, whatever died in
 * between; nothing is done twice that must be done once.
 */
#include "tests/sim/zalo_link/crash.h"

#include "daemon/base/str.h"
#include "daemon/desk/group.h"
#include "daemon/desk/place.h"
#include "store/turn.h"
#include "tests/sim/zalo_link/group_view.h"

#include <inttypes.h>
#include <stdio.h>

#define LOOK_MS (5 * SECOND_MS)
#define ACTOR	"officer:sim"
#define NAME	"Thôn 3 an toàn"

static void must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", what, err_name(err));
	abort();
}

static void put_place(struct world *w, bool is_first)
{
	struct errbuf eb = {0};
	struct place place;

	(void)is_first;
	must(desk_place_put(w->desk,
		     &(struct desk_place_new){.code = "thon-3", .name = "Thôn 3", .kind = "hamlet"},
		     ACTOR, &place, &eb),
		"place");
}

static bool is_over(const struct group_view *view, enum group_act_kind kind)
{
	return view->last[kind].id && group_act_is_final(view->last[kind].state);
}

/* ---- what the officer orders -----------------------------------------------------------------
 */

static void make(struct world *w)
{
	static const char *const founders[] = {CLOUD_ADMIN, CLOUD_ANNA};
	struct desk_group_wish wish;
	struct errbuf eb = {0};
	int64_t id;
	enum err err;

	desk_group_wish_init(&wish);
	wish.name = NAME;
	wish.on[ZALO_SWITCH_LOCK] = 1;
	err = desk_group_create(w->desk,
		&(struct desk_group_new){.place = "thon-3",
			.asset_id = CLOUD_ASSET,
			.founders = founders,
			.founder_count = 2,
			.wish = &wish},
		ACTOR, &id, &eb);
	/* What it can be made of is not known yet. */
	if (err && err != ERR_NOT_FOUND && err != ERR_STATE)
		must(err, eb.text);
}

static void set(struct world *w, const struct group_view *view)
{
	struct desk_group_wish wish;
	struct errbuf eb = {0};

	desk_group_wish_init(&wish);
	wish.on[ZALO_SWITCH_LOCK] = 0;
	wish.on[ZALO_SWITCH_APPR] = 1;
	must(desk_group_set(w->desk, view->group.id, &wish, ACTOR, &eb), eb.text);
}

/* One order a look, each when the one before is over. */
static void order(struct world *w, const struct group_view *view)
{
	const struct group_person *anna = group_view_find(w, view, CLOUD_ANNA, GROUP_PERSON_MEMBER);
	const struct group_person *binh = group_view_find(w, view, CLOUD_BINH, GROUP_PERSON_MEMBER);
	const struct group_person *asking = group_view_find(
		w, view, CLOUD_BINH, GROUP_PERSON_ASKING);
	const struct group_person *chi = group_view_find(w, view, CLOUD_CHI, GROUP_PERSON_MEMBER);
	const struct desk_person_ref guest = {.user_id = CLOUD_CHI};
	const int *ordered = view->ordered;
	int64_t id = view->group.id;
	struct errbuf eb = {0};
	enum err err = ERR_OK;

	if (asking && !ordered[GROUP_ACT_ACCEPT])
		err = desk_group_answer(w->desk, id, asking->id, true, ACTOR, &eb);
	else if (!ordered[GROUP_ACT_INVITE])
		err = desk_group_call_in(w->desk, id, &guest, ACTOR, &eb);
	else if (anna && !ordered[GROUP_ACT_ADD_DEPUTY])
		err = desk_group_deputy(w->desk, id,
			&(struct desk_person_ref){.person_id = anna->id}, true, ACTOR, &eb);
	else if (is_over(view, GROUP_ACT_ADD_DEPUTY) && anna && !ordered[GROUP_ACT_REMOVE_DEPUTY])
		err = desk_group_deputy(w->desk, id,
			&(struct desk_person_ref){.person_id = anna->id}, false, ACTOR, &eb);
	else if (binh && !ordered[GROUP_ACT_HANDOVER])
		err = desk_group_handover(
			w->desk, id, &(struct desk_person_ref){.person_id = binh->id}, ACTOR, &eb);
	else if (chi && is_over(view, GROUP_ACT_HANDOVER) && !ordered[GROUP_ACT_REMOVE])
		err = desk_group_remove(
			w->desk, id, &(struct desk_person_ref){.person_id = chi->id}, ACTOR, &eb);
	else if (!chi && is_over(view, GROUP_ACT_HANDOVER) && !ordered[GROUP_ACT_REMOVE])
		err = desk_group_look(w->desk, id, &eb); /* has he come? */
	else if (is_over(view, GROUP_ACT_REMOVE) && view->group.want.on[ZALO_SWITCH_LOCK] == 1)
		set(w, view);
	/* He is being looked for, or has just gone. */
	if (err && err != ERR_STATE)
		must(err, eb.text);
}

static void officer(struct world *w)
{
	struct group_view view;

	group_view_take(w, 0, &view);
	if (!view.has_group)
		make(w);
	else if (view.group.state == ZALO_GROUP_ACTIVE && view.group.members_ms)
		order(w, &view);
	zalo_soon(w->zalo);
}

static void live(struct world *w, int64_t until_ms)
{
	while (cloud->clock.mono < until_ms) {
		int64_t ms = cloud->clock.mono + LOOK_MS;

		officer(w);
		world_run(w, ms < until_ms ? ms : until_ms);
	}
}

/* ---- the books -------------------------------------------------------------------------------
 */

struct books {
	const char *when;
	int faults;
};

#define WRONG(b, ...) \
	do { \
		fprintf(stderr, "%s: ", (b)->when); \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr); \
		(b)->faults++; \
	} while (0)

static void check_acts(struct books *b, const struct group_view *view)
{
	static const enum group_act_kind once[] = {GROUP_ACT_CREATE, GROUP_ACT_ACCEPT,
		GROUP_ACT_INVITE, GROUP_ACT_ADD_DEPUTY, GROUP_ACT_REMOVE_DEPUTY,
		GROUP_ACT_HANDOVER};

	for (size_t i = 0; i < ARRAY_LEN(once); i++) {
		const struct group_act *act = &view->last[once[i]];

		if (view->ordered[once[i]] != 1)
			WRONG(b, "%s: ordered %d times", group_act_kind_text(once[i]),
				view->ordered[once[i]]);
		/* An invitation that nobody has seen the result of is a person's to settle. */
		else if (act->state != GROUP_ACT_STATE_DONE &&
			 !(act->kind == GROUP_ACT_INVITE && act->state == GROUP_ACT_STATE_IN_DOUBT))
			WRONG(b, "%s is %s (%s)", group_act_kind_text(act->kind),
				group_act_state_text(act->state), err_name(act->error));
	}
}

static void check_people(struct books *b, const struct group_view *view)
{
	const struct cloud_person *anna = cloud_group_person(CLOUD_ANNA);
	const struct cloud_person *binh = cloud_group_person(CLOUD_BINH);
	const struct cloud_person *chi = cloud_group_person(CLOUD_CHI);
	bool was_invited = view->last[GROUP_ACT_INVITE].state == GROUP_ACT_STATE_DONE;

	if (!cloud_group_person(CLOUD_ADMIN)->is_in || !anna->is_in || anna->is_deputy)
		WRONG(b, "the founders are not as they were");
	if (!binh->is_in || binh->accepted != 1 || !binh->is_deputy)
		WRONG(b, "the head: in %d, let in %d times, with rights %d", binh->is_in,
			binh->accepted, binh->is_deputy);
	if (chi->invited > 1 || chi->removed > 1 || (was_invited && chi->invited != 1) ||
		(was_invited && chi->is_in))
		WRONG(b, "the guest: invited %d times, put out %d times", chi->invited,
			chi->removed);
}

static int check(struct world *w, const char *when)
{
	struct books b = {.when = when};
	const struct cloud_group *g = &cloud->group;
	struct group_view view;

	group_view_take(w, 0, &view);
	if (!view.has_group || view.group.state != ZALO_GROUP_ACTIVE || g->created != 1) {
		WRONG(&b, "%d groups were made", g->created);
		return b.faults;
	}
	check_acts(&b, &view);
	check_people(&b, &view);
	if (!str_eq(g->name, NAME) || !g->on[ZALO_SWITCH_APPR] || view.group.drift[0])
		WRONG(&b, "the group is not as it has to be: %s", view.group.drift);
	if (view.last[GROUP_ACT_REMOVE].state == GROUP_ACT_STATE_DONE && g->on[ZALO_SWITCH_LOCK])
		WRONG(&b, "the switch that was changed later");
	return b.faults;
}

const struct crash_scene crash_groups = {.name = "groups",
	.has_groups = true,
	.life_ms = 6 * MINUTE_MS,
	.recover_ms = 20 * MINUTE_MS,
	.least = 60,
	.begin = put_place,
	.live = live,
	.check = check};
