/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The API as it runs in the daemon: a store on a fresh file, a desk, a loop whose prepare handle
 * ends the turns. The clock stands still at 2026-11-22 14:05:09 in Vietnam.
 */
#ifndef BINHYEN_TESTS_HTTP_FIXTURE_H
#define BINHYEN_TESTS_HTTP_FIXTURE_H

#include "config/config.h"
#include "config/law.h"
#include "config/procedure.h"
#include "daemon/base/clock.h"
#include "daemon/http/auth.h"
#include "daemon/http/http.h"

#include <stdbool.h>

#define API_NOW_MS INT64_C(1795331109000)

#define API_PHONE      "+84900001234" /* of the resident who wrote */
#define API_DUTY_PHONE "+84900009999"
/* What he wrote: words that no list may show, and an escape sequence for the terminal. */
#define API_FILE  "don to cao\n" /* attachment 1 */
#define API_WORDS "cháy nhà ở ấp 3 \x1b]0;x\x07 \xe2\x80\xae mau lên"

/* The name of who asks to join group 1. */
#define API_JOINER "Nguyễn Văn B \x1b]0;x\x07"

struct api {
	int said; /* reports of api_say() */
	char folder[64];
	char socket_path[108];
	struct clock_virtual clock;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	struct law *law;
	struct procedures *procedures;
	struct config *config;
	struct settings *settings;
	struct auth *auth;
	struct http *http;
	uv_loop_t loop;
	uv_prepare_t prepare;
	bool is_closed;
	/* Faults and what was seen. */
	enum err fail_with; /* the next commit fails so, once */
	int fail_after;	    /* but so many go well before */
	bool holds_turns;   /* turns are not ended */
	int open_turns;	    /* turns that had something to commit */
	int wakes;
	void (*in_status)(struct api *api); /* called within GET /api/v1/status; NULL: nothing */
	void (*ussd_done)(void *done_arg, enum err err, const json_t *answer);
	void *ussd_arg;
	char ussd_code; /* its second character */
	int ussd_forgotten;
	void (*login_done)(void *done_arg, enum err err, const struct errbuf *eb);
	void *login_arg;
	enum err login_err;
	bool login_waits;
	int login_forgotten;
	void (*doctor_done)(void *done_arg, enum err err, const json_t *answer);
	void *doctor_arg;
	void (*audit_done)(void *done_arg, enum err err, const json_t *answer);
	void *audit_arg;
	bool is_backing_up;
	int accepted; /* times modem_accept was called */
	int tokens;   /* times zalo_set_token was called */
	enum err last_commit;
};

/* Opens all, with one report of API_PHONE in the register. */
void api_open(struct api *api);
/* "CATEGORY TEXT": a report of that first guess comes in; "DANGER" before it: a danger. */
void api_say(struct api *api, char *line);
void api_close(struct api *api);
/* Only the HTTP part, bounded: true when it called back. */
bool api_close_http(struct api *api);
/* As a newer binhyend, whose passphrases cost more passes: all sessions are gone. */
void api_restart(struct api *api, unsigned passes);
/* One turn of the loop, without waiting. */
void api_turn(struct api *api);
struct http_options api_options(struct api *api);

#endif
