/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Template messages to a phone number (channel zns): POST /message/template on the business host,
 * sent by zalo_send.c like any other. The text of the row is {"template_id","template_data"} as the
 * desk made it. Whether one reached the phone is asked for later (GET /message/status), since only
 * a webhook would tell it; until then the row waits as it does for the report of an SMS.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_MS  (2 * MINUTE_MS) /* after the start, and between two rounds */
#define ROUND_MS  (15 * MINUTE_MS)
#define STATUS_OK 1 /* delivered */

/* "+84900001234" as Zalo wants it: 84900001234. */
enum err zalo_zns_body(const char *phone, const char *text, int64_t outbox_id, struct buf *out)
{
	json_t *body = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	char tracking[32], *dumped;
	enum err err = ERR_INVALID;

	snprintf(tracking, sizeof(tracking), ZALO_TRACKING_PREFIX "%" PRId64, outbox_id);
	if (phone[0] == '+' && json_is_object(body) &&
		json_is_string(json_object_get(body, "template_id")) &&
		json_is_object(json_object_get(body, "template_data"))) {
		json_object_set_new(body, "phone", json_string(phone + 1));
		json_object_set_new(body, "tracking_id", json_string(tracking));
		dumped = json_dumps(body, JSON_COMPACT);
		err = dumped ? buf_adds(out, dumped) : ERR_NOMEM;
		free(dumped);
	}
	json_decref(body);
	return err;
}

void zalo_zns_note(struct zalo *z, const struct zalo_answer *answer)
{
	const json_t *quota = json_object_get(answer->data, "quota");
	int64_t left;

	if (zalo_json_int(json_object_get(quota, "remainingQuota"), &left))
		return;
	z->zns_left = left;
	/* Nobody has to try to know it. */
	if (left <= 0)
		z->zns.stopped_ms = zalo_mono(z) + zalo_until_midnight_ms(zalo_wall(z));
}

/* ---- what became of them ---------------------------------------------------------------------
 */

static void status_replied(struct zalo_call *call, const struct zalo_answer *answer)
{
	struct zalo *z = call->zalo;
	int64_t status, id = z->zns_report.outbox_id;
	enum err err = ERR_OK;

	z->zns_report.after_id = id;
	z->zns_report.outbox_id = 0;
	if (zalo_answer_is(answer, ZALO_DONE) &&
		!zalo_json_int(json_object_get(answer->data, "status"), &status) &&
		status == STATUS_OK)
		err = outbox_report(z->store, CHANNEL_ZNS, id, 0, OUTBOX_TOLD_DELIVERED);
	if (err)
		log_error("zalo_zns", "id=%" PRId64 " unreported=%s", id, err_name(err));
	zalo_wake(z);
}

static void take_row(void *arg, const struct outbox_row *row)
{
	*(struct outbox_row *)arg = *row;
}

static enum err ask(struct zalo *z, const struct outbox_row *row)
{
	struct zalo_call *call = &z->zns_report.call;
	enum err err = zalo_call_url(call, z->config->business_url, "/message/status?message_id=");

	if (!err)
		err = zalo_text_escape(row->external_id, strlen(row->external_id), &call->url);
	if (!err)
		err = zalo_call_start(call);
	if (!err)
		z->zns_report.outbox_id = row->id;
	return err;
}

int64_t zalo_zns_tick(struct zalo *z)
{
	struct zalo_zns_report *r = &z->zns_report;
	struct outbox_row row = {0};

	if (z->is_closing || zalo_call_is_active(&r->call) || !z->link.is_up ||
		!zalo_auth_is_usable(z))
		return INT64_MAX;
	if (zalo_mono(z) < r->due_ms)
		return r->due_ms;
	if (!outbox_unreported(z->store, CHANNEL_ZNS, r->after_id, 1, take_row, &row) && row.id &&
		row.external_id[0] && !ask(z, &row))
		return INT64_MAX;
	r->after_id = 0;
	r->due_ms = zalo_mono(z) + ROUND_MS;
	return r->due_ms;
}

void zalo_zns_open(struct zalo *z)
{
	z->zns_left = -1;
	z->zns_report.due_ms = zalo_mono(z) + FIRST_MS;
	zalo_call_init(&z->zns_report.call, z, ZALO_USE_WALK, status_replied);
	z->zns_report.call.api = ZALO_API_ZNS;
}

void zalo_zns_close(struct zalo *z)
{
	if (!z->zns_report.call.zalo)
		return;
	zalo_call_cancel(&z->zns_report.call);
	zalo_call_free(&z->zns_report.call);
}
