/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A gateway that takes a JSON object and answers with one, as the configuration describes them. The
 * template is parsed first and its fields are replaced within its strings, so that nothing in a
 * text can leave its place.
 */
#include "daemon/relay/http_sms_profile.h"

#include "daemon/base/str.h"
#include "daemon/relay/zalo_json.h"

#include <inttypes.h>
#include <string.h>

#define STRING_MAX (2 * OUTBOX_BODY_MAX) /* of the template with a text in it */
#define RETRY_MS   MINUTE_MS		 /* for an answer that says "not now" */

struct field {
	const char *name; /* with its braces */
	const char *value;
};

static const struct field *field_at(const struct field *fields, const char *text)
{
	for (; fields->name; fields++) {
		if (str_starts(text, fields->name))
			return fields;
	}
	return NULL;
}

static enum err fill(const char *template, const struct field *fields, struct buf *out)
{
	enum err err = ERR_OK;

	while (!err && *template) {
		size_t plain = strcspn(template, "{");
		const struct field *field;

		err = buf_add(out, template, plain);
		template += plain;
		if (err || !*template)
			break;
		field = field_at(fields, template);
		err = field ? buf_adds(out, field->value) : buf_add(out, template, 1);
		template += field ? strlen(field->name) : 1;
	}
	return err;
}

static enum err fill_string(json_t *string, const struct field *fields)
{
	struct buf text;
	enum err err;

	buf_init(&text, STRING_MAX);
	err = fill(json_string_value(string), fields, &text);
	if (!err && json_string_set(string, buf_text(&text)))
		err = ERR_INVALID; /* a text that is no UTF-8 */
	buf_wipe(&text);
	return err;
}

static enum err fill_all(json_t *value, const struct field *fields)
{
	const char *key;
	json_t *member;
	size_t i;
	enum err err = ERR_OK;

	if (json_is_string(value))
		return fill_string(value, fields);
	json_array_foreach (value, i, member) {
		err = fill_all(member, fields);
		if (err)
			return err;
	}
	json_object_foreach (value, key, member) {
		err = fill_all(member, fields);
		if (err)
			return err;
	}
	return err;
}

static enum err build_body(const char *template, const struct field *fields, struct buf *out)
{
	CLEAN_JSON *json = json_loads(template, 0, NULL);
	char *text = NULL;
	enum err err = json ? fill_all(json, fields) : ERR_CONFIG;

	if (!err) {
		text = json_dumps(json, JSON_COMPACT);
		err = text ? buf_adds(out, text) : ERR_NOMEM;
	}
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	return err;
}

/* "Name: value", as the configuration has checked. */
static enum err add_header(
	struct http_sms_request *request, const char *template, const struct field *fields)
{
	const char *colon = strchr(template, ':');
	char name[64];
	struct buf value;
	enum err err;

	if (!colon || (size_t)(colon - template) >= sizeof(name))
		return ERR_CONFIG;
	snprintf(name, sizeof(name), "%.*s", (int)(colon - template), template);
	buf_init(&value, 1024);
	err = fill(colon + 1 + (colon[1] == ' '), fields, &value);
	if (!err)
		err = http_sms_request_header(request, name, buf_text(&value));
	buf_wipe(&value);
	return err;
}

enum err http_sms_json_build(const struct http_sms_account *account,
	const struct http_sms_message *message, struct http_sms_request *request)
{
	const struct config_http_sms *config = account->config;
	char id[24];
	const struct field fields[] = {{"{to}", message->to}, {"{text}", message->text},
		{"{id}", id}, {"{from}", config->from}, {"{username}", config->username},
		{"{password}", account->password}, {"{report_url}", message->report_url},
		{NULL, NULL}};
	const struct field secrets[] = {
		{"{username}", config->username}, {"{password}", account->password}, {NULL, NULL}};
	enum err err = http_sms_request_header(request, "Expect", "");

	snprintf(id, sizeof(id), "%" PRId64, message->outbox_id);
	if (!err)
		err = http_sms_request_header(request, "Content-Type", "application/json");
	for (int i = 0; !err && i < config->json.header_count; i++)
		err = add_header(request, config->json.headers[i], secrets);
	return err ? err : build_body(config->json.body, fields, &request->body);
}

/* ---- the answer -------------------------------------------------------------------------------
 */

/* "data.0.id": members by name, elements of a list by number. */
static const json_t *at_path(const json_t *value, const char *path)
{
	while (value && *path) {
		size_t len = strcspn(path, ".");
		char part[64];
		int64_t index;

		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		if (json_is_array(value))
			value = str_to_int64(part, 0, INT32_MAX, &index)
					? NULL
					: json_array_get(value, (size_t)index);
		else
			value = json_object_get(value, part);
		path += len + (path[len] == '.');
	}
	return value;
}

/* A plain value as the configuration would write it; false for an object, a list or nothing. */
static bool value_text(const json_t *value, char *text, size_t text_bytes)
{
	if (json_is_string(value))
		return !str_copy(text, text_bytes, json_string_value(value));
	if (json_is_integer(value))
		snprintf(text, text_bytes, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_boolean(value))
		snprintf(text, text_bytes, "%s", json_is_true(value) ? "true" : "false");
	else if (json_is_null(value))
		snprintf(text, text_bytes, "null");
	else
		return false;
	return true;
}

static void judge_word(
	const struct config_http_json *config, const char *word, struct http_sms_verdict *verdict)
{
	if (str_eq(word, config->ok_value))
		return;
	verdict->outcome.result = SEND_REFUSED;
	verdict->outcome.err = ERR_REFUSED;
	verdict->text = "it refuses this message";
	for (int i = 0; i < config->retry_value_count; i++) {
		if (!str_eq(word, config->retry_values[i]))
			continue;
		verdict->outcome.result = SEND_RETRY;
		verdict->outcome.err = ERR_BUSY;
		verdict->outcome.retry_after_ms = RETRY_MS;
		verdict->hold_ms = RETRY_MS;
		verdict->text = "it can take nothing now";
	}
}

/* It says 2xx, but what else it says is not what was agreed: it may have acted. */
static void judge_garbage(struct http_sms_verdict *verdict)
{
	verdict->outcome.result = SEND_IN_DOUBT;
	verdict->outcome.err = ERR_PROTOCOL;
	verdict->text = "its answer is not understood";
}

void http_sms_json_judge(const struct config_http_json *config, const struct http_sms_reply *reply,
	int attempt, struct http_sms_verdict *ret_verdict)
{
	CLEAN_JSON *json = NULL;
	char word[64];

	http_sms_judge(reply, attempt, ret_verdict);
	if (ret_verdict->outcome.result != SEND_SENT)
		return;
	if (zalo_json_load(reply->body, reply->body_bytes, &json))
		json = NULL;
	if (config->ok_path[0]) {
		if (!value_text(at_path(json, config->ok_path), word, sizeof(word))) {
			judge_garbage(ret_verdict);
			return;
		}
		judge_word(config, word, ret_verdict);
	}
	if (ret_verdict->outcome.result == SEND_SENT && config->id_path[0] &&
		!zalo_json_id(at_path(json, config->id_path), ret_verdict->external_id,
			sizeof(ret_verdict->external_id)))
		ret_verdict->outcome.external_id = ret_verdict->external_id;
}
