/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of struct http_sms, for daemon/relay/http_sms*.c only. */
#ifndef BINHYEN_RELAY_HTTP_SMS_PRIVATE_H
#define BINHYEN_RELAY_HTTP_SMS_PRIVATE_H

#include "daemon/relay/dispatch.h"
#include "daemon/relay/http_client.h"
#include "daemon/relay/http_sms.h"
#include "daemon/relay/http_sms_profile.h"
#include "daemon/relay/zalo_rate.h"

#define HTTP_SMS_SECRET_MAX 256 /* bytes; what a person types has some twenty */

/* Pages of their own, locked and left out of core dumps. */
struct http_sms_secrets {
	char password[HTTP_SMS_SECRET_MAX];
	char token[HTTP_SMS_SECRET_MAX];
};

struct http_sms_counts {
	int64_t sent, refused, in_doubt, reports, messages;
};

struct http_sms {
	struct channel channel;
	struct store *store;
	struct intake *intake;
	struct dispatch *dispatch;
	struct clock *clock;
	const struct config_http_sms *config;
	struct http_sms_secrets *secrets;
	struct http_client *http;
	uv_timer_t timer;
	struct rng rng;
	struct zalo_link link; /* is the gateway there? */
	struct http_transfer *probe;
	int64_t hold_ms; /* monotonic: nothing is sent before */
	bool is_stopped; /* and it is a person who has to end that */
	bool is_proven;	 /* it took something since it was last away or stopped */
	bool expects_reports;
	const char *text; /* what is wrong; static, "" = nothing */
	struct http_sms_counts counts;
	struct http_sms_send *sends;
	bool is_closed;
	bool wants_close_cb;
	bool is_closing;
	void (*close_cb)(void *arg);
	void *close_arg;
};

/* http_sms_callback.c: where the report of this attempt is wanted, with the proof that we asked for
 * it. */
MUST_CHECK
enum err http_sms_report_url(
	const struct http_sms *sms, int64_t outbox_id, int attempt, struct buf *out);

#endif
