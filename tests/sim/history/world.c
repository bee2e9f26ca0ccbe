/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/world.h"

#include "gateway/sms_text.h"
#include "store/party.h"
#include "store/sms_use.h"

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
	w->phones = seed % 3 ? WORLD_PHONES : WORLD_CROWD;
	w->faults_per_mille = (int)rng_below(&w->rng, 400);
	for (int i = 0; i < WORLD_SIMS; i++) {
		snprintf(w->sims[i].name, sizeof(w->sims[i].name), "sim%d", i);
		/* Every other history has caps, some so tight that most waits. */
		if (seed % 2)
			w->sims[i].caps = (struct caps){
				.per_minute = 4 + (int)rng_below(&w->rng, 8),
				.per_hour = 10 + (int)rng_below(&w->rng, 60),
				.per_day = 40 + (int)rng_below(&w->rng, 400),
				.same_per_5min = 1 + (int)rng_below(&w->rng, 3),
				.same_per_hour = 4 + (int)rng_below(&w->rng, 8),
				.alarm_reserve = (int)rng_below(&w->rng, 6)};
	}
}

const char *world_phone(int phone, char number[16])
{
	snprintf(number, 16, "+8490000%04d", phone);
	return number;
}

int64_t world_stamp(int text)
{
	return INT64_C(1794000000000) + text * SECOND_MS;
}

static void backlog_add(struct world *w, int text, int part, bool is_again)
{
	int at = (w->backlog_first + w->backlog_count) % WORLD_BACKLOG;

	if (w->backlog_count == WORLD_BACKLOG)
		return;
	w->backlog[at] = (struct world_part){text, part, is_again};
	w->backlog_count++;
}

void world_write_text(struct world *w)
{
	struct world_text *t = &w->texts[w->text_count];
	int order[3] = {0, 1, 2};
	bool is_danger;

	if (w->text_count == WORLD_TEXTS || w->backlog_count > WORLD_BACKLOG - 4)
		return;
	t->twin_of = -1;
	if (w->text_count && chance(w, 100)) {
		int twin = (int)rng_below(&w->rng, w->text_count);

		if (w->texts[twin].total == 1) {
			*t = w->texts[twin];
			t->twin_of = w->texts[twin].twin_of >= 0 ? w->texts[twin].twin_of : twin;
			t->vouched = 0;
			t->taken_ms[0] = 0;
			backlog_add(w, w->text_count++, 0, false);
			return;
		}
	}
	t->phone = (int)rng_below(&w->rng, w->phones);
	t->total = chance(w, 250) ? 2 + (int)rng_below(&w->rng, 2) : 1;
	t->ref = w->text_count & 0xff;
	t->ref_bits = 8;
	t->lost = -1;
	/* Never the first, by which it is known. With a reference of its own: another message that
	 * fills the gap is beyond all knowledge. */
	if (t->total > 1 && chance(w, 60)) {
		t->lost = 1 + (int)rng_below(&w->rng, t->total - 1);
		t->ref = 1000 + w->text_count;
		t->ref_bits = 16;
	}
	/* Some ask to be hidden, some for silence; the word stands in the first part. */
	t->is_anonymous = chance(w, 80);
	t->is_quiet = chance(w, 80);
	is_danger = chance(w, 120);
	for (int i = 0; i < t->total; i++)
		snprintf(t->words[i], sizeof(t->words[i]), "%s%s%s<%d.%d>",
			!i && t->is_anonymous ? "AN " : "", !i && t->is_quiet ? "IM " : "",
			is_danger ? "chay nha cuu voi " : "", w->text_count, i);
	for (int i = 0; i < t->total; i++) {
		int j = i + (int)rng_below(&w->rng, t->total - i), part = order[j];

		order[j] = order[i];
		order[i] = part;
		if (part != t->lost)
			backlog_add(w, w->text_count, part, false);
	}
	w->text_count++;
}

void world_repeat_some(struct world *w)
{
	int text = w->text_count ? (int)rng_below(&w->rng, w->text_count) : 0;
	struct world_text *t = &w->texts[text];
	int part = t->total ? (int)rng_below(&w->rng, t->total) : 0;
	int64_t age_ms = w->clock.mono - t->taken_ms[part];
	int64_t seen_ms = w->clock.wall - t->read_wall_ms[part];

	/* A centre waits before it tries again, and gives up after some days. */
	/* A week later as the box has it, or at the same time, it is another message for all the
	 * box can tell, and told twice rather than lost. What seems to be ahead may wait until it
	 * is not. */
	if (seen_ms > 6 * DAY_MS || (seen_ms > -DAY_MS && seen_ms < MINUTE_MS))
		return;
	if (!t->taken_ms[part] || age_ms < MINUTE_MS || age_ms > 6 * DAY_MS || w->backlog_count > 8)
		return;
	backlog_add(w, text, part, true);
}

/* Something that was taken before is on its way once more. */
static bool has_repeat(const struct world *w)
{
	for (int i = 0; i < w->backlog_count; i++) {
		if (w->backlog[(w->backlog_first + i) % WORLD_BACKLOG].is_again)
			return true;
	}
	for (int i = 0; i < WORLD_SLOTS; i++) {
		if (w->slots[i].is_used && w->slots[i].part.is_again)
			return true;
	}
	return false;
}

void world_jump(struct world *w)
{
	static const int64_t sizes[] = {
		30 * SECOND_MS, HOUR_MS, 5 * HOUR_MS, DAY_MS, 40 * DAY_MS, 3653 * DAY_MS};
	int64_t by_ms = sizes[rng_below(&w->rng, (int64_t)ARRAY_LEN(sizes))];

	by_ms += rng_below(&w->rng, by_ms);
	/* As far as 1970 no box goes back, and no further ahead than that. */
	if (w->jumped_ms > 0 || (w->jumped_ms == 0 && chance(w, 500)))
		by_ms = -by_ms;
	if (has_repeat(w))
		return;
	w->clock.wall += by_ms;
	w->jumped_ms += by_ms;
	w->jumps++;
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

static int segments_of(const struct send *req)
{
	struct sms_size size;
	enum err err = sms_text_size(req->text, &size);

	CHECK(!err);
	return size.segments;
}

/* When its time had come, by the clock that nobody sets. */
static int64_t due_of(struct world *w, int64_t outbox_id)
{
	struct outbox_row row;
	enum err err = outbox_load(w->store, outbox_id, &row);

	CHECK(!err);
	return row.due_ms - w->clock.wall + w->clock.mono;
}

static int accept_send(struct world *w, const struct world_flight *f, int taken)
{
	const struct channel *channel = f->channel;
	const struct send *req = f->req;
	struct world_accepted *a = &w->accepted[w->accepted_count];

	CHECK(w->accepted_count < WORLD_ACCEPTED);
	*a = (struct world_accepted){.channel = channel->kind,
		.lane = req->lane,
		.outbox_id = req->outbox_id,
		.party_id = req->party_id,
		.at_ms = w->clock.mono,
		.due_ms = due_of(w, req->outbox_id),
		.tp_mr = w->next_mr & 0xff,
		.taken = taken,
		.sim = f->sim};
	w->next_mr += taken;
	if (channel->kind == CHANNEL_MODEM) {
		a->segments = segments_of(req);
		caps_content(store_vault(w->store), req->text, a->content);
	}
	return w->accepted_count++;
}

/* A message may break off after any segment: what was taken is a beginning of it. */
static int some_segments(struct world *w, const struct world_flight *f, int least)
{
	int all = f->channel->kind == CHANNEL_MODEM ? segments_of(f->req) : 1;

	return least + (int)rng_below(&w->rng, all - least + 1);
}

/* Truth first (did the network take it?), then what the daemon is told of it. */
static void decide_fate(struct world *w, struct world_flight *f)
{
	bool has_report = f->channel->kind == CHANNEL_MODEM;
	const char *via = has_report ? w->sims[f->sim].name : "sim";
	int taken;

	f->accepted = -1;
	f->known = has_report ? segments_of(f->req) : 1;
	f->answer_ms = w->clock.mono + rng_below(&w->rng, 5 * SECOND_MS);
	f->outcome = (struct send_outcome){
		.result = SEND_SENT, .report_expected = has_report, .via = via};
	if (w->is_calm || !chance(w, w->faults_per_mille)) {
		f->accepted = accept_send(w, f, f->known);
		return;
	}
	switch (rng_below(&w->rng, 5)) {
	case 0: /* acted, the answer to the last one got lost */
		taken = some_segments(w, f, 1);
		f->accepted = accept_send(w, f, taken);
		f->known = taken - 1;
		f->outcome = (struct send_outcome){
			.result = SEND_IN_DOUBT, .err = ERR_TIMEOUT, .via = via};
		return;
	case 1: /* not acted on the next one, and nobody knows */
		taken = some_segments(w, f, 0);
		f->known = taken == f->known ? --taken : taken;
		if (taken)
			f->accepted = accept_send(w, f, taken);
		f->outcome = (struct send_outcome){
			.result = SEND_IN_DOUBT, .err = ERR_TIMEOUT, .via = via};
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
			f->accepted = accept_send(w, f, some_segments(w, f, 1));
		f->known = 0;
		f->outcome = (struct send_outcome){
			.result = SEND_IN_DOUBT, .err = ERR_TIMEOUT, .via = via};
	}
}

static struct world *current_world; /* one world at a time: the channels have no other way to it */

/* What relay/modem_gate.c does, with SIMs instead of modems. */
static enum err world_admit(
	struct channel *channel, struct send *req, struct gate_answer *ret_answer)
{
	struct world *w = current_world;
	struct modem_candidate list[WORLD_SIMS];
	uint8_t content[VAULT_HASH_BYTES];
	struct modem_message message = {req->lane, segments_of(req), content, req->address};
	struct modem_choice choice;
	enum err err;

	(void)channel;
	req->segments = message.segments;
	caps_content(store_vault(w->store), req->text, content);
	for (int i = 0; i < WORLD_SIMS; i++)
		list[i] = (struct modem_candidate){.sim = w->sims[i].name,
			.caps = &w->sims[i].caps,
			.may_send = true,
			.is_idle = !w->sims[i].reserved && w->sims[i].flights < 2,
			.has_network = true};
	err = modem_choose(w->store, list, WORLD_SIMS, &message, &choice);
	if (err)
		return err;
	ret_answer->due_ms = choice.due_ms;
	switch (choice.result) {
	case MODEM_CHOICE_GO:
		w->sims[choice.index].reserved = req;
		/* Not every channel knows by what a message goes. */
		if (chance(w, 500))
			req->via = w->sims[choice.index].name;
		return sms_use_add(
			w->store, &(struct sms_use_new){req->outbox_id, w->sims[choice.index].name,
					  message.segments, content});
	case MODEM_CHOICE_WAIT:
		ret_answer->result = GATE_WAIT;
		return ERR_OK;
	case MODEM_CHOICE_WAIT_SAME:
	case MODEM_CHOICE_NEVER:
		ret_answer->result = GATE_WAIT_ROW;
		return ERR_OK;
	case MODEM_CHOICE_BUSY:
	case MODEM_CHOICE_NONE:
		break;
	}
	ret_answer->result = GATE_BUSY;
	return ERR_OK;
}

static void world_withdraw(struct channel *channel, struct send *req)
{
	(void)channel;
	for (int i = 0; i < WORLD_SIMS; i++) {
		if (current_world->sims[i].reserved == req)
			current_world->sims[i].reserved = NULL;
	}
}

static int64_t world_room(struct channel *channel, enum lane lane, int64_t until_ms)
{
	struct world *w = current_world;
	int64_t sum = 0;

	(void)channel;
	for (int i = 0; i < WORLD_SIMS; i++) {
		int64_t room = caps_until(&w->sims[i].caps, lane, w->clock.wall, until_ms);

		sum = room > INT64_MAX - sum ? INT64_MAX : sum + room;
	}
	return sum;
}

static const struct channel_gate world_gate = {world_admit, world_withdraw, world_room};

/* Which SIM was kept for it; -1 on the other channels. */
static int take_reserved(struct world *w, const struct send *req)
{
	for (int i = 0; i < WORLD_SIMS; i++) {
		if (w->sims[i].reserved == req) {
			w->sims[i].reserved = NULL;
			return i;
		}
	}
	return -1;
}

static void settle_use(struct world *w, const struct world_flight *f)
{
	enum err err;

	if (f->sim < 0)
		return;
	w->sims[f->sim].flights--;
	err = sms_use_settle(w->store, f->req->outbox_id,
		f->outcome.result == SEND_SENT || f->outcome.result == SEND_IN_DOUBT
			? segments_of(f->req)
			: 0);
	CHECK(!err);
	if (f->outcome.result == SEND_RETRY || f->outcome.result == SEND_REFUSED)
		dispatch_ungate(f->channel->dispatch, CHANNEL_MODEM);
}

static int world_send(struct channel *channel, struct send *req)
{
	struct world *w = current_world;
	int sim = take_reserved(w, req);

	CHECK((sim >= 0) == (channel->kind == CHANNEL_MODEM));
	if (!w->is_calm && chance(w, w->faults_per_mille / 10)) {
		enum err err = sim < 0 ? ERR_OK : sms_use_settle(w->store, req->outbox_id, 0);

		CHECK(!err);
		return ERR_BUSY;
	}
	for (int i = 0; i < WORLD_FLIGHTS; i++) {
		struct world_flight *f = &w->flights[i];

		if (f->req)
			continue;
		f->req = req;
		f->channel = channel;
		f->sim = sim;
		if (sim >= 0)
			w->sims[sim].flights++;
		decide_fate(w, f);
		return ERR_OK;
	}
	CHECK(false);
	return ERR_BUG;
}

static void world_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	for (int i = 0; i < WORLD_FLIGHTS; i++) {
		if (current_world->flights[i].req == req)
			current_world->flights[i].answer_ms = current_world->clock.mono;
	}
}

static void world_close(struct channel *channel, channel_close_cb cb)
{
	cb(channel);
}

static const struct channel_ops world_ops = {world_send, world_cancel, world_close};

void world_connect(struct world *w, struct store *store, struct dispatch *dispatch)
{
	current_world = w;
	w->store = store;
	for (int i = 0; i < WORLD_SIMS; i++) {
		w->sims[i].reserved = NULL;
		w->sims[i].flights = 0;
	}
	memset(w->flights, 0, sizeof(w->flights));
	for (int i = 0; i < CHANNEL_KIND_COUNT; i++) {
		w->channels[i] = (struct channel){.ops = &world_ops,
			.gate = i == CHANNEL_MODEM ? &world_gate : NULL,
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

/* What the modem process tells of the segments that the network took. */
static void note_sent(struct world *w, struct store *store, const struct world_flight *f)
{
	const struct world_accepted *a = &w->accepted[f->accepted];

	for (int i = 0; f->channel->kind == CHANNEL_MODEM && i < f->known; i++) {
		enum err err = outbox_part_sent(store, a->outbox_id, i + 1, a->segments,
			w->sims[a->sim].name, (a->tp_mr + i) & 0xff, w->clock.wall);

		CHECK(!err);
	}
}

void world_answer(struct world *w, struct store *store)
{
	for (int i = 0; i < WORLD_FLIGHTS; i++) {
		struct world_flight f = w->flights[i];

		if (!f.req || f.answer_ms > w->clock.mono)
			continue;
		w->flights[i].req = NULL;
		if (f.accepted >= 0)
			note_sent(w, store, &f);
		settle_use(w, &f);
		f.req->done(f.req, &f.outcome);
	}
}

/* The next segment of it, in any order, that was not spoken of; -1 none. */
static int next_report(struct world *w, struct world_accepted *a)
{
	int first = (int)rng_below(&w->rng, a->taken ? a->taken : 1);

	for (int i = 0; i < a->taken; i++) {
		int segment = (first + i) % a->taken;

		if (!(a->reported & 1u << segment)) {
			a->reported |= 1u << segment;
			return segment;
		}
	}
	return -1;
}

bool world_report(struct world *w, struct store *store)
{
	for (int i = 0; i < w->accepted_count; i++) {
		struct world_accepted *a = &w->accepted[i];
		int64_t id;
		int segment;
		enum err err;

		if (a->channel != CHANNEL_MODEM || a->at_ms == w->clock.mono)
			continue;
		segment = next_report(w, a);
		/* Some networks never report. */
		if (segment < 0 || rng_below(&w->rng, 5) == 0)
			continue;
		err = outbox_part_report(store, w->sims[a->sim].name, (a->tp_mr + segment) & 0xff,
			a->party_id, true, w->clock.wall, &id);
		CHECK(!err || err == ERR_NOT_FOUND);
		return true;
	}
	return false;
}
