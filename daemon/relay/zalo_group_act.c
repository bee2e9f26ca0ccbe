/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The call of one act, and what its answer means. */
#include "daemon/relay/zalo_group_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/group_act.h"

#include <inttypes.h>
#include <string.h>

#define API	    "/v3.0/oa/group/"
#define RETRY_MS    (30 * SECOND_MS)
#define HOLD_MS	    (10 * MINUTE_MS) /* until a person has mended the account */
#define UNKNOWN_MAX 3		     /* tries after a code that nobody knows */

static const char *path_of(const struct group_act *act)
{
	static const char *const paths[] = {
		[GROUP_ACT_CREATE] = API "creategroupwithoa",
		[GROUP_ACT_UPDATE] = API "updateinfo",
		[GROUP_ACT_ASSET] = API "updateasset",
		[GROUP_ACT_INVITE] = API "invite",
		[GROUP_ACT_ACCEPT] = API "acceptpendinginvite",
		[GROUP_ACT_REJECT] = API "rejectpendinginvite",
		[GROUP_ACT_REMOVE] = API "removemembers",
		[GROUP_ACT_ADD_DEPUTY] = API "addadmins",
		[GROUP_ACT_REMOVE_DEPUTY] = API "removeadmins",
		[GROUP_ACT_DELETE] = API "delete",
	};

	if (act->kind != GROUP_ACT_HANDOVER)
		return paths[act->kind];
	return act->step == GROUP_HANDOVER_INVITE    ? API "invite"
	       : act->step == GROUP_HANDOVER_APPOINT ? API "addadmins"
						     : API "removeadmins";
}

/* ---- bodies ----------------------------------------------------------------------------------
 */

static enum err add_user(struct zalo_groups *g, json_t *ids, int64_t person_id)
{
	struct buf user_id;
	enum err err;

	buf_init(&user_id, ZALO_USER_ID_BYTES);
	err = group_person_user(g->zalo->store, person_id, &user_id);
	if (!err && json_array_append_new(ids, json_string(buf_text(&user_id))))
		err = ERR_NOMEM;
	buf_wipe(&user_id);
	return err;
}

struct founders {
	int64_t id[DESK_FOUNDERS_MAX];
	int count;
};

static void add_founder(void *arg, const struct group_person *person)
{
	struct founders *founders = arg;

	if (founders->count < DESK_FOUNDERS_MAX)
		founders->id[founders->count++] = person->id;
}

static enum err create_body(struct zalo_groups *g, const struct zalo_group *group, json_t *body)
{
	struct founders founders = {.count = 0};
	json_t *ids = json_array();
	enum err err = group_person_list(g->zalo->store, group->id, GROUP_PERSON_FOUNDER, 0,
		DESK_FOUNDERS_MAX, add_founder, &founders);

	for (int i = 0; !err && i < founders.count; i++)
		err = add_user(g, ids, founders.id[i]);
	json_object_set_new(body, "group_name", json_string(group->want.name));
	if (group->want.description[0])
		json_object_set_new(
			body, "group_description", json_string(group->want.description));
	json_object_set_new(body, "asset_id", json_string(group->asset_id));
	json_object_set_new(body, "member_user_ids", ids);
	return err;
}

static bool has_word(const char *text, const char *word)
{
	const char *at = strstr(text, word);
	size_t len = strlen(word);

	return at && (at == text || at[-1] == ' ') && (!at[len] || at[len] == ' ');
}

/* Only what is not as it has to be: a picture sent anew is another one. */
static void update_body(const struct zalo_group *group, json_t *body)
{
	char drift[160];

	desk_group_drift(group, drift, sizeof(drift));
	if (has_word(drift, "name"))
		json_object_set_new(body, "group_name", json_string(group->want.name));
	if (has_word(drift, "description"))
		json_object_set_new(
			body, "group_description", json_string(group->want.description));
	if (has_word(drift, "avatar"))
		json_object_set_new(body, "group_avatar", json_string(group->want.avatar));
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++) {
		const char *name = zalo_switch_text((enum zalo_switch)i);

		if (has_word(drift, name))
			json_object_set_new(body, name, json_boolean(group->want.on[i]));
	}
}

static enum err person_body(struct zalo_groups *g, json_t *body)
{
	int64_t person_id = g->act.person_id;
	json_t *ids = json_array();
	enum err err = ERR_OK;

	json_object_set_new(body, "member_user_ids", ids);
	if (g->act.kind == GROUP_ACT_HANDOVER && g->act.step == GROUP_HANDOVER_DISMISS)
		err = desk_group_old_head(g->desk, &g->act, &person_id);
	if (!err && !person_id)
		err = ERR_STATE;
	return err ? err : add_user(g, ids, person_id);
}

static enum err make_body(struct zalo_groups *g, json_t *body)
{
	struct zalo_group group;
	struct buf address;
	enum err err = zalo_group_load(g->zalo->store, g->act.group_id, &group);

	if (err)
		return err;
	if (g->act.kind == GROUP_ACT_CREATE)
		return create_body(g, &group, body);
	buf_init(&address, ZALO_USER_ID_BYTES);
	err = zalo_group_address(g, group.id, &address);
	if (!err)
		json_object_set_new(body, "group_id", json_string(buf_text(&address)));
	buf_done(&address);
	if (err)
		return err;
	if (g->act.kind == GROUP_ACT_UPDATE)
		update_body(&group, body);
	else if (g->act.kind == GROUP_ACT_ASSET)
		json_object_set_new(body, "asset_id", json_string(g->act.asset_id));
	else if (g->act.kind != GROUP_ACT_DELETE)
		err = person_body(g, body);
	return err;
}

static enum err call_begin(struct zalo_groups *g)
{
	CLEAN_JSON *body = json_object();
	CLEANUP(cleanup_free) char *text = NULL;
	enum err err = body ? make_body(g, body) : ERR_NOMEM;

	if (!err)
		err = zalo_call_path(&g->call, path_of(&g->act));
	if (err)
		return err;
	text = json_dumps(body, JSON_COMPACT);
	err = text ? buf_adds(&g->call.body, text) : ERR_NOMEM;
	/* A list of many members must not wait for a bulletin, nor the other way round. */
	g->call.use = ZALO_USE_SEND;
	return err ? err : zalo_call_start(&g->call);
}

enum err zalo_group_act_start(struct zalo_groups *g)
{
	struct group_act *act = &g->act;
	enum err err = call_begin(g);

	g->is_acting = !err;
	if (!err)
		return ERR_OK;
	/* Nothing has left. */
	act->attempts--;
	act->error = err;
	act->code = 0;
	if (err_class(err) == ERR_CLASS_PERMANENT)
		return desk_group_failed(g->desk, act);
	return group_act_move(g->zalo->store, act, GROUP_ACT_STATE_QUEUED,
		zalo_wall(g->zalo) + (err == ERR_RATE ? 5 * SECOND_MS : RETRY_MS));
}

/* ---- answers ---------------------------------------------------------------------------------
 */

static enum err again(struct zalo_groups *g, int64_t wait_ms)
{
	return group_act_move(
		g->zalo->store, &g->act, GROUP_ACT_STATE_QUEUED, zalo_wall(g->zalo) + wait_ms);
}

static int64_t backoff_ms(const struct group_act *act)
{
	int shift = act->attempts < 7 ? act->attempts : 7;

	return RETRY_MS << (shift ? shift - 1 : 0);
}

static enum err in_doubt(struct zalo_groups *g)
{
	g->sure_ms = zalo_mono(g->zalo) + MINUTE_MS;
	return group_act_move(
		g->zalo->store, &g->act, GROUP_ACT_STATE_IN_DOUBT, zalo_wall(g->zalo) + SECOND_MS);
}

static enum err carried_out(struct zalo_groups *g, const struct zalo_answer *answer)
{
	struct desk_group_told told;
	bool is_told = !zalo_group_told(answer->data, &told);

	/* A group without a number can't be used: its asset names it. */
	if (g->act.kind == GROUP_ACT_CREATE && (!is_told || !told.group_id[0]))
		return in_doubt(g);
	return desk_group_done(g->desk, &g->act, is_told ? &told : NULL);
}

/* Rights can't be read back. After a doubt "no" may mean that it was so already. */
static bool may_be_so(const struct group_act *act)
{
	return act->was_in_doubt &&
	       (act->kind == GROUP_ACT_ADD_DEPUTY || act->kind == GROUP_ACT_REMOVE_DEPUTY ||
		       act->kind == GROUP_ACT_HANDOVER);
}

static enum err refused(struct zalo_groups *g, const struct zalo_answer *answer)
{
	enum err err = ERR_OK;

	if (answer->code == -403)
		err = desk_group_refused(g->desk, g->act.group_id);
	if (!err && may_be_so(&g->act))
		return group_act_move(g->zalo->store, &g->act, GROUP_ACT_STATE_IN_DOUBT,
			zalo_wall(g->zalo) + GROUP_ACT_DOUBT_MS);
	return err ? err : desk_group_failed(g->desk, &g->act);
}

static enum err without_code(struct zalo_groups *g, const struct zalo_answer *answer)
{
	if (answer->transport)
		return answer->may_have_left ? in_doubt(g) : again(g, backoff_ms(&g->act));
	if (answer->status == 429)
		return again(g, MINUTE_MS);
	if (answer->status >= 400 && answer->status < 500)
		return again(g, backoff_ms(&g->act));
	return in_doubt(g);
}

static enum err with_code(struct zalo_groups *g, const struct zalo_answer *answer)
{
	const struct zalo_code *code = zalo_code(answer->code);
	struct group_act *act = &g->act;

	switch (code->action) {
	case ZALO_DONE:
		return carried_out(g, answer);
	case ZALO_READ_BACK:
		return in_doubt(g);
	case ZALO_REFUSED:
		return refused(g, answer);
	case ZALO_OTHER_WAY:
		/* Of the group: it waits to be renewed. Of a person: he doesn't want it. */
		return answer->code == -237 ? again(g, HOLD_MS) : refused(g, answer);
	case ZALO_NEXT_MINUTE:
	case ZALO_TOKEN:
		return again(g, MINUTE_MS);
	case ZALO_MORNING:
		return again(g, zalo_until_morning_ms(zalo_wall(g->zalo)));
	case ZALO_STOP:
		/* The asset is gone or taken: waiting does not bring it back. */
		if (answer->code == -238 || answer->code == -241)
			return refused(g, answer);
		return again(g, HOLD_MS);
	case ZALO_HOLD:
		return again(g, HOLD_MS);
	case ZALO_UNKNOWN_CODE:
		return act->attempts < UNKNOWN_MAX ? again(g, backoff_ms(act)) : refused(g, answer);
	default:
		return again(g, backoff_ms(act));
	}
}

void zalo_group_act_done(struct zalo_groups *g, const struct zalo_answer *answer)
{
	struct store *store = g->zalo->store;
	struct group_act *act = &g->act;
	enum err err = store_savepoint_begin(store);

	g->is_acting = false;
	act->error = zalo_answer_err(answer);
	act->code = answer->is_envelope ? (int)answer->code : 0;
	if (!err) {
		err = zalo_answer_is_reply(answer) ? with_code(g, answer) : without_code(g, answer);
		if (err)
			store_savepoint_rollback(store);
		else
			err = store_savepoint_release(store);
	}
	/* It stays claimed, and is in doubt from the next tick on. */
	if (err)
		log_error(
			"group_act", "id=%" PRId64 " effect=lost error=%s", act->id, err_name(err));
}
