/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The officers of a claimed box: who reads what, and that nobody lost a key or got one too many. */
#include "tests/sim/history/history.h"

#include "daemon/base/str.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/officer.h"
#include "store/turn.h"

/* Of reports whose place nobody knows. About conduct, which some who dial choose, nobody has said
 * yet of whom they tell: those are the chief's alone. */
enum sight { SIGHT_NONE, SIGHT_OPEN, SIGHT_ALL };

static const struct {
	const char *login, *role;
	enum sight sight;
} team[STAFF_COUNT] = {{"truong.ca", "chief", SIGHT_ALL}, {"pho.ca", "deputy", SIGHT_ALL},
	{"khu.vuc", "area", SIGHT_ALL}, {"truc.ban", "duty", SIGHT_OPEN},
	{"van.thu", "clerk", SIGHT_NONE}, {"chu.tich", "chairman", SIGHT_NONE},
	{"ky.thuat", "it", SIGHT_NONE}};

/* Without phones: the alarms ring the same two in every history. */
static void add_officer(struct history *h, int i)
{
	const struct desk_officer_in in = {.login = team[i].login,
		.name = team[i].login,
		.role = team[i].role,
		.phone = "",
		.superior = ""};
	const struct desk_actor actor = {.officer_id = 0, .name = "system"};
	char code[LOGIN_CODE_BYTES];
	struct errbuf eb = {0};
	struct officer officer;

	must(h, desk_officer_add(h->desk, &in, &actor, &officer, code, &eb), "officer");
	must(h, keypair_new(&h->pairs[i]), "keypair");
	must(h, officer_set_key(h->store, officer.id, keypair_public(h->pairs[i])), "set_key");
	h->staff[i] = (struct key_holder){officer.id, h->pairs[i]};
}

void staff_claim(struct history *h)
{
	struct errbuf eb = {0};
	struct buf words;

	for (int i = 0; i < STAFF_COUNT; i++)
		add_officer(h, i);
	buf_init(&words, 1024);
	must(h, keyring_claim(h->desk, "system", &words), "claim");
	buf_wipe(&words);
	must(h, turn_end(h->store, &eb), "turn_end");
	h->is_claimed = true;
	must(h, report_count(h->store, NULL, &h->claimed_after), "report_count");
	staff_sit(h);
}

void staff_sit(struct history *h)
{
	desk_seat(h->desk, h->is_claimed ? &h->staff[0] : NULL);
}

void staff_tick(struct history *h)
{
	bool more;

	if (h->is_claimed)
		must(h, keyring_tick(h->desk, &more), "keyring_tick");
}

const struct key_holder *staff_reader(const struct history *h)
{
	return h->is_claimed ? &h->staff[0] : &key_holder_box;
}

static void count_entry(void *arg, const struct report_entry *entry)
{
	(void)entry;
	++*(int *)arg;
}

/* The same words for each who may, and none at all for anybody else. */
static void check_reader(struct history *h, const struct report *report,
	const struct key_holder *holder, bool may, int count)
{
	int seen = 0;
	enum err err = report_entries(h->store, holder, report->id, count_entry, &seen);

	if (may ? err || seen != count : err != ERR_DENIED || seen)
		BROKEN(h, "report %lld shows %d of %d entries to holder %lld (%s)",
			(long long)report->id, seen, count, (long long)holder->id, err_name(err));
}

static void count_holder(void *arg, int64_t holder_id)
{
	(void)holder_id;
	++*(int *)arg;
}

static bool may_read(const struct report *report, int i)
{
	if (report->is_confined)
		return str_eq(team[i].role, "chief");
	return team[i].sight == SIGHT_ALL ||
	       (team[i].sight == SIGHT_OPEN && !str_eq(report->state, "closed"));
}

static void check_report(struct history *h, int64_t id)
{
	int entries = 0, holders = 0, expected = 1; /* the escrow */
	struct report report;
	bool may;

	must(h, report_load(h->store, id, &report), "report");
	if (report_entries(h->store, &h->staff[0], id, count_entry, &entries) || !entries)
		BROKEN(h, "report %lld has no entry for the chief", (long long)id);
	if (report.is_confined != str_eq(report.category, "conduct"))
		BROKEN(h, "report %lld of %s is confined: %d", (long long)id, report.category,
			report.is_confined);
	check_reader(h, &report, &key_holder_box, false, 0);
	for (int i = 0; i < STAFF_COUNT; i++) {
		may = may_read(&report, i);
		expected += may;
		check_reader(h, &report, &h->staff[i], may, entries);
	}
	must(h, report_key_held(h->store, KEY_HOLDER_ESCROW, id, &may), "held");
	if (!may)
		BROKEN(h, "report %lld is lost with its officers", (long long)id);
	must(h, report_key_holders(h->store, id, count_holder, &holders), "holders");
	if (holders != expected)
		BROKEN(h, "report %lld has %d keys, not %d", (long long)id, holders, expected);
}

void check_staff(struct history *h, const struct numbers *n)
{
	for (int i = 0; h->is_claimed && i < n->count; i++)
		check_report(h, n->ids[i]);
}

void staff_free(struct history *h)
{
	for (int i = 0; i < STAFF_COUNT; i++)
		keypair_free(h->pairs[i]);
}
