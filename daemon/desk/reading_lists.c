/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of what was done to reports, and of what is due: each row belongs to a report, and is shown
 * to whoever may know of that. What is hidden is left out before rows are counted, so that a full
 * page is full for everybody.
 */
#include "daemon/desk/reading_private.h"

#include "store/identity.h"

/* ---- reports ---------------------------------------------------------------------------------
 */

struct look {
	struct report rows[ROWS_A_LOOK];
	int count;
};

static void keep_report(void *arg, const struct report *report)
{
	struct look *look = arg;

	look->rows[look->count++] = *report;
}

static enum err give(struct desk *desk, const struct reader *reader, const struct look *look,
	int limit, reading_fn fn, void *arg, int *given)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < look->count && *given < limit; i++) {
		enum sight sight = SIGHT_NONE;

		err = reading_sight(desk, reader, &look->rows[i], &sight);
		if (err || sight <= SIGHT_BLANK)
			continue;
		fn(arg, &look->rows[i], sight);
		++*given;
	}
	return err;
}

static enum err walk_due(struct desk *desk, const struct reader *reader,
	const struct reading_due *ask, struct look *look)
{
	int64_t after_id = 0;
	int given = 0;
	enum err err;

	do {
		look->count = 0;
		err = retention_due(desk->store, ask->step, ask->until_ms, after_id, ROWS_A_LOOK,
			keep_report, look);
		if (!err)
			err = give(desk, reader, look, ask->limit, ask->fn, ask->arg, &given);
		if (look->count)
			after_id = look->rows[look->count - 1].id;
	} while (!err && given < ask->limit && look->count == ROWS_A_LOOK);
	return err;
}

enum err reading_due(struct desk *desk, const struct reader *reader, const struct reading_due *ask)
{
	struct look *look = malloc(sizeof(*look));
	enum err err = look ? walk_due(desk, reader, ask, look) : ERR_NOMEM;

	free(look);
	return err;
}

enum err reading_questions(struct desk *desk, const struct reader *reader, int64_t before_id,
	int limit, reading_fn fn, void *arg)
{
	struct look *look = malloc(sizeof(*look));
	int given = 0;
	enum err err = look ? ERR_OK : ERR_NOMEM;

	while (!err && given < limit) {
		look->count = 0;
		err = report_questions(desk->store, before_id, ROWS_A_LOOK, keep_report, look);
		if (!err)
			err = give(desk, reader, look, limit, fn, arg, &given);
		if (look->count < ROWS_A_LOOK)
			break;
		before_id = look->rows[look->count - 1].id;
	}
	free(look);
	return err;
}

enum err reading_hold(struct desk *desk, const struct reader *reader, int64_t report_id,
	struct retention_holder *ret_holder, struct buf *reason)
{
	struct key_holder holder = reader_holder(reader);

	return retention_holder(desk->store, &holder, report_id, ret_holder, reason);
}

/* ---- identities ------------------------------------------------------------------------------
 */

struct reveal_look {
	struct reveal rows[ROWS_A_LOOK];
	int count;
};

static void keep_reveal(void *arg, const struct reveal *reveal)
{
	struct reveal_look *look = arg;

	look->rows[look->count++] = *reveal;
}

static enum err give_reveal(struct desk *desk, const struct reader *reader,
	const struct reveal *reveal, reading_reveal_fn fn, void *arg, int *given)
{
	struct key_holder holder = reader_holder(reader);
	struct report report = {0};
	enum sight sight = SIGHT_NONE;
	CLEAN_BUF reason = {0};
	enum err err = reading_load(desk, reader, reveal->report_id, &report, &sight);

	if (err == ERR_NOT_FOUND || (!err && sight <= SIGHT_BLANK))
		return ERR_OK;
	buf_init(&reason, REVEAL_REASON_MAX + 1);
	if (!err && sight == SIGHT_WORDS)
		err = reveal_reason(desk->store, &holder, reveal, &reason);
	/* The key was withdrawn when the report was erased, and the reason with it. */
	if (err == ERR_DENIED)
		err = ERR_OK;
	if (!err) {
		fn(arg, reveal, &report, sight == SIGHT_WORDS ? buf_text(&reason) : NULL);
		++*given;
	}
	buf_wipe(&reason);
	return err;
}

static enum err walk_reveals(struct desk *desk, const struct reader *reader,
	const struct reading_reveals *ask, struct reveal_look *look)
{
	int64_t before_id = ask->before_id;
	int given = 0;
	enum err err;

	do {
		look->count = 0;
		err = reveal_list(desk->store, before_id, ROWS_A_LOOK, keep_reveal, look);
		for (int i = 0; !err && i < look->count && given < ask->limit; i++)
			err = give_reveal(desk, reader, &look->rows[i], ask->fn, ask->arg, &given);
		if (look->count)
			before_id = look->rows[look->count - 1].id;
	} while (!err && given < ask->limit && look->count == ROWS_A_LOOK);
	return err;
}

enum err reading_reveals(
	struct desk *desk, const struct reader *reader, const struct reading_reveals *ask)
{
	struct reveal_look *look = malloc(sizeof(*look));
	enum err err = look ? walk_reveals(desk, reader, ask, look) : ERR_NOMEM;

	free(look);
	return err;
}

/* ---- clocks ----------------------------------------------------------------------------------
 */

struct clock_look {
	struct report_clock rows[ROWS_A_LOOK];
	int count;
};

static void keep_clock(void *arg, const struct report_clock *clock)
{
	struct clock_look *look = arg;

	look->rows[look->count++] = *clock;
}

static enum err walk_clocks(struct desk *desk, const struct reader *reader,
	const struct reading_clocks *ask, struct clock_look *look)
{
	int64_t after_id = 0;
	int given = 0;
	enum err err;

	do {
		look->count = 0;
		err = report_clock_until(
			desk->store, ask->until_ms, after_id, ROWS_A_LOOK, keep_clock, look);
		for (int i = 0; !err && i < look->count && given < ask->limit; i++) {
			bool knows = false;

			err = reading_knows(desk, reader, look->rows[i].report_id, &knows);
			if (err || !knows)
				continue;
			ask->fn(ask->arg, &look->rows[i]);
			given++;
		}
		if (look->count)
			after_id = look->rows[look->count - 1].id;
	} while (!err && given < ask->limit && look->count == ROWS_A_LOOK);
	return err;
}

enum err reading_clocks(
	struct desk *desk, const struct reader *reader, const struct reading_clocks *ask)
{
	struct clock_look *look = malloc(sizeof(*look));
	enum err err = look ? walk_clocks(desk, reader, ask, look) : ERR_NOMEM;

	free(look);
	return err;
}

enum err reading_clock_tally(struct desk *desk, const struct reader *reader,
	const struct clock_period *period, clock_tally_fn fn, void *arg)
{
	return report_clock_tally(desk->store, period,
		reader->is_office ? CLOCK_TALLY_ALL : reading_holder(reader), fn, arg);
}
