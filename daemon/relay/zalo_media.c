/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetches what came with messages, at once, since Zalo's addresses die within days:
 *
 *   due ─→ request ─→ pieces go sealed into a file of the media folder, while size, MD5 and the
 *          first bytes are watched ─→ file synced and named ─→ row STORED, in the next commit
 *
 * What fails is tried again, later each time, for two days; an answer that speaks against it (gone,
 * refused, another content than promised) only FIRM_MAX times. Then the row is FAILED with the
 * reason, and the desk puts that into the report. A crash leaves a part or a file that no row
 * names, which the next start removes, and a row that still waits.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/media_type.h"
#include "daemon/relay/media_url.h"
#include "store/turn.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define FIRST_WAIT_MS (5 * SECOND_MS)
#define FIRM_WAIT_MS  MINUTE_MS
#define MOST_WAIT_MS  (30 * MINUTE_MS)
#define GIVE_UP_MS    (2 * DAY_MS)
#define FIRM_MAX      4
#define REDIRECTS_MAX 3
#define DEADLINE_MS   (30 * MINUTE_MS) /* a video over a line of a few hundred kbit/s */
#define STALL_S	      30
#define FREE_LEAST    (INT64_C(256) * 1024 * 1024) /* the database needs it more */
#define MB	      (INT64_C(1024) * 1024)
#define STATUS_SINCE  (7 * DAY_MS)

static int64_t most_bytes(const struct config_media *config, enum attachment_kind kind)
{
	switch (kind) {
	case ATTACHMENT_IMAGE:
	case ATTACHMENT_GIF:
	case ATTACHMENT_STICKER:
		return config->image_mb * MB;
	case ATTACHMENT_VOICE:
		return config->voice_mb * MB;
	case ATTACHMENT_VIDEO:
		return config->video_mb * MB;
	case ATTACHMENT_FILE:
		break;
	}
	return config->file_mb * MB;
}

/* ---- the end of an attempt -------------------------------------------------------------------
 */

static void fetch_clear(struct zalo_fetch *f)
{
	media_writer_free(f->writer);
	f->writer = NULL;
	buf_wipe(&f->url);
	f->id = 0;
}

static void fetch_committed(void *arg, enum err committed)
{
	struct zalo_fetch *f = arg;
	struct zalo *z = f->zalo;

	/* A file that no row names is in nobody's way, but it takes room. */
	if (committed && f->file.name[0])
		media_remove(z->store, f->file.name);
	if (committed)
		z->media.due_ms = zalo_mono(z) + SECOND_MS;
	f->file = (struct media_file){.name = ""};
	f->is_committing = false;
	fetch_clear(f);
	zalo_wake(z);
}

/* What was written about the row holds with the commit. */
static void fetch_end(struct zalo_fetch *f, enum err err)
{
	struct zalo *z = f->zalo;

	media_writer_free(f->writer);
	f->writer = NULL;
	if (!err)
		err = turn_defer(z->store, fetch_committed, f);
	if (!err) {
		f->is_committing = true;
		return;
	}
	log_warn("zalo_media", "id=%" PRId64 " error=%s", f->id, err_name(err));
	fetch_committed(f, err);
}

/* The row and the word in the report stand or fall together. */
static enum err give_up(struct zalo *z, const struct attachment *a, const char *reason)
{
	enum err err = store_savepoint_begin(z->store);

	if (err)
		return err;
	log_warn("zalo_media", "id=%" PRId64 " kind=%s state=FAILED reason=%s attempts=%d", a->id,
		attachment_kind_text(a->kind), reason, a->attempts + 1);
	err = attachment_failed(z->store, a->id, reason);
	if (!err && a->report_id)
		err = desk_attachment_failed(
			z->desk, a->report_id, attachment_kind_text(a->kind), reason);
	if (!err)
		return store_savepoint_release(z->store);
	store_savepoint_rollback(z->store);
	return err;
}

static int64_t wait_ms(struct zalo *z, const struct attachment *a, bool is_firm)
{
	int64_t most = is_firm ? FIRM_WAIT_MS << (2 * a->gone) : FIRST_WAIT_MS;

	for (int i = 0; !is_firm && i < a->attempts && most < MOST_WAIT_MS; i++)
		most *= 2;
	if (most > MOST_WAIT_MS)
		most = MOST_WAIT_MS;
	return most / 2 + rng_below(&z->rng, most / 2 + 1);
}

/* is_firm: the answer itself speaks against it; otherwise the way to it or this machine does. */
static enum err fetch_failed(struct zalo *z, int64_t id, const char *reason, bool is_firm)
{
	struct attachment a;
	int64_t now_ms = zalo_wall(z);
	enum err err = attachment_load(z->store, id, &a);

	if (err || a.state != ATTACHMENT_WAITING)
		return err;
	if ((is_firm && a.gone + 1 >= FIRM_MAX) || now_ms - a.created_ms > GIVE_UP_MS)
		return give_up(z, &a, reason);
	log_info("zalo_media", "id=%" PRId64 " kind=%s state=WAITING reason=%s attempts=%d", id,
		attachment_kind_text(a.kind), reason, a.attempts + 1);
	return attachment_retry(z->store, id, now_ms + wait_ms(z, &a, is_firm), reason, is_firm);
}

/* ---- what comes ------------------------------------------------------------------------------
 */

static enum err on_piece(void *arg, const void *data, size_t len)
{
	struct zalo_fetch *f = arg;
	size_t room = sizeof(f->head) - f->head_bytes, n = len < room ? len : room;
	enum err err;

	if (!f->writer) {
		err = media_writer_new(f->zalo->store, &f->writer);
		if (err)
			return err;
	}
	memcpy(f->head + f->head_bytes, data, n);
	f->head_bytes += n;
	f->bytes += (int64_t)len;
	md5_update(&f->md5, len, data);
	return media_writer_add(f->writer, data, len);
}

static bool is_md5_right(struct zalo_fetch *f)
{
	uint8_t digest[MD5_DIGEST_SIZE];
	char hex[ATTACHMENT_MD5_HEX];

	if (!f->md5_hex[0])
		return true;
	md5_digest(&f->md5, sizeof(digest), digest);
	str_hex(digest, sizeof(digest), hex);
	return strcasecmp(hex, f->md5_hex) == 0;
}

static enum err keep(struct zalo_fetch *f)
{
	struct zalo *z = f->zalo;
	const char *mime = media_type(f->head, f->head_bytes);
	enum err err;

	if (!f->bytes || !media_type_fits(f->kind, mime))
		return fetch_failed(z, f->id, "wrong_type", true);
	if (!is_md5_right(f))
		return fetch_failed(z, f->id, "wrong_md5", true);
	err = media_writer_finish(f->writer, &f->file);
	if (err) {
		f->file = (struct media_file){.name = ""};
		return fetch_failed(z, f->id, "disk_full", false);
	}
	err = attachment_stored(z->store, f->id, f->bytes, mime, &f->file);
	log_info("zalo_media", "id=%" PRId64 " kind=%s state=STORED mime=%s bytes=%" PRId64, f->id,
		attachment_kind_text(f->kind), mime, f->bytes);
	return err;
}

static enum err fetch_request(struct zalo_fetch *f);

/* ERR_BUSY: the next request is under way. */
static enum err follow(struct zalo_fetch *f, const char *location)
{
	struct zalo *z = f->zalo;
	CLEAN_BUF next = {0};
	enum err err;

	if (!location || ++f->redirects > REDIRECTS_MAX)
		return fetch_failed(z, f->id, "redirects", true);
	buf_init(&next, ATTACHMENT_URL_MAX);
	err = media_url(
		&z->config->media, buf_text(&f->url), location, f->as_given, &next, &f->is_public);
	if (err == ERR_DENIED)
		return fetch_failed(z, f->id, "bad_host", true);
	if (!err) {
		buf_reset(&f->url);
		err = buf_adds(&f->url, buf_text(&next));
	}
	if (!err)
		err = fetch_request(f);
	return err ? err : ERR_BUSY;
}

static enum err answered(struct zalo_fetch *f, const struct http_result *result)
{
	struct zalo *z = f->zalo;

	switch (result->status) {
	case 200:
		return keep(f);
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return follow(f, http_result_header(result, "Location"));
	case 403:
	case 404:
	case 410:
		return fetch_failed(z, f->id, "gone", true);
	case 408:
	case 429:
		return fetch_failed(z, f->id, "refused", false);
	default:
		return fetch_failed(z, f->id, "refused", result->status < 500);
	}
}

static enum err not_answered(struct zalo_fetch *f, const struct http_result *result)
{
	struct zalo *z = f->zalo;
	struct attachment a;
	enum err err;

	switch (result->err) {
	case ERR_TOO_BIG:
		err = attachment_load(z->store, f->id, &a);
		return err ? err : give_up(z, &a, "too_big");
	case ERR_DISK_FULL:
	case ERR_IO:
	case ERR_READ_ONLY:
	case ERR_NOMEM:
		return fetch_failed(z, f->id, "disk_full", false);
	case ERR_TIMEOUT:
		return fetch_failed(z, f->id, "too_slow", false);
	default:
		return fetch_failed(z, f->id, result->status ? "too_slow" : "unreachable", false);
	}
}

static void fetch_done(void *arg, const struct http_result *result)
{
	struct zalo_fetch *f = arg;
	enum err err;

	f->transfer = NULL;
	if (result->is_cancelled) {
		fetch_clear(f);
		return;
	}
	err = result->err ? not_answered(f, result) : answered(f, result);
	if (err == ERR_BUSY && f->transfer)
		return;
	fetch_end(f, err);
}

/* ---- the beginning ---------------------------------------------------------------------------
 */

static enum err fetch_request(struct zalo_fetch *f)
{
	struct zalo *z = f->zalo;

	f->bytes = 0;
	f->head_bytes = 0;
	md5_init(&f->md5);
	return http_client_start(z->http,
		&(struct http_client_request){.method = HTTP_GET,
			.url = buf_text(&f->url),
			.deadline_ms = DEADLINE_MS,
			.stall_s = STALL_S,
			.reply_max = (size_t)most_bytes(&z->config->media, f->kind),
			.sink = on_piece,
			.is_public_only = f->is_public,
			.done = fetch_done,
			.arg = f},
		&f->transfer);
}

/* NULL: there is room. Otherwise why not. */
static enum err room_for(struct zalo *z, const struct attachment *a, const char **ret_reason)
{
	struct attachment_sums sums;
	int64_t free_bytes = 0;
	enum err err = attachment_sums(z->store, 0, &sums);

	if (!err)
		err = media_free_bytes(z->store, &free_bytes);
	if (err)
		return err;
	*ret_reason = NULL;
	if (sums.stored_bytes + a->bytes >= z->config->media.disk_mb * MB)
		*ret_reason = "budget";
	else if (free_bytes - a->bytes < FREE_LEAST)
		*ret_reason = "disk_full";
	return ERR_OK;
}

static enum err fetch_url(struct zalo_fetch *f, const struct attachment *a)
{
	struct zalo *z = f->zalo;
	CLEAN_BUF url = {0};
	enum err err;

	buf_init(&url, ATTACHMENT_URL_MAX);
	buf_init(&f->url, ATTACHMENT_URL_MAX + 8);
	/* Some addresses are plain http: tried as https first, every second time as they are. */
	f->as_given = a->attempts % 2 == 1;
	err = attachment_url(z->store, a->id, &url);
	if (!err)
		err = media_url(&z->config->media, NULL, buf_text(&url), f->as_given, &f->url,
			&f->is_public);
	buf_wipe(&url);
	return err;
}

static void fetch_begin(struct zalo_fetch *f, const struct attachment *a)
{
	struct zalo *z = f->zalo;
	const char *reason = NULL;
	enum err err;

	f->id = a->id;
	f->kind = a->kind;
	f->redirects = 0;
	f->file = (struct media_file){.name = ""};
	memcpy(f->md5_hex, a->md5, sizeof(f->md5_hex));
	if (a->bytes > most_bytes(&z->config->media, a->kind)) {
		fetch_end(f, give_up(z, a, "too_big"));
		return;
	}
	err = room_for(z, a, &reason);
	if (!err && reason) {
		fetch_end(f, fetch_failed(z, a->id, reason, false));
		return;
	}
	if (!err)
		err = fetch_url(f, a);
	if (err == ERR_DENIED) {
		fetch_end(f, give_up(z, a, "bad_host"));
		return;
	}
	if (!err)
		err = fetch_request(f);
	if (err)
		fetch_end(f, err);
}

struct due_list {
	struct zalo *zalo;
	struct attachment a[2 * ZALO_FETCHES];
	int count;
};

static bool is_under_way(const struct zalo *z, int64_t id)
{
	for (int i = 0; i < ZALO_FETCHES; i++) {
		if (z->media.fetch[i].id == id)
			return true;
	}
	return false;
}

static void add_due(void *arg, const struct attachment *a)
{
	struct due_list *list = arg;

	if (!is_under_way(list->zalo, a->id))
		list->a[list->count++] = *a;
}

static void begin_due(struct zalo *z, struct due_list *list)
{
	int next = 0;

	for (int i = 0; i < ZALO_FETCHES && next < list->count; i++) {
		if (!z->media.fetch[i].id)
			fetch_begin(&z->media.fetch[i], &list->a[next++]);
	}
}

static bool has_room(const struct zalo *z)
{
	for (int i = 0; i < ZALO_FETCHES; i++) {
		if (!z->media.fetch[i].id)
			return true;
	}
	return false;
}

int64_t zalo_media_tick(struct zalo *z)
{
	struct zalo_media *m = &z->media;
	struct due_list list = {.zalo = z};
	int64_t now_ms = zalo_wall(z), next_ms = INT64_MAX;
	enum err err;

	if (z->is_closing || !z->link.is_up || !has_room(z))
		return INT64_MAX;
	if (zalo_mono(z) < m->due_ms)
		return m->due_ms;
	err = m->is_back ? attachment_soon(z->store, now_ms) : ERR_OK;
	if (!err)
		m->is_back = false;
	if (!err)
		err = attachment_due(z->store, now_ms, 2 * ZALO_FETCHES, add_due, &list);
	if (!err)
		begin_due(z, &list);
	if (!err)
		err = attachment_next(z->store, &next_ms);
	m->due_ms = zalo_mono(z) + (err ? MINUTE_MS : 0);
	if (err || next_ms == INT64_MAX)
		return err ? m->due_ms : INT64_MAX;
	/* Those under way are due as well. */
	if (next_ms <= now_ms)
		return has_room(z) ? zalo_mono(z) + SECOND_MS : INT64_MAX;
	return zalo_mono(z) + next_ms - now_ms;
}

void zalo_media_back(struct zalo *z)
{
	z->media.is_back = true;
	zalo_wake(z);
}

json_t *zalo_media_status(const struct zalo *z)
{
	struct attachment_sums sums;

	if (attachment_sums(z->store, zalo_wall(z) - STATUS_SINCE, &sums))
		return json_null();
	return json_pack("{s:I,s:I,s:I,s:I}", "waiting", (json_int_t)sums.waiting, "failed_7_days",
		(json_int_t)sums.failed, "bytes", (json_int_t)sums.stored_bytes, "bytes_max",
		(json_int_t)(z->config->media.disk_mb * MB));
}

static enum err file_missing(void *arg, int64_t id)
{
	struct zalo *z = arg;
	struct attachment a;
	enum err err = attachment_load(z->store, id, &a);

	return err ? err : give_up(z, &a, "missing");
}

enum err zalo_media_open(struct zalo *z, struct errbuf *eb)
{
	struct media_cleaned cleaned = {0};
	enum err err;

	for (int i = 0; i < ZALO_FETCHES; i++)
		z->media.fetch[i].zalo = z;
	z->media.is_back = true;
	err = media_clean(z->store, file_missing, z, &cleaned, eb);
	if (!err && cleaned.orphans)
		log_info("zalo_media", "orphans=%" PRId64, cleaned.orphans);
	if (!err && cleaned.without_folder)
		log_error("zalo_media", "folder=missing files=%" PRId64, cleaned.without_folder);
	return err;
}

void zalo_media_close(struct zalo *z)
{
	for (int i = 0; i < ZALO_FETCHES; i++) {
		struct zalo_fetch *f = &z->media.fetch[i];

		turn_forget(z->store, f);
		if (f->transfer)
			http_transfer_cancel(f->transfer);
		fetch_clear(f);
	}
}
