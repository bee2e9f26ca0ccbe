/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The groups of the account (GMF) and the assets they are made of, kept as JSON: what the state
 * file holds and the control face shows. Time does its part: an asset that is over disables its
 * group, and 45 days later the group is dissolved.
 *
 *   {"groups":[{"group_id","name","description","avatar","asset_id","disabled","auto_delete_ms",
 *               "settings":{…},"members":[{"user_id","name","admin"}],"pending":[{"user_id","name"}]}],
 *    "assets":[{"asset_id","type","valid_ms","auto_renew","used_id"}],
 *    "admins":[user ids], "invites_join":bool, "next":number}
 */
#ifndef BINHYEN_SIM_ZALO_GMF_H
#define BINHYEN_SIM_ZALO_GMF_H

#include "tests/sim/zalo/world.h"

#define GMF_ADMIN "9007199254740990001" /* administers the account from the first day */

json_t *gmf_new(void);
/* What has happened by now. Every call of a group goes through it. */
void gmf_tick(struct world *world);

/* Borrowed; NULL unknown. A group that was only named (--group) is made up when it is asked for. */
json_t *gmf_group(struct world *world, const char *id);
json_t *gmf_asset(const struct world *world, const char *id);
json_t *gmf_groups(struct world *world);
/* Adds a group and its room for messages. */
json_t *gmf_group_add(struct world *world, const char *name, const char *asset_id);
void gmf_group_end(struct world *world, const char *id);
int gmf_group_max(const struct world *world, const json_t *group);

/* Where somebody is in "members" or "pending", -1 nowhere. */
int gmf_find(const json_t *list, const char *user_id);
void gmf_add(struct world *world, json_t *list, const char *user_id);
bool gmf_is_admin(const struct world *world, const char *user_id);

const char *gmf_text(const json_t *object, const char *key);
int64_t gmf_number(const json_t *object, const char *key);

/* control_group.c: POST /control/group_do and GET /control/groups */
struct server;
struct call;
struct reply;
void control_group_do(struct server *server, const struct call *call, struct reply *reply);
void control_groups(struct server *server, struct reply *reply);

#endif
