/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channels zalo_user (POST /v3.0/oa/message/cs: whoever interacted within 7 days), zalo_group
 * (POST /v3.0/oa/group/message: no window) and zns (zalo_zns.c). A message is one call or several
 * (zalo_step.h), each once the one before is committed, after its attachment was uploaded
 * (zalo_upload.c) and unless its recipient is known not to be reached (zalo_window.c). A call ends
 * by the API's answer, or without one: surely not sent while no byte of the body had left, in doubt
 * otherwise, which zalo_settle.c looks up.
 */
#include "daemon/relay/zalo_private.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "store/turn.h"

#include <inttypes.h>
#include <string.h>

#define HOLD_MS	   (70 * SECOND_MS) /* a minute, and within the claim with the call itself */
#define CLAIM_MS   (2 * MINUTE_MS)  /* the next piece is another claim's */
#define STALE_MS   (3 * SECOND_MS)  /* after that its answer is late, or will never come */
#define STOPPED_MS (10 * MINUTE_MS) /* as long as zalo_codes holds the message back */

enum phase {
	PHASE_HELD,   /* waits for the rate; the claim was spent on it already */
	PHASE_WINDOW, /* Zalo is asked for his last interaction */
	PHASE_UPLOAD, /* waits for its attachment to be there */
	PHASE_POST,
	PHASE_PIECE, /* one has gone, which waits for its commit */
	PHASE_OVER,  /* `outcome` waits for the next tick to be told */
};

struct zalo_send {
	struct zalo_channel *channel;
	struct send *req;
	struct zalo_call call;
	enum phase phase;
	struct zalo_step step;
	int64_t started_ms;   /* monotonic */
	int64_t held_ms;      /* monotonic: since when */
	bool is_reuploaded;   /* its handle was refused once already */
	bool is_window_known; /* he may be written to */
	struct send_outcome outcome;
	struct zalo_send *next;
};

/* Tells how it went; the send is no longer in its channel's list. */
static void send_end(struct zalo_send *s, const struct send_outcome *outcome)
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
	zalo_call_free(&s->call);
	zalo_step_done(&s->step);
	free(s);
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
	send_end(s, outcome);
}

/* For an end that must not be told from within send() or cancel(). */
static void send_finish_later(struct zalo_send *s, const struct send_outcome *outcome)
{
	s->outcome = *outcome;
	s->phase = PHASE_OVER;
	zalo_wake(s->channel->zalo);
}

static void send_retry_later(struct zalo_send *s, enum err err)
{
	send_finish_later(s, &(struct send_outcome){.result = SEND_RETRY, .err = err});
}

static struct send_outcome refusal(enum err err, const char *note)
{
	return (struct send_outcome){.result = SEND_REFUSED, .err = err, .note = note};
}

/* ---- what an answer means beyond this message ------------------------------------------------
 */

/* Once for each reason until something gets through again. */
static void tell_blocked(struct zalo_channel *c, const struct zalo_answer *answer)
{
	struct zalo *z = c->zalo;
	char code[24];
	const struct phrase_field fields[] = {{"code", code}, {NULL, NULL}};
	enum err err;

	if (!z->alarm.fn || c->told_code == answer->code)
		return;
	snprintf(code, sizeof(code), "%" PRId64, answer->code);
	err = z->alarm.fn(z->alarm.arg, "zalo_blocked", fields);
	if (err)
		log_error("zalo_send", "alarm=zalo_blocked error=%s", err_name(err));
	else
		c->told_code = answer->code;
}

static void note_refusal(struct zalo_send *s, const struct zalo_answer *answer)
{
	struct zalo_channel *c = s->channel;
	struct zalo *z = c->zalo;
	enum err err = ERR_OK;

	if (zalo_answer_is(answer, ZALO_TOMORROW))
		c->stopped_ms = zalo_mono(z) + zalo_until_midnight_ms(zalo_wall(z));
	if (zalo_answer_is(answer, ZALO_STOP) || zalo_answer_is(answer, ZALO_HOLD)) {
		c->stopped_ms = zalo_mono(z) + STOPPED_MS;
		tell_blocked(c, answer);
		log_error("zalo_send", "channel=%s code=%" PRId64 " why=\"%s\"",
			channel_kind_text(c->channel.kind), answer->code, zalo_answer_text(answer));
	}
	if (zalo_answer_is(answer, ZALO_OTHER_WAY))
		err = zalo_window_refused(z, c->channel.kind, s->req->party_id, answer->code);
	if (zalo_answer_is(answer, ZALO_DONE))
		c->told_code = 0;
	if (c->channel.kind == CHANNEL_ZNS)
		zalo_zns_note(z, answer);
	if (err)
		log_error("zalo_send", "id=%" PRId64 " unremembered=%s", s->req->outbox_id,
			err_name(err));
}

/* ---- one call after the other ----------------------------------------------------------------
 */

static enum err send_go_on(struct zalo_send *s);

/* Goes on from a callback, where nobody takes an error. */
static void send_resume(struct zalo_send *s)
{
	enum err err = send_go_on(s);

	if (err)
		send_finish(s, &(struct send_outcome){.result = SEND_RETRY, .err = err});
}

/* Does the call under way put a message into the list that is polled? */
static bool is_listed(const struct zalo_send *s)
{
	return s->phase == PHASE_POST && s->channel->channel.kind == CHANNEL_ZALO_USER &&
	       s->req->kind != OUTBOX_KIND_TICK;
}

static enum err start_call(struct zalo_send *s, enum phase phase)
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
	if (is_listed(s) && outcome.result == SEND_SENT)
		zalo_tally_sent(&z->tally, message_id);
	/* A thumb that may be there already is put there again. */
	if (s->req->kind == OUTBOX_KIND_TICK && outcome.result == SEND_IN_DOUBT)
		outcome.result = SEND_RETRY;
	note_refusal(s, answer);
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
		note_refusal(s, answer);
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
		send_finish_later(
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
	enum zalo_window window;
	int64_t code;
	enum err err = zalo_window_look(
		z, s->channel->channel.kind, s->req->party_id, &window, &code);

	*ret_is_open = !err && window == ZALO_WINDOW_OPEN;
	s->is_window_known = *ret_is_open;
	if (err || *ret_is_open)
		return err;
	if (window == ZALO_WINDOW_CLOSED) {
		outcome = refusal(ERR_RECIPIENT, zalo_code_of(s->call.api, code)->vi);
		send_finish_later(s, &outcome);
		return ERR_OK;
	}
	err = zalo_window_request(&s->call, s->req->address);
	return err ? err : start_call(s, PHASE_WINDOW);
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

/* Whatever comes next: from the beginning, after a wait, after a piece. */
static enum err send_go_on(struct zalo_send *s)
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

		send_finish_later(s, &outcome);
		return ERR_OK;
	}
	return err;
}

bool zalo_send_is_quiet(const struct zalo *z)
{
	if (z->admitted)
		return false;
	for (const struct zalo_send *s = z->user.sends; s; s = s->next) {
		if (s->phase != PHASE_OVER && s->phase != PHASE_HELD &&
			zalo_mono(z) - s->started_ms < STALE_MS)
			return false;
	}
	return true;
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

static int64_t held_due(const struct zalo_send *s)
{
	struct zalo *z = s->channel->zalo;
	int64_t wall = zalo_wall(z);

	return zalo_mono(z) + zalo_rate_next_ms(&z->rate, wall, s->call.use) - wall;
}

void zalo_send_uploaded(struct zalo *z, int64_t enclosure_id, const struct send_outcome *outcome)
{
	struct zalo_channel *channels[] = {&z->user, &z->group, &z->zns};

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		for (struct zalo_send *s = channels[i]->sends; s; s = s->next) {
			if (s->phase != PHASE_UPLOAD)
				continue;
			if (s->req->enclosure_id == enclosure_id && outcome->result != SEND_SENT)
				send_finish_later(s, outcome);
			else
				s->phase = PHASE_HELD;
			s->held_ms = zalo_mono(z);
		}
	}
	zalo_wake(z);
}

bool zalo_send_is_flying(const struct zalo *z, int64_t party_id)
{
	const struct zalo_channel *channels[] = {&z->user, &z->group, &z->zns};

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		for (const struct zalo_send *s = channels[i]->sends; s; s = s->next) {
			if (s->req->party_id == party_id)
				return true;
		}
	}
	return false;
}

static int channel_send(struct channel *channel, struct send *req)
{
	struct zalo_channel *c = container_of(channel, struct zalo_channel, channel);
	struct zalo_send *s;
	enum err err;

	zalo_gate_handed(c->zalo);
	s = c->is_closed ? NULL : calloc(1, sizeof(*s));
	if (!s) {
		zalo_gate_ended(c, req);
		return c->is_closed ? ERR_STATE : ERR_NOMEM;
	}
	s->channel = c;
	s->req = req;
	s->started_ms = zalo_mono(c->zalo);
	s->outcome = (struct send_outcome){.result = SEND_RETRY, .err = ERR_STATE};
	zalo_call_init(&s->call, c->zalo, zalo_gate_use(req), send_replied);
	s->call.api = c->channel.kind == CHANNEL_ZNS ? ZALO_API_ZNS : ZALO_API_OA;
	req->channel_data = s;
	s->next = c->sends;
	c->sends = s;
	err = send_go_on(s);
	if (err) {
		c->sends = s->next;
		zalo_call_free(&s->call);
		zalo_step_done(&s->step);
		free(s);
		zalo_gate_ended(c, req);
	}
	return (int)err;
}

static void channel_cancel(struct channel *channel, struct send *req)
{
	struct zalo_send *s = req->channel_data;

	(void)channel;
	if (zalo_call_is_active(&s->call))
		zalo_call_cancel(&s->call);
	else if (s->phase != PHASE_OVER)
		send_retry_later(s, ERR_TIMEOUT);
}

static void channel_end(struct zalo_channel *c)
{
	struct zalo_send *s;

	c->is_closed = true;
	for (s = c->sends; s; s = s->next) {
		if (zalo_call_is_active(&s->call))
			zalo_call_cancel(&s->call);
	}
	while ((s = c->sends)) {
		c->sends = s->next;
		send_end(s, &s->outcome);
	}
}

static void channel_close(struct channel *channel, channel_close_cb cb)
{
	struct zalo_channel *c = container_of(channel, struct zalo_channel, channel);

	channel->close_cb = cb;
	c->wants_close_cb = cb != NULL;
	channel_end(c);
	zalo_wake(c->zalo);
}

static const struct channel_ops ops = {channel_send, channel_cancel, channel_close};

static void tell_closed(struct zalo_channel *c)
{
	if (!c->wants_close_cb)
		return;
	c->wants_close_cb = false;
	c->channel.close_cb(&c->channel);
}

int64_t zalo_send_tick(struct zalo *z)
{
	struct zalo_channel *channels[] = {&z->user, &z->group, &z->zns};
	int64_t mono = zalo_mono(z), due_ms = INT64_MAX;

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		struct zalo_channel *c = channels[i];
		struct zalo_send *next;

		for (struct zalo_send *s = c->sends; s; s = next) {
			next = s->next;
			if (s->phase == PHASE_OVER)
				send_finish(s, &s->outcome);
			else if (s->phase == PHASE_HELD)
				held_tick(s);
		}
		for (struct zalo_send *s = c->sends; s; s = s->next) {
			if (s->phase == PHASE_HELD)
				due_ms = zalo_sooner(due_ms, held_due(s));
		}
		tell_closed(c);
		if (c->stopped_ms > mono)
			due_ms = zalo_sooner(due_ms, c->stopped_ms);
	}
	due_ms = zalo_sooner(due_ms, zalo_gate_tick(z));
	return due_ms;
}

static void channel_init(struct zalo *z, struct zalo_channel *c, enum channel_kind kind)
{
	*c = (struct zalo_channel){.zalo = z};
	c->channel.ops = &ops;
	c->channel.gate = &zalo_gate;
	c->channel.kind = kind;
	c->channel.is_reachable = true; /* not known otherwise until the first poll */
}

void zalo_send_open(struct zalo *z)
{
	channel_init(z, &z->user, CHANNEL_ZALO_USER);
	channel_init(z, &z->group, CHANNEL_ZALO_GROUP);
	channel_init(z, &z->zns, CHANNEL_ZNS);
}

void zalo_send_close(struct zalo *z)
{
	channel_end(&z->user);
	channel_end(&z->group);
	channel_end(&z->zns);
	tell_closed(&z->user);
	tell_closed(&z->group);
	tell_closed(&z->zns);
}
