/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bulletins on their way: what one would do, how far one is, and its ledger. Recipients are numbers
 * that mean nothing outside of it. */
#include "daemon/http/http_private.h"
#include "daemon/http/bulletin_json.h"
#include "daemon/http/request.h"
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/bulletin_figures.h"
#include "daemon/desk/delivery.h"

#include <stdlib.h>

/* *ret_has false: it has not begun. */
static enum err delivery_of_path(
	struct http_request *req, struct delivery *ret_delivery, bool *ret_has)
{
	struct bulletin bulletin;
	enum err err = bulletin_of_path(req, &bulletin);

	if (err)
		return err;
	err = delivery_load(req->http->options.store, bulletin.id, ret_delivery);
	*ret_has = !err;
	if (err == ERR_NOT_FOUND) {
		*ret_delivery = (struct delivery){.id = bulletin.id};
		return ERR_OK;
	}
	if (err)
		http_reply_err(req, err, NULL);
	return err;
}

/* ---- preview ---------------------------------------------------------------------------------
 */

/* Minutes of the modems for the text messages, by the preview of the modems; null: they never
 * could.
 */
static json_t *minutes_for(
	struct http_request *req, const char *sms, const struct delivery_preview *p, int64_t count)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	json_t *ask, *answer = NULL, *minutes;

	if (!count || !options->sms_preview)
		return json_integer(0);
	ask = json_pack("{s:s, s:I, s:s}", "text", sms, "count",
		(json_int_t)(count > 100000 ? 100000 : count), "lane",
		p->urgency == DELIVERY_NORMAL ? "bulletin" : "urgent");
	if (!ask || options->sms_preview(options->arg, ask, &answer, &eb)) {
		json_decref(ask);
		return json_null();
	}
	minutes = json_incref(json_object_get(answer, "minutes"));
	json_decref(ask);
	json_decref(answer);
	return minutes ? minutes : json_null();
}

/* What could be done instead where it does not fit its time or its money. */
static json_t *proposals(const struct delivery_preview *p, bool fits)
{
	json_t *list = json_array();

	if (fits)
		return list;
	if (p->heads)
		json_array_append_new(list, json_string("heads_only"));
	if (p->by_zalo + p->by_group)
		json_array_append_new(list, json_string("zalo_only"));
	json_array_append_new(list, json_string("aggregator"));
	return list;
}

static json_t *preview_json(struct http_request *req, const struct bulletin *b, const char *sms,
	const struct delivery_preview *p)
{
	struct desk *desk = req->http->options.desk;
	json_t *minutes = minutes_for(req, sms, p, p->texts);
	json_t *most = minutes_for(req, sms, p, p->texts_most);
	int64_t takes_ms = json_integer_value(minutes) * MINUTE_MS;
	int64_t finish_ms = delivery_finish_ms(desk, p->urgency, takes_ms);
	bool fits = json_is_integer(minutes) && finish_ms <= b->expires_ms &&
		    (p->budget_left < 0 || p->cost <= p->budget_left);

	return json_pack(
		"{s:s, s:s, s:b, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:I,"
		" s:I, s:o, s:o, s:o, s:o, s:b, s:o}",
		"urgency", delivery_urgency_text(p->urgency), "sms", sms, "unaccented",
		(int)p->is_unaccented, "characters", p->units, "segments", p->segments,
		"head_segments", p->head_segments, "people", (json_int_t)p->people, "heads",
		(json_int_t)p->heads, "by_group", (json_int_t)p->by_group, "by_zalo",
		(json_int_t)p->by_zalo, "texts", (json_int_t)p->texts, "texts_most",
		(json_int_t)p->texts_most, "minutes", minutes, "minutes_most", most, "cost",
		(json_int_t)p->cost, "cost_most", (json_int_t)p->cost_most, "budget_left",
		p->budget_left < 0 ? json_null() : json_integer(p->budget_left), "waits_until",
		json_time(p->quiet_ms), "finishes", json_time(finish_ms), "not_told",
		json_pack("{s:I, s:I, s:I, s:I}", "no_way", (json_int_t)p->no_way, "refused",
			(json_int_t)p->refused, "refused_topic", (json_int_t)p->refused_topic,
			"blocked", (json_int_t)p->blocked),
		"fits", (int)fits, "instead", proposals(p, fits));
}

static void reply_preview(struct http_request *req, const char *instead)
{
	struct delivery_preview preview;
	struct bulletin bulletin;
	struct errbuf eb = {0};
	CLEAN_BUF sms = {0};
	json_t *json;
	enum err err;

	if (bulletin_of_path(req, &bulletin) != ERR_OK)
		return;
	buf_init(&sms, OUTBOX_BODY_MAX);
	err = delivery_preview(req->http->options.desk, &bulletin, instead, &sms, &preview, &eb);
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	json = preview_json(req, &bulletin, buf_text(&sms), &preview);
	if (json)
		json_object_set_new(json, "shorter",
			preview.shorter
				? json_pack("{s:i, s:I, s:I}", "characters", preview.shorter,
					  "people", (json_int_t)preview.texts, "saves",
					  (json_int_t)preview.saves)
				: json_null());
	if (json)
		json_object_set_new(json, "written",
			instead ? json_pack("{s:i, s:I}", "segments", preview.segments_written,
					  "cost", (json_int_t)preview.cost_written)
				: json_null());
	http_reply_json(req, MHD_HTTP_OK, json);
}

void bulletin_preview_get(struct http_request *req)
{
	reply_preview(req, NULL);
}

/* Nothing is stored: what if it said this. */
void bulletin_preview_post(struct http_request *req)
{
	struct errbuf eb = {0};
	json_t *body = NULL;
	const char *sms;
	enum err err = http_body_object(req, &body, &eb);

	if (!err && (json_unpack(body, "{s:s!}", "sms", &sms) || !sms[0]))
		err = errbuf_set(
			&eb, ERR_INVALID, "the body is {\"sms\": \"the text message to look at\"}");
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_preview(req, sms);
	json_decref(body);
}

/* ---- how far it is ---------------------------------------------------------------------------
 */

#define COUNTS_MAX 256 /* states, channels, reasons and waves make fewer */

/* The rows, and what of them may be shown: one that is too small tells of somebody. */
struct counts {
	struct ledger_count rows[COUNTS_MAX];
	int64_t *shown[COUNTS_MAX];
	int count;
};

static void add_count(void *arg, const struct ledger_count *count)
{
	struct counts *counts = arg;

	if (counts->count == COUNTS_MAX)
		return;
	counts->rows[counts->count] = *count;
	counts->shown[counts->count] = &counts->rows[counts->count].count;
	counts->count++;
}

static json_t *counts_json(struct counts *counts)
{
	json_t *list = json_array();

	figures_hide(counts->shown, counts->count);
	for (int i = 0; i < counts->count; i++) {
		const struct ledger_count *row = &counts->rows[i];
		bool is_hidden = row->count == FIGURES_HIDDEN;

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:i, s:o, s:o}", "state",
				      ledger_state_text(row->state), "channel", row->channel,
				      "reason", row->reason, "wave", row->wave, "count",
				      is_hidden ? json_null() : json_integer(row->count), "cost",
				      is_hidden ? json_null() : json_integer(row->cost)));
	}
	return list;
}

static void reply_delivery(
	struct http_request *req, const struct delivery *d, bool has, struct counts *counts)
{
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:I, s:s?, s:s?, s:o, s:o, s:o, s:o}", "bulletin", (json_int_t)d->id,
			"state", has ? delivery_state_text(d->state) : NULL, "urgency",
			has ? delivery_urgency_text(d->urgency) : NULL, "began",
			json_time(d->began_ms), "expires", json_time(d->expires_ms), "ended",
			json_time(d->ended_ms), "counts", counts_json(counts)));
}

void bulletin_delivery_get(struct http_request *req)
{
	struct counts *counts;
	struct delivery d;
	bool has = false;
	enum err err;

	if (delivery_of_path(req, &d, &has) != ERR_OK)
		return;
	counts = calloc(1, sizeof(*counts));
	err = counts ? ledger_counts(req->http->options.store, d.id, add_count, counts) : ERR_NOMEM;
	if (err)
		http_reply_err(req, err, NULL);
	else
		reply_delivery(req, &d, has, counts);
	free(counts);
}

/* ---- ledger ----------------------------------------------------------------------------------
 */

static void add_row(void *arg, const struct ledger_row *row)
{
	json_array_append_new(arg,
		json_pack("{s:I, s:I, s:i, s:s, s:s, s:s, s:o, s:o, s:I}", "recipient",
			(json_int_t)row->resident_id, "place", (json_int_t)row->place_id, "wave",
			row->wave, "state", ledger_state_text(row->state), "channel", row->channel,
			"reason", row->reason, "at", json_time(row->at_ms), "confirmed",
			json_time(row->confirmed_ms), "cost", (json_int_t)row->cost));
}

void bulletin_ledger_get(struct http_request *req)
{
	const char *text = http_argument(req, "after");
	struct errbuf eb = {0};
	json_t *rows;
	struct delivery d;
	int64_t after = 0;
	bool has = false;
	enum err err = ERR_OK;

	if (text && str_to_int64(text, 0, INT64_MAX, &after)) {
		errbuf_set(&eb, ERR_INVALID, "after is the number of a recipient");
		http_reply_err(req, ERR_INVALID, &eb);
		return;
	}
	if (delivery_of_path(req, &d, &has) != ERR_OK)
		return;
	rows = json_array();
	err = ledger_list(req->http->options.store, d.id, after, HTTP_PAGE_MAX, add_row, rows);
	if (err) {
		json_decref(rows);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "ledger", rows));
}
