/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/handling.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/entitlement.h"
#include "daemon/desk/secrecy.h"
#include "gateway/sms_text.h"
#include "store/officer.h"
#include "store/place.h"

#include <string.h>

#define NOTE_MAX 4000 /* bytes */

static enum err find(
	struct desk *desk, int64_t report_id, struct report *ret_report, struct errbuf *eb)
{
	enum err err = report_load(desk->store, report_id, ret_report);

	return err == ERR_NOT_FOUND ? errbuf_set(eb, err, "there is no such report") : err;
}

static enum err check_place(struct desk *desk, const char *code, struct errbuf *eb)
{
	struct place place;
	enum err err;

	if (!code[0])
		return ERR_OK;
	err = place_find_open(desk->store, code, &place);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no place %.31s; see binhyenctl places", code);
	if (!err && place.kind != PLACE_HAMLET && place.kind != PLACE_COMMUNE)
		return errbuf_set(eb, ERR_INVALID, "%s is no hamlet", place.code);
	return err;
}

enum err desk_report_place(struct desk *desk, int64_t report_id, const char *code,
	const char *actor, struct errbuf *eb)
{
	struct report report;
	enum err err = find(desk, report_id, &report, eb);

	if (!err)
		err = check_place(desk, code, eb);
	if (!err)
		err = report_set_hamlet(desk->store, report.id, code);
	if (!err)
		err = entitlement_changed(desk, report.id, actor);
	return err ? err : desk_event_word(desk, "report.placed", &report, actor, "hamlet", code);
}

static enum err find_officer(
	struct desk *desk, const char *login, struct officer *ret_officer, struct errbuf *eb)
{
	enum err err = officer_find(desk->store, login, ret_officer);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no officer %.32s", login);
	if (!err && ret_officer->state != OFFICER_ACTIVE)
		return errbuf_set(
			eb, ERR_STATE, "%s does not work here at present", ret_officer->login);
	if (!err && ret_officer->role == OFFICER_CHAIRMAN)
		return errbuf_set(eb, ERR_INVALID,
			"nothing is assigned to the chairman; what is about the chief is his without that");
	if (!err && ret_officer->role == OFFICER_IT)
		return errbuf_set(
			eb, ERR_INVALID, "%s does not handle reports", ret_officer->login);
	return err;
}

/* Nobody works on what is said about him or about who is above him; so that what is about the chief
 * is given to nobody of the police at all. */
static enum err check_not_about(struct desk *desk, const struct report *report,
	const struct officer *officer, struct errbuf *eb)
{
	struct entitlement e;
	bool is_barred = false;
	enum err err = entitlement_of(desk, report, &e);

	if (!err)
		err = entitlement_is_barred(desk, &e, officer, &is_barred);
	if (!err && is_barred && e.is_about_chief)
		return errbuf_set(eb, ERR_DENIED,
			"it is about the chief, and %s works under him: the chairman handles it himself, or transfers it to another authority (outcome \"transferred\", with addressee and receipt)",
			officer->login);
	if (!err && is_barred)
		return errbuf_set(eb, ERR_DENIED,
			"%s can't work on it: it is about him or about somebody above him",
			officer->login);
	return err;
}

enum err desk_report_assign(struct desk *desk, int64_t report_id, const char *login,
	const char *actor, struct errbuf *eb)
{
	struct officer officer = {.id = 0};
	struct report report;
	enum err err = find(desk, report_id, &report, eb);

	if (!err && login[0])
		err = find_officer(desk, login, &officer, eb);
	if (!err && officer.id)
		err = check_not_about(desk, &report, &officer, eb);
	if (!err)
		err = report_set_assignee(desk->store, report.id, officer.id);
	if (!err)
		err = entitlement_changed(desk, report.id, actor);
	return err ? err
		   : desk_event(desk, "report.assigned", &report, actor, "officer", officer.id);
}

enum err desk_report_note(struct desk *desk, int64_t report_id, const char *text, const char *actor,
	struct errbuf *eb)
{
	struct report report;
	CLEAN_BUF normal = {0};
	enum err err = find(desk, report_id, &report, eb);

	if (err)
		return err;
	buf_init(&normal, NOTE_MAX);
	err = sms_text_normalize(text, &normal);
	if (err == ERR_TOO_BIG)
		return errbuf_set(eb, err, "the note is longer than %d bytes", NOTE_MAX);
	if (err || !buf_text(&normal)[strspn(buf_text(&normal), " \n")])
		return errbuf_set(eb, ERR_INVALID, "the note is empty, or not valid UTF-8 text");
	err = report_entry_add(
		desk->store, report.id, REPORT_ENTRY_NOTE, desk_now(desk), 0, buf_text(&normal));
	if (!err)
		err = desk_secrecy_incoming(desk, &report, buf_text(&normal));
	if (!err)
		err = desk_event(desk, "report.noted", &report, actor, "number", report.number);
	buf_wipe(&normal);
	return err;
}

static bool is_conduct(const struct report *report)
{
	return str_eq(report->category, "conduct");
}

static bool is_closed(const struct report *report)
{
	return str_eq(report->state, "closed");
}

struct pointing {
	int64_t ids[DESK_NEAR_MAX * 4];
	int count;
};

static void keep_id(void *arg, const struct report *report)
{
	struct pointing *p = arg;

	if (p->count < (int)ARRAY_LEN(p->ids))
		p->ids[p->count++] = report->id;
}

/* Those that pointed to it point to the new main one. */
static enum err take_along(struct desk *desk, int64_t from_id, int64_t to_id)
{
	struct pointing p;
	enum err err;

	do {
		p.count = 0;
		err = report_merged(desk->store, from_id, keep_id, &p);
		for (int i = 0; !err && i < p.count; i++)
			err = report_merge(desk->store, p.ids[i], to_id);
	} while (!err && p.count == (int)ARRAY_LEN(p.ids));
	return err;
}

static enum err undo(
	struct desk *desk, const struct report *report, const char *actor, struct errbuf *eb)
{
	struct report main;
	enum err err;

	if (!report->merged_into)
		return errbuf_set(eb, ERR_STATE, "report %d/%d is not merged into another",
			report->number, report->year);
	if (is_closed(report))
		return errbuf_set(eb, ERR_STATE,
			"report %d/%d was closed with the one that it is merged into",
			report->number, report->year);
	err = report_load(desk->store, report->merged_into, &main);
	if (!err)
		err = report_merge(desk->store, report->id, 0);
	return err ? err : desk_event(desk, "report.unmerged", report, actor, "main", main.number);
}

enum err desk_report_merge(
	struct desk *desk, int64_t report_id, int64_t main_id, const char *actor, struct errbuf *eb)
{
	struct report report, main;
	enum err err = find(desk, report_id, &report, eb);

	if (!err && !main_id)
		return undo(desk, &report, actor, eb);
	if (!err)
		err = find(desk, main_id, &main, eb);
	if (err)
		return err;
	if (report.id == main.id)
		return errbuf_set(eb, ERR_INVALID, "a report is not merged into itself");
	if (report.merged_into || main.merged_into)
		return errbuf_set(eb, ERR_STATE,
			"report %d/%d is merged into another already; undo that first, or merge into that one",
			report.merged_into ? report.number : main.number,
			report.merged_into ? report.year : main.year);
	/* Number, class and clocks of it are settled, and its sender was told so. */
	if (is_closed(&report) || is_closed(&main))
		return errbuf_set(eb, ERR_STATE,
			"a report that is closed is not merged with another; link them");
	if (is_conduct(&report) != is_conduct(&main) || report.is_confined != main.is_confined)
		return errbuf_set(eb, ERR_STATE,
			"a report about the conduct of officials is not merged with another; link them");
	err = take_along(desk, report.id, main.id);
	if (!err)
		err = report_merge(desk->store, report.id, main.id);
	return err ? err : desk_event(desk, "report.merged", &report, actor, "main", main.number);
}

enum err desk_report_link(struct desk *desk, int64_t report_id, int64_t other_id, bool is_linked,
	const char *actor, struct errbuf *eb)
{
	struct report report, other;
	enum err err = find(desk, report_id, &report, eb);

	if (!err)
		err = find(desk, other_id, &other, eb);
	if (!err && report.id == other.id)
		return errbuf_set(eb, ERR_INVALID, "a report is not linked to itself");
	if (err)
		return err;
	err = is_linked ? report_link_add(desk->store, report.id, other.id, REPORT_LINK_RELATED)
			: report_link_remove(desk->store, report.id, other.id, REPORT_LINK_RELATED);
	/* It was made from the other side. */
	if (err == ERR_NOT_FOUND)
		err = report_link_remove(desk->store, other.id, report.id, REPORT_LINK_RELATED);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "no officer has linked these reports");
	return err ? err
		   : desk_event(desk, is_linked ? "report.linked" : "report.unlinked", &report,
			     actor, "other", other.number);
}

enum err desk_report_near(struct desk *desk, const struct report *report, report_fn fn, void *arg)
{
	return report_near(desk->store, report, DESK_NEAR_MS, DESK_NEAR_MAX, fn, arg);
}
