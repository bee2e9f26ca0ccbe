/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/enclosure.h"

#include "daemon/base/str.h"
#include "store/internal.h"

#include <string.h>

#define BODY_PLACE "enclosure.body"
#define NAME_PLACE "enclosure.sealed_name"

static const char *const kind_texts[] = {
#define X(name, text) [ENCLOSURE_##name] = text,
	ENCLOSURE_KIND_TABLE(X)
#undef X
};

const char *enclosure_kind_text(enum enclosure_kind kind)
{
	return kind_texts[kind];
}

bool enclosure_is_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= ENCLOSURE_NAME_MAX || !strrchr(name, '.') || name[0] == '.')
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f || strchr("\"\\/", name[i]))
			return false;
	}
	return true;
}

static enum err seal(struct store *store, const char *place, int64_t id, const void *data,
	size_t len, struct buf *out)
{
	buf_init(out, len + VAULT_SEAL_EXTRA_BYTES);
	return vault_seal(store->vault, place, id, data, len, out);
}

enum err enclosure_add(struct store *store, const struct enclosure_new *in, int64_t *ret_id)
{
	int64_t id = store_next_id(store, ID_ENCLOSURE);
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENCLOSURE_ADD);
	CLEAN_BUF sealed = {0};
	CLEAN_BUF name = {0};
	enum err err;

	if (!enclosure_is_name(in->name) || !in->bytes)
		return ERR_INVALID;
	if (in->bytes > ENCLOSURE_MAX)
		return ERR_TOO_BIG;
	err = seal(store, BODY_PLACE, id, in->data, in->bytes, &sealed);
	if (!err)
		err = seal(store, NAME_PLACE, id, in->name, strlen(in->name), &name);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, enclosure_kind_text(in->kind));
	sqlite3_bind_blob(stmt, 3, name.data, (int)name.len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 5, sealed.data, (int)sealed.len, SQLITE_STATIC);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

/* Of before it was sealed, it lies in the clear until it is erased. */
static enum err read_name(
	struct store *store, int64_t id, sqlite3_stmt *stmt, char name[ENCLOSURE_NAME_MAX])
{
	CLEAN_BUF open = {0};
	enum err err;

	copy_column(stmt, 1, name, ENCLOSURE_NAME_MAX);
	if (sqlite3_column_type(stmt, 2) == SQLITE_NULL)
		return ERR_OK;
	buf_init(&open, ENCLOSURE_NAME_MAX);
	err = vault_unseal(store->vault, NAME_PLACE, id, sqlite3_column_blob(stmt, 2),
		(size_t)sqlite3_column_bytes(stmt, 2), &open);
	return err ? err : str_copy(name, ENCLOSURE_NAME_MAX, buf_text(&open));
}

enum err enclosure_load(struct store *store, int64_t id, struct enclosure *ret_enclosure)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENCLOSURE_LOAD);
	struct enclosure a = {0};
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	a.kind = (enum enclosure_kind)text_index(
		kind_texts, ARRAY_LEN(kind_texts), (const char *)sqlite3_column_text(stmt, 0));
	copy_column(stmt, 3, a.handle, sizeof(a.handle));
	a.handle_expires_ms = sqlite3_column_int64(stmt, 4);
	err = read_name(store, id, stmt, a.name);
	if (!err)
		*ret_enclosure = a;
	return err;
}

enum err enclosure_body(struct store *store, int64_t id, struct buf *out)
{
	return stmt_open_sealed(store, STMT_ENCLOSURE_BODY, BODY_PLACE, id, out);
}

enum err enclosure_set_handle(
	struct store *store, int64_t id, const char *handle, int64_t expires_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HANDLE_SET);

	if (strlen(handle) >= ENCLOSURE_HANDLE_MAX)
		return ERR_TOO_BIG;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, handle);
	sqlite3_bind_int64(stmt, 3, expires_ms);
	return stmt_write(store, stmt);
}

enum err enclosure_erase(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENCLOSURE_ERASE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_write(store, stmt);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
