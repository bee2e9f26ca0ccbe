/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages on their way in: which slot to read next, what to tell the daemon, what to delete. An
 * indication makes one slot be read at once; a full listing comes at the start, every poll_ms
 * whatever was indicated (indications get lost), and when a burst makes it cheaper.
 */
#ifndef BINHYEN_GATEWAY_INCOMING_H
#define BINHYEN_GATEWAY_INCOMING_H

#include "gateway/modem.h"
#include "gateway/slots.h"
#include "gateway/wire.h"

#define INCOMING_FIRST_MS  10000 /* of receiving for a segment of about 3000 */
#define INCOMING_QUIET_MS  500	 /* without anything new: the network held nothing back */
#define INCOMING_READS_MAX 3	 /* more than that at once: one listing takes fewer commands */

struct incoming {
	struct wire *wire;
	struct slots slots;
	int64_t poll_ms, list_at_ms;
	struct line_stored reads[INCOMING_READS_MAX];
	int read_count;
	int sim_size, me_size;
	/* SM and ME. When only that memory is listed: more was announced than is read one by one,
	 * or it was full, so that the network held more back and perhaps does not announce it.
	 * INT64_MAX none. */
	int64_t burst_at_ms[2];
	bool was_full[2], is_nearly_full[2];
	bool is_crowded;       /* one was nearly full, and more keeps coming */
	int64_t crowded_ms;    /* since when, or since the last incoming_yielded() */
	int64_t news_ms;       /* the last message that was not known before */
	bool is_poison_only;   /* everything else is left to another driver */
	bool was_listed;       /* since the connect */
	int poisoned;	       /* told and not deleted; means something while is_poison_only */
	int failures;	       /* listings in a row that could not be believed */
	struct line listed[2]; /* SM and ME, while listing */
};

MUST_CHECK
enum err incoming_init(struct incoming *in, struct wire *wire, int64_t poll_ms);
void incoming_done(struct incoming *in);

/* Connected anew: everything is read again, nothing told before counts. */
void incoming_restart(struct incoming *in, int64_t now_ms);

/* Sizes of the memories, -1 unknown, as the state line says them. */
void incoming_sizes(struct incoming *in, int sim_size, int me_size);

/* A MODEM_ARRIVED event. */
void incoming_arrived(struct incoming *in, const struct line_stored *at, int64_t now_ms);

/* The daemon has it. */
void incoming_stored(struct incoming *in, const struct line_stored *at, int64_t now_ms);

/* Is there something to do with the modem now? And when will there be, if nothing happens? */
bool incoming_is_due(const struct incoming *in, int64_t now_ms);
int64_t incoming_due_ms(const struct incoming *in);

/*
 * Does receiving go before sending now? While a memory is nearly full, until it is drained and
 * nothing more has come for a moment: a send holds the radio for seconds, in which a full memory
 * takes nothing. Never for longer than INCOMING_FIRST_MS at a stretch, so that sending goes on.
 */
bool incoming_is_first(const struct incoming *in, int64_t now_ms);

/* When that may change by itself, INT64_MAX never. */
int64_t incoming_first_until_ms(const struct incoming *in);

/* Something was sent meanwhile. */
void incoming_yielded(struct incoming *in, int64_t now_ms);

/* One unit of work: a deletion, a read or a listing. */
MUST_CHECK
enum err incoming_work(struct incoming *in, struct modem *modem, int64_t now_ms);

#endif
