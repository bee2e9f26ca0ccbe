/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A data file as the build embeds it. */
#ifndef BINHYEN_CONFIG_BUILTIN_FILE_H
#define BINHYEN_CONFIG_BUILTIN_FILE_H

#include <stddef.h>

struct builtin_file {
	const char *name; /* "to_giac.json" */
	const char *text;
	const unsigned long *bytes;
};

#endif
