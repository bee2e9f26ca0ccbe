/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the tests of store/ only: short ways to rows, and a look past the store with SQLite itself.
 */
#ifndef BINHYEN_TESTS_UNIT_STORE_SUPPORT_H
#define BINHYEN_TESTS_UNIT_STORE_SUPPORT_H

#include "daemon/base/str.h"
#include "store/inbox.h"
#include "tests/lib/store_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#define RESIDENT "+84900001234"
#define OTHER	 "+84900005678"
#define OFFICER	 "+84900009001"

static inline int store_setup(void **state)
{
	static struct store_fixture fixture;

	store_fixture_init(&fixture);
	*state = &fixture;
	return 0;
}

static inline int store_teardown(void **state)
{
	store_fixture_done(*state);
	return 0;
}

#define STORE_TEST(fn) cmocka_unit_test_setup_teardown(fn, store_setup, store_teardown)

static inline int64_t party_of(struct store_fixture *f, const char *phone)
{
	struct party party;

	assert_ok(party_get(f->store, PARTY_PHONE, phone, &party));
	return party.id;
}

/* What a resident's SMS leaves behind; body "text of ID". */
static inline int64_t add_inbox(struct store_fixture *f, const char *external_id, const char *body)
{
	int64_t id;

	assert_ok(inbox_add(f->store,
		&(struct inbox_new){.channel = "modem",
			.external_id = external_id,
			.kind = INBOX_KIND_TEXT,
			.party_id = party_of(f, RESIDENT),
			.received_ms = f->clock.wall,
			.body = body,
			.body_bytes = strlen(body)},
		&id));
	return id;
}

/* A message by modem that may go now and for an hour. */
static inline struct outbox_new message_to(int64_t party_id, enum lane lane)
{
	return (struct outbox_new){.channel = CHANNEL_MODEM,
		.lane = lane,
		.kind = OUTBOX_KIND_ANSWER,
		.party_id = party_id,
		.due_ms = FIXTURE_WALL_MS,
		.expires_ms = FIXTURE_WALL_MS + HOUR_MS,
		.text = "Da nhan."};
}

static inline int64_t queue(struct store_fixture *f, struct outbox_new out)
{
	int64_t id;

	assert_ok(outbox_add(f->store, &out, &id));
	return id;
}

static inline struct outbox_row load(struct store_fixture *f, int64_t id)
{
	struct outbox_row row;

	assert_ok(outbox_load(f->store, id, &row));
	return row;
}

static inline void assert_state(struct store_fixture *f, int64_t id, enum outbox_state expected)
{
	assert_string_equal(outbox_state_text(load(f, id).state), outbox_state_text(expected));
}

/* A move with a deadline in an hour. */
static inline enum err move_to(struct store_fixture *f, int64_t id, enum outbox_state to)
{
	return outbox_move(f->store, id,
		&(struct outbox_move){
			.to = to, .due_ms = f->clock.wall, .deadline_ms = f->clock.wall + HOUR_MS});
}

static inline void close_store(struct store_fixture *f)
{
	store_close(f->store);
	f->store = NULL;
}

/* The next opening is of another file. */
static inline void use_path(struct store_fixture *f, const char *path)
{
	assert_ok(str_copy(f->path, sizeof(f->path), path));
}

/* Past the store: SQLite on the same file. Commit first. */
static inline sqlite3 *raw_open(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 2000);
	return db;
}

static inline int raw_exec(const char *path, const char *sql)
{
	sqlite3 *db = raw_open(path);
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return rc;
}

static inline int64_t raw_int(const char *path, const char *sql)
{
	sqlite3 *db = raw_open(path);
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return value;
}

/* A whole file, to be freed; NULL and 0 bytes when there is none. */
static inline char *slurp(const char *path, size_t *ret_bytes)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data;

	*ret_bytes = 0;
	if (fd < 0)
		return NULL;
	assert_int_equal(fstat(fd, &st), 0);
	data = malloc((size_t)st.st_size + 1);
	assert_non_null(data);
	assert_int_equal(read(fd, data, (size_t)st.st_size), st.st_size);
	close(fd);
	*ret_bytes = (size_t)st.st_size;
	return data;
}

static inline void spill(const char *path, const void *data, size_t bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, bytes), bytes);
	close(fd);
}

static inline int mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (int)(st.st_mode & 07777);
}

#endif
