/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oauth.zaloapp.com: the page where an administrator of the OA consents (he always does, at once)
 * and the token endpoint. Codes live ten minutes and once; refresh tokens live once, but for the
 * time that the option grace-ms gives.
 */
#ifndef BINHYEN_SIM_ZALO_API_OAUTH_H
#define BINHYEN_SIM_ZALO_API_OAUTH_H

#include "tests/sim/zalo/api.h"

#define API_PERMISSION_PATH "/v4/oa/permission"

void api_oauth_token(struct world *world, const struct call *call, struct reply *reply);
void api_oauth_permission(struct world *world, const struct call *call, struct reply *reply);

#endif
