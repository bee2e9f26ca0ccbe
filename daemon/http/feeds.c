/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Official sources that the box watches: what was last heard of each, and asking one now. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "store/event.h"
#include "store/feed.h"

static enum err feed_json(struct store *store, const struct feed *feed, json_t **ret_json)
{
	int64_t drafted = 0, items = 0, now_ms = clock_wall_ms(store_clock(store));
	enum err err = feed_counts(store, feed->id, &drafted, &items);

	if (err)
		return err;
	*ret_json = json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:i, s:i, s:s, s:o, s:I, s:I}",
		"name", feed->name, "url", feed->url, "format", feed->format, "category",
		feed->category, "checked", json_time(feed->checked_ms), "read",
		json_time(feed->ok_ms), "news", json_time(feed->new_ms), "silent_s",
		feed->ok_ms ? json_integer((now_ms - feed->ok_ms) / SECOND_MS) : json_null(),
		"rounds", (json_int_t)feed->rounds, "failures", feed->failures, "status",
		feed->status, "error", feed->error, "detail", json_text(feed->detail), "drafted",
		(json_int_t)drafted, "items", (json_int_t)items);
	return *ret_json ? ERR_OK : ERR_NOMEM;
}

json_t *json_feeds(struct store *store, enum err *ret_err)
{
	json_t *list = json_array(), *row = NULL;
	struct feed feed = {.id = 0};
	enum err err;

	while (!(err = feed_next(store, feed.id, &feed))) {
		err = feed_json(store, &feed, &row);
		if (err)
			break;
		json_array_append_new(list, row);
	}
	if (err == ERR_NOT_FOUND)
		return list;
	json_decref(list);
	*ret_err = err;
	return NULL;
}

void feeds_get(struct http_request *req)
{
	enum err err = ERR_OK;
	json_t *list = json_feeds(req->http->options.store, &err);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "feeds", list));
}

static enum err check(struct http_request *req, struct errbuf *eb)
{
	struct http_options *options = &req->http->options;
	char subject[HTTP_PARAM_BYTES + 8];
	enum err err = http_body_empty(req, eb);

	if (!err)
		err = options->feed_check
			      ? options->feed_check(options->arg, req->param, eb)
			      : errbuf_set(eb, ERR_NOT_FOUND, "there is no feed %s", req->param);
	if (err)
		return err;
	snprintf(subject, sizeof(subject), "feed/%s", req->param);
	return event_add(options->store, "feed.asked", subject, req->actor, "{}");
}

void feed_check_post(struct http_request *req)
{
	struct errbuf eb = {0};
	enum err err = check(req, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:s, s:s}", "name", req->param, "state", "asked"));
}
