/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/desk/compare.h"

#include "daemon/base/str.h"
#include "daemon/desk/reading.h"
#include "store/event.h"
#include "store/report_key.h"
#include "store/retention.h"
#include "tests/sim/desk/people.h"

#include <stdarg.h>
#include <string.h>

void history_fault(struct history *h, const char *format, ...)
{
	va_list args;

	if (h->faults++)
		return;
	va_start(args, format);
	vsnprintf(h->fault, sizeof(h->fault), format, args);
	va_end(args);
	history_trace(h, "  FAULT: %s", h->fault);
}

void history_trace(struct history *h, const char *format, ...)
{
	va_list args;

	if (!h->is_traced)
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

int history_report_of(const struct history *h, int64_t id)
{
	for (int i = 0; i < h->m.report_count; i++) {
		if (h->m.reports[i].id == id)
			return i;
	}
	return NOBODY;
}

/* ---- a report ---------------------------------------------------------------------------------
 */

static int officer_of(const struct history *h, int64_t id)
{
	for (int i = 0; i < h->m.officer_count; i++) {
		if (h->m.officers[i].id == id)
			return i;
	}
	return NOBODY;
}

static const char *state_text(enum model_state state)
{
	return state == MODEL_CLOSED ? "closed" : state == MODEL_ANSWERED ? "answered" : "open";
}

static void compare_work(struct history *h, const struct model_report *r, const struct report *is)
{
	const char *hamlet = r->place == NOBODY ? "" : r->place ? "thon-1" : "thon-0";
	int64_t main = r->merged_into == NOBODY ? 0 : h->m.reports[r->merged_into].id;
	int64_t assignee = r->assignee == NOBODY ? 0 : h->m.officers[r->assignee].id;

	HISTORY_IS(h, str_eq(is->state, state_text(r->state)), "report %lld is %s, not %s",
		(long long)r->id, is->state, state_text(r->state));
	HISTORY_IS(h, str_eq(is->category, r->category), "report %lld is of category %s, not %s",
		(long long)r->id, is->category, r->category);
	HISTORY_IS(h, str_eq(is->urgency, r->urgency), "report %lld is %s, not %s",
		(long long)r->id, is->urgency, r->urgency);
	HISTORY_IS(h, !is->decided_ms == !r->is_decided, "report %lld is decided or not",
		(long long)r->id);
	HISTORY_IS(h, str_eq(is->hamlet, hamlet), "report %lld is at '%s', not '%s'",
		(long long)r->id, is->hamlet, hamlet);
	HISTORY_IS(h, is->assignee_id == assignee, "report %lld is assigned to %lld, not %lld",
		(long long)r->id, (long long)is->assignee_id, (long long)assignee);
	HISTORY_IS(h, is->merged_into == main, "report %lld is merged into %lld, not %lld",
		(long long)r->id, (long long)is->merged_into, (long long)main);
}

#define DRAWN_LEAST 10000

/* What the box has drawn is a number that nobody else is called by. */
static void compare_numbers(struct history *h)
{
	for (int i = 0; i < h->m.report_count; i++) {
		struct model_report *r = &h->m.reports[i];
		struct report is = {0};

		if (!h->m.is_claimed)
			return;
		box_must(report_load(h->box->store, r->id, &is), "report_load");
		if (!r->number)
			r->number = is.number;
		HISTORY_IS(h, r->is_drawn == (r->number >= DRAWN_LEAST),
			"report %lld has the number %d", (long long)r->id, r->number);
		for (int j = 0; j < i; j++) {
			const struct model_report *other = &h->m.reports[j];

			HISTORY_IS(h,
				other->number != r->number || other->year != r->year ||
					other->book != r->book,
				"reports %lld and %lld are called the same", (long long)r->id,
				(long long)other->id);
		}
	}
}

static int64_t compare_report(struct history *h, const struct model_report *r)
{
	struct report is = {0};

	box_must(report_load(h->box->store, r->id, &is), "report_load");
	HISTORY_IS(h, is.entry_no == r->entry, "report %lld is entered as %d, not %d",
		(long long)r->id, is.entry_no, r->entry);
	HISTORY_IS(h, is.book == r->book && is.year == r->year && is.number == r->number,
		"report %lld is %s%d/%d, not %s%d/%d", (long long)r->id,
		report_book_letter(is.book), is.number, is.year, report_book_letter(r->book),
		r->number, r->year);
	HISTORY_IS(h,
		is.is_quiet == r->is_quiet && is.is_anonymous == r->is_anonymous &&
			is.is_confined == r->is_confined,
		"report %lld: quiet %d, anonymous %d, confined %d, not %d %d %d", (long long)r->id,
		is.is_quiet, is.is_anonymous, is.is_confined, r->is_quiet, r->is_anonymous,
		r->is_confined);
	HISTORY_IS(h, is.heard_ms == r->heard_ms && is.told_ms == r->told_ms,
		"report %lld: last words of its sender or to him at another time",
		(long long)r->id);
	compare_work(h, r, &is);
	return is.party_id;
}

struct holders {
	const struct history *h;
	unsigned keys;
	bool has_box, has_escrow;
};

static void keep_holder(void *arg, int64_t id)
{
	struct holders *holders = arg;
	int officer = officer_of(holders->h, id);

	if (officer != NOBODY)
		holders->keys |= 1u << officer;
	holders->has_box |= id == KEY_HOLDER_BOX;
	holders->has_escrow |= id == KEY_HOLDER_ESCROW;
}

/* Exactly those hold the key, and nobody whom a rule keeps from it. */
static void compare_keys(struct history *h, const struct model_report *r)
{
	struct holders holders = {.h = h};
	unsigned beyond;

	box_must(report_key_holders(h->box->store, r->id, keep_holder, &holders), "holders");
	HISTORY_IS(h, holders.keys == r->keys, "report %lld is held by %x, not by %x",
		(long long)r->id, holders.keys, r->keys);
	beyond = holders.keys & ~model_entitled(&h->m, r);
	HISTORY_IS(h, !beyond, "report %lld is held by %x, who may not", (long long)r->id, beyond);
	HISTORY_IS(h,
		holders.has_box == (!h->m.is_claimed && !r->is_erased) &&
			holders.has_escrow == (h->m.is_claimed && !r->is_erased),
		"report %lld: the box holds it %d, the escrow %d", (long long)r->id,
		holders.has_box, holders.has_escrow);
}

struct entry_look {
	struct history *h;
	const struct model_report *r;
	int count;
};

static void compare_entry(void *arg, const struct report_entry *entry)
{
	struct entry_look *e = arg;
	const struct model_entry *expected = &e->r->entries[e->count];

	if (e->count++ >= e->r->entry_count)
		return;
	HISTORY_IS(e->h, entry->kind == expected->kind, "report %lld, entry %d is %s, not %s",
		(long long)e->r->id, e->count, report_entry_text(entry->kind),
		report_entry_text(expected->kind));
	HISTORY_IS(e->h, str_eq(entry->text, expected->text),
		"report %lld, entry %d says '%.120s', not '%.120s'", (long long)e->r->id, e->count,
		entry->text, expected->text);
}

/* Who holds the key reads all of it, in its order. */
static void compare_entries(struct history *h, const struct model_report *r)
{
	struct entry_look e = {h, r, 0};
	struct key_holder holder = key_holder_box;
	enum err err;

	if (r->is_erased)
		return;
	if (h->m.is_claimed)
		holder = (struct key_holder){KEY_HOLDER_ESCROW, box_escrow(h->box)};
	for (int i = 0; i < h->m.officer_count; i++) {
		if (r->keys & 1u << i)
			holder = (struct key_holder){h->m.officers[i].id, h->m.officers[i].pair};
	}
	err = report_entries(h->box->store, &holder, r->id, compare_entry, &e);
	HISTORY_IS(h, !err, "report %lld can't be read: %s", (long long)r->id, err_name(err));
	HISTORY_IS(h, e.count == r->entry_count, "report %lld has %d entries, not %d",
		(long long)r->id, e.count, r->entry_count);
}

/* ---- clocks -----------------------------------------------------------------------------------
 */

struct clock_look {
	struct history *h;
	const struct model_report *r;
	int count;
};

static void compare_clock(void *arg, const struct report_clock *is)
{
	struct clock_look *c = arg;
	const struct model_clock *clock = &c->r->clocks[c->count];

	if (c->count++ >= c->r->clock_count)
		return;
	HISTORY_IS(c->h, str_eq(is->code, clock->code) && is->state == clock->state,
		"report %lld, clock %d is %s %s, not %s %s", (long long)c->r->id, c->count,
		is->code, clock_state_text(is->state), clock->code, clock_state_text(clock->state));
	HISTORY_IS(c->h, is->due_ms == clock->due_ms && is->started_ms == clock->started_ms,
		"report %lld, clock %s runs %lld to %lld, not %lld to %lld", (long long)c->r->id,
		is->code, (long long)is->started_ms, (long long)is->due_ms,
		(long long)clock->started_ms, (long long)clock->due_ms);
	HISTORY_IS(c->h, is->stage == clock->stage, "report %lld, clock %s was lengthened %d times",
		(long long)c->r->id, is->code, is->stage);
}

static void compare_clocks(struct history *h, const struct model_report *r)
{
	struct clock_look c = {h, r, 0};

	box_must(report_clock_of(h->box->store, r->id, compare_clock, &c), "clocks");
	HISTORY_IS(h, c.count == r->clock_count, "report %lld has %d clocks, not %d",
		(long long)r->id, c.count, r->clock_count);
}

static void compare_keeping(struct history *h, const struct model_report *r)
{
	struct retention is;

	box_must(retention_load(h->box->store, r->id, &is), "retention");
	HISTORY_IS(h, is.closed_ms == (r->state == MODEL_CLOSED ? r->closed_ms : 0),
		"report %lld was closed at another time", (long long)r->id);
	HISTORY_IS(h,
		is.is_held == r->is_held && !is.sanitised_ms == !r->is_sanitised &&
			!is.erased_ms == !r->is_erased,
		"report %lld: held %d, sanitised %d, erased %d, not %d %d %d", (long long)r->id,
		is.is_held, is.sanitised_ms != 0, is.erased_ms != 0, r->is_held, r->is_sanitised,
		r->is_erased);
}

/* ---- what an officer is shown -----------------------------------------------------------------
 */

static struct reader reader_of(const struct history *h, int officer)
{
	const struct model_officer *o = &h->m.officers[officer];

	return (struct reader){.officer_id = o->id, .role = o->role, .pair = o->pair};
}

struct listing {
	struct history *h;
	int officer, count;
	bool is_seen[MODEL_REPORTS];
};

static void see(void *arg, const struct report *report, enum sight sight)
{
	struct listing *l = arg;
	int i = history_report_of(l->h, report->id);
	int expected = model_sight(&l->h->m, &l->h->m.reports[i], l->officer);

	l->count++;
	l->is_seen[i] = true;
	HISTORY_IS(l->h, (int)sight == expected, "%s is listed report %lld with sight %d, not %d",
		l->h->m.officers[l->officer].login, (long long)report->id, (int)sight, expected);
	HISTORY_IS(l->h,
		sight != SIGHT_BLANK ||
			(!report->code[0] && !report->party_id && !report->assignee_id &&
				!report->hamlet[0] && !report->heard_ms),
		"%s sees more than a blank line of report %lld", l->h->m.officers[l->officer].login,
		(long long)report->id);
}

static void count_entry(void *arg, const struct report_entry *entry)
{
	(void)entry;
	++*(int *)arg;
}

static void compare_find(struct history *h, int officer, const struct model_report *r)
{
	struct reader reader = reader_of(h, officer);
	int expected = model_sight(&h->m, r, officer), count = 0;
	enum sight sight = SIGHT_NONE;
	struct report report;
	enum err err = reading_find(
		h->box->desk, &reader, r->book, r->year, r->number, &report, &sight);

	HISTORY_IS(h, (err ? SIGHT_NONE : (int)sight) == expected,
		"%s finds report %lld with sight %d (%s), not %d", h->m.officers[officer].login,
		(long long)r->id, (int)sight, err_name(err), expected);
	if (expected == SIGHT_WORDS || r->is_erased)
		return;
	err = reading_entries(h->box->desk, &reader, r->id, count_entry, &count);
	HISTORY_IS(h, err == ERR_DENIED && !count, "%s reads %d entries of report %lld (%s)",
		h->m.officers[officer].login, count, (long long)r->id, err_name(err));
}

/* Of each state those that he sees. Who looks after the machine counts the register without knowing
 * any of it. */
static void compare_counts(struct history *h, int officer)
{
	struct reader reader = reader_of(h, officer);

	for (int state = MODEL_OPEN; state <= MODEL_CLOSED; state++) {
		const char *text = state_text((enum model_state)state);
		int64_t count = 0, expected = 0;

		for (int i = 0; i < h->m.report_count; i++) {
			const struct model_report *r = &h->m.reports[i];
			int sight = model_sight(&h->m, r, officer);

			expected += (int)r->state == state &&
				    (sight == SIGHT_WORDS || sight == SIGHT_LINE);
		}
		box_must(reading_count(h->box->desk, &reader, text, &count), "count");
		HISTORY_IS(h, count == expected || h->m.officers[officer].role == OFFICER_IT,
			"%s counts %lld reports that are %s, not %lld",
			h->m.officers[officer].login, (long long)count, text, (long long)expected);
	}
}

static void compare_sight(struct history *h, int officer)
{
	struct listing l = {.h = h, .officer = officer};
	struct reader reader = reader_of(h, officer);

	if (!h->m.officers[officer].has_key)
		return;
	box_must(reading_list(h->box->desk, &reader,
			 &(struct reading_list){.limit = MODEL_REPORTS, .fn = see, .arg = &l},
			 &(int64_t){0}),
		"list");
	for (int i = 0; i < h->m.report_count; i++) {
		const struct model_report *r = &h->m.reports[i];

		HISTORY_IS(h, l.is_seen[i] == (model_sight(&h->m, r, officer) != SIGHT_NONE),
			"%s is %slisted report %lld", h->m.officers[officer].login,
			l.is_seen[i] ? "" : "not ", (long long)r->id);
		compare_find(h, officer, r);
	}
	compare_counts(h, officer);
}

/* ---- correspondents ---------------------------------------------------------------------------
 */

static void find_party(struct history *h, struct model_party *p)
{
	struct party party;
	enum err err = p->is_anonymous ? party_find_anonymous(h->box->store, people_kind(p->person),
						 people_address(p->person), &party)
				       : party_find(h->box->store, people_kind(p->person),
						 people_address(p->person), &party);

	if (!err)
		p->id = party.id;
	HISTORY_IS(h, !err, "person %d is not known%s", p->person,
		p->is_anonymous ? " as an anonymous one" : "");
}

static void compare_parties(struct history *h)
{
	for (int i = 0; i < h->m.party_count; i++) {
		struct model_party *p = &h->m.parties[i];
		CLEAN_BUF address = {0};
		enum err err;

		if (p->person < 0)
			continue;
		if (!p->id && !p->is_gone)
			find_party(h, p);
		if (!p->id)
			continue;
		buf_init(&address, PARTY_ADDRESS_MAX);
		err = party_address(h->box->store, p->id, &address);
		HISTORY_IS(h, err == (p->is_gone ? ERR_NOT_FOUND : ERR_OK),
			"the address of person %d%s is %s, it must be %s", p->person,
			p->is_anonymous ? " (anonymous)" : "", err ? "gone" : "there",
			p->is_gone ? "gone" : "there");
	}
}

/* A report is of its sender's correspondent, and of nobody else. */
static void compare_sender(struct history *h, const struct model_report *r, int64_t party_id)
{
	const struct model_party *p = &h->m.parties[r->party];
	struct party party = {0};

	box_must(party_load(h->box->store, party_id, &party), "party_load");
	HISTORY_IS(h, !p->id || party_id == p->id, "report %lld is of another sender",
		(long long)r->id);
	HISTORY_IS(h, !p->is_gone || party.state == PARTY_ARCHIVED,
		"the sender of report %lld is known still", (long long)r->id);
}

/* What an act should not have touched is looked at now and then, and at the end. */
static void compare_reports(struct history *h, bool is_end)
{
	int one = h->m.report_count ? (int)rng_below(&h->rng, h->m.report_count) : 0;

	for (int i = 0; i < h->m.report_count; i++) {
		const struct model_report *r = &h->m.reports[i];
		int64_t party_id = compare_report(h, r);

		compare_keys(h, r);
		if (!is_end && i != one && i != h->m.report_count - 1)
			continue;
		compare_sender(h, r, party_id);
		compare_clocks(h, r);
		compare_keeping(h, r);
		if (is_end || (i == one && rng_below(&h->rng, 3) == 0))
			compare_entries(h, r);
	}
}

void compare(struct history *h, bool is_end)
{
	int one = h->m.officer_count ? (int)rng_below(&h->rng, h->m.officer_count) : 0;
	int64_t count, bad;

	compare_numbers(h);
	compare_parties(h);
	compare_outbox(h);
	compare_reports(h, is_end);
	for (int i = 0; i < h->m.officer_count; i++) {
		if (is_end || i == one)
			compare_sight(h, i);
	}
	compare_rows(h, is_end);
	if (is_end)
		HISTORY_IS(h, !event_verify(h->box->store, &count, &bad),
			"the chain of events breaks at %lld", (long long)bad);
}
