/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message through one modem: its segments one after another without a pause, each answered by
 * `sent` (its TP-MR is kept for the delivery report) or `failed`. A segment that surely did not go
 * is tried again a few times at once, so that a long message is not torn; what may have gone is in
 * doubt and left alone.
 *
 * Between two segments of a bulletin one alarm or answer may pass it, so that whoever reports does
 * not wait for the end of a long one: the bulletin is parked, and goes on when the other is over.
 * Handsets put segments together by their reference, whatever comes between.
 */
#include "daemon/relay/modem_private.h"
#include "store/party.h"

#include <string.h>

static void send_segment(struct modem *modem);
static void go_on(struct modem *modem);

static int64_t now_of(const struct modem *modem)
{
	return clock_wall_ms(store_clock(modem->pool->store));
}

static void sending_reset(struct modem_sending *s)
{
	for (int i = 0; i < s->total; i++) {
		explicit_bzero(s->segments[i], strlen(s->segments[i]));
		free(s->segments[i]);
	}
	*s = (struct modem_sending){0};
}

/* A number that takes no texts says nothing about the modem. */
static void judge(struct modem *modem, enum send_result result)
{
	if (result == SEND_SENT)
		modem->failures = 0;
	else if (result != SEND_REFUSED)
		modem->failures++;
}

/* The one place where a message leaves the modem's hands. */
static void let_go(struct modem *modem, const struct send_outcome *outcome)
{
	struct send_outcome copy = *outcome;
	struct modem_sending *s = &modem->sending;
	struct send *req = s->req;
	struct line_report early = s->early_report;
	bool has_early = s->has_early_report;
	int64_t party_id = req->party_id;
	bool may_have_gone = outcome->result == SEND_IN_DOUBT && s->next < s->total;

	uv_timer_stop(&modem->segment);
	judge(modem, outcome->result);
	modem_gate_settle(modem, req->outbox_id, s->next + may_have_gone);
	sending_reset(&modem->sending);
	copy.via = modem_sim(modem);
	req->done(req, &copy);
	if (has_early)
		modem_report_again(modem, &early, party_id);
}

static void finish(struct modem *modem, const struct send_outcome *outcome)
{
	let_go(modem, outcome);
	go_on(modem);
	modem_pool_changed(modem->pool);
}

static enum err keep_segment(void *arg, int seq, int total, const char *text)
{
	struct modem_sending *s = arg;

	(void)total;
	if (seq > SMS_PARTS_MAX)
		return ERR_TOO_BIG;
	s->segments[seq - 1] = strdup(text);
	if (!s->segments[seq - 1])
		return ERR_NOMEM;
	s->total = seq;
	return ERR_OK;
}

static void segment_timeout(uv_timer_t *timer)
{
	struct modem *modem = timer->data;

	if (!modem->sending.req)
		return;
	if (modem->sending.is_outstanding)
		modem_kill(modem, "no answer to a send");
	else
		send_segment(modem);
}

static int validity_minutes(const struct modem *modem, const struct send *req)
{
	int64_t minutes = (req->expires_ms - now_of(modem)) / MINUTE_MS;

	if (minutes < 5)
		return 5;
	return minutes > MODEM_VALIDITY_MAX_MIN ? MODEM_VALIDITY_MAX_MIN : (int)minutes;
}

static void send_segment(struct modem *modem)
{
	struct modem_sending *s = &modem->sending;
	struct line line = {.type = LINE_SEND};
	struct line_send *send = &line.send;
	enum err err;

	send->id = s->req->outbox_id;
	send->part = s->next + 1;
	send->total = s->total;
	send->ref = s->ref;
	send->wants_report = true;
	send->validity_min = validity_minutes(modem, s->req);
	err = str_copy(send->to, sizeof(send->to), s->req->address);
	if (!err)
		err = str_copy(send->text, sizeof(send->text), s->segments[s->next]);
	if (!err)
		err = str_copy(send->coding, sizeof(send->coding),
			s->coding == SMS_CODING_UCS2 ? "ucs2" : "gsm7");
	CHECK(!err);
	s->is_outstanding = true;
	s->tries++;
	uv_timer_start(&modem->segment, segment_timeout, MODEM_SEGMENT_WAIT_MS, 0);
	modem_write(modem, &line);
}

static void refuse_later(uv_timer_t *timer)
{
	struct modem *modem = timer->data;

	if (modem->sending.req)
		finish(modem, &(struct send_outcome){.result = SEND_REFUSED, .err = ERR_TOO_BIG});
}

static void retry_later(uv_timer_t *timer)
{
	struct modem *modem = timer->data;

	if (modem->sending.req)
		finish(modem, &(struct send_outcome){.result = SEND_RETRY, .err = ERR_IO});
}

void modem_send_begin(struct modem *modem, struct send *req)
{
	struct modem_sending *s = &modem->sending;
	struct sms_size size;
	enum err err;

	CHECK(modem->phase == MODEM_READY);
	if (s->req) {
		CHECK(!modem->passing);
		modem->passing = req;
		modem_pool_changed(modem->pool);
		return;
	}
	s->req = req;
	s->began_ms = clock_mono_ms(store_clock(modem->pool->store));
	err = sms_text_size(req->text, &size);
	if (!err) {
		s->coding = size.coding;
		err = sms_text_split(req->text, keep_segment, s);
	}
	if (!err && s->total > 1)
		err = party_next_ref(modem->pool->store, req->party_id, &s->ref);
	if (err && err_class(err) != ERR_CLASS_PERMANENT) {
		/* The store can't be written: later. */
		log_error("outbox", "id=%lld unsendable=%s", (long long)req->outbox_id,
			err_name(err));
		uv_timer_start(&modem->segment, retry_later, 0, 0);
		return;
	}
	if (err || !s->total) {
		/* done() may not be called from within send(). */
		uv_timer_start(&modem->segment, refuse_later, 0, 0);
		return;
	}
	send_segment(modem);
	/* What waited for a free modem may pass it. */
	if (modem_yields(modem))
		modem_pool_changed(modem->pool);
}

/* What passes comes first, then what it passed. */
static void go_on(struct modem *modem)
{
	struct send *passing = modem->passing;

	/* It stops: what has not gone is lost with its process. */
	if (modem->phase != MODEM_READY)
		return;
	if (passing) {
		modem->passing = NULL;
		if (modem->sending.req) {
			modem->parked = modem->sending;
			modem->sending = (struct modem_sending){0};
		}
		modem_send_begin(modem, passing);
	} else if (!modem->sending.req && modem->parked.req) {
		modem->sending = modem->parked;
		modem->parked = (struct modem_sending){0};
		send_segment(modem);
	}
}

static bool is_current(const struct modem *modem, int64_t id, int part)
{
	const struct modem_sending *s = &modem->sending;

	return s->req && s->is_outstanding && s->req->outbox_id == id && s->next + 1 == part;
}

static void note_part(struct modem *modem, const struct line_sent *sent, int total)
{
	enum err err = outbox_part_sent(modem->pool->store, sent->id, sent->part, total,
		modem_sim(modem), sent->mr, now_of(modem));

	/* Without the reference its report can't be matched: the row stays SENT, which is true. */
	if (err)
		log_error("outbox", "id=%lld part=%d unnoted=%s", (long long)sent->id, sent->part,
			err_name(err));
}

void modem_send_sent(struct modem *modem, const struct line_sent *sent)
{
	struct modem_sending *s = &modem->sending;

	if (!is_current(modem, sent->id, sent->part)) {
		log_warn("modem", "name=%s unexpected=sent id=%lld", modem->config->name,
			(long long)sent->id);
		return;
	}
	note_part(modem, sent, s->total);
	modem->sent++;
	s->is_outstanding = false;
	s->tries = 0;
	if (++s->next < s->total) {
		if (modem->passing && modem->phase == MODEM_READY)
			go_on(modem);
		else
			send_segment(modem);
		return;
	}
	finish(modem, &(struct send_outcome){.result = SEND_SENT, .report_expected = true});
}

static void segment_failed(struct modem *modem, enum err err)
{
	struct modem_sending *s = &modem->sending;
	bool is_torn = s->next > 0;

	if (err_class(err) == ERR_CLASS_PERMANENT) {
		finish(modem, &(struct send_outcome){.result = SEND_REFUSED, .err = err});
		return;
	}
	if (s->tries < MODEM_SEGMENT_TRIES) {
		uv_timer_start(&modem->segment, segment_timeout, MODEM_SEGMENT_RETRY_MS, 0);
		return;
	}
	/* Some of it is out: beginning again would repeat that, so a person or the deadline
	 * decides. */
	finish(modem,
		&(struct send_outcome){.result = is_torn ? SEND_IN_DOUBT : SEND_RETRY, .err = err});
}

void modem_send_failed(struct modem *modem, const struct line_failed *failed)
{
	enum err err = modem_code_err(failed->kind, failed->code);

	if (!is_current(modem, failed->id, failed->part)) {
		log_warn("modem", "name=%s unexpected=failed id=%lld", modem->config->name,
			(long long)failed->id);
		return;
	}
	log_warn("modem", "name=%s failed id=%lld part=%d kind=%s code=%d err=%s in_doubt=%d",
		modem->config->name, (long long)failed->id, failed->part, failed->kind,
		failed->code, err_name(err), failed->is_in_doubt);
	modem->sending.is_outstanding = false;
	if (!failed->is_in_doubt) {
		segment_failed(modem, err);
		return;
	}
	modem->doubtful_id = failed->id;
	finish(modem, &(struct send_outcome){.result = SEND_IN_DOUBT, .err = ERR_TIMEOUT});
}

void modem_send_late(struct modem *modem, const struct line_sent *late)
{
	enum err err;

	if (late->id != modem->doubtful_id)
		return;
	modem->doubtful_id = 0;
	err = outbox_part_late(
		modem->pool->store, late->id, late->part, modem_sim(modem), late->mr);
	if (err)
		log_error("outbox", "id=%lld unsettled=%s", (long long)late->id, err_name(err));
}

/* A message of which a segment went is torn. */
static void lose(struct modem *modem, enum err why)
{
	const struct modem_sending *s = &modem->sending;

	let_go(modem, &(struct send_outcome){
			      .result = s->is_outstanding || s->next ? SEND_IN_DOUBT : SEND_RETRY,
			      .err = why});
}

void modem_send_lost(struct modem *modem, enum err why)
{
	struct send *passing = modem->passing;

	if (!modem->sending.req && !modem->parked.req && !passing)
		return;
	if (modem->sending.req)
		lose(modem, why);
	if (modem->parked.req) {
		modem->sending = modem->parked;
		modem->parked = (struct modem_sending){0};
		lose(modem, why);
	}
	modem->passing = NULL;
	if (passing) {
		modem_gate_settle(modem, passing->outbox_id, 0);
		passing->done(passing, &(struct send_outcome){.result = SEND_RETRY, .err = why});
	}
	modem_pool_changed(modem->pool);
}
