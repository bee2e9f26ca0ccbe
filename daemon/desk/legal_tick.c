/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clocks are looked at once a minute. What is to be warned of and what is newly late is marked
 * in the same transaction in which the message about it is queued, so that no restart says it
 * twice; and however many they are, each officer gets one message, and the next one not before
 * DESK_BUNDLE_MS. Whose report is nobody's is told to the duty side.
 */
#include "daemon/desk/legal_private.h"
#include "store/legal_time.h"
#include "store/officer.h"
#include "store/place.h"
#include "store/report_key.h"

#include <string.h>

#define TICK_MS	       MINUTE_MS
#define TOLD_MAX       400 /* clocks in one round: the rest in the next */
#define RECIPIENTS_MAX 32  /* officers in one round; a commune has fewer */
#define NOTICES_MAX    200
#define OFFICERS_MAX   16 /* of one hamlet */
#define NAMED_MAX      3  /* reports that a message names */

/* What one of them is told. */
struct recipient {
	int64_t officer_id; /* 0 the duty side */
	int late, soon;
	int64_t reports[NAMED_MAX + 1];
	int report_count;
};

struct round {
	struct desk *desk;
	struct legal_now now;
	struct report_clock clocks[TOLD_MAX];
	int count;
	struct recipient recipients[RECIPIENTS_MAX];
	int recipient_count;
};

static void keep(void *arg, const struct report_clock *clock)
{
	struct round *round = arg;

	if (round->count < TOLD_MAX)
		round->clocks[round->count++] = *clock;
}

/* Who may not read a report (it may be about him) is told nothing of it either. */
static enum err may_read(
	struct round *round, const struct report *report, int64_t officer_id, bool *ret_may)
{
	struct store *store = round->desk->store;
	bool is_his = false, is_box = false;
	enum err err = report_key_held(store, officer_id, report->id, &is_his);

	/* The box has the key of all while there is nobody to seal them to. */
	if (!err && !is_his)
		err = report_key_held(store, KEY_HOLDER_BOX, report->id, &is_box);
	*ret_may = is_his || is_box;
	return err;
}

static enum err if_reached(
	struct round *round, const struct report *report, int64_t officer_id, int64_t *ret_id)
{
	struct officer officer;
	bool may = false;
	enum err err = officer_load(round->desk->store, officer_id, &officer);

	if (!err)
		err = may_read(round, report, officer_id, &may);
	if (!err && may && officer.state == OFFICER_ACTIVE && officer.has_phone)
		*ret_id = officer.id;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

struct officers_of {
	int64_t ids[OFFICERS_MAX];
	int count;
};

static void keep_officer(void *arg, int64_t id)
{
	struct officers_of *of = arg;

	if (of->count < OFFICERS_MAX)
		of->ids[of->count++] = id;
}

/* Who works on it, else who looks after its hamlet, if he can be reached; 0: the duty side. */
static enum err responsible(struct round *round, const struct report *report, int64_t *ret_id)
{
	struct officers_of of = {.count = 0};
	struct place place;
	enum err err;

	*ret_id = 0;
	if (report->assignee_id)
		return if_reached(round, report, report->assignee_id, ret_id);
	if (!report->hamlet[0])
		return ERR_OK;
	err = place_find(round->desk->store, report->hamlet, &place);
	if (!err)
		err = officer_of_place(round->desk->store, place.id, keep_officer, &of);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	for (int i = 0; !err && !*ret_id && i < of.count; i++)
		err = if_reached(round, report, of.ids[i], ret_id);
	return err;
}

static struct recipient *recipient_of(struct round *round, int64_t officer_id)
{
	for (int i = 0; i < round->recipient_count; i++) {
		if (round->recipients[i].officer_id == officer_id)
			return &round->recipients[i];
	}
	/* The first is the duty side, which takes what does not fit. */
	if (round->recipient_count == RECIPIENTS_MAX)
		return &round->recipients[0];
	round->recipients[round->recipient_count] = (struct recipient){.officer_id = officer_id};
	return &round->recipients[round->recipient_count++];
}

static void name_report(struct recipient *recipient, int64_t report_id)
{
	for (int i = 0; i < recipient->report_count; i++) {
		if (recipient->reports[i] == report_id)
			return;
	}
	if (recipient->report_count <= NAMED_MAX)
		recipient->reports[recipient->report_count++] = report_id;
}

static enum err count_clock(struct round *round, const struct report_clock *clock, bool is_late)
{
	struct recipient *recipient;
	struct report report;
	int64_t officer_id = 0;
	enum err err = report_load(round->desk->store, clock->report_id, &report);

	if (!err)
		err = responsible(round, &report, &officer_id);
	if (err)
		return err;
	recipient = recipient_of(round, officer_id);
	if (is_late)
		recipient->late++;
	else
		recipient->soon++;
	name_report(recipient, clock->report_id);
	return ERR_OK;
}

/* Of a clock that is late nobody is warned any more. */
static enum err mark(struct round *round, struct report_clock *clock)
{
	bool is_late = clock->due_ms < round->now.ms;
	struct regime regime;
	const struct regime_clock *def;
	enum err err;

	if (is_late) {
		clock->is_told = true;
		clock->warn_ms = 0;
	} else {
		err = legal_record(round->desk, clock->regime_id, &regime);
		if (err)
			return err;
		def = regime_clock_find(&regime, clock->code);
		clock->warn_ms = def ? legal_clock_warning(round->desk, def, clock, round->now.ms)
				     : 0;
		regime_done(&regime);
	}
	err = report_clock_save(round->desk->store, clock);
	return err ? err : count_clock(round, clock, is_late);
}

static enum err list_reports(
	struct round *round, const struct recipient *recipient, struct buf *out)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < recipient->report_count && i < NAMED_MAX; i++) {
		struct report report;

		err = report_load(round->desk->store, recipient->reports[i], &report);
		if (!err)
			err = buf_addf(out, "%s%d/%d", i ? ", " : "", report.number, report.year);
	}
	if (!err && recipient->report_count > NAMED_MAX)
		err = buf_adds(out, "...");
	return err;
}

static enum err tell(struct round *round, const struct recipient *recipient)
{
	char late[16], soon[16];
	CLEAN_BUF list = {0};
	enum err err;

	buf_init(&list, 128);
	snprintf(late, sizeof(late), "%d", recipient->late);
	snprintf(soon, sizeof(soon), "%d", recipient->soon);
	err = list_reports(round, recipient, &list);
	if (err)
		return err;
	const struct phrase_field fields[] = {
		{"late", late}, {"soon", soon}, {"list", buf_text(&list)}, {NULL, NULL}};

	log_info("clock", "told officer=%lld late=%d soon=%d", (long long)recipient->officer_id,
		recipient->late, recipient->soon);
	return recipient->officer_id ? desk_tell_officer(round->desk, recipient->officer_id,
					       LANE_ALARM, "clock_alarm", fields)
				     : desk_alarm(round->desk, "clock_alarm", fields);
}

static enum err collect(struct round *round)
{
	struct store *store = round->desk->store;
	bool is_open = calendar_is_working(round->desk->law->calendar, round->now.ms);
	enum err err = report_clock_late(store, round->now.ms, is_open, TOLD_MAX, keep, round);

	/* What became late before it was warned of is told once, as late. */
	for (int i = 0; !err && i < round->count; i++)
		err = mark(round, &round->clocks[i]);
	round->count = 0;
	if (!err)
		err = report_clock_warn(store, round->now.ms, is_open, TOLD_MAX, keep, round);
	for (int i = 0; !err && i < round->count; i++)
		err = mark(round, &round->clocks[i]);
	return err;
}

static enum err tell_all(struct desk *desk, const struct legal_now *now)
{
	struct round *round;
	struct legal_time time;
	enum err err = legal_time_load(desk->store, &time);

	if (err || (time.told_ms && now->ms < time.told_ms + DESK_BUNDLE_MS))
		return err;
	round = calloc(1, sizeof(*round));
	if (!round)
		return ERR_NOMEM;
	round->desk = desk;
	round->now = *now;
	recipient_of(round, 0);
	err = collect(round);
	for (int i = 0; !err && i < round->recipient_count; i++) {
		if (!round->recipients[i].late && !round->recipients[i].soon)
			continue;
		err = tell(round, &round->recipients[i]);
		time.told_ms = now->ms;
	}
	if (!err && time.told_ms == now->ms)
		err = legal_time_save(desk->store, &time);
	free(round);
	return err;
}

/* A notice has left: the clock stops when it did. One that never will leaves the clock running. */
static enum err settle_notices(struct desk *desk, const struct legal_now *now)
{
	struct report_clock clock;
	int64_t sent_ms;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < NOTICES_MAX; i++) {
		err = report_clock_noticed(desk->store, &clock, &sent_ms);
		if (err)
			return err == ERR_NOT_FOUND ? ERR_OK : err;
		if (sent_ms) {
			err = legal_clock_stop(desk, &clock, sent_ms - (now->wall_ms - now->ms),
				"notice", "system", 0);
		} else {
			log_warn("clock", "id=%lld report=%lld notice=not_sent",
				(long long)clock.id, (long long)clock.report_id);
			clock.outbox_id = 0;
			err = report_clock_save(desk->store, &clock);
		}
	}
	return err;
}

static enum err look(struct desk *desk)
{
	struct legal_now now;
	enum err err = legal_time_correct(desk);

	if (!err)
		err = legal_now(desk, &now);
	if (!err)
		err = settle_notices(desk, &now);
	return err ? err : tell_all(desk, &now);
}

enum err desk_legal_tick(struct desk *desk, int64_t *ret_next_ms)
{
	enum err err;

	if (!desk->law) {
		*ret_next_ms = INT64_MAX;
		return ERR_OK;
	}
	err = store_savepoint_begin(desk->store);
	if (err)
		return err;
	err = look(desk);
	if (err) {
		store_savepoint_rollback(desk->store);
		return err;
	}
	err = store_savepoint_release(desk->store);
	if (!err)
		*ret_next_ms = desk_now(desk) + TICK_MS;
	return err;
}
