/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An alarm begins, and climbs. */
#include "daemon/desk/alarm_private.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

/* Between two alarms to the same phone: of whoever, and of one who reports one danger after the
 * other. */
#define ALARM_GAP_MS	   (20 * SECOND_MS)
#define ALARM_NOISY_GAP_MS (5 * MINUTE_MS)
#define ALARM_NOISY	   3 /* dangers of one sender within an hour */

#define STEPS_A_TICK 20 /* the rest in the next tick */
#define LOOK_MS	     MINUTE_MS

enum err alarm_event(struct desk *desk, const struct alarm *alarm, const char *kind,
	const char *actor, const char *name, int64_t value)
{
	char subject[32], data[64];

	snprintf(subject, sizeof(subject), "alarm/%lld", (long long)alarm->id);
	snprintf(data, sizeof(data), "{\"number\":%d,\"%s\":%lld}", alarm->number, name,
		(long long)value);
	return event_add(desk->store, kind, subject, actor, data);
}

/* When the step after `step` comes, counted from that one; 0 = there is none. */
static int64_t wait_ms(const struct desk *desk, int step)
{
	if (step >= ALARM_STEPS)
		return 0;
	return desk->climb_ms[step] - (step ? desk->climb_ms[step - 1] : 0);
}

/* ---- the messages of a step ------------------------------------------------------------------
 */

static enum err find_rung(
	struct desk *desk, int64_t alarm_id, const struct crew *crew, bool was_rung[CREW_MAX])
{
	for (int i = 0; i < crew->count; i++) {
		int64_t officer_id;
		enum err err = alarm_page_to(
			desk->store, alarm_id, crew->members[i].party_id, &officer_id);

		if (err && err != ERR_NOT_FOUND)
			return err;
		was_rung[i] = !err;
	}
	return ERR_OK;
}

/* Not at once behind another one; what lies further ahead than the gap is of another clock. */
static enum err find_due(
	struct desk *desk, const struct alarm *alarm, int64_t party_id, int64_t *ret_due_ms)
{
	int64_t gap_ms = alarm->is_noisy ? ALARM_NOISY_GAP_MS : ALARM_GAP_MS;
	int64_t now_ms = desk_now(desk), last_ms;
	enum err err = alarm_page_last(desk->store, party_id, &last_ms);

	if (err)
		return err;
	*ret_due_ms = now_ms;
	if (last_ms && last_ms + gap_ms > now_ms && last_ms <= now_ms + ALARM_NOISY_GAP_MS)
		*ret_due_ms = last_ms + gap_ms;
	/* Somebody else's alarm does not wait behind that of one who makes many. */
	if (!alarm->is_noisy && *ret_due_ms > now_ms + ALARM_GAP_MS)
		*ret_due_ms = now_ms + ALARM_GAP_MS;
	return ERR_OK;
}

/* The first one, which the message is listed with. */
enum err alarm_first_report(struct desk *desk, int64_t alarm_id, int64_t *ret_report_id)
{
	struct alarm_report report;
	int64_t total;
	int count = 0;
	enum err err = alarm_reports(desk->store, alarm_id, &report, 1, &count, &total);

	*ret_report_id = count ? report.report_id : 0;
	return err;
}

static enum err page(struct desk *desk, const struct alarm *alarm, int step,
	const struct crew_member *member, const char *text)
{
	struct alarm_page row = {
		.party_id = member->party_id, .officer_id = member->officer_id, .step = step};
	enum channel_kind channel;
	int64_t due_ms = 0, report_id = 0;
	enum err err;

	if (!desk_phone_channel(desk, &channel))
		return ERR_OK;
	err = find_due(desk, alarm, member->party_id, &due_ms);
	if (!err)
		err = alarm_first_report(desk, alarm->id, &report_id);
	if (!err)
		err = outbox_add(desk->store,
			&(struct outbox_new){.channel = channel,
				.lane = LANE_ALARM,
				.kind = OUTBOX_KIND_ALARM,
				.party_id = member->party_id,
				.report_id = report_id,
				.due_ms = due_ms,
				.expires_ms = due_ms + desk_expires_ms(LANE_ALARM),
				.text = text},
			&row.outbox_id);
	return err ? err : alarm_page_add(desk->store, alarm->id, &row);
}

static enum err page_step(
	struct desk *desk, const struct alarm *alarm, int step, const char *text, int *ret_count)
{
	bool was_rung[CREW_MAX] = {false}, chosen[CREW_MAX] = {false};
	CLEANUP(cleanup_free) void *memory = NULL;
	struct crew *crew = NULL;
	enum err err = crew_load(desk, &crew);

	memory = crew;
	if (!err)
		err = find_rung(desk, alarm->id, crew, was_rung);
	if (err)
		return err;
	*ret_count = crew_choose(crew, step, was_rung, chosen);
	for (int i = 0; !err && i < crew->count; i++) {
		if (chosen[i])
			err = page(desk, alarm, step, &crew->members[i], text);
	}
	return err;
}

enum err alarm_ring(struct desk *desk, const struct alarm *alarm, int step, int64_t next_ms)
{
	CLEAN_BUF text = {0};
	int count = 0;
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	err = alarm_words(desk, alarm, step, &text);
	if (!err)
		err = page_step(desk, alarm, step, buf_text(&text), &count);
	if (!err)
		err = alarm_climb(desk->store, alarm->id, step, next_ms);
	if (!err)
		err = alarm_event(desk, alarm, step ? "alarm.climbed" : "alarm.rung", "system",
			"phones", count);
	if (!err && !next_ms)
		err = alarm_event(desk, alarm, "alarm.unanswered", "system", "step", step);
	if (!err)
		log_info("alarm", "id=%lld step=%d phones=%d", (long long)alarm->id, step, count);
	return err;
}

/* ---- it begins -------------------------------------------------------------------------------
 */

/* What has not left of its messages says what it is about now. */
static enum err join(struct desk *desk, const struct alarm *alarm)
{
	struct alarm_page row = {.outbox_id = 0};
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	while (!(err = alarm_page_next(desk->store, alarm->id, row.outbox_id, &row))) {
		if (row.state != OUTBOX_QUEUED)
			continue;
		buf_reset(&text);
		err = alarm_words(desk, alarm, row.step, &text);
		if (!err)
			err = alarm_page_retext(desk->store, row.outbox_id, buf_text(&text));
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err begin(struct desk *desk, const struct report *report, bool is_noisy)
{
	int64_t now_ms = desk_now(desk), next_ms = now_ms + wait_ms(desk, 0);
	struct alarm alarm;
	enum err err = alarm_add(desk->store, is_noisy, now_ms, next_ms, &alarm);

	if (!err)
		err = alarm_report_add(desk->store, alarm.id, report->id, report->party_id);
	if (!err)
		err = alarm_ring(desk, &alarm, 0, next_ms);
	return err ? err : desk_event(desk, "report.alarm", report, "system", "alarm", alarm.id);
}

enum err alarm_begin(struct desk *desk, const struct report *report)
{
	struct alarm alarm;
	int64_t count = 0;
	bool is_noisy;
	enum err err = alarm_of_report(desk->store, report->id, &alarm);

	/* A roster that several people read would tell of it. */
	if (report->is_confined)
		return desk_notify_confined(desk, report);
	/* It rings already. */
	if (!err && alarm.state == ALARM_RINGING)
		return ERR_OK;
	if (err && err != ERR_NOT_FOUND)
		return err;
	err = alarm_from(desk->store, report->party_id, desk_now(desk) - HOUR_MS, &count);
	if (err)
		return err;
	is_noisy = count >= ALARM_NOISY;
	err = alarm_joinable(desk->store, is_noisy, &alarm);
	if (err == ERR_NOT_FOUND)
		return begin(desk, report, is_noisy);
	if (!err)
		err = alarm_report_add(desk->store, alarm.id, report->id, report->party_id);
	if (!err)
		err = join(desk, &alarm);
	return err ? err : desk_event(desk, "report.alarm", report, "system", "alarm", alarm.id);
}

/* ---- it climbs -------------------------------------------------------------------------------
 */

static enum err end_silently(struct desk *desk, const struct alarm *alarm)
{
	struct alarm_page page = {.outbox_id = 0};
	enum err err;

	while (!(err = alarm_page_next(desk->store, alarm->id, page.outbox_id, &page))) {
		err = alarm_cancel_page(desk, &page);
		if (err)
			return err;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	return alarm->state == ALARM_RINGING ? alarm_take(desk->store, alarm->id, "confined")
					     : ERR_OK;
}

enum err alarm_let_go(struct desk *desk, int64_t report_id, bool *ret_rang)
{
	struct alarm alarm;
	int64_t left = 0;
	enum err err = alarm_of_report(desk->store, report_id, &alarm);

	*ret_rang = false;
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = alarm_report_drop(desk->store, alarm.id, report_id, &left);
	if (!err)
		err = left ? join(desk, &alarm) : end_silently(desk, &alarm);
	if (!err)
		*ret_rang = alarm.state == ALARM_RINGING;
	return err;
}

/* What was confined meanwhile is told to those who may know of it, and to nobody else. */
static enum err let_go(struct desk *desk, const struct alarm *alarm, int64_t *ret_left)
{
	struct report report;
	int64_t id;
	enum err err;

	*ret_left = 1;
	while (!(err = alarm_confined(desk->store, alarm->id, &id))) {
		err = report_load(desk->store, id, &report);
		if (!err)
			err = desk_notify_confined(desk, &report);
		if (!err)
			err = alarm_report_drop(desk->store, alarm->id, id, ret_left);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err climb(struct desk *desk, const struct alarm *alarm)
{
	int step = alarm->step + 1;
	int64_t wait = wait_ms(desk, step), left;
	enum err err = let_go(desk, alarm, &left);

	if (!err && !left)
		return alarm_take(desk->store, alarm->id, "confined");
	if (!err)
		err = alarm_ring(desk, alarm, step, wait ? alarm->next_ms + wait : 0);
	/* Where the phones can't be reached the group hears of it at least. */
	return err ? err
		   : alarm_tell_group(
			     desk, alarm, "alarm_group", "", desk->climb_ms[step - 1] / MINUTE_MS);
}

/* One that can't be rung may not stop the others, nor anything else of the turn. */
static enum err climb_or_give_up(struct desk *desk, const struct alarm *alarm)
{
	enum err err = store_savepoint_begin(desk->store);

	if (err)
		return err;
	err = climb(desk, alarm);
	if (!err)
		return store_savepoint_release(desk->store);
	store_savepoint_rollback(desk->store);
	if (err_class(err) == ERR_CLASS_TRANSIENT)
		return err;
	log_error("alarm", "id=%lld failed=%s", (long long)alarm->id, err_name(err));
	err = alarm_climb(desk->store, alarm->id, ALARM_STEPS, 0);
	return err ? err : alarm_event(desk, alarm, "alarm.failed", "system", "step", alarm->step);
}

/* Once for as long as it lasts, also over restarts. */
static enum err tell_nobody(struct desk *desk)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	int64_t told_ms;
	enum err err = duty_told(desk->store, &told_ms);

	if (err || told_ms)
		return err;
	err = duty_set_told(desk->store, desk_now(desk));
	if (!err)
		err = event_add(desk->store, "duty.nobody", "", "system", "{}");
	if (!err)
		err = desk_tell_leaders(desk, LANE_ALARM, "duty_nobody", none);
	log_warn("alarm", "on_duty=nobody");
	return err;
}

/* The next time that nobody is on duty is another one. */
static enum err forget_told(struct desk *desk)
{
	int64_t told_ms;
	enum err err = duty_told(desk->store, &told_ms);

	return err || !told_ms ? err : duty_set_told(desk->store, 0);
}

static enum err look_at_roster(struct desk *desk)
{
	CLEANUP(cleanup_free) void *memory = NULL;
	struct roster *roster = NULL;
	bool is_nobody = false;
	enum err err = desk_roster(desk, &roster);

	memory = roster;
	if (!err)
		err = alarm_nobody_on_duty(desk, roster, &is_nobody);
	if (err)
		return err;
	return is_nobody ? tell_nobody(desk) : forget_told(desk);
}

enum err alarm_tick(struct desk *desk, int64_t *ret_next_ms)
{
	int64_t now_ms = desk_now(desk), next_ms = INT64_MAX;
	struct alarm alarm;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < STEPS_A_TICK; i++) {
		err = alarm_due(desk->store, now_ms, &alarm);
		if (!err)
			err = climb_or_give_up(desk, &alarm);
	}
	if (err && err != ERR_NOT_FOUND)
		return err;
	/* The clock may have been set back. */
	if (now_ms >= desk->look_ms || desk->look_ms - now_ms > LOOK_MS) {
		err = look_at_roster(desk);
		if (err)
			return err;
		desk->look_ms = now_ms + LOOK_MS;
	}
	err = alarm_next(desk->store, &next_ms);
	if (!err)
		*ret_next_ms = next_ms < desk->look_ms ? next_ms : desk->look_ms;
	return err;
}
