/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BINHYEN_SIM_ZALO_LINK_SIM_ZALO_LINK_H
#define BINHYEN_SIM_ZALO_LINK_SIM_ZALO_LINK_H

#include <stdbool.h>
#include <stdint.h>

/* All count what went wrong. is_full: also a second death while it recovers. */
int crash_everywhere(bool is_full);
int outage_of_three_days(uint64_t seed);
int drain_everything(void);
/* A random history of officers, of people in the app, of a bad line and of deaths. */
int groups_at_random(uint64_t seed, bool is_verbose);

#endif
