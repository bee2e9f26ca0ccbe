/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_rate.h"

#include "daemon/base/clock.h"

void zalo_rate_init(struct zalo_rate *rate)
{
	*rate = (struct zalo_rate){
		.limit = ZALO_RATE_FIRST, .left = ZALO_RATE_FIRST, .told = -1, .minute = -1};
}

static void rate_roll(struct zalo_rate *rate, int64_t now_ms)
{
	/* A clock that was set back must not lock the account out for longer than a minute. */
	if (rate->until_ms > now_ms + 2 * MINUTE_MS)
		rate->until_ms = 0;
	if (rate->minute == now_ms / MINUTE_MS)
		return;
	rate->minute = now_ms / MINUTE_MS;
	rate->left = rate->limit;
}

int zalo_rate_room(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use)
{
	int reserved = (rate->limit + 3) / 4 * (int)use;

	rate_roll(rate, now_ms);
	if (now_ms < rate->until_ms || rate->left <= reserved)
		return 0;
	return rate->left - reserved;
}

int64_t zalo_rate_next_ms(const struct zalo_rate *rate, int64_t now_ms)
{
	int64_t minute = (now_ms / MINUTE_MS + 1) * MINUTE_MS;

	if (now_ms < rate->until_ms)
		return rate->until_ms;
	return minute;
}

int64_t zalo_rate_take(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use)
{
	if (!zalo_rate_room(rate, now_ms, use))
		return zalo_rate_next_ms(rate, now_ms) - now_ms;
	rate->left--;
	return 0;
}

void zalo_rate_told(struct zalo_rate *rate, int64_t now_ms, int64_t limit, int64_t remain)
{
	rate_roll(rate, now_ms);
	if (limit > 0) {
		int most = limit < ZALO_RATE_MOST ? (int)limit : ZALO_RATE_MOST;

		rate->left += most - rate->limit;
		rate->limit = most;
		if (rate->left < 0)
			rate->left = 0;
	}
	if (remain < 0)
		return;
	rate->told = remain;
	if (remain < rate->left)
		rate->left = (int)remain;
	if (remain == 0)
		rate->until_ms = (now_ms / MINUTE_MS + 1) * MINUTE_MS;
}

void zalo_rate_refused(struct zalo_rate *rate, int64_t now_ms, struct rng *rng)
{
	rate->until_ms = (now_ms / MINUTE_MS + 1) * MINUTE_MS + rng_below(rng, 3000);
}

void zalo_link_init(struct zalo_link *link)
{
	*link = (struct zalo_link){.is_up = true};
}

int64_t zalo_backoff_ms(unsigned failures, struct rng *rng)
{
	int64_t most = ZALO_BACKOFF_FIRST_MS;

	for (unsigned i = 1; i < failures && most < ZALO_BACKOFF_MAX_MS; i++)
		most *= 2;
	if (most > ZALO_BACKOFF_MAX_MS)
		most = ZALO_BACKOFF_MAX_MS;
	return most / 2 + rng_below(rng, most / 2 + 1);
}

bool zalo_link_failed(struct zalo_link *link, int64_t mono_ms, struct rng *rng)
{
	bool was_up = link->is_up;

	link->is_up = false;
	link->failures++;
	link->next_probe_ms = mono_ms + zalo_backoff_ms(link->failures, rng);
	return was_up;
}

bool zalo_link_worked(struct zalo_link *link)
{
	bool was_up = link->is_up;

	link->is_up = true;
	link->failures = 0;
	return !was_up;
}
