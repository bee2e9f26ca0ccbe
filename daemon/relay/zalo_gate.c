/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much the two channels may send now. A bulletin is let through only as the minute's calls are
 * spread (zalo_rate.h), and always leaves one send free for an alarm or an answer, which need not
 * wait for anything but the last calls of the minute. Over HTTP/2 many sends share a connection;
 * otherwise there are no more of them than connections.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"

#define USER_SENDS   4 /* the connections there are */
#define GROUP_SENDS  2
#define SHARED_SENDS 16 /* over HTTP/2; servers allow 100 streams and more */

static bool is_bulk(const struct send *req)
{
	return req->lane > LANE_ANSWER;
}

enum zalo_use zalo_gate_use(const struct send *req)
{
	return is_bulk(req) ? ZALO_USE_SEND : ZALO_USE_ALARM;
}

static unsigned most_sends(const struct zalo_channel *c)
{
	if (c->zalo->is_shared)
		return SHARED_SENDS;
	return c->channel.kind == CHANNEL_ZALO_GROUP ? GROUP_SENDS : USER_SENDS;
}

/* The poll is about to count what was sent to users, and wakes the dispatcher when it has. */
static bool is_hushed(const struct zalo_channel *c, const struct send *req)
{
	return c->zalo->is_hushed && c->channel.kind == CHANNEL_ZALO_USER && is_bulk(req);
}

static enum err admit(struct channel *channel, struct send *req, struct gate_answer *ret_answer)
{
	struct zalo_channel *c = container_of(channel, struct zalo_channel, channel);
	struct zalo *z = c->zalo;
	int room = zalo_rate_room(&z->rate, zalo_wall(z), zalo_gate_use(req)) - z->admitted;

	ret_answer->result = GATE_BUSY;
	if (room <= 0 && !z->is_rate_awaited) {
		z->is_rate_awaited = true;
		zalo_wake(z);
	}
	if (room <= 0 || (is_bulk(req) && c->bulk + 1 >= most_sends(c)) || is_hushed(c, req))
		return ERR_OK;
	z->admitted++;
	c->bulk += is_bulk(req);
	ret_answer->result = GATE_GO;
	return ERR_OK;
}

static void withdraw(struct channel *channel, struct send *req)
{
	struct zalo_channel *c = container_of(channel, struct zalo_channel, channel);

	zalo_gate_handed(c->zalo);
	zalo_gate_ended(c, req);
}

static int64_t room(struct channel *channel, enum lane lane, int64_t until_ms)
{
	struct zalo *z = container_of(channel, struct zalo_channel, channel)->zalo;
	int64_t minutes = (until_ms - zalo_wall(z)) / MINUTE_MS;

	(void)lane;
	return minutes < 0 ? 0 : (minutes + 1) * z->rate.limit;
}

const struct channel_gate zalo_gate = {admit, withdraw, room};

void zalo_gate_handed(struct zalo *z)
{
	CHECK(z->admitted > 0);
	z->admitted--;
}

void zalo_gate_ended(struct zalo_channel *c, const struct send *req)
{
	c->bulk -= is_bulk(req);
	if (c->zalo->is_hushed)
		zalo_wake(c->zalo);
}

static bool channel_update(struct zalo_channel *c)
{
	struct zalo *z = c->zalo;
	bool is_stopped = zalo_mono(z) < c->stopped_ms;
	bool can_send = !c->is_closed && z->link.is_up && zalo_auth_is_usable(z) && !is_stopped;
	/* A refresh takes seconds: what stands by need not go out for it. */
	bool is_refreshing = z->auth.state == ZALO_AUTH_REFRESHING && z->auth.has_pair;
	bool is_reachable = can_send || (z->link.is_up && is_refreshing && !is_stopped);
	unsigned capacity = can_send ? most_sends(c) : 0;
	bool is_changed = capacity != c->channel.capacity ||
			  is_reachable != c->channel.is_reachable;

	if (is_reachable != c->channel.is_reachable)
		log_info("zalo", "channel=%s reachable=%s", channel_kind_text(c->channel.kind),
			is_reachable ? "yes" : "no");
	c->channel.capacity = capacity;
	c->channel.is_reachable = is_reachable;
	if (is_changed && !is_reachable &&
		outbox_release_standby(z->store, c->channel.kind, zalo_wall(z)))
		log_error("zalo", "standby=unreleased");
	return is_changed;
}

void zalo_channels_update(struct zalo *z)
{
	bool is_changed = channel_update(&z->user);

	is_changed |= channel_update(&z->group);
	is_changed |= channel_update(&z->zns);
	if (is_changed && z->dispatch && z->user.channel.dispatch)
		dispatch_wake(z->dispatch);
}

int64_t zalo_gate_tick(struct zalo *z)
{
	int64_t wall = zalo_wall(z);

	if (!z->is_rate_awaited)
		return INT64_MAX;
	if (!zalo_rate_room(&z->rate, wall, ZALO_USE_SEND))
		return zalo_mono(z) + zalo_rate_next_ms(&z->rate, wall, ZALO_USE_SEND) - wall;
	z->is_rate_awaited = false;
	if (z->dispatch && z->user.channel.dispatch)
		dispatch_wake(z->dispatch);
	return INT64_MAX;
}
