/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_class.h"
#include "store/internal.h"

static const char *const outcome_texts[] = {
#define X(name, text) [REPORT_OUTCOME_##name] = text,
	REPORT_OUTCOME_TABLE(X)
#undef X
};

const char *report_outcome_text(enum report_outcome_kind kind)
{
	return outcome_texts[kind];
}

enum err report_outcome_of(const char *text, enum report_outcome_kind *ret_kind)
{
	for (int i = 0; i < REPORT_OUTCOMES; i++) {
		if (str_eq(outcome_texts[i], text)) {
			*ret_kind = (enum report_outcome_kind)i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

enum err report_class_add(struct store *store, const struct report_class *in, int64_t *ret_id)
{
	int64_t id = store_next_id(store, ID_REPORT_CLASS);
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLASS_ADD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, in->report_id);
	bind_text(stmt, 3, in->class);
	sqlite3_bind_int64(stmt, 4, in->regime_id);
	sqlite3_bind_int(stmt, 5, in->is_urgent);
	bind_text(stmt, 6, in->actor);
	sqlite3_bind_int64(stmt, 7, in->at_ms);
	bind_text(stmt, 8, in->trust);
	bind_id(stmt, 9, in->note_id);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

static void read_class(sqlite3_stmt *stmt, struct report_class *class)
{
	*class = (struct report_class){.id = sqlite3_column_int64(stmt, 0),
		.report_id = sqlite3_column_int64(stmt, 1),
		.regime_id = sqlite3_column_int64(stmt, 3),
		.is_urgent = sqlite3_column_int(stmt, 4),
		.at_ms = sqlite3_column_int64(stmt, 6),
		.note_id = sqlite3_column_int64(stmt, 8)};
	copy_column(stmt, 2, class->class, sizeof(class->class));
	copy_column(stmt, 5, class->actor, sizeof(class->actor));
	copy_column(stmt, 7, class->trust, sizeof(class->trust));
}

enum err report_class_load(struct store *store, int64_t report_id, struct report_class *ret_class)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLASS_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	err = stmt_row(store, stmt);
	if (!err)
		read_class(stmt, ret_class);
	return err;
}

enum err report_class_list(struct store *store, int64_t report_id, report_class_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLASS_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	while (!(err = stmt_row(store, stmt))) {
		struct report_class class;

		read_class(stmt, &class);
		fn(arg, &class);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_moment_set(struct store *store, const struct report_moment *moment)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MOMENT_SET);

	sqlite3_bind_int64(stmt, 1, moment->report_id);
	bind_text(stmt, 2, moment->moment);
	sqlite3_bind_int64(stmt, 3, moment->at_ms);
	sqlite3_bind_int64(stmt, 4, moment->box_ms);
	sqlite3_bind_int64(stmt, 5, moment->stamp_ms);
	bind_text(stmt, 6, moment->trust);
	sqlite3_bind_int(stmt, 7, moment->is_settled);
	bind_text(stmt, 8, moment->actor);
	return stmt_write(store, stmt);
}

static enum err read_moment(
	struct store *store, sqlite3_stmt *stmt, struct report_moment *ret_moment)
{
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	*ret_moment = (struct report_moment){.report_id = sqlite3_column_int64(stmt, 0),
		.at_ms = sqlite3_column_int64(stmt, 2),
		.box_ms = sqlite3_column_int64(stmt, 3),
		.stamp_ms = sqlite3_column_int64(stmt, 4),
		.is_settled = sqlite3_column_int(stmt, 6)};
	copy_column(stmt, 1, ret_moment->moment, sizeof(ret_moment->moment));
	copy_column(stmt, 5, ret_moment->trust, sizeof(ret_moment->trust));
	copy_column(stmt, 7, ret_moment->actor, sizeof(ret_moment->actor));
	return ERR_OK;
}

enum err report_moment_load(struct store *store, int64_t report_id, const char *moment,
	struct report_moment *ret_moment)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MOMENT_LOAD);

	sqlite3_bind_int64(stmt, 1, report_id);
	bind_text(stmt, 2, moment);
	return read_moment(store, stmt, ret_moment);
}

enum err report_moment_unsettled(
	struct store *store, int64_t after_id, const char *after, struct report_moment *ret_moment)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MOMENT_UNSETTLED);

	sqlite3_bind_int64(stmt, 1, after_id);
	bind_text(stmt, 2, after);
	return read_moment(store, stmt, ret_moment);
}

enum err report_entry_last(struct store *store, int64_t report_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENTRY_LAST);

	sqlite3_bind_int64(stmt, 1, report_id);
	return stmt_int64(store, stmt, ret_id);
}

enum err report_outcome_add(struct store *store, const struct report_outcome *in)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTCOME_ADD);

	sqlite3_bind_int64(stmt, 1, in->report_id);
	bind_text(stmt, 2, report_outcome_text(in->kind));
	bind_text(stmt, 3, in->addressee);
	bind_text(stmt, 4, in->receipt);
	sqlite3_bind_int64(stmt, 5, in->at_ms);
	sqlite3_bind_int64(stmt, 6, in->noted_ms);
	bind_text(stmt, 7, in->actor);
	bind_id(stmt, 8, in->note_id);
	return stmt_write(store, stmt);
}

enum err report_outcome_list(
	struct store *store, int64_t report_id, report_outcome_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTCOME_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	while (!(err = stmt_row(store, stmt))) {
		struct report_outcome o = {.id = sqlite3_column_int64(stmt, 0),
			.report_id = report_id,
			.at_ms = sqlite3_column_int64(stmt, 4),
			.noted_ms = sqlite3_column_int64(stmt, 5),
			.note_id = sqlite3_column_int64(stmt, 7)};

		o.kind = (enum report_outcome_kind)text_index(
			outcome_texts, REPORT_OUTCOMES, (const char *)sqlite3_column_text(stmt, 1));
		copy_column(stmt, 2, o.addressee, sizeof(o.addressee));
		copy_column(stmt, 3, o.receipt, sizeof(o.receipt));
		copy_column(stmt, 6, o.actor, sizeof(o.actor));
		fn(arg, &o);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
