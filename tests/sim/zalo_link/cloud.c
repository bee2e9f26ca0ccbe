/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo_link/cloud.h"

#include "daemon/base/str.h"
#include "tests/sim/zalo_link/cloud_group.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define START_MS  (INT64_C(1795000000000))
#define HANDLE_MS (7 * DAY_MS)
#define DIES	  42

struct cloud *cloud;

void cloud_open(uint64_t seed)
{
	if (cloud)
		munmap(cloud, sizeof(*cloud));
	cloud = mmap(NULL, sizeof(*cloud), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(cloud != MAP_FAILED);
	clock_virtual_init(&cloud->clock, START_MS);
	rng_init(&cloud->rng, seed);
	cloud->generation = 1;
	cloud->limit = CLOUD_LIMIT;
}

static size_t used_bytes(const struct cloud *c)
{
	return offsetof(struct cloud, messages) + (size_t)c->message_count * sizeof(c->messages[0]);
}

struct cloud *cloud_keep(void)
{
	struct cloud *kept = malloc(used_bytes(cloud));

	CHECK(kept);
	memcpy(kept, cloud, used_bytes(cloud));
	return kept;
}

void cloud_restore(const struct cloud *kept)
{
	memcpy(cloud, kept, used_bytes(kept));
}

void cloud_drop(struct cloud *kept)
{
	free(kept);
}

/* Pieces of two to eight minutes, and of a few seconds now and then. */
void cloud_break_line(int64_t until_ms)
{
	int64_t ms = cloud->clock.mono;

	while (ms < until_ms && cloud->piece_count < CLOUD_PIECES) {
		bool is_short = rng_below(&cloud->rng, 4) == 0;
		int64_t up_ms = is_short ? 1000 + rng_below(&cloud->rng, 20 * SECOND_MS)
					 : 2 * MINUTE_MS + rng_below(&cloud->rng, 6 * MINUTE_MS);
		int64_t down_ms = 9 * up_ms / 2 + rng_below(&cloud->rng, 9 * up_ms);

		ms += down_ms;
		cloud->up_ms[cloud->piece_count] = ms;
		ms += up_ms;
		cloud->down_ms[cloud->piece_count++] = ms;
	}
}

int64_t cloud_now_ms(void)
{
	return cloud->clock.wall - cloud->ahead_ms;
}

void cloud_jump(int64_t by_ms)
{
	cloud->clock.wall += by_ms;
	cloud->ahead_ms += by_ms;
}

bool cloud_is_up(void)
{
	int64_t ms = cloud->clock.mono;

	if (!cloud->piece_count || ms >= cloud->down_ms[cloud->piece_count - 1])
		return true;
	for (int i = 0; i < cloud->piece_count; i++) {
		if (ms < cloud->down_ms[i])
			return ms >= cloud->up_ms[i];
	}
	return true;
}

void cloud_point(void)
{
	cloud->points++;
	if (cloud->points < CLOUD_POINTS) {
		cloud->commits_at[cloud->points] = cloud->commits;
		cloud->acts_at[cloud->points] = cloud->acts;
	}
	if (cloud->points == cloud->crash_at)
		_exit(DIES);
}

static struct cloud_message *message_new(const char *peer, const char *text)
{
	struct cloud_message *m = &cloud->messages[cloud->message_count];

	CHECK(cloud->message_count < CLOUD_MESSAGES);
	CHECK(strlen(text) < sizeof(m->text));
	*m = (struct cloud_message){.at_ms = cloud_now_ms()};
	CHECK(!str_copy(m->peer, sizeof(m->peer), peer));
	CHECK(!str_copy(m->text, sizeof(m->text), text));
	cloud->message_count++;
	return m;
}

void cloud_write(const char *user, const char *text)
{
	message_new(user, text);
}

static json_t *envelope(int error, json_t *data)
{
	json_t *json = json_pack("{s:i, s:s}", "error", error, "message", error ? "no" : "Success");

	if (data)
		json_object_set_new(json, "data", data);
	return json;
}

static int upload_error(const json_t *attachment)
{
	json_t *payload = json_object_get(attachment, "payload");
	const char *handle = json_string_value(json_object_get(payload, "token"));
	int64_t n;

	if (!handle)
		handle = json_string_value(json_object_get(
			json_array_get(json_object_get(payload, "elements"), 0), "attachment_id"));
	if (!handle || str_to_int64(handle, 0, cloud->upload_count - 1, &n))
		return -201;
	return cloud_now_ms() - cloud->upload_ms[n] < HANDLE_MS ? 0 : -100;
}

static json_t *take_message(json_t *body, bool *ret_acted)
{
	json_t *recipient = json_object_get(body, "recipient");
	json_t *message = json_object_get(body, "message");
	json_t *attachment = json_object_get(message, "attachment");
	const char *user = json_string_value(json_object_get(recipient, "user_id"));
	const char *group = json_string_value(json_object_get(recipient, "group_id"));
	const char *text = json_string_value(json_object_get(message, "text"));
	struct cloud_message *m;
	char id[32];

	if ((!user && !group) || (!text && !attachment))
		return envelope(-201, NULL);
	if (attachment && upload_error(attachment))
		return envelope(upload_error(attachment), NULL);
	m = message_new(user ? user : group, text ? text : "");
	m->is_ours = true;
	m->is_group = group != NULL;
	m->has_attachment = attachment != NULL;
	*ret_acted = true;
	snprintf(id, sizeof(id), "m%06d", cloud->message_count - 1);
	return envelope(0, json_pack("{s:s}", "message_id", id));
}

static json_t *row_of(int i)
{
	const struct cloud_message *m = &cloud->messages[i];
	const char *other = m->is_group ? "member" : m->peer;
	char id[32];

	snprintf(id, sizeof(id), "m%06d", i);
	return json_pack("{s:i, s:I, s:s, s:s, s:s, s:s, s:s}", "src", m->is_ours ? 0 : 1, "time",
		(json_int_t)m->at_ms, "type", m->has_attachment ? "photo" : "text", "message_id",
		id, "from_id", m->is_ours ? "oa" : other, "to_id", m->is_ours ? other : "oa",
		m->has_attachment ? "description" : "message", m->text);
}

static json_t *list(const char *peer, bool is_group, int64_t offset, int64_t count)
{
	json_t *rows = json_array();
	int64_t seen = 0;

	for (int i = cloud->message_count - 1; i >= 0 && seen < offset + count; i--) {
		const struct cloud_message *m = &cloud->messages[i];

		if (m->is_group != is_group || (peer && strcmp(peer, m->peer) != 0))
			continue;
		if (seen++ >= offset)
			json_array_append_new(rows, row_of(i));
	}
	return envelope(0, rows);
}

static void decode(const char *text, char *out, size_t out_bytes)
{
	size_t len = 0;

	for (; *text && *text != '&' && len + 1 < out_bytes; text++) {
		unsigned byte = (unsigned char)*text;

		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1)
			text += 2;
		out[len++] = (char)byte;
	}
	out[len] = 0;
}

static int64_t number_of(const char *url, const char *name, int64_t otherwise)
{
	const char *at = strstr(url, name);

	return at ? strtoll(at + strlen(name), NULL, 10) : otherwise;
}

static json_t *answer_list(const char *url)
{
	const char *at = strstr(url, "data="), *group = strstr(url, "group_id=");
	char query[512] = "{}", peer[64] = "";
	json_t *data, *answer;

	if (strstr(url, "/group/")) {
		if (group)
			decode(group + 9, peer, sizeof(peer));
		return list(peer[0] ? peer : NULL, true, number_of(url, "offset=", 0),
			number_of(url, "count=", 10));
	}
	if (at)
		decode(at + 5, query, sizeof(query));
	data = json_loads(query, 0, NULL);
	answer = list(json_string_value(json_object_get(data, "user_id")), false,
		json_integer_value(json_object_get(data, "offset")),
		json_integer_value(json_object_get(data, "count")));
	json_decref(data);
	return answer;
}

static json_t *answer_token(bool *ret_acted)
{
	char access[32], refresh[32];

	cloud->generation++;
	*ret_acted = true;
	snprintf(access, sizeof(access), "access-%d", cloud->generation);
	snprintf(refresh, sizeof(refresh), "refresh-%d", cloud->generation);
	return json_pack("{s:s, s:s, s:s}", "access_token", access, "refresh_token", refresh,
		"expires_in", "90000");
}

static json_t *answer(const char *url, const char *body, size_t body_bytes, bool *ret_acted)
{
	json_t *json, *reply;
	char handle[16];

	int error;

	if (strstr(url, "/oa/access_token"))
		return answer_token(ret_acted);
	json = body_bytes ? json_loadb(body, body_bytes, 0, NULL) : NULL;
	if (cloud_group_call(url, json, &error, &reply, ret_acted)) {
		json_decref(json);
		return envelope(error, reply);
	}
	json_decref(json);
	if (strstr(url, "/upload/")) {
		CHECK(cloud->upload_count < CLOUD_UPLOADS);
		cloud->upload_ms[cloud->upload_count] = cloud_now_ms();
		snprintf(handle, sizeof(handle), "%d", cloud->upload_count++);
		*ret_acted = true;
		return envelope(
			0, json_pack("{s:s, s:s}", "attachment_id", handle, "token", handle));
	}
	if (strstr(url, "recentchat") || strstr(url, "conversation"))
		return answer_list(url);
	json = json_loadb(body, body_bytes, 0, NULL);
	if (strstr(url, "/quota/message"))
		reply = envelope(0, json_pack("{s:s}", "last_interaction", "0"));
	else if (strstr(url, "/message/cs") || strstr(url, "/group/message"))
		reply = take_message(json, ret_acted);
	else
		reply = envelope(404, NULL);
	json_decref(json);
	return reply;
}

void cloud_call(const char *url, const char *body, size_t body_bytes, struct cloud_reply *ret_reply)
{
	int64_t minute = cloud_now_ms() / MINUTE_MS;
	bool is_free = strstr(url, "access_token") != NULL;

	*ret_reply = (struct cloud_reply){.status = 200, .limit = cloud->limit};
	cloud->calls++;
	cloud->reads += strstr(url, "recentchat") != NULL;
	if (minute != cloud->minute)
		cloud->used = 0;
	cloud->minute = minute;
	if (!is_free && cloud->used >= cloud->limit) {
		cloud->refused++;
		ret_reply->json = envelope(-32, NULL);
		return;
	}
	cloud->used += !is_free;
	ret_reply->remain = cloud->limit - cloud->used;
	ret_reply->json = answer(url, body, body_bytes, &ret_reply->has_acted);
	cloud->acts += ret_reply->has_acted;
}
