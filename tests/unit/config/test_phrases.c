/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/phrases.h"
#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Every phrase, the fields that its callers give, and whether it goes out by SMS. */
static const struct {
	const char *key;
	const char *fields[8];
	bool is_sms;
} expected[] = {
	{"receipt", {"number", "code"}, true},
	{"receipt_danger", {"number", "code"}, true},
	{"answer_file", {"name", "number", "year"}, false},
	{"receipt_more", {"number", "code"}, true},
	{"bulletin_head", {"text", "number"}, true},
	{"bulletin_told", {"number"}, true},
	{"state_open", {"code"}, true},
	{"state_answered", {"code"}, true},
	{"state_closed", {"code"}, true},
	{"state_refused", {NULL}, true},
	{"state_pin", {"code", "pin"}, true},
	{"procedure_answer", {"title", "text", "basis", "date"}, false},
	{"procedure_unconfirmed", {"title", "text", "basis", "date"}, false},
	{"procedure_old", {"title", "text", "basis", "date"}, false},
	{"procedure_short_unconfirmed", {"text"}, true},
	{"procedure_short_old", {"text"}, true},
	{"stay_how", {NULL}, true},
	{"stay_missing", {"what"}, true},
	{"stay_lacks_name", {NULL}, false},
	{"stay_lacks_id", {NULL}, false},
	{"stay_lacks_new_id", {NULL}, false},
	{"stay_lacks_right_id", {NULL}, false},
	{"stay_lacks_reason", {NULL}, false},
	{"stay_lacks_dates", {NULL}, false},
	{"stay_lacks_right_dates", {NULL}, false},
	{"stay_lacks_address", {NULL}, false},
	{"stay_received", {"number", "count", "from", "to"}, true},
	{"stay_received_night", {"number", "count", "from", "to"}, true},
	{"stay_received_late", {"number", "count", "from", "to"}, true},
	{"stay_waiting", {"count"}, true},
	{"stay_too_long", {NULL}, true},
	{"stay_too_many", {NULL}, true},
	{"stay_foreign", {NULL}, true},
	{"stay_dropped", {NULL}, true},
	{"stay_unknown", {"number"}, true},
	{"stay_is_unclear", {"number"}, true},
	{"stay_is_received", {"number"}, true},
	{"stay_is_entered", {"number"}, true},
	{"stay_is_recorded", {"number"}, true},
	{"stay_is_declined", {"number"}, true},
	{"stay_declined", {"number", "reason"}, true},
	{"procedure_expired", {"count", "codes"}, true},
	{"procedure_hint", {NULL}, true},
	{"menu_hint", {NULL}, false},
	{"menu_more", {NULL}, false},
	{"menu_back", {NULL}, false},
	{"menu_leave", {NULL}, false},
	{"menu_bye", {NULL}, false},
	{"menu_lost", {"phone"}, false},
	{"menu_lost_nophone", {NULL}, false},
	{"menu_contact", {"phone"}, false},
	{"menu_contact_nophone", {NULL}, false},
	{"menu_offer", {NULL}, false},
	{"menu_offer_on", {NULL}, false},
	{"menu_offer_drop", {NULL}, false},
	{"menu_polls", {NULL}, false},
	{"menu_poll", {"number", "question", NULL}, false},
	{"menu_poll_whole", {NULL}, false},
	{"menu_poll_until", {"end", NULL}, false},
	{"menu_poll_household", {NULL}, false},
	{"menu_poll_phone", {NULL}, false},
	{"menu_poll_taken", {"number", "whose", "choice", "label", "end", NULL}, false},
	{"menu_poll_changed", {"number", "whose", "choice", "label", "end", NULL}, false},
	{"menu_poll_over", {"number", NULL}, false},
	{"menu_poll_none", {NULL}, false},
	{"menu_gone", {NULL}, false},
	{"menu_hamlet", {NULL}, false},
	{"menu_hamlet_other", {NULL}, false},
	{"menu_text", {NULL}, false},
	{"menu_confirm", {"text"}, false},
	{"menu_send", {NULL}, false},
	{"menu_send_hidden", {NULL}, false},
	{"menu_send_quiet", {NULL}, false},
	{"menu_taken", {"number", "code"}, false},
	{"menu_taken_quiet", {"number", "code", "pin"}, false},
	{"menu_taken_danger", {"number", "code"}, false},
	{"menu_emergency_text", {NULL}, false},
	{"menu_procedures", {NULL}, false},
	{"menu_search", {NULL}, false},
	{"menu_found", {NULL}, false},
	{"menu_ask_person", {NULL}, false},
	{"menu_code", {NULL}, false},
	{"answer_open_received", {"number"}, true},
	{"answer_open_coming", {"number"}, true},
	{"answer_open_ask", {"number", "text"}, true},
	{"answer_open_invite", {"number", "text"}, true},
	{"answer_open_complaint", {"number"}, true},
	{"answer_answered_working", {"number"}, true},
	{"answer_answered_transferred", {"number", "text"}, true},
	{"answer_closed_result", {"number", "text"}, true},
	{"answer_closed_thanks", {"number"}, true},
	{"relay_text", {"number", "year", "source", "time", "incomplete", "text"}, false},
	{"relay_notice", {"number", "year", "category", "hamlet", "urgency"}, false},
	{"relay_amend_text", {"number", "year", "text"}, false},
	{"relay_amend_notice", {"number", "year"}, false},
	{"confined_news", {"number", "year", "time"}, true},
	{"confined_danger", {"number", "year", "time"}, true},
	{"handover_to", {"place", "from", "open"}, true},
	{"handover_from", {"place", "to", "open"}, true},
	{"duty_alarm", {"number", "year", "time"}, true},
	{"duty_alarm_danger", {"number", "year", "time", "detail", "alarm"}, true},
	{"duty_alarm_many", {"count", "numbers", "alarm"}, true},
	{"duty_alarm_again", {"count", "numbers", "alarm"}, true},
	{"alarm_group", {"minutes", "count", "numbers", "alarm"}, false},
	{"alarm_taken_group", {"alarm", "numbers", "who"}, false},
	{"alarm_taken", {"alarm", "who"}, true},
	{"alarm_taken_before", {"alarm", "who"}, true},
	{"alarm_thanks", {"alarm"}, true},
	{"alarm_given_back", {"alarm"}, true},
	{"alarm_unknown", {"alarm"}, true},
	{"alarm_blocked", {NULL}, true},
	{"escrow_renewed", {"officer"}, true},
	{"login_refused", {"count", "officer"}, true},
	{"duty_nobody", {NULL}, true},
	{"who_phone", {NULL}, false},
	{"who_group", {NULL}, false},
	{"who_office", {NULL}, false},
	{"duty_alarm_more", {"number", "year"}, true},
	{"data_forgotten", {NULL}, true},
	{"identity_digest", {"count"}, true},
	{"identity_many", {"officer", "count"}, true},
	{"modem_swapped", {"modem"}, true},
	{"modem_dead", {"modem"}, true},
	{"sim_full", {"modem"}, true},
	{"balance_low", {"modem"}, true},
	{"group_expiring", {"group", "days", "date"}, true},
	{"group_disabled", {"group", "date"}, true},
	{"group_dissolving", {"group", "days", "date"}, true},
	{"group_gone", {"group"}, true},
	{"group_drift", {"group"}, true},
	{"poll_title", {"number"}, false},
	{"poll_per_household", {NULL}, false},
	{"poll_per_phone", {NULL}, false},
	{"poll_question", {"question", "options", "number", "end", "whose"}, false},
	{"poll_question_sms", {"number", "question", "options", "end"}, false},
	{"poll_taken_household", {"number", "choice", "label", "end"}, true},
	{"poll_taken_phone", {"number", "choice", "label", "end"}, true},
	{"poll_changed_household", {"number", "choice", "label", "end"}, true},
	{"poll_changed_phone", {"number", "choice", "label", "end"}, true},
	{"poll_unclear", {"number", "options"}, true},
	{"poll_how", {"number", "question", "options"}, true},
	{"poll_which", {"numbers"}, true},
	{"poll_over", {"number"}, true},
	{"poll_not_asked", {NULL}, true},
	{"poll_over_officer", {"number"}, true},
	{"poll_recalled_title", {"number", NULL}, false},
	{"poll_recalled", {"number", NULL}, false},
	{"poll_result_title", {"number"}, false},
	{"poll_result", {"question", "turnout", "rows", "remarks"}, false},
	{"poll_turnout_household", {"voices", "answered"}, false},
	{"poll_turnout_household_hidden", {"voices"}, false},
	{"poll_turnout_phone", {"voices", "answered"}, false},
	{"poll_turnout_phone_hidden", {"voices"}, false},
	{"poll_votes", {"number", "label", "votes"}, false},
	{"poll_votes_hidden", {"number", "label"}, false},
	{"poll_unclear_count", {"count"}, false},
	{"poll_hidden", {NULL}, false},
	{"poll_quorum", {"quorum"}, false},
	{"poll_no_quorum", {"quorum"}, false},
	{"dossier_due", {"due"}, false},
	{"dossier_received", {"code", "when", "day"}, true},
	{"dossier_working", {"code", "when", "day"}, true},
	{"dossier_lacking", {"code", "when", "day"}, true},
	{"dossier_ready", {"code", "when", "day"}, true},
	{"dossier_returned", {"code", "when", "day"}, true},
	{"dossier_refused", {"code", "when", "day"}, true},
	{"dossier_forwarded", {"code", "when", "day"}, true},
	{"dossier_unknown", {"code"}, true},
	{"dossier_how", {NULL}, true},
	{"menu_residence", {NULL}, false},
	{"menu_residence_read", {NULL}, false},
	{"menu_residence_send", {NULL}, false},
	{"menu_residence_next", {NULL}, false},
	{"menu_residence_hamlet", {NULL}, false},
	{"menu_residence_text", {NULL}, false},
	{"menu_stay_name", {NULL}, false},
	{"menu_stay_id", {NULL}, false},
	{"menu_stay_reason", {NULL}, false},
	{"menu_stay_dates", {NULL}, false},
	{"menu_stay_address", {NULL}, false},
	{"menu_stay_confirm", {"text"}, false},
	{"menu_dossier", {NULL}, false},
	{"enrol_wording", {NULL}, false},
	{"enrol_how", {NULL}, true},
	{"enrol_done", {"place"}, true},
	{"enrol_waits", {NULL}, true},
	{"enrol_zalo_code", {"code"}, true},
	{"enrol_code_refused", {NULL}, true},
	{"phone_code", {"code"}, true},
	{"phone_same", {NULL}, true},
	{"phone_changed", {NULL}, true},
	{"enrol_declined", {NULL}, true},
	{"enrol_ask_hamlet", {NULL}, true},
	{"enrol_ask_name", {NULL}, true},
	{"enrol_ask_both", {NULL}, true},
	{"feed_emergency", {"feed"}, true},
	{"feed_cancelled", {"title"}, false},
	{"feed_area", {"area"}, false},
	{"audit_head", {"date", "event", "digits"}, true},
	{"audit_fault", {"event"}, true},
	{"zalo_doubtful", {NULL}, true},
	{"zalo_fault", {NULL}, true},
	{"zalo_consent", {NULL}, true},
	{"zalo_offline", {NULL}, true},
	{"zalo_blocked", {"code"}, true},
	{"zalo_end", {"date"}, true},
	{"incomplete_mark", {NULL}, false},
	{"text_gap", {NULL}, false},
	{"call_text", {NULL}, false},
	{"empty_text", {NULL}, false},
	{"unreadable_text", {NULL}, false},
	{"attachment_text", {NULL}, false},
	{"content_location", {"place"}, false},
	{"content_link", {"place"}, false},
	{"content_card", {"place"}, false},
	{"attachment_image", {NULL}, false},
	{"attachment_gif", {NULL}, false},
	{"attachment_sticker", {NULL}, false},
	{"attachment_voice", {NULL}, false},
	{"attachment_video", {NULL}, false},
	{"attachment_file", {NULL}, false},
	{"attachment_failed", {"kind", "reason"}, false},
	{"attachment_reason_no_url", {NULL}, false},
	{"attachment_reason_bad_host", {NULL}, false},
	{"attachment_reason_too_big", {NULL}, false},
	{"attachment_reason_budget", {NULL}, false},
	{"attachment_reason_disk_full", {NULL}, false},
	{"attachment_reason_gone", {NULL}, false},
	{"attachment_reason_wrong_type", {NULL}, false},
	{"attachment_reason_wrong_md5", {NULL}, false},
	{"attachment_reason_redirects", {NULL}, false},
	{"attachment_reason_refused", {NULL}, false},
	{"attachment_reason_unreachable", {NULL}, false},
	{"attachment_reason_too_slow", {NULL}, false},
	{"attachment_reason_missing", {NULL}, false},
	{"group_invitation", {NULL}, false},
	{"zalo_gap", {"from", "to"}, true},
	{"told_received", {"number", "code", "date"}, true},
	{"told_letter", {"number", "code", "date"}, true},
	{"told_record", {"number", "code", "date"}, true},
	{"told_request", {"number", "code", "date"}, true},
	{"told_transfer", {"number", "code", "date"}, true},
	{"told_closed", {"number", "code", "date"}, true},
	{"clock_alarm", {"late", "soon", "list"}, true},
	{"zalo_withdraw", {NULL}, true},
	{"secrecy_found", {"number", "year"}, true},
	{"not_secret_system", {NULL}, false},
	{"offline_head", {"number", "year", "time", "officer", "reason", "digits"}, false},
	{"offline_files", {NULL}, false},
	{"offline_stub", {"time"}, false},
	{"entry_received", {NULL}, false},
	{"entry_answer", {NULL}, false},
	{"entry_amended", {NULL}, false},
	{"entry_more", {NULL}, false},
	{"entry_note", {NULL}, false},
	{"source_modem", {NULL}, false},
	{"source_http_sms", {NULL}, false},
	{"source_zalo_user", {NULL}, false},
	{"source_zalo_group", {NULL}, false},
	{"register_machine", {NULL}, false},
	{"register_anonymous", {NULL}, false},
	{"register_quiet", {NULL}, false},
	{"register_merged", {NULL}, false},
	{"progress_open", {NULL}, false},
	{"progress_answered", {NULL}, false},
	{"progress_closed", {NULL}, false},
	{"progress_moved", {NULL}, false},
	{"change_more", {NULL}, false},
	{"change_amended", {NULL}, false},
	{"change_rated", {NULL}, false},
	{"change_answered", {NULL}, false},
	{"change_placed", {NULL}, false},
	{"change_assigned", {NULL}, false},
	{"change_noted", {NULL}, false},
	{"change_merged", {NULL}, false},
	{"change_unmerged", {NULL}, false},
	{"change_linked", {NULL}, false},
	{"change_unlinked", {NULL}, false},
	{"change_pin", {NULL}, false},
	{"change_classified", {NULL}, false},
	{"change_moment", {NULL}, false},
	{"change_outcome", {NULL}, false},
	{"legal_tiep_nhan", {NULL}, false},
	{"legal_to_giac", {NULL}, false},
	{"legal_tin_bao", {NULL}, false},
	{"legal_kien_nghi_khoi_to", {NULL}, false},
	{"legal_phan_anh", {NULL}, false},
	{"legal_kien_nghi", {NULL}, false},
	{"legal_noi_dung_to_cao", {NULL}, false},
	{"legal_hoi_dap", {NULL}, false},
	{"legal_cu_tru", {NULL}, false},
	{"legal_yeu_cau_du_lieu", {NULL}, false},
	{"legal_su_co_du_lieu", {NULL}, false},
	{"legal_khac", {NULL}, false},
	{"outcome_transferred", {NULL}, false},
	{"outcome_kept", {NULL}, false},
	{"outcome_settled", {NULL}, false},
	{"outcome_guided", {NULL}, false},
	{"outcome_unfounded", {NULL}, false},
	{"outcome_other", {NULL}, false},
	{"source_walk_in", {NULL}, false},
	{"source_call", {NULL}, false},
	{"source_on_behalf", {NULL}, false},
	{"source_office", {NULL}, false},
	{"category_order", {NULL}, false},
	{"category_crime", {NULL}, false},
	{"category_social_evil", {NULL}, false},
	{"category_traffic", {NULL}, false},
	{"category_fire", {NULL}, false},
	{"category_dispute", {NULL}, false},
	{"category_conduct", {NULL}, false},
	{"category_good_deed", {NULL}, false},
	{"category_question", {NULL}, false},
	{"category_residence", {NULL}, false},
	{"category_suggestion", {NULL}, false},
	{"category_other", {NULL}, false},
	{"hamlet_unknown", {NULL}, false},
	{"clock_state_running", {NULL}, false},
	{"clock_state_frozen", {NULL}, false},
	{"clock_state_met", {NULL}, false},
	{"clock_state_late", {NULL}, false},
	{"clock_state_ended", {NULL}, false},
	{"alarm_state_ringing", {NULL}, false},
	{"alarm_state_taken", {NULL}, false},
	{"alarm_state_unanswered", {NULL}, false},
	{"urgency_normal", {NULL}, false},
	{"urgency_urgent", {NULL}, false},
	{"urgency_danger", {NULL}, false},
	{"bulletin_mark_drill", {NULL}, true},
	{"bulletin_mark_trial", {NULL}, true},
	{"bulletin_mark_corrects", {NULL}, true},
	{"bulletin_mark_recalls", {NULL}, true},
	{"bulletin_source", {"source"}, false},
	{"bulletin_digest", {"text"}, true},
	{"bulletin_refuse", {"topic"}, true},
	{"bulletin_submitted", {"number", "category"}, true},
	{"bulletin_approved", {"number"}, true},
	{"bulletin_rejected", {"number"}, true},
	{"bulletin_alone", {"number", "category"}, true},
	{"bulletin_expired", {"number"}, true},
	{"bulletin_unreviewed", {"number", "category"}, true},
	{"refusal_all", {NULL}, true},
	{"refusal_topic", {"topic", "name"}, true},
	{"refusal_back", {NULL}, true},
	{"refusal_topic_back", {"topic", "name"}, true},
	{"refusal_still_all", {"topic", "name"}, true},
	{"refusal_unknown", {"topic"}, true},
};

/* The longest value that each field can have in an SMS. */
static const char *worst_value(const char *name)
{
	static const struct phrase_field values[] = {
		{"number", "99999"},
		{"code", "WWWWWW"},
		{"year", "2026"},
		{"pin", "999999"},
		{"time", "23:59 31/12"},
		{"modem", "a-name-of-23-characters"},
		{"group", "a-code-of-a-place-with-31-chars"},
		{"days", "14"},
		{"event", "99999999"},
		{"alarm", "999"},
		{"count", "40"},
		{"numbers", "99/2026, 100/2026, ..."},
		{"detail", ""},
		{"who", "Nguyen Van Truong An"},
		{"minutes", "10"},
		{"digits", "0000 0000 0000 0000"},
		{"date", "31/12/2026"},
		{"from", "23:59 31/12"},
		{"to", "23:59 31/12"},
		{"late", "9999"},
		{"soon", "9999"},
		{"list", "99999/2026, 99999/2026, 99999/2026..."},
	};

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		if (str_eq(values[i].name, name))
			return values[i].value;
	}
	return "<value>";
}

/* The fields of expected[index] without number `without` (-1: all). */
static void give(size_t index, int without, struct phrase_field fields[9])
{
	size_t n = 0;

	for (int i = 0; expected[index].fields[i]; i++) {
		if (i == without)
			continue;
		fields[n].name = expected[index].fields[i];
		fields[n++].value = worst_value(expected[index].fields[i]);
	}
	fields[n] = (struct phrase_field){NULL, NULL};
}

static void test_keys(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; phrase_key(i); i++) {
		if (i >= ARRAY_LEN(expected))
			fail_msg("%s is not in the table of this test", phrase_key(i));
		assert_string_equal(phrase_key(i), expected[i].key);
	}
	assert_int_equal(i, ARRAY_LEN(expected));
	assert_null(phrase_key(i + 1000));
}

static void test_every_phrase_fills(void **state)
{
	struct phrase_field fields[9];
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		give(i, -1, fields);
		for (int form = PHRASE_FULL; form <= PHRASE_SMS; form++) {
			buf_reset(&out);
			assert_int_equal(
				phrase(expected[i].key, (enum phrase_form)form, fields, &out),
				ERR_OK);
			assert_true(out.len > 0);
			assert_true(str_is_utf8(out.data, out.len));
			assert_null(strpbrk(buf_text(&out), "{}"));
			for (int j = 0; expected[i].fields[j]; j++)
				assert_non_null(
					strstr(buf_text(&out), worst_value(expected[i].fields[j])));
		}
	}
	buf_done(&out);
}

static void test_a_missing_field_is_refused(void **state)
{
	struct phrase_field fields[9];
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(buf_adds(&out, "before"), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		for (int j = 0; expected[i].fields[j]; j++) {
			give(i, j, fields);
			assert_int_equal(
				phrase(expected[i].key, PHRASE_FULL, fields, &out), ERR_INVALID);
			assert_string_equal(buf_text(&out), "before");
		}
	}
	assert_int_equal(phrase("receipt", PHRASE_SMS, NULL, &out), ERR_INVALID);
	assert_int_equal(phrase("no_such_phrase", PHRASE_FULL, NULL, &out), ERR_NOT_FOUND);
	assert_string_equal(buf_text(&out), "before");
	buf_done(&out);
}

/* One segment of GSM-7, and no character of its extension table, which would count twice. */
static void test_sms_forms(void **state)
{
	struct phrase_field fields[9];
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		if (!expected[i].is_sms)
			continue;
		give(i, -1, fields);
		buf_reset(&out);
		assert_int_equal(phrase(expected[i].key, PHRASE_SMS, fields, &out), ERR_OK);
		assert_true(out.len <= 160);
		for (size_t j = 0; j < out.len; j++) {
			if (out.data[j] < 0x20 || out.data[j] > 0x7e ||
				strchr("`^{}[]~|\\", out.data[j]))
				fail_msg("%s: character %zu", expected[i].key, j);
		}
	}
	buf_done(&out);
}

/* Who pretends to be the police sends links and asks for money or codes; so the police never do. */
static void test_sms_lead_nowhere_and_ask_for_nothing(void **state)
{
	static const char *const never[] = {"http", "://", ".vn", ".com", "bit.ly", "zalo.me",
		"chuyen khoan", "chuyen tien", "nop tien", "le phi", "vnd", "so tai khoan",
		"ngan hang", "mat khau", "otp"};
	struct phrase_field fields[9];
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		if (!expected[i].is_sms)
			continue;
		give(i, -1, fields);
		buf_reset(&out);
		assert_int_equal(phrase(expected[i].key, PHRASE_SMS, fields, &out), ERR_OK);
		for (size_t j = 0; j < ARRAY_LEN(never); j++) {
			if (strcasestr(buf_text(&out), never[j]))
				fail_msg("%s: %s", expected[i].key, never[j]);
		}
	}
	buf_done(&out);
}

/* NFC: Vietnamese letters are written as one code point, never with combining marks U+0300.. */
static void test_full_forms_are_composed(void **state)
{
	struct phrase_field fields[9];
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		give(i, -1, fields);
		buf_reset(&out);
		assert_int_equal(phrase(expected[i].key, PHRASE_FULL, fields, &out), ERR_OK);
		assert_null(strstr(buf_text(&out), "\xcc"));
		assert_null(strstr(buf_text(&out), "\xcd"));
	}
	buf_done(&out);
}

static void test_exact_texts(void **state)
{
	const struct phrase_field fields[] = {{"code", "ABC234"}, {"number", "7"}, {NULL, NULL}};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(phrase("receipt", PHRASE_SMS, fields, &out), ERR_OK);
	assert_string_equal(buf_text(&out),
		"Cong an xa da nhan duoc tin cua ong/ba, so 7, ma ABC234. Neu nguy hiem, xin goi ngay "
		"113 (cong an), 114 (chua chay), 115 (cap cuu), 112 (cuu nan).");
	assert_int_equal(phrase("source_modem", PHRASE_SMS, NULL, &out), ERR_OK);
	assert_non_null(strstr(buf_text(&out), "112 (cuu nan).tin nhắn SMS"));
	buf_done(&out);
}

/* What a resident wrote is not looked into, and what does not fit is not cut. */
static void test_values_are_left_alone(void **state)
{
	const struct phrase_field fields[] = {
		{"number", "1"}, {"year", "2026"}, {"text", "{number} {} }{ %s"}, {NULL, NULL}};
	struct buf out, small;

	(void)state;
	buf_init(&out, 4096);
	buf_init(&small, 20);
	assert_int_equal(phrase("relay_amend_text", PHRASE_FULL, fields, &out), ERR_OK);
	assert_string_equal(buf_text(&out), "Bổ sung tin báo số 1/2026:\n{number} {} }{ %s");
	assert_int_equal(phrase("relay_amend_text", PHRASE_FULL, fields, &small), ERR_TOO_BIG);
	assert_int_equal(small.len, 0);
	buf_done(&out);
	buf_done(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_every_phrase_fills),
		cmocka_unit_test(test_a_missing_field_is_refused),
		cmocka_unit_test(test_sms_forms),
		cmocka_unit_test(test_sms_lead_nowhere_and_ask_for_nothing),
		cmocka_unit_test(test_full_forms_are_composed),
		cmocka_unit_test(test_exact_texts),
		cmocka_unit_test(test_values_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
