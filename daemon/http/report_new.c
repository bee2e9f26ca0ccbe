/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an officer enters: a visitor at the office, a caller, somebody who asks him to. It goes the
 * way of every message, through the inbox, so that it is counted, numbered and told like one.
 */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/category.h"
#include "daemon/intake/intake.h"
#include "gateway/sms_text.h"
#include "store/inbox.h"
#include "store/place.h"
#include "store/vault.h"

#include <string.h>

#define TEXT_MAX 16000 /* bytes */

struct entry_form {
	const char *source, *text, *phone, *hamlet, *told, *receiver, *category, *urgency;
	bool is_anonymous, is_quiet;
	int64_t told_ms;
	char msisdn[MSISDN_BYTES];
};

static enum err read_member(
	struct entry_form *form, const char *name, const json_t *value, struct errbuf *eb)
{
	const struct {
		const char *name, **text;
		bool *is_true;
	} members[] = {
		{ERR_WORD("source"), &form->source, NULL},
		{ERR_WORD("text"), &form->text, NULL},
		{ERR_WORD("phone"), &form->phone, NULL},
		{ERR_WORD("hamlet"), &form->hamlet, NULL},
		{ERR_WORD("told"), &form->told, NULL},
		{ERR_WORD("receiver"), &form->receiver, NULL},
		{ERR_WORD("category"), &form->category, NULL},
		{ERR_WORD("urgency"), &form->urgency, NULL},
		{ERR_WORD("is_anonymous"), NULL, &form->is_anonymous},
		{ERR_WORD("is_quiet"), NULL, &form->is_quiet},
	};

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (!str_eq(members[i].name, name))
			continue;
		if (members[i].text && json_is_string(value))
			*members[i].text = json_string_value(value);
		else if (members[i].is_true && json_is_boolean(value))
			*members[i].is_true = json_is_true(value);
		else
			return errbuf_set(eb, ERR_INVALID, "\"%s\" must be %s", name,
				members[i].text ? ERR_WORD("a text") : ERR_WORD("true or false"));
		return ERR_OK;
	}
	return errbuf_set(eb, ERR_INVALID, "\"%.32s\" is not known", name);
}

/* "2026-11-22 14:05" or "2026-11-22T14:05", in Vietnam. */
static enum err read_moment(const char *text, int64_t now_ms, int64_t *ret_ms, struct errbuf *eb)
{
	int64_t day, minutes, ms;

	if (!http_date(text, &day) || (text[10] != ' ' && text[10] != 'T') ||
		!http_minute(text + 11, &minutes))
		return errbuf_set(
			eb, ERR_INVALID, "\"told\" is a time such as \"2026-11-22 14:05\"");
	ms = day * DAY_MS + minutes * MINUTE_MS - VIETNAM_OFFSET_MS;
	if (ms > now_ms + MINUTE_MS)
		return errbuf_set(eb, ERR_INVALID, "\"told\" lies ahead");
	*ret_ms = ms;
	return ERR_OK;
}

static enum err check_source(const char *source, struct errbuf *eb)
{
	if (str_eq(source, "walk_in") || str_eq(source, "call") || str_eq(source, "on_behalf"))
		return ERR_OK;
	return errbuf_set(eb, ERR_INVALID, "\"source\" is walk_in, call or on_behalf");
}

static enum err check_codes(struct http_request *req, struct entry_form *form, struct errbuf *eb)
{
	enum category category;
	struct place place;
	enum err err = ERR_OK;

	if (form->category && category_from_code(form->category, &category))
		return errbuf_set(eb, ERR_INVALID, "there is no category %.16s", form->category);
	if (form->urgency && !str_eq(form->urgency, "normal") && !str_eq(form->urgency, "urgent") &&
		!str_eq(form->urgency, "danger"))
		return errbuf_set(eb, ERR_INVALID, "urgency is normal, urgent or danger");
	if (form->hamlet && form->hamlet[0])
		err = place_find_open(req->http->options.store, form->hamlet, &place);
	return err == ERR_NOT_FOUND
		       ? errbuf_set(eb, ERR_INVALID,
				 "there is no place %.31s; see binhyenctl places", form->hamlet)
		       : err;
}

static enum err check_form(struct http_request *req, struct entry_form *form, struct errbuf *eb)
{
	int64_t now_ms = clock_wall_ms(store_clock(req->http->options.store));
	enum err err;

	if (!form->source || !form->text)
		return errbuf_set(eb, ERR_INVALID, "\"source\" and \"text\" are needed");
	if (strlen(form->text) > TEXT_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "the text is longer than %d bytes", TEXT_MAX);
	if (!form->text[strspn(form->text, " \t\r\n")])
		return errbuf_set(eb, ERR_INVALID, "the text is empty");
	if (form->receiver && (strlen(form->receiver) > 63 || strpbrk(form->receiver, "\r\n")))
		return errbuf_set(eb, ERR_INVALID, "\"receiver\" has at most 63 bytes");
	if (form->phone && form->phone[0] && msisdn_normalize(form->phone, form->msisdn) != ERR_OK)
		return errbuf_set(eb, ERR_INVALID, "\"phone\" is no number of a subscriber");
	err = check_source(form->source, eb);
	if (!err)
		err = check_codes(req, form, eb);
	if (!err && form->told)
		err = read_moment(form->told, now_ms, &form->told_ms, eb);
	return err;
}

static enum err enter(
	struct http_request *req, const struct entry_form *form, struct report *ret_report)
{
	struct inbound_entry entry = {.source = form->source,
		.receiver = form->receiver && form->receiver[0] ? form->receiver : req->actor,
		.hamlet = form->hamlet,
		.category = form->category,
		.urgency = form->urgency,
		.actor = req->actor,
		.is_quiet = form->is_quiet,
		.is_anonymous = form->is_anonymous};
	struct store *store = req->http->options.store;
	char external_id[2 * 16 + 1];
	struct inbound in = {.channel = "office",
		.external_id = external_id,
		.kind = INBOX_KIND_TEXT,
		/* Who gives no number is nobody whom another report would know again. */
		.from_kind = form->msisdn[0] ? PARTY_PHONE : PARTY_OFFICE,
		.from = form->msisdn[0] ? form->msisdn : external_id,
		.sent_ms = form->told_ms,
		.text = form->text,
		.entry = &entry};
	uint8_t nonce[16];
	int64_t inbox_id, report_id = 0;
	enum err err;

	vault_random(nonce, sizeof(nonce));
	str_hex(nonce, sizeof(nonce), external_id);
	err = intake_accept(req->http->options.intake, &in);
	if (!err)
		err = inbox_find(store, "office", external_id, &inbox_id, &report_id);
	return err ? err : report_load(store, report_id, ret_report);
}

/* He knows what he entered, also when it is not his to read any more. */
static void reply_entered(struct http_request *req, const struct report *report)
{
	struct reader reader = http_reader(req);
	enum sight sight = SIGHT_LINE;
	enum err err = reading_sight(req->http->options.desk, &reader, report, &sight);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_report(req, report, sight == SIGHT_NONE ? SIGHT_LINE : sight));
}

void reports_post(struct http_request *req)
{
	struct entry_form form = {.source = NULL};
	struct report report = {0};
	struct errbuf eb = {0};
	json_t *body = NULL, *value;
	const char *name;
	enum err err = http_body_object(req, &body, &eb);

	if (err == ERR_OK) {
		json_object_foreach (body, name, value) {
			if (err == ERR_OK)
				err = read_member(&form, name, value, &eb);
		}
	}
	if (err == ERR_OK)
		err = check_form(req, &form, &eb);
	if (err == ERR_OK)
		err = enter(req, &form, &report);
	json_decref(body);
	explicit_bzero(form.msisdn, sizeof(form.msisdn));
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		reply_entered(req, &report);
}
