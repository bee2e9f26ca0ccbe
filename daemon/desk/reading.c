/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/reading_private.h"

#include "store/vault.h"

#include <string.h>

struct key_holder reader_holder(const struct reader *reader)
{
	if (reader->is_office)
		return key_holder_box;
	return (struct key_holder){.id = reader->officer_id, .pair = reader->pair};
}

/* ---- one report ------------------------------------------------------------------------------
 */

bool reading_keeps_register(const struct reader *reader)
{
	return reader->role == OFFICER_CHIEF || reader->role == OFFICER_DEPUTY ||
	       reader->role == OFFICER_CLERK;
}

bool reading_keeps_machine(const struct reader *reader)
{
	return !reader->is_office && (!reader->officer_id || reader->role == OFFICER_IT);
}

int64_t reading_holder(const struct reader *reader)
{
	return reader->officer_id > 0 ? reader->officer_id : KEY_HOLDER_BOX;
}

enum err reading_sight(struct desk *desk, const struct reader *reader, const struct report *report,
	enum sight *ret_sight)
{
	bool held = reader->is_office;
	enum err err = ERR_OK;

	if (!held && reader->officer_id > 0)
		err = report_key_held(desk->store, reader->officer_id, report->id, &held);
	if (err)
		return err;
	if (held)
		*ret_sight = SIGHT_WORDS;
	else if (!reader->officer_id || !reading_keeps_register(reader))
		*ret_sight = SIGHT_NONE;
	else if (!report->is_confined)
		*ret_sight = SIGHT_LINE;
	else
		*ret_sight = report->entry_no ? SIGHT_BLANK : SIGHT_NONE;
	return ERR_OK;
}

/* Day and number are those of the register; the rest says nothing. */
static struct report blank_of(const struct report *report)
{
	struct report blank = {.id = report->id,
		.book = report->book,
		.year = report->year,
		.number = report->number,
		.entry_no = report->entry_no,
		.source = "",
		.category = "other",
		.urgency = "normal",
		.state = READING_BLANK_STATE,
		.received_ms = report->received_ms,
		.is_confined = true};

	return blank;
}

enum err reading_show(struct desk *desk, const struct reader *reader, struct report *report,
	enum sight *ret_sight)
{
	enum err err = reading_sight(desk, reader, report, ret_sight);

	if (!err && *ret_sight == SIGHT_NONE)
		return ERR_NOT_FOUND;
	if (!err && *ret_sight == SIGHT_BLANK)
		*report = blank_of(report);
	return err;
}

enum err reading_find(struct desk *desk, const struct reader *reader, enum report_book book,
	int year, int number, struct report *ret_report, enum sight *ret_sight)
{
	struct report report;
	enum err err = report_find(desk->store, book, year, number, &report);

	if (!err)
		err = reading_show(desk, reader, &report, ret_sight);
	if (!err)
		*ret_report = report;
	return err;
}

enum err reading_load(struct desk *desk, const struct reader *reader, int64_t id,
	struct report *ret_report, enum sight *ret_sight)
{
	struct report report;
	enum err err = report_load(desk->store, id, &report);

	if (!err)
		err = reading_show(desk, reader, &report, ret_sight);
	if (!err)
		*ret_report = report;
	return err;
}

enum err reading_knows(
	struct desk *desk, const struct reader *reader, int64_t report_id, bool *ret_knows)
{
	struct report report;
	enum sight sight;
	enum err err = report_id && !reader->is_office
			       ? reading_load(desk, reader, report_id, &report, &sight)
			       : ERR_OK;

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_knows = !err && (!report_id || reader->is_office || sight != SIGHT_BLANK);
	return ERR_OK;
}

/* ---- what they say ---------------------------------------------------------------------------
 */

enum err reading_entries(struct desk *desk, const struct reader *reader, int64_t report_id,
	report_entry_fn fn, void *arg)
{
	struct key_holder holder = reader_holder(reader);

	return report_entries(desk->store, &holder, report_id, fn, arg);
}

enum err reading_guess(struct desk *desk, const struct reader *reader, int64_t report_id,
	struct report_guess *ret_guess, struct buf *words)
{
	struct key_holder holder = reader_holder(reader);

	return report_guess_load(desk->store, &holder, report_id, ret_guess, words);
}

enum err reading_attachments(struct desk *desk, const struct reader *reader, int64_t report_id,
	attachment_fn fn, void *arg)
{
	struct key_holder holder = reader_holder(reader);

	return attachment_of_report(desk->store, &holder, report_id, fn, arg);
}

struct naming {
	struct attachment *attachment;
};

static void take_name(void *arg, const struct attachment *attachment)
{
	struct naming *naming = arg;

	if (attachment->id == naming->attachment->id)
		*naming->attachment = *attachment;
}

enum err reading_attachment(struct desk *desk, const struct reader *reader, int64_t id,
	struct attachment *ret_attachment, struct media_reader **ret_media)
{
	struct key_holder holder = reader_holder(reader);
	struct media_file file = {.name = ""};
	struct attachment a;
	struct naming naming = {&a};
	enum err err = attachment_load(desk->store, id, &a);

	if (!err && a.report_id)
		err = attachment_of_report(desk->store, &holder, a.report_id, take_name, &naming);
	/* What came without a report is the office's. */
	if (!err && !a.report_id && !reader->is_office)
		err = ERR_NOT_FOUND;
	if (err)
		return err == ERR_DENIED ? ERR_NOT_FOUND : err;
	if (ret_media && a.state == ATTACHMENT_STORED) {
		err = attachment_file(desk->store, &holder, id, &file);
		if (!err)
			err = media_reader_new(desk->store, &file, ret_media);
		explicit_bzero(&file, sizeof(file));
	}
	if (!err)
		*ret_attachment = a;
	return err;
}

/* ---- counts ----------------------------------------------------------------------------------
 */

enum err reading_count(
	struct desk *desk, const struct reader *reader, const char *state, int64_t *ret_count)
{
	int64_t all, hidden;
	enum err err;

	if (!reader->is_office && !reading_keeps_machine(reader) && !reading_keeps_register(reader))
		return report_count_held(desk->store, reader->officer_id, state, ret_count);
	err = report_count(desk->store, state, &all);
	if (err || reader->is_office) {
		*ret_count = err ? 0 : all;
		return err;
	}
	err = report_count_hidden(desk->store, reading_holder(reader), state, &hidden);
	if (!err)
		*ret_count = all - hidden;
	return err;
}

enum err reading_guess_counts(
	struct desk *desk, const struct reader *reader, report_guess_fn fn, void *arg)
{
	return report_guess_counts(
		desk->store, reader->is_office ? REPORT_GUESS_ALL : reader->officer_id, fn, arg);
}

/* ---- ids -------------------------------------------------------------------------------------
 */

int64_t reading_mask(
	struct desk *desk, const struct reader *reader, enum reading_kind kind, int64_t id)
{
	return reader->is_office || !id ? id
					: vault_mask(store_vault(desk->store), (uint8_t)kind, id);
}

int64_t reading_unmask(
	struct desk *desk, const struct reader *reader, enum reading_kind kind, int64_t masked)
{
	return reader->is_office || !masked
		       ? masked
		       : vault_unmask(store_vault(desk->store), (uint8_t)kind, masked);
}
