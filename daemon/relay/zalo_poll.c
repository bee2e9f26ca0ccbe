/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GET /v2.0/oa/listrecentchat, every poll_s. A round reads pages from the newest message down until
 * it meets one older than the floor (less an overlap), the end of the list, or the limit of pages;
 * then takes all its rows in, oldest first, in one turn:
 *
 *     newest ┬ 0   top = newest of the walk's first page
 *            │ 10
 *            ┊        a walk that was cut (limit, failure) goes on from its offset, one page
 *            ┊        shallower, since the list may have moved
 *     floor ─┴        met: floor = top, in the turn of the last rows
 *
 * What arrives while a walk is under way only pushes the rest further down: it is found by the next
 * walk. Rows that were committed are remembered, so that a quiet poll writes nothing.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/inbox.h"
#include "store/turn.h"
#include "store/vault.h"

#include <inttypes.h>
#include <string.h>

#define CURSOR_NAME  "listrecentchat"
#define OVERLAP_MS   (10 * MINUTE_MS) /* the order of rows is not strict across conversations */
#define ROUND_PAGES  10
#define AHEAD_MS     (10 * MINUTE_MS) /* a row may lie that far ahead of the server's clock */
#define STOP_WAIT_MS (5 * MINUTE_MS)  /* a refusal that only a person can mend */

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
	struct zalo *z = arg;
	char *raw = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	uint8_t digest[32];
	int64_t id;
	enum err err;

	if (!raw)
		return;
	row_digest(raw, strlen(raw), digest);
	if (!is_seen(&z->poll, digest)) {
		err = quarantine_add(
			z->store, "zalo_user", "row not understood", raw, strlen(raw), &id);
		if (!err)
			add_seen(&z->poll, digest);
		log_warn("zalo_poll", "row=bad kept=%s", err_name(err));
	}
	explicit_bzero(raw, strlen(raw));
	free(raw);
}

static enum err take_row(struct zalo *z, const struct zalo_row *row)
{
	char *raw = json_dumps(row->json, JSON_COMPACT);
	struct inbound in = {.channel = "zalo_user",
		.external_id = row->message_id,
		.kind = row->is_text ? INBOX_KIND_TEXT : INBOX_KIND_MEDIA,
		.from_kind = PARTY_ZALO_USER,
		.from = row->from_id,
		.sent_ms = row->time_ms};
	struct buf text;
	int64_t id;
	enum err err = raw ? ERR_OK : ERR_NOMEM;

	buf_init(&text, INBOX_BODY_MAX);
	if (!err)
		err = sms_text_normalize(row->text, &text);
	in.text = err ? row->text : buf_text(&text);
	if (raw && strlen(raw) <= INBOX_BODY_MAX) {
		in.raw = raw;
		in.raw_bytes = strlen(raw);
	}
	if (raw && strlen(row->text) > INBOX_BODY_MAX)
		err = quarantine_add(z->store, "zalo_user", "row too big", raw, strlen(raw), &id);
	else if (raw)
		err = intake_accept(z->intake, &in);
	buf_wipe(&text);
	if (raw)
		explicit_bzero(raw, strlen(raw));
	free(raw);
	return err == ERR_EXISTS ? ERR_OK : err;
}

static void note_gap(struct zalo *z, int64_t oldest_ms)
{
	char data[96];

	log_warn("zalo_poll", "gap=yes hours=%" PRId64,
		(oldest_ms - z->poll.cursor.floor_ms) / HOUR_MS);
	snprintf(data, sizeof(data), "{\"from\":%" PRId64 ",\"to\":%" PRId64 "}",
		z->poll.cursor.floor_ms, oldest_ms);
	if (event_add(z->store, "zalo.gap", "", "system", data))
		log_error("zalo", "event=lost");
}

static int64_t wait_after_round(struct zalo *z)
{
	int64_t ms = z->config->poll_s * SECOND_MS;

	/* An unfinished walk goes on at once, as far as the rate lets it. */
	if (z->poll.cursor.offset)
		return 0;
	return ms - ms / 20 + rng_below(&z->rng, ms / 10 + 1);
}

static void round_fail(struct zalo *z, enum err err, const char *text, int64_t wait_ms)
{
	struct zalo_poll *p = &z->poll;

	if (p->err != err)
		log_warn("zalo_poll", "error=%s why=\"%s\"", err_name(err), text);
	p->err = err;
	p->text = text;
	p->failures++;
	zalo_rows_clear(p->rows);
	p->due_ms = zalo_mono(z) + (wait_ms ? wait_ms : zalo_backoff_ms(p->failures, &z->rng));
	zalo_wake(z);
}

static void round_good(struct zalo *z)
{
	struct zalo_poll *p = &z->poll;

	if (p->err)
		log_info("zalo_poll", "error=none");
	p->err = ERR_OK;
	p->text = "";
	p->failures = 0;
	p->last_ms = zalo_wall(z);
	p->due_ms = zalo_mono(z) + wait_after_round(z);
	zalo_wake(z);
}

/* Whatever there was to write is committed. */
static void round_end(struct zalo *z)
{
	struct zalo_poll *p = &z->poll;

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
		round_fail(z, p->pending_err, p->pending_text, p->pending_wait_ms);
	else
		round_good(z);
}

static void round_committed(void *arg, enum err committed)
{
	struct zalo *z = container_of((struct zalo_poll *)arg, struct zalo, poll);
	struct zalo_poll *p = &z->poll;

	p->is_committing = false;
	if (committed) {
		round_fail(z, committed, "what was read could not be saved", 0);
		return;
	}
	round_end(z);
}

static bool is_cursor_equal(const struct zalo_cursor *a, const struct zalo_cursor *b)
{
	return a->floor_ms == b->floor_ms && a->top_ms == b->top_ms && a->offset == b->offset;
}

static void next_cursor(struct zalo *z)
{
	struct zalo_poll *p = &z->poll;
	int64_t server_ms = zalo_wall(z) + z->skew_ms;

	/* One row from the future must not lift the floor over those that come before it. */
	if (p->next.top_ms > server_ms + AHEAD_MS)
		p->next.top_ms = server_ms;
	if (!p->is_walk_over) {
		p->next.offset = p->offset;
		return;
	}
	if (p->is_at_end && p->cursor.floor_ms && p->oldest_ms != INT64_MAX &&
		p->oldest_ms > p->cursor.floor_ms)
		note_gap(z, p->oldest_ms);
	if (p->next.top_ms > p->next.floor_ms)
		p->next.floor_ms = p->next.top_ms;
	p->next.top_ms = 0;
	p->next.offset = 0;
}

/* All that was read goes in, in one turn; also when the round was cut short by `err`. */
static void round_take(struct zalo *z, enum err cut, const char *text, int64_t wait_ms)
{
	struct zalo_poll *p = &z->poll;
	size_t fresh = 0;
	enum err err;

	p->pending_err = cut;
	p->pending_text = text;
	p->pending_wait_ms = wait_ms;
	zalo_rows_sort(p->rows);
	err = zalo_settle_rows(z, p->rows);
	for (size_t i = 0; !err && i < p->rows->count; i++) {
		const struct zalo_row *row = &p->rows->row[i];

		if (row->is_ours || is_row_seen(p, row))
			continue;
		err = take_row(z, row);
		fresh++;
	}
	if (!err && p->pages)
		next_cursor(z);
	if (!err && !fresh && is_cursor_equal(&p->next, &p->cursor)) {
		round_end(z);
		return;
	}
	if (!err)
		err = zalo_cursor_save(z->store, CURSOR_NAME, &p->next);
	if (!err)
		err = turn_defer(z->store, round_committed, p);
	if (err) {
		round_fail(z, err, "what was read could not be saved", 0);
		return;
	}
	p->is_committing = true;
	if (fresh)
		log_info("zalo_poll", "rows=%zu new=%zu pages=%d walk=%s", p->rows->count, fresh,
			p->pages, p->is_walk_over ? "done" : "goes_on");
}

/* ---- reading pages ---------------------------------------------------------------------------
 */

static enum err page_request(struct zalo *z)
{
	struct zalo_poll *p = &z->poll;
	struct buf path;
	enum err err;

	/* Two pages are what a resumed walk needs to get on at all. */
	p->call.use = p->pages < 2 ? ZALO_USE_POLL : ZALO_USE_WALK;
	buf_init(&path, ZALO_URL_MAX);
	err = buf_adds(&path, "/v2.0/oa/listrecentchat");
	if (!err)
		err = zalo_text_query(NULL, p->offset, ZALO_PAGE_ROWS, &path);
	if (!err)
		err = zalo_call_path(&p->call, buf_text(&path));
	if (!err)
		err = zalo_call_start(&p->call);
	buf_done(&path);
	return err;
}

static void page_good(struct zalo *z, size_t on_page)
{
	struct zalo_poll *p = &z->poll;
	int64_t floor_ms = p->cursor.floor_ms ? p->cursor.floor_ms - OVERLAP_MS : 0;
	enum err err = ERR_OK;

	p->pages++;
	p->oldest_ms = zalo_sooner(p->oldest_ms, p->rows->oldest_ms);
	if (p->rows->newest_ms > p->next.top_ms && !p->is_resumed)
		p->next.top_ms = p->rows->newest_ms;
	p->is_at_end = on_page == 0;
	p->is_walk_over = p->is_at_end || p->rows->oldest_ms < floor_ms;
	p->offset += (int64_t)on_page;
	if (!p->is_walk_over && p->pages < ROUND_PAGES)
		err = page_request(z);
	else
		round_take(z, ERR_OK, "", 0);
	/* No room this minute: the walk goes on from here when there is. */
	if (err)
		round_take(z, err == ERR_RATE ? ERR_OK : err, err_en(err), 0);
}

static void page_done(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo *z = call->zalo;
	struct zalo_poll *p = &z->poll;
	enum err err = zalo_answer_err(answer);
	const char *text = zalo_answer_text(answer);
	int64_t wait_ms = 0;
	size_t on_page = 0;

	if (answer->is_cancelled)
		return;
	if (!err) {
		err = zalo_rows_add(p->rows, answer->data, bad_row, z, &on_page);
		text = "the list of messages is not understood";
	}
	if (!err) {
		page_good(z, on_page);
		return;
	}
	if (answer->is_envelope && zalo_code(answer->code)->action == ZALO_STOP)
		wait_ms = STOP_WAIT_MS;
	if (p->pages)
		round_take(z, err, text, wait_ms);
	else
		round_fail(z, err, text, wait_ms);
}

static void round_begin(struct zalo *z)
{
	struct zalo_poll *p = &z->poll;
	enum err err;

	p->next = p->cursor;
	p->is_resumed = p->cursor.offset > 0;
	p->offset = p->cursor.offset > ZALO_PAGE_ROWS ? p->cursor.offset - ZALO_PAGE_ROWS : 0;
	p->pages = 0;
	p->is_walk_over = false;
	p->is_at_end = false;
	p->oldest_ms = INT64_MAX;
	err = page_request(z);
	if (err)
		p->due_ms = zalo_mono(z) + SECOND_MS;
}

void zalo_poll_soon(struct zalo *z)
{
	z->poll.due_ms = 0;
	z->link.next_probe_ms = 0;
	zalo_wake(z);
}

int64_t zalo_poll_tick(struct zalo *z)
{
	struct zalo_poll *p = &z->poll;
	int64_t due_ms = p->due_ms;

	if (z->is_closing || p->is_committing || zalo_call_is_active(&p->call) ||
		!zalo_auth_is_usable(z))
		return INT64_MAX;
	/* While the service is away the poll is its one probe. */
	if (!z->link.is_up)
		due_ms = z->link.next_probe_ms;
	if (zalo_mono(z) < due_ms)
		return due_ms;
	if (zalo_rate_room(&z->rate, zalo_wall(z), ZALO_USE_POLL) < (p->cursor.offset ? 2 : 1))
		return zalo_mono(z) + zalo_rate_next_ms(&z->rate, zalo_wall(z), ZALO_USE_POLL) -
		       zalo_wall(z);
	round_begin(z);
	return zalo_call_is_active(&p->call) ? INT64_MAX : p->due_ms;
}

enum err zalo_poll_open(struct zalo *z, struct errbuf *eb)
{
	struct zalo_poll *p = &z->poll;
	enum err err;

	p->text = "";
	zalo_call_init(&p->call, z, ZALO_USE_POLL, page_done);
	p->rows = calloc(1, sizeof(*p->rows));
	if (!p->rows)
		return errbuf_set(eb, ERR_NOMEM, "Zalo rows");
	err = zalo_cursor_load(z->store, CURSOR_NAME, &p->cursor);
	return err ? errbuf_set(eb, err, "how far Zalo was read") : ERR_OK;
}

void zalo_poll_close(struct zalo *z)
{
	struct zalo_poll *p = &z->poll;

	turn_forget(z->store, p);
	if (!p->call.zalo)
		return;
	zalo_call_cancel(&p->call);
	zalo_call_free(&p->call);
	if (p->rows)
		zalo_rows_clear(p->rows);
	free(p->rows);
	p->rows = NULL;
}
