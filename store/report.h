/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report (case) of the reception register, and all that happened to it. Texts are sealed to its
 * key (report_key.h).
 *
 * It has two numbers. `number` is what its sender and the officers call it by, one of its year. On
 * a box without officers it is the next one; from the day that there are officers it is drawn at
 * random, since a number that is missing between two others would tell an officer of a report that
 * is kept from him (daemon/desk/confinement.h), also one who is promoted later. `entry_no` is the
 * running number that the law wants in the register: it is given, in the order in which reports
 * came, to what a page is printed of (report_enter), so never to one that was confined before, and
 * it stays for good.
 */
#ifndef BINHYEN_STORE_REPORT_H
#define BINHYEN_STORE_REPORT_H

#include "daemon/base/buf.h"
#include "store/report_guess.h"
#include "store/report_key.h"
#include "store/store.h"

#define REPORT_CODE_LEN 6

/* The register, and the two books of reports about officers: those that the chief reads, and those
 * that only the chairman does. Each is numbered by itself. letter: before the number. */
#define REPORT_BOOK_TABLE(X) X(REGISTER, "") X(CHIEF, "R") X(CHAIRMAN, "C")
enum report_book {
#define X(name, letter) REPORT_BOOK_##name,
	REPORT_BOOK_TABLE(X)
#undef X
		REPORT_BOOK_COUNT
};
const char *report_book_letter(enum report_book book);

struct report {
	int64_t id;
	enum report_book book;
	int year;
	int number;   /* within the year of the book */
	int entry_no; /* 1.. within the year of the register; 0 = none yet */
	char code[REPORT_CODE_LEN + 1];
	int64_t party_id;
	char source[24];   /* channel it came by, or how an officer was told of it */
	char category[16]; /* "other" until somebody decides */
	char urgency[16];  /* "normal", "urgent", "danger" */
	char hamlet[32];   /* "" unknown */
	char state[16];	   /* "open", "answered", "closed" */
	int64_t received_ms;
	int64_t sent_ms; /* 0 unknown */
	bool is_incomplete;
	int64_t decided_ms;  /* when an officer chose category and urgency; 0 = guessed */
	char receiver[64];   /* who took it down; "" = the machine */
	bool is_quiet;	     /* nothing is ever sent to who wrote it */
	bool is_anonymous;   /* who wrote it is never shown to anybody */
	int64_t merged_into; /* the report of the same matter that is worked on instead; 0 = none */
	int64_t heard_ms;    /* the last words of its sender */
	int64_t told_ms;     /* the last words of an officer to him; 0 = none */
	int64_t assignee_id; /* the officer who works on it; 0 = nobody yet */
	bool is_confined;    /* only who holds its key may learn that it exists */
};
/* "12", "R3": what a reporter and an officer call it, within its year. */
#define REPORT_NUMBER_BYTES 16
void report_number_text(const struct report *report, char ret_text[REPORT_NUMBER_BYTES]);

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
	const char *receiver; /* NULL = the machine */
	const char *hamlet;   /* code of a place; NULL = unknown */
	bool is_quiet, is_anonymous;
	enum report_book book; /* another one than REGISTER: it is confined */
	bool is_told; /* he reads number and code on the screen of an USSD session: no receipt */
};
/* Takes a number of the Vietnamese year of received_ms, draws a code that is not in use,
 * writes the text as the first entry (RECEIVED). Category and urgency are those of the guess. */
MUST_CHECK
enum err report_add(struct store *store, const struct report_new *in, struct report *ret_report);
MUST_CHECK
enum err report_load(struct store *store, int64_t id, struct report *ret_report);
/* By its number in a book; year 0 = the newest year that has it. */
MUST_CHECK
enum err report_find(struct store *store, enum report_book book, int year, int number,
	struct report *ret_report);
/* It goes on in another book, under another number of the year in which it was received. */
MUST_CHECK
enum err report_rebook(struct store *store, int64_t id, enum report_book book);
/* Only who holds its key may learn that it exists, respectively everybody as before. */
MUST_CHECK
enum err report_confine(struct store *store, int64_t id, bool is_confined);

/* What an officer may be shown (reading.h): the newest report before `before_id` (0 = of all) whose
 * key he holds, ERR_NOT_FOUND; how many of a state he holds; how many confined ones he does not,
 * and messages of those. */
MUST_CHECK
enum err report_held_before(
	struct store *store, int64_t holder_id, int64_t before_id, struct report *ret_report);
MUST_CHECK
enum err report_count_held(
	struct store *store, int64_t holder_id, const char *state, int64_t *ret_count);
MUST_CHECK
enum err report_count_hidden(
	struct store *store, int64_t holder_id, const char *state, int64_t *ret_count);
MUST_CHECK
enum err report_messages_hidden(struct store *store, int64_t holder_id, bool is_inbox,
	const char *state, int64_t *ret_count);

/* Open ones of an urgency that are not merged into another, the oldest first. */
struct report_open_ask {
	const char *urgency;
	int64_t holder_id;	    /* who has to hold their keys; 0 nobody */
	int64_t after_ms, after_id; /* received_ms and id of the last one; 0: from the oldest */
	int limit;
};
typedef void (*report_fn)(void *arg, const struct report *report);
MUST_CHECK
enum err report_open_list(
	struct store *store, const struct report_open_ask *ask, report_fn fn, void *arg);

/* The next report of a place after `after_id`; ERR_NOT_FOUND at the end. */
MUST_CHECK
enum err report_of_hamlet_next(
	struct store *store, const char *hamlet, int64_t after_id, int64_t *ret_id);

/* Whom it is about. */
#define REPORT_SUBJECTS_MAX 8
MUST_CHECK
enum err report_subject_set(
	struct store *store, int64_t report_id, int64_t officer_id, bool is_subject);
MUST_CHECK
enum err report_subjects(struct store *store, int64_t report_id,
	int64_t ret_officers[REPORT_SUBJECTS_MAX], int *ret_count);
/* The next report after `after_id` that is about somebody; ERR_NOT_FOUND at the end. */
MUST_CHECK
enum err report_with_subject_next(struct store *store, int64_t after_id, int64_t *ret_id);
MUST_CHECK
enum err report_list(struct store *store, int64_t before_id, int limit, report_fn fn, void *arg);
/* Those of the category "question", likewise. */
MUST_CHECK
enum err report_questions(
	struct store *store, int64_t before_id, int limit, report_fn fn, void *arg);
MUST_CHECK
enum err report_set_state(struct store *store, int64_t id, const char *state);
/* Category and urgency; decided_ms 0 = they are (still) a guess. */
MUST_CHECK
enum err report_rate(struct store *store, int64_t id, const char *category, const char *urgency,
	int64_t decided_ms);
MUST_CHECK
enum err report_count(struct store *store, const char *state, int64_t *ret_count); /* NULL = all */

/* Those of one sender, newest first. */
MUST_CHECK
enum err report_of_party(struct store *store, int64_t party_id, int limit, report_fn fn, void *arg);
/* By its public code, in capitals. */
MUST_CHECK
enum err report_find_code(struct store *store, const char *code, struct report *ret_report);
/*
 * Received from from_ms on and before to_ms, in the order of that, `limit` a call: at first
 * {from_ms, 0, to_ms}, which each call moves behind the last one that it gave. What is received
 * meanwhile comes behind those, and *ret_is_end says that there is nothing more just now.
 */
struct report_span {
	int64_t after_ms, after_id, to_ms;
};
MUST_CHECK
enum err report_span(struct store *store, struct report_span *span, int limit, report_fn fn,
	void *arg, bool *ret_is_end);
/* What was received before to_ms and may be known is given its running number of the register.
 * One call looks at REPORT_ENTER_ROWS that have none, those after *after_id: 0 at first, and again
 * when there are no more. */
#define REPORT_ENTER_ROWS 500 /* some milliseconds */
MUST_CHECK
enum err report_enter(struct store *store, int64_t to_ms, int64_t *after_id);
MUST_CHECK
enum err report_set_hamlet(struct store *store, int64_t id, const char *hamlet);
/* From now on nothing is sent to who wrote it; what waits to be is daemon/desk's. */
MUST_CHECK
enum err report_set_quiet(struct store *store, int64_t id);
/* What still waits to be told of it to whoever is on duty is cancelled. */
MUST_CHECK
enum err report_cancel_duty(struct store *store, int64_t id);
/* It turned out to be anonymous: it and its messages, but for open sets, are of `party_id` now. */
MUST_CHECK
enum err report_hide(struct store *store, const struct report *report, int64_t party_id);
/* 0 = nobody. */
MUST_CHECK
enum err report_set_assignee(struct store *store, int64_t id, int64_t officer_id);
/* Its sender wrote, respectively was written to. */
MUST_CHECK
enum err report_set_heard(struct store *store, int64_t id, int64_t at_ms);
MUST_CHECK
enum err report_set_told(struct store *store, int64_t id, int64_t at_ms);
/* Reports that this sender has and that are not closed. */
MUST_CHECK
enum err report_open_of(struct store *store, int64_t party_id, int64_t *ret_count);

/* MORE: its sender wrote again; AMENDED: the whole of a message of which parts were missing; NOTE:
 * an officer's words for officers. */
#define REPORT_ENTRY_TABLE(X) \
	X(RECEIVED, "received") \
	X(ANSWER, "answer") X(AMENDED, "amended") X(MORE, "more") X(NOTE, "note")
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
