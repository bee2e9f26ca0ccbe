/* SPDX-License-Identifier: GPL-2.0-or-later */
/* http_client.h and the one timer of the Zalo client, on virtual time and over the line of
 * cloud.h. */
#ifndef BINHYEN_SIM_ZALO_LINK_HTTP_FAKE_H
#define BINHYEN_SIM_ZALO_LINK_HTTP_FAKE_H

#include <stdbool.h>
#include <stdint.h>

/* Monotonic time of the next thing to happen, INT64_MAX none. */
int64_t http_fake_next_ms(void);
/* Lets one thing happen that is due; false when none is. */
bool http_fake_fire(void);
/* A daemon that died has no requests. */
void http_fake_forget(void);

#endif
