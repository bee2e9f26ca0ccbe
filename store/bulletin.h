/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bulletins: what the commune tells many at once.
 *
 *     DRAFT → SUBMITTED → APPROVED → SENDING → DONE
 *       ↑ └──────┼────────────┤         └──┬─────┘
 *       └ edited ┴ rejected   └────────────┴─→ RECALLED
 *
 *     what was not sent in its time is EXPIRED (an edit makes it a DRAFT again); a draft that
 * nobody wants is DISCARDED, and its words are erased
 *
 * All that is approved (words, class, audience, times, picture) is a version, which is never
 * changed: an edit writes the next one and everything before counts for nothing. An approval names
 * the hash of what was approved. That the approver is neither the author nor who submitted, that a
 * sensitive bulletin has the approval of a chief or deputy, that nothing is submitted with a
 * finding of the screen unanswered and nothing sent unapproved: the triggers of the schema see to
 * it, here it becomes an error (ERR_DENIED, ERR_STATE).
 *
 * The words are sealed with the box key: the box sends them while nobody is logged in.
 */
#ifndef BINHYEN_STORE_BULLETIN_H
#define BINHYEN_STORE_BULLETIN_H

#include "daemon/base/buf.h"
#include "store/officer.h"
#include "store/vault.h"

#define BULLETIN_STATE_TABLE(X) \
	X(DRAFT) X(SUBMITTED) X(APPROVED) X(SENDING) X(DONE) X(RECALLED) X(EXPIRED) X(DISCARDED)
enum bulletin_state {
#define X(name) BULLETIN_##name,
	BULLETIN_STATE_TABLE(X)
#undef X
		BULLETIN_STATE_COUNT
};
const char *bulletin_state_text(enum bulletin_state state); /* "DRAFT" */
MUST_CHECK
enum err bulletin_state_of(const char *text, enum bulletin_state *ret_state);

/* CAP 1.2 §3.2.2, in its words. */
#define BULLETIN_URGENCY_TABLE(X) \
	X(IMMEDIATE, "immediate") /* act now */ \
	X(EXPECTED, "expected")	  /* within the hour */ \
	X(FUTURE, "future") \
	X(PAST, "past") \
	X(UNKNOWN, "unknown")
#define BULLETIN_SEVERITY_TABLE(X) \
	X(EXTREME, "extreme") \
	X(SEVERE, "severe") X(MODERATE, "moderate") X(MINOR, "minor") X(UNKNOWN, "unknown")
#define BULLETIN_CERTAINTY_TABLE(X) \
	X(OBSERVED, "observed") \
	X(LIKELY, "likely") X(POSSIBLE, "possible") X(UNLIKELY, "unlikely") X(UNKNOWN, "unknown")
enum bulletin_urgency {
#define X(name, text) BULLETIN_URGENCY_##name,
	BULLETIN_URGENCY_TABLE(X)
#undef X
		BULLETIN_URGENCY_COUNT
};
enum bulletin_severity {
#define X(name, text) BULLETIN_SEVERITY_##name,
	BULLETIN_SEVERITY_TABLE(X)
#undef X
		BULLETIN_SEVERITY_COUNT
};
enum bulletin_certainty {
#define X(name, text) BULLETIN_CERTAINTY_##name,
	BULLETIN_CERTAINTY_TABLE(X)
#undef X
		BULLETIN_CERTAINTY_COUNT
};
const char *bulletin_urgency_text(enum bulletin_urgency urgency);
const char *bulletin_severity_text(enum bulletin_severity severity);
const char *bulletin_certainty_text(enum bulletin_certainty certainty);
/* ERR_INVALID for a word that is none. */
MUST_CHECK
enum err bulletin_urgency_of(const char *text, enum bulletin_urgency *ret_urgency);
MUST_CHECK
enum err bulletin_severity_of(const char *text, enum bulletin_severity *ret_severity);
MUST_CHECK
enum err bulletin_certainty_of(const char *text, enum bulletin_certainty *ret_certainty);

/* What it does to the one that it refers to. */
#define BULLETIN_REFERS_TABLE(X) \
	X(NOT, "") \
	X(CORRECTS, "corrects") X(RECALLS, "recalls")
enum bulletin_refers {
#define X(name, text) BULLETIN_REFERS_##name,
	BULLETIN_REFERS_TABLE(X)
#undef X
		BULLETIN_REFERS_COUNT
};
const char *bulletin_refers_text(enum bulletin_refers refers);
MUST_CHECK
enum err bulletin_refers_of(const char *text, enum bulletin_refers *ret_refers);

#define BULLETIN_ORIGIN_TABLE(X) \
	X(OFFICER, "officer") \
	X(FEED, "feed")	    /* an official source that the box watches */ \
	X(UPLINK, "uplink") /* ordered from above */
enum bulletin_origin {
#define X(name, text) BULLETIN_ORIGIN_##name,
	BULLETIN_ORIGIN_TABLE(X)
#undef X
		BULLETIN_ORIGIN_COUNT
};
const char *bulletin_origin_text(enum bulletin_origin origin);

#define BULLETIN_CATEGORY_BYTES 32    /* a-z 0-9 _ ; the list is config/bulletin/categories.json */
#define BULLETIN_TITLE_MAX	600   /* bytes: 150 letters */
#define BULLETIN_TEXT_MAX	16000 /* bytes; a Zalo text ends before */
#define BULLETIN_SMS_MAX	4000  /* bytes */
#define BULLETIN_SOURCE_MAX	300   /* bytes */
#define BULLETIN_AUDIENCE_MAX	16000 /* bytes of canonical JSON */
/* Canonical JSON: the saved list "test" and nothing else is for trying how one arrives. */
#define BULLETIN_TRIAL_LIST	"test"
#define BULLETIN_TRIAL_AUDIENCE "{\"lists\":[\"" BULLETIN_TRIAL_LIST "\"]}"
#define BULLETIN_VERSIONS_MAX	100 /* of one: each keeps its words */

/* What is approved, of which the words come with it. Texts are borrowed. */
struct bulletin_content {
	const char *category;
	enum bulletin_urgency urgency;
	enum bulletin_severity severity;
	enum bulletin_certainty certainty;
	bool is_sensitive; /* as its category says now */
	bool is_drill;
	bool to_refusers;  /* also who refused bulletins; only of an emergency, and with two
			      approvals */
	int64_t refers_to; /* 0 none */
	enum bulletin_refers refers_how;
	int64_t from_ms;    /* not before; 0 at once */
	int64_t expires_ms; /* not after */
	int64_t enclosure_id;
	const char *audience;			 /* canonical JSON (desk/audience.h) */
	const char *title, *text, *sms, *source; /* UTF-8 NFC; "" none */
};

struct bulletin {
	int64_t id;
	enum bulletin_state state;
	enum bulletin_origin origin;
	int version;
	int64_t version_id;   /* of the newest version, which the rest is about */
	int64_t author_id;    /* who began it; 0 the machine */
	int64_t writer_id;    /* who wrote this version; 0 the machine */
	int64_t submitter_id; /* 0 nobody */
	bool is_screened;     /* this version was */
	int64_t created_ms, changed_ms, submitted_ms, approved_ms, started_ms, ended_ms;
	int64_t review_due_ms; /* 0: no review is wanted */
	int64_t reviewed_ms;
	char category[BULLETIN_CATEGORY_BYTES];
	enum bulletin_urgency urgency;
	enum bulletin_severity severity;
	enum bulletin_certainty certainty;
	bool is_emergency; /* immediate or expected, and extreme or severe */
	bool is_sensitive, is_drill, to_refusers;
	bool is_trial; /* to the test audience, and to nobody else */
	int64_t refers_to;
	enum bulletin_refers refers_how;
	int64_t from_ms, expires_ms;
	int64_t enclosure_id;
	uint8_t hash[VAULT_HASH_BYTES]; /* of all that is approved */
};

/* How fast it has to go (mission: urgency decides the plan). */
enum bulletin_speed {
	BULLETIN_NORMAL,   /* in its time, by what costs nothing */
	BULLETIN_URGENT,   /* immediate or expected, of less severity */
	BULLETIN_EMERGENCY /* by every way at once */
};
enum bulletin_speed bulletin_speed(const struct bulletin *bulletin);
bool bulletin_is_emergency(enum bulletin_urgency urgency, enum bulletin_severity severity);

/* A draft; author_id 0: the machine's. ERR_INVALID: a category, times or an audience that can't be
 * kept; ERR_TOO_BIG. */
MUST_CHECK
enum err bulletin_add(struct store *store, enum bulletin_origin origin,
	const struct bulletin_content *content, int64_t author_id, int64_t *ret_id);
/* The next version; it is a DRAFT again and has no approval. ERR_STATE: it went out, or was thrown
 * away; ERR_TOO_BIG: so many versions. */
MUST_CHECK
enum err bulletin_revise(
	struct store *store, int64_t id, const struct bulletin_content *content, int64_t author_id);
MUST_CHECK
enum err bulletin_load(struct store *store, int64_t id, struct bulletin *ret_bulletin);

/* The words of its newest version. The texts point into `body`, which bulletin_words_free() wipes.
 */
struct bulletin_words {
	struct buf body;
	const char *title, *text, *sms, *source;
};
/* ERR_NOT_FOUND: they were erased. ret_words need not be set before; free it only after success. */
MUST_CHECK
enum err bulletin_words(
	struct store *store, const struct bulletin *bulletin, struct bulletin_words *ret_words);
void bulletin_words_free(struct bulletin_words *words);
/* Appends the canonical JSON. */
MUST_CHECK
enum err bulletin_audience(struct store *store, const struct bulletin *bulletin, struct buf *out);
/* Is it still what was approved, by its hash? ERR_CORRUPT when not: it must not go out. */
MUST_CHECK
enum err bulletin_verify(struct store *store, const struct bulletin *bulletin);

typedef void (*bulletin_fn)(void *arg, const struct bulletin *bulletin);
/* Newest first; state NULL: all. fn may ask for words. */
MUST_CHECK
enum err bulletin_list(struct store *store, const enum bulletin_state *state, int64_t before_id,
	int limit, bulletin_fn fn, void *arg);
/* The newest that refers to it; ERR_NOT_FOUND. */
MUST_CHECK
enum err bulletin_referring(struct store *store, int64_t id, int64_t *ret_id);

/* ---- moves; ERR_STATE: not from there ---------------------------------------------------------
 */

/* ERR_STATE also when it is not screened, or a finding has no answer. */
MUST_CHECK
enum err bulletin_submit(struct store *store, int64_t id, int64_t officer_id);

#define BULLETIN_VERDICT_TABLE(X) \
	X(APPROVE, "approve") \
	X(ALONE, "alone") /* the chief sends an emergency that he wrote himself */ \
	X(REJECT, "reject") \
	X(REVIEW, "review") /* of what the chief sent alone */ \
	X(RECALL, "recall")
enum bulletin_verdict {
#define X(name, text) BULLETIN_VERDICT_##name,
	BULLETIN_VERDICT_TABLE(X)
#undef X
};
const char *bulletin_verdict_text(enum bulletin_verdict verdict);

#define BULLETIN_NOTE_MAX 1000 /* bytes of a reason */
struct bulletin_opinion {
	enum bulletin_verdict verdict;
	int64_t officer_id;
	uint8_t hash[VAULT_HASH_BYTES]; /* of what he saw */
	const char *note;		/* "" none */
};
/*
 * Writes an opinion about the newest version. APPROVE and ALONE move it to APPROVED once it has all
 * that it needs (*ret_is_approved); review_due_ms is set with ALONE. REJECT makes it a DRAFT,
 * RECALL moves it to RECALLED. ERR_DENIED: not his to say (the author, the role, twice); ERR_STATE:
 * not submitted; ERR_EXISTS: it is not any more what he saw.
 */
MUST_CHECK
enum err bulletin_judge(struct store *store, int64_t id, const struct bulletin_opinion *opinion,
	int64_t review_due_ms, bool *ret_is_approved);

struct bulletin_judgement {
	int64_t id;
	int version;
	enum bulletin_verdict verdict;
	int64_t officer_id;
	enum officer_role role; /* his, then */
	int64_t at_ms;
	const char *note; /* for the call */
};
typedef void (*bulletin_judgement_fn)(void *arg, const struct bulletin_judgement *judgement);
/* Of all versions, oldest first; fn must not ask for them itself. */
MUST_CHECK
enum err bulletin_judgements(struct store *store, int64_t id, bulletin_judgement_fn fn, void *arg);

/* Back to DRAFT (withdrawn), SENDING, DONE, EXPIRED, DISCARDED. To SENDING only what
 * bulletin_verify() finds whole. DISCARDED erases all its words and lets go of its pictures. */
MUST_CHECK
enum err bulletin_move(struct store *store, int64_t id, enum bulletin_state to);

/* The first one that is approved and whose time has come; ERR_NOT_FOUND. */
MUST_CHECK
enum err bulletin_startable(struct store *store, int64_t now_ms, int64_t *ret_id);
/* The first one, not yet going out, whose time is over; ERR_NOT_FOUND. */
MUST_CHECK
enum err bulletin_expired(struct store *store, int64_t now_ms, int64_t *ret_id);
/* The first one whose review is overdue and of which nobody was told; ERR_NOT_FOUND. */
MUST_CHECK
enum err bulletin_unreviewed(struct store *store, int64_t now_ms, int64_t *ret_id);
MUST_CHECK
enum err bulletin_set_told(struct store *store, int64_t id);
/* When the next of the three is due; INT64_MAX none. */
MUST_CHECK
enum err bulletin_next(struct store *store, int64_t *ret_ms);

#endif
