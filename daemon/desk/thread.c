/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/thread.h"

#include "daemon/desk/category.h"
#include "daemon/desk/confinement.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/secrecy.h"
#include "store/report_link.h"

/* What the rule looks at: reports of one sender, newest first. */
struct candidates {
	struct report reports[DESK_THREAD_REPORTS];
	int count;
};

struct thread {
	struct desk *desk;
	const struct desk_message *message;
	struct candidates his;
	struct report quoted;	   /* may be older than those */
	const struct report *to;   /* gets it */
	const struct report *from; /* the new one follows it */
	int64_t named_id;	   /* of another sender */
};

static void keep(void *arg, const struct report *report)
{
	struct candidates *his = arg;

	his->reports[his->count++] = *report;
}

static enum err load(struct desk *desk, int64_t party_id, struct candidates *his)
{
	his->count = 0;
	return report_of_party(desk->store, party_id, DESK_THREAD_REPORTS, keep, his);
}

static bool is_closed(const struct report *report)
{
	return str_eq(report->state, "closed");
}

/* `then` lies at most `within_ms` back, and not ahead: that comes from a clock that was wrong. */
static bool is_since(int64_t now_ms, int64_t then_ms, int64_t within_ms)
{
	return then_ms <= now_ms && now_ms - then_ms < within_ms;
}

static int64_t last_words_ms(const struct report *report)
{
	return report->told_ms > report->heard_ms ? report->told_ms : report->heard_ms;
}

static bool is_private(const struct report *report, int64_t now_ms)
{
	return (report->is_quiet || report->is_anonymous) && !is_closed(report) &&
	       is_since(now_ms, last_words_ms(report), DESK_PRIVATE_MS);
}

static bool is_spoken_of(struct desk *desk, const struct report *report, int64_t now_ms)
{
	if (!desk->dialogue_ms)
		return false;
	if (report->told_ms && report->told_ms >= report->heard_ms &&
		is_since(now_ms, report->told_ms, DESK_REPLY_MS))
		return true;
	return is_since(now_ms, report->heard_ms, desk->dialogue_ms);
}

/* It came the same way: what is written in a group stays apart from what is written privately. */
static bool is_same_room(const struct thread *t, const struct report *report)
{
	return t->message->is_group == str_eq(report->source, "zalo_group");
}

/* The one of them that was spoken of last. */
static const struct report *spoken_of_last(
	const struct thread *t, int64_t now_ms, bool is_private_only)
{
	const struct report *best = NULL;

	for (int i = 0; i < t->his.count; i++) {
		const struct report *report = &t->his.reports[i];

		if (is_closed(report) || !is_same_room(t, report) ||
			(is_private_only && !is_private(report, now_ms)))
			continue;
		if (!best || last_words_ms(report) > last_words_ms(best))
			best = report;
	}
	return best;
}

static bool is_definite(const char *category)
{
	return !str_eq(category, "other");
}

/* What one story may wander between: words of a theft speak of vehicles, those of a quarrel of
 * blows. */
enum matter { MATTER_UNKNOWN, MATTER_INCIDENT, MATTER_SERVICE, MATTER_CONDUCT };

static enum matter matter_of(const char *code)
{
	enum category category;

	if (category_from_code(code, &category))
		return MATTER_UNKNOWN;
	switch (category) {
	case CATEGORY_ORDER:
	case CATEGORY_CRIME:
	case CATEGORY_SOCIAL_EVIL:
	case CATEGORY_TRAFFIC:
	case CATEGORY_FIRE:
	case CATEGORY_DISPUTE:
		return MATTER_INCIDENT;
	case CATEGORY_GOOD_DEED:
	case CATEGORY_QUESTION:
	case CATEGORY_RESIDENCE:
	case CATEGORY_SUGGESTION:
		return MATTER_SERVICE;
	case CATEGORY_CONDUCT:
		return MATTER_CONDUCT;
	case CATEGORY_OTHER:
		break;
	}
	return MATTER_UNKNOWN;
}

static bool is_other_matter(const struct report *report, const struct report_guess *guess)
{
	enum matter told, known = matter_of(report->category);

	if (!guess)
		return false;
	if (guess->is_danger && report->decided_ms && !desk_is_danger(report))
		return true;
	told = matter_of(guess->category);
	if (told == MATTER_CONDUCT && known != MATTER_CONDUCT)
		return true;
	return told == MATTER_INCIDENT && known == MATTER_SERVICE;
}

/* Who works on an ordinary report may be the one that is complained of, and has its key: such words
 * are never more of it. Nor are words that name the chief more of what he reads. */
static enum err keep_apart(struct thread *t)
{
	const struct report_guess *guess = t->message->report->guess;
	bool is_apart = false;
	enum err err = ERR_OK;

	if (!t->to || !guess || matter_of(guess->category) != MATTER_CONDUCT)
		return ERR_OK;
	if (matter_of(t->to->category) == MATTER_CONDUCT)
		err = confinement_is_beyond(t->desk, t->message->report, t->to, &is_apart);
	else
		is_apart = true;
	if (err || !is_apart)
		return err;
	t->from = t->to;
	t->to = NULL;
	return ERR_OK;
}

/* Rule 1, and what of rule 4 speaks of codes. */
static enum err by_code(struct thread *t)
{
	struct report named;
	enum err err;

	if (!t->message->code[0])
		return ERR_OK;
	for (int i = 0; i < t->his.count; i++) {
		const struct report *report = &t->his.reports[i];

		if (!str_eq(report->code, t->message->code))
			continue;
		if (is_closed(report))
			t->from = report;
		else
			t->to = report;
		return ERR_OK;
	}
	err = report_find_code(t->desk->store, t->message->code, &named);
	/* Naming it would tell the officers who the anonymous one is, when it is his own. */
	if (!err && !t->message->report->is_anonymous)
		t->named_id = named.id;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err by_quote(struct thread *t)
{
	struct report *quoted = &t->quoted;
	enum err err;

	if (t->message->code[0] || !t->message->quoted_id)
		return ERR_OK;
	err = report_load(t->desk->store, t->message->quoted_id, quoted);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	/* What was said in a group is nobody's own; and he may quote what another one was told. */
	if (quoted->party_id != t->message->report->party_id || !is_same_room(t, quoted))
		return ERR_OK;
	if (is_closed(quoted))
		t->from = quoted;
	else
		t->to = quoted;
	return ERR_OK;
}

static enum err decide(struct thread *t, int64_t now_ms)
{
	const struct report_new *in = t->message->report;
	const struct report *last;
	enum err err = by_code(t);

	if (!err)
		err = by_quote(t);
	if (!err && !t->to && !t->from && !t->named_id && !t->message->is_explicit)
		t->to = spoken_of_last(t, now_ms, true);
	if (!err)
		err = keep_apart(t);
	if (err || t->to || t->from || t->named_id)
		return err;
	last = spoken_of_last(t, now_ms, false);
	if (!last || !is_spoken_of(t->desk, last, now_ms))
		return ERR_OK;
	/* Who asks for silence only now starts anew. */
	if ((in->is_quiet && !last->is_quiet) || is_other_matter(last, in->guess))
		t->from = last;
	else
		t->to = last;
	return keep_apart(t);
}

static bool was_quiet(const struct candidates *his, int64_t now_ms)
{
	for (int i = 0; i < his->count; i++) {
		const struct report *report = &his->reports[i];

		if (report->is_quiet && is_since(now_ms, last_words_ms(report), DESK_QUIET_MS))
			return true;
	}
	return false;
}

static enum err open_new(struct thread *t, int64_t now_ms, struct report *ret_report)
{
	struct store *store = t->desk->store;
	struct report_new in = *t->message->report;
	enum err err;

	in.is_quiet = in.is_quiet || was_quiet(&t->his, now_ms);
	err = desk_report_open(t->desk, &in, ret_report);
	if (!err && t->from)
		err = report_link_add(store, ret_report->id, t->from->id, REPORT_LINK_FOLLOWS);
	if (!err && t->named_id)
		err = report_link_add(store, ret_report->id, t->named_id, REPORT_LINK_NAMES);
	return err;
}

/* A guess that says more than what is known so far replaces it; an officer's decision stays. */
static enum err guess_more(struct desk *desk, struct report *report, const struct report_new *in,
	bool *ret_is_new_danger)
{
	const struct report_guess *guess = in->guess;
	bool was_danger = desk_is_danger(report);
	enum err err;

	*ret_is_new_danger = false;
	if (!guess || report->decided_ms || (is_definite(report->category) && !guess->is_danger))
		return ERR_OK;
	err = report_guess_set(desk->store, report->id, guess, in->guess_words);
	if (!err && !is_definite(report->category))
		err = str_copy(report->category, sizeof(report->category), guess->category);
	if (!err && guess->is_danger)
		err = str_copy(report->urgency, sizeof(report->urgency), "danger");
	if (!err)
		err = report_rate(desk->store, report->id, report->category, report->urgency, 0);
	*ret_is_new_danger = !was_danger && desk_is_danger(report);
	/* It may turn out to be about an officer only now. */
	if (!err)
		err = confinement_settle(desk, report->id, false, "system");
	return err ? err : report_load(desk->store, report->id, report);
}

/* What he reads: the emergency numbers when there is a danger, else that his words are there, once
 * after a silence. */
static enum err thank(
	struct desk *desk, const struct report *report, bool is_danger, int64_t silence_ms)
{
	if (is_danger)
		return desk_send_receipt(desk, report);
	if (silence_ms >= 0 && silence_ms < DESK_THANK_MS)
		return ERR_OK;
	return desk_send_thanks(desk, report);
}

static enum err add_more(struct thread *t, int64_t now_ms, struct report *ret_report)
{
	const struct report_new *in = t->message->report;
	struct desk *desk = t->desk;
	struct report report = *t->to;
	int64_t silence_ms = now_ms - report.heard_ms;
	bool is_danger = in->guess && in->guess->is_danger, is_new_danger = false;
	enum err err = report_entry_add(
		desk->store, report.id, REPORT_ENTRY_MORE, in->received_ms, 0, in->text);

	if (!err)
		err = report_set_heard(desk->store, report.id, now_ms);
	if (!err && in->is_quiet && !report.is_quiet) {
		report.is_quiet = true;
		err = desk_report_hush(desk, &report);
	}
	if (!err && !str_eq(report.state, "open"))
		err = report_set_state(desk->store, report.id, "open");
	if (!err)
		err = desk_event(desk, "report.more", &report, "system", "number", report.number);
	if (!err)
		err = guess_more(desk, &report, in, &is_new_danger);
	/* Only now is it known who may be told anything. */
	if (!err)
		err = desk_secrecy_incoming(desk, &report, in->text);
	if (!err && !in->is_told)
		err = thank(desk, &report,
			is_new_danger || (is_danger && silence_ms >= DESK_THANK_MS), silence_ms);
	if (!err)
		err = desk_notify_more(desk, &report, in->text, is_danger);
	if (!err)
		err = report_load(desk->store, report.id, ret_report);
	return err;
}

enum err desk_report_take(struct desk *desk, const struct desk_message *message,
	struct report *ret_report, bool *ret_is_more)
{
	struct thread t = {.desk = desk, .message = message};
	int64_t now_ms = desk_now(desk);
	struct report report;
	enum err err = load(desk, message->report->party_id, &t.his);

	if (!err)
		err = decide(&t, now_ms);
	if (!err)
		err = t.to ? add_more(&t, now_ms, &report) : open_new(&t, now_ms, &report);
	if (err)
		return err;
	*ret_report = report;
	*ret_is_more = t.to != NULL;
	if (t.to)
		log_info("report", "id=%lld more number=%d year=%d", (long long)report.id,
			report.number, report.year);
	return ERR_OK;
}

enum err desk_is_private_dialogue(struct desk *desk, int64_t party_id, bool *ret_is)
{
	struct candidates his;
	int64_t now_ms = desk_now(desk);
	enum err err = load(desk, party_id, &his);

	if (err)
		return err;
	*ret_is = false;
	for (int i = 0; i < his.count; i++)
		*ret_is = *ret_is || is_private(&his.reports[i], now_ms) ||
			  (!is_closed(&his.reports[i]) &&
				  is_spoken_of(desk, &his.reports[i], now_ms));
	return ERR_OK;
}

enum err desk_is_hushed(struct desk *desk, int64_t party_id, bool *ret_is)
{
	struct candidates his;
	enum err err = load(desk, party_id, &his);

	if (!err)
		*ret_is = was_quiet(&his, desk_now(desk));
	return err;
}
