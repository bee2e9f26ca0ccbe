/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/enrol_code.h"

#include "store/internal.h"
#include "store/resident_hash.h"

#include <string.h>

#define ADDRESS_MAX 128
#define WORDS_MAX   1024

static const char *const kinds[] = {[ENROL_CODE_PHONE] = "phone", [ENROL_CODE_ZALO] = "zalo"};

static int64_t today(struct store *store)
{
	return clock_local_day(clock_wall_ms(store->clock));
}

/* Apart from the other secrets of a few digits that share the subkey. */
static void code_hash(struct store *store, const char *code, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char text[32];
	int len = snprintf(text, sizeof(text), "enrol|%.16s", code);

	vault_hash(store->vault, VAULT_HASH_PIN, text, (size_t)len, ret_hash);
	explicit_bzero(text, sizeof(text));
}

static enum err clear_holder(struct store *store, const uint8_t holder[VAULT_HASH_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROL_CODE_CLEAR);

	sqlite3_bind_blob(stmt, 1, holder, VAULT_HASH_BYTES, SQLITE_STATIC);
	turn_scrub(store);
	return stmt_write(store, stmt);
}

static enum err add(struct store *store, const struct enrol_code_new *in, const char *code,
	const uint8_t holder[VAULT_HASH_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROL_CODE_ADD);
	int64_t id = store_next_id(store, ID_ENROL_CODE);
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_BUF address = {0};
	CLEAN_BUF words = {0};
	enum err err;

	code_hash(store, code, hash);
	buf_init(&address, ADDRESS_MAX + VAULT_SEAL_EXTRA_BYTES);
	buf_init(&words, WORDS_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(
		store->vault, "enrol_code.address", id, in->address, strlen(in->address), &address);
	if (!err)
		err = vault_seal(
			store->vault, "enrol_code.words", id, in->words, strlen(in->words), &words);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 3, holder, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_text(stmt, 4, kinds[in->kind]);
	sqlite3_bind_int(stmt, 5, in->version);
	sqlite3_bind_int64(stmt, 6, today(store));
	sqlite3_bind_blob(stmt, 7, address.data, (int)address.len, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 8, words.data, (int)words.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err enrol_code_draw(
	struct store *store, const struct enrol_code_new *in, char ret_code[ENROL_CODE_LEN + 1])
{
	uint8_t holder[VAULT_HASH_BYTES];
	char code[ENROL_CODE_LEN + 1];
	enum err err;

	if (in->kind == ENROL_CODE_PHONE)
		resident_phone_hash(store, in->address, holder);
	else
		resident_zalo_hash(store, in->address, holder);
	vault_random_digits(code, ENROL_CODE_LEN);
	err = clear_holder(store, holder);
	/* Of a hundred million one that somebody else has just now: he asks again. */
	if (!err)
		err = add(store, in, code, holder);
	if (!err)
		memcpy(ret_code, code, sizeof(code));
	explicit_bzero(code, sizeof(code));
	return err;
}

static enum err open_words(struct store *store, struct enrol_code *code)
{
	enum err err = stmt_open_sealed(
		store, STMT_ENROL_CODE_ADDRESS, "enrol_code.address", code->id, &code->address);

	return err ? err
		   : stmt_open_sealed(store, STMT_ENROL_CODE_WORDS, "enrol_code.words", code->id,
			     &code->words);
}

static enum err find(struct store *store, const char *text, struct enrol_code *code)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROL_CODE_FIND);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	code_hash(store, text, hash);
	sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, today(store) - ENROL_CODE_DAYS);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	code->id = sqlite3_column_int64(stmt, 0);
	code->kind = (enum enrol_code_kind)text_index(
		kinds, ARRAY_LEN(kinds), (const char *)sqlite3_column_text(stmt, 1));
	code->version = sqlite3_column_int(stmt, 2);
	return ERR_OK;
}

enum err enrol_code_find(struct store *store, const char *text, struct enrol_code *ret_code)
{
	struct enrol_code code = {.id = 0};
	enum err err = find(store, text, &code);

	if (err)
		return err;
	buf_init(&code.address, ADDRESS_MAX);
	buf_init(&code.words, WORDS_MAX);
	err = open_words(store, &code);
	if (err)
		enrol_code_done(&code);
	else
		*ret_code = code;
	return err;
}

void enrol_code_done(struct enrol_code *code)
{
	buf_wipe(&code->address);
	buf_wipe(&code->words);
}

enum err enrol_code_drop(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROL_CODE_DROP);

	sqlite3_bind_int64(stmt, 1, id);
	turn_scrub(store);
	return stmt_write_one(store, stmt);
}

enum err enrol_code_prune(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROL_CODE_PRUNE);

	sqlite3_bind_int64(stmt, 1, today(store) - ENROL_CODE_DAYS);
	return stmt_write(store, stmt);
}
