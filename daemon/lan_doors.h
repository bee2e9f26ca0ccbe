/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The officers' page on the office's network: its certificate, the door with TLS and the plain one
 * that leads there. None of it may keep the box from taking reports: what does not open is said,
 * is a problem of `status`, and is tried again every minute (at boot the address may not be there
 * yet).
 */
#ifndef BINHYEN_DAEMON_LAN_DOORS_H
#define BINHYEN_DAEMON_LAN_DOORS_H

#include "config/config.h"
#include "daemon/http/http.h"
#include "daemon/http/site.h"
#include "daemon/http/tls.h"

struct lan_doors {
	struct http_options api; /* of the unix socket: the door with TLS serves the same */
	const struct config_lan *config;
	char folder[256]; /* of a key and certificate of our own */
	struct tls_hosts hosts;
	struct tls *tls;
	struct site *site; /* NULL: the page is not installed */
	struct http *lan, *redirect;
	struct errbuf error; /* why the last try failed; "" = it did not */
	uv_timer_t timer;
	bool is_open; /* the timer is there */
	int closing;
	void (*close_cb)(void *arg);
	void *close_arg;
};

/* Nothing when http.listen is not set. What `api` and `config` point to is borrowed until the
 * end. */
MUST_CHECK
enum err lan_doors_open(struct lan_doors *doors, const struct http_options *api,
	const struct config *config, struct errbuf *eb);
/* {"listen","state","port","redirect_port","error","has_page","certificate"}; null when it is not
 * set. */
json_t *lan_doors_status(const struct lan_doors *doors);
/* Only after an open with http.listen; cb from the loop. */
void lan_doors_close(struct lan_doors *doors, void (*cb)(void *arg), void *arg);

#endif
