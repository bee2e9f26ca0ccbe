/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about places and the lists of who belongs to them. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/resident_csv.h"
#include "daemon/ctl/show.h"

#include <errno.h>
#include <string.h>

#define BATCH_ROWS 200 /* some 30 KB of JSON; the API takes 64 */

enum exit_code prepare_places(struct ctl *ctl)
{
	return prepare_list(ctl, "places");
}

enum exit_code prepare_place(struct ctl *ctl)
{
	if (ctl->rest_count < 3 || ctl->rest_count > 4)
		return usage_error("a place is given as CODE KIND NAME [PARENT]");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/places");
	return ctl_body(ctl,
		json_pack("{s:s, s:s, s:s, s:s}", "code", ctl->rest[0], "kind", ctl->rest[1],
			"name", ctl->rest[2], "parent", ctl->rest_count == 4 ? ctl->rest[3] : ""));
}

/* ---- residents -------------------------------------------------------------------------------
 */

struct sums {
	json_int_t added, changed, removed, same;
	int faults;
};

static void tell_fault(int row, const char *message)
{
	fprintf(stderr, "row %d: ", row);
	show_text(stderr, message);
	fputc('\n', stderr);
}

static void tell_faults(const struct resident_csv *csv)
{
	const json_t *fault;
	size_t i;

	json_array_foreach (csv->faults, i, fault)
		tell_fault((int)show_number(fault, "row"), show_member(fault, "message"));
	if (csv->fault_count > RESIDENT_FAULTS_MAX)
		fprintf(stderr, "and %d more\n", csv->fault_count - RESIDENT_FAULTS_MAX);
}

/* Rows of the request are numbered from 1; those of the file stand in it. */
static void take_answer(const json_t *body, const json_t *rows, size_t first, struct sums *sums)
{
	const json_t *faults = json_object_get(body, "errors"), *fault;
	size_t i;

	sums->added += show_number(body, "added");
	sums->changed += show_number(body, "changed");
	sums->removed += show_number(body, "removed");
	sums->same += show_number(body, "same");
	json_array_foreach (faults, i, fault) {
		size_t at = first + (size_t)show_number(fault, "row") - 1;

		if (sums->faults++ < RESIDENT_FAULTS_MAX)
			tell_fault((int)show_number(json_array_get(rows, at), "row"),
				show_member(fault, "message"));
	}
}

static enum exit_code send_batch(
	struct ctl *ctl, const json_t *rows, size_t first, bool is_trial, struct sums *sums)
{
	struct api_answer answer = {0};
	json_t *batch = json_array();
	enum exit_code code;

	for (size_t i = first; i < first + BATCH_ROWS && i < json_array_size(rows); i++)
		json_array_append(batch, json_array_get(rows, i));
	buf_wipe(&ctl->body);
	buf_init(&ctl->body, STDIN_MAX);
	code = ctl_body(ctl, json_pack("{s:o, s:b}", "rows", batch, "dry_run", is_trial));
	if (code == EXIT_DONE)
		code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE)
		take_answer(answer.body, rows, first, sums);
	api_answer_done(&answer);
	return code;
}

static enum exit_code send_all(
	struct ctl *ctl, const json_t *rows, bool is_trial, struct sums *ret_sums)
{
	struct sums sums = {0};
	enum exit_code code = EXIT_DONE;

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/residents");
	for (size_t i = 0; code == EXIT_DONE && i < json_array_size(rows); i += BATCH_ROWS)
		code = send_batch(ctl, rows, i, is_trial, &sums);
	*ret_sums = sums;
	return code;
}

static void show_sums(const struct ctl *ctl, const struct sums *sums,
	const struct resident_csv *csv, bool is_trial)
{
	json_t *json;

	if (ctl->wants_json) {
		json = json_pack("{s:b, s:I, s:I, s:I, s:I, s:i}", "is_stored", !is_trial, "added",
			sums->added, "changed", sums->changed, "removed", sums->removed, "same",
			sums->same, "mended", csv->mended);
		show_json(stdout, json);
		json_decref(json);
		return;
	}
	printf("%s%lld added, %lld changed, %lld removed, %lld as before.\n",
		is_trial ? "Nothing was stored yet (chưa lưu). Would be: " : "Stored (đã lưu): ",
		(long long)sums->added, (long long)sums->changed, (long long)sums->removed,
		(long long)sums->same);
	if (csv->mended)
		printf("%d numbers had lost their leading 0 and got it back.\n", csv->mended);
}

/* All is tried before anything is stored: a list is taken over whole, or not. */
static enum exit_code import_rows(struct ctl *ctl, const struct resident_csv *csv, bool is_trial)
{
	struct sums sums;
	enum exit_code code = send_all(ctl, csv->rows, true, &sums);

	if (code == EXIT_DONE && sums.faults) {
		if (sums.faults > RESIDENT_FAULTS_MAX)
			fprintf(stderr, "and %d more\n", sums.faults - RESIDENT_FAULTS_MAX);
		fprintf(stderr, "binhyenctl: nothing was stored; mend these rows and try again\n");
		return EXIT_REFUSED;
	}
	if (code == EXIT_DONE && !is_trial)
		code = send_all(ctl, csv->rows, false, &sums);
	if (code == EXIT_DONE)
		show_sums(ctl, &sums, csv, is_trial);
	else if (!is_trial)
		fprintf(stderr,
			"binhyenctl: part of the list may be stored; the same command again "
			"completes it\n");
	return code;
}

static enum exit_code import_file(struct ctl *ctl, bool is_trial)
{
	struct resident_csv csv = {0};
	struct buf data;
	enum exit_code code;

	buf_init(&data, RESIDENT_CSV_BYTES_MAX);
	code = str_eq(ctl->subject, "-") ? input_all(&data) : input_file(ctl->subject, &data);
	if (code == EXIT_DONE && resident_csv_read(buf_text(&data), data.len, &csv))
		code = usage_error("out of memory");
	buf_wipe(&data);
	if (code == EXIT_DONE && csv.fault_count) {
		tell_faults(&csv);
		fprintf(stderr, "binhyenctl: nothing was stored; mend these rows and try again\n");
		code = EXIT_REFUSED;
	} else if (code == EXIT_DONE) {
		code = import_rows(ctl, &csv, is_trial);
	}
	resident_csv_done(&csv);
	ctl->is_over = true;
	return code;
}

enum exit_code prepare_residents_check(struct ctl *ctl)
{
	return import_file(ctl, true);
}

enum exit_code prepare_residents_import(struct ctl *ctl)
{
	return import_file(ctl, false);
}
