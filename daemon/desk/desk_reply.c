/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers to keywords: one sender gets DESK_SAID_MAX of them an hour, whatever he asks. */
#include "daemon/desk/desk_private.h"

#include "config/phrases.h"
#include "daemon/desk/question.h"
#include "store/report_code.h"

bool desk_say_once_more(struct code_guard *guard, int64_t now_ms, int max)
{
	bool may;

	/* What lies ahead comes from a clock that was wrong. */
	if (guard->said_ms > now_ms || now_ms - guard->said_ms >= DESK_SAID_WINDOW_MS)
		guard->said = 0;
	if (!guard->said)
		guard->said_ms = now_ms;
	may = guard->said < max;
	guard->said += may;
	return may;
}

enum err desk_may_say(struct desk *desk, const char *key, int max, bool *ret_may)
{
	int64_t now_ms = desk_now(desk);
	struct code_guard guard;
	enum err err = code_guard_load(desk->store, CODE_SCOPE_SENDER, key, &guard);

	if (err)
		return err;
	*ret_may = desk_say_once_more(&guard, now_ms, max);
	/* With wrong codes it is the time of the last of them, from which they are forgotten. */
	if (!guard.wrong)
		guard.last_ms = now_ms;
	return code_guard_save(desk->store, CODE_SCOPE_SENDER, key, &guard);
}

/* The way to him, closed when he was told often enough. said_key NULL: however often. */
static enum err find_way(struct desk *desk, int64_t party_id, const char *said_key, int said_max,
	struct desk_way *ret_way)
{
	bool may = true;
	enum err err = desk_gate(desk, party_id, ret_way);

	if (err || !ret_way->is_open || !said_key)
		return err;
	err = desk_may_say(desk, said_key, said_max, &may);
	ret_way->is_open = may;
	return err;
}

static enum err say_phrase(struct desk *desk, int64_t party_id, const char *phrase_key,
	const struct phrase_field *fields, const char *said_key, int said_max)
{
	struct desk_way way = {.is_open = false};
	CLEAN_BUF text = {0};
	int64_t id;
	enum err err = find_way(desk, party_id, said_key, said_max, &way);

	if (err || !way.is_open)
		return err;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = desk_phrase(&way, phrase_key, fields, &text);
	return err ? err
		   : desk_say(desk, party_id, way.channel, OUTBOX_KIND_ANSWER, 0, buf_text(&text),
			     &id);
}

enum err desk_reply(struct desk *desk, int64_t party_id, const char *phrase_key,
	const struct phrase_field *fields)
{
	char sender[24];

	snprintf(sender, sizeof(sender), "%lld", (long long)party_id);
	return say_phrase(desk, party_id, phrase_key, fields, sender, DESK_SAID_MAX);
}

enum err desk_reply_about(struct desk *desk, int64_t party_id, const char *phrase_key,
	const struct phrase_field *fields, const char *what, int max)
{
	char key[48];

	snprintf(key, sizeof(key), "%s/%lld", what, (long long)party_id);
	return say_phrase(desk, party_id, phrase_key, fields, key, max);
}

enum err desk_tell_sender(struct desk *desk, int64_t party_id, const char *phrase_key,
	const struct phrase_field *fields)
{
	return say_phrase(desk, party_id, phrase_key, fields, NULL, 0);
}

enum err desk_show(struct desk *desk, int64_t party_id, const char *text)
{
	struct desk_way way = {.is_open = false};
	char key[32];
	int64_t id;
	enum err err;

	snprintf(key, sizeof(key), "menu/%lld", (long long)party_id);
	err = find_way(desk, party_id, key, DESK_SCREENS_MAX, &way);
	if (err || !way.is_open)
		return err;
	return desk_say(desk, party_id, way.channel, OUTBOX_KIND_ANSWER, 0, text, &id);
}
