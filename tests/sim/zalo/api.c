/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/api.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "tests/sim/zalo/api_account.h"
#include "tests/sim/zalo/api_oauth.h"
#include "tests/sim/zalo/sha256.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define OAUTH_ERROR_MAX (-14000) /* the codes of the token end point lie below */

static const struct {
	int error;
	const char *text;
} error_texts[] = {
	{-32, "App has reached the rate limit"},
	{-100, "Attachment is expired"},
	{-118, "Zalo account does not exist or is disabled"},
	{-144, "OA has exceeded the daily quota"},
	{-136, "ZNS: no ZCA is linked"},
	{-201, "Params is invalid"},
	{-210, "The parameter exceeds the allowed limit"},
	{-216, "Access token is invalid"},
	{-220, "Access token has expired or been removed"},
	{-230, "User has not interacted with the OA in the past 7 days"},
	{-233, "Message type is not supported"},
	{-237, "GMF group is disabled"},
	{-238, "The asset is used or disabled"},
	{-242, "Invalid appsecret_proof provided in the API argument"},
	{-403, "OA is not in this group"},
	{404, "Empty api"},
	{-14002, "Invalid app id"},
	{-14003, "Invalid redirect uri"},
	{-14004, "Invalid secret key"},
	{-14009, "Invalid code verifier"},
	{-14014, "Invalid refresh token or code"},
};

const char *api_error_text(int error)
{
	for (size_t i = 0; i < ARRAY_LEN(error_texts); i++) {
		if (error_texts[i].error == error)
			return error_texts[i].text;
	}
	return error ? "Unknown error" : "Success";
}

json_t *api_envelope(int error, const char *message, json_t *data)
{
	json_t *json;

	if (error < OAUTH_ERROR_MAX) {
		json = json_pack("{s:i, s:s, s:s, s:s, s:s}", "error", error, "error_name", message,
			"error_reason", message, "error_description", message, "ref_doc",
			"https://developers.zalo.me/docs/official-account");
	} else {
		json = json_pack("{s:i, s:s}", "error", error, "message", message);
	}
	MUST_HAVE(json);
	if (data)
		CHECK(json_object_set_new(json, "data", data) == 0);
	return json;
}

void api_fail(struct reply *reply, int error)
{
	json_decref(reply->json);
	reply->json = api_envelope(error, api_error_text(error), NULL);
	reply->error = error;
}

void api_answer(struct reply *reply, json_t *data)
{
	MUST_HAVE(data);
	reply->json = api_envelope(0, "Success", data);
}

bool api_id(const json_t *value, char id[WORLD_ID_BYTES])
{
	if (json_is_integer(value))
		return snprintf(id, WORLD_ID_BYTES, "%" JSON_INTEGER_FORMAT,
			       json_integer_value(value)) > 0;
	return json_is_string(value) && json_string_value(value)[0] &&
	       str_copy(id, WORLD_ID_BYTES, json_string_value(value)) == ERR_OK;
}

json_t *api_user_id(const struct world *world, const char *id)
{
	json_t *json;
	int64_t number;

	if (world->options.has_number_ids && str_to_int64(id, 0, INT64_MAX, &number) == ERR_OK)
		json = json_integer(number);
	else
		json = json_string(id);
	MUST_HAVE(json);
	return json;
}

static void user_detail(struct world *world, const struct call *call, struct reply *reply)
{
	const char *data = call_query(call, "data");
	json_t *json = data ? json_loads(data, 0, NULL) : NULL, *shared;
	struct world_user *user = NULL;
	char id[WORLD_ID_BYTES], date[16] = "";

	if (api_id(json_object_get(json, "user_id"), id))
		user = world_user(world, id);
	json_decref(json);
	if (!user)
		return api_fail(reply, -201);
	if (user->last_ms >= 0) {
		time_t local = (time_t)((user->last_ms + VIETNAM_OFFSET_MS) / SECOND_MS);
		struct tm tm;

		gmtime_r(&local, &tm);
		strftime(date, sizeof(date), "%d/%m/%Y", &tm);
	}
	shared = json_object();
	if (user->phone[0])
		CHECK(json_object_set_new(shared, "phone", json_string(user->phone)) == 0);
	api_answer(reply,
		json_pack("{s:o, s:s, s:s, s:s, s:s, s:b, s:s, s:b, s:s, s:{s:[], s:[]}, s:o}",
			"user_id", api_user_id(world, user->id), "user_id_by_app", "",
			"user_external_id", "", "display_name", user->name, "user_alias",
			user->name, "is_sensitive", 0, "user_last_interaction_date", date,
			"user_is_follower", 1, "avatar", "", "tags_and_notes_info", "notes",
			"tag_names", "shared_info", shared));
}

static const struct endpoint {
	const char *path;
	const char *method;
	void (*answer)(struct world *world, const struct call *call, struct reply *reply);
} endpoints[] = {
	{API_TOKEN_PATH, "POST", api_oauth_token},
	{API_PERMISSION_PATH, "GET", api_oauth_permission},
	{"/v2.0/oa/listrecentchat", "GET", api_list_recent},
	{"/v2.0/oa/conversation", "GET", api_conversation},
	{"/v2.0/oa/getoa", "GET", api_account_show},
	{"/v3.0/oa/message/cs", "POST", api_send_cs},
	{"/v2.0/oa/message", "POST", api_react},
	{"/v2.0/oa/upload/image", "POST", api_upload},
	{"/v2.0/oa/upload/gif", "POST", api_upload},
	{"/v2.0/oa/upload/file", "POST", api_upload},
	{"/message/template", "POST", api_zns_send},
	{"/message/status", "GET", api_zns_status},
	{"/v3.0/oa/quota/message", "POST", api_account_quota},
	{"/v3.0/oa/user/getlist", "GET", api_account_users},
	{"/message/quota", "GET", api_account_zns},
	{"/v3.0/oa/user/detail", "GET", user_detail},
	{"/v3.0/oa/group/message", "POST", api_send_group},
	{"/v3.0/oa/group/listrecentchat", "GET", api_group_list_recent},
	{"/v3.0/oa/group/conversation", "GET", api_group_conversation},
	{"/v3.0/oa/quota/group", "POST", api_group_assets},
	{"/v3.0/oa/group/creategroupwithoa", "POST", api_group_create},
	{"/v3.0/oa/group/getgroupsofoa", "GET", api_group_all},
	{"/v3.0/oa/group/getgroup", "GET", api_group_show},
	{"/v3.0/oa/group/updateinfo", "POST", api_group_update},
	{"/v3.0/oa/group/updateasset", "POST", api_group_renew},
	{"/v3.0/oa/group/delete", "POST", api_group_delete},
	{"/v3.0/oa/group/invite", "POST", api_group_invite},
	{"/v3.0/oa/group/listpendinginvite", "GET", api_group_pending},
	{"/v3.0/oa/group/acceptpendinginvite", "POST", api_group_accept},
	{"/v3.0/oa/group/rejectpendinginvite", "POST", api_group_reject},
	{"/v3.0/oa/group/listmember", "GET", api_group_members},
	{"/v3.0/oa/group/removemembers", "POST", api_group_remove},
	{"/v3.0/oa/group/addadmins", "POST", api_group_promote},
	{"/v3.0/oa/group/removeadmins", "POST", api_group_demote},
};

static const struct endpoint *endpoint_find(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(endpoints); i++) {
		if (str_eq(endpoints[i].path, path))
			return &endpoints[i];
	}
	return NULL;
}

bool api_is_path(const char *path)
{
	return endpoint_find(path) != NULL;
}

/* The token counts only in its own header: in the query or as Bearer it is as good as absent. */
static int access_check(struct world *world, const struct call *call)
{
	const char *access = call_header(call, "access_token");
	const char *proof = call_header(call, "appsecret_proof");
	char expected[SHA256_HEX];
	int error;

	if (!access || strlen(access) >= WORLD_TOKEN_BYTES)
		return -216;
	error = world_access_check(world, access);
	if (error)
		return error;
	if (!proof)
		return world->options.requires_proof ? -242 : 0;
	hmac_sha256_hex(world->options.app_secret, strlen(world->options.app_secret), access,
		strlen(access), expected);
	return str_eq(proof, expected) ? 0 : -242;
}

void api_call(struct world *world, const struct call *call, struct reply *ret_reply)
{
	const struct endpoint *endpoint = endpoint_find(call->path);
	int error = 0;

	ret_reply->status = 200;
	if (!endpoint || !str_eq(endpoint->method, call->method))
		return api_fail(ret_reply, 404);
	if (endpoint->answer != api_oauth_token && endpoint->answer != api_oauth_permission) {
		if (!world_rate_take(world))
			return api_fail(ret_reply, -32);
		error = access_check(world, call);
	}
	if (error)
		return api_fail(ret_reply, error);
	endpoint->answer(world, call, ret_reply);
}
