/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BINHYEN_RELAY_USSD_AMOUNT_H
#define BINHYEN_RELAY_USSD_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>

/* The first amount of money in đồng ("25.000d", "25,000 VND") in an operator's answer; false when
 * there is none. */
bool ussd_amount(const char *text, int64_t *ret_dong);

#endif
