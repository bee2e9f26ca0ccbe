/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channel http_sms: texts to phones through a gateway that is spoken to over HTTP, where bulk
 * outgrows SIM cards. Two profiles (http_sms_profile.h): Kannel's sendsms, and JSON by template for
 * the gateway of a brand name.
 *
 *   http_sms.c           the channel: requests on the loop, what is known of the gateway
 *   http_sms_profile.c   what an answer means, as far as HTTP says it; _kannel.c, _json.c the rest
 *   http_sms_callback.c  delivery reports and messages of residents, brought by the gateway
 *   http_sms_text.c      how it writes them
 */
#ifndef BINHYEN_RELAY_HTTP_SMS_H
#define BINHYEN_RELAY_HTTP_SMS_H

#include "config/config.h"
#include "daemon/intake/intake.h"
#include "daemon/relay/channel.h"

#include <jansson.h>
#include <uv.h>

struct http_sms;

struct http_sms_options {
	uv_loop_t *loop; /* borrowed */
	struct store *store;
	struct intake *intake;
	struct dispatch *dispatch;
	const struct config_http_sms *config; /* borrowed */
	const char *password;		      /* copied into locked memory; "" = none */
	const char *token; /* likewise; "": without it nothing can be brought to us */
	const char *user_agent;
};

MUST_CHECK
enum err http_sms_open(
	const struct http_sms_options *options, struct http_sms **ret_sms, struct errbuf *eb);
/* Ends what is under way (in doubt when it has left); cb later, from the loop. */
void http_sms_close(struct http_sms *sms, void (*cb)(void *arg), void *arg);

/* {"profile","reachable","error","callbacks","sent","refused","in_doubt","reports","messages"};
 * counts since the start, no secret. */
json_t *http_sms_status(const struct http_sms *sms);

/* Has it a token, so that the gateway can be listened to? */
bool http_sms_has_token(const struct http_sms *sms);

/*
 * A delivery report: id and attempt of ours with their proof (or token alone), status. ERR_DENIED:
 * the proof is wrong; ERR_INVALID: something is missing; ERR_NOT_FOUND: no such message. Runs in
 * the caller's savepoint.
 */
MUST_CHECK
enum err http_sms_report(struct http_sms *sms, const json_t *fields, struct errbuf *eb);
/* A message of a resident: token, id of the gateway, from, text, charset, time. Likewise; one that
 * was here before is ERR_OK. */
MUST_CHECK
enum err http_sms_message(struct http_sms *sms, const json_t *fields, struct errbuf *eb);

#endif
