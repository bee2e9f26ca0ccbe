/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables from a spreadsheet, sent as they are: the body is the CSV file, ?dry_run=yes tries it. A
 * trial writes everything and undoes it, so that what it says is what would happen; with a single
 * bad row nothing is stored either.
 */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/dossier.h"
#include "daemon/desk/resident_import.h"
#include "daemon/desk/roster_csv.h"
#include "store/event.h"

static enum err is_trial_of(struct http_request *req, bool *ret_is_trial, struct errbuf *eb)
{
	const char *text = http_argument(req, "dry_run");

	*ret_is_trial = text && str_eq(text, "yes");
	if (!text || *ret_is_trial || str_eq(text, "no"))
		return ERR_OK;
	return errbuf_set(eb, ERR_INVALID, "dry_run is yes or no");
}

/* ---- residents -------------------------------------------------------------------------------
 */

static enum err note_residents(struct http_request *req, const struct resident_import *import)
{
	char data[192];

	snprintf(data, sizeof(data),
		"{\"added\":%lld,\"changed\":%lld,\"removed\":%lld,\"listed\":%lld}",
		(long long)import->counts[DESK_RESIDENT_ADDED],
		(long long)import->counts[DESK_RESIDENT_CHANGED],
		(long long)import->counts[DESK_RESIDENT_REMOVED], (long long)import->listed);
	return event_add(req->http->options.store, "residents.imported", "", req->actor, data);
}

static enum err import_residents(
	struct http_request *req, bool is_trial, struct resident_import *import)
{
	struct store *store = req->http->options.store;
	enum err err = store_savepoint_begin(store);

	if (err)
		return err;
	err = resident_import_read(
		req->http->options.desk, buf_text(&req->body), req->body.len, import);
	if (!err && !is_trial && !import->faults.count)
		err = note_residents(req, import);
	if (err || is_trial || import->faults.count) {
		store_savepoint_rollback(store);
		return err;
	}
	return store_savepoint_release(store);
}

void residents_import_post(struct http_request *req)
{
	struct resident_import import = {.listed = 0};
	struct errbuf eb = {0};
	bool is_trial = false;
	enum err err = is_trial_of(req, &is_trial, &eb);

	if (!err)
		err = import_residents(req, is_trial, &import);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:O}", "is_stored",
				!is_trial && !import.faults.count, "added",
				(json_int_t)import.counts[DESK_RESIDENT_ADDED], "changed",
				(json_int_t)import.counts[DESK_RESIDENT_CHANGED], "removed",
				(json_int_t)import.counts[DESK_RESIDENT_REMOVED], "same",
				(json_int_t)import.counts[DESK_RESIDENT_SAME], "listed",
				(json_int_t)import.listed, "mended", (json_int_t)import.mended,
				"error_count", import.faults.count, "errors", import.faults.list));
	resident_import_done(&import);
}

/* ---- files at the one-stop office ------------------------------------------------------------
 */

static enum err note_dossiers(struct http_request *req, const struct dossier_import *import)
{
	char data[96];

	snprintf(data, sizeof(data), "{\"added\":%lld,\"changed\":%lld}",
		(long long)import->counts[DOSSIER_ADDED],
		(long long)import->counts[DOSSIER_CHANGED]);
	return event_add(req->http->options.store, "dossiers.imported", "", req->actor, data);
}

static enum err import_dossiers(
	struct http_request *req, bool is_trial, struct dossier_import *import)
{
	struct store *store = req->http->options.store;
	enum err err = store_savepoint_begin(store);

	if (err)
		return err;
	err = dossier_import_read(
		req->http->options.desk, buf_text(&req->body), req->body.len, import);
	if (!err && !is_trial && !import->faults.count)
		err = note_dossiers(req, import);
	if (err || is_trial || import->faults.count) {
		store_savepoint_rollback(store);
		return err;
	}
	return store_savepoint_release(store);
}

void dossiers_import_post(struct http_request *req)
{
	struct dossier_import import = {.counts = {0}};
	struct errbuf eb = {0};
	bool is_trial = false;
	enum err err = is_trial_of(req, &is_trial, &eb);

	if (!err)
		err = import_dossiers(req, is_trial, &import);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:b, s:I, s:I, s:I, s:i, s:O}", "is_stored",
				!is_trial && !import.faults.count, "added",
				(json_int_t)import.counts[DOSSIER_ADDED], "changed",
				(json_int_t)import.counts[DOSSIER_CHANGED], "same",
				(json_int_t)import.counts[DOSSIER_SAME], "error_count",
				import.faults.count, "errors", import.faults.list));
	dossier_import_done(&import);
}

/* How many of a state, and how old that is: never which. */
void dossiers_get(struct http_request *req)
{
	int64_t counts[DOSSIER_STATES], newest_ms = 0;
	json_t *states = json_object();
	enum err err = dossier_counts(req->http->options.store, counts, &newest_ms);

	for (int i = 0; !err && i < DOSSIER_STATES; i++)
		json_object_set_new(
			states, dossier_state_text((enum dossier_state)i), json_integer(counts[i]));
	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack(
				"{s:O, s:o}", "states", states, "imported", json_time(newest_ms)));
	json_decref(states);
}

/* ---- the roster ------------------------------------------------------------------------------
 */

/* Rows of the table are numbered from 1; what is shown is where they stand in the file. */
static void place_errors(json_t *answer, const json_t *lines)
{
	json_t *errors = json_object_get(answer, "errors"), *error;
	size_t i;

	json_array_foreach (errors, i, error) {
		json_int_t row = json_integer_value(json_object_get(error, "row"));

		json_object_set(error, "row", json_array_get(lines, (size_t)row - 1));
	}
}

static enum err import_roster(struct http_request *req, const struct roster_csv *csv, bool is_trial,
	json_t **ret_answer, struct errbuf *eb)
{
	json_t *body;
	enum err err;

	if (csv->faults.count) {
		*ret_answer = json_pack("{s:b, s:i, s:i, s:i, s:O, s:[]}", "is_stored", 0, "added",
			0, "removed", 0, "same", 0, "errors", csv->faults.list, "gaps");
		return *ret_answer ? ERR_OK : ERR_NOMEM;
	}
	body = json_pack("{s:O, s:b}", "rows", csv->rows, "dry_run", (int)is_trial);
	err = body ? roster_import(req, body, ret_answer, eb) : ERR_NOMEM;
	json_decref(body);
	if (!err)
		place_errors(*ret_answer, csv->lines);
	return err;
}

void roster_import_post(struct http_request *req)
{
	struct roster_csv csv = {.rows = NULL};
	struct errbuf eb = {0};
	bool is_trial = false;
	json_t *answer = NULL;
	enum err err = is_trial_of(req, &is_trial, &eb);

	if (!err)
		err = roster_csv_read(buf_text(&req->body), req->body.len, &csv);
	if (!err)
		err = import_roster(req, &csv, is_trial, &answer, &eb);
	roster_csv_done(&csv);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, answer);
}
