/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report (case) of the reception register, numbered per year without gaps, and all that happened
 * to it. Texts are sealed to its key (report_key.h). */
#ifndef BINHYEN_STORE_REPORT_H
#define BINHYEN_STORE_REPORT_H

#include "daemon/base/buf.h"
#include "store/report_guess.h"
#include "store/report_key.h"
#include "store/store.h"

#define REPORT_CODE_LEN 6

struct report {
	int64_t id;
	int year;
	int number; /* 1.. within the year */
	char code[REPORT_CODE_LEN + 1];
	int64_t party_id;
	char source[24];   /* channel it came by */
	char category[16]; /* "other" until somebody decides */
	char urgency[16];  /* "normal", "urgent", "danger" */
	char hamlet[32];   /* "" unknown */
	char state[16];	   /* "open", "answered", "closed" */
	int64_t received_ms;
	int64_t sent_ms; /* 0 unknown */
	bool is_incomplete;
	int64_t decided_ms; /* when an officer chose category and urgency; 0 = guessed */
};

struct report_new {
	int64_t party_id;
	const char *source;
	int64_t received_ms;
	int64_t sent_ms;
	const char *text;
	bool is_incomplete;
	const struct report_guess *guess; /* NULL: "other", "normal" */
	const char *guess_words;	  /* as in report_guess_set() */
	/* Hands the key of the report to those who may read it; the escrow, or the box without one,
	 * has it already. NULL: nobody else. */
	enum err (*share)(void *arg, const struct report *report, const struct keypair *pair);
	void *share_arg;
};
/* Takes the next number of the Vietnamese year of received_ms, draws a code that is not in use,
 * writes the text as the first entry (RECEIVED). Category and urgency are those of the guess. */
MUST_CHECK
enum err report_add(struct store *store, const struct report_new *in, struct report *ret_report);
MUST_CHECK
enum err report_load(struct store *store, int64_t id, struct report *ret_report);
/* By register number; year 0 = the newest year that has it. */
MUST_CHECK
enum err report_find(struct store *store, int year, int number, struct report *ret_report);
typedef void (*report_fn)(void *arg, const struct report *report);
MUST_CHECK
enum err report_list(struct store *store, int64_t before_id, int limit, report_fn fn, void *arg);
MUST_CHECK
enum err report_set_state(struct store *store, int64_t id, const char *state);
/* Category and urgency; decided_ms 0 = they are (still) a guess. */
MUST_CHECK
enum err report_rate(struct store *store, int64_t id, const char *category, const char *urgency,
	int64_t decided_ms);
MUST_CHECK
enum err report_count(struct store *store, const char *state, int64_t *ret_count); /* NULL = all */

#define REPORT_ENTRY_TABLE(X) X(RECEIVED, "received") X(ANSWER, "answer") X(AMENDED, "amended")
enum report_entry_kind {
#define X(name, text) REPORT_ENTRY_##name,
	REPORT_ENTRY_TABLE(X)
#undef X
};
const char *report_entry_text(enum report_entry_kind kind);
/* The dialogue, oldest first. `text` is opened for the callback only. outbox_id 0 = not an outgoing
 * message. */
struct report_entry {
	int64_t id;
	enum report_entry_kind kind;
	int64_t at_ms;
	int64_t outbox_id;
	const char *text;
};
typedef void (*report_entry_fn)(void *arg, const struct report_entry *entry);
MUST_CHECK
enum err report_entry_add(struct store *store, int64_t report_id, enum report_entry_kind kind,
	int64_t at_ms, int64_t outbox_id, const char *text);
/* ERR_DENIED: not his to read. */
MUST_CHECK
enum err report_entries(struct store *store, const struct key_holder *holder, int64_t report_id,
	report_entry_fn fn, void *arg);

#endif
