/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tick: settle what is overdue, let standby rows go whose channel is down, claim what is due
 * while there is room. The claim is committed, then the channel gets the message
 * (send_after_commit), then the channel says how it went (send_done) and the row moves on. When the
 * commit fails, nothing was claimed and nothing is sent.
 */
#include "daemon/relay/dispatch_private.h"

#include "daemon/base/log.h"
#include "store/event.h"
#include "store/party.h"
#include "store/turn.h"

/* Rows claimed in one tick and lane; the rest waits for the next turn. */
#define DISPATCH_BATCH	 64
#define DISPATCH_BATCHES 4 /* of rows that are kept back, in one tick and lane */
/* So long an outage leaves messages behind that wait longer than their recipients should once it is
 * over. Shorter ones don't: each of their ends would cost an attempt of so many. */
#define AWAY_MS		(2 * MINUTE_MS)
#define BLOCKED_POLL_MS SECOND_MS /* something is due but its recipient is busy */
#define CLAIM_MODEM_MS \
	(20 * MINUTE_MS) /* 10 segments through the slowest modem, with its kill and respawn */
#define CLAIM_ZALO_MS (6 * MINUTE_MS) /* an upload over a thin line, and a few pieces */
#define CLAIM_HTTP_MS (2 * MINUTE_MS) /* several times the deadline of one request */

enum err dispatch_new(const struct dispatch_options *options, struct dispatch **ret_dispatch)
{
	static const int64_t claim_ms[CHANNEL_KIND_COUNT] = {
		[CHANNEL_MODEM] = CLAIM_MODEM_MS,
		[CHANNEL_ZALO_USER] = CLAIM_ZALO_MS,
		[CHANNEL_ZALO_GROUP] = CLAIM_ZALO_MS,
		[CHANNEL_HTTP_SMS] = CLAIM_HTTP_MS,
		[CHANNEL_ZNS] = CLAIM_ZALO_MS,
	};
	struct dispatch *d = calloc(1, sizeof(*d));

	if (!d)
		return ERR_NOMEM;
	d->store = options->store;
	d->wake = options->wake;
	d->wake_arg = options->wake_arg;
	d->trust = options->trust;
	d->hold = options->hold;
	d->hold_arg = options->hold_arg;
	rng_init(&d->rng, options->seed);
	turn_on_begin(d->store, dispatch_turn_begun, d);
	for (int i = 0; i < CHANNEL_KIND_COUNT; i++)
		d->claim_ms[i] = options->claim_ms[i] ? options->claim_ms[i] : claim_ms[i];
	*ret_dispatch = d;
	return ERR_OK;
}

static void outgoing_free(struct outgoing *out)
{
	if (!out)
		return;
	if (out->prev) {
		*out->prev = out->next;
		if (out->next)
			out->next->prev = out->prev;
	}
	buf_wipe(&out->address);
	buf_wipe(&out->text);
	free(out);
}

void dispatch_free(struct dispatch *d)
{
	struct outgoing *out;

	if (!d)
		return;
	turn_on_begin(d->store, NULL, NULL);
	turn_forget(d->store, d);
	while ((out = d->outgoing)) {
		turn_forget(d->store, out);
		outgoing_free(out);
		CHECK(d->outgoing != out);
	}
	free(d);
}

void dispatch_add(struct dispatch *d, struct channel *channel)
{
	CHECK(!d->channels[channel->kind]);
	d->channels[channel->kind] = channel;
	channel->dispatch = d;
	dispatch_wake(d);
}

void dispatch_way(struct dispatch *d, enum channel_kind kind, struct dispatch_way *ret_way)
{
	const struct channel *channel = d->channels[kind];
	bool is_up = channel && channel->is_reachable && !channel->is_deaf;
	int64_t now_ms = clock_mono_ms(store_clock(d->store));

	if (is_up != d->was_up[kind]) {
		d->was_up[kind] = is_up;
		d->changed_ms[kind] = now_ms;
	}
	*ret_way = (struct dispatch_way){
		.has = channel, .is_up = is_up, .since_ms = now_ms - d->changed_ms[kind]};
}

void dispatch_wake(struct dispatch *d)
{
	d->wake(d->wake_arg);
}

unsigned dispatch_in_flight(const struct dispatch *d)
{
	return d->in_flight;
}

static void send_done(struct send *req, const struct send_outcome *outcome)
{
	struct outgoing *out = container_of(req, struct outgoing, req);
	struct dispatch *d = out->dispatch;
	enum err err = dispatch_settle(d, req->outbox_id, outcome);

	/* The row keeps its claim; its deadline will put it in doubt, which is the truth. */
	if (err)
		log_error(
			"outbox", "id=%lld unsettled=%s", (long long)req->outbox_id, err_name(err));
	out->channel->in_flight--;
	d->in_flight--;
	outgoing_free(out);
	dispatch_wake(d);
}

static void send_after_commit(void *arg, enum err committed)
{
	struct outgoing *out = arg;
	struct channel *channel = out->channel;
	enum err err = committed;

	if (!committed) {
		out->is_handed = true;
		err = (enum err)channel->ops->send(channel, &out->req);
	}
	if (!err)
		return;
	if (committed) {
		/* The claim does not exist: only our own books are put right. */
		if (channel->gate)
			channel->gate->withdraw(channel, &out->req);
		channel->in_flight--;
		out->dispatch->in_flight--;
		outgoing_free(out);
		return;
	}
	send_done(&out->req, &(struct send_outcome){.result = SEND_RETRY, .err = err});
}

static enum err outgoing_new(struct dispatch *d, struct channel *channel,
	const struct outbox_row *row, struct outgoing **ret_out)
{
	struct outgoing *out = calloc(1, sizeof(*out));
	enum err err;

	if (!out)
		return ERR_NOMEM;
	buf_init(&out->address, PARTY_ADDRESS_MAX);
	buf_init(&out->text, OUTBOX_BODY_MAX);
	err = party_address(d->store, row->party_id, &out->address);
	if (!err)
		err = outbox_text(d->store, row->id, &out->text);
	if (err) {
		outgoing_free(out);
		return err;
	}
	out->dispatch = d;
	out->channel = channel;
	out->req = (struct send){.outbox_id = row->id,
		.lane = row->lane,
		.kind = row->kind,
		.party_id = row->party_id,
		.report_id = row->report_id,
		.attempt = row->attempts,
		.address = buf_text(&out->address),
		.text = buf_text(&out->text),
		.enclosure_id = row->enclosure_id,
		.expires_ms = row->expires_ms,
		.done = send_done};
	*ret_out = out;
	return ERR_OK;
}

static void outgoing_link(struct dispatch *d, struct outgoing *out)
{
	out->next = d->outgoing;
	out->prev = &d->outgoing;
	if (out->next)
		out->next->prev = &out->next;
	d->outgoing = out;
}

/* Once admitted, the channel keeps room for it: whatever fails from here on must give it back. */
static enum err claim_admitted(struct dispatch *d, struct outgoing *out, struct outbox_row *row)
{
	struct channel *channel = out->channel;
	enum err err;

	row->segments = out->req.segments;
	err = outbox_claim_row(d->store, row, d->claim_ms[channel->kind]);
	out->req.attempt = row->attempts;
	if (!err && out->req.via)
		err = outbox_move(d->store, row->id,
			&(struct outbox_move){.to = OUTBOX_SUBMITTED,
				.deadline_ms = row->deadline_ms,
				.via = out->req.via});
	out->req.via = NULL;
	if (!err)
		err = turn_defer(d->store, send_after_commit, out);
	if (err) {
		if (channel->gate)
			channel->gate->withdraw(channel, &out->req);
		outgoing_free(out);
		return err;
	}
	outgoing_link(d, out);
	channel->in_flight++;
	d->in_flight++;
	return ERR_OK;
}

/* It waits for the end of the night, or for its own. */
static enum err hold_back(struct dispatch *d, const struct outbox_row *row, bool *ret_is_held)
{
	int64_t until_ms = 0;
	enum err err = ERR_OK;

	*ret_is_held = false;
	if (d->hold && row->delivery_id)
		err = d->hold(d->hold_arg, row, &until_ms);
	if (err || !until_ms)
		return err;
	*ret_is_held = true;
	if (until_ms == INT64_MAX)
		return outbox_move(d->store, row->id,
			&(struct outbox_move){.to = OUTBOX_CANCELLED, .error = ERR_DENIED});
	return outbox_hold(d->store, row->id,
		until_ms < row->expires_ms ? until_ms : row->expires_ms, ERR_RATE);
}

static enum err start_one(struct dispatch *d, struct channel *channel, struct outbox_row *row,
	enum gate_result *ret_gate)
{
	struct gate_answer answer = {.result = GATE_GO};
	struct outgoing *out;
	bool is_held = false;
	enum err err = hold_back(d, row, &is_held);

	*ret_gate = is_held ? GATE_WAIT_ROW : GATE_GO;
	if (err || is_held)
		return err;
	err = outgoing_new(d, channel, row, &out);
	/* A row that can't be opened must not stop the others: it fails and says so. */
	if (err == ERR_WRONG_KEY || err == ERR_NOT_FOUND || err == ERR_CORRUPT)
		return dispatch_give_up(d, row, OUTBOX_FAILED, err, NULL);
	if (err)
		return err;
	if (channel->gate)
		err = channel->gate->admit(channel, &out->req, &answer);
	if (!err && answer.result == GATE_GO)
		return claim_admitted(d, out, row);
	outgoing_free(out);
	*ret_gate = answer.result;
	return err ? err : gate_keep_back(d, channel, row, &answer);
}

static bool is_gated(struct dispatch *d, const struct channel *channel, enum lane lane)
{
	return d->gated[channel->kind].until_ms[lane] > dispatch_now(d);
}

/* How many more sends of a lane a channel takes. */
static unsigned room_of(const struct channel *channel, enum lane lane)
{
	unsigned capacity = channel->capacity;

	if (lane <= LANE_ANSWER)
		capacity += channel->passing;
	return capacity > channel->in_flight ? capacity - channel->in_flight : 0;
}

/* Up to a batch of rows; *ret_goes_on: some were kept back, so that others may be behind them. */
static enum err fill_batch(
	struct dispatch *d, struct channel *channel, enum lane lane, bool *ret_goes_on)
{
	struct outbox_row rows[DISPATCH_BATCH];
	unsigned room = room_of(channel, lane);
	enum gate_result gate = GATE_GO;
	int count = 0;
	enum err err;

	*ret_goes_on = false;
	if (!room)
		return ERR_OK;
	if (room > DISPATCH_BATCH)
		room = DISPATCH_BATCH;
	err = outbox_ready(d->store, channel->kind, lane, rows, (int)room, &count);
	for (int i = 0; !err && i < count; i++) {
		err = start_one(d, channel, &rows[i], &gate);
		if (gate == GATE_WAIT_ROW)
			*ret_goes_on = true;
		else if (gate != GATE_GO)
			break;
	}
	return err;
}

static enum err fill_lane(struct dispatch *d, struct channel *channel, enum lane lane)
{
	bool goes_on = true;
	enum err err = ERR_OK;

	for (int i = 0; !err && goes_on && i < DISPATCH_BATCHES; i++) {
		if (is_gated(d, channel, lane))
			return ERR_OK;
		err = fill_batch(d, channel, lane, &goes_on);
	}
	if (!err && goes_on)
		dispatch_wake(d);
	return err;
}

/* Before anything is claimed: what stood by for a channel that is down may go by another in the
 * same tick. */
static enum err release_standby(struct dispatch *d)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < CHANNEL_KIND_COUNT; i++) {
		if (d->channels[i] && !d->channels[i]->is_reachable)
			err = outbox_release_standby(
				d->store, (enum channel_kind)i, dispatch_now(d));
	}
	return err;
}

static enum err look_at_return(struct dispatch *d, const struct channel *channel)
{
	int64_t now_ms = clock_mono_ms(store_clock(d->store));
	int64_t *away_ms = &d->away_ms[channel->kind];
	enum err err = ERR_OK;

	if (!channel->is_reachable || channel->is_deaf) {
		if (!*away_ms)
			*away_ms = now_ms > 0 ? now_ms : 1;
		return ERR_OK;
	}
	if (*away_ms && now_ms - *away_ms >= AWAY_MS) {
		log_info("outbox", "channel=%s back_after_s=%lld", channel_kind_text(channel->kind),
			(long long)((now_ms - *away_ms) / SECOND_MS));
		err = outbox_due_again(d->store, channel->kind);
	}
	if (!err)
		*away_ms = 0;
	return err;
}

static enum err fill_channel(struct dispatch *d, struct channel *channel)
{
	enum err err = ERR_OK;

	for (int lane = 0; !err && lane < LANE_COUNT; lane++)
		err = fill_lane(d, channel, (enum lane)lane);
	return err;
}

static enum err next_of_channel(struct dispatch *d, struct channel *channel, int64_t *ret_next_ms)
{
	int64_t due_ms, now_ms = dispatch_now(d);
	enum err err;

	for (int lane = 0; lane < LANE_COUNT; lane++) {
		int64_t until_ms = d->gated[channel->kind].until_ms[lane];

		/* A full or deaf channel wakes us itself. */
		if (!room_of(channel, (enum lane)lane))
			continue;
		err = outbox_lane_due(d->store, channel->kind, (enum lane)lane, &due_ms);
		if (err)
			return err;
		if (due_ms == INT64_MAX)
			d->gated[channel->kind].short_count[lane] = 0;
		if (due_ms < until_ms)
			due_ms = until_ms;
		if (due_ms <= now_ms)
			due_ms = now_ms + BLOCKED_POLL_MS;
		if (due_ms < *ret_next_ms)
			*ret_next_ms = due_ms;
	}
	return ERR_OK;
}

enum err dispatch_tick(struct dispatch *d, int64_t *ret_next_ms)
{
	int64_t next_ms;
	enum err err;

	err = dispatch_check_clock(d);
	gate_open(d);
	if (!err)
		err = dispatch_settle_overdue(d);
	if (!err)
		err = release_standby(d);
	for (int i = 0; !err && i < CHANNEL_KIND_COUNT; i++) {
		if (d->channels[i])
			err = look_at_return(d, d->channels[i]);
	}
	for (int i = 0; !err && i < CHANNEL_KIND_COUNT; i++) {
		if (d->channels[i])
			err = fill_channel(d, d->channels[i]);
	}
	if (!err)
		err = outbox_next_deadline(d->store, &next_ms);
	for (int i = 0; !err && i < CHANNEL_KIND_COUNT; i++) {
		if (d->channels[i])
			err = next_of_channel(d, d->channels[i], &next_ms);
	}
	if (!err)
		*ret_next_ms = next_ms;
	return err;
}
