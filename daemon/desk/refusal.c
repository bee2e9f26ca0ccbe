/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/refusal.h"

#include "daemon/desk/bulletin_category.h"
#include "daemon/desk/delivery.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/question.h"
#include "store/event.h"
#include "store/report_code.h"

#include <string.h>

static enum err answer(
	struct desk *desk, int64_t party_id, const char *key, const char *topic, const char *name)
{
	const struct phrase_field fields[] = {{"topic", topic}, {"name", name}, {NULL, NULL}};

	return desk_reply(desk, party_id, key, fields);
}

static enum err write(struct desk *desk, const struct desk_refusal *in, const char *topic)
{
	int64_t ended;
	bool is_new;
	enum err err;

	if (in->is_back)
		return refusal_end(desk->store, in->kind, in->address, REFUSAL_ASKED,
			in->topic ? topic : NULL, &ended);
	err = refusal_put(desk->store, in->kind, in->address, REFUSAL_ASKED, topic, &is_new);
	return err ? err
		   : delivery_refused(
			     desk, &(struct delivery_refusal){.kind = in->kind == REFUSAL_PHONE
									      ? PARTY_PHONE
									      : PARTY_ZALO_USER,
					   .address = in->address,
					   .topic = topic});
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

static const struct {
	const char *what;
	enum refusal_kind kind;
	bool is_back;
} deeds[] = {{"refuse", REFUSAL_ASKED, false}, {"back", REFUSAL_ASKED, true},
	{"block", REFUSAL_BLOCKED, false}, {"unblock", REFUSAL_BLOCKED, true}};

/* That it was done, and by whom; not about whom. */
static enum err note(
	struct desk *desk, const char *what, const char *topic, const struct desk_actor *actor)
{
	char data[128];

	snprintf(data, sizeof(data), "{\"do\":\"%s\",\"topic\":\"%s\"}", what, topic);
	return event_add(desk->store, "refusal.set", "", actor->name, data);
}

enum err desk_refusal_set(struct desk *desk, const char *phone, const char *what, int topic,
	const struct desk_actor *actor, struct errbuf *eb)
{
	const struct bulletin_category *category = topic ? bulletin_category_of_topic(topic) : NULL;
	const char *code = category ? category->code : "";
	char number[MSISDN_BYTES];
	int64_t ended;
	bool is_new;
	size_t i = 0;
	enum err err;

	while (i < ARRAY_LEN(deeds) && !str_eq(deeds[i].what, what))
		i++;
	if (i == ARRAY_LEN(deeds))
		return errbuf_set(
			eb, ERR_INVALID, "what is done is refuse, back, block or unblock");
	if (topic && (!category || deeds[i].kind == REFUSAL_BLOCKED))
		return errbuf_set(eb, ERR_INVALID,
			category
				? ERR_WORD("a number is blocked for all topics")
				: ERR_WORD(
					  "the topic is none of the list; see binhyenctl bulletin categories"));
	if (msisdn_normalize(phone, number))
		return errbuf_set(eb, ERR_INVALID, "the phone is no number of a mobile phone");
	err = deeds[i].is_back ? refusal_end(desk->store, REFUSAL_PHONE, number, deeds[i].kind,
					 topic ? code : NULL, &ended)
			       : refusal_put(desk->store, REFUSAL_PHONE, number, deeds[i].kind,
					 code, &is_new);
	if (!err && !deeds[i].is_back)
		err = delivery_refused(
			desk, &(struct delivery_refusal){.kind = PARTY_PHONE,
				      .address = number,
				      .topic = code,
				      .is_blocked = deeds[i].kind == REFUSAL_BLOCKED});
	explicit_bzero(number, sizeof(number));
	return err ? err : note(desk, what, code, actor);
}
