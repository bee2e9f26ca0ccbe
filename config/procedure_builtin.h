/* SPDX-License-Identifier: GPL-2.0-or-later */
/* procedures/ as the build embeds it; the list is written by CMake. */
#ifndef BINHYEN_CONFIG_PROCEDURE_BUILTIN_H
#define BINHYEN_CONFIG_PROCEDURE_BUILTIN_H

#include "config/builtin_file.h"

extern const struct builtin_file procedure_builtins[];
extern const size_t procedure_builtin_count;

#endif
