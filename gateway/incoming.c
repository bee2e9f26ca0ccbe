/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/incoming.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <string.h>

#define RETRY_MS      1000 /* to the listing after something could not be read; doubled each time */
#define RETRY_DOUBLES 5
#define CROWDED_PART  7 /* of 10, as where the daemon raises its alarm */
#define MEMORIES      2
#define REFILL_MS     20 /* the network is told of room and sends; most modems announce it sooner */

static const char *const memories[MEMORIES] = {"SM", "ME"};

enum err incoming_init(struct incoming *in, struct wire *wire, int64_t poll_ms)
{
	*in = (struct incoming){.wire = wire, .poll_ms = poll_ms, .sim_size = -1, .me_size = -1};
	return slots_init(&in->slots);
}

void incoming_done(struct incoming *in)
{
	slots_done(&in->slots);
}

static void end_burst(struct incoming *in, int memory)
{
	in->burst_at_ms[memory] = INT64_MAX;
	in->was_full[memory] = false;
}

void incoming_restart(struct incoming *in, int64_t now_ms)
{
	slots_forget(&in->slots, now_ms);
	in->read_count = 0;
	in->list_at_ms = now_ms;
	for (int i = 0; i < MEMORIES; i++) {
		end_burst(in, i);
		in->is_nearly_full[i] = false;
	}
	in->is_crowded = false;
	in->failures = 0;
	in->was_listed = false;
	in->poisoned = 0;
}

void incoming_sizes(struct incoming *in, int sim_size, int me_size)
{
	in->sim_size = sim_size;
	in->me_size = me_size;
}

static void list_soon(struct incoming *in, int64_t at_ms)
{
	if (at_ms < in->list_at_ms)
		in->list_at_ms = at_ms;
}

/* Of SM or ME; else -1: a listing finds what lies there. "MT" is no memory of its own. */
static int index_of(const char *mem)
{
	for (int i = 0; i < MEMORIES; i++) {
		if (str_eq(mem, memories[i]))
			return i;
	}
	return -1;
}

void incoming_arrived(struct incoming *in, const struct line_stored *at, int64_t now_ms)
{
	bool is_known = at->slot >= 0 && !str_eq(at->mem, "MT");
	int memory = index_of(at->mem);

	if (is_known && in->read_count < INCOMING_READS_MAX)
		in->reads[in->read_count++] = *at;
	else if (is_known && memory >= 0)
		in->burst_at_ms[memory] = now_ms;
	else
		list_soon(in, now_ms);
}

void incoming_stored(struct incoming *in, const struct line_stored *at, int64_t now_ms)
{
	slots_answer(&in->slots, at->mem, at->slot, now_ms);
}

int64_t incoming_due_ms(const struct incoming *in)
{
	int64_t due_ms = in->list_at_ms;

	for (int i = 0; i < MEMORIES; i++) {
		if (in->burst_at_ms[i] < due_ms)
			due_ms = in->burst_at_ms[i];
	}
	return due_ms;
}

bool incoming_is_due(const struct incoming *in, int64_t now_ms)
{
	return in->slots.deletable || in->read_count || now_ms >= incoming_due_ms(in);
}

int64_t incoming_first_until_ms(const struct incoming *in)
{
	int64_t quiet_ms = in->news_ms + INCOMING_QUIET_MS;
	int64_t end_ms = in->crowded_ms + INCOMING_FIRST_MS;

	if (!in->is_crowded)
		return INT64_MAX;
	return quiet_ms < end_ms ? quiet_ms : end_ms;
}

bool incoming_is_first(const struct incoming *in, int64_t now_ms)
{
	if (!in->is_crowded || now_ms - in->crowded_ms >= INCOMING_FIRST_MS)
		return false;
	return incoming_is_due(in, now_ms) || now_ms - in->news_ms < INCOMING_QUIET_MS;
}

void incoming_yielded(struct incoming *in, int64_t now_ms)
{
	if (!in->is_crowded)
		return;
	in->crowded_ms = now_ms;
	list_soon(in, now_ms);
}

static void tell(
	struct incoming *in, const char *mem, int slot, const struct line *line, int64_t now_ms)
{
	if (in->is_poison_only && line->type != LINE_POISON)
		return;
	/* Well before the next poll tells it again on purpose. */
	if (!slots_tell(&in->slots, mem, slot, now_ms, in->poll_ms * 2 / 3))
		return;
	in->poisoned++;
	in->news_ms = now_ms;
	wire_send(in->wire, line);
}

static enum err delete_one(struct incoming *in, struct modem *modem, int64_t now_ms)
{
	struct slot *slot = slots_next_deletable(&in->slots);
	struct line line = {.type = LINE_FREED};
	enum err err;

	CHECK(slot);
	err = modem->ops->erase(modem, slot->mem, slot->slot);
	if (err == ERR_UNREACHABLE || err == ERR_TIMEOUT) {
		/* Perhaps it is gone and another message lies there by now, which nobody has read:
		 * what is there is told anew before anything is deleted. */
		slots_freed(&in->slots, slot, true, now_ms);
		in->poisoned--;
		list_soon(in, now_ms + RETRY_MS);
		return err;
	}
	if (err)
		log_warn("modem", "undeletable=%s/%d err=%s", slot->mem, slot->slot, err_name(err));
	memcpy(line.freed.mem, slot->mem, sizeof(line.freed.mem));
	line.freed.slot = slot->slot;
	line.freed.is_ok = !err;
	slots_freed(&in->slots, slot, !err, now_ms);
	in->poisoned--;
	wire_send_later(in->wire, &line);
	for (int i = 0; i < MEMORIES && !in->slots.deletable; i++) {
		if (in->was_full[i] && in->burst_at_ms[i] == INT64_MAX)
			in->burst_at_ms[i] = now_ms + REFILL_MS;
		in->was_full[i] = false;
	}
	return ERR_OK;
}

static enum err read_one(struct incoming *in, struct modem *modem, int64_t now_ms)
{
	struct line_stored at = in->reads[0];
	struct line line;
	enum err err;

	in->read_count--;
	memmove(&in->reads[0], &in->reads[1], sizeof(in->reads[0]) * (size_t)in->read_count);
	if (slots_is_held(&in->slots, at.mem, at.slot))
		return ERR_OK; /* a listing was faster */
	err = modem->ops->read(modem, at.mem, at.slot, &line);
	if (!err)
		tell(in, at.mem, at.slot, &line, now_ms);
	else if (err != ERR_NOT_FOUND)
		list_soon(in, now_ms + RETRY_MS);
	return err == ERR_UNREACHABLE || err == ERR_TIMEOUT ? err : ERR_OK;
}

struct listing {
	struct incoming *in;
	int64_t now_ms;
};

static void list_item(void *arg, const char *mem, int slot, const struct line *line)
{
	struct listing *listing = arg;
	struct line_listed *listed = &listing->in->listed[str_eq(mem, "ME")].listed;
	bool is_listed = str_eq(mem, "ME") || str_eq(mem, "SM");

	if (is_listed && listed->count < LINE_SLOTS_MAX)
		listed->slots[listed->count++] = slot;
	if (line)
		tell(listing->in, mem, slot, line, listing->now_ms);
}

/* A slot that was told and not deleted lies there still. A listing that lacks it is one that
 * libgammu cut short; a second one in a row is believed (somebody took the SIM card out). */
static bool is_credible(const struct incoming *in, int memory)
{
	const struct line_listed *listed = &in->listed[memory].listed;

	return in->failures || listed->count >= slots_held(&in->slots, listed->mem);
}

static void list_failed(struct incoming *in, enum err err, int64_t now_ms)
{
	int doubles = in->failures < RETRY_DOUBLES ? in->failures : RETRY_DOUBLES;

	log_warn("modem", "unlisted=%s", err_name(err));
	in->failures++;
	list_soon(in, now_ms + ((int64_t)RETRY_MS << doubles));
}

static void tell_listed(struct incoming *in, int memory)
{
	int size = memory ? in->me_size : in->sim_size, count = in->listed[memory].listed.count;

	if (size > 0 || count)
		wire_send(in->wire, &in->listed[memory]);
	in->was_full[memory] = size > 0 && count >= size;
	in->is_nearly_full[memory] = size > 0 && count * 10 >= size * CROWDED_PART;
}

static void judge_crowd(struct incoming *in, int64_t now_ms)
{
	bool was_crowded = in->is_crowded;

	in->is_crowded = was_crowded && now_ms - in->news_ms < INCOMING_QUIET_MS;
	for (int i = 0; i < MEMORIES; i++)
		in->is_crowded = in->is_crowded || in->is_nearly_full[i];
	if (in->is_crowded && !was_crowded)
		in->crowded_ms = now_ms;
}

static void forget_reads(struct incoming *in, const char *only)
{
	int kept = 0;

	for (int i = 0; i < in->read_count; i++) {
		if (only && !str_eq(only, in->reads[i].mem))
			in->reads[kept++] = in->reads[i];
	}
	in->read_count = kept;
}

/* `only` a memory, or NULL: all of them. What lies there together is one commit of the daemon. */
static enum err list(struct incoming *in, struct modem *modem, const char *only, int64_t now_ms)
{
	struct listing listing = {.in = in, .now_ms = now_ms};
	enum err err;

	forget_reads(in, only);
	for (int i = 0; i < MEMORIES; i++) {
		in->listed[i] = (struct line){.type = LINE_LISTED};
		snprintf(in->listed[i].listed.mem, sizeof(in->listed[i].listed.mem), "%s",
			memories[i]);
	}
	wire_hold(in->wire);
	err = modem->ops->list(modem, only, list_item, &listing);
	for (int i = 0; i < MEMORIES && !err; i++) {
		if (!only || str_eq(only, memories[i]))
			err = is_credible(in, i) ? ERR_OK : ERR_PROTOCOL;
	}
	for (int i = 0; i < MEMORIES && !err; i++) {
		if (!only || str_eq(only, memories[i]))
			tell_listed(in, i);
	}
	wire_flush(in->wire);
	if (err == ERR_UNREACHABLE || err == ERR_TIMEOUT)
		return err;
	if (err) {
		list_failed(in, err, now_ms);
	} else {
		in->failures = 0;
		judge_crowd(in, now_ms);
	}
	return ERR_OK;
}

static enum err list_all(struct incoming *in, struct modem *modem, int64_t now_ms)
{
	enum err err;

	in->list_at_ms = now_ms + in->poll_ms;
	for (int i = 0; i < MEMORIES; i++)
		end_burst(in, i);
	err = list(in, modem, NULL, now_ms);
	if (!err && !in->failures)
		in->was_listed = true;
	return err;
}

static enum err list_burst(struct incoming *in, struct modem *modem, int64_t now_ms)
{
	int memory = now_ms >= in->burst_at_ms[0] ? 0 : 1;

	end_burst(in, memory);
	return list(in, modem, memories[memory], now_ms);
}

enum err incoming_work(struct incoming *in, struct modem *modem, int64_t now_ms)
{
	/* Deletions first: they make room for what the network still holds. */
	if (in->slots.deletable)
		return delete_one(in, modem, now_ms);
	/* A listing that is due finds what would be read. */
	if (now_ms >= in->list_at_ms)
		return list_all(in, modem, now_ms);
	if (now_ms >= incoming_due_ms(in))
		return list_burst(in, modem, now_ms);
	return in->read_count ? read_one(in, modem, now_ms) : ERR_OK;
}
