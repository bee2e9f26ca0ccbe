/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A piece is one read transaction. The last one also reads the seal of the end, so that rows and
 * seal are those of one moment although the daemon goes on writing.
 */
#include "store/event_walk.h"

#include "store/event_chain.h"
#include "store/event_seal_private.h"

#include <string.h>
#include <sys/stat.h>

struct event_walk {
	sqlite3 *db;
	sqlite3_stmt *next;
	const struct vault *vault;
	struct event_check check;
	struct event_finding finding;
};

static enum err fail(struct event_walk *walk, int rc, const char *path, struct errbuf *eb)
{
	return errbuf_set(eb, sqlite_err(rc), "%s: %s", path, sqlite3_errmsg(walk->db));
}

/* A copy on a medium that can't be written has no journal beside it: it is read as it is. */
static int open_db(const char *path, sqlite3 **ret_db)
{
	CLEAN_BUF uri = {0};
	int rc = sqlite3_open_v2(path, ret_db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

	if (!rc)
		rc = sqlite3_exec(*ret_db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	if ((rc & 0xff) != SQLITE_CANTOPEN && (rc & 0xff) != SQLITE_READONLY)
		return rc;
	buf_init(&uri, 4096);
	if (strpbrk(path, "?#%") || buf_addf(&uri, "file:%s?immutable=1", path))
		return rc;
	sqlite3_close(*ret_db);
	return sqlite3_open_v2(buf_text(&uri), ret_db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
			SQLITE_OPEN_URI,
		NULL);
}

static enum err check_what_it_is(struct event_walk *walk, const char *path, struct errbuf *eb)
{
	bool is_born_keyed = false;
	enum err err = key_check_read(walk->db, walk->vault, &is_born_keyed);

	if (err == ERR_WRONG_KEY)
		return errbuf_set(eb, err, "%s: sealed with another box key", path);
	if (err)
		return errbuf_set(eb, ERR_CORRUPT, "%s: this is no database of binhyend", path);
	err = event_keyed_from(walk->db, walk->vault, is_born_keyed, &walk->check.keyed_from);
	if (err != ERR_WRONG_KEY)
		return err;
	walk->finding = (struct event_finding){EVENT_FAULT_SEAL, 1};
	return ERR_OK;
}

enum err event_walk_open(const char *path, const struct vault *vault, struct event_walk **ret_walk,
	struct errbuf *eb)
{
	struct event_walk *walk = calloc(1, sizeof(*walk));
	struct stat st;
	enum err err;
	int rc;

	if (!walk)
		return errbuf_set(eb, ERR_NOMEM, "out of memory");
	walk->vault = vault;
	walk->check.vault = vault;
	if (stat(path, &st)) {
		free(walk);
		return errbuf_set(eb, ERR_NOT_FOUND, "%s: there is no such file", path);
	}
	rc = open_db(path, &walk->db);
	if (rc) {
		err = fail(walk, rc, path, eb);
	} else {
		sqlite3_busy_timeout(walk->db, 2000);
		err = check_what_it_is(walk, path, eb);
	}
	if (!err) {
		rc = sqlite3_prepare_v2(walk->db,
			"SELECT " EVENT_COLUMNS " FROM event WHERE id > ?1 ORDER BY id LIMIT ?2",
			-1, &walk->next, NULL);
		err = rc ? fail(walk, rc, path, eb) : ERR_OK;
	}
	if (err) {
		event_walk_close(walk);
		return err;
	}
	*ret_walk = walk;
	return ERR_OK;
}

/* All rows are good: does the seal name the last one? */
static enum err check_end(struct event_walk *walk)
{
	const struct event_head *last = &walk->check.last;
	struct event_head head = {0};
	enum err err = event_seal_read(walk->db, walk->vault, "head", &head);

	if (err == ERR_NOT_FOUND && last->id < walk->check.keyed_from)
		return ERR_OK;
	if (err == ERR_NOT_FOUND || err == ERR_WRONG_KEY)
		walk->finding = (struct event_finding){EVENT_FAULT_SEAL, last->id};
	else if (err)
		return err;
	else if (head.id > last->id)
		walk->finding = (struct event_finding){EVENT_FAULT_CUT, last->id + 1};
	else if (head.id < last->id)
		walk->finding = (struct event_finding){EVENT_FAULT_ADDED, head.id + 1};
	else if (memcmp(head.hash, last->hash, sizeof(head.hash)) != 0)
		walk->finding = (struct event_finding){EVENT_FAULT_ALTERED, last->id};
	return ERR_OK;
}

/* A row before the first, which a query for greater ids would pass by. */
static bool is_first(const struct event_walk *walk)
{
	return !walk->check.last.id;
}

static enum err walk_rows(struct event_walk *walk, int rows, int *ret_count)
{
	int rc, count = 0;

	sqlite3_bind_int64(walk->next, 1, is_first(walk) ? INT64_MIN : walk->check.last.id);
	sqlite3_bind_int(walk->next, 2, rows);
	while ((rc = sqlite3_step(walk->next)) == SQLITE_ROW) {
		count++;
		if (event_check_next(&walk->check, walk->next))
			continue;
		walk->finding = (struct event_finding){
			EVENT_FAULT_ALTERED, sqlite3_column_int64(walk->next, 0)};
		break;
	}
	sqlite3_reset(walk->next);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return sqlite_err(rc);
	*ret_count = count;
	return ERR_OK;
}

enum err event_walk_step(struct event_walk *walk, int rows, bool *ret_is_done)
{
	int count = 0;
	bool is_end = false;
	enum err err = ERR_OK;
	int rc;

	*ret_is_done = walk->finding.fault != EVENT_FAULT_NONE;
	if (*ret_is_done)
		return ERR_OK;
	rc = sqlite3_exec(walk->db, "BEGIN", NULL, NULL, NULL);
	if (rc)
		return sqlite_err(rc);
	err = walk_rows(walk, rows, &count);
	if (!err && !walk->finding.fault && count < rows) {
		is_end = true;
		err = check_end(walk);
	}
	sqlite3_exec(walk->db, "COMMIT", NULL, NULL, NULL);
	*ret_is_done = is_end || walk->finding.fault != EVENT_FAULT_NONE;
	return err;
}

struct event_walk_result event_walk_result(const struct event_walk *walk)
{
	return (struct event_walk_result){walk->finding, walk->check.last, walk->check.keyed_from};
}

void event_walk_close(struct event_walk *walk)
{
	if (!walk)
		return;
	sqlite3_finalize(walk->next);
	sqlite3_close(walk->db);
	free(walk);
}
