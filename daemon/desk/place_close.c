/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/place_close.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/handling.h"
#include "daemon/desk/keyring.h"
#include "store/enrolment.h"
#include "store/event.h"
#include "store/report_key.h"

#include <string.h>

#define OFFICERS_MAX 4096 /* of one place; a commune has some twenty in all */

struct closing {
	struct desk *desk;
	const struct place_closing *in;
	struct place_closed done;
	struct errbuf *eb;
};

static enum err check_words(struct closing *c)
{
	size_t len = strlen(c->in->reason);

	if (desk_letters(c->in->reason) >= PLACE_REASON_MIN && len <= PLACE_REASON_MAX &&
		!strpbrk(c->in->reason, "\r\n"))
		return ERR_OK;
	return errbuf_set(c->eb, ERR_INVALID, "the reason has %d letters at least, in one line",
		PLACE_REASON_MIN);
}

static enum err find_both(struct closing *c)
{
	struct place *place = &c->done.place, *into = &c->done.into;
	enum err err = place_find(c->desk->store, c->in->code, place);

	if (err == ERR_NOT_FOUND) {
		return errbuf_set(c->eb, err, "there is no place %.31s", c->in->code);
	}
	if (!err && place->closed_ms) {
		return errbuf_set(c->eb, ERR_STATE, "%s is closed already", place->code);
	}
	if (err || !c->in->into[0])
		return err;
	err = place_find_open(c->desk->store, c->in->into, into);
	if (err == ERR_NOT_FOUND) {
		return errbuf_set(c->eb, err, "there is no open place %.31s that could take over",
			c->in->into);
	}
	if (!err && (into->id == place->id || into->kind != place->kind)) {
		return errbuf_set(
			c->eb, ERR_INVALID, "another place of the same kind has to take over");
	}
	return err;
}

/* Neither may lie within what is closed: it would come to lie in itself. */
static enum err check_above(struct closing *c)
{
	int64_t id = c->done.into.parent_id;
	enum err err = ERR_OK;

	for (int depth = 0; !err && id && depth < 16; depth++) {
		struct place place;

		if (id == c->done.place.id) {
			return errbuf_set(c->eb, ERR_STATE,
				"%s lies within %s; give it another parent first",
				c->done.into.code, c->done.place.code);
		}
		err = place_load(c->desk->store, id, &place);
		id = err ? 0 : place.parent_id;
	}
	return err;
}

static enum err check_ties(struct closing *c)
{
	struct place_ties ties = {0};
	enum err err = place_ties(c->desk->store, &c->done.place, &ties);

	if (err)
		return err;
	if (ties.groups) {
		return errbuf_set(c->eb, ERR_STATE,
			"a Zalo group belongs to it; link it to another place or delete it first");
	}
	if (ties.bulletins) {
		return errbuf_set(c->eb, ERR_STATE,
			"%lld bulletins that are not finished name it; send, change or discard "
			"them first",
			(long long)ties.bulletins);
	}
	if (ties.below && !c->done.into.id) {
		return errbuf_set(c->eb, ERR_STATE,
			"%lld places lie within it; say which place takes over",
			(long long)ties.below);
	}
	return ERR_OK;
}

/* ---- reports ----------------------------------------------------------------------------------
 */

static enum err may_move(struct closing *c, const struct report *report, bool *ret_held)
{
	*ret_held = true;
	/* While there are no officers whoever is at the box is the office. */
	if (!c->desk->has_seat || c->desk->seat.id == KEY_HOLDER_BOX)
		return ERR_OK;
	return report_key_held(c->desk->store, c->desk->seat.id, report->id, ret_held);
}

/* One about an officer that the caller can't read is none that he may learn of. Where it happened
 * is in the clear, so it moves all the same, and stays with those who have its key. */
static enum err move_report(struct closing *c, const struct report *report)
{
	bool is_held;
	enum err err = may_move(c, report, &is_held);

	if (err)
		return err;
	if (!is_held && report->is_confined)
		return c->done.into.id
			       ? report_set_hamlet(c->desk->store, report->id, c->done.into.code)
			       : ERR_OK;
	if (!c->done.into.id) {
		return errbuf_set(c->eb, ERR_STATE,
			"there are open reports of it; say which place takes over");
	}
	if (!is_held) {
		return errbuf_set(c->eb, ERR_DENIED,
			"there are open reports of it that you can't read yourself, so that you "
			"can't move them");
	}
	c->done.reports += !report->is_confined;
	return desk_report_place(c->desk, report->id, c->done.into.code, c->in->actor, c->eb);
}

static enum err move_reports(struct closing *c)
{
	int64_t id = 0;
	enum err err;

	while (!(err = report_of_hamlet_next(c->desk->store, c->done.place.code, id, &id))) {
		struct report report;

		err = report_load(c->desk->store, id, &report);
		if (!err && !str_eq(report.state, "closed"))
			err = move_report(c, &report);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- people -----------------------------------------------------------------------------------
 */

struct officer_ids {
	struct buf ids; /* of int64_t */
	enum err err;
};

static void keep_officer(void *arg, int64_t id)
{
	struct officer_ids *list = arg;

	if (!list->err)
		list->err = buf_add(&list->ids, &id, sizeof(id));
}

static void officer_ids_done(struct officer_ids *list)
{
	buf_done(&list->ids);
}

static int officer_count(const struct officer_ids *list)
{
	return (int)(list->ids.len / sizeof(int64_t));
}

static int64_t officer_at(const struct officer_ids *list, int i)
{
	int64_t id;

	memcpy(&id, list->ids.data + (size_t)i * sizeof(id), sizeof(id));
	return id;
}

static enum err find_officers(struct closing *c, struct officer_ids *list)
{
	enum err err = officer_of_place(c->desk->store, c->done.place.id, keep_officer, list);

	if (!err)
		err = list->err;
	return err == ERR_TOO_BIG
		       ? errbuf_set(c->eb, err,
				 "more than %d officers look after it; take some off it first",
				 OFFICERS_MAX)
		       : err;
}

/* They look after the other place from now on; without one they have one place less. */
static enum err move_officers(struct closing *c, const struct officer_ids *list)
{
	struct store *store = c->desk->store;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < officer_count(list); i++) {
		int64_t id = officer_at(list, i);
		bool has = false;

		if (c->done.into.id)
			err = officer_has_place(store, id, c->done.into.id, &has);
		if (!err)
			err = officer_place_set(store, id, c->done.place.id, false);
		if (!err && c->done.into.id && !has)
			err = officer_place_set(store, id, c->done.into.id, true);
		c->done.officers += c->done.into.id && !has;
	}
	return err;
}

/* What they saw by the place and nothing else, now that its reports have moved. */
static enum err review_officers(struct closing *c, const struct officer_ids *list)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < officer_count(list); i++)
		err = keyring_review(c->desk, officer_at(list, i), c->in->actor);
	return err;
}

static enum err move_people(struct closing *c)
{
	int64_t residents = 0, on_zalo = 0;
	struct place *place = &c->done.place;
	struct store *store = c->desk->store;
	enum err err = place_counts(store, place->id, &residents, &on_zalo);

	if (!err && residents && !c->done.into.id) {
		return errbuf_set(c->eb, ERR_STATE,
			"there are %lld residents on its list; say which place takes over",
			(long long)residents);
	}
	if (err || !c->done.into.id)
		return err;
	err = place_move(store, place->id, c->done.into.id, &c->done.moved);
	return err ? err : enrolment_move(store, place->id, c->done.into.id, &c->done.enrolments);
}

static enum err note(struct closing *c)
{
	char subject[48], data[EVENT_DATA_MAX];
	struct place_closed *done = &c->done;

	snprintf(subject, sizeof(subject), "place/%s", done->place.code);
	snprintf(data, sizeof(data),
		"{\"into\":\"%s\",\"residents\":%lld,\"reports\":%lld,\"officers\":%lld}",
		done->into.code, (long long)done->moved.residents, (long long)done->reports,
		(long long)done->officers);
	return event_add(c->desk->store, "place.closed", subject, c->in->actor, data);
}

enum err desk_place_close(struct desk *desk, const struct place_closing *in,
	struct place_closed *ret_closed, struct errbuf *eb)
{
	struct closing c = {.desk = desk, .in = in, .eb = eb};
	CLEANUP(officer_ids_done) struct officer_ids officers = {.err = ERR_OK};
	enum err err = check_words(&c);

	buf_init(&officers.ids, OFFICERS_MAX * sizeof(int64_t));
	if (!err)
		err = find_both(&c);
	if (!err)
		err = check_above(&c);
	if (!err)
		err = check_ties(&c);
	if (!err)
		err = find_officers(&c, &officers);
	/* Before the reports: whoever gets the place gets their keys with them. */
	if (!err)
		err = move_officers(&c, &officers);
	if (!err)
		err = move_reports(&c);
	if (!err)
		err = move_people(&c);
	if (!err)
		err = place_close(desk->store, c.done.place.id, c.done.into.id);
	if (!err)
		err = review_officers(&c, &officers);
	if (!err)
		err = note(&c);
	if (!err)
		err = place_load(desk->store, c.done.place.id, &c.done.place);
	if (!err)
		*ret_closed = c.done;
	return err;
}
