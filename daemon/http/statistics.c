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

void statistics_guess_get(struct http_request *req)
{
	struct reader reader = http_reader(req);
	struct tally tally = {.rows = json_array()};
	enum err err = tally.rows ? reading_guess_counts(
					    req->http->options.desk, &reader, count_add, &tally)
				  : ERR_NOMEM;

	if (err != ERR_OK) {
		json_decref(tally.rows);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:I, s:I, s:I, s:I, s:o}", "decided", tally.decided, "category_right",
			tally.right, "danger_missed", tally.missed, "danger_false",
			tally.false_alarms, "rows", tally.rows));
}
