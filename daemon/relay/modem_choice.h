/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which modem takes a message, or until when it waits: a pure function of what is known of the
 * modems, so that a simulation can ask it as the pool does. Room under the caps comes first, since
 * it is a rule; then health; then, for all but alarms, a SIM whose caps are not nearly used up, the
 * cheaper one, the sender's own network, and the one with more room left. An alarm or an answer
 * does not wait for the end of a bulletin of several segments: where no modem is free it goes
 * between two of them.
 */
#ifndef BINHYEN_RELAY_MODEM_CHOICE_H
#define BINHYEN_RELAY_MODEM_CHOICE_H

#include "daemon/relay/caps.h"

struct modem_candidate {
	const char *sim;
	const struct caps *caps;
	enum phone_operator phone_operator;
	struct sms_price price;
	bool may_send; /* connected, and its SIM is the accepted one */
	bool is_idle;
	bool yields; /* it sends a bulletin, between whose segments an alarm or an answer may pass
		      */
	bool has_network;
	int signal_percent; /* -1 unknown */
	int failures;	    /* sends in a row that failed for a reason of this modem */
	int64_t last_used;  /* any count that grows: the one used longest ago comes first */
};

enum modem_choice_result {
	MODEM_CHOICE_GO,	/* index */
	MODEM_CHOICE_BUSY,	/* one that may take it is sending: again when it is idle */
	MODEM_CHOICE_WAIT,	/* until due_ms, and whatever comes behind it as well */
	MODEM_CHOICE_WAIT_SAME, /* until due_ms because of its words: others may go */
	MODEM_CHOICE_NEVER,	/* it is longer than the caps allow */
	MODEM_CHOICE_NONE,	/* no modem may send */
};

struct modem_choice {
	enum modem_choice_result result;
	int index;
	int64_t due_ms;
};

/* Đồng for a segment to this number (NULL: not known, so the dearer one), or SMS_PRICE_UNKNOWN. */
int modem_price(const struct modem_candidate *modem, const char *address);

struct modem_message {
	enum lane lane;
	int segments;
	const uint8_t *content;
	const char *address; /* "+84..." */
};
MUST_CHECK
enum err modem_choose(struct store *store, const struct modem_candidate *candidates, int count,
	const struct modem_message *message, struct modem_choice *ret_choice);

#endif
