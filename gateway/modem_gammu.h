/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the `gammu` driver among themselves, and the only way to libgammu's own header
 * besides pdu.c:
 *   modem_gammu.c   the driver: connecting, sending, codes
 *   gammu_events.c  what libgammu says by its callbacks and its log
 *   gammu_slots.c   slots: listing, reading, deleting
 *   gammu_raw.c     a slot past libgammu, for what it does not decode
 *   gammu_state.c   signal, network, memories
 *
 * What libgammu 1.42 does not forgive: callbacks may only enqueue; every connect forgets them; a
 * struct of 266 KB is wanted for one message; a listing ends with the same code that an empty slot
 * has; a timed-out command leaves half an answer behind that the next one trips over.
 */
#ifndef BINHYEN_GATEWAY_MODEM_GAMMU_H
#define BINHYEN_GATEWAY_MODEM_GAMMU_H

/* Four names of libgammu's error enum are also ours. */
#define ERR_BUG	      GAMMU_BUG
#define ERR_BUSY      GAMMU_BUSY
#define ERR_READ_ONLY GAMMU_READ_ONLY
#define ERR_TIMEOUT   GAMMU_TIMEOUT
#include <gammu.h>
#undef ERR_BUG
#undef ERR_BUSY
#undef ERR_READ_ONLY
#undef ERR_TIMEOUT

#include "gateway/gammu_log.h"
#include "gateway/modem.h"

/* The daemon kills after 60 s of silence; a whole SIM at 115,200 baud takes under ten. */
#define GAMMU_CALL_S   25
#define GAMMU_DIALOG_S 35 /* a prompt or a USSD request: libgammu waits 30 s */
#define GAMMU_OPEN_S   45

struct gammu_modem {
	struct modem modem;
	GSM_StateMachine *sm;
	GSM_MultiSMSMessage *multi; /* one for all reading, too large for a stack */
	int fd;			    /* the tty, libgammu's own descriptor; -1 not found */
	bool has_sim, has_phone;    /* memories SM and ME */
	unsigned char smsc[(GSM_MAX_NUMBER_LENGTH + 1) * 2];
	enum gammu_log_what result; /* of the last command */
	bool has_logged_mr;	    /* its callback is still to come */
};

static inline struct gammu_modem *gammu_self(struct modem *modem)
{
	return container_of(modem, struct gammu_modem, modem);
}

/* Of the modem as a whole. */
static inline bool gammu_is_fatal(enum err err)
{
	return err == ERR_UNREACHABLE || err == ERR_TIMEOUT;
}

enum err gammu_err_of(GSM_Error error);

/* Each operation begins with GAMMU_BEGIN and ends with its scope: past its time it is aborted. */
struct gammu_modem *gammu_begin(struct gammu_modem *g, int limit_s);
void gammu_end(struct gammu_modem **g);
#define GAMMU_BEGIN(g, limit_s) \
	__attribute__((unused)) \
	CLEANUP(gammu_end) struct gammu_modem *call = gammu_begin(g, limit_s)
/* Did the last command fail, whatever libgammu made of it? */
bool gammu_has_failed(const struct gammu_modem *g);

/* events */
/* All callbacks; each connect forgets them. */
void gammu_events_on(struct gammu_modem *g);

/* slots */
enum err gammu_list(struct modem *modem, const char *only, modem_item_fn fn, void *arg);
enum err gammu_read(struct modem *modem, const char *mem, int slot, struct line *ret_line);
enum err gammu_erase(struct modem *modem, const char *mem, int slot);

/* raw: between libgammu's own commands */
/* The message in that slot as the `at` driver would hand it up; NOT_FOUND. */
MUST_CHECK
enum err gammu_raw_read(struct gammu_modem *g, const char *mem, int slot, struct line *ret_line);
/* In the memory that libgammu selected last. */
MUST_CHECK
enum err gammu_raw_erase(struct gammu_modem *g, int slot);

/* state */
enum err gammu_status(struct modem *modem, struct line_state *ret_state);

#endif
