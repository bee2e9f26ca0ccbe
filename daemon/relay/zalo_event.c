/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_event.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "store/hmac.h"

#include <inttypes.h>
#include <string.h>

#define SIGNED_MAX (128 * 1024) /* a body of 64 KB and the rest */

static const char private_prefix[] = "user_send_";
static const char group_prefix[] = "user_send_group_";
static const char anonymous_prefix[] = "anonymous_send_";

static enum err read_time(const json_t *json, struct zalo_event *event)
{
	const json_t *value = json_object_get(json, "timestamp");
	enum err err = zalo_json_int(value, &event->time_ms);

	if (err)
		return err;
	if (json_is_string(value))
		return str_copy(
			event->timestamp, sizeof(event->timestamp), json_string_value(value));
	snprintf(event->timestamp, sizeof(event->timestamp), "%" PRId64, event->time_ms);
	return ERR_OK;
}

static void read_id(const json_t *json, const char *object, const char *key, char id[ZALO_ID_BYTES])
{
	const json_t *in = object ? json_object_get(json, object) : json;

	if (zalo_json_id(json_object_get(in, key), id, ZALO_ID_BYTES))
		id[0] = 0;
}

/* Whose account it is about stands in different places, and in some events nowhere. */
static void read_account(const json_t *json, const char *name, struct zalo_event *event)
{
	read_id(json, NULL, "oa_id", event->oa_id);
	if (event->oa_id[0])
		return;
	if (str_starts(name, "oa_"))
		read_id(json, "sender", "id", event->oa_id);
	else if (str_starts(name, private_prefix) || str_starts(name, anonymous_prefix))
		read_id(json, "recipient", "id", event->oa_id);
}

static enum err read_message(const json_t *json, const char *type, struct zalo_event *event)
{
	const json_t *message = json_object_get(json, "message");

	event->kind = ZALO_EVENT_MESSAGE;
	event->message = message;
	read_id(json, "sender", "id", event->from_id);
	if (!event->from_id[0] || !json_is_object(message) ||
		zalo_json_id(json_object_get(message, "msg_id"), event->message_id,
			sizeof(event->message_id)))
		return ERR_INVALID;
	/* One that is too long is none of ours. */
	if (zalo_json_id(json_object_get(message, "quote_msg_id"), event->quoted_id,
		    sizeof(event->quoted_id)))
		event->quoted_id[0] = 0;
	return str_copy(event->type, sizeof(event->type), type) ? ERR_INVALID : ERR_OK;
}

/* user_received_message names one message, user_seen_message several; those of the templates name
 * what was given with them as well. */
static void read_arrival(const json_t *json, struct zalo_event *event)
{
	const json_t *message = json_object_get(json, "message");

	if (!json_is_object(message))
		return;
	event->kind = ZALO_EVENT_ARRIVED;
	event->message = message;
	if (zalo_json_id(json_object_get(message, "msg_id"), event->message_id,
		    sizeof(event->message_id)))
		event->message_id[0] = 0;
	if (str_copy(event->tracking, sizeof(event->tracking),
		    zalo_json_text(message, "tracking_id")))
		event->tracking[0] = 0;
}

/* What counts as an interaction beside a message ("Tương tác với OA"), and where its user stands.
 */
static bool read_contact(const json_t *json, const char *name, struct zalo_event *event)
{
	static const struct {
		const char *name, *object, *key;
	} contacts[] = {
		{"follow", "follower", "id"},
		{"user_click_chatnow", NULL, "user_id"},
		{"user_submit_info", "sender", "id"},
	};

	for (size_t i = 0; i < ARRAY_LEN(contacts); i++) {
		if (!str_eq(name, contacts[i].name))
			continue;
		read_id(json, contacts[i].object, contacts[i].key, event->from_id);
		if (event->from_id[0])
			event->kind = ZALO_EVENT_CONTACT;
		return true;
	}
	return false;
}

/* Some have had other names. */
static bool read_group(const json_t *json, const char *name, struct zalo_event *event)
{
	static const char *const changes[] = {"user_join_group", "user_out_group",
		"accept_request_join_group", "reject_request_join_group",
		"react_request_join_group", "add_group_admin", "remove_group_admin",
		"update_group_info", "delete_group", "disperse_group", "create_group"};
	bool is_group = str_eq(name, "user_request_join_group");

	event->kind = is_group ? ZALO_EVENT_JOIN : event->kind;
	for (size_t i = 0; !is_group && i < ARRAY_LEN(changes); i++) {
		is_group = str_eq(name, changes[i]);
		event->kind = is_group ? ZALO_EVENT_GROUP : event->kind;
	}
	if (is_group)
		read_id(json, NULL, "group_id", event->group_id);
	return is_group;
}

enum err zalo_event_parse(const json_t *json, struct zalo_event *ret_event)
{
	struct zalo_event event = {.kind = ZALO_EVENT_OTHER};
	const char *name = zalo_json_text(json, "event_name");
	enum err err = name[0] ? read_time(json, &event) : ERR_INVALID;

	if (err)
		return ERR_INVALID;
	read_id(json, NULL, "app_id", event.app_id);
	if (!event.app_id[0])
		return ERR_INVALID;
	read_account(json, name, &event);
	if (str_starts(name, group_prefix)) {
		read_id(json, "recipient", "id", event.group_id);
		err = event.group_id[0] ? read_message(json, name + strlen(group_prefix), &event)
					: ERR_INVALID;
	} else if (str_starts(name, private_prefix)) {
		err = read_message(json, name + strlen(private_prefix), &event);
	} else if (str_starts(name, anonymous_prefix)) {
		event.is_anonymous = true;
		err = read_message(json, name + strlen(anonymous_prefix), &event);
	} else if (str_eq(name, "user_withdraw")) {
		event.kind = ZALO_EVENT_WITHDRAW;
		read_id(json, NULL, "user_id", event.from_id);
	} else if (str_eq(name, "user_received_message") || str_eq(name, "user_seen_message")) {
		read_id(json, "recipient", "id", event.to_id);
		read_arrival(json, &event);
	} else if (!read_group(json, name, &event)) {
		read_contact(json, name, &event);
	}
	if (!err)
		*ret_event = event;
	return err;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_mac(const char *text, uint8_t mac[SHA256_BYTES])
{
	if (str_starts(text, "mac="))
		text += 4;
	if (strlen(text) != 2 * SHA256_BYTES)
		return false;
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		mac[i] = (uint8_t)(high * 16 + low);
	}
	return true;
}

bool zalo_event_is_signed(const struct zalo_event *event, const char *body, size_t len,
	const char *secret, const char *signature)
{
	uint8_t given[SHA256_BYTES], right[SHA256_BYTES];
	struct buf all;
	enum err err;

	if (!signature || !read_mac(signature, given))
		return false;
	buf_init(&all, SIGNED_MAX);
	err = buf_adds(&all, event->app_id);
	if (!err)
		err = buf_add(&all, body, len);
	if (!err)
		err = buf_adds(&all, event->timestamp);
	if (!err)
		err = buf_adds(&all, secret);
	sha256(buf_text(&all), all.len, right);
	buf_wipe(&all);
	return !err && hmac_is_equal(given, right);
}
