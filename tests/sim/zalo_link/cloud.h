/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Zalo in memory, and the line to it: what was sent, in which order, how often. It lives in
 * memory that is shared with child processes, so that it outlives a daemon that dies. Only as much
 * of the API as the client calls; sim-zalo is the one that keeps to every rule.
 */
#ifndef BINHYEN_SIM_ZALO_LINK_CLOUD_H
#define BINHYEN_SIM_ZALO_LINK_CLOUD_H

#include "daemon/base/clock.h"
#include "daemon/base/rng.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOUD_MESSAGES 8000
#define CLOUD_TEXT     6200
#define CLOUD_UPLOADS  400
#define CLOUD_PIECES   4000 /* of the line, up or down */
#define CLOUD_SMS      4000
#define CLOUD_POINTS   2000
#define CLOUD_LIMIT    60 /* calls a minute, unless changed */

struct cloud_message {
	int64_t at_ms;
	bool is_ours;
	bool is_group;
	bool has_attachment;
	char peer[32];
	char text[CLOUD_TEXT];
};

struct cloud_sms {
	int64_t at_ms;
	int64_t outbox_id;
};

#define CLOUD_PEOPLE 8

struct cloud_person {
	char user[24];
	bool is_in, is_asking, is_deputy;
	int invited, accepted, removed; /* calls that did so */
	int let_in, put_out;		/* of these calls, those that changed something */
	int came, left; /* by himself: into the group, or out of it or his request */
};

struct cloud_group {
	bool exists, on[4];
	int created; /* groups that were ever made; one at a time */
	int deleted;
	char name[96];
	struct cloud_person person[CLOUD_PEOPLE];
	int person_count;
};

struct cloud {
	struct clock_virtual clock; /* of the box */
	int64_t ahead_ms;	    /* of the right time, by which the cloud lives */
	struct rng rng;
	int faults_per_mille;				    /* of each call, while the line is up */
	int64_t up_ms[CLOUD_PIECES], down_ms[CLOUD_PIECES]; /* monotonic: the line's good times */
	int piece_count;				    /* 0 = always up */
	int generation;					    /* of the token pair */
	int64_t minute;
	int used;
	int limit; /* calls a minute */
	int calls, refused, lost_answers;
	int reads; /* of those calls, to see what residents wrote */
	int64_t upload_ms[CLOUD_UPLOADS];
	int upload_count;
	struct cloud_sms sms[CLOUD_SMS];
	int sms_count;
	struct cloud_group group;
	/* Where a daemon dies; 0 = nowhere. */
	int crash_at, points;
	/* What outlives a death, counted: commits and acts of the server; and as it was at each
	 * point that the daemon came by. */
	int commits, acts;
	int commits_at[CLOUD_POINTS], acts_at[CLOUD_POINTS];
	int message_count;
	struct cloud_message messages[CLOUD_MESSAGES];
};

extern struct cloud *cloud;

/* Shared and empty, with its clock at a fixed day. */
void cloud_open(uint64_t seed);
/* A copy of it, private; back to that; no more of it. */
struct cloud *cloud_keep(void);
void cloud_restore(const struct cloud *kept);
void cloud_drop(struct cloud *kept);
/* The line is up for 10 % of the time, in pieces. */
void cloud_break_line(int64_t until_ms);
bool cloud_is_up(void);
/* The right time. */
int64_t cloud_now_ms(void);
/* Somebody sets the clock of the box. */
void cloud_jump(int64_t by_ms);
/* Whether the daemon dies here: then it does not return. */
void cloud_point(void);

/* A call as the server sees it; *ret_json is the caller's. has_acted: the world changed. */
struct cloud_reply {
	json_t *json;
	int status;
	int limit, remain; /* -1 = not told */
	bool has_acted;
};
void cloud_call(
	const char *url, const char *body, size_t body_bytes, struct cloud_reply *ret_reply);
void cloud_write(const char *user, const char *text);

#endif
