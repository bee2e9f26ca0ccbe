/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report comes in: it gets its number, the sender his receipt, the duty group its relay, and the
 * duty phones an SMS that stands by for the relay (desk_notify.c). An officer answers: the words go
 * back over the channel they came by.
 */
#include "daemon/desk/desk_private.h"
#include "gateway/sms_text.h"
#include "store/event.h"

#include <string.h>

static enum err copy_template(struct desk *desk, const struct desk_options *options)
{
	const char *id = options->receipt_template ? options->receipt_template : "";
	enum err err = str_copy(desk->receipt_template, sizeof(desk->receipt_template), id);

	if (options->receipt_param_count > DESK_PARAMS_MAX)
		return ERR_TOO_BIG;
	for (int i = 0; !err && i < options->receipt_param_count; i++)
		err = str_copy(desk->receipt_params[i], sizeof(desk->receipt_params[i]),
			options->receipt_params[i]);
	desk->receipt_param_count = options->receipt_param_count;
	return err;
}

static enum err copy_phones(struct desk *desk, const struct desk_options *options)
{
	if (options->duty_phone_count > DESK_DUTY_PHONES_MAX)
		return ERR_TOO_BIG;
	for (int i = 0; i < options->duty_phone_count; i++) {
		enum err err = str_copy(desk->duty_phones[i], sizeof(desk->duty_phones[i]),
			options->duty_phones[i]);

		if (err)
			return err;
	}
	desk->duty_phone_count = options->duty_phone_count;
	return ERR_OK;
}

enum err desk_new(const struct desk_options *options, struct desk **ret_desk)
{
	const char *group = options->duty_group ? options->duty_group : "";
	struct desk *desk = calloc(1, sizeof(*desk));
	enum err err;

	if (!desk)
		return ERR_NOMEM;
	desk->store = options->store;
	desk->has_modem = options->has_modem;
	desk->has_http_sms = options->has_http_sms;
	desk->has_zalo = options->has_zalo;
	desk->relay_text = options->relay_text;
	desk->has_tick = options->has_tick;
	err = str_copy(desk->duty_group, sizeof(desk->duty_group), group);
	if (!err && options->it_phone)
		err = str_copy(desk->it_phone, sizeof(desk->it_phone), options->it_phone);
	if (!err && options->witness_phone)
		err = str_copy(
			desk->witness_phone, sizeof(desk->witness_phone), options->witness_phone);
	desk->witness_hour = options->witness_hour;
	if (!err)
		err = copy_phones(desk, options);
	if (!err)
		err = copy_template(desk, options);
	if (err) {
		free(desk);
		return err;
	}
	*ret_desk = desk;
	return ERR_OK;
}

void desk_free(struct desk *desk)
{
	free(desk);
}

int64_t desk_now(struct desk *desk)
{
	return clock_wall_ms(store_clock(desk->store));
}

enum err desk_event(struct desk *desk, const char *kind, const struct report *report,
	const char *actor, const char *name, int64_t value)
{
	char subject[32], data[64];

	snprintf(subject, sizeof(subject), "report/%lld", (long long)report->id);
	snprintf(data, sizeof(data), "{\"%s\":%lld}", name, (long long)value);
	return event_add(desk->store, kind, subject, actor, data);
}

bool desk_phone_channel(const struct desk *desk, enum channel_kind *ret_channel)
{
	if (!desk->has_modem && !desk->has_http_sms)
		return false;
	*ret_channel = desk->has_modem ? CHANNEL_MODEM : CHANNEL_HTTP_SMS;
	return true;
}

static bool is_sms(enum channel_kind channel)
{
	return channel == CHANNEL_MODEM || channel == CHANNEL_HTTP_SMS;
}

/* The channel that reaches this correspondent, false when none does: a short code or a word as
 * sender is never answered. */
static bool answer_channel(
	const struct desk *desk, const struct party *party, enum channel_kind *ret_channel)
{
	if (party->state != PARTY_ACTIVE)
		return false;
	if (party->kind == PARTY_PHONE)
		return desk_phone_channel(desk, ret_channel);
	if (party->kind == PARTY_ZALO_USER && desk->has_zalo) {
		*ret_channel = CHANNEL_ZALO_USER;
		return true;
	}
	return false;
}

enum err desk_send_receipt(struct desk *desk, const struct report *report)
{
	char number[16];
	const struct phrase_field fields[] = {
		{"number", number}, {"code", report->code}, {NULL, NULL}};
	enum channel_kind channel;
	struct party party;
	CLEAN_BUF text = {0};
	int64_t id, template_id = 0;
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	err = party_load(desk->store, report->party_id, &party);
	if (err || !answer_channel(desk, &party, &channel))
		return err;
	snprintf(number, sizeof(number), "%d", report->number);
	err = phrase(desk_is_danger(report) ? "receipt_danger" : "receipt",
		is_sms(channel) ? PHRASE_SMS : PHRASE_FULL, fields, &text);
	if (err)
		return err;
	if (party.kind == PARTY_PHONE)
		err = desk_template_receipt(desk, report, &template_id);
	if (err)
		return err;
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = channel,
			.lane = LANE_ANSWER,
			.kind = OUTBOX_KIND_RECEIPT,
			.party_id = report->party_id,
			.report_id = report->id,
			.standby_for = template_id,
			.due_ms = desk_now(desk) + (template_id ? DESK_STANDBY_MS : 0),
			.expires_ms = desk_now(desk) + DESK_RECEIPT_EXPIRES_MS,
			.text = buf_text(&text)},
		&id);
}

enum err desk_report_open(struct desk *desk, const struct report_new *in, struct report *ret_report)
{
	struct report report;
	enum err err = report_add(desk->store, in, &report);

	if (!err)
		err = desk_event(
			desk, "report.received", &report, "system", "number", report.number);
	if (!err)
		err = desk_send_receipt(desk, &report);
	if (!err)
		err = desk_notify(desk, &report, in->text, false);
	if (err)
		return err;
	log_info("report", "id=%lld number=%d year=%d source=%s incomplete=%d",
		(long long)report.id, report.number, report.year, report.source,
		report.is_incomplete);
	*ret_report = report;
	return ERR_OK;
}

enum err desk_tick(struct desk *desk, int64_t party_id, const char *message_id)
{
	int64_t id;

	if (!desk->has_tick || !message_id[0])
		return ERR_OK;
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = CHANNEL_ZALO_USER,
			.lane = LANE_ANSWER,
			.kind = OUTBOX_KIND_TICK,
			.party_id = party_id,
			.due_ms = desk_now(desk),
			.expires_ms = desk_now(desk) + DESK_TICK_EXPIRES_MS,
			.text = message_id},
		&id);
}

/* What will really be sent: normal form, and for a phone the alphabet that fits. */
static enum err fit_answer(
	enum channel_kind channel, const char *text, struct buf *out, struct errbuf *eb)
{
	CLEAN_BUF normal = {0};
	struct sms_size size;
	bool is_unaccented;
	enum err err;

	buf_init(&normal, OUTBOX_BODY_MAX);
	err = sms_text_normalize(text, &normal);
	if (err)
		return errbuf_set(eb, err, "the answer is not valid UTF-8 text");
	if (!normal.len)
		return errbuf_set(eb, ERR_INVALID, "the answer is empty");
	if (!is_sms(channel)) {
		if (desk_code_points(buf_text(&normal)) > DESK_ZALO_TEXT_MAX)
			return errbuf_set(eb, ERR_TOO_BIG,
				"the answer is longer than %d characters", DESK_ZALO_TEXT_MAX);
		return buf_adds(out, buf_text(&normal));
	}
	return desk_sms_fit(LANE_ANSWER, buf_text(&normal), out, &size, &is_unaccented, eb);
}

static enum err find_answer_channel(struct desk *desk, const struct report *report,
	enum channel_kind *ret_channel, struct errbuf *eb)
{
	struct party party;
	enum err err = party_load(desk->store, report->party_id, &party);

	if (err)
		return err;
	if (!answer_channel(desk, &party, ret_channel))
		return errbuf_set(eb, ERR_STATE,
			"the sender of report %d/%d can't be answered: no number that takes messages, he asked for silence, or his channel is off",
			report->number, report->year);
	return ERR_OK;
}

enum err desk_report_answer(struct desk *desk, int64_t report_id, const char *text,
	const char *actor, int64_t *ret_outbox_id, struct errbuf *eb)
{
	enum channel_kind channel = CHANNEL_MODEM;
	struct report report;
	CLEAN_BUF fitted = {0};
	int64_t id;
	enum err err;

	buf_init(&fitted, OUTBOX_BODY_MAX);
	err = report_load(desk->store, report_id, &report);
	if (!err)
		err = find_answer_channel(desk, &report, &channel, eb);
	if (!err)
		err = fit_answer(channel, text, &fitted, eb);
	if (err)
		return err;
	err = outbox_add(desk->store,
		&(struct outbox_new){.channel = channel,
			.lane = LANE_ANSWER,
			.kind = OUTBOX_KIND_ANSWER,
			.party_id = report.party_id,
			.report_id = report.id,
			.due_ms = desk_now(desk),
			.expires_ms = desk_now(desk) + desk_expires_ms(LANE_ANSWER),
			.text = buf_text(&fitted)},
		&id);
	if (!err)
		err = report_entry_add(desk->store, report.id, REPORT_ENTRY_ANSWER, desk_now(desk),
			id, buf_text(&fitted));
	if (!err)
		err = report_set_state(desk->store, report.id, "answered");
	if (!err)
		err = desk_event(desk, "report.answered", &report, actor, "outbox", id);
	if (!err)
		*ret_outbox_id = id;
	return err;
}
