/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One POST a message; the answer, or the lack of one, ends the send. While the gateway is away it
 * is asked for by GETs without account and text, so that waiting costs no message an attempt; then
 * one message goes first, and the others when that was taken. What a gateway refuses to everybody
 * (a wrong account, no credit) stops the channel for minutes rather than failing the queue.
 */
#include "daemon/relay/http_sms_private.h"

#include "daemon/base/log.h"
#include "daemon/relay/http_header.h"
#include "daemon/base/str.h"
#include "store/vault.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#define SENDS_MAX   8u /* at the same time; as many connections as the client keeps open */
#define SEND_MS	    (30 * SECOND_MS) /* several times within a claim */
#define PROBE_MS    (10 * SECOND_MS)
#define REPLY_MAX   (64 * 1024) /* an answer has some 100 bytes */
#define TICK_MAX_MS MINUTE_MS

struct http_sms_send {
	struct http_sms *sms;
	struct send *req;
	struct http_transfer *transfer;
	int64_t started_ms; /* monotonic */
	bool is_over;	    /* `outcome` waits for the next tick to be told */
	struct send_outcome outcome;
	struct http_sms_send *next;
};

static void timer_fired(uv_timer_t *timer);

static void wake(struct http_sms *sms)
{
	if (!sms->is_closing)
		uv_timer_start(&sms->timer, timer_fired, 1, 0);
}

/* ---- room ------------------------------------------------------------------------------------
 */

static void update(struct http_sms *sms)
{
	struct channel *channel = &sms->channel;
	bool is_held = clock_mono_ms(sms->clock) < sms->hold_ms;
	bool is_reachable = !sms->is_closed && sms->link.is_up && !(is_held && sms->is_stopped);
	unsigned capacity = !is_reachable || is_held ? 0 : sms->is_proven ? SENDS_MAX : 1;

	if (capacity == channel->capacity && is_reachable == channel->is_reachable)
		return;
	if (is_reachable != channel->is_reachable)
		log_info("http_sms", "reachable=%s", is_reachable ? "yes" : "no");
	channel->capacity = capacity;
	channel->is_reachable = is_reachable;
	if (sms->dispatch && channel->dispatch)
		dispatch_wake(sms->dispatch);
}

static void note_away(struct http_sms *sms, const char *text)
{
	sms->text = text;
	sms->is_proven = false;
	if (zalo_link_failed(&sms->link, clock_mono_ms(sms->clock), &sms->rng))
		log_warn("http_sms", "away=\"%s\"", text);
}

static void note_verdict(struct http_sms *sms, const struct http_sms_verdict *verdict)
{
	int64_t until_ms = clock_mono_ms(sms->clock) + verdict->hold_ms;

	if (verdict->is_away) {
		note_away(sms, verdict->text);
		return;
	}
	zalo_link_worked(&sms->link);
	if (verdict->outcome.result == SEND_SENT) {
		sms->is_proven = true;
		sms->is_stopped = false;
		sms->text = "";
	}
	if (!verdict->hold_ms)
		return;
	if (verdict->is_stop && !sms->is_stopped)
		log_error("http_sms", "stopped=\"%s\"", verdict->text);
	sms->is_stopped = verdict->is_stop;
	sms->is_proven = sms->is_proven && !verdict->is_stop;
	sms->text = verdict->text;
	if (until_ms > sms->hold_ms)
		sms->hold_ms = until_ms;
}

/* ---- one send --------------------------------------------------------------------------------
 */

static const char *result_text(enum send_result result)
{
	static const char *const texts[] = {[SEND_SENT] = "sent",
		[SEND_RETRY] = "retry",
		[SEND_REFUSED] = "refused",
		[SEND_IN_DOUBT] = "in_doubt"};

	return texts[result];
}

static void count(struct http_sms *sms, enum send_result result)
{
	sms->counts.sent += result == SEND_SENT;
	sms->counts.refused += result == SEND_REFUSED;
	sms->counts.in_doubt += result == SEND_IN_DOUBT;
}

/* Tells how it went; the send is no longer in the list. */
static void send_end(struct http_sms_send *s, const struct send_outcome *outcome)
{
	struct http_sms *sms = s->sms;
	struct send *req = s->req;
	struct send_outcome told = *outcome;
	char tail[LOG_TAIL_BYTES];

	told.via = sms->config->is_json ? "json" : "kannel";
	told.report_expected = sms->expects_reports;
	count(sms, outcome->result);
	log_info("http_sms", "id=%" PRId64 " to=%s result=%s error=%s ms=%" PRId64, req->outbox_id,
		log_tail(req->address, tail), result_text(outcome->result), err_name(outcome->err),
		clock_mono_ms(sms->clock) - s->started_ms);
	free(s);
	update(sms);
	req->done(req, &told);
}

static void send_finish(struct http_sms_send *s, const struct send_outcome *outcome)
{
	struct http_sms_send **at = &s->sms->sends;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	send_end(s, outcome);
}

/* For an end that must not be told from within send() or cancel(). */
static void send_finish_later(struct http_sms_send *s, enum send_result result, enum err err)
{
	s->outcome = (struct send_outcome){.result = result, .err = err};
	s->is_over = true;
	wake(s->sms);
}

static void send_replied(void *arg, const struct http_result *result)
{
	struct http_sms_send *s = arg;
	struct http_sms *sms = s->sms;
	struct http_sms_reply reply = {.err = result->err,
		.may_have_left = result->may_have_left,
		.reason = result->reason,
		.status = result->status,
		.body = result->body,
		.body_bytes = result->body_bytes};
	struct http_sms_verdict verdict;

	s->transfer = NULL;
	if (result->is_cancelled) {
		send_finish_later(s, result->may_have_left ? SEND_IN_DOUBT : SEND_RETRY,
			result->may_have_left ? ERR_IN_DOUBT : ERR_TIMEOUT);
		return;
	}
	if (!result->err)
		reply.retry_after_ms = http_header_retry_after_ms(
			http_result_header(result, "Retry-After"),
			clock_wall_ms(store_clock(sms->store)));
	if (sms->config->is_json)
		http_sms_json_judge(&sms->config->json, &reply, s->req->attempt, &verdict);
	else
		http_sms_kannel_judge(&reply, s->req->attempt, &verdict);
	note_verdict(sms, &verdict);
	wake(sms);
	send_finish(s, &verdict.outcome);
}

static enum err build(struct http_sms_send *s, struct http_sms_request *request)
{
	struct http_sms *sms = s->sms;
	struct http_sms_account account = {sms->config, sms->secrets->password};
	struct http_sms_message message = {.outbox_id = s->req->outbox_id,
		.to = s->req->address,
		.text = s->req->text,
		.validity_ms = s->req->expires_ms - clock_wall_ms(sms->clock)};
	CLEAN_BUF url = {0};
	enum err err = ERR_OK;

	buf_init(&url, 512);
	if (sms->expects_reports)
		err = http_sms_report_url(sms, s->req->outbox_id, s->req->attempt, &url);
	message.report_url = buf_text(&url);
	if (!err)
		err = sms->config->is_json ? http_sms_json_build(&account, &message, request)
					   : http_sms_kannel_build(&account, &message, request);
	buf_wipe(&url);
	return err;
}

static enum err send_start(struct http_sms_send *s)
{
	struct http_sms *sms = s->sms;
	struct http_sms_request request;
	enum err err;

	http_sms_request_init(&request);
	err = build(s, &request);
	if (err == ERR_INVALID || err == ERR_TOO_BIG) {
		send_finish_later(s, SEND_REFUSED, err);
		err = ERR_OK;
	} else if (!err) {
		err = http_client_start(sms->http,
			&(struct http_client_request){.method = HTTP_POST,
				.url = sms->config->url,
				.headers = request.headers,
				.body = request.body.data,
				.body_bytes = request.body.len,
				.deadline_ms = SEND_MS,
				.reply_max = REPLY_MAX,
				.done = send_replied,
				.arg = s},
			&s->transfer);
	}
	http_sms_request_done(&request);
	return err;
}

static int channel_send(struct channel *channel, struct send *req)
{
	struct http_sms *sms = container_of(channel, struct http_sms, channel);
	struct http_sms_send *s;
	enum err err;

	if (sms->is_closed)
		return ERR_STATE;
	s = calloc(1, sizeof(*s));
	if (!s)
		return ERR_NOMEM;
	s->sms = sms;
	s->req = req;
	s->started_ms = clock_mono_ms(sms->clock);
	s->outcome = (struct send_outcome){.result = SEND_RETRY, .err = ERR_STATE};
	req->channel_data = s;
	s->next = sms->sends;
	sms->sends = s;
	err = send_start(s);
	if (err) {
		sms->sends = s->next;
		free(s);
	}
	return (int)err;
}

static void send_cancel(struct http_sms_send *s)
{
	if (!s->is_over && s->transfer)
		http_transfer_cancel(s->transfer);
}

static void channel_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	send_cancel(req->channel_data);
}

static void channel_end(struct http_sms *sms)
{
	struct http_sms_send *s;

	sms->is_closed = true;
	for (s = sms->sends; s; s = s->next)
		send_cancel(s);
	while ((s = sms->sends)) {
		sms->sends = s->next;
		send_end(s, &s->outcome);
	}
}

static void tell_closed(struct http_sms *sms)
{
	if (!sms->wants_close_cb)
		return;
	sms->wants_close_cb = false;
	sms->channel.close_cb(&sms->channel);
}

static void channel_close(struct channel *channel, channel_close_cb cb)
{
	struct http_sms *sms = container_of(channel, struct http_sms, channel);

	channel->close_cb = cb;
	sms->wants_close_cb = cb != NULL;
	channel_end(sms);
	wake(sms);
}

static const struct channel_ops ops = {channel_send, channel_cancel, channel_close};

/* ---- is it there again? ----------------------------------------------------------------------
 */

static void probe_replied(void *arg, const struct http_result *result)
{
	struct http_sms *sms = arg;
	/* A proxy in front answers also for a gateway that is away. */
	bool is_there = !result->err && result->status != 502 && result->status != 503 &&
			result->status != 504;

	sms->probe = NULL;
	if (result->is_cancelled)
		return;
	if (!is_there)
		note_away(sms, result->err ? result->reason : "nobody behind its proxy");
	else if (zalo_link_worked(&sms->link))
		sms->text = "";
	update(sms);
	wake(sms);
}

static void start_probe(struct http_sms *sms)
{
	enum err err = http_client_start(sms->http,
		&(struct http_client_request){.method = HTTP_GET,
			.url = sms->config->url,
			.deadline_ms = PROBE_MS,
			.reply_max = REPLY_MAX,
			.done = probe_replied,
			.arg = sms},
		&sms->probe);

	if (err)
		note_away(sms, err_en(err));
}

/* ---- life ------------------------------------------------------------------------------------
 */

static void timer_fired(uv_timer_t *timer)
{
	struct http_sms *sms = container_of(timer, struct http_sms, timer);
	int64_t mono_ms = clock_mono_ms(sms->clock), due_ms = mono_ms + TICK_MAX_MS;
	struct http_sms_send *next;

	for (struct http_sms_send *s = sms->sends; s; s = next) {
		next = s->next;
		if (s->is_over)
			send_finish(s, &s->outcome);
	}
	tell_closed(sms);
	if (!sms->is_closed && !sms->link.is_up && !sms->probe) {
		if (mono_ms >= sms->link.next_probe_ms)
			start_probe(sms);
		if (sms->link.next_probe_ms > mono_ms && sms->link.next_probe_ms < due_ms)
			due_ms = sms->link.next_probe_ms;
	}
	if (sms->hold_ms > mono_ms && sms->hold_ms < due_ms)
		due_ms = sms->hold_ms;
	update(sms);
	if (!sms->is_closing && !uv_is_active((uv_handle_t *)timer))
		uv_timer_start(timer, timer_fired, (uint64_t)(due_ms - mono_ms), 0);
}

static void secrets_free(struct http_sms_secrets *secrets)
{
	if (!secrets)
		return;
	explicit_bzero(secrets, sizeof(*secrets));
	munmap(secrets, sizeof(*secrets));
}

/* They go into headers: visible ASCII only. */
static enum err secret_set(
	char secret[HTTP_SMS_SECRET_MAX], const char *text, const char *name, struct errbuf *eb)
{
	for (const char *at = text; *at; at++) {
		if (*at <= 0x20 || *at >= 0x7f)
			return errbuf_set(eb, ERR_INVALID,
				"%s holds a character that is not visible ASCII", name);
	}
	if (str_copy(secret, HTTP_SMS_SECRET_MAX, text))
		return errbuf_set(eb, ERR_TOO_BIG, "%s is longer than %d bytes", name,
			HTTP_SMS_SECRET_MAX - 1);
	return ERR_OK;
}

static enum err secrets_new(
	struct http_sms *sms, const struct http_sms_options *options, struct errbuf *eb)
{
	struct http_sms_secrets *secrets = mmap(
		NULL, sizeof(*secrets), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	enum err err;

	if (secrets == MAP_FAILED)
		return errbuf_set(eb, ERR_NOMEM, "memory for the secrets of the SMS gateway");
	sms->secrets = secrets;
	madvise(secrets, sizeof(*secrets), MADV_DONTDUMP);
	if (mlock(secrets, sizeof(*secrets)))
		log_warn("http_sms", "memory=unlocked");
	err = secret_set(secrets->password, options->password, "http_sms.password", eb);
	if (!err)
		err = secret_set(secrets->token, options->token, "http_sms.token", eb);
	return err;
}

static void sms_free(void *arg)
{
	struct http_sms *sms = arg;
	void (*cb)(void *) = sms->close_cb;
	void *cb_arg = sms->close_arg;

	secrets_free(sms->secrets);
	free(sms);
	if (cb)
		cb(cb_arg);
}

static void timer_closed(uv_handle_t *handle)
{
	struct http_sms *sms = container_of((uv_timer_t *)handle, struct http_sms, timer);

	http_client_close(sms->http, sms_free, sms);
}

void http_sms_close(struct http_sms *sms, void (*cb)(void *arg), void *arg)
{
	sms->close_cb = cb;
	sms->close_arg = arg;
	sms->is_closing = true;
	if (sms->probe)
		http_transfer_cancel(sms->probe);
	channel_end(sms);
	tell_closed(sms);
	uv_close((uv_handle_t *)&sms->timer, timer_closed);
}

/* Does the gateway learn where its reports are wanted, and can it bring them? */
static bool asks_for_reports(const struct http_sms *sms)
{
	if (!sms->config->callback_port || !sms->secrets->token[0])
		return false;
	return !sms->config->is_json || strstr(sms->config->json.body, "{report_url}") ||
	       strstr(sms->config->json.body, "{id}");
}

enum err http_sms_open(
	const struct http_sms_options *options, struct http_sms **ret_sms, struct errbuf *eb)
{
	struct http_client_options http = {
		.loop = options->loop, .user_agent = options->user_agent};
	struct http_sms *sms = calloc(1, sizeof(*sms));
	uint64_t seed;
	enum err err;

	if (!sms)
		return errbuf_set(eb, ERR_NOMEM, "SMS gateway");
	sms->store = options->store;
	sms->intake = options->intake;
	sms->dispatch = options->dispatch;
	sms->clock = store_clock(options->store);
	sms->config = options->config;
	sms->text = "";
	sms->channel = (struct channel){.ops = &ops, .kind = CHANNEL_HTTP_SMS};
	vault_random(&seed, sizeof(seed));
	rng_init(&sms->rng, seed);
	zalo_link_init(&sms->link);
	err = secrets_new(sms, options, eb);
	if (err)
		goto fail;
	err = http_client_new(&http, &sms->http);
	if (err) {
		errbuf_set(eb, err, "HTTP client");
		goto fail;
	}
	uv_timer_init(options->loop, &sms->timer);
	sms->expects_reports = asks_for_reports(sms);
	/* Not known otherwise until the first message. */
	sms->is_proven = true;
	update(sms);
	if (sms->dispatch)
		dispatch_add(sms->dispatch, &sms->channel);
	log_info("http_sms", "profile=%s reports=%s", sms->config->is_json ? "json" : "kannel",
		sms->expects_reports ? "yes" : "no");
	wake(sms);
	*ret_sms = sms;
	return ERR_OK;

fail:
	secrets_free(sms->secrets);
	free(sms);
	return err;
}

bool http_sms_has_token(const struct http_sms *sms)
{
	return sms->secrets->token[0] != 0;
}

json_t *http_sms_status(const struct http_sms *sms)
{
	const struct http_sms_counts *c = &sms->counts;

	return json_pack("{s:s, s:b, s:s, s:b, s:I, s:I, s:I, s:I, s:I}", "profile",
		sms->config->is_json ? "json" : "kannel", "reachable",
		(int)sms->channel.is_reachable, "error", sms->text, "callbacks",
		sms->config->callback_port && http_sms_has_token(sms), "sent", (json_int_t)c->sent,
		"refused", (json_int_t)c->refused, "in_doubt", (json_int_t)c->in_doubt, "reports",
		(json_int_t)c->reports, "messages", (json_int_t)c->messages);
}
