/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the commune does with a report: register it, tell the duty officers, answer. Functions of
 * (store, clock, event): no loop, no network. Every function runs within the caller's turn and
 * leaves the savepoint to him.
 */
#ifndef BINHYEN_DESK_DESK_H
#define BINHYEN_DESK_DESK_H

#include "gateway/sms_text.h"
#include "store/outbox.h"
#include "store/report.h"
#include "store/party.h"

struct clock_trust;
struct delivery_rules;
struct desk;
struct law;

struct desk_options {
	struct store *store; /* borrowed */
	bool has_modem;	     /* phones are texted by a modem, */
	bool has_http_sms;   /* or without one by the SMS gateway */
	bool has_zalo;
	const char *duty_group;		   /* Zalo group id, "" none; copied */
	bool has_tick;			   /* a thumb below what a Zalo user wrote */
	const char *receipt_template;	   /* of a receipt to a phone by Zalo, "" none; copied */
	const char *const *receipt_params; /* "name=value" with {number} and {code}; copied */
	int receipt_param_count;
	int dialogue_minutes; /* further words of a sender within it belong to his report; 0 none */
	bool sms_is_plain;    /* no marks in what residents are told by itself, whoever asks */
	bool relay_text;      /* the group gets the report's words, or only a notice */
	const char *const *duty_phones; /* E.164; copied */
	int duty_phone_count;
	const char *it_phone;  /* E.164 of who looks after the machine; "" or NULL none; copied */
	const struct law *law; /* borrowed; NULL: reports have no legal clocks */
	const struct clock_trust *trust; /* borrowed; NULL: the clock is believed */
	bool (*is_ntp)(void);		 /* NULL: clock_is_ntp */
	const char *witness_phone;	 /* who is told the head of the log each day; copied */
	int witness_hour;		 /* of the day in Vietnam, from which on he is told */
	int climb_s[3];		 /* when an alarm climbs, after its beginning; 0 = 120, 300, 600 */
	bool alarm_has_category; /* the SMS about a danger names category and hamlet */
	const struct delivery_rules *bulletins; /* copied; NULL: no quiet hours, no budget */
};
MUST_CHECK
enum err desk_new(const struct desk_options *options, struct desk **ret_desk);
void desk_free(struct desk *desk);
/* Of the options those that may change while it runs; the others there are not looked at. */
void desk_adjust(struct desk *desk, const struct desk_options *options);
/* Who works at the desk until it is called again, NULL nobody: what he does with a report may hand
 * its key to others, which only he can do who reads it. `pair` is borrowed until then. */
void desk_seat(struct desk *desk, const struct key_holder *holder);

/* Who writes just now, and as whom else he is known: the same phone, where one of the two may have
 * asked for silence. Until the next call; 0, 0 nobody. */
void desk_listen(struct desk *desk, int64_t party_id, int64_t other_id);
/* He says this. After the same words DESK_SAME_MAX times within an hour nothing that is said by
 * itself goes to him until the next desk_listen(), but for what a danger is answered. */
#define DESK_SAME_MAX 3
/* Receipts an hour: to one number, for one hamlet, and over all, which is what a modem can send. */
#define DESK_RECEIPTS_NUMBER 60
#define DESK_RECEIPTS_HAMLET 300
#define DESK_RECEIPTS_BOX    1200
MUST_CHECK
enum err desk_hear(struct desk *desk, int64_t party_id, const char *text);
/* Forgets who said what, and how often he was answered, when that no longer matters. */
MUST_CHECK
enum err desk_manners_tick(struct desk *desk);

/* A new report: register number, code, entry, receipt to the sender, relay to the duty group, alarm
 * to the duty phones. When the guess sees a danger the receipt names the emergency numbers first
 * and the phones ring at once. */
MUST_CHECK
enum err desk_report_open(
	struct desk *desk, const struct report_new *in, struct report *ret_report);

/* The addresses of anonymous senders whose reports are all closed are destroyed, once nothing waits
 * to be sent to them. */
MUST_CHECK
enum err desk_forget_anonymous(struct desk *desk);

/* Puts a thumb below a stored message of a Zalo user, where that is wanted. message_id: Zalo's. */
MUST_CHECK
enum err desk_tick(struct desk *desk, int64_t party_id, const char *message_id);

/* A screen of the menu to who asked for it, as it is; at most DESK_SCREENS_MAX an hour, and nothing
 * to who asked for silence. */
#define DESK_SCREENS_MAX 40
MUST_CHECK
enum err desk_show(struct desk *desk, int64_t party_id, const char *text);

/* Its sender asks for silence: nothing more is sent to him, nor what still waits to be. */
MUST_CHECK
enum err desk_report_hush(struct desk *desk, const struct report *report);

/* More of a report that was handed over incomplete: an entry, and the duty side is told. The guess
 * is that of the whole text; it replaces the first one until an officer has decided, but a danger
 * once seen stays. When only the whole names the chief, who reads that report, it is one of its own
 * for the chairman. ret_report: the one that has the whole now. */
MUST_CHECK
enum err desk_report_amend(struct desk *desk, int64_t report_id, const char *text,
	const struct report_guess *guess, const char *guess_words, struct report *ret_report);

/* An officer decides what a report is: category and urgency codes, NULL = as it is. ERR_INVALID for
 * a code that is none. Raised to "danger" it rings the duty phones. */
MUST_CHECK
enum err desk_report_rate(struct desk *desk, int64_t report_id, const char *category,
	const char *urgency, const char *actor, struct errbuf *eb);

/* A group in which the duty side talks among itself, or a committee: what is written there is no
 * report. */
bool desk_is_duty_group(const struct desk *desk, const char *group);

/* A member wrote in a group of residents, where nothing may be told about it: at most once a day he
 * is asked there to write privately. */
MUST_CHECK
enum err desk_group_invite(struct desk *desk, int64_t party_id, const char *group);

/* Something that came with a report can't be had any more: the report says so, and the duty side is
 * told where to look instead. kind and reason as in the attachment's row. */
MUST_CHECK
enum err desk_attachment_failed(
	struct desk *desk, int64_t report_id, const char *kind, const char *reason);

/* Something is wrong with the box itself: told to the duty side like a report. `fields` of the
 * phrase, ending with {NULL, NULL}. */
struct phrase_field;
MUST_CHECK
enum err desk_alarm(struct desk *desk, const char *phrase_key, const struct phrase_field *fields);

/* Something that only the person who looks after the machine can mend: texted to him alone, at once
 * and not by Zalo, or to the duty phones when he has no number. */
MUST_CHECK
enum err desk_it_alarm(
	struct desk *desk, const char *phrase_key, const struct phrase_field *fields);

/* What residents are told by itself in their letters, in segments at most: with marks that is 134
 * characters. Longer, it goes without. */
#define DESK_MARKS_SEGMENTS 2
/* A screen for who writes with marks, and by SMS. Appends. */
MUST_CHECK
enum err desk_sms_marks(const struct desk *desk, const char *text, struct buf *out);

/*
 * A text as its lane sends it by SMS: in normal form, with its accents when it takes few segments
 * so, else without. The one place where that is decided, for what is sent and for previews.
 * INVALID: no UTF-8, or empty; TOO_BIG: more segments than the lane takes.
 */
MUST_CHECK
enum err desk_sms_fit(enum lane lane, const char *text, struct buf *out, struct sms_size *ret_size,
	bool *ret_is_unaccented, struct errbuf *eb);
/* How long a message of a lane is worth sending. */
int64_t desk_expires_ms(enum lane lane);

/*
 * An officer's answer goes to the reporter over the channel he used, and to those of the reports
 * that were merged into it, each as his own report's answer; one who can't be reached, or has
 * heard it already as the sender of another of them, is passed over. The sender of a quiet report,
 * and who asked for silence lately in another one, is sent nothing: the words wait until he asks by
 * code and PIN.
 *
 * ERR_STATE when nobody can be answered (a short code, a word as sender, stopped, an office entry);
 * ERR_TOO_BIG past the channel's limit. actor: "officer:ctl".
 */
struct desk_answered {
	int64_t outbox_id; /* to the reporter himself; 0 = not sent to him */
	int sent;	   /* to how many */
	int held;	   /* answers that wait to be asked for */
};
MUST_CHECK
enum err desk_report_answer(struct desk *desk, int64_t report_id, const char *text,
	const char *actor, struct desk_answered *ret_answered, struct errbuf *eb);

/*
 * The same with ready words: the phrases "answer_STATE_NAME", in the form that fits each channel
 * and with the number of each report. text: what {text} stands for in it, "" when it has none.
 * ERR_NOT_FOUND: no such template; ERR_INVALID: it needs a text, or takes none.
 */
MUST_CHECK
enum err desk_report_answer_by(struct desk *desk, int64_t report_id, const char *name,
	const char *text, const char *actor, struct desk_answered *ret_answered, struct errbuf *eb);

/* Every one of them, in the order of the file. */
struct desk_answer_template {
	char name[32], state[16]; /* the state in which it is of use */
	bool has_text;
	const char *words; /* with {number} and {text} in it */
};
typedef void (*desk_template_fn)(void *arg, const struct desk_answer_template *template);
MUST_CHECK
enum err desk_answer_templates(desk_template_fn fn, void *arg);

struct desk_file {
	const char *name; /* as the reporter will see it, NFC */
	const void *data;
	size_t bytes;
};
/* A picture or a file for the reporter, with a sentence that says from whom. ERR_INVALID: Zalo does
 * not take it, or its bytes are not what its name says; ERR_TOO_BIG; ERR_STATE: it can't reach him.
 */
MUST_CHECK
enum err desk_report_file(struct desk *desk, int64_t report_id, const struct desk_file *file,
	const char *actor, int64_t *ret_outbox_id, struct errbuf *eb);

/* Keeps a picture or a PDF that is to go with a bulletin; it must be given to one in the same turn.
 * The errors are those of desk_report_file(). */
MUST_CHECK
enum err desk_bulletin_file(struct desk *desk, const struct desk_file *file,
	int64_t *ret_enclosure_id, struct errbuf *eb);

#endif
