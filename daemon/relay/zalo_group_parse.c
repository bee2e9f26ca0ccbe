/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_group_parse.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>
#include <time.h>

#define YEAR_MIN    2015
#define YEAR_MAX    2099
#define SECONDS_MAX INT64_C(100000000000) /* of the year 5138: what is more is in milliseconds */
#define DATE_MIN_MS INT64_C(1420070400000)
#define DATE_MAX_MS INT64_C(4102444800000)

static int64_t date_ms(int year, int month, int day)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	time_t seconds;

	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	seconds = timegm(&tm);
	if (tm.tm_mday != day) /* 31/02 */
		return 0;
	return (int64_t)seconds * SECOND_MS - VIETNAM_OFFSET_MS;
}

/* Digits at p, at most `most` of them; -1 none. *end is behind them. */
static int number_at(const char *p, int most, const char **end)
{
	int value = 0, digits = 0;

	for (; p[digits] >= '0' && p[digits] <= '9' && digits < most; digits++)
		value = value * 10 + (p[digits] - '0');
	*end = p + digits;
	return digits ? value : -1;
}

/* "31/12/2026", "31-12-2026" or "2026-12-31" at p. */
static int64_t date_at(const char *p)
{
	const char *at;
	int first = number_at(p, 4, &at), second, third;
	char sign = *at;

	if (first < 0 || (sign != '/' && sign != '-'))
		return 0;
	second = number_at(at + 1, 2, &at);
	if (second < 0 || *at != sign)
		return 0;
	third = number_at(at + 1, 4, &at);
	if (third < 0 || (*at >= '0' && *at <= '9'))
		return 0;
	return first > 31 ? date_ms(first, second, third) : date_ms(third, second, first);
}

int64_t zalo_group_date(const json_t *value)
{
	const char *text = json_string_value(value);
	int64_t number;

	if (!zalo_json_int(value, &number)) {
		if (number > 0 && number < SECONDS_MAX)
			number *= SECOND_MS;
		return number >= DATE_MIN_MS && number < DATE_MAX_MS ? number : 0;
	}
	/* The first word that is a date; a time of day has colons. */
	while (text && *text) {
		int64_t ms = date_at(text);

		if (ms)
			return ms;
		text += strcspn(text, " ,T");
		text += strspn(text, " ,T");
	}
	return 0;
}

static int flag(const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_boolean(value))
		return json_is_true(value);
	if (json_is_integer(value))
		return json_integer_value(value) != 0;
	if (str_eq(text, "true") || str_eq(text, "1"))
		return 1;
	return str_eq(text, "false") || str_eq(text, "0") ? 0 : -1;
}

/* As much as fits, cut between characters. */
static void take_text(const json_t *object, const char *key, char *dst, size_t bytes)
{
	const char *text = zalo_json_text(object, key);
	size_t len = strlen(text);

	if (len >= bytes) {
		len = bytes - 1;
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(dst, text, len);
	dst[len] = 0;
}

static int count_of(const json_t *object, const char *key)
{
	int64_t count;

	if (zalo_json_int(json_object_get(object, key), &count) || count < 0 || count > 1000000)
		return -1;
	return (int)count;
}

static void take_asset(const json_t *asset, struct desk_group_told *told)
{
	told->has_asset = true;
	take_text(asset, "asset_type", told->asset_type, sizeof(told->asset_type));
	if (zalo_json_id(
		    json_object_get(asset, "asset_id"), told->asset_id, sizeof(told->asset_id)))
		told->asset_id[0] = 0;
	told->expires_ms = zalo_group_date(json_object_get(asset, "valid_through"));
	told->is_renewed = flag(json_object_get(asset, "auto_renew")) == 1;
}

enum err zalo_group_told(const json_t *data, struct desk_group_told *ret_told)
{
	const json_t *info = json_object_get(data, "group_info");
	const json_t *asset = json_object_get(data, "asset_info");
	const json_t *setting = json_object_get(data, "group_setting");
	struct desk_group_told told = {.look.on = {-1, -1, -1, -1}};

	if (!json_is_object(data))
		return ERR_INVALID;
	if (!json_is_object(info))
		info = data;
	if (zalo_json_id(json_object_get(info, "group_id"), told.group_id, sizeof(told.group_id)))
		told.group_id[0] = 0;
	take_text(info, "name", told.look.name, sizeof(told.look.name));
	take_text(info, "group_description", told.look.description, sizeof(told.look.description));
	take_text(info, "avatar", told.look.avatar, sizeof(told.look.avatar));
	take_text(info, "group_link", told.link, sizeof(told.link));
	told.has_status = zalo_json_text(info, "status")[0] != 0;
	told.is_disabled = str_eq(zalo_json_text(info, "status"), "disabled");
	told.members = count_of(info, "total_member");
	told.members_max = count_of(info, "max_member");
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		told.look.on[i] = flag(
			json_object_get(setting, zalo_switch_text((enum zalo_switch)i)));
	if (json_is_object(asset)) {
		take_asset(asset, &told);
		told.dissolves_ms = zalo_group_date(json_object_get(info, "auto_delete_date"));
	}
	*ret_told = told;
	return ERR_OK;
}

enum err zalo_group_page(const json_t *data, const char *key, struct zalo_group_page *ret_page)
{
	const json_t *rows = json_object_get(data, key);
	struct zalo_group_page page = {.rows = rows, .total = -1};

	if (!json_is_object(data) || (rows && !json_is_array(rows) && !json_is_null(rows)))
		return ERR_PROTOCOL;
	page.count = json_array_size(rows);
	if (zalo_json_int(json_object_get(data, "total"), &page.total) || page.total < 0)
		page.total = -1;
	/* Neither rows nor a number: that was something else. */
	if (!rows && page.total < 0)
		return ERR_PROTOCOL;
	*ret_page = page;
	return ERR_OK;
}

enum err zalo_group_row(const json_t *json, struct zalo_group_row *ret_row)
{
	const json_t *id = json_object_get(json, "user_id");
	struct zalo_group_row row = {.name = zalo_json_text(json, "name")};

	if (!id && json_object_get(json, "oa_id"))
		return ERR_NOT_FOUND;
	if (zalo_json_id(id, row.user_id, sizeof(row.user_id)))
		return ERR_INVALID;
	*ret_row = row;
	return ERR_OK;
}

enum err zalo_group_asset(
	const json_t *json, struct zalo_asset *ret_asset, char used_id[ZALO_USER_ID_BYTES])
{
	struct zalo_asset asset = {0};

	if (zalo_json_id(json_object_get(json, "asset_id"), asset.asset_id, sizeof(asset.asset_id)))
		return ERR_INVALID;
	take_text(json, "product_type", asset.type, sizeof(asset.type));
	asset.expires_ms = zalo_group_date(json_object_get(json, "valid_through"));
	asset.is_renewed = flag(json_object_get(json, "auto_renew")) == 1;
	if (zalo_json_id(json_object_get(json, "used_id"), used_id, ZALO_USER_ID_BYTES) ||
		str_eq(used_id, "0"))
		used_id[0] = 0;
	asset.is_used = used_id[0] || str_eq(zalo_json_text(json, "status"), "used");
	*ret_asset = asset;
	return ERR_OK;
}

void zalo_shared_phone(const json_t *data, char *phone, size_t bytes)
{
	const json_t *value = json_object_get(json_object_get(data, "shared_info"), "phone");

	phone[0] = 0;
	if (json_is_integer(value))
		snprintf(phone, bytes, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_string(value) && str_copy(phone, bytes, json_string_value(value)))
		phone[0] = 0;
	if (str_eq(phone, "0"))
		phone[0] = 0;
}
