/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message of the channels zalo_user (POST /v3.0/oa/message/cs: whoever interacted within 7
 * days), zalo_group (POST /v3.0/oa/group/message: no window) and zns (zalo_zns.c). It is one call
 * or several (zalo_step.h), each once the one before is committed, after its attachment was
 * uploaded (zalo_upload.c) and unless its recipient is known not to be reached (zalo_window.c). A
 * call ends by the API's answer, or without one: surely not sent while no byte of the body had
 * left, in doubt otherwise, which zalo_settle.c looks up.
 */
#include "daemon/relay/zalo_send.h"

#include "daemon/base/log.h"
#include "store/turn.h"

#include <inttypes.h>
#include <string.h>

#define HOLD_MS	 (70 * SECOND_MS) /* a minute, and within the claim with the call itself */
#define CLAIM_MS (2 * MINUTE_MS)  /* the next piece is another claim's */

static void send_replied(struct zalo_call *call, const struct zalo_answer *answer);

struct zalo_send *zalo_send_new(struct zalo_channel *c, struct send *req)
{
	struct zalo_send *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->channel = c;
	s->req = req;
	s->started_ms = zalo_mono(c->zalo);
	s->outcome = (struct send_outcome){.result = SEND_RETRY, .err = ERR_STATE};
	zalo_call_init(&s->call, c->zalo, zalo_gate_use(req), send_replied);
	s->call.api = c->channel.kind == CHANNEL_ZNS ? ZALO_API_ZNS : ZALO_API_OA;
	return s;
}

void zalo_send_free(struct zalo_send *s)
{
	zalo_call_free(&s->call);
	zalo_step_done(&s->step);
	free(s);
}

void zalo_send_end(struct zalo_send *s, const struct send_outcome *outcome)
{
	struct zalo_channel *c = s->channel;
	struct zalo *z = c->zalo;
	struct send *req = s->req;
	struct send_outcome told = *outcome;
	char tail[LOG_TAIL_BYTES];

	told.via = z->config->oa_id;
	if (outcome->result == SEND_IN_DOUBT)
		zalo_settle_soon(z);
	log_info("zalo_send", "id=%" PRId64 " channel=%s to=%s result=%s error=%s ms=%" PRId64,
		req->outbox_id, channel_kind_text(c->channel.kind), log_tail(req->address, tail),
		outcome->result == SEND_SENT	  ? "sent"
		: outcome->result == SEND_RETRY	  ? "retry"
		: outcome->result == SEND_REFUSED ? "refused"
						  : "in_doubt",
		err_name(outcome->err), zalo_mono(z) - s->started_ms);
	turn_forget(z->store, s);
	zalo_send_free(s);
	zalo_gate_ended(c, req);
	zalo_channels_update(z);
	req->done(req, &told);
}

static void send_finish(struct zalo_send *s, const struct send_outcome *outcome)
{
	struct zalo_send **at = &s->channel->sends;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	zalo_send_end(s, outcome);
}

void zalo_send_finish_later(struct zalo_send *s, const struct send_outcome *outcome)
{
	s->outcome = *outcome;
	s->phase = PHASE_OVER;
	zalo_wake(s->channel->zalo);
}

static void send_retry_later(struct zalo_send *s, enum err err)
{
	zalo_send_finish_later(s, &(struct send_outcome){.result = SEND_RETRY, .err = err});
}

static struct send_outcome refusal(enum err err, const char *note)
{
	return (struct send_outcome){.result = SEND_REFUSED, .err = err, .note = note};
}

/* ---- one call after the other ----------------------------------------------------------------
 */

/* Goes on from a callback, where nobody takes an error. */
static void send_resume(struct zalo_send *s)
{
	enum err err = zalo_send_go_on(s);

	if (err)
		send_finish(s, &(struct send_outcome){.result = SEND_RETRY, .err = err});
}

/* Does the call under way put a message into the list that is polled? */
static bool is_listed(const struct zalo_send *s)
{
	return s->phase == PHASE_POST && s->channel->channel.kind == CHANNEL_ZALO_USER &&
	       s->req->kind != OUTBOX_KIND_TICK;
}

static enum err start_call(struct zalo_send *s, enum zalo_phase phase)
{
	enum err err = zalo_call_start(&s->call);

	/* Several were handed over for the last room there was. */
	if (err == ERR_RATE && s->phase != PHASE_HELD)
		s->held_ms = zalo_mono(s->channel->zalo);
	s->phase = err == ERR_RATE ? PHASE_HELD : phase;
	if (!err && is_listed(s))
		zalo_tally_begin(&s->channel->zalo->tally);
	if (err == ERR_RATE)
		zalo_wake(s->channel->zalo);
	return err == ERR_RATE ? ERR_OK : err;
}

static void piece_committed(void *arg, enum err committed)
{
	struct zalo_send *s = arg;

	/* It has gone, and nothing on disk says so. */
	if (committed)
		send_finish(s, &(struct send_outcome){.result = SEND_IN_DOUBT, .err = committed});
	else if (zalo_mono(s->channel->zalo) > s->started_ms + CLAIM_MS)
		send_finish(s, &(struct send_outcome){
				       .result = SEND_RETRY, .err = ERR_BUSY, .retry_after_ms = 1});
	else
		send_resume(s);
}

static void piece_sent(struct zalo_send *s, const char *message_id)
{
	struct zalo *z = s->channel->zalo;
	enum err err = outbox_piece_sent(z->store, s->req->outbox_id, &s->step.piece, message_id);

	s->phase = PHASE_PIECE;
	if (!err)
		err = turn_defer(z->store, piece_committed, s);
	if (err)
		send_finish(s, &(struct send_outcome){.result = SEND_IN_DOUBT, .err = err});
}

static void upload_again(struct zalo_send *s)
{
	enum err err = enclosure_set_handle(s->channel->zalo->store, s->req->enclosure_id, "", 0);

	s->is_reuploaded = true;
	if (err)
		send_finish(s, &(struct send_outcome){.result = SEND_RETRY, .err = err});
	else
		send_resume(s);
}

static void posted(struct zalo_send *s, const struct zalo_answer *answer)
{
	struct zalo *z = s->channel->zalo;
	char message_id[ZALO_MESSAGE_ID];
	struct send_outcome outcome;

	zalo_send_classify(
		answer, s->req->attempt, zalo_wall(z), message_id, sizeof(message_id), &outcome);
	if (is_listed(s) && outcome.result == SEND_SENT) {
		zalo_tally_sent(&z->tally, message_id);
		zalo_window_spent(z, s->req->party_id, answer->data);
	}
	/* A thumb that may be there already is put there again. */
	if (s->req->kind == OUTBOX_KIND_TICK && outcome.result == SEND_IN_DOUBT)
		outcome.result = SEND_RETRY;
	zalo_refusal_note(s, answer);
	if (zalo_answer_is(answer, ZALO_NEXT_MINUTE) || answer->status == 429)
		outcome.retry_after_ms = zalo_rate_closed_ms(&z->rate, zalo_wall(z));
	if (zalo_answer_is(answer, ZALO_REUPLOAD) && s->step.has_attachment && !s->is_reuploaded)
		upload_again(s);
	else if (outcome.result == SEND_SENT && s->step.total && !s->step.is_last)
		piece_sent(s, message_id);
	else
		send_finish(s, &outcome);
}

static void window_told(struct zalo_send *s, const struct zalo_answer *answer)
{
	struct zalo *z = s->channel->zalo;
	char unused[ZALO_MESSAGE_ID];
	struct send_outcome outcome;
	enum err err;

	if (!zalo_answer_is(answer, ZALO_DONE)) {
		zalo_send_classify(
			answer, s->req->attempt, zalo_wall(z), unused, sizeof(unused), &outcome);
		zalo_refusal_note(s, answer);
		if (outcome.result == SEND_IN_DOUBT)
			outcome.result = SEND_RETRY; /* it was only a question */
		send_finish(s, &outcome);
		return;
	}
	err = zalo_window_told(z, s->req->party_id, answer->data);
	if (err)
		send_finish(s, &(struct send_outcome){.result = SEND_RETRY, .err = err});
	else
		send_resume(s);
}

static void send_replied(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo_send *s = container_of(call, struct zalo_send, call);

	if (answer->is_cancelled && answer->may_have_left && s->phase == PHASE_POST)
		zalo_send_finish_later(
			s, &(struct send_outcome){.result = SEND_IN_DOUBT, .err = ERR_IN_DOUBT});
	else if (answer->is_cancelled)
		send_retry_later(s, ERR_TIMEOUT);
	else if (s->phase == PHASE_WINDOW)
		window_told(s, answer);
	else
		posted(s, answer);
}

/* *ret_is_open false: the question is under way, or it is over. */
static enum err check_window(struct zalo_send *s, bool *ret_is_open)
{
	struct zalo *z = s->channel->zalo;
	struct send_outcome outcome;
	struct zalo_window window;
	enum err err = zalo_window_look(z, s->channel->channel.kind, s->req->party_id, &window);

	*ret_is_open = !err && window.state == ZALO_WINDOW_OPEN;
	if (err)
		return err;
	s->is_window_known = *ret_is_open;
	s->is_free = window.is_free;
	if (*ret_is_open)
		return ERR_OK;
	if (window.state == ZALO_WINDOW_ASK) {
		err = zalo_window_request(&s->call, s->req->address);
		return err ? err : start_call(s, PHASE_WINDOW);
	}
	outcome = refusal(ERR_RECIPIENT, zalo_code_of(s->call.api, window.code)->vi);
	if (window.state == ZALO_WINDOW_UNPAID) {
		outcome.result = SEND_RETRY;
		outcome.err = ERR_QUOTA;
		outcome.retry_after_ms = z->unpaid.until_ms - zalo_mono(z);
	}
	zalo_send_finish_later(s, &outcome);
	return ERR_OK;
}

static enum err post_tick(struct zalo_send *s)
{
	enum err err = zalo_call_path(&s->call, "/v2.0/oa/message");

	if (!err)
		err = zalo_tick_body(s->req->address, s->req->text, &s->call.body);
	return err ? err : start_call(s, PHASE_POST);
}

static enum err post_template(struct zalo_send *s)
{
	struct zalo *z = s->channel->zalo;
	enum err err = zalo_call_url(&s->call, z->config->business_url, "/message/template");

	if (!err)
		err = zalo_zns_body(
			s->req->address, s->req->text, s->req->outbox_id, &s->call.body);
	return err ? err : start_call(s, PHASE_POST);
}

/* ERR_BUSY: it waits for the upload. */
static enum err need_handle(struct zalo_send *s, struct enclosure *a)
{
	struct zalo *z = s->channel->zalo;
	enum err err;

	if (a->handle[0] && a->handle_expires_ms > zalo_wall(z) + MINUTE_MS)
		return ERR_OK;
	s->phase = PHASE_UPLOAD;
	err = zalo_upload_start(z, s->req->enclosure_id, a);
	if (err == ERR_RATE) {
		s->phase = PHASE_HELD;
		s->held_ms = zalo_mono(z);
		zalo_wake(z);
	}
	return err && err != ERR_BUSY && err != ERR_RATE ? err : ERR_BUSY;
}

static enum err gif_size(struct zalo_send *s, struct zalo_gif_size *ret_size)
{
	struct buf data;
	enum err err;

	buf_init(&data, ENCLOSURE_MAX);
	err = enclosure_body(s->channel->zalo->store, s->req->enclosure_id, &data);
	if (!err)
		err = zalo_gif_size(data.data, data.len, ret_size);
	buf_wipe(&data);
	return err;
}

static enum err post_step(struct zalo_send *s, struct enclosure *a)
{
	struct zalo_channel *c = s->channel;
	bool is_group = c->channel.kind == CHANNEL_ZALO_GROUP;
	struct zalo_gif_size size = {0};
	enum err err = ERR_OK;

	if (s->step.has_attachment)
		err = need_handle(s, a);
	if (err)
		return err == ERR_BUSY ? ERR_OK : err;
	if (s->step.has_attachment && a->kind == ENCLOSURE_GIF)
		err = gif_size(s, &size);
	if (!err)
		err = zalo_call_path(
			&s->call, is_group ? "/v3.0/oa/group/message" : "/v3.0/oa/message/cs");
	if (!err)
		err = zalo_step_body(
			c->channel.kind, s->req->address, &s->step, a, &size, &s->call.body);
	return err ? err : start_call(s, PHASE_POST);
}

static enum err next_step(struct zalo_send *s)
{
	struct store *store = s->channel->zalo->store;
	struct enclosure a = {0};
	struct outbox_piece gone;
	enum err err = outbox_piece_last(store, s->req->outbox_id, &gone);

	if (!err && s->req->enclosure_id)
		err = enclosure_load(store, s->req->enclosure_id, &a);
	if (err)
		return err;
	zalo_step_done(&s->step);
	err = zalo_step_next(s->channel->channel.kind, s->req->text,
		s->req->enclosure_id ? &a : NULL, &gone, &s->step);
	return err ? err : post_step(s, &a);
}

enum err zalo_send_go_on(struct zalo_send *s)
{
	bool is_open = true;
	enum err err = ERR_OK;

	if (s->req->kind == OUTBOX_KIND_TICK)
		return post_tick(s);
	if (s->channel->channel.kind != CHANNEL_ZALO_GROUP && !s->is_window_known)
		err = check_window(s, &is_open);
	if (!err && is_open)
		err = s->channel->channel.kind == CHANNEL_ZNS ? post_template(s) : next_step(s);
	/* A message that can't be said this way never will be. */
	if (err == ERR_TOO_BIG || err == ERR_INVALID || err == ERR_UNSUPPORTED ||
		err == ERR_NOT_FOUND) {
		struct send_outcome outcome = refusal(err, err_vi(err));

		zalo_send_finish_later(s, &outcome);
		return ERR_OK;
	}
	return err;
}

static bool is_hushed(const struct zalo_send *s)
{
	return s->channel->zalo->is_hushed && s->call.use == ZALO_USE_SEND;
}

static void held_tick(struct zalo_send *s)
{
	struct zalo *z = s->channel->zalo;

	if (zalo_mono(z) > s->held_ms + HOLD_MS)
		send_finish(s, &(struct send_outcome){.result = SEND_RETRY, .err = ERR_RATE});
	else if (!is_hushed(s) && zalo_rate_room(&z->rate, zalo_wall(z), s->call.use))
		send_resume(s);
}

int64_t zalo_send_due_ms(const struct zalo_send *s)
{
	struct zalo *z = s->channel->zalo;
	int64_t wall = zalo_wall(z);

	if (s->phase != PHASE_HELD)
		return INT64_MAX;
	return zalo_mono(z) + zalo_rate_next_ms(&z->rate, wall, s->call.use) - wall;
}

void zalo_send_step(struct zalo_send *s)
{
	if (s->phase == PHASE_OVER)
		send_finish(s, &s->outcome);
	else if (s->phase == PHASE_HELD)
		held_tick(s);
}

void zalo_send_cancel(struct zalo_send *s)
{
	if (zalo_call_is_active(&s->call))
		zalo_call_cancel(&s->call);
	else if (s->phase != PHASE_OVER)
		send_retry_later(s, ERR_TIMEOUT);
}
