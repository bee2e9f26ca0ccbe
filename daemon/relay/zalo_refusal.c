/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an answer means beyond the message that it is about: for its recipient, for everybody whom
 * the channel reaches, and for who has to do something about it. */
#include "daemon/relay/zalo_send.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/desk/group.h"

#include <inttypes.h>

static bool tell(struct zalo_channel *c, const struct zalo_answer *answer)
{
	struct zalo *z = c->zalo;
	char code[24];
	const struct phrase_field fields[] = {{"code", code}, {NULL, NULL}};
	enum err err;

	if (!z->alarm.fn)
		return false;
	snprintf(code, sizeof(code), "%" PRId64, answer->code);
	err = z->alarm.fn(z->alarm.arg, "zalo_blocked", fields);
	if (err)
		log_error("zalo_send", "alarm=zalo_blocked error=%s", err_name(err));
	return !err;
}

/* A person has to act: told once for each reason until something gets through again. */
static void blocked(struct zalo_channel *c, const struct zalo_answer *answer)
{
	log_error("zalo_send", "channel=%s code=%" PRId64 " why=\"%s\"",
		channel_kind_text(c->channel.kind), answer->code, zalo_answer_text(answer));
	if (c->told_code != answer->code && tell(c, answer))
		c->told_code = answer->code;
}

/* A quota is used up, or a wallet is empty. What is free goes on, unless it was that. */
static enum err unpaid(struct zalo_send *s, const struct zalo_answer *answer)
{
	struct zalo_channel *c = s->channel;
	struct zalo *z = c->zalo;
	int64_t until_ms = zalo_mono(z) + ZALO_STOPPED_MS;

	blocked(c, answer);
	if (c->channel.kind != CHANNEL_ZALO_USER || s->is_free)
		c->stopped_ms = until_ms;
	if (c->channel.kind != CHANNEL_ZALO_USER)
		return ERR_OK;
	z->unpaid = (struct zalo_unpaid){.until_ms = until_ms, .code = answer->code};
	return zalo_window_empty(z, s->req->party_id);
}

/* One group that is off is no reason to leave the others alone. Of one that the desk looks after a
 * person is told when it has been read. */
static enum err group_is_off(struct zalo_send *s, const struct zalo_answer *answer, bool is_new)
{
	struct desk *desk = s->channel->zalo->desk;
	bool is_linked = false;
	enum err err = desk ? desk_group_is_linked(desk, s->req->address, &is_linked) : ERR_OK;

	if (!err && is_new && !is_linked)
		tell(s->channel, answer);
	return err || !desk ? err : desk_group_changed(desk, s->req->address);
}

static enum err no_way(struct zalo_send *s, const struct zalo_answer *answer)
{
	enum channel_kind kind = s->channel->channel.kind;
	bool is_new = false;
	enum err err = zalo_window_refused(
		s->channel->zalo, kind, s->req->party_id, answer->code, &is_new);

	return err || kind != CHANNEL_ZALO_GROUP ? err : group_is_off(s, answer, is_new);
}

/* Something got through: also what has to be paid for, if it did. */
static void got_through(struct zalo_send *s)
{
	struct zalo *z = s->channel->zalo;
	bool is_unpaid = s->channel->channel.kind == CHANNEL_ZALO_USER && z->unpaid.code;

	if (is_unpaid && s->is_free)
		return;
	if (is_unpaid)
		z->unpaid = (struct zalo_unpaid){0};
	s->channel->told_code = 0;
}

void zalo_refusal_note(struct zalo_send *s, const struct zalo_answer *answer)
{
	struct zalo_channel *c = s->channel;
	struct zalo *z = c->zalo;
	enum err err = ERR_OK;

	if (zalo_answer_is(answer, ZALO_TOMORROW))
		c->stopped_ms = zalo_mono(z) + zalo_until_midnight_ms(zalo_wall(z));
	if (zalo_answer_is(answer, ZALO_STOP)) {
		c->stopped_ms = zalo_mono(z) + ZALO_STOPPED_MS;
		blocked(c, answer);
	}
	if (zalo_answer_is(answer, ZALO_HOLD))
		err = unpaid(s, answer);
	if (zalo_answer_is(answer, ZALO_OTHER_WAY))
		err = no_way(s, answer);
	if (zalo_answer_is(answer, ZALO_DONE) && s->phase == PHASE_POST)
		got_through(s);
	if (c->channel.kind == CHANNEL_ZNS)
		zalo_zns_note(z, answer);
	if (err)
		log_error("zalo_send", "id=%" PRId64 " unremembered=%s", s->req->outbox_id,
			err_name(err));
}
