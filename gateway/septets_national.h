/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * National language tables that share little with the default alphabet: Bengali and Assamese,
 * Gujarati, Hindi, Kannada, Malayalam, Oriya, Punjabi, Tamil, Telugu, Urdu, in the order of their
 * identifiers (3GPP TS 23.038 §6.2.1.2.4). 0 where a table has nothing.
 */
#ifndef BINHYEN_GATEWAY_SEPTETS_NATIONAL_H
#define BINHYEN_GATEWAY_SEPTETS_NATIONAL_H

#include <stdint.h>

#define SEPTETS_TABLE	       128
#define SEPTETS_NATIONAL_FIRST 4 /* the identifier of the first */
#define SEPTETS_NATIONAL       10

extern const uint16_t septets_national_locking[SEPTETS_NATIONAL][SEPTETS_TABLE];
extern const uint16_t septets_national_single[SEPTETS_NATIONAL][SEPTETS_TABLE];

#endif
