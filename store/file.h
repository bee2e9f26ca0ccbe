/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All octets of a file that are asked for, though read() and write() may do some of them at a time.
 */
#ifndef BINHYEN_STORE_FILE_H
#define BINHYEN_STORE_FILE_H

#include "daemon/base/err.h"

#include <stddef.h>

MUST_CHECK
enum err file_write(int fd, const void *data, size_t len);
/* *ret_len: fewer than `max` only at the end of the file. */
MUST_CHECK
enum err file_read(int fd, void *data, size_t max, size_t *ret_len);

#endif
