/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report.h"
#include "store/internal.h"
#include "store/outbox.h"
#include "store/report_number.h"
#include "store/report_row.h"

#include <string.h>

#define CODE_TRIES 100 /* of 27^6 = 387 million codes */

static enum err is_code_used(struct store *store, const char *code)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_CODE);

	bind_text(stmt, 1, code);
	return stmt_row(store, stmt);
}

static enum err draw_code(struct store *store, char code[REPORT_CODE_LEN + 1])
{
	for (int i = 0; i < CODE_TRIES; i++) {
		enum err err;

		vault_random_code(code, REPORT_CODE_LEN);
		err = is_code_used(store, code);
		if (err)
			return err == ERR_NOT_FOUND ? ERR_OK : err;
	}
	return ERR_BUG;
}

static enum err insert(struct store *store, const struct report *r)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_ADD);

	sqlite3_bind_int64(stmt, 1, r->id);
	sqlite3_bind_int(stmt, 2, report_year_in(r->book, r->year));
	sqlite3_bind_int(stmt, 3, r->number);
	bind_text(stmt, 4, r->code);
	sqlite3_bind_int64(stmt, 5, r->party_id);
	bind_text(stmt, 6, r->source);
	bind_text(stmt, 7, r->category);
	bind_text(stmt, 8, r->urgency);
	bind_text(stmt, 9, r->hamlet);
	bind_text(stmt, 10, r->state);
	sqlite3_bind_int64(stmt, 11, r->received_ms);
	sqlite3_bind_int64(stmt, 12, r->sent_ms);
	sqlite3_bind_int(stmt, 13, r->is_incomplete);
	sqlite3_bind_int64(stmt, 14, r->decided_ms);
	bind_text(stmt, 15, r->receiver);
	sqlite3_bind_int(stmt, 16, r->is_quiet);
	sqlite3_bind_int(stmt, 17, r->is_anonymous);
	bind_id(stmt, 18, r->merged_into);
	sqlite3_bind_int64(stmt, 19, r->heard_ms);
	sqlite3_bind_int64(stmt, 20, r->told_ms);
	sqlite3_bind_int(stmt, 21, r->is_confined);
	bind_id(stmt, 22, r->entry_no);
	return stmt_write(store, stmt);
}

/* Its key first: nothing can be sealed without. */
static enum err fill(struct store *store, const struct report_new *in, const struct report *r)
{
	struct keypair *pair;
	enum err err = report_key_make(store, r->id, &pair);

	if (err)
		return err;
	if (in->share)
		err = in->share(in->share_arg, r, pair);
	keypair_free(pair);
	if (!err)
		err = report_entry_add(
			store, r->id, REPORT_ENTRY_RECEIVED, in->received_ms, 0, in->text);
	if (!err && in->guess)
		err = report_guess_set(store, r->id, in->guess, in->guess_words);
	return err;
}

enum err report_add(struct store *store, const struct report_new *in, struct report *ret_report)
{
	struct report r = {.party_id = in->party_id,
		.book = in->book,
		.year = clock_local_year(in->received_ms),
		.state = "open",
		.received_ms = in->received_ms,
		.sent_ms = in->sent_ms,
		.is_incomplete = in->is_incomplete,
		.is_quiet = in->is_quiet,
		.is_anonymous = in->is_anonymous,
		.is_confined = in->book != REPORT_BOOK_REGISTER,
		.heard_ms = in->received_ms};
	bool is_running = false;
	enum err err = str_copy(r.source, sizeof(r.source), in->source);

	if (!err && in->receiver)
		err = str_copy(r.receiver, sizeof(r.receiver), in->receiver);
	if (!err && in->hamlet)
		err = str_copy(r.hamlet, sizeof(r.hamlet), in->hamlet);

	if (!err)
		err = str_copy(
			r.category, sizeof(r.category), in->guess ? in->guess->category : "other");
	if (!err)
		err = str_copy(r.urgency, sizeof(r.urgency),
			in->guess && in->guess->is_danger ? "danger" : "normal");
	if (!err)
		err = report_number_take(store, r.book, r.year, &r.number, &is_running);
	if (!err)
		err = draw_code(store, r.code);
	if (err)
		return err;
	r.entry_no = is_running && r.book == REPORT_BOOK_REGISTER ? r.number : 0;
	r.id = store_next_id(store, ID_REPORT);
	err = insert(store, &r);
	if (!err)
		err = fill(store, in, &r);
	if (!err)
		*ret_report = r;
	return err;
}

void report_read(sqlite3_stmt *stmt, struct report *ret_report)
{
	*ret_report = (struct report){0};
	ret_report->id = sqlite3_column_int64(stmt, 0);
	report_year_read(sqlite3_column_int(stmt, 1), &ret_report->book, &ret_report->year);
	ret_report->number = sqlite3_column_int(stmt, 2);
	copy_column(stmt, 3, ret_report->code, sizeof(ret_report->code));
	ret_report->party_id = sqlite3_column_int64(stmt, 4);
	copy_column(stmt, 5, ret_report->source, sizeof(ret_report->source));
	copy_column(stmt, 6, ret_report->category, sizeof(ret_report->category));
	copy_column(stmt, 7, ret_report->urgency, sizeof(ret_report->urgency));
	copy_column(stmt, 8, ret_report->hamlet, sizeof(ret_report->hamlet));
	copy_column(stmt, 9, ret_report->state, sizeof(ret_report->state));
	ret_report->received_ms = sqlite3_column_int64(stmt, 10);
	ret_report->sent_ms = sqlite3_column_int64(stmt, 11);
	ret_report->is_incomplete = sqlite3_column_int(stmt, 12);
	ret_report->decided_ms = sqlite3_column_int64(stmt, 13);
	copy_column(stmt, 14, ret_report->receiver, sizeof(ret_report->receiver));
	ret_report->is_quiet = sqlite3_column_int(stmt, 15);
	ret_report->is_anonymous = sqlite3_column_int(stmt, 16);
	ret_report->merged_into = sqlite3_column_int64(stmt, 17);
	ret_report->heard_ms = sqlite3_column_int64(stmt, 18);
	ret_report->told_ms = sqlite3_column_int64(stmt, 19);
	ret_report->assignee_id = sqlite3_column_int64(stmt, 20);
	ret_report->is_confined = sqlite3_column_int(stmt, 21);
	ret_report->entry_no = sqlite3_column_int(stmt, 22);
}

enum err report_load(struct store *store, int64_t id, struct report *ret_report)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		report_read(stmt, ret_report);
	return err;
}

enum err report_confine(struct store *store, int64_t id, bool is_confined)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_CONFINE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, is_confined);
	return stmt_write_one(store, stmt);
}

enum err report_held_before(
	struct store *store, int64_t holder_id, int64_t before_id, struct report *ret_report)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_HELD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, holder_id);
	sqlite3_bind_int64(stmt, 2, before_id ? before_id : INT64_MAX);
	err = stmt_row(store, stmt);
	if (!err)
		report_read(stmt, ret_report);
	return err;
}

static enum err find_one(struct store *store, sqlite3_stmt *stmt, struct report *ret_report)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		report_read(stmt, ret_report);
	return err;
}

enum err report_find_code(struct store *store, const char *code, struct report *ret_report)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_BY_CODE);

	bind_text(stmt, 1, code);
	return find_one(store, stmt, ret_report);
}

enum err report_give_all(struct store *store, sqlite3_stmt *stmt, report_fn fn, void *arg)
{
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct report report;

		report_read(stmt, &report);
		fn(arg, &report);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_of_party(struct store *store, int64_t party_id, int limit, report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_OF_PARTY);

	sqlite3_bind_int64(stmt, 1, party_id);
	sqlite3_bind_int(stmt, 2, limit);
	return report_give_all(store, stmt, fn, arg);
}

struct span_look {
	struct report_span *span;
	int given;
	report_fn fn;
	void *arg;
};

static void span_give(void *arg, const struct report *report)
{
	struct span_look *look = arg;

	look->span->after_ms = report->received_ms;
	look->span->after_id = report->id;
	look->given++;
	look->fn(look->arg, report);
}

enum err report_span(struct store *store, struct report_span *span, int limit, report_fn fn,
	void *arg, bool *ret_is_end)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_SPAN);
	struct span_look look = {span, 0, fn, arg};
	enum err err;

	sqlite3_bind_int64(stmt, 1, span->after_ms);
	sqlite3_bind_int64(stmt, 2, span->after_id);
	sqlite3_bind_int64(stmt, 3, span->to_ms);
	sqlite3_bind_int(stmt, 4, limit);
	err = report_give_all(store, stmt, span_give, &look);
	if (!err)
		*ret_is_end = look.given < limit;
	return err;
}

enum err report_list(struct store *store, int64_t before_id, int limit, report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_LIST);

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	return report_give_all(store, stmt, fn, arg);
}

enum err report_open_list(
	struct store *store, const struct report_open_ask *ask, report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_OPEN);

	bind_text(stmt, 1, ask->urgency);
	if (ask->holder_id)
		sqlite3_bind_int64(stmt, 2, ask->holder_id);
	sqlite3_bind_int64(stmt, 3, ask->after_ms);
	sqlite3_bind_int64(stmt, 4, ask->after_id);
	sqlite3_bind_int(stmt, 5, ask->limit);
	return report_give_all(store, stmt, fn, arg);
}

enum err report_questions(
	struct store *store, int64_t before_id, int limit, report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_QUESTIONS);

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	return report_give_all(store, stmt, fn, arg);
}

enum err report_set_state(struct store *store, int64_t id, const char *state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_STATE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, state);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

enum err report_set_hamlet(struct store *store, int64_t id, const char *hamlet)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_HAMLET);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, hamlet);
	return stmt_write_one(store, stmt);
}

enum err report_hide(struct store *store, const struct report *report, int64_t party_id)
{
	static const enum stmt_id ids[] = {
		STMT_REPORT_INBOX_PARTY, STMT_NAMELESS_PART, STMT_NAMELESS_OUTBOX};
	CLEAN_STMT *hide = stmt_get(store, STMT_REPORT_HIDE);
	enum err err;

	sqlite3_bind_int64(hide, 1, report->id);
	sqlite3_bind_int64(hide, 2, party_id);
	err = stmt_write_one(store, hide);
	for (size_t i = 0; !err && i < ARRAY_LEN(ids); i++) {
		CLEAN_STMT *stmt = stmt_get(store, ids[i]);

		sqlite3_bind_int64(stmt, 1, report->id);
		sqlite3_bind_int64(stmt, 2, report->party_id);
		sqlite3_bind_int64(stmt, 3, party_id);
		err = stmt_write(store, stmt);
	}
	return err;
}

enum err report_set_quiet(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_QUIET);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_write_one(store, stmt);
}

enum err report_cancel_duty(struct store *store, int64_t id)
{
	enum err err = ERR_OK;

	while (!err) {
		CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_DUTY_WAITING);
		struct outbox_move move = {.to = OUTBOX_CANCELLED};
		int64_t outbox_id;

		sqlite3_bind_int64(stmt, 1, id);
		err = stmt_row(store, stmt);
		if (err)
			break;
		outbox_id = sqlite3_column_int64(stmt, 0);
		/* It may have left: the row goes on saying so. */
		if (strcmp((const char *)sqlite3_column_text(stmt, 1), "IN_DOUBT") == 0)
			move.error = ERR_IN_DOUBT;
		sqlite3_reset(stmt);
		err = outbox_move(store, outbox_id, &move);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_set_assignee(struct store *store, int64_t id, int64_t officer_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_ASSIGN);

	sqlite3_bind_int64(stmt, 1, id);
	bind_id(stmt, 2, officer_id);
	return stmt_write_one(store, stmt);
}

static enum err set_time(struct store *store, enum stmt_id stmt_id, int64_t id, int64_t at_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, stmt_id);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, at_ms);
	return stmt_write_one(store, stmt);
}

enum err report_set_heard(struct store *store, int64_t id, int64_t at_ms)
{
	return set_time(store, STMT_REPORT_HEARD, id, at_ms);
}

enum err report_set_told(struct store *store, int64_t id, int64_t at_ms)
{
	return set_time(store, STMT_REPORT_TOLD, id, at_ms);
}

enum err report_open_of(struct store *store, int64_t party_id, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_OPEN_OF);

	sqlite3_bind_int64(stmt, 1, party_id);
	return stmt_int64(store, stmt, ret_count);
}

enum err report_rate(struct store *store, int64_t id, const char *category, const char *urgency,
	int64_t decided_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_RATE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, category);
	bind_text(stmt, 3, urgency);
	sqlite3_bind_int64(stmt, 4, decided_ms);
	return stmt_write(store, stmt);
}

enum err report_count(struct store *store, const char *state, int64_t *ret_count)
{
	return stmt_count(store, STMT_REPORT_COUNT, state, ret_count);
}
