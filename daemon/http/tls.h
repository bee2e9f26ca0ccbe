/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The certificate of the door on the office's network. Either files that somebody gives and renews,
 * which are looked at again when they change, or one that the box makes and vouches for itself:
 *
 *     no key ──→ key (for good) ──→ certificate ──→ a new one of the same key, 30 days before its
 *                                                   end, or at a start where a name is missing
 *
 * Officers compare its fingerprint once, on the box and in the browser. The key is a file of mode
 * 0600 beside the database: it opens nothing that is stored.
 */
#ifndef BINHYEN_HTTP_TLS_H
#define BINHYEN_HTTP_TLS_H

#include "daemon/base/clock.h"
#include "daemon/base/err.h"

#include <jansson.h>
#include <stdbool.h>

#define TLS_HOSTS_MAX	      32 /* names and addresses in a certificate of our own */
#define TLS_HOST_BYTES	      128
#define TLS_FINGERPRINT_BYTES 96 /* SHA-256 as "AA:BB:..." */
#define TLS_WARN_DAYS	      14 /* before a given one ends it is a problem */

struct MHD_OptionItem;

struct tls_hosts {
	char host[TLS_HOSTS_MAX][TLS_HOST_BYTES];
	int count;
};
/* Past the room, and what is there already, is left out. */
void tls_hosts_add(struct tls_hosts *hosts, const char *host);

struct tls_options {
	struct clock *clock;	 /* borrowed */
	const char *folder;	 /* of tls.key and tls.crt */
	const char *certificate; /* given instead, with its key; "" none */
	const char *key;
	const struct tls_hosts *hosts; /* of one of our own; copied, as the texts are */
};

struct tls;

/* Reads or makes what it needs. The detail says what to do. */
MUST_CHECK
enum err tls_open(const struct tls_options *options, struct tls **ret_tls, struct errbuf *eb);
void tls_close(struct tls *tls);
/* To be called now and then: renews its own, reads given ones again when their files have changed.
 * A failure leaves the one in force. */
void tls_tick(struct tls *tls);
bool tls_is_own(const struct tls *tls);
/* {"fingerprint","from","until","days","is_own"} of the one in force. */
json_t *tls_json(const struct tls *tls);

/* What libmicrohttpd needs for a daemon whose connections have a http_tls_of(). */
#define TLS_MHD_OPTIONS 3
void tls_mhd_options(struct MHD_OptionItem *ret_options);

#endif
