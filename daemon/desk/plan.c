/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/plan.h"

#define URGENT_MS	(5 * MINUTE_MS)
#define CONFIRM_FAST_MS (10 * MINUTE_MS)
#define CONFIRM_SLOW_MS (30 * MINUTE_MS)

static int ways_of(const struct plan_rule *rule, const struct plan_known *known)
{
	int ways = 0;

	if (known->on_zalo)
		ways |= STEP_ZALO;
	if (known->group_id && rule->urgency != DELIVERY_EMERGENCY)
		ways |= STEP_GROUP;
	if (rule->urgency != DELIVERY_NORMAL || (rule->normal_sms != PLAN_SMS_OFF && !ways))
		ways |= STEP_SMS;
	return ways & rule->steps;
}

static int first_of(const struct plan_rule *rule, const struct plan_known *known, int ways)
{
	/* Who passes it on by loudspeaker must not wait for the internet. */
	if (known->wave == WAVE_HEAD && rule->urgency == DELIVERY_EMERGENCY && (ways & STEP_SMS))
		return STEP_SMS;
	if (ways & STEP_GROUP)
		return STEP_GROUP;
	return ways & STEP_ZALO ? STEP_ZALO : ways & STEP_SMS;
}

void plan_make(
	const struct plan_rule *rule, const struct plan_known *known, struct ledger_plan *ret_plan)
{
	int ways = known->is_known ? ways_of(rule, known) : 0;
	bool is_late = known->wave > WAVE_LEADER;

	*ret_plan = (struct ledger_plan){.wave = known->wave, .steps = ways, .reason = ""};
	if (is_late)
		ret_plan->wave = ways & (STEP_ZALO | STEP_GROUP) ? WAVE_OTHER : WAVE_NOT_ON_ZALO;
	if (!ways) {
		ret_plan->reason = known->is_known ? "NO_WAY" : "FORGOTTEN";
		return;
	}
	ret_plan->step = first_of(rule, known, ways);
	ret_plan->group_id = ways & STEP_GROUP ? known->group_id : 0;
}

int64_t plan_patience_ms(enum delivery_urgency urgency)
{
	switch (urgency) {
	case DELIVERY_EMERGENCY:
		return 0;
	case DELIVERY_URGENT:
		return URGENT_MS;
	case DELIVERY_NORMAL:
		break;
	}
	return INT64_MAX;
}

int64_t plan_confirm_ms(enum delivery_urgency urgency)
{
	switch (urgency) {
	case DELIVERY_EMERGENCY:
		return CONFIRM_FAST_MS;
	case DELIVERY_URGENT:
		return CONFIRM_SLOW_MS;
	case DELIVERY_NORMAL:
		break;
	}
	return INT64_MAX;
}
