/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/world.h"

#include "tests/sim/zalo/gmf.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <inttypes.h>
#include <string.h>

#define USER_NAME  "Người dân"
#define GROUP_NAME "Tổ trực"

struct world *world_new(const struct world_options *options)
{
	struct world *world = calloc(1, sizeof(*world));
	struct world_tokens *tokens;

	MUST_HAVE(world);
	world->options = *options;
	world->next_seq = 1;
	world->gmf = gmf_new();
	rng_init(&world->rng, options->seed);
	tokens = &world->tokens;
	tokens->spent = json_object();
	MUST_HAVE(tokens->spent);
	world->uploads = json_object();
	world->reactions = json_array();
	world->zns = json_array();
	world->zns_errors = json_object();
	MUST_HAVE(world->uploads && world->reactions && world->zns && world->zns_errors ? world
											: NULL);
	tokens->generation = 1;
	CHECK(str_copy(tokens->access, sizeof(tokens->access), options->access) == ERR_OK);
	CHECK(str_copy(tokens->refresh, sizeof(tokens->refresh), options->refresh) == ERR_OK);
	tokens->access_expires_ms = world_now_ms(world) + options->access_lifetime_s * SECOND_MS;
	tokens->refresh_expires_ms = world_now_ms(world) + options->refresh_lifetime_s * SECOND_MS;
	return world;
}

void world_free(struct world *world)
{
	if (!world)
		return;
	json_decref(world->uploads);
	json_decref(world->reactions);
	json_decref(world->zns);
	json_decref(world->zns_errors);
	for (size_t i = 0; i < world->user_count; i++)
		free(world->users[i]);
	for (size_t i = 0; i < world->group_count; i++)
		free(world->groups[i]);
	for (size_t i = 0; i < world->message_count; i++) {
		json_decref(world->messages[i]->content);
		free(world->messages[i]);
	}
	free(world->users);
	free(world->groups);
	free(world->messages);
	json_decref(world->tokens.spent);
	json_decref(world->gmf);
	free(world);
}

int64_t world_now_ms(const struct world *world)
{
	return clock_wall_ms(clock_system()) + world->clock_offset_ms;
}

struct world_user *world_user(struct world *world, const char *id)
{
	for (size_t i = 0; i < world->user_count; i++) {
		if (str_eq(world->users[i]->id, id))
			return world->users[i];
	}
	return NULL;
}

struct world_group *world_group(struct world *world, const char *id)
{
	for (size_t i = 0; i < world->group_count; i++) {
		if (str_eq(world->groups[i]->id, id))
			return world->groups[i];
	}
	return NULL;
}

/* A pointer array that grows by one: sizes here are those of a test. */
static void *grow(void *array, size_t count)
{
	void *bigger = count & (count - 1)
			       ? array
			       : realloc(array, (count ? 2 * count : 1) * sizeof(void *));

	MUST_HAVE(bigger);
	return bigger;
}

struct world_user *world_user_add(struct world *world, const char *id, const char *name)
{
	struct world_user *user = world_user(world, id);

	if (!user) {
		user = calloc(1, sizeof(*user));
		MUST_HAVE(user);
		CHECK(str_copy(user->id, sizeof(user->id), id) == ERR_OK);
		CHECK(str_copy(user->name, sizeof(user->name), USER_NAME) == ERR_OK);
		user->last_ms = -1;
		world->users = grow(world->users, world->user_count);
		world->users[world->user_count++] = user;
	}
	if (name)
		CHECK(str_copy(user->name, sizeof(user->name), name) == ERR_OK);
	world->is_dirty = true;
	return user;
}

struct world_group *world_group_add(struct world *world, const char *id, const char *name)
{
	struct world_group *group = world_group(world, id);

	if (!group) {
		group = calloc(1, sizeof(*group));
		MUST_HAVE(group);
		CHECK(str_copy(group->id, sizeof(group->id), id) == ERR_OK);
		CHECK(str_copy(group->name, sizeof(group->name), GROUP_NAME) == ERR_OK);
		world->groups = grow(world->groups, world->group_count);
		world->groups[world->group_count++] = group;
	}
	if (name)
		CHECK(str_copy(group->name, sizeof(group->name), name) == ERR_OK);
	world->is_dirty = true;
	return group;
}

void world_message_insert(struct world *world, struct world_message *message)
{
	size_t at = world->message_count;

	world->messages = grow(world->messages, world->message_count);
	while (at > 0 && world->messages[at - 1]->time_ms > message->time_ms)
		at--;
	memmove(world->messages + at + 1, world->messages + at,
		(world->message_count - at) * sizeof(void *));
	world->messages[at] = message;
	world->message_count++;
}

const struct world_message *world_post(struct world *world, const struct world_post *post)
{
	struct world_message *message = calloc(1, sizeof(*message));

	MUST_HAVE(message);
	message->seq = world->next_seq++;
	message->time_ms = post->time_ms ? post->time_ms : world_now_ms(world);
	message->is_from_oa = post->is_from_oa;
	message->is_by_api = post->is_by_api;
	CHECK(str_copy(message->user, sizeof(message->user), post->user ? post->user : "") ==
		ERR_OK);
	CHECK(str_copy(message->group, sizeof(message->group), post->group ? post->group : "") ==
		ERR_OK);
	CHECK(str_copy(message->type, sizeof(message->type), post->type ? post->type : "text") ==
		ERR_OK);
	/* Twenty hexadecimal digits, as the real ones are; the counter makes them unique. */
	snprintf(message->id, sizeof(message->id), "%012" PRIx64 "%08" PRIx64,
		rng_next(&world->rng) & UINT64_C(0xffffffffffff),
		(uint64_t)message->seq & UINT64_C(0xffffffff));
	message->content = json_pack("{s:s}", "message", post->text);
	MUST_HAVE(message->content);
	if (post->extra)
		CHECK(json_object_update(message->content, post->extra) == 0);
	world_message_insert(world, message);
	if (!post->is_from_oa && !post->group) {
		struct world_user *user = world_user_add(world, post->user, NULL);

		if (message->time_ms > user->last_ms)
			user->last_ms = message->time_ms;
	}
	world->is_dirty = true;
	return message;
}

const struct world_message *world_message(const struct world *world, const char *id)
{
	for (size_t i = 0; i < world->message_count; i++) {
		if (str_eq(world->messages[i]->id, id))
			return world->messages[i];
	}
	return NULL;
}

bool world_message_remove(struct world *world, const char *id)
{
	for (size_t i = 0; i < world->message_count; i++) {
		struct world_message *message = world->messages[i];

		if (!str_eq(message->id, id))
			continue;
		world->message_count--;
		memmove(world->messages + i, world->messages + i + 1,
			(world->message_count - i) * sizeof(void *));
		json_decref(message->content);
		free(message);
		world->is_dirty = true;
		return true;
	}
	return false;
}

bool world_rate_take(struct world *world)
{
	int64_t minute = world_now_ms(world) / MINUTE_MS;

	if (minute != world->rate_minute) {
		world->rate_minute = minute;
		world->rate_used = 0;
	}
	if (world->rate_used >= world->options.rate_limit)
		return false;
	world->rate_used++;
	return true;
}

int64_t world_rate_remaining(const struct world *world)
{
	bool is_this_minute = world_now_ms(world) / MINUTE_MS == world->rate_minute;
	int64_t used = is_this_minute ? world->rate_used : 0;

	return used < world->options.rate_limit ? world->options.rate_limit - used : 0;
}

void world_tokens_renew(struct world *world, bool is_refresh)
{
	struct world_tokens *tokens = &world->tokens;
	int64_t now_ms = world_now_ms(world);

	CHECK(json_object_set_new(
		      tokens->spent, tokens->refresh, json_integer(tokens->generation)) == 0);
	CHECK(str_copy(tokens->old_access, sizeof(tokens->old_access), tokens->access) == ERR_OK);
	tokens->old_access_expires_ms = tokens->is_access_revoked ? 0 : tokens->access_expires_ms;
	CHECK(str_copy(tokens->old_refresh, sizeof(tokens->old_refresh), tokens->refresh) ==
		ERR_OK);
	tokens->refreshed_ms = now_ms;
	tokens->generation++;
	tokens->refresh_count += is_refresh;
	snprintf(tokens->access, sizeof(tokens->access), "sim-access-%" PRId64 "-%016" PRIx64,
		tokens->generation, rng_next(&world->rng));
	snprintf(tokens->refresh, sizeof(tokens->refresh), "sim-refresh-%" PRId64 "-%016" PRIx64,
		tokens->generation, rng_next(&world->rng));
	tokens->access_expires_ms = now_ms + world->options.access_lifetime_s * SECOND_MS;
	tokens->refresh_expires_ms = now_ms + world->options.refresh_lifetime_s * SECOND_MS;
	tokens->is_access_revoked = false;
	tokens->is_refresh_spent = false;
	world->is_dirty = true;
}

int world_access_check(struct world *world, const char *access)
{
	const struct world_tokens *tokens = &world->tokens;
	int64_t now_ms = world_now_ms(world);

	if (str_eq(access, tokens->access)) {
		if (tokens->is_access_revoked)
			return -216;
		return now_ms < tokens->access_expires_ms ? 0 : -220;
	}
	if (tokens->old_access[0] && str_eq(access, tokens->old_access)) {
		bool lives = world->options.old_access_lives &&
			     now_ms < tokens->old_access_expires_ms;

		return lives ? 0 : -220;
	}
	return -216;
}

bool world_refresh_is_replay(const struct world *world, const char *refresh)
{
	const struct world_tokens *tokens = &world->tokens;

	return tokens->old_refresh[0] && str_eq(refresh, tokens->old_refresh) &&
	       world_now_ms(world) < tokens->refreshed_ms + world->options.grace_ms;
}

int world_refresh_check(struct world *world, const char *refresh)
{
	struct world_tokens *tokens = &world->tokens;
	bool is_current = str_eq(refresh, tokens->refresh);

	if ((is_current && tokens->is_refresh_spent) || json_object_get(tokens->spent, refresh)) {
		tokens->spent_use_count++;
		world->is_dirty = true;
		return -14014;
	}
	if (!is_current || world_now_ms(world) >= tokens->refresh_expires_ms)
		return -14014;
	return 0;
}
