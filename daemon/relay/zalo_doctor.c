/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the account can and can't do, asked of Zalo itself: one harmless question after the other,
 * none of which sends, creates or changes anything. It stops where going on makes no sense: without
 * a token, without a network, without room in this minute.
 */
#include "daemon/relay/zalo_doctor.h"

#include "daemon/base/log.h"
#include "daemon/relay/zalo_private.h"

#include <inttypes.h>
#include <string.h>

#define SKEW_MAX_MS   (60 * SECOND_MS)
#define QUIET_FROM_MS (22 * HOUR_MS)
#define QUIET_TO_MS   (6 * HOUR_MS)

/* ---- the questions ---------------------------------------------------------------------------
 */

static enum err ask_get(struct zalo_call *call, const char *path, const char *data)
{
	CLEAN_BUF whole = {0};
	enum err err;

	buf_init(&whole, ZALO_URL_MAX);
	err = buf_adds(&whole, path);
	if (!err && data)
		err = buf_adds(&whole, "?data=");
	if (!err && data)
		err = zalo_text_escape(data, strlen(data), &whole);
	return err ? err : zalo_call_path(call, buf_text(&whole));
}

static enum err ask_post(struct zalo_call *call, const char *path, const char *body)
{
	enum err err = zalo_call_path(call, path);

	return err ? err : buf_adds(&call->body, body);
}

static enum err ask_account(struct zalo *z, struct zalo_call *call)
{
	(void)z;
	return ask_get(call, "/v2.0/oa/getoa", NULL);
}

static enum err ask_receive(struct zalo *z, struct zalo_call *call)
{
	(void)z;
	return ask_get(call, "/v2.0/oa/listrecentchat", "{\"offset\":0,\"count\":1}");
}

static enum err ask_people(struct zalo *z, struct zalo_call *call)
{
	(void)z;
	return ask_get(call, "/v3.0/oa/user/getlist",
		"{\"offset\":0,\"count\":1,\"last_interaction_period\":\"L7D\"}");
}

static enum err ask_quota(struct zalo *z, struct zalo_call *call)
{
	(void)z;
	return ask_post(
		call, "/v3.0/oa/quota/message", "{\"quota_owner\":\"OA\",\"product_type\":\"cs\"}");
}

static enum err ask_assets(struct zalo *z, struct zalo_call *call)
{
	(void)z;
	return ask_post(call, "/v3.0/oa/quota/group", "{\"quota_owner\":\"OA\"}");
}

static enum err ask_group(struct zalo *z, struct zalo_call *call)
{
	char path[128];

	if (!z->config->duty_group[0])
		return ERR_NOT_FOUND;
	snprintf(path, sizeof(path), "/v3.0/oa/group/getgroup?group_id=%s", z->config->duty_group);
	return ask_get(call, path, NULL);
}

static enum err ask_zns(struct zalo *z, struct zalo_call *call)
{
	enum err err;

	if (!z->config->business_url[0])
		return ERR_NOT_FOUND;
	call->api = ZALO_API_ZNS; /* whose codes mean something else */
	buf_reset(&call->url);
	buf_reset(&call->body);
	err = buf_adds(&call->url, z->config->business_url);
	return err ? err : buf_adds(&call->url, "/message/quota");
}

/* ---- the answers -----------------------------------------------------------------------------
 */

static void take_account(struct zalo *z, json_t *findings, const json_t *data)
{
	zalo_finding_account(findings, data, z->config->oa_id);
}

static void take_receive(struct zalo *z, json_t *findings, const json_t *data)
{
	(void)z;
	(void)data;
	zalo_finding(findings, "receive", ZALO_LEVEL_OK, 0, NULL,
		"Nhận được tin nhắn của người dân qua Zalo");
}

static void take_people(struct zalo *z, json_t *findings, const json_t *data)
{
	(void)z;
	zalo_finding_people(findings, data);
}

static void take_quota(struct zalo *z, json_t *findings, const json_t *data)
{
	(void)z;
	zalo_finding_quota(findings, data);
}

static void take_assets(struct zalo *z, json_t *findings, const json_t *data)
{
	zalo_finding_assets(findings, data, zalo_wall(z));
}

static void take_group(struct zalo *z, json_t *findings, const json_t *data)
{
	zalo_finding_group(findings, data, zalo_wall(z));
}

static void take_zns(struct zalo *z, json_t *findings, const json_t *data)
{
	(void)z;
	zalo_finding_zns(findings, data);
}

static const struct probe {
	const char *check;
	const char *what; /* what can't be done when it is refused: "Không ... được" */
	enum zalo_level level;
	enum err (*ask)(struct zalo *z, struct zalo_call *call); /* NOT_FOUND: nothing to ask */
	void (*take)(struct zalo *z, json_t *findings, const json_t *data);
} probes[] = {
	{"account", "đọc thông tin OA", ZALO_LEVEL_WARNING, ask_account, take_account},
	{"receive", "nhận tin nhắn của người dân qua Zalo", ZALO_LEVEL_ALARM, ask_receive,
		take_receive},
	{"window", "xem ai đã tương tác gần đây", ZALO_LEVEL_WARNING, ask_people, take_people},
	{"quota", "xem hạn mức tin", ZALO_LEVEL_WARNING, ask_quota, take_quota},
	{"group_assets", "xem gói nhóm chat", ZALO_LEVEL_WARNING, ask_assets, take_assets},
	{"group", "dùng nhóm trực ban", ZALO_LEVEL_ALARM, ask_group, take_group},
	{"zns", "gửi tin theo số điện thoại (ZNS)", ZALO_LEVEL_NOTE, ask_zns, take_zns},
};

/* ---- what is known without asking ------------------------------------------------------------
 */

static void look_at_token(struct zalo *z, json_t *findings)
{
	const struct zalo_auth *a = &z->auth;
	char date[CLOCK_DATE_BYTES];

	if (!a->secrets->app_secret[0])
		zalo_finding(findings, "secret", ZALO_LEVEL_ALARM, 0,
			"đặt tệp bí mật zalo.app_secret rồi khởi động lại binhyend",
			"Thiếu khóa bí mật của ứng dụng: máy không tự gia hạn mã truy cập được");
	if (!a->has_pair || a->state == ZALO_AUTH_NEEDS_CONSENT) {
		zalo_finding(findings, "token", ZALO_LEVEL_ALARM, 0,
			"quản trị viên OA chạy: binhyenctl zalo login", "%s",
			a->has_pair ? "Zalo không nhận mã truy cập nữa: phải cấp quyền lại"
				    : "Chưa có mã truy cập Zalo");
		return;
	}
	clock_format_date(a->secrets->pair.refresh_expires_ms, date);
	if (zalo_alarm_ends_soon(z))
		zalo_finding(findings, "token", ZALO_LEVEL_ALARM, 0,
			"giữ máy nối Internet để gia hạn trước ngày đó",
			"Quyền truy cập sẽ hết ngày %s", date);
	else if (a->state == ZALO_AUTH_DOUBTFUL)
		zalo_finding(findings, "token", ZALO_LEVEL_WARNING, 0, "chờ vài phút rồi chạy lại",
			"Lần gia hạn mã truy cập gần nhất chưa rõ kết quả");
	else
		zalo_finding(findings, "token", ZALO_LEVEL_OK, 0, NULL,
			"Có mã truy cập, máy tự gia hạn mỗi ngày; nếu mất mạng thì còn đến ngày %s",
			date);
}

/* What came with messages: the rows of the database and the files beside it, both ways. */
static void look_at_media(struct zalo *z, json_t *findings)
{
	struct media_census census;
	enum err err = media_census(z->store, &census);

	if (err) {
		zalo_finding(findings, "media", ZALO_LEVEL_WARNING, 0,
			"kiểm tra đĩa và quyền của thư mục .media", "Không đọc được kho tệp: %s",
			err_vi(err));
		return;
	}
	if (census.missing || census.damaged)
		zalo_finding(findings, "media", ZALO_LEVEL_ALARM, 0,
			"chép lại thư mục .media từ bản sao lưu; mỗi bản sao lưu phải có cả cơ sở dữ "
			"liệu lẫn thư mục này",
			"Kho tệp thiếu %" PRId64 " và hỏng %" PRId64 " trong số %" PRId64
			" tệp người dân đã gửi",
			census.missing, census.damaged, census.rows);
	else
		zalo_finding(findings, "media", ZALO_LEVEL_OK, 0, NULL,
			"Kho tệp đủ %" PRId64 " tệp (%" PRId64
			" MB); bản sao lưu phải có cả thư mục "
			".media",
			census.rows, census.bytes / (1024 * 1024));
	if (census.orphans)
		zalo_finding(findings, "media", ZALO_LEVEL_NOTE, 0, "khởi động lại binhyend để dọn",
			"Kho tệp thừa %" PRId64 " tệp không thuộc tin nào", census.orphans);
}

/* From the headers of the answers. */
static void look_at_headers(struct zalo *z, json_t *findings)
{
	int64_t of_day = (zalo_wall(z) + z->skew_ms + VIETNAM_OFFSET_MS) % DAY_MS;

	if (z->skew_ms > SKEW_MAX_MS || z->skew_ms < -SKEW_MAX_MS)
		zalo_finding(findings, "clock", ZALO_LEVEL_WARNING, 0,
			"chỉnh giờ: timedatectl set-time, hoặc bật NTP",
			"Đồng hồ của máy lệch %" PRId64 " giây so với Zalo",
			z->skew_ms / SECOND_MS);
	if (z->rate.told >= 0 && zalo_rate_room(&z->rate, zalo_wall(z), ZALO_USE_ALARM))
		zalo_finding(findings, "rate", ZALO_LEVEL_OK, 0, NULL,
			"Máy gửi được %d lệnh mỗi phút tới Zalo", z->rate.limit);
	if (of_day >= QUIET_FROM_MS || of_day < QUIET_TO_MS)
		zalo_finding(findings, "quiet", ZALO_LEVEL_NOTE, 0, NULL,
			"Đang là giờ yên tĩnh (22 giờ đến 6 giờ): Zalo giữ tin quảng bá và một số tin "
			"mẫu; tin trả lời và tin nhóm vẫn đi");
}

/* ---- one after the other ---------------------------------------------------------------------
 */

static void doctor_end(struct zalo *z, enum err err)
{
	struct zalo_doctor *d = &z->doctor;
	zalo_doctor_fn done = d->done;
	json_t *findings = d->findings, *answer = NULL;

	d->done = NULL;
	d->findings = NULL;
	if (!err) {
		look_at_headers(z, findings);
		log_info("zalo", "doctor=done findings=%zu", json_array_size(findings));
		answer = json_pack("{s:O}", "findings", findings);
	}
	json_decref(findings);
	if (done)
		done(d->done_arg, answer || err ? err : ERR_NOMEM, answer);
	json_decref(answer);
}

/* It can't go on; nothing of what is left to ask is known. */
static void doctor_stop(struct zalo *z, const char *check, const char *message, const char *advice)
{
	zalo_finding(z->doctor.findings, check, ZALO_LEVEL_ALARM, 0, advice, "%s", message);
	doctor_end(z, ERR_OK);
}

static void doctor_ask(struct zalo *z)
{
	struct zalo_doctor *d = &z->doctor;
	enum err err = ERR_NOT_FOUND;

	d->call.api = ZALO_API_OA;
	while (d->step < ARRAY_LEN(probes)) {
		err = probes[d->step].ask(z, &d->call);
		if (err != ERR_NOT_FOUND)
			break;
		d->step++;
	}
	if (d->step == ARRAY_LEN(probes)) {
		doctor_end(z, ERR_OK);
		return;
	}
	if (!err)
		err = zalo_call_start(&d->call);
	if (err == ERR_AUTH)
		doctor_stop(z, "token", "Không có mã truy cập dùng được lúc này",
			"chờ máy gia hạn (binhyenctl status), hoặc: binhyenctl zalo login");
	else if (err == ERR_RATE)
		doctor_stop(z, "rate", "Đã dùng hết số lệnh của phút này", "chạy lại sau một phút");
	else if (err)
		doctor_end(z, err);
}

static void doctor_told(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo *z = call->zalo;
	struct zalo_doctor *d = &z->doctor;
	const struct probe *probe = &probes[d->step];

	if (answer->is_cancelled) {
		doctor_end(z, ERR_STATE);
		return;
	}
	if (!zalo_answer_is_reply(answer)) {
		const struct net_fault_text *text = net_fault_text(
			answer->fault ? answer->fault : NET_FOREIGN);

		doctor_stop(z, "network", text->vi, text->advice_vi);
		return;
	}
	if (answer->code)
		zalo_finding_refused(d->findings, probe->check, probe->what, probe->level, answer);
	else
		probe->take(z, d->findings, answer->data);
	d->step++;
	doctor_ask(z);
}

enum err zalo_doctor(struct zalo *z, zalo_doctor_fn done, void *arg, struct errbuf *eb)
{
	struct zalo_doctor *d = &z->doctor;

	if (d->findings || zalo_call_is_active(&d->call))
		return errbuf_set(eb, ERR_BUSY, "the doctor is at work already; try again soon");
	d->findings = json_array();
	if (!d->findings)
		return errbuf_set(eb, ERR_NOMEM, "findings");
	look_at_token(z, d->findings);
	look_at_media(z, d->findings);
	d->step = 0;
	d->done = done;
	d->done_arg = arg;
	d->is_asked = true;
	zalo_wake(z);
	return ERR_OK;
}

/* From the loop, so that whoever asked is waiting by then. */
void zalo_doctor_tick(struct zalo *z)
{
	struct zalo_doctor *d = &z->doctor;

	if (!d->is_asked)
		return;
	d->is_asked = false;
	if (!z->auth.has_pair || z->auth.state == ZALO_AUTH_NEEDS_CONSENT) {
		if (!zalo_auth_is_usable(z)) {
			doctor_end(z, ERR_OK);
			return;
		}
	}
	doctor_ask(z);
}

void zalo_doctor_forget(struct zalo *z, const void *arg)
{
	if (z->doctor.done_arg == arg)
		z->doctor.done = NULL;
}

void zalo_doctor_open(struct zalo *z)
{
	/* Somebody waits for it, and what paces bulletins would leave it no call at times. */
	zalo_call_init(&z->doctor.call, z, ZALO_USE_ALARM, doctor_told);
}

void zalo_doctor_close(struct zalo *z)
{
	struct zalo_doctor *d = &z->doctor;

	d->is_asked = false;
	if (!d->call.zalo)
		return;
	zalo_call_cancel(&d->call);
	zalo_call_free(&d->call);
	if (d->findings)
		doctor_end(z, ERR_STATE);
}
