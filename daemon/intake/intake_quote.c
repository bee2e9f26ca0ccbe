/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message that quotes another one says by that what it is about: one of ours belongs to a report
 * (an answer, a receipt, an alarm), or one of the sender's own has become part of one. Whose report
 * it is has to be checked by whoever uses it.
 */
#include "daemon/intake/intake_private.h"

#include "store/outbox.h"

static enum err report_of_ours(struct intake *intake, const char *message_id, int64_t *ret_report)
{
	struct outbox_row row;
	int64_t id;
	enum err err = outbox_find_external(intake->store, message_id, &id);

	if (!err)
		err = outbox_load(intake->store, id, &row);
	if (!err)
		*ret_report = row.report_id;
	return err;
}

enum err intake_find_quoted(
	struct intake *intake, const struct inbound *in, struct quoted *ret_quoted)
{
	struct quoted quoted = {0};
	struct report report;
	int64_t inbox_id;
	enum err err = ERR_NOT_FOUND;

	if (in->quoted && in->quoted[0])
		err = report_of_ours(intake, in->quoted, &quoted.report_id);
	if (err == ERR_NOT_FOUND && in->quoted && in->quoted[0])
		err = inbox_find(
			intake->store, in->channel, in->quoted, &inbox_id, &quoted.report_id);
	if (!err && quoted.report_id)
		err = report_load(intake->store, quoted.report_id, &report);
	if (!err && quoted.report_id)
		quoted.party_id = report.party_id;
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_quoted = err ? (struct quoted){0} : quoted;
	return ERR_OK;
}
