/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the `at` driver among themselves:
 *   modem_at.c    the driver: connecting, recovery, what comes by itself
 *   at_receive.c  slots: listing, reading, deleting
 *   at_reports.c  indications, and the way of the delivery reports
 *   at_send.c     segments, USSD codes, hanging up
 *   at_status.c   identity, signal, network, memories
 */
#ifndef BINHYEN_GATEWAY_MODEM_AT_H
#define BINHYEN_GATEWAY_MODEM_AT_H

#include "gateway/at_line.h"
#include "gateway/modem.h"

/* A module answers within a second or so, the radio and the SIM take longer. Silence is what ends a
 * wait; the second number bounds even a modem that never stops talking. */
#define AT_QUICK_MS    2000
#define AT_SIM_MS      5000
#define AT_LIST_MS     8000
#define AT_LIST_ALL_MS 60000
#define AT_PROMPT_MS   5000
#define AT_RADIO_MS    15000

struct at_memory {
	bool is_there;
	int used, size; /* -1 unknown */
};

struct at_modem {
	struct modem modem;
	struct at_line line;
	struct at_memory sim, phone;
	bool has_reports; /* a memory of its own for them, "SR" */
	char memory[4];	  /* selected for reading; "" unknown */
	bool has_clip, is_ucs2;
	bool may_be_in_text; /* the end of a segment's text may have been lost on the line */
	bool is_escaping;    /* out of it */
	/* delivery reports */
	bool is_stored_better, has_stored_reports;
	bool must_confirm;	/* what comes directly */
	bool is_report_due;	/* the confirmation of report_number is */
	bool needs_indications; /* the modem may have switched them off */
	int report_number, reports_announced, reports_found;
	int64_t report_ms;
	bool has_clock, has_qlts;	   /* what may be asked for the network's time */
	int64_t network_ms, network_at_ms; /* as told by itself, and when (monotonic); 0 never */
	int rings;			   /* without a number so far */
	int failures;			   /* in a row: chooses the rung of recovery */
	int64_t opened_ms;
};

static inline struct at_modem *at_self(struct modem *modem)
{
	return container_of(modem, struct at_modem, modem);
}

/* A command without an answer of its own. ERR_SIM, ERR_NETWORK, ERR_MODEM by the final code, which
 * *ret_result has (NULL: not wanted). */
MUST_CHECK
enum err at_do(struct at_modem *m, const char *command, int ms, struct at_result *ret_result);

/* The first line that answers, without prefix and blanks; ERR_PROTOCOL when there was none. */
MUST_CHECK
enum err at_ask(struct at_modem *m, const char *command, const char *prefix, int ms, char *text,
	size_t text_bytes);

enum err at_err_of(const struct at_result *result);

/* Of several ways to ask for the same the first that the modem takes. */
MUST_CHECK
enum err at_first_of(struct at_modem *m, const char *const *commands, size_t count);

static inline bool at_is_fatal(enum err err)
{
	return err == ERR_UNREACHABLE || err == ERR_TIMEOUT;
}

/* A command had no answer lately: it may come yet, and be taken for another's. */
bool at_is_doubtful(const struct at_modem *m);

/* The n-th comma-separated field of an answer as a number, -1. Quotes are respected. */
int at_field(const char *text, int n);
/* The n-th field without its quotes; "" when there is none. A number in UCS-2 hex is decoded. */
void at_text_field(const char *text, int n, char *field, size_t field_bytes);

/* unasked: for the at_line of a modem, with it as argument */
extern const struct at_talk_ops at_unasked;

/* receive */
MUST_CHECK
enum err at_memories_open(struct at_modem *m);
MUST_CHECK
enum err at_select(struct at_modem *m, const char *mem, bool must_ask);
enum err at_list(struct modem *modem, const char *only, modem_item_fn fn, void *arg);
enum err at_read(struct modem *modem, const char *mem, int slot, struct line *ret_line);
enum err at_erase(struct modem *modem, const char *mem, int slot);

/* reports */
MUST_CHECK
enum err at_reports_on(struct at_modem *m, const char *maker);
/* The PDU behind +CDS or +CMT. */
void at_report_direct(struct at_modem *m, const char *hex);
enum err at_confirm(struct modem *modem, int number);
/* After a listing: asks for the indications anew where that is due. Only errors that are fatal. */
MUST_CHECK
enum err at_reports_check(struct at_modem *m);

/* send */
enum err at_submit(
	struct modem *modem, const struct line_send *send, struct modem_fault *ret_fault);
enum err at_hang_up(struct modem *modem);
enum err at_dial(struct modem *modem, const char *code);
MUST_CHECK
enum err at_plain_charset(struct at_modem *m);

/* status */
MUST_CHECK
enum err at_identity(struct at_modem *m, struct line_hello *ret_hello);
enum err at_status(struct modem *modem, struct line_state *ret_state);
/* Asks for the network's time to be kept and told. */
MUST_CHECK
enum err at_clock_on(struct at_modem *m, const char *maker);
/* A line that may tell it. */
void at_clock_told(struct at_modem *m, const char *line);

#endif
