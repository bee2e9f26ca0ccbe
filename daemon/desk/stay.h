/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stay notices by SMS, Zalo and the menu:
 *
 *     LT who, number, reason, from to, address     all at once, or
 *     LT words ... LT more words                   piece by piece within DESK_STAY_DRAFT_MS
 *     LT 12                                        how far is my notice 12?
 *     LT HUY                                       forget what I have begun
 *
 * What is missing is asked for by name; what never becomes whole, and what is about a foreigner,
 * lies with the clerks as it was written. When it had to come is data: the clock "record" of the
 * regime of residence. That a notice was received is not that it is in the national database, and
 * the sender is told so, and each step of it.
 *
 * Identity numbers are sealed at the moment they come, also in a draft, where a mark stands for
 * each. Whether somebody waits is told to the clerks by SMS, at most once an hour, with the count
 * only.
 *
 * Words are for the residence clerks; as long as there is none, for the chief; of the others nobody
 * can open them. Each reading is written into `event`.
 */
#ifndef BINHYEN_DESK_STAY_H
#define BINHYEN_DESK_STAY_H

#include "daemon/desk/officer.h"
#include "daemon/desk/stay_words.h"
#include "store/stay.h"

#define DESK_STAY_DRAFT_MS DAY_MS
/* Answers to one sender within DESK_SAID_WINDOW_MS; what comes beyond is kept all the same. */
#define DESK_STAY_SAID_MAX 30

struct desk_stay {
	int64_t party_id;
	const char *words; /* what follows "LT", NFC */
	int64_t sent_ms;   /* 0 not known */
	/* By USSD the answer is a screen: it is appended here, short. NULL: sent. */
	struct buf *said;
};
/* The sender is answered, whatever he wrote. */
MUST_CHECK
enum err desk_stay_take(struct desk *desk, const struct desk_stay *in);

/* A clerk: entered it into the national database, found it recorded there, or declines it for a
 * reason, which the sender reads. how: "entered", "recorded", "declined". */
#define DESK_STAY_REASON_MAX 120
MUST_CHECK
enum err desk_stay_decide(struct desk *desk, int64_t id, const char *how, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb);

/* What it says: {"guests":[{"name","id"}],"reason","address"} or {"text"}, as JSON, appended; those
 * who should be able to read it and can't yet, can from then on. ERR_DENIED: he can't read it;
 * ERR_NOT_FOUND: there is none, or it was erased. */
MUST_CHECK
enum err desk_stay_read(struct desk *desk, int64_t id, const struct key_holder *holder,
	const char *actor, struct buf *out, struct errbuf *eb);

/* Gives up old drafts, erases what is due, hands over what the box still holds: once a minute. */
MUST_CHECK
enum err desk_stays_tick(struct desk *desk);
/* His role has changed: what is no longer his to read, is not; is_lost: neither is anything else,
 * since his key is gone. */
MUST_CHECK
enum err desk_stays_review(struct desk *desk, int64_t officer_id, bool is_lost);

/* A number that somebody says step by step: it is sealed for the clerks at once, and `ret_mark`
 * stands for it in what is handed in afterwards. Within DESK_STAY_DRAFT_MS. */
MUST_CHECK
enum err desk_stay_number(
	struct desk *desk, int64_t party_id, const char *digits, char ret_mark[STAY_ID_DIGITS + 1]);

#endif
