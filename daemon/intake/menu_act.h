/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an item of a menu can do (config/menu.h): an act is a form, a table of steps, and what is
 * done when all of it is said. A new one is a row in menu_acts[] (menu_act.c) and its steps; the
 * engine (menu.h) does the screens, pages, hints, the way back, and keeps every answer as it comes.
 *
 *     TEXT    he writes something: it is kept under the step's key
 *     CHOICE  he chooses one: its value is kept under the key; with no choice the step is passed
 *     READ    he reads something; by SMS and Zalo in one message, by USSD in pages
 *
 * Nothing here sends: what is said goes back through the door by which he came.
 */
#ifndef BINHYEN_INTAKE_MENU_ACT_H
#define BINHYEN_INTAKE_MENU_ACT_H

#include "config/menu.h"
#include "daemon/base/buf.h"
#include "store/party.h"
#include "store/service_tally.h"

#define MENU_STEPS_MAX	 10
#define MENU_CHOICES_MAX 120	    /* hamlets of a commune that was merged of several */
#define MENU_FIELD_MAX	 (8 * 1024) /* bytes of one answer: what is longer is a report by itself */
#define MENU_DONE	 1000	    /* talk->next: nothing more needs to be asked */

struct intake;
struct menu_choices;
struct menu_state;

/* One conversation as an act sees it, while one answer is handled. */
struct menu_talk {
	struct intake *intake;
	enum service_door door;
	int64_t party_id; /* who writes, */
	int64_t other_id; /* and the same one named or anonymous; 0 not known */
	enum party_kind kind;
	const char *address; /* canonical */
	const char *channel; /* as in struct inbound */
	int64_t sent_ms;
	struct menu_state *state;
	int step;		      /* which is asked */
	struct menu_choices *hamlets; /* as they are for this answer; NULL: not asked for yet */

	/* For take() and finish() to fill in. */
	int next;	  /* the step that follows; set to step + 1 before take() */
	struct buf *said; /* what he reads; marks are taken off where they have to be */
	bool is_said; /* he is answered by another way (the receipt of a report), or not at all */
	enum service_outcome outcome; /* what came of it: ANSWERED unless it is set */
};

/* What was said, or stands in "set" of the item; "" nothing. Borrowed until the next set. */
const char *menu_field(const struct menu_talk *talk, const char *key);
MUST_CHECK
enum err menu_set_field(struct menu_talk *talk, const char *key, const char *value);

struct menu_choices {
	struct {
		char label[MENU_LABEL_BYTES];
		char value[MENU_VALUE_BYTES];
	} items[MENU_CHOICES_MAX];
	int count;
	bool is_numbered, has_extra; /* as in struct menu_list */
};
/* label: cut where it is too long for a screen. ERR_TOO_BIG: there are MENU_CHOICES_MAX. */
MUST_CHECK
enum err menu_choice_add(struct menu_choices *choices, const char *label, const char *value);
/* The same with the words of a phrase without fields. */
MUST_CHECK
enum err menu_choice_phrase(
	struct menu_choices *choices, const char *phrase_key, const char *value);

enum menu_step_kind { MENU_TEXT, MENU_CHOICE, MENU_READ };

struct menu_step {
	enum menu_step_kind kind;
	const char *key;
	const char *ask; /* phrase without fields: the line above the choices, or the question */
	/* Instead of `ask`. Cut to what is left of the screen. */
	enum err (*title)(struct menu_talk *talk, struct buf *out);
	enum err (*choices)(struct menu_talk *talk, struct menu_choices *out); /* CHOICE */
	enum err (*words)(struct menu_talk *talk, struct buf *out);	       /* READ */
	int letters_min;						       /* TEXT */
	bool takes_words; /* CHOICE: words that are none of the labels are for take() */
	bool is_aside;	  /* READ: it helps to answer, and is none by itself */
	/* An answer is there: it is in the field already. NULL: fine. ERR_INVALID: it is none, he
	 * is asked again. ERR_NOT_FOUND: it is something else, a report. Whatever else it wrote is
	 * then undone. */
	enum err (*take)(struct menu_talk *talk, const char *answer);
};

struct menu_act {
	const char *name; /* in the menus, and in the statistics */
	const struct menu_step *steps;
	int step_count;
	bool keeps_draft; /* what was said is offered again when the conversation broke off */
	/* There is something of it for him now; NULL: always. Its item comes and goes, and so has
	 * to be the last of its menu. */
	enum err (*is_there)(struct menu_talk *talk, bool *ret_is);
	/* Before the first step; NULL: nothing to do. It may set talk->next. */
	enum err (*begin)(struct menu_talk *talk);
	/* All is said. NULL: a step has said what there is. */
	enum err (*finish)(struct menu_talk *talk);
};

const struct menu_act *menu_act_find(const char *name); /* NULL none */
bool menu_is_extra(const struct menu_item *item);	/* its act says when it is there */
bool menu_has_extra(const struct menu *menu);		/* the last of it is such an one */
/* Of all, up to NULL: for menus_load(). */
const char *const *menu_act_names(void);

/* The acts, each in a file of its own. */
extern const struct menu_act menu_act_report, menu_act_emergency, menu_act_procedures,
	menu_act_search, menu_act_status, menu_act_contact, menu_act_dossier, menu_act_stay,
	menu_act_residence, menu_act_poll;

#endif
