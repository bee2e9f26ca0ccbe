/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is in law and who decided it, the moments from which its clocks run, and what came
 * of it. Times are legal time (legal_time.h). */
#ifndef BINHYEN_STORE_REPORT_CLASS_H
#define BINHYEN_STORE_REPORT_CLASS_H

#include "store/store.h"

#define REPORT_CLASS_BYTES 24
#define REPORT_ACTOR_BYTES 64

struct report_class {
	int64_t id;
	int64_t report_id;
	char class[REPORT_CLASS_BYTES];
	int64_t regime_id; /* the record under which it was decided */
	bool is_urgent;
	char actor[REPORT_ACTOR_BYTES];
	int64_t at_ms;
	char trust[12];	 /* of the clock then */
	int64_t note_id; /* entry that says why; 0 none */
};
MUST_CHECK
enum err report_class_add(struct store *store, const struct report_class *in, int64_t *ret_id);
/* The one that counts; ERR_NOT_FOUND: nobody has decided. */
MUST_CHECK
enum err report_class_load(struct store *store, int64_t report_id, struct report_class *ret_class);
typedef void (*report_class_fn)(void *arg, const struct report_class *class);
/* All of them, oldest first. */
MUST_CHECK
enum err report_class_list(struct store *store, int64_t report_id, report_class_fn fn, void *arg);

struct report_moment {
	int64_t report_id;
	char moment[16];
	int64_t at_ms;	  /* legal time */
	int64_t box_ms;	  /* what the clock showed */
	int64_t stamp_ms; /* of the service centre; 0 none */
	char trust[12];
	bool is_settled; /* the clock was known to be right, or has been set right since */
	char actor[REPORT_ACTOR_BYTES];
};
/* Adds, or replaces. */
MUST_CHECK
enum err report_moment_set(struct store *store, const struct report_moment *moment);
MUST_CHECK
enum err report_moment_load(struct store *store, int64_t report_id, const char *moment,
	struct report_moment *ret_moment);
/* One that is not settled, after (report_id, moment) in their order; ERR_NOT_FOUND. */
MUST_CHECK
enum err report_moment_unsettled(
	struct store *store, int64_t after_id, const char *after, struct report_moment *ret_moment);

/* The entry that was added last to a report (report.h). */
MUST_CHECK
enum err report_entry_last(struct store *store, int64_t report_id, int64_t *ret_id);

#define REPORT_OUTCOME_TABLE(X) \
	X(TRANSFERRED, "transferred") /* chuyển cơ quan có thẩm quyền */ \
	X(KEPT, "kept")		      /* giữ lại, phân công điều tra viên tại xã */ \
	X(SETTLED, "settled")	      /* đã giải quyết */ \
	X(GUIDED, "guided")	      /* đã trả lời, hướng dẫn */ \
	X(UNFOUNDED, "unfounded")     /* không có căn cứ */ \
	X(OTHER, "other")
enum report_outcome_kind {
#define X(name, text) REPORT_OUTCOME_##name,
	REPORT_OUTCOME_TABLE(X)
#undef X
		REPORT_OUTCOMES
};
const char *report_outcome_text(enum report_outcome_kind kind);
MUST_CHECK
enum err report_outcome_of(const char *text, enum report_outcome_kind *ret_kind);

#define REPORT_ADDRESSEE_BYTES 160
#define REPORT_RECEIPT_BYTES   64

struct report_outcome {
	int64_t id;
	int64_t report_id;
	enum report_outcome_kind kind;
	char addressee[REPORT_ADDRESSEE_BYTES]; /* "" none */
	char receipt[REPORT_RECEIPT_BYTES];	/* "" none (yet) */
	int64_t at_ms, noted_ms;
	char actor[REPORT_ACTOR_BYTES];
	int64_t note_id;
};
MUST_CHECK
enum err report_outcome_add(struct store *store, const struct report_outcome *in);
typedef void (*report_outcome_fn)(void *arg, const struct report_outcome *outcome);
MUST_CHECK
enum err report_outcome_list(
	struct store *store, int64_t report_id, report_outcome_fn fn, void *arg);

#endif
