/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of reports as the office hands them round: when the box is claimed, when an officer
 * comes, goes, changes his work, or hands a place to another. Which key is whose: entitlement.h.
 * Each act is written into `event`.
 */
#ifndef BINHYEN_DESK_KEYRING_H
#define BINHYEN_DESK_KEYRING_H

#include "store/report.h"

struct desk;

/*
 * The box has its first officer, whose public key is set: draws the escrow, and from now on nothing
 * is readable by the box. `words` is what must be printed now, once, and wiped. ERR_EXISTS. The
 * reports that are there already are handed over by keyring_tick().
 */
MUST_CHECK
enum err keyring_claim(struct desk *desk, const char *actor, struct buf *words);
/* Hands over some of what the box still holds. When the last is gone, nothing of its copies is left
 * in the file, its log or the copies made before upgrades. ret_more: call again soon. */
#define KEYRING_REPORTS_A_TICK 100 /* some 30 ms on the smallest box */
MUST_CHECK
enum err keyring_tick(struct desk *desk, bool *ret_more);

/*
 * The words of the escrow are lost, or somebody has seen them: draws others, to be printed now,
 * once, and wiped. Those who lead are told. From now on new reports are sealed to them, and old
 * ones by keyring_fill(), as those who can read them come by.
 */
MUST_CHECK
enum err keyring_renew(struct desk *desk, const char *actor, struct buf *words);
/* Some of the reports that the new escrow has no key of and `by` can read. ret_more: call again. */
#define KEYRING_FILL_A_CALL 200 /* some 60 ms on the smallest box */
MUST_CHECK
enum err keyring_fill(struct desk *desk, const struct key_holder *by, bool *ret_more);

/* A batch of reports that `by` can read and this officer may: their keys are handed to him. */
#define KEYRING_REPORTS_A_BATCH 500
struct keyring_batch {
	int64_t shared;	 /* keys given, of reports that whoever asks (viewer_id) can read as well */
	int64_t next_id; /* go on after this report; 0 = that was all */
};
struct keyring_admission {
	int64_t officer_id;
	int64_t viewer_id; /* who is told how many: an officer */
	const struct key_holder *by;
	int64_t after_id;
	const char *actor;
};
MUST_CHECK
enum err keyring_admit(
	struct desk *desk, const struct keyring_admission *in, struct keyring_batch *ret_batch);
/* His role or his places have changed, or he was removed: what is no longer his to read, is not. */
MUST_CHECK
enum err keyring_review(struct desk *desk, int64_t officer_id, const char *actor);
/* All of it: his passphrase is lost, and with it the key that opens them. */
MUST_CHECK
enum err keyring_empty(struct desk *desk, int64_t officer_id, const char *actor);

/*
 * A place goes from one area officer to another: what is his by it, the reports he works on there,
 * their keys. Both are told. ERR_STATE: `from` does not have the place, or `to` has no key yet;
 * ERR_DENIED: `by` can't read a report of it that is still open, so nothing is handed over.
 */
struct keyring_handover {
	int64_t place_id;
	int64_t from_id, to_id;
	const struct key_holder *by;
	const char *actor;
	/* Each report that is not closed. */
	void (*fn)(void *arg, const struct report *report);
	void *arg;
};
MUST_CHECK
enum err keyring_hand_over(struct desk *desk, const struct keyring_handover *handover,
	int64_t *ret_open, struct errbuf *eb);

#endif
