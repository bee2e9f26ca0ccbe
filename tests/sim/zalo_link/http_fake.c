/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request takes half a trip to the server, which acts, and half a trip back. The line may break
 * before, between or after: nobody answers then, and the request ends by its deadline. Now and then
 * something goes wrong although the line is up.
 */
#include "tests/sim/zalo_link/http_fake.h"

#include "daemon/base/str.h"
#include "daemon/relay/http_client.h"
#include "tests/sim/zalo_link/cloud.h"

#include <stdio.h>
#include <string.h>

#define TRIP_LEAST_MS 40
#define TRIP_MOST_MS  400
#define REFUSED_MS    5000
#define BYTES_PER_MS  60 /* a thin line, upward */

enum stage { STAGE_WAY_THERE, STAGE_WAY_BACK, STAGE_OVER };

struct http_client {
	void (*close_cb)(void *arg);
	void *close_arg;
};

struct http_transfer {
	struct http_transfer *next;
	http_done_fn done;
	void *arg;
	char url[2048];
	char *body;
	size_t body_bytes;
	enum stage stage;
	int64_t due_ms, end_ms, trip_ms;
	enum err err;
	bool may_have_left;
	struct cloud_reply reply;
	char *reply_text;
	char header[24];
};

static struct http_client client;
static struct http_transfer *transfers;
static struct {
	uv_timer_t *timer;
	uv_timer_cb cb;
	int64_t due_ms; /* INT64_MAX = not armed */
} alarm_clock = {.due_ms = INT64_MAX};
static uv_handle_t *closing;
static uv_close_cb closing_cb;

/* ---- libuv -----------------------------------------------------------------------------------
 */

int uv_timer_init(uv_loop_t *loop, uv_timer_t *timer)
{
	(void)loop;
	alarm_clock.timer = timer;
	alarm_clock.due_ms = INT64_MAX;
	return 0;
}

int uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t timeout, uint64_t repeat)
{
	CHECK(timer == alarm_clock.timer && !repeat);
	alarm_clock.cb = cb;
	alarm_clock.due_ms = cloud->clock.mono + (int64_t)timeout;
	return 0;
}

int uv_is_active(const uv_handle_t *handle)
{
	(void)handle;
	return alarm_clock.due_ms != INT64_MAX;
}

void uv_close(uv_handle_t *handle, uv_close_cb cb)
{
	alarm_clock.due_ms = INT64_MAX;
	closing = handle;
	closing_cb = cb;
}

/* ---- http_client.h ---------------------------------------------------------------------------
 */

enum err http_client_new(const struct http_client_options *options, struct http_client **ret_client)
{
	(void)options;
	*ret_client = &client;
	return ERR_OK;
}

static void transfer_free(struct http_transfer *t)
{
	json_decref(t->reply.json);
	free(t->reply_text);
	free(t->body);
	free(t);
}

static void transfer_finish(struct http_transfer *t, bool is_cancelled)
{
	struct http_transfer **at = &transfers;
	struct http_result result = {.err = is_cancelled ? ERR_STATE : t->err,
		.is_cancelled = is_cancelled,
		.may_have_left = t->may_have_left,
		.reason = "simulated",
		.transfer = t};

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	if (!result.err) {
		result.status = t->reply.status;
		/* A fast account is worth a server of today. */
		result.is_shared = cloud->limit > CLOUD_LIMIT;
		result.body = t->reply_text;
		result.body_bytes = strlen(t->reply_text);
	}
	t->done(t->arg, &result);
	transfer_free(t);
}

void http_transfer_cancel(struct http_transfer *transfer)
{
	transfer_finish(transfer, true);
}

void http_client_close(struct http_client *c, void (*cb)(void *arg), void *arg)
{
	while (transfers)
		transfer_finish(transfers, true);
	c->close_cb = cb;
	c->close_arg = arg;
	if (cb)
		cb(arg);
}

const char *http_result_header(const struct http_result *result, const char *name)
{
	struct http_transfer *t = result->transfer;
	int value = str_eq(name, "X-RateLimit-Limit")	 ? t->reply.limit
		    : str_eq(name, "X-RateLimit-Remain") ? t->reply.remain
							 : -1;

	if (result->err || value < 0)
		return NULL;
	snprintf(t->header, sizeof(t->header), "%d", value);
	return t->header;
}

struct http_traffic http_client_traffic(struct http_client *c)
{
	(void)c;
	return (struct http_traffic){0};
}

bool http_client_is_ipv6_broken(const struct http_client *c)
{
	(void)c;
	return false;
}

unsigned http_client_connections(const struct http_client *c)
{
	(void)c;
	return 1;
}

int64_t http_result_date_ms(const struct http_result *result)
{
	return result->err ? 0 : cloud_now_ms() / SECOND_MS * SECOND_MS;
}

enum err http_client_start(struct http_client *c, const struct http_client_request *request,
	struct http_transfer **ret_transfer)
{
	struct http_transfer *t = calloc(1, sizeof(*t));
	int64_t now_ms = cloud->clock.mono;

	(void)c;
	CHECK(t);
	cloud_point();
	t->done = request->done;
	t->arg = request->arg;
	CHECK(!str_copy(t->url, sizeof(t->url), request->url));
	if (request->body_bytes) {
		t->body = malloc(request->body_bytes);
		CHECK(t->body);
		memcpy(t->body, request->body, request->body_bytes);
		t->body_bytes = request->body_bytes;
	}
	t->end_ms = now_ms + request->deadline_ms;
	t->trip_ms = TRIP_LEAST_MS + rng_below(&cloud->rng, TRIP_MOST_MS - TRIP_LEAST_MS);
	t->due_ms = now_ms + t->trip_ms / 2 + (int64_t)t->body_bytes / BYTES_PER_MS;
	if (!cloud_is_up()) {
		t->stage = STAGE_OVER;
		t->err = ERR_UNREACHABLE;
		t->due_ms = now_ms + 1 + rng_below(&cloud->rng, REFUSED_MS);
	}
	t->next = transfers;
	transfers = t;
	if (ret_transfer)
		*ret_transfer = t;
	return ERR_OK;
}

/* Whether this call meets trouble of one kind; a refresh is spared, since a lost answer to it ends
 * the chain by contract. */
static bool has_trouble(const struct http_transfer *t)
{
	return !strstr(t->url, "access_token") &&
	       rng_below(&cloud->rng, 1000) < cloud->faults_per_mille;
}

static void no_answer(struct http_transfer *t)
{
	t->stage = STAGE_OVER;
	t->err = ERR_TIMEOUT;
	t->may_have_left = true;
	t->due_ms = t->end_ms > cloud->clock.mono ? t->end_ms : cloud->clock.mono + 1;
}

/* An error that is told with HTTP 200 although the server acted, or a page of a proxy. */
static void spoil(struct http_transfer *t)
{
	if (rng_below(&cloud->rng, 2)) {
		t->reply.status = 502;
		free(t->reply_text);
		t->reply_text = str_dup("<html>");
	} else if (strstr(t->url, "/message")) {
		free(t->reply_text);
		t->reply_text = str_dup("{\"error\":-200,\"message\":\"failed\"}");
	}
}

static void arrive(struct http_transfer *t)
{
	if (!cloud_is_up() || (has_trouble(t) && rng_below(&cloud->rng, 2))) {
		no_answer(t);
		return;
	}
	cloud_call(t->url, t->body ? t->body : "", t->body_bytes, &t->reply);
	t->reply_text = json_dumps(t->reply.json, JSON_COMPACT);
	t->may_have_left = true;
	cloud_point();
	t->stage = STAGE_WAY_BACK;
	t->due_ms += t->trip_ms / 2;
}

static void come_back(struct http_transfer *t)
{
	bool is_refresh = strstr(t->url, "access_token") != NULL;

	t->stage = STAGE_OVER;
	if ((!is_refresh && !cloud_is_up()) || (has_trouble(t) && rng_below(&cloud->rng, 2))) {
		cloud->lost_answers += t->reply.has_acted;
		no_answer(t);
		return;
	}
	if (has_trouble(t))
		spoil(t);
}

static struct http_transfer *next_transfer(void)
{
	struct http_transfer *first = NULL;

	for (struct http_transfer *t = transfers; t; t = t->next) {
		if (!first || t->due_ms < first->due_ms)
			first = t;
	}
	return first;
}

int64_t http_fake_next_ms(void)
{
	struct http_transfer *t = next_transfer();
	int64_t due_ms = alarm_clock.due_ms;

	return t && t->due_ms < due_ms ? t->due_ms : due_ms;
}

bool http_fake_fire(void)
{
	struct http_transfer *t = next_transfer();

	if (closing) {
		uv_handle_t *handle = closing;

		closing = NULL;
		closing_cb(handle);
		return true;
	}
	if (t && t->due_ms <= cloud->clock.mono) {
		if (t->stage == STAGE_WAY_THERE) {
			arrive(t);
		} else if (t->stage == STAGE_WAY_BACK) {
			come_back(t);
		} else {
			cloud_point();
			transfer_finish(t, false);
			cloud_point();
		}
		return true;
	}
	if (alarm_clock.due_ms <= cloud->clock.mono) {
		alarm_clock.due_ms = INT64_MAX;
		alarm_clock.cb(alarm_clock.timer);
		return true;
	}
	return false;
}

void http_fake_forget(void)
{
	while (transfers) {
		struct http_transfer *t = transfers;

		transfers = t->next;
		transfer_free(t);
	}
	alarm_clock.due_ms = INT64_MAX;
	closing = NULL;
}
