/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What alarms say. The SMS on an officer's own phone names reports by their numbers; category and
 * hamlet only where the configuration wants it, and never a word of a resident. */
#include "daemon/desk/alarm_private.h"

#include <string.h>

#define NAMED_MAX 6 /* reports; of more the first and how many there are */

struct words {
	char alarm[8], number[16], year[8], time[CLOCK_MOMENT_BYTES], count[24];
	struct buf numbers, detail;
	struct phrase_field fields[9];
};

static void words_done(struct words *w)
{
	buf_done(&w->numbers);
	buf_done(&w->detail);
}

static enum err name_unaccented(const char *group, const char *code, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF name = {0};
	char key[64];
	enum err err;

	buf_init(&name, 256);
	snprintf(key, sizeof(key), "%s_%s", group, code[0] ? code : "unknown");
	err = phrase(key, PHRASE_FULL, none, &name);
	if (err == ERR_NOT_FOUND)
		err = buf_adds(&name, code);
	return err ? err : sms_text_unaccent(buf_text(&name), out);
}

/* " Loai: chay, no. Dia ban: thon-3." */
static enum err add_detail(struct desk *desk, const struct report *report, struct buf *out)
{
	enum err err;

	if (!desk->alarm_has_category)
		return ERR_OK;
	err = buf_adds(out, " Loai: ");
	if (!err)
		err = name_unaccented("category", report->category, out);
	if (!err)
		err = buf_adds(out, ". Dia ban: ");
	if (!err)
		err = name_unaccented("hamlet", report->hamlet, out);
	return err ? err : buf_adds(out, ".");
}

static enum err add_numbers(
	const struct alarm_report *reports, int count, int64_t total, struct buf *out)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < count; i++)
		err = buf_addf(out, "%s%d/%d", i ? ", " : "", reports[i].number, reports[i].year);
	if (!err && total > count)
		err = buf_addf(out, ", ...");
	return err;
}

static enum err words_init(struct desk *desk, const struct alarm *alarm, struct words *w)
{
	struct alarm_report reports[NAMED_MAX];
	struct report report;
	int64_t total = 0;
	int count = 0;
	enum err err;

	*w = (struct words){0};
	buf_init(&w->numbers, 512);
	buf_init(&w->detail, 512);
	err = alarm_reports(desk->store, alarm->id, reports, NAMED_MAX, &count, &total);
	if (!err && !count)
		err = ERR_NOT_FOUND;
	if (!err)
		err = report_load(desk->store, reports[0].report_id, &report);
	if (!err)
		err = add_numbers(reports, count, total, &w->numbers);
	if (!err && total == 1)
		err = add_detail(desk, &report, &w->detail);
	if (err)
		return err;
	snprintf(w->alarm, sizeof(w->alarm), "%d", alarm->number);
	snprintf(w->number, sizeof(w->number), "%d", report.number);
	snprintf(w->year, sizeof(w->year), "%d", report.year);
	snprintf(w->count, sizeof(w->count), "%lld", (long long)total);
	clock_format_moment(report.received_ms, w->time);
	w->fields[0] = (struct phrase_field){"alarm", w->alarm};
	w->fields[1] = (struct phrase_field){"number", w->number};
	w->fields[2] = (struct phrase_field){"year", w->year};
	w->fields[3] = (struct phrase_field){"time", w->time};
	w->fields[4] = (struct phrase_field){"count", w->count};
	w->fields[5] = (struct phrase_field){"numbers", buf_text(&w->numbers)};
	w->fields[6] = (struct phrase_field){"detail", w->detail.len ? buf_text(&w->detail) : ""};
	return ERR_OK;
}

enum err alarm_words(struct desk *desk, const struct alarm *alarm, int step, struct buf *out)
{
	CLEANUP(words_done) struct words words = {0};
	enum err err = words_init(desk, alarm, &words);

	if (err)
		return err;
	return phrase(step			 ? "duty_alarm_again"
		      : str_eq(words.count, "1") ? "duty_alarm_danger"
						 : "duty_alarm_many",
		PHRASE_SMS, words.fields, out);
}

enum err alarm_tell_group(struct desk *desk, const struct alarm *alarm, const char *phrase_key,
	const char *who, int64_t minutes)
{
	CLEANUP(words_done) struct words words = {0};
	CLEAN_BUF text = {0};
	char after[24];
	int64_t id;
	enum err err;

	if (!desk->has_zalo || !desk->duty_group[0])
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = words_init(desk, alarm, &words);
	snprintf(after, sizeof(after), "%lld", (long long)minutes);
	words.fields[6] = (struct phrase_field){"minutes", after};
	words.fields[7] = (struct phrase_field){"who", who};
	if (!err)
		err = phrase(phrase_key, PHRASE_FULL, words.fields, &text);
	return err ? err : desk_relay(desk, 0, buf_text(&text), &id);
}

/* The name of the officer with that login; false when there is none. */
static enum err officer_named(struct desk *desk, const char *login, struct buf *out)
{
	struct officer officer;
	enum err err = officer_find(desk->store, login, &officer);

	return err ? err : buf_adds(out, officer.name);
}

enum err alarm_who(struct desk *desk, const char *taken_by, enum phrase_form form, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF name = {0};
	enum err err = ERR_NOT_FOUND;

	buf_init(&name, OFFICER_NAME_BYTES + 64);
	if (str_starts(taken_by, "officer:"))
		err = officer_named(desk, taken_by + strlen("officer:"), &name);
	if (err == ERR_NOT_FOUND)
		err = phrase(str_eq(taken_by, "phone")	 ? "who_phone"
			     : str_eq(taken_by, "group") ? "who_group"
							 : "who_office",
			PHRASE_FULL, none, &name);
	if (err)
		return err;
	return form == PHRASE_SMS ? sms_text_unaccent(buf_text(&name), out)
				  : buf_adds(out, buf_text(&name));
}

enum err alarm_text(struct desk *desk, int number, int64_t party_id, const char *phrase_key,
	const char *who, enum lane lane)
{
	char alarm[8];
	const struct phrase_field fields[] = {{"alarm", alarm}, {"who", who}, {NULL, NULL}};
	enum channel_kind channel;
	CLEAN_BUF text = {0};
	int64_t id;
	enum err err;

	if (!desk_phone_channel(desk, &channel))
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	snprintf(alarm, sizeof(alarm), "%d", number);
	err = phrase(phrase_key, PHRASE_SMS, fields, &text);
	return err ? err
		   : outbox_add(desk->store,
			     &(struct outbox_new){.channel = channel,
				     .lane = lane,
				     .kind = OUTBOX_KIND_ALARM,
				     .party_id = party_id,
				     .due_ms = desk_now(desk),
				     .expires_ms = desk_now(desk) + desk_expires_ms(LANE_ALARM),
				     .text = buf_text(&text)},
			     &id);
}
