/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/audit.h"

#include "daemon/desk/desk_private.h"
#include "store/event.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#define WITNESS_EXPIRES_MS (3 * DAY_MS)
#define WITNESS_EVENING_H  20 /* from then on it waits for the morning */
#define DIGITS		   16

/* ---- days ------------------------------------------------------------------------------------
 */

void audit_day_format(int64_t day, char ret_text[AUDIT_DAY_BYTES])
{
	time_t seconds = (time_t)(day * DAY_MS / SECOND_MS);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	if (!strftime(ret_text, AUDIT_DAY_BYTES, "%Y-%m-%d", &tm))
		ret_text[0] = 0;
}

enum err audit_day_parse(const char *text, int64_t *ret_day)
{
	struct tm tm = {0}, moved;
	const char *end = strptime(text, strchr(text, '/') ? "%d/%m/%Y" : "%Y-%m-%d", &tm);
	time_t seconds;

	if (!end || *end || tm.tm_year < 70 || tm.tm_year > 8000)
		return ERR_INVALID;
	moved = tm;
	seconds = timegm(&moved);
	/* 31/02 would be a day of March. */
	if (moved.tm_mday != tm.tm_mday || moved.tm_mon != tm.tm_mon)
		return ERR_INVALID;
	*ret_day = seconds / (DAY_MS / SECOND_MS);
	return ERR_OK;
}

static int64_t day_begins_ms(int64_t day)
{
	return day * DAY_MS - VIETNAM_OFFSET_MS;
}

/* ---- the head of a day -----------------------------------------------------------------------
 */

/* Now in daytime, otherwise when the morning comes. */
static int64_t witness_due_ms(const struct desk *desk, int64_t now_ms)
{
	int64_t today_ms = day_begins_ms(clock_local_day(now_ms));
	int64_t from_ms = today_ms + desk->witness_hour * HOUR_MS;

	if (now_ms < from_ms)
		return from_ms;
	return now_ms < today_ms + WITNESS_EVENING_H * HOUR_MS ? now_ms : from_ms + DAY_MS;
}

/* Behind alarms, receipts and answers. */
static enum err text_witness(struct desk *desk, const char *phrase_key,
	const struct phrase_field *fields, enum lane lane, int64_t due_ms, int64_t *ret_id)
{
	enum channel_kind channel;
	struct party party;
	CLEAN_BUF text = {0};
	enum err err;

	*ret_id = 0;
	if (!desk->witness_phone[0] || !desk_phone_channel(desk, &channel))
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = phrase(phrase_key, PHRASE_SMS, fields, &text);
	if (!err)
		err = party_get(desk->store, PARTY_PHONE, desk->witness_phone, &party);
	if (err)
		return err;
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = channel,
			.lane = lane,
			.kind = OUTBOX_KIND_ALARM,
			.party_id = party.id,
			.due_ms = due_ms,
			.expires_ms = due_ms + WITNESS_EXPIRES_MS,
			.text = buf_text(&text)},
		ret_id);
}

static enum err text_head(struct desk *desk, struct event_day *day)
{
	char date[CLOCK_DATE_BYTES], id[24], digits[EVENT_DIGITS_BYTES];
	const struct phrase_field fields[] = {
		{"date", date}, {"event", id}, {"digits", digits}, {NULL, NULL}};

	clock_format_date(day_begins_ms(day->day), date);
	snprintf(id, sizeof(id), "%lld", (long long)day->head.id);
	event_digits(day->head.hash, digits);
	return text_witness(desk, "audit_head", fields, LANE_URGENT,
		witness_due_ms(desk, day->closed_ms), &day->outbox_id);
}

static enum err note_head(struct desk *desk, const struct event_day *day)
{
	char subject[32], name[AUDIT_DAY_BYTES], data[64];

	audit_day_format(day->day, name);
	snprintf(subject, sizeof(subject), "day/%s", name);
	snprintf(data, sizeof(data), "{\"event\":%lld}", (long long)day->head.id);
	return event_add(desk->store, "audit.head", subject, "system", data);
}

static enum err close_day(struct desk *desk, int64_t number)
{
	struct event_day day = {.day = number, .closed_ms = desk_now(desk)};
	enum err err = event_last(desk->store, &day.head);

	/* An empty log has no end to be told. */
	if (err || !day.head.id)
		return err;
	err = text_head(desk, &day);
	if (!err)
		err = event_day_add(desk->store, &day);
	if (!err)
		err = note_head(desk, &day);
	if (!err)
		log_info("audit", "day_closed event=%lld", (long long)day.head.id);
	return err;
}

enum err audit_tick(struct desk *desk, int64_t *ret_next_ms)
{
	int64_t today = clock_local_day(desk_now(desk));
	struct event_day day;
	enum err err = event_day_load(desk->store, today - 1, &day);

	if (err == ERR_NOT_FOUND)
		err = close_day(desk, today - 1);
	if (!err)
		*ret_next_ms = day_begins_ms(today + 1);
	return err;
}

/* ---- what is found wrong ---------------------------------------------------------------------
 */

enum err audit_found(struct desk *desk, const struct event_finding *finding)
{
	char id[24], data[96];
	const struct phrase_field fields[] = {{"event", id}, {NULL, NULL}};
	int64_t outbox_id;
	enum err err;

	if (finding->fault == EVENT_FAULT_NONE)
		return ERR_OK;
	err = event_fault_add(desk->store, finding);
	if (err)
		return err == ERR_EXISTS ? ERR_OK : err;
	snprintf(id, sizeof(id), "%lld", (long long)finding->event_id);
	snprintf(data, sizeof(data), "{\"fault\":\"%s\",\"event\":%s}",
		event_fault_text(finding->fault), id);
	err = event_add(desk->store, "audit.fault", "", "system", data);
	if (!err)
		err = text_witness(
			desk, "audit_fault", fields, LANE_ALARM, desk_now(desk), &outbox_id);
	if (!err)
		err = desk_it_alarm(desk, "audit_fault", fields);
	log_error("audit", "fault=%s event=%s detail=\"%s\"", event_fault_text(finding->fault), id,
		event_fault_en(finding->fault));
	return err;
}

/* ---- comparing -------------------------------------------------------------------------------
 */

static enum err digits_parse(const char *text, char ret_digits[DIGITS + 1])
{
	size_t count = 0;

	for (; *text; text++) {
		if (strchr(" -.:", *text))
			continue;
		if (!isxdigit((unsigned char)*text) || count == DIGITS)
			return ERR_INVALID;
		ret_digits[count++] = (char)toupper((unsigned char)*text);
	}
	ret_digits[count] = 0;
	return count == DIGITS ? ERR_OK : ERR_INVALID;
}

/* The row itself is looked at: what is noted of a day could be changed along with it. */
enum err audit_compare(
	struct store *store, int64_t day, const char *digits, enum audit_answer *ret_answer)
{
	char kept[DIGITS + 1], grouped[EVENT_DIGITS_BYTES], there[DIGITS + 1];
	struct event_head head;
	struct event_day closed;
	enum err err = digits_parse(digits, kept);

	if (!err)
		err = event_day_load(store, day, &closed);
	if (!err)
		err = event_place(store, closed.head.id, &head);
	if (err == ERR_NOT_FOUND) {
		*ret_answer = AUDIT_UNKNOWN;
		return ERR_OK;
	}
	if (err)
		return err;
	event_digits(head.hash, grouped);
	err = digits_parse(grouped, there);
	if (!err)
		*ret_answer = str_eq(kept, there) ? AUDIT_SAME : AUDIT_OTHER;
	return err;
}
