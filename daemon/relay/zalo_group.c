/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An act that goes well:
 *
 *   claim → commit → POST → its effects and DONE, or the next step of a hand-over → commit
 *
 * One that does not:
 *   the commit of the claim fails          it is QUEUED as before
 *   the POST surely did not leave          QUEUED again, later
 *   it may have left, and nothing came;    IN_DOUBT: zalo_group_doubt.c reads the group back
 *   or the daemon died; or the effects
 *   could not be written
 *   Zalo refuses                           FAILED, with Zalo's code for the officer
 *   the account can't do it now            QUEUED with the reason, until a person has mended that
 *
 * Times of acts are wall time, since they outlive the daemon; those of looks are monotonic.
 */
#include "daemon/relay/zalo_group_private.h"

#include "daemon/base/log.h"
#include "store/group_act.h"
#include "store/party.h"
#include "store/place.h"
#include "store/turn.h"

#include <inttypes.h>

#define WARN_EVERY_MS HOUR_MS
#define PLANNED_MS    (10 * SECOND_MS) /* what waits for its group to be made */
#define COME_MS	      (10 * MINUTE_MS) /* between looks whether a new head has come */
#define ACTS_A_TICK   16	       /* that need no call */

enum err zalo_group_address(struct zalo_groups *g, int64_t group_id, struct buf *out)
{
	struct zalo_group group;
	enum err err = zalo_group_load(g->zalo->store, group_id, &group);

	if (!err && !group.party_id)
		err = ERR_STATE;
	return err ? err : party_address(g->zalo->store, group.party_id, out);
}

/* ---- acts ------------------------------------------------------------------------------------
 */

static void claimed(void *arg, enum err committed)
{
	struct zalo_groups *g = arg;
	enum err err;

	g->is_claiming = false;
	zalo_wake(g->zalo);
	if (committed)
		return; /* rolled back: QUEUED */
	err = zalo_group_act_start(g);
	if (err)
		log_error("group_act", "id=%" PRId64 " start=%s", g->act.id, err_name(err));
}

static enum err claim(struct zalo_groups *g)
{
	struct store *store = g->zalo->store;
	enum err err = group_act_claim(store, &g->act);

	if (!err)
		err = turn_defer(store, claimed, g);
	g->is_claiming = !err;
	return err;
}

static enum err person_state(
	struct zalo_groups *g, int64_t person_id, enum group_person_state *ret_state)
{
	struct group_person person;
	enum err err = group_person_load(g->zalo->store, person_id, &person);

	if (!err)
		*ret_state = person.state;
	return err;
}

/* Moves a hand-over on where no call is needed. ERR_BUSY: its step needs one. */
static enum err hand_over(struct zalo_groups *g, int64_t now_ms)
{
	struct group_act *act = &g->act;
	enum group_person_state state;
	struct zalo_group group;
	int64_t old_id;
	enum err err = person_state(g, act->person_id, &state);

	if (err)
		return err;
	if (act->step <= GROUP_HANDOVER_WAIT && state == GROUP_PERSON_MEMBER)
		return desk_group_step(g->desk, act, GROUP_HANDOVER_APPOINT, now_ms);
	if (act->step == GROUP_HANDOVER_WAIT) {
		err = zalo_group_load(g->zalo->store, act->group_id, &group);
		group.members_ms = 0;
		if (!err)
			err = zalo_group_save(g->zalo->store, &group);
		return err ? err
			   : desk_group_step(g->desk, act, GROUP_HANDOVER_WAIT, now_ms + COME_MS);
	}
	if (act->step == GROUP_HANDOVER_DISMISS) {
		err = desk_group_old_head(g->desk, act, &old_id);
		if (!err && !old_id)
			return desk_group_done(g->desk, act, NULL);
	}
	return err ? err : ERR_BUSY;
}

/* What was asked for may be so by itself meanwhile. ERR_BUSY: a call is needed. */
static enum err act_without_call(struct zalo_groups *g, int64_t now_ms)
{
	struct store *store = g->zalo->store;
	struct group_act *act = &g->act;
	enum group_person_state state;
	struct zalo_group group;
	char drift[160];
	enum err err = zalo_group_load(store, act->group_id, &group);

	if (err)
		return err;
	if (!zalo_group_lives(group.state))
		return group_act_move(store, act, GROUP_ACT_STATE_CANCELLED, act->due_ms);
	if (act->kind == GROUP_ACT_CREATE)
		return ERR_BUSY;
	if (!group.party_id)
		return group_act_move(store, act, GROUP_ACT_STATE_QUEUED, now_ms + PLANNED_MS);
	if (act->kind == GROUP_ACT_UPDATE) {
		desk_group_drift(&group, drift, sizeof(drift));
		return drift[0] ? ERR_BUSY : desk_group_done(g->desk, act, NULL);
	}
	if (act->kind == GROUP_ACT_HANDOVER)
		return hand_over(g, now_ms);
	if (act->kind != GROUP_ACT_ACCEPT && act->kind != GROUP_ACT_REJECT &&
		act->kind != GROUP_ACT_REMOVE)
		return ERR_BUSY;
	err = person_state(g, act->person_id, &state);
	if (err)
		return err;
	if (state == (act->kind == GROUP_ACT_REMOVE ? GROUP_PERSON_MEMBER : GROUP_PERSON_ASKING))
		return ERR_BUSY;
	return group_act_move(store, act, GROUP_ACT_STATE_CANCELLED, act->due_ms);
}

/* What is written together stands or falls together. */
enum err zalo_group_within(struct zalo_groups *g, enum err (*fn)(struct zalo_groups *g))
{
	struct store *store = g->zalo->store;
	enum err err = store_savepoint_begin(store), end;

	if (err)
		return err;
	err = fn(g);
	if (!err || err == ERR_BUSY) {
		end = store_savepoint_release(store);
		return end ? end : err;
	}
	store_savepoint_rollback(store);
	if (g->is_claiming)
		turn_forget(store, g);
	g->is_claiming = false;
	return err;
}

static enum err carry_on(struct zalo_groups *g)
{
	enum err err = act_without_call(g, zalo_wall(g->zalo));

	if (err == ERR_BUSY)
		err = claim(g);
	return err ? err : g->is_claiming ? ERR_BUSY : ERR_OK;
}

/* ERR_BUSY: one was claimed, or more are to come. ERR_NOT_FOUND: none is due. */
static enum err next_act(struct zalo_groups *g)
{
	enum err err;

	for (int i = 0; i < ACTS_A_TICK; i++) {
		err = group_act_due(
			g->zalo->store, GROUP_ACT_STATE_QUEUED, zalo_wall(g->zalo), &g->act);
		if (!err)
			err = zalo_group_within(g, carry_on);
		if (err)
			return err;
	}
	zalo_wake(g->zalo);
	return ERR_BUSY;
}

/* ---- the clockwork ---------------------------------------------------------------------------
 */

static enum err fail_act(struct zalo_groups *g)
{
	return desk_group_failed(g->desk, &g->act);
}

static enum err end_overdue(struct zalo_groups *g)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < ACTS_A_TICK; i++) {
		err = group_act_overdue(g->zalo->store, zalo_wall(g->zalo), &g->act);
		if (!err)
			err = zalo_group_within(g, fail_act);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err warn_now(struct zalo_groups *g)
{
	return desk_groups_warn(g->desk);
}

static enum err warn(struct zalo_groups *g)
{
	if (zalo_mono(g->zalo) < g->warn_ms)
		return ERR_OK;
	g->warn_ms = zalo_mono(g->zalo) + WARN_EVERY_MS;
	return zalo_group_within(g, warn_now);
}

/* ERR_BUSY: a look at one in doubt was begun. */
static enum err next_doubt(struct zalo_groups *g)
{
	enum err err = group_act_due(
		g->zalo->store, GROUP_ACT_STATE_IN_DOUBT, zalo_wall(g->zalo), &g->act);

	return err ? err : zalo_group_doubt_start(g);
}

static enum err online(struct zalo_groups *g, int64_t *ret_due_ms)
{
	int64_t lost;
	/* Nothing is under way: what is claimed was lost with a commit, or with the last life. */
	enum err err = group_act_recover(g->zalo->store, &lost);

	if (!err && lost)
		g->sure_ms = zalo_mono(g->zalo) + MINUTE_MS;
	if (!err)
		err = next_act(g);
	if (err == ERR_NOT_FOUND)
		err = next_doubt(g);
	if (err == ERR_NOT_FOUND)
		err = zalo_group_look_next(g, ret_due_ms);
	return err;
}

/* When the next act is due, in the time of the loop. */
static int64_t act_due_ms(const struct zalo_groups *g)
{
	static const enum group_act_state states[] = {
		GROUP_ACT_STATE_QUEUED, GROUP_ACT_STATE_IN_DOUBT};
	int64_t first_ms = INT64_MAX, due_ms, wait_ms;

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (!group_act_next_ms(g->zalo->store, states[i], &due_ms))
			first_ms = zalo_sooner(first_ms, due_ms);
	}
	if (first_ms == INT64_MAX)
		return INT64_MAX;
	wait_ms = first_ms - zalo_wall(g->zalo);
	return zalo_mono(g->zalo) + (wait_ms < SECOND_MS ? SECOND_MS : wait_ms);
}

static enum err tick(struct zalo_groups *g, int64_t *ret_due_ms)
{
	struct zalo *z = g->zalo;
	enum err err = warn(g);

	if (!err)
		err = end_overdue(g);
	if (!err && z->link.is_up && zalo_auth_is_usable(z))
		err = online(g, ret_due_ms);
	return err == ERR_BUSY || err == ERR_NOT_FOUND ? ERR_OK : err;
}

void zalo_groups_soon(struct zalo_groups *g)
{
	if (g)
		g->persons_ms = 0;
}

int64_t zalo_groups_tick(struct zalo_groups *g)
{
	int64_t due_ms = INT64_MAX;
	enum err err;

	if (!g || g->zalo->is_closing || g->is_claiming || zalo_call_is_active(&g->call))
		return INT64_MAX;
	if (zalo_mono(g->zalo) < g->rest_ms)
		return g->rest_ms;
	err = tick(g, &due_ms);
	if (err) {
		log_error("group", "tick=%s", err_name(err));
		g->rest_ms = zalo_mono(g->zalo) + 30 * SECOND_MS;
		return g->rest_ms;
	}
	if (g->is_claiming || zalo_call_is_active(&g->call))
		return INT64_MAX;
	return zalo_sooner(due_ms, act_due_ms(g));
}

static void call_done(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo_groups *g = container_of(call, struct zalo_groups, call);

	/* An act stays claimed: the next start finds out. */
	if (answer->is_cancelled)
		return;
	if (g->is_acting)
		zalo_group_act_done(g, answer);
	else
		zalo_group_look_done(g, answer);
	zalo_wake(g->zalo);
}

enum err zalo_groups_open(struct zalo *z, struct desk *desk, struct zalo_groups **ret_groups)
{
	struct zalo_groups *g;

	*ret_groups = NULL;
	if (!desk)
		return ERR_OK;
	g = calloc(1, sizeof(*g));
	if (!g)
		return ERR_NOMEM;
	g->zalo = z;
	g->desk = desk;
	g->sure_ms = zalo_mono(z) + MINUTE_MS;
	zalo_call_init(&g->call, z, ZALO_USE_WALK, call_done);
	*ret_groups = g;
	return ERR_OK;
}

void zalo_groups_close(struct zalo_groups *g)
{
	if (!g)
		return;
	turn_forget(g->zalo->store, g);
	zalo_call_cancel(&g->call);
	zalo_call_free(&g->call);
	free(g);
}
