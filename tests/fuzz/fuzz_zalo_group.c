/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data of an answer of the group calls, read as each of them. */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/relay/zalo_group_parse.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_told(const json_t *json)
{
	struct desk_group_told told;

	if (zalo_group_told(json, &told))
		return;
	CHECK(str_is_utf8(told.look.name, strlen(told.look.name)));
	CHECK(str_is_utf8(told.look.description, strlen(told.look.description)));
	CHECK(strspn(told.group_id, "0123456789") <= strlen(told.group_id));
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		CHECK(told.look.on[i] >= -1 && told.look.on[i] <= 1);
	CHECK(told.expires_ms >= 0 && told.dissolves_ms >= 0 && told.members >= -1);
}

static void read_rows(const json_t *json, const char *key)
{
	char used_id[ZALO_USER_ID_BYTES];
	struct zalo_group_page page;
	struct zalo_group_row row;
	struct zalo_asset asset;
	const json_t *item;
	size_t i;

	if (zalo_group_page(json, key, &page))
		return;
	json_array_foreach (page.rows, i, item) {
		read_told(item);
		if (!zalo_group_row(item, &row))
			CHECK(row.user_id[0] && row.name);
		if (!zalo_group_asset(item, &asset, used_id))
			CHECK(asset.asset_id[0] && (!used_id[0] || asset.is_used));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *json = NULL;
	char phone[40];

	if (zalo_json_load((const char *)data, size, &json))
		return 0;
	CHECK(zalo_group_date(json) >= 0);
	read_told(json);
	read_rows(json, "members");
	read_rows(json, "groups");
	zalo_shared_phone(json, phone, sizeof(phone));
	CHECK(strlen(phone) < sizeof(phone));
	json_decref(json);
	return 0;
}
