/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calendar/vn.json and regimes/ as the build embeds them; the list is written by CMake. */
#ifndef BINHYEN_CONFIG_LAW_BUILTIN_H
#define BINHYEN_CONFIG_LAW_BUILTIN_H

#include "config/builtin_file.h"

extern const char law_calendar_vn[];
extern const unsigned long law_calendar_vn_bytes;

extern const struct builtin_file law_builtins[];
extern const size_t law_builtin_count;

#endif
