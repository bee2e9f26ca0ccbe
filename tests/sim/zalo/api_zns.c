/* SPDX-License-Identifier: GPL-2.0-or-later */
/* business.openapi.zalo.me: template messages to phone numbers, and what became of them. */
#include "tests/sim/zalo/api.h"

#include "daemon/base/str.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define TRACKING_MAX 48

static bool is_phone(const char *phone)
{
	return phone && strlen(phone) == 11 && strncmp(phone, "84", 2) == 0 &&
	       strspn(phone, "0123456789") == 11;
}

static bool is_tracking(const char *id)
{
	if (!id || !*id || strlen(id) > TRACKING_MAX)
		return false;
	for (; *id; id++) {
		if (!isalnum((unsigned char)*id))
			return false;
	}
	return true;
}

static int template_check(struct world *world, const json_t *body)
{
	const char *phone = json_string_value(json_object_get(body, "phone"));
	const json_t *data = json_object_get(body, "template_data");
	const json_t *error = phone ? json_object_get(world->zns_errors, phone) : NULL;

	if (!is_phone(phone))
		return -108;
	if (!json_is_string(json_object_get(body, "template_id")))
		return -109;
	if (!json_is_object(data))
		return -111;
	if (!json_object_size(data))
		return -1122;
	if (!is_tracking(json_string_value(json_object_get(body, "tracking_id"))))
		return -122;
	if (error)
		return (int)json_integer_value(error);
	return world->options.zns_quota > world->zns_count ? 0 : -144;
}

void api_zns_send(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = json_loadb(call->body, call->body_len, 0, NULL), *message;
	char id[32], sent[24], remaining[24], daily[24];
	int error = body ? template_check(world, body) : -122;

	if (error) {
		api_fail(reply, error);
		json_decref(body);
		return;
	}
	world->zns_count++;
	snprintf(id, sizeof(id), "zns%08" PRIx64, rng_next(&world->rng) & UINT64_C(0xffffffff));
	message = json_pack("{s:s, s:I, s:b}", "msg_id", id, "at_ms",
		(json_int_t)world_now_ms(world), "is_delivered", 0);
	MUST_HAVE(message);
	json_object_update(message, body);
	json_array_append_new(world->zns, message);
	reply->has_acted = true;
	snprintf(sent, sizeof(sent), "%" PRId64, world_now_ms(world));
	snprintf(daily, sizeof(daily), "%" PRId64, world->options.zns_quota);
	snprintf(remaining, sizeof(remaining), "%" PRId64,
		world->options.zns_quota - world->zns_count);
	api_answer(reply, json_pack("{s:s, s:s, s:s, s:{s:s, s:s}}", "msg_id", id, "sent_time",
				  sent, "sending_mode", "1", "quota", "dailyQuota", daily,
				  "remainingQuota", remaining));
	json_decref(body);
}

void api_zns_status(struct world *world, const struct call *call, struct reply *reply)
{
	const char *id = call_query(call, "message_id");
	int status = -1;
	size_t i;
	json_t *message;

	json_array_foreach (world->zns, i, message) {
		if (str_eq(id, json_string_value(json_object_get(message, "msg_id"))))
			status = json_is_true(json_object_get(message, "is_delivered"));
	}
	api_answer(reply, json_pack("{s:i, s:s, s:s}", "status", status, "message",
				  status > 0 ? "The message is delivered to the user" : "",
				  "delivery_time", status > 0 ? "12:00:00 01/01/2026" : ""));
}
