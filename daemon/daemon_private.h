/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of struct daemon, each opened out of the settings. All of them: ERR_OK also when the
 * settings do not ask for the part; on failure errbuf says what to do and daemon_done() closes what
 * was opened.
 */
#ifndef BINHYEN_DAEMON_DAEMON_PRIVATE_H
#define BINHYEN_DAEMON_DAEMON_PRIVATE_H

#include "daemon/daemon.h"

/* daemon_office.c: what is kept, and who works with it. */
MUST_CHECK
enum err daemon_open_store(struct daemon *d, struct errbuf *eb);
MUST_CHECK
enum err daemon_open_settings(struct daemon *d, struct errbuf *eb);
/* What the last life left half-way, and the event of this start. Needs the store. */
MUST_CHECK
enum err daemon_recover(struct daemon *d, struct errbuf *eb);
/* The desk and intake. Needs the store and the clock's trust. */
MUST_CHECK
enum err daemon_open_desk(struct daemon *d, struct errbuf *eb);

/* daemon_channels.c: what goes out and comes in by the relay. Need desk, intake and dispatch. */
MUST_CHECK
enum err daemon_open_zalo(struct daemon *d, struct errbuf *eb);
MUST_CHECK
enum err daemon_open_http_sms(struct daemon *d, struct errbuf *eb);
MUST_CHECK
enum err daemon_open_feeds(struct daemon *d, struct errbuf *eb);
MUST_CHECK
enum err daemon_open_modems(struct daemon *d, struct errbuf *eb);
/* A secret that may be missing: then `part` says in the log what it can't do, and `out` stays
 * empty. */
MUST_CHECK
enum err daemon_optional_secret(
	struct daemon *d, const char *part, const char *name, struct buf *out, struct errbuf *eb);

/* daemon_doors.c: what http/ asks of the rest, and the doors at which it is asked. */
MUST_CHECK
enum err daemon_open_http(struct daemon *d, struct errbuf *eb);
/* The doors of those who call us. Need the channel they belong to. */
MUST_CHECK
enum err daemon_open_callbacks(struct daemon *d, struct errbuf *eb);
MUST_CHECK
enum err daemon_open_webhook(struct daemon *d, struct errbuf *eb);
MUST_CHECK
enum err daemon_open_ussd(struct daemon *d, struct errbuf *eb);

#endif
