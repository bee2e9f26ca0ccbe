/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom a report is about (report.h). */
#include "store/internal.h"
#include "store/report.h"

enum err report_subject_set(
	struct store *store, int64_t report_id, int64_t officer_id, bool is_subject)
{
	CLEAN_STMT *stmt =
		stmt_get(store, is_subject ? STMT_SUBJECT_ADD : STMT_SUBJECT_REMOVE);

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
