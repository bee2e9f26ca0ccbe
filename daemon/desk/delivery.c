/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/delivery_private.h"

#include "daemon/desk/audience.h"
#include "store/event.h"

#include <jansson.h>

#define SWEEP_ROWS 5000 /* written off in a turn */

/* The bulletin whose recipients it is for ({"reached": 45}), 0 none. */
static enum err reached_by(struct desk *desk, const struct bulletin *b, int64_t *ret_id)
{
	CLEAN_BUF rule = {0};
	json_t *json;
	enum err err;

	buf_init(&rule, BULLETIN_AUDIENCE_MAX);
	err = bulletin_audience(desk->store, b, &rule);
	if (err)
		return err;
	json = json_loads(buf_text(&rule), JSON_REJECT_DUPLICATES, NULL);
	if (!json)
		return ERR_CORRUPT;
	*ret_id = json_integer_value(json_object_get(json, "reached"));
	json_decref(json);
	return ERR_OK;
}

/* ---- beginning -------------------------------------------------------------------------------
 */

/* The ways that this commune has at all; those on whom it can't be told need not be waited for. */
int delivery_all_steps(const struct desk *desk)
{
	enum channel_kind channel;

	return (desk->has_zalo ? STEP_ZALO | STEP_GROUP : 0) |
	       (desk_phone_channel(desk, &channel) ? STEP_SMS : 0);
}

static enum err keep_words(
	struct desk *desk, const struct delivery *d, const struct delivery_words *words)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < FORM_COUNT; i++)
		err = delivery_add_text(desk->store, d->id, (enum delivery_form)i,
			buf_text(&words->forms[i]), words->size[i].segments);
	return err;
}

static enum err add(struct desk *desk, const struct bulletin *b, struct errbuf *eb)
{
	enum delivery_urgency urgency = delivery_urgency_of(b);
	struct delivery d = {.id = b->id,
		.urgency = urgency,
		.lane = delivery_lane(urgency),
		.steps = delivery_all_steps(desk),
		.enclosure_id = b->enclosure_id,
		.began_ms = desk_now(desk),
		.expires_ms = b->expires_ms};
	struct audience_counts counts;
	struct delivery_words words;
	enum err err;

	if (!d.steps)
		return errbuf_set(eb, ERR_STATE,
			"there is neither a modem, nor an SMS gateway, "
			"nor Zalo by which it could go");
	err = delivery_words(desk, b, NULL, &words, eb);
	if (!err)
		err = desk_audience_draw(desk, b, &counts, eb);
	if (!err)
		err = reached_by(desk, b, &d.corrects);
	if (!err)
		err = delivery_add(desk->store, &d);
	if (!err)
		err = keep_words(desk, &d, &words);
	if (!err)
		err = delivery_plan_first(desk, &d);
	delivery_words_free(&words);
	return err;
}

enum err delivery_begin(struct desk *desk, int64_t bulletin_id, struct errbuf *eb)
{
	struct bulletin bulletin;
	enum err err = bulletin_load(desk->store, bulletin_id, &bulletin);

	if (!err && bulletin.expires_ms <= desk_now(desk))
		return errbuf_set(eb, ERR_STATE, "its time is over");
	return err ? err : add(desk, &bulletin, eb);
}

/* ---- ending ----------------------------------------------------------------------------------
 */

/* Those of others that have some of it. */
static enum err take_digests_back(struct desk *desk, int64_t id)
{
	int64_t outbox_id;
	enum err err;

	while (!(err = delivery_digest_of(desk->store, id, &outbox_id))) {
		err = outbox_move(
			desk->store, outbox_id, &(struct outbox_move){.to = OUTBOX_CANCELLED});
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err take_all_back(struct desk *desk, int64_t id)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < CHANNEL_KIND_COUNT; i++)
		err = delivery_take_back(desk, id, (enum channel_kind)i, false);
	return err ? err : take_digests_back(desk, id);
}

static enum err note(
	struct desk *desk, const struct delivery *d, const char *kind, const char *actor)
{
	char subject[32], data[64];

	snprintf(subject, sizeof(subject), "bulletin/%lld", (long long)d->id);
	snprintf(data, sizeof(data), "{\"state\":\"%s\"}", delivery_state_text(d->state));
	return event_add(desk->store, kind, subject, actor, data);
}

static enum err explain(
	enum err err, const struct delivery *d, enum delivery_state to, struct errbuf *eb)
{
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, ERR_STATE, "it has not gone out");
	if (err != ERR_STATE)
		return err;
	return errbuf_set(eb, err,
		to == DELIVERY_RUNNING
			? ERR_WORD("only what was stopped goes on; bulletin %lld is %s")
			: ERR_WORD("bulletin %lld is over: %s"),
		(long long)d->id, delivery_state_text(d->state));
}

enum err delivery_stop(
	struct desk *desk, int64_t id, enum delivery_state to, const char *actor, struct errbuf *eb)
{
	struct delivery d = {.id = id};
	enum err err = delivery_load(desk->store, id, &d);

	if (!err)
		err = delivery_move(desk->store, &d, to);
	if (err)
		return explain(err, &d, to, eb);
	if (!d.ended_ms)
		err = take_all_back(desk, id);
	return err ? err : note(desk, &d, "bulletin.stopped", actor);
}

enum err delivery_resume(struct desk *desk, int64_t id, const char *actor, struct errbuf *eb)
{
	struct delivery d = {.id = id};
	enum err err = delivery_load(desk->store, id, &d);

	if (!err && d.state != DELIVERY_STOPPED)
		err = ERR_STATE;
	if (!err && d.expires_ms <= desk_now(desk))
		return errbuf_set(eb, ERR_STATE, "its time is over");
	if (!err)
		err = delivery_move(
			desk->store, &d, d.is_planned ? DELIVERY_RUNNING : DELIVERY_PLANNING);
	if (err)
		return explain(err, &d, DELIVERY_RUNNING, eb);
	return note(desk, &d, "bulletin.resumed", actor);
}

static enum err end(struct desk *desk, struct delivery *d)
{
	struct bulletin bulletin;
	enum err err = delivery_end(desk->store, d);

	if (!err)
		err = bulletin_load(desk->store, d->id, &bulletin);
	if (!err && bulletin.state == BULLETIN_SENDING)
		err = bulletin_move(desk->store, d->id, BULLETIN_DONE);
	return err ? err : note(desk, d, "bulletin.ended", "system");
}

/* What waits is written off; what is on its way comes to its end by itself. */
static enum err write_off(struct desk *desk, struct delivery *d, int64_t *next_ms)
{
	bool is_expired = d->state == DELIVERY_EXPIRED, waits = false, flies = false;
	enum err err;

	if (d->swept_to != INT64_MAX) {
		*next_ms = desk_now(desk);
		return ledger_sweep(desk->store, d, is_expired ? LEDGER_EXPIRED : LEDGER_STOPPED,
			delivery_state_text(d->state), SWEEP_ROWS);
	}
	err = ledger_is_busy(desk->store, d->id, &waits, &flies);
	if (err)
		return err;
	/* Something came back from its flight. */
	if (waits) {
		d->swept_to = 0;
		return write_off(desk, d, next_ms);
	}
	return flies ? take_all_back(desk, d->id) : end(desk, d);
}

/* ---- while it runs ---------------------------------------------------------------------------
 */

static void sooner(int64_t *next_ms, int64_t at_ms)
{
	if (at_ms < *next_ms)
		*next_ms = at_ms;
}

/* Who may have been told by Zalo, but nobody knows: where it is urgent he is texted. */
static enum err text_doubted(struct desk *desk, const struct delivery *d, int64_t *next_ms)
{
	int64_t wait_ms = plan_patience_ms(d->urgency), oldest_ms;
	enum err err;

	if (wait_ms == INT64_MAX || !(d->steps & STEP_SMS))
		return ERR_OK;
	if (wait_ms < MINUTE_MS)
		wait_ms = MINUTE_MS;
	err = ledger_oldest_doubt(desk->store, d->id, &oldest_ms);
	if (err || oldest_ms == INT64_MAX)
		return err;
	if (oldest_ms + wait_ms > desk_now(desk)) {
		sooner(next_ms, oldest_ms + wait_ms);
		return ERR_OK;
	}
	return ledger_text_doubted(desk->store, d->id, desk_now(desk) - wait_ms);
}

/* The hamlets of whose heads nothing was heard go before the others. */
static enum err climb(struct desk *desk, struct delivery *d, int64_t *next_ms)
{
	int64_t wait_ms = plan_confirm_ms(d->urgency);
	struct ledger_row head = {.resident_id = 0};
	int count = 0;
	enum err err = ERR_OK;

	if (d->climbed_ms || wait_ms == INT64_MAX)
		return ERR_OK;
	if (d->began_ms + wait_ms > desk_now(desk)) {
		sooner(next_ms, d->began_ms + wait_ms);
		return ERR_OK;
	}
	while (!(err = ledger_head_next(desk->store, d->id, head.resident_id, &head))) {
		if (head.confirmed_ms || !head.place_id)
			continue;
		err = ledger_climb(desk->store, d->id, head.place_id);
		if (err)
			return err;
		count++;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	log_info("delivery", "id=%lld unconfirmed=%d", (long long)d->id, count);
	return delivery_climbed(desk->store, d);
}

static enum err look_whether_done(struct desk *desk, struct delivery *d)
{
	bool waits = false, flies = false, is_pending = false;
	enum err err = ledger_is_busy(desk->store, d->id, &waits, &flies);

	if (!err && d->corrects)
		err = ledger_is_pending(desk->store, d->id, &is_pending);
	if (err || waits || flies || is_pending)
		return err;
	return end(desk, d);
}

static enum err run(
	struct desk *desk, struct delivery *d, const struct delivery_reach *reach, int64_t *next_ms)
{
	enum err err = ERR_OK;

	if (d->corrects)
		err = delivery_plan_pending(desk, d);
	if (!err)
		err = text_doubted(desk, d, next_ms);
	if (!err)
		err = climb(desk, d, next_ms);
	if (!err)
		err = delivery_feed(desk, d, reach, next_ms);
	return err ? err : look_whether_done(desk, d);
}

static enum err expire(struct desk *desk, struct delivery *d)
{
	enum err err = delivery_move(desk->store, d, DELIVERY_EXPIRED);

	return err ? err : take_all_back(desk, d->id);
}

static enum err tick_one(
	struct desk *desk, struct delivery *d, const struct delivery_reach *reach, int64_t *next_ms)
{
	int64_t now_ms = desk_now(desk);
	bool is_open = d->state == DELIVERY_PLANNING || d->state == DELIVERY_RUNNING ||
		       d->state == DELIVERY_STOPPED;
	enum err err = ERR_OK;

	if (is_open && now_ms >= d->expires_ms)
		err = expire(desk, d);
	else if (is_open)
		sooner(next_ms, d->expires_ms);
	if (err)
		return err;
	switch (d->state) {
	case DELIVERY_PLANNING:
		*next_ms = now_ms;
		return delivery_plan_chunk(desk, d);
	case DELIVERY_RUNNING:
		return run(desk, d, reach, next_ms);
	case DELIVERY_STOPPED:
		/* What came back from its flight does not go again. */
		return take_all_back(desk, d->id);
	case DELIVERY_RECALLED:
	case DELIVERY_EXPIRED:
	case DELIVERY_DONE:
	case DELIVERY_STATE_COUNT:
		break;
	}
	return write_off(desk, d, next_ms);
}

static enum err tick_lane(struct desk *desk, enum lane lane, bool is_emergency,
	const struct delivery_reach *reach, int64_t *next_ms)
{
	struct delivery d = {.id = 0};
	enum err err;

	while (!(err = delivery_next(desk->store, lane, d.id, &d))) {
		if ((d.urgency == DELIVERY_EMERGENCY) != is_emergency)
			continue;
		err = tick_one(desk, &d, reach, next_ms);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err delivery_tick(struct desk *desk, const struct delivery_reach *reach, int64_t *ret_next_ms)
{
	int64_t next_ms = INT64_MAX;
	enum err err = tick_lane(desk, LANE_URGENT, true, reach, &next_ms);

	if (!err)
		err = tick_lane(desk, LANE_URGENT, false, reach, &next_ms);
	if (!err)
		err = tick_lane(desk, LANE_BULLETIN, false, reach, &next_ms);
	if (err)
		return err;
	desk->zalo_was_up = reach->is_up[CHANNEL_ZALO_USER];
	*ret_next_ms = next_ms;
	return ERR_OK;
}
