/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_rate.h"

#include "daemon/base/clock.h"

#define PROBE_MS   (8 * SECOND_MS)  /* our idea of the minute may be wrong: ask again that soon */
#define DENSE_MS   (20 * SECOND_MS) /* replies that close together show where a minute begins */
#define JUMP_LEAST 8		    /* answers of calls side by side come in any order */

void zalo_rate_init(struct zalo_rate *rate, int most)
{
	int first = most < ZALO_RATE_FIRST ? most : ZALO_RATE_FIRST;

	*rate = (struct zalo_rate){
		.most = most, .limit = first, .left = first, .told = -1, .start_ms = -1};
}

static void rate_begin(struct zalo_rate *rate, int64_t start_ms)
{
	rate->start_ms = start_ms;
	rate->left = rate->limit;
	rate->used = 0;
	rate->sent = 0;
	rate->walked = 0;
}

static void rate_roll(struct zalo_rate *rate, int64_t now_ms)
{
	/* A clock that was set back must not lock the account out for longer than a minute. */
	if (rate->until_ms > now_ms + 2 * MINUTE_MS)
		rate->until_ms = 0;
	if (rate->start_ms < 0 || now_ms < rate->start_ms)
		rate_begin(rate, now_ms - now_ms % MINUTE_MS);
	else if (now_ms - rate->start_ms >= MINUTE_MS)
		rate_begin(rate, now_ms - (now_ms - rate->start_ms) % MINUTE_MS);
	/* One call finds out whether the server's minute is over. */
	if (rate->until_ms && now_ms >= rate->until_ms) {
		rate->until_ms = 0;
		if (rate->left <= 0)
			rate->left = 1;
	}
}

/* How many of the minute's calls may have gone to what can wait. */
static int allowance(const struct zalo_rate *rate, int64_t now_ms)
{
	return 1 + (int)(rate->limit * (now_ms - rate->start_ms) / MINUTE_MS);
}

static int walk_room(const struct zalo_rate *rate, int64_t now_ms)
{
	int all = allowance(rate, now_ms), share = (all + 1) / 2;

	/* Half, and what the bulletins leave. */
	if (all - rate->sent > share)
		share = all - rate->sent;
	return share - rate->walked;
}

int zalo_rate_room(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use)
{
	int room;

	rate_roll(rate, now_ms);
	if (now_ms < rate->until_ms)
		return 0;
	room = rate->left;
	if (use == ZALO_USE_SEND && room > allowance(rate, now_ms) - rate->used)
		room = allowance(rate, now_ms) - rate->used;
	if (use == ZALO_USE_WALK && room > walk_room(rate, now_ms))
		room = walk_room(rate, now_ms);
	return room > 0 ? room : 0;
}

int64_t zalo_rate_next_ms(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use)
{
	int64_t end_ms, step_ms = MINUTE_MS / rate->limit + 1;

	rate_roll(rate, now_ms);
	end_ms = rate->start_ms + MINUTE_MS;
	if (now_ms < rate->until_ms)
		return rate->until_ms;
	if (rate->left <= 0 || use == ZALO_USE_POLL || use == ZALO_USE_ALARM)
		return end_ms;
	if (use == ZALO_USE_SEND)
		step_ms = rate->start_ms + rate->used * MINUTE_MS / rate->limit + 1 - now_ms;
	if (step_ms < 1)
		step_ms = 1;
	return now_ms + step_ms < end_ms ? now_ms + step_ms : end_ms;
}

int64_t zalo_rate_closed_ms(const struct zalo_rate *rate, int64_t now_ms)
{
	return rate->until_ms > now_ms ? rate->until_ms - now_ms : 1;
}

int64_t zalo_rate_take(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use)
{
	if (!zalo_rate_room(rate, now_ms, use))
		return zalo_rate_next_ms(rate, now_ms, use) - now_ms;
	rate->left--;
	rate->used++;
	if (use == ZALO_USE_SEND)
		rate->sent++;
	if (use == ZALO_USE_WALK)
		rate->walked++;
	return 0;
}

static void rate_limit(struct zalo_rate *rate, int64_t limit)
{
	int most = limit < rate->most ? (int)limit : rate->most;

	rate->left += most - rate->limit;
	rate->limit = most;
	if (rate->left < 0)
		rate->left = 0;
}

/* More is left than was a moment ago: another minute has begun since. */
static bool is_new_minute(const struct zalo_rate *rate, int64_t now_ms, int64_t remain)
{
	int64_t jump = rate->limit / 8 > JUMP_LEAST ? rate->limit / 8 : JUMP_LEAST;

	return rate->told >= 0 && now_ms >= rate->told_ms && now_ms - rate->told_ms <= DENSE_MS &&
	       remain > rate->told + jump;
}

/* We have not used what was ours: the server's minute is another, or others use it too. */
static int64_t closed_until(const struct zalo_rate *rate, int64_t now_ms)
{
	int64_t end_ms = rate->start_ms + MINUTE_MS;
	bool is_ours = rate->used >= rate->limit - rate->limit / 8;

	return is_ours || end_ms < now_ms + PROBE_MS ? end_ms : now_ms + PROBE_MS;
}

void zalo_rate_told(struct zalo_rate *rate, int64_t now_ms, int64_t limit, int64_t remain)
{
	rate_roll(rate, now_ms);
	if (limit > 0)
		rate_limit(rate, limit);
	if (remain < 0)
		return;
	if (is_new_minute(rate, now_ms, remain)) {
		rate_begin(rate, now_ms);
		rate->until_ms = 0;
		rate->used = 1;
	}
	rate->told = remain;
	rate->told_ms = now_ms;
	if (remain < rate->left)
		rate->left = (int)remain;
	if (remain == 0 && !rate->until_ms)
		rate->until_ms = closed_until(rate, now_ms);
}

void zalo_rate_refused(struct zalo_rate *rate, int64_t now_ms, struct rng *rng)
{
	rate_roll(rate, now_ms);
	rate->left = 0;
	rate->until_ms = closed_until(rate, now_ms) + rng_below(rng, SECOND_MS);
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
