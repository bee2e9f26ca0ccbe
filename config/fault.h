/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a text that is not JSON, for the person who wrote it: private to config/. */
#ifndef BINHYEN_CONFIG_FAULT_H
#define BINHYEN_CONFIG_FAULT_H

#include "daemon/base/err.h"

#include <jansson.h>

/* Puts line, column and advice into eb; `error` is jansson's for text[0..len). Returns ERR_CONFIG.
 */
enum err json_fault(const char *text, size_t len, const char *name, const json_error_t *error,
	struct errbuf *eb);

#endif
