/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gate of the modem channel. A message is given to a modem when it is admitted: its use of the
 * SIM is noted in the transaction of its claim, so that a cap holds over a crash. Until its modem
 * is known a message belongs to none: when a modem fails, the others take what is queued.
 */
#include "daemon/relay/modem_private.h"
#include "store/sms_use.h"

bool modem_may_send(const struct modem *modem)
{
	return modem->phase == MODEM_READY && !modem->differs;
}

bool modem_yields(const struct modem *modem)
{
	const struct modem_sending *s = &modem->sending;
	int64_t now_ms = clock_mono_ms(store_clock(modem->pool->store));

	return s->req && s->req->lane > LANE_ANSWER && s->next + 1 < s->total &&
	       now_ms < s->began_ms + MODEM_YIELD_MS && !modem->reserved && !modem->passing &&
	       !modem->parked.req;
}

bool modem_has_network(const struct modem *modem)
{
	const char *network = modem->state.network;

	return !str_eq(network, "searching") && !str_eq(network, "denied") &&
	       !str_eq(network, "none");
}

int modem_candidates(struct modem_pool *pool, struct modem_candidate candidates[CONFIG_MODEMS_MAX])
{
	for (int i = 0; i < pool->count; i++) {
		const struct modem *modem = &pool->modems[i];

		candidates[i] = (struct modem_candidate){.sim = modem_sim(modem),
			.caps = &modem->config->caps,
			.phone_operator = (enum phone_operator)modem->config->phone_operator,
			.price = modem->config->price,
			.may_send = modem_may_send(modem),
			.is_idle = !modem->sending.req && !modem->reserved,
			.yields = modem_yields(modem),
			.has_network = modem_has_network(modem),
			.signal_percent = modem->state.signal_percent,
			.failures = modem->failures,
			.last_used = modem->last_used};
	}
	return pool->count;
}

static enum err reserve(struct modem *modem, struct send *req, const struct modem_message *message)
{
	enum err err = sms_use_add(
		modem->pool->store, &(struct sms_use_new){req->outbox_id, modem_sim(modem),
					    message->segments, message->content});

	if (err)
		return err;
	req->via = modem_sim(modem);
	modem->reserved = req;
	modem->last_used = ++modem->pool->sends;
	return ERR_OK;
}

/* The strictest modem's steps: a line that is too slow for another one only asks later. */
static int64_t line_up(struct modem_pool *pool, const uint8_t *content, int64_t due_ms)
{
	const struct caps *strictest = &pool->modems[0].config->caps;

	for (int i = 1; i < pool->count; i++) {
		const struct caps *caps = &pool->modems[i].config->caps;

		if (caps->same_per_5min > strictest->same_per_5min)
			strictest = caps;
	}
	return caps_line_up(&pool->lines, strictest, content, due_ms);
}

static enum err gate_admit(
	struct channel *channel, struct send *req, struct gate_answer *ret_answer)
{
	struct modem_pool *pool = container_of(channel, struct modem_pool, channel);
	struct modem_candidate list[CONFIG_MODEMS_MAX];
	uint8_t content[VAULT_HASH_BYTES];
	struct modem_message message = {
		.lane = req->lane, .content = content, .address = req->address};
	struct modem_choice choice;
	struct sms_size size;
	enum err err;

	/* One that can't be sent at all is refused by the modem that gets it. */
	message.segments = sms_text_size(req->text, &size) == ERR_OK ? size.segments : 1;
	req->segments = message.segments;
	caps_content(store_vault(pool->store), req->text, content);
	err = modem_choose(pool->store, list, modem_candidates(pool, list), &message, &choice);
	if (err)
		return err;
	switch (choice.result) {
	case MODEM_CHOICE_GO:
		ret_answer->result = GATE_GO;
		return reserve(&pool->modems[choice.index], req, &message);
	case MODEM_CHOICE_WAIT:
		*ret_answer = (struct gate_answer){GATE_WAIT, choice.due_ms};
		return ERR_OK;
	case MODEM_CHOICE_WAIT_SAME:
		*ret_answer = (struct gate_answer){
			GATE_WAIT_ROW, line_up(pool, content, choice.due_ms)};
		return ERR_OK;
	case MODEM_CHOICE_NEVER:
		*ret_answer = (struct gate_answer){GATE_WAIT_ROW, CAPS_NEVER};
		return ERR_OK;
	case MODEM_CHOICE_BUSY:
	case MODEM_CHOICE_NONE:
		break;
	}
	*ret_answer = (struct gate_answer){.result = GATE_BUSY};
	return ERR_OK;
}

static void gate_withdraw(struct channel *channel, struct send *req)
{
	struct modem_pool *pool = container_of(channel, struct modem_pool, channel);

	for (int i = 0; i < pool->count; i++) {
		if (pool->modems[i].reserved == req)
			pool->modems[i].reserved = NULL;
	}
}

static int64_t gate_room(struct channel *channel, enum lane lane, int64_t until_ms)
{
	struct modem_pool *pool = container_of(channel, struct modem_pool, channel);
	int64_t now_ms = clock_wall_ms(store_clock(pool->store)), sum = 0;

	for (int i = 0; i < pool->count; i++) {
		int64_t room = modem_may_send(&pool->modems[i])
				       ? caps_until(&pool->modems[i].config->caps, lane, now_ms,
						 until_ms)
				       : 0;

		sum = room > INT64_MAX - sum ? INT64_MAX : sum + room;
	}
	return sum;
}

const struct channel_gate modem_gate = {gate_admit, gate_withdraw, gate_room};

void modem_gate_settle(struct modem *modem, int64_t outbox_id, int segments)
{
	struct modem_pool *pool = modem->pool;
	enum err err = sms_use_settle(pool->store, outbox_id, segments);

	/* It stays open, which keeps the cap too low until the next start: the safe side. */
	if (err)
		log_error("caps", "id=%lld unsettled=%s", (long long)outbox_id, err_name(err));
	else if (!segments)
		dispatch_ungate(pool->dispatch, CHANNEL_MODEM);
}
