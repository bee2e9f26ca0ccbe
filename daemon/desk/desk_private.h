/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of desk/ only. */
#ifndef BINHYEN_DESK_DESK_PRIVATE_H
#define BINHYEN_DESK_DESK_PRIVATE_H

#include "config/phrases.h"
#include "daemon/base/clock_trust.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/delivery_rules.h"
#include "daemon/desk/desk.h"
#include "store/officer.h"
#include "store/outbox.h"

#define DESK_TEMPLATE_BYTES 32
#define DESK_PARAMS_MAX	    8 /* the configuration allows as many of each */
#define DESK_PARAM_BYTES    128

/* Answers that wait for one quiet sender; he reads them all at once. */
#define DESK_HELD_MAX 8

#define DESK_DUTY_PHONES_MAX 16 /* the configuration allows as many */

/* A receipt that is a day late only confuses; the duty group wants to know after weeks. The others:
 * desk_expires_ms(). */
#define DESK_RECEIPT_EXPIRES_MS DAY_MS
#define DESK_TICK_EXPIRES_MS	HOUR_MS
#define DESK_RELAY_EXPIRES_MS	(30 * DAY_MS)

/* How long the duty phones wait for the relay by Zalo (design.md §6). */
#define DESK_STANDBY_MS (2 * MINUTE_MS)

/* Code points of one Zalo text: the platform says 2,000 without a unit. */
#define DESK_ZALO_TEXT_MAX 1900
/* Of an answer by Zalo, which goes in as many pieces as it takes: some seven. */
#define DESK_ZALO_ANSWER_MAX 12000

struct poll_ear;

struct desk {
	struct store *store;
	struct key_holder seat; /* who works at the desk just now */
	bool has_seat;
	int64_t writer_id, writer_other_id; /* who writes just now: desk_listen() */
	int64_t echo_id;		    /* who said the same too often: desk_hear() */
	bool has_modem;
	bool has_http_sms;
	bool has_zalo;
	bool has_tick;
	bool sms_is_plain;
	bool relay_text;
	int64_t dialogue_ms; /* 0 = every message is a new report */
	char receipt_template[DESK_TEMPLATE_BYTES];
	char receipt_params[DESK_PARAMS_MAX][DESK_PARAM_BYTES];
	int receipt_param_count;
	char duty_group[64];
	char duty_phones[DESK_DUTY_PHONES_MAX][20];
	int duty_phone_count;
	char it_phone[20];
	const struct law *law;		 /* NULL none */
	const struct clock_trust *trust; /* NULL: the clock is right */
	bool (*is_ntp)(void);
	char witness_phone[20];
	int witness_hour;
	int64_t climb_ms[3];
	bool alarm_has_category;
	struct delivery_rules bulletins;
	bool zalo_was_up;	   /* at the last tick of the deliveries */
	int64_t look_ms;	   /* when the roster is looked at next */
	struct poll_ear *poll_ear; /* of the poll that was answered last */
	int64_t poll_ear_id;
	int64_t procedures_day; /* on which the entries were looked through last */
};

int64_t desk_now(struct desk *desk);
/* How far the clock may be believed. */
enum clock_trust_level desk_trust(const struct desk *desk);
/* The channel that texts a phone, a modem before the gateway; false when there is none. */
bool desk_phone_channel(const struct desk *desk, enum channel_kind *ret_channel);
size_t desk_code_points(const char *utf8);
/* Letters and digits: blanks and marks are no reason for anything. */
int desk_letters(const char *text);
MUST_CHECK
enum err desk_event(struct desk *desk, const char *kind, const struct report *report,
	const char *actor, const char *name, int64_t value);

/* place.c: NFC, one line, neither empty nor too long. */
MUST_CHECK
enum err desk_clean_name(const char *name, char *ret_name, size_t bytes);

/* desk_template.c: a receipt to a phone by Zalo, which an SMS stands by for; ret_id 0 when that is
 * not set up. */
MUST_CHECK
enum err desk_template_receipt(
	struct desk *desk, const struct report *report, int64_t *ret_outbox_id);
bool desk_is_danger(const struct report *report);

/* Tells those who may read a report about an officer, and nobody else. */
MUST_CHECK
enum err desk_notify_confined(struct desk *desk, const struct report *report);
/* Tells the duty side of a new report, respectively of more words of one. */
MUST_CHECK
enum err desk_notify(
	struct desk *desk, const struct report *report, const char *text, bool is_amendment);
/* Its sender wrote on: like a new one, but for the words. */
MUST_CHECK
enum err desk_notify_more(
	struct desk *desk, const struct report *report, const char *text, bool is_danger);
/* A text for the duty group in Zalo. */
MUST_CHECK
enum err desk_relay(struct desk *desk, int64_t report_id, const char *text, int64_t *ret_id);

/* desk_tell.c: a phrase for one officer by SMS, nothing when he has no phone; for every active
 * officer of a role, and when none of them has a phone for the duty phones. `fields` end with
 * {NULL, NULL}.
 */
MUST_CHECK
enum err desk_tell_officer(struct desk *desk, int64_t officer_id, enum lane lane,
	const char *phrase_key, const struct phrase_field *fields);
MUST_CHECK
enum err desk_tell_role(struct desk *desk, enum officer_role role, enum lane lane,
	const char *phrase_key, const struct phrase_field *fields);

/* For chief and deputies; where no chief has a phone for every officer who has one, and where
 * nobody has for the duty phones. */
MUST_CHECK
enum err desk_tell_leaders(struct desk *desk, enum lane lane, const char *phrase_key,
	const struct phrase_field *fields);

/* For those leaders, and the chairman, who can read that report. */
MUST_CHECK
enum err desk_tell_readers(struct desk *desk, const struct report *report, enum lane lane,
	const char *phrase_key, const struct phrase_field *fields);

/* What the sender reads first; nothing when the report is quiet. */
MUST_CHECK
enum err desk_send_receipt(struct desk *desk, const struct report *report);
/* His further words are there; likewise. */
MUST_CHECK
enum err desk_send_thanks(struct desk *desk, const struct report *report);

/* manners.c: is he who said the same too often? */
bool desk_is_echo(const struct desk *desk, int64_t party_id);
/* manners.c: may one more receipt go to the sender of this report? Counts it. */
MUST_CHECK
enum err desk_may_receipt(struct desk *desk, const struct report *report, bool *ret_may);

/* desk_gate.c: whether a correspondent may be sent anything, which everything that is sent to one
 * asks before. */
struct desk_way {
	enum party_kind kind;
	enum channel_kind channel; /* when is_reachable */
	bool is_reachable;	   /* a short code or a word as sender never is */
	bool is_hushed;		   /* he asked for silence */
	bool is_open;		   /* reachable, neither hushed nor an echo */
	bool has_marks;		   /* by SMS: he writes with marks, and is answered with them */
};
MUST_CHECK
enum err desk_gate(struct desk *desk, int64_t party_id, struct desk_way *ret_way);
/* desk_sms.c: a phrase as he reads it that way: by SMS in the letters that he writes, as long as
 * that takes at most DESK_MARKS_SEGMENTS. Appends. */
MUST_CHECK
enum err desk_phrase(const struct desk_way *way, const char *key, const struct phrase_field *fields,
	struct buf *out);
/* On a screen of the menu, which takes the marks off where they have to be. */
extern const struct desk_way desk_way_shown;
/* desk_listen() for who is told something by his number, and not because he writes: he may have
 * asked for silence as somebody whom no officer knows. */
MUST_CHECK
enum err desk_listen_phone(struct desk *desk, int64_t party_id, const char *phone);
/* The same for who is known to the caller as a correspondent only. */
MUST_CHECK
enum err desk_listen_party(struct desk *desk, int64_t party_id);
/* He asks for silence now: what waits to be sent to him is cancelled, and officers' words wait
 * until he asks for them. */
MUST_CHECK
enum err desk_hush(struct desk *desk, int64_t party_id);
bool desk_is_sms(enum channel_kind channel);
/* Queues words of the answer lane to who wrote; report_id 0 = they belong to none. */
MUST_CHECK
enum err desk_say(struct desk *desk, int64_t party_id, enum channel_kind channel,
	enum outbox_kind kind, int64_t report_id, const char *text, int64_t *ret_outbox_id);
/* {"name":"text"} instead of a number; `text` is a word that needs no escaping in JSON. */
MUST_CHECK
enum err desk_event_word(struct desk *desk, const char *kind, const struct report *report,
	const char *actor, const char *name, const char *text);

/* desk_reply.c: one more of `max` within DESK_SAID_WINDOW_MS, by what is known of who asks; counts
 * it, and the caller saves it. */
struct code_guard;
bool desk_say_once_more(struct code_guard *guard, int64_t now_ms, int max);
/* desk_reply.c: may one more answer go to who has this key, of `max` within DESK_SAID_WINDOW_MS?
 * Counts it. key: the party's number, which the answers about codes count under, or one's own. */
MUST_CHECK
enum err desk_may_say(struct desk *desk, const char *key, int max, bool *ret_may);
/* desk_reply.c: a phrase to who used a keyword; said so often an hour, then not any more. `fields`
 * end with {NULL, NULL} and are unaccented where it goes by SMS. */
MUST_CHECK
enum err desk_reply(struct desk *desk, int64_t party_id, const char *phrase_key,
	const struct phrase_field *fields);

/* The same with a count of its own, `max` an hour, for one matter. */
MUST_CHECK
enum err desk_reply_about(struct desk *desk, int64_t party_id, const char *phrase_key,
	const struct phrase_field *fields, const char *what, int max);
/* The same however often: what he has to know. */
MUST_CHECK
enum err desk_tell_sender(struct desk *desk, int64_t party_id, const char *phrase_key,
	const struct phrase_field *fields);

/* The phrase of an answer template; ERR_NOT_FOUND, told in `eb`. */
MUST_CHECK
enum err desk_find_template(
	const char *name, const char **ret_key, bool *ret_has_text, struct errbuf *eb);

#endif
