/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One call of the OA API: take room from the rate, put the token into the headers, send, read the
 * answer, and tell everybody who learns from it: the rate, the link, the token. A call whose token
 * is refused waits for the one refresh and is repeated once.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/relay/http_header.h"
#include "store/hmac.h"

#include <string.h>

#define PROOF_BYTES	(2 * HMAC_SHA256_BYTES + 1)
#define REFRESH_WAIT_MS (70 * SECOND_MS) /* longer than a refresh; with the call within a claim */

void zalo_call_init(struct zalo_call *call, struct zalo *z, enum zalo_use use, zalo_call_fn done)
{
	*call = (struct zalo_call){.zalo = z, .use = use, .done = done};
	buf_init(&call->url, ZALO_URL_MAX);
	buf_init(&call->body, 8 * OUTBOX_BODY_MAX); /* each byte of a text may be escaped */
}

void zalo_call_free(struct zalo_call *call)
{
	CHECK(!zalo_call_is_active(call));
	buf_wipe(&call->url);
	buf_wipe(&call->body);
}

enum err zalo_call_url(struct zalo_call *call, const char *base, const char *path)
{
	enum err err;

	buf_reset(&call->url);
	buf_reset(&call->body);
	err = buf_adds(&call->url, base);
	return err ? err : buf_adds(&call->url, path);
}

enum err zalo_call_path(struct zalo_call *call, const char *path)
{
	return zalo_call_url(call, call->zalo->config->api_url, path);
}

bool zalo_call_is_active(const struct zalo_call *call)
{
	return call->transfer || call->is_waiting;
}

static void wait_for_refresh(struct zalo_call *call)
{
	struct zalo *z = call->zalo;

	call->is_waiting = true;
	call->is_repeat = true;
	call->give_up_ms = zalo_mono(z) + REFRESH_WAIT_MS;
	call->next = z->waiting;
	z->waiting = call;
	zalo_wake(z);
}

static void leave_waiting(struct zalo_call *call)
{
	struct zalo_call **at = &call->zalo->waiting;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->is_waiting = false;
}

static int64_t header_int(const struct http_result *result, const char *name)
{
	return http_header_number(http_result_header(result, name));
}

static void note_headers(
	struct zalo *z, const struct http_result *result, const struct zalo_answer *answer)
{
	int64_t now_ms = zalo_wall(z);
	int64_t date_ms = http_result_date_ms(result);

	if (date_ms)
		z->skew_ms = date_ms - now_ms;
	zalo_rate_told(&z->rate, now_ms, header_int(result, "X-RateLimit-Limit"),
		header_int(result, "X-RateLimit-Remain"));
	if (answer->status == 429 || zalo_answer_is(answer, ZALO_NEXT_MINUTE))
		zalo_rate_refused(&z->rate, now_ms, &z->rng);
}

static void call_replied(void *arg, const struct http_result *result)
{
	struct zalo_call *call = arg;
	struct zalo *z = call->zalo;
	struct zalo_answer answer = {.api = call->api,
		.transport = result->err,
		.may_have_left = result->may_have_left,
		.is_cancelled = result->is_cancelled,
		.reason = result->reason,
		.fault = result->fault,
		.status = result->status};

	call->transfer = NULL;
	if (!result->err)
		zalo_answer_parse(&answer, result->body, result->body_bytes);
	if (!result->is_cancelled) {
		if (result->status)
			z->is_shared = result->is_shared;
		note_headers(z, result, &answer);
		/* Trouble of the other host says nothing about this one. */
		if (call->api == ZALO_API_OA || zalo_answer_is_reply(&answer))
			zalo_link_note(z, &answer);
		zalo_wake(z);
	}
	if (zalo_answer_is(&answer, ZALO_TOKEN)) {
		zalo_auth_refused(z, call->generation);
		if (!call->is_repeat) {
			wait_for_refresh(call);
			zalo_answer_done(&answer);
			return;
		}
	}
	call->is_repeat = false;
	call->done(call, &answer);
	zalo_answer_done(&answer);
}

/* Lower-case hex HMAC-SHA256 of the access token, keyed with the app secret. */
static void make_proof(const char *app_secret, const char *access_token, char proof[PROOF_BYTES])
{
	uint8_t mac[HMAC_SHA256_BYTES];

	hmac_sha256(app_secret, strlen(app_secret), access_token, strlen(access_token), mac);
	str_hex(mac, sizeof(mac), proof);
}

static enum err call_send(struct zalo_call *call)
{
	struct zalo *z = call->zalo;
	const struct zalo_secrets *secrets = z->auth.secrets;
	char token[ZALO_TOKEN_MAX + 16], proof[PROOF_BYTES + 24];
	const char *headers[5] = {token, "Expect:"};
	size_t count = 2;
	enum err err;

	snprintf(token, sizeof(token), "access_token: %s", secrets->pair.access);
	if (call->body.len)
		headers[count++] = call->content_type ? call->content_type
						      : "Content-Type: application/json";
	if (secrets->app_secret[0]) {
		char hex[PROOF_BYTES];

		make_proof(secrets->app_secret, secrets->pair.access, hex);
		snprintf(proof, sizeof(proof), "appsecret_proof: %s", hex);
		headers[count++] = proof;
	}
	call->generation = secrets->pair.generation;
	err = http_client_start(z->http,
		&(struct http_client_request){.method = call->body.len ? HTTP_POST : HTTP_GET,
			.url = buf_text(&call->url),
			.headers = headers,
			.body = call->body.data,
			.body_bytes = call->body.len,
			.deadline_ms = call->deadline_ms ? call->deadline_ms
				       : call->body.len	 ? ZALO_POST_MS
							 : ZALO_GET_MS,
			.reply_max = ZALO_REPLY_MAX,
			.done = call_replied,
			.arg = call},
		&call->transfer);
	explicit_bzero(token, sizeof(token));
	explicit_bzero(proof, sizeof(proof));
	return err;
}

enum err zalo_call_start(struct zalo_call *call)
{
	struct zalo *z = call->zalo;

	CHECK(!zalo_call_is_active(call));
	if (z->is_closing)
		return ERR_STATE;
	if (!zalo_auth_is_usable(z))
		return ERR_AUTH;
	if (zalo_rate_take(&z->rate, zalo_wall(z), call->use))
		return ERR_RATE;
	call->is_repeat = false;
	return call_send(call);
}

static void call_end(struct zalo_call *call, const struct zalo_answer *answer)
{
	leave_waiting(call);
	call->is_repeat = false;
	call->done(call, answer);
}

void zalo_call_cancel(struct zalo_call *call)
{
	if (call->transfer)
		http_transfer_cancel(call->transfer);
	else if (call->is_waiting)
		call_end(call, &(struct zalo_answer){.transport = ERR_STATE,
				       .is_cancelled = true,
				       .reason = "cancelled"});
}

/* ERR_OK: repeated or still waiting. */
static enum err waiting_tick(struct zalo_call *call)
{
	struct zalo *z = call->zalo;

	if (zalo_auth_is_usable(z)) {
		enum err err = call_send(call);

		if (!err)
			leave_waiting(call);
		return err;
	}
	return zalo_auth_is_pending(z) && zalo_mono(z) < call->give_up_ms ? ERR_OK : ERR_AUTH;
}

int64_t zalo_call_tick(struct zalo *z)
{
	struct zalo_call *next;
	int64_t due_ms = INT64_MAX;

	for (struct zalo_call *call = z->waiting; call; call = next) {
		enum err err = waiting_tick(call);

		next = call->next;
		if (err) {
			/* As the API said: the token was refused, so it was not executed. */
			call_end(call, &(struct zalo_answer){.transport = err,
					       .reason = "access token refused, no new one"});
			next = z->waiting; /* `done` may have changed the list */
			continue;
		}
		if (call->is_waiting)
			due_ms = zalo_sooner(due_ms, call->give_up_ms);
	}
	return due_ms;
}
