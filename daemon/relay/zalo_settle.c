/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zalo takes no key that would make a second try harmless, so a send whose answer was lost is
 * looked up in the conversation: the same words from our side at or after the attempt → it was
 * sent; read back to before the attempt, a minute or more later, and not there → it was not, and is
 * queued again; anything else → it stays in doubt and is looked up again.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "store/party.h"

#include <inttypes.h>
#include <string.h>

#define LOOK_MS	  (15 * SECOND_MS)
#define SURE_MS	  MINUTE_MS	   /* what is not there that long after was not sent */
#define SLACK_MS  (30 * SECOND_MS) /* between the two clocks, after the Date header's correction */
#define PAGES_MAX 5
#define BATCH	  128 /* half of them of each channel */

/* ---- matching --------------------------------------------------------------------------------
 */

/* Two equal texts to one person are two messages: each id settles one row. */
static bool is_id_taken(struct zalo *z, const char *message_id)
{
	int64_t id;

	return outbox_find_external(z->store, message_id, &id) != ERR_NOT_FOUND;
}

static int64_t earliest_ms(const struct zalo *z, int64_t claimed_ms)
{
	return claimed_ms + z->skew_ms - SLACK_MS;
}

/* Zalo shows a picture or file as it likes: the caption if there is one, else any of ours that is
 * no text. */
static bool is_same_content(const struct zalo_row *row, const struct zalo_step *step)
{
	if (step->text.len && zalo_text_equal(row->text, buf_text(&step->text)))
		return true;
	return step->has_attachment && !row->is_text && (!row->text[0] || !step->text.len);
}

static bool is_match(struct zalo *z, const struct zalo_row *row, int64_t claimed_ms,
	const char *user_id, const struct zalo_step *step)
{
	return row->is_ours && row->time_ms >= earliest_ms(z, claimed_ms) &&
	       (!user_id || strcmp(row->to_id, user_id) == 0) && is_same_content(row, step) &&
	       !is_id_taken(z, row->message_id);
}

/* What a row in doubt was about to say. */
static enum err load_step(struct zalo *z, const struct outbox_row *row, struct zalo_step *ret_step)
{
	struct enclosure a;
	struct outbox_piece gone;
	struct buf text;
	enum err err = outbox_piece_last(z->store, row->id, &gone);

	buf_init(&text, OUTBOX_BODY_MAX);
	if (!err)
		err = outbox_text(z->store, row->id, &text);
	if (!err && row->enclosure_id)
		err = enclosure_load(z->store, row->enclosure_id, &a);
	if (!err)
		err = zalo_step_next(row->channel, buf_text(&text), row->enclosure_id ? &a : NULL,
			&gone, ret_step);
	buf_wipe(&text);
	return err;
}

static enum err queue_again(struct zalo *z, int64_t outbox_id)
{
	struct outbox_row row;
	enum err err = outbox_load(z->store, outbox_id, &row);

	if (!err)
		err = outbox_move(z->store, outbox_id,
			&(struct outbox_move){.to = OUTBOX_QUEUED,
				.error = ERR_IN_DOUBT,
				.due_ms = zalo_wall(z),
				.deadline_ms = row.expires_ms});
	if (!err && z->dispatch)
		dispatch_wake(z->dispatch);
	return err;
}

/* One of several pieces: the rest is still to go. */
static enum err mark_sent(
	struct zalo *z, int64_t outbox_id, const struct zalo_step *step, const char *message_id)
{
	enum err err;

	if (step->is_last) {
		err = outbox_move(z->store, outbox_id,
			&(struct outbox_move){
				.to = OUTBOX_SENT, .is_final = true, .external_id = message_id});
	} else {
		err = outbox_piece_sent(z->store, outbox_id, &step->piece, message_id);
		if (!err)
			err = queue_again(z, outbox_id);
	}
	log_info("zalo_settle", "id=%" PRId64 " found=yes error=%s", outbox_id, err_name(err));
	return err == ERR_STATE ? ERR_OK : err;
}

/* ---- rows in doubt ---------------------------------------------------------------------------
 */

struct doubt_list {
	struct outbox_row row[BATCH];
	int count;
};

static void add_doubt(void *arg, const struct outbox_row *row)
{
	struct doubt_list *list = arg;

	if (list->count < BATCH)
		list->row[list->count++] = *row;
}

static enum err settle_row(
	struct zalo *z, const struct outbox_row *doubt, const struct zalo_rows *rows)
{
	struct zalo_step step = {0};
	struct buf address;
	enum err err;

	/* What is under way may be what we see. */
	if (zalo_send_is_flying(z, doubt->party_id))
		return ERR_OK;
	buf_init(&address, PARTY_ADDRESS_MAX);
	err = party_address(z->store, doubt->party_id, &address);
	if (!err)
		err = load_step(z, doubt, &step);
	for (size_t i = 0; !err && i < rows->count; i++) {
		if (!is_match(z, &rows->row[i], doubt->claimed_ms, buf_text(&address), &step))
			continue;
		err = mark_sent(z, doubt->id, &step, rows->row[i].message_id);
		break;
	}
	buf_wipe(&address);
	zalo_step_done(&step);
	return err;
}

enum err zalo_settle_rows(struct zalo *z, const struct zalo_rows *rows)
{
	struct doubt_list list = {0};
	bool has_ours = false;
	enum err err;

	for (size_t i = 0; i < rows->count; i++)
		has_ours |= rows->row[i].is_ours;
	if (!has_ours)
		return ERR_OK;
	err = outbox_in_doubt(z->store, CHANNEL_ZALO_USER, BATCH, add_doubt, &list);
	for (int i = 0; !err && i < list.count; i++)
		err = settle_row(z, &list.row[i], rows);
	return err;
}

/* ---- reading back ----------------------------------------------------------------------------
 */

/* Leaves the row; another one may be looked up after wait_ms. */
static void look_over(struct zalo *z, int64_t wait_ms)
{
	struct zalo_settle *s = &z->settle;

	zalo_rows_clear(s->rows);
	buf_wipe(&s->address);
	zalo_step_done(&s->step);
	s->after_id = s->outbox_id;
	s->outbox_id = 0;
	s->due_ms = zalo_mono(z) + wait_ms;
	zalo_wake(z);
}

static enum err look_request(struct zalo *z)
{
	struct zalo_settle *s = &z->settle;
	struct buf path;
	enum err err;

	buf_init(&path, ZALO_URL_MAX);
	if (s->kind == CHANNEL_ZALO_USER) {
		err = buf_adds(&path, "/v2.0/oa/conversation");
		if (!err)
			err = zalo_text_query(
				buf_text(&s->address), s->offset, ZALO_PAGE_ROWS, &path);
	} else {
		err = buf_adds(&path, "/v3.0/oa/group/conversation?group_id=");
		if (!err)
			err = zalo_text_escape(buf_text(&s->address), s->address.len, &path);
		if (!err)
			err = buf_addf(
				&path, "&offset=%" PRId64 "&count=%d", s->offset, ZALO_PAGE_ROWS);
	}
	if (!err)
		err = zalo_call_path(&s->call, buf_text(&path));
	if (!err)
		err = zalo_call_start(&s->call);
	buf_wipe(&path);
	return err;
}

/* Somebody else (a report, a deadline, an officer) may have settled it meanwhile. */
static bool is_still_in_doubt(struct zalo *z)
{
	struct outbox_row row;

	return !outbox_load(z->store, z->settle.outbox_id, &row) && row.state == OUTBOX_IN_DOUBT &&
	       row.claimed_ms == z->settle.claimed_ms;
}

static enum err not_found(struct zalo *z)
{
	struct zalo_settle *s = &z->settle;
	enum err err = queue_again(z, s->outbox_id);

	log_info("zalo_settle", "id=%" PRId64 " found=no error=%s", s->outbox_id, err_name(err));
	return err;
}

/* ERR_BUSY: more pages are needed and were asked for. */
static enum err look_at(struct zalo *z, size_t on_page)
{
	struct zalo_settle *s = &z->settle;
	int64_t age_ms = zalo_wall(z) - s->claimed_ms;
	bool is_whole = on_page == 0 || s->rows->oldest_ms < earliest_ms(z, s->claimed_ms);
	enum err err;

	if (!is_still_in_doubt(z) || zalo_send_is_flying(z, s->party_id))
		return ERR_OK;
	for (size_t i = 0; i < s->rows->count; i++) {
		if (is_match(z, &s->rows->row[i], s->claimed_ms, NULL, &s->step))
			return mark_sent(z, s->outbox_id, &s->step, s->rows->row[i].message_id);
	}
	if (is_whole && age_ms >= SURE_MS && zalo_mono(z) >= s->sure_ms)
		return not_found(z);
	if (is_whole)
		return ERR_OK; /* it may only be late */
	s->offset += (int64_t)on_page;
	if (++s->pages >= PAGES_MAX)
		return ERR_OK;
	zalo_rows_clear(s->rows);
	err = look_request(z);
	return err ? err : ERR_BUSY;
}

static void bad_row(void *arg, const json_t *json)
{
	bool *is_bad = arg;

	(void)json;
	*is_bad = true;
}

static void unsettled(struct zalo *z)
{
	enum err err = outbox_doubt_because(z->store, z->settle.outbox_id, ERR_DENIED);

	if (err)
		log_error("zalo_settle", "id=%" PRId64 " unmarked=%s", z->settle.outbox_id,
			err_name(err));
}

static void look_done(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo *z = call->zalo;
	struct zalo_settle *s = &z->settle;
	enum err err = zalo_answer_err(answer);
	bool is_bad = false;
	size_t on_page = 0;

	if (answer->is_cancelled)
		return;
	if (!err)
		err = zalo_rows_add(s->rows, answer->data, bad_row, &is_bad, &on_page);
	/* A row that can't be read may be the very one. */
	if (!err && is_bad)
		err = ERR_PROTOCOL;
	if (!err)
		err = look_at(z, on_page);
	if (err == ERR_BUSY)
		return;
	if (err)
		log_info("zalo_settle", "id=%" PRId64 " error=%s", s->outbox_id, err_name(err));
	/* An account that may not read back: what comes after it needn't wait. */
	if (zalo_answer_is(answer, ZALO_STOP) || zalo_answer_is(answer, ZALO_REFUSED))
		unsettled(z);
	look_over(z, err ? LOOK_MS : SECOND_MS);
}

static enum err look_begin(struct zalo *z, const struct outbox_row *row)
{
	struct zalo_settle *s = &z->settle;
	enum err err;

	s->outbox_id = row->id;
	s->party_id = row->party_id;
	s->kind = row->channel;
	s->claimed_ms = row->claimed_ms;
	s->offset = 0;
	s->pages = 0;
	err = party_address(z->store, row->party_id, &s->address);
	if (!err)
		err = load_step(z, row, &s->step);
	return err ? err : look_request(z);
}

/* The next one in doubt after the one that was looked up last, of either channel. */
static const struct outbox_row *choose(const struct zalo *z, const struct doubt_list *list)
{
	const struct outbox_row *next = NULL, *first = NULL;

	for (int i = 0; i < list->count; i++) {
		const struct outbox_row *row = &list->row[i];

		if (!first || row->id < first->id)
			first = row;
		if (row->id > z->settle.after_id && (!next || row->id < next->id))
			next = row;
	}
	return next ? next : first;
}

void zalo_settle_soon(struct zalo *z)
{
	z->settle.sure_ms = zalo_mono(z) + SURE_MS;
	z->settle.due_ms = zalo_sooner(z->settle.due_ms, zalo_mono(z) + SECOND_MS);
	zalo_wake(z);
}

int64_t zalo_settle_tick(struct zalo *z)
{
	struct zalo_settle *s = &z->settle;
	struct doubt_list list = {0};
	const struct outbox_row *row;
	enum err err;

	if (z->is_closing || zalo_call_is_active(&s->call) || !z->link.is_up ||
		!zalo_auth_is_usable(z))
		return INT64_MAX;
	if (zalo_mono(z) < s->due_ms)
		return s->due_ms;
	s->due_ms = zalo_mono(z) + LOOK_MS;
	err = outbox_in_doubt(z->store, CHANNEL_ZALO_USER, BATCH / 2, add_doubt, &list);
	if (!err)
		err = outbox_in_doubt(z->store, CHANNEL_ZALO_GROUP, BATCH / 2, add_doubt, &list);
	row = choose(z, &list);
	if (err || !row)
		return s->due_ms;
	/* One after the other, and each again only after a while. */
	if (row->id <= s->after_id) {
		s->after_id = 0;
		return s->due_ms;
	}
	if (look_begin(z, row))
		look_over(z, SECOND_MS);
	return s->due_ms;
}

enum err zalo_settle_open(struct zalo *z)
{
	struct zalo_settle *s = &z->settle;

	zalo_call_init(&s->call, z, ZALO_USE_WALK, look_done);
	buf_init(&s->address, PARTY_ADDRESS_MAX);
	s->rows = calloc(1, sizeof(*s->rows));
	return s->rows ? ERR_OK : ERR_NOMEM;
}

void zalo_settle_close(struct zalo *z)
{
	struct zalo_settle *s = &z->settle;

	if (!s->call.zalo)
		return;
	zalo_call_cancel(&s->call);
	zalo_call_free(&s->call);
	buf_wipe(&s->address);
	zalo_step_done(&s->step);
	if (s->rows)
		zalo_rows_clear(s->rows);
	free(s->rows);
	s->rows = NULL;
}
