/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other way in, where the box can be reached: Zalo brings each message once more than the poll
 * finds it, and sooner. The call is answered when its row is committed; what came before is safe
 * already.
 */
#include "daemon/relay/zalo_private.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/group.h"
#include "daemon/relay/zalo_event.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

/* Zalo gives up after 1 h 50 min; what is older was recorded and is played again. */
#define OLDEST_MS (4 * HOUR_MS)
#define AHEAD_MS  (15 * MINUTE_MS)

static enum err take_message(struct zalo *z, const struct zalo_event *event, const json_t *json)
{
	struct zalo_content content;

	zalo_content_of_event(event->message, event->type, &content);
	return zalo_take(z, &(struct zalo_message){.message_id = event->message_id,
				    .quoted_id = event->quoted_id,
				    .from_id = event->from_id,
				    .group_id = event->group_id,
				    .is_anonymous = event->is_anonymous,
				    .time_ms = event->time_ms,
				    .content = &content,
				    .json = json});
}

/* A duty of the law with a date, so a person is told at once; who it is stands sealed in the
 * inbox. */
static enum err take_withdrawal(
	struct zalo *z, const struct zalo_event *event, const char *body, size_t len)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct party party;
	char external_id[128];
	int64_t id;
	enum err err = event->from_id[0]
			       ? party_get(z->store, PARTY_ZALO_USER, event->from_id, &party)
			       : ERR_INVALID;

	if (err)
		return err;
	snprintf(external_id, sizeof(external_id), "withdraw-%s-%" PRId64, event->from_id,
		event->time_ms);
	err = inbox_add(z->store,
		&(struct inbox_new){.channel = "zalo_user",
			.external_id = external_id,
			.kind = INBOX_KIND_OTHER,
			.party_id = party.id,
			.received_ms = zalo_wall(z),
			.sent_ms = event->time_ms,
			.body = body,
			.body_bytes = len},
		&id);
	if (err == ERR_EXISTS)
		return ERR_OK;
	if (!err)
		err = inbox_move(z->store, id, INBOX_IGNORED, 0, "withdrawal");
	if (!err)
		err = event_add(z->store, "zalo.withdraw", "", "system", "{}");
	return err ? err : desk_alarm(z->desk, "zalo_withdraw", none);
}

static enum err check(struct zalo *z, const struct zalo_event *event,
	const struct zalo_webhook_call *call, struct errbuf *eb)
{
	int64_t age_ms = zalo_wall(z) + z->skew_ms - event->time_ms;

	if (!zalo_event_is_signed(
		    event, call->body, call->bytes, z->auth.secrets->oa_secret, call->signature))
		return errbuf_set(eb, ERR_DENIED,
			"the signature is not that of zalo.oa_secret, the secret key of the Official "
			"Account (not of the application)");
	if (!str_eq(event->app_id, z->config->app_id) ||
		(event->oa_id[0] && !str_eq(event->oa_id, z->config->oa_id)))
		return errbuf_set(eb, ERR_DENIED, "this is about another account");
	if (age_ms > OLDEST_MS || age_ms < -AHEAD_MS)
		return errbuf_set(eb, ERR_DENIED,
			"the call is too old, or the clock of this machine is wrong");
	return ERR_OK;
}

static enum err take(
	struct zalo *z, const struct zalo_webhook_call *call, const json_t *json, struct errbuf *eb)
{
	struct zalo_event event;
	enum err err = zalo_event_parse(json, &event);

	if (err)
		return errbuf_set(eb, err, "this is no event of Zalo");
	err = check(z, &event, call, eb);
	if (err)
		return err;
	z->webhook.last_ms = zalo_wall(z);
	switch (event.kind) {
	case ZALO_EVENT_MESSAGE:
		return take_message(z, &event, json);
	case ZALO_EVENT_WITHDRAW:
		return take_withdrawal(z, &event, call->body, call->bytes);
	case ZALO_EVENT_ARRIVED:
		return zalo_receipt(z, &event);
	case ZALO_EVENT_CONTACT:
		return zalo_window_heard(z, event.from_id, event.time_ms);
	case ZALO_EVENT_JOIN:
		err = desk_group_asked(z->desk, event.group_id);
		zalo_soon(z);
		return err;
	case ZALO_EVENT_GROUP:
		err = desk_group_changed(z->desk, event.group_id);
		zalo_soon(z);
		return err;
	case ZALO_EVENT_OTHER:
		break;
	}
	return ERR_OK;
}

enum err zalo_webhook(struct zalo *z, const struct zalo_webhook_call *call, struct errbuf *eb)
{
	json_t *json = NULL;
	enum err err;

	/* The secret is shown only after the address was saved, and that is tried by a call. */
	if (!z->auth.secrets->oa_secret[0]) {
		if (!z->webhook.unsigned_calls++)
			log_warn("zalo_webhook", "secret=missing calls=dropped");
		return ERR_OK;
	}
	err = zalo_json_load(call->body, call->bytes, &json);
	if (err)
		return errbuf_set(eb, ERR_INVALID, "the body is not JSON");
	err = take(z, call, json, eb);
	json_decref(json);
	if (err)
		log_warn("zalo_webhook", "error=%s", err_name(err));
	return err;
}

json_t *zalo_webhook_status(const struct zalo *z)
{
	if (!z->config->webhook_port)
		return json_null();
	return json_pack("{s:b,s:I,s:I}", "has_secret", z->auth.secrets->oa_secret[0] != 0,
		"last_call", (json_int_t)z->webhook.last_ms, "dropped",
		(json_int_t)z->webhook.unsigned_calls);
}
