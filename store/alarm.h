/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A danger that somebody has to take on, the reports it is about, and the messages by which it was
 * rung. What happens when, desk/alarm.h says.
 *
 *     RINGING ──→ TAKEN              somebody answered
 *        └──→ UNANSWERED ──→ TAKEN   the ladder is over, and he answers after all
 *     TAKEN ──→ RINGING              who was said to have answered did not
 */
#ifndef BINHYEN_STORE_ALARM_H
#define BINHYEN_STORE_ALARM_H

#include "store/outbox.h"

#define ALARM_STATE_TABLE(X) X(RINGING) X(TAKEN) X(UNANSWERED)
enum alarm_state {
#define X(name) ALARM_##name,
	ALARM_STATE_TABLE(X)
#undef X
};
const char *alarm_state_text(enum alarm_state state);

#define ALARM_NUMBER_MIN 100
#define ALARM_NUMBER_MAX 999

struct alarm {
	int64_t id;
	int number; /* what is answered: "OK 123" */
	enum alarm_state state;
	bool is_noisy;
	int step; /* of the ladder, the last that was rung */
	int64_t began_ms;
	int64_t next_ms; /* 0 = the ladder is over */
	int64_t taken_ms;
	char taken_by[48]; /* "officer:LOGIN", "phone", "group" */
};

/* Draws a number that no alarm of the last days has. */
MUST_CHECK
enum err alarm_add(struct store *store, bool is_noisy, int64_t began_ms, int64_t next_ms,
	struct alarm *ret_alarm);
MUST_CHECK
enum err alarm_load(struct store *store, int64_t id, struct alarm *ret_alarm);
/* The one whose next step is due at now_ms; ERR_NOT_FOUND. */
MUST_CHECK
enum err alarm_due(struct store *store, int64_t now_ms, struct alarm *ret_alarm);
/* When the next step of any is due; INT64_MAX none. */
MUST_CHECK
enum err alarm_next(struct store *store, int64_t *ret_ms);
/* To step `step`; next_ms 0 = there is no further one, and it is UNANSWERED. */
MUST_CHECK
enum err alarm_climb(struct store *store, int64_t id, int step, int64_t next_ms);
MUST_CHECK
enum err alarm_take(struct store *store, int64_t id, const char *taken_by);
/* The newest with that number; ERR_NOT_FOUND. */
MUST_CHECK
enum err alarm_by_number(struct store *store, int number, struct alarm *ret_alarm);
/* The newest about a report; ERR_NOT_FOUND. */
MUST_CHECK
enum err alarm_of_report(struct store *store, int64_t report_id, struct alarm *ret_alarm);
/* The newest of its kind, when nobody took it and none of its messages has left, or may have: one
 * more report can be put into their words. ERR_NOT_FOUND. */
MUST_CHECK
enum err alarm_joinable(struct store *store, bool is_noisy, struct alarm *ret_alarm);
typedef void (*alarm_fn)(void *arg, const struct alarm *alarm);
/* Newest first. */
MUST_CHECK
enum err alarm_list(struct store *store, int64_t before_id, int limit, alarm_fn fn, void *arg);
/* That ring, and that ended unanswered since a moment. */
MUST_CHECK
enum err alarm_counts(
	struct store *store, int64_t since_ms, int64_t *ret_ringing, int64_t *ret_unanswered);

/* A report that it is about. */
MUST_CHECK
enum err alarm_report_add(struct store *store, int64_t id, int64_t report_id, int64_t party_id);
struct alarm_report {
	int64_t report_id;
	int year, number;
};
/* Up to `limit` of them, in their order, and how many there are. */
MUST_CHECK
enum err alarm_reports(struct store *store, int64_t id, struct alarm_report *reports, int limit,
	int *ret_count, int64_t *ret_total);
/* One of them that is confined by now; ERR_NOT_FOUND. */
MUST_CHECK
enum err alarm_confined(struct store *store, int64_t id, int64_t *ret_report_id);
/* It is no longer about that report; *ret_left: about how many it is. */
MUST_CHECK
enum err alarm_report_drop(struct store *store, int64_t id, int64_t report_id, int64_t *ret_left);
/* Somebody has seen that report, 0 = all of them; *ret_left: how many nobody has. */
MUST_CHECK
enum err alarm_seen(struct store *store, int64_t id, int64_t report_id, int64_t *ret_left);
/* How many dangers a correspondent has reported from since_ms to now. */
MUST_CHECK
enum err alarm_from(struct store *store, int64_t party_id, int64_t since_ms, int64_t *ret_count);

/* A message by which it was rung. */
struct alarm_page {
	int64_t outbox_id, party_id, officer_id; /* officer 0: a phone of the configuration */
	int step;
	enum outbox_state state;
	int64_t due_ms;
};
MUST_CHECK
enum err alarm_page_add(struct store *store, int64_t id, const struct alarm_page *page);
/* The first one after after_id; ERR_NOT_FOUND. */
MUST_CHECK
enum err alarm_page_next(
	struct store *store, int64_t id, int64_t after_id, struct alarm_page *ret_page);
/* Was it rung at that correspondent? ERR_NOT_FOUND when not. */
MUST_CHECK
enum err alarm_page_to(struct store *store, int64_t id, int64_t party_id, int64_t *ret_officer_id);
/* Was any? ERR_NOT_FOUND. */
MUST_CHECK
enum err alarm_page_any(struct store *store, int64_t party_id);
/* When the last message of any alarm to him was or is due; 0 none. */
MUST_CHECK
enum err alarm_page_last(struct store *store, int64_t party_id, int64_t *ret_due_ms);
/* Other words for a message that has not left. */
MUST_CHECK
enum err alarm_page_retext(struct store *store, int64_t outbox_id, const char *text);

/* Answers that named no alarm of his, since the last right one. */
struct alarm_wrong {
	int wrong;
	int64_t last_ms;
};
MUST_CHECK
enum err alarm_wrong(struct store *store, int64_t party_id, struct alarm_wrong *ret_wrong);
MUST_CHECK
enum err alarm_set_wrong(struct store *store, int64_t party_id, const struct alarm_wrong *wrong);

#endif
