/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One clock: begun, warned of, frozen, lengthened, stopped. What the law says of it is read from
 * the record that was kept when it began. */
#include "daemon/desk/legal_private.h"
#include "store/legal_time.h"

#include <string.h>

#define RECORD_MAX (256 * 1024) /* as long as a file of regimes */

bool legal_is_open(const struct report_clock *clock)
{
	return clock->state == CLOCK_STATE_RUNNING || clock->state == CLOCK_STATE_FROZEN;
}

static void keep_clock(void *arg, const struct report_clock *clock)
{
	struct legal_clocks *clocks = arg;

	/* Open ones are among the last: the oldest make room. */
	if (clocks->count == DESK_CLOCKS_MAX) {
		memmove(&clocks->items[0], &clocks->items[1],
			sizeof(clocks->items) - sizeof(clocks->items[0]));
		clocks->count--;
	}
	clocks->items[clocks->count++] = *clock;
}

enum err legal_clocks(struct desk *desk, int64_t report_id, struct legal_clocks *ret_clocks)
{
	ret_clocks->count = 0;
	return report_clock_of(desk->store, report_id, keep_clock, ret_clocks);
}

enum err legal_record(struct desk *desk, int64_t regime_id, struct regime *ret_regime)
{
	CLEAN_BUF body = {0};
	enum err err;

	buf_init(&body, RECORD_MAX);
	err = regime_record_body(desk->store, regime_id, &body);
	return err ? err : regime_parse_body(buf_text(&body), ret_regime);
}

int64_t legal_clock_warning(const struct desk *desk, const struct regime_clock *def,
	const struct report_clock *clock, int64_t after_ms)
{
	int64_t next_ms = 0;

	for (int i = 0; i < def->warning_count; i++) {
		int64_t at_ms = term_before_ms(
			desk->law->calendar, &def->warnings[i], clock->due_ms);

		if (at_ms > after_ms && at_ms < clock->due_ms && (!next_ms || at_ms < next_ms))
			next_ms = at_ms;
	}
	return next_ms;
}

/* After its end was changed: what is known of its days, and when to warn. */
static void renew(struct desk *desk, const struct regime_clock *def, struct report_clock *clock,
	int64_t now_ms)
{
	const struct calendar *calendar = desk->law->calendar;
	enum calendar_certainty certainty = CALENDAR_CONFIRMED;

	if (clock->is_days)
		certainty = calendar_certainty(calendar, calendar_day(calendar, clock->started_ms),
			calendar_day(calendar, clock->due_ms));
	snprintf(clock->certainty, sizeof(clock->certainty), "%s",
		calendar_certainty_text(certainty));
	clock->warn_ms = clock->state == CLOCK_STATE_RUNNING
				 ? legal_clock_warning(desk, def, clock, now_ms)
				 : 0;
	if (clock->due_ms >= now_ms)
		clock->is_told = false;
	if (certainty == CALENDAR_UNKNOWN)
		log_warn("calendar",
			"clock=%lld code=%s detail=\"its end is counted without the holidays of a year that the calendar does not have; add them to law.calendar\"",
			(long long)clock->id, clock->code);
}

enum err legal_clock_start(struct desk *desk, const struct legal_start *start,
	const struct regime_clock *def, struct report_clock *ret_clock)
{
	const struct term *limit = regime_clock_limit(def, desk->law->is_remote);
	struct report_clock clock = {.report_id = start->report_id,
		.class_id = start->class_id,
		.regime_id = start->regime_id,
		.state = CLOCK_STATE_RUNNING,
		.started_ms = start->at_ms,
		.due_ms = term_end_ms(desk->law->calendar, limit, start->at_ms),
		.is_watched = def->is_watched,
		.is_days = term_is_days(limit)};
	enum err err = str_copy(clock.code, sizeof(clock.code), def->code);

	if (!err)
		err = str_copy(clock.moment, sizeof(clock.moment), regime_moment_text(def->starts));
	if (err)
		return err;
	renew(desk, def, &clock, start->at_ms);
	err = report_clock_add(desk->store, &clock, &clock.id);
	if (!err)
		*ret_clock = clock;
	return err;
}

static enum err changed(struct desk *desk, const struct report_clock *clock, const char *kind,
	int64_t was_ms, const char *code, const char *actor, int64_t note_id)
{
	struct legal_now now;
	enum err err = legal_now(desk, &now);

	if (err)
		return err;
	return clock_change_add(desk->store, &(struct clock_change){.clock_id = clock->id,
						     .kind = kind,
						     .at_ms = now.ms,
						     .was_ms = was_ms,
						     .due_ms = clock->due_ms,
						     .code = code,
						     .actor = actor,
						     .note_id = note_id});
}

enum err legal_clock_stop(struct desk *desk, struct report_clock *clock, int64_t at_ms,
	const char *by, const char *actor, int64_t note_id)
{
	/* While it stands still nothing runs out. */
	bool is_met = at_ms <= clock->due_ms || clock->state == CLOCK_STATE_FROZEN;
	enum err err;

	clock->state = is_met ? CLOCK_STATE_MET : CLOCK_STATE_LATE;
	clock->ended_ms = at_ms;
	clock->frozen_ms = 0;
	clock->warn_ms = 0;
	err = str_copy(clock->ended_by, sizeof(clock->ended_by), by);
	if (!err)
		err = report_clock_save(desk->store, clock);
	return err ? err : changed(desk, clock, "end", clock->due_ms, "", actor, note_id);
}

enum err legal_clock_end(struct desk *desk, struct report_clock *clock, const char *by,
	const char *actor, int64_t note_id)
{
	struct legal_now now;
	enum err err = legal_now(desk, &now);

	if (err)
		return err;
	clock->state = CLOCK_STATE_ENDED;
	clock->ended_ms = now.ms;
	clock->frozen_ms = 0;
	clock->warn_ms = 0;
	err = str_copy(clock->ended_by, sizeof(clock->ended_by), by);
	if (!err)
		err = report_clock_save(desk->store, clock);
	return err ? err : changed(desk, clock, "end", clock->due_ms, "", actor, note_id);
}

/* One that was lengthened or stood still keeps what it won: it moves as a whole, to a working day
 * when it ends with a day. */
static int64_t moved_due(const struct desk *desk, const struct report_clock *clock,
	const struct regime_clock *def, int64_t at_ms, bool is_plain)
{
	const struct calendar *calendar = desk->law->calendar;
	const struct term none = {.unit = TERM_DAYS};

	if (is_plain)
		return term_end_ms(calendar, regime_clock_limit(def, desk->law->is_remote), at_ms);
	if (!clock->is_days)
		return clock->due_ms + at_ms - clock->started_ms;
	return term_end_ms(calendar, &none, clock->due_ms + at_ms - clock->started_ms);
}

static void note_thaw(void *arg, const struct clock_change *change)
{
	if (str_eq(change->kind, "thaw"))
		*(bool *)arg = true;
}

enum err legal_clock_move(struct desk *desk, struct report_clock *clock,
	const struct regime_clock *def, int64_t at_ms, const char *actor)
{
	int64_t was_ms = clock->due_ms, by_ms = at_ms - clock->started_ms;
	bool was_thawed = false;
	struct legal_now now;
	enum err err;

	if (!by_ms)
		return ERR_OK;
	err = legal_now(desk, &now);
	if (!err)
		err = clock_change_list(desk->store, clock->id, note_thaw, &was_thawed);
	if (err)
		return err;
	clock->due_ms = moved_due(desk, clock, def, at_ms, !clock->stage && !was_thawed);
	clock->started_ms = at_ms;
	if (clock->state == CLOCK_STATE_FROZEN)
		clock->frozen_ms += by_ms;
	renew(desk, def, clock, now.ms);
	err = report_clock_save(desk->store, clock);
	return err ? err : changed(desk, clock, "move", was_ms, "", actor, 0);
}

static bool waits_for(const struct regime_clock *def, enum regime_end end)
{
	/* Whatever comes of a report answers it. */
	return def->ends == end || (end == REGIME_END_TRANSFER && def->ends == REGIME_END_ANSWER);
}

enum err legal_clocks_stop(struct desk *desk, int64_t report_id, enum regime_end end, int64_t at_ms,
	const char *actor, int64_t note_id)
{
	struct legal_clocks clocks;
	enum err err = legal_clocks(desk, report_id, &clocks);

	for (int i = 0; !err && i < clocks.count; i++) {
		struct report_clock *clock = &clocks.items[i];
		const struct regime_clock *def;
		struct regime regime;
		bool is_it;

		if (!legal_is_open(clock))
			continue;
		err = legal_record(desk, clock->regime_id, &regime);
		if (err)
			return err;
		def = regime_clock_find(&regime, clock->code);
		is_it = def && waits_for(def, end);
		regime_done(&regime);
		if (is_it)
			err = legal_clock_stop(
				desk, clock, at_ms, regime_end_text(end), actor, note_id);
	}
	return err;
}

/* ---- what officers do to one -----------------------------------------------------------------
 */

struct act {
	struct report_clock clock;
	struct regime regime; /* regime_done() it */
	const struct regime_clock *def;
	int64_t note_id;
	struct legal_now now;
};

/* The open clock of that code; the newest, when there are several. */
static enum err find_clock(struct desk *desk, int64_t report_id, const char *code,
	struct report_clock *ret_clock, struct errbuf *eb)
{
	struct legal_clocks clocks;
	char open[256] = "";
	enum err err = legal_clocks(desk, report_id, &clocks);

	for (int i = clocks.count - 1; !err && i >= 0; i--) {
		size_t len = strlen(open);

		if (!legal_is_open(&clocks.items[i]))
			continue;
		if (str_eq(clocks.items[i].code, code)) {
			*ret_clock = clocks.items[i];
			return ERR_OK;
		}
		snprintf(open + len, sizeof(open) - len, "%s%s", len ? ", " : "",
			clocks.items[i].code);
	}
	return err ? err
		   : errbuf_set(eb, ERR_NOT_FOUND,
			     "no such clock runs for the report; there are: %s",
			     open[0] ? open : ERR_WORD("none"));
}

static enum err begin_act(struct desk *desk, int64_t report_id, const struct desk_clock_act *in,
	struct act *act, struct errbuf *eb)
{
	enum err err = legal_need(desk, eb);

	*act = (struct act){0};
	if (!err)
		err = find_clock(desk, report_id, in->code, &act->clock, eb);
	if (!err && (!in->reason || !desk_letters(in->reason)))
		err = errbuf_set(eb, ERR_INVALID, "a reason is needed");
	if (!err)
		err = legal_now(desk, &act->now);
	if (!err)
		err = legal_record(desk, act->clock.regime_id, &act->regime);
	if (err)
		return err;
	act->def = regime_clock_find(&act->regime, act->clock.code);
	if (!act->def)
		return ERR_BUG;
	return ERR_OK;
}

static void act_done(struct act *act)
{
	regime_done(&act->regime);
}

static enum err finish_act(struct desk *desk, struct act *act, const char *kind, int64_t was_ms,
	const char *code, const char *actor)
{
	char event[32];
	enum err err = report_clock_save(desk->store, &act->clock);

	if (!err)
		err = changed(desk, &act->clock, kind, was_ms, code, actor, act->note_id);
	snprintf(event, sizeof(event), "clock.%s", kind);
	return err ? err
		   : legal_event(desk, event, act->clock.report_id, actor,
			     legal_class_text(act->regime.class), act->clock.code);
}

enum err desk_clock_freeze(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *in, struct errbuf *eb)
{
	CLEANUP(act_done) struct act act;
	enum err err = begin_act(desk, report_id, in, &act, eb);

	if (err)
		return err;
	if (!act.def->freeze_roles)
		return errbuf_set(eb, ERR_STATE, "the law does not let this clock stand still");
	if (act.clock.state == CLOCK_STATE_FROZEN)
		return errbuf_set(eb, ERR_STATE, "it stands still already");
	if (act.clock.due_ms < act.now.ms)
		return errbuf_set(eb, ERR_STATE, "its end has passed");
	err = legal_may(desk, in->actor, act.def->freeze_roles, eb);
	if (!err)
		err = legal_note(desk, report_id, in->reason, &act.note_id, eb);
	act.clock.state = CLOCK_STATE_FROZEN;
	act.clock.frozen_ms = act.now.ms;
	act.clock.warn_ms = 0;
	return err ? err : finish_act(desk, &act, "freeze", act.clock.due_ms, "", in->actor);
}

enum err desk_clock_thaw(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *in, struct errbuf *eb)
{
	CLEANUP(act_done) struct act act;
	int64_t was_ms;
	enum err err = begin_act(desk, report_id, in, &act, eb);

	if (err)
		return err;
	if (act.clock.state != CLOCK_STATE_FROZEN)
		return errbuf_set(eb, ERR_STATE, "it does not stand still");
	err = legal_may(desk, in->actor, act.def->freeze_roles, eb);
	if (!err)
		err = legal_note(desk, report_id, in->reason, &act.note_id, eb);
	was_ms = act.clock.due_ms;
	act.clock.due_ms = term_thaw_ms(desk->law->calendar,
		regime_clock_limit(act.def, desk->law->is_remote), was_ms, act.clock.frozen_ms,
		act.now.ms);
	act.clock.state = CLOCK_STATE_RUNNING;
	act.clock.frozen_ms = 0;
	renew(desk, act.def, &act.clock, act.now.ms);
	return err ? err : finish_act(desk, &act, "thaw", was_ms, "", in->actor);
}

/* The extension that was asked for, or the first that comes next. */
static const struct regime_extension *find_extension(const struct act *act, const char *code)
{
	int next = act->clock.stage + 1;

	for (int i = 0; i < act->def->extension_count; i++) {
		const struct regime_extension *e = &act->def->extensions[i];

		if ((!code[0] || str_eq(e->code, code)) && e->first <= next && next <= e->last)
			return e;
	}
	return NULL;
}

static void add_thaw(void *arg, const struct clock_change *change)
{
	if (str_eq(change->kind, "thaw"))
		*(int64_t *)arg += change->due_ms - change->was_ms;
}

/* What it stood still is given back to a term that counts from its start as well. */
static enum err extended_due(struct desk *desk, const struct act *act,
	const struct regime_extension *e, int64_t *ret_due_ms)
{
	const struct calendar *calendar = desk->law->calendar;
	const struct term none = {.unit = TERM_DAYS};
	int64_t thawed_ms = 0, due_ms;
	enum err err = ERR_OK;

	due_ms = term_end_ms(
		calendar, &e->term, e->is_total ? act->clock.started_ms : act->clock.due_ms);
	if (e->is_total)
		err = clock_change_list(desk->store, act->clock.id, add_thaw, &thawed_ms);
	if (thawed_ms)
		due_ms = term_is_days(&e->term) ? term_end_ms(calendar, &none, due_ms + thawed_ms)
						: due_ms + thawed_ms;
	if (!err)
		*ret_due_ms = due_ms;
	return err;
}

enum err desk_clock_extend(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *in, struct errbuf *eb)
{
	const struct regime_extension *e;
	CLEANUP(act_done) struct act act;
	int64_t was_ms, due_ms = 0;
	enum err err = begin_act(desk, report_id, in, &act, eb);

	if (err)
		return err;
	e = find_extension(&act, in->extension ? in->extension : "");
	if (!e)
		return errbuf_set(eb, ERR_STATE,
			"the law has no such extension as number %d of this clock",
			act.clock.stage + 1);
	err = legal_may(desk, in->actor, e->roles, eb);
	if (!err)
		err = extended_due(desk, &act, e, &due_ms);
	if (err)
		return err;
	was_ms = act.clock.due_ms;
	if (due_ms <= was_ms)
		return errbuf_set(eb, ERR_STATE, "that would not lengthen it");
	err = legal_note(desk, report_id, in->reason, &act.note_id, eb);
	act.clock.due_ms = due_ms;
	act.clock.stage++;
	renew(desk, act.def, &act.clock, act.now.ms);
	return err ? err : finish_act(desk, &act, "extend", was_ms, e->code, in->actor);
}

enum err desk_clock_done(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *in, struct errbuf *eb)
{
	CLEANUP(act_done) struct act act;
	enum err err = begin_act(desk, report_id, in, &act, eb);

	if (err)
		return err;
	if (act.def->ends == REGIME_END_CLASSIFIED)
		return errbuf_set(
			eb, ERR_STATE, "this clock ends only when the report is classified");
	err = legal_note(desk, report_id, in->reason, &act.note_id, eb);
	if (!err)
		err = legal_clock_stop(
			desk, &act.clock, act.now.ms, "hand", in->actor, act.note_id);
	return err ? err
		   : legal_event(desk, "clock.end", report_id, in->actor,
			     legal_class_text(act.regime.class), act.clock.code);
}
