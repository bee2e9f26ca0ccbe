/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/entitlement.h"

#include "daemon/desk/desk_private.h"
#include "store/escrow.h"
#include "store/event.h"
#include "store/place.h"

#define OFFICERS_A_LOOK 64 /* a commune has some 20; more are read in further looks */

struct officers {
	struct officer rows[OFFICERS_A_LOOK];
	int count;
};

static void keep_officer(void *arg, const struct officer *officer)
{
	struct officers *list = arg;

	list->rows[list->count++] = *officer;
}

typedef enum err (*each_fn)(void *arg, const struct officer *officer);

/* Every officer there ever was; fn may use any statement. */
static enum err each_officer(struct desk *desk, each_fn fn, void *arg)
{
	struct officers *list = malloc(sizeof(*list));
	int64_t after_id = 0;
	enum err err = list ? ERR_OK : ERR_NOMEM;

	while (!err) {
		list->count = 0;
		err = officer_list(desk->store, after_id, OFFICERS_A_LOOK, keep_officer, list);
		for (int i = 0; !err && i < list->count; i++) {
			after_id = list->rows[i].id;
			err = fn(arg, &list->rows[i]);
		}
		if (list->count < OFFICERS_A_LOOK)
			break;
	}
	free(list);
	return err;
}

/* ---- what follows from what ------------------------------------------------------------------
 */

static enum err find_place(struct desk *desk, const char *hamlet, int64_t *ret_place_id)
{
	struct place place = {.id = 0};
	enum err err = hamlet[0] ? place_find(desk->store, hamlet, &place) : ERR_NOT_FOUND;

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_place_id = err ? 0 : place.id;
	return ERR_OK;
}

enum err entitlement_of(
	struct desk *desk, const struct report *report, struct entitlement *ret_entitlement)
{
	struct entitlement e = {.report = report};
	enum err err = find_place(desk, report->hamlet, &e.place_id);

	if (!err)
		err = report_subjects(desk->store, report->id, e.subjects, &e.subject_count);
	for (int i = 0; !err && i < e.subject_count; i++) {
		struct officer officer;

		err = officer_load(desk->store, e.subjects[i], &officer);
		if (!err && officer.role == OFFICER_CHIEF)
			e.is_about_chief = true;
	}
	/* The words named him when it came in, and nobody has decided yet. */
	if (report->book == REPORT_BOOK_CHAIRMAN && !e.subject_count)
		e.is_about_chief = true;
	if (!err)
		*ret_entitlement = e;
	return err;
}

static bool is_police(enum officer_role role)
{
	return role != OFFICER_CHAIRMAN && role != OFFICER_IT;
}

enum err entitlement_is_barred(
	struct desk *desk, const struct entitlement *e, const struct officer *officer, bool *ret_is)
{
	bool is = e->is_about_chief && is_police(officer->role);
	enum err err = ERR_OK;

	for (int i = 0; !err && !is && i < e->subject_count; i++) {
		is = e->subjects[i] == officer->id;
		if (!is)
			err = officer_is_above(desk->store, e->subjects[i], officer->id, &is);
	}
	if (!err)
		*ret_is = is;
	return err;
}

/* A report that everybody who works here may know of. */
static enum err has_open(struct desk *desk, const struct entitlement *e,
	const struct officer *officer, bool *ret_has)
{
	switch (officer->role) {
	case OFFICER_CHIEF:
	case OFFICER_DEPUTY:
		*ret_has = true;
		return ERR_OK;
	case OFFICER_DUTY:
		*ret_has = !str_eq(e->report->state, "closed");
		return ERR_OK;
	case OFFICER_AREA:
		if (!e->place_id) {
			*ret_has = true;
			return ERR_OK;
		}
		return officer_has_place(desk->store, officer->id, e->place_id, ret_has);
	default:
		*ret_has = false;
		return ERR_OK;
	}
}

static bool has_confined(const struct entitlement *e, const struct officer *officer)
{
	if (e->is_about_chief)
		return officer->role == OFFICER_CHAIRMAN;
	if (officer->role == OFFICER_CHIEF)
		return true;
	/* Until somebody has said whom it is about, it may be about anybody else. */
	return officer->role == OFFICER_DEPUTY && e->subject_count;
}

enum err entitlement_has(struct desk *desk, const struct entitlement *e,
	const struct officer *officer, bool *ret_has)
{
	bool is_barred = false;
	enum err err;

	*ret_has = false;
	if (!officer->has_key || officer->state == OFFICER_REMOVED || officer->role == OFFICER_IT)
		return ERR_OK;
	err = entitlement_is_barred(desk, e, officer, &is_barred);
	if (err || is_barred)
		return err;
	if (e->report->assignee_id == officer->id && is_police(officer->role)) {
		*ret_has = true;
		return ERR_OK;
	}
	if (!e->report->is_confined)
		return has_open(desk, e, officer, ret_has);
	*ret_has = has_confined(e, officer);
	return ERR_OK;
}

/* ---- handing out -----------------------------------------------------------------------------
 */

struct share {
	struct desk *desk;
	const struct entitlement *e;
	const struct keypair *pair; /* NULL: nobody can be given it */
	const char *actor;	    /* NULL: nothing is written into `event` */
};

static enum err share_with(void *arg, const struct officer *officer)
{
	struct share *share = arg;
	bool has;
	enum err err = entitlement_has(share->desk, share->e, officer, &has);

	if (err || !has)
		return err;
	return report_key_give(share->desk->store, share->e->report->id, share->pair, officer->id,
		officer->public_key);
}

enum err entitlement_share(
	struct desk *desk, const struct report *report, const struct keypair *pair)
{
	struct entitlement e = {.report = report};
	struct share share = {.desk = desk, .e = &e, .pair = pair};
	enum err err = entitlement_of(desk, report, &e);

	return err ? err : each_officer(desk, share_with, &share);
}

static enum err tell(struct share *share, const char *kind, const struct officer *officer)
{
	return desk_event(
		share->desk, kind, share->e->report, share->actor, "officer", officer->id);
}

static enum err settle_with(void *arg, const struct officer *officer)
{
	struct share *share = arg;
	struct store *store = share->desk->store;
	int64_t id = share->e->report->id;
	bool has, held;
	enum err err = entitlement_has(share->desk, share->e, officer, &has);

	if (!err)
		err = report_key_held(store, officer->id, id, &held);
	if (err || has == held || (has && !share->pair))
		return err;
	err = has ? report_key_give(store, id, share->pair, officer->id, officer->public_key)
		  : report_key_withdraw(store, id, officer->id);
	return err ? err : tell(share, has ? "report.shared" : "report.withheld", officer);
}

enum err entitlement_settle(
	struct desk *desk, int64_t report_id, const struct key_holder *by, const char *actor)
{
	struct report report = {0};
	struct entitlement e = {.report = &report};
	struct keypair *pair = NULL;
	struct share share = {.desk = desk, .e = &e, .actor = actor};
	enum err err = report_load(desk->store, report_id, &report);

	if (!err)
		err = entitlement_of(desk, &report, &e);
	if (!err && by)
		err = report_key_open(desk->store, by, report_id, &pair);
	if (err && err != ERR_DENIED)
		return err;
	share.pair = pair;
	err = each_officer(desk, settle_with, &share);
	keypair_free(pair);
	return err;
}

enum err entitlement_changed(struct desk *desk, int64_t report_id, const char *actor)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	enum err err = escrow_public(desk->store, escrow);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	return entitlement_settle(desk, report_id, desk->has_seat ? &desk->seat : NULL, actor);
}
