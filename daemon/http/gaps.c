/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times of which Zalo told nothing more after an absence, until an officer has looked himself. */
#include "daemon/http/resources.h"

#include "store/zalo_state.h"

static void row_add(void *arg, const struct zalo_gap *gap)
{
	http_list_add(arg, gap->id,
		json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:s?}", "id", (json_int_t)gap->id, "list",
			gap->list, "from", json_time(gap->from_ms), "to", json_time(gap->to_ms),
			"noted", json_time(gap->noted_ms), "seen", json_time(gap->seen_ms),
			"seen_by", gap->seen_by[0] ? gap->seen_by : NULL));
}

void zalo_gaps_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "gaps"))
		http_list_end(&list, zalo_gap_list(list.store, list.page.before, list.page.limit,
					     row_add, &list));
}

void zalo_gap_seen_post(struct http_request *req)
{
	http_mark_seen(req, &(const struct http_seen){
				    ERR_WORD("gap"), "zalo_gap", "zalo.gap_seen", zalo_gap_seen});
}
