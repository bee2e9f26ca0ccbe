/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of the modems, for `status`, the problems and `binhyenctl modems`. */
#include "daemon/relay/modem_private.h"

static json_t *caps_json(const struct modem *modem)
{
	struct caps_left left;
	enum err err = caps_left(
		modem->pool->store, &modem->config->caps, modem_sim(modem), LANE_BULLETIN, &left);

	if (err)
		return json_null();
	return json_pack(
		"{s:i, s:i, s:i}", "minute", left.minute, "hour", left.hour, "day", left.day);
}

static json_t *time_json(int64_t wall_ms)
{
	char text[CLOCK_TEXT_BYTES];

	if (!wall_ms)
		return json_null();
	clock_format(wall_ms, text);
	return json_string(text);
}

static json_t *doubt_json(const struct modem *modem)
{
	int64_t count;

	return outbox_doubt_count(modem->pool->store, modem_sim(modem), &count)
		       ? json_null()
		       : json_integer(count);
}

static void add_balance(json_t *object, const struct modem *modem)
{
	json_object_set_new(
		object, "balance", modem->balance_ms ? json_integer(modem->balance) : json_null());
	json_object_set_new(object, "balance_at", time_json(modem->balance_ms));
	json_object_set_new(object, "balance_low", json_boolean(modem->is_balance_low));
}

static json_t *modem_status(const struct modem *modem)
{
	const struct line_state *state = &modem->state;
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s}", "name",
		modem->config->name, "phase", modem_phase_text(modem->phase), "driver",
		modem->hello.driver, "model", modem->hello.model, "signal", state->signal_percent,
		"network", state->network[0] ? state->network : "unknown", "operator",
		state->operator_code, "contract",
		operator_name((enum phone_operator)modem->config->phone_operator));
	json_t *counts = json_pack("{s:i, s:i, s:i, s:i, s:b, s:I, s:I, s:I, s:s}", "sim_used",
		state->sim_used, "sim_size", state->sim_size, "me_used", state->me_used, "me_size",
		state->me_size, "sending", modem->sending.req != NULL, "respawns",
		(json_int_t)modem->respawns, "received", (json_int_t)modem->received, "sent",
		(json_int_t)modem->sent, "last_error", modem->last_error);

	json_object_update(object, counts);
	json_decref(counts);
	json_object_set_new(object, "in_doubt", doubt_json(modem));
	json_object_set_new(object, "power", modem_power_status(modem));
	json_object_set_new(object, "last_good", time_json(modem->good_ms));
	json_object_set_new(object, "last_network", time_json(modem->network_ms));
	json_object_set_new(object, "silent_s",
		json_integer((clock_mono_ms(clock_system()) - modem->heard_ms) / SECOND_MS));
	add_balance(object, modem);
	json_object_set_new(object, "swapped", json_string(modem_swapped_text(modem)));
	json_object_set_new(object, "failures", json_integer(modem->failures));
	json_object_set_new(object, "caps_left", caps_json(modem));
	return object;
}

json_t *modem_pool_status(const struct modem_pool *pool)
{
	json_t *list = json_array();

	for (int i = 0; list && i < pool->count; i++)
		json_array_append_new(list, modem_status(&pool->modems[i]));
	return list;
}

const char *modem_lane_text(enum lane lane)
{
	static const char *const lanes[LANE_COUNT] = {"alarm", "answer", "urgent", "bulletin"};

	return lanes[lane];
}

json_t *modem_pool_caps(const struct modem_pool *pool)
{
	char text[CLOCK_TEXT_BYTES];
	struct dispatch_gated gated;
	json_t *until = json_object();

	dispatch_gated(pool->dispatch, CHANNEL_MODEM, &gated);
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		if (!gated.until_ms[lane])
			continue;
		clock_format(gated.until_ms[lane], text);
		json_object_set_new(until, modem_lane_text((enum lane)lane), json_string(text));
	}
	return json_pack(
		"{s:I, s:o}", "short", (json_int_t)gated.short_count, "waiting_until", until);
}
