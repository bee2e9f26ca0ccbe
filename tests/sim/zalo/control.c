/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control face: what a test, a demonstration or a resident's stand-in asks of the simulated
 * Zalo.
 *
 *   GET  /control/state                           what is going on, counters, generation of the
 * pair GET  /control/token                           the pair in force, as the API Explorer shows
 * it GET  /control/received?after&to&min&timeout_ms  what users and groups got; waits for `min` of
 * them GET  /control/calls?path&min&timeout_ms        requests seen at a path; waits for `min` of
 * them GET /control/said                            uploads, reactions, template messages POST
 * /control/message                         {"user","text",…} or an array of them POST
 * /control/group_message                   {"group","user","text",…} or an array of them POST
 * /control/do                              {"what":…}: control_do.c
 */
#include "tests/sim/zalo/control.h"

#include "daemon/base/str.h"
#include "tests/sim/zalo/api.h"
#include "tests/sim/zalo/gmf.h"

#include <inttypes.h>
#include <string.h>

#define AT_MAX INT64_C(4102444800000) /* the year 2100 */

void control_refuse(struct reply *reply, const char *why)
{
	json_decref(reply->json);
	reply->status = 400;
	reply->json = json_pack("{s:b, s:s}", "ok", 0, "error", why);
	MUST_HAVE(reply->json);
}

void control_answer(struct reply *reply, json_t *json)
{
	MUST_HAVE(json);
	reply->status = 200;
	reply->json = json;
}

bool control_is_id(const char *id)
{
	return id && id[0] && strlen(id) < WORLD_ID_BYTES && str_is_utf8(id, strlen(id));
}

static json_t *counters_json(const struct server *server)
{
	json_t *json = json_object();

	for (size_t i = 0; i < server->counter_count; i++) {
		const struct server_counter *c = &server->counters[i];

		json_object_set_new(json, c->path,
			json_pack("{s:I, s:I, s:I}", "requests", (json_int_t)c->requests, "acted",
				(json_int_t)c->acted, "errors", (json_int_t)c->errors));
	}
	return json;
}

static void show_state(struct server *server, struct reply *reply)
{
	struct world *world = server->world;
	const struct world_tokens *tokens = &world->tokens;
	int access_error = world_access_check(world, tokens->access);

	control_answer(reply,
		json_pack("{s:s, s:I, s:I, s:s, s:b, s:I, s:I, s:i, s:i, s:I, s:I, s:I, s:o, s:o}",
			"mode", server_mode_name(server->mode), "now_ms",
			(json_int_t)world_now_ms(world), "generation",
			(json_int_t)tokens->generation, "access",
			access_error == 0      ? "valid"
			: access_error == -220 ? "expired"
					       : "revoked",
			"refresh_spent", (int)tokens->is_refresh_spent, "refreshes",
			(json_int_t)tokens->refresh_count, "spent_refresh_uses",
			(json_int_t)tokens->spent_use_count, "in_flight", server->in_flight,
			"in_flight_max", server->in_flight_max, "faults_waiting",
			(json_int_t)server->faults.count, "messages",
			(json_int_t)world->message_count, "rate_remaining",
			(json_int_t)world_rate_remaining(world), "counters", counters_json(server),
			"webhook", webhook_state(server->webhook)));
}

void control_show_token(struct server *server, struct reply *reply)
{
	const struct world *world = server->world;
	char expires[24];
	int64_t left_ms = world->tokens.access_expires_ms - world_now_ms(world);

	snprintf(expires, sizeof(expires), "%" PRId64, left_ms > 0 ? left_ms / 1000 : 0);
	control_answer(
		reply, json_pack("{s:s, s:s, s:s}", "access_token", world->tokens.access,
			       "refresh_token", world->tokens.refresh, "expires_in", expires));
}

static int by_seq(const void *a, const void *b)
{
	const struct world_message *const *left = a, *const *right = b;

	return ((*left)->seq > (*right)->seq) - ((*left)->seq < (*right)->seq);
}

static json_t *received_json(const struct world_message *m)
{
	json_t *json = json_pack("{s:I, s:s, s:b, s:s, s:I}", "seq", (json_int_t)m->seq, "to",
		m->group[0] ? m->group : m->user, "is_group", m->group[0] != '\0', "message_id",
		m->id, "at_ms", (json_int_t)m->time_ms);

	MUST_HAVE(json);
	CHECK(json_object_set(json, "text",
		      json_object_get(m->content, json_object_get(m->content, "sim_file")
							  ? "description"
							  : "message")) == 0);
	if (json_object_get(m->content, "sim_file"))
		CHECK(json_object_set(json, "file", json_object_get(m->content, "sim_file")) == 0);
	return json;
}

static bool show_received(
	struct server *server, const struct call *call, bool is_last, struct reply *reply)
{
	const struct world *world = server->world;
	const struct world_message **found = calloc(world->message_count + 1, sizeof(void *));
	int64_t after = call_query_number(call, "after", 0);
	int64_t min = call_query_number(call, "min", 0);
	const char *to = call_query(call, "to");
	bool is_enough;
	size_t count = 0;

	MUST_HAVE(found);
	for (size_t i = 0; i < world->message_count; i++) {
		const struct world_message *m = world->messages[i];

		if (m->is_from_oa && m->is_by_api && m->seq > after &&
			(!to || str_eq(to, m->group[0] ? m->group : m->user)))
			found[count++] = m;
	}
	is_enough = (int64_t)count >= min;
	if (is_enough || is_last) {
		json_t *rows = json_array();

		qsort(found, count, sizeof(void *), by_seq);
		for (size_t i = 0; i < count; i++)
			json_array_append_new(rows, received_json(found[i]));
		control_answer(reply,
			json_pack("{s:b, s:o}", "complete", (int)is_enough, "messages", rows));
	}
	free(found);
	return is_enough || is_last;
}

static bool show_calls(
	struct server *server, const struct call *call, bool is_last, struct reply *reply)
{
	const char *path = call_query(call, "path");
	int64_t min = call_query_number(call, "min", 0), count;

	if (!path) {
		control_refuse(reply, "path is missing");
		return true;
	}
	count = server_counter(server, path)->requests;
	if (count < min && !is_last)
		return false;
	control_answer(reply,
		json_pack("{s:b, s:I}", "complete", count >= min, "count", (json_int_t)count));
	return true;
}

/* NULL, or what is wrong with it. */
static const char *post_one(
	struct server *server, json_t *json, bool is_group, const char **ret_id, int64_t *ret_at_ms)
{
	struct world_post post = {0};
	const struct world_message *message;
	const char *name = NULL;
	json_int_t at_ms = 0;
	int src = 1;

	if (json_unpack(json, "{s?s, s:s, s?s, s?s, s?o, s?s, s?I, s?i !}", "user", &post.user,
		    "text", &post.text, "group", &post.group, "type", &post.type, "extra",
		    &post.extra, "name", &name, "at_ms", &at_ms, "src", &src))
		return "expected user, text, type?, extra?, name?, at_ms?, src?";
	if (!control_is_id(post.user))
		return "user is not an id";
	if (is_group ? !control_is_id(post.group) || !world_group(server->world, post.group)
		     : post.group != NULL)
		return "group is unknown";
	if ((post.type && strlen(post.type) >= sizeof(message->type)) ||
		(name && strlen(name) >= WORLD_NAME_BYTES) ||
		(post.extra && !json_is_object(post.extra)) || at_ms < 0 || at_ms > AT_MAX)
		return "type, name, extra or at_ms is no good";
	post.time_ms = at_ms;
	post.is_from_oa = src == 0;
	world_user_add(server->world, post.user, name);
	message = world_post(server->world, &post);
	webhook_tell(server->webhook, message);
	*ret_id = message->id;
	*ret_at_ms = message->time_ms;
	return NULL;
}

static void post_messages(
	struct server *server, const struct call *call, bool is_group, struct reply *reply)
{
	json_t *json = json_loadb(call->body, call->body_len, 0, NULL);
	bool is_one = json_is_object(json);
	json_t *rows = json_array(), *row = NULL;
	const char *why = NULL, *id = NULL;
	int64_t at_ms = 0;

	if (!is_one && !json_is_array(json))
		why = "not a JSON object or array";
	for (size_t i = 0; !why && i < (is_one ? 1 : json_array_size(json)); i++) {
		why = post_one(
			server, is_one ? json : json_array_get(json, i), is_group, &id, &at_ms);
		if (why)
			break;
		row = json_pack("{s:s, s:I}", "message_id", id, "at_ms", (json_int_t)at_ms);
		MUST_HAVE(row);
		json_array_append_new(rows, row);
	}
	if (why)
		control_refuse(reply, why);
	else
		control_answer(reply, is_one ? json_incref(row) : json_incref(rows));
	json_decref(rows);
	json_decref(json);
}

static bool control_post(struct server *server, const struct call *call, struct reply *reply)
{
	if (str_eq(call->path, "/control/message"))
		post_messages(server, call, false, reply);
	else if (str_eq(call->path, "/control/group_message"))
		post_messages(server, call, true, reply);
	else if (str_eq(call->path, "/control/do"))
		control_do(server, call, reply);
	else if (str_eq(call->path, "/control/group_do"))
		control_group_do(server, call, reply);
	else
		control_refuse(reply, "no such control");
	return true;
}

bool control_call(
	struct server *server, const struct call *call, bool is_last, struct reply *ret_reply)
{
	if (str_eq(call->method, "POST"))
		return control_post(server, call, ret_reply);
	if (str_eq(call->path, "/control/received"))
		return show_received(server, call, is_last, ret_reply);
	if (str_eq(call->path, "/control/calls"))
		return show_calls(server, call, is_last, ret_reply);
	if (str_eq(call->path, "/control/state"))
		show_state(server, ret_reply);
	else if (str_eq(call->path, "/control/token"))
		control_show_token(server, ret_reply);
	else if (str_eq(call->path, "/control/said"))
		control_answer(
			ret_reply, json_pack("{s:I, s:O, s:O}", "uploads",
					   (json_int_t)server->world->upload_count, "reactions",
					   server->world->reactions, "zns", server->world->zns));
	else if (str_eq(call->path, "/control/groups"))
		control_groups(server, ret_reply);
	else
		control_refuse(ret_reply, "no such control");
	return true;
}
