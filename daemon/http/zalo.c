/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The token pair that a person fetched from Zalo's API Explorer, or that his consent brings: it is
 * never shown again. And what the account can do.
 */
#include "daemon/http/resources.h"

void zalo_token_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	json_t *token;
	enum err err;

	err = http_body_object(req, &token, &eb);
	if (err == ERR_OK) {
		if (options->zalo_set_token)
			err = options->zalo_set_token(options->arg, token, &eb);
		else
			err = errbuf_set(&eb, ERR_STATE, "Zalo is not configured");
		http_body_wipe(token);
	}
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "saved"));
}

static void not_configured(struct http_request *req)
{
	struct errbuf eb = {0};

	http_reply_err(req, errbuf_set(&eb, ERR_STATE, "Zalo is not configured"), &eb);
}

static bool is_body_empty(struct http_request *req)
{
	struct errbuf eb = {0};
	enum err err = http_body_empty(req, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	return !err;
}

void zalo_login_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	CLEAN_BUF url = {0};
	enum err err;

	if (!options->zalo_login)
		return not_configured(req);
	if (!is_body_empty(req))
		return;
	buf_init(&url, 4096);
	err = options->zalo_login(options->arg, req->actor, &url, &eb);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "url", buf_text(&url)));
}

static void login_done(void *arg, enum err err, const struct errbuf *eb)
{
	struct http_request *req = arg;

	if (err == ERR_OK)
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "saved"));
	else
		http_reply_status(req, MHD_HTTP_BAD_GATEWAY, err, eb);
	http_answer_end(req);
}

void zalo_login_code_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	const char *pasted;
	json_t *body;
	enum err err;

	if (!options->zalo_login_code)
		return not_configured(req);
	err = http_body_object(req, &body, &eb);
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	pasted = json_string_value(json_object_get(body, "pasted"));
	if (!pasted || json_object_size(body) != 1)
		err = errbuf_set(&eb, ERR_INVALID, "the body must be {\"pasted\": \"...\"}");
	else
		err = options->zalo_login_code(options->arg, pasted, login_done, req, &eb);
	http_body_wipe(body);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_answer_begin(req);
}

static void doctor_done(void *arg, enum err err, const json_t *answer)
{
	struct http_request *req = arg;

	if (err == ERR_OK)
		http_reply_json(req, MHD_HTTP_OK, json_deep_copy(answer));
	else
		http_reply_err(req, err, NULL);
	http_answer_end(req);
}

void zalo_doctor_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err;

	if (!options->zalo_doctor)
		return not_configured(req);
	if (!is_body_empty(req))
		return;
	err = options->zalo_doctor(options->arg, doctor_done, req, &eb);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_answer_begin(req);
}
