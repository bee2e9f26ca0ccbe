/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a message that was claimed: as its channel says, or at its deadline. */
#include "daemon/relay/dispatch_private.h"

#include "store/event.h"

#define DISPATCH_OVERDUE 256 /* rows settled in one tick */
#define ATTEMPTS_MAX	 30  /* with the back-off below: about 12 hours of trying */
#define BACKOFF_FIRST_MS (5 * SECOND_MS)
#define BACKOFF_MAX_MS	 (30 * MINUTE_MS)
/* The alarms behind it wait for it: it is tried until it expires. */
#define BACKOFF_ALARM_MS MINUTE_MS
#define REPORT_WAIT_MS	 (3 * DAY_MS) /* longer than the validity that is asked for */

/* Doubling from BACKOFF_FIRST_MS, with a quarter of jitter so that a returning network is not met
 * by all at once. */
static int64_t backoff_ms(struct dispatch *d, const struct outbox_row *row)
{
	int64_t max_ms = row->lane == LANE_ALARM ? BACKOFF_ALARM_MS : BACKOFF_MAX_MS;
	int64_t ms = BACKOFF_FIRST_MS;

	for (int i = 1; i < row->attempts && ms < max_ms; i++)
		ms *= 2;
	if (ms > max_ms)
		ms = max_ms;
	return ms + rng_below(&d->rng, ms / 4);
}

enum err dispatch_note(
	struct dispatch *d, const char *kind, const struct outbox_row *row, enum err why)
{
	char subject[32], data[96];

	snprintf(subject, sizeof(subject), "outbox/%lld", (long long)row->id);
	snprintf(data, sizeof(data), "{\"channel\":\"%s\",\"attempts\":%d,\"error\":\"%s\"}",
		channel_kind_text(row->channel), row->attempts, err_name(why));
	return event_add(d->store, kind, subject, "system", data);
}

enum err dispatch_give_up(struct dispatch *d, const struct outbox_row *row, enum outbox_state to,
	enum err why, const char *note)
{
	enum err err = outbox_move(d->store, row->id,
		&(struct outbox_move){.to = to, .error = why, .note = note ? note : err_vi(why)});

	return err ? err : dispatch_note(d, "outbox.given_up", row, why);
}

static enum err put_in_doubt(struct dispatch *d, const struct outbox_row *row, enum err why,
	const char *via, const char *note)
{
	enum err err = outbox_move(d->store, row->id,
		&(struct outbox_move){.to = OUTBOX_IN_DOUBT,
			.error = why,
			.note = note ? note : err_vi(why),
			.deadline_ms = dispatch_now(d) + outbox_doubt_ms(row->kind),
			.via = via});

	return err ? err : dispatch_note(d, "outbox.in_doubt", row, why);
}

static enum err put_back(
	struct dispatch *d, const struct outbox_row *row, const struct send_outcome *outcome)
{
	int64_t wait_ms = outcome->retry_after_ms;

	if (row->attempts >= ATTEMPTS_MAX && row->lane != LANE_ALARM)
		return dispatch_give_up(d, row, OUTBOX_FAILED, outcome->err, outcome->note);
	if (!wait_ms)
		wait_ms = backoff_ms(d, row);
	return outbox_move(d->store, row->id,
		&(struct outbox_move){.to = OUTBOX_QUEUED,
			.error = outcome->err,
			.note = outcome->note ? outcome->note : err_vi(outcome->err),
			.due_ms = dispatch_now(d) + wait_ms,
			.deadline_ms = row->expires_ms});
}

static enum err mark_sent(
	struct dispatch *d, const struct outbox_row *row, const struct send_outcome *outcome)
{
	return outbox_move(d->store, row->id,
		&(struct outbox_move){.to = OUTBOX_SENT,
			.is_final = !outcome->report_expected,
			.deadline_ms = outcome->report_expected ? dispatch_now(d) + REPORT_WAIT_MS
								: 0,
			.external_id = outcome->external_id,
			.via = outcome->via});
}

/*
 * The row as it is now decides, since a report or a deadline may have settled it meanwhile: a late
 * "sent" still ends a doubt, anything else about a row that is no longer ours changes nothing.
 */
enum err dispatch_settle(struct dispatch *d, int64_t outbox_id, const struct send_outcome *outcome)
{
	struct outbox_row row;
	enum err err = outbox_load(d->store, outbox_id, &row);
	bool is_ours;

	if (err)
		return err;
	is_ours = row.state == OUTBOX_CLAIMED || row.state == OUTBOX_SUBMITTED;
	if (!is_ours && !(row.state == OUTBOX_IN_DOUBT && outcome->result == SEND_SENT))
		return ERR_OK;
	switch (outcome->result) {
	case SEND_SENT:
		return mark_sent(d, &row, outcome);
	case SEND_RETRY:
		return put_back(d, &row, outcome);
	case SEND_REFUSED:
		return dispatch_give_up(d, &row, OUTBOX_FAILED, outcome->err, outcome->note);
	case SEND_IN_DOUBT:
		return put_in_doubt(d, &row, outcome->err, outcome->via, outcome->note);
	}
	return ERR_BUG;
}

static struct outgoing *find_outgoing(struct dispatch *d, int64_t outbox_id)
{
	for (struct outgoing *out = d->outgoing; out; out = out->next) {
		if (out->req.outbox_id == outbox_id)
			return out;
	}
	return NULL;
}

static enum err settle_overdue_row(struct dispatch *d, const struct outbox_row *row)
{
	struct outgoing *out;
	enum err err;

	switch (row->state) {
	case OUTBOX_QUEUED:
		return dispatch_give_up(d, row, OUTBOX_EXPIRED, ERR_EXPIRED, NULL);
	case OUTBOX_CLAIMED:
	case OUTBOX_SUBMITTED:
		out = find_outgoing(d, row->id);
		err = put_in_doubt(d, row, ERR_TIMEOUT, NULL, NULL);
		if (!err && out && out->is_handed)
			out->channel->ops->cancel(out->channel, &out->req);
		return err;
	case OUTBOX_SENT:
		/* No report is no failure: some networks never send one. */
		return outbox_move(d->store, row->id,
			&(struct outbox_move){.to = OUTBOX_SENT, .is_final = true});
	case OUTBOX_IN_DOUBT:
		return dispatch_settle_doubt(d, row);
	default:
		return ERR_BUG;
	}
}

enum err dispatch_settle_overdue(struct dispatch *d)
{
	int64_t now_ms = dispatch_now(d);
	struct outbox_row row;

	for (int i = 0; i < DISPATCH_OVERDUE; i++) {
		enum err err = outbox_overdue(d->store, now_ms, &row);

		if (err)
			return err == ERR_NOT_FOUND ? ERR_OK : err;
		err = settle_overdue_row(d, &row);
		if (err)
			return err;
	}
	dispatch_wake(d);
	return ERR_OK;
}
