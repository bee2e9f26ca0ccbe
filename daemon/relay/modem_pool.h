/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modem channel: a pool of binhyen-modem processes, each spawned, watched (no sign of life
 * within a bounded time: SIGKILL) and respawned with growing delay. Speaks gateway/line.h with
 * them; what arrives goes to intake, `stored` leaves after the commit. The loop never waits for a
 * modem.
 */
#ifndef BINHYEN_RELAY_MODEM_POOL_H
#define BINHYEN_RELAY_MODEM_POOL_H

#include "config/config.h"
#include "daemon/base/clock_trust.h"
#include "daemon/intake/intake.h"
#include "daemon/relay/channel.h"

#include <jansson.h>
#include <uv.h>

struct modem_pool;

struct modem_pool_options {
	uv_loop_t *loop; /* borrowed */
	struct store *store;
	struct intake *intake;
	struct dispatch *dispatch;
	const struct config *config; /* modems[]; borrowed */
	const char *program;	     /* path of binhyen-modem */
	bool has_http_sms, has_zalo; /* is there another way than SIM cards? */
	const char *sysfs;	     /* where the USB devices are: "/sys"; borrowed */
	/* Tells the officers on duty, by the phrase with the field "modem"; NULL = nobody. */
	enum err (*alarm)(void *arg, const char *phrase, const char *modem);
	void *alarm_arg;
	struct clock_trust *trust; /* learns the time stamps of what arrives; NULL = nobody */
};

/* Spawns what is configured; a modem that can't be reached is retried for ever. With no modems it
 * is a channel without capacity. */
MUST_CHECK
enum err modem_pool_open(
	const struct modem_pool_options *options, struct modem_pool **ret_pool, struct errbuf *eb);
struct channel *modem_pool_channel(struct modem_pool *pool);
/* Array of one object a modem: name, phase, signal, network, operator, slots, in flight, respawns,
 * last error. */
json_t *modem_pool_status(const struct modem_pool *pool);
/* {"short":N,"waiting_until":{"bulletin":TIME}}: messages that the caps will not let go before they
 * expire, and the lanes that wait for room. */
json_t *modem_pool_caps(const struct modem_pool *pool);
/* The SIM and the device that are there now are the right ones. NOT_FOUND, STATE (nothing to
 * accept). Within a turn; sending goes on after its commit. */
MUST_CHECK
enum err modem_pool_accept(
	struct modem_pool *pool, const char *name, const char *actor, struct errbuf *eb);
/*
 * What a text will be by SMS: {"text", "to":[numbers] or "count":N, "lane"} to {"text","alphabet",
 * "unaccented","characters","segments","lane","recipients","modems","price" or null,"minutes" or
 * null (never),"minutes_allowed","too_late","alternative"}. alternative: "http_sms", "zalo" or
 * "more_sims" when `too_late` recipients would not get it in time, else null. INVALID, TOO_BIG.
 */
MUST_CHECK
enum err modem_pool_preview(
	struct modem_pool *pool, const json_t *ask, json_t **ret_answer, struct errbuf *eb);
#define MODEM_USSD_CODE_MAX 40
/*
 * The answer to a USSD code, borrowed for the call: {"modem","status","raw","coding","text"}.
 * status: <m> of +CUSD (3GPP TS 27.007 §7.15); raw: as the modem gave it; coding: how it was
 * understood, "plain" "ucs2" "gsm7" "8bit". TIMEOUT, UNSUPPORTED, MODEM: there is none, NULL.
 */
typedef void (*modem_ussd_fn)(void *arg, enum err err, const json_t *answer);
/* Dials; done is called once, later, within 80 s. NOT_FOUND, INVALID, STATE (not ready), BUSY. */
MUST_CHECK
enum err modem_pool_ussd(struct modem_pool *pool, const char *name, const char *code,
	modem_ussd_fn done, void *arg, struct errbuf *eb);
/* Whoever asked with `arg` does not want the answer any more. */
void modem_pool_ussd_forget(struct modem_pool *pool, const void *arg);
/*
 * What the modem and its process said to each other last, oldest first and without numbers, PDUs
 * and texts, borrowed for the call: {"modem","phase","driver","lines":[...]}. A line begins with
 * "> " (to the modem) or "< ". TIMEOUT, MODEM: the process did not answer, or is gone; NULL.
 */
typedef void (*modem_journal_fn)(void *arg, enum err err, const json_t *answer);
/* done is called once, later, within 25 s. NOT_FOUND, STATE (no process), BUSY. */
MUST_CHECK
enum err modem_pool_journal(struct modem_pool *pool, const char *name, modem_journal_fn done,
	void *arg, struct errbuf *eb);
void modem_pool_journal_forget(struct modem_pool *pool, const void *arg);
/* Asks every process to finish, kills after 3 s, frees the pool, then cb. */
void modem_pool_close(struct modem_pool *pool, void (*cb)(void *arg), void *arg);

#endif
