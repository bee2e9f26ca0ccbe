/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/router.h"

#include "daemon/base/str.h"
#include "daemon/desk/dossier.h"
#include "daemon/desk/resident_import.h"
#include "daemon/desk/roster_csv.h"
#include "daemon/http/resources.h"
#include "daemon/http/rights.h"
#include "store/enclosure.h"

#include <string.h>

static const struct http_route api[] = {
	{"GET", "/healthz", health_get, false, WHO_ANYBODY},
	{"GET", "/metrics", metrics_get, false, WHO_BOX | WHO(IT)},
	{"GET", "/api/v1/notice", notice_get, false, WHO_ANYBODY},
	{"GET", "/api/v1/certificate", certificate_get, false, WHO_ANYBODY},
	{"POST", "/api/v1/setup/code", setup_code_post, true, WHO_BOX},
	{"POST", "/api/v1/setup", setup_post, true, WHO_ANYBODY},
	{"POST", "/api/v1/enrol", enrol_post, true, WHO_ANYBODY},
	{"POST", "/api/v1/enrol/confirm", enrol_confirm_post, true, WHO_ANYBODY},
	{"POST", "/api/v1/login", login_post, true, WHO_ANYBODY},
	{"POST", "/api/v1/logout", logout_post, true, WHO_OFFICERS},
	{"GET", "/api/v1/me", me_get, false, WHO_OFFICERS},
	{"POST", "/api/v1/me/passphrase", me_passphrase_post, true, WHO_OFFICERS},
	{"POST", "/api/v1/me/totp", me_totp_post, true, WHO_OFFICERS},
	{"GET", "/api/v1/me/sessions", me_sessions_get, false, WHO_OFFICERS},
	{"POST", "/api/v1/me/sessions/{n}/end", me_session_end_post, true, WHO_OFFICERS},
	{"GET", "/api/v1/officers", officers_get, false, WHO_OFFICERS},
	{"POST", "/api/v1/officers", officers_post, true, WHO(CHIEF)},
	{"GET", "/api/v1/officers/{n}", officer_get, false, WHO_OFFICERS},
	{"POST", "/api/v1/officers/{n}", officer_post, true, WHO(CHIEF)},
	{"POST", "/api/v1/officers/{n}/state", officer_state_post, true, WHO(CHIEF)},
	{"POST", "/api/v1/officers/{n}/reset", officer_reset_post, true, WHO(CHIEF)},
	{"POST", "/api/v1/officers/{n}/admission", officer_admission_post, true, WHO(CHIEF)},
	{"POST", "/api/v1/officers/{n}/recover", officer_recover_post, true, WHO_BOX},
	{"POST", "/api/v1/escrow", escrow_post, true, WHO(CHIEF)},
	{"POST", "/api/v1/escrow/fill", escrow_fill_post, true, WHO_READERS},
	{"POST", "/api/v1/escrow/check", escrow_check_post, true, WHO_LEADERS | WHO(CHAIRMAN)},
	{"GET", "/api/v1/status", status_get, false, WHO_ALL},
	{"GET", "/api/v1/today", today_get, false, WHO_ALL},
	{"GET", "/api/v1/events", events_get, false, WHO_OFFICERS},
	{"GET", "/api/v1/modems", modems_get, false, WHO_MACHINE},
	{"GET", "/api/v1/inbox", inbox_get, false, WHO_ALL},
	{"GET", "/api/v1/outbox", outbox_get, false, WHO_ALL},
	{"POST", "/api/v1/outbox/{n}/settle", outbox_settle_post, true, WHO_MACHINE | WHO(DUTY)},
	{"GET", "/api/v1/reports", reports_get, false, WHO_READERS},
	{"GET", "/api/v1/reports/{n}", report_get, false, WHO_READERS},
	{"POST", "/api/v1/reports/{n}/answer", report_answer_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports", reports_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/reports/{n}/files", report_file_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/rating", report_rate_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/subjects", report_subjects_post, true, WHO_HEADS},
	{"POST", "/api/v1/reports/{n}/identity", report_identity_post, true,
		WHO_HEADS | WHO(AREA) | WHO(DUTY)},
	{"POST", "/api/v1/reports/{n}/clearance", report_clearance_post, true, WHO_HEADS},
	{"POST", "/api/v1/reports/{n}/offline", report_offline_post, true, WHO_HEADS},
	{"GET", "/api/v1/reports/{n}/retention", report_retention_get, false, WHO_READERS},
	{"POST", "/api/v1/reports/{n}/hold", report_hold_post, true, WHO_HEADS},
	{"POST", "/api/v1/reports/{n}/release", report_release_post, true, WHO_HEADS},
	{"POST", "/api/v1/reports/{n}/forget", report_forget_post, true, WHO_HEADS | WHO(CLERK)},
	{"POST", "/api/v1/erasure-requests", erasure_requests_post, true, WHO_LEADERS | WHO(CLERK)},
	{"GET", "/api/v1/retention", retention_get, false, WHO_LEADERS | WHO(CLERK)},
	{"POST", "/api/v1/search", search_post, true, WHO_READERS},
	{"GET", "/api/v1/reveals", reveals_get, false, WHO_HEADS},
	{"POST", "/api/v1/reports/{n}/hamlet", report_hamlet_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/assignee", report_assignee_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/note", report_note_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/merge", report_merge_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/link", report_link_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/pin", report_pin_post, true, WHO_DECIDERS},
	{"GET", "/api/v1/reports/{n}/near", report_near_get, false, WHO_READERS},
	{"GET", "/api/v1/answer-templates", answer_templates_get, false, WHO_READERS},
	{"POST", "/api/v1/register", register_post, true, WHO_READERS},
	{"POST", "/api/v1/export", export_post, true, WHO_READERS},
	{"GET", "/api/v1/statistics/guess", statistics_guess_get, false, WHO_READERS},
	{"GET", "/api/v1/statistics/clocks", statistics_clocks_get, false, WHO_READERS},
	{"GET", "/api/v1/figures", figures_get, false, WHO_READERS},
	{"GET", "/api/v1/statistics/service", statistics_service_get, false, WHO_READERS},
	{"GET", "/api/v1/regimes", regimes_get, false, WHO_ALL},
	{"GET", "/api/v1/procedures", procedures_get, false, WHO_ALL},
	{"GET", "/api/v1/procedures/{n}", procedure_get, false, WHO_ALL},
	{"POST", "/api/v1/procedures/{n}/confirm", procedure_confirm_post, true, WHO_LEADERS},
	{"POST", "/api/v1/procedures/{n}/unconfirm", procedure_unconfirm_post, true, WHO_LEADERS},
	{"GET", "/api/v1/questions", questions_get, false, WHO_READERS},
	{"GET", "/api/v1/calendar", calendar_get, false, WHO_ALL},
	{"GET", "/api/v1/clocks", clocks_get, false, WHO_READERS},
	{"GET", "/api/v1/reports/{n}/law", report_law_get, false, WHO_READERS},
	{"POST", "/api/v1/reports/{n}/class", report_class_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/clock", report_clock_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/moment", report_moment_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/reports/{n}/outcome", report_outcome_post, true, WHO_DECIDERS},
	{"POST", "/api/v1/modems/{n}/accept", modem_accept_post, true, WHO_MACHINE},
	{"POST", "/api/v1/modems/{n}/ussd", modem_ussd_post, true, WHO_MACHINE},
	{"POST", "/api/v1/sms/preview", sms_preview_post, true, WHO_ALL},
	{"POST", "/api/v1/modems/{n}/journal", modem_journal_post, true, WHO_MACHINE},
	{"POST", "/api/v1/zalo/token", zalo_token_post, true, WHO_MACHINE},
	{"GET", "/api/v1/enrolments", enrolments_get, false, WHO_KEEPERS},
	{"POST", "/api/v1/enrolments", enrolments_post, true, WHO_KEEPERS},
	{"GET", "/api/v1/enrolments/wording", enrolment_wording_get, false, WHO_ALL},
	{"POST", "/api/v1/enrolments/{n}/accept", enrolment_accept_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/enrolments/{n}/ask", enrolment_ask_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/enrolments/{n}/decline", enrolment_decline_post, true, WHO_KEEPERS},
	{"GET", "/api/v1/dossiers", dossiers_get, false, WHO_READERS},
	{"POST", "/api/v1/dossiers/import", dossiers_import_post, true, WHO_LEADERS | WHO(CLERK)},
	{"GET", "/api/v1/polls", polls_get, false, WHO_READERS},
	{"POST", "/api/v1/polls", polls_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/polls/{n}", poll_get, false, WHO_READERS},
	{"POST", "/api/v1/polls/{n}/open", poll_open_post, true, WHO_LEADERS},
	{"POST", "/api/v1/polls/{n}/close", poll_close_post, true, WHO_LEADERS},
	{"POST", "/api/v1/polls/{n}/cancel", poll_cancel_post, true, WHO_LEADERS},
	{"GET", "/api/v1/polls/{n}/unclear", poll_unclear_get, false, WHO_HANDLERS},
	{"POST", "/api/v1/polls/{n}/assign", poll_assign_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/polls/{n}/try", poll_try_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/polls/{n}/result", poll_result_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/stays", stays_get, false, WHO(CHIEF) | WHO(CLERK)},
	{"POST", "/api/v1/stays/{n}/read", stay_read_post, true, WHO(CHIEF) | WHO(CLERK)},
	{"POST", "/api/v1/stays/{n}/decide", stay_decide_post, true, WHO(CHIEF) | WHO(CLERK)},
	{"GET", "/api/v1/feeds", feeds_get, false, WHO_ALL},
	{"POST", "/api/v1/feeds/{n}/check", feed_check_post, true, WHO_MACHINE | WHO(DUTY)},
	{"GET", "/api/v1/settings", settings_get, false, WHO_ALL},
	{"POST", "/api/v1/settings", settings_post, true, WHO(CHIEF) | WHO(IT) | WHO_BOX},
	{"GET", "/api/v1/backups", backups_get, false, WHO_MACHINE},
	{"POST", "/api/v1/backups", backups_post, true, WHO_MACHINE},
	{"GET", "/api/v1/places", places_get, false, WHO_ALL},
	{"POST", "/api/v1/places", places_post, true, WHO_LEADERS | WHO(CLERK)},
	{"POST", "/api/v1/places/{n}/close", place_close_post, true, WHO_LEADERS},
	{"POST", "/api/v1/places/{n}/residents", place_residents_post, true,
		WHO_LEADERS | WHO(AREA)},
	{"POST", "/api/v1/residents/{n}/change", resident_change_post, true,
		WHO_LEADERS | WHO(AREA)},
	{"POST", "/api/v1/residents/{n}/leave", resident_leave_post, true, WHO_LEADERS | WHO(AREA)},
	{"POST", "/api/v1/residents/{n}/phone", resident_phone_post, true, WHO_LEADERS | WHO(AREA)},
	{"GET", "/api/v1/resident-reveals", resident_reveals_get, false, WHO_HEADS},
	{"POST", "/api/v1/residents", residents_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/residents/import", residents_import_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/places/{n}/handover", place_handover_post, true, WHO_LEADERS},
	{"GET", "/api/v1/bulletins", bulletins_get, false, WHO_READERS},
	{"POST", "/api/v1/bulletins", bulletins_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/bulletins/{n}", bulletin_get, false, WHO_READERS},
	{"POST", "/api/v1/bulletins/{n}", bulletin_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/bulletins/{n}/file", bulletin_file_get, false, WHO_READERS},
	{"GET", "/api/v1/bulletins/{n}/statistics", bulletin_statistics_get, false, WHO_READERS},
	{"POST", "/api/v1/bulletins/{n}/file", bulletin_file_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/answer", bulletin_answer_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/submit", bulletin_submit_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/withdraw", bulletin_withdraw_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/approve", bulletin_approve_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/reject", bulletin_reject_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/review", bulletin_review_post, true,
		WHO_LEADERS | WHO(CHAIRMAN)},
	{"POST", "/api/v1/bulletins/{n}/recall", bulletin_recall_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/stop", bulletin_stop_post, true, WHO_HANDLERS},
	{"POST", "/api/v1/bulletins/{n}/resume", bulletin_resume_post, true, WHO_LEADERS},
	{"POST", "/api/v1/bulletins/{n}/discard", bulletin_discard_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/bulletins/{n}/preview", bulletin_preview_get, false, WHO_READERS},
	{"POST", "/api/v1/bulletins/{n}/preview", bulletin_preview_post, true, WHO_READERS},
	{"GET", "/api/v1/bulletins/{n}/delivery", bulletin_delivery_get, false, WHO_READERS},
	{"GET", "/api/v1/bulletins/{n}/ledger", bulletin_ledger_get, false, WHO_READERS},
	{"GET", "/api/v1/bulletin-categories", bulletin_categories_get, false, WHO_ALL},
	{"GET", "/api/v1/audiences", audiences_get, false, WHO_READERS},
	{"POST", "/api/v1/audiences", audiences_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/audiences/{n}/members", audience_members_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/audiences/{n}/remove", audience_remove_post, true, WHO_KEEPERS},
	{"GET", "/api/v1/refusals", refusals_get, false, WHO_READERS},
	{"POST", "/api/v1/refusals", refusals_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/groups", groups_get, false, WHO_ALL},
	{"POST", "/api/v1/groups", groups_post, true, WHO_KEEPERS},
	{"GET", "/api/v1/groups/{n}", group_get, false, WHO_ALL},
	{"GET", "/api/v1/groups/{n}/members", group_members_get, false, WHO_READERS},
	{"GET", "/api/v1/groups/{n}/requests", group_requests_get, false, WHO_READERS},
	{"GET", "/api/v1/groups/{n}/acts", group_acts_get, false, WHO_ALL},
	{"POST", "/api/v1/groups/{n}/link", group_link_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/groups/{n}/settings", group_settings_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/groups/{n}/people", group_people_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/groups/{n}/asset", group_asset_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/groups/{n}/delete", group_delete_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/groups/{n}/check", group_check_post, true, WHO_KEEPERS},
	{"GET", "/api/v1/group-assets", group_assets_get, false, WHO_ALL},
	{"POST", "/api/v1/group-acts/{n}/settle", group_act_settle_post, true, WHO_KEEPERS},
	{"POST", "/api/v1/zalo/login", zalo_login_post, true, WHO_MACHINE},
	{"POST", "/api/v1/zalo/login/code", zalo_login_code_post, true, WHO_MACHINE},
	{"POST", "/api/v1/zalo/doctor", zalo_doctor_post, true, WHO_MACHINE},
	{"GET", "/api/v1/zalo/gaps", zalo_gaps_get, false, WHO_ALL},
	{"POST", "/api/v1/zalo/gaps/{n}/seen", zalo_gap_seen_post, true, WHO_MACHINE | WHO(DUTY)},
	{"GET", "/api/v1/attachments/{n}", attachment_get, false, WHO_READERS},
	{"POST", "/api/v1/reports/{n}/acknowledge", report_acknowledge_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/duty", duty_get, false, WHO_ALL},
	{"GET", "/api/v1/duty/alarms", alarms_get, false, WHO_HANDLERS},
	{"POST", "/api/v1/duty/alarms/{n}/acknowledge", alarm_acknowledge_post, true, WHO_HANDLERS},
	{"GET", "/api/v1/roster", roster_get, false, WHO_ALL},
	{"POST", "/api/v1/roster", roster_post, true, WHO_BOX | WHO_LEADERS},
	{"POST", "/api/v1/roster/import", roster_import_post, true, WHO_BOX | WHO_LEADERS},
	{"GET", "/api/v1/audit", audit_get, false, WHO_BOX | WHO(IT) | WHO(CHAIRMAN)},
	{"GET", "/api/v1/audit/head", audit_head_get, false, WHO_BOX | WHO(IT) | WHO(CHAIRMAN)},
	{"POST", "/api/v1/audit/check", audit_check_post, true, WHO_ALL},
	{"POST", "/api/v1/audit/verify", audit_verify_post, true, WHO_MACHINE | WHO(CHAIRMAN)},
	{"GET", "/api/v1/audit/faults", audit_faults_get, false, WHO_ALL},
	{"POST", "/api/v1/audit/faults/{n}/seen", audit_fault_seen_post, true,
		WHO_LEADERS | WHO(CHAIRMAN)},
};

/* Gateways call by GET or POST as they are made; both write. */
static const struct http_route callbacks[] = {
	{"GET", "/http_sms/report", sms_report_any, true, WHO_ANYBODY},
	{"POST", "/http_sms/report", sms_report_any, true, WHO_ANYBODY},
	{"GET", "/http_sms/message", sms_message_any, true, WHO_ANYBODY},
	{"POST", "/http_sms/message", sms_message_any, true, WHO_ANYBODY},
};

static const struct http_route webhook[] = {
	{"POST", "/zalo/webhook", zalo_webhook_post, true, WHO_ANYBODY},
};

static const struct http_route ussd[] = {
	{"POST", "/ussd", ussd_post, true, WHO_ANYBODY},
};

size_t router_body_max(const struct http_route *route)
{
	if (route && (route->handle == report_file_post || route->handle == bulletin_file_post))
		return ENCLOSURE_MAX;
	if (route && route->handle == residents_import_post)
		return RESIDENT_IMPORT_BYTES_MAX;
	if (route && route->handle == dossiers_import_post)
		return DOSSIER_IMPORT_BYTES_MAX;
	if (route && route->handle == roster_import_post)
		return ROSTER_CSV_BYTES_MAX;
	return HTTP_BODY_MAX;
}

const struct http_route *router_route(enum http_door door, size_t index)
{
	if (door == HTTP_DOOR_WEBHOOK)
		return index < ARRAY_LEN(webhook) ? &webhook[index] : NULL;
	if (door == HTTP_DOOR_USSD)
		return index < ARRAY_LEN(ussd) ? &ussd[index] : NULL;
	if (door == HTTP_DOOR_CALLBACKS)
		return index < ARRAY_LEN(callbacks) ? &callbacks[index] : NULL;
	return index < ARRAY_LEN(api) ? &api[index] : NULL;
}

/* Does `path` fit the pattern? What stands for {n} goes to `param` ("" when it has none). */
static bool path_fits(const char *pattern, const char *path, char param[HTTP_PARAM_BYTES])
{
	static const char hole[] = "{n}";
	const char *at = strstr(pattern, hole);
	size_t head, len;

	param[0] = 0;
	if (!at)
		return str_eq(pattern, path);
	head = (size_t)(at - pattern);
	if (strncmp(pattern, path, head) != 0)
		return false;
	len = strcspn(path + head, "/");
	if (len == 0 || len >= HTTP_PARAM_BYTES || !str_eq(at + strlen(hole), path + head + len))
		return false;
	memcpy(param, path + head, len);
	param[len] = 0;
	return true;
}

static bool method_fits(const struct http_route *route, const char *method)
{
	return str_eq(route->method, method) ||
	       (str_eq(method, "HEAD") && str_eq(route->method, "GET") && !route->is_write);
}

/* A path of the API has a read, a write, or both; a callback takes both methods. */
static const char *allow_of(enum http_door door, const struct http_route *route)
{
	if (door == HTTP_DOOR_CALLBACKS)
		return "GET, POST";
	return str_eq(route->method, "GET") ? "GET, HEAD" : route->method;
}

enum err router_match(enum http_door door, const char *method, const char *path,
	const struct http_route **ret_route, char param[HTTP_PARAM_BYTES], const char **ret_allow)
{
	const struct http_route *route;
	const char *allow = NULL;

	for (size_t i = 0; (route = router_route(door, i)) != NULL; i++) {
		if (!path_fits(route->path, path, param))
			continue;
		if (method_fits(route, method)) {
			*ret_route = route;
			return ERR_OK;
		}
		allow = allow ? "GET, HEAD, POST" : allow_of(door, route);
	}
	param[0] = 0;
	if (!allow)
		return ERR_NOT_FOUND;
	*ret_allow = allow;
	return ERR_UNSUPPORTED;
}
