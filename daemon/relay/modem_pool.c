/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modem channel: its capacity is the number of modems that may send. Each takes one message at
 * a time, and one more that passes a bulletin between its segments. */
#include "daemon/relay/modem_private.h"

#include <string.h>

static int pool_send(struct channel *channel, struct send *req)
{
	struct modem_pool *pool = container_of(channel, struct modem_pool, channel);
	struct modem *modem = NULL;

	for (int i = 0; !modem && i < pool->count; i++)
		modem = pool->modems[i].reserved == req ? &pool->modems[i] : NULL;
	CHECK(modem);
	modem->reserved = NULL;
	/* It may have gone down while the claim was committed. */
	if (pool->is_closing || !modem_may_send(modem)) {
		modem_gate_settle(modem, req->outbox_id, 0);
		return ERR_BUSY;
	}
	modem_send_begin(modem, req);
	return ERR_OK;
}

static void pool_cancel(struct channel *channel, struct send *req)
{
	struct modem_pool *pool = container_of(channel, struct modem_pool, channel);

	for (int i = 0; i < pool->count; i++) {
		/* A modem that lets a message grow this old hangs: replacing its process ends the
		 * send as well. */
		if (pool->modems[i].sending.req == req || pool->modems[i].parked.req == req ||
			pool->modems[i].passing == req)
			modem_kill(&pool->modems[i], "send overdue");
	}
}

static void pool_channel_close(struct channel *channel, channel_close_cb cb)
{
	struct modem_pool *pool = container_of(channel, struct modem_pool, channel);

	channel->close_cb = cb;
	modem_pool_close(pool, NULL, NULL);
}

static const struct channel_ops pool_ops = {pool_send, pool_cancel, pool_channel_close};

void modem_pool_changed(struct modem_pool *pool)
{
	unsigned ready = 0, two = 0, yielding = 0, before = pool->ready;
	bool has_network = false;

	for (int i = 0; i < pool->count; i++) {
		const struct modem *modem = &pool->modems[i];

		if (!modem_may_send(modem))
			continue;
		ready++;
		two += modem->parked.req || modem->passing ||
		       (modem->reserved && modem->sending.req);
		yielding += modem_yields(modem);
		has_network |= modem_has_network(modem);
	}
	pool->ready = ready;
	pool->channel.capacity = pool->is_closing ? 0 : ready + two;
	pool->channel.passing = pool->is_closing ? 0 : yielding;
	pool->channel.is_reachable = ready > 0;
	pool->channel.is_deaf = !has_network;
	/* What found no room with the others may find it with this one. */
	if (ready > before)
		dispatch_ungate(pool->dispatch, CHANNEL_MODEM);
	dispatch_wake(pool->dispatch);
}

enum err modem_pool_open(
	const struct modem_pool_options *options, struct modem_pool **ret_pool, struct errbuf *eb)
{
	struct modem_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return errbuf_set(eb, ERR_NOMEM, "modem pool");
	pool->channel = (struct channel){
		.ops = &pool_ops, .gate = &modem_gate, .kind = CHANNEL_MODEM};
	pool->loop = options->loop;
	pool->store = options->store;
	pool->intake = options->intake;
	pool->dispatch = options->dispatch;
	pool->program = options->program;
	pool->sysfs = options->sysfs;
	pool->has_http_sms = options->has_http_sms;
	pool->has_zalo = options->has_zalo;
	pool->alarm = options->alarm;
	pool->alarm_arg = options->alarm_arg;
	pool->trust = options->trust;
	pool->count = options->config->modem_count;
	dispatch_add(pool->dispatch, &pool->channel);
	for (int i = 0; i < pool->count; i++) {
		struct modem *modem = &pool->modems[i];
		enum err err;

		modem->pool = pool;
		modem->config = &options->config->modems[i];
		err = modem_start(modem);
		if (err)
			return errbuf_set(eb, err, "modem %s", modem->config->name);
	}
	*ret_pool = pool;
	return ERR_OK;
}

struct modem *modem_find(struct modem_pool *pool, const char *name)
{
	for (int i = 0; i < pool->count; i++) {
		if (str_eq(pool->modems[i].config->name, name))
			return &pool->modems[i];
	}
	return NULL;
}

struct channel *modem_pool_channel(struct modem_pool *pool)
{
	return &pool->channel;
}

/* Whoever closed it as a channel gets his call while the channel is still there. */
static void pool_closed(struct modem_pool *pool)
{
	void (*cb)(void *arg) = pool->close_cb;
	void *arg = pool->close_arg;

	if (pool->channel.close_cb)
		pool->channel.close_cb(&pool->channel);
	free(pool);
	if (cb)
		cb(arg);
}

void modem_pool_modem_closed(struct modem_pool *pool)
{
	if (++pool->closed == pool->count)
		pool_closed(pool);
}

void modem_pool_close(struct modem_pool *pool, void (*cb)(void *arg), void *arg)
{
	pool->close_cb = cb;
	pool->close_arg = arg;
	pool->is_closing = true;
	pool->channel.capacity = pool->channel.passing = 0;
	for (int i = 0; i < pool->count; i++)
		modem_stop(&pool->modems[i]);
	if (!pool->count)
		pool_closed(pool);
}
