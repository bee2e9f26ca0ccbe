/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zalo tells what has reached a phone (user_received_message, user_seen_message): only by the
 * webhook, and only of phones, so that nothing waits for it. What it tells is believed about a row
 * that bears the id of the message; a template message brings back the id of the row itself, by
 * which even one is settled whose answer was lost.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/relay/zalo_event.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/party.h"

#include <inttypes.h>
#include <string.h>

#define IDS_MAX 64 /* of one event; a user has not read more of ours since the last one */

/* Of a message in pieces the last one counts: they go one after the other. */
static enum err arrived(struct zalo *z, const char *message_id)
{
	struct outbox_row row;
	int64_t id;
	enum err err = outbox_find_external(z->store, message_id, &id);

	if (!err)
		err = outbox_load(z->store, id, &row);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	if (row.channel == CHANNEL_ZALO_GROUP || !str_eq(row.external_id, message_id))
		return ERR_OK;
	return outbox_report(z->store, row.channel, id, 0, OUTBOX_TOLD_DELIVERED);
}

/* The message id of the row, or the phone when it has none: another box may have had a row of that
 * number. */
static enum err is_about(
	struct zalo *z, const struct outbox_row *row, const struct zalo_event *event, bool *ret_is)
{
	CLEAN_BUF address = {0};
	enum err err;

	if (row->external_id[0]) {
		*ret_is = str_eq(row->external_id, event->message_id);
		return ERR_OK;
	}
	buf_init(&address, PARTY_ADDRESS_MAX);
	err = party_address(z->store, row->party_id, &address);
	if (!err)
		*ret_is = address.len > 1 && str_eq(buf_text(&address) + 1, event->to_id);
	buf_wipe(&address);
	return err;
}

static enum err template_arrived(struct zalo *z, const struct zalo_event *event)
{
	size_t prefix = strlen(ZALO_TRACKING_PREFIX);
	struct outbox_row row;
	bool is_ours = false;
	int64_t id;
	enum err err;

	if (!str_starts(event->tracking, ZALO_TRACKING_PREFIX) ||
		str_to_int64(event->tracking + prefix, 1, INT64_MAX, &id))
		return ERR_OK;
	err = outbox_load(z->store, id, &row);
	if (!err && row.channel == CHANNEL_ZNS && row.attempts)
		err = is_about(z, &row, event, &is_ours);
	if (!err && is_ours)
		err = outbox_report(z->store, CHANNEL_ZNS, id, 0, OUTBOX_TOLD_DELIVERED);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err zalo_receipt(struct zalo *z, const struct zalo_event *event)
{
	const json_t *ids = json_object_get(event->message, "msg_ids");
	size_t count = json_array_size(ids);
	char id[ZALO_MESSAGE_ID];
	enum err err = ERR_OK;

	if (event->tracking[0])
		return template_arrived(z, event);
	if (event->message_id[0])
		err = arrived(z, event->message_id);
	for (size_t i = 0; !err && i < count && i < IDS_MAX; i++) {
		if (!zalo_json_id(json_array_get(ids, i), id, sizeof(id)))
			err = arrived(z, id);
	}
	return err;
}
