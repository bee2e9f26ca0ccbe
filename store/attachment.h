/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came with a message: a row is written with the message, its content is fetched afterwards
 * and lies sealed in the media folder (media.h).
 *
 *     WAITING ──→ STORED     fetched; the file was synced before
 *        └──────→ FAILED     never will be; `reason` says why, the officer reads it
 *     STORED ───→ FAILED     its file is missing or damaged
 */
#ifndef BINHYEN_STORE_ATTACHMENT_H
#define BINHYEN_STORE_ATTACHMENT_H

#include "daemon/base/buf.h"
#include "store/media.h"
#include "store/store.h"

#define ATTACHMENT_KIND_TABLE(X) \
	X(IMAGE, "image") \
	X(GIF, "gif") X(STICKER, "sticker") X(VOICE, "voice") X(VIDEO, "video") X(FILE, "file")
enum attachment_kind {
#define X(name, text) ATTACHMENT_##name,
	ATTACHMENT_KIND_TABLE(X)
#undef X
};
const char *attachment_kind_text(enum attachment_kind kind);

#define ATTACHMENT_STATE_TABLE(X) X(WAITING) X(STORED) X(FAILED)
enum attachment_state {
#define X(name) ATTACHMENT_##name,
	ATTACHMENT_STATE_TABLE(X)
#undef X
};
const char *attachment_state_text(enum attachment_state state);

#define ATTACHMENT_URL_MAX    2047
#define ATTACHMENT_NAME_BYTES 256
#define ATTACHMENT_MD5_HEX    33
#define ATTACHMENTS_MAX	      10 /* of one message; the platform sends one */

struct attachment_new {
	enum attachment_kind kind;
	const char *url;
	const char *name;   /* as its sender called it; "" none */
	const char *md5;    /* 32 hexadecimal digits; "" not told */
	int64_t bytes;	    /* 0 = not told */
	const char *reason; /* NULL: to be fetched; otherwise why it never will be */
};
/* Waits from now on, or is FAILED at once. report_id 0 = none. The url is sealed by the box key,
 * because the box fetches it, and erased then; the name to the report. */
MUST_CHECK
enum err attachment_add(struct store *store, int64_t inbox_id, int64_t report_id,
	const struct attachment_new *in, int64_t *ret_id);

struct attachment {
	int64_t id;
	int64_t inbox_id;
	int64_t report_id; /* 0 none */
	enum attachment_kind kind;
	enum attachment_state state;
	int64_t created_ms;
	int64_t due_ms;	 /* WAITING: not before */
	int64_t done_ms; /* 0 while WAITING */
	int attempts;
	int gone;	 /* answers that said that it is not there any more */
	char reason[24]; /* of the last failure, also while WAITING */
	char md5[ATTACHMENT_MD5_HEX];
	int64_t bytes;			  /* STORED: its size; before: as told */
	char mime[64];			  /* sniffed from the bytes; "" unless STORED */
	char file[MEDIA_NAME_BYTES];	  /* "" unless STORED */
	char name[ATTACHMENT_NAME_BYTES]; /* only in attachment_of_report() */
};
MUST_CHECK
enum err attachment_load(struct store *store, int64_t id, struct attachment *ret_attachment);
/* Where it is to be fetched; ERR_NOT_FOUND once final. Wipe it. */
MUST_CHECK
enum err attachment_url(struct store *store, int64_t id, struct buf *out);

typedef void (*attachment_fn)(void *arg, const struct attachment *attachment);
/* holder NULL: without the names. ERR_DENIED: the report is not his to read. */
struct key_holder;
MUST_CHECK
enum err attachment_of_report(struct store *store, const struct key_holder *holder,
	int64_t report_id, attachment_fn fn, void *arg);
/* What opens its file; ERR_NOT_FOUND: it has none, ERR_DENIED. Wipe it. */
MUST_CHECK
enum err attachment_file(struct store *store, const struct key_holder *holder, int64_t id,
	struct media_file *ret_file);
MUST_CHECK
enum err attachment_of_inbox(struct store *store, int64_t inbox_id, int64_t *ret_count);

/* Those that wait and are due, oldest first. */
MUST_CHECK
enum err attachment_due(
	struct store *store, int64_t now_ms, int limit, attachment_fn fn, void *arg);
/* When the next one is due; INT64_MAX: none waits. */
MUST_CHECK
enum err attachment_next(struct store *store, int64_t *ret_due_ms);
/* Every one that waits is due now: the line is back. */
MUST_CHECK
enum err attachment_soon(struct store *store, int64_t now_ms);

/* ERR_STATE when it does not wait any more. The file must be finished (media_writer_finish). */
MUST_CHECK
enum err attachment_stored(struct store *store, int64_t id, int64_t bytes, const char *mime,
	const struct media_file *file);
/* The same content lies in another file from now on. ERR_STATE: it has none. */
MUST_CHECK
enum err attachment_refile(struct store *store, int64_t id, const struct media_file *file);
MUST_CHECK
enum err attachment_retry(
	struct store *store, int64_t id, int64_t due_ms, const char *reason, bool is_gone);
MUST_CHECK
enum err attachment_failed(struct store *store, int64_t id, const char *reason);

/* ERR_NOT_FOUND: no row names this file of the media folder. */
MUST_CHECK
enum err attachment_of_file(struct store *store, const char *file, int64_t *ret_id);
/* The first one with a file after after_id; ERR_NOT_FOUND at the end. */
MUST_CHECK
enum err attachment_next_file(
	struct store *store, int64_t after_id, int64_t *ret_id, char file[MEDIA_NAME_BYTES]);

struct attachment_sums {
	int64_t stored_bytes;
	int64_t waiting;
	int64_t failed; /* since since_ms */
};
MUST_CHECK
enum err attachment_sums(struct store *store, int64_t since_ms, struct attachment_sums *ret_sums);

#endif
