/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/api_account.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <inttypes.h>
#include <string.h>

#define LIST_MAX   50
#define OFFSET_MAX 9951

void api_account_show(struct world *world, const struct call *call, struct reply *reply)
{
	const struct world_account *account = &world->account;
	json_t *data = json_pack("{s:s, s:s, s:s, s:b, s:i, s:s, s:I, s:s}", "oa_id",
		account->oa_id[0] ? account->oa_id : world->options.oa_id, "name",
		"Công an xã (mô phỏng)", "description", "Official Account mô phỏng", "is_verified",
		!account->is_unverified, "oa_type", account->oa_type ? account->oa_type : 4,
		"cate_name", "Cơ quan nhà nước", "num_follower", (json_int_t)world->user_count,
		"avatar", "");

	(void)call;
	MUST_HAVE(data);
	/* Only business accounts have these. */
	if (account->package[0]) {
		json_object_set_new(data, "package_name", json_string(account->package));
		json_object_set_new(
			data, "package_valid_through_date", json_string(account->package_until));
	}
	json_object_set_new(data, "linked_ZCA", json_string(account->has_wallet ? "ZCA-1" : ""));
	api_answer(reply, data);
}

/* Did he interact in the period? L7D and L30D are without today, as days of Vietnam. */
static bool is_within(const struct world *world, const struct world_user *user, const char *period)
{
	int64_t today = (world_now_ms(world) + VIETNAM_OFFSET_MS) / DAY_MS;
	int64_t day = (user->last_ms + VIETNAM_OFFSET_MS) / DAY_MS;

	if (!period)
		return true;
	if (user->last_ms < 0)
		return false;
	if (str_eq(period, "TODAY"))
		return day == today;
	if (str_eq(period, "YESTERDAY"))
		return day == today - 1;
	return day < today && day >= today - (str_eq(period, "L7D") ? 7 : 30);
}

void api_account_users(struct world *world, const struct call *call, struct reply *reply)
{
	const char *data = call_query(call, "data");
	json_t *json = data ? json_loads(data, 0, NULL) : NULL;
	int64_t offset = json_integer_value(json_object_get(json, "offset"));
	int64_t count = json_integer_value(json_object_get(json, "count"));
	const char *period = json_string_value(json_object_get(json, "last_interaction_period"));
	json_t *users = json_array();
	int64_t total = 0;

	MUST_HAVE(users);
	if (!json || offset < 0 || offset > OFFSET_MAX || count < 1 || count > LIST_MAX) {
		api_fail(reply, json ? -210 : -201);
		json_decref(users);
	} else {
		for (size_t i = 0; i < world->user_count; i++) {
			if (!is_within(world, world->users[i], period))
				continue;
			if (total >= offset && total < offset + count)
				json_array_append_new(
					users, json_pack("{s:o}", "user_id",
						       api_user_id(world, world->users[i]->id)));
			total++;
		}
		api_answer(reply,
			json_pack("{s:I, s:I, s:I, s:o}", "total", (json_int_t)total, "count",
				(json_int_t)count, "offset", (json_int_t)offset, "users", users));
	}
	json_decref(json);
}

void api_account_quota(struct world *world, const struct call *call, struct reply *reply)
{
	const struct world_account *account = &world->account;
	json_t *body = json_loads(call->body, 0, NULL);
	json_t *list = json_array();
	char remain[24], total[24];

	MUST_HAVE(list);
	if (!json_object_get(body, "quota_owner")) {
		json_decref(body);
		json_decref(list);
		api_quota(world, call, reply);
		return;
	}
	snprintf(remain, sizeof(remain), "%" PRId64, account->quota_remain);
	snprintf(total, sizeof(total), "%" PRId64, account->quota_total);
	if (account->quota_total)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "asset_id", "asset-cs",
				"product_type", "cs", "quota_type", "sub_quota", "valid_through",
				"31/12/2099", "total", total, "remain", remain));
	api_answer(reply, list);
	json_decref(body);
}

void api_account_zns(struct world *world, const struct call *call, struct reply *reply)
{
	char daily[24], left[24];

	(void)call;
	if (!world->account.has_wallet)
		return api_fail(reply, -136);
	snprintf(daily, sizeof(daily), "%" PRId64, world->options.zns_quota);
	snprintf(left, sizeof(left), "%" PRId64, world->options.zns_quota - world->zns_count);
	api_answer(reply, json_pack("{s:s, s:s}", "dailyQuota", daily, "remainingQuota", left));
}
