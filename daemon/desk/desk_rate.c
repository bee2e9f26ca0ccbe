/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report is thought to be, and by whom: guessed from its words when it comes in and again
 * when more of it arrives, until an officer decides. A danger that was seen once is not unseen by
 * a guess, only by an officer.
 */
#include "daemon/desk/alarm.h"
#include "daemon/desk/category.h"
#include "daemon/desk/confinement.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/secrecy.h"
#include "store/event.h"

static const char *const urgencies[] = {"normal", "urgent", "danger"};

bool desk_is_danger(const struct report *report)
{
	return str_eq(report->urgency, "danger");
}

/* The sender learns the emergency numbers and the duty officers are rung. */
static enum err raise_alarm(struct desk *desk, const struct report *report)
{
	enum err err = desk_send_receipt(desk, report);

	return err ? err : alarm_begin(desk, report);
}

static enum err guess_again(struct desk *desk, struct report *report,
	const struct report_guess *guess, const char *words)
{
	bool was_danger = desk_is_danger(report);
	enum err err = report_guess_set(desk->store, report->id, guess, words);

	if (err || report->decided_ms)
		return err;
	err = str_copy(report->category, sizeof(report->category), guess->category);
	if (!err && guess->is_danger)
		err = str_copy(report->urgency, sizeof(report->urgency), "danger");
	if (!err)
		err = report_rate(desk->store, report->id, report->category, report->urgency, 0);
	if (!err)
		err = confinement_settle(desk, report->id, false, "system");
	if (!err)
		err = report_load(desk->store, report->id, report);
	if (!err && desk_is_danger(report) && !was_danger)
		return raise_alarm(desk, report);
	/* More of a danger that somebody had taken on, or nobody. */
	if (!err && guess->is_danger && desk_is_danger(report))
		err = alarm_begin(desk, report);
	return err;
}

static enum err amend(struct desk *desk, struct report *report, const struct report_new *in)
{
	enum err err = report_entry_add(
		desk->store, report->id, REPORT_ENTRY_AMENDED, desk_now(desk), 0, in->text);

	if (!err)
		err = desk_event(
			desk, "report.amended", report, "system", "number", report->number);
	if (!err)
		err = guess_again(desk, report, in->guess, in->guess_words);
	/* Only now is it known who may be told anything. */
	if (!err)
		err = desk_secrecy_incoming(desk, report, in->text);
	return err ? err : desk_notify(desk, report, in->text, true);
}

enum err desk_report_amend(struct desk *desk, int64_t report_id, const char *text,
	const struct report_guess *guess, const char *guess_words, struct report *ret_report)
{
	struct report report = {.id = 0};
	struct report_new in = {
		.text = text, .guess = guess, .guess_words = guess_words, .is_incomplete = false};
	bool is_beyond = false;
	enum err err = report_load(desk->store, report_id, &report);

	if (!err)
		err = confinement_is_beyond(desk, &in, &report, &is_beyond);
	if (!err && !is_beyond)
		err = amend(desk, &report, &in);
	in.party_id = report.party_id;
	in.source = report.source;
	in.received_ms = desk_now(desk);
	in.is_quiet = report.is_quiet;
	in.is_anonymous = report.is_anonymous;
	/* The chief has the key of that one, and goes on waiting for the rest of it. */
	if (!err && is_beyond)
		err = desk_report_open(desk, &in, &report);
	if (!err)
		*ret_report = report;
	return err;
}

static enum err check_codes(const char *category, const char *urgency, struct errbuf *eb)
{
	enum category found;

	if (category && category_from_code(category, &found))
		return errbuf_set(eb, ERR_INVALID,
			"there is no such category; order, crime, social_evil, traffic, fire, dispute, conduct, good_deed, question, residence, suggestion or other");
	for (size_t i = 0; urgency && i < ARRAY_LEN(urgencies); i++) {
		if (str_eq(urgencies[i], urgency))
			return ERR_OK;
	}
	return urgency ? errbuf_set(eb, ERR_INVALID, "urgency is normal, urgent or danger")
		       : ERR_OK;
}

static enum err rate_event(struct desk *desk, const struct report *report, const char *actor)
{
	char subject[32], data[96];

	snprintf(subject, sizeof(subject), "report/%lld", (long long)report->id);
	snprintf(data, sizeof(data), "{\"category\":\"%s\",\"urgency\":\"%s\"}", report->category,
		report->urgency);
	return event_add(desk->store, "report.rated", subject, actor, data);
}

enum err desk_report_rate(struct desk *desk, int64_t report_id, const char *category,
	const char *urgency, const char *actor, struct errbuf *eb)
{
	struct report report;
	bool was_danger;
	enum err err = check_codes(category, urgency, eb);

	if (!err)
		err = report_load(desk->store, report_id, &report);
	if (err)
		return err;
	was_danger = desk_is_danger(&report);
	if (category)
		err = str_copy(report.category, sizeof(report.category), category);
	if (!err && urgency)
		err = str_copy(report.urgency, sizeof(report.urgency), urgency);
	if (!err)
		err = report_rate(
			desk->store, report.id, report.category, report.urgency, desk_now(desk));
	if (!err)
		err = rate_event(desk, &report, actor);
	if (!err)
		err = confinement_settle(desk, report.id, true, actor);
	if (!err)
		err = report_load(desk->store, report.id, &report);
	if (!err && desk_is_danger(&report) && !was_danger)
		err = alarm_begin(desk, &report);
	/* Who decides that there is none has it in hand. */
	if (!err && !desk_is_danger(&report) && was_danger)
		err = alarm_in_hand(desk, report.id, actor);
	return err;
}
