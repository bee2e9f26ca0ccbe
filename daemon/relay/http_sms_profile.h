/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one message looks like for a gateway, and what its answer means. Pure functions, without
 * loop and store.
 */
#ifndef BINHYEN_RELAY_HTTP_SMS_PROFILE_H
#define BINHYEN_RELAY_HTTP_SMS_PROFILE_H

#include "config/config.h"
#include "daemon/base/clock.h"
#include "daemon/relay/channel.h"

/* ---- out ------------------------------------------------------------------------------------- */

struct http_sms_account {
	const struct config_http_sms *config;
	const char *password; /* "" = none */
};

struct http_sms_message {
	int64_t outbox_id;
	const char *to;		/* E.164 */
	const char *text;	/* UTF-8 NFC, as it fits its segments */
	const char *report_url; /* where its delivery report is wanted; "" = nowhere */
	int64_t validity_ms;	/* how long the network may keep trying */
};

/* Ours are at most twelve, the configuration's eight. */
#define HTTP_SMS_HEADERS_MAX 20

struct http_sms_request {
	struct buf body;
	struct buf lines[HTTP_SMS_HEADERS_MAX];
	const char *headers[HTTP_SMS_HEADERS_MAX + 1]; /* of the lines, NULL at the end */
	size_t count;
};
void http_sms_request_init(struct http_sms_request *request);
void http_sms_request_done(struct http_sms_request *request); /* wipes */
MUST_CHECK
enum err http_sms_request_header(
	struct http_sms_request *request, const char *name, const char *value);

/* The request is initialised. ERR_INVALID: the message can't be put that way. */
MUST_CHECK
enum err http_sms_kannel_build(const struct http_sms_account *account,
	const struct http_sms_message *message, struct http_sms_request *request);
MUST_CHECK
enum err http_sms_json_build(const struct http_sms_account *account,
	const struct http_sms_message *message, struct http_sms_request *request);

/* ---- back ------------------------------------------------------------------------------------ */

struct http_sms_reply {
	enum err err;	    /* ERR_OK: an HTTP reply came */
	bool may_have_left; /* false: the gateway can't have acted on it */
	const char *reason; /* of err */
	int status;
	const char *body;
	size_t body_bytes;
	int64_t retry_after_ms; /* as it asked for; 0 = it did not */
};

struct http_sms_verdict {
	struct send_outcome outcome; /* external_id points to the next member */
	char external_id[64];
	int64_t hold_ms;  /* nothing more to this gateway for so long; 0 = go on */
	bool is_stop;	  /* it won't take anything until a person has mended something */
	bool is_away;	  /* nobody is there */
	const char *text; /* of outcome.err, for status and log; static */
};

/*
 * What HTTP alone says; 2xx is left as SENT for the profile to look closer. Surely not executed:
 * 4xx, 3xx, 503, and whatever had no byte of its body sent. 500 and its like are tried again a few
 * times only, since some gateways say that after they have acted; a gateway's gateway (502, 504)
 * and a silence leave it in doubt.
 */
#define HTTP_SMS_ERROR_TRIES 3
void http_sms_judge(
	const struct http_sms_reply *reply, int attempt, struct http_sms_verdict *ret_verdict);
void http_sms_kannel_judge(
	const struct http_sms_reply *reply, int attempt, struct http_sms_verdict *ret_verdict);
void http_sms_json_judge(const struct config_http_json *config, const struct http_sms_reply *reply,
	int attempt, struct http_sms_verdict *ret_verdict);

#endif
