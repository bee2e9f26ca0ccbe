/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/rebase.h"

#include "store/internal.h"
#include "store/sms_use.h"

static enum err shift(struct store *store, enum stmt_id id, int64_t by_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	sqlite3_bind_int64(stmt, 1, by_ms);
	return stmt_write(store, stmt);
}

enum err store_rebase(struct store *store, int64_t by_ms)
{
	enum err err = shift(store, STMT_REBASE_PART, by_ms);

	if (!err)
		err = shift(store, STMT_REBASE_OUTBOX, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_SET, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_ACT, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_ALARM, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_MENU, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_USSD, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_TOLD, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_BULLETIN, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_LEGAL, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_DELIVERY, by_ms);
	if (!err)
		err = shift(store, STMT_REBASE_LEDGER, by_ms);
	return err ? err : sms_use_shift(store, by_ms);
}

int64_t store_last_ms(struct store *store)
{
	return store->last_ms;
}
