/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Officers come, go and change their work, and keys are handed round. */
#include "tests/sim/desk/acts.h"

#include "daemon/base/str.h"
#include "daemon/desk/escrow.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/officer.h"
#include "store/login.h"
#include "store/place.h"

#include <string.h>

static int a_chief(const struct model *m)
{
	for (int i = 0; i < m->officer_count; i++) {
		if (m->officers[i].role == OFFICER_CHIEF &&
			m->officers[i].state == OFFICER_ACTIVE && m->officers[i].has_key)
			return i;
	}
	return NOBODY;
}

static int chiefs(const struct model *m)
{
	int count = 0;

	for (int i = 0; i < m->officer_count; i++)
		count += m->officers[i].role == OFFICER_CHIEF &&
			 m->officers[i].state == OFFICER_ACTIVE;
	return count;
}

/* The chief does something with an officer. */
static bool pick(struct history *h, int *ret_by, int *ret_officer)
{
	*ret_by = h->m.is_claimed ? a_chief(&h->m) : NOBODY;
	if (*ret_by == NOBODY)
		return false;
	*ret_officer = choose_below(h, h->m.officer_count);
	history_trace(h, "  %s", h->m.officers[*ret_officer].login);
	return true;
}

static struct desk_actor actor_of(const struct deed *d)
{
	return (struct desk_actor){.officer_id = d->holder.id, .name = d->actor};
}

/* What somebody may no longer read, nobody holds: whose ranks changed are not only his own. */
static void review(struct model *m)
{
	for (int i = 0; i < m->report_count; i++)
		m->reports[i].keys &= model_entitled(m, &m->reports[i]);
}

/* He sets his passphrase: a key of his own. */
static void enrol(struct history *h, int officer)
{
	static const uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
	struct model_officer *o = &h->m.officers[officer];

	o->pair = box_draw_key(h->box);
	o->has_key = true;
	box_must(login_set_key(h->box->store, o->id, o->pair, wrapped), "login_set_key");
}

static void act_add(struct history *h)
{
	enum officer_role role = (enum officer_role)choose_below(h, OFFICER_ROLE_COUNT);
	struct model_officer *o = &h->m.officers[h->m.officer_count];
	struct desk_officer_in in = {0};
	char login[16], code[LOGIN_CODE_BYTES];
	struct officer officer;
	struct desk_actor actor;
	struct deed d;
	int by, superior;

	if (h->m.officer_count == MODEL_OFFICERS || !pick(h, &by, &superior))
		return;
	snprintf(login, sizeof(login), "moi.%d", h->m.officer_count);
	in.login = in.name = login;
	in.role = officer_role_text(role);
	in.superior = h->m.officers[superior].login;
	*o = (struct model_officer){.role = role, .state = OFFICER_ACTIVE, .superior = superior};
	if (choose_one_in(h, 2)) {
		in.places[in.place_count++] = "thon-0";
		o->places = 1;
	}
	history_trace(h, "  under him as %s", in.role);
	deed_begin(&d, h, by);
	actor = actor_of(&d);
	if (!deed_end(&d, "a new officer",
		    desk_officer_add(h->box->desk, &in, &actor, &officer, code, &d.eb), ERR_OK))
		return;
	o->id = officer.id;
	snprintf(o->login, sizeof(o->login), "%s", login);
	h->m.officer_count++;
	if (!choose_one_in(h, 4))
		enrol(h, h->m.officer_count - 1);
}

static void act_change(struct history *h)
{
	int what = choose_below(h, 3), by, officer, superior = NOBODY;
	struct desk_officer_in in = {.place_count = -1};
	enum officer_role role = OFFICER_CHIEF;
	enum err expected = ERR_OK;
	struct model_officer *o;
	struct officer changed;
	struct desk_actor actor;
	bool is_change;
	struct deed d;

	if (!pick(h, &by, &officer))
		return;
	o = &h->m.officers[officer];
	in.login = o->login;
	if (what == 0) {
		role = (enum officer_role)choose_below(h, OFFICER_ROLE_COUNT);
		in.role = officer_role_text(role);
		if (role != o->role && officer == by)
			expected = ERR_DENIED;
		else if (role != o->role && o->role == OFFICER_CHIEF &&
			 o->state == OFFICER_ACTIVE && chiefs(&h->m) < 2)
			expected = ERR_STATE;
	} else if (what == 1) {
		superior = choose_below(h, h->m.officer_count + 1) - 1;
		in.superior = superior == NOBODY ? "" : h->m.officers[superior].login;
		if (superior == officer ||
			(superior != NOBODY && model_is_above(&h->m, officer, superior)))
			expected = ERR_INVALID;
	} else {
		in.place_count = 0;
		for (int i = 0; i < MODEL_PLACES; i++) {
			if (choose_one_in(h, 2))
				in.places[in.place_count++] = i ? "thon-1" : "thon-0";
		}
	}
	if (o->state == OFFICER_REMOVED)
		expected = ERR_STATE;
	history_trace(h, "  role %s, superior %s, places %d", in.role ? in.role : "-",
		in.superior ? in.superior : "-", in.place_count);
	deed_begin(&d, h, by);
	actor = actor_of(&d);
	if (!deed_end(&d, "a change of an officer",
		    desk_officer_change(h->box->desk, &in, &actor, &changed, &d.eb), expected))
		return;
	is_change = what ? superior != o->superior : role != o->role;
	if (what == 0)
		o->role = role;
	if (what == 1)
		o->superior = superior;
	if (what == 2) {
		o->places = 0;
		for (int i = 0; i < in.place_count; i++)
			o->places |= str_eq(in.places[i], "thon-0") ? 1u : 2u;
	}
	review(&h->m);
	/* Who is chief and who stands under whom decides about the reports on others. */
	for (int i = 0; what < 2 && i < h->m.report_count; i++) {
		if (h->m.reports[i].subjects && is_change)
			model_confine(&h->m, &h->m.reports[i], false, by);
	}
}

static void forget_keys(struct model *m, int officer)
{
	for (int i = 0; i < m->report_count; i++)
		m->reports[i].keys &= ~(1u << officer);
}

static void act_state(struct history *h)
{
	static const char *const deeds[] = {"unlock", "lock", "remove"};
	static const enum officer_state states[] = {
		OFFICER_ACTIVE, OFFICER_LOCKED, OFFICER_REMOVED};
	int what = choose_below(h, 3), by, officer;
	enum err expected = ERR_OK;
	struct model_officer *o;
	struct officer changed;
	struct desk_actor actor;
	struct deed d;

	if (!pick(h, &by, &officer))
		return;
	o = &h->m.officers[officer];
	if (o->state == OFFICER_REMOVED || o->state == states[what] ||
		(what && o->role == OFFICER_CHIEF && o->state == OFFICER_ACTIVE &&
			chiefs(&h->m) < 2))
		expected = ERR_STATE;
	if (officer == by && o->state != OFFICER_REMOVED)
		expected = ERR_DENIED;
	history_trace(h, "  %s", deeds[what]);
	deed_begin(&d, h, by);
	actor = actor_of(&d);
	if (!deed_end(&d, "locking or removing",
		    desk_officer_do(h->box->desk, o->login, deeds[what], &actor, &changed, &d.eb),
		    expected))
		return;
	o->state = states[what];
	if (what == 2) {
		o->has_key = false;
		o->places = 0;
		forget_keys(&h->m, officer);
	}
}

static void act_reset(struct history *h)
{
	char code[LOGIN_CODE_BYTES];
	enum err expected = ERR_OK;
	struct officer changed;
	struct desk_actor actor;
	struct deed d;
	int by, officer;

	if (!pick(h, &by, &officer))
		return;
	if (h->m.officers[officer].state == OFFICER_REMOVED)
		expected = ERR_STATE;
	else if (officer == by)
		expected = ERR_DENIED;
	deed_begin(&d, h, by);
	actor = actor_of(&d);
	if (!deed_end(&d, "a reset",
		    desk_officer_reset(h->box->desk, h->m.officers[officer].login, "passphrase",
			    &actor, &changed, code, &d.eb),
		    expected))
		return;
	h->m.officers[officer].has_key = false;
	forget_keys(&h->m, officer);
}

static void act_enrol(struct history *h)
{
	for (int i = 0; i < h->m.officer_count; i++) {
		if (h->m.officers[i].has_key || h->m.officers[i].state != OFFICER_ACTIVE ||
			h->box->drawn_count > MODEL_OFFICERS)
			continue;
		history_trace(h, "  %s", h->m.officers[i].login);
		enrol(h, i);
		return;
	}
}

static void act_admit(struct history *h)
{
	struct keyring_batch batch = {0};
	bool is_escrow = choose_one_in(h, 2);
	struct deed d;
	int by, officer, shared = 0;

	if (!pick(h, &by, &officer) || !h->m.officers[officer].has_key)
		return;
	for (int i = 0; i < h->m.report_count; i++) {
		struct model_report *r = &h->m.reports[i];

		if (r->is_erased || (!is_escrow && !(r->keys & 1u << by)) ||
			r->keys & 1u << officer || !model_may_hold(&h->m, r, officer))
			continue;
		r->keys |= 1u << officer;
		/* The words may open what whoever types them may not know of. */
		shared += !r->is_confined || (r->keys & 1u << by);
	}
	deed_begin(&d, h, by);
	if (is_escrow)
		d.holder = (struct key_holder){KEY_HOLDER_ESCROW, box_escrow(h->box)};
	if (deed_end(&d, "an admission",
		    keyring_admit(h->box->desk,
			    &(struct keyring_admission){h->m.officers[officer].id,
				    h->m.officers[by].id, &d.holder, 0, d.actor},
			    &batch),
		    ERR_OK))
		HISTORY_IS(h, batch.shared == shared, "%lld keys were shared, not %d",
			(long long)batch.shared, shared);
}

/* ---- a place changes hands --------------------------------------------------------------------
 */

static void count_open(void *arg, const struct report *report)
{
	(void)report;
	++*(int *)arg;
}

/* Those that are open are named to who hands over; how many of them anybody may know of, to both.
 */
struct handed {
	int named, told;
};

static enum err model_hand_over(
	struct model *m, int by, int place, int from, int to, struct handed *ret_handed)
{
	struct model_officer *gives = &m->officers[from], *takes = &m->officers[to];

	*ret_handed = (struct handed){0, 0};
	if (!(gives->places & 1u << place) || takes->role != OFFICER_AREA ||
		takes->state != OFFICER_ACTIVE || !takes->has_key)
		return ERR_STATE;
	if (from == to)
		return ERR_INVALID;
	for (int i = 0; i < m->report_count; i++) {
		const struct model_report *r = &m->reports[i];

		if (r->place == place && r->state != MODEL_CLOSED && !r->is_confined &&
			!(r->keys & 1u << by))
			return ERR_DENIED;
	}
	gives->places &= ~(1u << place);
	takes->places |= 1u << place;
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *r = &m->reports[i];
		bool is_open = r->state != MODEL_CLOSED;

		if (r->place != place || !(r->keys & 1u << by))
			continue;
		ret_handed->named += is_open;
		ret_handed->told += is_open && !r->is_confined;
		if (is_open && r->assignee == from)
			r->assignee = to;
		model_settle(m, r, by);
	}
	review(m);
	return ERR_OK;
}

static void act_hand_over(struct history *h)
{
	struct keyring_handover in = {.fn = count_open};
	int place = choose_below(h, MODEL_PLACES), by, from, to, named = 0;
	struct handed handed;
	int64_t told = 0;
	struct place row;
	enum err expected;
	struct deed d;

	if (!pick(h, &by, &from))
		return;
	to = choose_below(h, h->m.officer_count);
	for (int i = 0; i < h->m.officer_count && !choose_one_in(h, 4); i++) {
		if (h->m.officers[i].places & 1u << place)
			from = i;
		else if (h->m.officers[i].role == OFFICER_AREA)
			to = i;
	}
	history_trace(h, "  thon-%d from %s to %s", place, h->m.officers[from].login,
		h->m.officers[to].login);
	box_must(place_find(h->box->store, place ? "thon-1" : "thon-0", &row), "place_find");
	expected = model_hand_over(&h->m, by, place, from, to, &handed);
	deed_begin(&d, h, by);
	in.place_id = row.id;
	in.from_id = h->m.officers[from].id;
	in.to_id = h->m.officers[to].id;
	in.by = &d.holder;
	in.actor = d.actor;
	in.arg = &named;
	if (deed_end(&d, "handing over", keyring_hand_over(h->box->desk, &in, &told, &d.eb),
		    expected))
		HISTORY_IS(h, told == handed.told && named == handed.named,
			"%lld open reports were handed over, %d named, not %d and %d",
			(long long)told, named, handed.told, handed.named);
}

/* ---- the first officer ------------------------------------------------------------------------
 */

static void model_claim(struct model *m)
{
	m->is_claimed = true;
	for (int i = 0; i < m->report_count; i++) {
		struct model_report *r = &m->reports[i];

		r->is_confined = !r->is_erased && str_eq(r->category, "conduct");
	}
	for (int i = 0; i < m->report_count; i++) {
		model_part(m, &m->reports[i]);
		m->reports[i].keys = model_entitled(m, &m->reports[i]);
	}
}

static void act_claim(struct history *h)
{
	struct model_officer *o = &h->m.officers[0];
	CLEAN_BUF words = {0};
	struct errbuf eb = {0};
	struct officer officer;
	bool more = true;
	int wrong;

	if (h->m.is_claimed)
		return;
	buf_init(&words, ESCROW_TEXT_MAX + 1);
	box_must(
		desk_officer_claim(h->box->desk, "truong.ca", "truong.ca", "system", &officer, &eb),
		"desk_officer_claim");
	*o = (struct model_officer){.id = officer.id,
		.role = OFFICER_CHIEF,
		.state = OFFICER_ACTIVE,
		.superior = NOBODY};
	snprintf(o->login, sizeof(o->login), "truong.ca");
	h->m.officer_count = 1;
	enrol(h, 0);
	box_must(keyring_claim(h->box->desk, "system", &words), "keyring_claim");
	while (more)
		box_must(keyring_tick(h->box->desk, &more), "keyring_tick");
	box_must(
		escrow_read(buf_text(&words), &h->box->history_escrow, &wrong, &eb), "escrow_read");
	model_claim(&h->m);
}

const struct act acts_of_staff[] = {{"add", act_add, 2}, {"change", act_change, 4},
	{"state", act_state, 2}, {"reset", act_reset, 1}, {"enrol", act_enrol, 1},
	{"admit", act_admit, 3}, {"hand over", act_hand_over, 3}, {"claim", act_claim, 4},
	{NULL, NULL, 0}};
