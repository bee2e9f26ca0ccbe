/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments and their delivery reports. TP-MR is 8 bits and wraps (3GPP TS 23.040 §9.2.3.6), so a
 * report is matched by SIM, reference, recipient and time, newest first, and its absence means
 * nothing.
 */
#include "store/outbox_row.h"

#define REPORT_MATCH_MS (7 * DAY_MS) /* the longest a service centre keeps trying */

enum err outbox_part_sent(struct store *store, int64_t outbox_id, int part, int total,
	const char *sim, int tp_mr, int64_t sent_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PART_SENT);

	if (part < 1 || total < part || total > 255 || tp_mr < 0 || tp_mr > 255)
		return ERR_INVALID;
	sqlite3_bind_int64(stmt, 1, outbox_id);
	sqlite3_bind_int(stmt, 2, part);
	sqlite3_bind_int(stmt, 3, total);
	bind_text(stmt, 4, sim);
	sqlite3_bind_int(stmt, 5, tp_mr);
	sqlite3_bind_int64(stmt, 6, sent_ms);
	return stmt_write_one(store, stmt);
}

static enum err find_part(struct store *store, const char *sim, int tp_mr, int64_t party_id,
	int64_t *ret_outbox_id, int *ret_part, bool *ret_is_open)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PART_FIND);
	enum err err;

	bind_text(stmt, 1, sim);
	sqlite3_bind_int(stmt, 2, tp_mr);
	sqlite3_bind_int64(stmt, 3, party_id);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock) - REPORT_MATCH_MS);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_outbox_id = sqlite3_column_int64(stmt, 0);
	*ret_part = sqlite3_column_int(stmt, 1);
	*ret_is_open = sqlite3_column_int(stmt, 2);
	return ERR_OK;
}

static enum err settle_part(
	struct store *store, int64_t outbox_id, int part, bool is_delivered, int64_t done_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PART_SETTLE);

	sqlite3_bind_int64(stmt, 1, outbox_id);
	sqlite3_bind_int(stmt, 2, part);
	bind_text(stmt, 3, is_delivered ? "DELIVERED" : "FAILED");
	sqlite3_bind_int64(stmt, 4, done_ms);
	return stmt_write(store, stmt);
}

struct tally {
	int total, delivered, failed, known, last_part;
};

static enum err tally(struct store *store, const struct outbox_row *row, struct tally *ret_tally)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PART_TALLY);
	enum err err;

	sqlite3_bind_int64(stmt, 1, row->id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_tally = (struct tally){sqlite3_column_int(stmt, 0), sqlite3_column_int(stmt, 1),
		sqlite3_column_int(stmt, 2), sqlite3_column_int(stmt, 3),
		sqlite3_column_int(stmt, 4)};
	if (row->segments)
		ret_tally->total = row->segments;
	else if (!ret_tally->total)
		ret_tally->total = 1;
	return ERR_OK;
}

/* What is known of the row from its parts: one that failed fails it (also one whose report came
 * while the others were still to be sent), all delivered deliver it. */
static enum err settle_row(struct store *store, int64_t outbox_id)
{
	struct outbox_row row;
	struct tally t;
	enum err err = outbox_load(store, outbox_id, &row);

	if (!err)
		err = tally(store, &row, &t);
	if (err || row.is_final)
		return err;
	if (!t.failed && t.delivered < t.total)
		return ERR_OK;
	/* Between two segments of a long message the rest is still to be sent. */
	if (row.state != OUTBOX_SENT && row.state != OUTBOX_IN_DOUBT)
		return ERR_OK;
	return outbox_move(store, outbox_id,
		&(struct outbox_move){.to = t.failed ? OUTBOX_FAILED : OUTBOX_DELIVERED,
			.error = t.failed ? ERR_RECIPIENT : ERR_OK});
}

static enum err is_flying(struct store *store, int64_t party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PART_FLYING);

	sqlite3_bind_int64(stmt, 1, party_id);
	return stmt_row(store, stmt);
}

/*
 * A message whose answer got lost has no reference on record. A report to its recipient by the same
 * SIM is about it only if nothing else to him is in doubt or under way: otherwise it might be about
 * that, and the doubt stays.
 */
static enum err find_in_doubt(
	struct store *store, const char *sim, int64_t party_id, int64_t *ret_outbox_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PART_DOUBT);
	int64_t id;
	enum err err = is_flying(store, party_id);

	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_NOT_FOUND;
	sqlite3_bind_int64(stmt, 1, party_id);
	bind_text(stmt, 2, sim);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	id = sqlite3_column_int64(stmt, 0);
	err = stmt_row(store, stmt);
	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_NOT_FOUND;
	*ret_outbox_id = id;
	return ERR_OK;
}

/* A report about a segment of it whose reference is not on record: segments go one after another,
 * so it is the next one. ERR_NOT_FOUND: it has no further one. */
static enum err take_unknown_part(
	struct store *store, int64_t outbox_id, const char *sim, int tp_mr, int *ret_part)
{
	struct outbox_row row;
	struct tally t;
	enum err err = outbox_load(store, outbox_id, &row);

	if (!err)
		err = tally(store, &row, &t);
	if (!err && t.last_part >= t.total)
		err = ERR_NOT_FOUND;
	if (!err)
		err = outbox_part_sent(store, outbox_id, t.last_part + 1, t.total, sim, tp_mr,
			clock_wall_ms(store->clock));
	if (!err)
		*ret_part = t.last_part + 1;
	return err;
}

enum err outbox_part_report(struct store *store, const char *sim, int tp_mr, int64_t party_id,
	bool is_delivered, int64_t done_ms, int64_t *ret_outbox_id)
{
	bool is_open = true;
	int64_t id = 0;
	int part = 0;
	enum err err = find_part(store, sim, tp_mr, party_id, &id, &part, &is_open);

	if (err == ERR_NOT_FOUND) {
		err = find_in_doubt(store, sim, party_id, &id);
		if (!err)
			err = take_unknown_part(store, id, sim, tp_mr, &part);
	}
	/* A report that comes a second time (read again after a crash) is about what it already
	 * settled. */
	if (!err && is_open)
		err = settle_part(store, id, part, is_delivered, done_ms);
	if (!err && is_open)
		err = settle_row(store, id);
	if (!err)
		*ret_outbox_id = id;
	return err;
}

static enum err is_known(struct store *store, int64_t outbox_id, int part)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PART_IS_KNOWN);

	sqlite3_bind_int64(stmt, 1, outbox_id);
	sqlite3_bind_int(stmt, 2, part);
	return stmt_row(store, stmt);
}

enum err outbox_part_late(
	struct store *store, int64_t outbox_id, int part, const char *sim, int tp_mr)
{
	struct outbox_row row;
	struct tally t;
	enum err err = outbox_load(store, outbox_id, &row);

	if (!err)
		err = tally(store, &row, &t);
	if (err || row.state != OUTBOX_IN_DOUBT)
		return err;
	/* Its report was faster, and says more. */
	err = is_known(store, outbox_id, part);
	if (err == ERR_NOT_FOUND)
		err = outbox_part_sent(store, outbox_id, part, part > t.total ? part : t.total, sim,
			tp_mr, clock_wall_ms(store->clock));
	if (!err)
		err = tally(store, &row, &t);
	if (err || t.known < t.total)
		return err;
	return outbox_move(store, outbox_id,
		&(struct outbox_move){.to = OUTBOX_SENT, .deadline_ms = row.deadline_ms});
}
