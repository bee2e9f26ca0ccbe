/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The default alphabet of 3GPP TS 23.038 §6.2.1 and its extension table. Inside gateway/ only. */
#ifndef BINHYEN_GATEWAY_GSM7_H
#define BINHYEN_GATEWAY_GSM7_H

#include <stdint.h>

/* Septets that the character takes: 1, 2 with the escape, 0 when the alphabet lacks it. */
int gsm7_septets(uint32_t code);

#endif
