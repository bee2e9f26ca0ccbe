/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/alarm.h"

#include "store/internal.h"
#include "store/outbox_row.h"

#include <string.h>

enum err alarm_page_add(struct store *store, int64_t id, const struct alarm_page *page)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PAGE_ADD);

	sqlite3_bind_int64(stmt, 1, page->outbox_id);
	sqlite3_bind_int64(stmt, 2, id);
	sqlite3_bind_int64(stmt, 3, page->party_id);
	bind_id(stmt, 4, page->officer_id);
	sqlite3_bind_int(stmt, 5, page->step);
	return stmt_write(store, stmt);
}

static enum outbox_state state_of(const char *text)
{
#define X(name) \
	if (str_eq(text, #name)) \
		return OUTBOX_##name;
	OUTBOX_STATE_TABLE(X)
#undef X
	return OUTBOX_FAILED;
}

enum err alarm_page_next(
	struct store *store, int64_t id, int64_t after_id, struct alarm_page *ret_page)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PAGE_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, after_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_page = (struct alarm_page){.outbox_id = sqlite3_column_int64(stmt, 0),
		.party_id = sqlite3_column_int64(stmt, 1),
		.officer_id = sqlite3_column_int64(stmt, 2),
		.step = sqlite3_column_int(stmt, 3),
		.state = state_of((const char *)sqlite3_column_text(stmt, 4)),
		.due_ms = sqlite3_column_int64(stmt, 5)};
	return ERR_OK;
}

enum err alarm_page_to(struct store *store, int64_t id, int64_t party_id, int64_t *ret_officer_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PAGE_OFFICER);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, party_id);
	return stmt_int64(store, stmt, ret_officer_id);
}

enum err alarm_page_any(struct store *store, int64_t party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PAGE_ANY);

	sqlite3_bind_int64(stmt, 1, party_id);
	return stmt_row(store, stmt);
}

enum err alarm_page_last(struct store *store, int64_t party_id, int64_t *ret_due_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PAGE_LAST);
	enum err err;

	*ret_due_ms = 0;
	sqlite3_bind_int64(stmt, 1, party_id);
	err = stmt_int64(store, stmt, ret_due_ms);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err alarm_page_retext(struct store *store, int64_t outbox_id, const char *text)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_RETEXT);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, OUTBOX_BODY_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "outbox.body", outbox_id, text, strlen(text), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, outbox_id);
	sqlite3_bind_blob(stmt, 2, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

enum err alarm_wrong(struct store *store, int64_t party_id, struct alarm_wrong *ret_wrong)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_WRONG_LOAD);
	enum err err;

	*ret_wrong = (struct alarm_wrong){0};
	sqlite3_bind_int64(stmt, 1, party_id);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	ret_wrong->wrong = sqlite3_column_int(stmt, 0);
	ret_wrong->last_ms = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

enum err alarm_set_wrong(struct store *store, int64_t party_id, const struct alarm_wrong *wrong)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_WRONG_SET);

	sqlite3_bind_int64(stmt, 1, party_id);
	sqlite3_bind_int(stmt, 2, wrong->wrong);
	sqlite3_bind_int64(stmt, 3, wrong->last_ms);
	return stmt_write(store, stmt);
}
