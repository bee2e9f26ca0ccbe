/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Zalo's webhook brings (OA webhook pages): one JSON object a call, signed over its very
 * bytes. Pure functions.
 */
#ifndef BINHYEN_RELAY_ZALO_EVENT_H
#define BINHYEN_RELAY_ZALO_EVENT_H

#include "daemon/relay/zalo_json.h"
#include "daemon/relay/zalo_rows.h"

#include <stdbool.h>

enum zalo_event_kind {
	ZALO_EVENT_MESSAGE,  /* of a resident, privately or in a group */
	ZALO_EVENT_WITHDRAW, /* a resident withdraws his consent, or wants his data erased */
	ZALO_EVENT_ARRIVED,  /* a message of ours is on a phone, or was read there */
	ZALO_EVENT_CONTACT,  /* a resident did what opens the window to write to him */
	ZALO_EVENT_JOIN,     /* somebody asks to be let into the group */
	ZALO_EVENT_GROUP,    /* the group is not as it was */
	ZALO_EVENT_OTHER,    /* nothing that is needed here */
};

#define ZALO_TRACKING_BYTES 49 /* our own id of a template message: at most 48 characters */

struct zalo_event {
	enum zalo_event_kind kind;
	bool is_anonymous;
	char app_id[ZALO_ID_BYTES];
	char oa_id[ZALO_ID_BYTES];	    /* "" not told */
	char type[32];			    /* MESSAGE: "text", "image"... */
	char message_id[ZALO_MESSAGE_ID];   /* ARRIVED: of ours, "" when several are told */
	char quoted_id[ZALO_MESSAGE_ID];    /* MESSAGE: the one that it answers; "" none */
	char tracking[ZALO_TRACKING_BYTES]; /* ARRIVED: of a template message; "" none */
	char from_id[ZALO_ID_BYTES];
	char to_id[ZALO_ID_BYTES];    /* ARRIVED: whom it reached, a user or a phone */
	char group_id[ZALO_ID_BYTES]; /* "" privately */
	int64_t time_ms;
	char timestamp[24];    /* as it stands in the body: it is signed */
	const json_t *message; /* borrowed from the JSON; NULL unless MESSAGE or ARRIVED */
};

/* ERR_INVALID: no event of which app and time are told, or a message without its ids. */
MUST_CHECK
enum err zalo_event_parse(const json_t *json, struct zalo_event *ret_event);

/* X-ZEvent-Signature: "mac=" (which may be missing) and SHA-256 in hexadecimal over app id, body,
 * timestamp and secret, one behind the other. */
bool zalo_event_is_signed(const struct zalo_event *event, const char *body, size_t len,
	const char *secret, const char *signature);

#endif
