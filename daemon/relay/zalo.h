/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Zalo Official Account: token pair, polling, and the two channels zalo_user and zalo_group,
 * over curl multi on the loop. Facts and their certainty: the OA API v2/v3 pages named at each
 * call. Unreachable is a state that is left by itself.
 *
 *   zalo_auth    one refresher; attempt marked and committed before the POST; pair validated and
 *                committed before use
 *   zalo_login   consent of a person, by which there is a first pair
 *   zalo_reach   is it there, why not, and how many bytes it costs
 *   zalo_poll    listrecentchat down to the durable floor; every row to intake; own rows settle
 *                what is in doubt
 *   zalo_send    POST /v3.0/oa/message/cs and /v3.0/oa/group/message
 */
#ifndef BINHYEN_RELAY_ZALO_H
#define BINHYEN_RELAY_ZALO_H

#include "config/config.h"
#include "daemon/intake/intake.h"
#include "daemon/relay/channel.h"

#include <jansson.h>
#include <uv.h>

struct zalo;
struct phrase_field;

struct zalo_options {
	uv_loop_t *loop; /* borrowed */
	struct store *store;
	struct intake *intake;
	struct desk *desk;
	bool keeps_groups; /* looks after the groups of the account (zalo_group.h) */
	struct dispatch *dispatch;
	const struct config_zalo *config; /* borrowed */
	const char *app_secret; /* copied into locked memory; "" = not given: no refresh possible */
	const char *oa_secret;	/* of the webhook, copied likewise; "" or NULL = not given */
	const char *user_agent; /* "binhyen/0.1.0" */
	const char *ca_file;	/* copied; NULL = the system's */
	int64_t connect_ms;	/* longest wait for DNS, TCP and TLS; 0 = 10 s */
	/* What only a person can mend goes by this to the one who looks after the machine; written
	 * in the turn of the call. NULL: nobody. */
	enum err (*alarm)(void *arg, const char *phrase_key, const struct phrase_field *fields);
	void *alarm_arg;
	uint64_t seed; /* of the jitter; 0 = drawn. A simulation gives its own, to be repeatable */
};

MUST_CHECK
enum err zalo_open(const struct zalo_options *options, struct zalo **ret_zalo, struct errbuf *eb);
struct channel *zalo_user_channel(struct zalo *zalo);
struct channel *zalo_group_channel(struct zalo *zalo);
/* Takes the object of the token endpoint (access_token, refresh_token, expires_in) given by a
 * person. Saves it in this turn. */
MUST_CHECK
enum err zalo_set_token(struct zalo *zalo, const json_t *token, struct errbuf *eb);

/* The address that an administrator of the OA opens to consent; a new one replaces the last.
 * ERR_STATE: a setting or secret is missing. */
MUST_CHECK
enum err zalo_login_begin(
	struct zalo *zalo, const char *actor, struct buf *ret_url, struct errbuf *eb);
/* What he brings back: the browser's address, or the code alone. `done` is called once, later:
 * ERR_OK when the new pair is committed and in use. Not after zalo_login_forget(). */
typedef void (*zalo_login_fn)(void *arg, enum err err, const struct errbuf *eb);
MUST_CHECK
enum err zalo_login_code(
	struct zalo *zalo, const char *pasted, zalo_login_fn done, void *arg, struct errbuf *eb);
void zalo_login_forget(struct zalo *zalo, const void *arg);

/* Asks Zalo what the account can do, by harmless calls only; `done` is called once, later, with
 * {"findings":[...]} of daemon/relay/zalo_doctor.h, borrowed. ERR_BUSY while it is at work. */
typedef void (*zalo_doctor_fn)(void *arg, enum err err, const json_t *answer);
MUST_CHECK
enum err zalo_doctor(struct zalo *zalo, zalo_doctor_fn done, void *arg, struct errbuf *eb);
void zalo_doctor_forget(struct zalo *zalo, const void *arg);

/* A call of Zalo's webhook, written in this turn: answer it after the commit. Without oa_secret it
 * is dropped and ERR_OK. ERR_DENIED: not signed by it, of another account, or too old; ERR_INVALID.
 */
struct zalo_webhook_call {
	const char *body; /* NUL behind it */
	size_t bytes;
	const char *signature; /* the header X-ZEvent-Signature; NULL none */
};
MUST_CHECK
enum err zalo_webhook(struct zalo *zalo, const struct zalo_webhook_call *call, struct errbuf *eb);
/* {"state":"ok|refreshing|doubtful|needs_consent|no_token","reachable":bool,"error":text,"token_expires":..,"last_poll":..,
 *  "floor":..,"rate_remain":..,"link":{"fault":code,"message":..,...},"traffic":{"day_up":bytes,...}}
 * without any secret. */
json_t *zalo_status(struct zalo *zalo);
/* The desk may have ordered something in this turn. */
void zalo_soon(struct zalo *zalo);
void zalo_close(struct zalo *zalo, void (*cb)(void *arg), void *arg);

#endif
