/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world as one JSON file, so that a demonstration goes on after the simulator was restarted. */
#include "tests/sim/zalo/world.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static json_t *tokens_json(const struct world_tokens *tokens)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:b, s:O, s:I, s:I}", "access",
		tokens->access, "refresh", tokens->refresh, "old_access", tokens->old_access,
		"access_expires_ms", (json_int_t)tokens->access_expires_ms, "refresh_expires_ms",
		(json_int_t)tokens->refresh_expires_ms, "old_access_expires_ms",
		(json_int_t)tokens->old_access_expires_ms, "generation",
		(json_int_t)tokens->generation, "is_access_revoked", (int)tokens->is_access_revoked,
		"is_refresh_spent", (int)tokens->is_refresh_spent, "spent", tokens->spent,
		"refresh_count", (json_int_t)tokens->refresh_count, "spent_use_count",
		(json_int_t)tokens->spent_use_count);
}

static json_t *world_json(const struct world *world)
{
	json_t *users = json_array(), *groups = json_array(), *messages = json_array();

	for (size_t i = 0; i < world->user_count; i++) {
		const struct world_user *user = world->users[i];

		json_array_append_new(
			users, json_pack("{s:s, s:s, s:I, s:i, s:s}", "id", user->id, "name",
				       user->name, "last_ms", (json_int_t)user->last_ms, "error",
				       user->error, "phone", user->phone));
	}
	for (size_t i = 0; i < world->group_count; i++) {
		const struct world_group *group = world->groups[i];

		json_array_append_new(
			groups, json_pack("{s:s, s:s, s:b}", "id", group->id, "name", group->name,
					"is_disabled", (int)group->is_disabled));
	}
	for (size_t i = 0; i < world->message_count; i++) {
		const struct world_message *m = world->messages[i];

		json_array_append_new(
			messages, json_pack("{s:I, s:I, s:b, s:b, s:s, s:s, s:s, s:s, s:O}", "seq",
					  (json_int_t)m->seq, "time_ms", (json_int_t)m->time_ms,
					  "is_from_oa", (int)m->is_from_oa, "is_by_api",
					  (int)m->is_by_api, "id", m->id, "user", m->user, "group",
					  m->group, "type", m->type, "content", m->content));
	}
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:O}", "next_seq", (json_int_t)world->next_seq,
		"tokens", tokens_json(&world->tokens), "users", users, "groups", groups, "messages",
		messages, "gmf", world->gmf);
}

enum err world_save(struct world *world, struct errbuf *eb)
{
	const char *path = world->options.state_path;
	char temporary[4096];
	enum err err = ERR_OK;
	json_t *json;
	int fd;

	if (!path || !world->is_dirty)
		return ERR_OK;
	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.new", path) >= sizeof(temporary))
		return errbuf_set(eb, ERR_TOO_BIG, "path of the state file");
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return errbuf_set(eb, err_from_errno(errno), "%s: %s", temporary, strerror(errno));
	json = world_json(world);
	MUST_HAVE(json);
	if (json_dumpfd(json, fd, JSON_COMPACT) || rename(temporary, path))
		err = errbuf_set(eb, err_from_errno(errno), "%s: %s", path, strerror(errno));
	json_decref(json);
	close(fd);
	if (!err)
		world->is_dirty = false;
	return err;
}

static bool tokens_load(struct world_tokens *tokens, json_t *json)
{
	const char *access, *refresh, *old_access;
	json_int_t expires, refresh_expires, old_expires, generation, refreshes, uses;
	int is_revoked, is_spent;
	json_t *spent;

	if (json_unpack(json, "{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:b, s:o, s:I, s:I}",
		    "access", &access, "refresh", &refresh, "old_access", &old_access,
		    "access_expires_ms", &expires, "refresh_expires_ms", &refresh_expires,
		    "old_access_expires_ms", &old_expires, "generation", &generation,
		    "is_access_revoked", &is_revoked, "is_refresh_spent", &is_spent, "spent",
		    &spent, "refresh_count", &refreshes, "spent_use_count", &uses))
		return false;
	if (str_copy(tokens->access, sizeof(tokens->access), access) ||
		str_copy(tokens->refresh, sizeof(tokens->refresh), refresh) ||
		str_copy(tokens->old_access, sizeof(tokens->old_access), old_access))
		return false;
	tokens->access_expires_ms = expires;
	tokens->refresh_expires_ms = refresh_expires;
	tokens->old_access_expires_ms = old_expires;
	tokens->generation = generation;
	tokens->is_access_revoked = is_revoked;
	tokens->is_refresh_spent = is_spent;
	tokens->refresh_count = refreshes;
	tokens->spent_use_count = uses;
	return json_is_object(spent) && json_object_update(tokens->spent, spent) == 0;
}

static bool message_load(struct world *world, json_t *json)
{
	struct world_message *m = calloc(1, sizeof(*m));
	const char *id, *user, *group, *type;
	int is_from_oa, is_by_api;
	json_int_t seq, time_ms;

	MUST_HAVE(m);
	if (json_unpack(json, "{s:I, s:I, s:b, s:b, s:s, s:s, s:s, s:s, s:O}", "seq", &seq,
		    "time_ms", &time_ms, "is_from_oa", &is_from_oa, "is_by_api", &is_by_api, "id",
		    &id, "user", &user, "group", &group, "type", &type, "content", &m->content) ||
		str_copy(m->id, sizeof(m->id), id) || str_copy(m->user, sizeof(m->user), user) ||
		str_copy(m->group, sizeof(m->group), group) ||
		str_copy(m->type, sizeof(m->type), type)) {
		json_decref(m->content);
		free(m);
		return false;
	}
	m->seq = seq;
	m->time_ms = time_ms;
	m->is_from_oa = is_from_oa;
	m->is_by_api = is_by_api;
	world_message_insert(world, m);
	return true;
}

static bool people_load(struct world *world, json_t *users, json_t *groups)
{
	const char *id, *name, *phone = "";
	json_int_t last_ms;
	json_t *item;
	size_t i;
	int n;

	json_array_foreach (users, i, item) {
		phone = "";
		if (json_unpack(item, "{s:s, s:s, s:I, s:i, s?s}", "id", &id, "name", &name,
			    "last_ms", &last_ms, "error", &n, "phone", &phone) ||
			strlen(id) >= WORLD_ID_BYTES || strlen(name) >= WORLD_NAME_BYTES)
			return false;
		world_user_add(world, id, name)->last_ms = last_ms;
		world_user(world, id)->error = n;
		if (str_copy(world_user(world, id)->phone, sizeof(world->users[0]->phone), phone))
			return false;
	}
	json_array_foreach (groups, i, item) {
		if (json_unpack(
			    item, "{s:s, s:s, s:b}", "id", &id, "name", &name, "is_disabled", &n) ||
			strlen(id) >= WORLD_ID_BYTES || strlen(name) >= WORLD_NAME_BYTES)
			return false;
		world_group_add(world, id, name)->is_disabled = n;
	}
	return true;
}

enum err world_load(struct world *world, struct errbuf *eb)
{
	const char *path = world->options.state_path;
	json_t *json, *tokens, *users, *groups, *messages, *item, *gmf = NULL;
	json_int_t next_seq;
	json_error_t where;
	bool is_good;
	size_t i;

	if (!path || access(path, F_OK))
		return ERR_OK;
	json = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
	if (!json)
		return errbuf_set(eb, ERR_CORRUPT, "%s:%d: not JSON", path, where.line);
	is_good = json_unpack(json, "{s:I, s:o, s:o, s:o, s:o, s?o}", "next_seq", &next_seq,
			  "tokens", &tokens, "users", &users, "groups", &groups, "messages",
			  &messages, "gmf", &gmf) == 0 &&
		  tokens_load(&world->tokens, tokens) && people_load(world, users, groups);
	if (is_good && json_is_object(gmf))
		CHECK(json_object_update(world->gmf, gmf) == 0);
	if (is_good) {
		world->next_seq = next_seq;
		json_array_foreach (messages, i, item) {
			is_good = is_good && message_load(world, item);
		}
	}
	json_decref(json);
	world->is_dirty = false;
	return is_good ? ERR_OK : errbuf_set(eb, ERR_CORRUPT, "%s: not a state file", path);
}
