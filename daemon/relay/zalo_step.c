/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_step.h"

#include <jansson.h>
#include <string.h>

#define MARK_CHARS 8 /* "(12/34) " */
#define TICK_ICON  "/-strong"

void zalo_step_done(struct zalo_step *step)
{
	buf_wipe(&step->text);
	*step = (struct zalo_step){0};
}

static int count_pieces(const char *text, size_t max_chars)
{
	int count = 0;

	while (*text) {
		size_t next;

		zalo_text_piece(text, max_chars, &next);
		text += next;
		count++;
	}
	return count;
}

static enum err set_text(struct zalo_step *step, const char *rest, size_t max_chars, int pieces)
{
	size_t next, bytes = zalo_text_piece(rest, max_chars, &next);
	enum err err = ERR_OK;

	step->piece.end_at += (int64_t)next;
	if (pieces > 1)
		err = buf_addf(&step->text, "(%d/%d) ", step->piece.number, pieces);
	return err ? err : buf_add(&step->text, rest, bytes);
}

static enum err fill_step(struct zalo_step *step, const char *prepared,
	const struct enclosure *attachment, const struct outbox_piece *gone)
{
	bool has_file = attachment && attachment->kind == ENCLOSURE_FILE;
	size_t max_chars = ZALO_TEXT_MAX_CHARS;
	size_t len = strlen(prepared);
	const char *rest;
	int pieces;

	if (gone->end_at < 0 || (size_t)gone->end_at > len)
		return ERR_INVALID;
	rest = prepared + gone->end_at;
	if (gone->number || count_pieces(prepared, max_chars) > 1)
		max_chars -= MARK_CHARS;
	pieces = count_pieces(rest, max_chars);
	if (!pieces && (!has_file || gone->number == 0))
		return gone->number ? ERR_STATE : ERR_INVALID;
	step->piece = (struct outbox_piece){gone->number + 1, gone->end_at};
	step->total = gone->number + pieces + has_file;
	if (step->total > ZALO_STEPS_MAX)
		return ERR_TOO_BIG;
	step->is_last = step->piece.number == step->total;
	step->has_attachment = attachment && step->is_last;
	return pieces ? set_text(step, rest, max_chars, gone->number + pieces) : ERR_OK;
}

enum err zalo_step_next(enum channel_kind kind, const char *text,
	const struct enclosure *attachment, const struct outbox_piece *gone,
	struct zalo_step *ret_step)
{
	struct zalo_step step = {0};
	struct buf prepared;
	enum err err;

	buf_init(&prepared, 2 * OUTBOX_BODY_MAX);
	buf_init(&step.text, 2 * OUTBOX_BODY_MAX);
	err = zalo_text_prepare(kind, text, &prepared);
	if (!err)
		err = fill_step(&step, buf_text(&prepared), attachment, gone);
	buf_wipe(&prepared);
	if (err)
		zalo_step_done(&step);
	else
		*ret_step = step;
	return err;
}

enum err zalo_gif_size(const void *data, size_t bytes, struct zalo_gif_size *ret_size)
{
	const unsigned char *u = data;

	if (bytes < 10 || memcmp(u, "GIF8", 4) != 0)
		return ERR_INVALID;
	*ret_size = (struct zalo_gif_size){u[6] | u[7] << 8, u[8] | u[9] << 8};
	return ERR_OK;
}

static json_t *attachment_json(
	const struct enclosure *attachment, const struct zalo_gif_size *gif_size)
{
	if (attachment->kind == ENCLOSURE_FILE)
		return json_pack(
			"{s:s, s:{s:s}}", "type", "file", "payload", "token", attachment->handle);
	if (attachment->kind == ENCLOSURE_GIF)
		return json_pack("{s:s, s:{s:s, s:[{s:s, s:s, s:i, s:i}]}}", "type", "template",
			"payload", "template_type", "media", "elements", "media_type", "gif",
			"attachment_id", attachment->handle, "width", gif_size->width, "height",
			gif_size->height);
	return json_pack("{s:s, s:{s:s, s:[{s:s, s:s}]}}", "type", "template", "payload",
		"template_type", "media", "elements", "media_type", "image", "attachment_id",
		attachment->handle);
}

static enum err add_json(json_t *json, struct buf *out)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	enum err err = text ? buf_adds(out, text) : ERR_NOMEM;

	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	json_decref(json);
	return err;
}

enum err zalo_step_body(enum channel_kind kind, const char *address, const struct zalo_step *step,
	const struct enclosure *attachment, const struct zalo_gif_size *gif_size, struct buf *out)
{
	json_t *message = json_object();

	if (step->text.len)
		json_object_set_new(message, "text", json_string(buf_text(&step->text)));
	if (step->has_attachment)
		json_object_set_new(message, "attachment", attachment_json(attachment, gif_size));
	return add_json(json_pack("{s:{s:s}, s:o}", "recipient",
				kind == CHANNEL_ZALO_GROUP ? "group_id" : "user_id", address,
				"message", message),
		out);
}

enum err zalo_tick_body(const char *user_id, const char *message_id, struct buf *out)
{
	return add_json(
		json_pack("{s:{s:s}, s:{s:s, s:s}}", "recipient", "user_id", user_id,
			"sender_action", "react_icon", TICK_ICON, "react_message_id", message_id),
		out);
}
