/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channels zalo_user (POST /v3.0/oa/message/cs: whoever wrote within 7 days) and zalo_group
 * (POST /v3.0/oa/group/message: no window). A send ends by the API's answer, or without one: surely
 * not sent while no byte of the body had left, in doubt otherwise.
 *
 * The channels have room while there is a usable token, the service was not found away, and the
 * rate allows. A group gets one message at a time, so that they keep their order.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"

#include <inttypes.h>
#include <string.h>

#define HOLD_MS	   (70 * SECOND_MS) /* a minute, and within the claim with the call itself */
#define STOPPED_MS (10 * MINUTE_MS) /* as long as zalo_codes holds the message back */

struct zalo_send {
	struct zalo_channel *channel;
	struct send *req;
	struct zalo_call call;
	int64_t started_ms; /* monotonic */
	bool is_held;	    /* waits for the rate; the claim was spent on it already */
	bool is_over;	    /* `outcome` waits for the next tick to be told */
	struct send_outcome outcome;
	struct zalo_send *next;
};

/* Tells how it went; the send is no longer in its channel's list. */
static void send_end(struct zalo_send *s, const struct send_outcome *outcome)
{
	struct zalo_channel *c = s->channel;
	struct zalo *z = c->zalo;
	struct send *req = s->req;
	struct send_outcome told = *outcome;
	char tail[LOG_TAIL_BYTES];

	told.via = z->config->oa_id;
	if (outcome->result == SEND_IN_DOUBT)
		zalo_settle_soon(z);
	log_info("zalo_send", "id=%" PRId64 " channel=%s to=%s result=%s error=%s ms=%" PRId64,
		req->outbox_id, channel_kind_text(c->channel.kind), log_tail(req->address, tail),
		outcome->result == SEND_SENT	  ? "sent"
		: outcome->result == SEND_RETRY	  ? "retry"
		: outcome->result == SEND_REFUSED ? "refused"
						  : "in_doubt",
		err_name(outcome->err), zalo_mono(z) - s->started_ms);
	zalo_call_free(&s->call);
	free(s);
	zalo_gate_ended(c, req);
	zalo_channels_update(z);
	req->done(req, &told);
}

static void send_finish(struct zalo_send *s, const struct send_outcome *outcome)
{
	struct zalo_send **at = &s->channel->sends;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	send_end(s, outcome);
}

/* For an end that must not be told from within send() or cancel(). */
static void send_finish_later(struct zalo_send *s, enum send_result result, enum err err)
{
	s->outcome = (struct send_outcome){.result = result, .err = err};
	s->is_over = true;
	s->is_held = false;
	zalo_wake(s->channel->zalo);
}

static void send_replied(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo_send *s = container_of(call, struct zalo_send, call);
	struct zalo_channel *c = s->channel;
	char message_id[ZALO_MESSAGE_ID];
	struct send_outcome outcome;

	if (answer->is_cancelled) {
		send_finish_later(s, answer->may_have_left ? SEND_IN_DOUBT : SEND_RETRY,
			answer->may_have_left ? ERR_IN_DOUBT : ERR_TIMEOUT);
		return;
	}
	zalo_send_classify(answer, s->req->attempt, zalo_wall(c->zalo), message_id,
		sizeof(message_id), &outcome);
	if (answer->is_envelope && zalo_code(answer->code)->action == ZALO_STOP) {
		c->stopped_ms = zalo_mono(c->zalo) + STOPPED_MS;
		log_error("zalo_send", "channel=%s code=%" PRId64 " why=\"%s\"",
			channel_kind_text(c->channel.kind), answer->code, zalo_answer_text(answer));
	}
	send_finish(s, &outcome);
}

static enum err send_start(struct zalo_send *s)
{
	struct zalo_channel *c = s->channel;
	bool is_group = c->channel.kind == CHANNEL_ZALO_GROUP;
	struct buf text;
	enum err err;

	buf_init(&text, 2 * OUTBOX_BODY_MAX);
	err = zalo_text_prepare(c->channel.kind, s->req->text, &text);
	if (err == ERR_TOO_BIG || err == ERR_INVALID) {
		buf_wipe(&text);
		send_finish_later(s, SEND_REFUSED, err);
		return ERR_OK;
	}
	if (!err)
		err = zalo_call_path(
			&s->call, is_group ? "/v3.0/oa/group/message" : "/v3.0/oa/message/cs");
	if (!err)
		err = zalo_text_body(
			c->channel.kind, s->req->address, buf_text(&text), &s->call.body);
	if (!err)
		err = zalo_call_start(&s->call);
	/* Several were handed over for the last room there was. */
	s->is_held = err == ERR_RATE;
	buf_wipe(&text);
	return s->is_held ? ERR_OK : err;
}

static void held_tick(struct zalo_send *s)
{
	enum err err = zalo_call_start(&s->call);

	s->is_held = err == ERR_RATE && zalo_mono(s->channel->zalo) < s->started_ms + HOLD_MS;
	if (err && !s->is_held)
		send_finish(s, &(struct send_outcome){.result = SEND_RETRY, .err = err});
}

static int channel_send(struct channel *channel, struct send *req)
{
	struct zalo_channel *c = container_of(channel, struct zalo_channel, channel);
	struct zalo_send *s;
	enum err err;

	zalo_gate_handed(c->zalo);
	s = c->is_closed ? NULL : calloc(1, sizeof(*s));
	if (!s) {
		zalo_gate_ended(c, req);
		return c->is_closed ? ERR_STATE : ERR_NOMEM;
	}
	s->channel = c;
	s->req = req;
	s->started_ms = zalo_mono(c->zalo);
	s->outcome = (struct send_outcome){.result = SEND_RETRY, .err = ERR_STATE};
	zalo_call_init(&s->call, c->zalo, zalo_gate_use(req), send_replied);
	req->channel_data = s;
	s->next = c->sends;
	c->sends = s;
	err = send_start(s);
	if (err) {
		c->sends = s->next;
		zalo_call_free(&s->call);
		free(s);
		zalo_gate_ended(c, req);
	}
	return (int)err;
}

static void channel_cancel(struct channel *channel, struct send *req)
{
	struct zalo_send *s = req->channel_data;

	(void)channel;
	if (s->is_held)
		send_finish_later(s, SEND_RETRY, ERR_RATE);
	else if (!s->is_over)
		zalo_call_cancel(&s->call);
}

static void channel_end(struct zalo_channel *c)
{
	struct zalo_send *s;

	c->is_closed = true;
	for (s = c->sends; s; s = s->next) {
		if (!s->is_over)
			zalo_call_cancel(&s->call);
	}
	while ((s = c->sends)) {
		c->sends = s->next;
		send_end(s, &s->outcome);
	}
}

static void channel_close(struct channel *channel, channel_close_cb cb)
{
	struct zalo_channel *c = container_of(channel, struct zalo_channel, channel);

	channel->close_cb = cb;
	c->wants_close_cb = cb != NULL;
	channel_end(c);
	zalo_wake(c->zalo);
}

static const struct channel_ops ops = {channel_send, channel_cancel, channel_close};

static void tell_closed(struct zalo_channel *c)
{
	if (!c->wants_close_cb)
		return;
	c->wants_close_cb = false;
	c->channel.close_cb(&c->channel);
}

int64_t zalo_send_tick(struct zalo *z)
{
	struct zalo_channel *channels[] = {&z->user, &z->group};
	int64_t mono = zalo_mono(z), due_ms = INT64_MAX;

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		struct zalo_channel *c = channels[i];
		struct zalo_send *next;

		for (struct zalo_send *s = c->sends; s; s = next) {
			next = s->next;
			if (s->is_over)
				send_finish(s, &s->outcome);
			else if (s->is_held)
				held_tick(s);
		}
		tell_closed(c);
		if (c->stopped_ms > mono)
			due_ms = zalo_sooner(due_ms, c->stopped_ms);
	}
	due_ms = zalo_sooner(due_ms, zalo_gate_tick(z));
	return due_ms;
}

static void channel_init(struct zalo *z, struct zalo_channel *c, enum channel_kind kind)
{
	*c = (struct zalo_channel){.zalo = z};
	c->channel.ops = &ops;
	c->channel.gate = &zalo_gate;
	c->channel.kind = kind;
	c->channel.is_reachable = true; /* not known otherwise until the first poll */
}

void zalo_send_open(struct zalo *z)
{
	channel_init(z, &z->user, CHANNEL_ZALO_USER);
	channel_init(z, &z->group, CHANNEL_ZALO_GROUP);
}

void zalo_send_close(struct zalo *z)
{
	channel_end(&z->user);
	channel_end(&z->group);
	tell_closed(&z->user);
	tell_closed(&z->group);
}
