/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each SIM sent lately, for its caps (daemon/relay/caps.h). A message is noted in the
 * transaction that claims it, so that no crash forgets it, and is open, which counts as of now,
 * until it is known when it went or that it surely did not. Rows are kept for a day.
 */
#ifndef BINHYEN_STORE_SMS_USE_H
#define BINHYEN_STORE_SMS_USE_H

#include "store/store.h"

#define SMS_USE_KEEP_MS DAY_MS

struct sms_use_new {
	int64_t outbox_id;
	const char *sim;
	int segments;
	const uint8_t *content; /* VAULT_HASH_CONTENT of the text */
};
MUST_CHECK
enum err sms_use_add(struct store *store, const struct sms_use_new *use);
/* How many segments went or may have gone, now at the latest; 0 = surely none. Nothing open is
 * fine. */
MUST_CHECK
enum err sms_use_settle(struct store *store, int64_t outbox_id, int segments);
/* At start: what was open, or lies in the future of this clock, counts as of now. */
MUST_CHECK
enum err sms_use_recover(struct store *store);
/* The wall clock jumped by `by_ms`: the past jumps along, so that a cap neither opens early nor
 * blocks for years. */
MUST_CHECK
enum err sms_use_shift(struct store *store, int64_t by_ms);

/*
 * Calls fn for what `sim` sent after since_ms, newest first; what is open comes first, as of now.
 * content NULL = all. fn returns false to stop.
 */
typedef bool (*sms_use_fn)(void *arg, int64_t at_ms, int segments);
MUST_CHECK
enum err sms_use_walk(struct store *store, const char *sim, const uint8_t *content,
	int64_t since_ms, sms_use_fn fn, void *arg);

#endif
