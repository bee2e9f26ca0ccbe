/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/poll.h"

#include "store/internal.h"

#include <string.h>

static const char *const states[] = {
#define X(name, text) [POLL_##name] = ERR_WORD(text),
	POLL_STATE_TABLE(X)
#undef X
};
static const char *const pers[] = {[POLL_PER_PHONE] = "phone", [POLL_PER_HOUSEHOLD] = "household"};

const char *poll_state_text(enum poll_state state)
{
	return states[state];
}

const char *poll_per_text(enum poll_per per)
{
	return pers[per];
}

/* ---- polls -----------------------------------------------------------------------------------
 */

static enum err add_option(struct store *store, int64_t id, const struct poll_option *option)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_OPTION_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, option->number);
	bind_text(stmt, 3, option->label);
	bind_text(stmt, 4, option->aliases);
	return stmt_write(store, stmt);
}

static enum err add(struct store *store, int64_t id, const struct poll_new *in)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, pers[in->per]);
	bind_text(stmt, 3, in->question);
	bind_text(stmt, 4, in->audience);
	sqlite3_bind_int(stmt, 5, in->quorum);
	bind_id(stmt, 6, in->author_id);
	sqlite3_bind_int64(stmt, 7, clock_wall_ms(store->clock));
	sqlite3_bind_int64(stmt, 8, in->closes_ms);
	bind_id(stmt, 9, in->bulletin_id);
	return stmt_write(store, stmt);
}

enum err poll_add(struct store *store, const struct poll_new *in, int64_t *ret_id)
{
	int64_t id = store_next_id(store, ID_POLL);
	enum err err;

	while (id < POLL_NUMBER_FIRST)
		id = store_next_id(store, ID_POLL);
	err = add(store, id, in);
	for (int i = 0; !err && i < in->option_count; i++)
		err = add_option(store, id, &in->options[i]);
	if (!err)
		*ret_id = id;
	return err;
}

static enum err set(struct store *store, enum stmt_id which, int64_t id, int64_t value)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, id);
	bind_id(stmt, 2, value);
	return stmt_write_one(store, stmt);
}

enum err poll_set_bulletin(struct store *store, int64_t id, int64_t bulletin_id)
{
	return set(store, STMT_POLL_SET_BULLETIN, id, bulletin_id);
}

enum err poll_set_result(struct store *store, int64_t id, int64_t bulletin_id)
{
	return set(store, STMT_POLL_SET_RESULT, id, bulletin_id);
}

static void read_row(sqlite3_stmt *stmt, struct poll *ret_poll)
{
	*ret_poll = (struct poll){.id = sqlite3_column_int64(stmt, 0),
		.state = (enum poll_state)text_index(
			states, ARRAY_LEN(states), (const char *)sqlite3_column_text(stmt, 1)),
		.per = (enum poll_per)text_index(
			pers, ARRAY_LEN(pers), (const char *)sqlite3_column_text(stmt, 2)),
		.quorum = sqlite3_column_int(stmt, 3),
		.author_id = sqlite3_column_int64(stmt, 4),
		.created_ms = sqlite3_column_int64(stmt, 5),
		.opened_ms = sqlite3_column_int64(stmt, 6),
		.closes_ms = sqlite3_column_int64(stmt, 7),
		.ended_ms = sqlite3_column_int64(stmt, 8),
		.bulletin_id = sqlite3_column_int64(stmt, 9),
		.result_id = sqlite3_column_int64(stmt, 10),
		.voices = sqlite3_column_int64(stmt, 11)};
	copy_column(stmt, 12, ret_poll->question, sizeof(ret_poll->question));
}

static enum err load(struct store *store, sqlite3_stmt *stmt, struct poll *ret_poll)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		read_row(stmt, ret_poll);
	return err;
}

enum err poll_load(struct store *store, int64_t id, struct poll *ret_poll)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_LOAD);

	sqlite3_bind_int64(stmt, 1, id);
	return load(store, stmt, ret_poll);
}

enum err poll_audience(struct store *store, int64_t id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_AUDIENCE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	return err ? err : buf_adds(out, (const char *)sqlite3_column_text(stmt, 0));
}

enum err poll_list(struct store *store, int64_t before_id, int limit, poll_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_LIST);
	struct poll poll;
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = load(store, stmt, &poll)))
		fn(arg, &poll);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err poll_next(
	struct store *store, enum poll_state state, int64_t after_id, struct poll *ret_poll)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_NEXT);

	bind_text(stmt, 1, states[state]);
	sqlite3_bind_int64(stmt, 2, after_id);
	return load(store, stmt, ret_poll);
}

enum err poll_of_bulletin(
	struct store *store, int64_t bulletin_id, enum poll_state state, struct poll *ret_poll)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_OF_BULLETIN);

	sqlite3_bind_int64(stmt, 1, bulletin_id);
	bind_text(stmt, 2, states[state]);
	return load(store, stmt, ret_poll);
}

/* ---- what was counted ------------------------------------------------------------------------
 */

static enum err read_options(struct store *store, int64_t id,
	struct poll_option options[POLL_OPTIONS_MAX], int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_OPTIONS);
	int count = 0;
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	while (!(err = stmt_row(store, stmt)) && count < POLL_OPTIONS_MAX) {
		struct poll_option *option = &options[count++];

		option->number = sqlite3_column_int(stmt, 0);
		copy_column(stmt, 1, option->label, sizeof(option->label));
		copy_column(stmt, 2, option->aliases, sizeof(option->aliases));
		option->votes = sqlite3_column_int64(stmt, 3);
	}
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_count = count;
	return count ? ERR_OK : ERR_NOT_FOUND;
}

enum err poll_options(struct store *store, int64_t id,
	struct poll_option ret_options[POLL_OPTIONS_MAX], int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_VOTES);
	enum err err = read_options(store, id, ret_options, ret_count);

	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	while (!(err = stmt_row(store, stmt))) {
		for (int i = 0; i < *ret_count; i++) {
			if (ret_options[i].number == sqlite3_column_int(stmt, 0))
				ret_options[i].votes = sqlite3_column_int64(stmt, 1);
		}
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_turnout(struct store *store, enum stmt_id which, int64_t id,
	int64_t *ret_answered, int64_t *ret_unclear)
{
	CLEAN_STMT *stmt = stmt_get(store, which);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_answered = sqlite3_column_int64(stmt, 0);
	*ret_unclear = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

enum err poll_turnout(struct store *store, int64_t id, int64_t *ret_answered, int64_t *ret_unclear)
{
	enum err err = read_turnout(store, STMT_POLL_COUNTED, id, ret_answered, ret_unclear);

	return err == ERR_NOT_FOUND
		       ? read_turnout(store, STMT_POLL_TURNOUT, id, ret_answered, ret_unclear)
		       : err;
}

enum err poll_waiting(struct store *store, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_WAITING);

	return stmt_int64(store, stmt, ret_count);
}

enum err poll_heard(struct store *store, int64_t fewest, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_HEARD);

	sqlite3_bind_int64(stmt, 1, fewest);
	return stmt_int64(store, stmt, ret_count);
}

/* ---- voices ----------------------------------------------------------------------------------
 */

/* Of this poll alone. form: "h" a household, "r" a resident. */
static void hash_of(struct store *store, int64_t poll_id, char form, int64_t id,
	uint8_t ret_voice[VAULT_HASH_BYTES])
{
	char text[64];
	int len = snprintf(
		text, sizeof(text), "v%lld|%c%lld", (long long)poll_id, form, (long long)id);

	CHECK(len > 0 && (size_t)len < sizeof(text));
	vault_hash(store->vault, VAULT_HASH_RESIDENT, text, (size_t)len, ret_voice);
}

static enum err add_voice(
	struct store *store, const struct poll *poll, int64_t resident_id, int64_t household_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_VOICE_ADD);
	bool is_household = poll->per == POLL_PER_HOUSEHOLD && household_id;
	uint8_t voice[VAULT_HASH_BYTES];

	hash_of(store, poll->id, is_household ? 'h' : 'r',
		is_household ? household_id : resident_id, voice);
	sqlite3_bind_int64(stmt, 1, poll->id);
	sqlite3_bind_blob(stmt, 2, voice, sizeof(voice), SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err next_drawn(struct store *store, int64_t *resident_id, int64_t *ret_household_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_DRAWN);
	enum err err;

	sqlite3_bind_int64(stmt, 1, *resident_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*resident_id = sqlite3_column_int64(stmt, 0);
	*ret_household_id = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

static enum err mark_open(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_OPEN);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	err = stmt_write_one(store, stmt);
	return err == ERR_NOT_FOUND ? ERR_STATE : err;
}

enum err poll_open(struct store *store, int64_t id, int64_t *ret_voices)
{
	int64_t resident_id = 0, household_id;
	struct poll poll;
	enum err err = poll_load(store, id, &poll);

	if (!err && poll.state != POLL_DRAFT)
		err = ERR_STATE;
	if (err)
		return err;
	while (!(err = next_drawn(store, &resident_id, &household_id))) {
		err = add_voice(store, &poll, resident_id, household_id);
		if (err)
			return err;
	}
	if (err == ERR_NOT_FOUND)
		err = mark_open(store, id);
	if (!err)
		err = poll_load(store, id, &poll);
	if (!err)
		*ret_voices = poll.voices;
	return err;
}

static enum err run(struct store *store, enum stmt_id which, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, id);
	turn_scrub(store);
	return stmt_write(store, stmt);
}

static enum err move(struct store *store, int64_t id, enum poll_state to)
{
	bool is_end = to == POLL_CANCELLED;
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_MOVE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, states[to]);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	bind_text(stmt, 4, states[POLL_OPEN]);
	bind_text(stmt, 5, states[is_end ? POLL_DRAFT : POLL_OPEN]);
	bind_text(stmt, 6, states[is_end ? POLL_CLOSED : POLL_OPEN]);
	err = stmt_write_one(store, stmt);
	return err == ERR_NOT_FOUND ? ERR_STATE : err;
}

enum err poll_move(struct store *store, int64_t id, enum poll_state to)
{
	enum err err = move(store, id, to);

	return err || to != POLL_CANCELLED ? err : run(store, STMT_POLL_VOICES_DROP, id);
}

static enum err finish(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_FINISH);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_write_one(store, stmt);
	return err == ERR_NOT_FOUND ? ERR_STATE : err;
}

enum err poll_finish(struct store *store, int64_t id)
{
	enum err err = finish(store, id);

	if (!err)
		err = run(store, STMT_POLL_OPTION_COUNT, id);
	return err ? err : run(store, STMT_POLL_VOICES_DROP, id);
}

/* ---- what a voice says -----------------------------------------------------------------------
 */

static enum err find_voice(
	struct store *store, int64_t id, const uint8_t voice[VAULT_HASH_BYTES], int64_t *ret_choice)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_VOICE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, voice, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_int64(store, stmt, ret_choice);
}

static enum err next_household(struct store *store, int64_t resident_id, int64_t *household_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_HOUSEHOLDS);

	sqlite3_bind_int64(stmt, 1, resident_id);
	sqlite3_bind_int64(stmt, 2, *household_id);
	return stmt_int64(store, stmt, household_id);
}

/* He may have moved since: whichever of his was asked. */
enum err poll_voice_of(struct store *store, const struct poll *poll, int64_t resident_id,
	uint8_t ret_voice[VAULT_HASH_BYTES])
{
	uint8_t voice[VAULT_HASH_BYTES];
	int64_t household_id = 0, choice;
	enum err err;

	hash_of(store, poll->id, 'r', resident_id, voice);
	err = find_voice(store, poll->id, voice, &choice);
	while (err == ERR_NOT_FOUND && poll->per == POLL_PER_HOUSEHOLD) {
		err = next_household(store, resident_id, &household_id);
		if (err)
			return err;
		hash_of(store, poll->id, 'h', household_id, voice);
		err = find_voice(store, poll->id, voice, &choice);
	}
	if (!err)
		memcpy(ret_voice, voice, VAULT_HASH_BYTES);
	return err;
}

/* What a sealed value is bound to: the beginning of the voice. */
static int64_t row_of(const uint8_t voice[VAULT_HASH_BYTES])
{
	uint64_t row = 0;

	for (int i = 0; i < 8; i++)
		row = row << 8 | voice[i];
	return (int64_t)(row >> 1);
}

enum err poll_say(struct store *store, int64_t id, const uint8_t voice[VAULT_HASH_BYTES],
	int choice, const char *words, int *ret_before)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_SAY);
	CLEAN_BUF sealed = {0};
	int64_t before;
	enum err err = find_voice(store, id, voice, &before);

	buf_init(&sealed, POLL_WORDS_MAX + VAULT_SEAL_EXTRA_BYTES);
	if (!err && words)
		err = vault_seal(store->vault, "poll_voice.words", row_of(voice), words,
			strnlen(words, POLL_WORDS_MAX), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, voice, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_id(stmt, 3, choice);
	if (words)
		sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	turn_scrub(store);
	err = stmt_write_one(store, stmt);
	if (!err)
		*ret_before = (int)before;
	return err;
}

enum err poll_unclear_next(struct store *store, int64_t id, const uint8_t after[VAULT_HASH_BYTES],
	struct poll_unclear *unclear)
{
	static const uint8_t none[1];
	CLEAN_STMT *stmt = stmt_get(store, STMT_POLL_UNCLEAR);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(
		stmt, 2, after ? after : none, after ? VAULT_HASH_BYTES : 0, SQLITE_TRANSIENT);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	if (sqlite3_column_bytes(stmt, 0) != VAULT_HASH_BYTES)
		return ERR_CORRUPT;
	memcpy(unclear->voice, sqlite3_column_blob(stmt, 0), VAULT_HASH_BYTES);
	unclear->choice = sqlite3_column_int(stmt, 1);
	return vault_unseal(store->vault, "poll_voice.words", row_of(unclear->voice),
		sqlite3_column_blob(stmt, 2), (size_t)sqlite3_column_bytes(stmt, 2),
		&unclear->words);
}
