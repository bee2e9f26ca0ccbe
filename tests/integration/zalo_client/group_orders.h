/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The orders of zalo_client that are about groups: {"do":"group_create",...}. */
#ifndef BINHYEN_TESTS_GROUP_ORDERS_H
#define BINHYEN_TESTS_GROUP_ORDERS_H

#include "daemon/base/err.h"

#include <jansson.h>

struct desk;
struct store;

/* A question sets *ret_json, an order does not: it is answered when it is committed. */
MUST_CHECK
enum err obey_group(struct store *store, struct desk *desk, const json_t *order, json_t **ret_json);

#endif
