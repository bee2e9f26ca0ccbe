/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/procedure.h"

#include "daemon/base/date.h"
#include "daemon/desk/desk_private.h"
#include "store/procedure_tally.h"

bool desk_procedure_is_old(struct desk *desk, const struct procedure *entry)
{
	return clock_local_day(desk_now(desk)) > entry->expires_day;
}

/* What of an entry depends on the day and on the commune. */
struct manner {
	bool is_old;
	struct procedure_standing standing;
};

static enum err short_words(
	const struct manner *manner, const struct procedure *entry, struct buf *out)
{
	const struct phrase_field fields[] = {{"text", entry->short_text}, {NULL, NULL}};

	if (!manner->is_old && manner->standing.is_confirmed)
		return buf_adds(out, entry->short_text);
	return phrase(manner->is_old ? "procedure_short_old" : "procedure_short_unconfirmed",
		PHRASE_SMS, fields, out);
}

static enum err basis_words(const struct procedure *entry, struct buf *out)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < entry->basis_count; i++)
		err = buf_addf(out, "%s%s", i ? "; " : "", entry->basis[i]);
	return err;
}

static enum err long_words(
	const struct manner *manner, const struct procedure *entry, struct buf *out)
{
	struct date checked = date_of_day(manner->standing.checked_day);
	CLEAN_BUF basis = {0};
	char date[40];
	struct phrase_field fields[] = {{"title", entry->title}, {"text", entry->text},
		{"basis", NULL}, {"date", date}, {NULL, NULL}};
	enum err err;

	buf_init(&basis, PROCEDURE_BASIS_MAX * (PROCEDURE_BASIS_BYTES + 2));
	err = basis_words(entry, &basis);
	snprintf(date, sizeof(date), "%02d/%02d/%04d", checked.day, checked.month, checked.year);
	fields[2].value = buf_text(&basis);
	return err ? err
		   : phrase(manner->is_old		     ? "procedure_old"
			     : manner->standing.is_confirmed ? "procedure_answer"
							     : "procedure_unconfirmed",
			     PHRASE_FULL, fields, out);
}

enum err desk_procedure_words(
	struct desk *desk, const struct procedure *entry, bool is_sms, struct buf *out)
{
	struct manner manner = {.is_old = desk_procedure_is_old(desk, entry)};
	enum err err = desk_procedure_standing(desk, entry, &manner.standing);

	if (err)
		return err;
	return is_sms ? short_words(&manner, entry, out) : long_words(&manner, entry, out);
}

/* entry NULL: how to ask. */
static enum err say(struct desk *desk, int64_t party_id, const struct procedure *entry)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct desk_way way = {.is_open = false};
	CLEAN_BUF text = {0};
	bool may = false;
	char key[32];
	int64_t id;
	enum err err = desk_gate(desk, party_id, &way);

	if (err || !way.is_open)
		return err;
	snprintf(key, sizeof(key), "procedure/%lld", (long long)party_id);
	err = desk_may_say(desk, key, DESK_PROCEDURE_SAID_MAX, &may);
	if (err || !may)
		return err;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = entry ? desk_procedure_words(desk, entry, desk_is_sms(way.channel), &text)
		    : desk_phrase(&way, "procedure_hint", none, &text);
	return err ? err
		   : desk_say(desk, party_id, way.channel, OUTBOX_KIND_ANSWER, 0, buf_text(&text),
			     &id);
}

enum err desk_procedure_told(struct desk *desk, const struct procedure *entry)
{
	enum err err = procedure_tally_add(desk->store, entry->code);

	if (!err)
		log_info("procedure", "answered code=%s", entry->code);
	return err;
}

enum err desk_procedure_answer(struct desk *desk, int64_t party_id, const struct procedure *entry)
{
	enum err err = desk_procedure_told(desk, entry);

	return err ? err : say(desk, party_id, entry);
}

enum err desk_procedure_hint(struct desk *desk, int64_t party_id)
{
	return say(desk, party_id, NULL);
}

enum err desk_procedure_missed(struct desk *desk)
{
	enum err err = procedure_tally_add(desk->store, "");

	return err ? err : ERR_NOT_FOUND;
}
