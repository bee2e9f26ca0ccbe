/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One row's life: queued, claimed, moved by the table below, erased of its words when it is final.
 */
#include "store/outbox_row.h"

#include "store/enclosure.h"
#include "store/ledger.h"

#include <string.h>

#define BIT(name) (1u << OUTBOX_##name)

static const struct state_rule {
	const char *name;
	unsigned next;	   /* allowed moves */
	bool is_final;	   /* always */
	bool can_be_final; /* may be, as the mover says */
} rules[] = {
	[OUTBOX_QUEUED] = {ERR_WORD("QUEUED"),
		BIT(CLAIMED) | BIT(SENT) | BIT(DELIVERED) | BIT(EXPIRED) | BIT(CANCELLED) |
			BIT(FAILED),
		false, false},
	[OUTBOX_CLAIMED] = {ERR_WORD("CLAIMED"),
		BIT(SUBMITTED) | BIT(SENT) | BIT(DELIVERED) | BIT(QUEUED) | BIT(IN_DOUBT) |
			BIT(FAILED) | BIT(EXPIRED),
		false, false},
	[OUTBOX_SUBMITTED] = {ERR_WORD("SUBMITTED"),
		BIT(SENT) | BIT(DELIVERED) | BIT(QUEUED) | BIT(IN_DOUBT) | BIT(FAILED) |
			BIT(EXPIRED),
		false, false},
	[OUTBOX_SENT] = {ERR_WORD("SENT"), BIT(SENT) | BIT(DELIVERED) | BIT(FAILED), false, true},
	[OUTBOX_IN_DOUBT] = {ERR_WORD("IN_DOUBT"),
		BIT(SENT) | BIT(DELIVERED) | BIT(QUEUED) | BIT(FAILED) | BIT(EXPIRED) |
			BIT(CANCELLED),
		false, false},
	[OUTBOX_DELIVERED] = {ERR_WORD("DELIVERED"), 0, true, false},
	[OUTBOX_FAILED] = {ERR_WORD("FAILED"), 0, true, false},
	[OUTBOX_EXPIRED] = {ERR_WORD("EXPIRED"), 0, true, false},
	[OUTBOX_CANCELLED] = {ERR_WORD("CANCELLED"), 0, true, false},
};

static const char *const channel_texts[] = {
#define X(name, text) [CHANNEL_##name] = text,
	CHANNEL_KIND_TABLE(X)
#undef X
};

static const char *const kind_texts[] = {
#define X(name, text) [OUTBOX_KIND_##name] = text,
	OUTBOX_KIND_TABLE(X)
#undef X
};

const char *outbox_state_text(enum outbox_state state)
{
	return rules[state].name;
}

const char *channel_kind_text(enum channel_kind kind)
{
	return channel_texts[kind];
}

const char *outbox_kind_text(enum outbox_kind kind)
{
	return kind_texts[kind];
}

enum err err_from_name(const char *name)
{
#define X(id, cls, vi, en) \
	if (str_eq(name, #id)) \
		return ERR_##id;
	ERR_TABLE(X)
#undef X
	return ERR_BUG;
}

void outbox_read_row(sqlite3_stmt *stmt, struct outbox_row *row)
{
	const char *channel = (const char *)sqlite3_column_text(stmt, 1);
	const char *kind = (const char *)sqlite3_column_text(stmt, 3);
	const char *state = (const char *)sqlite3_column_text(stmt, 4);

	*row = (struct outbox_row){0};
	row->id = sqlite3_column_int64(stmt, 0);
	row->channel = (enum channel_kind)text_index(
		channel_texts, ARRAY_LEN(channel_texts), channel);
	row->lane = (enum lane)sqlite3_column_int(stmt, 2);
	row->kind = (enum outbox_kind)text_index(kind_texts, ARRAY_LEN(kind_texts), kind);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		row->state = str_eq(state, rules[i].name) ? (enum outbox_state)i : row->state;
	row->is_final = sqlite3_column_int(stmt, 5);
	row->party_id = sqlite3_column_int64(stmt, 6);
	row->report_id = sqlite3_column_int64(stmt, 7);
	row->standby_for = sqlite3_column_int64(stmt, 8);
	row->due_ms = sqlite3_column_int64(stmt, 9);
	row->deadline_ms = sqlite3_column_int64(stmt, 10);
	row->expires_ms = sqlite3_column_int64(stmt, 11);
	row->created_ms = sqlite3_column_int64(stmt, 12);
	row->claimed_ms = sqlite3_column_int64(stmt, 13);
	row->sent_ms = sqlite3_column_int64(stmt, 14);
	row->attempts = sqlite3_column_int(stmt, 15);
	row->error = err_from_name((const char *)sqlite3_column_text(stmt, 16));
	copy_column(stmt, 17, row->external_id, sizeof(row->external_id));
	copy_column(stmt, 18, row->via, sizeof(row->via));
	row->repeat_of = sqlite3_column_int64(stmt, 19);
	row->segments = sqlite3_column_int(stmt, 20);
	copy_column(stmt, 21, row->note, sizeof(row->note));
	row->enclosure_id = sqlite3_column_int64(stmt, 22);
	row->delivery_id = sqlite3_column_int64(stmt, 23);
	row->form = sqlite3_column_int(stmt, 24);
}

int64_t outbox_doubt_ms(enum outbox_kind kind)
{
	return kind == OUTBOX_KIND_ALARM ? 2 * MINUTE_MS : 2 * DAY_MS;
}

enum err outbox_add(struct store *store, const struct outbox_new *out, int64_t *ret_id)
{
	int64_t id = store_next_id(store, ID_OUTBOX);
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (!out->text[0])
		return ERR_INVALID;
	if (strlen(out->text) > OUTBOX_BODY_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, OUTBOX_BODY_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "outbox.body", id, out->text, strlen(out->text), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, channel_kind_text(out->channel));
	sqlite3_bind_int(stmt, 3, (int)out->lane);
	bind_text(stmt, 4, outbox_kind_text(out->kind));
	sqlite3_bind_int64(stmt, 5, out->party_id);
	bind_id(stmt, 6, out->report_id);
	bind_id(stmt, 7, out->repeat_of ? out->repeat_of : out->standby_for);
	sqlite3_bind_int64(stmt, 8, out->due_ms);
	sqlite3_bind_int64(stmt, 9, out->expires_ms);
	sqlite3_bind_int64(stmt, 10, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 11, sealed.data, (int)sealed.len, SQLITE_STATIC);
	bind_id(stmt, 12, out->repeat_of);
	bind_id(stmt, 13, out->enclosure_id);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

enum err outbox_ready(struct store *store, enum channel_kind channel, enum lane lane,
	struct outbox_row *rows, int limit, int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_READY);
	int count = 0;
	enum err err = ERR_OK;

	bind_text(stmt, 1, channel_kind_text(channel));
	sqlite3_bind_int(stmt, 2, (int)lane);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	sqlite3_bind_int(stmt, 4, limit);
	while (count < limit && !(err = stmt_row(store, stmt)))
		outbox_read_row(stmt, &rows[count++]);
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err outbox_claim_row(struct store *store, struct outbox_row *row, int64_t claim_ms)
{
	int64_t now_ms = clock_wall_ms(store->clock);
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_CLAIM);
	enum err err;

	sqlite3_bind_int64(stmt, 1, row->id);
	sqlite3_bind_int64(stmt, 2, now_ms);
	sqlite3_bind_int64(stmt, 3, now_ms + claim_ms);
	sqlite3_bind_int(stmt, 4, row->segments);
	err = stmt_write(store, stmt);
	if (err)
		return err;
	row->state = OUTBOX_CLAIMED;
	row->attempts++;
	row->claimed_ms = now_ms;
	row->deadline_ms = now_ms + claim_ms;
	log_info("outbox", "id=%lld from=QUEUED to=CLAIMED channel=%s attempt=%d",
		(long long)row->id, channel_kind_text(row->channel), row->attempts);
	return ERR_OK;
}

enum err outbox_claim(struct store *store, enum channel_kind channel, enum lane lane,
	int64_t claim_ms, struct outbox_row *rows, int limit, int *ret_count)
{
	int count = 0;
	enum err err = outbox_ready(store, channel, lane, rows, limit, &count);

	for (int i = 0; !err && i < count; i++)
		err = outbox_claim_row(store, &rows[i], claim_ms);
	if (!err)
		*ret_count = count;
	return err;
}

enum err outbox_hold(struct store *store, int64_t id, int64_t due_ms, enum err why)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_HOLD);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, due_ms);
	bind_text(stmt, 3, err_name(why));
	return stmt_write(store, stmt);
}

enum err outbox_unhold(struct store *store, enum err why)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_UNHOLD);

	sqlite3_bind_int64(stmt, 1, clock_wall_ms(store->clock));
	bind_text(stmt, 2, err_name(why));
	return stmt_write(store, stmt);
}

enum err outbox_due_again(struct store *store, enum channel_kind channel)
{
	int64_t now_ms = clock_wall_ms(store->clock);
	enum err err = ERR_OK;

	for (int lane = 0; !err && lane < LANE_COUNT; lane++) {
		CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_DUE_AGAIN);

		bind_text(stmt, 1, channel_kind_text(channel));
		sqlite3_bind_int64(stmt, 2, now_ms);
		sqlite3_bind_int(stmt, 3, lane);
		err = stmt_write(store, stmt);
	}
	return err;
}

enum err outbox_load(struct store *store, int64_t id, struct outbox_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		outbox_read_row(stmt, ret_row);
	return err;
}

enum err outbox_text(struct store *store, int64_t id, struct buf *out)
{
	struct outbox_row row;
	int segments;
	enum err err = outbox_load(store, id, &row);

	if (err)
		return err;
	if (row.delivery_id && row.is_final)
		return ERR_NOT_FOUND;
	err = stmt_open_sealed(store, STMT_OUTBOX_BODY, "outbox.body", id, out);
	if (err != ERR_NOT_FOUND || !row.delivery_id)
		return err;
	return delivery_text(store, row.delivery_id, (enum delivery_form)row.form, out, &segments);
}

static enum err write_move(struct store *store, const struct outbox_row *row,
	const struct outbox_move *move, bool is_final)
{
	int64_t now_ms = clock_wall_ms(store->clock);
	bool is_sent = move->to == OUTBOX_SENT || move->to == OUTBOX_DELIVERED;
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_MOVE);

	sqlite3_bind_int64(stmt, 1, row->id);
	bind_text(stmt, 2, outbox_state_text(move->to));
	sqlite3_bind_int(stmt, 3, is_final);
	sqlite3_bind_int64(stmt, 4, move->to == OUTBOX_QUEUED ? move->due_ms : row->due_ms);
	if (is_final)
		sqlite3_bind_null(stmt, 5);
	else
		sqlite3_bind_int64(stmt, 5, move->deadline_ms);
	bind_text(stmt, 6, err_name(move->error));
	bind_text(stmt, 7, move->external_id ? move->external_id : row->external_id);
	bind_text(stmt, 8, move->via ? move->via : row->via);
	sqlite3_bind_int64(stmt, 9, is_sent && !row->sent_ms ? now_ms : row->sent_ms);
	sqlite3_bind_int64(stmt, 10, is_final ? now_ms : 0);
	bind_text(stmt, 11, move->note ? move->note : "");
	return stmt_write(store, stmt);
}

static enum err first_standby(struct store *store, int64_t main_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_STANDBY);

	sqlite3_bind_int64(stmt, 1, main_id);
	return stmt_int64(store, stmt, ret_id);
}

/* The recipient was reached by the main row: nobody is told twice without need. */
static enum err cancel_standby(struct store *store, int64_t main_id)
{
	int64_t id = 0;
	enum err err;

	while (!(err = first_standby(store, main_id, &id))) {
		err = outbox_move(store, id, &(struct outbox_move){.to = OUTBOX_CANCELLED});
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* It was not: whoever stands by goes now. */
static enum err hurry_standby(struct store *store, int64_t main_id)
{
	int64_t id;
	enum err err = first_standby(store, main_id, &id);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_STANDBY_DUE);

	sqlite3_bind_int64(stmt, 1, main_id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

static void log_move(
	const struct outbox_row *row, const struct outbox_move *move, bool is_final, int64_t now_ms)
{
	int64_t took_ms = row->claimed_ms ? now_ms - row->claimed_ms : 0;
	char via[LOG_TAIL_BYTES];

	log_info("outbox", "id=%lld from=%s to=%s final=%d channel=%s via=%s err=%s ms=%lld",
		(long long)row->id, outbox_state_text(row->state), outbox_state_text(move->to),
		is_final, channel_kind_text(row->channel),
		log_tail(move->via ? move->via : row->via, via), err_name(move->error),
		(long long)took_ms);
}

/* Where nobody counts on a report, one may come all the same. */
static bool is_over(const struct outbox_row *row, enum outbox_state to)
{
	return row->is_final && !(row->state == OUTBOX_SENT && to == OUTBOX_DELIVERED);
}

enum err outbox_move(struct store *store, int64_t id, const struct outbox_move *move)
{
	const struct state_rule *to = &rules[move->to];
	bool is_final = to->is_final || (to->can_be_final && move->is_final);
	struct outbox_row row;
	enum err err = outbox_load(store, id, &row);

	if (err)
		return err;
	if (is_over(&row, move->to) || !(rules[row.state].next & (1u << move->to)))
		return ERR_STATE;
	CHECK(is_final || move->deadline_ms > 0);
	err = write_move(store, &row, move, is_final);
	if (err)
		return err;
	log_move(&row, move, is_final, clock_wall_ms(store->clock));
	if (row.delivery_id)
		err = ledger_moved(store, &row, move, is_final);
	if (err)
		return err;
	if (is_final && row.enclosure_id) {
		err = enclosure_erase(store, row.enclosure_id);
		if (err)
			return err;
	}
	if (move->to == OUTBOX_SENT || move->to == OUTBOX_DELIVERED)
		return cancel_standby(store, id);
	if (move->to == OUTBOX_FAILED || move->to == OUTBOX_EXPIRED)
		return hurry_standby(store, id);
	return ERR_OK;
}
