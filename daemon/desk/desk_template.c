/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A receipt to somebody who wrote by SMS, as a template message to his number: cheaper than an SMS
 * and with all its marks. Who has no Zalo gets the SMS that stands by for it. The words of a
 * template were approved by Zalo beforehand; only its parameters are ours, which name the report by
 * number and code and nothing else.
 */
#include "daemon/desk/desk_private.h"

#include <string.h>

/* `pattern` with {number} and {code} filled in. The configuration lets no quote or backslash
 * through, so that it is good JSON as it is. */
static enum err fill_param(const char *pattern, const struct report *report, struct buf *out)
{
	char number[REPORT_NUMBER_BYTES];
	enum err err = ERR_OK;

	report_number_text(report, number);
	while (!err && *pattern) {
		if (strncmp(pattern, "{number}", 8) == 0) {
			err = buf_adds(out, number);
			pattern += 8;
		} else if (strncmp(pattern, "{code}", 6) == 0) {
			err = buf_adds(out, report->code);
			pattern += 6;
		} else {
			err = buf_add(out, pattern++, 1);
		}
	}
	return err;
}

static enum err build(struct desk *desk, const struct report *report, struct buf *out)
{
	enum err err = buf_addf(
		out, "{\"template_id\":\"%s\",\"template_data\":{", desk->receipt_template);

	for (int i = 0; !err && i < desk->receipt_param_count; i++) {
		const char *param = desk->receipt_params[i], *value = strchr(param, '=');

		err = buf_addf(out, "%s\"%.*s\":\"", i ? "," : "", (int)(value - param), param);
		if (!err)
			err = fill_param(value + 1, report, out);
		if (!err)
			err = buf_adds(out, "\"");
	}
	return err ? err : buf_adds(out, "}}");
}

enum err desk_template_receipt(
	struct desk *desk, const struct report *report, int64_t *ret_outbox_id)
{
	CLEAN_BUF text = {0};
	enum err err;

	if (!desk->has_zalo || !desk->receipt_template[0])
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = build(desk, report, &text);
	if (err)
		return err;
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = CHANNEL_ZNS,
			.lane = LANE_ANSWER,
			.kind = OUTBOX_KIND_RECEIPT,
			.party_id = report->party_id,
			.report_id = report->id,
			.due_ms = desk_now(desk),
			.expires_ms = desk_now(desk) + DESK_RECEIPT_EXPIRES_MS,
			.text = buf_text(&text)},
		ret_outbox_id);
}
