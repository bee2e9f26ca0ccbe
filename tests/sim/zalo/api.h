/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end points of the OA Open API that the project calls, all hosts on one port:
 * oauth.zaloapp.com
 * (/v4/oa/access_token), openapi.zalo.me (/v2.0/oa, /v3.0/oa), business.openapi.zalo.me
 * (/message). API errors come with HTTP 200, as
 * the real ones do; an unknown path is error 404 in the body.
 */
#ifndef BINHYEN_SIM_ZALO_API_H
#define BINHYEN_SIM_ZALO_API_H

#include "tests/sim/zalo/call.h"
#include "tests/sim/zalo/world.h"

#define API_TOKEN_PATH "/v4/oa/access_token"
#define API_TEXT_MAX   2000 /* code points of a message */
#define API_COUNT_MAX  10   /* rows of a list */

/* Rate, token and proof, then the end point. Fills *ret_reply, which is the caller's. */
void api_call(struct world *world, const struct call *call, struct reply *ret_reply);

/* {"error":…,"message":…,"data":…}; takes `data` over, NULL = none. */
json_t *api_envelope(int error, const char *message, json_t *data);
const char *api_error_text(int error);
bool api_is_path(const char *path);

/* api_list.c, api_send.c, api_upload.c, api_zns.c */
void api_list_recent(struct world *world, const struct call *call, struct reply *reply);
void api_conversation(struct world *world, const struct call *call, struct reply *reply);
void api_group_list_recent(struct world *world, const struct call *call, struct reply *reply);
void api_group_conversation(struct world *world, const struct call *call, struct reply *reply);
void api_send_cs(struct world *world, const struct call *call, struct reply *reply);
void api_send_group(struct world *world, const struct call *call, struct reply *reply);
void api_upload(struct world *world, const struct call *call, struct reply *reply);
/* 0, or why not; *ret_file: borrowed, what the attachment of a message is. */
int api_attachment(const struct world *world, const json_t *message, json_t **ret_file);
void api_react(struct world *world, const struct call *call, struct reply *reply);
void api_zns_send(struct world *world, const struct call *call, struct reply *reply);
void api_zns_status(struct world *world, const struct call *call, struct reply *reply);
void api_quota(struct world *world, const struct call *call, struct reply *reply);

/* api_group.c */
void api_group_assets(struct world *world, const struct call *call, struct reply *reply);
void api_group_create(struct world *world, const struct call *call, struct reply *reply);
void api_group_all(struct world *world, const struct call *call, struct reply *reply);
void api_group_show(struct world *world, const struct call *call, struct reply *reply);
void api_group_update(struct world *world, const struct call *call, struct reply *reply);
void api_group_renew(struct world *world, const struct call *call, struct reply *reply);
void api_group_delete(struct world *world, const struct call *call, struct reply *reply);
void api_group_invite(struct world *world, const struct call *call, struct reply *reply);
void api_group_pending(struct world *world, const struct call *call, struct reply *reply);
void api_group_accept(struct world *world, const struct call *call, struct reply *reply);
void api_group_reject(struct world *world, const struct call *call, struct reply *reply);
void api_group_members(struct world *world, const struct call *call, struct reply *reply);
void api_group_remove(struct world *world, const struct call *call, struct reply *reply);
void api_group_promote(struct world *world, const struct call *call, struct reply *reply);
void api_group_demote(struct world *world, const struct call *call, struct reply *reply);

/* api.c: helpers of the end points */
void api_fail(struct reply *reply, int error);
void api_answer(struct reply *reply, json_t *data);
/* An id that came as a string or as a number; false when it is neither or too long. */
bool api_id(const json_t *value, char id[WORLD_ID_BYTES]);
/* A user id in the way that the options ask for: new reference. */
json_t *api_user_id(const struct world *world, const char *id);

#endif
