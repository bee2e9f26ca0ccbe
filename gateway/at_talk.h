/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One side of the conversation with a modem: which line answers the command under way, which comes
 * by itself, which ends the command (3GPP TS 27.005, 27.007; ITU-T V.250). A modem says what it
 * likes between the lines of an answer, even between +CMGL and its PDU, and an answer to a segment
 * may come long after somebody gave it up. State only: no descriptor and no clock.
 */
#ifndef BINHYEN_GATEWAY_AT_TALK_H
#define BINHYEN_GATEWAY_AT_TALK_H

#include "gateway/at_reader.h"
#include "gateway/at_ring.h"

enum at_final { AT_OK, AT_ERROR, AT_CMS, AT_CME, AT_PROMPT };

struct at_result {
	enum at_final final;
	int code; /* of CMS and CME, -1 when it is not a number */
};

struct at_request {
	const char *command; /* without its end */
	const char *prefix;  /* of the lines that answer it; "" any; NULL none wanted */
	bool has_pdus;	     /* a line of hex digits follows each of them */
	bool must_answer;    /* a final code before the first answer belongs to another command */
	bool wants_prompt;
	int quiet_ms; /* that long without a character: given up */
	int total_ms;
	void (*answer)(void *arg, const char *line); /* each line that answers, PDUs too */
	void *arg;
};

struct at_talk_ops {
	/* By itself. pdu: of a message that lies nowhere, else NULL. */
	void (*unasked)(void *arg, const char *line, const char *pdu);
	/* The network's answer to a segment; of code -1 when none was given. */
	void (*submitted)(void *arg, const struct at_result *result, int mr);
};

struct at_talk {
	const struct at_talk_ops *ops;
	void *arg;
	struct at_reader reader;
	struct at_ring ring;
	const struct at_request *request; /* NULL: none under way */
	struct at_result result;
	bool is_done, has_answer;
	char head[64];	 /* of an unasked message whose PDU is the next hex line; "" none */
	int submits;	 /* segments handed over whose answer did not come */
	bool owes_final; /* +CMGS came, its OK not yet */
	bool has_stray_prompt;
	unsigned heard; /* lines and prompts, ever */
};

void at_talk_init(struct at_talk *talk, const struct at_talk_ops *ops, void *arg);

/* `request` is borrowed until is_done or at_talk_end(). */
void at_talk_begin(struct at_talk *talk, const struct at_request *request);
void at_talk_end(struct at_talk *talk);

/* From now on an answer to a segment is due. */
void at_talk_submitting(struct at_talk *talk);

void at_talk_feed(struct at_talk *talk, const char *bytes, size_t len);

#endif
