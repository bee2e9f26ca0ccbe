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

#define INCOMING_READS_MAX 3 /* more than that at once: one listing takes fewer commands */

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
	bool was_full[2];
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

/* One unit of work: a deletion, a read or a listing. */
MUST_CHECK
enum err incoming_work(struct incoming *in, struct modem *modem, int64_t now_ms);

#endif
