/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an attachment may be fetched: only from the configured hosts, whatever a message says.
 * Pure.
 */
#ifndef BINHYEN_RELAY_MEDIA_URL_H
#define BINHYEN_RELAY_MEDIA_URL_H

#include "config/config.h"
#include "store/attachment.h"

/*
 * Appends the address to fetch. `url` may be relative to `base` (a redirect; NULL: it is not).
 * ERR_DENIED: another scheme, host or port than allowed, an address of numbers, or a user name in
 * it. *ret_is_public: it lies in the internet, and a connection may go nowhere else. as_given:
 * http stays http, instead of being tried as https.
 */
MUST_CHECK
enum err media_url(const struct config_media *config, const char *base, const char *url,
	bool as_given, struct buf *out, bool *ret_is_public);

/* Is `host` one of the names in `hosts` (with spaces between), or below one? */
bool media_host_fits(const char *hosts, const char *host);

#endif
