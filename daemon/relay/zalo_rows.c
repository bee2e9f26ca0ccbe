/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_rows.h"

#include "daemon/base/str.h"

#include <string.h>

/* A time outside these is a fault of the row, and must move neither floor nor walk. */
#define TIME_MIN_MS INT64_C(1420070400000) /* 2015: before there was such an account */
#define TIME_MAX_MS INT64_C(4102444800000) /* 2100 */

static enum err row_parse(const json_t *json, struct zalo_row *row)
{
	int64_t src, time_ms;

	if (!json_is_object(json) || zalo_json_int(json_object_get(json, "src"), &src) ||
		(src != 0 && src != 1) || zalo_json_int(json_object_get(json, "time"), &time_ms) ||
		time_ms < TIME_MIN_MS || time_ms > TIME_MAX_MS)
		return ERR_INVALID;
	if (zalo_json_id(json_object_get(json, "message_id"), row->message_id,
		    sizeof(row->message_id)) ||
		zalo_json_id(json_object_get(json, "from_id"), row->from_id, sizeof(row->from_id)))
		return ERR_INVALID;
	if (zalo_json_id(json_object_get(json, "to_id"), row->to_id, sizeof(row->to_id)))
		row->to_id[0] = 0;
	if (zalo_json_id(json_object_get(json, "group_id"), row->group_id, sizeof(row->group_id)))
		row->group_id[0] = 0;
	row->is_ours = src == 0;
	row->time_ms = time_ms;
	row->text = zalo_json_text(json, "message");
	row->is_text = row->text[0] && (str_eq(zalo_json_text(json, "type"), "text") ||
					       !zalo_json_text(json, "type")[0]);
	if (!row->text[0])
		row->text = zalo_json_text(json, "description");
	return ERR_OK;
}

enum err zalo_rows_add(struct zalo_rows *rows, const json_t *data, zalo_bad_row_fn bad, void *arg,
	size_t *ret_on_page)
{
	size_t total = json_array_size(data);
	json_t *json;
	size_t i;

	if (data && !json_is_null(data) && !json_is_array(data) &&
		!(json_is_object(data) && json_object_size(data) == 0))
		return ERR_PROTOCOL;
	if (total > ZALO_ROWS_MAX - rows->count)
		return ERR_TOO_BIG;
	rows->page = rows->count;
	rows->oldest_ms = INT64_MAX;
	rows->newest_ms = 0;
	json_array_foreach (data, i, json) {
		struct zalo_row *row = &rows->row[rows->count];

		*row = (struct zalo_row){0};
		if (row_parse(json, row)) {
			bad(arg, json);
			continue;
		}
		row->json = json_incref(json);
		rows->edge_ms = row->time_ms;
		memcpy(rows->edge_id, row->message_id, sizeof(rows->edge_id));
		if (row->time_ms < rows->oldest_ms)
			rows->oldest_ms = row->time_ms;
		if (row->time_ms > rows->newest_ms)
			rows->newest_ms = row->time_ms;
		rows->count++;
	}
	*ret_on_page = total;
	return ERR_OK;
}

bool zalo_rows_reach(const struct zalo_rows *rows, int64_t edge_ms, const char *edge_id)
{
	for (size_t i = rows->page; i < rows->count; i++) {
		const struct zalo_row *row = &rows->row[i];

		if (row->time_ms > edge_ms || strcmp(row->message_id, edge_id) == 0)
			return true;
	}
	return false;
}

static int row_compare(const void *a, const void *b)
{
	const struct zalo_row *x = a, *y = b;

	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? -1 : 1;
	return strcmp(x->message_id, y->message_id);
}

void zalo_rows_sort(struct zalo_rows *rows)
{
	size_t kept = 0;

	qsort(rows->row, rows->count, sizeof(rows->row[0]), row_compare);
	for (size_t i = 0; i < rows->count; i++) {
		if (kept && row_compare(&rows->row[kept - 1], &rows->row[i]) == 0) {
			json_decref(rows->row[i].json);
			continue;
		}
		if (kept != i)
			rows->row[kept] = rows->row[i];
		kept++;
	}
	rows->count = kept;
}

void zalo_rows_clear(struct zalo_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		json_decref(rows->row[i].json);
	rows->count = 0;
	rows->edge_ms = 0;
	rows->edge_id[0] = 0;
}
