/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/identity.h"

#include "daemon/desk/desk_private.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/identity.h"

#include <limits.h>
#include <string.h>

#define MORNING_MS    (7 * HOUR_MS) /* of the local day */
#define OVERSEERS_MAX 16

static enum err check_report(
	struct desk *desk, int64_t report_id, struct party *ret_party, struct errbuf *eb)
{
	char number[REPORT_NUMBER_BYTES];
	struct report report;
	struct party party;
	enum err err = report_load(desk->store, report_id, &report);

	if (!err)
		err = party_load(desk->store, report.party_id, &party);
	if (err)
		return err;
	report_number_text(&report, number);
	if (report.is_anonymous)
		return errbuf_set(eb, ERR_DENIED,
			"the report is anonymous: nobody can see who sent it; write to the sender by `report %d-%s answer`",
			report.year, number);
	if (party.kind == PARTY_OFFICE || party.state == PARTY_ARCHIVED)
		return errbuf_set(eb, ERR_NOT_FOUND,
			party.kind == PARTY_OFFICE
				? ERR_WORD(
					  "the report was entered at the office without a number to answer to")
				: ERR_WORD(
					  "what led to the sender was erased, as the report's retention says"));
	*ret_party = party;
	return ERR_OK;
}

static enum err read_reason(const char *text, struct buf *out, struct errbuf *eb)
{
	enum err err = sms_text_normalize(text, out);

	if (err || desk_letters(buf_text(out)) < IDENTITY_REASON_MIN)
		return errbuf_set(eb, ERR_INVALID,
			"say in at least %d letters why the identity is needed; it is written down",
			IDENTITY_REASON_MIN);
	if (out->len > REVEAL_REASON_MAX)
		return errbuf_set(
			eb, ERR_TOO_BIG, "the reason is longer than %d bytes", REVEAL_REASON_MAX);
	return ERR_OK;
}

/* ---- who is told -----------------------------------------------------------------------------
 */

/* The chiefs, and of complaints about a chief the chairman. */
struct overseers {
	struct reveal_overseer rows[OVERSEERS_MAX + 1]; /* and the duty phones */
	int count;
	bool has_chief;
};

static void keep_overseer(void *arg, const struct officer *officer)
{
	struct overseers *list = arg;
	bool is_chief = officer->role == OFFICER_CHIEF;

	if ((!is_chief && officer->role != OFFICER_CHAIRMAN) || officer->state != OFFICER_ACTIVE ||
		!officer->has_phone || list->count == OVERSEERS_MAX)
		return;
	list->rows[list->count++] = (struct reveal_overseer){officer->id, is_chief};
	list->has_chief |= is_chief;
}

/* Each of them; without a chief the duty phones, who know of none about an officer. */
static enum err find_overseers(struct desk *desk, struct overseers *list)
{
	enum err err = officer_list(desk->store, 0, INT_MAX, keep_overseer, list);

	if (!err && !list->has_chief)
		list->rows[list->count++] = (struct reveal_overseer){0, true};
	return err;
}

static enum err tell(struct desk *desk, const struct reveal_overseer *who, const char *phrase_key,
	const struct phrase_field *fields)
{
	return who->officer_id
		       ? desk_tell_officer(desk, who->officer_id, LANE_ANSWER, phrase_key, fields)
		       : desk_tell_role(desk, OFFICER_CHIEF, LANE_ANSWER, phrase_key, fields);
}

/* Who does not know of the report just opened is not told because of it. */
static enum err tell_if_many(struct desk *desk, const struct identity_ask *ask,
	const struct report *report, const struct reveal_overseer *who)
{
	char count_text[16];
	struct phrase_field fields[] = {
		{"officer", ask->actor}, {"count", count_text}, {NULL, NULL}};
	bool knows = !report->is_confined && who->knows_register;
	int64_t count = 0;
	enum err err = knows || !who->officer_id
			       ? ERR_OK
			       : report_key_held(desk->store, who->officer_id, report->id, &knows);

	if (!err && knows)
		err = reveal_count_of(
			desk->store, ask->actor, desk_now(desk) - DAY_MS, who, &count);
	if (err || !count || count % IDENTITY_MANY)
		return err;
	snprintf(count_text, sizeof(count_text), "%lld", (long long)count);
	return tell(desk, who, "identity_many", fields);
}

static enum err tell_of_many(struct desk *desk, const struct identity_ask *ask)
{
	struct overseers list = {.count = 0};
	struct report report = {0};
	enum err err = report_load(desk->store, ask->report_id, &report);

	if (!err)
		err = find_overseers(desk, &list);
	for (int i = 0; !err && i < list.count; i++)
		err = tell_if_many(desk, ask, &report, &list.rows[i]);
	return err;
}

/* ---- opening ---------------------------------------------------------------------------------
 */

static enum err write_down(
	struct desk *desk, const struct identity_ask *ask, int64_t until_ms, struct errbuf *eb)
{
	char subject[32];
	CLEAN_BUF reason = {0};
	enum err err;

	buf_init(&reason, 4 * REVEAL_REASON_MAX);
	err = read_reason(ask->reason ? ask->reason : "", &reason, eb);
	if (!err)
		err = reveal_add(
			desk->store, ask->report_id, ask->actor, buf_text(&reason), until_ms);
	buf_wipe(&reason);
	snprintf(subject, sizeof(subject), "report/%lld", (long long)ask->report_id);
	if (!err)
		err = event_add(desk->store, "identity.revealed", subject, ask->actor, "{}");
	return err ? err : tell_of_many(desk, ask);
}

enum err identity_reveal(struct desk *desk, const struct identity_ask *ask,
	struct identity *ret_identity, struct errbuf *eb)
{
	int64_t until_ms = 0;
	struct party party = {0};
	CLEAN_BUF address = {0};
	enum err err = check_report(desk, ask->report_id, &party, eb);

	if (err)
		return err;
	err = reveal_open(desk->store, ask->report_id, ask->actor, &until_ms);
	if (err == ERR_NOT_FOUND) {
		until_ms = desk_now(desk) + IDENTITY_OPEN_MS;
		err = write_down(desk, ask, until_ms, eb);
	}
	buf_init(&address, PARTY_ADDRESS_MAX);
	if (!err)
		err = party_address(desk->store, party.id, &address);
	if (!err) {
		ret_identity->kind = party.kind;
		ret_identity->until_ms = until_ms;
		err = str_copy(
			ret_identity->address, sizeof(ret_identity->address), buf_text(&address));
	}
	buf_wipe(&address);
	return err;
}

/* ---- the next morning ------------------------------------------------------------------------
 */

static enum err tell_digest(struct desk *desk, int64_t day_ms)
{
	char count_text[24];
	struct phrase_field fields[] = {{"count", count_text}, {NULL, NULL}};
	struct overseers list = {.count = 0};
	int64_t count = 0, last_id;
	enum err err = find_overseers(desk, &list);

	for (int i = 0; !err && i < list.count; i++) {
		err = reveal_untold(desk->store, day_ms, &list.rows[i], &count, &last_id);
		snprintf(count_text, sizeof(count_text), "%lld", (long long)count);
		if (!err && count)
			err = tell(desk, &list.rows[i], "identity_digest", fields);
	}
	return err;
}

enum err identity_tick(struct desk *desk)
{
	int64_t now_ms = desk_now(desk),
		day_ms = clock_local_day(now_ms) * DAY_MS - VIETNAM_OFFSET_MS;
	const struct reveal_overseer nobody = {0};
	int64_t count, last_id;
	enum err err;

	if (now_ms < day_ms + MORNING_MS)
		return ERR_OK;
	err = reveal_untold(desk->store, day_ms, &nobody, &count, &last_id);
	if (err || !last_id)
		return err;
	err = tell_digest(desk, day_ms);
	return err ? err : reveal_set_told(desk->store, last_id);
}
