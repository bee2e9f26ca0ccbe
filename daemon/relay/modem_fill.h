/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a memory that fills is told to a person: a backlog fills it for minutes and goes by itself,
 * what stays needs somebody who looks. Pure; times are monotonic. */
#ifndef BINHYEN_RELAY_MODEM_FILL_H
#define BINHYEN_RELAY_MODEM_FILL_H

#include <stdbool.h>
#include <stdint.h>

#define MODEM_FULL_PERCENT 70

struct modem_fill {
	int64_t since_ms; /* that full; 0 = not */
	bool is_told;
};

/* True once, when it has been that full for after_ms; again after it has been emptier. size <= 0:
 * not known, which changes nothing. */
bool modem_fill_tells(
	struct modem_fill *fill, int used, int size, int64_t after_ms, int64_t now_ms);

#endif
