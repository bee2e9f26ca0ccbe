/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handlers of the router's table, one file a resource, and what they share. */
#ifndef BINHYEN_HTTP_RESOURCES_H
#define BINHYEN_HTTP_RESOURCES_H

#include "daemon/http/http_private.h"
#include "daemon/desk/officer.h"
#include "daemon/desk/reading.h"
#include "daemon/http/request.h"

void notice_get(struct http_request *req);
void status_get(struct http_request *req);
void today_get(struct http_request *req);
void events_get(struct http_request *req);
/* The whole of `status`; NULL and *ret_err on failure. */
json_t *http_status(
	const struct http_options *options, const struct reader *reader, enum err *ret_err);
void inbox_get(struct http_request *req);
void outbox_get(struct http_request *req);
void outbox_settle_post(struct http_request *req);
void reports_get(struct http_request *req);
void report_get(struct http_request *req);
void report_answer_post(struct http_request *req);
void report_file_post(struct http_request *req);
void report_rate_post(struct http_request *req);
void report_subjects_post(struct http_request *req);
void officer_admission_post(struct http_request *req);
void place_handover_post(struct http_request *req);
void reports_post(struct http_request *req);
void report_hamlet_post(struct http_request *req);
void report_assignee_post(struct http_request *req);
void report_note_post(struct http_request *req);
void report_merge_post(struct http_request *req);
void report_link_post(struct http_request *req);
void report_pin_post(struct http_request *req);
void report_near_get(struct http_request *req);
void answer_templates_get(struct http_request *req);
void register_post(struct http_request *req);
void export_post(struct http_request *req);
void statistics_guess_get(struct http_request *req);
void statistics_service_get(struct http_request *req);
void questions_get(struct http_request *req);
void procedures_get(struct http_request *req);
void procedure_get(struct http_request *req);
void statistics_clocks_get(struct http_request *req);
void regimes_get(struct http_request *req);
void calendar_get(struct http_request *req);
void clocks_get(struct http_request *req);
void figures_get(struct http_request *req);
void report_law_get(struct http_request *req);
void report_class_post(struct http_request *req);
void report_clock_post(struct http_request *req);
void report_moment_post(struct http_request *req);
void report_outcome_post(struct http_request *req);
void report_identity_post(struct http_request *req);
void report_clearance_post(struct http_request *req);
void report_offline_post(struct http_request *req);
void search_post(struct http_request *req);
void reveals_get(struct http_request *req);
void retention_get(struct http_request *req);
void report_retention_get(struct http_request *req);
void report_hold_post(struct http_request *req);
void report_release_post(struct http_request *req);
void report_forget_post(struct http_request *req);
void erasure_requests_post(struct http_request *req);
void modems_get(struct http_request *req);
void modem_ussd_post(struct http_request *req);
void modem_journal_post(struct http_request *req);
void modem_accept_post(struct http_request *req);
void sms_preview_post(struct http_request *req);
void zalo_token_post(struct http_request *req);
void enrolments_get(struct http_request *req);
void enrolments_post(struct http_request *req);
void enrolment_wording_get(struct http_request *req);
void enrolment_accept_post(struct http_request *req);
void enrolment_decline_post(struct http_request *req);
void backups_get(struct http_request *req);
void backups_post(struct http_request *req);
void feeds_get(struct http_request *req);
void feed_check_post(struct http_request *req);
void place_close_post(struct http_request *req);
void place_residents_post(struct http_request *req);
void resident_change_post(struct http_request *req);
void resident_leave_post(struct http_request *req);
void resident_phone_post(struct http_request *req);
void resident_reveals_get(struct http_request *req);
void enrolment_ask_post(struct http_request *req);
void procedure_confirm_post(struct http_request *req);
void procedure_unconfirm_post(struct http_request *req);
void settings_get(struct http_request *req);
void settings_post(struct http_request *req);
void places_get(struct http_request *req);
void places_post(struct http_request *req);
void residents_post(struct http_request *req);
void residents_import_post(struct http_request *req);
void roster_import_post(struct http_request *req);
void groups_get(struct http_request *req);
void groups_post(struct http_request *req);
void group_get(struct http_request *req);
void group_members_get(struct http_request *req);
void group_requests_get(struct http_request *req);
void group_acts_get(struct http_request *req);
void group_link_post(struct http_request *req);
void group_settings_post(struct http_request *req);
void group_people_post(struct http_request *req);
void group_asset_post(struct http_request *req);
void group_delete_post(struct http_request *req);
void group_check_post(struct http_request *req);
void group_assets_get(struct http_request *req);
void group_act_settle_post(struct http_request *req);
void zalo_login_post(struct http_request *req);
void zalo_login_code_post(struct http_request *req);
void zalo_doctor_post(struct http_request *req);
void zalo_gaps_get(struct http_request *req);
void zalo_gap_seen_post(struct http_request *req);
void ussd_post(struct http_request *req);
void zalo_webhook_post(struct http_request *req);
void duty_get(struct http_request *req);
void roster_get(struct http_request *req);
void roster_post(struct http_request *req);
void alarms_get(struct http_request *req);
void alarm_acknowledge_post(struct http_request *req);
void report_acknowledge_post(struct http_request *req);
void audit_get(struct http_request *req);
void audit_head_get(struct http_request *req);
void audit_check_post(struct http_request *req);
void audit_verify_post(struct http_request *req);
void audit_faults_get(struct http_request *req);
void audit_fault_seen_post(struct http_request *req);
void attachment_get(struct http_request *req);
void sms_report_any(struct http_request *req);
void sms_message_any(struct http_request *req);
void setup_code_post(struct http_request *req);
void setup_post(struct http_request *req);
void enrol_post(struct http_request *req);
void enrol_confirm_post(struct http_request *req);
void login_post(struct http_request *req);
void logout_post(struct http_request *req);
void me_get(struct http_request *req);
void me_passphrase_post(struct http_request *req);
void me_totp_post(struct http_request *req);
void me_sessions_get(struct http_request *req);
void me_session_end_post(struct http_request *req);
void officers_get(struct http_request *req);
void officers_post(struct http_request *req);
void officer_get(struct http_request *req);
void officer_post(struct http_request *req);
void officer_state_post(struct http_request *req);
void officer_reset_post(struct http_request *req);
void escrow_post(struct http_request *req);
void escrow_fill_post(struct http_request *req);
void escrow_check_post(struct http_request *req);
void officer_recover_post(struct http_request *req);
void bulletins_get(struct http_request *req);
void bulletins_post(struct http_request *req);
void bulletin_get(struct http_request *req);
void bulletin_post(struct http_request *req);
void bulletin_file_get(struct http_request *req);
void bulletin_statistics_get(struct http_request *req);
void bulletin_file_post(struct http_request *req);
void bulletin_answer_post(struct http_request *req);
void bulletin_submit_post(struct http_request *req);
void bulletin_withdraw_post(struct http_request *req);
void bulletin_approve_post(struct http_request *req);
void bulletin_reject_post(struct http_request *req);
void bulletin_review_post(struct http_request *req);
void bulletin_recall_post(struct http_request *req);
void bulletin_stop_post(struct http_request *req);
void bulletin_resume_post(struct http_request *req);
void bulletin_discard_post(struct http_request *req);
void bulletin_categories_get(struct http_request *req);
void bulletin_preview_get(struct http_request *req);
void bulletin_preview_post(struct http_request *req);
void bulletin_delivery_get(struct http_request *req);
void bulletin_ledger_get(struct http_request *req);
void dossiers_get(struct http_request *req);
void dossiers_import_post(struct http_request *req);
void polls_get(struct http_request *req);
void polls_post(struct http_request *req);
void poll_get(struct http_request *req);
void poll_open_post(struct http_request *req);
void poll_close_post(struct http_request *req);
void poll_cancel_post(struct http_request *req);
void poll_result_post(struct http_request *req);
void poll_unclear_get(struct http_request *req);
void poll_assign_post(struct http_request *req);
void poll_try_post(struct http_request *req);
void stays_get(struct http_request *req);
void stay_read_post(struct http_request *req);
void stay_decide_post(struct http_request *req);
void audiences_get(struct http_request *req);
void audiences_post(struct http_request *req);
void audience_members_post(struct http_request *req);
void audience_remove_post(struct http_request *req);
void refusals_get(struct http_request *req);
void refusals_post(struct http_request *req);
void health_get(struct http_request *req);
void certificate_get(struct http_request *req);
void metrics_get(struct http_request *req);

/* seen.c: {n} of the path is looked after, by who calls. */
struct http_seen {
	const char *what;    /* as errors call it: "gap" */
	const char *subject; /* of the event: "zalo_gap" */
	const char *event;
	/* ERR_NOT_FOUND; ERR_STATE: it is already */
	enum err (*mark)(struct store *store, int64_t id, const char *actor);
};
void http_mark_seen(struct http_request *req, const struct http_seen *seen);

/* A moment as text in Vietnamese time, null for 0. */
json_t *json_time(int64_t wall_ms);
/* A text that may not be UTF-8 any more (a damaged row) must not cost the whole answer. */
json_t *json_text(const char *text);
/* Who reads, as reading.h wants to know it; borrows the key of the session. */
struct reader http_reader(const struct http_request *req);
/* Who acts, as the desk wants to know it; borrows the name of the request. */
struct desk_actor http_desk_actor(const struct http_request *req);
/* An id as this caller is shown it. */
json_t *json_id(struct http_request *req, enum reading_kind kind, int64_t id);

/* "2026-11-22" at the beginning of a text as days since 1970-01-01; "14:05" as minutes, and nothing
 * behind it. */
bool http_date(const char *text, int64_t *ret_day);
bool http_minute(const char *text, int64_t *ret_minutes);
/* "2026-11-22 14:05" (or with a T) in Vietnam, and nothing behind it. */
bool http_moment(const char *text, int64_t *ret_ms);

/* {"year": 2026}, with "month" or not, or {"from": "2026-11-01", "to": "2026-11-30"}; borrows from
 * the body. False: no such member. */
struct http_days {
	int64_t year, month; /* 0 not given */
	const char *from, *to;
};
bool http_days_member(struct http_days *days, const char *name, const json_t *value);
/* As days since 1970-01-01, both included. */
MUST_CHECK
enum err http_days(const struct http_days *asked, int64_t *ret_from_day, int64_t *ret_to_day,
	struct errbuf *eb);

/* "2026-12", "2026-R3", the name of a report in paths; null for 0 and for one that he may not know
 * of. */
json_t *json_report_name(struct http_request *req, int64_t report_id);
/* The same of one that was read. */
json_t *json_report_named(const struct report *report);

/* The report that the path names and the caller reads; otherwise the refusal is already in the
 * answer. */
MUST_CHECK
enum err report_of_path(struct http_request *req, struct report *ret_report);
/* The same, also when he sees no more than its line. */
MUST_CHECK
enum err report_seen_of_path(
	struct http_request *req, struct report *ret_report, enum sight *ret_sight);
/* How well was guessed, as the caller may know: rows of a pair of categories each, with *sums of
 * all of them. NULL and *ret_err on failure. */
json_t *json_guess_rows(struct http_request *req, json_t *sums, enum err *ret_err);
/* An alarm as lists show it. */
struct alarm;
json_t *json_alarm(const struct alarm *alarm);
/* A report as lists show it. */
json_t *json_report(struct http_request *req, const struct report *report, enum sight sight);
/* It was changed: as he sees it now; as it was, as a blank line, when it is no more his to see. */
void http_reply_changed(struct http_request *req, const struct report *before);
/* Adds who works on it, and what it is merged with and linked to; not 0 = out of memory. */
int json_report_ties(struct http_request *req, const struct report *report, json_t *object);
/* A report that a body names, and the caller reads. */
MUST_CHECK
enum err report_of_name(
	struct http_request *req, const char *name, struct report *ret_report, struct errbuf *eb);

/* The group that the path names; otherwise the refusal is already in the answer. */
struct zalo_group;
MUST_CHECK
enum err group_of_path(struct http_request *req, struct zalo_group *ret_group);
/* The groups in sum. NULL and *ret_err on failure. */
/* duty.c: {"rows": [...], "dry_run": true}, and what came of it. */
MUST_CHECK
enum err roster_import(
	struct http_request *req, const json_t *body, json_t **ret_answer, struct errbuf *eb);
json_t *json_feeds(struct store *store, enum err *ret_err);
json_t *json_groups(struct store *store, enum err *ret_err);
/* Who is on duty, gaps ahead, alarms that ring. NULL and *ret_err on failure. */
json_t *json_duty(struct desk *desk, struct store *store, enum err *ret_err);
/* The log of events in sum, with what the daemon knows of it. NULL and *ret_err on failure. */
json_t *json_audit(
	struct store *store, const struct reader *reader, const json_t *known, enum err *ret_err);
/* What came with a report; NULL and *ret_err on failure. */
json_t *json_attachments(struct http_request *req, int64_t report_id, enum err *ret_err);

/* What is known of markings of state secrets in a report; null when there are none. */
json_t *json_secrecy(struct desk *desk, int64_t report_id);
/* That this is no system for state secrets, in Vietnamese. */
json_t *json_notice(void);

/* Counts by state: {"NEW":3,...}. NULL and *ret_err on failure. */
json_t *json_inbox_counts(struct desk *desk, const struct reader *reader, enum err *ret_err);
json_t *json_outbox_counts(struct desk *desk, const struct reader *reader, enum err *ret_err);

/* A count of figures; null: too small to be told. */
json_t *json_figure(int64_t count);
/* What was asked within ?days=1..400; the caller frees it. */
struct service_figures;
MUST_CHECK
enum err service_figures_of(struct http_request *req, int *ret_days,
	struct service_figures **ret_figures, struct errbuf *eb);

/* A list of rows, newest first: {"<name>":[...],"next_before":id|null}. Begin is false when the
 * refusal is already given; each row is added with its id; end answers. */
struct http_list {
	struct http_request *req;
	struct store *store;
	const char *name;
	struct http_page page;
	json_t *rows;
	int count;
	int64_t last_id;
	bool is_masked;
	enum reading_kind kind;
	struct reader reader;
};
bool http_list_begin(struct http_list *list, struct http_request *req, const char *name);
/* The same of rows whose ids are masked for officers. */
bool http_list_masked(
	struct http_list *list, struct http_request *req, const char *name, enum reading_kind kind);
void http_list_add(struct http_list *list, int64_t id, json_t *row);
void http_list_end(struct http_list *list, enum err err);

/* What is wrong and what to do about it, from the other members of the status. */
json_t *problems_find(const json_t *status);

#endif
