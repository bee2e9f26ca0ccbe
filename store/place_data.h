/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What binds a sealed value to its place: the associated data of every seal in the database. */
#ifndef BINHYEN_STORE_PLACE_DATA_H
#define BINHYEN_STORE_PLACE_DATA_H

#include <stddef.h>
#include <stdint.h>

#define PLACE_NAME_MAX	 64
#define PLACE_DATA_BYTES (PLACE_NAME_MAX + 9)

/* place: "table.column". Writes it, a NUL, and the row as 8 bytes, so that no two places run into
 * one another; the length of that. */
size_t place_data(const char *place, int64_t row, uint8_t ret_data[PLACE_DATA_BYTES]);

#endif
