/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_doctor.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#define ASSETS_MAX  10		  /* lines about quotas */
#define END_NEAR_MS (30 * DAY_MS) /* time enough for an office to pay for another year */

static const char *const level_names[] = {
	[ZALO_LEVEL_OK] = "ok",
	[ZALO_LEVEL_NOTE] = "note",
	[ZALO_LEVEL_WARNING] = "warning",
	[ZALO_LEVEL_ALARM] = "alarm",
};

void zalo_finding(json_t *findings, const char *check, enum zalo_level level, int64_t code,
	const char *advice, const char *format, ...)
{
	json_t *message;
	va_list args;

	va_start(args, format);
	message = json_vsprintf(format, args);
	va_end(args);
	json_array_append_new(findings,
		json_pack("{s:s, s:s, s:I, s:o, s:s}", "check", check, "level", level_names[level],
			"code", (json_int_t)code, "message_vi", message ? message : json_string(""),
			"advice_vi", advice ? advice : ""));
}

/* ---- refusals --------------------------------------------------------------------------------
 */

#define CONSENT_AGAIN "rồi cấp quyền lại: binhyenctl zalo login"

/* What to do; why it was refused is told by the table of codes. */
static const struct {
	int64_t code;
	const char *advice;
} refusals[] = {
	{-32, "chạy lại sau một phút"},
	{-124, "chờ máy gia hạn; nếu vẫn vậy: binhyenctl zalo login"},
	{-216, "chờ máy gia hạn; nếu vẫn vậy: binhyenctl zalo login"},
	{-220, "chờ máy gia hạn; nếu vẫn vậy: binhyenctl zalo login"},
	{-204, "kiểm tra OA tại oa.zalo.me và zalo.oa_id trong cấu hình"},
	{-205, "kiểm tra zalo.oa_id trong cấu hình"},
	{-209, "kích hoạt ứng dụng tại developers.zalo.me"},
	{-219, "kiểm tra ứng dụng tại developers.zalo.me"},
	{-211, "chờ hạn mức mới hoặc mua thêm tại oa.zalo.me"},
	{-212, "đăng ký quyền tại developers.zalo.me, " CONSENT_AGAIN},
	{-221, "gửi hồ sơ xác thực tại oa.zalo.me"},
	{-223, "đánh dấu thêm quyền tại developers.zalo.me, " CONSENT_AGAIN},
	{-224, "nâng gói tại oa.zalo.me; OA cơ quan nhà nước nên hỏi oa@zalo.me về chế độ riêng"},
	{-235, "hỏi oa@zalo.me, nêu rõ là OA cơ quan nhà nước; trong lúc chờ, dùng SMS"},
	{-237, "gia hạn gói nhóm tại oa.zalo.me; quá 45 ngày nhóm bị giải tán"},
	{-242, "chép lại khóa bí mật của ứng dụng vào tệp zalo.app_secret"},
	{-1241, "chép lại khóa bí mật của ứng dụng vào tệp zalo.app_secret"},
	{-135, "kiểm tra gói và xác thực tại oa.zalo.me"},
	{-136, "liên kết ví tại oa.zalo.me"},
	{-320, "liên kết ví tại oa.zalo.me"},
	{-321, "nạp tiền vào ví ZCA"},
	{-403, "kiểm tra zalo.duty_group; OA phải là chủ nhóm"},
	{-501, "không dùng VPN hoặc máy chủ ở nước ngoài"},
	{404, "cập nhật binhyen, hoặc báo người bảo trì"},
};

void zalo_finding_refused(json_t *findings, const char *check, const char *what,
	enum zalo_level level, const struct zalo_answer *answer)
{
	const char *reason = zalo_code_of(answer->api, answer->code)->vi;
	const char *advice = "xem mã lỗi trên trang của Zalo, báo người bảo trì";

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (refusals[i].code == answer->code)
			advice = refusals[i].advice;
	}
	zalo_finding(findings, check, level, answer->code, advice,
		"Không %s được: %s (mã %" PRId64 ")", what, reason, answer->code);
}

/* ---- what the answers hold -------------------------------------------------------------------
 */

/* Zalo gives numbers as numbers here and as strings there. */
static bool number_of(const json_t *object, const char *key, int64_t *ret_value)
{
	return zalo_json_int(json_object_get(object, key), ret_value) == ERR_OK;
}

static bool is_true(const json_t *value)
{
	return json_is_true(value) || json_integer_value(value) == 1 ||
	       str_eq(json_string_value(value), "true");
}

static const char *either(const json_t *object, const char *key, const char *other)
{
	const char *text = zalo_json_text(object, key);

	return text[0] ? text : other;
}

/* "31/12/2026", as Zalo writes days; 0 when it is something else. The end of that day. */
static int64_t day_end_ms(const char *text)
{
	struct tm tm = {0};
	const char *end = strptime(text, "%d/%m/%Y", &tm);

	if (!end || strlen(text) < 8)
		return 0;
	return (int64_t)timegm(&tm) * SECOND_MS - VIETNAM_OFFSET_MS + DAY_MS;
}

static void valid_until(
	json_t *findings, const char *check, const char *what, const char *until, int64_t now_ms)
{
	int64_t end_ms = day_end_ms(until);

	if (!end_ms || end_ms - now_ms > END_NEAR_MS)
		return;
	if (end_ms <= now_ms)
		zalo_finding(findings, check, ZALO_LEVEL_ALARM, 0,
			"gia hạn ngay tại oa.zalo.me; nhóm bị giải tán 45 ngày sau khi hết hạn",
			"%s đã hết hạn ngày %s", what, until);
	else
		zalo_finding(findings, check, ZALO_LEVEL_WARNING, 0,
			"gia hạn tại oa.zalo.me trước ngày đó; hết hạn thì nhóm bị tắt, sau 45 ngày bị "
			"giải tán",
			"%s sẽ hết hạn ngày %s", what, until);
}

static void account_kind(json_t *findings, const json_t *data)
{
	int64_t kind = 0, followers = 0;
	char other[32];

	if (!number_of(data, "oa_type", &kind))
		kind = 0;
	if (!number_of(data, "num_follower", &followers))
		followers = 0;
	snprintf(other, sizeof(other), "loại %" PRId64, kind);
	zalo_finding(findings, "account", ZALO_LEVEL_OK, 0, NULL,
		"OA \"%s\", %s, %" PRId64 " người quan tâm", either(data, "name", "không tên"),
		kind == 4   ? "cơ quan nhà nước"
		: kind == 2 ? "doanh nghiệp"
			    : other,
		followers);
}

void zalo_finding_account(json_t *findings, const json_t *data, const char *oa_id)
{
	const char *package = zalo_json_text(data, "package_name");
	char id[64] = "";

	if (zalo_json_id(json_object_get(data, "oa_id"), id, sizeof(id)) &&
		zalo_json_id(json_object_get(data, "oaid"), id, sizeof(id)))
		id[0] = 0;
	if (id[0] && !str_eq(id, oa_id))
		zalo_finding(findings, "account", ZALO_LEVEL_ALARM, 0,
			"cấp quyền lại bằng đúng tài khoản OA: binhyenctl zalo login",
			"Mã truy cập thuộc OA %s, không phải OA trong cấu hình (zalo.oa_id)", id);
	account_kind(findings, data);
	if (!is_true(json_object_get(data, "is_verified")))
		zalo_finding(findings, "verified", ZALO_LEVEL_WARNING, 0,
			"gửi hồ sơ xác thực tại oa.zalo.me",
			"OA chưa xác thực: không dùng được nhóm chat và ZNS");
	if (package[0])
		zalo_finding(findings, "package", ZALO_LEVEL_OK, 0, NULL,
			"Gói dịch vụ %s, đến ngày %s", package,
			either(data, "package_valid_through_date", "không rõ"));
	if (!zalo_json_text(data, "linked_ZCA")[0])
		zalo_finding(findings, "wallet", ZALO_LEVEL_NOTE, 0,
			"chỉ cần khi gửi ZNS hoặc tin tính phí: liên kết ví tại oa.zalo.me",
			"OA chưa liên kết ví ZCA");
}

void zalo_finding_people(json_t *findings, const json_t *data)
{
	int64_t total = 0;

	if (!number_of(data, "total", &total))
		total = 0;
	zalo_finding(findings, "window", ZALO_LEVEL_OK, 0, NULL,
		"%" PRId64
		" người đã tương tác trong 7 ngày qua (chưa kể hôm nay): nhắn tin cho họ "
		"được; người khác phải dùng SMS",
		total);
}

static void quota_line(json_t *findings, const json_t *asset)
{
	int64_t remain = -1, total = -1;
	const char *until = either(asset, "valid_through", "không rõ");

	if (!number_of(asset, "remain", &remain) || !number_of(asset, "total", &total))
		return;
	zalo_finding(findings, "quota", remain > 0 ? ZALO_LEVEL_OK : ZALO_LEVEL_WARNING, 0,
		remain > 0 ? NULL : "chờ hạn mức mới hoặc mua thêm tại oa.zalo.me",
		"Hạn mức tin %s (%s): còn %" PRId64 " trên %" PRId64 ", đến ngày %s",
		either(asset, "product_type", "cs"), either(asset, "quota_type", "không rõ loại"),
		remain, total, until);
}

void zalo_finding_quota(json_t *findings, const json_t *data)
{
	const json_t *asset;
	size_t i;

	if (!json_array_size(data))
		zalo_finding(findings, "quota", ZALO_LEVEL_NOTE, 0, NULL,
			"Không có hạn mức tin mua sẵn: chỉ có tin miễn phí trong 48 giờ sau khi người "
			"dân nhắn");
	json_array_foreach ((json_t *)(uintptr_t)data, i, asset) {
		if (i < ASSETS_MAX)
			quota_line(findings, asset);
	}
}

void zalo_finding_assets(json_t *findings, const json_t *data, int64_t now_ms)
{
	size_t used = 0, free_count = 0, i;
	const json_t *asset;

	json_array_foreach ((json_t *)(uintptr_t)data, i, asset) {
		bool is_used = str_eq(zalo_json_text(asset, "status"), "used");

		used += is_used;
		free_count += !is_used;
	}
	if (!used && !free_count) {
		zalo_finding(findings, "group_assets", ZALO_LEVEL_WARNING, 0,
			"mua gói nhóm (GMF10, GMF50, GMF100) tại oa.zalo.me; cần gói dịch vụ Nâng cao trở "
			"lên",
			"OA chưa có gói nhóm chat (GMF): không tạo được nhóm");
		return;
	}
	zalo_finding(findings, "group_assets", ZALO_LEVEL_OK, 0, NULL,
		"Gói nhóm chat (GMF): %zu đang dùng, %zu còn trống", used, free_count);
	json_array_foreach ((json_t *)(uintptr_t)data, i, asset) {
		if (i < ASSETS_MAX && !is_true(json_object_get(asset, "auto_renew")))
			valid_until(findings, "group_assets", "Gói nhóm chat",
				zalo_json_text(asset, "valid_through"), now_ms);
	}
}

void zalo_finding_group(json_t *findings, const json_t *data, int64_t now_ms)
{
	const json_t *info = json_object_get(data, "group_info");
	const json_t *asset = json_object_get(data, "asset_info");
	int64_t members = 0;

	if (!number_of(info, "total_member", &members))
		members = 0;
	if (str_eq(zalo_json_text(info, "status"), "disabled")) {
		zalo_finding(findings, "group", ZALO_LEVEL_ALARM, 0,
			"gia hạn hoặc đổi gói nhóm tại oa.zalo.me; trong lúc chờ, trực ban nhận SMS",
			"Nhóm trực ban đã bị tắt, sẽ bị giải tán ngày %s",
			either(info, "auto_delete_date", "không rõ"));
		return;
	}
	zalo_finding(findings, "group", ZALO_LEVEL_OK, 0, NULL,
		"Nhóm trực ban hoạt động, %" PRId64 " thành viên", members);
	if (!is_true(json_object_get(asset, "auto_renew")))
		valid_until(findings, "group", "Gói của nhóm trực ban",
			zalo_json_text(asset, "valid_through"), now_ms);
}

void zalo_finding_zns(json_t *findings, const json_t *data)
{
	int64_t daily = 0, remaining = 0;

	if (!number_of(data, "dailyQuota", &daily) ||
		!number_of(data, "remainingQuota", &remaining))
		remaining = daily = 0;
	zalo_finding(findings, "zns", remaining > 0 ? ZALO_LEVEL_OK : ZALO_LEVEL_WARNING, 0,
		remaining > 0 ? NULL : "chờ đến ngày mai, hoặc xin nâng hạn mức",
		"Gửi được tin theo số điện thoại (ZNS): hôm nay còn %" PRId64 " trên %" PRId64,
		remaining, daily);
}
