/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/log.h"
#include "daemon/relay/dispatch_private.h"
#include "store/event.h"
#include "store/rebase.h"

static enum err jumped(struct dispatch *d, int64_t by_ms)
{
	char data[48];
	enum err err = store_rebase(d->store, by_ms);

	if (err)
		return err;
	gate_forget(d);
	if (d->trust)
		clock_trust_jumped(d->trust, by_ms);
	d->jumps = (struct dispatch_jumps){
		d->jumps.count + 1, by_ms, clock_mono_ms(store_clock(d->store))};
	log_warn("clock", "jump_s=%lld", (long long)(by_ms / SECOND_MS));
	snprintf(data, sizeof(data), "{\"seconds\":%lld}", (long long)(by_ms / SECOND_MS));
	return event_add(d->store, "clock.jump", "", "system", data);
}

/* While the box was off only a step back can be told from time that passed. */
static enum err first_look(struct dispatch *d)
{
	int64_t last_ms, now_ms = dispatch_now(d);
	enum err err = store_last_ms(d->store, &last_ms);

	if (err)
		return err;
	d->has_looked = true;
	(void)clock_jump(&d->clock_last, store_clock(d->store));
	return last_ms - now_ms > CLOCK_JUMP_MS ? jumped(d, now_ms - last_ms) : ERR_OK;
}

enum err dispatch_check_clock(struct dispatch *d)
{
	struct clock_last before = d->clock_last;
	int64_t by_ms;
	enum err err;

	if (!d->has_looked)
		return first_look(d);
	by_ms = clock_jump(&d->clock_last, store_clock(d->store));
	if (!by_ms)
		return ERR_OK;
	err = jumped(d, by_ms);
	/* Not noted, so not over: seen again by the next look. */
	if (err)
		d->clock_last = before;
	return err;
}

struct dispatch_jumps dispatch_jumps(const struct dispatch *d)
{
	return d->jumps;
}
