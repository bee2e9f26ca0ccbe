/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three channels as the dispatcher sees them, and the sends that each has under way
 * (zalo_send.h).
 */
#include "daemon/relay/zalo_send.h"

#define STALE_MS (3 * SECOND_MS) /* after that its answer is late, or will never come */

static int channel_send(struct channel *channel, struct send *req)
{
	struct zalo_channel *c = container_of(channel, struct zalo_channel, channel);
	struct zalo_send *s;
	enum err err;

	zalo_gate_handed(c->zalo);
	s = c->is_closed ? NULL : zalo_send_new(c, req);
	if (!s) {
		zalo_gate_ended(c, req);
		return c->is_closed ? ERR_STATE : ERR_NOMEM;
	}
	req->channel_data = s;
	s->next = c->sends;
	c->sends = s;
	err = zalo_send_go_on(s);
	if (err) {
		c->sends = s->next;
		zalo_send_free(s);
		zalo_gate_ended(c, req);
	}
	return (int)err;
}

static void channel_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	zalo_send_cancel(req->channel_data);
}

static void channel_end(struct zalo_channel *c)
{
	struct zalo_send *s;

	c->is_closed = true;
	for (s = c->sends; s; s = s->next) {
		if (zalo_call_is_active(&s->call))
			zalo_call_cancel(&s->call);
	}
	while ((s = c->sends)) {
		c->sends = s->next;
		zalo_send_end(s, &s->outcome);
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
	struct zalo_channel *channels[] = {&z->user, &z->group, &z->zns};
	int64_t mono = zalo_mono(z), due_ms = INT64_MAX;

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		struct zalo_channel *c = channels[i];
		struct zalo_send *next;

		for (struct zalo_send *s = c->sends; s; s = next) {
			next = s->next;
			zalo_send_step(s);
		}
		for (struct zalo_send *s = c->sends; s; s = s->next)
			due_ms = zalo_sooner(due_ms, zalo_send_due_ms(s));
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
	channel_init(z, &z->zns, CHANNEL_ZNS);
}

void zalo_send_close(struct zalo *z)
{
	channel_end(&z->user);
	channel_end(&z->group);
	channel_end(&z->zns);
	tell_closed(&z->user);
	tell_closed(&z->group);
	tell_closed(&z->zns);
}

/* ---- what the other parts ask ----------------------------------------------------------------
 */

bool zalo_send_is_quiet(const struct zalo *z)
{
	if (z->admitted)
		return false;
	for (const struct zalo_send *s = z->user.sends; s; s = s->next) {
		if (s->phase != PHASE_OVER && s->phase != PHASE_HELD &&
			zalo_mono(z) - s->started_ms < STALE_MS)
			return false;
	}
	return true;
}

void zalo_send_uploaded(struct zalo *z, int64_t enclosure_id, const struct send_outcome *outcome)
{
	struct zalo_channel *channels[] = {&z->user, &z->group, &z->zns};

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		for (struct zalo_send *s = channels[i]->sends; s; s = s->next) {
			if (s->phase != PHASE_UPLOAD)
				continue;
			if (s->req->enclosure_id == enclosure_id && outcome->result != SEND_SENT)
				zalo_send_finish_later(s, outcome);
			else
				s->phase = PHASE_HELD;
			s->held_ms = zalo_mono(z);
		}
	}
	zalo_wake(z);
}

bool zalo_send_is_flying(const struct zalo *z, int64_t party_id)
{
	const struct zalo_channel *channels[] = {&z->user, &z->group, &z->zns};

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		for (const struct zalo_send *s = channels[i]->sends; s; s = s->next) {
			if (s->req->party_id == party_id)
				return true;
		}
	}
	return false;
}
