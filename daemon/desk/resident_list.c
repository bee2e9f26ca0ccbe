/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/resident_list.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/enrolment.h"
#include "daemon/desk/resident_import.h"
#include "store/event.h"
#include "store/recipient.h"

#include <string.h>

enum err desk_residents_place(struct desk *desk, const char *code, const struct desk_actor *actor,
	struct place *ret_place, struct errbuf *eb)
{
	struct place place;
	bool is_his = false;
	enum err err = place_find_open(desk->store, code, &place);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no open place %.31s", code);
	if (!err)
		err = desk_enrolment_is_his(desk, place.id, actor->officer_id, &is_his);
	if (!err && !is_his)
		return errbuf_set(eb, ERR_DENIED, "that place is another area officer's");
	if (!err)
		*ret_place = place;
	return err;
}

/* About a place and an officer, never about whom. */
static enum err note(struct desk *desk, const char *kind, const struct place *place,
	const struct desk_actor *actor, const char *data)
{
	char subject[PLACE_CODE_BYTES + 16];

	snprintf(subject, sizeof(subject), "place/%s", place->code);
	return event_add(desk->store, kind, subject, actor->name, data);
}

/* ---- looking ----------------------------------------------------------------------------------
 */

struct look {
	resident_row_fn fn;
	void *arg;
	int count;
};

static void pass_on(void *arg, const struct resident_row *row)
{
	struct look *look = arg;

	look->count++;
	look->fn(look->arg, row);
}

enum err desk_residents_look(struct desk *desk, const struct place *place, int64_t after_id,
	const struct desk_actor *actor, resident_row_fn fn, void *arg)
{
	struct look look = {.fn = fn, .arg = arg};
	char data[48];
	enum err err = resident_list(
		desk->store, place->id, after_id, RESIDENT_PAGE_MAX, pass_on, &look);

	snprintf(data, sizeof(data), "{\"seen\":%d}", look.count);
	return err ? err : note(desk, "residents.seen", place, actor, data);
}

/* ---- changing ---------------------------------------------------------------------------------
 */

static enum err load(struct desk *desk, const struct resident_at *at, struct resident_row *ret_row,
	struct buf *phone, struct errbuf *eb)
{
	enum err err = resident_row_load(desk->store, at->place->id, at->id, ret_row);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(
			eb, err, "he is not on the list of %s (any more)", at->place->code);
	return err ? err : recipient_phone(desk->store, at->id, phone);
}

static enum err check_edit(
	const struct resident_edit *edit, char ret_role[RESIDENT_ROLE_BYTES], struct errbuf *eb)
{
	if (!edit->name && !edit->role && !edit->household)
		return errbuf_set(eb, ERR_INVALID, "say what is to change: name, role, household");
	return resident_check(edit->role, edit->household, ret_role, eb);
}

enum err desk_resident_edit(struct desk *desk, const struct resident_at *at,
	const struct resident_edit *edit, const struct desk_actor *actor, struct errbuf *eb)
{
	char role[RESIDENT_ROLE_BYTES] = "", data[80];
	enum desk_resident_change change;
	struct resident_row row = {0};
	struct buf phone;
	enum err err = check_edit(edit, role, eb);

	buf_init(&phone, 64);
	if (!err)
		err = load(desk, at, &row, &phone, eb);
	if (!err)
		err = desk_resident_put(desk,
			&(struct desk_resident_row){.phone = buf_text(&phone),
				.name = edit->name ? edit->name : row.name,
				.place = at->place->code,
				.role = edit->role ? role : row.role,
				.household = edit->household},
			&change, eb);
	buf_wipe(&phone);
	explicit_bzero(&row, sizeof(row));
	snprintf(data, sizeof(data), "{\"name\":%s,\"role\":%s,\"household\":%s}",
		edit->name ? "true" : "false", edit->role ? "true" : "false",
		edit->household ? "true" : "false");
	return err ? err : note(desk, "resident.changed", at->place, actor, data);
}

static bool is_why(const char *why)
{
	static const char *const words[] = {"asked", "moved", "died", "mistake"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(words[i], why))
			return true;
	}
	return false;
}

enum err desk_resident_leave(struct desk *desk, const struct resident_at *at, const char *why,
	const struct desk_actor *actor, bool *ret_is_forgotten, struct errbuf *eb)
{
	struct resident_row row = {0};
	struct buf phone;
	char data[48];
	int64_t id;
	enum err err;

	if (!is_why(why))
		return errbuf_set(eb, ERR_INVALID, "why is asked, moved, died or mistake");
	buf_init(&phone, 64);
	err = load(desk, at, &row, &phone, eb);
	explicit_bzero(&row, sizeof(row));
	if (!err)
		err = resident_leave(desk->store, buf_text(&phone), at->place->id);
	snprintf(data, sizeof(data), "{\"why\":\"%s\"}", why);
	if (!err)
		err = note(desk, "resident.left", at->place, actor, data);
	if (!err) {
		err = resident_find(desk->store, buf_text(&phone), &id);
		*ret_is_forgotten = err == ERR_NOT_FOUND;
	}
	buf_wipe(&phone);
	return err == ERR_NOT_FOUND && *ret_is_forgotten ? ERR_OK : err;
}

/* ---- his number -------------------------------------------------------------------------------
 */

static enum err check_reason(const char *reason, struct buf *out, struct errbuf *eb)
{
	enum err err = sms_text_normalize(reason, out);

	if (err || desk_letters(buf_text(out)) < RESIDENT_REASON_MIN ||
		out->len > RESIDENT_REASON_MAX)
		return errbuf_set(eb, ERR_INVALID,
			"say in %d letters to %d bytes why his number is needed; it is written "
			"down",
			RESIDENT_REASON_MIN, RESIDENT_REASON_MAX);
	return ERR_OK;
}

static enum err show(struct desk *desk, const struct resident_at *at, const char *reason,
	const struct desk_actor *actor, char ret_phone[MSISDN_BYTES], struct errbuf *eb)
{
	struct resident_row row = {0};
	int64_t count = 0;
	struct buf phone;
	enum err err = resident_shown_count(
		desk->store, actor->name, desk_now(desk) - DAY_MS, &count);

	if (!err && count >= RESIDENT_SHOWN_A_DAY)
		return errbuf_set(eb, ERR_RATE,
			"you have had %d numbers shown within a day; that is enough",
			RESIDENT_SHOWN_A_DAY);
	if (err)
		return err;
	buf_init(&phone, 64);
	err = load(desk, at, &row, &phone, eb);
	explicit_bzero(&row, sizeof(row));
	if (!err)
		err = resident_shown_add(desk->store, at->id, at->place->id, actor->name, reason);
	if (!err)
		err = note(desk, "resident.phone_shown", at->place, actor, "{}");
	if (!err)
		err = str_copy(ret_phone, MSISDN_BYTES, buf_text(&phone));
	buf_wipe(&phone);
	return err;
}

enum err desk_resident_phone(struct desk *desk, const struct resident_at *at, const char *reason,
	const struct desk_actor *actor, char ret_phone[MSISDN_BYTES], struct errbuf *eb)
{
	struct buf clean;
	enum err err;

	buf_init(&clean, 4 * RESIDENT_REASON_MAX);
	err = check_reason(reason, &clean, eb);
	if (!err)
		err = show(desk, at, buf_text(&clean), actor, ret_phone, eb);
	buf_wipe(&clean);
	return err;
}
