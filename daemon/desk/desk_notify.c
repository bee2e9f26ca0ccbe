/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The duty side learns of a report: by Zalo in the duty group, and by SMS on the duty phones if the
 * group could not be told within DESK_STANDBY_MS or Zalo is known to be down (then dispatch
 * releases the standby at once). Without a group the phones are texted straight away. The SMS never
 * carries the report's words; the group gets them only if configured. A report that tells of a
 * danger rings them at once, until somebody answers (alarm.h).
 */
#include "daemon/desk/alarm_private.h"
#include "daemon/desk/secrecy_screen.h"

#include <stdlib.h>

/* The relay's frame around the words: "Tin báo số 99999/2026 (nhận qua ... lúc ...)": some 100
 * characters. */
#define RELAY_PIECE_MAX (DESK_ZALO_TEXT_MAX - 150)

static bool is_code_point_start(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

size_t desk_code_points(const char *utf8)
{
	size_t count = 0;

	for (; *utf8; utf8++)
		count += is_code_point_start(*utf8);
	return count;
}

/* Bytes of the first `max` code points. */
static size_t piece_bytes(const char *utf8, size_t max)
{
	size_t count = 0, i = 0;

	for (; utf8[i]; i++) {
		if (is_code_point_start(utf8[i]) && count++ == max)
			break;
	}
	return i;
}

/* What every phrase about a report may name. Borrowed by `fields`, so it lives as long as they. */
struct report_words {
	char number[REPORT_NUMBER_BYTES], year[8], time[CLOCK_MOMENT_BYTES];
	struct buf source, category, hamlet, urgency, incomplete;
	struct phrase_field fields[10];
};

static void words_done(struct report_words *w)
{
	buf_done(&w->source);
	buf_done(&w->category);
	buf_done(&w->hamlet);
	buf_done(&w->urgency);
	buf_done(&w->incomplete);
}

/* A code of the database in words: the phrase "<group>_<code>", or the code itself for a value that
 * has none (a hamlet). */
static enum err name_of(const char *group, const char *code, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	char key[64];
	enum err err;

	snprintf(key, sizeof(key), "%s_%s", group, code[0] ? code : "unknown");
	err = phrase(key, PHRASE_FULL, none, out);
	return err == ERR_NOT_FOUND ? buf_adds(out, code) : err;
}

static enum err words_init(struct report_words *w, const struct report *report)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	enum err err;

	*w = (struct report_words){0};
	buf_init(&w->source, 128);
	buf_init(&w->category, 128);
	buf_init(&w->hamlet, 128);
	buf_init(&w->urgency, 128);
	buf_init(&w->incomplete, 128);
	report_number_text(report, w->number);
	snprintf(w->year, sizeof(w->year), "%d", report->year);
	clock_format_moment(report->received_ms, w->time);
	err = name_of("source", report->source, &w->source);
	if (!err)
		err = name_of("category", report->category, &w->category);
	if (!err)
		err = name_of("hamlet", report->hamlet, &w->hamlet);
	if (!err)
		err = name_of("urgency", report->urgency, &w->urgency);
	if (!err && report->is_incomplete)
		err = phrase("incomplete_mark", PHRASE_FULL, none, &w->incomplete);
	if (err)
		return err;
	w->fields[0] = (struct phrase_field){"number", w->number};
	w->fields[1] = (struct phrase_field){"year", w->year};
	w->fields[2] = (struct phrase_field){"time", w->time};
	w->fields[3] = (struct phrase_field){"source", buf_text(&w->source)};
	w->fields[4] = (struct phrase_field){"category", buf_text(&w->category)};
	w->fields[5] = (struct phrase_field){"hamlet", buf_text(&w->hamlet)};
	w->fields[6] = (struct phrase_field){"urgency", buf_text(&w->urgency)};
	w->fields[7] = (struct phrase_field){"incomplete", buf_text(&w->incomplete)};
	w->fields[8] = (struct phrase_field){"text", ""};
	return ERR_OK;
}

enum err desk_relay(struct desk *desk, int64_t report_id, const char *text, int64_t *ret_id)
{
	struct party group;
	enum err err = party_get(desk->store, PARTY_ZALO_GROUP, desk->duty_group, &group);

	if (err)
		return err;
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = CHANNEL_ZALO_GROUP,
			.lane = LANE_ALARM,
			.kind = OUTBOX_KIND_RELAY,
			.party_id = group.id,
			.report_id = report_id,
			.due_ms = desk_now(desk),
			.expires_ms = desk_now(desk) + DESK_RELAY_EXPIRES_MS,
			.text = text},
		ret_id);
}

/* One row a piece, in order; what does not fit one message goes on in the next. */
static enum err relay_text(struct desk *desk, const struct report *report,
	struct report_words *words, const char *key, const char *text, int64_t *ret_first)
{
	CLEAN_BUF piece = {0};
	CLEAN_BUF whole = {0};
	enum err err = ERR_OK;

	buf_init(&piece, OUTBOX_BODY_MAX);
	buf_init(&whole, OUTBOX_BODY_MAX);
	do {
		size_t bytes = piece_bytes(text, RELAY_PIECE_MAX);
		int64_t id;

		buf_reset(&piece);
		buf_reset(&whole);
		err = buf_add(&piece, text, bytes);
		words->fields[8].value = buf_text(&piece);
		if (!err)
			err = phrase(key, PHRASE_FULL, words->fields, &whole);
		if (!err)
			err = desk_relay(desk, report->id, buf_text(&whole), &id);
		if (!err && !*ret_first)
			*ret_first = id;
		text += bytes;
	} while (!err && *text);
	buf_wipe(&piece);
	buf_wipe(&whole);
	return err;
}

static enum err relay_notice(struct desk *desk, const struct report *report,
	const struct report_words *words, const char *key, int64_t *ret_id)
{
	CLEAN_BUF whole = {0};
	enum err err;

	buf_init(&whole, OUTBOX_BODY_MAX);
	err = phrase(key, PHRASE_FULL, words->fields, &whole);
	if (!err)
		err = desk_relay(desk, report->id, buf_text(&whole), ret_id);
	return err;
}

static enum err alarm_party(struct desk *desk, int64_t report_id, enum channel_kind channel,
	int64_t party_id, const char *text, int64_t standby_for)
{
	int64_t id;

	return outbox_add(desk->store,
		&(struct outbox_new){.channel = channel,
			.lane = LANE_ALARM,
			.kind = OUTBOX_KIND_ALARM,
			.party_id = party_id,
			.report_id = report_id,
			.standby_for = standby_for,
			.due_ms = desk_now(desk) + (standby_for ? DESK_STANDBY_MS : 0),
			.expires_ms = desk_now(desk) + desk_expires_ms(LANE_ALARM),
			.text = text},
		&id);
}

static enum err alarm_phone(
	struct desk *desk, enum channel_kind channel, const char *phone, const char *text)
{
	struct party party;
	enum err err = party_get(desk->store, PARTY_PHONE, phone, &party);

	return err ? err : alarm_party(desk, 0, channel, party.id, text, 0);
}

/* Those who would be rung first now. */
static enum err alarm_phones(struct desk *desk, int64_t report_id, const char *phrase_key,
	const struct phrase_field *fields, int64_t standby_for)
{
	CLEANUP(cleanup_free) void *memory = NULL;
	bool chosen[CREW_MAX] = {false};
	enum channel_kind channel;
	struct crew *crew = NULL;
	CLEAN_BUF text = {0};
	enum err err;

	if (!desk_phone_channel(desk, &channel))
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = phrase(phrase_key, PHRASE_SMS, fields, &text);
	if (!err)
		err = crew_load(desk, &crew);
	memory = crew;
	if (!err)
		(void)crew_choose(crew, 0, NULL, chosen);
	for (int i = 0; !err && i < crew->count; i++) {
		if (chosen[i])
			err = alarm_party(desk, report_id, channel, crew->members[i].party_id,
				buf_text(&text), standby_for);
	}
	return err;
}

enum err desk_alarm(struct desk *desk, const char *phrase_key, const struct phrase_field *fields)
{
	CLEAN_BUF text = {0};
	int64_t relay_id = 0;
	enum err err = ERR_OK;

	buf_init(&text, OUTBOX_BODY_MAX);
	if (desk->has_zalo && desk->duty_group[0]) {
		err = phrase(phrase_key, PHRASE_FULL, fields, &text);
		if (!err)
			err = desk_relay(desk, 0, buf_text(&text), &relay_id);
	}
	return err ? err : alarm_phones(desk, 0, phrase_key, fields, relay_id);
}

enum err desk_it_alarm(struct desk *desk, const char *phrase_key, const struct phrase_field *fields)
{
	enum channel_kind channel;
	CLEAN_BUF text = {0};
	enum err err;

	if (!desk->it_phone[0])
		return alarm_phones(desk, 0, phrase_key, fields, 0);
	if (!desk_phone_channel(desk, &channel))
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = phrase(phrase_key, PHRASE_SMS, fields, &text);
	return err ? err : alarm_phone(desk, channel, desk->it_phone, buf_text(&text));
}

#define HOLDERS_MAX 64

struct holders {
	int64_t ids[HOLDERS_MAX];
	int count;
};

static void keep_holder(void *arg, int64_t holder_id)
{
	struct holders *holders = arg;

	if (holder_id > 0 && holders->count < HOLDERS_MAX)
		holders->ids[holders->count++] = holder_id;
}

static enum err tell_holder(struct desk *desk, const struct report *report, int64_t officer_id,
	enum channel_kind channel, const char *text)
{
	CLEAN_BUF phone = {0};
	struct party party;
	enum err err;

	buf_init(&phone, OFFICER_PHONE_MAX);
	err = officer_phone(desk->store, officer_id, &phone);
	if (!err)
		err = party_get(desk->store, PARTY_PHONE, buf_text(&phone), &party);
	if (!err)
		err = alarm_party(desk, report->id, channel, party.id, text, 0);
	buf_wipe(&phone);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* A report about an officer is told to nobody but those who can read it, and on their own phones:
 * in the duty group, and by a duty phone that lies about, he would learn of it. */
static enum err tell_holders(
	struct desk *desk, const struct report *report, const struct report_words *words)
{
	struct holders holders = {.count = 0};
	enum channel_kind channel;
	CLEAN_BUF text = {0};
	enum err err;

	if (!desk_phone_channel(desk, &channel))
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = phrase(desk_is_danger(report) ? "confined_danger" : "confined_news", PHRASE_SMS,
		words->fields, &text);
	if (!err)
		err = report_key_holders(desk->store, report->id, keep_holder, &holders);
	for (int i = 0; !err && i < holders.count; i++)
		err = tell_holder(desk, report, holders.ids[i], channel, buf_text(&text));
	return err;
}

static enum err tell_group(struct desk *desk, const struct report *report,
	struct report_words *words, const char *text, bool is_amendment, int64_t *ret_relay_id)
{
	if (!desk->has_zalo || !desk->duty_group[0])
		return ERR_OK;
	if (desk->relay_text && !secrecy_find(text))
		return relay_text(desk, report, words,
			is_amendment ? "relay_amend_text" : "relay_text", text, ret_relay_id);
	return relay_notice(desk, report, words,
		is_amendment ? "relay_amend_notice" : "relay_notice", ret_relay_id);
}

enum err desk_notify(
	struct desk *desk, const struct report *report, const char *text, bool is_amendment)
{
	CLEANUP(words_done) struct report_words words;
	int64_t relay_id = 0;
	enum err err = words_init(&words, report);

	if (!err && report->is_confined)
		return tell_holders(desk, report, &words);
	if (!err)
		err = tell_group(desk, report, &words, text, is_amendment, &relay_id);
	/* More words of a known report need no second alarm by SMS; a danger waits for no relay. */
	if (!err && !is_amendment && desk_is_danger(report))
		err = alarm_begin(desk, report);
	else if (!err && !is_amendment)
		err = alarm_phones(desk, report->id, "duty_alarm", words.fields, relay_id);
	return err;
}

enum err desk_notify_more(
	struct desk *desk, const struct report *report, const char *text, bool is_danger)
{
	CLEANUP(words_done) struct report_words words;
	int64_t relay_id = 0;
	enum err err = words_init(&words, report);

	if (!err && report->is_confined)
		return tell_holders(desk, report, &words);
	if (!err)
		err = tell_group(desk, report, &words, text, true, &relay_id);
	if (err)
		return err;
	if (is_danger)
		return alarm_begin(desk, report);
	return alarm_phones(desk, report->id, "duty_alarm_more", words.fields, relay_id);
}

enum err desk_notify_confined(struct desk *desk, const struct report *report)
{
	CLEANUP(words_done) struct report_words words;
	enum err err = words_init(&words, report);

	return err ? err : tell_holders(desk, report, &words);
}
