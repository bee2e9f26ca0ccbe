/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/desk_private.h"
#include "daemon/desk/procedure.h"
#include "store/confirmation.h"
#include "store/event.h"

/* All that a resident is told, each part with its end, so that no two entries read the same. How
 * people ask for it and who keeps it are no part of the answer. */
static enum err write_text(const struct procedure *entry, struct buf *out)
{
	enum err err = buf_addf(out, "%s\x1f%s\x1f%s\x1f%s\x1f%lld", entry->code, entry->title,
		entry->short_text, entry->text, (long long)entry->expires_day);

	for (int i = 0; !err && i < entry->basis_count; i++)
		err = buf_addf(out, "\x1f%s", entry->basis[i]);
	return err;
}

static enum err find(
	struct desk *desk, const struct procedure *entry, struct confirmation *ret_confirmation)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, 8 * 1024);
	err = write_text(entry, &text);
	return err ? err
		   : confirmation_find(desk->store,
			     &(struct confirmation_text){entry->code, text.data, text.len},
			     ret_confirmation);
}

enum err desk_procedure_standing(
	struct desk *desk, const struct procedure *entry, struct procedure_standing *ret_standing)
{
	struct procedure_standing standing = {
		.is_confirmed = entry->is_confirmed, .checked_day = entry->checked_day};
	struct confirmation confirmation;
	enum err err = find(desk, entry, &confirmation);

	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err && confirmation.is_same) {
		standing.is_confirmed = true;
		standing.checked_day = confirmation.checked_day;
		standing.confirmed_ms = confirmation.confirmed_ms;
		snprintf(standing.confirmed_by, sizeof(standing.confirmed_by), "%s",
			confirmation.actor);
	}
	standing.is_changed = !err && !confirmation.is_same;
	*ret_standing = standing;
	return ERR_OK;
}

static enum err note(
	struct desk *desk, const char *kind, const struct procedure *entry, const char *actor)
{
	char subject[PROCEDURE_CODE_BYTES + 16];

	snprintf(subject, sizeof(subject), "procedure/%s", entry->code);
	return event_add(desk->store, kind, subject, actor, "{}");
}

enum err desk_procedure_confirm(struct desk *desk, const struct procedure *entry,
	int64_t checked_day, const char *actor, struct errbuf *eb)
{
	int64_t today = clock_local_day(desk_now(desk));
	CLEAN_BUF text = {0};
	enum err err;

	if (checked_day > today || today - checked_day > PROCEDURE_CHECKED_DAYS)
		return errbuf_set(eb, ERR_INVALID,
			"the day on which it was checked is today or within the last year");
	buf_init(&text, 8 * 1024);
	err = write_text(entry, &text);
	if (!err)
		err = confirmation_put(desk->store,
			&(struct confirmation_text){entry->code, text.data, text.len}, checked_day,
			actor);
	return err ? err : note(desk, "procedure.confirmed", entry, actor);
}

enum err desk_procedure_unconfirm(
	struct desk *desk, const struct procedure *entry, const char *actor, struct errbuf *eb)
{
	enum err err = confirmation_drop(desk->store, entry->code);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, ERR_STATE,
			entry->is_confirmed
				? ERR_WORD("its file says that it is confirmed: change it there")
				: ERR_WORD("it was not confirmed"));
	return err ? err : note(desk, "procedure.unconfirmed", entry, actor);
}
