/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random histories of groups, each from one seed: officers order whatever comes to their minds,
 * people ask, come, go and change settings in the app, calls and their answers get lost, commits
 * fail, the daemon dies, somebody sets the clock. Then everything calms down, two days pass, and
 * what Zalo really did is held against what the store says:
 *
 *   1. every act has ended, but for a hand-over to somebody who does not come; as many groups were
 * made as are said to have been made
 *   2. nobody was invited, let in or put out more often than it was ordered, and what is said to be
 *      done was done, unless he did it himself
 *   3. the group is ACTIVE exactly if there is one, with the members that it has, as it has to be
 *   4. who is head or deputy in the books has the rights at Zalo and nobody else has, but for those
 *      of whom a person was told that nobody can know
 *   5. no act fails by its age, whatever the clock does: none is as old as that
 *   6. what was written to people meanwhile went out once, in order
 */
#include "tests/sim/zalo_link/sim_zalo_link.h"

#include "daemon/base/str.h"
#include "daemon/desk/place.h"
#include "store/party.h"
#include "store/place.h"
#include "store/turn.h"
#include "tests/sim/zalo_link/group_view.h"

#include <inttypes.h>
#include <stdio.h>

#define STEPS	   200
#define STEP_MS	   (20 * MINUTE_MS)
#define CALM_MS	   (52 * HOUR_MS) /* longer than a doubt lives */
#define GROUPS_MAX 64
#define ACTOR	   "officer:sim"
#define PLACE	   "thon-3"

static const char *const users[] = {CLOUD_ADMIN, CLOUD_ANNA, CLOUD_BINH, CLOUD_CHI, "9005", "9006"};
static const char *const names[] = {"Thôn 3", "Thôn 3 an toàn", "Thôn 3 - Công an xã"};

struct history {
	struct world w;
	char when[32];
	int faults, deaths, jumps, orders, refusals, messages;
	bool is_writing; /* also to people, whose window a clock that is days off would close */
};

#define BROKEN(h, ...) \
	do { \
		fprintf(stderr, "%s: ", (h)->when); \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr); \
		(h)->faults++; \
	} while (0)

static void must(struct history *h, enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s: %s\n", h->when, what, err_name(err));
	abort();
}

static bool chance(int per_mille)
{
	return rng_below(&cloud->rng, 1000) < per_mille;
}

static const char *some_user(void)
{
	return users[rng_below(&cloud->rng, (int64_t)ARRAY_LEN(users))];
}

/* ---- officers --------------------------------------------------------------------------------
 */

/* The newest group; the others are over. */
static void last_group(struct history *h, struct group_view *view)
{
	struct group_view next;
	int64_t id = 0;

	*view = (struct group_view){0};
	for (group_view_take(&h->w, 0, &next); next.has_group; group_view_take(&h->w, id, &next)) {
		*view = next;
		id = next.group.id;
	}
}

static void some_wish(struct desk_group_wish *wish)
{
	desk_group_wish_init(wish);
	if (chance(500))
		wish->name = names[rng_below(&cloud->rng, (int64_t)ARRAY_LEN(names))];
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++) {
		if (chance(300))
			wish->on[i] = (int)rng_below(&cloud->rng, 2);
	}
}

static enum err create(struct history *h, struct errbuf *eb)
{
	static const char *const founders[] = {CLOUD_ADMIN, CLOUD_ANNA};
	struct desk_group_wish wish;
	int64_t id;

	some_wish(&wish);
	wish.name = names[0];
	return desk_group_create(h->w.desk,
		&(struct desk_group_new){.place = PLACE,
			.asset_id = CLOUD_ASSET,
			.founders = founders,
			.founder_count = 2,
			.wish = &wish},
		ACTOR, &id, eb);
}

static enum err cancel_some(struct history *h, const struct group_view *view, struct errbuf *eb)
{
	const struct group_act *act = &view->last[rng_below(&cloud->rng, GROUP_ACT_KIND_COUNT)];

	return act->id ? desk_group_settle(h->w.desk, act->id, "cancel", ACTOR, eb) : ERR_STATE;
}

static enum err order(struct history *h, const struct group_view *view, struct errbuf *eb)
{
	const struct group_person *p =
		view->person_count ? &view->person[rng_below(&cloud->rng, view->person_count)]
				   : &(struct group_person){.id = 0};
	const struct desk_person_ref known = {.person_id = p->id}, guest = {.user_id = some_user()};
	int64_t id = view->group.id;
	struct desk_group_wish wish;
	struct desk *desk = h->w.desk;

	if (!view->has_group || !zalo_group_lives(view->group.state))
		return create(h, eb);
	switch (rng_below(&cloud->rng, 12)) {
	case 0:
		some_wish(&wish);
		return desk_group_set(desk, id, &wish, ACTOR, eb);
	case 1:
	case 2:
		return desk_group_call_in(desk, id, &guest, ACTOR, eb);
	case 3:
	case 4:
		return desk_group_answer(desk, id, p->id, chance(700), ACTOR, eb);
	case 5:
		return desk_group_remove(desk, id, &known, ACTOR, eb);
	case 6:
	case 7:
		return desk_group_deputy(desk, id, &known, chance(600), ACTOR, eb);
	case 8:
		return desk_group_handover(desk, id, chance(700) ? &known : &guest, ACTOR, eb);
	case 9:
		return desk_group_look(desk, id, eb);
	case 10:
		return cancel_some(h, view, eb);
	default:
		return chance(100) ? desk_group_delete(desk, id, view->group.want.name, ACTOR, eb)
				   : ERR_STATE;
	}
}

/* As the API does it: an order that is refused leaves nothing behind. */
static void officer(struct history *h)
{
	struct errbuf eb = {0};
	struct group_view view;
	enum err err;

	last_group(h, &view);
	must(h, store_savepoint_begin(h->w.store), "savepoint");
	err = order(h, &view, &eb);
	if (!err) {
		must(h, store_savepoint_release(h->w.store), "release");
		h->orders++;
	} else {
		store_savepoint_rollback(h->w.store);
		h->refusals++;
	}
	if (err && err != ERR_STATE && err != ERR_NOT_FOUND && err != ERR_EXISTS)
		must(h, err, eb.text);
	zalo_soon(h->w.zalo);
	h->w.is_due = true;
}

/* ---- everybody else --------------------------------------------------------------------------
 */

static void people(void)
{
	const char *user = some_user();

	switch (rng_below(&cloud->rng, 4)) {
	case 0:
	case 1:
		cloud_group_ask(user);
		break;
	case 2:
		/* The administrator is the account's own person. */
		if (!str_eq(user, CLOUD_ADMIN))
			cloud_group_leave(user);
		break;
	default:
		if (cloud->group.exists && chance(500))
			cloud_group_rename("Nhóm vui");
		else if (cloud->group.exists)
			cloud_group_toggle(
				(enum zalo_switch)rng_below(&cloud->rng, ZALO_SWITCH_COUNT));
	}
}

static void write_to_somebody(struct history *h)
{
	static const char *const known[] = {"101", "102", "103"};

	world_queue(&h->w, h->messages++,
		&(struct world_message){CHANNEL_ZALO_USER,
			known[rng_below(&cloud->rng, (int64_t)ARRAY_LEN(known))], LANE_ANSWER,
			OUTBOX_KIND_ANSWER, 3, 0});
}

static void jump(struct history *h)
{
	static const int64_t sizes[] = {5 * MINUTE_MS, HOUR_MS, DAY_MS, 40 * DAY_MS, 3653 * DAY_MS};
	int64_t by_ms =
		sizes[rng_below(&cloud->rng, h->is_writing ? 3 : (int64_t)ARRAY_LEN(sizes))];

	/* There and back again, as a clock without a battery goes. */
	cloud_jump(cloud->ahead_ms ? -cloud->ahead_ms : chance(500) ? by_ms : -by_ms);
	h->jumps++;
	h->w.is_due = true;
}

static void step(struct history *h)
{
	if (chance(400))
		officer(h);
	if (chance(250))
		people();
	if (h->is_writing && chance(200))
		write_to_somebody(h);
	world_run(&h->w, cloud->clock.mono + rng_below(&cloud->rng, STEP_MS));
	if (chance(40)) {
		if (chance(500))
			world_die(&h->w);
		else
			world_stop(&h->w);
		world_start(&h->w);
		h->deaths++;
	}
	if (chance(15))
		jump(h);
}

static void calm_down(struct history *h)
{
	cloud->faults_per_mille = 0;
	cloud->piece_count = 0;
	h->w.fails_per_mille = 0;
	if (cloud->ahead_ms)
		jump(h);
	world_run(&h->w, cloud->clock.mono + CALM_MS);
}

/* ---- the books -------------------------------------------------------------------------------
 */

/* What the acts of one user say. */
struct sums {
	int tried[GROUP_ACT_KIND_COUNT], done[GROUP_ACT_KIND_COUNT];
	bool is_unclear; /* his rights: an officer was told that nobody can know */
};

struct books {
	struct history *h;
	struct sums users[ARRAY_LEN(users)], none;
	bool is_unclear; /* whether an old head has lost his */
	int living;
};

static struct sums *sums_of(struct books *b, int64_t person_id)
{
	struct sums *found = &b->none;
	struct buf user;

	if (!person_id)
		return found;
	buf_init(&user, ZALO_USER_ID_BYTES);
	must(b->h, group_person_user(b->h->w.store, person_id, &user), "user");
	for (size_t i = 0; i < ARRAY_LEN(users); i++) {
		if (str_eq(buf_text(&user), users[i]))
			found = &b->users[i];
	}
	buf_done(&user);
	return found;
}

static void sum_act(void *arg, const struct group_act *act)
{
	struct books *b = arg;
	struct sums *s = sums_of(b, act->person_id);

	if (!group_act_is_final(act->state) &&
		!(act->kind == GROUP_ACT_HANDOVER && act->step == GROUP_HANDOVER_WAIT))
		BROKEN(b->h, "act %" PRId64 " (%s) ended as %s", act->id,
			group_act_kind_text(act->kind), group_act_state_text(act->state));
	if (act->error == ERR_EXPIRED)
		BROKEN(b->h, "act %" PRId64 " was given up too early", act->id);
	s->tried[act->kind] += act->attempts || act->step > GROUP_HANDOVER_INVITE;
	s->done[act->kind] += act->state == GROUP_ACT_STATE_DONE;
	s->is_unclear |= act->state == GROUP_ACT_STATE_FAILED &&
			 (act->kind == GROUP_ACT_ADD_DEPUTY ||
				 act->kind == GROUP_ACT_REMOVE_DEPUTY ||
				 act->kind == GROUP_ACT_HANDOVER);
	b->is_unclear |= act->state == GROUP_ACT_STATE_FAILED && act->kind == GROUP_ACT_HANDOVER &&
			 act->step == GROUP_HANDOVER_DISMISS;
}

static void check_members(struct history *h, const struct group_view *view)
{
	for (size_t i = 0; i < ARRAY_LEN(users); i++) {
		const struct cloud_person *p = cloud_group_person(users[i]);
		bool is_known = group_view_find(&h->w, view, users[i], GROUP_PERSON_MEMBER);

		if (p->is_in != is_known)
			BROKEN(h, "user %s is in the group %d, in the books %d", users[i], p->is_in,
				is_known);
	}
}

static void check_group(struct books *b, const struct group_view *view)
{
	struct history *h = b->h;
	struct buf address;
	char drift[160];

	if (view->group.state != ZALO_GROUP_ACTIVE)
		return;
	b->living++;
	buf_init(&address, 64);
	must(h, party_address(h->w.store, view->group.party_id, &address), "address");
	if (!str_eq(buf_text(&address), cloud_group_id()))
		BROKEN(h, "group %" PRId64 " is ACTIVE, and is not there", view->group.id);
	buf_done(&address);
	desk_group_drift(&view->group, drift, sizeof(drift));
	if (drift[0] || !str_eq(view->group.want.name, cloud->group.name))
		BROKEN(h, "the group is not as it has to be: %s", drift);
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++) {
		if (view->group.want.on[i] >= 0 && view->group.want.on[i] != cloud->group.on[i])
			BROKEN(h, "%s is not as it has to be",
				zalo_switch_text((enum zalo_switch)i));
	}
	check_members(h, view);
}

static void check_rights(struct books *b, const struct group_view *view)
{
	struct history *h = b->h;

	for (int i = 0; i < view->person_count; i++) {
		enum place_role role = PLACE_ROLE_NONE;
		const struct sums *s = sums_of(b, view->person[i].id);
		const struct cloud_person *p;

		if (view->person[i].state != GROUP_PERSON_MEMBER || s == &b->none || s->is_unclear)
			continue;
		p = cloud_group_person(users[s - b->users]);
		/* Who went and came again in between has lost them, which no call shows. */
		if (p->left || p->put_out)
			continue;
		if (place_role_get(h->w.store, view->group.place_id, view->person[i].id, &role))
			role = PLACE_ROLE_NONE;
		if (p->is_deputy != (role != PLACE_ROLE_NONE))
			BROKEN(h, "user %s has rights %d, in the books %d", p->user, p->is_deputy,
				(int)role);
	}
}

static void check_person(struct books *b, size_t i)
{
	const struct cloud_person *p = cloud_group_person(users[i]);
	const struct sums *s = &b->users[i];

	if (p->invited > s->tried[GROUP_ACT_INVITE] + s->tried[GROUP_ACT_HANDOVER])
		BROKEN(b->h, "user %s was invited %d times", p->user, p->invited);
	if (p->let_in > s->tried[GROUP_ACT_ACCEPT])
		BROKEN(b->h, "user %s was let in %d times", p->user, p->let_in);
	if (p->put_out > s->tried[GROUP_ACT_REMOVE])
		BROKEN(b->h, "user %s was put out %d times", p->user, p->put_out);
	if (s->done[GROUP_ACT_ACCEPT] > p->let_in + p->left)
		BROKEN(b->h, "user %s was never let in", p->user);
	if (s->done[GROUP_ACT_REMOVE] > p->put_out + p->left)
		BROKEN(b->h, "user %s was never put out", p->user);
}

static void check(struct history *h)
{
	static struct books books;
	struct books *b = &books;
	struct group_view view;
	int64_t id = 0;

	*b = (struct books){.h = h};
	for (;;) {
		group_view_take(&h->w, id, &view);
		if (!view.has_group)
			break;
		id = view.group.id;
		must(h, group_act_list(h->w.store, id, INT64_MAX, 10000, sum_act, b), "acts");
		check_group(b, &view);
	}
	last_group(h, &view);
	if (view.has_group && view.group.state == ZALO_GROUP_ACTIVE && !b->is_unclear)
		check_rights(b, &view);
	if (b->none.done[GROUP_ACT_CREATE] != cloud->group.created ||
		b->none.done[GROUP_ACT_DELETE] != cloud->group.deleted)
		BROKEN(h, "%d groups were made and %d dissolved, of %d and %d in the books",
			cloud->group.created, cloud->group.deleted, b->none.done[GROUP_ACT_CREATE],
			b->none.done[GROUP_ACT_DELETE]);
	if (b->living != cloud->group.exists)
		BROKEN(h, "%d groups are ACTIVE, %d there", b->living, cloud->group.exists);
	for (size_t i = 0; i < ARRAY_LEN(users); i++)
		check_person(b, i);
	h->faults += world_check(&h->w, h->when, true);
}

int groups_at_random(uint64_t seed, bool is_verbose)
{
	struct history h = {0};
	struct errbuf eb = {0};
	struct place place;

	snprintf(h.when, sizeof(h.when), "seed %" PRIu64, seed);
	cloud_open(seed);
	world_init(&h.w);
	h.w.has_groups = true;
	h.w.config.poll_s = 3600;
	world_start(&h.w);
	must(&h,
		desk_place_put(h.w.desk,
			&(struct desk_place_new){.code = PLACE, .name = "Thôn 3", .kind = "hamlet"},
			ACTOR, &place, &eb),
		eb.text);
	must(&h, turn_end(h.w.store, &eb), "turn");
	cloud->faults_per_mille = (int)rng_below(&cloud->rng, 150);
	h.w.fails_per_mille = (int)rng_below(&cloud->rng, 30);
	h.is_writing = seed % 4 < 2;
	if (seed % 2)
		cloud_break_line(STEPS * STEP_MS);
	for (int i = 0; i < STEPS; i++)
		step(&h);
	calm_down(&h);
	check(&h);
	if (is_verbose)
		printf("%s: %d orders, %d refused, %d groups, %d lives, %d jumps, %d calls, %d answers "
		       "lost\n",
			h.when, h.orders, h.refusals, cloud->group.created, h.deaths + 1, h.jumps,
			cloud->calls, cloud->lost_answers);
	world_stop(&h.w);
	world_done(&h.w);
	return h.faults ? 1 : 0;
}
