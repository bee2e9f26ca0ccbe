/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/stay.h"

#include "config/law.h"
#include "daemon/base/date.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/stay_private.h"
#include "store/event.h"

#include <jansson.h>
#include <string.h>

#define SENT_BACK_MS (3 * DAY_MS) /* a message may have been under way so long */

/* ---- answers ---------------------------------------------------------------------------------
 */

/* A lodging house has many guests on one evening. */
static enum err reply(struct desk *desk, const struct desk_stay *in, const char *phrase_key,
	const struct phrase_field *fields)
{
	if (in->said)
		return desk_phrase(&desk_way_shown, phrase_key, fields, in->said);
	return desk_reply_about(desk, in->party_id, phrase_key, fields, "stay", DESK_STAY_SAID_MAX);
}

static enum err tell_plain(struct desk *desk, const struct desk_stay *in, const char *key)
{
	return reply(desk, in, key, (const struct phrase_field[]){{NULL, NULL}});
}

static enum err tell_number(
	struct desk *desk, const struct desk_stay *in, const char *key, int64_t id)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)id);
	return reply(
		desk, in, key, (const struct phrase_field[]){{"number", number}, {NULL, NULL}});
}

/* By name, with marks: the reply takes them off where they have to be. */
static enum err tell_missing(struct desk *desk, const struct desk_stay *in, unsigned faults)
{
	static const struct {
		unsigned fault;
		const char *key;
	} table[] = {{STAY_NO_NAME, "stay_lacks_name"}, {STAY_OLD_ID, "stay_lacks_new_id"},
		{STAY_BAD_ID, "stay_lacks_right_id"}, {STAY_NO_ID, "stay_lacks_id"},
		{STAY_NO_REASON, "stay_lacks_reason"}, {STAY_BAD_DATES, "stay_lacks_right_dates"},
		{STAY_NO_DATES, "stay_lacks_dates"}, {STAY_NO_ADDRESS, "stay_lacks_address"}};
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF what = {0};
	enum err err = ERR_OK;

	/* Which of the numbers is wrong says that one is missing. */
	if (faults & (STAY_OLD_ID | STAY_BAD_ID))
		faults &= ~(unsigned)(STAY_NO_ID | STAY_NO_NAME);
	if (faults & STAY_BAD_DATES)
		faults &= ~(unsigned)STAY_NO_DATES;
	buf_init(&what, 512);
	for (size_t i = 0; !err && i < ARRAY_LEN(table); i++) {
		if (!(faults & table[i].fault))
			continue;
		err = what.len ? buf_adds(&what, ", ") : ERR_OK;
		if (!err)
			err = phrase(table[i].key, PHRASE_FULL, none, &what);
	}
	return err ? err
		   : reply(desk, in, "stay_missing",
			     (const struct phrase_field[]){
				     {"what", buf_text(&what)}, {NULL, NULL}});
}

static void short_date(int64_t day, char text[16])
{
	struct date date = date_of_day(day);

	snprintf(text, 16, "%d/%d", date.day, date.month);
}

static enum err tell_received(
	struct desk *desk, const struct desk_stay *in, const struct stay *stay)
{
	static const char *const keys[] = {[STAY_IN_TIME] = "stay_received",
		[STAY_NIGHT] = "stay_received_night",
		[STAY_LATE] = "stay_received_late"};
	char number[24], count[16], from[16], to[16];

	snprintf(number, sizeof(number), "%lld", (long long)stay->id);
	snprintf(count, sizeof(count), "%d", stay->guests);
	short_date(stay->from_day, from);
	short_date(stay->to_day, to);
	return reply(desk, in, keys[stay->timing],
		(const struct phrase_field[]){{"number", number}, {"count", count}, {"from", from},
			{"to", to}, {NULL, NULL}});
}

/* ---- in time ---------------------------------------------------------------------------------
 */

static const struct regime_clock *record_clock(struct desk *desk, int64_t day)
{
	const struct regime *regime = desk->law ? law_regime(desk->law, LEGAL_CLASS_RESIDENCE, day)
						: NULL;

	for (int i = 0; regime && i < regime->clock_count; i++) {
		if (str_eq(regime->clocks[i].code, "record"))
			return &regime->clocks[i];
	}
	return NULL;
}

/* The term ends on the evening of the day; for who arrives after that, in the next morning. */
static enum stay_timing timing_of(struct desk *desk, int64_t from_day, int64_t sent_ms)
{
	const struct regime_clock *clock = record_clock(desk, from_day);
	int64_t evening_ms, morning_ms;

	if (!clock)
		return STAY_IN_TIME;
	evening_ms = term_end_ms(
		desk->law->calendar, &clock->limit, from_day * DAY_MS - VIETNAM_OFFSET_MS);
	morning_ms = term_end_ms(desk->law->calendar, &clock->limit, evening_ms + 1);
	return sent_ms <= evening_ms   ? STAY_IN_TIME
	       : sent_ms <= morning_ms ? STAY_NIGHT
				       : STAY_LATE;
}

static int64_t sent_at(struct desk *desk, const struct desk_stay *in)
{
	int64_t now_ms = desk_now(desk);

	return in->sent_ms > now_ms - SENT_BACK_MS && in->sent_ms <= now_ms ? in->sent_ms : now_ms;
}

/* ---- a notice --------------------------------------------------------------------------------
 */

static enum err dump(json_t *object, struct buf *out)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	enum err err = text ? buf_adds(out, text) : ERR_NOMEM;

	json_decref(object);
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	return err;
}

static enum err words_json(const struct stay_words *words, struct buf *out)
{
	json_t *guests = json_array();

	for (int i = 0; i < words->guest_count; i++)
		json_array_append_new(guests, json_pack("{s:s, s:s}", "name", words->guests[i].name,
						      "id", words->guests[i].id));
	return dump(json_pack("{s:o, s:s, s:s}", "guests", guests, "reason", words->reason,
			    "address", words->address),
		out);
}

static enum err whole(
	struct desk *desk, const struct desk_stay *in, int64_t id, const struct stay_words *words)
{
	struct stay stay = {.id = id,
		.state = STAY_RECEIVED,
		.party_id = in->party_id,
		.guests = words->guest_count,
		.from_day = words->from_day,
		.to_day = words->to_day,
		.timing = timing_of(desk, words->from_day, sent_at(desk, in))};
	CLEAN_BUF json = {0};
	enum err err;

	buf_init(&json, 32 * 1024);
	err = words_json(words, &json);
	if (!err)
		err = stay_hand_in(desk, &stay, buf_text(&json));
	buf_wipe(&json);
	return err ? err : tell_received(desk, in, &stay);
}

/* As it was written, for a clerk to look at. */
static enum err unclear(struct desk *desk, int64_t id, int64_t party_id, const char *text)
{
	struct stay stay = {.id = id, .state = STAY_UNCLEAR, .party_id = party_id};
	CLEAN_BUF json = {0};
	enum err err;

	buf_init(&json, 32 * 1024);
	err = dump(json_pack("{s:s}", "text", text), &json);
	if (!err)
		err = stay_hand_in(desk, &stay, buf_text(&json));
	buf_wipe(&json);
	return err;
}

static enum err read_text(
	struct desk *desk, const struct desk_stay *in, int64_t id, struct buf *text)
{
	int64_t today = clock_local_day(sent_at(desk, in));
	struct stay_words words;
	enum err err = stay_words_read(buf_text(text), today, &words);

	if (!err)
		err = stay_draft_put(desk->store, id, in->party_id, buf_text(text),
			desk_now(desk) + DESK_STAY_DRAFT_MS, &id);
	if (!err && words.faults & STAY_FOREIGN) {
		err = unclear(desk, id, in->party_id, buf_text(text));
		if (!err)
			err = tell_plain(desk, in, "stay_foreign");
	} else if (!err && !words.faults) {
		err = whole(desk, in, id, &words);
	} else if (!err) {
		err = stay_words_forget(text->data, today, words.faults);
		if (!err)
			err = stay_draft_put(desk->store, id, in->party_id, buf_text(text),
				desk_now(desk) + DESK_STAY_DRAFT_MS, &id);
		if (!err)
			err = words.faults & STAY_TOO_LONG   ? tell_plain(desk, in, "stay_too_long")
			      : words.faults & STAY_TOO_MANY ? tell_plain(desk, in, "stay_too_many")
							     : tell_missing(desk, in, words.faults);
	}
	explicit_bzero(&words, sizeof(words));
	return err;
}

/* What he has begun, or nothing. What would be too long together with more begins anew: the old
 * words are the clerks'. */
static enum err draft_of(
	struct desk *desk, const struct desk_stay *in, int64_t *ret_id, struct buf *text)
{
	int64_t id = 0;
	enum err err = stay_draft_find(desk->store, in->party_id, &id);

	if (!err)
		err = stay_draft_text(desk->store, id, text);
	if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	if (!err && id && text->len + strlen(in->words) + 2 > STAY_TEXT_MAX) {
		err = unclear(desk, id, in->party_id, buf_text(text));
		buf_reset(text);
		id = 0;
	}
	if (!err && !id)
		err = stay_draft_put(
			desk->store, 0, in->party_id, "", desk_now(desk) + DESK_STAY_DRAFT_MS, &id);
	if (!err)
		*ret_id = id;
	return err;
}

static enum err add_words(struct desk *desk, const struct desk_stay *in)
{
	CLEAN_BUF fresh = {0};
	CLEAN_BUF text = {0};
	int64_t id = 0;
	enum err err;

	buf_init(&fresh, STAY_TEXT_MAX);
	buf_init(&text, 2 * STAY_TEXT_MAX);
	err = buf_add(&fresh, in->words, strnlen(in->words, STAY_TEXT_MAX - 1));
	if (!err)
		err = draft_of(desk, in, &id, &text);
	if (!err)
		err = stay_hide(desk, id, fresh.data, clock_local_day(sent_at(desk, in)));
	if (!err && text.len)
		err = buf_adds(&text, "\n");
	if (!err)
		err = buf_adds(&text, buf_text(&fresh));
	if (!err)
		err = read_text(desk, in, id, &text);
	buf_wipe(&fresh);
	buf_wipe(&text);
	return err;
}

/* ---- keywords --------------------------------------------------------------------------------
 */

static enum err drop(struct desk *desk, const struct desk_stay *in)
{
	int64_t id = 0;
	enum err err = stay_draft_find(desk->store, in->party_id, &id);

	if (!err)
		err = stay_draft_drop(desk->store, id);
	if (err && err != ERR_NOT_FOUND)
		return err;
	return tell_plain(desk, in, "stay_dropped");
}

static enum err say_state(struct desk *desk, const struct desk_stay *in, int64_t id)
{
	static const char *const keys[] = {[STAY_UNCLEAR] = "stay_is_unclear",
		[STAY_RECEIVED] = "stay_is_received",
		[STAY_ENTERED] = "stay_is_entered",
		[STAY_RECORDED] = "stay_is_recorded",
		[STAY_DECLINED] = "stay_is_declined"};
	struct stay stay = {.party_id = 0};
	enum err err = stay_load(desk->store, id, &stay);

	if (err && err != ERR_NOT_FOUND)
		return err;
	/* That somebody else has one of that number is nobody's business. */
	return tell_number(desk, in,
		err || stay.party_id != in->party_id || !keys[stay.state] ? "stay_unknown"
									  : keys[stay.state],
		id);
}

/* "12", alone. */
static bool is_number(const char *text, int64_t *ret_number)
{
	char word[16];
	size_t len = strcspn(text, " \t\r\n.");

	if (!len || len >= sizeof(word) || text[len + strspn(text + len, " \t\r\n.")])
		return false;
	memcpy(word, text, len);
	word[len] = 0;
	return len <= 7 && str_to_int64(word, 1, INT32_MAX, ret_number) == ERR_OK;
}

static bool is_drop(const char *text)
{
	static const char *const words[] = {"HUY", "Huy", "huy", "HỦY", "Hủy", "hủy", "HUỶ", "huỷ"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i]);

		if (strncmp(text, words[i], len) == 0 &&
			!text[len + strspn(text + len, " \t\r\n.!")])
			return true;
	}
	return false;
}

enum err desk_stay_take(struct desk *desk, const struct desk_stay *in)
{
	struct desk_stay stay = *in;
	int64_t number = 0;

	stay.words += strspn(stay.words, " \t\r\n.,:;-");
	if (!stay.words[0])
		return tell_plain(desk, in, "stay_how");
	if (is_drop(stay.words))
		return drop(desk, in);
	if (is_number(stay.words, &number))
		return say_state(desk, in, number);
	return add_words(desk, &stay);
}

/* ---- what nobody went on with ----------------------------------------------------------------
 */

enum err desk_stay_give_up(struct desk *desk, const struct stay *draft)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, 2 * STAY_TEXT_MAX);
	err = stay_draft_text(desk->store, draft->id, &text);
	/* Only a number, of a conversation in the menu: it says nothing by itself. */
	if (!err && !text.len)
		err = stay_draft_drop(desk->store, draft->id);
	else if (!err)
		err = unclear(desk, draft->id, draft->party_id, buf_text(&text));
	buf_wipe(&text);
	return err;
}
