/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/delivery.h"

#include "store/internal.h"

#include <string.h>

#define BIT(name) (1u << DELIVERY_##name)

/* What may become of it. */
static const struct {
	const char *name;
	unsigned next;
} states[] = {
	[DELIVERY_PLANNING] = {ERR_WORD("PLANNING"),
		BIT(RUNNING) | BIT(STOPPED) | BIT(RECALLED) | BIT(EXPIRED)},
	[DELIVERY_RUNNING] = {ERR_WORD("RUNNING"),
		BIT(DONE) | BIT(STOPPED) | BIT(RECALLED) | BIT(EXPIRED)},
	[DELIVERY_STOPPED] = {ERR_WORD("STOPPED"),
		BIT(PLANNING) | BIT(RUNNING) | BIT(RECALLED) | BIT(EXPIRED)},
	[DELIVERY_RECALLED] = {ERR_WORD("RECALLED"), 0},
	[DELIVERY_EXPIRED] = {ERR_WORD("EXPIRED"), BIT(RECALLED)},
	[DELIVERY_DONE] = {ERR_WORD("DONE"), BIT(RECALLED)},
};

static const char *const urgency_texts[] = {
#define X(name, text) [DELIVERY_##name] = text,
	DELIVERY_URGENCY_TABLE(X)
#undef X
};

const char *delivery_state_text(enum delivery_state state)
{
	return states[state].name;
}

const char *delivery_urgency_text(enum delivery_urgency urgency)
{
	return urgency_texts[urgency];
}

static void read_delivery(sqlite3_stmt *stmt, struct delivery *d)
{
	const char *state = (const char *)sqlite3_column_text(stmt, 2);

	*d = (struct delivery){.id = sqlite3_column_int64(stmt, 0),
		.urgency = (enum delivery_urgency)text_index(urgency_texts,
			ARRAY_LEN(urgency_texts), (const char *)sqlite3_column_text(stmt, 1)),
		.lane = (enum lane)sqlite3_column_int(stmt, 3),
		.steps = sqlite3_column_int(stmt, 4),
		.corrects = sqlite3_column_int64(stmt, 5),
		.enclosure_id = sqlite3_column_int64(stmt, 6),
		.began_ms = sqlite3_column_int64(stmt, 7),
		.expires_ms = sqlite3_column_int64(stmt, 8),
		.climbed_ms = sqlite3_column_int64(stmt, 9),
		.ended_ms = sqlite3_column_int64(stmt, 10),
		.is_planned = sqlite3_column_type(stmt, 11) == SQLITE_NULL,
		.planned_to = sqlite3_column_int64(stmt, 11),
		.swept_to = sqlite3_column_int64(stmt, 12)};
	for (int i = 0; i < DELIVERY_STATE_COUNT; i++) {
		if (str_eq(state, states[i].name))
			d->state = (enum delivery_state)i;
	}
}

static enum err read_one(struct store *store, sqlite3_stmt *stmt, struct delivery *ret_delivery)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		read_delivery(stmt, ret_delivery);
	return err;
}

enum err delivery_load(struct store *store, int64_t id, struct delivery *ret_delivery)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_LOAD);

	sqlite3_bind_int64(stmt, 1, id);
	return read_one(store, stmt, ret_delivery);
}

enum err delivery_next(
	struct store *store, enum lane lane, int64_t after_id, struct delivery *ret_delivery)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_OPEN);

	sqlite3_bind_int(stmt, 1, (int)lane);
	sqlite3_bind_int64(stmt, 2, after_id);
	return read_one(store, stmt, ret_delivery);
}

enum err delivery_add(struct store *store, const struct delivery *d)
{
	struct delivery known;
	enum err err = delivery_load(store, d->id, &known);

	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_EXISTS;
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_ADD);

	sqlite3_bind_int64(stmt, 1, d->id);
	bind_text(stmt, 2, delivery_urgency_text(d->urgency));
	sqlite3_bind_int(stmt, 3, (int)d->lane);
	sqlite3_bind_int(stmt, 4, d->steps);
	bind_id(stmt, 5, d->corrects);
	bind_id(stmt, 6, d->enclosure_id);
	sqlite3_bind_int64(stmt, 7, d->began_ms);
	sqlite3_bind_int64(stmt, 8, d->expires_ms);
	return stmt_write(store, stmt);
}

/* One row of several: the number of the form is part of what the seal is bound to. */
static void text_purpose(enum delivery_form form, char purpose[32])
{
	snprintf(purpose, 32, "delivery_text.body%d", (int)form);
}

enum err delivery_add_text(
	struct store *store, int64_t id, enum delivery_form form, const char *text, int segments)
{
	CLEAN_BUF sealed = {0};
	char purpose[32];
	enum err err;

	if (!text[0])
		return ERR_INVALID;
	if (strlen(text) > OUTBOX_BODY_MAX)
		return ERR_TOO_BIG;
	text_purpose(form, purpose);
	buf_init(&sealed, OUTBOX_BODY_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, purpose, id, text, strlen(text), &sealed);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_TEXT_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, (int)form);
	sqlite3_bind_int(stmt, 3, segments);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err delivery_text(struct store *store, int64_t id, enum delivery_form form, struct buf *out,
	int *ret_segments)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_TEXT);
	char purpose[32];
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, (int)form);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	text_purpose(form, purpose);
	*ret_segments = sqlite3_column_int(stmt, 0);
	return vault_unseal(store->vault, purpose, id, sqlite3_column_blob(stmt, 1),
		(size_t)sqlite3_column_bytes(stmt, 1), out);
}

static enum err set_number(struct store *store, enum stmt_id which, int64_t id, int64_t value)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, id);
	bind_id(stmt, 2, value);
	return stmt_write(store, stmt);
}

enum err delivery_move(struct store *store, struct delivery *d, enum delivery_state to)
{
	enum err err;

	if (!(states[d->state].next & (1u << to)))
		return ERR_STATE;
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_STATE);

	sqlite3_bind_int64(stmt, 1, d->id);
	bind_text(stmt, 2, delivery_state_text(to));
	err = stmt_write(store, stmt);
	if (err)
		return err;
	log_info("delivery", "id=%lld from=%s to=%s", (long long)d->id,
		delivery_state_text(d->state), delivery_state_text(to));
	d->state = to;
	return ERR_OK;
}

enum err delivery_planned(struct store *store, struct delivery *d, int64_t resident_id)
{
	enum err err = set_number(store, STMT_DELIVERY_PLANNED, d->id, resident_id);

	if (err)
		return err;
	d->planned_to = resident_id;
	d->is_planned = !resident_id;
	return d->is_planned ? delivery_move(store, d, DELIVERY_RUNNING) : ERR_OK;
}

enum err delivery_climbed(struct store *store, struct delivery *d)
{
	int64_t now_ms = clock_wall_ms(store->clock);
	enum err err = set_number(store, STMT_DELIVERY_CLIMBED, d->id, now_ms);

	if (!err)
		d->climbed_ms = now_ms;
	return err;
}

enum err delivery_end(struct store *store, struct delivery *d)
{
	enum delivery_state to = d->state == DELIVERY_RUNNING ? DELIVERY_DONE : d->state;
	int64_t now_ms = clock_wall_ms(store->clock);
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_END);
	enum err err;

	sqlite3_bind_int64(stmt, 1, d->id);
	bind_text(stmt, 2, delivery_state_text(to));
	sqlite3_bind_int64(stmt, 3, now_ms);
	err = stmt_write(store, stmt);
	if (err)
		return err;
	log_info("delivery", "id=%lld from=%s to=%s ended=1 ms=%lld", (long long)d->id,
		delivery_state_text(d->state), delivery_state_text(to),
		(long long)(now_ms - d->began_ms));
	d->state = to;
	d->ended_ms = now_ms;
	return ERR_OK;
}

enum err delivery_queue(struct store *store, const struct delivery *d, enum channel_kind channel,
	enum delivery_form form, int64_t party_id, int64_t *ret_outbox_id)
{
	bool is_text = form == FORM_SMS || form == FORM_HEAD_SMS;
	int64_t id = store_next_id(store, ID_OUTBOX);
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_OUTBOX_ADD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, channel_kind_text(channel));
	sqlite3_bind_int(stmt, 3, (int)d->lane);
	sqlite3_bind_int64(stmt, 4, party_id);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	sqlite3_bind_int64(stmt, 6, d->expires_ms);
	bind_id(stmt, 7, is_text ? 0 : d->enclosure_id);
	sqlite3_bind_int64(stmt, 8, d->id);
	sqlite3_bind_int(stmt, 9, (int)form);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_outbox_id = id;
	return err;
}

enum err delivery_queue_digest(struct store *store, const struct delivery *d,
	enum channel_kind channel, int64_t party_id, int64_t expires_ms, const char *text,
	int64_t *ret_outbox_id)
{
	int64_t id = store_next_id(store, ID_OUTBOX);
	CLEAN_STMT *stmt = stmt_get(store, STMT_DIGEST_OUTBOX_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, OUTBOX_BODY_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "outbox.body", id, text, strlen(text), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, channel_kind_text(channel));
	sqlite3_bind_int(stmt, 3, (int)d->lane);
	sqlite3_bind_int64(stmt, 4, party_id);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	sqlite3_bind_int64(stmt, 6, expires_ms);
	sqlite3_bind_int64(stmt, 7, d->id);
	sqlite3_bind_int(stmt, 8, FORM_SMS);
	sqlite3_bind_blob(stmt, 9, sealed.data, (int)sealed.len, SQLITE_STATIC);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_outbox_id = id;
	return err;
}

enum err delivery_digest_of(struct store *store, int64_t id, int64_t *ret_outbox_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DIGEST_OF);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_outbox_id);
}

enum err delivery_queued(
	struct store *store, int64_t id, enum channel_kind channel, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_QUEUED);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, channel_kind_text(channel));
	return stmt_int64(store, stmt, ret_count);
}

enum err delivery_queued_next(struct store *store, int64_t id, enum channel_kind channel,
	int64_t after_id, int64_t *ret_outbox_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DELIVERY_QUEUED_NEXT);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, channel_kind_text(channel));
	sqlite3_bind_int64(stmt, 3, after_id);
	return stmt_int64(store, stmt, ret_outbox_id);
}

enum err spending_load(struct store *store, int64_t month, int64_t *ret_spent)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SPENT);
	int64_t spent = 0;
	enum err err;

	sqlite3_bind_int64(stmt, 1, month);
	err = stmt_int64(store, stmt, &spent);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_spent = spent;
	return ERR_OK;
}

enum err spending_add(struct store *store, int64_t month, int64_t amount)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SPEND);

	sqlite3_bind_int64(stmt, 1, month);
	sqlite3_bind_int64(stmt, 2, amount);
	return stmt_write(store, stmt);
}
