/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A channel takes one message for one recipient and says once how it went. The dispatcher
 * (dispatch.h) decides what and when; the channel only how. Implementations: ch_modem, ch_zalo, and
 * a simulated one in the tests.
 *
 * send() is called only after the claim is committed. The channel calls req->done exactly once,
 * later, never from within send(). A channel whose gate knows which modem or account a message goes
 * by has it SUBMITTED by the same commit: nothing more is written until the message is answered.
 */
#ifndef BINHYEN_RELAY_CHANNEL_H
#define BINHYEN_RELAY_CHANNEL_H

#include "daemon/base/buf.h"
#include "store/outbox.h"

struct channel;
struct send;

enum send_result {
	SEND_SENT,    /* accepted by the network; external_id and report_expected say more */
	SEND_RETRY,   /* surely not sent: again after retry_after_ms (0 = the dispatcher's back-off)
		       */
	SEND_REFUSED, /* surely not sent, and never will be this way */
	SEND_IN_DOUBT, /* it may have gone out */
};

struct send_outcome {
	enum send_result result;
	enum err err;
	int64_t retry_after_ms;
	bool report_expected;	 /* SENT: a delivery report will settle it */
	const char *external_id; /* borrowed for the call; NULL none */
	const char *via;	 /* modem name, OA id; NULL none */
	const char *note;	 /* why not, for the officer; NULL none */
};

/* Owned by the dispatcher from send() to done(); the channel may use `link` and `channel_data`
 * meanwhile. */
struct send {
	int64_t outbox_id;
	enum lane lane;
	enum outbox_kind kind;
	int64_t party_id;
	int64_t report_id;
	int attempt;	      /* 1 = first */
	const char *address;  /* canonical form of the party */
	const char *text;     /* UTF-8 NFC */
	int64_t enclosure_id; /* 0 = none */
	int64_t expires_ms;
	int segments; /* by SMS: set by a gate that knows, and kept with the claim; 0 = not known */
	/* By which modem it goes: set by a gate that knows, borrowed until the claim is written. */
	const char *via;
	void (*done)(struct send *req, const struct send_outcome *outcome);
	struct send *link;
	void *channel_data;
};

typedef void (*channel_close_cb)(struct channel *channel);

struct channel_ops {
	/* 0, or an enum err when it can't even begin (then done is not called and the row is
	 * retried). */
	int (*send)(struct channel *channel, struct send *req);
	/* Give up soon; done still comes (with IN_DOUBT unless it is sure). */
	void (*cancel)(struct channel *channel, struct send *req);
	/* Ends every send (done is called for each), then cb. The channel's memory is its owner's.
	 */
	void (*close)(struct channel *channel, channel_close_cb cb);
};

enum gate_result {
	GATE_GO,       /* the channel keeps room for it until send() or withdraw() */
	GATE_BUSY,     /* this lane goes on when the channel wakes the dispatcher */
	GATE_WAIT,     /* nothing of this lane and of those after it before due_ms */
	GATE_WAIT_ROW, /* this row not before due_ms; the others may */
};
struct gate_answer {
	enum gate_result result;
	int64_t due_ms; /* WAIT, WAIT_ROW; past the row's expiry when it will never go */
};

/* A channel that may have to keep messages back is asked for each before it is claimed, within the
 * turn that claims it. */
struct channel_gate {
	enum err (*admit)(
		struct channel *channel, struct send *req, struct gate_answer *ret_answer);
	/* An admitted one is not sent after all, since its claim was not committed. */
	void (*withdraw)(struct channel *channel, struct send *req);
	/* How many messages of a lane could go until then, at the most. */
	int64_t (*room)(struct channel *channel, enum lane lane, int64_t until_ms);
};

/* The part every channel embeds. */
struct channel {
	const struct channel_ops *ops;
	const struct channel_gate *gate; /* NULL: everything may go at once */
	enum channel_kind kind;
	unsigned
		capacity; /* sends at the same time that make sense; 0 while it can't send at all */
	unsigned passing; /* so many more, of alarms and answers only: they go between the parts of
			   * what is under way */
	unsigned in_flight;	   /* kept by the dispatcher */
	bool is_reachable;	   /* false: known to be down, standby rows need not wait */
	bool is_deaf;		   /* takes messages, but its network will refuse them for now */
	struct dispatch *dispatch; /* set by dispatch_add */
	channel_close_cb close_cb;
};

#endif
