/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a user may be written to at all, before a call is spent on trying: he interacted within
 * the window (OA API: 7 days), and nothing else is known against it. His messages tell when he did;
 * what doesn't show in the lists (a call, a button, following) is asked of Zalo once a day, when
 * our own knowledge says no.
 */
#include "daemon/relay/zalo_private.h"

#include "store/party.h"

#define MARGIN_MS    (5 * MINUTE_MS) /* the two clocks, and the way there */
#define ASK_AGAIN_MS DAY_MS
#define REFUSED_MS   (3 * DAY_MS) /* what a person decided for himself may change */
#define CODE_NO_WORD (-230)	  /* "no interaction within 7 days" */
#define ASK_PATH     "/v3.0/oa/quota/message"

static int64_t window_ms(const struct zalo *z)
{
	return z->config->window_h * HOUR_MS - MARGIN_MS;
}

/* A bulletin goes to a correspondent who never writes himself: what he wrote is known of the one at
 * the same address. It is looked up for this decision and kept nowhere. */
static enum err last_word(struct zalo *z, struct party *party)
{
	CLEAN_BUF address = {0};
	struct party writer;
	enum err err;

	if (party->kind != PARTY_RESIDENT_ZALO)
		return ERR_OK;
	buf_init(&address, PARTY_ADDRESS_MAX);
	err = party_address(z->store, party->id, &address);
	if (!err)
		err = party_find(z->store, PARTY_ZALO_USER, buf_text(&address), &writer);
	if (!err)
		party->last_in_ms = writer.last_in_ms;
	buf_wipe(&address);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err zalo_window_look(struct zalo *z, enum channel_kind channel, int64_t party_id,
	enum zalo_window *ret_window, int64_t *ret_code)
{
	struct party_channel known;
	struct party party;
	int64_t now_ms = zalo_wall(z), last_ms;
	enum err err = party_load(z->store, party_id, &party);

	if (!err)
		err = last_word(z, &party);
	if (!err)
		err = party_channel_load(z->store, party_id, channel, &known);
	if (err)
		return err;
	last_ms = party.last_in_ms > known.heard_ms ? party.last_in_ms : known.heard_ms;
	*ret_code = known.code;
	*ret_window = ZALO_WINDOW_OPEN;
	/* He wrote again: then he is reached again. */
	if (known.closed_ms && party.last_in_ms <= known.closed_ms && now_ms < known.until_ms) {
		*ret_window = ZALO_WINDOW_CLOSED;
	} else if (channel == CHANNEL_ZALO_USER && (!last_ms || now_ms - last_ms >= window_ms(z))) {
		*ret_code = CODE_NO_WORD;
		*ret_window = known.asked_ms && now_ms - known.asked_ms < ASK_AGAIN_MS
				      ? ZALO_WINDOW_CLOSED
				      : ZALO_WINDOW_ASK;
	}
	return ERR_OK;
}

enum err zalo_window_request(struct zalo_call *call, const char *user_id)
{
	enum err err = zalo_call_path(call, ASK_PATH);

	return err ? err : buf_addf(&call->body, "{\"user_id\":\"%s\"}", user_id);
}

enum err zalo_window_told(struct zalo *z, int64_t party_id, const json_t *data)
{
	struct party_channel known;
	int64_t last_ms = 0;
	enum err err = party_channel_load(z->store, party_id, CHANNEL_ZALO_USER, &known);

	if (err)
		return err;
	if (!zalo_json_int(json_object_get(data, "last_interaction"), &last_ms) &&
		last_ms > known.heard_ms && last_ms <= zalo_wall(z) + DAY_MS)
		known.heard_ms = last_ms;
	known.asked_ms = zalo_wall(z);
	return party_channel_save(z->store, party_id, CHANNEL_ZALO_USER, &known);
}

enum err zalo_window_refused(
	struct zalo *z, enum channel_kind channel, int64_t party_id, int64_t code)
{
	struct party_channel known;
	enum err err = party_channel_load(z->store, party_id, channel, &known);

	if (err)
		return err;
	known.closed_ms = zalo_wall(z);
	known.until_ms = known.closed_ms + REFUSED_MS;
	known.code = code;
	return party_channel_save(z->store, party_id, channel, &known);
}
