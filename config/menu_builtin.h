/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menus that ship. */
#ifndef BINHYEN_CONFIG_MENU_BUILTIN_H
#define BINHYEN_CONFIG_MENU_BUILTIN_H

#include "config/builtin_file.h"

extern const struct builtin_file menu_builtins[];
extern const size_t menu_builtin_count;

#endif
