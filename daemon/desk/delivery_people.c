/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What single people have to do with a delivery: the night in which they sleep, a head who has told
 * everyone, somebody who does not want to hear of it. */
#include "daemon/desk/delivery_private.h"

#include "store/event.h"
#include "store/resident.h"

static enum err resident_at(
	struct desk *desk, enum party_kind kind, const char *address, int64_t *ret_resident_id)
{
	if (kind == PARTY_PHONE)
		return resident_find(desk->store, address, ret_resident_id);
	if (kind == PARTY_ZALO_USER)
		return resident_of_zalo(desk->store, address, ret_resident_id);
	return ERR_NOT_FOUND;
}

enum err delivery_quiet_until(
	struct desk *desk, const struct outbox_row *row, int64_t *ret_until_ms)
{
	int64_t end_ms = quiet_end_ms(&desk->bulletins.quiet, desk_now(desk));
	bool is_over = false;
	struct delivery d;
	enum err err;

	*ret_until_ms = 0;
	if (!row->delivery_id || (!row->attempts && !end_ms))
		return ERR_OK;
	err = delivery_load(desk->store, row->delivery_id, &d);
	/* One that was tried may have been refused, or stopped, while it was on its way. */
	if (!err && row->attempts)
		err = ledger_is_refused(desk->store, row->id, &is_over);
	if (!err && row->attempts)
		is_over |= d.state != DELIVERY_RUNNING;
	if (is_over)
		*ret_until_ms = DELIVERY_NEVER;
	else if (!err && end_ms && d.urgency != DELIVERY_EMERGENCY)
		*ret_until_ms = end_ms;
	return err;
}

enum err delivery_confirmed(
	struct desk *desk, enum party_kind kind, const char *address, int64_t bulletin_id)
{
	char subject[32];
	int64_t resident_id = 0;
	struct ledger_row row;
	enum err err = resident_at(desk, kind, address, &resident_id);

	if (!err)
		err = ledger_load(desk->store, bulletin_id, resident_id, &row);
	if (!err && row.wave != WAVE_HEAD)
		err = ERR_NOT_FOUND;
	/* He says it once more: he hears that it is known. */
	if (err || row.confirmed_ms)
		return err;
	err = ledger_confirm(desk->store, bulletin_id, resident_id);
	snprintf(subject, sizeof(subject), "bulletin/%lld", (long long)bulletin_id);
	return err ? err : event_add(desk->store, "bulletin.confirmed", subject, "resident", "{}");
}

enum err delivery_thank(struct desk *desk, int64_t party_id, int64_t bulletin_id)
{
	char number[24];
	const struct phrase_field fields[] = {{"number", number}, {NULL, NULL}};
	struct desk_way way = {.is_open = false};
	CLEAN_BUF text = {0};
	int64_t outbox_id;
	enum err err = desk_gate(desk, party_id, &way);

	if (err || !way.is_open)
		return err;
	snprintf(number, sizeof(number), "%lld", (long long)bulletin_id);
	buf_init(&text, OUTBOX_BODY_MAX);
	err = desk_phrase(&way, "bulletin_told", fields, &text);
	return err ? err
		   : desk_say(desk, party_id, way.channel, OUTBOX_KIND_ANSWER, 0, buf_text(&text),
			     &outbox_id);
}

/* A group's post tells all of its members: his refusal can't take that back. */
static enum err take_his(struct desk *desk, const struct ledger_row *row)
{
	struct outbox_row message;
	enum err err = outbox_load(desk->store, row->outbox_id, &message);

	if (err || message.state != OUTBOX_QUEUED || message.channel == CHANNEL_ZALO_GROUP)
		return err;
	return outbox_move(desk->store, message.id, &(struct outbox_move){.to = OUTBOX_CANCELLED});
}

static enum err refuse_one(struct desk *desk, const struct delivery *d, int64_t resident_id,
	const struct delivery_refusal *refusal)
{
	const char *topic = refusal->topic;
	struct bulletin bulletin;
	struct ledger_row row;
	enum err err = ledger_load(desk->store, d->id, resident_id, &row);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = bulletin_load(desk->store, d->id, &bulletin);
	if (err || (bulletin.to_refusers && !refusal->is_blocked) ||
		(topic[0] && !str_eq(topic, bulletin.category)))
		return err;
	if (row.state == LEDGER_FLYING)
		err = take_his(desk, &row);
	if (err)
		return err;
	return ledger_refuse(desk->store, &row,
		refusal->is_blocked ? "BLOCKED"
		: topic[0]	    ? "REFUSED_TOPIC"
				    : "REFUSED");
}

enum err delivery_refused(struct desk *desk, const struct delivery_refusal *refusal)
{
	static const enum lane lanes[] = {LANE_URGENT, LANE_BULLETIN};
	int64_t resident_id = 0;
	enum err err = resident_at(desk, refusal->kind, refusal->address, &resident_id);

	for (size_t i = 0; !err && i < ARRAY_LEN(lanes); i++) {
		struct delivery d = {.id = 0};

		while (!(err = delivery_next(desk->store, lanes[i], d.id, &d))) {
			err = refuse_one(desk, &d, resident_id, refusal);
			if (err)
				return err;
		}
		err = err == ERR_NOT_FOUND ? ERR_OK : err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
