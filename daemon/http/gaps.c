/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times of which Zalo told nothing more after an absence, until an officer has looked himself. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "store/event.h"
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

static enum err mark_seen(struct http_request *req, int64_t *ret_id, struct errbuf *eb)
{
	struct store *store = req->http->options.store;
	char subject[40];
	enum err err = http_body_empty(req, eb);

	if (!err && str_to_int64(req->param, 1, INT64_MAX, ret_id))
		err = errbuf_set(eb, ERR_INVALID, "a gap is named by its id");
	if (err)
		return err;
	err = zalo_gap_seen(store, *ret_id, req->actor);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no gap %s", req->param);
	if (err == ERR_STATE)
		return errbuf_set(eb, err, "somebody has looked after gap %s already", req->param);
	snprintf(subject, sizeof(subject), "zalo_gap/%lld", (long long)*ret_id);
	return err ? err : event_add(store, "zalo.gap_seen", subject, req->actor, "{}");
}

void zalo_gap_seen_post(struct http_request *req)
{
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = mark_seen(req, &id, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:I, s:s}", "id", (json_int_t)id, "state", "seen"));
}
