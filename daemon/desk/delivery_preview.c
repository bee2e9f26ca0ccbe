/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a bulletin would do: the audience, the plans and the words are those that it would begin
 * with. */
#include "daemon/desk/delivery_private.h"

#include "daemon/desk/audience.h"

#include <string.h>

#define ROWS 256 /* residents read at a time */

/* GSM 03.38 and UCS-2, alone and as a part of several (3GPP TS 23.040 §9.2.3.24.1). */
#define GSM7_ALONE 160
#define GSM7_PART  153
#define UCS2_ALONE 70
#define UCS2_PART  67

static int room_of(enum sms_coding coding, int segments)
{
	if (coding == SMS_CODING_UCS2)
		return segments == 1 ? UCS2_ALONE : segments * UCS2_PART;
	return segments == 1 ? GSM7_ALONE : segments * GSM7_PART;
}

static void count_bar(struct delivery_preview *p, const char *bar)
{
	if (str_eq(bar, "blocked"))
		p->blocked++;
	else if (str_eq(bar, "topic"))
		p->refused_topic++;
	else
		p->refused++;
}

static enum err count_text(struct desk *desk, const struct ledger_ways *ways,
	const struct ledger_plan *plan, struct delivery_preview *p)
{
	bool is_head = plan->wave == WAVE_HEAD;
	int segments = is_head ? p->head_segments : p->segments;
	int written = is_head ? p->head_segments_written : p->segments_written;
	int64_t cost = 0;
	enum err err = delivery_cost(desk, ways->resident_id, segments, &cost);

	if (err)
		return err;
	p->texts_most++;
	p->cost_most += cost;
	if (plan->step != STEP_SMS)
		return ERR_OK;
	p->texts++;
	p->cost += cost;
	p->cost_written += cost / segments * written;
	if (p->shorter)
		p->saves += cost / segments;
	return ERR_OK;
}

static enum err count_one(struct desk *desk, const struct plan_rule *rule,
	const struct ledger_ways *ways, struct delivery_preview *p)
{
	struct plan_known known;
	struct ledger_plan plan;
	enum err err;

	if (ways->bar[0]) {
		count_bar(p, ways->bar);
		return ERR_OK;
	}
	err = delivery_known(desk, ways, &known);
	if (err)
		return err;
	plan_make(rule, &known, &plan);
	p->people++;
	p->heads += plan.wave == WAVE_HEAD;
	p->no_way += !plan.steps;
	p->by_group += plan.step == STEP_GROUP;
	p->by_zalo += plan.step == STEP_ZALO;
	return plan.steps & STEP_SMS ? count_text(desk, ways, &plan, p) : ERR_OK;
}

static enum err count_all(
	struct desk *desk, const struct plan_rule *rule, struct delivery_preview *p)
{
	struct ledger_ways rows[ROWS];
	int64_t last_id = 0;
	int count = ROWS;
	enum err err = ERR_OK;

	while (!err && count == ROWS) {
		err = ledger_drawn(desk->store, last_id, rows, ROWS, &count);
		for (int i = 0; !err && i < count; i++)
			err = count_one(desk, rule, &rows[i], p);
		last_id = count ? rows[count - 1].resident_id : last_id;
	}
	return err;
}

static void measure(const struct delivery_words *words, struct delivery_preview *p)
{
	const struct sms_size *size = &words->size[FORM_SMS];

	p->segments = size->segments;
	p->head_segments = words->size[FORM_HEAD_SMS].segments;
	p->units = size->units;
	p->is_unaccented = words->is_unaccented;
	if (size->segments > 1)
		p->shorter = size->units - room_of(size->coding, size->segments - 1);
	if (p->shorter < 0)
		p->shorter = 0;
}

enum err delivery_preview(struct desk *desk, const struct bulletin *bulletin, const char *instead,
	struct buf *sms, struct delivery_preview *ret_preview, struct errbuf *eb)
{
	struct delivery_preview p = {.urgency = delivery_urgency_of(bulletin)};
	struct audience_counts counts;
	struct delivery_words words;
	struct plan_rule rule;
	int64_t left = 0;
	enum err err = delivery_words(desk, bulletin, NULL, &words, eb);

	if (!err) {
		p.segments_written = words.size[FORM_SMS].segments;
		p.head_segments_written = words.size[FORM_HEAD_SMS].segments;
	}
	if (!err && instead) {
		delivery_words_free(&words);
		err = delivery_words(desk, bulletin, instead, &words, eb);
	}
	delivery_rule(desk, p.urgency, delivery_all_steps(desk), &rule);
	if (!err) {
		measure(&words, &p);
		err = buf_adds(sms, buf_text(&words.forms[FORM_SMS]));
	}
	delivery_words_free(&words);
	if (!err)
		err = desk_audience_draw(desk, bulletin, &counts, eb);
	if (!err)
		err = count_all(desk, &rule, &p);
	if (!err)
		err = delivery_budget(desk, p.urgency, &left);
	if (err)
		return err;
	p.budget_left = left == INT64_MAX ? -1 : left;
	if (p.urgency != DELIVERY_EMERGENCY)
		p.quiet_ms = quiet_end_ms(&desk->bulletins.quiet, desk_now(desk));
	if (p.texts && !p.quiet_ms)
		p.quiet_ms = delivery_digest_wait(
			desk, &(struct delivery){.urgency = p.urgency,
				      .began_ms = desk_now(desk),
				      .expires_ms = bulletin->expires_ms});
	*ret_preview = p;
	return ERR_OK;
}

int64_t delivery_finish_ms(struct desk *desk, enum delivery_urgency urgency, int64_t takes_ms)
{
	return urgency == DELIVERY_EMERGENCY
		       ? desk_now(desk) + takes_ms
		       : quiet_after_ms(&desk->bulletins.quiet, desk_now(desk), takes_ms);
}
