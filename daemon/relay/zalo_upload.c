/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pictures and files go to Zalo when the first message that carries them is sent, and are named by
 * a handle from then on: POST /v2.0/oa/upload/image, /gif, /file as multipart, field "file", with a
 * file name that has an extension. The handle is kept until shortly before Zalo forgets it. One
 * upload at a time; its messages wait for it. An upload whose answer is lost is simply done again:
 * nobody sees it.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/vault.h"

#include <inttypes.h>
#include <string.h>

#define UPLOAD_DEADLINE_MS (3 * MINUTE_MS) /* 5 MB at 30 KB/s */
#define FRAME_MAX	   1024
#define BOUNDARY_CHARS	   24

static const struct upload_kind {
	const char *path;
	const char *key; /* of the handle in the answer */
	size_t most_bytes;
} kinds[] = {
	[ENCLOSURE_IMAGE] = {"/v2.0/oa/upload/image", "attachment_id", 1024 * 1024},
	[ENCLOSURE_GIF] = {"/v2.0/oa/upload/gif", "attachment_id", 5 * 1024 * 1024},
	[ENCLOSURE_FILE] = {"/v2.0/oa/upload/file", "token", 5 * 1024 * 1024},
};

static const char *content_type_of(const char *name)
{
	static const char *const types[][2] = {
		{".jpg", "image/jpeg"},
		{".jpeg", "image/jpeg"},
		{".png", "image/png"},
		{".gif", "image/gif"},
		{".pdf", "application/pdf"},
		{".doc", "application/msword"},
		{".docx",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{".csv", "text/csv"},
	};
	const char *extension = strrchr(name, '.');

	for (size_t i = 0; extension && i < ARRAY_LEN(types); i++) {
		if (strcasecmp(extension, types[i][0]) == 0)
			return types[i][1];
	}
	return NULL;
}

bool zalo_upload_takes(enum enclosure_kind kind, const char *name, size_t bytes)
{
	const char *type = content_type_of(name);
	bool is_image = type && strncmp(type, "image/", 6) == 0;
	bool is_gif = type && str_eq(type, "image/gif");

	if (!type || bytes > kinds[kind].most_bytes)
		return false;
	return kind == ENCLOSURE_FILE ? !is_image : is_image && is_gif == (kind == ENCLOSURE_GIF);
}

static enum err build_body(struct zalo *z, const struct enclosure *a, int64_t id, struct buf *out)
{
	const char *type = content_type_of(a->name);
	char boundary[BOUNDARY_CHARS + 1];
	size_t before;
	enum err err;

	if (!type)
		return ERR_UNSUPPORTED;
	vault_random_code(boundary, BOUNDARY_CHARS);
	err = buf_addf(&z->upload.content_type, "Content-Type: multipart/form-data; boundary=%s",
		boundary);
	if (!err)
		err = buf_addf(out,
			"--%s\r\nContent-Disposition: form-data; name=\"file\"; "
			"filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
			boundary, a->name, type);
	before = out->len;
	if (!err)
		err = enclosure_body(z->store, id, out);
	if (!err && !zalo_upload_takes(a->kind, a->name, out->len - before))
		err = ERR_TOO_BIG;
	if (!err)
		err = buf_addf(out, "\r\n--%s--\r\n", boundary);
	return err;
}

static void upload_over(struct zalo *z, const struct send_outcome *outcome)
{
	int64_t id = z->upload.enclosure_id;

	z->upload.enclosure_id = 0;
	buf_wipe(&z->upload.call.body);
	buf_wipe(&z->upload.content_type);
	zalo_send_uploaded(z, id, outcome);
}

static enum err keep_handle(struct zalo *z, enum enclosure_kind kind, const json_t *data)
{
	const char *handle = zalo_json_text(data, kinds[kind].key);

	if (!handle[0])
		handle = zalo_json_text(data, "attachment_id");
	if (!handle[0])
		handle = zalo_json_text(data, "token");
	if (!handle[0])
		return ERR_PROTOCOL;
	return enclosure_set_handle(z->store, z->upload.enclosure_id, handle,
		zalo_wall(z) + z->config->upload_h * HOUR_MS);
}

static void upload_replied(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo *z = call->zalo;
	char unused[ZALO_MESSAGE_ID];
	struct send_outcome outcome;

	zalo_send_classify(answer, 1, zalo_wall(z), unused, sizeof(unused), &outcome);
	outcome.external_id = NULL;
	/* Nothing was said to anybody yet. */
	if (outcome.result == SEND_IN_DOUBT)
		outcome.result = SEND_RETRY;
	if (outcome.result == SEND_SENT) {
		enum err err = keep_handle(z, z->upload.kind, answer->data);

		if (err)
			outcome = (struct send_outcome){.result = SEND_RETRY, .err = err};
	}
	log_info("zalo_upload", "attachment=%" PRId64 " kind=%s result=%s error=%s",
		z->upload.enclosure_id, enclosure_kind_text(z->upload.kind),
		outcome.result == SEND_SENT ? "done" : "failed", err_name(outcome.err));
	upload_over(z, &outcome);
}

enum err zalo_upload_start(struct zalo *z, int64_t id, const struct enclosure *a)
{
	struct zalo_upload *u = &z->upload;
	enum err err;

	if (u->enclosure_id)
		return ERR_BUSY;
	err = zalo_call_path(&u->call, kinds[a->kind].path);
	if (!err)
		err = build_body(z, a, id, &u->call.body);
	u->kind = a->kind;
	u->call.content_type = buf_text(&u->content_type);
	u->call.deadline_ms = UPLOAD_DEADLINE_MS;
	if (!err)
		err = zalo_call_start(&u->call);
	if (err) {
		buf_wipe(&u->call.body);
		buf_wipe(&u->content_type);
		return err;
	}
	u->enclosure_id = id;
	return ERR_OK;
}

void zalo_upload_open(struct zalo *z)
{
	zalo_call_init(&z->upload.call, z, ZALO_USE_ALARM, upload_replied);
	buf_init(&z->upload.call.body, ENCLOSURE_MAX + FRAME_MAX);
	buf_init(&z->upload.content_type, 128);
}

void zalo_upload_close(struct zalo *z)
{
	if (!z->upload.call.zalo)
		return;
	zalo_call_cancel(&z->upload.call);
	zalo_call_free(&z->upload.call);
	buf_wipe(&z->upload.content_type);
}
