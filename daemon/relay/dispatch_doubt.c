/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of which nobody knows whether they went out. First a late answer of the modem or a
 * delivery report may settle one; at its deadline its class does: an alarm is said once again, as a
 * row of its own that says so, since an officer who is told twice is no harm and one who is not
 * told is; everything else is left, since a resident who gets a receipt twice doubts both. A person
 * may settle any of them by what he found out.
 */
#include "daemon/relay/dispatch_private.h"

#include "daemon/base/str.h"
#include "store/event.h"

#define REPEAT_MARK	   "(nhac lai) "
#define REPEAT_EXPIRES_MS  DAY_MS
#define REPORT_MAY_COME_MS (2 * DAY_MS)

static enum err add_again(
	struct store *store, const struct outbox_row *row, const char *mark, int64_t *ret_id)
{
	int64_t now_ms = clock_wall_ms(store_clock(store));
	int64_t least_ms = now_ms + REPEAT_EXPIRES_MS;
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	err = buf_adds(&text, mark);
	if (!err)
		err = outbox_text(store, row->id, &text);
	if (!err)
		err = outbox_add(store,
			&(struct outbox_new){.channel = row->channel,
				.lane = row->lane,
				.kind = row->kind,
				.party_id = row->party_id,
				.report_id = row->report_id,
				.repeat_of = row->id,
				.due_ms = now_ms,
				.expires_ms = row->expires_ms > least_ms ? row->expires_ms
									 : least_ms,
				.text = buf_text(&text)},
			ret_id);
	buf_wipe(&text);
	return err;
}

static bool is_said_again(const struct outbox_row *row)
{
	return row->kind == OUTBOX_KIND_ALARM && !row->repeat_of;
}

enum err dispatch_settle_doubt(struct dispatch *d, const struct outbox_row *row)
{
	int64_t repeat_id;
	enum err err = ERR_OK;

	if (is_said_again(row))
		err = outbox_repeated(d->store, row->id, &repeat_id);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (is_said_again(row) && err == ERR_NOT_FOUND) {
		err = add_again(d->store, row, REPEAT_MARK, &repeat_id);
		/* A report may still tell that the first one arrived. */
		if (!err)
			err = outbox_stay_in_doubt(
				d->store, row->id, dispatch_now(d) + REPORT_MAY_COME_MS);
		return err ? err : dispatch_note(d, "outbox.repeated", row, ERR_IN_DOUBT);
	}
	err = outbox_move(d->store, row->id,
		&(struct outbox_move){.to = OUTBOX_FAILED, .error = ERR_IN_DOUBT});
	return err ? err : dispatch_note(d, "outbox.given_up", row, ERR_IN_DOUBT);
}

static enum err note_by_hand(
	struct store *store, const struct outbox_row *row, const char *how, const char *actor)
{
	char subject[32], data[48];

	snprintf(subject, sizeof(subject), "outbox/%lld", (long long)row->id);
	snprintf(data, sizeof(data), "{\"as\":\"%s\"}", how);
	return event_add(store, "outbox.settled", subject, actor, data);
}

enum err dispatch_settle_by_hand(struct store *store, int64_t outbox_id, const char *how,
	const char *actor, struct errbuf *eb)
{
	struct outbox_move move = {.to = OUTBOX_FAILED, .error = ERR_IN_DOUBT};
	struct outbox_row row;
	int64_t repeat_id;
	enum err err = outbox_load(store, outbox_id, &row);

	if (err)
		return err == ERR_NOT_FOUND ? errbuf_set(eb, err, "there is no message %lld",
						      (long long)outbox_id)
					    : err;
	if (row.state != OUTBOX_IN_DOUBT)
		return errbuf_set(eb, ERR_STATE, "message %lld is not in doubt, it is %s",
			(long long)outbox_id, outbox_state_text(row.state));
	if (str_eq(how, "sent"))
		move = (struct outbox_move){.to = OUTBOX_SENT, .is_final = true};
	else if (!str_eq(how, "failed") && !str_eq(how, "again"))
		return errbuf_set(eb, ERR_INVALID, "it is settled as sent, failed or again");
	/* Before the move: its words are erased with it. */
	if (str_eq(how, "again"))
		err = add_again(store, &row, "", &repeat_id);
	if (!err)
		err = outbox_move(store, row.id, &move);
	return err ? err : note_by_hand(store, &row, how, actor);
}
