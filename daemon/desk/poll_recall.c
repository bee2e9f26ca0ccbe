/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question that is recalled: its poll, and whoever was asked. */
#include "daemon/desk/bulletin.h"
#include "daemon/desk/poll_private.h"
#include "store/bulletin.h"
#include "store/event.h"

/* Approved and sent as any other; to those whom the question has reached by then. */
static enum err draft(struct desk *desk, const struct poll *poll, const struct desk_actor *actor,
	struct errbuf *eb)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	struct bulletin question;
	char number[24];
	const struct phrase_field fields[] = {{"number", number}, {NULL, NULL}};
	int64_t id;
	CLEAN_BUF title = {0};
	CLEAN_BUF text = {0};
	enum err err = bulletin_load(desk->store, poll->bulletin_id, &question);

	buf_init(&title, 512);
	buf_init(&text, 1024);
	snprintf(number, sizeof(number), "%lld", (long long)poll->id);
	if (!err)
		err = phrase("poll_recalled_title", PHRASE_FULL, fields, &title);
	if (!err)
		err = phrase("poll_recalled", PHRASE_FULL, fields, &text);
	in.category = question.category;
	in.title = buf_text(&title);
	in.text = buf_text(&text);
	in.sms = "";
	in.refers_to = poll->bulletin_id;
	in.refers_how = bulletin_refers_text(BULLETIN_REFERS_RECALLS);
	return err ? err : desk_bulletin_new(desk, BULLETIN_ORIGIN_OFFICER, &in, actor, &id, eb);
}

enum err desk_poll_recalled(
	struct desk *desk, int64_t bulletin_id, const struct desk_actor *actor, struct errbuf *eb)
{
	char subject[32], data[48];
	struct poll poll;
	enum err err = poll_of_bulletin(desk->store, bulletin_id, POLL_OPEN, &poll);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = poll_move(desk->store, poll.id, POLL_CANCELLED);
	if (err)
		return err;
	snprintf(subject, sizeof(subject), "poll/%lld", (long long)poll.id);
	snprintf(data, sizeof(data), "{\"recalled\":%lld}", (long long)bulletin_id);
	err = event_add(desk->store, "poll.cancelled", subject, actor->name, data);
	return err ? err : draft(desk, &poll, actor, eb);
}
