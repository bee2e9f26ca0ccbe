/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of events: read page by page, checked as a whole, compared with a head that was kept. */
#include "daemon/http/resources.h"
#include "daemon/http/rights.h"

#include "daemon/base/str.h"
#include "daemon/desk/audit.h"
#include "store/event.h"

static json_t *hash_json(const uint8_t hash[VAULT_HASH_BYTES])
{
	char hex[2 * VAULT_HASH_BYTES + 1];

	str_hex(hash, VAULT_HASH_BYTES, hex);
	return json_string(hex);
}

struct event_rows {
	struct http_list list;
	struct http_request *req;
	struct reader reader;
	enum err err;
};

/* A damaged row is shown as it is. */
static json_t *data_json(struct http_request *req, const char *data)
{
	json_t *object = json_loads(data, 0, NULL);
	const json_t *outbox = json_object_get(object, "outbox");

	if (json_is_integer(outbox))
		json_object_set_new(
			object, "outbox", json_id(req, READING_OUTBOX, json_integer_value(outbox)));
	return object ? object : json_text(data);
}

static void event_row(void *arg, const struct event *event)
{
	struct event_rows *rows = arg;
	struct reading_event shown;
	enum err err = reading_event(rows->req->http->options.desk, &rows->reader, event, &shown);

	if (err) {
		rows->err = err;
		return;
	}
	http_list_add(&rows->list, event->id,
		json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)event->id, "at",
			json_time(event->at_ms), "kind", json_text(shown.kind), "subject",
			json_text(shown.subject), "actor", json_text(shown.actor), "data",
			data_json(rows->req, shown.data), "hash", hash_json(event->hash)));
}

/* Newest first, or from ?after=ID on oldest first, as an export wants it. */
void audit_get(struct http_request *req)
{
	const char *after = http_argument(req, "after");
	struct event_rows rows = {.req = req, .reader = http_reader(req)};
	struct http_list *list = &rows.list;
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err;

	if (after && str_to_int64(after, 0, INT64_MAX, &id)) {
		http_reply_err(req,
			errbuf_set(&eb, ERR_INVALID, "after must be the id of an event, or 0"),
			&eb);
		return;
	}
	if (!http_list_begin(list, req, "events"))
		return;
	err = after ? event_list_after(list->store, id, list->page.limit, event_row, &rows)
		    : event_list(
			      list->store, list->page.before, list->page.limit, event_row, &rows);
	http_list_end(list, err ? err : rows.err);
}

static json_t *head_json(const struct event_head *head, int64_t day, int64_t closed_ms)
{
	char digits[EVENT_DIGITS_BYTES], name[AUDIT_DAY_BYTES] = "";

	event_digits(head->hash, digits);
	if (day)
		audit_day_format(day, name);
	return json_pack("{s:s?, s:I, s:s, s:o, s:o}", "day", day ? name : NULL, "event",
		(json_int_t)head->id, "head", digits, "hash", hash_json(head->hash), "closed",
		json_time(closed_ms));
}

void audit_head_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	struct event_head last;
	struct event_day day;
	enum err err = event_last(store, &last), none = event_day_last(store, &day);

	if (!err && none != ERR_NOT_FOUND)
		err = none;
	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:o, s:o}", "last", head_json(&last, 0, 0), "day",
				none ? json_null() : head_json(&day.head, day.day, day.closed_ms)));
}

static enum err compare(struct http_request *req, enum audit_answer *ret_answer, struct errbuf *eb)
{
	json_t *body;
	const json_t *day, *head;
	int64_t number = 0;
	enum err err = http_body_object(req, &body, eb);

	if (err)
		return err;
	day = json_object_get(body, "day");
	head = json_object_get(body, "head");
	if (!json_is_string(day) || !json_is_string(head) || json_object_size(body) != 2)
		err = errbuf_set(
			eb, ERR_INVALID, "the body must be {\"day\": \"...\", \"head\": \"...\"}");
	else if (audit_day_parse(json_string_value(day), &number))
		err = errbuf_set(eb, ERR_INVALID, "a day is written 2026-11-22 or 22/11/2026");
	if (!err)
		err = audit_compare(
			req->http->options.store, number, json_string_value(head), ret_answer);
	if (err == ERR_INVALID && !eb->text[0])
		errbuf_set(eb, err, "a head has 16 digits of 0-9 A-F, in groups or not");
	json_decref(body);
	return err;
}

void audit_check_post(struct http_request *req)
{
	static const char *const words[] = {
		[AUDIT_SAME] = "same", [AUDIT_OTHER] = "other", [AUDIT_UNKNOWN] = "unknown"};
	enum audit_answer answer = AUDIT_UNKNOWN;
	struct errbuf eb = {0};
	enum err err = compare(req, &answer, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "answer", words[answer]));
}

/* How many rows there are would tell an officer that something is done with a report of which he
 * may not know: who may read the log may count it. */
#define WHO_COUNTS_ROWS (WHO_BOX | WHO(IT) | WHO(CHAIRMAN))

static json_t *answer_for(const struct http_request *req, const json_t *answer)
{
	json_t *copy = json_deep_copy(answer);

	if (!(req->caller.who & WHO_COUNTS_ROWS) && json_object_get(copy, "checked_events"))
		json_object_set_new(copy, "checked_events", json_null());
	return copy;
}

static void verify_done(void *arg, enum err err, const json_t *answer)
{
	struct http_request *req = arg;

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, answer_for(req, answer));
	http_answer_end(req);
}

void audit_verify_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err = http_body_empty(req, &eb);

	if (!err && options->audit_verify)
		err = options->audit_verify(options->arg, verify_done, req, &eb);
	else if (!err)
		err = errbuf_set(&eb, ERR_NOT_FOUND, "nobody checks the log here");
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_answer_begin(req);
}

static void fault_row(void *arg, const struct event_fault_row *row)
{
	http_list_add(arg, row->id,
		json_pack("{s:I, s:s, s:I, s:s, s:s, s:o, s:o, s:s?}", "id", (json_int_t)row->id,
			"fault", event_fault_text(row->fault), "event", (json_int_t)row->event_id,
			"message", event_fault_en(row->fault), "message_vi",
			event_fault_vi(row->fault), "found", json_time(row->found_ms), "seen",
			json_time(row->seen_ms), "seen_by", row->seen_by[0] ? row->seen_by : NULL));
}

void audit_faults_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "faults"))
		http_list_end(&list, event_fault_list(list.store, list.page.before, list.page.limit,
					     fault_row, &list));
}

void audit_fault_seen_post(struct http_request *req)
{
	http_mark_seen(req, &(const struct http_seen){ERR_WORD("fault"), "audit_fault",
				    "audit.fault_seen", event_fault_seen});
}

json_t *json_audit(
	struct store *store, const struct reader *reader, const json_t *known, enum err *ret_err)
{
	const bool counts = reader->is_office || !reader->officer_id ||
			    reader->role == OFFICER_IT || reader->role == OFFICER_CHAIRMAN;
	json_t *object = json_is_object(known) ? json_deep_copy(known) : json_object();
	struct event_head last, verified;
	int64_t faults = 0;
	enum err err = event_last(store, &last);

	if (!err)
		err = event_verified_last(store, &verified);
	if (!err)
		err = event_fault_count(store, &faults);
	if (err) {
		json_decref(object);
		*ret_err = err;
		return NULL;
	}
	if (!counts && json_object_get(object, "checked_events"))
		json_object_set_new(object, "checked_events", json_null());
	json_object_set_new(object, "events", counts ? json_integer(last.id) : json_null());
	json_object_set_new(
		object, "verified_event", counts ? json_integer(verified.id) : json_null());
	json_object_set_new(object, "verified", json_time(verified.at_ms));
	json_object_set_new(object, "faults", json_integer(faults));
	return object;
}
