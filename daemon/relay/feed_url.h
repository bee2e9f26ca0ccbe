/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a feed leads: addresses that stay at the origin of the one in the configuration. Pure, but
 * for curl's parser. */
#ifndef BINHYEN_RELAY_FEED_URL_H
#define BINHYEN_RELAY_FEED_URL_H

#include "daemon/base/buf.h"

#define FEED_ADDRESS_MAX 2048

/* `link` (whole, or relative to `base`) into out, when scheme, host and port are those of `origin`
 * and no user is named. ERR_INVALID: no address; ERR_DENIED: of another origin. */
MUST_CHECK
enum err feed_url(const char *origin, const char *base, const char *link, struct buf *out);

#endif
