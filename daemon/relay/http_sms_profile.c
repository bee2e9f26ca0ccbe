/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/http_sms_profile.h"

#define HEADER_MAX \
	1024 /* a report URL is the longest: 128 of configuration and some 130 of ours \
	      */
#define BODY_MAX (8 * OUTBOX_BODY_MAX) /* JSON may escape each byte */

#define PAUSE_MS  (10 * SECOND_MS)
#define RATE_MS	  MINUTE_MS
#define STOP_MS	  (10 * MINUTE_MS)
#define HOLD_MOST HOUR_MS /* of what a gateway asks for */

void http_sms_request_init(struct http_sms_request *request)
{
	*request = (struct http_sms_request){0};
	buf_init(&request->body, BODY_MAX);
	for (size_t i = 0; i < HTTP_SMS_HEADERS_MAX; i++)
		buf_init(&request->lines[i], HEADER_MAX);
}

void http_sms_request_done(struct http_sms_request *request)
{
	buf_wipe(&request->body);
	for (size_t i = 0; i < HTTP_SMS_HEADERS_MAX; i++)
		buf_wipe(&request->lines[i]);
}

/* A line break within a value would be a header of its own. */
static bool is_header_text(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	}
	return true;
}

enum err http_sms_request_header(
	struct http_sms_request *request, const char *name, const char *value)
{
	struct buf *line;
	enum err err;

	if (request->count == HTTP_SMS_HEADERS_MAX)
		return ERR_TOO_BIG;
	if (!is_header_text(value))
		return ERR_INVALID;
	line = &request->lines[request->count];
	/* curl's way to say that a header is not to be sent. */
	err = value[0] ? buf_addf(line, "%s: %s", name, value) : buf_addf(line, "%s:", name);
	if (!err)
		request->headers[request->count++] = buf_text(line);
	return err;
}

/* ---- what a status means ----------------------------------------------------------------------
 */

static const struct rule {
	int low, high;
	enum send_result result;
	enum err err;
	int64_t hold_ms;
	bool is_stop;
	const char *text;
} rules[] = {
	{200, 299, SEND_SENT, ERR_OK, 0, false, ""},
	{300, 399, SEND_RETRY, ERR_CONFIG, STOP_MS, true, "it wants another address: http_sms.url"},
	{401, 401, SEND_RETRY, ERR_AUTH, STOP_MS, true, "it refuses our account"},
	{402, 402, SEND_RETRY, ERR_QUOTA, STOP_MS, true, "the account has no credit"},
	{403, 403, SEND_RETRY, ERR_AUTH, STOP_MS, true, "it refuses our account"},
	{404, 405, SEND_RETRY, ERR_CONFIG, STOP_MS, true, "no such address there: http_sms.url"},
	{407, 407, SEND_RETRY, ERR_AUTH, STOP_MS, true, "a proxy wants credentials"},
	{408, 408, SEND_RETRY, ERR_TIMEOUT, PAUSE_MS, false, "it was tired of waiting"},
	{425, 425, SEND_RETRY, ERR_BUSY, PAUSE_MS, false, "it wants the message later"},
	{429, 429, SEND_RETRY, ERR_RATE, RATE_MS, false, "too many messages"},
	{400, 499, SEND_REFUSED, ERR_REFUSED, 0, false, "it refuses this message"},
	{502, 502, SEND_IN_DOUBT, ERR_IN_DOUBT, PAUSE_MS, false, "nobody behind its proxy"},
	{503, 503, SEND_RETRY, ERR_BUSY, PAUSE_MS, false, "it can take nothing now"},
	{504, 504, SEND_IN_DOUBT, ERR_IN_DOUBT, PAUSE_MS, false, "no answer behind its proxy"},
	{500, 599, SEND_RETRY, ERR_BUSY, PAUSE_MS, false, "it failed by itself"},
};

static const struct rule unknown = {
	0, 0, SEND_IN_DOUBT, ERR_PROTOCOL, 0, false, "its answer is not understood"};

static const struct rule *rule_of(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (status >= rules[i].low && status <= rules[i].high)
			return &rules[i];
	}
	return &unknown;
}

static void judge_silence(const struct http_sms_reply *reply, struct http_sms_verdict *verdict)
{
	verdict->outcome.result = reply->may_have_left ? SEND_IN_DOUBT : SEND_RETRY;
	verdict->outcome.err = reply->err;
	/* An answer that is too long is an answer. */
	verdict->is_away = reply->err != ERR_TOO_BIG;
	verdict->text = reply->reason;
}

void http_sms_judge(
	const struct http_sms_reply *reply, int attempt, struct http_sms_verdict *ret_verdict)
{
	const struct rule *rule = rule_of(reply->status);

	*ret_verdict = (struct http_sms_verdict){.text = rule->text};
	if (reply->err) {
		judge_silence(reply, ret_verdict);
		return;
	}
	ret_verdict->outcome.result = rule->result;
	ret_verdict->outcome.err = rule->err;
	ret_verdict->hold_ms = rule->hold_ms;
	ret_verdict->is_stop = rule->is_stop;
	if (rule->hold_ms && !rule->is_stop && reply->retry_after_ms)
		ret_verdict->hold_ms = reply->retry_after_ms < HOLD_MOST ? reply->retry_after_ms
									 : HOLD_MOST;
	if (rule->result == SEND_RETRY && reply->status >= 500 && reply->status != 503 &&
		attempt >= HTTP_SMS_ERROR_TRIES) {
		ret_verdict->outcome.result = SEND_IN_DOUBT;
		ret_verdict->outcome.err = ERR_IN_DOUBT;
	}
	/* While it is stopped the channel waits, not the message: whoever mends the account starts
	 * binhyend again and looks whether it goes. */
	if (ret_verdict->outcome.result == SEND_RETRY)
		ret_verdict->outcome.retry_after_ms = rule->is_stop ? SECOND_MS
								    : ret_verdict->hold_ms;
}
