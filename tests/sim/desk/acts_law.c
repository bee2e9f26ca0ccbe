/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is in law, and what comes of it. */
#include "tests/sim/desk/acts.h"

#include "daemon/desk/legal.h"

#include <string.h>

/* One report and who works on it; false: there is nothing to do. */
static bool pick(struct history *h, struct model_report **ret_report, int *ret_by)
{
	int report = choose_report(h);
	bool may = false;

	if (report == NOBODY)
		return false;
	*ret_by = choose_actor(h, report, &may);
	*ret_report = &h->m.reports[report];
	history_trace(h, "  report %lld", (long long)(*ret_report)->id);
	return may;
}

static void act_classify(struct history *h)
{
	int class = 1 + choose_below(h, LEGAL_CLASS_COUNT - 1), by = NOBODY;
	bool is_urgent = choose_one_in(h, 4);
	const char *reason = choose_one_in(h, 3) ? "" : "xem lai ho so";
	struct model_report *r;
	struct deed d;
	enum err expected;

	if (!pick(h, &r, &by) || r->clock_count > MODEL_CLOCKS - REGIME_CLOCKS_MAX)
		return;
	expected = model_classify(&h->m, r, class, is_urgent, reason);
	history_trace(h, "  %s%s", legal_class_text((enum legal_class) class),
		is_urgent ? " urgent" : "");
	deed_begin(&d, h, by);
	(void)deed_end(&d, "a class",
		desk_classify(h->box->desk, r->id,
			&(struct desk_classify){.class = legal_class_text((enum legal_class) class),
				.is_urgent = is_urgent,
				.reason = reason,
				.tells = true,
				.actor = d.actor},
			&d.eb),
		expected);
}

static void act_outcome(struct history *h)
{
	static const char *const kinds[] = {
		"transferred", "kept", "settled", "guided", "unfounded", "other"};
	const char *kind = kinds[choose_below(h, 6)];
	int by = NOBODY;
	struct model_report *r;
	struct deed d;
	enum err expected;

	if (!pick(h, &r, &by))
		return;
	/* That it was passed on at another time moves clocks: test_legal_years. */
	if (r->transferred_ms)
		kind = "settled";
	expected = model_outcome(&h->m, r, kind, by);
	history_trace(h, "  %s", kind);
	deed_begin(&d, h, by);
	(void)deed_end(&d, "an outcome",
		desk_report_outcome(h->box->desk, r->id,
			&(struct desk_outcome){.kind = kind,
				.addressee = "co quan dieu tra",
				.receipt = "12/BN",
				.note = strcmp(kind, "kept") == 0 ? "dieu tra vien tai xa" : "",
				.tells = true,
				.actor = d.actor},
			&d.eb),
		expected);
}

static void act_accept(struct history *h)
{
	struct model_report *r;
	struct deed d;
	int by = NOBODY;

	if (!pick(h, &r, &by) || r->accepted_ms)
		return;
	deed_begin(&d, h, by);
	(void)deed_end(&d, "a moment",
		desk_legal_moment(h->box->desk, r->id, "accepted", h->m.now_ms, d.actor, &d.eb),
		model_accept(&h->m, r));
}

/* Mostly what makes sense: any clock is tried for anything, too. */
static bool can_be_done(const struct model_clock *c, enum model_clock_act act)
{
	switch (act) {
	case CLOCK_FREEZE:
		return c->state == CLOCK_STATE_RUNNING && c->def->freeze_roles;
	case CLOCK_THAW:
		return c->state == CLOCK_STATE_FROZEN;
	case CLOCK_EXTEND:
		return c->state == CLOCK_STATE_RUNNING && c->def->extension_count;
	case CLOCK_DONE:
	case CLOCK_ACTS:
		break;
	}
	return c->state == CLOCK_STATE_RUNNING;
}

static void act_clock(struct history *h)
{
	static enum err (*const acts[])(struct desk *, int64_t, const struct desk_clock_act *,
		struct errbuf *) = {[CLOCK_FREEZE] = desk_clock_freeze,
		[CLOCK_THAW] = desk_clock_thaw,
		[CLOCK_EXTEND] = desk_clock_extend,
		[CLOCK_DONE] = desk_clock_done};
	static const char *const names[] = {"freezing", "thawing", "an extension", "a clock done"};
	enum model_clock_act act = (enum model_clock_act)choose_below(h, CLOCK_ACTS);
	struct desk_clock_act in = {.extension = "", .reason = "theo de nghi"};
	struct model_report *r;
	struct deed d;
	int by = NOBODY;
	enum err expected;
	char code[24];

	if (!pick(h, &r, &by))
		return;
	snprintf(code, sizeof(code), "%s",
		r->clock_count ? r->clocks[choose_below(h, r->clock_count)].code : "transfer");
	for (int i = 0; i < r->clock_count && !choose_one_in(h, 4); i++) {
		if (can_be_done(&r->clocks[i], act))
			snprintf(code, sizeof(code), "%s", r->clocks[i].code);
	}
	/* What stands still goes on again some day. */
	for (int i = 0; i < r->clock_count && choose_one_in(h, 2); i++) {
		if (r->clocks[i].state == CLOCK_STATE_FROZEN) {
			act = CLOCK_THAW;
			snprintf(code, sizeof(code), "%s", r->clocks[i].code);
		}
	}
	history_trace(h, "  %s of %s", names[act], code);
	expected = model_clock_do(&h->m, r, act, code, in.reason, by);
	deed_begin(&d, h, by);
	in.code = code;
	in.actor = d.actor;
	(void)deed_end(&d, names[act], acts[act](h->box->desk, r->id, &in, &d.eb), expected);
}

const struct act acts_of_law[] = {{"classify", act_classify, 12}, {"outcome", act_outcome, 8},
	{"accept", act_accept, 1}, {"clock", act_clock, 12}, {NULL, NULL, 0}};
