/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Somebody takes an alarm on. What of it has not left, or is in doubt, is not sent any more; every
 * phone at which it was rung learns who has it.
 */
#include "daemon/desk/alarm_private.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

#define WRONG_MAX      5 /* answers from a phone that named no alarm of his */
#define WRONG_REST_MS  HOUR_MS
#define NOTE_REPORTS   20 /* of a bundle, that get the officer's words */
#define BACK_MAX_MS    DAY_MS
#define BACK_WORD_STEP 1 /* rung again: the words of one that nobody answered */

enum err alarm_cancel_page(struct desk *desk, const struct alarm_page *page)
{
	int64_t again_id;
	enum err err = ERR_OK;

	if (page->state == OUTBOX_QUEUED || page->state == OUTBOX_IN_DOUBT)
		err = outbox_move(desk->store, page->outbox_id,
			&(struct outbox_move){.to = OUTBOX_CANCELLED,
				/* It may have left: the row goes on saying so. */
				.error = page->state == OUTBOX_IN_DOUBT ? ERR_IN_DOUBT : ERR_OK});
	if (err)
		return err;
	/* What was said again because nobody knew whether it had arrived. */
	err = outbox_repeated(desk->store, page->outbox_id, &again_id);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = outbox_move(desk->store, again_id, &(struct outbox_move){.to = OUTBOX_CANCELLED});
	return err == ERR_STATE ? ERR_OK : err;
}

/* Who was rung by a message that left, or may have; once each. */
struct told {
	int64_t parties[CREW_MAX];
	int count;
};

static bool is_new(struct told *told, int64_t party_id)
{
	for (int i = 0; i < told->count; i++) {
		if (told->parties[i] == party_id)
			return false;
	}
	if (told->count == CREW_MAX)
		return false;
	told->parties[told->count++] = party_id;
	return true;
}

static enum err end_pages(
	struct desk *desk, const struct alarm *alarm, int64_t by_party_id, const char *who)
{
	struct alarm_page page = {.outbox_id = 0};
	struct told told = {.count = 0};
	enum err err;

	while (!(err = alarm_page_next(desk->store, alarm->id, page.outbox_id, &page))) {
		bool has_left = page.state != OUTBOX_QUEUED && page.state != OUTBOX_CANCELLED;

		err = alarm_cancel_page(desk, &page);
		if (!err && has_left && page.party_id != by_party_id &&
			is_new(&told, page.party_id))
			err = alarm_text(desk, alarm->number, page.party_id, "alarm_taken", who,
				LANE_ANSWER);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err keep_note(struct desk *desk, int64_t report_id, const char *who, const char *note)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	err = buf_addf(&text, "%s: %s", who, note);
	if (!err)
		err = report_entry_add(desk->store, report_id, REPORT_ENTRY_NOTE, desk_now(desk), 0,
			buf_text(&text));
	return err;
}

static enum err keep_notes(
	struct desk *desk, const struct alarm *alarm, const char *who, const char *note)
{
	struct alarm_report reports[NOTE_REPORTS];
	int64_t total;
	int count = 0;
	enum err err;

	if (!note[0])
		return ERR_OK;
	err = alarm_reports(desk->store, alarm->id, reports, NOTE_REPORTS, &count, &total);
	for (int i = 0; !err && i < count; i++)
		err = keep_note(desk, reports[i].report_id, who, note);
	return err;
}

static enum err take(struct desk *desk, const struct alarm *alarm, const char *taken_by,
	int64_t by_party_id, const char *note)
{
	CLEAN_BUF who = {0};
	CLEAN_BUF name = {0};
	int64_t left;
	enum err err;

	buf_init(&who, OFFICER_NAME_BYTES + 64);
	buf_init(&name, OFFICER_NAME_BYTES + 64);
	err = alarm_who(desk, taken_by, PHRASE_SMS, &who);
	if (!err)
		err = alarm_who(desk, taken_by, PHRASE_FULL, &name);
	if (!err)
		err = alarm_take(desk->store, alarm->id, taken_by);
	if (!err)
		err = alarm_seen(desk->store, alarm->id, 0, &left);
	if (!err)
		err = end_pages(desk, alarm, by_party_id, buf_text(&who));
	if (!err)
		err = keep_notes(desk, alarm, buf_text(&name), note);
	if (!err)
		err = alarm_tell_group(desk, alarm, "alarm_taken_group", buf_text(&name), 0);
	if (!err)
		err = alarm_event(desk, alarm, "alarm.taken", taken_by, "step", alarm->step);
	if (!err)
		log_info("alarm", "id=%lld taken step=%d", (long long)alarm->id, alarm->step);
	return err;
}

enum err alarm_acknowledge(struct desk *desk, int64_t alarm_id, const char *actor, const char *note)
{
	struct alarm alarm;
	enum err err = alarm_load(desk->store, alarm_id, &alarm);

	if (!err && alarm.state == ALARM_TAKEN)
		return ERR_STATE;
	return err ? err : take(desk, &alarm, actor, 0, note);
}

enum err alarm_report_seen(
	struct desk *desk, int64_t report_id, const char *actor, const char *note)
{
	CLEAN_BUF name = {0};
	struct alarm alarm;
	int64_t left = 0;
	enum err err = alarm_of_report(desk->store, report_id, &alarm);

	buf_init(&name, OFFICER_NAME_BYTES + 64);
	if (err)
		return err;
	if (note[0]) {
		err = alarm_who(desk, actor, PHRASE_FULL, &name);
		if (!err)
			err = keep_note(desk, report_id, buf_text(&name), note);
	}
	if (err || alarm.state == ALARM_TAKEN)
		return err;
	err = alarm_seen(desk->store, alarm.id, report_id, &left);
	if (!err)
		err = alarm_event(desk, &alarm, "alarm.seen", actor, "report", report_id);
	return err || left ? err : take(desk, &alarm, actor, 0, "");
}

enum err alarm_in_hand(struct desk *desk, int64_t report_id, const char *actor)
{
	enum err err = alarm_report_seen(desk, report_id, actor, "");

	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- by text message -------------------------------------------------------------------------
 */

/* Whose phone it is, as the log names him. */
static enum err name_of_party(struct desk *desk, int64_t officer_id, char taken_by[48])
{
	struct officer officer;
	enum err err;

	snprintf(taken_by, 48, "phone");
	if (!officer_id)
		return ERR_OK;
	err = officer_load(desk->store, officer_id, &officer);
	if (!err)
		snprintf(taken_by, 48, "officer:%s", officer.login);
	return err;
}

static enum err is_blocked(struct desk *desk, int64_t party_id, bool *ret_is_blocked)
{
	int64_t now_ms = desk_now(desk);
	struct alarm_wrong wrong;
	enum err err = alarm_wrong(desk->store, party_id, &wrong);

	*ret_is_blocked = !err && wrong.wrong >= WRONG_MAX && wrong.last_ms <= now_ms &&
			  now_ms - wrong.last_ms < WRONG_REST_MS;
	return err;
}

/* A number that is not his: perhaps he misread it, perhaps it is not he. */
static enum err count_wrong(struct desk *desk, int64_t party_id, int number)
{
	int64_t now_ms = desk_now(desk);
	struct alarm_wrong wrong;
	enum err err = alarm_wrong(desk->store, party_id, &wrong);

	if (err)
		return err;
	if (wrong.last_ms > now_ms || now_ms - wrong.last_ms >= WRONG_REST_MS)
		wrong.wrong = 0;
	wrong.wrong++;
	wrong.last_ms = now_ms;
	err = alarm_set_wrong(desk->store, party_id, &wrong);
	if (!err && wrong.wrong == WRONG_MAX)
		err = event_add(desk->store, "alarm.guessed", "", "system", "{}");
	return err ? err
		   : alarm_text(desk, number, party_id,
			     wrong.wrong < WRONG_MAX ? "alarm_unknown" : "alarm_blocked", NULL,
			     LANE_ANSWER);
}

/* Who was told that somebody has it must know that nobody has. */
static enum err tell_again(struct desk *desk, const struct alarm *alarm, int64_t by_party_id)
{
	struct alarm_page page = {.outbox_id = 0};
	struct told told = {.count = 0};
	enum err err;

	while (!(err = alarm_page_next(desk->store, alarm->id, page.outbox_id, &page))) {
		if (page.party_id == by_party_id || !is_new(&told, page.party_id))
			continue;
		err = alarm_text(
			desk, alarm->number, page.party_id, "alarm_given_back", NULL, LANE_ALARM);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* It climbs on as if nobody had answered, and whoever was rung is told. */
static enum err ring_again(
	struct desk *desk, const struct alarm *alarm, const char *actor, int64_t by_party_id)
{
	struct alarm again = *alarm;
	int64_t report_id = 0;
	enum err err = alarm_first_report(desk, alarm->id, &report_id);

	/* All that it was about is confined by now: its readers were told. */
	if (err || !report_id)
		return err;
	err = alarm_event(desk, alarm, "alarm.given_back", actor, "step", alarm->step);

	again.next_ms = desk_now(desk) + desk->climb_ms[0];
	again.step = BACK_WORD_STEP;
	if (!err)
		err = tell_again(desk, alarm, by_party_id);
	return err ? err : alarm_ring(desk, &again, BACK_WORD_STEP, again.next_ms);
}

static enum err give_back(
	struct desk *desk, const struct alarm *alarm, const char *actor, int64_t party_id)
{
	int64_t age_ms = desk_now(desk) - alarm->taken_ms;

	/* Only what was taken in his name, and not much later. */
	if (alarm->state != ALARM_TAKEN || !str_eq(alarm->taken_by, actor) || age_ms > BACK_MAX_MS)
		return count_wrong(desk, party_id, alarm->number);
	return ring_again(desk, alarm, actor, party_id);
}

static enum err answer_of(struct desk *desk, const struct alarm *alarm, int64_t party_id,
	int64_t officer_id, const struct alarm_answer *answer)
{
	CLEAN_BUF who = {0};
	char taken_by[48];
	enum err err = name_of_party(desk, officer_id, taken_by);

	buf_init(&who, OFFICER_NAME_BYTES + 64);
	if (err)
		return err;
	if (answer->is_back)
		return give_back(desk, alarm, taken_by, party_id);
	if (alarm->state == ALARM_TAKEN) {
		err = alarm_who(desk, alarm->taken_by, PHRASE_SMS, &who);
		if (!err)
			err = keep_notes(desk, alarm, taken_by, answer->note);
		return err ? err
			   : alarm_text(desk, alarm->number, party_id,
				     str_eq(alarm->taken_by, taken_by) ? "alarm_thanks"
								       : "alarm_taken_before",
				     buf_text(&who), LANE_ANSWER);
	}
	err = take(desk, alarm, taken_by, party_id, answer->note);
	return err ? err
		   : alarm_text(desk, alarm->number, party_id, "alarm_thanks", NULL, LANE_ANSWER);
}

static enum err group_answered(struct desk *desk, const struct alarm_answer *answer)
{
	struct alarm alarm;
	enum err err = alarm_by_number(desk->store, answer->number, &alarm);

	if (err)
		return err;
	if (answer->is_back && alarm.state == ALARM_TAKEN && str_eq(alarm.taken_by, "group"))
		return ring_again(desk, &alarm, "group", 0);
	if (answer->is_back || alarm.state == ALARM_TAKEN)
		return ERR_NOT_FOUND;
	return take(desk, &alarm, "group", 0, answer->note);
}

enum err alarm_answered(
	struct desk *desk, int64_t party_id, bool is_duty_group, const struct alarm_answer *answer)
{
	struct alarm alarm;
	bool blocked = false;
	int64_t officer_id = 0;
	enum err err;

	if (is_duty_group)
		return group_answered(desk, answer);
	err = alarm_page_any(desk->store, party_id);
	if (!err)
		err = is_blocked(desk, party_id, &blocked);
	if (err)
		return err;
	if (blocked)
		return ERR_NOT_FOUND;
	err = alarm_by_number(desk->store, answer->number, &alarm);
	if (!err)
		err = alarm_page_to(desk->store, alarm.id, party_id, &officer_id);
	if (!err) {
		err = answer_of(desk, &alarm, party_id, officer_id, answer);
		/* It was his, whatever is missing now. */
		return err == ERR_NOT_FOUND ? ERR_BUG : err;
	}
	/* With more words than the number it may be something else after all. */
	if (err != ERR_NOT_FOUND || answer->note[0])
		return err;
	return count_wrong(desk, party_id, answer->number);
}
