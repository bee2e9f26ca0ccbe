/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kannel's sendsms (Kannel User's Guide, "Using the HTTP interface to send SMS messages") by POST:
 * the text is the body, all else are X-Kannel headers. Unlike the GET it leaves password and text
 * out of the URL, and curl never repeats it by itself.
 *
 * Kannel answers 202 once its bearerbox has the message, 503 when it has no room, 403 for a wrong
 * account as well as for a number without a route, 400 for the message itself.
 */
#include "daemon/relay/http_sms_profile.h"

#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <string.h>

#define DLR_MASK     "31" /* delivered, not delivered, queued, accepted and rejected by the SMSC */
#define VALIDITY_MAX (3 * DAY_MS)

enum { CODING_7BIT = 0, CODING_UCS2 = 2 };

/* The URL in which Kannel replaces %d by the kind of report and reads %% as %. */
static enum err add_report(struct http_sms_request *request, const char *report_url)
{
	CLEAN_BUF url = {0};
	enum err err = ERR_OK;

	if (!report_url[0])
		return ERR_OK;
	buf_init(&url, 1024);
	for (const char *at = report_url; !err && *at; at++)
		err = *at == '%' ? buf_adds(&url, "%%") : buf_add(&url, at, 1);
	if (!err)
		err = buf_adds(&url, "&status=%d");
	if (!err)
		err = http_sms_request_header(request, "X-Kannel-DLR-Mask", DLR_MASK);
	if (!err)
		err = http_sms_request_header(request, "X-Kannel-DLR-Url", buf_text(&url));
	buf_wipe(&url);
	return err;
}

static enum err add_validity(struct http_sms_request *request, int64_t validity_ms)
{
	char minutes[24];

	if (validity_ms > VALIDITY_MAX)
		validity_ms = VALIDITY_MAX;
	if (validity_ms < MINUTE_MS)
		validity_ms = MINUTE_MS;
	snprintf(minutes, sizeof(minutes), "%lld", (long long)(validity_ms / MINUTE_MS));
	return http_sms_request_header(request, "X-Kannel-Validity", minutes);
}

static enum err add_coding(struct http_sms_request *request, const char *text)
{
	struct sms_size size;
	char coding[4];
	enum err err = sms_text_size(text, &size);

	if (err)
		return err;
	snprintf(coding, sizeof(coding), "%d",
		size.coding == SMS_CODING_UCS2 ? CODING_UCS2 : CODING_7BIT);
	return http_sms_request_header(request, "X-Kannel-Coding", coding);
}

enum err http_sms_kannel_build(const struct http_sms_account *account,
	const struct http_sms_message *message, struct http_sms_request *request)
{
	const struct config_http_sms *config = account->config;
	enum err err = http_sms_request_header(request, "Expect", "");

	if (!err)
		err = http_sms_request_header(request, "Content-Type", "text/plain; charset=UTF-8");
	if (!err && config->username[0])
		err = http_sms_request_header(request, "X-Kannel-Username", config->username);
	if (!err && account->password[0])
		err = http_sms_request_header(request, "X-Kannel-Password", account->password);
	if (!err && config->from[0])
		err = http_sms_request_header(request, "X-Kannel-From", config->from);
	if (!err)
		err = http_sms_request_header(request, "X-Kannel-To", message->to);
	if (!err)
		err = add_coding(request, message->text);
	if (!err)
		err = add_validity(request, message->validity_ms);
	if (!err)
		err = add_report(request, message->report_url);
	return err ? err : buf_adds(&request->body, message->text);
}

static bool has_text(const struct http_sms_reply *reply, const char *text)
{
	return reply->body_bytes && memmem(reply->body, reply->body_bytes, text, strlen(text));
}

void http_sms_kannel_judge(
	const struct http_sms_reply *reply, int attempt, struct http_sms_verdict *ret_verdict)
{
	http_sms_judge(reply, attempt, ret_verdict);
	if (reply->err)
		return;
	if (reply->status == 403 && !has_text(reply, "Authorization failed"))
		*ret_verdict = (struct http_sms_verdict){
			.outcome = {.result = SEND_REFUSED, .err = ERR_RECIPIENT},
			.text = "no route to this number"};
	if (reply->status == 400 && has_text(reply, "denied by white"))
		ret_verdict->outcome.err = ERR_RECIPIENT;
}
