/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seals of the log's end, and what opening concludes from them. */
#include "store/event_seal_private.h"

#include "store/event_chain.h"
#include "store/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SEAL_PLACE   "event_seal.value"
#define ANCHOR_PLACE "event.head"
#define ANCHOR_BEGIN "binhyen log head 1 "
#define HEAD_BYTES   (16 + VAULT_HASH_BYTES)

static void put_int64(uint8_t *bytes, int64_t value)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)value >> (8 * i));
}

static int64_t get_int64(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return (int64_t)value;
}

/* name: so that one seal can't stand for another. */
static enum err seal(const struct vault *vault, const char *place, const char *name,
	const struct event_head *head, struct buf *out)
{
	uint8_t bytes[HEAD_BYTES];
	char where[64];

	snprintf(where, sizeof(where), "%s.%s", place, name);
	put_int64(bytes, head->id);
	put_int64(bytes + 8, head->at_ms);
	memcpy(bytes + 16, head->hash, VAULT_HASH_BYTES);
	return vault_seal(vault, where, 0, bytes, sizeof(bytes), out);
}

static enum err unseal(const struct vault *vault, const char *place, const char *name,
	const void *sealed, size_t len, struct event_head *ret_head)
{
	CLEAN_BUF open = {0};
	char where[64];
	enum err err;

	snprintf(where, sizeof(where), "%s.%s", place, name);
	buf_init(&open, 256);
	err = vault_unseal(vault, where, 0, sealed, len, &open);
	if (!err && open.len != HEAD_BYTES)
		err = ERR_WRONG_KEY;
	if (err)
		return err;
	ret_head->id = get_int64((const uint8_t *)open.data);
	ret_head->at_ms = get_int64((const uint8_t *)open.data + 8);
	memcpy(ret_head->hash, open.data + 16, VAULT_HASH_BYTES);
	return ERR_OK;
}

enum err event_seal_read(
	sqlite3 *db, const struct vault *vault, const char *name, struct event_head *ret_head)
{
	struct event_head head = {0};
	sqlite3_stmt *stmt;
	enum err err = ERR_NOT_FOUND;
	int rc = sqlite3_prepare_v2(
		db, "SELECT value FROM event_seal WHERE name = ?1", -1, &stmt, NULL);

	/* A database of before there were seals has no such table. */
	if (rc)
		return (rc & 0xff) == SQLITE_ERROR ? ERR_NOT_FOUND : sqlite_err(rc);
	bind_text(stmt, 1, name);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		err = sqlite3_column_bytes(stmt, 0)
			      ? unseal(vault, SEAL_PLACE, name, sqlite3_column_blob(stmt, 0),
					(size_t)sqlite3_column_bytes(stmt, 0), &head)
			      : ERR_OK;
	else if (rc != SQLITE_DONE)
		err = sqlite_err(rc);
	sqlite3_finalize(stmt);
	if (!err)
		*ret_head = head;
	return err;
}

enum err event_keyed_from(
	sqlite3 *db, const struct vault *vault, bool is_born_keyed, int64_t *ret_from)
{
	struct event_head keyed = {0};
	enum err err;

	*ret_from = 1;
	if (is_born_keyed)
		return ERR_OK;
	err = event_seal_read(db, vault, "keyed", &keyed);
	/* Not yet, or of a program of before. */
	if (err == ERR_NOT_FOUND || (!err && !keyed.id))
		*ret_from = INT64_MAX;
	else if (!err)
		*ret_from = keyed.id;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err write_seal(struct store *store, const char *name, const struct event_head *head)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SEAL_SET);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, 256);
	err = seal(store->vault, SEAL_PLACE, name, head, &sealed);
	if (err)
		return err;
	bind_text(stmt, 1, name);
	sqlite3_bind_blob(stmt, 2, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err event_seal_head(struct store *store)
{
	struct event_head head;
	enum err err = event_last(store, &head);

	return err ? err : write_seal(store, "head", &head);
}

/* PATH.head. */

static void anchor_path(const struct store *store, char *path, size_t bytes)
{
	snprintf(path, bytes, "%s.head", store->path);
}

static enum err anchor_read(const struct store *store, struct event_head *ret_head)
{
	char path[300], text[256] = "";
	uint8_t sealed[128];
	size_t digits, begin = strlen(ANCHOR_BEGIN);
	ssize_t len;
	int fd;

	anchor_path(store, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_WRONG_KEY;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0 || !str_starts(text, ANCHOR_BEGIN))
		return ERR_WRONG_KEY;
	digits = strspn(text + begin, "0123456789abcdef");
	if (digits % 2 || digits / 2 > sizeof(sealed) || !str_eq(text + begin + digits, "\n"))
		return ERR_WRONG_KEY;
	for (size_t i = 0; i < digits / 2; i++) {
		const char pair[3] = {text[begin + 2 * i], text[begin + 2 * i + 1], 0};

		sealed[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return unseal(store->vault, ANCHOR_PLACE, "file", sealed, digits / 2, ret_head);
}

enum err event_anchor_make(struct store *store, struct event_anchor *ret_anchor)
{
	char digits[2 * (HEAD_BYTES + VAULT_SEAL_EXTRA_BYTES) + 1];
	CLEAN_BUF sealed = {0};
	struct event_head head;
	enum err err;

	buf_init(&sealed, 256);
	err = event_last(store, &head);
	if (!err)
		err = seal(store->vault, ANCHOR_PLACE, "file", &head, &sealed);
	if (err)
		return err;
	CHECK(sealed.len == HEAD_BYTES + VAULT_SEAL_EXTRA_BYTES);
	str_hex(sealed.data, sealed.len, digits);
	anchor_path(store, ret_anchor->path, sizeof(ret_anchor->path));
	snprintf(ret_anchor->text, sizeof(ret_anchor->text), ANCHOR_BEGIN "%s\n", digits);
	ret_anchor->event_id = head.id;
	return ERR_OK;
}

enum err event_anchor_write(const struct event_anchor *anchor)
{
	char draft[310];
	size_t len = strlen(anchor->text);
	bool is_written;
	int fd;

	snprintf(draft, sizeof(draft), "%s.new", anchor->path);
	fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_from_errno(errno);
	is_written = write(fd, anchor->text, len) == (ssize_t)len && !fsync(fd);
	if (close(fd) || !is_written || rename(draft, anchor->path)) {
		unlink(draft);
		return ERR_IO;
	}
	return sync_folder_of(anchor->path);
}

enum err event_anchor_done(struct store *store)
{
	struct event_head head;
	enum err err = event_seal_read(store->db, store->vault, "anchored", &head);

	if (err != ERR_NOT_FOUND)
		return err;
	return write_seal(store, "anchored", &(struct event_head){.id = 1});
}

/* Opening. */

static struct event_finding finding(enum event_fault fault, int64_t event_id)
{
	return (struct event_finding){fault, event_id};
}

/* The seal of the last row against the last row. */
static enum err look_at_head(struct store *store, const struct event_head *last, bool has_seal)
{
	struct event_head head = {0};
	enum err err = event_seal_read(store->db, store->vault, "head", &head);

	if (err && err != ERR_NOT_FOUND && err != ERR_WRONG_KEY)
		return err;
	if (err) {
		if (has_seal && last->id)
			store->opened = finding(EVENT_FAULT_SEAL, last->id);
	} else if (head.id > last->id) {
		store->opened = finding(EVENT_FAULT_CUT, last->id + 1);
	} else if (head.id < last->id) {
		store->opened = finding(EVENT_FAULT_ADDED, head.id + 1);
	} else if (memcmp(head.hash, last->hash, sizeof(head.hash)) != 0) {
		store->opened = finding(EVENT_FAULT_ALTERED, last->id);
	}
	return ERR_OK;
}

/* The file beside the database against the row that it names. */
static enum err look_at_anchor(struct store *store, const struct event_head *last)
{
	struct event_head anchor = {0}, place = {0}, flag;
	bool was_written = event_seal_read(store->db, store->vault, "anchored", &flag) == ERR_OK;
	enum err err = anchor_read(store, &anchor);

	if (err) {
		/* A new database where another one was is no fault. */
		if (was_written || (err != ERR_NOT_FOUND && last->id))
			store->opened = finding(EVENT_FAULT_ANCHOR, last->id);
		return ERR_OK;
	}
	if (!anchor.id)
		return ERR_OK;
	err = event_place(store, anchor.id, &place);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (err || memcmp(place.hash, anchor.hash, sizeof(place.hash)) != 0)
		store->opened = finding(EVENT_FAULT_OLDER, anchor.id);
	return ERR_OK;
}

/* A database of before hashes were keyed: from the next row on they are. */
static enum err begin_to_key(struct store *store, const struct event_head *last)
{
	struct event_head from = {.id = last->id + 1}, head;
	enum err err = event_seal_read(store->db, store->vault, "head", &head);

	/* One that has a seal was keyed already: somebody wants its rows to count as old ones. */
	if (err != ERR_NOT_FOUND)
		store->opened = finding(EVENT_FAULT_SEAL, last->id);
	store->keyed_from = from.id;
	err = write_seal(store, "keyed", &from);
	return err ? err : turn_end(store, NULL);
}

enum err event_seal_open(struct store *store)
{
	struct event_head last;
	enum err err = event_last(store, &last);
	bool has_seal;

	if (!err)
		err = event_keyed_from(
			store->db, store->vault, store->is_born_keyed, &store->keyed_from);
	if (err && err != ERR_WRONG_KEY)
		return err;
	if (err)
		store->opened = finding(EVENT_FAULT_SEAL, last.id);
	has_seal = store->keyed_from != INT64_MAX;
	err = has_seal ? ERR_OK : begin_to_key(store, &last);
	if (!err && !store->opened.fault)
		err = look_at_head(store, &last, has_seal && last.id >= store->keyed_from);
	if (!err && !store->opened.fault)
		err = look_at_anchor(store, &last);
	return err;
}

struct event_finding event_opened(const struct store *store)
{
	return store->opened;
}

enum err event_verified(struct store *store, const struct event_head *head)
{
	struct event_head stamped = *head;

	stamped.at_ms = clock_wall_ms(store->clock);
	return write_seal(store, "verified", &stamped);
}

enum err event_verified_last(struct store *store, struct event_head *ret_head)
{
	enum err err = event_seal_read(store->db, store->vault, "verified", ret_head);

	if (err != ERR_NOT_FOUND && err != ERR_WRONG_KEY)
		return err;
	*ret_head = (struct event_head){0};
	return ERR_OK;
}
