/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports of a gateway that was given our id and the number of the attempt with the message, so
 * that nothing has to be guessed from recipient and time.
 */
#include "store/outbox_row.h"

#define DELIVERY_WAIT_MS (3 * DAY_MS) /* as long as the dispatcher waits for a report */

static enum err told_accepted(struct store *store, const struct outbox_row *row)
{
	/* Of what is under way the gateway's own answer will say more. */
	if (row->state != OUTBOX_IN_DOUBT && row->state != OUTBOX_QUEUED)
		return ERR_OK;
	return outbox_move(store, row->id,
		&(struct outbox_move){.to = OUTBOX_SENT,
			.deadline_ms = clock_wall_ms(store->clock) + DELIVERY_WAIT_MS});
}

static enum err told_failed(struct store *store, const struct outbox_row *row, bool is_current)
{
	/* QUEUED: that attempt is known to have failed, and the next one may do better. */
	if (!is_current || row->state == OUTBOX_QUEUED)
		return ERR_OK;
	return outbox_move(
		store, row->id, &(struct outbox_move){.to = OUTBOX_FAILED, .error = ERR_RECIPIENT});
}

enum err outbox_report(struct store *store, enum channel_kind channel, int64_t id, int attempt,
	enum outbox_told told)
{
	struct outbox_row row;
	enum err err = outbox_load(store, id, &row);

	if (err)
		return err;
	if (row.channel != channel)
		return ERR_NOT_FOUND;
	if (!row.attempts || attempt < 0 || attempt > row.attempts)
		return ERR_STATE;
	if (row.is_final && !(row.state == OUTBOX_SENT && told == OUTBOX_TOLD_DELIVERED))
		return ERR_OK;
	switch (told) {
	case OUTBOX_TOLD_ACCEPTED:
		return told_accepted(store, &row);
	case OUTBOX_TOLD_DELIVERED:
		return outbox_move(store, id, &(struct outbox_move){.to = OUTBOX_DELIVERED});
	case OUTBOX_TOLD_FAILED:
		return told_failed(store, &row, !attempt || attempt == row.attempts);
	}
	return ERR_BUG;
}
