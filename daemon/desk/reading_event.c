/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of events as its reader may know of it. Every row is shown, with its place and its hash,
 * since one that is missing would be a hole in the chain. What it says of a report is not for who
 * sees no report at all: who looks after the machine is told of each that something was done with
 * some report, so that those about officers look like all others, and an officer at the keyboard
 * of the box is told no more than that: next to those that he knows the others would stand out.
 * The chairman is told what was done and by whom, without number and id, and of a report about an
 * officer that is not his to know not even that.
 */
#include "daemon/base/str.h"
#include "daemon/desk/reading_private.h"

#include <string.h>

#define HIDDEN_KIND "report"

static bool subject_id(const char *subject, const char *kind, int64_t *ret_id)
{
	size_t len = strlen(kind);

	return strncmp(subject, kind, len) == 0 &&
	       !str_to_int64(subject + len, 1, INT64_MAX, ret_id);
}

static void hide_deed(struct reading_event *shown)
{
	shown->kind = HIDDEN_KIND;
	shown->actor = "";
	shown->data = "{}";
	snprintf(shown->subject, sizeof(shown->subject), "%s", HIDDEN_KIND);
}

static bool oversees(const struct reader *reader)
{
	return reader->officer_id > 0 && reader->role == OFFICER_CHAIRMAN;
}

static void show_id(struct reading_event *shown, const char *kind, int64_t id)
{
	snprintf(shown->subject, sizeof(shown->subject), "%s%lld", kind, (long long)id);
}

static enum err show_report(
	struct desk *desk, const struct reader *reader, int64_t id, struct reading_event *shown)
{
	struct report report = {.is_confined = false};
	bool knows = false;
	enum err err;

	if (!oversees(reader)) {
		hide_deed(shown);
		return ERR_OK;
	}
	err = report_load(desk->store, id, &report);
	/* It was erased: nobody knows it any more. */
	if (!err)
		err = reading_knows(desk, reader, id, &knows);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (knows) {
		show_id(shown, "report/", reading_mask(desk, reader, READING_REPORT, id));
	} else if (report.is_confined) {
		hide_deed(shown);
	} else {
		shown->data = "{}";
		snprintf(shown->subject, sizeof(shown->subject), "%s", HIDDEN_KIND);
	}
	return ERR_OK;
}

static enum err show_message(
	struct desk *desk, const struct reader *reader, int64_t id, struct reading_event *shown)
{
	enum err err = oversees(reader) || reading_keeps_machine(reader)
			       ? reading_message(desk, reader, id)
			       : ERR_NOT_FOUND;

	if (err && err != ERR_NOT_FOUND)
		return err;
	if (err)
		hide_deed(shown);
	else
		show_id(shown, "outbox/", reading_mask(desk, reader, READING_OUTBOX, id));
	return ERR_OK;
}

enum err reading_event(struct desk *desk, const struct reader *reader, const struct event *event,
	struct reading_event *ret_shown)
{
	struct reading_event shown = {
		.kind = event->kind, .actor = event->actor, .data = event->data};
	int64_t id = 0;
	enum err err = str_copy(shown.subject, sizeof(shown.subject), event->subject);

	if (!err && !reader->is_office && subject_id(event->subject, "report/", &id))
		err = show_report(desk, reader, id, &shown);
	else if (!err && !reader->is_office && subject_id(event->subject, "outbox/", &id))
		err = show_message(desk, reader, id, &shown);
	if (!err)
		*ret_shown = shown;
	return err;
}
