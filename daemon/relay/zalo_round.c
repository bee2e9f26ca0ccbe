/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One round of a poll (zalo_poll.c says when, and what kind): its pages are read, and its rows
 * taken in, oldest first, in one turn. Rows that were committed are remembered, so that a quiet
 * poll writes nothing.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "store/turn.h"
#include "store/vault.h"

#include <inttypes.h>
#include <string.h>

#define OVERLAP_MS (10 * MINUTE_MS) /* the order of rows is not strict across conversations */
/* Of our own messages: while bulletins go out, ten minutes are thousands of rows. */
#define OVERLAP_PAGES	40
#define ROUND_PAGES	20
#define DIG_PAGES	50		 /* a round */
#define DIG_POLL_PAGES	20		 /* of them before bulletins, as what is new */
#define AHEAD_MS	(10 * MINUTE_MS) /* a row may lie that far ahead of the server's clock */
#define STOP_WAIT_MS	(5 * MINUTE_MS)	 /* a refusal that only a person can mend */
#define GROUP_STOP_MS	HOUR_MS		 /* an account without groups is no trouble */
#define COVERED_SAVE_MS HOUR_MS
/* What neighbours talked about before there was a box is no report: a group that is older than the
 * box is read from a day before its first start. */
#define FIRST_GROUP_MS DAY_MS

const char *zalo_cursor_name(const struct zalo_poll *p)
{
	return p->is_group ? "group/listrecentchat" : "listrecentchat";
}

static const char *log_name(const struct zalo_poll *p)
{
	return p->is_group ? "groups" : "users";
}

/* ---- rows that are committed -----------------------------------------------------------------
 */

static void row_digest(const char *text, size_t len, uint8_t digest[32])
{
	vault_digest(&(struct vault_piece){text, len}, 1, digest);
}

static bool is_seen(const struct zalo_poll *p, const uint8_t digest[32])
{
	size_t count = p->seen_count < ZALO_SEEN_MAX ? p->seen_count : ZALO_SEEN_MAX;

	for (size_t i = 0; i < count; i++) {
		if (memcmp(p->seen[i], digest, 32) == 0)
			return true;
	}
	return false;
}

static void add_seen(struct zalo_poll *p, const uint8_t digest[32])
{
	if (!is_seen(p, digest))
		memcpy(p->seen[p->seen_count++ % ZALO_SEEN_MAX], digest, 32);
}

static bool is_row_seen(const struct zalo_poll *p, const struct zalo_row *row)
{
	uint8_t digest[32];

	row_digest(row->message_id, strlen(row->message_id), digest);
	return is_seen(p, digest);
}

/* ---- taking rows in --------------------------------------------------------------------------
 */

/* Quarantined at once, in the turn in which its page came; remembered at once too, since a second
 * copy after a failed commit costs less than one with every poll. */
static void bad_row(void *arg, const json_t *json)
{
	struct zalo_poll *p = arg;
	char *raw = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	uint8_t digest[32];

	if (!raw)
		return;
	row_digest(raw, strlen(raw), digest);
	if (!is_seen(p, digest)) {
		enum err err = zalo_take_bad(p->call.zalo, p->is_group, "row not understood", json);

		if (!err)
			add_seen(p, digest);
		log_warn("zalo_poll", "row=bad kept=%s", err_name(err));
	}
	explicit_bzero(raw, strlen(raw));
	free(raw);
}

static enum err take_row(struct zalo *z, const struct zalo_row *row)
{
	struct zalo_content content;

	zalo_content_of_row(row->json, &content);
	return zalo_take(z, &(struct zalo_message){.message_id = row->message_id,
				    .from_id = row->from_id,
				    .group_id = row->group_id,
				    .time_ms = row->time_ms,
				    .content = &content,
				    .json = row->json});
}

static void round_fail(struct zalo_poll *p, enum err err, const char *text, int64_t wait_ms)
{
	struct zalo *z = p->call.zalo;

	zalo_hush_end(p);
	if (p->err != err)
		log_warn("zalo_poll", "list=%s error=%s why=\"%s\"", log_name(p), err_name(err),
			text);
	p->err = err;
	p->text = text;
	p->failures++;
	zalo_rows_clear(p->rows);
	p->due_ms = zalo_mono(z) + (wait_ms ? wait_ms : zalo_backoff_ms(p->failures, &z->rng));
	zalo_wake(z);
}

static void round_good(struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;

	if (p->err)
		log_info("zalo_poll", "list=%s error=none", log_name(p));
	p->err = ERR_OK;
	p->text = "";
	p->failures = 0;
	p->last_ms = zalo_wall(z);
	p->due_ms = zalo_mono(z) + zalo_poll_wait_ms(p);
	zalo_wake(z);
}

/* Whatever there was to write is committed. */
static void round_end(struct zalo_poll *p)
{
	for (size_t i = 0; i < p->rows->count; i++) {
		const struct zalo_row *row = &p->rows->row[i];
		uint8_t digest[32];

		row_digest(row->message_id, strlen(row->message_id), digest);
		if (!row->is_ours)
			add_seen(p, digest);
	}
	zalo_rows_clear(p->rows);
	p->cursor = p->next;
	if (p->pending_err)
		round_fail(p, p->pending_err, p->pending_text, p->pending_wait_ms);
	else
		round_good(p);
}

static void round_committed(void *arg, enum err committed)
{
	struct zalo_poll *p = arg;

	p->is_committing = false;
	if (committed) {
		round_fail(p, committed, "what was read could not be saved", 0);
		return;
	}
	p->saved_covered_ms = p->next.covered_ms;
	round_end(p);
}

static bool is_cursor_worth_saving(const struct zalo_poll *p)
{
	const struct zalo_cursor *a = &p->next, *b = &p->cursor;

	return a->floor_ms != b->floor_ms || a->top_ms != b->top_ms || a->offset != b->offset ||
	       a->covered_ms >= p->saved_covered_ms + COVERED_SAVE_MS ||
	       a->covered_ms < p->saved_covered_ms;
}

/* The walk goes on after the rows of this round. */
static void walk_goes_on(struct zalo_poll *p)
{
	p->next.offset = p->offset;
	if (!p->rows->edge_ms)
		return; /* not one row that could be read: the edge stays */
	p->next.edge_ms = p->rows->edge_ms;
	memcpy(p->next.edge_id, p->rows->edge_id, sizeof(p->next.edge_id));
}

static enum err next_cursor(struct zalo_poll *p)
{
	struct zalo *z = p->call.zalo;
	int64_t server_ms = zalo_wall(z) + z->skew_ms;
	enum err err = ERR_OK;

	/* One row from the future must not lift the floor over those that come before it. */
	if (p->next.top_ms > server_ms + AHEAD_MS)
		p->next.top_ms = server_ms;
	if (!p->is_walk_over) {
		walk_goes_on(p);
		return ERR_OK;
	}
	if (p->is_at_end)
		err = zalo_gap_check(z, p);
	if (p->next.top_ms > p->next.floor_ms)
		p->next.floor_ms = p->next.top_ms;
	p->next.covered_ms = p->begun_ms ? p->begun_ms : p->next.top_ms;
	p->walk_ms = zalo_mono(z);
	p->next.top_ms = 0;
	p->next.offset = 0;
	p->next.edge_ms = 0;
	p->next.edge_id[0] = 0;
	return err;
}

/* Rows before this are not for us; 0 = all are. */
static int64_t since_ms(const struct zalo_poll *p)
{
	const struct zalo *z = p->call.zalo;

	if (!p->is_group || p->cursor.floor_ms || p->cursor.covered_ms)
		return 0;
	return zalo_wall(z) + z->skew_ms - FIRST_GROUP_MS;
}

/* Writes the rows that are new; `fresh` counts them. */
static enum err take_rows(struct zalo_poll *p, size_t *fresh)
{
	struct zalo *z = p->call.zalo;
	enum err err = p->is_group ? ERR_OK : zalo_settle_rows(z, p->rows);
	int64_t since = since_ms(p);

	for (size_t i = 0; !err && i < p->rows->count; i++) {
		const struct zalo_row *row = &p->rows->row[i];

		if (row->is_ours || row->time_ms < since || is_row_seen(p, row))
			continue;
		if (p->is_group && !row->group_id[0])
			err = zalo_take_bad(z, true, "row without a group", row->json);
		else
			err = take_row(z, row);
		++*fresh;
	}
	return err;
}

/* All that was read goes in, in one turn; also when the round was cut short by `err`. */
static void round_take(struct zalo_poll *p, enum err cut, const char *text, int64_t wait_ms)
{
	struct zalo *z = p->call.zalo;
	size_t fresh = 0;
	enum err err;

	zalo_hush_end(p);
	p->pending_err = cut;
	p->pending_text = text;
	p->pending_wait_ms = wait_ms;
	zalo_rows_sort(p->rows);
	err = take_rows(p, &fresh);
	if (!err && p->pages && p->kind == ROUND_WALK)
		err = next_cursor(p);
	if (!err && !fresh && !is_cursor_worth_saving(p)) {
		round_end(p);
		return;
	}
	if (!err)
		err = zalo_cursor_save(z->store, zalo_cursor_name(p), &p->next);
	if (!err)
		err = turn_defer(z->store, round_committed, p);
	if (err) {
		round_fail(p, err, "what was read could not be saved", 0);
		return;
	}
	p->is_committing = true;
	if (fresh)
		log_info("zalo_poll", "list=%s rows=%zu new=%zu pages=%d walk=%s", log_name(p),
			p->rows->count, fresh, p->pages,
			p->kind != ROUND_WALK ? "put_off"
			: p->is_walk_over     ? "done"
					      : "goes_on");
}

/* ---- reading pages ---------------------------------------------------------------------------
 */

static enum err page_path(const struct zalo_poll *p, struct buf *path)
{
	enum err err;

	if (p->is_group)
		return buf_addf(path, "/v3.0/oa/group/listrecentchat?offset=%" PRId64 "&count=%d",
			p->offset, ZALO_PAGE_ROWS);
	err = buf_adds(path, "/v2.0/oa/listrecentchat");
	return err ? err : zalo_text_query(NULL, p->offset, ZALO_PAGE_ROWS, path);
}

static enum err page_request(struct zalo_poll *p)
{
	struct buf path;
	enum err err;

	/* Two pages are what a resumed walk needs to get on at all. */
	p->call.use = p->pages < (p->kind == ROUND_DIG ? DIG_POLL_PAGES : 2) ? ZALO_USE_POLL
									     : ZALO_USE_WALK;
	buf_init(&path, ZALO_URL_MAX);
	err = page_path(p, &path);
	if (!err)
		err = zalo_call_path(&p->call, buf_text(&path));
	if (!err)
		err = zalo_call_start(&p->call);
	buf_done(&path);
	return err;
}

/* The list has become shorter above: somewhere in the last round a row may have slipped by. */
static void go_back(struct zalo_poll *p)
{
	log_info("zalo_poll", "list=%s back=%d", log_name(p), p->back_pages);
	p->offset = p->cursor.offset - (int64_t)p->back_pages * ZALO_PAGE_ROWS;
	if (p->offset < 0)
		p->offset = 0;
	p->back_pages *= 2;
	p->pages = 0;
	zalo_rows_clear(p->rows);
}

static bool is_edge_missed(const struct zalo_poll *p)
{
	return p->is_resumed && p->pages == 0 && p->offset > 0 && p->cursor.edge_ms &&
	       !zalo_rows_reach(p->rows, p->cursor.edge_ms, p->cursor.edge_id);
}

/* The overlap is read as far as it can hold something: ten minutes, or some pages below the floor
 * on which there is nothing but what we sent ourselves. */
static void note_overlap(struct zalo_poll *p)
{
	bool is_ours = p->rows->page < p->rows->count;

	if (!p->cursor.floor_ms || p->rows->newest_ms >= p->cursor.floor_ms) {
		p->overlap_pages = 0;
		return;
	}
	for (size_t i = p->rows->page; i < p->rows->count; i++) {
		const struct zalo_row *row = &p->rows->row[i];

		is_ours &= row->is_ours;
		if (!row->is_ours && !is_row_seen(p, row))
			p->overlap_pages = 0;
	}
	p->overlap_pages += is_ours;
}

static void page_read(struct zalo_poll *p, size_t on_page)
{
	int64_t floor_ms = p->cursor.floor_ms ? p->cursor.floor_ms - OVERLAP_MS : since_ms(p);
	struct zalo *z = p->call.zalo;

	/* Only the reply tells Zalo's clock for certain; the list is at most a call older. */
	if (p->pages == 0 && p->kind == ROUND_WALK && !p->is_resumed) {
		p->begun_ms = zalo_wall(z) + z->skew_ms - ZALO_GET_MS;
		if (p->is_quiet)
			zalo_tally_base(&z->tally, p->rows);
		zalo_hush_end(p);
	}
	p->pages++;
	p->oldest_ms = zalo_sooner(p->oldest_ms, p->rows->oldest_ms);
	if (p->rows->newest_ms > p->next.top_ms && !p->is_resumed && p->kind == ROUND_WALK)
		p->next.top_ms = p->rows->newest_ms;
	p->is_at_end = on_page == 0;
	if (p->kind == ROUND_WALK)
		note_overlap(p);
	p->is_walk_over = p->kind == ROUND_WALK && (p->is_at_end || p->rows->oldest_ms < floor_ms ||
							   p->overlap_pages >= OVERLAP_PAGES);
	p->offset += (int64_t)on_page;
}

/* A page of the count, or of the reading that follows it. */
static bool is_count_over(struct zalo_poll *p, size_t on_page)
{
	struct zalo *z = p->call.zalo;
	enum zalo_sight sight;

	p->pages++;
	p->offset += (int64_t)on_page;
	if (p->kind == ROUND_DIG)
		return zalo_tally_dig(&z->tally, p->rows, on_page);
	sight = zalo_tally_look(&z->tally, p->rows, on_page);
	p->is_blurred = sight == SIGHT_BLURRED;
	if (sight != SIGHT_DIRTY)
		return true;
	p->kind = ROUND_DIG;
	p->offset = 0;
	return false;
}

static enum err count_go_on(struct zalo_poll *p, size_t on_page)
{
	bool is_over = is_count_over(p, on_page);

	p->dig_offset = is_over ? 0 : p->offset;
	p->dig_sent = p->call.zalo->tally.sent;
	if (!is_over && p->pages <= DIG_PAGES) {
		zalo_hush_go_on(p);
		return page_request(p);
	}
	round_take(p, ERR_OK, "", 0);
	return ERR_OK;
}

static void page_good(struct zalo_poll *p, size_t on_page)
{
	int most = p->kind == ROUND_GLANCE ? 1 : ROUND_PAGES;
	enum err err = ERR_OK;

	if (p->kind == ROUND_COUNT || p->kind == ROUND_DIG) {
		err = count_go_on(p, on_page);
	} else if (is_edge_missed(p)) {
		go_back(p);
		err = page_request(p);
	} else {
		page_read(p, on_page);
		if (!p->is_walk_over && p->pages < most)
			err = page_request(p);
		else
			round_take(p, ERR_OK, "", 0);
	}
	/* No room this minute: the walk goes on from here when there is. */
	if (err)
		round_take(p, err == ERR_RATE ? ERR_OK : err, err_en(err), 0);
}

void zalo_round_page(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo_poll *p = container_of(call, struct zalo_poll, call);
	enum err err = zalo_answer_err(answer);
	const char *text = zalo_answer_text(answer);
	int64_t wait_ms = 0;
	size_t on_page = 0;

	if (answer->is_cancelled)
		return;
	if (!err) {
		err = zalo_rows_add(p->rows, answer->data, bad_row, p, &on_page);
		text = "the list of messages is not understood";
	}
	if (!err) {
		page_good(p, on_page);
		return;
	}
	if (answer->is_envelope && zalo_code(answer->code)->action == ZALO_STOP)
		wait_ms = p->is_group ? GROUP_STOP_MS : STOP_WAIT_MS;
	if (p->pages)
		round_take(p, err, text, wait_ms);
	else
		round_fail(p, err, text, wait_ms);
}

void zalo_round_begin(struct zalo_poll *p, bool is_quiet)
{
	struct zalo *z = p->call.zalo;
	int64_t mono_ms = zalo_mono(z);
	enum err err;

	p->is_quiet = is_quiet;
	p->round_ms = mono_ms;
	p->next = p->cursor;
	p->is_resumed = p->kind == ROUND_WALK && p->cursor.offset > 0;
	if (!p->is_resumed)
		p->glance_ms = mono_ms;
	/* Overlaps the last round by one row. */
	p->offset = p->is_resumed ? p->cursor.offset - 1 : 0;
	if (is_quiet && p->kind != ROUND_DIG)
		zalo_tally_mark(&z->tally);
	if (p->kind == ROUND_COUNT)
		p->offset = zalo_tally_offset(&z->tally);
	/* What went out since has pushed it further down. */
	if (p->kind == ROUND_DIG)
		p->offset = p->dig_offset + z->tally.sent - p->dig_sent;
	p->pages = 0;
	p->back_pages = ROUND_PAGES;
	if (p->kind == ROUND_WALK && !p->is_resumed)
		p->overlap_pages = 0;
	p->is_walk_over = false;
	p->is_at_end = false;
	p->dig_offset = 0;
	p->is_blurred = false;
	p->oldest_ms = p->is_resumed ? p->cursor.edge_ms : INT64_MAX;
	err = page_request(p);
	if (!err)
		return;
	p->due_ms = mono_ms + SECOND_MS;
	zalo_hush_end(p);
	if (err != ERR_RATE && err != ERR_AUTH)
		log_warn("zalo_poll", "list=%s error=%s why=\"no call could begin\"", log_name(p),
			err_name(err));
}
