/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came with a report and can't be fetched is not passed over in silence: the register shows
 * it, and the duty side can still look in the inbox of the OA while Zalo keeps it. */
#include "daemon/desk/desk_private.h"

static enum err words(const char *group, const char *code, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	char key[64];
	enum err err;

	buf_init(out, 256);
	snprintf(key, sizeof(key), "%s_%s", group, code);
	err = phrase(key, PHRASE_FULL, none, out);
	return err == ERR_NOT_FOUND ? buf_adds(out, code) : err;
}

/* Our words, not the reporter's: they change nothing of what the report was guessed to be. */
static enum err note(struct desk *desk, int64_t report_id, const char *text)
{
	struct report report;
	enum err err = report_load(desk->store, report_id, &report);

	if (!err)
		err = report_entry_add(
			desk->store, report_id, REPORT_ENTRY_AMENDED, desk_now(desk), 0, text);
	if (!err)
		err = desk_event(
			desk, "report.amended", &report, "system", "number", report.number);
	return err ? err : desk_notify(desk, &report, text, true);
}

enum err desk_attachment_failed(
	struct desk *desk, int64_t report_id, const char *kind, const char *reason)
{
	CLEAN_BUF what = {0};
	CLEAN_BUF why = {0};
	CLEAN_BUF text = {0};
	enum err err = words("attachment", kind, &what);

	if (!err)
		err = words("attachment_reason", reason, &why);
	buf_init(&text, 1024);
	if (!err) {
		const struct phrase_field fields[] = {
			{"kind", buf_text(&what)}, {"reason", buf_text(&why)}, {NULL, NULL}};

		err = phrase("attachment_failed", PHRASE_FULL, fields, &text);
	}
	return err ? err : note(desk, report_id, buf_text(&text));
}
