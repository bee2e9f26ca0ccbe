/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock is looked at before anything of a turn is written, so that what is written after a jump
 * is not moved along with what was there before it. What was moved counts once the turn is
 * committed; when that fails, the next look sees the same jump again.
 */
#include "daemon/base/log.h"
#include "daemon/relay/dispatch_private.h"
#include "store/event.h"
#include "store/rebase.h"
#include "store/turn.h"

static void jump_committed(void *arg, enum err committed)
{
	struct dispatch *d = arg;
	struct clock_look before = d->looked;

	d->looked = (struct clock_look){0};
	if (committed) {
		d->clock_last = before.last;
		d->has_looked = before.has_looked;
		return;
	}
	gate_forget(d);
	if (d->trust)
		clock_trust_jumped(d->trust, before.by_ms);
	d->jumps = (struct dispatch_jumps){
		d->jumps.count + 1, before.by_ms, clock_mono_ms(store_clock(d->store))};
	log_warn("clock", "jump_s=%lld", (long long)(before.by_ms / SECOND_MS));
}

static enum err jumped(struct dispatch *d, const struct clock_look *before, int64_t by_ms)
{
	char data[48];
	enum err err = store_rebase(d->store, by_ms);

	snprintf(data, sizeof(data), "{\"seconds\":%lld}", (long long)(by_ms / SECOND_MS));
	if (!err)
		err = event_add(d->store, "clock.jump", "", "system", data);
	if (!err && !d->looked.is_kept)
		err = turn_defer(d->store, jump_committed, d);
	if (err)
		return err;
	if (!d->looked.is_kept)
		d->looked = *before;
	d->looked.is_kept = true;
	d->looked.by_ms += by_ms;
	/* What a gate said holds no more, whether it is committed or not. */
	gate_forget(d);
	return ERR_OK;
}

/* While the box was off only a step back can be told from time that passed. */
static int64_t first_jump(struct dispatch *d)
{
	int64_t by_ms = dispatch_now(d) - store_last_ms(d->store);

	(void)clock_jump(&d->clock_last, store_clock(d->store));
	return by_ms < -CLOCK_JUMP_MS ? by_ms : 0;
}

enum err dispatch_check_clock(struct dispatch *d)
{
	struct clock_look before = {.has_looked = d->has_looked, .last = d->clock_last};
	int64_t by_ms = d->has_looked ? clock_jump(&d->clock_last, store_clock(d->store))
				      : first_jump(d);
	enum err err;

	d->has_looked = true;
	if (!by_ms)
		return ERR_OK;
	err = jumped(d, &before, by_ms);
	if (err) {
		d->clock_last = before.last;
		d->has_looked = before.has_looked;
	}
	return err;
}

enum err dispatch_turn_begun(void *arg)
{
	return dispatch_check_clock(arg);
}

struct dispatch_jumps dispatch_jumps(const struct dispatch *d)
{
	return d->jumps;
}
