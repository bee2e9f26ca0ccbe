/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/service_figures.h"

#include "daemon/desk/desk_private.h"
#include "store/procedure_tally.h"

#include <stdlib.h>
#include <string.h>

/* ---- counting ------------------------------------------------------------------------------ */

static struct service_line *topic(struct service_figures *f, const char *what)
{
	struct service_line *line;

	for (int i = 0; i < f->topic_count; i++) {
		if (str_eq(f->topics[i].name, what))
			return &f->topics[i];
	}
	if (f->topic_count == SERVICE_TOPICS_MAX)
		return NULL;
	line = &f->topics[f->topic_count];
	if (str_copy(line->name, sizeof(line->name), what))
		return NULL;
	f->topic_count++;
	return line;
}

static struct service_line *door_line(struct service_figures *f, const char *door)
{
	for (int i = 0; i < SERVICE_DOORS; i++) {
		if (str_eq(service_door_text((enum service_door)i), door))
			return &f->doors[i];
	}
	return NULL;
}

/* Who opens a menu asks for nothing yet: it is a topic, and no part of a sum. */
static void add_count(
	void *arg, const char *door, const char *what, const char *outcome, int64_t count)
{
	struct service_figures *f = arg;
	struct service_line *of_topic = topic(f, what), *of_door = door_line(f, door);
	bool is_opening;
	int at = 0;

	CHECK(f);
	while (at < SERVICE_OUTCOMES &&
		!str_eq(service_outcome_text((enum service_outcome)at), outcome))
		at++;
	CHECK(at < SERVICE_OUTCOMES);
	is_opening = at == SERVICE_ASKED && str_eq(what, SERVICE_MENU);
	if (of_topic)
		of_topic->counts[at] += count;
	if (of_door && !is_opening)
		of_door->counts[at] += count;
	if (!is_opening)
		f->sums[at] += count;
}

static void add_entry(void *arg, const char *code, int64_t asked)
{
	struct service_figures *f = arg;
	struct service_entry *entry = &f->entries[f->entry_count];

	if (!code[0])
		f->missed = asked;
	else if (f->entry_count < PROCEDURES_MAX &&
		 !str_copy(entry->code, sizeof(entry->code), code)) {
		entry->asked = asked;
		f->entry_count++;
	}
}

/* ---- hiding -------------------------------------------------------------------------------- */

static int hidden_of(const struct service_line *lines, int count)
{
	int hidden = 0;

	for (int i = 0; i < count; i++) {
		for (int at = 0; at < SERVICE_OUTCOMES; at++)
			hidden += lines[i].counts[at] == FIGURES_HIDDEN;
	}
	return hidden;
}

/* Of each line what became of what was asked, of each outcome what was asked: until nothing more
 * could be had from what is left. */
static void hide_lines(struct service_line *lines, int count)
{
	int before;

	do {
		before = hidden_of(lines, count);
		for (int at = 0; at < SERVICE_OUTCOMES; at++) {
			int64_t *cells[SERVICE_TOPICS_MAX];

			for (int i = 0; i < count; i++)
				cells[i] = &lines[i].counts[at];
			figures_hide(cells, count);
		}
		for (int i = 0; i < count; i++) {
			int64_t *cells[SERVICE_OUTCOMES];

			for (int at = 0; at < SERVICE_OUTCOMES; at++)
				cells[at] = &lines[i].counts[at];
			figures_hide(cells, SERVICE_OUTCOMES);
		}
	} while (hidden_of(lines, count) > before);
}

static void hide(struct service_figures *f)
{
	int64_t *sums[SERVICE_OUTCOMES], *entries[PROCEDURES_MAX + 1];

	hide_lines(f->doors, SERVICE_DOORS);
	hide_lines(f->topics, f->topic_count);
	for (int at = 0; at < SERVICE_OUTCOMES; at++)
		sums[at] = &f->sums[at];
	figures_hide(sums, SERVICE_OUTCOMES);
	for (int i = 0; i < f->entry_count; i++)
		entries[i] = &f->entries[i].asked;
	entries[f->entry_count] = &f->missed;
	figures_hide(entries, f->entry_count + 1);
}

/* ---- the whole ----------------------------------------------------------------------------- */

static int by_asked(const void *a, const void *b)
{
	const struct service_line *one = a, *other = b;
	int64_t x = one->counts[SERVICE_ASKED], y = other->counts[SERVICE_ASKED];

	return x != y ? (x < y ? 1 : -1) : strcmp(one->name, other->name);
}

static int by_wanted(const void *a, const void *b)
{
	const struct service_entry *one = a, *other = b;

	if (one->asked != other->asked)
		return one->asked < other->asked ? 1 : -1;
	return strcmp(one->code, other->code);
}

enum err desk_service_figures(struct desk *desk, int days, struct service_figures *ret_figures)
{
	struct service_figures *f = ret_figures;
	int64_t since_day = clock_local_day(desk_now(desk)) - days + 1;
	enum err err;

	*f = (struct service_figures){.since_day = since_day};
	for (int i = 0; i < SERVICE_DOORS; i++)
		snprintf(f->doors[i].name, sizeof(f->doors[i].name), "%s",
			service_door_text((enum service_door)i));
	err = service_tally_since(desk->store, since_day, add_count, f);
	if (!err)
		err = procedure_tally_since(desk->store, since_day, add_entry, f);
	if (err)
		return err;
	/* What is hidden has to come last, in no order that would tell how much it is. */
	hide(f);
	qsort(f->topics, (size_t)f->topic_count, sizeof(f->topics[0]), by_asked);
	qsort(f->entries, (size_t)f->entry_count, sizeof(f->entries[0]), by_wanted);
	return ERR_OK;
}
