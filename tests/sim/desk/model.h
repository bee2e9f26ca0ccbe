/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small reference of what a desk must have done: written from what the headers of desk/ promise,
 * for clarity and without a database. It keeps reports, correspondents, officers and what must lie
 * in the outbox for residents; acts.h does each act here and on the real thing, compare.h holds the
 * two side by side. How long a term is, is asked of config/term.h, which has its own tests.
 */
#ifndef BINHYEN_TESTS_SIM_DESK_MODEL_H
#define BINHYEN_TESTS_SIM_DESK_MODEL_H

#include "config/law.h"
#include "store/keypair.h"
#include "store/officer.h"
#include "store/outbox.h"
#include "store/party.h"
#include "store/report.h"
#include "store/report_clock.h"

#define MODEL_OFFICERS	12
#define MODEL_PEOPLE	6
#define MODEL_PARTIES	48
#define MODEL_REPORTS	16
#define MODEL_ENTRIES	32
#define MODEL_ENTRY_MAX 560
#define MODEL_CLOCKS	24
#define MODEL_FOLLOWED	4
#define MODEL_HELD	8
#define MODEL_ROWS	160
#define MODEL_PLACES	2
#define NOBODY		(-1)

struct model_officer {
	int64_t id;
	char login[OFFICER_LOGIN_BYTES], phone[16]; /* phone "" none */
	enum officer_role role;
	enum officer_state state;
	bool has_key;
	int superior;	 /* index; NOBODY */
	unsigned places; /* bits */
	struct keypair *pair;
};

/* How wrong codes slow one scope down. */
struct model_guard {
	int wrong, said;
	int64_t last_ms, until_ms, said_ms;
};

/* Somebody as a correspondent: as himself, as nobody, or as whoever stands for him when what leads
 * to him was erased. */
struct model_party {
	int64_t id; /* 0 not known to the store yet */
	int person; /* NOBODY: nameless */
	bool is_anonymous, is_gone, is_office;
	int64_t last_ms; /* of its last message, 0 = as if it never wrote */
	struct model_guard guard;
};

struct model_entry {
	enum report_entry_kind kind;
	char text[MODEL_ENTRY_MAX];
};

struct model_clock {
	char code[24];
	int class; /* the number of the decision that began it; 0: the coming in */
	const struct regime_clock *def;
	enum clock_state state;
	int64_t started_ms, due_ms, frozen_ms, thawed_ms, ended_ms;
	int stage;
	bool is_by_notice, is_by_hand;
	int notice; /* index of the row that stops it once it has left; NOBODY */
};

enum model_state { MODEL_OPEN, MODEL_ANSWERED, MODEL_CLOSED };

struct model_report {
	int64_t id;
	char code[REPORT_CODE_LEN + 1];
	int party;
	bool is_group;
	enum report_book book;
	int year, number; /* 0: drawn by the box, which is asked for it */
	bool is_drawn;
	int entry; /* of the register; 0: no page was printed of it */
	enum model_state state;
	char category[16], urgency[16];
	bool is_decided, is_quiet, is_anonymous, is_confined;
	int place; /* NOBODY unknown */
	int assignee, merged_into;
	unsigned subjects, keys; /* bits of officers */
	int64_t received_ms, heard_ms, told_ms;
	struct model_entry entries[MODEL_ENTRIES];
	int entry_count;
	char held[MODEL_HELD][MODEL_ENTRY_MAX];
	int held_count;
	char pin[8];
	int pin_wrong;
	/* the law */
	int class; /* NOBODY: not classified; how often: */
	int decisions;
	bool is_urgent;
	const struct regime *regime;
	int64_t classified_ms, transferred_ms, accepted_ms;
	struct model_clock clocks[MODEL_CLOCKS];
	int clock_count;
	int64_t closed_ms, sanitise_ms, erase_ms; /* the latter when they are due; 0 not planned */
	bool is_held, is_sanitised, is_erased, closed_with_main;
	int followed[MODEL_FOLLOWED]; /* reports that this one follows */
	int followed_count;
};

/* A message for a resident, as it must lie in the outbox. */
struct model_row {
	int64_t id; /* 0: not seen there yet */
	int party, report;
	enum outbox_kind kind;
	enum { ROW_QUEUED, ROW_SENT, ROW_CANCELLED } state;
	int64_t sent_ms;
	char text[MODEL_ENTRY_MAX]; /* "" any */
};

struct model {
	struct law *law;
	int64_t now_ms;
	int64_t dialogue_ms;
	bool is_claimed;
	struct model_officer officers[MODEL_OFFICERS];
	int officer_count;
	struct model_party parties[MODEL_PARTIES];
	int party_count;
	struct model_report reports[MODEL_REPORTS];
	int report_count;
	struct model_row rows[MODEL_ROWS];
	int row_count;
	int writer, writer_other; /* who writes just now, and as whom else he is known; NOBODY */
	unsigned untold; /* bits of reports of which something for officers has not left yet: given
			  */
	struct model_guard all, codes[MODEL_REPORTS + 1]; /* the last: a code that there is not */
	struct {
		int year, count;
	} books[3];
};

/* model.c: who may see what. */
bool model_is_above(const struct model *m, int above, int officer);
bool model_is_about_chief(const struct model *m, const struct model_report *r);
bool model_is_barred(const struct model *m, const struct model_report *r, int officer);
bool model_may_hold(const struct model *m, const struct model_report *r, int officer);
unsigned model_entitled(const struct model *m, const struct model_report *r);
/* Something changed; by: who did it, NOBODY without a key. */
void model_settle(struct model *m, struct model_report *r, int by);
/* Category or subjects changed. */
void model_confine(struct model *m, struct model_report *r, bool may_release, int by);
/* What an officer sees: a value of enum sight in desk/reading.h. */
int model_sight(const struct model *m, const struct model_report *r, int officer);
/* It stands for itself again where others may read it than what it is merged with. */
void model_part(struct model *m, struct model_report *r);
void model_number(struct model *m, struct model_report *r, enum report_book book);
void model_print(struct model *m); /* all of the register */
void model_number_text(const struct model_report *r, char text[REPORT_NUMBER_BYTES]);

/* model_message.c: what a message becomes. */
int model_party(struct model *m, int person, bool is_anonymous); /* finds or makes */
int model_find_party(const struct model *m, int person, bool is_anonymous);
bool model_is_private_dialogue(const struct model *m, int party);
bool model_was_quiet(const struct model *m, int party);
struct model_message {
	int party;
	const char *text;     /* as it will stand in the register */
	const char *code;     /* that it names; "" none */
	const char *new_code; /* that a new one was given */
	int new_number;	      /* likewise */
	int place;	      /* of a new one */
	bool is_group, is_explicit, is_quiet;
	const char *category; /* guessed */
	bool is_danger;
	enum report_book book; /* that a new one would be put into; REGISTER: none of an officer */
};
/* The report that it goes to. */
struct model_report *model_take(struct model *m, const struct model_message *in);
struct model_report *model_open(struct model *m, const struct model_message *in);
void model_entry(struct model_report *r, enum report_entry_kind kind, const char *text);

/* model_answer.c: what goes back. */
bool model_is_reached(const struct model *m, const struct model_report *r);
/* Nothing is sent to him: he asked for silence, as one or the other. */
bool model_is_hushed(const struct model *m, int party);
/* What waits for him is cancelled, and what officers said waits to be asked for. */
void model_hush(struct model *m, int party);
struct model_row *model_row(struct model *m, int party, int report, enum outbox_kind kind);
/* A phrase of number and code, as its channel takes it. */
void model_say(struct model *m, struct model_report *r, const char *key, enum outbox_kind kind);
/* key NULL: the text itself, else a phrase with it. How many were reached, words held included; -1:
 * it is refused, and nothing has changed. */
int model_answer(struct model *m, struct model_report *r, const char *key, const char *text);
struct model_question {
	int party, other; /* NOBODY none */
	int report;	  /* NOBODY: a code that there is not */
	const char *code, *pin;
	bool wants_pin;
};
/* Is it answered with what was asked for? */
bool model_ask(struct model *m, const struct model_question *q);

/* model_law.c */
void model_law_received(struct model *m, struct model_report *r);
enum err model_classify(
	struct model *m, struct model_report *r, int class, bool is_urgent, const char *reason);
enum err model_outcome(struct model *m, struct model_report *r, const char *kind, int by);
void model_close(struct model *m, struct model_report *r, int by);
void model_clocks_stop(struct model *m, struct model_report *r, enum regime_end end);
enum model_clock_act { CLOCK_FREEZE, CLOCK_THAW, CLOCK_EXTEND, CLOCK_DONE, CLOCK_ACTS };
enum err model_clock_do(struct model *m, struct model_report *r, enum model_clock_act act,
	const char *code, const char *reason, int by);
enum err model_accept(struct model *m, struct model_report *r);
void model_law_tick(struct model *m);

/* model_keep.c */
void model_forget_anonymous(struct model *m);
void model_retention_tick(struct model *m);
/* The report that was named, NULL for a phone. */
enum err model_forget(struct model *m, int party, const struct model_report *named, int *ret_what);
bool model_is_waiting(const struct model *m, int party, int report); /* NOBODY: any */

#endif
