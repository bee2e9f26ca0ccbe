/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages in and out, as far as their reader may know of the reports that they belong to. */
#include "daemon/desk/reading_private.h"

static enum err knows_message(
	struct desk *desk, const struct reader *reader, int64_t *report_id, bool *ret_knows)
{
	if (!reading_keeps_machine(reader))
		return reading_knows(desk, reader, *report_id, ret_knows);
	*report_id = 0;
	*ret_knows = true;
	return ERR_OK;
}

/* A look at either box: one of the two functions is set. */
struct look {
	inbox_row_fn inbox_fn;
	outbox_row_fn outbox_fn;
	void *arg;
	union {
		struct inbox_row in[ROWS_A_LOOK];
		struct outbox_row out[ROWS_A_LOOK];
	} rows;
	int count;
};

static void keep_inbox(void *arg, const struct inbox_row *row)
{
	struct look *look = arg;

	look->rows.in[look->count++] = *row;
}

static void keep_outbox(void *arg, const struct outbox_row *row)
{
	struct look *look = arg;

	look->rows.out[look->count++] = *row;
}

static enum err load_rows(struct desk *desk, struct look *look, int64_t before_id)
{
	look->count = 0;
	return look->inbox_fn ? inbox_list(desk->store, before_id, ROWS_A_LOOK, keep_inbox, look)
			      : outbox_list(desk->store, before_id, ROWS_A_LOOK, keep_outbox, look);
}

static int64_t *report_of(struct look *look, int i)
{
	return look->inbox_fn ? &look->rows.in[i].report_id : &look->rows.out[i].report_id;
}

static int64_t id_of(const struct look *look, int i)
{
	return look->inbox_fn ? look->rows.in[i].id : look->rows.out[i].id;
}

static void give(const struct look *look, int i)
{
	if (look->inbox_fn)
		look->inbox_fn(look->arg, &look->rows.in[i]);
	else
		look->outbox_fn(look->arg, &look->rows.out[i]);
}

static enum err walk(struct desk *desk, const struct reader *reader, int64_t before_id, int limit,
	struct look *look)
{
	int given = 0;
	enum err err;

	do {
		err = load_rows(desk, look, before_id);
		for (int i = 0; !err && i < look->count && given < limit; i++) {
			bool knows = false;

			err = knows_message(desk, reader, report_of(look, i), &knows);
			if (!err && knows) {
				give(look, i);
				given++;
			}
		}
		if (look->count)
			before_id = id_of(look, look->count - 1);
	} while (!err && given < limit && look->count == ROWS_A_LOOK);
	return err;
}

enum err reading_inbox(struct desk *desk, const struct reader *reader, int64_t before_id, int limit,
	inbox_row_fn fn, void *arg)
{
	struct look *look = calloc(1, sizeof(*look));
	enum err err = look ? ERR_OK : ERR_NOMEM;

	if (look) {
		look->inbox_fn = fn;
		look->arg = arg;
		err = walk(desk, reader, before_id, limit, look);
	}
	free(look);
	return err;
}

enum err reading_outbox(struct desk *desk, const struct reader *reader, int64_t before_id,
	int limit, outbox_row_fn fn, void *arg)
{
	struct look *look = calloc(1, sizeof(*look));
	enum err err = look ? ERR_OK : ERR_NOMEM;

	if (look) {
		look->outbox_fn = fn;
		look->arg = arg;
		err = walk(desk, reader, before_id, limit, look);
	}
	free(look);
	return err;
}

enum err reading_message(struct desk *desk, const struct reader *reader, int64_t outbox_id)
{
	struct outbox_row row;
	bool knows = false;
	enum err err = outbox_load(desk->store, outbox_id, &row);

	if (!err)
		err = knows_message(desk, reader, &row.report_id, &knows);
	return err || knows ? err : ERR_NOT_FOUND;
}

static enum err without_hidden(struct desk *desk, const struct reader *reader, enum err err,
	bool is_inbox, const char *state, int64_t *count)
{
	int64_t hidden;

	if (err || reader->is_office)
		return err;
	err = report_messages_hidden(desk->store, reading_holder(reader), is_inbox, state, &hidden);
	if (!err)
		*count -= hidden;
	return err;
}

enum err reading_inbox_count(
	struct desk *desk, const struct reader *reader, enum inbox_state state, int64_t *ret_count)
{
	enum err err = inbox_count(desk->store, state, ret_count);

	return without_hidden(desk, reader, err, true, inbox_state_text(state), ret_count);
}

enum err reading_outbox_count(
	struct desk *desk, const struct reader *reader, enum outbox_state state, int64_t *ret_count)
{
	enum err err = outbox_count(desk->store, state, ret_count);

	return without_hidden(desk, reader, err, false, outbox_state_text(state), ret_count);
}
