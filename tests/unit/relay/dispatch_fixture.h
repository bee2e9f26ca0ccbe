/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For tests of the dispatcher: one channel that does what the test says, on a virtual clock. */
#ifndef BINHYEN_TESTS_UNIT_RELAY_DISPATCH_FIXTURE_H
#define BINHYEN_TESTS_UNIT_RELAY_DISPATCH_FIXTURE_H

#include "daemon/relay/dispatch.h"
#include "store/event.h"
#include "tests/lib/store_fixture.h"

#define SENDS_MAX 80

struct dispatch_fixture {
	struct store_fixture s;
	struct dispatch *dispatch;
	struct channel channel;
	struct send *sends[SENDS_MAX]; /* in the order in which they were given */
	int count;
	int cancelled;
	int wakes;
	enum err refuse; /* what send() answers */
	int64_t next_ms;
	/* The gate. */
	struct gate_answer gate; /* for every row but */
	int64_t free_id;
	int asked, withdrawn;
	int64_t room;
};

static struct dispatch_fixture *current;

static inline int fake_send(struct channel *channel, struct send *req)
{
	(void)channel;
	if (current->refuse)
		return (int)current->refuse;
	assert_true(current->count < SENDS_MAX);
	current->sends[current->count++] = req;
	return ERR_OK;
}

static inline void fake_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	(void)req;
	current->cancelled++;
}

static inline void fake_close(struct channel *channel, channel_close_cb cb)
{
	cb(channel);
}

static const struct channel_ops fake_ops = {fake_send, fake_cancel, fake_close};

static inline enum err fake_admit(
	struct channel *channel, struct send *req, struct gate_answer *ret_answer)
{
	(void)channel;
	current->asked++;
	if (req->outbox_id != current->free_id)
		*ret_answer = current->gate;
	return ERR_OK;
}

static inline void fake_withdraw(struct channel *channel, struct send *req)
{
	(void)channel;
	(void)req;
	current->withdrawn++;
}

static inline int64_t fake_room(struct channel *channel, enum lane lane, int64_t until_ms)
{
	(void)channel;
	(void)lane;
	(void)until_ms;
	return current->room;
}

static const struct channel_gate fake_gate
	__attribute__((unused)) = {fake_admit, fake_withdraw, fake_room};

static inline void count_wake(void *arg)
{
	((struct dispatch_fixture *)arg)->wakes++;
}

static inline void start(struct dispatch_fixture *f, unsigned capacity)
{
	memset(f, 0, sizeof(*f));
	current = f;
	store_fixture_init(&f->s);
	assert_ok(dispatch_new(
		&(struct dispatch_options){
			.store = f->s.store, .seed = 1, .wake = count_wake, .wake_arg = f},
		&f->dispatch));
	f->channel = (struct channel){.ops = &fake_ops,
		.kind = CHANNEL_MODEM,
		.capacity = capacity,
		.is_reachable = true};
	dispatch_add(f->dispatch, &f->channel);
}

static inline void finish(struct dispatch_fixture *f)
{
	dispatch_free(f->dispatch);
	store_fixture_done(&f->s);
}

static inline void tick(struct dispatch_fixture *f)
{
	assert_ok(dispatch_tick(f->dispatch, &f->next_ms));
	end_turn(&f->s);
}

static inline int64_t queue_kind(struct dispatch_fixture *f, const char *number, enum lane lane,
	enum outbox_kind kind, int64_t delay_ms, int64_t standby_for)
{
	struct party party;
	int64_t id;

	assert_ok(party_get(f->s.store, PARTY_PHONE, number, &party));
	assert_ok(outbox_add(f->s.store,
		&(struct outbox_new){.channel = CHANNEL_MODEM,
			.lane = lane,
			.kind = kind,
			.party_id = party.id,
			.standby_for = standby_for,
			.due_ms = f->s.clock.wall + delay_ms,
			.expires_ms = f->s.clock.wall + DAY_MS,
			.text = "xin chao"},
		&id));
	end_turn(&f->s);
	return id;
}

static inline int64_t queue_full(struct dispatch_fixture *f, const char *number, enum lane lane,
	int64_t delay_ms, int64_t standby_for)
{
	return queue_kind(f, number, lane, OUTBOX_KIND_ANSWER, delay_ms, standby_for);
}

static inline int64_t queue(struct dispatch_fixture *f, const char *number, enum lane lane)
{
	return queue_full(f, number, lane, 0, 0);
}

static inline void answer(
	struct dispatch_fixture *f, int index, enum send_result result, enum err err)
{
	struct send *req = f->sends[index];

	req->done(
		req, &(struct send_outcome){.result = result, .err = err, .report_expected = true});
	end_turn(&f->s);
}

/* Not sent; again after `wait_ms`. */
static inline void answer_later(
	struct dispatch_fixture *f, int index, enum err err, int64_t wait_ms)
{
	struct send *req = f->sends[index];

	req->done(req, &(struct send_outcome){
			       .result = SEND_RETRY, .err = err, .retry_after_ms = wait_ms});
	end_turn(&f->s);
}

static inline struct outbox_row row_of(struct dispatch_fixture *f, int64_t id)
{
	struct outbox_row row;

	assert_ok(outbox_load(f->s.store, id, &row));
	return row;
}

static inline int64_t count_events(struct dispatch_fixture *f)
{
	int64_t count, bad;

	assert_ok(event_verify(f->s.store, &count, &bad));
	return count;
}

#endif
