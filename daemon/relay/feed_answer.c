/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an answer means. A document is read and taken within one savepoint: a server that breaks off
 * half-way, or sends something else, leaves everything as it was. What its server said of a
 * document (ETag, Last-Modified) is kept only when all of it was dealt with.
 */
#include "daemon/relay/feed_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/turn.h"

#include <string.h>
#include <strings.h>

#define RETRY_MS	(2 * MINUTE_MS) /* after the first failure; then twice as long each time */
#define RETRY_AFTER_MAX DAY_MS
#define KEEP_MS		(120 * DAY_MS) /* what a source has not shown for so long is forgotten */

static int64_t interval_ms(const struct feed_watch *w)
{
	return w->config->interval_min * MINUTE_MS;
}

/* A line that is down comes back within minutes; a server that says no is asked as often as ever,
 * and in the end once a day. */
static int64_t retry_ms(const struct feed_watch *w, bool is_line)
{
	int64_t wait_ms = is_line ? RETRY_MS : interval_ms(w);
	int64_t most_ms = is_line ? interval_ms(w) : DAY_MS;

	for (int i = 1; i < w->failures && wait_ms < most_ms; i++)
		wait_ms *= 2;
	return wait_ms < most_ms ? wait_ms : most_ms;
}

static void fail(struct feed_watch *w, int status, const char *error, const char *detail,
	int64_t after_ms, bool is_line)
{
	int64_t wait_ms;

	w->failures++;
	wait_ms = retry_ms(w, is_line);
	if (wait_ms < after_ms)
		wait_ms = after_ms;
	log_line(w->failures == 1 ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "feed",
		"name=%s error=%s status=%d failures=%d retry_s=%" PRId64, w->config->name, error,
		status, w->failures, wait_ms / SECOND_MS);
	if (feed_failed(w->feeds->store, w->id, status, error, detail))
		log_warn("feed", "name=%s state=not_noted", w->config->name);
	feed_round_end(w, wait_ms);
}

void feed_fail(struct feed_watch *w, int status, const char *error, const char *detail)
{
	fail(w, status, error, detail, 0, false);
}

/* ---- the end of a round ----------------------------------------------------------------------
 */

static enum err note_read(struct feed_watch *w, int status)
{
	struct feeds *f = w->feeds;
	const struct desk_feed_taken *t = &w->taken;
	bool has_news = t->drafted || t->changed || t->closed;
	enum err err = feed_read(f->store, w->id,
		&(struct feed_answer){.status = status,
			.etag = t->is_whole ? w->etag : "",
			.modified = t->is_whole ? w->modified : "",
			.has_news = has_news});

	if (!err && status == 200)
		err = feed_prune(f->store, w->id, clock_wall_ms(f->clock) - KEEP_MS);
	return err;
}

static void finish(struct feed_watch *w, int status)
{
	const struct desk_feed_taken *t = &w->taken;
	enum err err = note_read(w, status);

	if (err) {
		feed_fail(w, status, "store", err_en(err));
		return;
	}
	if (w->failures)
		log_info("feed", "name=%s state=ok after=%d", w->config->name, w->failures);
	w->failures = 0;
	if (t->drafted || t->changed || t->closed || !t->is_whole)
		log_info("feed", "name=%s drafted=%d changed=%d closed=%d noted=%d whole=%s",
			w->config->name, t->drafted, t->changed, t->closed, t->noted,
			t->is_whole ? "yes" : "no");
	/* What did not fit into this round follows soon. */
	feed_round_end(w, t->is_whole ? interval_ms(w) : RETRY_MS);
}

/* ---- documents -------------------------------------------------------------------------------
 */

static struct desk_feed desk_feed_of(const struct feed_watch *w)
{
	return (struct desk_feed){.id = w->id,
		.name = w->config->name,
		.category = w->config->category,
		.is_alerts = w->config->format == FEED_CAP};
}

static void add_taken(struct desk_feed_taken *sum, const struct desk_feed_taken *more)
{
	sum->drafted += more->drafted;
	sum->changed += more->changed;
	sum->closed += more->closed;
	sum->noted += more->noted;
	sum->is_whole = sum->is_whole && more->is_whole;
}

/* pointer: the item of an index that led here; NULL none. */
static enum err take(struct feed_watch *w, const struct feed_document *document,
	const struct feed_item *pointer, struct errbuf *eb)
{
	struct store *store = w->feeds->store;
	struct desk_feed feed = desk_feed_of(w);
	struct desk_feed_taken taken = {.is_whole = true};
	enum err err = store_savepoint_begin(store);

	if (err)
		return err;
	err = desk_feed_take(w->feeds->desk, &feed, document, &taken, eb);
	if (!err && pointer)
		err = desk_feed_followed(w->feeds->desk, &feed, pointer);
	if (err) {
		store_savepoint_rollback(store);
		return err;
	}
	err = store_savepoint_release(store);
	if (!err)
		add_taken(&w->taken, &taken);
	return err;
}

/* The charset of "text/xml; charset=utf-8"; "" none. */
static void charset_of_type(const char *type, char charset[32])
{
	const char *at = type ? strcasestr(type, "charset=") : NULL;
	size_t len;

	charset[0] = 0;
	if (!at)
		return;
	at += strlen("charset=");
	at += *at == '"';
	len = strcspn(at, "\"; \t");
	if (len && len < 32) {
		memcpy(charset, at, len);
		charset[len] = 0;
	}
}

static enum err read_document(enum feed_format format, const struct http_result *result,
	struct feed_document *ret_document, struct errbuf *eb)
{
	const char *type = http_result_header(result, "Content-Type");
	char charset[32];
	enum err err;

	charset_of_type(type, charset);
	err = feed_document_read(
		format, result->body, result->body_bytes, charset, ret_document, eb);
	if (err == ERR_INVALID && type && strncasecmp(type, "text/html", 9) == 0)
		return errbuf_set(eb, err,
			"the server sends a web page instead of the feed; is the address right?");
	return err;
}

/* ---- alerts that an index points to ----------------------------------------------------------
 */

/* The next one that has to be fetched is asked for; false: none is left. */
static bool follow_next(struct feed_watch *w)
{
	struct feed_document *index = &w->index;
	struct desk_feed feed = desk_feed_of(w);

	for (; w->at < index->count; w->at++) {
		const struct feed_item *item = &index->items[w->at];
		bool is_wanted = false;

		if (item->is_alert)
			continue;
		if (desk_feed_wants(w->feeds->desk, &feed, item, &is_wanted)) {
			w->taken.is_whole = false;
			continue;
		}
		if (!is_wanted)
			continue;
		if (w->fetched >= FEED_ALERTS_MAX) {
			w->taken.is_whole = false;
			return false;
		}
		buf_reset(&w->url);
		if (!feed_url(w->config->url, w->config->url, item->link, &w->url)) {
			w->fetched++;
			w->redirects = 0;
			if (!feed_request(w))
				return true;
			w->taken.is_whole = false;
			return false;
		}
		/* Of another host, or no address: it never will be fetched. */
		log_info("feed", "name=%s alert=elsewhere", w->config->name);
		if (desk_feed_followed(w->feeds->desk, &feed, item))
			w->taken.is_whole = false;
		w->taken.noted++;
	}
	return false;
}

static void followed(struct feed_watch *w, const struct http_result *result)
{
	const struct feed_item *pointer = &w->index.items[w->at];
	struct feed_document document = {0};
	struct errbuf eb = {0};
	enum err err = ERR_OK;

	if (result->err || result->status != 200) {
		/* Gone for good, or there again in the next round. */
		bool is_gone = !result->err && (result->status == 404 || result->status == 410);
		struct desk_feed feed = desk_feed_of(w);

		if (!is_gone || desk_feed_followed(w->feeds->desk, &feed, pointer))
			w->taken.is_whole = false;
		log_info(
			"feed", "name=%s alert=missing status=%d", w->config->name, result->status);
	} else {
		err = read_document(FEED_CAP, result, &document, &eb);
		/* An index that points to an index could go on for ever. */
		if (!err && !document.is_alert)
			err = errbuf_set(&eb, ERR_INVALID, "it points to what is no alert");
		if (!err)
			err = take(w, &document, pointer, &eb);
		if (err)
			w->taken.is_whole = false;
		if (err)
			log_warn("feed", "name=%s alert=unread error=%s", w->config->name,
				err_name(err));
		feed_document_done(&document);
	}
	w->at++;
	if (!follow_next(w))
		finish(w, 200);
}

/* ---- the document itself ---------------------------------------------------------------------
 */

static void keep_tag(const struct http_result *result, const char *name, char tag[FEED_TAG_BYTES])
{
	const char *value = http_result_header(result, name);

	tag[0] = 0;
	/* It goes back as a header, so it may hold nothing that ends one. */
	if (value && strlen(value) < FEED_TAG_BYTES && !strpbrk(value, "\r\n"))
		memcpy(tag, value, strlen(value) + 1);
}

static void arrived(struct feed_watch *w, const struct http_result *result)
{
	struct feed_document document = {0};
	struct errbuf eb = {0};
	enum err err = read_document((enum feed_format)w->config->format, result, &document, &eb);

	keep_tag(result, "ETag", w->etag);
	keep_tag(result, "Last-Modified", w->modified);
	if (!err)
		err = take(w, &document, NULL, &eb);
	if (err) {
		feed_document_done(&document);
		feed_fail(w, 200, err == ERR_INVALID || err == ERR_TOO_BIG ? "document" : "store",
			eb.text[0] ? eb.text : err_en(err));
		return;
	}
	feed_document_done(&w->index);
	w->index = document;
	w->at = 0;
	if (w->config->format == FEED_CAP && !document.is_alert && follow_next(w))
		return;
	finish(w, 200);
}

/* true: asked again elsewhere at the same origin. */
static bool redirected(struct feed_watch *w, const struct http_result *result)
{
	const char *location = http_result_header(result, "Location");
	CLEAN_BUF next = {0};

	buf_init(&next, FEED_ADDRESS_MAX);
	if (!location || ++w->redirects > FEED_REDIRECTS_MAX ||
		feed_url(w->config->url, buf_text(&w->url), location, &next))
		return false;
	buf_reset(&w->url);
	return !buf_adds(&w->url, buf_text(&next)) && !feed_request(w);
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Retry-After in seconds; a date there is rare and not worth a clock that may be wrong. */
static int64_t retry_after_ms(const struct http_result *result)
{
	const char *text = http_result_header(result, "Retry-After");
	int64_t seconds = 0;

	if (!text || str_to_int64(text, 0, RETRY_AFTER_MAX / SECOND_MS, &seconds))
		return 0;
	return seconds * SECOND_MS;
}

static void refused(struct feed_watch *w, const struct http_result *result)
{
	char detail[128];

	if (is_redirect(result->status)) {
		fail(w, result->status, "moved",
			"the server points to another place; if that is right, put its address into "
			"the configuration",
			0, false);
		return;
	}
	snprintf(detail, sizeof(detail), "the server answers with status %d", result->status);
	fail(w, result->status, result->status >= 500 ? "service" : "status", detail,
		retry_after_ms(result), result->status >= 500 || result->status == 429);
}

static void not_answered(struct feed_watch *w, const struct http_result *result)
{
	const struct net_fault_text *text = net_fault_text(result->fault);

	if (result->err == ERR_TOO_BIG)
		feed_fail(w, result->status, "too_big",
			"the document is longer than 2 MB; is it a feed?");
	else
		fail(w, result->status, text->code[0] ? text->code : "broken",
			text->en[0] ? text->en : result->reason, 0, true);
}

void feed_answered(void *arg, const struct http_result *result)
{
	struct feed_watch *w = arg;
	bool is_alert = w->index.count > 0;

	w->transfer = NULL;
	if (result->is_cancelled) {
		w->is_busy = false;
		return;
	}
	if (!result->err && is_redirect(result->status) && redirected(w, result))
		return;
	if (is_alert)
		followed(w, result);
	else if (result->err)
		not_answered(w, result);
	else if (result->status == 304 && w->is_conditional)
		finish(w, 304);
	else if (result->status == 200)
		arrived(w, result);
	else
		refused(w, result);
}
