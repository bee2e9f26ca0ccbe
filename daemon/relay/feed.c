/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/feed_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <string.h>

#define TRAFFIC_NAME	"feeds"
#define TRAFFIC_SAVE_MS (10 * MINUTE_MS)
#define DEADLINE_MS	(2 * MINUTE_MS)
#define STALL_S		20
#define START_SPREAD_MS (20 * SECOND_MS) /* so that not all ask at once */

/* ---- asking ----------------------------------------------------------------------------------
 */

enum err feed_request(struct feed_watch *w)
{
	char none_match[FEED_TAG_BYTES + 32], since[FEED_TAG_BYTES + 32];
	const char *headers[4] = {
		"Accept: application/rss+xml, application/atom+xml, application/cap+xml, "
		"application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"};
	int count = 1;

	if (w->is_conditional && w->etag[0]) {
		snprintf(none_match, sizeof(none_match), "If-None-Match: %s", w->etag);
		headers[count++] = none_match;
	}
	if (w->is_conditional && w->modified[0]) {
		snprintf(since, sizeof(since), "If-Modified-Since: %s", w->modified);
		headers[count++] = since;
	}
	return http_client_start(w->feeds->http,
		&(struct http_client_request){.method = HTTP_GET,
			.url = buf_text(&w->url),
			.headers = headers,
			.deadline_ms = DEADLINE_MS,
			.stall_s = STALL_S,
			.reply_max = FEED_DOCUMENT_MAX,
			.is_packed = true,
			.is_alone = true,
			.done = feed_answered,
			.arg = w},
		&w->transfer);
}

static void round_begin(struct feed_watch *w)
{
	struct feed feed;
	enum err err = feed_find(w->feeds->store, w->config->name, &feed);

	w->is_busy = true;
	w->redirects = 0;
	w->taken = (struct desk_feed_taken){.is_whole = true};
	w->fetched = 0;
	w->etag[0] = w->modified[0] = 0;
	if (!err) {
		memcpy(w->etag, feed.etag, sizeof(w->etag));
		memcpy(w->modified, feed.modified, sizeof(w->modified));
		w->is_conditional = w->etag[0] || w->modified[0];
		buf_reset(&w->url);
		err = buf_adds(&w->url, w->config->url);
	}
	if (!err)
		err = feed_request(w);
	if (err)
		feed_fail(w, 0, "local", err_en(err));
}

static void arm(struct feeds *f);

void feed_round_end(struct feed_watch *w, int64_t wait_ms)
{
	struct feeds *f = w->feeds;

	feed_document_done(&w->index);
	w->is_busy = false;
	/* A tenth of chance, so that the communes of a province don't ask in one second. */
	w->due_ms = clock_mono_ms(f->clock) + wait_ms + rng_below(&f->rng, wait_ms / 10 + 1);
	arm(f);
}

/* ---- time ------------------------------------------------------------------------------------
 */

static void traffic_save(struct feeds *f)
{
	struct http_traffic now = http_client_traffic(f->http);
	struct traffic more = {
		now.up_bytes - f->saved.up_bytes, now.down_bytes - f->saved.down_bytes};

	if (!more.up_bytes && !more.down_bytes)
		return;
	/* What a failed commit takes back is some bytes of a statistic. */
	if (traffic_add(f->store, TRAFFIC_NAME, &more) == ERR_OK)
		f->saved = (struct traffic){now.up_bytes, now.down_bytes};
}

static void timer_fired(uv_timer_t *timer)
{
	struct feeds *f = container_of(timer, struct feeds, timer);
	int64_t now_ms = clock_mono_ms(f->clock);

	traffic_save(f);
	for (int i = 0; i < f->count && !f->is_closing; i++) {
		if (!f->watches[i].is_busy && now_ms >= f->watches[i].due_ms)
			round_begin(&f->watches[i]);
	}
	arm(f);
}

static void arm(struct feeds *f)
{
	int64_t now_ms = clock_mono_ms(f->clock), due_ms = now_ms + TRAFFIC_SAVE_MS;

	if (f->is_closing || !f->count)
		return;
	for (int i = 0; i < f->count; i++) {
		if (!f->watches[i].is_busy && f->watches[i].due_ms < due_ms)
			due_ms = f->watches[i].due_ms;
	}
	uv_timer_start(
		&f->timer, timer_fired, due_ms > now_ms ? (uint64_t)(due_ms - now_ms) : 1, 0);
}

enum err feeds_check(struct feeds *f, const char *name, struct errbuf *eb)
{
	for (int i = 0; i < f->count; i++) {
		struct feed_watch *w = &f->watches[i];

		if (!str_eq(w->config->name, name))
			continue;
		if (w->is_busy)
			return errbuf_set(eb, ERR_BUSY, "%s is being asked just now", name);
		w->due_ms = clock_mono_ms(f->clock);
		arm(f);
		return ERR_OK;
	}
	return errbuf_set(eb, ERR_NOT_FOUND, "there is no feed %s in the configuration", name);
}

json_t *feeds_status(struct feeds *f)
{
	struct http_traffic now = http_client_traffic(f->http);
	struct traffic sum = {0};
	int64_t month = clock_local_month(clock_wall_ms(f->clock));

	if (traffic_since(f->store, TRAFFIC_NAME, month, &sum))
		return NULL;
	return json_pack("{s:I, s:I}", "month_up",
		(json_int_t)(sum.up_bytes + now.up_bytes - f->saved.up_bytes), "month_down",
		(json_int_t)(sum.down_bytes + now.down_bytes - f->saved.down_bytes));
}

/* ---- opening and closing ---------------------------------------------------------------------
 */

/* When it was asked before counts also after a restart. */
static enum err watch_init(struct feeds *f, struct feed_watch *w, const struct config_feed *config)
{
	int64_t interval_ms = config->interval_min * MINUTE_MS, since_ms;
	struct feed feed;
	enum err err = feed_find(f->store, config->name, &feed);

	if (err)
		return err;
	*w = (struct feed_watch){
		.feeds = f, .config = config, .id = feed.id, .failures = feed.failures};
	buf_init(&w->url, FEED_ADDRESS_MAX);
	since_ms = clock_wall_ms(f->clock) - feed.checked_ms;
	w->due_ms = clock_mono_ms(f->clock) + rng_below(&f->rng, START_SPREAD_MS / (f->count + 1));
	if (!feed.failures && since_ms > 0 && since_ms < interval_ms)
		w->due_ms += interval_ms - since_ms;
	return ERR_OK;
}

static enum err put_sources(struct feeds *f, const struct feeds_options *options)
{
	struct feed_source sources[CONFIG_FEEDS_MAX];
	enum err err;

	for (int i = 0; i < options->count; i++)
		sources[i] = (struct feed_source){.name = options->config[i].name,
			.url = options->config[i].url,
			.format = feed_format_text((enum feed_format)options->config[i].format),
			.category = options->config[i].category};
	err = feed_set_all(f->store, sources, options->count);
	for (int i = 0; !err && i < options->count; i++) {
		err = watch_init(f, &f->watches[i], &options->config[i]);
		f->count += !err;
	}
	return err;
}

enum err feeds_open(
	const struct feeds_options *options, struct feeds **ret_feeds, struct errbuf *eb)
{
	struct http_client_options http = {.loop = options->loop,
		.user_agent = options->user_agent,
		.ca_file = options->ca_file};
	struct feeds *f = calloc(1, sizeof(*f));
	uint64_t seed;
	enum err err;

	CHECK(options->count <= CONFIG_FEEDS_MAX);
	if (!f)
		return errbuf_set(eb, ERR_NOMEM, "feeds");
	f->loop = options->loop;
	f->store = options->store;
	f->desk = options->desk;
	f->clock = store_clock(options->store);
	vault_random(&seed, sizeof(seed));
	rng_init(&f->rng, seed);
	err = put_sources(f, options);
	if (!err)
		err = http_client_new(&http, &f->http);
	if (err) {
		free(f);
		return errbuf_set(eb, err, "feeds");
	}
	uv_timer_init(f->loop, &f->timer);
	arm(f);
	*ret_feeds = f;
	return ERR_OK;
}

static void feeds_free(void *arg)
{
	struct feeds *f = arg;
	void (*cb)(void *) = f->close_cb;
	void *cb_arg = f->close_arg;

	for (int i = 0; i < f->count; i++) {
		feed_document_done(&f->watches[i].index);
		buf_done(&f->watches[i].url);
	}
	free(f);
	if (cb)
		cb(cb_arg);
}

static void timer_closed(uv_handle_t *handle)
{
	struct feeds *f = container_of((uv_timer_t *)handle, struct feeds, timer);

	http_client_close(f->http, feeds_free, f);
}

void feeds_close(struct feeds *f, void (*cb)(void *arg), void *arg)
{
	f->is_closing = true;
	f->close_cb = cb;
	f->close_arg = arg;
	traffic_save(f);
	uv_close((uv_handle_t *)&f->timer, timer_closed);
}
