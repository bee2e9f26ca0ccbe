/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GET /v2.0/oa/listrecentchat and /v3.0/oa/group/listrecentchat, every poll_s. A round reads pages
 * from the newest message down until it meets one older than the floor (less an overlap), the end
 * of the list, or the limit of pages; then takes all its rows in, oldest first, in one turn:
 *
 *     newest ┬ 0   top = newest of the walk's first page
 *            │ 10
 *            ┊     edge = the last row of a round: where a walk that was cut (limit, failure,
 * crash) ┊     goes on, overlapping by that row floor ─┴     met: floor = top, in the turn of the
 * last rows
 *
 * What arrives while a walk is under way only pushes the rest further down: pages overlap more,
 * and the new ones are found by a glance at the first page now and then, and by the next walk.
 * What is taken out of the list pulls the rest up, past the offset: then the page after a cut does
 * not reach up to the edge, and the walk goes back over all of the last round, and further until it
 * does. Rows that were committed are remembered, so that a quiet poll writes nothing.
 *
 * While bulletins go out the walk to the floor is put off, and our own messages are counted instead
 * of read (zalo_tally.h): a round looks at one page, and reads on only if somebody else has
 * written. The floor stays where it is; the walk follows once the bulletins are gone, or after some
 * hours.
 *
 * While Zalo is away, the poll of the users is its one probe.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "store/turn.h"
#include "store/vault.h"

#include <inttypes.h>
#include <string.h>
#define GLANCE_MS	   (2 * MINUTE_MS)
#define GLANCE_SOON_MS	   MINUTE_MS	    /* where a call more or less is nothing */
#define SOON_LIMIT	   200		    /* calls a minute, from which on it is */
#define WALK_LEAST_MS	   (20 * SECOND_MS) /* between rounds while the rate is used up by others */
#define COUNT_LEAST	   20		    /* of our messages: fewer are read as quickly */
#define COUNT_ROWS	   80	     /* so many are counted at once, so that little is read */
#define COUNT_PACE_MS	   SECOND_MS /* but not more often, */
#define COUNT_PACE	   8	     /* nor for longer than an eighth of the time */
#define COUNT_PACE_MOST_MS (10 * SECOND_MS)
#define HUSH_MOST_MS	   (5 * SECOND_MS)  /* bulletins wait for each other, or for a page */
#define HUSH_ALL_MS	   (15 * SECOND_MS) /* and no longer than this for all pages of a round */
#define PUT_OFF_MS	   (12 * HOUR_MS)   /* the list goes back for days */
/* Both lists take a fortieth of the calls, as long as nobody waits longer than this. */
#define SPARING_PART	40
#define SPARING_MOST_MS (50 * SECOND_MS)

/* A minute of few calls is not to be spent on asking whether there is something. */
static int64_t sparing_ms(const struct zalo *z)
{
	int64_t ms = 2 * SPARING_PART * MINUTE_MS / z->rate.limit;

	return z->poll.kind == ROUND_WALK ? 0 : zalo_sooner(ms, SPARING_MOST_MS);
}

int64_t zalo_poll_wait_ms(struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;
	int64_t ms = z->config->poll_s * SECOND_MS;

	if (ms < sparing_ms(z))
		ms = sparing_ms(z);
	/* An unfinished walk goes on at once, as far as the rate lets it; so does what it was put
	 * off for. */
	if (p->cursor.offset || p->dig_offset)
		return 0;
	if (p->is_blurred)
		return 2 * COUNT_PACE_MS;
	return ms - ms / 20 + rng_below(&z->rng, ms / 10 + 1);
}

/* Bulletins to users may go again. */
void zalo_hush_end(struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;

	if (p->is_group || !z->is_hushed)
		return;
	z->is_hushed = false;
	z->hush_took_ms = zalo_mono(z) - z->hush_ms;
	zalo_wake(z);
	if (z->dispatch && z->user.channel.dispatch)
		dispatch_wake(z->dispatch);
}

/* A page has come, and another is asked for. */
void zalo_hush_go_on(struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;

	z->hush_end_ms = zalo_sooner(p->round_ms + HUSH_ALL_MS, zalo_mono(z) + HUSH_MOST_MS);
}

static bool is_count_better(const struct zalo_poll *p, int64_t mono_ms)
{
	int64_t ours = p->is_group ? -1 : zalo_tally_new(&p->call.zalo->tally);

	if (ours < COUNT_LEAST || mono_ms - p->walk_ms >= PUT_OFF_MS)
		return false;
	return !p->cursor.offset || ours >= COUNT_ROWS || mono_ms - p->glance_ms >= MINUTE_MS;
}

static int64_t glance_every_ms(const struct zalo_poll *p)
{
	return p->call.zalo->rate.limit < SOON_LIMIT ? GLANCE_MS : GLANCE_SOON_MS;
}

static enum zalo_round next_kind(const struct zalo_poll *p, int64_t mono_ms)
{
	if (is_count_better(p, mono_ms))
		return p->dig_offset ? ROUND_DIG : ROUND_COUNT;
	if (p->cursor.offset && mono_ms - p->glance_ms >= glance_every_ms(p))
		return ROUND_GLANCE;
	return ROUND_WALK;
}

void zalo_poll_soon(struct zalo *z)
{
	z->poll.due_ms = 0;
	z->group_poll.due_ms = 0;
	z->link.next_probe_ms = 0;
	zalo_wake(z);
}

/* A walk that goes on page by page on the last calls of a minute would take them from the sends,
 * and overlap each time; but a queue that never ends must not make us deaf either. */
static int64_t walk_wait_ms(const struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;
	int64_t now_ms = zalo_wall(z), next_ms;

	if (!p->cursor.offset || zalo_rate_room(&z->rate, now_ms, ZALO_USE_WALK) >= 2)
		return 0;
	next_ms = zalo_mono(z) + zalo_rate_next_ms(&z->rate, now_ms, ZALO_USE_WALK) - now_ms;
	return zalo_sooner(next_ms, p->round_ms + WALK_LEAST_MS);
}

/* While it is counted nothing goes out, and the calls of that time must be made good. */
static int64_t count_pace_ms(const struct zalo_poll *p)
{
	int64_t ms = p->call.zalo->hush_took_ms * COUNT_PACE;

	return ms < COUNT_PACE_MS ? COUNT_PACE_MS : zalo_sooner(ms, COUNT_PACE_MOST_MS);
}

/* When the next round may begin. */
static int64_t round_due_ms(const struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;
	int64_t due_ms = p->due_ms, now_ms = zalo_wall(z);

	if (!z->link.is_up)
		return z->link.next_probe_ms;
	if (p->kind == ROUND_COUNT) {
		if (!p->err && zalo_tally_new(&z->tally) >= COUNT_ROWS)
			due_ms = zalo_sooner(due_ms, p->round_ms + count_pace_ms(p));
	} else if (due_ms < walk_wait_ms(p)) {
		due_ms = walk_wait_ms(p);
	}
	if (due_ms <= zalo_mono(z) &&
		zalo_rate_room(&z->rate, now_ms, ZALO_USE_POLL) < (p->cursor.offset ? 2 : 1))
		due_ms = zalo_mono(z) + zalo_rate_next_ms(&z->rate, now_ms, ZALO_USE_POLL) - now_ms;
	return due_ms;
}

/* A count needs a moment in which nothing is on its way to users; so does the beginning of a walk,
 * for the next count, but it doesn't wait for a single answer. False: bulletins are being held back
 * until there is such a moment. */
static bool is_hush_over(struct zalo_poll *p, bool *ret_quiet)
{
	struct zalo *z = p->call.zalo;
	bool is_quiet = zalo_send_is_quiet(z);
	bool is_wanted = p->kind == ROUND_COUNT ||
			 (p->kind == ROUND_WALK && !p->cursor.offset && z->user.bulk);

	*ret_quiet = is_quiet && !p->is_group;
	if (p->is_group || !is_wanted)
		return true;
	if (!z->is_hushed) {
		z->hush_ms = zalo_mono(z);
		z->hush_end_ms = z->hush_ms + HUSH_MOST_MS;
	}
	z->is_hushed = true;
	return is_quiet || zalo_mono(z) >= z->hush_end_ms;
}

/* While a page is under way: bulletins don't wait for a line that has broken. */
static int64_t hush_limit(struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;

	if (p->is_group || !z->is_hushed)
		return INT64_MAX;
	if (zalo_mono(z) < z->hush_end_ms)
		return z->hush_end_ms;
	zalo_hush_end(p);
	return INT64_MAX;
}

static int64_t poll_tick(struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;
	bool is_quiet;
	int64_t due_ms;

	if (z->is_closing || p->is_committing)
		return INT64_MAX;
	if (zalo_call_is_active(&p->call))
		return hush_limit(p);
	if (!zalo_auth_is_usable(z) || (p->is_group && !z->link.is_up)) {
		zalo_hush_end(p);
		return INT64_MAX;
	}
	p->kind = next_kind(p, zalo_mono(z));
	due_ms = round_due_ms(p);
	if (zalo_mono(z) < due_ms) {
		zalo_hush_end(p);
		return due_ms;
	}
	if (!is_hush_over(p, &is_quiet))
		return z->hush_end_ms;
	/* The sends take too long to wait for them. */
	if (p->kind == ROUND_COUNT && !is_quiet)
		p->kind = ROUND_WALK;
	zalo_round_begin(p, is_quiet);
	return zalo_call_is_active(&p->call) ? INT64_MAX : p->due_ms;
}

int64_t zalo_poll_tick(struct zalo *z)
{
	int64_t due_ms = poll_tick(&z->poll);

	if (z->config->is_groups_off)
		return due_ms;
	return zalo_sooner(due_ms, poll_tick(&z->group_poll));
}

static enum err poll_open(struct zalo *z, struct zalo_poll *p, struct errbuf *eb)
{
	enum err err;

	p->text = "";
	zalo_call_init(&p->call, z, ZALO_USE_POLL, zalo_round_page);
	p->rows = calloc(1, sizeof(*p->rows));
	if (!p->rows)
		return errbuf_set(eb, ERR_NOMEM, "Zalo rows");
	err = zalo_cursor_load(z->store, zalo_cursor_name(p), &p->cursor);
	p->saved_covered_ms = p->cursor.covered_ms;
	/* After a restart in the middle of a walk the newest come first. */
	p->glance_ms = zalo_mono(z) - GLANCE_MS;
	p->walk_ms = zalo_mono(z);
	return err ? errbuf_set(eb, err, "how far Zalo was read") : ERR_OK;
}

enum err zalo_poll_open(struct zalo *z, struct errbuf *eb)
{
	enum err err = poll_open(z, &z->poll, eb);

	z->group_poll.is_group = true;
	zalo_tally_init(&z->tally);
	return err ? err : poll_open(z, &z->group_poll, eb);
}

static void poll_close(struct zalo *z, struct zalo_poll *p)
{
	turn_forget(z->store, p);
	if (!p->call.zalo)
		return;
	zalo_call_cancel(&p->call);
	zalo_call_free(&p->call);
	if (p->rows)
		zalo_rows_clear(p->rows);
	free(p->rows);
	p->rows = NULL;
}

void zalo_poll_close(struct zalo *z)
{
	poll_close(z, &z->poll);
	poll_close(z, &z->group_poll);
}
