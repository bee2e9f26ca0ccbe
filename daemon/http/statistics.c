/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How well Binhyen guesses, measured by what officers decided. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"

struct tally {
	json_t *rows;
	json_int_t decided, right, missed, false_alarms;
};

static void count_add(void *arg, const struct report_guess_count *count)
{
	struct tally *tally = arg;

	tally->decided += count->reports;
	tally->missed += count->danger_missed;
	tally->false_alarms += count->danger_false;
	if (str_eq(count->guessed, count->decided))
		tally->right += count->reports;
	json_array_append_new(
		tally->rows, json_pack("{s:s, s:s, s:I}", "guessed", count->guessed, "decided",
				     count->decided, "reports", (json_int_t)count->reports));
}

json_t *json_guess_rows(struct http_request *req, json_t *sums, enum err *ret_err)
{
	struct reader reader = http_reader(req);
	struct tally tally = {.rows = json_array()};

	*ret_err = tally.rows ? reading_guess_counts(
					req->http->options.desk, &reader, count_add, &tally)
			      : ERR_NOMEM;
	json_object_set_new(sums, "decided", json_integer(tally.decided));
	json_object_set_new(sums, "category_right", json_integer(tally.right));
	json_object_set_new(sums, "danger_missed", json_integer(tally.missed));
	json_object_set_new(sums, "danger_false", json_integer(tally.false_alarms));
	return tally.rows;
}

void statistics_guess_get(struct http_request *req)
{
	json_t *object = json_object(), *rows;
	enum err err;

	rows = json_guess_rows(req, object, &err);
	json_object_set_new(object, "rows", rows);
	if (err != ERR_OK) {
		json_decref(object);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, object);
}
