/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/place.h"

#include "daemon/desk/desk_private.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/group_person.h"

#include <string.h>

#define CODE_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define ROLE_LETTERS "abcdefghijklmnopqrstuvwxyz_"

static bool is_code(const char *code)
{
	size_t len = strlen(code);

	return len && len < PLACE_CODE_BYTES && strspn(code, CODE_LETTERS) == len;
}

enum err desk_clean_name(const char *name, char *ret_name, size_t bytes)
{
	struct buf clean;
	enum err err;

	buf_init(&clean, bytes - 1);
	err = sms_text_normalize(name, &clean);
	if (!err && (strchr(buf_text(&clean), '\n') ||
			    !buf_text(&clean)[strspn(buf_text(&clean), " ")]))
		err = ERR_INVALID;
	if (!err)
		err = str_copy(ret_name, bytes, buf_text(&clean));
	buf_wipe(&clean);
	return err;
}

/* A place may not lie in itself. */
static enum err check_parent(struct desk *desk, const char *code, int64_t parent_id)
{
	struct place place;
	enum err err = ERR_OK;

	for (int depth = 0; parent_id && !err; depth++) {
		if (depth == 16)
			return ERR_INVALID;
		err = place_load(desk->store, parent_id, &place);
		if (!err && str_eq(place.code, code))
			return ERR_INVALID;
		parent_id = err ? 0 : place.parent_id;
	}
	return err;
}

enum err desk_place_put(struct desk *desk, const struct desk_place_new *in, const char *actor,
	struct place *ret_place, struct errbuf *eb)
{
	struct place place = {0}, parent = {0};
	char subject[64];
	enum err err;

	if (!is_code(in->code))
		return errbuf_set(eb, ERR_INVALID,
			"the code of a place has 1 to %d of a-z 0-9 and -, as thon-3",
			PLACE_CODE_BYTES - 1);
	if (desk_clean_name(in->name, place.name, sizeof(place.name)))
		return errbuf_set(eb, ERR_INVALID,
			"the name of a place has 1 to %d bytes in one line", PLACE_NAME_BYTES - 1);
	if (place_kind_of(in->kind, &place.kind))
		return errbuf_set(eb, ERR_INVALID,
			"kind is commune, hamlet, committee, agency, school, enterprise or subunit");
	if (in->parent && in->parent[0]) {
		err = place_find_open(desk->store, in->parent, &parent);
		if (err)
			return errbuf_set(
				eb, err, "there is no place %.31s to be its parent", in->parent);
	}
	if (check_parent(desk, in->code, parent.id))
		return errbuf_set(eb, ERR_INVALID, "a place cannot lie within itself");
	struct place known;

	err = place_find(desk->store, in->code, &known);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err && known.closed_ms)
		return errbuf_set(eb, ERR_STATE,
			"%s was closed and stays so, for what was written under its name; choose "
			"another code",
			known.code);
	place.id = err ? 0 : known.id;
	place.parent_id = parent.id;
	snprintf(place.code, sizeof(place.code), "%s", in->code);
	err = place_save(desk->store, &place, &place.id);
	snprintf(subject, sizeof(subject), "place/%s", place.code);
	if (!err)
		err = event_add(desk->store, "place.saved", subject, actor, "{}");
	if (!err)
		*ret_place = place;
	return err;
}

/* ---- residents -------------------------------------------------------------------------------
 */

static enum err leave(struct desk *desk, const char *phone, int64_t place_id,
	enum desk_resident_change *ret_change)
{
	bool is_at = false;
	int64_t id;
	enum err err = resident_find(desk->store, phone, &id);

	if (!err)
		err = resident_is_at(desk->store, id, place_id, &is_at);
	if (!err && is_at)
		err = resident_leave(desk->store, phone, place_id);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_change = is_at ? DESK_RESIDENT_REMOVED : DESK_RESIDENT_SAME;
	return ERR_OK;
}

static enum err put(
	struct desk *desk, const struct resident_new *in, enum desk_resident_change *ret_change)
{
	enum resident_change change;
	enum err err = resident_put(desk->store, in, &change);

	if (!err && change == RESIDENT_ADDED)
		err = group_person_ask_again(desk->store, in->place_id);
	if (!err)
		*ret_change = change == RESIDENT_ADDED	   ? DESK_RESIDENT_ADDED
			      : change == RESIDENT_CHANGED ? DESK_RESIDENT_CHANGED
							   : DESK_RESIDENT_SAME;
	return err;
}

enum err desk_resident_put(struct desk *desk, const struct desk_resident_row *row,
	enum desk_resident_change *ret_change, struct errbuf *eb)
{
	char phone[MSISDN_BYTES], name[RESIDENT_NAME_BYTES];
	struct place place;
	size_t role_len = strlen(row->role);
	enum err err;

	if (msisdn_normalize(row->phone, phone))
		return errbuf_set(eb, ERR_INVALID,
			"the phone is no number; write it with its leading 0, as text");
	if (desk_clean_name(row->name, name, sizeof(name)))
		return errbuf_set(eb, ERR_INVALID, "the name is empty or longer than %d bytes",
			RESIDENT_NAME_BYTES - 1);
	if (!role_len || role_len >= RESIDENT_ROLE_BYTES ||
		strspn(row->role, ROLE_LETTERS) != role_len)
		return errbuf_set(eb, ERR_INVALID,
			"the role has 1 to %d of a-z and _: member, household_head; left takes him "
			"off the list",
			RESIDENT_ROLE_BYTES - 1);
	err = place_find_open(desk->store, row->place, &place);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err,
			"there is no place with that code; see binhyenctl places, add one with "
			"binhyenctl place");
	if (err)
		return err;
	if (str_eq(row->role, DESK_ROLE_LEFT))
		return leave(desk, phone, place.id, ret_change);
	return put(desk,
		&(struct resident_new){.phone = phone,
			.name = name,
			.place_id = place.id,
			.role = row->role,
			.household = row->household},
		ret_change);
}
