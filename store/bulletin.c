/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a bulletin says: its versions, their words and their hash. */
#include "store/bulletin_private.h"

#include <string.h>

/* Of a version: the four texts, each with its NUL. */
#define WORDS_BYTES \
	(BULLETIN_TITLE_MAX + BULLETIN_TEXT_MAX + BULLETIN_SMS_MAX + BULLETIN_SOURCE_MAX + 4)
#define WORDS_PLACE "bulletin_version.words"

#define X(name, text) [BULLETIN_URGENCY_##name] = text,
static const char *const urgency_texts[] = {BULLETIN_URGENCY_TABLE(X)};
#undef X
#define X(name, text) [BULLETIN_SEVERITY_##name] = text,
static const char *const severity_texts[] = {BULLETIN_SEVERITY_TABLE(X)};
#undef X
#define X(name, text) [BULLETIN_CERTAINTY_##name] = text,
static const char *const certainty_texts[] = {BULLETIN_CERTAINTY_TABLE(X)};
#undef X
#define X(name, text) [BULLETIN_REFERS_##name] = text,
static const char *const refers_texts[] = {BULLETIN_REFERS_TABLE(X)};
#undef X
#define X(name, text) [BULLETIN_ORIGIN_##name] = text,
static const char *const origin_texts[] = {BULLETIN_ORIGIN_TABLE(X)};
#undef X

/* The place of a word, -1 when it is none. */
static int word_of(const char *const *words, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(words[i], text))
			return (int)i;
	}
	return -1;
}

const char *bulletin_urgency_text(enum bulletin_urgency urgency)
{
	return urgency_texts[urgency];
}

const char *bulletin_severity_text(enum bulletin_severity severity)
{
	return severity_texts[severity];
}

const char *bulletin_certainty_text(enum bulletin_certainty certainty)
{
	return certainty_texts[certainty];
}

const char *bulletin_refers_text(enum bulletin_refers refers)
{
	return refers_texts[refers];
}

const char *bulletin_origin_text(enum bulletin_origin origin)
{
	return origin_texts[origin];
}

enum err bulletin_urgency_of(const char *text, enum bulletin_urgency *ret_urgency)
{
	int i = word_of(urgency_texts, ARRAY_LEN(urgency_texts), text);

	if (i < 0)
		return ERR_INVALID;
	*ret_urgency = (enum bulletin_urgency)i;
	return ERR_OK;
}

enum err bulletin_severity_of(const char *text, enum bulletin_severity *ret_severity)
{
	int i = word_of(severity_texts, ARRAY_LEN(severity_texts), text);

	if (i < 0)
		return ERR_INVALID;
	*ret_severity = (enum bulletin_severity)i;
	return ERR_OK;
}

enum err bulletin_certainty_of(const char *text, enum bulletin_certainty *ret_certainty)
{
	int i = word_of(certainty_texts, ARRAY_LEN(certainty_texts), text);

	if (i < 0)
		return ERR_INVALID;
	*ret_certainty = (enum bulletin_certainty)i;
	return ERR_OK;
}

enum err bulletin_refers_of(const char *text, enum bulletin_refers *ret_refers)
{
	int i = word_of(refers_texts, ARRAY_LEN(refers_texts), text);

	if (i < 0)
		return ERR_INVALID;
	*ret_refers = (enum bulletin_refers)i;
	return ERR_OK;
}

bool bulletin_is_emergency(enum bulletin_urgency urgency, enum bulletin_severity severity)
{
	return (urgency == BULLETIN_URGENCY_IMMEDIATE || urgency == BULLETIN_URGENCY_EXPECTED) &&
	       (severity == BULLETIN_SEVERITY_EXTREME || severity == BULLETIN_SEVERITY_SEVERE);
}

enum bulletin_speed bulletin_speed(const struct bulletin *bulletin)
{
	if (bulletin->is_emergency)
		return BULLETIN_EMERGENCY;
	return bulletin->urgency == BULLETIN_URGENCY_IMMEDIATE ||
			       bulletin->urgency == BULLETIN_URGENCY_EXPECTED
		       ? BULLETIN_URGENT
		       : BULLETIN_NORMAL;
}

/* ---- a version -------------------------------------------------------------------------------
 */

/* Each behind its length, so that nothing can be moved from one field into the next. */
static enum err add_field(struct buf *out, const char *text, size_t len)
{
	enum err err = buf_addf(out, "%zu:", len);

	return err ? err : buf_add(out, text, len);
}

static enum err hash_of(struct store *store, int64_t id, const struct bulletin_content *c,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	const char *const texts[] = {
		c->category, c->audience, c->title, c->text, c->sms, c->source};
	struct buf all;
	enum err err;

	buf_init(&all, WORDS_BYTES + BULLETIN_AUDIENCE_MAX + 1024);
	err = buf_addf(&all, "%lld %s %s %s %d %d %d %lld %s %lld %lld %lld ", (long long)id,
		bulletin_urgency_text(c->urgency), bulletin_severity_text(c->severity),
		bulletin_certainty_text(c->certainty), c->is_sensitive, c->is_drill, c->to_refusers,
		(long long)c->refers_to, bulletin_refers_text(c->refers_how), (long long)c->from_ms,
		(long long)c->expires_ms, (long long)c->enclosure_id);
	for (size_t i = 0; !err && i < ARRAY_LEN(texts); i++)
		err = add_field(&all, texts[i], strlen(texts[i]));
	if (!err)
		vault_hash(store->vault, VAULT_HASH_CONTENT, all.data, all.len, ret_hash);
	buf_wipe(&all);
	return err;
}

static enum err seal_words(
	struct store *store, int64_t version_id, const struct bulletin_content *c, struct buf *out)
{
	const char *const texts[] = {c->title, c->text, c->sms, c->source};
	struct buf words;
	enum err err = ERR_OK;

	buf_init(&words, WORDS_BYTES);
	for (size_t i = 0; !err && i < ARRAY_LEN(texts); i++)
		err = buf_add(&words, texts[i], strlen(texts[i]) + 1);
	if (!err)
		err = vault_seal(store->vault, WORDS_PLACE, version_id, words.data, words.len, out);
	buf_wipe(&words);
	return err;
}

static bool is_code(const char *code)
{
	size_t len = strlen(code);

	return len && len < BULLETIN_CATEGORY_BYTES &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static enum err check_content(const struct bulletin_content *c)
{
	if (strlen(c->title) > BULLETIN_TITLE_MAX || strlen(c->text) > BULLETIN_TEXT_MAX ||
		strlen(c->sms) > BULLETIN_SMS_MAX || strlen(c->source) > BULLETIN_SOURCE_MAX ||
		strlen(c->audience) > BULLETIN_AUDIENCE_MAX)
		return ERR_TOO_BIG;
	if (!is_code(c->category) || c->expires_ms <= c->from_ms || !c->audience[0] ||
		(c->refers_to != 0) != (c->refers_how != BULLETIN_REFERS_NOT) ||
		(c->to_refusers && !bulletin_is_emergency(c->urgency, c->severity)))
		return ERR_INVALID;
	return ERR_OK;
}

static void bind_class(sqlite3_stmt *stmt, const struct bulletin_content *c)
{
	bind_text(stmt, 6, c->category);
	bind_text(stmt, 7, bulletin_urgency_text(c->urgency));
	bind_text(stmt, 8, bulletin_severity_text(c->severity));
	bind_text(stmt, 9, bulletin_certainty_text(c->certainty));
	sqlite3_bind_int(stmt, 10, c->is_sensitive);
	sqlite3_bind_int(stmt, 11, c->is_drill);
	sqlite3_bind_int(stmt, 12, c->to_refusers);
	bind_id(stmt, 13, c->refers_to);
	bind_text(stmt, 14, bulletin_refers_text(c->refers_how));
}

static enum err add_version(struct store *store, int64_t id, int version,
	const struct bulletin_content *c, int64_t author_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_VERSION_ADD);
	int64_t version_id = store_next_id(store, ID_BULLETIN_VERSION);
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_BUF words = {0};
	enum err err;

	buf_init(&words, WORDS_BYTES + VAULT_SEAL_EXTRA_BYTES);
	err = hash_of(store, id, c, hash);
	if (!err)
		err = seal_words(store, version_id, c, &words);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, version_id);
	sqlite3_bind_int64(stmt, 2, id);
	sqlite3_bind_int(stmt, 3, version);
	bind_id(stmt, 4, author_id);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	bind_class(stmt, c);
	sqlite3_bind_int64(stmt, 15, c->from_ms);
	sqlite3_bind_int64(stmt, 16, c->expires_ms);
	bind_text(stmt, 17, c->audience);
	bind_id(stmt, 18, c->enclosure_id);
	sqlite3_bind_blob(stmt, 19, words.data, (int)words.len, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 20, hash, sizeof(hash), SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err bulletin_add(struct store *store, enum bulletin_origin origin,
	const struct bulletin_content *content, int64_t author_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_ADD);
	int64_t id;
	enum err err = check_content(content);

	if (err)
		return err;
	id = store_next_id(store, ID_BULLETIN);
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, bulletin_origin_text(origin));
	bind_id(stmt, 3, author_id);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	sqlite3_bind_int64(stmt, 5, content->expires_ms);
	err = stmt_write(store, stmt);
	if (!err)
		err = add_version(store, id, 1, content, author_id);
	if (!err)
		*ret_id = id;
	return err;
}

static enum err set_version(struct store *store, int64_t id, int version, int64_t expires_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_REVISE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, version);
	sqlite3_bind_int64(stmt, 3, expires_ms);
	return stmt_write_one(store, stmt);
}

enum err bulletin_revise(
	struct store *store, int64_t id, const struct bulletin_content *content, int64_t author_id)
{
	struct bulletin bulletin;
	enum err err = check_content(content);

	if (!err)
		err = bulletin_load(store, id, &bulletin);
	if (err)
		return err;
	if (content->refers_to == id)
		return ERR_INVALID;
	if (bulletin.state != BULLETIN_DRAFT && !bulletin_may_move(bulletin.state, BULLETIN_DRAFT))
		return ERR_STATE;
	if (bulletin.version >= BULLETIN_VERSIONS_MAX)
		return ERR_TOO_BIG;
	err = add_version(store, id, bulletin.version + 1, content, author_id);
	return err ? err : set_version(store, id, bulletin.version + 1, content->expires_ms);
}

/* ---- reading ---------------------------------------------------------------------------------
 */

#define WORD_AT(stmt, column, words) \
	text_index(words, ARRAY_LEN(words), (const char *)sqlite3_column_text(stmt, column))

static void read_times(sqlite3_stmt *stmt, struct bulletin *b)
{
	b->created_ms = sqlite3_column_int64(stmt, 9);
	b->changed_ms = sqlite3_column_int64(stmt, 10);
	b->submitted_ms = sqlite3_column_int64(stmt, 11);
	b->approved_ms = sqlite3_column_int64(stmt, 12);
	b->started_ms = sqlite3_column_int64(stmt, 13);
	b->ended_ms = sqlite3_column_int64(stmt, 14);
	b->review_due_ms = sqlite3_column_int64(stmt, 15);
	b->reviewed_ms = sqlite3_column_int64(stmt, 16);
	b->from_ms = sqlite3_column_int64(stmt, 27);
	b->expires_ms = sqlite3_column_int64(stmt, 28);
}

static void read_bulletin(sqlite3_stmt *stmt, struct bulletin *b)
{
	*b = (struct bulletin){.id = sqlite3_column_int64(stmt, 0),
		.origin = (enum bulletin_origin)WORD_AT(stmt, 2, origin_texts),
		.version = sqlite3_column_int(stmt, 3),
		.version_id = sqlite3_column_int64(stmt, 4),
		.author_id = sqlite3_column_int64(stmt, 5),
		.writer_id = sqlite3_column_int64(stmt, 6),
		.submitter_id = sqlite3_column_int64(stmt, 7),
		.is_screened = sqlite3_column_int(stmt, 8),
		.urgency = (enum bulletin_urgency)WORD_AT(stmt, 18, urgency_texts),
		.severity = (enum bulletin_severity)WORD_AT(stmt, 19, severity_texts),
		.certainty = (enum bulletin_certainty)WORD_AT(stmt, 20, certainty_texts),
		.is_emergency = sqlite3_column_int(stmt, 21),
		.is_sensitive = sqlite3_column_int(stmt, 22),
		.is_drill = sqlite3_column_int(stmt, 23),
		.to_refusers = sqlite3_column_int(stmt, 24),
		.refers_to = sqlite3_column_int64(stmt, 25),
		.refers_how = (enum bulletin_refers)WORD_AT(stmt, 26, refers_texts),
		.enclosure_id = sqlite3_column_int64(stmt, 29),
		.is_trial = sqlite3_column_int(stmt, 31)};
	/* The schema allows no other word. */
	if (bulletin_state_of((const char *)sqlite3_column_text(stmt, 1), &b->state))
		b->state = BULLETIN_DISCARDED;
	copy_column(stmt, 17, b->category, sizeof(b->category));
	if (sqlite3_column_bytes(stmt, 30) == VAULT_HASH_BYTES)
		memcpy(b->hash, sqlite3_column_blob(stmt, 30), VAULT_HASH_BYTES);
	read_times(stmt, b);
}

enum err bulletin_load(struct store *store, int64_t id, struct bulletin *ret_bulletin)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_bulletin(stmt, ret_bulletin);
	return err;
}

enum err bulletin_list(struct store *store, const enum bulletin_state *state, int64_t before_id,
	int limit, bulletin_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	bind_text(stmt, 2, state ? bulletin_state_text(*state) : NULL);
	sqlite3_bind_int(stmt, 3, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct bulletin bulletin;

		read_bulletin(stmt, &bulletin);
		fn(arg, &bulletin);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err bulletin_referring(struct store *store, int64_t id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_REFERRING);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_id);
}

static enum err split_words(struct bulletin_words *words)
{
	const char **const texts[] = {&words->title, &words->text, &words->sms, &words->source};
	const char *at = buf_text(&words->body), *end = at + words->body.len;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *nul = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;

		if (!nul)
			return ERR_CORRUPT;
		*texts[i] = at;
		at = nul + 1;
	}
	return at == end ? ERR_OK : ERR_CORRUPT;
}

enum err bulletin_words(
	struct store *store, const struct bulletin *bulletin, struct bulletin_words *ret_words)
{
	struct bulletin_words words = {.title = ""};
	enum err err;

	buf_init(&words.body, WORDS_BYTES);
	err = stmt_open_sealed(
		store, STMT_BULLETIN_WORDS, WORDS_PLACE, bulletin->version_id, &words.body);
	if (!err)
		err = split_words(&words);
	if (err)
		buf_wipe(&words.body);
	else
		*ret_words = words;
	return err;
}

void bulletin_words_free(struct bulletin_words *words)
{
	buf_wipe(&words->body);
	words->title = words->text = words->sms = words->source = "";
}

enum err bulletin_audience(struct store *store, const struct bulletin *bulletin, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_BULLETIN_AUDIENCE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, bulletin->version_id);
	err = stmt_row(store, stmt);
	return err ? err
		   : buf_add(out, sqlite3_column_text(stmt, 0),
			     (size_t)sqlite3_column_bytes(stmt, 0));
}

/* Hashes what the row says now. */
static enum err rehash(struct store *store, const struct bulletin *b,
	const struct bulletin_words *words, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	CLEAN_BUF audience = {0};
	enum err err;

	buf_init(&audience, BULLETIN_AUDIENCE_MAX + 1);
	err = bulletin_audience(store, b, &audience);
	return err ? err
		   : hash_of(store, b->id,
			     &(struct bulletin_content){.category = b->category,
				     .urgency = b->urgency,
				     .severity = b->severity,
				     .certainty = b->certainty,
				     .is_sensitive = b->is_sensitive,
				     .is_drill = b->is_drill,
				     .to_refusers = b->to_refusers,
				     .refers_to = b->refers_to,
				     .refers_how = b->refers_how,
				     .from_ms = b->from_ms,
				     .expires_ms = b->expires_ms,
				     .enclosure_id = b->enclosure_id,
				     .audience = buf_text(&audience),
				     .title = words->title,
				     .text = words->text,
				     .sms = words->sms,
				     .source = words->source},
			     ret_hash);
}

enum err bulletin_verify(struct store *store, const struct bulletin *bulletin)
{
	struct bulletin_words words;
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err = bulletin_words(store, bulletin, &words);

	if (err)
		return err;
	err = rehash(store, bulletin, &words, hash);
	bulletin_words_free(&words);
	if (err)
		return err;
	return vault_is_same(hash, bulletin->hash, sizeof(hash)) ? ERR_OK : ERR_CORRUPT;
}
