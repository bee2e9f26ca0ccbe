/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/keyring.h"

#include "daemon/desk/category.h"
#include "daemon/desk/confinement.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/stay.h"
#include "daemon/desk/entitlement.h"
#include "daemon/desk/escrow.h"
#include "store/backup.h"
#include "store/escrow.h"
#include "store/event.h"
#include "store/place.h"
#include "store/report_link.h"
#include "store/turn.h"

static enum err note(struct desk *desk, const char *kind, int64_t officer_id, const char *actor,
	const char *name, int64_t value)
{
	char subject[48], data[64];

	snprintf(subject, sizeof(subject), "officer/%lld", (long long)officer_id);
	snprintf(data, sizeof(data), "{\"%s\":%lld}", name, (long long)value);
	return event_add(desk->store, kind, subject, actor, data);
}

/* ---- claiming --------------------------------------------------------------------------------
 */

enum err keyring_claim(struct desk *desk, const char *actor, struct buf *words)
{
	struct keypair *escrow;
	bool more;
	enum err err = escrow_new(words, &escrow);

	if (err)
		return err;
	err = escrow_claim(desk->store, keypair_public(escrow));
	keypair_free(escrow);
	if (!err)
		err = event_add(desk->store, "box.claimed", "", actor, "{}");
	return err ? err : keyring_tick(desk, &more);
}

static bool is_conduct(const struct report *report)
{
	return str_eq(report->category, category_code(CATEGORY_CONDUCT));
}

#define KIN_MAX 256 /* more stand alone afterwards */

struct kin {
	int64_t ids[KIN_MAX];
	int count;
};

static void keep_kin(void *arg, const struct report *report)
{
	struct kin *kin = arg;

	if (is_conduct(report) && !report->is_confined && kin->count < KIN_MAX)
		kin->ids[kin->count++] = report->id;
}

/* Those that it is merged with, and that will be confined when their turn comes: they stay one.
 * What was erased has no key, and no turn. */
static enum err confine_kin(struct desk *desk, const struct report *report)
{
	struct kin kin = {.count = 0};
	struct report main;
	enum err err = ERR_OK;

	if (report->merged_into) {
		err = report_load(desk->store, report->merged_into, &main);
		if (!err)
			keep_kin(&kin, &main);
	}
	if (!err)
		err = report_merged(desk->store, report->id, keep_kin, &kin);
	for (int i = 0; !err && i < kin.count; i++) {
		bool held = false;

		err = report_key_held(desk->store, KEY_HOLDER_BOX, kin.ids[i], &held);
		if (!err && held)
			err = report_confine(desk->store, kin.ids[i], true);
	}
	return err;
}

/* As it would have been sealed if it came today. */
static enum err share_old(void *arg, int64_t report_id, const struct keypair *pair)
{
	struct desk *desk = arg;
	struct report report;
	bool rang = false;
	enum err err = report_load(desk->store, report_id, &report);

	if (!err && is_conduct(&report)) {
		err = confine_kin(desk, &report);
		if (!err)
			err = confinement_turn(desk, &report, true, "system", &rang);
	}
	if (!err)
		err = entitlement_share(desk, &report, pair);
	return err || !rang ? err : desk_notify_confined(desk, &report);
}

enum err keyring_tick(struct desk *desk, bool *ret_more)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	int64_t id;
	int count = 0;
	enum err err = escrow_public(desk->store, escrow);

	*ret_more = false;
	while (!err && count < KEYRING_REPORTS_A_TICK) {
		err = report_key_hand_over(desk->store, share_old, desk, &id);
		count += !err;
	}
	*ret_more = !err;
	if (err != ERR_NOT_FOUND)
		return err;
	if (count) {
		turn_scrub(desk->store);
		log_info("keyring", "handed_over last=%lld", (long long)id);
		return backup_forget(desk->store);
	}
	return ERR_OK;
}

static enum err fill_one(struct desk *desk, const struct key_holder *by, int64_t report_id)
{
	struct keypair *pair;
	enum err err = report_key_open(desk->store, by, report_id, &pair);

	/* His copy is damaged; somebody else's may not be. */
	if (err == ERR_WRONG_KEY)
		return ERR_OK;
	if (err)
		return err;
	err = escrow_fill(desk->store, report_id, pair);
	keypair_free(pair);
	return err;
}

enum err keyring_fill(struct desk *desk, const struct key_holder *by, bool *ret_more)
{
	bool is_settled = false;
	int64_t id = 0;
	int count = 0;
	enum err err = ERR_OK;

	while (!err && count < KEYRING_FILL_A_CALL) {
		err = escrow_wanting_next(desk->store, by->id, id, &id);
		if (!err)
			err = fill_one(desk, by, id);
		count += !err;
	}
	*ret_more = !err;
	if (err && err != ERR_NOT_FOUND)
		return err;
	/* The last copy of a former escrow: neither the file nor what was kept aside has it. */
	err = count ? escrow_settle(desk->store, &is_settled) : ERR_OK;
	if (!err && is_settled) {
		log_info("keyring", "escrow_filled");
		err = backup_forget(desk->store);
	}
	return err;
}

enum err keyring_renew(struct desk *desk, const char *actor, struct buf *words)
{
	const struct phrase_field fields[] = {{"officer", actor}, {NULL, NULL}};
	struct keypair *escrow;
	enum err err = escrow_new(words, &escrow);

	if (err)
		return err;
	err = escrow_replace(desk->store, keypair_public(escrow));
	keypair_free(escrow);
	if (!err)
		err = event_add(desk->store, "escrow.renewed", "", actor, "{}");
	if (!err)
		err = desk_tell_role(desk, OFFICER_DEPUTY, LANE_ALARM, "escrow_renewed", fields);
	return err ? err
		   : desk_tell_role(desk, OFFICER_CHIEF, LANE_ALARM, "escrow_renewed", fields);
}

/* ---- coming and going ------------------------------------------------------------------------
 */

static enum err admit_to(struct desk *desk, const struct officer *officer,
	const struct keyring_admission *in, int64_t report_id, int64_t *shared)
{
	struct report report;
	struct entitlement e;
	struct keypair *pair;
	bool has = false, held = false, is_known = false;
	enum err err = report_key_held(desk->store, officer->id, report_id, &held);

	if (!err && !held)
		err = report_load(desk->store, report_id, &report);
	if (err || held)
		return err;
	err = entitlement_of(desk, &report, &e);
	if (!err)
		err = entitlement_has(desk, &e, officer, &has);
	if (err || !has)
		return err;
	err = report_key_open(desk->store, in->by, report_id, &pair);
	/* Sealed to the escrow before or after the one whose words these are. */
	if (err == ERR_WRONG_KEY && in->by->id == KEY_HOLDER_ESCROW)
		return ERR_OK;
	if (err)
		return err;
	err = report_key_give(desk->store, report_id, pair, officer->id, officer->public_key);
	keypair_free(pair);
	if (!err)
		err = report_key_held(desk->store, in->viewer_id, report_id, &is_known);
	*shared += !err && (is_known || !report.is_confined);
	return err;
}

enum err keyring_admit(
	struct desk *desk, const struct keyring_admission *in, struct keyring_batch *ret_batch)
{
	bool is_escrow = in->by->id == KEY_HOLDER_ESCROW;
	struct keyring_batch batch = {.next_id = in->after_id};
	struct officer officer;
	enum err err = officer_load(desk->store, in->officer_id, &officer);

	for (int i = 0; !err && i < KEYRING_REPORTS_A_BATCH; i++) {
		err = report_key_next(desk->store, in->by->id, batch.next_id, &batch.next_id);
		if (!err)
			err = admit_to(desk, &officer, in, batch.next_id, &batch.shared);
	}
	if (err == ERR_NOT_FOUND) {
		batch.next_id = 0;
		err = ERR_OK;
	}
	if (!err && (batch.shared || is_escrow))
		err = note(desk, is_escrow ? "officer.admitted_by_escrow" : "officer.admitted",
			in->officer_id, in->actor, "reports", batch.shared);
	if (!err)
		*ret_batch = batch;
	return err;
}

static enum err review_one(
	struct desk *desk, const struct officer *officer, int64_t report_id, int64_t *withheld)
{
	struct report report;
	struct entitlement e;
	bool has = false;
	enum err err = report_load(desk->store, report_id, &report);

	if (!err)
		err = entitlement_of(desk, &report, &e);
	if (!err)
		err = entitlement_has(desk, &e, officer, &has);
	if (err || has)
		return err;
	++*withheld;
	return report_key_withdraw(desk->store, report_id, officer->id);
}

enum err keyring_review(struct desk *desk, int64_t officer_id, const char *actor)
{
	struct officer officer;
	int64_t id = 0, withheld = 0;
	enum err err = officer_load(desk->store, officer_id, &officer);

	while (!err && !(err = report_key_next(desk->store, officer_id, id, &id)))
		err = review_one(desk, &officer, id, &withheld);
	if (err == ERR_NOT_FOUND)
		err = desk_stays_review(desk, officer_id, false);
	if (err)
		return err;
	return withheld ? note(desk, "officer.withheld", officer_id, actor, "reports", withheld)
			: ERR_OK;
}

enum err keyring_empty(struct desk *desk, int64_t officer_id, const char *actor)
{
	int64_t count;
	enum err err = report_key_withdraw_all(desk->store, officer_id, &count);

	if (!err)
		err = desk_stays_review(desk, officer_id, true);
	if (err || !count)
		return err;
	return note(desk, "officer.withheld", officer_id, actor, "reports", count);
}

/* ---- handing over a place --------------------------------------------------------------------
 */

struct handing {
	struct desk *desk;
	const struct keyring_handover *in;
	struct place place;
	struct officer from, to;
	int64_t open;
};

static enum err check_both(struct handing *h, struct errbuf *eb)
{
	struct store *store = h->desk->store;
	bool has = false;
	enum err err = place_load(store, h->in->place_id, &h->place);

	if (!err)
		err = officer_load(store, h->in->from_id, &h->from);
	if (!err)
		err = officer_load(store, h->in->to_id, &h->to);
	if (!err)
		err = officer_has_place(store, h->from.id, h->place.id, &has);
	if (err)
		return err;
	if (!has)
		return errbuf_set(
			eb, ERR_STATE, "%s does not look after %s", h->from.login, h->place.code);
	if (h->to.role != OFFICER_AREA || h->to.state != OFFICER_ACTIVE || !h->to.has_key)
		return errbuf_set(eb, ERR_STATE,
			"%s is not an active area officer who has set his passphrase", h->to.login);
	if (h->from.id == h->to.id)
		return errbuf_set(eb, ERR_INVALID, "a place is handed to somebody else");
	return ERR_OK;
}

static enum err hand_report(struct handing *h, struct report *report)
{
	struct store *store = h->desk->store;
	bool is_open = !str_eq(report->state, "closed"), held = false;
	enum err err = report_key_held(store, h->in->by->id, report->id, &held);

	/* What he can't read himself he can't hand on; for what is closed that is no obstacle. */
	if (!err && !held)
		return is_open && !report->is_confined ? ERR_DENIED : ERR_OK;
	if (!err && is_open && report->assignee_id == h->from.id) {
		report->assignee_id = h->to.id;
		err = report_set_assignee(store, report->id, h->to.id);
	}
	if (!err)
		err = entitlement_settle(h->desk, report->id, h->in->by, h->in->actor);
	if (!err && is_open) {
		/* Both are told how many: one about an officer may be about either of them. */
		h->open += !report->is_confined;
		h->in->fn(h->in->arg, report);
	}
	return err;
}

static enum err hand_reports(struct handing *h)
{
	int64_t id = 0;
	enum err err;

	while (!(err = report_of_hamlet_next(h->desk->store, h->place.code, id, &id))) {
		struct report report;

		err = report_load(h->desk->store, id, &report);
		if (!err)
			err = hand_report(h, &report);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err tell_both(struct handing *h)
{
	char open[16];
	const struct phrase_field fields[] = {{"place", h->place.name}, {"from", h->from.name},
		{"to", h->to.name}, {"open", open}, {NULL, NULL}};
	enum err err;

	snprintf(open, sizeof(open), "%lld", (long long)h->open);
	err = desk_tell_officer(h->desk, h->to.id, LANE_ALARM, "handover_to", fields);
	return err ? err
		   : desk_tell_officer(h->desk, h->from.id, LANE_ALARM, "handover_from", fields);
}

static enum err note_handover(struct handing *h)
{
	char subject[48], data[128];

	snprintf(subject, sizeof(subject), "place/%lld", (long long)h->place.id);
	snprintf(data, sizeof(data), "{\"from\":%lld,\"to\":%lld,\"open\":%lld}",
		(long long)h->from.id, (long long)h->to.id, (long long)h->open);
	return event_add(h->desk->store, "place.officer", subject, h->in->actor, data);
}

enum err keyring_hand_over(struct desk *desk, const struct keyring_handover *handover,
	int64_t *ret_open, struct errbuf *eb)
{
	struct handing h = {.desk = desk, .in = handover};
	enum err err = check_both(&h, eb);

	if (!err)
		err = officer_place_set(desk->store, h.from.id, h.place.id, false);
	if (!err)
		err = officer_place_set(desk->store, h.to.id, h.place.id, true);
	if (!err) {
		err = hand_reports(&h);
		if (err == ERR_DENIED)
			errbuf_set(eb, err,
				"there are open reports of %s that you can't read yourself, so that "
				"you can't hand them on",
				h.place.code);
	}
	/* What he saw by the place and nothing else, beyond the reports of it. */
	if (!err)
		err = keyring_review(desk, h.from.id, handover->actor);
	if (!err)
		err = tell_both(&h);
	if (!err)
		err = note_handover(&h);
	if (!err)
		*ret_open = h.open;
	return err;
}
