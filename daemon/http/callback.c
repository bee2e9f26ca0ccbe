/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an SMS gateway calls, and an USSD gateway. Its fields come in the query, in a form or as a
 * JSON object, in any mix; main and relay know what they mean. A field given twice is refused,
 * since a proxy and we might choose differently. A token may also come as a header, which keeps it
 * out of the logs on the way.
 */
#include "daemon/http/form.h"
#include "daemon/http/resources.h"

#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>

#define USSD_ANSWER_BYTES 4096 /* a screen, and names of members */

struct fields {
	json_t *object;
	enum err err;
};

/* Any bytes may be a value: Kannel hands on UTF-16 as it came. */
static enum err field_add(json_t *object, const char *name, const char *value, size_t bytes)
{
	size_t len = strlen(name);

	if (!len || len >= FORM_NAME_BYTES || !str_is_utf8(name, len))
		return ERR_INVALID;
	if (json_object_get(object, name) || json_object_size(object) >= FORM_FIELDS_MAX)
		return ERR_INVALID;
	if (json_object_set_new(object, name, json_stringn_nocheck(value ? value : "", bytes)))
		return ERR_NOMEM;
	return ERR_OK;
}

static enum MHD_Result query_field(void *arg, enum MHD_ValueKind kind, const char *name,
	size_t name_bytes, const char *value, size_t value_bytes)
{
	struct fields *fields = arg;

	(void)kind;
	if (strlen(name) != name_bytes)
		fields->err = ERR_INVALID;
	else
		fields->err = field_add(fields->object, name, value, value ? value_bytes : 0);
	return fields->err ? MHD_NO : MHD_YES;
}

static enum err form_field(void *arg, const char *name, const char *value, size_t bytes)
{
	return field_add(arg, name, value, bytes);
}

static enum err json_field(json_t *object, const char *name, const json_t *value)
{
	char digits[24];

	if (json_is_string(value))
		return field_add(object, name, json_string_value(value), json_string_length(value));
	if (!json_is_integer(value))
		return json_is_null(value) ? ERR_OK : ERR_INVALID;
	snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return field_add(object, name, digits, strlen(digits));
}

static enum err json_fields(struct http_request *req, json_t *object, struct errbuf *eb)
{
	const char *key;
	json_t *body, *value;
	enum err err = http_body_object(req, &body, eb);

	if (err)
		return err;
	json_object_foreach (body, key, value) {
		err = json_field(object, key, value);
		if (err)
			break;
	}
	http_body_wipe(body);
	return err;
}

static bool is_type(const char *given, const char *type)
{
	size_t len = strlen(type);

	return given && strncasecmp(given, type, len) == 0 &&
	       (!given[len] || given[len] == ';' || given[len] == ' ');
}

static enum err body_fields(struct http_request *req, json_t *object, struct errbuf *eb)
{
	const char *type = MHD_lookup_connection_value(
		req->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);

	if (!req->body.len)
		return ERR_OK;
	if (is_type(type, "application/json"))
		return json_fields(req, object, eb);
	if (is_type(type, "application/x-www-form-urlencoded"))
		return form_parse(req->body.data, req->body.len, form_field, object);
	return errbuf_set(eb, ERR_INVALID,
		"the body must be application/json or application/x-www-form-urlencoded");
}

static enum err header_token(struct http_request *req, json_t *object)
{
	static const char bearer[] = "Bearer ";
	const char *text = MHD_lookup_connection_value(
		req->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);

	if (!text || strncasecmp(text, bearer, strlen(bearer)) != 0)
		return ERR_OK;
	text += strlen(bearer);
	return field_add(object, "token", text, strlen(text));
}

static enum err fields_take(struct http_request *req, json_t *object, struct errbuf *eb)
{
	struct fields fields = {.object = object};
	enum err err;

	MHD_get_connection_values_n(req->connection, MHD_GET_ARGUMENT_KIND, query_field, &fields);
	err = fields.err;
	if (!err)
		err = header_token(req, object);
	if (!err)
		err = body_fields(req, object, eb);
	if (err == ERR_INVALID && !eb->text[0])
		errbuf_set(eb, err, "a field is given twice, has no name, or is no plain value");
	return err;
}

static void callback_run(struct http_request *req,
	enum err (*handle)(void *arg, const json_t *fields, struct errbuf *eb))
{
	json_t *object = json_object();
	struct errbuf eb = {0};
	enum err err = object ? fields_take(req, object, &eb) : ERR_NOMEM;

	if (!err)
		err = handle ? handle(req->http->options.arg, object, &eb) : ERR_UNSUPPORTED;
	if (object)
		http_body_wipe(object);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_empty(req, MHD_HTTP_OK);
}

void sms_report_any(struct http_request *req)
{
	callback_run(req, req->http->options.sms_report);
}

void sms_message_any(struct http_request *req)
{
	callback_run(req, req->http->options.sms_message);
}

void ussd_post(struct http_request *req)
{
	json_t *object = json_object();
	struct errbuf eb = {0};
	CLEAN_BUF answer = {0};
	bool is_json = false;
	enum err err = object ? fields_take(req, object, &eb) : ERR_NOMEM;

	buf_init(&answer, USSD_ANSWER_BYTES);
	if (!err)
		err = req->http->options.ussd(req->http->options.arg, object,
			MHD_lookup_connection_value(
				req->connection, MHD_HEADER_KIND, "X-Forwarded-For"),
			&answer, &is_json, &eb);
	if (object)
		http_body_wipe(object);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_text(req, MHD_HTTP_OK,
			is_json ? "application/json" : "text/plain; charset=utf-8", &answer);
}
