/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures and files: one multipart part "file" with a file name, a size limit by kind, and a
 * handle that is known for a while. Handles are forgotten with the simulator. */
#include "tests/sim/zalo/api.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define MEGABYTE (1024 * 1024)

static const struct upload_rule {
	const char *path;
	const char *kind;
	const char *key;
	size_t most_bytes;
	const char *extensions[5];
} rules[] = {
	{"/v2.0/oa/upload/image", "image", "attachment_id", MEGABYTE, {".jpg", ".jpeg", ".png"}},
	{"/v2.0/oa/upload/gif", "gif", "attachment_id", 5 * MEGABYTE, {".gif"}},
	{"/v2.0/oa/upload/file", "file", "token", 5 * MEGABYTE, {".pdf", ".doc", ".docx", ".csv"}},
};

struct part {
	char name[128];
	size_t bytes;
};

static const char *find(const char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what));
}

/* The one part of the body: --boundary CRLF headers CRLF CRLF data CRLF --boundary-- */
static bool read_part(const struct call *call, struct part *ret_part)
{
	const char *type = call_header(call, "Content-Type");
	const char *boundary = type ? strstr(type, "boundary=") : NULL;
	const char *head, *data, *end, *name;
	char mark[80];

	if (!boundary || strncmp(type, "multipart/form-data", 19) != 0)
		return false;
	snprintf(mark, sizeof(mark), "\r\n--%.70s--", boundary + 9);
	head = call->body;
	data = find(head, call->body_len, "\r\n\r\n");
	end = find(head, call->body_len, mark);
	if (!data || !end || end < data + 4 || !find(head, (size_t)(data - head), "name=\"file\""))
		return false;
	name = find(head, (size_t)(data - head), "filename=\"");
	if (!name)
		return false;
	name += 10;
	snprintf(ret_part->name, sizeof(ret_part->name), "%.*s", (int)strcspn(name, "\""), name);
	ret_part->bytes = (size_t)(end - data - 4);
	return true;
}

static bool has_extension(const struct upload_rule *rule, const char *name)
{
	const char *extension = strrchr(name, '.');

	for (size_t i = 0; extension && i < ARRAY_LEN(rule->extensions); i++) {
		if (rule->extensions[i] && strcasecmp(extension, rule->extensions[i]) == 0)
			return true;
	}
	return false;
}

void api_upload(struct world *world, const struct call *call, struct reply *reply)
{
	const struct upload_rule *rule = &rules[0];
	struct part part;
	char handle[64];

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (str_eq(rules[i].path, call->path))
			rule = &rules[i];
	}
	if (!read_part(call, &part) || !has_extension(rule, part.name))
		return api_fail(reply, -201);
	if (part.bytes > rule->most_bytes)
		return api_fail(reply, -210);
	snprintf(handle, sizeof(handle), "h%016" PRIx64, rng_next(&world->rng));
	json_object_set_new(world->uploads, handle,
		json_pack("{s:s, s:s, s:I, s:I}", "kind", rule->kind, "name", part.name, "bytes",
			(json_int_t)part.bytes, "expires_ms",
			(json_int_t)(world_now_ms(world) + world->options.handle_ms)));
	world->upload_count++;
	reply->has_acted = true;
	api_answer(reply, json_pack("{s:s}", rule->key, handle));
}

/* What `message` carries besides its text. *ret_file stays NULL when that is nothing. */
int api_attachment(const struct world *world, const json_t *message, json_t **ret_file)
{
	json_t *attachment = json_object_get(message, "attachment");
	json_t *payload = json_object_get(attachment, "payload"), *element, *upload;
	const char *type = json_string_value(json_object_get(attachment, "type"));
	const char *handle, *kind;
	json_int_t expires_ms = 0;

	if (!attachment)
		return 0;
	element = json_array_get(json_object_get(payload, "elements"), 0);
	handle = json_string_value(str_eq(type, "file")
					   ? json_object_get(payload, "token")
					   : json_object_get(element, "attachment_id"));
	if (!handle || json_array_size(json_object_get(payload, "elements")) > 1)
		return type ? -201 : -233;
	upload = json_object_get(world->uploads, handle);
	kind = json_string_value(json_object_get(upload, "kind"));
	if (!upload || json_unpack(upload, "{s:I}", "expires_ms", &expires_ms) ||
		expires_ms < world_now_ms(world))
		return -100;
	if (str_eq(kind, "file") != str_eq(type, "file") ||
		(!str_eq(kind, "file") &&
			!str_eq(kind, json_string_value(json_object_get(element, "media_type")))))
		return -201;
	if (str_eq(kind, "gif") && (!json_is_integer(json_object_get(element, "width")) ||
					   !json_is_integer(json_object_get(element, "height"))))
		return -201;
	if (str_eq(kind, "file") && json_object_get(message, "text"))
		return -201;
	*ret_file = upload;
	return 0;
}

/* POST /v2.0/oa/message: only reactions; what else went there is -240. */
void api_react(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = json_loadb(call->body, call->body_len, 0, NULL);
	const json_t *action = json_object_get(body, "sender_action");
	const char *icon = json_string_value(json_object_get(action, "react_icon"));
	const char *id = json_string_value(json_object_get(action, "react_message_id"));

	if (!action) {
		api_fail(reply, -240);
	} else if (!icon || !id || !world_message(world, id)) {
		api_fail(reply, -201);
	} else {
		json_array_append_new(
			world->reactions, json_pack("{s:s, s:s}", "message_id", id, "icon", icon));
		reply->has_acted = true;
		api_answer(reply, json_pack("{s:s}", "message_id", id));
	}
	json_decref(body);
}
