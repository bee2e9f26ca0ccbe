/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everybody's ways are looked for once, before the first message leaves: as his row is made by what
 * the registry knows of him, and then, in chunks, whether who is on Zalo may be written to now. */
#include "daemon/desk/delivery_private.h"

#include "store/recipient.h"

#include <string.h>

#define CHUNK	     4000 /* residents looked at in a turn: some 50 ms on the smallest box */
#define PENDING_MOST 64	  /* likewise of a correction's last ones */
#define ROWS	     256  /* read at a time */
#define MARGIN_MS    (10 * MINUTE_MS) /* of Zalo's window: his message still has to go there */

void delivery_rule(const struct desk *desk, enum delivery_urgency urgency, int steps,
	struct plan_rule *ret_rule)
{
	*ret_rule = (struct plan_rule){
		.urgency = urgency, .steps = steps, .normal_sms = desk->bulletins.normal_sms};
}

/* May he be written to? By what his own messages tell and what Zalo said, which are known of the
 * correspondent who writes; the link between both is looked up here and kept nowhere. */
static enum err on_zalo(struct desk *desk, const struct ledger_ways *ways, bool *ret_on_zalo)
{
	int64_t now_ms = desk_now(desk), last_ms;
	struct recipient_standing known;
	uint8_t writer[VAULT_HASH_BYTES];
	enum err err = ERR_OK;

	*ret_on_zalo = false;
	if (ways->has_writer)
		memcpy(writer, ways->writer, sizeof(writer));
	else
		err = recipient_writer(desk->store, ways->resident_id, writer);
	if (!err)
		err = recipient_standing(desk->store, writer, &known);
	/* Who can't be found there, or whose id can't be opened, is texted. */
	if (err)
		return err == ERR_NOT_FOUND || err == ERR_WRONG_KEY || err == ERR_CORRUPT ? ERR_OK
											  : err;
	last_ms = known.wrote_ms > known.heard_ms ? known.wrote_ms : known.heard_ms;
	if (known.closed_ms && known.wrote_ms <= known.closed_ms && now_ms < known.until_ms)
		return ERR_OK;
	*ret_on_zalo = last_ms && now_ms - last_ms < desk->bulletins.zalo_window_ms - MARGIN_MS;
	return ERR_OK;
}

enum err delivery_known(
	struct desk *desk, const struct ledger_ways *ways, struct plan_known *ret_known)
{
	struct plan_known known = {
		.wave = ways->wave, .is_known = ways->is_known, .group_id = ways->group_id};
	enum err err = ERR_OK;

	if (ways->is_known && ways->has_zalo && desk->has_zalo)
		err = on_zalo(desk, ways, &known.on_zalo);
	if (!err)
		*ret_known = known;
	return err;
}

static enum err plan_one(struct desk *desk, const struct delivery *d, const struct plan_rule *rule,
	const struct ledger_ways *ways)
{
	struct plan_known known;
	struct ledger_plan plan;
	enum err err = delivery_known(desk, ways, &known);

	if (err)
		return err;
	plan_make(rule, &known, &plan);
	return ledger_plan(desk->store, d->id, ways->resident_id, &plan);
}

enum err delivery_plan_first(struct desk *desk, const struct delivery *d)
{
	static const int waves[LEDGER_ROLE_COUNT] = {WAVE_HEAD, WAVE_LEADER, WAVE_OTHER};
	struct ledger_start start = {.delivery_id = d->id, .corrects = d->corrects};
	struct plan_rule rule;

	delivery_rule(desk, d->urgency, d->steps, &rule);
	for (int role = 0; role < LEDGER_ROLE_COUNT; role++) {
		for (int known = 0; known < LEDGER_KNOWN_COUNT; known++)
			plan_make(&rule,
				&(struct plan_known){.wave = waves[role],
					.is_known = true,
					.on_zalo = known != KNOWN_PHONE && desk->has_zalo,
					.group_id = known == KNOWN_GROUP},
				&start.plans[role][known]);
	}
	return ledger_fill(desk->store, &start);
}

static enum err check_one(struct desk *desk, const struct delivery *d, const struct plan_rule *rule,
	const struct ledger_ways *ways)
{
	struct plan_known known;
	struct ledger_plan plan;
	enum err err = delivery_known(desk, ways, &known);

	if (err || known.on_zalo)
		return err;
	plan_make(rule, &known, &plan);
	return ledger_plan(desk->store, d->id, ways->resident_id, &plan);
}

enum err delivery_plan_chunk(struct desk *desk, struct delivery *d)
{
	struct ledger_ways rows[ROWS];
	int64_t last_id = d->planned_to;
	struct plan_rule rule;
	int count = ROWS;
	enum err err = ERR_OK;

	delivery_rule(desk, d->urgency, d->steps, &rule);
	for (int done = 0; !err && done < CHUNK && count == ROWS; done += count) {
		err = ledger_unchecked(desk->store, d->id, last_id, rows, ROWS, &count);
		for (int i = 0; !err && i < count; i++)
			err = check_one(desk, d, &rule, &rows[i]);
		if (!err && count)
			last_id = rows[count - 1].resident_id;
	}
	return err ? err : delivery_planned(desk->store, d, count == ROWS ? last_id : 0);
}

enum err delivery_plan_pending(struct desk *desk, const struct delivery *d)
{
	struct ledger_ways ways;
	struct plan_rule rule;
	enum err err = ERR_OK;

	delivery_rule(desk, d->urgency, d->steps, &rule);
	for (int i = 0; !err && i < PENDING_MOST; i++) {
		int64_t resident_id = 0;
		bool is_told = false;

		err = ledger_pending_next(desk->store, d, &resident_id, &is_told);
		if (!err && is_told)
			err = ledger_unplanned(desk->store, d->id, resident_id, &ways);
		if (!err && is_told)
			err = plan_one(desk, d, &rule, &ways);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
