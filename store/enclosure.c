/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/enclosure.h"

#include "store/internal.h"

#include <string.h>

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

enum err enclosure_add(struct store *store, const struct enclosure_new *in, int64_t *ret_id)
{
	int64_t id = store_next_id(store, ID_ENCLOSURE);
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENCLOSURE_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (!enclosure_is_name(in->name) || !in->bytes)
		return ERR_INVALID;
	if (in->bytes > ENCLOSURE_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, ENCLOSURE_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "enclosure.body", id, in->data, in->bytes, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, enclosure_kind_text(in->kind));
	bind_text(stmt, 3, in->name);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 5, sealed.data, (int)sealed.len, SQLITE_STATIC);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
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
	copy_column(stmt, 1, a.name, sizeof(a.name));
	copy_column(stmt, 2, a.handle, sizeof(a.handle));
	a.handle_expires_ms = sqlite3_column_int64(stmt, 3);
	*ret_enclosure = a;
	return ERR_OK;
}

enum err enclosure_body(struct store *store, int64_t id, struct buf *out)
{
	return stmt_open_sealed(store, STMT_ENCLOSURE_BODY, "enclosure.body", id, out);
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
