/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a bulletin: its states, and who said what about it. */
#include "store/bulletin_private.h"

#include "store/enclosure.h"

#include <string.h>

#define NOTE_PLACE "bulletin_approval.note"

#define BIT(name) (1U << BULLETIN_##name)
/* name, where to; see the picture in the header */
static const struct {
	const char *text;
	unsigned int next;
} states[BULLETIN_STATE_COUNT] = {
	[BULLETIN_DRAFT] = {ERR_WORD("DRAFT"), BIT(SUBMITTED) | BIT(EXPIRED) | BIT(DISCARDED)},
	[BULLETIN_SUBMITTED] = {ERR_WORD("SUBMITTED"),
		BIT(DRAFT) | BIT(APPROVED) | BIT(EXPIRED) | BIT(DISCARDED)},
	[BULLETIN_APPROVED] = {ERR_WORD("APPROVED"),
		BIT(DRAFT) | BIT(SENDING) | BIT(RECALLED) | BIT(EXPIRED)},
	[BULLETIN_SENDING] = {ERR_WORD("SENDING"), BIT(DONE) | BIT(RECALLED)},
	[BULLETIN_DONE] = {ERR_WORD("DONE"), BIT(RECALLED)},
	[BULLETIN_RECALLED] = {ERR_WORD("RECALLED"), 0},
	[BULLETIN_EXPIRED] = {ERR_WORD("EXPIRED"), BIT(DRAFT) | BIT(DISCARDED)},
	[BULLETIN_DISCARDED] = {ERR_WORD("DISCARDED"), 0},
};

#define X(name, text) [BULLETIN_VERDICT_##name] = text,
static const char *const verdict_texts[] = {BULLETIN_VERDICT_TABLE(X)};
#undef X

const char *bulletin_state_text(enum bulletin_state state)
{
	return states[state].text;
}

enum err bulletin_state_of(const char *text, enum bulletin_state *ret_state)
{
	for (int i = 0; i < BULLETIN_STATE_COUNT; i++) {
		if (!str_eq(states[i].text, text))
			continue;
		*ret_state = (enum bulletin_state)i;
		return ERR_OK;
	}
	return ERR_INVALID;
}

bool bulletin_may_move(enum bulletin_state from, enum bulletin_state to)
{
	return states[from].next & (1U << to);
}

const char *bulletin_verdict_text(enum bulletin_verdict verdict)
{
	return verdict_texts[verdict];
}

static void log_move(const struct bulletin *bulletin, enum bulletin_state to)
{
	log_info("bulletin", "id=%lld from=%s to=%s version=%d", (long long)bulletin->id,
		bulletin_state_text(bulletin->state), bulletin_state_text(to), bulletin->version);
}

/* ERR_STATE: it can't go there from where it is. */
static enum err load_for(
	struct store *store, int64_t id, enum bulletin_state to, struct bulletin *ret_bulletin)
{
	enum err err = bulletin_load(store, id, ret_bulletin);

	return err || bulletin_may_move(ret_bulletin->state, to) ? err : ERR_STATE;
}

enum err bulletin_submit(struct store *store, int64_t id, int64_t officer_id)
{
	struct bulletin bulletin;
	enum err err = load_for(store, id, BULLETIN_SUBMITTED, &bulletin);

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_SUBMIT);

	sqlite3_bind_int64(stmt, 1, id);
	bind_id(stmt, 2, officer_id);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	err = stmt_write_one(store, stmt);
	if (!err)
		log_move(&bulletin, BULLETIN_SUBMITTED);
	return err;
}

/* ---- opinions --------------------------------------------------------------------------------
 */

static enum err count(struct store *store, enum stmt_id which, const struct bulletin *bulletin,
	int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, bulletin->id);
	if (which == STMT_APPROVAL_COUNT)
		sqlite3_bind_blob(stmt, 2, bulletin->hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_int64(store, stmt, ret_count);
}

/* How often he approved it: ever, or as it stands. */
static enum err count_his(
	struct store *store, int64_t id, int64_t officer_id, bool is_ever, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_APPROVAL_HIS);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, officer_id);
	sqlite3_bind_int(stmt, 3, is_ever);
	return stmt_int64(store, stmt, ret_count);
}

/* The rules of the schema's triggers, said one by one: there they are the last word. */
static enum err check_right(struct store *store, const struct bulletin *b,
	const struct bulletin_opinion *in, const struct officer *officer)
{
	bool is_leader = officer->role == OFFICER_CHIEF || officer->role == OFFICER_DEPUTY;
	int64_t his = 0;
	enum err err = count_his(
		store, b->id, in->officer_id, in->verdict == BULLETIN_VERDICT_REVIEW, &his);
	bool is_denied = officer->state != OFFICER_ACTIVE;

	switch (in->verdict) {
	case BULLETIN_VERDICT_APPROVE:
		is_denied |= b->writer_id == in->officer_id || b->submitter_id == in->officer_id ||
			     ((b->is_sensitive || b->is_emergency) && !is_leader) || his;
		break;
	case BULLETIN_VERDICT_ALONE:
		is_denied |= !b->is_emergency || officer->role != OFFICER_CHIEF || his;
		break;
	case BULLETIN_VERDICT_REVIEW:
		is_denied |= his || (!is_leader && officer->role != OFFICER_CHAIRMAN);
		break;
	case BULLETIN_VERDICT_REJECT:
	case BULLETIN_VERDICT_RECALL:
		break;
	}
	return !err && is_denied ? ERR_DENIED : err;
}

static enum err add_opinion(struct store *store, const struct bulletin *b,
	const struct bulletin_opinion *in, const struct officer *officer)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_APPROVAL_ADD);
	int64_t id = store_next_id(store, ID_BULLETIN_APPROVAL);
	CLEAN_BUF note = {0};

	buf_init(&note, BULLETIN_NOTE_MAX + VAULT_SEAL_EXTRA_BYTES);
	if (strlen(in->note) > BULLETIN_NOTE_MAX)
		return ERR_TOO_BIG;
	if (in->note[0] &&
		vault_seal(store->vault, NOTE_PLACE, id, in->note, strlen(in->note), &note))
		return ERR_NOMEM;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, b->id);
	sqlite3_bind_int(stmt, 3, b->version);
	bind_text(stmt, 4, bulletin_verdict_text(in->verdict));
	sqlite3_bind_blob(stmt, 5, in->hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 6, in->officer_id);
	bind_text(stmt, 7, officer_role_text(officer->role));
	sqlite3_bind_int64(stmt, 8, clock_wall_ms(store->clock));
	if (note.len)
		sqlite3_bind_blob(stmt, 9, note.data, (int)note.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err set_approved(
	struct store *store, const struct bulletin *b, int64_t review_due_ms, bool *ret_is_approved)
{
	int64_t have, alone;
	enum err err = count(store, STMT_APPROVAL_COUNT, b, &have);

	if (!err)
		err = count(store, STMT_APPROVAL_ALONE, b, &alone);
	if (err || have < (b->to_refusers ? 2 : 1))
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_APPROVE);

	sqlite3_bind_int64(stmt, 1, b->id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	/* A second person who approved it has looked at it. */
	sqlite3_bind_int64(stmt, 3, alone == have ? review_due_ms : 0);
	err = stmt_write_one(store, stmt);
	if (!err) {
		log_move(b, BULLETIN_APPROVED);
		*ret_is_approved = true;
	}
	return err;
}

static enum err set_reviewed(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_REVIEWED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	err = stmt_write_one(store, stmt);
	return err == ERR_NOT_FOUND ? ERR_STATE : err;
}

static bool is_time_for(const struct bulletin *b, enum bulletin_verdict verdict)
{
	if (verdict == BULLETIN_VERDICT_REVIEW)
		return b->review_due_ms && !b->reviewed_ms;
	if (verdict == BULLETIN_VERDICT_RECALL)
		return bulletin_may_move(b->state, BULLETIN_RECALLED);
	return b->state == BULLETIN_SUBMITTED;
}

static enum err follow(struct store *store, const struct bulletin *b, enum bulletin_verdict verdict,
	int64_t review_due_ms, bool *ret_is_approved)
{
	switch (verdict) {
	case BULLETIN_VERDICT_REVIEW:
		return set_reviewed(store, b->id);
	case BULLETIN_VERDICT_REJECT:
		return bulletin_move(store, b->id, BULLETIN_DRAFT);
	case BULLETIN_VERDICT_RECALL:
		return bulletin_move(store, b->id, BULLETIN_RECALLED);
	case BULLETIN_VERDICT_APPROVE:
	case BULLETIN_VERDICT_ALONE:
		break;
	}
	return set_approved(store, b, review_due_ms, ret_is_approved);
}

enum err bulletin_judge(struct store *store, int64_t id, const struct bulletin_opinion *opinion,
	int64_t review_due_ms, bool *ret_is_approved)
{
	bool is_approved = false;
	struct bulletin bulletin;
	struct officer officer;
	enum err err = bulletin_load(store, id, &bulletin);

	if (!err)
		err = officer_load(store, opinion->officer_id, &officer);
	if (err)
		return err;
	if (!is_time_for(&bulletin, opinion->verdict))
		return ERR_STATE;
	if (!vault_is_same(opinion->hash, bulletin.hash, VAULT_HASH_BYTES))
		return ERR_EXISTS;
	err = check_right(store, &bulletin, opinion, &officer);
	if (!err)
		err = add_opinion(store, &bulletin, opinion, &officer);
	if (!err)
		err = follow(store, &bulletin, opinion->verdict, review_due_ms, &is_approved);
	if (!err)
		*ret_is_approved = is_approved;
	return err;
}

static enum err open_note(struct store *store, sqlite3_stmt *stmt, int64_t id, struct buf *note)
{
	buf_reset(note);
	if (!sqlite3_column_bytes(stmt, 6))
		return ERR_OK;
	return vault_unseal(store->vault, NOTE_PLACE, id, sqlite3_column_blob(stmt, 6),
		(size_t)sqlite3_column_bytes(stmt, 6), note);
}

static enum err read_judgement(
	struct store *store, sqlite3_stmt *stmt, struct buf *note, struct bulletin_judgement *ret)
{
	int64_t id = sqlite3_column_int64(stmt, 0);
	enum err err = open_note(store, stmt, id, note);

	*ret = (struct bulletin_judgement){.id = id,
		.version = sqlite3_column_int(stmt, 1),
		.verdict = (enum bulletin_verdict)text_index(verdict_texts,
			ARRAY_LEN(verdict_texts), (const char *)sqlite3_column_text(stmt, 2)),
		.officer_id = sqlite3_column_int64(stmt, 3),
		.role = OFFICER_CLERK,
		.at_ms = sqlite3_column_int64(stmt, 5),
		.note = note->len ? buf_text(note) : ""};
	if (!err && officer_role_of((const char *)sqlite3_column_text(stmt, 4), &ret->role))
		err = ERR_CORRUPT;
	return err;
}

enum err bulletin_judgements(struct store *store, int64_t id, bulletin_judgement_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_APPROVAL_LIST);
	struct bulletin_judgement judgement;
	struct buf note;
	enum err err;

	buf_init(&note, BULLETIN_NOTE_MAX + 1);
	sqlite3_bind_int64(stmt, 1, id);
	while (!(err = stmt_row(store, stmt))) {
		err = read_judgement(store, stmt, &note, &judgement);
		if (err)
			break;
		fn(arg, &judgement);
	}
	buf_wipe(&note);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- moves -----------------------------------------------------------------------------------
 */

static enum err write_state(struct store *store, int64_t id, enum bulletin_state to)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_MOVE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, bulletin_state_text(to));
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

/* A statement about one bulletin that may change nothing. */
static enum err write_by(struct store *store, enum stmt_id which, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_write(store, stmt);
}

static enum err next_enclosure(struct store *store, int64_t id, int64_t *enclosure_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_ENCLOSURES);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, *enclosure_id);
	return stmt_int64(store, stmt, enclosure_id);
}

/* Also what is still in the write-ahead log. */
static enum err erase(struct store *store, int64_t id)
{
	int64_t enclosure_id = 0;
	enum err err = write_by(store, STMT_BULLETIN_ERASE, id);

	if (!err)
		err = write_by(store, STMT_FINDING_ERASE, id);
	while (!err && !(err = next_enclosure(store, id, &enclosure_id)))
		err = enclosure_erase(store, enclosure_id);
	turn_scrub(store);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err bulletin_move(struct store *store, int64_t id, enum bulletin_state to)
{
	struct bulletin bulletin;
	enum err err = load_for(store, id, to, &bulletin);

	if (!err && to == BULLETIN_SENDING)
		err = bulletin_verify(store, &bulletin);
	if (!err)
		err = write_state(store, id, to);
	if (err)
		return err;
	log_move(&bulletin, to);
	return to == BULLETIN_DISCARDED ? erase(store, id) : ERR_OK;
}

/* ---- what falls due --------------------------------------------------------------------------
 */

static enum err first_due(struct store *store, enum stmt_id which, int64_t now_ms, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, now_ms);
	return stmt_int64(store, stmt, ret_id);
}

enum err bulletin_startable(struct store *store, int64_t now_ms, int64_t *ret_id)
{
	return first_due(store, STMT_BULLETIN_STARTABLE, now_ms, ret_id);
}

enum err bulletin_expired(struct store *store, int64_t now_ms, int64_t *ret_id)
{
	return first_due(store, STMT_BULLETIN_EXPIRED, now_ms, ret_id);
}

enum err bulletin_unreviewed(struct store *store, int64_t now_ms, int64_t *ret_id)
{
	return first_due(store, STMT_BULLETIN_UNREVIEWED, now_ms, ret_id);
}

enum err bulletin_set_told(struct store *store, int64_t id)
{
	return write_by(store, STMT_BULLETIN_TOLD, id);
}

static enum err time_of(struct store *store, enum stmt_id which, int64_t *ret_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	return stmt_time(store, stmt, ret_ms);
}

enum err bulletin_next(struct store *store, int64_t *ret_ms)
{
	static const enum stmt_id ids[] = {
		STMT_BULLETIN_NEXT_START, STMT_BULLETIN_NEXT_EXPIRY, STMT_BULLETIN_NEXT_REVIEW};
	int64_t next_ms = INT64_MAX;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(ids); i++) {
		int64_t due_ms = INT64_MAX;

		err = time_of(store, ids[i], &due_ms);
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	if (!err)
		*ret_ms = next_ms;
	return err;
}
