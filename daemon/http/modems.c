/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modems, and what a person does to one of them. */
#include "daemon/http/resources.h"

#include "store/event.h"

void modems_get(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	json_t *status = options->status ? options->status(options->arg) : json_object();
	json_t *modems = json_object_get(status, "modems");

	http_reply_json(
		req, MHD_HTTP_OK, json_pack("{s:O}", "modems", modems ? modems : json_null()));
	json_decref(status);
}

void modem_accept_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err = http_body_empty(req, &eb);

	if (err == ERR_OK) {
		if (options->modem_accept)
			err = options->modem_accept(options->arg, req->param, req->actor, &eb);
		else
			err = errbuf_set(&eb, ERR_NOT_FOUND, "no modem is configured");
	}
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:s, s:s}", "modem", req->param, "state", "accepted"));
}

static void ussd_done(void *arg, enum err err, const json_t *answer)
{
	struct http_request *req = arg;

	if (err == ERR_OK)
		http_reply_json(req, MHD_HTTP_OK, json_deep_copy(answer));
	else if (err == ERR_TIMEOUT || err == ERR_MODEM)
		http_reply_fail(req, MHD_HTTP_GATEWAY_TIMEOUT, err,
			"the network did not answer; try again later");
	else
		http_reply_err(req, err, NULL);
	http_answer_end(req);
}

/* {"code":"*101#"}, and a note of who dialled: the code may top up or buy something. */
static enum err ussd_ask(struct http_request *req, const char *code, struct errbuf *eb)
{
	struct http_options *options = &req->http->options;
	char subject[48];
	enum err err;

	if (!options->modem_ussd)
		return errbuf_set(eb, ERR_NOT_FOUND, "no modem is configured");
	snprintf(subject, sizeof(subject), "modem/%s", req->param);
	err = options->modem_ussd(options->arg, req->param, code, ussd_done, req, eb);
	if (err != ERR_OK)
		return err;
	err = event_add(options->store, "modem.ussd", subject, req->actor, "{}");
	if (err != ERR_OK)
		options->modem_ussd_forget(options->arg, req);
	return err;
}

void modem_ussd_post(struct http_request *req)
{
	struct errbuf eb = {0};
	json_t *body, *code;
	enum err err = http_body_object(req, &body, &eb);

	if (err == ERR_OK) {
		code = json_object_get(body, "code");
		if (!json_is_string(code) || json_object_size(body) != 1)
			err = errbuf_set(&eb, ERR_INVALID, "the body must be {\"code\": \"...\"}");
		else
			err = ussd_ask(req, json_string_value(code), &eb);
		json_decref(body);
	}
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_answer_begin(req);
}

static void journal_done(void *arg, enum err err, const json_t *answer)
{
	struct http_request *req = arg;

	if (err == ERR_OK)
		http_reply_json(req, MHD_HTTP_OK, json_deep_copy(answer));
	else if (err == ERR_TIMEOUT || err == ERR_MODEM)
		http_reply_fail(req, MHD_HTTP_GATEWAY_TIMEOUT, err,
			"the modem's process did not answer; try again in a minute");
	else
		http_reply_err(req, err, NULL);
	http_answer_end(req);
}

/* Changes nothing; the answer comes from outside, so it is a POST like a code. */
void modem_journal_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err = http_body_empty(req, &eb);

	if (err == ERR_OK && options->modem_journal)
		err = options->modem_journal(options->arg, req->param, journal_done, req, &eb);
	else if (err == ERR_OK)
		err = errbuf_set(&eb, ERR_NOT_FOUND, "no modem is configured");
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_answer_begin(req);
}
