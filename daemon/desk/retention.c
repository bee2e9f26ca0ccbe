/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/retention.h"

#include "config/law.h"
#include "daemon/desk/desk_private.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/party.h"
#include "store/report_class.h"
#include "store/resident.h"
#include "store/retention.h"

#include <string.h>

#define RETENTION_BATCH 50 /* reports a minute and step: some 500 rows in one commit */

/* Whoever wrote something that is no report (a question about a state, a menu) is known so long. */
#define RETENTION_LOOSE_MS (90 * DAY_MS)

/* Reports of one call, since what is done to them may not run within the list. */
struct batch {
	struct report reports[RETENTION_BATCH];
	int count;
};

static void batch_add(void *arg, const struct report *report)
{
	struct batch *batch = arg;

	if (batch->count < RETENTION_BATCH)
		batch->reports[batch->count++] = *report;
}

static enum err retention_event(
	struct desk *desk, const char *kind, const struct report *report, const char *actor)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "report/%lld", (long long)report->id);
	return event_add(desk->store, kind, subject, actor, "{}");
}

/* --- when ------------------------------------------------------------------------------------- */

/* The record of its class that was in force when it was closed. */
static enum err regime_of(
	struct desk *desk, int64_t report_id, int64_t closed_ms, const struct regime **ret_regime)
{
	enum legal_class class = LEGAL_CLASS_RECEPTION;
	int64_t day = calendar_day(desk->law->calendar, closed_ms);
	struct report_class decided;
	enum err err = report_class_load(desk->store, report_id, &decided);

	if (!err)
		err = legal_class_of(decided.class, &class);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_regime = law_regime(desk->law, class, day);
	/* A class without a record for that day, which the data rules out for the first one. */
	if (!*ret_regime)
		*ret_regime = law_regime(desk->law, LEGAL_CLASS_RECEPTION, day);
	return *ret_regime ? ERR_OK : ERR_NOT_FOUND;
}

static enum err plan_one(struct desk *desk, const struct report *report)
{
	struct retention retention;
	const struct regime *regime;
	int64_t sanitise_ms, erase_ms;
	enum err err = retention_load(desk->store, report->id, &retention);

	if (!err)
		err = regime_of(desk, report->id, retention.closed_ms, &regime);
	if (err)
		return err;
	erase_ms = term_end_ms(desk->law->calendar, &regime->retention.keep, retention.closed_ms);
	sanitise_ms = report->is_anonymous
			      ? retention.closed_ms
			      : term_end_ms(desk->law->calendar, &regime->retention.sender,
					retention.closed_ms);
	if (sanitise_ms > erase_ms)
		sanitise_ms = erase_ms;
	return retention_plan(desk->store, report->id, sanitise_ms, erase_ms);
}

static enum err plan(struct desk *desk)
{
	struct batch batch = {0};
	enum err err = retention_unplanned(desk->store, RETENTION_BATCH, batch_add, &batch);

	for (int i = 0; !err && i < batch.count; i++)
		err = plan_one(desk, &batch.reports[i]);
	return err;
}

/* --- what is due ------------------------------------------------------------------------------ */

static enum err step_one(
	struct desk *desk, enum retention_step step, const struct report *report, const char *actor)
{
	bool is_erasure = step == RETENTION_ERASE;
	enum err err = store_savepoint_begin(desk->store);

	if (err)
		return err;
	err = is_erasure ? report_erase(desk->store, report->id)
			 : report_sanitise(desk->store, report->id);
	if (!err)
		err = retention_event(
			desk, is_erasure ? "report.erased" : "report.sanitised", report, actor);
	if (!err)
		return store_savepoint_release(desk->store);
	store_savepoint_rollback(desk->store);
	log_error("retention", "report=%lld err=%s", (long long)report->id, err_name(err));
	return err;
}

static enum err step(struct desk *desk, enum retention_step step, bool is_clock_known)
{
	struct batch batch = {0};
	enum err err = retention_due(
		desk->store, step, desk_now(desk), 0, RETENTION_BATCH, batch_add, &batch);

	for (int i = 0; !err && i < batch.count; i++) {
		/* That an anonymous sender is forgotten depends on no clock. */
		if (is_clock_known || (step == RETENTION_SANITISE && batch.reports[i].is_anonymous))
			err = step_one(desk, step, &batch.reports[i], "system");
	}
	return err;
}

static enum err forget_old(struct desk *desk)
{
	int64_t before_ms = desk_now(desk) - RETENTION_LOOSE_MS;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < RETENTION_BATCH; i++)
		err = retention_forget_one(desk->store, before_ms);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err retention_tick(struct desk *desk)
{
	/* Erasing can't be undone: a clock that woke up years ahead must not bring it about. */
	bool is_clock_known = desk_trust(desk) >= CLOCK_NETWORK;
	enum err err = desk->law ? plan(desk) : ERR_OK;

	if (!err)
		err = step(desk, RETENTION_SANITISE, is_clock_known);
	if (!err)
		err = step(desk, RETENTION_ERASE, is_clock_known);
	if (!err && is_clock_known)
		err = forget_old(desk);
	return err;
}

/* --- holds ------------------------------------------------------------------------------------ */

enum err desk_hold(struct desk *desk, int64_t report_id, const char *reason, const char *actor,
	struct errbuf *eb)
{
	struct report report = {.id = report_id};
	struct retention retention;
	CLEAN_BUF text = {0};
	enum err err = retention_load(desk->store, report_id, &retention);

	if (err)
		return err;
	if (retention.erased_ms)
		return errbuf_set(eb, ERR_STATE, "the report was erased: there is nothing to hold");
	buf_init(&text, 4 * RETENTION_REASON_MAX);
	err = sms_text_normalize(reason, &text);
	if (err || !desk_letters(buf_text(&text)))
		err = errbuf_set(eb, ERR_INVALID, "say why the report must be kept");
	else if (text.len > RETENTION_REASON_MAX)
		err = errbuf_set(eb, ERR_TOO_BIG, "the reason is longer than %d bytes",
			RETENTION_REASON_MAX);
	if (!err)
		err = retention_hold(desk->store, report_id, actor, buf_text(&text));
	buf_wipe(&text);
	return err ? err : retention_event(desk, "report.held", &report, actor);
}

enum err desk_release(struct desk *desk, int64_t report_id, const char *actor, struct errbuf *eb)
{
	struct report report = {.id = report_id};
	enum err err = retention_release(desk->store, report_id);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "nobody holds the report");
	return err ? err : retention_event(desk, "report.released", &report, actor);
}

/* --- on request ------------------------------------------------------------------------------- */

static const char *const forget_texts[] = {
#define X(name, text) [FORGET_##name] = text,
	FORGET_TABLE(X)
#undef X
};

const char *forget_text(enum forget what)
{
	return forget_texts[what];
}

static enum err what_becomes(struct desk *desk, int64_t report_id, enum forget *ret_what)
{
	struct retention retention;
	const struct regime *regime;
	enum err err = retention_load(desk->store, report_id, &retention);

	if (!err && !retention.closed_ms)
		*ret_what = FORGET_OPEN;
	if (err || !retention.closed_ms)
		return err;
	if (!desk->law) {
		*ret_what = FORGET_LAW; /* nobody says what may go */
		return ERR_OK;
	}
	err = regime_of(desk, report_id, retention.closed_ms, &regime);
	if (!err)
		*ret_what = retention.is_held		       ? FORGET_HELD
			    : !regime->retention.is_on_request ? FORGET_LAW
							       : FORGET_ERASED;
	return err;
}

/* The tick does the rest, with all that it waits for. */
static enum err expire_reports(struct desk *desk, const struct batch *batch, const char *actor)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < batch->count; i++) {
		const struct report *report = &batch->reports[i];
		enum forget what;

		err = what_becomes(desk, report->id, &what);
		if (!err && what == FORGET_ERASED)
			err = retention_plan(
				desk->store, report->id, desk_now(desk), desk_now(desk));
		if (!err && what == FORGET_ERASED)
			err = retention_event(desk, "report.erasure_asked", report, actor);
	}
	return err;
}

/* Not to one who asked never to be written to, and not to whom nothing reaches. */
static enum err tell_sender(struct desk *desk, const struct party *party, const struct batch *his)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct desk_way way = {.is_open = false};
	CLEAN_BUF text = {0};
	int64_t id;
	enum err err;

	for (int i = 0; i < his->count; i++) {
		if (his->reports[i].is_quiet)
			return ERR_OK;
	}
	err = desk_gate(desk, party->id, &way);
	if (err || !way.is_open)
		return err;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = desk_phrase(&way, "data_forgotten", none, &text);
	return err ? err
		   : desk_say(desk, party->id, way.channel, OUTBOX_KIND_ANSWER, 0, buf_text(&text),
			     &id);
}

static enum err forget_sender(struct desk *desk, const struct party *party, const char *actor)
{
	struct batch *his = calloc(1, sizeof(*his));
	enum err err = his ? report_of_party(
				     desk->store, party->id, RETENTION_BATCH, batch_add, his)
			   : ERR_NOMEM;

	if (!err)
		err = expire_reports(desk, his, actor);
	if (!err)
		err = tell_sender(desk, party, his);
	if (!err)
		err = retention_expire_party(desk->store, party->id);
	free(his);
	return err;
}

static enum err sender_of(
	struct desk *desk, const struct forget_ask *ask, struct party *ret_party, struct errbuf *eb)
{
	struct report report;
	enum err err;

	if (ask->phone)
		return party_find(desk->store, PARTY_PHONE, ask->phone, ret_party);
	err = report_load(desk->store, ask->report_id, &report);
	if (!err)
		err = party_load(desk->store, report.party_id, ret_party);
	if (!err && (ret_party->kind == PARTY_OFFICE || ret_party->state == PARTY_ARCHIVED))
		return errbuf_set(
			eb, ERR_NOT_FOUND, "who sent this report is not known, or not any more");
	return err;
}

enum err desk_forget(
	struct desk *desk, const struct forget_ask *ask, enum forget *ret_what, struct errbuf *eb)
{
	enum forget what = FORGET_ERASED;
	struct party party;
	enum err err = sender_of(desk, ask, &party, eb);

	if (!err && !ask->phone)
		err = what_becomes(desk, ask->report_id, &what);
	if (!err && ask->phone)
		err = desk_listen_phone(desk, party.id, ask->phone);
	if (!err)
		err = forget_sender(desk, &party, ask->actor);
	desk_listen(desk, 0, 0);
	/* A number that never wrote is answered like one that did. */
	if (err == ERR_NOT_FOUND && ask->phone)
		err = ERR_OK;
	if (!err && ask->phone)
		err = resident_forget(desk->store, ask->phone);
	if (!err)
		err = event_add(desk->store, "subject.forgotten", "", ask->actor, "{}");
	if (!err)
		*ret_what = what;
	return err;
}
