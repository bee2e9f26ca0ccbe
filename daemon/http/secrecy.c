/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Markings of state secrets: what is known of a report, the confirmation that an answer is no
 * secret, and taking a report off-line. The print leaves after the commit, so that it is written
 * down before anybody holds it.
 */
#include "daemon/http/resources.h"

#include "config/phrases.h"
#include "daemon/desk/secrecy.h"
#include "gateway/sms_text.h"

#include <string.h>

#define CLEAR_TEXT_MAX 4000 /* bytes, as of an answer */

json_t *json_secrecy(struct desk *desk, int64_t report_id)
{
	struct secrecy_state state;

	if (desk_secrecy_state(desk, report_id, &state) ||
		(!state.found_ms && !state.printed_ms && !state.offline_ms))
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o}", "marking", state.marking, "found",
		json_time(state.found_ms), "printed", json_time(state.printed_ms), "offline",
		json_time(state.offline_ms));
}

json_t *json_notice(void)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF text = {0};

	buf_init(&text, 1024);
	return phrase("not_secret_system", PHRASE_FULL, none, &text) ? NULL
								     : json_text(buf_text(&text));
}

void notice_get(struct http_request *req)
{
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "notice", json_notice()));
}

/* {"text": "..."} in the normal form in which it is answered. */
static enum err clear_text(const json_t *body, struct buf *out, struct errbuf *eb)
{
	const json_t *text = json_object_get(body, "text");

	if (!json_is_string(text) || json_object_size(body) != 1)
		return errbuf_set(eb, ERR_INVALID, "the body must be {\"text\": \"...\"}");
	if (json_string_length(text) > CLEAR_TEXT_MAX)
		return errbuf_set(
			eb, ERR_TOO_BIG, "the text is longer than %d bytes", CLEAR_TEXT_MAX);
	return sms_text_normalize(json_string_value(text), out);
}

void report_clearance_post(struct http_request *req)
{
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	CLEAN_BUF text = {0};
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	buf_init(&text, 2 * CLEAR_TEXT_MAX);
	err = http_body_object(req, &body, &eb);
	if (!err)
		err = clear_text(body, &text, &eb);
	if (!err)
		err = desk_secrecy_clear(
			req->http->options.desk, report.id, buf_text(&text), req->actor, &eb);
	json_decref(body);
	buf_wipe(&text);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack(
				"{s:o, s:b}", "report", json_report_named(&report), "cleared", 1));
}

static void reply_print(struct http_request *req, const struct report *report, const char *reason)
{
	struct reader reader = http_reader(req);
	struct key_holder holder = reader_holder(&reader);
	char digits[SECRECY_DIGITS_BYTES] = "";
	struct errbuf eb = {0};
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, SECRECY_PRINT_MAX + 4096);
	err = desk_offline_print(req->http->options.desk, &holder, report->id, reason, req->actor,
		&text, digits, &eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:o, s:o, s:s}", "report", json_report_named(report), "print",
				json_text(buf_text(&text)), "digits", digits));
	buf_wipe(&text);
}

static void reply_taken(struct http_request *req, const struct report *report, const char *digits)
{
	struct reader reader = http_reader(req);
	struct key_holder holder = reader_holder(&reader);
	struct errbuf eb = {0};
	enum err err = desk_offline_take(
		req->http->options.desk, &holder, report->id, digits, req->actor, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:o, s:o}", "report", json_report_named(report), "secrecy",
				json_secrecy(req->http->options.desk, report->id)));
}

/* {"reason": "..."} prints, {"digits": "..."} of that print takes off-line. */
void report_offline_post(struct http_request *req)
{
	const json_t *reason, *digits;
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_object(req, &body, &eb);
	reason = json_object_get(body, "reason");
	digits = json_object_get(body, "digits");
	if (!err && (json_object_size(body) != 1 || !json_is_string(reason ? reason : digits)))
		err = errbuf_set(&eb, ERR_INVALID,
			"the body must be {\"reason\": \"...\"} to print, or {\"digits\": \"...\"} of the print to take off-line what was printed");
	if (err)
		http_reply_err(req, err, &eb);
	else if (reason)
		reply_print(req, &report, json_string_value(reason));
	else
		reply_taken(req, &report, json_string_value(digits));
	json_decref(body);
}
