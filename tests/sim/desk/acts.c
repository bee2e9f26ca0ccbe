/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/desk/acts.h"

#include <string.h>

int choose_below(struct history *h, int bound)
{
	return (int)rng_below(&h->rng, bound);
}

bool choose_one_in(struct history *h, int of)
{
	return choose_below(h, of) == 0;
}

int choose_report(struct history *h)
{
	return h->m.report_count ? choose_below(h, h->m.report_count) : NOBODY;
}

static bool is_handler(const struct model_officer *o)
{
	return o->state == OFFICER_ACTIVE && o->has_key && o->role != OFFICER_IT;
}

/* The API lets nobody act on what he does not see. */
int choose_actor(struct history *h, int report, bool *ret_may)
{
	const struct model *m = &h->m;
	bool must_read = !choose_one_in(h, 6);
	int may[MODEL_OFFICERS], count = 0;

	*ret_may = !m->is_claimed;
	if (!m->is_claimed)
		return NOBODY;
	for (int i = 0; i < m->officer_count; i++) {
		const struct model_report *r = &m->reports[report];

		if (is_handler(&m->officers[i]) &&
			(r->keys & 1u << i || (!must_read && model_sight(m, r, i) == 2)))
			may[count++] = i;
	}
	*ret_may = count > 0;
	return count ? may[choose_below(h, count)] : NOBODY;
}

void deed_begin(struct deed *d, struct history *h, int by)
{
	*d = (struct deed){.h = h, .by = by, .holder = key_holder_box};
	if (by == NOBODY) {
		snprintf(d->actor, sizeof(d->actor), "officer:ctl");
	} else {
		snprintf(d->actor, sizeof(d->actor), "officer:%s", h->m.officers[by].login);
		d->holder = (struct key_holder){h->m.officers[by].id, h->m.officers[by].pair};
	}
	box_must(store_savepoint_begin(h->box->store), "savepoint");
	desk_seat(h->box->desk, &d->holder);
}

bool deed_end(struct deed *d, const char *what, enum err err, enum err expected)
{
	struct history *h = d->h;

	desk_seat(h->box->desk, NULL);
	if (err)
		store_savepoint_rollback(h->box->store);
	else
		box_must(store_savepoint_release(h->box->store), "release");
	history_trace(h, "  by %s: %s%s%s", d->actor, err_name(err), err ? ", " : "",
		err ? d->eb.text : "");
	HISTORY_IS(h, err == expected, "%s by %s gives %s, not %s (%.200s)", what, d->actor,
		err_name(err), err_name(expected), d->eb.text);
	return !err && !expected;
}
