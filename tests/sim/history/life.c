/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/history.h"

#include "store/turn.h"

void must(struct history *h, enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "seed %llu: %s: %s\n", (unsigned long long)h->seed, what, err_name(err));
	abort();
}

void look_at_clocks(struct history *h)
{
	int64_t next_ms;

	must(h, intake_tick(h->intake, &next_ms), "intake_tick");
	must(h, desk_legal_tick(h->desk, &next_ms), "legal_tick");
	staff_tick(h);
}

void daemon_wake(void *arg)
{
	((struct history *)arg)->is_due = true;
}

void daemon_start(struct history *h)
{
	static const char *const phones[] = {"+84900009001", "+84900009002"};
	struct errbuf eb = {0};
	int64_t in_doubt;
	enum err err = store_open(
		&(struct store_options){
			.path = h->path, .vault = h->vault, .clock = &h->world.clock.clock},
		&h->store, &eb);

	if (err)
		fprintf(stderr, "%s\n", eb.text);
	must(h, err, "store_open");
	must(h,
		desk_new(&(struct desk_options){.store = h->store,
				 .has_modem = true,
				 .has_zalo = true,
				 .duty_group = "4000",
				 .relay_text = true,
				 /* Every third box takes each message for a report. */
				 .dialogue_minutes = h->seed % 3 ? 30 : 0,
				 .duty_phones = phones,
				 .duty_phone_count = 2,
				 .law = h->law},
			&h->desk),
		"desk");
	must(h,
		intake_new(
			&(struct intake_options){
				.store = h->store, .desk = h->desk, .menus = h->menus},
			&h->intake),
		"intake");
	must(h,
		dispatch_new(&(struct dispatch_options){.store = h->store,
				     .seed = h->seed,
				     .wake = daemon_wake,
				     .wake_arg = h},
			&h->dispatch),
		"dispatch");
	/* As binhyend: the clock is looked at before the first row is moved. */
	must(h, outbox_recover(h->store, &in_doubt), "recover");
	world_connect(&h->world, h->store, h->dispatch);
	staff_sit(h);
}

void daemon_die(struct history *h)
{
	turn_abort(h->store, ERR_IO);
	dispatch_free(h->dispatch);
	intake_free(h->intake);
	desk_free(h->desk);
	store_close(h->store);
}

static enum err tick(void *arg)
{
	struct history *h = arg;
	int64_t next_ms;

	must(h, dispatch_check_clock(h->dispatch), "check_clock");
	must(h, alarm_tick(h->desk, &next_ms), "alarm_tick");
	must(h, dispatch_tick(h->dispatch, &next_ms), "dispatch_tick");
	/* The last thing that it did was refused. */
	if (!h->world.is_calm && rng_below(&h->world.rng, 60) == 0) {
		h->undone++;
		return ERR_NOMEM;
	}
	return ERR_OK;
}

void end_turn(struct history *h)
{
	struct errbuf eb = {0};
	enum err err;

	h->is_due |= turn_is_open(h->store);
	for (int i = 0; i < 16 && h->is_due; i++) {
		bool was_open = turn_is_open(h->store);

		h->is_due = false;
		err = was_open ? turn_try(h->store, tick, h) : tick(h);
		if (err && !was_open)
			turn_abort(h->store, err);
		h->is_due |= err != ERR_OK;
		if (!h->world.is_calm && rng_below(&h->world.rng, 60) == 0) {
			turn_abort(h->store, ERR_DISK_FULL);
			h->aborts++;
		}
		must(h, turn_end(h->store, &eb), "turn_end");
	}
}
