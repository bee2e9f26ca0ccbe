/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers of the group calls (OA API v3, "Quản lý nhóm GMF"), read with care: dates in any of
 * the forms that the API uses elsewhere, switches as booleans, numbers or words. Pure functions.
 */
#ifndef BINHYEN_RELAY_ZALO_GROUP_PARSE_H
#define BINHYEN_RELAY_ZALO_GROUP_PARSE_H

#include "daemon/desk/group.h"
#include "daemon/relay/zalo_json.h"

/* ms or s since 1970, as number or digits; "31/12/2026", "2026-12-31", with or without a time of
 * day before or behind it, in Vietnam. A day means its beginning: what ends that day is warned of a
 * day too early rather than too late. 0: none of these. */
int64_t zalo_group_date(const json_t *value);

/* getgroup and updateinfo ({"group_info","asset_info","group_setting"}), creategroupwithoa and a
 * row of getgroupsofoa (flat). ERR_INVALID: no object. */
MUST_CHECK
enum err zalo_group_told(const json_t *data, struct desk_group_told *ret_told);

/* One page of a list; `rows` is borrowed. total: -1 not told. ERR_PROTOCOL: no such list. */
struct zalo_group_page {
	const json_t *rows;
	size_t count;
	int64_t total;
};
MUST_CHECK
enum err zalo_group_page(const json_t *data, const char *key, struct zalo_group_page *ret_page);

/* A row of listmember or listpendinginvite. ERR_NOT_FOUND: the account itself. */
struct zalo_group_row {
	char user_id[ZALO_USER_ID_BYTES];
	const char *name; /* borrowed; "" none */
};
MUST_CHECK
enum err zalo_group_row(const json_t *json, struct zalo_group_row *ret_row);

/* A row of quota/group; used_id: the group's, "" none. */
MUST_CHECK
enum err zalo_group_asset(
	const json_t *json, struct zalo_asset *ret_asset, char used_id[ZALO_USER_ID_BYTES]);

/* The number in user/detail's shared_info, "" none. */
void zalo_shared_phone(const json_t *data, char *phone, size_t bytes);

#endif
