/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files about polls of desk/ only. */
#ifndef BINHYEN_DESK_POLL_PRIVATE_H
#define BINHYEN_DESK_POLL_PRIVATE_H

#include "daemon/desk/desk_private.h"
#include "daemon/desk/poll.h"

/* ERR_NOT_FOUND with words for the officer. */
MUST_CHECK
enum err poll_find(struct desk *desk, int64_t id, struct poll *ret_poll, struct errbuf *eb);
/* "1 Đồng ý; 2 Không đồng ý", appended. */
MUST_CHECK
enum err poll_list_options(const struct poll_option *options, int count, struct buf *out);

#endif
