/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries that have expired: whoever keeps one is texted, once for all of his, and again after a
 * week as long as nothing changes. On one day nobody is told twice, whatever the clock does.
 */
#include "config/phrases.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/procedure.h"
#include "store/procedure_tally.h"

#include <stdlib.h>
#include <string.h>

#define AGAIN_DAYS 7
#define CODES_MAX  50 /* letters of the codes that a message names: the rest is a count */

/* Has its owner to hear of it? */
static enum err is_due(
	struct desk *desk, const struct procedure *entry, int64_t today, bool *ret_is_due)
{
	int64_t told = 0;
	enum err err;

	*ret_is_due = false;
	if (today <= entry->expires_day)
		return ERR_OK;
	err = procedure_told(desk->store, entry->code, &told);
	if (err && err != ERR_NOT_FOUND)
		return err;
	/* A day to come was told by a clock that was wrong. */
	*ret_is_due = err == ERR_NOT_FOUND || llabs(today - told) >= AGAIN_DAYS;
	return ERR_OK;
}

#define NOT_DUE (-1)
#define CLERKS	0 /* whoever answers such questions */

/* Its owner's account; the clerks when it has none, he has left, or no message reaches him. */
static enum err find_owner(struct desk *desk, const struct procedure *entry, int64_t *ret_owner)
{
	struct officer officer;
	enum err err = entry->owner[0] ? officer_find(desk->store, entry->owner, &officer)
				       : ERR_NOT_FOUND;

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_owner = !err && officer.state == OFFICER_ACTIVE && officer.has_phone ? officer.id
										  : CLERKS;
	return ERR_OK;
}

static enum err tell(struct desk *desk, int64_t owner, const struct phrase_field *fields)
{
	return owner == CLERKS
		       ? desk_tell_role(
				 desk, OFFICER_CLERK, LANE_URGENT, "procedure_expired", fields)
		       : desk_tell_officer(desk, owner, LANE_URGENT, "procedure_expired", fields);
}

/* All that are his, which are then not due any more. */
static enum err tell_owner(struct desk *desk, const struct procedures *procedures, int64_t *owners,
	int64_t owner, int64_t today)
{
	CLEAN_BUF codes = {0};
	char number[16];
	int count = 0;
	enum err err = ERR_OK;

	buf_init(&codes, 256);
	for (size_t i = 0; !err && i < procedures->count; i++) {
		const char *code = procedures->items[i].code;

		if (owners[i] != owner)
			continue;
		owners[i] = NOT_DUE;
		count++;
		if (codes.len + strlen(code) <= CODES_MAX)
			err = buf_addf(&codes, "%s%s", codes.len ? ", " : "", code);
		if (!err)
			err = procedure_told_put(desk->store, code, today);
	}
	snprintf(number, sizeof(number), "%d", count);
	if (!err)
		err = tell(desk, owner,
			(const struct phrase_field[]){
				{"count", number}, {"codes", buf_text(&codes)}, {NULL, NULL}});
	if (!err)
		log_warn("procedure", "expired=%d", count);
	return err;
}

static enum err tell_owners(
	struct desk *desk, const struct procedures *procedures, int64_t *owners, int64_t today)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < procedures->count; i++) {
		bool due = false;

		owners[i] = NOT_DUE;
		err = is_due(desk, &procedures->items[i], today, &due);
		if (!err && due)
			err = find_owner(desk, &procedures->items[i], &owners[i]);
	}
	for (size_t i = 0; !err && i < procedures->count; i++) {
		if (owners[i] != NOT_DUE)
			err = tell_owner(desk, procedures, owners, owners[i], today);
	}
	return err;
}

enum err desk_procedures_tick(struct desk *desk, const struct procedures *procedures)
{
	int64_t today = clock_local_day(desk_now(desk));
	bool was_told = false;
	int64_t *owners;
	enum err err;

	if (desk->procedures_day == today)
		return ERR_OK;
	err = procedure_told_on(desk->store, today, &was_told);
	if (!err && !was_told) {
		owners = calloc(procedures->count + 1, sizeof(*owners));
		err = owners ? tell_owners(desk, procedures, owners, today) : ERR_NOMEM;
		free(owners);
	}
	if (!err)
		desk->procedures_day = today;
	return err;
}

void desk_procedures_state(struct desk *desk, const struct procedures *procedures,
	struct desk_procedures_state *ret_state)
{
	int64_t today = clock_local_day(desk_now(desk));
	struct desk_procedures_state state = {.first = ""};

	for (size_t i = 0; i < procedures->count; i++) {
		const struct procedure *entry = &procedures->items[i];

		if (today > entry->expires_day) {
			if (!state.expired++)
				state.first = entry->code;
		} else if (entry->expires_day - today < DESK_PROCEDURE_SOON_DAYS) {
			state.soon++;
		}
	}
	*ret_state = state;
}
