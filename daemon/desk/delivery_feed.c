/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the ledger into the outbox, a window at a time: what is there is soon sent, and what is not
 * there can still go another way.
 *
 * Zalo takes those who have it, the modems those who have not, and then, when Zalo is away or has
 * had its time (plan_patience_ms), also those who have. Whoever is first gets him; nobody is in
 * both.
 */
#include "daemon/desk/delivery_private.h"

#include "store/recipient.h"

#define WINDOW_MODEM  16	      /* twice as many as there may be modems */
#define WINDOW_ONLINE 64	      /* over the network many go at once */
#define AWAY_MS	      (2 * MINUTE_MS) /* a short break of the line costs no text messages */

struct feed {
	struct desk *desk;
	const struct delivery *d;
	const struct delivery_reach *reach;
	bool zalo_is_back; /* since the last tick */
	int64_t *next_ms;
	int64_t budget_left;
	int segments[FORM_COUNT];
};

static bool is_up(const struct feed *feed, enum channel_kind channel)
{
	return feed->reach->has[channel] && feed->reach->is_up[channel];
}

static void sooner(int64_t *next_ms, int64_t at_ms)
{
	if (at_ms < *next_ms)
		*next_ms = at_ms;
}

/* ---- text messages ---------------------------------------------------------------------------
 */

static int64_t price_to(const struct desk *desk, const char *phone)
{
	int price = desk->bulletins.price[operator_of_number(phone)];

	return price == SMS_PRICE_UNKNOWN ? DELIVERY_PRICE_GUESS : price;
}

enum err delivery_cost(struct desk *desk, int64_t resident_id, int segments, int64_t *ret_cost)
{
	CLEAN_BUF phone = {0};
	enum err err;

	buf_init(&phone, PARTY_ADDRESS_MAX);
	err = recipient_phone(desk->store, resident_id, &phone);
	if (!err)
		*ret_cost = segments * price_to(desk, buf_text(&phone));
	buf_wipe(&phone);
	return err;
}

enum err delivery_budget(struct desk *desk, enum delivery_urgency urgency, int64_t *ret_left)
{
	const struct delivery_rules *rules = &desk->bulletins;
	int64_t most = rules->budget, spent = 0;
	enum err err;

	*ret_left = INT64_MAX;
	if (!rules->budget)
		return ERR_OK;
	if (urgency != DELIVERY_EMERGENCY)
		most -= rules->reserve < most ? rules->reserve : most;
	err = spending_load(desk->store, clock_local_month(desk_now(desk)), &spent);
	if (!err)
		*ret_left = most > spent ? most - spent : 0;
	return err;
}

/*
 * May those who have Zalo be texted now? Zalo must have been away or there long enough: a line that
 * comes back starts its time anew, and a returning Zalo gets the first chance.
 */
static bool may_steal(const struct feed *feed)
{
	int64_t patience_ms = plan_patience_ms(feed->d->urgency);
	int64_t now_ms = desk_now(feed->desk), since_ms, from_ms;

	if (patience_ms == INT64_MAX)
		return false;
	if (!patience_ms || !feed->reach->has[CHANNEL_ZALO_USER])
		return true;
	since_ms = now_ms - feed->reach->since_ms[CHANNEL_ZALO_USER];
	if (!feed->reach->is_up[CHANNEL_ZALO_USER])
		from_ms = since_ms + AWAY_MS;
	else
		from_ms = (since_ms > feed->d->began_ms ? since_ms : feed->d->began_ms) +
			  patience_ms;
	if (now_ms < from_ms)
		sooner(feed->next_ms, from_ms);
	return now_ms >= from_ms;
}

static enum err gone(const struct feed *feed, const struct ledger_row *row, enum err err)
{
	/* He left the registry meanwhile, or his number can't be opened. */
	if (err == ERR_NOT_FOUND || err == ERR_WRONG_KEY || err == ERR_CORRUPT)
		return ledger_miss(
			feed->desk->store, row, err == ERR_NOT_FOUND ? "FORGOTTEN" : err_name(err));
	return err;
}

static enum err send_to(struct feed *feed, const struct ledger_row *row, enum channel_kind channel,
	enum delivery_step step, int64_t cost)
{
	bool is_text = step == STEP_SMS, is_head = row->wave == WAVE_HEAD;
	enum delivery_form form = is_text ? (is_head ? FORM_HEAD_SMS : FORM_SMS)
					  : (is_head ? FORM_HEAD_FULL : FORM_FULL);
	struct ledger_flight flight = {.step = step, .channel = channel, .cost = cost};
	int64_t party_id = 0;
	enum err err = recipient_party(feed->desk->store, row->resident_id,
		is_text ? PARTY_RESIDENT : PARTY_RESIDENT_ZALO, &party_id);

	if (err)
		return gone(feed, row, err);
	err = delivery_queue(
		feed->desk->store, feed->d, channel, form, party_id, &flight.outbox_id);
	return err ? err : ledger_fly(feed->desk->store, row, &flight);
}

/* Each of its bulletins bears its part of the price. */
static enum err send_digest(struct feed *feed, const struct delivery_digest *digest,
	enum channel_kind channel, int64_t cost)
{
	struct store *store = feed->desk->store;
	struct ledger_flight flight = {.step = STEP_SMS, .channel = channel};
	int64_t party_id = 0, left = cost;
	enum err err = recipient_party(
		store, digest->rows[0].resident_id, PARTY_RESIDENT, &party_id);

	if (err)
		return gone(feed, &digest->rows[0], err);
	err = delivery_queue_digest(store, feed->d, channel, party_id, digest->expires_ms,
		buf_text(&digest->text), &flight.outbox_id);
	for (int i = 0; !err && i < digest->count; i++) {
		flight.cost = left / (digest->count - i);
		left -= flight.cost;
		err = ledger_fly(store, &digest->rows[i], &flight);
	}
	return err;
}

static enum err text_with(struct feed *feed, const struct ledger_row *row,
	const struct delivery_digest *digest, enum channel_kind channel, bool *ret_is_broke)
{
	enum delivery_form form = row->wave == WAVE_HEAD ? FORM_HEAD_SMS : FORM_SMS;
	int segments = digest->count > 1 ? digest->segments : feed->segments[form];
	struct store *store = feed->desk->store;
	int64_t cost = 0;
	enum err err = delivery_cost(feed->desk, row->resident_id, segments, &cost);

	*ret_is_broke = !err && cost > feed->budget_left;
	if (err)
		return gone(feed, row, err);
	if (*ret_is_broke)
		return ERR_OK;
	err = digest->count > 1 ? send_digest(feed, digest, channel, cost)
				: send_to(feed, row, channel, STEP_SMS, cost);
	if (!err && cost)
		err = spending_add(store, clock_local_month(desk_now(feed->desk)), cost);
	if (!err && feed->budget_left != INT64_MAX)
		feed->budget_left -= cost;
	return err;
}

/* *ret_is_broke: there is no money for him. */
static enum err text_to(struct feed *feed, const struct ledger_row *row, enum channel_kind channel,
	bool *ret_is_broke)
{
	struct delivery_digest digest;
	enum err err = delivery_digest_make(feed->desk, feed->d, row, &digest);

	if (!err)
		err = text_with(feed, row, &digest, channel, ret_is_broke);
	delivery_digest_free(&digest);
	return err;
}

static bool comes_before(const struct ledger_row *a, const struct ledger_row *b)
{
	if (a->wave != b->wave)
		return a->wave < b->wave;
	return a->resident_id < b->resident_id;
}

/* Those who can only be texted, and where it is allowed those who could go by Zalo, as one line. */
struct line {
	struct ledger_row rows[WINDOW_ONLINE];
	int count, next;
};

static enum err line_up(struct feed *feed, struct line lines[3], int limit)
{
	static const enum delivery_step steps[] = {STEP_SMS, STEP_ZALO, STEP_GROUP};
	bool steals = may_steal(feed);
	enum err err = ERR_OK;

	for (int i = 0; !err && i < 3; i++) {
		lines[i].count = lines[i].next = 0;
		if (i == 0 || steals)
			err = ledger_waiting(feed->desk->store, feed->d->id, steps[i],
				lines[i].rows, limit, &lines[i].count);
	}
	return err;
}

static const struct ledger_row *first_of(struct line lines[3])
{
	const struct ledger_row *first = NULL;
	int from = 0;

	for (int i = 0; i < 3; i++) {
		const struct ledger_row *row = &lines[i].rows[lines[i].next];

		while (lines[i].next < lines[i].count && !(row->steps & STEP_SMS))
			row = &lines[i].rows[++lines[i].next];
		if (lines[i].next < lines[i].count && (!first || comes_before(row, first))) {
			first = row;
			from = i;
		}
	}
	if (first)
		lines[from].next++;
	return first;
}

static enum err room_of(
	const struct feed *feed, enum channel_kind channel, int window, int *ret_room)
{
	int64_t queued = 0;
	enum err err = delivery_queued(feed->desk->store, feed->d->id, channel, &queued);

	*ret_room = queued * 2 > window ? 0 : window - (int)queued;
	return err;
}

static int64_t next_month_ms(int64_t now_ms)
{
	int64_t first_ms = clock_day_begin_ms(clock_local_month(now_ms));

	/* Somewhere in the month after it. */
	return clock_day_begin_ms(clock_local_month(first_ms + 40 * DAY_MS));
}

static enum err feed_texts(struct feed *feed)
{
	enum channel_kind channel;
	const struct ledger_row *row;
	struct line lines[3];
	bool is_broke = false;
	int64_t digest_ms;
	int room = 0;
	enum err err;

	if (!(feed->d->steps & STEP_SMS) || !desk_phone_channel(feed->desk, &channel))
		return ERR_OK;
	if (!is_up(feed, channel))
		return delivery_take_back(feed->desk, feed->d->id, channel, true);
	digest_ms = delivery_digest_wait(feed->desk, feed->d);
	if (digest_ms) {
		sooner(feed->next_ms, digest_ms);
		return ERR_OK;
	}
	err = room_of(
		feed, channel, channel == CHANNEL_MODEM ? WINDOW_MODEM : WINDOW_ONLINE, &room);
	if (err || !room)
		return err;
	err = delivery_budget(feed->desk, feed->d->urgency, &feed->budget_left);
	if (!err)
		err = line_up(feed, lines, room);
	for (int i = 0; !err && i < room && !is_broke && (row = first_of(lines)); i++)
		err = text_to(feed, row, channel, &is_broke);
	/* Money comes with the next month. */
	if (!err && is_broke)
		sooner(feed->next_ms, next_month_ms(desk_now(feed->desk)));
	return err;
}

/* ---- Zalo ------------------------------------------------------------------------------------
 */

static enum err feed_groups(struct feed *feed)
{
	struct store *store = feed->desk->store;
	int64_t group_id = 0, party_id, outbox_id;
	enum err err;

	while (!(err = ledger_group_next(store, feed->d->id, group_id, &group_id))) {
		err = ledger_group_party(store, feed->d->id, group_id, &party_id);
		if (err == ERR_NOT_FOUND) {
			err = ledger_group_skip(store, feed->d->id, group_id);
		} else if (!err) {
			err = delivery_queue(store, feed->d, CHANNEL_ZALO_GROUP, FORM_FULL,
				party_id, &outbox_id);
			if (!err)
				err = ledger_group_fly(store, feed->d->id, group_id, outbox_id);
		}
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The text messages of who could be told by Zalo go back while they can: it has just come. */
static enum err stand_down(struct feed *feed)
{
	enum channel_kind channel;

	if (!feed->zalo_is_back || !desk_phone_channel(feed->desk, &channel))
		return ERR_OK;
	return delivery_take_back(feed->desk, feed->d->id, channel, true);
}

static enum err feed_users(struct feed *feed)
{
	struct ledger_row rows[WINDOW_ONLINE];
	int room = 0, count = 0;
	enum err err = room_of(feed, CHANNEL_ZALO_USER, WINDOW_ONLINE, &room);

	if (err || !room)
		return err;
	err = ledger_waiting(feed->desk->store, feed->d->id, STEP_ZALO, rows, room, &count);
	for (int i = 0; !err && i < count; i++)
		err = send_to(feed, &rows[i], CHANNEL_ZALO_USER, STEP_ZALO, 0);
	return err;
}

static enum err feed_zalo(struct feed *feed)
{
	enum err err;

	if (!(feed->d->steps & (STEP_ZALO | STEP_GROUP)) || !feed->reach->has[CHANNEL_ZALO_USER])
		return ERR_OK;
	if (!is_up(feed, CHANNEL_ZALO_USER)) {
		err = delivery_take_back(feed->desk, feed->d->id, CHANNEL_ZALO_USER, false);
		return err ? err
			   : delivery_take_back(feed->desk, feed->d->id, CHANNEL_ZALO_GROUP, false);
	}
	err = stand_down(feed);
	if (!err)
		err = feed_groups(feed);
	return err ? err : feed_users(feed);
}

static enum err can_go_by_zalo(struct desk *desk, int64_t delivery_id, int64_t outbox_id, bool *ret)
{
	struct ledger_row row;
	struct outbox_row message;
	int64_t resident_id = 0;
	enum err err = outbox_load(desk->store, outbox_id, &message);

	if (!err)
		err = recipient_resident(desk->store, message.party_id, &resident_id);
	if (!err)
		err = ledger_load(desk->store, delivery_id, resident_id, &row);
	*ret = !err && (row.steps & STEP_ZALO);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err delivery_take_back(
	struct desk *desk, int64_t delivery_id, enum channel_kind channel, bool only_zalo)
{
	int64_t id = 0;
	enum err err;

	while (!(err = delivery_queued_next(desk->store, delivery_id, channel, id, &id))) {
		bool wanted = true;

		if (only_zalo)
			err = can_go_by_zalo(desk, delivery_id, id, &wanted);
		if (!err && wanted)
			err = outbox_move(
				desk->store, id, &(struct outbox_move){.to = OUTBOX_CANCELLED});
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err load_segments(struct feed *feed)
{
	static const enum delivery_form forms[] = {FORM_SMS, FORM_HEAD_SMS};
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(forms); i++) {
		CLEAN_BUF text = {0};

		buf_init(&text, OUTBOX_BODY_MAX);
		err = delivery_text(
			feed->desk->store, feed->d->id, forms[i], &text, &feed->segments[forms[i]]);
		buf_wipe(&text);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err delivery_feed(struct desk *desk, const struct delivery *d,
	const struct delivery_reach *reach, int64_t *next_ms)
{
	struct feed feed = {.desk = desk,
		.d = d,
		.reach = reach,
		.zalo_is_back = reach->is_up[CHANNEL_ZALO_USER] && !desk->zalo_was_up,
		.next_ms = next_ms};
	int64_t now_ms = desk_now(desk), quiet_ms = 0;
	enum err err;

	if (d->urgency != DELIVERY_EMERGENCY)
		quiet_ms = quiet_end_ms(&desk->bulletins.quiet, now_ms);
	if (quiet_ms) {
		sooner(next_ms, quiet_ms);
		return ERR_OK;
	}
	err = load_segments(&feed);
	if (!err)
		err = feed_zalo(&feed);
	return err ? err : feed_texts(&feed);
}
