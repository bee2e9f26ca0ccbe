/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/sms_preview.h"

#include "config/config.h"
#include "daemon/desk/desk.h"

#define YEAR_MS (366 * DAY_MS)

/* One of the SIMs that would carry it. */
struct carrier {
	const struct modem_candidate *modem;
	struct caps_left left;
};

struct plan {
	struct carrier carriers[CONFIG_MODEMS_MAX];
	int count;
	enum lane lane;
	int segments;
};

static enum err make_plan(struct store *store, const struct preview_ask *ask, struct plan *plan)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < ask->modem_count; i++) {
		struct carrier *carrier = &plan->carriers[plan->count];

		if (!ask->modems[i].may_send)
			continue;
		carrier->modem = &ask->modems[i];
		err = caps_left(
			store, ask->modems[i].caps, ask->modems[i].sim, ask->lane, &carrier->left);
		plan->count++;
	}
	return err;
}

static int64_t messages_within(const struct plan *plan, int64_t ms)
{
	int64_t sum = 0;

	for (int i = 0; i < plan->count; i++) {
		const struct carrier *carrier = &plan->carriers[i];
		int64_t by_radio = ms / (plan->segments * PREVIEW_SEGMENT_MS);
		int64_t by_caps = caps_messages(
			carrier->modem->caps, plan->lane, &carrier->left, plan->segments, ms);

		sum += by_radio < by_caps ? by_radio : by_caps;
	}
	return sum;
}

/* More time never means fewer messages, so the first moment that suffices is searched by halves. */
static int64_t time_for(const struct plan *plan, int64_t count)
{
	int64_t low = 0, high = YEAR_MS;

	if (messages_within(plan, high) < count)
		return PREVIEW_NEVER;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (messages_within(plan, middle) >= count)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The cheapest SIM that there is; while none may send, the cheapest of all. */
static int price_of(const struct preview_ask *ask, int ready, const char *address)
{
	int best = SMS_PRICE_UNKNOWN;

	for (int i = 0; i < ask->modem_count; i++) {
		int price = modem_price(&ask->modems[i], address);

		if (ready && !ask->modems[i].may_send)
			continue;
		if (price != SMS_PRICE_UNKNOWN && (best == SMS_PRICE_UNKNOWN || price < best))
			best = price;
	}
	return best;
}

static void add_prices(const struct preview_ask *ask, struct preview *preview)
{
	int price;

	preview->has_price = true;
	for (int64_t i = 0; i < (ask->to ? ask->count : 1); i++) {
		price = price_of(ask, preview->ready, ask->to ? ask->to[i] : NULL);
		if (price == SMS_PRICE_UNKNOWN)
			preview->has_price = false;
		else
			preview->price += (int64_t)price * preview->size.segments;
	}
	if (!ask->to)
		preview->price *= ask->count;
}

enum err sms_preview(struct store *store, const struct preview_ask *ask, struct buf *out,
	struct preview *ret_preview, struct errbuf *eb)
{
	struct preview preview = {.expires_ms = desk_expires_ms(ask->lane)};
	struct plan plan = {.lane = ask->lane};
	int64_t in_time;
	enum err err = desk_sms_fit(
		ask->lane, ask->text, out, &preview.size, &preview.is_unaccented, eb);

	if (!err)
		err = make_plan(store, ask, &plan);
	if (err)
		return err;
	plan.segments = preview.size.segments;
	preview.ready = plan.count;
	add_prices(ask, &preview);
	preview.takes_ms = time_for(&plan, ask->count);
	in_time = messages_within(&plan, preview.expires_ms);
	preview.too_late = in_time < ask->count ? ask->count - in_time : 0;
	*ret_preview = preview;
	return ERR_OK;
}
