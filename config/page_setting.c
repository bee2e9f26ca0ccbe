/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/page_setting.h"

#include "config/settings.h"
#include "daemon/base/str.h"

#include <string.h>

#define DUMP_MAX     (64 * 1024)
#define TEXT_BYTES   256 /* of a setting that is a text */
#define HOURS_OF_DAY "giờ trong ngày"

static const struct page_setting settings[] = {
	{.path = "duty.climb_first_s",
		.group = "duty",
		.title = "Báo động: gọi người thứ hai sau",
		.meaning =
			"Khi có tin nguy hiểm mà chưa ai nhận, sau thời gian này máy nhắn tiếp cho người kế "
			"tiếp trong lịch trực.",
		.unit = "giây"},
	{.path = "duty.climb_second_s",
		.group = "duty",
		.title = "Báo động: gọi người thứ ba sau",
		.meaning = "Tính từ lúc bắt đầu báo động; phải lâu hơn bậc trước.",
		.unit = "giây"},
	{.path = "duty.climb_third_s",
		.group = "duty",
		.title = "Báo động: gọi tất cả cán bộ sau",
		.meaning = "Tính từ lúc bắt đầu báo động; phải lâu hơn bậc trước.",
		.unit = "giây"},
	{.path = "duty.alarm_detail",
		.group = "duty",
		.title = "Tin nhắn báo động nói gì",
		.meaning =
			"Tin nhắn đến máy riêng của cán bộ chỉ nêu số và giờ của tin báo, hay thêm loại việc "
			"và thôn. Không bao giờ nêu nội dung hay người gửi.",
		.unit = "",
		.choice_titles = {"Chỉ số và giờ", "Thêm loại việc và thôn"}},
	{.path = "bulletins.quiet_from",
		.group = "bulletins",
		.title = "Giờ yên tĩnh bắt đầu lúc",
		.meaning = "Từ giờ này không gửi bản tin cho người dân, trừ tin khẩn cấp.",
		.unit = HOURS_OF_DAY},
	{.path = "bulletins.quiet_until",
		.group = "bulletins",
		.title = "Giờ yên tĩnh kết thúc lúc",
		.meaning = "Đến giờ này; nếu bằng giờ bắt đầu thì không có giờ yên tĩnh.",
		.unit = HOURS_OF_DAY},
	{.path = "bulletins.normal_sms",
		.group = "bulletins",
		.title = "Bản tin thường gửi bằng SMS cho ai",
		.meaning =
			"Bản tin không khẩn đi qua Zalo; ở đây chọn có gửi SMS cho người Zalo không đến được "
			"hay không.",
		.unit = "",
		.choice_titles = {"Không gửi SMS", "Người không có Zalo, từng tin",
			"Người không có Zalo, gộp nhiều tin"}},
	{.path = "bulletins.digest_day",
		.group = "bulletins",
		.title = "Tin gộp gửi vào ngày",
		.meaning = "0 là mỗi ngày, 1 là thứ Hai, 7 là Chủ nhật; gửi lúc 17 giờ.",
		.unit = "ngày trong tuần"},
	{.path = "bulletins.budget",
		.group = "bulletins",
		.title = "Tiền SMS bản tin mỗi tháng",
		.meaning =
			"Hết số tiền này thì bản tin thường không gửi bằng SMS nữa; 0 là không giới hạn.",
		.unit = "đồng"},
	{.path = "bulletins.reserve",
		.group = "bulletins",
		.title = "Trong đó để dành cho tin khẩn cấp",
		.meaning = "Phần tiền chỉ tin khẩn cấp được dùng.",
		.unit = "đồng"},
	{.path = "reports.dialogue_minutes",
		.group = "reports",
		.title = "Tin nhắn tiếp thuộc cùng một vụ trong",
		.meaning =
			"Người dân nhắn tiếp trong thời gian này thì được ghép vào tin đã gửi, trừ khi nói "
			"chuyện khác; 0 là mỗi tin nhắn một vụ.",
		.unit = "phút"},
	{.path = "menu.phone",
		.group = "service",
		.title = "Số điện thoại trực ban cho người dân",
		.meaning =
			"Số được đọc cho người dân trong trả lời tự động; để trống thì không nêu số.",
		.unit = "",
		.allowed = "3 đến 20 chữ số, dấu cách, + . và -"},
	{.path = "audit.witness_hour",
		.group = "machine",
		.title = "Giờ gửi mã nhật ký cho người thứ hai",
		.meaning =
			"Mỗi ngày từ giờ này máy nhắn mã của nhật ký hôm trước cho người giữ đối chứng.",
		.unit = HOURS_OF_DAY,
		.is_machine = true},
	{.path = "http.idle_min",
		.group = "machine",
		.title = "Tự đăng xuất khi không làm gì",
		.meaning = "Cán bộ không làm gì trong thời gian này thì phải đăng nhập lại.",
		.unit = "phút",
		.is_machine = true},
	{.path = "http.session_h",
		.group = "machine",
		.title = "Phiên làm việc dài nhất",
		.meaning = "Sau thời gian này phải đăng nhập lại, dù đang làm.",
		.unit = "giờ",
		.is_machine = true},
};

const struct page_setting *page_setting_at(size_t index)
{
	return index < ARRAY_LEN(settings) ? &settings[index] : NULL;
}

const struct page_setting *page_setting_find(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (str_eq(settings[i].path, path))
			return &settings[i];
	}
	return NULL;
}

/* Each stands in the table of settings: a test asks for all of them. */
static const struct setting *row_of(const struct page_setting *setting)
{
	const struct setting *row = setting_of_element(setting->path, strlen(setting->path));

	CHECK(row);
	return row;
}

struct page_limits page_setting_limits(const struct page_setting *setting)
{
	const struct setting *row = row_of(setting);

	return (struct page_limits){.type = row->type == SETTING_INTEGER  ? PAGE_INTEGER
					    : row->type == SETTING_CHOICE ? PAGE_CHOICE
									  : PAGE_TEXT,
		.min = row->min,
		.max = row->max,
		.choices = row->choices};
}

json_t *page_setting_default(const struct page_setting *setting)
{
	const struct setting *row = row_of(setting);
	const char *text = setting_default(row);
	int64_t number = 0;

	CHECK(text);
	if (row->type != SETTING_INTEGER)
		return json_string(text);
	CHECK(str_to_int64(text, row->min, row->max, &number) == ERR_OK);
	return json_integer(number);
}

json_t *page_setting_value(const struct page_setting *setting, const struct config *config)
{
	const struct setting *row = row_of(setting);
	const char *value = (const char *)config + row->offset;

	if (row->type == SETTING_INTEGER)
		return json_integer(*(const int *)(const void *)value);
	if (row->type == SETTING_STRING)
		return json_string(value);
	return json_string(
		row->choices[row->bytes == sizeof(int) ? *(const int *)(const void *)value
						       : *(const bool *)(const void *)value]);
}

static bool is_choice(const struct setting *row, const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(row->choices) && row->choices[i]; i++) {
		if (str_eq(row->choices[i], text))
			return true;
	}
	return false;
}

bool page_setting_fits(const struct page_setting *setting, const json_t *value)
{
	const struct setting *row = row_of(setting);
	const char *text = json_string_value(value);
	char canonical[TEXT_BYTES];

	if (row->type == SETTING_INTEGER)
		return json_is_integer(value) && json_integer_value(value) >= row->min &&
		       json_integer_value(value) <= row->max;
	if (!text || strlen(text) != json_string_length(value))
		return false;
	if (row->type == SETTING_CHOICE)
		return is_choice(row, text);
	return (!text[0] && setting_may_be_empty(row)) ||
	       (row->bytes <= sizeof(canonical) && !row->check(text, canonical, row->bytes));
}

/* The object that a path's last key belongs to, made where it is missing. NULL: out of memory, or
 * something else stands there. */
static json_t *object_of(json_t *root, const char *path, const char **ret_key)
{
	json_t *object = root;

	for (const char *dot; (dot = strchr(path, '.')); path = dot + 1) {
		json_t *below = json_object_getn(object, path, (size_t)(dot - path));

		if (!below && json_object_setn_new(
				      object, path, (size_t)(dot - path), json_object()) == 0)
			below = json_object_getn(object, path, (size_t)(dot - path));
		if (!below)
			return NULL;
		object = below;
	}
	*ret_key = path;
	return object;
}

static enum err put_all(json_t *root, const json_t *values)
{
	const char *path, *key;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)values, path, value) {
		json_t *object = object_of(root, path, &key);

		if (!object || json_object_set(object, key, value))
			return ERR_NOMEM;
	}
	return ERR_OK;
}

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

enum err config_with(const struct config *config, const json_t *values, struct config **ret_config,
	struct errbuf *eb)
{
	CLEANUP(cleanup_json) json_t *root = NULL;
	CLEANUP(cleanup_free) char *changed = NULL;
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, DUMP_MAX);
	err = config_dump(config, &text);
	if (err)
		return err;
	root = json_loadb(buf_text(&text), text.len, 0, NULL);
	err = root ? put_all(root, values) : ERR_NOMEM;
	if (!err)
		changed = json_dumps(root, 0);
	if (!err && !changed)
		err = ERR_NOMEM;
	return err ? err : config_parse(changed, strlen(changed), "settings", ret_config, eb);
}
