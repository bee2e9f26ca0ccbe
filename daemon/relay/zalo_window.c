/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a user may be written to at all, before a call is spent on trying: he interacted within
 * the window (OA API: 7 days), and nothing else is known against it. His messages tell when he did;
 * what doesn't show in the lists (a call, a button, following) is asked of Zalo once a day, when
 * our own knowledge says no.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/party.h"

#define MARGIN_MS    (5 * MINUTE_MS) /* the two clocks, and the way there */
#define ASK_AGAIN_MS DAY_MS
#define REFUSED_MS \
	(3 * DAY_MS)	    /* what a person decided for himself may change; a group: told again */
#define CODE_NO_WORD (-230) /* "no interaction within 7 days" */
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

/* The first answers after he interacted cost nothing. What was told of them before is about
 * another time. */
static bool is_free(const struct zalo *z, const struct party_channel *known, int64_t last_ms)
{
	int64_t now_ms = zalo_wall(z);

	if (!last_ms || now_ms - last_ms >= z->config->free_h * HOUR_MS - MARGIN_MS)
		return false;
	return known->left != 0 || known->left_ms < last_ms;
}

/* The account can't pay now, so that only what is free is tried. */
static bool is_unpaid(const struct zalo *z)
{
	return z->unpaid.code && zalo_mono(z) < z->unpaid.until_ms;
}

static void look_at_user(struct zalo *z, const struct party_channel *known, int64_t last_ms,
	struct zalo_window *window)
{
	int64_t now_ms = zalo_wall(z);

	window->is_free = is_free(z, known, last_ms);
	if (!last_ms || now_ms - last_ms >= window_ms(z)) {
		window->code = CODE_NO_WORD;
		window->state = known->asked_ms && now_ms - known->asked_ms < ASK_AGAIN_MS
					? ZALO_WINDOW_CLOSED
					: ZALO_WINDOW_ASK;
	} else if (!window->is_free && is_unpaid(z)) {
		window->code = z->unpaid.code;
		window->state = ZALO_WINDOW_UNPAID;
	}
}

static bool is_refused(const struct party_channel *known, const struct party *party, int64_t now_ms)
{
	/* He wrote again: then he is reached again. */
	return known->closed_ms && party->last_in_ms <= known->closed_ms &&
	       now_ms < known->until_ms;
}

enum err zalo_window_look(
	struct zalo *z, enum channel_kind channel, int64_t party_id, struct zalo_window *ret_window)
{
	struct party_channel known;
	struct party party;
	int64_t last_ms;
	enum err err = party_load(z->store, party_id, &party);

	if (!err)
		err = last_word(z, &party);
	if (!err)
		err = party_channel_load(z->store, party_id, channel, &known);
	if (err)
		return err;
	last_ms = party.last_in_ms > known.heard_ms ? party.last_in_ms : known.heard_ms;
	*ret_window = (struct zalo_window){.state = ZALO_WINDOW_OPEN, .code = known.code};
	if (is_refused(&known, &party, zalo_wall(z)))
		ret_window->state = ZALO_WINDOW_CLOSED;
	else if (channel == CHANNEL_ZALO_USER)
		look_at_user(z, &known, last_ms, ret_window);
	return ERR_OK;
}

enum err zalo_window_request(struct zalo_call *call, const char *user_id)
{
	enum err err = zalo_call_path(call, ASK_PATH);

	return err ? err : buf_addf(&call->body, "{\"user_id\":\"%s\"}", user_id);
}

static bool set_left(struct zalo *z, struct party_channel *known, int64_t left)
{
	left = left < 0 ? 0 : left;
	known->left_ms = zalo_wall(z);
	if (known->left == left && left)
		return false;
	known->left = left;
	return true;
}

enum err zalo_window_told(struct zalo *z, int64_t party_id, const json_t *data)
{
	const json_t *replies = json_object_get(data, "cs_reply");
	struct party_channel known;
	int64_t last_ms = 0, left;
	enum err err = party_channel_load(z->store, party_id, CHANNEL_ZALO_USER, &known);

	if (err)
		return err;
	if (!zalo_json_int(json_object_get(data, "last_interaction"), &last_ms) &&
		last_ms > known.heard_ms && last_ms <= zalo_wall(z) + DAY_MS)
		known.heard_ms = last_ms;
	if (!zalo_json_int(json_object_get(replies, "remain"), &left))
		set_left(z, &known, left);
	known.asked_ms = zalo_wall(z);
	return party_channel_save(z->store, party_id, CHANNEL_ZALO_USER, &known);
}

/* What was sent is told to be one of the free answers, of a package, or (by nothing) of the wallet,
 * or of no quota at all. */
void zalo_window_spent(struct zalo *z, int64_t party_id, const json_t *data)
{
	const json_t *quota = json_object_get(data, "quota");
	struct party_channel known;
	int64_t left = 0;
	enum err err;

	if (!json_is_object(quota))
		return;
	if (str_eq(zalo_json_text(quota, "quota_type"), "reply") &&
		zalo_json_int(json_object_get(quota, "remain"), &left))
		return;
	err = party_channel_load(z->store, party_id, CHANNEL_ZALO_USER, &known);
	if (!err && set_left(z, &known, left))
		err = party_channel_save(z->store, party_id, CHANNEL_ZALO_USER, &known);
	if (err)
		log_error("zalo_send", "quota=unremembered error=%s", err_name(err));
}

enum err zalo_window_empty(struct zalo *z, int64_t party_id)
{
	struct party_channel known;
	enum err err = party_channel_load(z->store, party_id, CHANNEL_ZALO_USER, &known);

	if (err)
		return err;
	set_left(z, &known, 0);
	return party_channel_save(z->store, party_id, CHANNEL_ZALO_USER, &known);
}

enum err zalo_window_heard(struct zalo *z, const char *user_id, int64_t at_ms)
{
	struct party_channel known;
	struct party party;
	enum err err = party_find(z->store, PARTY_ZALO_USER, user_id, &party);

	if (!err)
		err = party_channel_load(z->store, party.id, CHANNEL_ZALO_USER, &known);
	if (!err && at_ms > known.heard_ms) {
		known.heard_ms = at_ms;
		err = party_channel_save(z->store, party.id, CHANNEL_ZALO_USER, &known);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err zalo_window_refused(
	struct zalo *z, enum channel_kind channel, int64_t party_id, int64_t code, bool *ret_is_new)
{
	struct party_channel known;
	enum err err = party_channel_load(z->store, party_id, channel, &known);

	if (err)
		return err;
	*ret_is_new = !known.closed_ms || known.code != code || zalo_wall(z) >= known.until_ms;
	known.closed_ms = zalo_wall(z);
	if (*ret_is_new || channel != CHANNEL_ZALO_GROUP)
		known.until_ms = known.closed_ms + REFUSED_MS;
	known.code = code;
	return party_channel_save(z->store, party_id, channel, &known);
}
