/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must fit together though each setting by itself is right: private to config/. */
#ifndef BINHYEN_CONFIG_CROSS_H
#define BINHYEN_CONFIG_CROSS_H

#include "config/config.h"

/* NULL when all fits; otherwise what is wrong, and *ret_path says where. */
const char *cross_check(const struct config *config, const char **ret_path);

#endif
