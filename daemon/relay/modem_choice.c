/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/modem_choice.h"

#define SIGNAL_LOW   20 /* percent: sends begin to fail */
#define FAILURES_MAX 5	/* more say no more */

#define SCARCE_PERCENT 20  /* of its fullest cap left: kept for what no other SIM can take */
#define PRICE_GUESS    300 /* where the price is not known */

/* Each line decides only between those that are equal in all lines before it; less is better. */
enum rank_line {
	RANK_NETWORK,
	RANK_FAILURES,
	RANK_SIGNAL,
	RANK_BUSY,
	RANK_SCARCE,
	RANK_PRICE,
	RANK_FOREIGN,
	RANK_FULL,
	RANK_LINES
};
struct rank {
	int lines[RANK_LINES];
};

static bool is_own_network(const struct modem_candidate *modem, const char *address)
{
	return address && modem->phone_operator != OPERATOR_OTHER &&
	       modem->phone_operator == operator_of_number(address);
}

int modem_price(const struct modem_candidate *modem, const char *address)
{
	const struct sms_price *price = &modem->price;

	if (!address && price->own > price->other && price->other != SMS_PRICE_UNKNOWN)
		return price->own;
	return is_own_network(modem, address) ? price->own : price->other;
}

static struct rank rank_of(const struct modem_candidate *c, const struct modem_message *message,
	const struct caps_verdict *verdict)
{
	int price = modem_price(c, message->address);
	struct rank rank = {{
		[RANK_NETWORK] = !c->has_network,
		[RANK_FAILURES] = c->failures < FAILURES_MAX ? c->failures : FAILURES_MAX,
		[RANK_SIGNAL] = c->signal_percent >= 0 && c->signal_percent < SIGNAL_LOW,
		[RANK_BUSY] = !c->is_idle,
	}};

	if (message->lane == LANE_ALARM)
		return rank;
	rank.lines[RANK_SCARCE] = verdict->free_percent < SCARCE_PERCENT;
	rank.lines[RANK_PRICE] = price == SMS_PRICE_UNKNOWN ? PRICE_GUESS : price;
	rank.lines[RANK_FOREIGN] = c->phone_operator != OPERATOR_OTHER &&
				   !is_own_network(c, message->address);
	rank.lines[RANK_FULL] = 100 - verdict->free_percent;
	return rank;
}

static bool takes_now(const struct modem_candidate *c, const struct modem_message *message)
{
	return c->is_idle || (c->yields && message->lane <= LANE_ANSWER);
}

static bool is_better(const struct modem_candidate *a, const struct rank *a_rank,
	const struct modem_candidate *b, const struct rank *b_rank)
{
	for (int i = 0; i < RANK_LINES; i++) {
		if (a_rank->lines[i] != b_rank->lines[i])
			return a_rank->lines[i] < b_rank->lines[i];
	}
	return a->last_used < b->last_used;
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
	struct rank best = {{0}}, rank;

	for (int i = 0; i < count; i++) {
		const struct modem_candidate *c = &candidates[i];
		struct caps_question question = {
			c->sim, message->lane, message->segments, message->content};
		struct caps_verdict verdict;
		enum err err;

		if (!c->may_send)
			continue;
		err = caps_ask(store, c->caps, &question, &verdict);
		if (err)
			return err;
		if (verdict.due_ms) {
			wait_for(&choice, &verdict);
			continue;
		}
		if (!takes_now(c, message)) {
			if (choice.result != MODEM_CHOICE_GO)
				choice.result = MODEM_CHOICE_BUSY;
			continue;
		}
		rank = rank_of(c, message, &verdict);
		if (choice.result == MODEM_CHOICE_GO &&
			!is_better(c, &rank, &candidates[choice.index], &best))
			continue;
		choice = (struct modem_choice){.result = MODEM_CHOICE_GO, .index = i};
		best = rank;
	}
	*ret_choice = choice;
	return ERR_OK;
}
