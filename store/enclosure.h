/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture or a file that goes out with messages (outbox.h: enclosure_id), the same to any number
 * of recipients. The original is kept, sealed, until the last of them is final; what the other side
 * calls it after an upload is only a shortcut that expires.
 */
#ifndef BINHYEN_STORE_ENCLOSURE_H
#define BINHYEN_STORE_ENCLOSURE_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define ENCLOSURE_KIND_TABLE(X) \
	X(IMAGE, "image") /* JPEG or PNG */ \
	X(GIF, "gif") \
	X(FILE, "file")
enum enclosure_kind {
#define X(name, text) ENCLOSURE_##name,
	ENCLOSURE_KIND_TABLE(X)
#undef X
};
const char *enclosure_kind_text(enum enclosure_kind kind);

#define ENCLOSURE_MAX	     (5 * 1024 * 1024) /* bytes: the most that Zalo takes of any kind */
#define ENCLOSURE_NAME_MAX   96
#define ENCLOSURE_HANDLE_MAX 1024

struct enclosure_new {
	enum enclosure_kind kind;
	const char *name; /* with its extension; no path, no control characters */
	const void *data;
	size_t bytes;
};
/* With an extension, no path, no control characters: a recipient sees it, and it stands in a
 * header.
 */
bool enclosure_is_name(const char *name);
/* ERR_INVALID: a name that is none; ERR_TOO_BIG. Both are sealed here. */
MUST_CHECK
enum err enclosure_add(struct store *store, const struct enclosure_new *in, int64_t *ret_id);

struct enclosure {
	enum enclosure_kind kind;
	char name[ENCLOSURE_NAME_MAX];	   /* "" once it was erased */
	char handle[ENCLOSURE_HANDLE_MAX]; /* "" = not uploaded */
	int64_t handle_expires_ms;
};
MUST_CHECK
enum err enclosure_load(struct store *store, int64_t id, struct enclosure *ret_enclosure);
/* Appends the original to `out`; ERR_NOT_FOUND once it was erased. */
MUST_CHECK
enum err enclosure_body(struct store *store, int64_t id, struct buf *out);
/* handle "" forgets the one there was. */
MUST_CHECK
enum err enclosure_set_handle(
	struct store *store, int64_t id, const char *handle, int64_t expires_ms);
/* Erases the original and its name if no message needs it any more; called when one becomes final.
 */
MUST_CHECK
enum err enclosure_erase(struct store *store, int64_t id);

#endif
