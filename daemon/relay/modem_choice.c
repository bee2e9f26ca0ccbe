/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/modem_choice.h"

#define SIGNAL_LOW   20 /* percent: sends begin to fail */
#define FAILURES_MAX 5	/* more say no more */

/* Penalties: one of a row outweighs all of the rows below it together. */
#define COST_NETWORK 2000
#define COST_FAILURE 300
#define COST_SIGNAL  250
#define COST_FOREIGN 120 /* another operator's number */
#define COST_FULL    1	 /* a percent of the caps */

static int cost_of(const struct modem_candidate *c, const struct modem_message *message,
	const struct caps_verdict *verdict)
{
	int failures = c->failures < FAILURES_MAX ? c->failures : FAILURES_MAX;
	int cost = failures * COST_FAILURE;

	if (!c->has_network)
		cost += COST_NETWORK;
	if (c->signal_percent >= 0 && c->signal_percent < SIGNAL_LOW)
		cost += COST_SIGNAL;
	if (message->lane == LANE_ALARM)
		return cost;
	if (c->phone_operator != OPERATOR_OTHER &&
		c->phone_operator != operator_of_number(message->address))
		cost += COST_FOREIGN;
	return cost + (100 - verdict->free_percent) * COST_FULL;
}

static bool is_better(
	const struct modem_candidate *a, int a_cost, const struct modem_candidate *b, int b_cost)
{
	return a_cost != b_cost ? a_cost < b_cost : a->last_used < b->last_used;
}

/* Who waits, waits for the first that has room. */
static void wait_for(struct modem_choice *choice, const struct caps_verdict *verdict)
{
	bool is_same = verdict->is_same_content;

	if (choice->result == MODEM_CHOICE_GO || choice->result == MODEM_CHOICE_BUSY)
		return;
	if (choice->result != MODEM_CHOICE_NONE && verdict->due_ms >= choice->due_ms)
		return;
	choice->due_ms = verdict->due_ms;
	if (verdict->due_ms == CAPS_NEVER)
		choice->result = MODEM_CHOICE_NEVER;
	else
		choice->result = is_same ? MODEM_CHOICE_WAIT_SAME : MODEM_CHOICE_WAIT;
}

enum err modem_choose(struct store *store, const struct modem_candidate *candidates, int count,
	const struct modem_message *message, struct modem_choice *ret_choice)
{
	struct modem_choice choice = {.result = MODEM_CHOICE_NONE};
	int best = 0;

	for (int i = 0; i < count; i++) {
		const struct modem_candidate *c = &candidates[i];
		struct caps_question question = {
			c->sim, message->lane, message->segments, message->content};
		struct caps_verdict verdict;
		enum err err;
		int cost;

		if (!c->may_send)
			continue;
		err = caps_ask(store, c->caps, &question, &verdict);
		if (err)
			return err;
		if (verdict.due_ms) {
			wait_for(&choice, &verdict);
			continue;
		}
		if (!c->is_idle) {
			if (choice.result != MODEM_CHOICE_GO)
				choice.result = MODEM_CHOICE_BUSY;
			continue;
		}
		cost = cost_of(c, message, &verdict);
		if (choice.result == MODEM_CHOICE_GO &&
			!is_better(c, cost, &candidates[choice.index], best))
			continue;
		choice = (struct modem_choice){.result = MODEM_CHOICE_GO, .index = i};
		best = cost;
	}
	*ret_choice = choice;
	return ERR_OK;
}
