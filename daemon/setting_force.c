/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/setting_force.h"

#include "config/config.h"
#include "daemon/desk/delivery_rules.h"

/* The cheapest SIM to each operator; where there is none, the gateway. */
static void set_prices(const struct config *config, int price[OPERATOR_COUNT])
{
	for (int to = 0; to < OPERATOR_COUNT; to++) {
		price[to] = config->modem_count ? SMS_PRICE_UNKNOWN : config->http_sms.price;
		for (int i = 0; i < config->modem_count; i++) {
			const struct config_modem *modem = &config->modems[i];
			bool is_own = to != OPERATOR_OTHER && modem->phone_operator == to;
			int cost = is_own ? modem->price.own : modem->price.other;

			if (cost != SMS_PRICE_UNKNOWN &&
				(price[to] == SMS_PRICE_UNKNOWN || cost < price[to]))
				price[to] = cost;
		}
	}
}

static struct delivery_rules delivery_rules_of(const struct config *config)
{
	const struct config_bulletins *bulletins = &config->bulletins;
	struct delivery_rules rules = {.quiet = {bulletins->quiet_from_h, bulletins->quiet_until_h},
		.normal_sms = (enum plan_sms)bulletins->normal_sms,
		.digest_day = bulletins->digest_day,
		.budget = bulletins->budget,
		.reserve = bulletins->reserve,
		.zalo_window_ms = config->zalo.window_h * HOUR_MS};

	set_prices(config, rules.price);
	return rules;
}

void desk_options_adjust(
	const struct config *config, struct desk_options *options, struct delivery_rules *ret_rules)
{
	*ret_rules = delivery_rules_of(config);
	options->dialogue_minutes = config->dialogue_minutes;
	options->witness_hour = config->witness_hour;
	for (int i = 0; i < 3; i++)
		options->climb_s[i] = config->climb_s[i];
	options->alarm_has_category = config->alarm_has_category;
	options->bulletins = ret_rules;
}

void setting_force_apply(const struct config *config, const struct setting_force *parts)
{
	struct desk_options options = {.store = NULL};
	struct delivery_rules rules;

	desk_options_adjust(config, &options, &rules);
	desk_adjust(parts->desk, &options);
	intake_set_menu_phone(parts->intake, config->menu_phone);
	if (parts->auth)
		auth_set_limits(
			parts->auth, &(struct session_limits){config->http_idle_min * MINUTE_MS,
					     config->http_session_h * HOUR_MS});
}
