/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report comes in: it gets its number, the sender his receipt, the duty group its relay, and the
 * duty phones an SMS that stands by for the relay (desk_notify.c). What goes back to him later:
 * desk_answer.c.
 */
#include "daemon/desk/confinement.h"
#include "daemon/desk/entitlement.h"
#include "daemon/desk/legal_private.h"
#include "daemon/desk/poll_words.h"
#include "daemon/desk/secrecy.h"
#include "daemon/desk/thread.h"
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

void desk_adjust(struct desk *desk, const struct desk_options *options)
{
	desk->dialogue_ms = options->dialogue_minutes * MINUTE_MS;
	desk->witness_hour = options->witness_hour;
	desk->alarm_has_category = options->alarm_has_category;
	if (options->bulletins)
		desk->bulletins = *options->bulletins;
	else
		desk->bulletins.zalo_window_ms = 7 * DAY_MS;
	for (int i = 0; i < 3; i++) {
		static const int usual_s[3] = {120, 300, 600};

		desk->climb_ms[i] = (options->climb_s[2] ? options->climb_s[i] : usual_s[i]) *
				    SECOND_MS;
	}
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
	desk->sms_is_plain = options->sms_is_plain;
	desk->has_tick = options->has_tick;
	desk->law = options->law;
	desk->trust = options->trust;
	desk->is_ntp = options->is_ntp;
	err = str_copy(desk->duty_group, sizeof(desk->duty_group), group);
	if (!err && options->it_phone)
		err = str_copy(desk->it_phone, sizeof(desk->it_phone), options->it_phone);
	if (!err && options->witness_phone)
		err = str_copy(
			desk->witness_phone, sizeof(desk->witness_phone), options->witness_phone);
	desk_adjust(desk, options);
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
	if (desk)
		poll_ear_free(desk->poll_ear);
	free(desk);
}

void desk_seat(struct desk *desk, const struct key_holder *holder)
{
	desk->has_seat = holder;
	desk->seat = holder ? *holder : (struct key_holder){.id = KEY_HOLDER_BOX};
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

enum err desk_event_word(struct desk *desk, const char *kind, const struct report *report,
	const char *actor, const char *name, const char *text)
{
	char subject[32], data[EVENT_DATA_MAX];

	if (text[strcspn(text, "\"\\\n\r\t")])
		return ERR_INVALID;
	snprintf(subject, sizeof(subject), "report/%lld", (long long)report->id);
	if (snprintf(data, sizeof(data), "{\"%s\":\"%s\"}", name, text) >= (int)sizeof(data))
		return ERR_TOO_BIG;
	return event_add(desk->store, kind, subject, actor, data);
}

bool desk_phone_channel(const struct desk *desk, enum channel_kind *ret_channel)
{
	if (!desk->has_modem && !desk->has_http_sms)
		return false;
	*ret_channel = desk->has_modem ? CHANNEL_MODEM : CHANNEL_HTTP_SMS;
	return true;
}

bool desk_is_sms(enum channel_kind channel)
{
	return channel == CHANNEL_MODEM || channel == CHANNEL_HTTP_SMS;
}

enum err desk_say(struct desk *desk, int64_t party_id, enum channel_kind channel,
	enum outbox_kind kind, int64_t report_id, const char *text, int64_t *ret_outbox_id)
{
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = channel,
			.lane = LANE_ANSWER,
			.kind = kind,
			.party_id = party_id,
			.report_id = report_id,
			.due_ms = desk_now(desk),
			.expires_ms = desk_now(desk) +
				      (kind == OUTBOX_KIND_RECEIPT ? DESK_RECEIPT_EXPIRES_MS
								   : desk_expires_ms(LANE_ANSWER)),
			.text = text},
		ret_outbox_id);
}

/* What the sender of a report reads by itself, when his way is open. */
static enum err reply_text(struct desk *desk, const struct report *report, const char *key,
	struct buf *out, struct desk_way *ret_way)
{
	char number[REPORT_NUMBER_BYTES];
	const struct phrase_field fields[] = {
		{"number", number}, {"code", report->code}, {NULL, NULL}};
	enum err err = desk_gate(desk, report->party_id, ret_way);

	if (err)
		return err;
	/* The emergency numbers go however often he was answered. */
	if (desk_is_danger(report))
		ret_way->is_open = ret_way->is_reachable && !ret_way->is_hushed;
	else if (ret_way->is_open)
		err = desk_may_receipt(desk, report, &ret_way->is_open);
	if (err)
		return err;
	ret_way->is_open = ret_way->is_open && !report->is_quiet;
	if (!ret_way->is_open)
		return ERR_OK;
	report_number_text(report, number);
	return desk_phrase(ret_way, key, fields, out);
}

enum err desk_send_thanks(struct desk *desk, const struct report *report)
{
	struct desk_way way = {.is_open = false};
	CLEAN_BUF text = {0};
	int64_t id;
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	err = reply_text(desk, report, "receipt_more", &text, &way);
	if (err || !way.is_open)
		return err;
	return desk_say(desk, report->party_id, way.channel, OUTBOX_KIND_RECEIPT, report->id,
		buf_text(&text), &id);
}

enum err desk_send_receipt(struct desk *desk, const struct report *report)
{
	struct desk_way way = {.is_open = false};
	CLEAN_BUF text = {0};
	int64_t id, template_id = 0;
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	err = reply_text(
		desk, report, desk_is_danger(report) ? "receipt_danger" : "receipt", &text, &way);
	if (!err && way.is_open && way.kind == PARTY_PHONE)
		err = desk_template_receipt(desk, report, &template_id);
	if (err || !way.is_open)
		return err;
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = way.channel,
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

static enum err share_new(void *arg, const struct report *report, const struct keypair *pair)
{
	return entitlement_share(arg, report, pair);
}

enum err desk_report_open(struct desk *desk, const struct report_new *in, struct report *ret_report)
{
	struct report_new copy = *in;
	struct report report;
	enum err err = confinement_book(desk, in, &copy.book);

	copy.share = share_new;
	copy.share_arg = desk;
	if (!err)
		err = report_add(desk->store, &copy, &report);
	if (!err)
		err = desk_event(
			desk, "report.received", &report, "system", "number", report.number);
	if (!err)
		err = desk_secrecy_incoming(desk, &report, in->text);
	if (!err && report.is_quiet)
		err = desk_hush(desk, report.party_id);
	if (!err && !in->is_told)
		err = desk_send_receipt(desk, &report);
	if (!err)
		err = desk_notify(desk, &report, in->text, false);
	if (!err)
		err = legal_received(desk, &report);
	if (err)
		return err;
	log_info("report", "id=%lld number=%d year=%d source=%s incomplete=%d",
		(long long)report.id, report.number, report.year, report.source,
		report.is_incomplete);
	*ret_report = report;
	return ERR_OK;
}

enum err desk_forget_anonymous(struct desk *desk)
{
	int64_t id = 0;
	enum err err;

	while (!(err = party_next_forgotten(desk->store, id, &id))) {
		err = party_forget(desk->store, id);
		if (!err)
			err = event_add(desk->store, "party.forgotten", "", "system", "{}");
		if (err)
			return err;
		log_info("report", "sender=%lld forgotten", (long long)id);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err desk_tick(struct desk *desk, int64_t party_id, const char *message_id)
{
	struct desk_way way = {.is_open = false};
	int64_t id;
	enum err err;

	if (!desk->has_tick || !message_id[0])
		return ERR_OK;
	err = desk_gate(desk, party_id, &way);
	if (err || !way.is_open)
		return err;
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
