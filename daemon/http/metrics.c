/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prometheus text format 0.0.4: counts and sizes, nothing of a resident. */
#include "daemon/http/resources.h"

#include "store/backup.h"
#include "store/turn.h"

#define METRICS_MAX (32 * 1024) /* some 40 lines of at most 200 bytes, doubled for growth */

static enum err metric(
	struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
	return buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, type, name,
		(long long)value);
}

static enum err metric_states(
	struct buf *out, const char *name, const char *help, const json_t *counts)
{
	const char *state;
	json_t *value;
	enum err err;

	err = buf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
	json_object_foreach ((json_t *)(uintptr_t)counts, state, value) {
		if (err == ERR_OK)
			err = buf_addf(out, "%s{state=\"%s\"} %lld\n", name, state,
				(long long)json_integer_value(value));
	}
	return err;
}

/* Figures of the machine, for who looks after it. */
static enum err metrics_messages(struct desk *desk, struct buf *out)
{
	const struct reader reader = {.role = OFFICER_IT};
	enum err err = ERR_OK;
	json_t *counts;

	counts = json_inbox_counts(desk, &reader, &err);
	if (counts)
		err = metric_states(
			out, "binhyen_inbox_messages", "Messages received, by state.", counts);
	json_decref(counts);
	if (err != ERR_OK)
		return err;
	counts = json_outbox_counts(desk, &reader, &err);
	if (counts)
		err = metric_states(
			out, "binhyen_outbox_messages", "Messages to send, by state.", counts);
	json_decref(counts);
	return err;
}

static enum err metrics_store(struct desk *desk, struct store *store, struct buf *out)
{
	struct turn_stats turns = turn_stats(store);
	int64_t reports, quarantine;
	struct store_sizes sizes;
	struct backup_state backup;
	enum err err;

	err = reading_count(desk, &(const struct reader){.role = OFFICER_IT}, NULL, &reports);
	if (err == ERR_OK)
		err = quarantine_count(store, &quarantine);
	if (err == ERR_OK)
		err = store_sizes(store, &sizes);
	if (err == ERR_OK)
		err = backup_state_load(store, &backup);
	if (err != ERR_OK)
		return err;
	const struct {
		const char *name, *type, *help;
		int64_t value;
	} rows[] = {
		{"binhyen_reports", "gauge", "Reports in the register.", reports},
		{"binhyen_quarantine_messages", "gauge", "Messages that could not be handled.",
			quarantine},
		{"binhyen_commits_total", "counter", "Transactions committed.", turns.commits},
		{"binhyen_commit_failures_total", "counter", "Transactions that failed to commit.",
			turns.failures},
		{"binhyen_commit_last_microseconds", "gauge", "Duration of the last commit.",
			turns.last_commit_us},
		{"binhyen_commit_max_microseconds", "gauge",
			"Longest commit since the daemon started.", turns.max_commit_us},
		{"binhyen_database_bytes", "gauge", "Size of the database file.",
			sizes.database_bytes},
		{"binhyen_wal_bytes", "gauge", "Size of the write-ahead log.", sizes.wal_bytes},
		{"binhyen_disk_free_bytes", "gauge", "Room left on the file system.",
			sizes.free_bytes},
		{"binhyen_backup_last_good_seconds", "gauge",
			"When the last good backup was made, since 1970; 0 never.",
			backup.good_ms / SECOND_MS},
		{"binhyen_backup_failed", "gauge", "Whether the last backup failed.",
			backup.failed_ms != 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows) && err == ERR_OK; i++)
		err = metric(out, rows[i].name, rows[i].type, rows[i].help, rows[i].value);
	return err;
}

static int64_t traffic_of(const json_t *zalo, const char *key)
{
	return json_integer_value(json_object_get(json_object_get(zalo, "traffic"), key));
}

/* Of Zalo, where there is one. */
static enum err metrics_zalo(const json_t *zalo, struct buf *out)
{
	const struct {
		const char *name, *type, *help;
		int64_t value;
	} rows[] = {
		{"binhyen_zalo_reachable", "gauge", "Whether Zalo answers.",
			json_is_true(json_object_get(zalo, "reachable"))},
		{"binhyen_zalo_usable", "gauge", "Whether there is a token that works.",
			json_is_true(json_object_get(zalo, "usable"))},
		{"binhyen_zalo_sent_bytes_total", "counter",
			"Bytes sent to Zalo since the daemon started, all headers included.",
			traffic_of(zalo, "start_up")},
		{"binhyen_zalo_received_bytes_total", "counter",
			"Bytes received from Zalo since the daemon started.",
			traffic_of(zalo, "start_down")},
		{"binhyen_zalo_month_sent_bytes", "gauge",
			"Bytes sent to Zalo in this month of Vietnam.",
			traffic_of(zalo, "month_up")},
		{"binhyen_zalo_month_received_bytes", "gauge",
			"Bytes received from Zalo in this month of Vietnam.",
			traffic_of(zalo, "month_down")},
	};
	enum err err = ERR_OK;

	if (!json_is_object(zalo))
		return ERR_OK;
	for (size_t i = 0; i < ARRAY_LEN(rows) && err == ERR_OK; i++)
		err = metric(out, rows[i].name, rows[i].type, rows[i].help, rows[i].value);
	return err;
}

void metrics_get(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct store *store = options->store;
	json_t *status;
	CLEAN_BUF out;
	enum err err;

	buf_init(&out, METRICS_MAX);
	err = metrics_messages(req->http->options.desk, &out);
	if (err == ERR_OK)
		err = metrics_store(req->http->options.desk, store, &out);
	status = err == ERR_OK && options->status ? options->status(options->arg) : NULL;
	if (err == ERR_OK)
		err = metrics_zalo(json_object_get(status, "zalo"), &out);
	json_decref(status);
	if (err != ERR_OK) {
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_text(req, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", &out);
}
