/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of delivery among themselves: delivery.c begins, ticks and ends, delivery_plan.c looks
 * for ways, delivery_feed.c fills the outbox, delivery_words.c makes the texts. */
#ifndef BINHYEN_DESK_DELIVERY_PRIVATE_H
#define BINHYEN_DESK_DELIVERY_PRIVATE_H

#include "daemon/desk/delivery.h"
#include "daemon/desk/desk_private.h"

/* plan: the rows, each planned by what the registry knows of him. */
MUST_CHECK
enum err delivery_plan_first(struct desk *desk, const struct delivery *delivery);
/* Up to a chunk of those that Zalo may not let write to after all. */
MUST_CHECK
enum err delivery_plan_chunk(struct desk *desk, struct delivery *delivery);
/* Of a correction, those whose turn was under way when it began. */
MUST_CHECK
enum err delivery_plan_pending(struct desk *desk, const struct delivery *delivery);
/* What the rules are for it, and what is known of somebody; for plan_make(). */
void delivery_rule(const struct desk *desk, enum delivery_urgency urgency, int steps,
	struct plan_rule *ret_rule);
MUST_CHECK
enum err delivery_known(
	struct desk *desk, const struct ledger_ways *ways, struct plan_known *ret_known);

/* feed */
MUST_CHECK
enum err delivery_feed(struct desk *desk, const struct delivery *delivery,
	const struct delivery_reach *reach, int64_t *next_ms);
/* What waits in the outbox goes back to the ledger; of text messages with only_zalo those that
 * could go by Zalo. */
MUST_CHECK
enum err delivery_take_back(
	struct desk *desk, int64_t delivery_id, enum channel_kind channel, bool only_zalo);
/* Đồng for a text message of so many segments to him. */
MUST_CHECK
enum err delivery_cost(struct desk *desk, int64_t resident_id, int segments, int64_t *ret_cost);
/* Đồng that may still be spent on it this month; INT64_MAX: no budget. */
MUST_CHECK
enum err delivery_budget(struct desk *desk, enum delivery_urgency urgency, int64_t *ret_left);

/* digest: when text messages of it may leave, 0 now. */
int64_t delivery_digest_wait(struct desk *desk, const struct delivery *d);
/* What else waits for somebody, who is next in d, as one text. */
#define DIGEST_MOST 8 /* bulletins in one */
struct delivery_digest {
	struct ledger_row rows[DIGEST_MOST]; /* his own in d first */
	int count;			     /* 1: nothing else; it goes as it is */
	struct buf text;
	int segments;
	int64_t expires_ms; /* of the first that does */
};
MUST_CHECK
enum err delivery_digest_make(struct desk *desk, const struct delivery *d,
	const struct ledger_row *row, struct delivery_digest *ret_digest);
void delivery_digest_free(struct delivery_digest *digest);

/* words */
struct delivery_words {
	struct buf forms[FORM_COUNT];
	struct sms_size size[FORM_COUNT]; /* of the two text messages */
	bool is_unaccented;
};
/* The texts as they will go out; instead: another text message than the one that is written, NULL
 * none. ERR_TOO_BIG. Free it in any case. */
MUST_CHECK
enum err delivery_words(struct desk *desk, const struct bulletin *bulletin, const char *instead,
	struct delivery_words *ret_words, struct errbuf *eb);
void delivery_words_free(struct delivery_words *words);

/* The ways that there are. */
int delivery_all_steps(const struct desk *desk);
enum delivery_urgency delivery_urgency_of(const struct bulletin *bulletin);
enum lane delivery_lane(enum delivery_urgency urgency);

#endif
