/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * POST /control/do. Unknown keys are refused, so that a typing error in a test is seen.
 *
 *   down {mode: refuse|reset|blackhole}   up
 *   lost_answer error http_500 slow garbage   a fault for the next `count` calls (-1 = until
 *                                         `clear`) whose path contains `path`; keys: count, path,
 *                                         error, status, ms, acted, late, reset, body
 *   clear                                 forgets all faults
 *   revoke_access expire_access spend_refresh consent
 *   lifetime {access_s, refresh_s?}       of pairs handed out from now on
 *   account {oa_id?, verified?, oa_type?, package?, until?, wallet?, quota_total?, quota_remain?}
 *   grace {ms}                            a spent refresh token works so long
 *   clock {ms}                            moves the clock of Zalo onward
 *   age {user, ms}                        the user's last interaction was that much earlier
 *   user {user, name?, error?, last_ms?, phone?}  known user; what sends to him answer; when he
 * last wrote group {group, name?, disabled?}       a group of ours phone {phone, error} what a
 * template message to it answers, 0 = goes through zns_delivered                         every
 * template message has reached its phone handles {ms}                          uploads from now on
 * are known that long rate_limit {n}   shift {count}   option {name, on} remove {message_id} as if
 * its writer had taken it back: the list closes up media …                               media.h
 *   webhook … webhook_raw …               webhook.h
 */
#include "tests/sim/zalo/control.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>

#define WRONG_KEYS "a key is unknown, missing or of the wrong type"
#define CLOCK_MAX  (3650 * DAY_MS) /* a test moves by days; sums stay far from overflow */

typedef const char *do_function(struct server *server, json_t *json);

static const char *do_down(struct server *server, json_t *json)
{
	static const enum server_mode modes[] = {SERVER_REFUSE, SERVER_RESET, SERVER_BLACKHOLE};
	const char *what, *mode = "refuse";

	if (json_unpack(json, "{s:s, s?s !}", "what", &what, "mode", &mode))
		return WRONG_KEYS;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		if (str_eq(mode, server_mode_name(modes[i])))
			return server_set_mode(server, modes[i], NULL) ? "cannot listen" : NULL;
	}
	return "mode is refuse, reset or blackhole";
}

static const char *do_up(struct server *server, json_t *json)
{
	(void)json;
	return server_set_mode(server, SERVER_UP, NULL) ? "cannot listen" : NULL;
}

/* What each kind means when nothing is said: an answer that is lost or late or unreadable belongs
 * to a call that was carried out, a refusal to one that was not. */
static const struct fault fault_defaults[] = {
	{.kind = FAULT_LOST_ANSWER, .count = 1, .has_acted = true},
	{.kind = FAULT_ERROR, .count = 1, .error = -200},
	{.kind = FAULT_HTTP, .count = 1, .status = 500},
	{.kind = FAULT_SLOW, .count = 1, .has_acted = true, .delay_ms = 1000},
	{.kind = FAULT_GARBAGE, .count = 1, .has_acted = true},
};

static const char *do_fault(struct server *server, json_t *json)
{
	struct fault fault = {0};
	const char *what, *path = "", *body = NULL;
	int acted, late = 0, reset = 0, status;
	json_int_t delay_ms;

	what = json_string_value(json_object_get(json, "what"));
	for (size_t i = 0; i < ARRAY_LEN(fault_defaults); i++) {
		if (str_eq(what, fault_name(fault_defaults[i].kind)))
			fault = fault_defaults[i];
	}
	acted = fault.has_acted;
	delay_ms = fault.delay_ms;
	status = (int)fault.status;
	if (json_unpack(json, "{s:s, s?s, s?i, s?i, s?i, s?I, s?b, s?b, s?b, s?s !}", "what", &what,
		    "path", &path, "count", &fault.count, "error", &fault.error, "status", &status,
		    "ms", &delay_ms, "acted", &acted, "late", &late, "reset", &reset, "body",
		    &body))
		return WRONG_KEYS;
	if (str_copy(fault.path, sizeof(fault.path), path) || delay_ms < 0 ||
		delay_ms > FAULT_DELAY_MAX || !fault.count ||
		(status && (status < 300 || status > 599)))
		return "path, ms, count or status is out of range";
	fault.has_acted = acted;
	fault.acts_late = late;
	fault.is_reset = reset;
	fault.delay_ms = delay_ms;
	fault.status = (unsigned)status;
	fault.body = str_dup(body);
	return fault_add(&server->faults, &fault) ? "too many faults are waiting" : NULL;
}

static const char *do_clear(struct server *server, json_t *json)
{
	(void)json;
	fault_clear(&server->faults);
	return NULL;
}

static const char *do_revoke_access(struct server *server, json_t *json)
{
	(void)json;
	server->world->tokens.is_access_revoked = true;
	return NULL;
}

static const char *do_expire_access(struct server *server, json_t *json)
{
	(void)json;
	server->world->tokens.access_expires_ms = 0;
	return NULL;
}

/* As if a second machine had refreshed with our token. */
static const char *do_spend_refresh(struct server *server, json_t *json)
{
	(void)json;
	server->world->tokens.is_refresh_spent = true;
	return NULL;
}

static const char *do_consent(struct server *server, json_t *json)
{
	(void)json;
	world_tokens_renew(server->world, false);
	return NULL;
}

static const char *do_lifetime(struct server *server, json_t *json)
{
	struct world_options *options = &server->world->options;
	json_int_t access_s, refresh_s = options->refresh_lifetime_s;
	const char *what;

	if (json_unpack(json, "{s:s, s:I, s?I !}", "what", &what, "access_s", &access_s,
		    "refresh_s", &refresh_s))
		return WRONG_KEYS;
	if (access_s < 0 || access_s > INT32_MAX || refresh_s < 0 || refresh_s > INT32_MAX)
		return "a lifetime is out of range";
	options->access_lifetime_s = access_s;
	options->refresh_lifetime_s = refresh_s;
	return NULL;
}

static const char *do_account(struct server *server, json_t *json)
{
	struct world_account account = {0};
	const char *what, *oa_id = "", *package = "", *until = "";
	json_int_t total = 0, remain = 0;
	int verified = 1, wallet = 0;

	if (json_unpack(json, "{s:s, s?s, s?b, s?i, s?s, s?s, s?b, s?I, s?I !}", "what", &what,
		    "oa_id", &oa_id, "verified", &verified, "oa_type", &account.oa_type, "package",
		    &package, "until", &until, "wallet", &wallet, "quota_total", &total,
		    "quota_remain", &remain))
		return WRONG_KEYS;
	if (str_copy(account.oa_id, sizeof(account.oa_id), oa_id) ||
		str_copy(account.package, sizeof(account.package), package) ||
		str_copy(account.package_until, sizeof(account.package_until), until))
		return "a text is too long";
	account.is_unverified = !verified;
	account.has_wallet = wallet;
	account.quota_total = total;
	account.quota_remain = remain;
	server->world->account = account;
	return NULL;
}

static const char *do_grace(struct server *server, json_t *json)
{
	const char *what;
	json_int_t ms;

	if (json_unpack(json, "{s:s, s:I !}", "what", &what, "ms", &ms))
		return WRONG_KEYS;
	if (ms < 0 || ms > INT32_MAX)
		return "ms is out of range";
	server->world->options.grace_ms = ms;
	return NULL;
}

static const char *do_clock(struct server *server, json_t *json)
{
	const char *what;
	json_int_t ms;

	if (json_unpack(json, "{s:s, s:I !}", "what", &what, "ms", &ms))
		return WRONG_KEYS;
	if (ms > CLOCK_MAX || ms < -CLOCK_MAX)
		return "ms is out of range";
	server->world->clock_offset_ms += ms;
	return NULL;
}

static const char *do_age(struct server *server, json_t *json)
{
	struct world_user *user;
	const char *what, *id;
	json_int_t ms;

	if (json_unpack(json, "{s:s, s:s, s:I !}", "what", &what, "user", &id, "ms", &ms))
		return WRONG_KEYS;
	user = world_user(server->world, id);
	if (!user || user->last_ms < 0)
		return "the user has never written";
	if (ms < 0 || ms > CLOCK_MAX)
		return "ms is out of range";
	user->last_ms = ms < user->last_ms ? user->last_ms - ms : 0;
	return NULL;
}

static const char *do_user(struct server *server, json_t *json)
{
	const char *what, *id, *name = NULL, *phone = NULL;
	struct world_user *user;
	json_int_t last_ms = -1;
	int error = 0;

	if (json_unpack(json, "{s:s, s:s, s?s, s?i, s?I, s?s !}", "what", &what, "user", &id,
		    "name", &name, "error", &error, "last_ms", &last_ms, "phone", &phone))
		return WRONG_KEYS;
	if (!control_is_id(id) || (name && strlen(name) >= WORLD_NAME_BYTES))
		return "user or name is no good";
	user = world_user_add(server->world, id, name);
	user->error = error;
	if (last_ms >= 0)
		user->last_ms = last_ms;
	if (phone && str_copy(user->phone, sizeof(user->phone), phone))
		return "phone is too long";
	return NULL;
}

static const char *do_group(struct server *server, json_t *json)
{
	const char *what, *id, *name = NULL;
	int is_disabled = 0;

	if (json_unpack(json, "{s:s, s:s, s?s, s?b !}", "what", &what, "group", &id, "name", &name,
		    "disabled", &is_disabled))
		return WRONG_KEYS;
	if (!control_is_id(id) || (name && strlen(name) >= WORLD_NAME_BYTES))
		return "group or name is no good";
	world_group_add(server->world, id, name)->is_disabled = is_disabled;
	return NULL;
}

static const char *do_phone(struct server *server, json_t *json)
{
	const char *what, *phone;
	json_int_t error;

	if (json_unpack(json, "{s:s, s:s, s:I !}", "what", &what, "phone", &phone, "error", &error))
		return WRONG_KEYS;
	if (error)
		json_object_set_new(server->world->zns_errors, phone, json_integer(error));
	else
		json_object_del(server->world->zns_errors, phone);
	return NULL;
}

static const char *do_zns_delivered(struct server *server, json_t *json)
{
	json_t *message;
	size_t i;

	(void)json;
	json_array_foreach (server->world->zns, i, message) {
		if (json_is_true(json_object_get(message, "is_delivered")))
			continue;
		json_object_set_new(message, "is_delivered", json_true());
		webhook_zns_arrived(server->webhook, message);
	}
	return NULL;
}

static const char *do_arrived(struct server *server, json_t *json)
{
	const struct world_message *message;
	const char *what, *id;
	int is_seen = 0;

	if (json_unpack(
		    json, "{s:s, s:s, s?b !}", "what", &what, "message_id", &id, "seen", &is_seen))
		return WRONG_KEYS;
	message = world_message(server->world, id);
	if (!message)
		return "no such message";
	webhook_arrived(server->webhook, message, is_seen);
	return NULL;
}

static const char *do_handles(struct server *server, json_t *json)
{
	const char *what;
	json_int_t ms;

	if (json_unpack(json, "{s:s, s:I !}", "what", &what, "ms", &ms) || ms < 0 || ms > CLOCK_MAX)
		return WRONG_KEYS;
	server->world->options.handle_ms = ms;
	return NULL;
}

static const char *do_rate_limit(struct server *server, json_t *json)
{
	const char *what;
	json_int_t n;

	if (json_unpack(json, "{s:s, s:I !}", "what", &what, "n", &n) || n < 0)
		return WRONG_KEYS;
	server->world->options.rate_limit = n;
	return NULL;
}

static const char *do_shift(struct server *server, json_t *json)
{
	json_int_t count = 1;
	const char *what;

	if (json_unpack(json, "{s:s, s?I !}", "what", &what, "count", &count))
		return WRONG_KEYS;
	server->world->shift_count = count;
	return NULL;
}

static const char *do_option(struct server *server, json_t *json)
{
	struct world_options *options = &server->world->options;
	const struct {
		const char *name;
		bool *value;
	} switches[] = {
		{"require-proof", &options->requires_proof},
		{"numeric-ids", &options->has_number_ids},
		{"old-access-lives", &options->old_access_lives},
		{"jumble", &options->is_jumbled},
		{"short-list", &options->is_short},
	};
	const char *what, *name;
	int is_on = 1;

	if (json_unpack(json, "{s:s, s:s, s?b !}", "what", &what, "name", &name, "on", &is_on))
		return WRONG_KEYS;
	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		if (str_eq(switches[i].name, name)) {
			*switches[i].value = is_on;
			return NULL;
		}
	}
	return "no such option";
}

static const char *do_remove(struct server *server, json_t *json)
{
	const char *what, *id;

	if (json_unpack(json, "{s:s, s:s !}", "what", &what, "message_id", &id))
		return WRONG_KEYS;
	return world_message_remove(server->world, id) ? NULL : "no such message";
}

static const char *do_media(struct server *server, json_t *json)
{
	return media_put(&server->media, server->world, json);
}

static const char *do_webhook(struct server *server, json_t *json)
{
	return webhook_set(server->webhook, json);
}

static const char *do_webhook_raw(struct server *server, json_t *json)
{
	return webhook_raw(server->webhook, json);
}

static const struct {
	const char *what;
	do_function *act;
} acts[] = {
	{"down", do_down},
	{"up", do_up},
	{"lost_answer", do_fault},
	{"error", do_fault},
	{"http_500", do_fault},
	{"slow", do_fault},
	{"garbage", do_fault},
	{"clear", do_clear},
	{"revoke_access", do_revoke_access},
	{"expire_access", do_expire_access},
	{"spend_refresh", do_spend_refresh},
	{"consent", do_consent},
	{"lifetime", do_lifetime},
	{"clock", do_clock},
	{"grace", do_grace},
	{"account", do_account},
	{"age", do_age},
	{"user", do_user},
	{"group", do_group},
	{"phone", do_phone},
	{"zns_delivered", do_zns_delivered},
	{"arrived", do_arrived},
	{"handles", do_handles},
	{"rate_limit", do_rate_limit},
	{"shift", do_shift},
	{"option", do_option},
	{"remove", do_remove},
	{"media", do_media},
	{"webhook", do_webhook},
	{"webhook_raw", do_webhook_raw},
};

void control_do(struct server *server, const struct call *call, struct reply *reply)
{
	json_t *json = json_loadb(call->body, call->body_len, JSON_REJECT_DUPLICATES, NULL);
	const char *what = json_string_value(json_object_get(json, "what"));
	const char *why = "\"what\" is unknown";

	for (size_t i = 0; what && i < ARRAY_LEN(acts); i++) {
		if (str_eq(acts[i].what, what)) {
			why = acts[i].act(server, json);
			break;
		}
	}
	server->world->is_dirty = true;
	if (why)
		control_refuse(reply, why);
	else if (str_eq(what, "consent"))
		control_show_token(server, reply);
	else
		control_answer(reply, json_pack("{s:b}", "ok", 1));
	json_decref(json);
}
