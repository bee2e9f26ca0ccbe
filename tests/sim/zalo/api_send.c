/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sending: consultation messages to one user, messages to a GMF group, and the quota of a user. */
#include "tests/sim/zalo/api.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#define FREE_REPLIES   8
#define FREE_WINDOW_MS (48 * HOUR_MS)

static size_t code_points(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

/* What of the 8 free answers within 48 h of the last interaction is left. */
static int free_replies(const struct world *world, const struct world_user *user)
{
	int used = 0;

	if (user->last_ms < 0 || world_now_ms(world) - user->last_ms > FREE_WINDOW_MS)
		return 0;
	for (size_t i = 0; i < world->message_count; i++) {
		const struct world_message *m = world->messages[i];

		used += m->is_from_oa && !m->group[0] && m->time_ms >= user->last_ms &&
			str_eq(m->user, user->id);
	}
	return used < FREE_REPLIES ? FREE_REPLIES - used : 0;
}

/* What {"recipient":…,"message":…} says. */
struct said {
	const char *text;
	const char *type; /* NULL = text */
	json_t *extra;	  /* owned */
};

static int message_said(const struct world *world, json_t *body, struct said *said)
{
	json_t *message = json_object_get(body, "message"), *file = NULL;
	json_t *quote = json_object_get(message, "quote_message_id");
	const char *text = json_string_value(json_object_get(message, "text"));
	int error = api_attachment(world, message, &file);

	if (error)
		return error;
	if ((!text || !text[0]) && !file)
		return -201;
	if (text && code_points(text) > API_TEXT_MAX)
		return -210;
	if (quote && (!json_is_string(quote) || !world_message(world, json_string_value(quote))))
		return -201;
	said->text = text ? text : "";
	if (!file)
		return 0;
	/* The lists show the caption of a picture as its description, and no name of a file. */
	said->type = str_eq(json_string_value(json_object_get(file, "kind")), "file") ? "file"
										      : "photo";
	said->extra = json_pack(
		"{s:s, s:s, s:O}", "message", "", "description", said->text, "sim_file", file);
	MUST_HAVE(said->extra);
	return 0;
}

static json_t *body_object(const struct call *call)
{
	json_t *body = json_loadb(call->body, call->body_len, 0, NULL);

	if (json_is_object(body))
		return body;
	json_decref(body);
	return NULL;
}

static int cs_check(
	struct world *world, json_t *body, struct world_user **ret_user, struct said *said)
{
	json_t *recipient = json_object_get(body, "recipient");
	char id[WORLD_ID_BYTES];
	struct world_user *user;

	if (!api_id(json_object_get(recipient, "user_id"), id))
		return -201;
	user = world_user(world, id);
	if (!user)
		return -201;
	if (user->error)
		return user->error;
	if (user->last_ms < 0 || world_now_ms(world) - user->last_ms > world->options.window_ms)
		return -230;
	*ret_user = user;
	return message_said(world, body, said);
}

void api_send_cs(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = body_object(call), *data;
	const struct world_message *message;
	struct world_user *user = NULL;
	struct said said = {0};
	char remain[16];
	int error = body ? cs_check(world, body, &user, &said) : -201;
	int left;

	if (error) {
		api_fail(reply, error);
		json_decref(body);
		return;
	}
	left = free_replies(world, user);
	message = world_post(world, &(struct world_post){.user = user->id,
					    .text = said.text,
					    .type = said.type,
					    .extra = said.extra,
					    .is_from_oa = true,
					    .is_by_api = true});
	json_decref(said.extra);
	reply->has_acted = true;
	data = json_pack(
		"{s:s, s:o}", "message_id", message->id, "user_id", api_user_id(world, user->id));
	if (left > 0) {
		snprintf(remain, sizeof(remain), "%d", left - 1);
		CHECK(json_object_set_new(data, "quota",
			      json_pack("{s:s, s:s, s:s}", "quota_type", "reply", "remain", remain,
				      "total", "8")) == 0);
	}
	api_answer(reply, data);
	json_decref(body);
}

static int group_check(
	struct world *world, json_t *body, struct world_group **ret_group, struct said *said)
{
	json_t *recipient = json_object_get(body, "recipient");
	char id[WORLD_ID_BYTES];
	struct world_group *group;

	if (!api_id(json_object_get(recipient, "group_id"), id))
		return -201;
	group = world_group(world, id);
	if (!group)
		return -403;
	if (group->is_disabled)
		return -237;
	*ret_group = group;
	return message_said(world, body, said);
}

void api_send_group(struct world *world, const struct call *call, struct reply *reply)
{
	const struct world_message *message;
	struct world_group *group = NULL;
	json_t *body = body_object(call);
	struct said said = {0};
	int error = body ? group_check(world, body, &group, &said) : -201;

	if (error) {
		api_fail(reply, error);
		json_decref(body);
		return;
	}
	message = world_post(world, &(struct world_post){.group = group->id,
					    .text = said.text,
					    .type = said.type,
					    .extra = said.extra,
					    .is_from_oa = true,
					    .is_by_api = true});
	json_decref(said.extra);
	reply->has_acted = true;
	api_answer(
		reply, json_pack("{s:s, s:s}", "message_id", message->id, "group_id", group->id));
	json_decref(body);
}

void api_quota(struct world *world, const struct call *call, struct reply *reply)
{
	char id[WORLD_ID_BYTES], last[24], remain[16];
	json_t *body = body_object(call);
	struct world_user *user = NULL;

	if (json_is_string(json_object_get(body, "quota_owner"))) {
		json_decref(body);
		return api_answer(reply, json_array());
	}
	if (api_id(json_object_get(body, "user_id"), id))
		user = world_user(world, id);
	json_decref(body);
	if (!user)
		return api_fail(reply, -201);
	snprintf(last, sizeof(last), "%lld", (long long)(user->last_ms < 0 ? 0 : user->last_ms));
	snprintf(remain, sizeof(remain), "%d", free_replies(world, user));
	api_answer(reply,
		json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:s}}", "last_interaction", last,
			"cs_reply", "remain", remain, "total", "8", "promotion", "daily_remain",
			"1", "daily_total", "1", "monthly_remain", "0", "monthly_total", "0"));
}
