/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places, and the lists of who belongs to them. A list goes in; of its people only counts come out.
 */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/place.h"
#include "daemon/desk/place_close.h"
#include "store/event.h"
#include "store/resident.h"

#include <string.h>

#define RESIDENT_ROWS_MAX 500 /* of one request: some 50 KB */

/* ---- places ----------------------------------------------------------------------------------
 */

static json_t *place_json(struct store *store, const struct place *place)
{
	int64_t residents = 0, on_zalo = 0;
	struct place parent = {0};

	if (place->parent_id && place_load(store, place->parent_id, &parent))
		parent.code[0] = 0;
	if (place_counts(store, place->id, &residents, &on_zalo))
		return NULL;
	return json_pack("{s:I, s:s, s:s, s:s, s:s?, s:I, s:I, s:b}", "id", (json_int_t)place->id,
		"code", place->code, "name", place->name, "kind", place_kind_text(place->kind),
		"parent", parent.code[0] ? parent.code : NULL, "residents", (json_int_t)residents,
		"on_zalo", (json_int_t)on_zalo, "is_closed", place->closed_ms != 0);
}

static void place_add(void *arg, const struct place *place)
{
	struct http_list *list = arg;

	http_list_add(list, place->id, place_json(list->store, place));
}

void places_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "places"))
		http_list_end(&list, place_list(list.store, list.page.before, list.page.limit,
					     place_add, &list));
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

void places_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	struct place place;
	json_t *body;
	enum err err = http_body_object(req, &body, &eb);

	if (err == ERR_OK) {
		err = desk_place_put(options->desk,
			&(struct desk_place_new){.code = text_of(body, "code"),
				.name = text_of(body, "name"),
				.kind = text_of(body, "kind"),
				.parent = text_of(body, "parent")},
			req->actor, &place, &eb);
		json_decref(body);
	}
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, place_json(options->store, &place));
}

static enum err closing_of(const json_t *body, struct place_closing *ret_closing, struct errbuf *eb)
{
	const json_t *into = json_object_get(body, "into");
	const char *reason = json_string_value(json_object_get(body, "reason"));

	if (!reason || (into && !json_is_string(into) && !json_is_null(into)) ||
		json_object_size(body) > (into ? 2 : 1))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"reason\": \"why\", \"into\": \"code\" or null}");
	ret_closing->reason = reason;
	ret_closing->into = json_is_string(into) ? json_string_value(into) : "";
	return ERR_OK;
}

static json_t *closed_json(struct store *store, const struct place_closed *closed)
{
	return json_pack("{s:o, s:s?, s:I, s:I, s:I, s:I, s:I}", "place",
		place_json(store, &closed->place), "into",
		closed->into.id ? closed->into.code : NULL, "residents",
		(json_int_t)closed->moved.residents, "reports", (json_int_t)closed->reports,
		"officers", (json_int_t)closed->officers, "places", (json_int_t)closed->moved.below,
		"enrolments", (json_int_t)closed->enrolments);
}

void place_close_post(struct http_request *req)
{
	struct place_closing closing = {.code = req->param, .actor = req->actor};
	struct http_options *options = &req->http->options;
	struct place_closed closed = {.reports = 0};
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, &eb);

	if (!err)
		err = closing_of(body, &closing, &eb);
	if (!err)
		err = desk_place_close(options->desk, &closing, &closed, &eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, closed_json(options->store, &closed));
}

/* ---- residents -------------------------------------------------------------------------------
 */

struct import {
	int64_t counts[4]; /* by enum desk_resident_change */
	json_t *errors;	   /* [{"row","message"}]: no number, no name */
};

/* Texts, and nothing that would be passed over in silence. */
static enum err check_row(const json_t *row, struct errbuf *eb)
{
	static const char *const texts[] = {ERR_WORD("phone"), ERR_WORD("name"), ERR_WORD("place"),
		ERR_WORD("role"), ERR_WORD("household")};
	const json_t *number = json_object_get(row, "row");
	size_t known = number ? 1 : 0;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const json_t *value = json_object_get(row, texts[i]);

		known += value ? 1 : 0;
		if (value && !json_is_string(value))
			return errbuf_set(eb, ERR_INVALID, "%s must be a text", texts[i]);
	}
	if (!json_is_object(row) || json_object_size(row) != known)
		return errbuf_set(eb, ERR_INVALID,
			"a row takes phone, name, place, role and, if wanted, household and row");
	if (strlen(text_of(row, "household")) >= RESIDENT_HOUSEHOLD_BYTES)
		return errbuf_set(eb, ERR_TOO_BIG, "the name of the household is too long");
	return ERR_OK;
}

static enum err import_rows(struct http_request *req, const json_t *rows, struct import *import)
{
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		enum desk_resident_change change;
		struct errbuf eb = {0};
		enum err err = check_row(row, &eb);

		if (!err)
			err = desk_resident_put(req->http->options.desk,
				&(struct desk_resident_row){.phone = text_of(row, "phone"),
					.name = text_of(row, "name"),
					.place = text_of(row, "place"),
					.role = text_of(row, "role"),
					.household = json_string_value(
						json_object_get(row, "household"))},
				&change, &eb);
		if (err == ERR_OK) {
			import->counts[change]++;
			continue;
		}
		if (err != ERR_INVALID && err != ERR_NOT_FOUND && err != ERR_TOO_BIG)
			return err;
		json_array_append_new(import->errors,
			json_pack("{s:I, s:s, s:s}", "row", (json_int_t)i + 1, "message",
				errbuf_en(&eb, err), "message_vi", errbuf_vi(&eb, err)));
	}
	return ERR_OK;
}

/* A trial writes everything and undoes it: what it says is what would happen. */
static enum err import_list(
	struct http_request *req, const json_t *rows, bool is_trial, struct import *import)
{
	struct store *store = req->http->options.store;
	enum err err = store_savepoint_begin(store);

	if (err != ERR_OK)
		return err;
	err = import_rows(req, rows, import);
	if (err != ERR_OK || is_trial || json_array_size(import->errors)) {
		store_savepoint_rollback(store);
		return err;
	}
	return store_savepoint_release(store);
}

static enum err note_import(struct http_request *req, const struct import *import)
{
	char data[128];

	snprintf(data, sizeof(data), "{\"added\":%lld,\"changed\":%lld,\"removed\":%lld}",
		(long long)import->counts[DESK_RESIDENT_ADDED],
		(long long)import->counts[DESK_RESIDENT_CHANGED],
		(long long)import->counts[DESK_RESIDENT_REMOVED]);
	return event_add(req->http->options.store, "residents.imported", "", req->actor, data);
}

void residents_post(struct http_request *req)
{
	struct import import = {.errors = json_array()};
	struct errbuf eb = {0};
	json_t *body = NULL;
	const json_t *rows, *trial;
	bool is_bad;
	enum err err = http_body_object(req, &body, &eb);

	rows = json_object_get(body, "rows");
	trial = json_object_get(body, "dry_run");
	if (err == ERR_OK && (!json_is_array(rows) || (trial && !json_is_boolean(trial)) ||
				     json_object_size(body) > (trial ? 2 : 1)))
		err = errbuf_set(&eb, ERR_INVALID,
			"the body must be {\"rows\": [{\"phone\", \"name\", \"place\", \"role\", "
			"\"household\"}], \"dry_run\": true|false}");
	if (err == ERR_OK && json_array_size(rows) > RESIDENT_ROWS_MAX)
		err = errbuf_set(&eb, ERR_TOO_BIG, "at most %d rows a request", RESIDENT_ROWS_MAX);
	if (err == ERR_OK)
		err = import_list(req, rows, json_is_true(trial), &import);
	is_bad = json_array_size(import.errors) > 0;
	if (err == ERR_OK && !is_bad && !json_is_true(trial))
		err = note_import(req, &import);
	if (err == ERR_OK)
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:b, s:I, s:I, s:I, s:I, s:O}", "is_stored",
				!is_bad && !json_is_true(trial), "added",
				(json_int_t)import.counts[DESK_RESIDENT_ADDED], "changed",
				(json_int_t)import.counts[DESK_RESIDENT_CHANGED], "removed",
				(json_int_t)import.counts[DESK_RESIDENT_REMOVED], "same",
				(json_int_t)import.counts[DESK_RESIDENT_SAME], "errors",
				import.errors));
	else
		http_reply_err(req, err, &eb);
	json_decref(import.errors);
	json_decref(body);
}
