/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One HTTP request as the end points see it, and what they answer. */
#ifndef BINHYEN_SIM_ZALO_CALL_H
#define BINHYEN_SIM_ZALO_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct MHD_Connection;

struct call {
	struct MHD_Connection *connection; /* borrowed: for headers and query parameters */
	const char *method;
	const char *path;
	const char *body; /* "" = none */
	size_t body_len;
};

/* NULL when absent; borrowed for the time of the call. */
const char *call_header(const struct call *call, const char *name);
const char *call_query(const struct call *call, const char *name);
/* A decimal parameter: `otherwise` when absent, -1 when it is no number. */
int64_t call_query_number(const struct call *call, const char *name, int64_t otherwise);

struct reply {
	unsigned status;
	json_t *json;	/* owned */
	char *raw;	/* owned; sent instead of the JSON when set */
	size_t raw_len; /* is_binary */
	bool is_binary; /* raw_len bytes of `type`, broken off after `cut` unless that is negative
			 */
	int64_t cut;
	const char *type;     /* borrowed */
	const char *location; /* borrowed; NULL none */
	int error;	      /* of the envelope, for log and counters */
	bool has_acted;	      /* the world changed */
};

void reply_done(struct reply *reply);

#endif
