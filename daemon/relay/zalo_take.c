/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of a resident, from a list or from a webhook, goes to intake under the id that Zalo
 * gave it, so that both ways make one row.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"

#include <string.h>

static enum inbox_kind kind_of(const struct zalo_content *content, const char *words)
{
	if (content->item_count)
		return INBOX_KIND_MEDIA;
	return words[0] ? INBOX_KIND_TEXT : INBOX_KIND_OTHER;
}

static enum err keep_raw(
	struct zalo *z, bool is_group, const char *reason, const char *raw, size_t len)
{
	int64_t id;

	return quarantine_add(
		z->store, is_group ? "zalo_group" : "zalo_user", reason, raw, len, &id);
}

enum err zalo_take_bad(struct zalo *z, bool is_group, const char *reason, const json_t *json)
{
	char *raw = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	enum err err = raw ? keep_raw(z, is_group, reason, raw, strlen(raw)) : ERR_NOMEM;

	if (raw)
		explicit_bzero(raw, strlen(raw));
	free(raw);
	return err;
}

/* A type that nobody knows is a report that says so; its raw row stays, when intake is done with
 * it, where a maintainer finds it. */
static enum err to_intake(struct zalo *z, const struct inbound *in, bool is_known)
{
	enum err err = intake_accept(z->intake, in);

	if (err == ERR_EXISTS)
		return ERR_OK;
	if (in->attachment_count)
		zalo_wake(z);
	if (!err && !is_known && in->raw) {
		log_warn("zalo_poll", "row=unknown_type");
		err = keep_raw(z, in->group != NULL, "unknown type", in->raw, in->raw_bytes);
	}
	return err;
}

static enum err take_words(
	struct zalo *z, const struct zalo_message *m, const char *words, const char *raw)
{
	bool is_group = m->group_id[0] != 0;
	struct inbound in = {.channel = is_group ? "zalo_group" : "zalo_user",
		.external_id = m->message_id,
		.kind = kind_of(m->content, words),
		.from_kind = m->is_anonymous ? PARTY_SENDER_NAME : PARTY_ZALO_USER,
		.from = m->from_id,
		.sent_ms = m->time_ms,
		.text = words,
		.quoted = m->quoted_id,
		.group = is_group ? m->group_id : NULL,
		.attachments = m->content->item,
		.attachment_count = m->content->item_count};
	size_t len = strlen(raw);

	if (len <= INBOX_BODY_MAX) {
		in.raw = raw;
		in.raw_bytes = len;
	}
	return to_intake(z, &in, m->content->is_known || words[0]);
}

enum err zalo_take(struct zalo *z, const struct zalo_message *message)
{
	char *raw = json_dumps(message->json, JSON_COMPACT);
	struct buf words;
	enum err err = raw ? ERR_OK : ERR_NOMEM;

	buf_init(&words, INBOX_BODY_MAX);
	if (!err)
		err = zalo_content_words(message->content, &words);
	if (!err)
		err = take_words(z, message, buf_text(&words), raw);
	else if (err == ERR_TOO_BIG || err == ERR_INVALID)
		err = keep_raw(z, message->group_id[0], "row too big", raw, strlen(raw));
	buf_wipe(&words);
	if (raw)
		explicit_bzero(raw, strlen(raw));
	free(raw);
	return err;
}
