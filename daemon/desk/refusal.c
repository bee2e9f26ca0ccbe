/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/refusal.h"

#include "daemon/desk/bulletin_category.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/question.h"
#include "store/report_code.h"

/* Another answer to this sender within the hour? Counted with those to his questions. */
static enum err may_answer(struct desk *desk, int64_t party_id, bool *ret_may)
{
	int64_t now_ms = desk_now(desk);
	struct code_guard guard;
	char sender[24];
	enum err err;

	snprintf(sender, sizeof(sender), "%lld", (long long)party_id);
	err = code_guard_load(desk->store, CODE_SCOPE_SENDER, sender, &guard);
	if (err)
		return err;
	if (guard.said_ms > now_ms || now_ms - guard.said_ms >= DESK_SAID_WINDOW_MS)
		guard.said = 0;
	if (!guard.said)
		guard.said_ms = now_ms;
	*ret_may = guard.said < DESK_SAID_MAX;
	guard.said += *ret_may;
	if (!guard.last_ms)
		guard.last_ms = now_ms;
	return code_guard_save(desk->store, CODE_SCOPE_SENDER, sender, &guard);
}

static enum err answer(
	struct desk *desk, int64_t party_id, const char *key, const char *topic, const char *name)
{
	struct phrase_field fields[] = {{"topic", topic}, {"name", name}, {NULL, NULL}};
	enum channel_kind channel;
	struct party party;
	CLEAN_BUF plain = {0};
	CLEAN_BUF text = {0};
	bool may = false;
	int64_t id;
	enum err err = may_answer(desk, party_id, &may);

	if (!err && may)
		err = party_load(desk->store, party_id, &party);
	if (err || !may || !desk_channel_to(desk, &party, &channel))
		return err;
	buf_init(&plain, 256);
	buf_init(&text, OUTBOX_BODY_MAX);
	if (desk_is_sms(channel)) {
		err = sms_text_unaccent(name, &plain);
		fields[1].value = buf_text(&plain);
	}
	if (err)
		return err;
	err = phrase(key, desk_is_sms(channel) ? PHRASE_SMS : PHRASE_FULL, fields, &text);
	return err ? err
		   : desk_say(desk, party_id, channel, OUTBOX_KIND_ANSWER, 0, buf_text(&text), &id);
}

static enum err write(struct desk *desk, const struct desk_refusal *in, const char *topic)
{
	int64_t ended;
	bool is_new;

	return in->is_back ? refusal_end(desk->store, in->kind, in->address, REFUSAL_ASKED,
				     in->topic ? topic : NULL, &ended)
			   : refusal_put(desk->store, in->kind, in->address, REFUSAL_ASKED, topic,
				     &is_new);
}

enum err desk_refuse(struct desk *desk, const struct desk_refusal *in)
{
	const struct bulletin_category *category = in->topic ? bulletin_category_of_topic(in->topic)
							     : NULL;
	bool still = false;
	char topic[12];
	enum err err;

	snprintf(topic, sizeof(topic), "%d", in->topic);
	if (in->topic && !category)
		return answer(desk, in->party_id, "refusal_unknown", topic, "");
	err = write(desk, in, category ? category->code : "");
	/* Who refused all and wants one topic back has said both: all of it stays refused. */
	if (!err && in->is_back && category)
		err = refusal_of(desk->store, in->kind, in->address, category->code, &still);
	if (err)
		return err;
	if (still)
		return answer(desk, in->party_id, "refusal_still_all", topic, category->name);
	if (category)
		return answer(desk, in->party_id,
			in->is_back ? "refusal_topic_back" : "refusal_topic", topic,
			category->name);
	return answer(desk, in->party_id, in->is_back ? "refusal_back" : "refusal_all", topic, "");
}
