/* SPDX-License-Identifier: GPL-2.0-or-later */
/* binhyend put together: everything it owns, started in order and ended in reverse. */
#ifndef BINHYEN_DAEMON_DAEMON_H
#define BINHYEN_DAEMON_DAEMON_H

#include "config/config.h"
#include "config/law.h"
#include "config/procedure.h"
#include "daemon/audit_loop.h"
#include "daemon/backup_loop.h"
#include "daemon/desk/settings.h"
#include "daemon/http/auth.h"
#include "daemon/http/http.h"
#include "daemon/lan_doors.h"
#include "daemon/relay/feed.h"
#include "daemon/relay/http_sms.h"
#include "daemon/relay/modem_pool.h"
#include "daemon/relay/ussd_gateway.h"
#include "daemon/relay/zalo.h"
#include "daemon/turn_loop.h"

struct daemon {
	const struct config *config; /* in force: of `settings` once that is there */
	struct settings *settings;
	const struct law *law;
	const struct procedures *procedures;
	const struct menus *menus;
	const char *modem_program, *sysfs;
	uv_loop_t loop;
	bool has_loop;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	struct dispatch *dispatch;
	struct turn_loop turn_loop;
	struct audit_loop audit;
	struct backup_loop backup;
	struct clock_trust clock_trust;
	struct modem_pool *modems;
	struct zalo *zalo;
	struct http_sms *http_sms;
	struct feeds *feeds;
	struct auth *auth;
	struct http *http;
	struct lan_doors doors; /* those of the officers' page */
	struct ussd_gateway *ussd;
	struct http *dial;	/* the door of the USSD gateway; NULL none */
	struct http *callbacks; /* the door of the SMS gateway; NULL none */
	struct http *webhook;	/* that of Zalo; NULL none */
	uv_signal_t sigterm, sigint;
	uv_timer_t watchdog;
	uv_timer_t stop_limit; /* a part that will not close may not keep systemd waiting */
	int closing;	       /* parts that have not closed yet */
	bool is_stopping;
	int64_t started_ms;
};

struct daemon_options { /* borrowed until daemon_done */
	const struct config *config;
	const struct law *law;
	const struct procedures *procedures;
	const struct menus *menus;
	const char *modem_program; /* path of binhyen-modem */
	const char *sysfs;	   /* "/sys" */
};
/* Opens everything; on failure what was opened is closed again by daemon_done. */
MUST_CHECK
enum err daemon_init(
	struct daemon *daemon, const struct daemon_options *options, struct errbuf *eb);
/* Runs until SIGTERM or SIGINT. */
void daemon_run(struct daemon *daemon);
void daemon_done(struct daemon *daemon);

#endif
