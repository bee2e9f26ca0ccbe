/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/identity.h"

#include "daemon/desk/desk_private.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/identity.h"

#include <limits.h>
#include <string.h>

#define MORNING_MS (7 * HOUR_MS) /* of the local day */
#define CHIEFS_MAX 16

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
				? "the report was entered at the office without a number to answer to"
				: "what led to the sender was erased, as the report's retention says");
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

static enum err tell_of_many(struct desk *desk, const char *actor)
{
	char count_text[16];
	struct phrase_field fields[] = {{"officer", actor}, {"count", count_text}, {NULL, NULL}};
	int64_t count;
	enum err err = reveal_count_of(desk->store, actor, desk_now(desk) - DAY_MS, &count);

	if (err || count % IDENTITY_MANY)
		return err;
	snprintf(count_text, sizeof(count_text), "%lld", (long long)count);
	return desk_tell_role(desk, OFFICER_CHIEF, LANE_ANSWER, "identity_many", fields);
}

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
	return err ? err : tell_of_many(desk, ask->actor);
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

struct chiefs {
	int64_t ids[CHIEFS_MAX];
	int count;
};

static void keep_chief(void *arg, const struct officer *officer)
{
	struct chiefs *chiefs = arg;

	if (officer->role == OFFICER_CHIEF && officer->state == OFFICER_ACTIVE &&
		officer->has_phone && chiefs->count < CHIEFS_MAX)
		chiefs->ids[chiefs->count++] = officer->id;
}

/* Each chief as far as he may know of the reports; without one the duty phones. */
static enum err tell_digest(struct desk *desk, int64_t day_ms)
{
	char count_text[24];
	struct phrase_field fields[] = {{"count", count_text}, {NULL, NULL}};
	struct chiefs chiefs = {.count = 0};
	int64_t count = 0, last_id;
	enum err err = officer_list(desk->store, 0, INT_MAX, keep_chief, &chiefs);

	for (int i = 0; !err && i < chiefs.count; i++) {
		err = reveal_untold(desk->store, day_ms, chiefs.ids[i], &count, &last_id);
		snprintf(count_text, sizeof(count_text), "%lld", (long long)count);
		if (!err && count)
			err = desk_tell_officer(
				desk, chiefs.ids[i], LANE_ANSWER, "identity_digest", fields);
	}
	if (err || chiefs.count)
		return err;
	err = reveal_untold(desk->store, day_ms, 0, &count, &last_id);
	snprintf(count_text, sizeof(count_text), "%lld", (long long)count);
	return err || !count ? err
			     : desk_tell_role(
				       desk, OFFICER_CHIEF, LANE_ANSWER, "identity_digest", fields);
}

enum err identity_tick(struct desk *desk)
{
	int64_t now_ms = desk_now(desk),
		day_ms = clock_local_day(now_ms) * DAY_MS - VIETNAM_OFFSET_MS;
	int64_t count, last_id;
	enum err err;

	if (now_ms < day_ms + MORNING_MS)
		return ERR_OK;
	err = reveal_untold(desk->store, day_ms, 0, &count, &last_id);
	if (err || !last_id)
		return err;
	err = tell_digest(desk, day_ms);
	return err ? err : reveal_set_told(desk->store, last_id);
}
