/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the modem process asks of a driver. One modem, one process, one thread: calls block, some
 * for seconds, and the daemon bounds the process from outside. Whatever the modem says by itself
 * (a message came, a call, the network's answer to a submit) is put into `events` during any call
 * and handled by the caller between calls: never from within a driver's callback.
 *
 * Errors of every operation: ERR_UNREACHABLE the device is gone: close and open again.
 * ERR_TIMEOUT no answer: probe() before anything else. Any other: the modem refused, it still
 * works.
 */
#ifndef BINHYEN_GATEWAY_MODEM_H
#define BINHYEN_GATEWAY_MODEM_H

#include "gateway/line.h"

#define MODEM_EVENTS_MAX \
	64 /* a burst between two turns of the loop; past it everything is listed */

enum modem_event_type {
	MODEM_ARRIVED, /* a message or report lies in a slot */
	MODEM_REPORT,  /* a delivery report that lies nowhere */
	MODEM_POISON,  /* what came past the memories and nobody understands */
	MODEM_CALL,
	MODEM_USSD,
	MODEM_SUBMITTED, /* the network's answer to a submit; perhaps not to the last one */
	MODEM_UNSENT	 /* the last submit was given up before it left the modem */
};

struct modem_event {
	enum modem_event_type type;
	union {
		struct line_stored arrived;
		struct line_report report;
		struct line_poison poison;
		struct line_call call;
		struct line_ussd ussd;
		struct {
			int status; /* 0 taken, -1 a bare error, else the code of `kind` */
			int mr;	    /* -1 unknown */
			char kind[8];
		} submitted;
	};
};

struct modem_events {
	struct modem_event ring[MODEM_EVENTS_MAX];
	size_t first, count;
	bool has_lost; /* the ring was full */
};

struct modem_fault {
	char kind[8]; /* as in the `failed` line */
	int code;
};

struct modem;

/* One slot of a listing; line is `sms` or `report` with mem and slot, NULL for anything else that
 * occupies it. */
typedef void (*modem_item_fn)(void *arg, const char *mem, int slot, const struct line *line);

struct modem_ops {
	const char *driver;
	/* Connects and switches indications on. */
	enum err (*open)(struct modem *modem, struct line_hello *ret_hello, struct errbuf *eb);
	void (*close)(struct modem *modem); /* at any time, also when open failed */
	/* To poll for input; -1: unknown, call pump every 50 ms. */
	int (*fd)(const struct modem *modem);
	enum err (*pump)(struct modem *modem);	/* takes what the modem has said */
	enum err (*probe)(struct modem *modem); /* does it answer at all? */
	/* Each message of all memories, memory by memory; of one when `only` names it, but a driver
	 * that can't tell them apart may list them all. */
	enum err (*list)(struct modem *modem, const char *only, modem_item_fn fn, void *arg);
	/* ERR_NOT_FOUND when the slot is empty. */
	enum err (*read)(struct modem *modem, const char *mem, int slot, struct line *ret_line);
	enum err (*erase)(struct modem *modem, const char *mem, int slot);
	/* A report or a poison that lay nowhere is stored: the network may forget it. `number` is
	 * its slot. The op is NULL where nothing waits for that. */
	enum err (*confirm)(struct modem *modem, int number);
	/* Hands a segment to the modem; the network's answer is a MODEM_SUBMITTED event, during or
	 * after the call. On error *ret_fault says why and nothing went out, except with
	 * ERR_IN_DOUBT. */
	enum err (*submit)(
		struct modem *modem, const struct line_send *send, struct modem_fault *ret_fault);
	enum err (*hang_up)(struct modem *modem);
	enum err (*dial)(struct modem *modem, const char *code); /* USSD; answered by an event */
	/* All but phase and error. */
	enum err (*status)(struct modem *modem, struct line_state *ret_state);
	/* The n-th newest line of the conversation without anything private, 0 the last; NULL past
	 * the oldest. The op itself is NULL where the driver keeps none. */
	const char *(*trace)(const struct modem *modem, size_t n);
	void (*free)(struct modem *modem);
};

struct modem { /* embedded by the driver */
	const struct modem_ops *ops;
	const char *device; /* borrowed */
	struct modem_events events;
};

/* NULL when memory is out. `device` is borrowed for the life of the modem. */
struct modem *modem_at_new(const char *device);
struct modem *modem_gammu_new(const char *device);

/* The next place in the ring, zeroed and counted; NULL (and has_lost) when full. */
struct modem_event *modem_events_push(struct modem_events *events, enum modem_event_type type);

/* The oldest one, false when there is none. */
bool modem_events_pop(struct modem_events *events, struct modem_event *ret_event);

/* The oldest one of that type, from wherever it stands. */
bool modem_events_take(
	struct modem_events *events, enum modem_event_type type, struct modem_event *ret_event);

#endif
