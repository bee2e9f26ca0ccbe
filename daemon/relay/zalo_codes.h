/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an answer of the OA API means for us: one table of its error codes (OA API, "Mã lỗi"), and
 * from it the outcome of a send. Failures normally come with HTTP 200, so the body decides. Pure
 * functions.
 */
#ifndef BINHYEN_RELAY_ZALO_CODES_H
#define BINHYEN_RELAY_ZALO_CODES_H

#include "daemon/relay/channel.h"
#include "daemon/relay/net_fault.h"
#include "daemon/relay/zalo_json.h"

enum zalo_action {
	ZALO_DONE,
	ZALO_RETRY,	   /* soon again */
	ZALO_REUPLOAD,	   /* its attachment has to be uploaded again, then at once again */
	ZALO_NEXT_MINUTE,  /* over the app's rate; it was not executed */
	ZALO_MORNING,	   /* quiet hours: after 06:00 */
	ZALO_TOMORROW,	   /* a quota of the day */
	ZALO_HOLD,	   /* the whole channel, until a quota renews or a wallet is filled */
	ZALO_HOLD_USER,	   /* likewise, but this recipient only */
	ZALO_OTHER_WAY,	   /* this recipient can't be reached by this channel: remember it */
	ZALO_REFUSED,	   /* this message never will: parked for a person */
	ZALO_TOKEN,	   /* access token: one refresh, one retry */
	ZALO_STOP,	   /* app or account set up wrongly: alarm, a person must act */
	ZALO_READ_BACK,	   /* may have been sent */
	ZALO_UNKNOWN_CODE, /* a few retries, then refused */
};

/* Two hosts, two tables of codes. */
enum zalo_api { ZALO_API_OA, ZALO_API_ZNS, ZALO_API_ANY };

struct zalo_code {
	enum zalo_api api;
	int64_t code;
	enum zalo_action action;
	enum err err;
	const char *text; /* for log and status */
	const char *vi;	  /* for the officer */
};
extern const struct zalo_code zalo_codes[];
extern const size_t zalo_code_count;
/* Never NULL: a code that isn't in the table has the entry ZALO_UNKNOWN_CODE. */
const struct zalo_code *zalo_code_of(enum zalo_api api, int64_t code);
static inline const struct zalo_code *zalo_code(int64_t code)
{
	return zalo_code_of(ZALO_API_OA, code);
}

/* One request and what came of it. Zero-initialise; zalo_answer_done frees `root`. */
struct zalo_answer {
	enum zalo_api api;  /* whose codes these are */
	enum err transport; /* ERR_OK: an HTTP reply came */
	bool may_have_left; /* false: surely not executed */
	bool is_cancelled;
	const char *reason;   /* of transport */
	enum net_fault fault; /* why nobody who speaks the API answered; NET_NONE: one did */
	int status;	      /* HTTP; 0 none */
	bool is_envelope;     /* the body is {"error":...}: code and data count */
	int64_t code;
	const json_t *data; /* borrowed from root; NULL none */
	json_t *root;
};
/* Reads the body of an HTTP reply (status is set) into is_envelope, code, data, root, and what it
 * is instead of an envelope into fault; `error` may be a number or digits. */
void zalo_answer_parse(struct zalo_answer *answer, const char *body, size_t body_bytes);
void zalo_answer_done(struct zalo_answer *answer);

/* Did somebody that speaks the API answer? (Not: a proxy's 502, a captive portal.) */
bool zalo_answer_is_reply(const struct zalo_answer *answer);
/* ERR_OK only for an envelope with error 0. */
enum err zalo_answer_err(const struct zalo_answer *answer);
const char *zalo_answer_text(const struct zalo_answer *answer);
/* The entry of its code; that of an unknown code when there is no envelope. */
const struct zalo_code *zalo_answer_code(const struct zalo_answer *answer);
bool zalo_answer_is(const struct zalo_answer *answer, enum zalo_action action);

/* How a send ended. message_id (size ZALO_MESSAGE_ID) is where external_id points; "" = none. */
#define ZALO_UNKNOWN_TRIES 3 /* of a code that nobody knows */
void zalo_send_classify(const struct zalo_answer *answer, int attempt, int64_t now_ms,
	char *message_id, size_t message_id_bytes, struct send_outcome *ret_outcome);

/* Milliseconds until quiet hours are over (06:00 in Vietnam), and until the quotas of a day renew
 * (00:00). */
int64_t zalo_until_morning_ms(int64_t now_ms);
int64_t zalo_until_midnight_ms(int64_t now_ms);

/* ---- token endpoint --------------------------------------------------------------------------
 */

enum zalo_grant {
	ZALO_GRANT_PAIR,    /* both tokens and a life time */
	ZALO_GRANT_CONSENT, /* the refresh token is spent, expired or unknown (-14014, -118) */
	ZALO_GRANT_FAULT,   /* another error code: configuration; nothing was spent */
	ZALO_GRANT_UNCLEAR, /* no usable answer: the refresh token may be spent */
};

/* Pieces are borrowed from the parsed reply. */
struct zalo_pair {
	const char *access;
	const char *refresh;
	int64_t life_s;		/* of the access token; 0 = not told */
	int64_t refresh_life_s; /* 0 = not told */
};
/* Both tokens present, printable, short enough, and expires_in (string or number) a sensible
 * number of seconds; is_life_optional: it may be absent, as in what a person copies. */
MUST_CHECK
enum err zalo_pair_parse(const json_t *object, bool is_life_optional, struct zalo_pair *ret_pair);
/* *ret_code: the error code, 0 = none. An error body can come with HTTP 200. */
enum zalo_grant zalo_grant_classify(
	int status, const json_t *root, struct zalo_pair *ret_pair, int64_t *ret_code);

#endif
