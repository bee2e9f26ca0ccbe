/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Something that was found waits until somebody has looked after it himself, and says so. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "store/event.h"

static enum err mark(
	struct http_request *req, const struct http_seen *seen, int64_t *ret_id, struct errbuf *eb)
{
	struct store *store = req->http->options.store;
	char subject[64];
	enum err err = http_body_empty(req, eb);

	if (!err && str_to_int64(req->param, 1, INT64_MAX, ret_id))
		err = errbuf_set(eb, ERR_INVALID, "a %s is named by its id", seen->what);
	if (err)
		return err;
	err = seen->mark(store, *ret_id, req->actor);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no %s %s", seen->what, req->param);
	if (err == ERR_STATE)
		return errbuf_set(
			eb, err, "somebody has looked after %s %s already", seen->what, req->param);
	snprintf(subject, sizeof(subject), "%s/%lld", seen->subject, (long long)*ret_id);
	return err ? err : event_add(store, seen->event, subject, req->actor, "{}");
}

void http_mark_seen(struct http_request *req, const struct http_seen *seen)
{
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = mark(req, seen, &id, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:I, s:s}", "id", (json_int_t)id, "state", "seen"));
}
