/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the screen saw in a version of a bulletin, and what was answered. A finding says where and
 * by which word of the list, never what stands there: that is in the sealed words. Its keyed hash
 * finds the answer again when the next version still has the same.
 */
#ifndef BINHYEN_STORE_BULLETIN_FINDING_H
#define BINHYEN_STORE_BULLETIN_FINDING_H

#include "store/bulletin.h"

#define FINDING_KIND_TABLE(X) \
	X(SECRECY, "secrecy")	/* a marking of state secrets */ \
	X(MEASURE, "measure")	/* words of police measures */ \
	X(IDENTITY, "identity") /* number of an identity card */ \
	X(PHONE, "phone") \
	X(PLATE, "plate")     /* of a vehicle */ \
	X(ACCOUNT, "account") /* of a bank */ \
	X(LINK, "link") \
	X(MONEY, "money") /* asks for money or a code */
enum finding_kind {
#define X(name, text) FINDING_##name,
	FINDING_KIND_TABLE(X)
#undef X
		FINDING_KIND_COUNT
};
const char *finding_kind_text(enum finding_kind kind);

#define FINDING_FIELD_TABLE(X) X(TITLE, "title") X(TEXT, "text") X(SMS, "sms") X(SOURCE, "source")
enum finding_field {
#define X(name, text) FINDING_IN_##name,
	FINDING_FIELD_TABLE(X)
#undef X
		FINDING_FIELD_COUNT
};
const char *finding_field_text(enum finding_field field);

#define FINDING_WORD_BYTES 64
#define FINDINGS_MAX	   200 /* of a version: more is no bulletin */

struct finding {
	int64_t id;
	enum finding_kind kind;
	enum finding_field field;
	int at, bytes; /* of the field */
	char word[FINDING_WORD_BYTES];
	int64_t officer_id; /* who answered; 0 nobody yet */
	int64_t answered_ms;
};

/* The newest version was screened, and this was found; `words` are its texts, by field. Answers to
 * the same words in the version before hold. ERR_STATE: no draft; ERR_TOO_BIG. */
MUST_CHECK
enum err finding_put_all(struct store *store, const struct bulletin *bulletin,
	const char *const words[FINDING_FIELD_COUNT], const struct finding *findings, int count);
typedef void (*finding_fn)(void *arg, const struct finding *finding, const char *reason);
/* Of the newest version, in the order of the text; reason "" without an answer, for the call. */
MUST_CHECK
enum err finding_list(
	struct store *store, const struct bulletin *bulletin, finding_fn fn, void *arg);
/* ERR_NOT_FOUND: not one of its newest version; ERR_STATE: no draft any more. */
MUST_CHECK
enum err finding_answer(struct store *store, const struct bulletin *bulletin, int64_t finding_id,
	int64_t officer_id, const char *reason);
MUST_CHECK
enum err finding_open(struct store *store, const struct bulletin *bulletin, int64_t *ret_count);

#endif
