/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Legal time. The wall clock may be wrong for weeks; a jump of it moves nothing, since the store
 * keeps how far it is off (legal_time.h). Here is decided when it can be believed again: then legal
 * time is what the clock shows, and the moments that were noted in the meantime move with it, and
 * the clocks that run from them. What was noted while the clock was right stays.
 *
 * A clock that is refuted by the time stamps of messages is corrected by them until then.
 */
#include "daemon/base/date.h"
#include "daemon/desk/legal_private.h"
#include "store/event.h"
#include "store/legal_time.h"
#include "store/officer.h"

#include <string.h>

#define STEP_MS	     (5 * MINUTE_MS) /* less is the way of a message through the network */
#define ACTOR_PREFIX "officer:"

enum clock_trust_level desk_trust(const struct desk *desk)
{
	bool is_ntp;

	/* A desk that is told nothing of the clock believes it. */
	if (!desk->trust)
		return CLOCK_NTP;
	is_ntp = desk->is_ntp ? desk->is_ntp() : clock_is_ntp();
	return clock_trust_level(desk->trust, store_clock(desk->store), is_ntp);
}

enum err legal_now(struct desk *desk, struct legal_now *ret_now)
{
	struct legal_now now = {.wall_ms = desk_now(desk), .trust = desk_trust(desk)};
	struct legal_time time;
	enum err err = legal_time_load(desk->store, &time);

	if (err)
		return err;
	now.ms = now.wall_ms - time.skew_ms;
	now.is_settled = now.trust >= CLOCK_NETWORK && !time.skew_ms;
	*ret_now = now;
	return ERR_OK;
}

enum err desk_legal_now(struct desk *desk, int64_t *ret_ms)
{
	struct legal_now now;
	enum err err = legal_now(desk, &now);

	if (!err)
		*ret_ms = now.ms;
	return err;
}

const struct law *desk_law(const struct desk *desk)
{
	return desk->law;
}

/* The clocks of a moment that is now known to have been at another time. */
static enum err move_clocks(struct desk *desk, const struct report_moment *moment)
{
	struct legal_clocks clocks;
	enum err err = legal_clocks(desk, moment->report_id, &clocks);

	for (int i = 0; !err && i < clocks.count; i++) {
		struct report_clock *clock = &clocks.items[i];
		struct regime regime;
		const struct regime_clock *def;

		if (!legal_is_open(clock) || !str_eq(clock->moment, moment->moment))
			continue;
		err = legal_record(desk, clock->regime_id, &regime);
		if (err)
			return err;
		def = regime_clock_find(&regime, clock->code);
		err = def ? legal_clock_move(desk, clock, def, moment->at_ms, "system") : ERR_BUG;
		regime_done(&regime);
	}
	return err;
}

static enum err move_moments(struct desk *desk, int64_t by_ms, bool is_settled)
{
	struct report_moment moment = {0};
	enum err err;

	while (!(err = report_moment_unsettled(
			 desk->store, moment.report_id, moment.moment, &moment))) {
		moment.at_ms += by_ms;
		moment.is_settled = is_settled;
		err = report_moment_set(desk->store, &moment);
		if (!err && by_ms)
			err = move_clocks(desk, &moment);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* By how much legal time has to go forth, as far as is known. */
static int64_t step_of(struct desk *desk, enum clock_trust_level trust, int64_t skew_ms)
{
	int64_t drift_ms;

	if (trust >= CLOCK_NETWORK)
		return skew_ms;
	if (trust == CLOCK_WRONG &&
		clock_trust_drift(desk->trust, store_clock(desk->store), &drift_ms))
		return skew_ms + drift_ms;
	return 0;
}

enum err legal_time_correct(struct desk *desk)
{
	enum clock_trust_level trust = desk_trust(desk);
	bool is_sure = trust >= CLOCK_NETWORK;
	struct report_moment moment;
	struct legal_time time;
	char data[64];
	int64_t by_ms;
	enum err err = legal_time_load(desk->store, &time);

	if (err)
		return err;
	by_ms = step_of(desk, trust, time.skew_ms);
	if (!is_sure && by_ms < STEP_MS && by_ms > -STEP_MS)
		return ERR_OK;
	err = report_moment_unsettled(desk->store, 0, "", &moment);
	if (err == ERR_NOT_FOUND && !by_ms)
		return ERR_OK;
	if (err && err != ERR_NOT_FOUND)
		return err;
	snprintf(data, sizeof(data), "{\"seconds\":%lld}", (long long)(by_ms / SECOND_MS));
	err = by_ms ? event_add(desk->store, "clock.legal", "", "system", data) : ERR_OK;
	if (!err)
		err = move_moments(desk, by_ms, is_sure);
	time.skew_ms -= by_ms;
	if (time.told_ms > desk_now(desk) - time.skew_ms)
		time.told_ms = 0;
	if (!err)
		err = legal_time_save(desk->store, &time);
	if (!err && by_ms)
		log_warn("clock", "legal_s=%lld trust=%s", (long long)(by_ms / SECOND_MS),
			clock_trust_text(trust));
	return err;
}

enum err legal_need(const struct desk *desk, struct errbuf *eb)
{
	return desk->law ? ERR_OK
			 : errbuf_set(eb, ERR_STATE, "this desk was started without legal regimes");
}

enum err legal_may(struct desk *desk, const char *actor, unsigned roles, struct errbuf *eb)
{
	struct officer officer;
	bool has_officers;
	enum err err = officer_any(desk->store, &has_officers);

	if (err || !has_officers)
		return err;
	if (!str_starts(actor, ACTOR_PREFIX))
		return errbuf_set(eb, ERR_DENIED, "only an officer may do this");
	err = officer_find(desk->store, actor + strlen(ACTOR_PREFIX), &officer);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (err || officer.state != OFFICER_ACTIVE ||
		!(regime_role_bit(officer_role_text(officer.role)) & roles))
		return errbuf_set(eb, ERR_DENIED,
			"your role may not do this; the regime says who may (binhyenctl regimes)");
	return ERR_OK;
}

enum err legal_note(
	struct desk *desk, int64_t report_id, const char *text, int64_t *ret_id, struct errbuf *eb)
{
	enum err err;

	*ret_id = 0;
	if (!text || !text[0])
		return ERR_OK;
	if (strlen(text) > DESK_REASON_MAX)
		return errbuf_set(
			eb, ERR_TOO_BIG, "the reason is longer than %d bytes", DESK_REASON_MAX);
	err = report_entry_add(desk->store, report_id, REPORT_ENTRY_NOTE, desk_now(desk), 0, text);
	return err ? err : report_entry_last(desk->store, report_id, ret_id);
}

/* "14:05" behind a day, as minutes since midnight. */
static bool read_minute(const char *text, int *ret_minute)
{
	static const char pattern[] = "00:00";

	if (strlen(text) != sizeof(pattern) - 1)
		return false;
	for (size_t i = 0; pattern[i]; i++) {
		if (pattern[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i])
			return false;
	}
	*ret_minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] -
		      '0';
	return *ret_minute < 24 * 60 && text[3] < '6';
}

enum err desk_legal_at(struct desk *desk, const char *text, int64_t *ret_ms, struct errbuf *eb)
{
	char date[DATE_BYTES];
	int64_t now_ms, day, at_ms;
	int minute = 0;
	bool has_minute = strlen(text) > 10;
	enum err err = legal_need(desk, eb);

	if (!err)
		err = desk_legal_now(desk, &now_ms);
	if (err)
		return err;
	snprintf(date, sizeof(date), "%.10s", text);
	if (date_parse(date, &day) || (has_minute && ((text[10] != ' ' && text[10] != 'T') ||
							     !read_minute(text + 11, &minute))))
		return errbuf_set(
			eb, ERR_INVALID, "a moment is written as 2026-11-22, or 2026-11-22 14:05");
	at_ms = calendar_begins_ms(desk->law->calendar, day);
	if (at_ms + minute * MINUTE_MS > now_ms + STEP_MS)
		return errbuf_set(eb, ERR_INVALID, "that is in the future");
	at_ms += has_minute ? minute * MINUTE_MS : DAY_MS - 1;
	*ret_ms = at_ms < now_ms ? at_ms : now_ms;
	return ERR_OK;
}

/* Legal time, as the clocks of the report have it. */
static enum err came_in(struct desk *desk, const struct report *report, int64_t *ret_ms)
{
	struct report_moment moment = {.at_ms = report->received_ms};
	enum err err = report_moment_load(
		desk->store, report->id, regime_moment_text(REGIME_MOMENT_RECEIVED), &moment);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_ms = moment.at_ms;
	return ERR_OK;
}

enum err legal_when(
	struct desk *desk, const struct report *report, int64_t at_ms, struct errbuf *eb)
{
	char date[CLOCK_DATE_BYTES];
	int64_t came_ms = 0;
	struct legal_now now;
	enum err err = legal_now(desk, &now);

	if (!err)
		err = came_in(desk, report, &came_ms);
	if (err)
		return err;
	if (at_ms > now.ms)
		return errbuf_set(eb, ERR_INVALID, "that is in the future");
	/* Officers write minutes, and what is done now is done, also by a clock that was set back.
	 */
	if (at_ms >= came_ms - came_ms % MINUTE_MS || at_ms >= now.ms - MINUTE_MS)
		return ERR_OK;
	clock_format_date(came_ms, date);
	return errbuf_set(eb, ERR_INVALID,
		"the report came in on %s: nothing can have been done with it before; correct the "
		"date",
		date);
}
