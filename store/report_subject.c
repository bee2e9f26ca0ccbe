/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom and where a report is about, and what each may count of them (report.h). */
#include "store/internal.h"
#include "store/report.h"

enum err report_subject_set(
	struct store *store, int64_t report_id, int64_t officer_id, bool is_subject)
{
	CLEAN_STMT *stmt = stmt_get(store, is_subject ? STMT_SUBJECT_ADD : STMT_SUBJECT_REMOVE);

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, officer_id);
	return stmt_write(store, stmt);
}

enum err report_subjects(struct store *store, int64_t report_id,
	int64_t ret_officers[REPORT_SUBJECTS_MAX], int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SUBJECT_LIST);
	int count = 0;
	enum err err = ERR_OK;

	sqlite3_bind_int64(stmt, 1, report_id);
	while (count < REPORT_SUBJECTS_MAX && !(err = stmt_row(store, stmt)))
		ret_officers[count++] = sqlite3_column_int64(stmt, 0);
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_with_subject_next(struct store *store, int64_t after_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SUBJECT_NEXT);

	sqlite3_bind_int64(stmt, 1, after_id);
	return stmt_int64(store, stmt, ret_id);
}

enum err report_of_hamlet_next(
	struct store *store, const char *hamlet, int64_t after_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_OF_HAMLET);

	bind_text(stmt, 1, hamlet);
	sqlite3_bind_int64(stmt, 2, after_id);
	return stmt_int64(store, stmt, ret_id);
}

static enum err count(struct store *store, enum stmt_id id, int64_t holder_id, const char *state,
	int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	sqlite3_bind_int64(stmt, 1, holder_id);
	bind_text(stmt, 2, state);
	return stmt_int64(store, stmt, ret_count);
}

enum err report_count_held(
	struct store *store, int64_t holder_id, const char *state, int64_t *ret_count)
{
	return count(store, STMT_COUNT_HELD, holder_id, state, ret_count);
}

enum err report_count_hidden(
	struct store *store, int64_t holder_id, const char *state, int64_t *ret_count)
{
	return count(store, STMT_COUNT_HIDDEN, holder_id, state, ret_count);
}

enum err report_messages_hidden(struct store *store, int64_t holder_id, bool is_inbox,
	const char *state, int64_t *ret_count)
{
	return count(store, is_inbox ? STMT_INBOX_HIDDEN : STMT_OUTBOX_HIDDEN, holder_id, state,
		ret_count);
}
