/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the account is and may do: getoa, its users, its quotas. */
#ifndef BINHYEN_SIM_ZALO_API_ACCOUNT_H
#define BINHYEN_SIM_ZALO_API_ACCOUNT_H

#include "tests/sim/zalo/api.h"

void api_account_show(struct world *world, const struct call *call, struct reply *reply);
void api_account_users(struct world *world, const struct call *call, struct reply *reply);
/* Of the account with "quota_owner", otherwise api_quota() of a user. */
void api_account_quota(struct world *world, const struct call *call, struct reply *reply);
void api_account_zns(struct world *world, const struct call *call, struct reply *reply);

#endif
