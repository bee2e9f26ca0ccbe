/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/world.h"

#include "store/party.h"

#include <string.h>

static bool chance(struct world *w, int per_mille)
{
	return rng_below(&w->rng, 1000) < per_mille;
}

void world_init(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	rng_init(&w->rng, seed);
	clock_virtual_init(&w->clock, INT64_C(1795000000000) + (int64_t)(seed % 1000) * DAY_MS);
	w->faults_per_mille = (int)rng_below(&w->rng, 400);
}

const char *world_phone(int phone, char number[16])
{
	snprintf(number, 16, "+8490000%04d", phone);
	return number;
}

static void backlog_add(struct world *w, int text, int part)
{
	int at = (w->backlog_first + w->backlog_count) % WORLD_BACKLOG;

	if (w->backlog_count == WORLD_BACKLOG)
		return;
	w->backlog[at] = (struct world_part){text, part};
	w->backlog_count++;
}

void world_write_text(struct world *w)
{
	struct world_text *t = &w->texts[w->text_count];
	int order[3] = {0, 1, 2};

	if (w->text_count == WORLD_TEXTS || w->backlog_count > WORLD_BACKLOG - 4)
		return;
	t->twin_of = -1;
	if (w->text_count && chance(w, 100)) {
		int twin = (int)rng_below(&w->rng, w->text_count);

		if (w->texts[twin].total == 1) {
			*t = w->texts[twin];
			t->twin_of = w->texts[twin].twin_of >= 0 ? w->texts[twin].twin_of : twin;
			t->vouched = 0;
			backlog_add(w, w->text_count++, 0);
			return;
		}
	}
	t->phone = (int)rng_below(&w->rng, WORLD_PHONES);
	t->total = chance(w, 250) ? 2 + (int)rng_below(&w->rng, 2) : 1;
	t->ref = w->text_count & 0xff;
	for (int i = 0; i < t->total; i++)
		snprintf(t->words[i], sizeof(t->words[i]), "<%d.%d>", w->text_count, i);
	for (int i = 0; i < t->total; i++) {
		int j = i + (int)rng_below(&w->rng, t->total - i), part = order[j];

		order[j] = order[i];
		order[i] = part;
		backlog_add(w, w->text_count, part);
	}
	w->text_count++;
}

void world_deliver(struct world *w)
{
	for (int i = 0; i < WORLD_SLOTS && w->backlog_count; i++) {
		if (w->slots[i].is_used)
			continue;
		w->slots[i] = (struct world_slot){true, w->backlog[w->backlog_first]};
		w->backlog_first = (w->backlog_first + 1) % WORLD_BACKLOG;
		w->backlog_count--;
	}
}

static int accept_send(struct world *w, struct channel *channel, const struct send *req)
{
	struct world_accepted *a = &w->accepted[w->accepted_count];

	CHECK(w->accepted_count < WORLD_ACCEPTED);
	*a = (struct world_accepted){.channel = channel->kind,
		.lane = req->lane,
		.outbox_id = req->outbox_id,
		.party_id = req->party_id,
		.at_ms = w->clock.wall,
		.tp_mr = w->next_mr++ & 0xff};
	return w->accepted_count++;
}

/* Truth first (did the network take it?), then what the daemon is told of it. */
static void decide_fate(struct world *w, struct world_flight *f)
{
	bool has_report = f->channel->kind == CHANNEL_MODEM;

	f->accepted = -1;
	f->answer_ms = w->clock.wall + rng_below(&w->rng, 5 * SECOND_MS);
	f->outcome = (struct send_outcome){
		.result = SEND_SENT, .report_expected = has_report, .via = "sim"};
	if (w->is_calm || !chance(w, w->faults_per_mille)) {
		f->accepted = accept_send(w, f->channel, f->req);
		return;
	}
	switch (rng_below(&w->rng, 5)) {
	case 0: /* acted, the answer got lost */
		f->accepted = accept_send(w, f->channel, f->req);
		f->outcome = (struct send_outcome){
			.result = SEND_IN_DOUBT, .err = ERR_TIMEOUT, .via = "sim"};
		return;
	case 1: /* not acted, and nobody knows */
		f->outcome = (struct send_outcome){
			.result = SEND_IN_DOUBT, .err = ERR_TIMEOUT, .via = "sim"};
		return;
	case 2:
		f->outcome = (struct send_outcome){.result = SEND_RETRY, .err = ERR_NETWORK};
		return;
	case 3:
		f->outcome = (struct send_outcome){.result = SEND_REFUSED, .err = ERR_RECIPIENT};
		return;
	default: /* it hangs until it is cancelled */
		f->answer_ms = INT64_MAX;
		if (chance(w, 500))
			f->accepted = accept_send(w, f->channel, f->req);
		f->outcome = (struct send_outcome){
			.result = SEND_IN_DOUBT, .err = ERR_TIMEOUT, .via = "sim"};
	}
}

static struct world *current_world; /* one world at a time: the channels have no other way to it */

static int world_send(struct channel *channel, struct send *req)
{
	struct world *w = current_world;

	if (!w->is_calm && chance(w, w->faults_per_mille / 10))
		return ERR_BUSY;
	for (int i = 0; i < WORLD_FLIGHTS; i++) {
		struct world_flight *f = &w->flights[i];

		if (f->req)
			continue;
		f->req = req;
		f->channel = channel;
		if (chance(w, 500))
			req->submitted(req, "sim");
		decide_fate(w, f);
		return ERR_OK;
	}
	return ERR_BUSY;
}

static void world_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	for (int i = 0; i < WORLD_FLIGHTS; i++) {
		if (current_world->flights[i].req == req)
			current_world->flights[i].answer_ms = current_world->clock.wall;
	}
}

static void world_close(struct channel *channel, channel_close_cb cb)
{
	cb(channel);
}

static const struct channel_ops world_ops = {world_send, world_cancel, world_close};

void world_connect(struct world *w, struct dispatch *dispatch)
{
	current_world = w;
	memset(w->flights, 0, sizeof(w->flights));
	for (int i = 0; i < CHANNEL_KIND_COUNT; i++) {
		w->channels[i] = (struct channel){.ops = &world_ops,
			.kind = (enum channel_kind)i,
			.capacity = 4,
			.is_reachable = true};
		dispatch_add(dispatch, &w->channels[i]);
	}
}

void world_set_reach(struct world *w, enum channel_kind kind, bool is_up)
{
	w->channels[kind].capacity = is_up ? 4 : 0;
	w->channels[kind].is_reachable = is_up;
	dispatch_wake(w->channels[kind].dispatch);
}

/* What the modem process tells of a segment that the network took. */
static void note_sent(struct world *w, struct store *store, const struct world_flight *f)
{
	const struct world_accepted *a = &w->accepted[f->accepted];
	enum err err;

	if (f->channel->kind != CHANNEL_MODEM || f->outcome.result != SEND_SENT)
		return;
	err = outbox_part_sent(store, a->outbox_id, 1, 1, "sim", a->tp_mr, w->clock.wall);
	CHECK(!err);
}

void world_answer(struct world *w, struct store *store)
{
	for (int i = 0; i < WORLD_FLIGHTS; i++) {
		struct world_flight f = w->flights[i];

		if (!f.req || f.answer_ms > w->clock.wall)
			continue;
		w->flights[i].req = NULL;
		if (f.accepted >= 0)
			note_sent(w, store, &f);
		f.req->done(f.req, &f.outcome);
	}
}

bool world_report(struct world *w, struct store *store)
{
	for (int i = 0; i < w->accepted_count; i++) {
		struct world_accepted *a = &w->accepted[i];
		int64_t id;
		enum err err;

		if (a->is_reported || a->channel != CHANNEL_MODEM || a->at_ms == w->clock.wall)
			continue;
		a->is_reported = true;
		/* Some networks never report. */
		if (rng_below(&w->rng, 5) == 0)
			continue;
		err = outbox_part_report(
			store, "sim", a->tp_mr, a->party_id, true, w->clock.wall, &id);
		CHECK(!err || err == ERR_NOT_FOUND);
		return true;
	}
	return false;
}
