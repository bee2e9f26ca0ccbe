/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report.h"
#include "store/envelope.h"
#include "store/escrow.h"
#include "store/internal.h"
#include "store/outbox.h"
#include "store/report_row.h"

#include <string.h>

#define REPORT_TEXT_MAX (64 * 1024) /* 255 parts of 160 characters; intake lets no more through */
#define CODE_TRIES	100	    /* of 27^6 = 387 million codes */

static const char *const entry_texts[] = {
#define X(name, text) [REPORT_ENTRY_##name] = text,
	REPORT_ENTRY_TABLE(X)
#undef X
};

const char *report_entry_text(enum report_entry_kind kind)
{
	return entry_texts[kind];
}

static const char *const book_letters[] = {
#define X(name, letter) [REPORT_BOOK_##name] = letter,
	REPORT_BOOK_TABLE(X)
#undef X
};

const char *report_book_letter(enum report_book book)
{
	return book_letters[book];
}

void report_number_text(const struct report *report, char ret_text[REPORT_NUMBER_BYTES])
{
	snprintf(ret_text, REPORT_NUMBER_BYTES, "%s%d", book_letters[report->book], report->number);
}

/* As the column `year` has it. */
#define BOOK_STEP 10000
static int year_in(enum report_book book, int year)
{
	return (int)book * BOOK_STEP + year;
}

/* year: as year_in(). */
static enum err next_number(struct store *store, int year, int *ret_number)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_NEXT);
	enum err err;

	sqlite3_bind_int(stmt, 1, year);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_number = sqlite3_column_int(stmt, 0);
	return err;
}

static enum err is_number_used(struct store *store, int year, int number)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_NUMBER_USED);

	sqlite3_bind_int(stmt, 1, year);
	sqlite3_bind_int(stmt, 2, number);
	return stmt_row(store, stmt);
}

/* Five digits, which can be read over the telephone; one more when most of those are in use. */
#define NUMBER_LEAST  10000
#define NUMBER_WIDEST 1000000000 /* what an int holds */
#define NUMBER_TRIES  8

static enum err draw_number(struct store *store, int year, int *ret_number)
{
	for (int least = NUMBER_LEAST; least < NUMBER_WIDEST; least *= 10) {
		for (int i = 0; i < NUMBER_TRIES; i++) {
			int number = least + (int)vault_random_below(9 * (uint32_t)least);
			enum err err = is_number_used(store, year, number);

			if (err == ERR_NOT_FOUND)
				*ret_number = number;
			if (err)
				return err == ERR_NOT_FOUND ? ERR_OK : err;
		}
	}
	return ERR_BUG;
}

/* Once there are officers there is somebody whom a gap would tell something. */
static enum err take_number(struct store *store, int year, int *ret_number, bool *ret_is_running)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	enum err err = escrow_public(store, escrow);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is_running = err == ERR_NOT_FOUND;
	return err ? next_number(store, year, ret_number) : draw_number(store, year, ret_number);
}

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
	sqlite3_bind_int(stmt, 2, year_in(r->book, r->year));
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
		err = take_number(store, year_in(r.book, r.year), &r.number, &is_running);
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

static void read_report(sqlite3_stmt *stmt, struct report *r)
{
	*r = (struct report){0};
	r->id = sqlite3_column_int64(stmt, 0);
	r->year = sqlite3_column_int(stmt, 1) % BOOK_STEP;
	r->book = (enum report_book)(sqlite3_column_int(stmt, 1) / BOOK_STEP);
	r->number = sqlite3_column_int(stmt, 2);
	copy_column(stmt, 3, r->code, sizeof(r->code));
	r->party_id = sqlite3_column_int64(stmt, 4);
	copy_column(stmt, 5, r->source, sizeof(r->source));
	copy_column(stmt, 6, r->category, sizeof(r->category));
	copy_column(stmt, 7, r->urgency, sizeof(r->urgency));
	copy_column(stmt, 8, r->hamlet, sizeof(r->hamlet));
	copy_column(stmt, 9, r->state, sizeof(r->state));
	r->received_ms = sqlite3_column_int64(stmt, 10);
	r->sent_ms = sqlite3_column_int64(stmt, 11);
	r->is_incomplete = sqlite3_column_int(stmt, 12);
	r->decided_ms = sqlite3_column_int64(stmt, 13);
	copy_column(stmt, 14, r->receiver, sizeof(r->receiver));
	r->is_quiet = sqlite3_column_int(stmt, 15);
	r->is_anonymous = sqlite3_column_int(stmt, 16);
	r->merged_into = sqlite3_column_int64(stmt, 17);
	r->heard_ms = sqlite3_column_int64(stmt, 18);
	r->told_ms = sqlite3_column_int64(stmt, 19);
	r->assignee_id = sqlite3_column_int64(stmt, 20);
	r->is_confined = sqlite3_column_int(stmt, 21);
	r->entry_no = sqlite3_column_int(stmt, 22);
}

enum err report_load(struct store *store, int64_t id, struct report *ret_report)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_report(stmt, ret_report);
	return err;
}

static enum err find_in_year(struct store *store, int year, int number, struct report *ret_report)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_FIND);
	enum err err;

	sqlite3_bind_int(stmt, 1, year);
	sqlite3_bind_int(stmt, 2, number);
	err = stmt_row(store, stmt);
	if (!err)
		read_report(stmt, ret_report);
	return err;
}

/* The newest year with reports before this one. */
static enum err year_before(struct store *store, int year, int *ret_year)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_YEAR);
	enum err err;

	sqlite3_bind_int(stmt, 1, year);
	err = stmt_row(store, stmt);
	if (!err && sqlite3_column_type(stmt, 0) == SQLITE_NULL)
		return ERR_NOT_FOUND;
	if (!err)
		*ret_year = sqlite3_column_int(stmt, 0);
	return err;
}

enum err report_find(
	struct store *store, enum report_book book, int year, int number, struct report *ret_report)
{
	const int first = year_in(book, 0);
	enum err err;

	if (year)
		return find_in_year(store, year_in(book, year), number, ret_report);
	year = first + BOOK_STEP;
	while (!(err = year_before(store, year, &year)) && year >= first) {
		err = find_in_year(store, year, number, ret_report);
		if (err != ERR_NOT_FOUND)
			return err;
	}
	return err ? err : ERR_NOT_FOUND;
}

/* Nobody else is called what its sender was told. */
static enum err leave_number(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_NUMBER_LEFT);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_write_one(store, stmt);
}

enum err report_rebook(struct store *store, int64_t id, enum report_book book)
{
	struct report r;
	int year, number;
	enum err err = report_load(store, id, &r);

	if (err || r.book == book)
		return err;
	year = year_in(book, r.year);
	err = draw_number(store, year, &number);
	if (!err)
		err = leave_number(store, id);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_REBOOK);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, year);
	sqlite3_bind_int(stmt, 3, number);
	return stmt_write_one(store, stmt);
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
		read_report(stmt, ret_report);
	return err;
}

static enum err find_one(struct store *store, sqlite3_stmt *stmt, struct report *ret_report)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		read_report(stmt, ret_report);
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

		read_report(stmt, &report);
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

/* How many one call looks at, and the last of them; 0: there are no more behind it. */
static enum err next_to_enter(
	struct store *store, int64_t after_id, int *ret_count, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_UNENTERED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, after_id);
	sqlite3_bind_int(stmt, 2, REPORT_ENTER_ROWS);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_count = sqlite3_column_int(stmt, 1);
	*ret_id = *ret_count < REPORT_ENTER_ROWS ? 0 : sqlite3_column_int64(stmt, 0);
	return ERR_OK;
}

static enum err enter_some(struct store *store, int64_t to_ms, int64_t after_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_ENTER);

	sqlite3_bind_int64(stmt, 1, to_ms);
	sqlite3_bind_int64(stmt, 2, after_id);
	sqlite3_bind_int(stmt, 3, REPORT_ENTER_ROWS);
	return stmt_write(store, stmt);
}

enum err report_enter(struct store *store, int64_t to_ms, int64_t *after_id)
{
	int64_t last_id = 0;
	int count = 0;
	enum err err = next_to_enter(store, *after_id, &count, &last_id);

	if (!err && count)
		err = enter_some(store, to_ms, *after_id);
	if (!err)
		*after_id = last_id;
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

enum err report_entry_add(struct store *store, int64_t report_id, enum report_entry_kind kind,
	int64_t at_ms, int64_t outbox_id, const char *text)
{
	int64_t id = store_next_id(store, ID_REPORT_ENTRY);
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENTRY_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (strlen(text) > REPORT_TEXT_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, ENVELOPE_BYTES_MAX(REPORT_TEXT_MAX));
	err = report_seal(store, report_id, "report_entry.text", id, text, strlen(text), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, report_id);
	bind_text(stmt, 3, report_entry_text(kind));
	sqlite3_bind_int64(stmt, 4, at_ms);
	bind_id(stmt, 5, outbox_id);
	sqlite3_bind_blob(stmt, 6, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err give_entry(
	const struct keypair *pair, sqlite3_stmt *stmt, report_entry_fn fn, void *arg)
{
	const char *kind = (const char *)sqlite3_column_text(stmt, 1);
	struct report_entry entry = {.id = sqlite3_column_int64(stmt, 0),
		.at_ms = sqlite3_column_int64(stmt, 2),
		.outbox_id = sqlite3_column_int64(stmt, 3)};
	CLEAN_BUF text = {0};
	enum err err;

	for (size_t i = 0; i < ARRAY_LEN(entry_texts); i++) {
		if (str_eq(entry_texts[i], kind))
			entry.kind = (enum report_entry_kind)i;
	}
	buf_init(&text, REPORT_TEXT_MAX);
	err = envelope_open(pair, "report_entry.text", entry.id, sqlite3_column_blob(stmt, 4),
		(size_t)sqlite3_column_bytes(stmt, 4), &text);
	if (!err) {
		entry.text = buf_text(&text);
		fn(arg, &entry);
	}
	buf_wipe(&text);
	return err;
}

enum err report_entries(struct store *store, const struct key_holder *holder, int64_t report_id,
	report_entry_fn fn, void *arg)
{
	struct keypair *pair;
	enum err err = report_key_open(store, holder, report_id, &pair);

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENTRY_LIST);

	sqlite3_bind_int64(stmt, 1, report_id);
	while (!err && !(err = stmt_row(store, stmt)))
		err = give_entry(pair, stmt, fn, arg);
	keypair_free(pair);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
