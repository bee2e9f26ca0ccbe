/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/bulletin_figures.h"

#include "daemon/base/str.h"
#include "daemon/desk/desk_private.h"
#include "store/delivery.h"

static bool is_told(enum ledger_state state)
{
	return state == LEDGER_SENT || state == LEDGER_REACHED;
}

/* ---- counting --------------------------------------------------------------------------------
 */

static void count_state(struct bulletin_figures *f, const struct ledger_cell *cell)
{
	switch (cell->state) {
	case LEDGER_SENT:
	case LEDGER_REACHED:
		f->told += cell->count;
		break;
	case LEDGER_NEW:
	case LEDGER_WAITING:
	case LEDGER_FLYING:
		f->under_way += cell->count;
		break;
	case LEDGER_DOUBT:
		f->in_doubt += cell->count;
		break;
	case LEDGER_SKIPPED:
		f->skipped += cell->count;
		return;
	case LEDGER_MISSED:
	case LEDGER_EXPIRED:
	case LEDGER_STOPPED:
	case LEDGER_STATE_COUNT:
		f->not_told += cell->count;
		break;
	}
	f->people += cell->count;
}

static void count_channel(struct bulletin_figures *f, const struct ledger_cell *cell)
{
	int i = 0;

	if (!is_told(cell->state) || !cell->channel[0])
		return;
	while (i < f->channel_count && !str_eq(f->channels[i].channel, cell->channel))
		i++;
	if (i == FIGURES_CELLS_MAX)
		return;
	if (i == f->channel_count) {
		f->channels[f->channel_count++] = (struct figures_channel){.told = 0};
		snprintf(f->channels[i].channel, sizeof(f->channels[i].channel), "%s",
			cell->channel);
	}
	f->channels[i].told += cell->count;
	f->channels[i].cost += cell->cost;
}

static void count_reason(struct bulletin_figures *f, const struct ledger_cell *cell)
{
	bool is_over = cell->state == LEDGER_MISSED || cell->state == LEDGER_SKIPPED ||
		       cell->state == LEDGER_EXPIRED || cell->state == LEDGER_STOPPED;
	const char *reason = cell->reason[0] ? cell->reason : ledger_state_text(cell->state);
	int i = 0;

	if (!is_over)
		return;
	while (i < f->reason_count && !str_eq(f->reasons[i].reason, reason))
		i++;
	if (i == FIGURES_CELLS_MAX)
		return;
	if (i == f->reason_count) {
		f->reasons[f->reason_count++] = (struct figures_reason){.people = 0};
		snprintf(f->reasons[i].reason, sizeof(f->reasons[i].reason), "%s", reason);
	}
	f->reasons[i].people += cell->count;
}

/* Cells come by place. */
static void count_place(struct bulletin_figures *f, const struct ledger_cell *cell)
{
	int last = f->place_count - 1;

	if (cell->state == LEDGER_SKIPPED)
		return;
	if (last < 0 || f->places[last].place_id != cell->place_id) {
		if (f->place_count == FIGURES_PLACES_MAX)
			return;
		last = f->place_count++;
		f->places[last] = (struct figures_place){.place_id = cell->place_id};
	}
	f->places[last].people += cell->count;
	if (is_told(cell->state))
		f->places[last].told += cell->count;
}

static void count_cell(void *arg, const struct ledger_cell *cell)
{
	struct bulletin_figures *f = arg;

	count_state(f, cell);
	count_channel(f, cell);
	count_reason(f, cell);
	count_place(f, cell);
	f->cost += cell->cost;
	if (cell->is_head && cell->state != LEDGER_SKIPPED) {
		f->heads += cell->count;
		f->heads_confirmed += cell->confirmed;
	}
}

/* ---- hiding ----------------------------------------------------------------------------------
 */

static bool is_small(int64_t count)
{
	return count > 0 && count < FIGURES_SMALL;
}

static void hide_places(struct bulletin_figures *f)
{
	int64_t *people[FIGURES_PLACES_MAX], *told[FIGURES_PLACES_MAX];

	for (int i = 0; i < f->place_count; i++) {
		/* All but a few of a hamlet: those few are as easily found. */
		if (is_small(f->places[i].people - f->places[i].told))
			f->places[i].told = FIGURES_HIDDEN;
		people[i] = &f->places[i].people;
		told[i] = &f->places[i].told;
	}
	figures_hide(people, f->place_count);
	for (int i = 0; i < f->place_count; i++) {
		if (f->places[i].people == FIGURES_HIDDEN)
			f->places[i].told = FIGURES_HIDDEN;
	}
	figures_hide(told, f->place_count);
}

static void hide(struct bulletin_figures *f)
{
	int64_t *channels[FIGURES_CELLS_MAX], *reasons[FIGURES_CELLS_MAX];

	for (int i = 0; i < f->channel_count; i++)
		channels[i] = &f->channels[i].told;
	for (int i = 0; i < f->reason_count; i++)
		reasons[i] = &f->reasons[i].people;
	figures_hide(channels, f->channel_count);
	figures_hide(reasons, f->reason_count);
	for (int i = 0; i < f->channel_count; i++) {
		if (f->channels[i].told == FIGURES_HIDDEN)
			f->channels[i].cost = FIGURES_HIDDEN;
	}
	hide_places(f);
}

/* ---- how fast --------------------------------------------------------------------------------
 */

static enum err time_until(
	struct desk *desk, const struct delivery *delivery, int64_t n, int64_t *ret_ms)
{
	int64_t at_ms;
	enum err err = n ? ledger_told_ms(desk->store, delivery->id, n, &at_ms) : ERR_NOT_FOUND;

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_ms = err ? FIGURES_NOT_REACHED : at_ms - delivery->began_ms;
	return ERR_OK;
}

enum err desk_bulletin_figures(
	struct desk *desk, int64_t bulletin_id, struct bulletin_figures *ret_figures)
{
	struct bulletin_figures *f = ret_figures;
	struct delivery delivery;
	enum err err = delivery_load(desk->store, bulletin_id, &delivery);

	if (err)
		return err;
	*f = (struct bulletin_figures){.people = 0};
	err = ledger_cells(desk->store, bulletin_id, count_cell, f);
	if (!err)
		err = time_until(desk, &delivery, (f->people + 1) / 2, &f->half_ms);
	if (!err)
		err = time_until(desk, &delivery, (9 * f->people + 9) / 10, &f->most_ms);
	if (!err)
		err = time_until(desk, &delivery, f->people, &f->all_ms);
	hide(f);
	return err;
}
