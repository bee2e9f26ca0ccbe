/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one gate before everything that leaves for a correspondent: receipts, thanks, thumbs, answers
 * to keywords, officers' answers, what the law has him told. Who asked for silence (`IM`) gets
 * nothing at all for DESK_QUIET_MS, not even the emergency numbers: whoever holds his phone reads
 * along. What officers say to him waits until he asks for it from another phone, with his PIN.
 *
 * Not behind it, each for a reason of its own:
 *   - alarms and words for officers, on the phones of their work: they are no residents there, and
 *     a danger that rings nobody is worse (desk_notify.c, desk_tell.c, alarm.c, audit.c);
 *   - bulletins: everybody of a hamlet gets them, and the registry must not know who reports
 *     (delivery.h), so that it can't know who asked for silence either;
 *   - the invitation in a group goes to the group, but is not made for him (desk_group.c asks).
 *
 * tests/packaging/test_layers.py knows which files may queue a message.
 */
#include "daemon/desk/desk_private.h"
#include "daemon/desk/thread.h"
#include "store/report_code.h"

void desk_listen(struct desk *desk, int64_t party_id, int64_t other_id)
{
	desk->writer_id = party_id;
	desk->writer_other_id = other_id;
	desk->echo_id = 0;
}

enum err desk_listen_phone(struct desk *desk, int64_t party_id, const char *phone)
{
	struct party hidden = {.id = 0};
	enum err err = party_find_anonymous(desk->store, PARTY_PHONE, phone, &hidden);

	if (err && err != ERR_NOT_FOUND)
		return err;
	desk_listen(desk, party_id, hidden.id);
	return ERR_OK;
}

enum err desk_listen_party(struct desk *desk, int64_t party_id)
{
	struct party hidden = {.id = 0};
	enum err err = party_find_hidden_of(desk->store, party_id, &hidden);

	if (err && err != ERR_NOT_FOUND)
		return err;
	desk_listen(desk, party_id, hidden.id);
	return ERR_OK;
}

/* Who writes just now may be known under another name as well: it is the same phone. */
static int64_t same_phone(const struct desk *desk, int64_t party_id)
{
	if (party_id == desk->writer_id)
		return desk->writer_other_id;
	return party_id == desk->writer_other_id ? desk->writer_id : 0;
}

static bool find_channel(
	const struct desk *desk, const struct party *party, enum channel_kind *ret_channel)
{
	if (party->state != PARTY_ACTIVE)
		return false;
	if (party->kind == PARTY_PHONE)
		return desk_phone_channel(desk, ret_channel);
	if (party->kind == PARTY_ZALO_USER && desk->has_zalo) {
		*ret_channel = CHANNEL_ZALO_USER;
		return true;
	}
	return false;
}

enum err desk_gate(struct desk *desk, int64_t party_id, struct desk_way *ret_way)
{
	struct desk_way way = {.channel = CHANNEL_MODEM};
	int64_t other_id = same_phone(desk, party_id);
	struct party party;
	enum err err = party_load(desk->store, party_id, &party);

	if (!err)
		err = desk_is_hushed(desk, party_id, &way.is_hushed);
	if (!err && other_id && !way.is_hushed)
		err = desk_is_hushed(desk, other_id, &way.is_hushed);
	if (err)
		return err;
	way.kind = party.kind;
	way.is_reachable = find_channel(desk, &party, &way.channel);
	way.has_marks = party.has_marks && !desk->sms_is_plain && desk_is_sms(way.channel);
	way.is_open = way.is_reachable && !way.is_hushed && !desk_is_echo(desk, party_id);
	*ret_way = way;
	return ERR_OK;
}

/* ---- silence begins --------------------------------------------------------------------------
 */

/* As for who asks from another phone: what no SMS carries would never reach him there, and what is
 * past the limit is in the report all the same. */
static enum err hold_instead(struct desk *desk, const struct outbox_row *row)
{
	struct errbuf eb = {0};
	struct sms_size size;
	bool is_unaccented;
	CLEAN_BUF text = {0};
	CLEAN_BUF fitted = {0};
	int64_t held = 0;
	enum err err = report_held_count(desk->store, row->report_id, &held);

	if (err || held >= DESK_HELD_MAX)
		return err;
	buf_init(&text, OUTBOX_BODY_MAX);
	buf_init(&fitted, OUTBOX_BODY_MAX);
	err = outbox_text(desk->store, row->id, &text);
	if (!err &&
		!desk_sms_fit(LANE_ANSWER, buf_text(&text), &fitted, &size, &is_unaccented, &eb))
		err = report_held_add(desk->store, row->report_id, buf_text(&fitted));
	buf_wipe(&text);
	buf_wipe(&fitted);
	return err;
}

/* What an officer said to him as somebody else stays: that it is held back would tell the officer
 * who the hidden one is. */
static enum err hush(struct desk *desk, int64_t party_id, bool is_other)
{
	struct outbox_row row;
	enum err err = ERR_OK;

	while (!err &&
		!(err = outbox_waiting_for(desk->store, party_id, LANE_ANSWER, !is_other, &row))) {
		if (row.kind == OUTBOX_KIND_ANSWER && row.report_id && !row.enclosure_id)
			err = hold_instead(desk, &row);
		if (!err)
			err = outbox_move(
				desk->store, row.id, &(struct outbox_move){.to = OUTBOX_CANCELLED});
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err desk_hush(struct desk *desk, int64_t party_id)
{
	int64_t other_id = same_phone(desk, party_id);
	enum err err = hush(desk, party_id, false);

	return err || !other_id ? err : hush(desk, other_id, true);
}

enum err desk_report_hush(struct desk *desk, const struct report *report)
{
	enum err err = report_set_quiet(desk->store, report->id);

	return err ? err : desk_hush(desk, report->party_id);
}
