/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of store/ only: the connection, the prepared statements, the turn's books. */
#ifndef BINHYEN_STORE_INTERNAL_H
#define BINHYEN_STORE_INTERNAL_H

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/event_seal.h"
#include "store/statement.h"
#include "store/store.h"
#include "store/turn.h"
#include "store/vault.h"

#include <sqlite3.h>

#define SAVEPOINTS_MAX 8
#define STORE_BUSY_MS  2000 /* how long a statement waits for another process */

struct deferred {
	turn_fn fn; /* NULL = forgotten */
	void *arg;
};

struct deferred_list {
	struct deferred *items;
	size_t count, size;
};

enum savepoint_verb { SAVEPOINT_SET, SAVEPOINT_RELEASE, SAVEPOINT_UNDO, SAVEPOINT_VERBS };

struct turn {
	bool is_begun;	 /* BEGIN IMMEDIATE was done */
	bool is_reading; /* BEGIN was done, and nothing written since */
	bool has_events; /* the seal of the log's end is written before the commit */
	enum err dead; /* SQLite rolled the transaction back by itself: nothing may be written until
			  the turn has ended */
	int savepoints;		      /* open ones */
	enum err (*begun)(void *arg); /* NULL = nobody */
	void *begun_arg;
	sqlite3_stmt *verbs[SAVEPOINT_VERBS][SAVEPOINTS_MAX]; /* prepared when first used */
	struct deferred_list waiting;
	struct deferred_list *running; /* being called now */
	struct turn_stats stats;
	int wal_pages;	      /* as of the last commit; 0 = they need not be looked at */
	bool wants_scrub;     /* the log is to be emptied */
	int64_t scrub_due_ms; /* monotonic */
};

/* Tables whose row ids are given out here, because a sealed value is bound to its row before the
 * row exists. */
enum id_table {
	ID_PARTY,
	ID_INBOX,
	ID_SMS_SET,
	ID_REPORT,
	ID_REPORT_ENTRY,
	ID_REPORT_HELD,
	ID_OUTBOX,
	ID_QUARANTINE,
	ID_ENCLOSURE,
	ID_REGIME_RECORD,
	ID_REPORT_CLASS,
	ID_REPORT_CLOCK,
	ID_PLACE,
	ID_RESIDENT,
	ID_HOUSEHOLD,
	ID_RESIDENT_SHOWN,
	ID_ENROLMENT,
	ID_ENROL_CODE,
	ID_STAY,
	ID_POLL,
	ID_ZALO_GROUP,
	ID_GROUP_PERSON,
	ID_GROUP_ACT,
	ID_ATTACHMENT,
	ID_REVEAL,
	ID_OFFICER,
	ID_ALARM,
	ID_BULLETIN,
	ID_BULLETIN_VERSION,
	ID_BULLETIN_APPROVAL,
	ID_BULLETIN_FINDING,
	ID_AUDIENCE,
	ID_USSD_SESSION,
	ID_TABLES
};

struct store {
	sqlite3 *db;
	struct vault *vault;
	struct clock *clock;
	char *path;
	int lock_fd;
	int schema_version;
	sqlite3_stmt *statements[STMT_COUNT];
	int64_t next_id[ID_TABLES];
	int64_t last_ms;	     /* of the last event before it was opened; 0 = none */
	bool is_born_keyed;	     /* the hashes of its log were keyed from the first */
	int64_t keyed_from;	     /* the first event whose hash is */
	struct event_finding opened; /* what the log's end looked like */
	struct turn turn;
	uint8_t run_salt[32]; /* drawn at every start, and never written */
};

/* sqlite_err.c: a result code of SQLite as ours; detail into eb when given. */
enum err sqlite_err(int rc);
/* sqlite_err.c: reads all of a database; SQLITE_CORRUPT: it is damaged. */
int sqlite_check(sqlite3 *db);
enum err store_fail(struct store *store, int rc, struct errbuf *eb);

/* statement.c */
MUST_CHECK
enum err statements_prepare(struct store *store, struct errbuf *eb);
void statements_finalize(struct store *store);
/* The statement, reset. Use with CLEAN_STMT, so that no read stays open and no bound value lingers.
 */
sqlite3_stmt *stmt_get(struct store *store, enum stmt_id id);
void stmt_clean(sqlite3_stmt **stmt);
#define CLEAN_STMT CLEANUP(stmt_clean) sqlite3_stmt
/* Runs a statement that writes, opening the turn's transaction first. */
MUST_CHECK
enum err stmt_write(struct store *store, sqlite3_stmt *stmt);
/* Steps to a row; ERR_NOT_FOUND at the end. */
MUST_CHECK
enum err stmt_row(struct store *store, sqlite3_stmt *stmt);
/* The same for a statement that must find its row: ERR_NOT_FOUND when it changes none. */
MUST_CHECK
enum err stmt_write_one(struct store *store, sqlite3_stmt *stmt);
/* The first column of the one row of a statement; as a time, NULL (of min() over nothing) is
 * INT64_MAX: nothing to wait for. */
MUST_CHECK
enum err stmt_int64(struct store *store, sqlite3_stmt *stmt, int64_t *ret_value);
MUST_CHECK
enum err stmt_time(struct store *store, sqlite3_stmt *stmt, int64_t *ret_ms);
/* A count by state, from tally. */
MUST_CHECK
enum err stmt_count(struct store *store, enum stmt_id id, const char *state, int64_t *ret_count);
/* The sealed value of row `id`, opened into out; NOT_FOUND without a row, and for one whose value
 * was erased. */
MUST_CHECK
enum err stmt_open_sealed(struct store *store, enum stmt_id stmt_id, const char *purpose,
	int64_t id, struct buf *out);
/* Where `text` stands among the words of an enum; 0 when it does not, which a CHECK of the schema
 * rules out. */
int text_index(const char *const *texts, size_t count, const char *text);
void bind_text(sqlite3_stmt *stmt, int index, const char *text); /* borrowed until cleaned */
void bind_id(sqlite3_stmt *stmt, int index, int64_t id);	 /* 0 = NULL */
void copy_column(sqlite3_stmt *stmt, int column, char *dst, size_t dst_bytes);

/* turn.c */
MUST_CHECK
enum err turn_need(struct store *store);
void turn_free(struct turn *turn);
/* After the pragmas: how long the log has become decides when it is written into the database. */
void turn_watch_log(struct store *store);

/* store.c: seals known words, which open only with the key of this box. */
MUST_CHECK
enum err key_check_write(struct store *store, struct errbuf *eb);
/* On any connection; they also tell whether the log was keyed from the first. NOT_FOUND, WRONG_KEY.
 */
MUST_CHECK
enum err key_check_read(sqlite3 *db, const struct vault *vault, bool *ret_is_born_keyed);

/* migrate.c; the ladder itself is written by the build from store/schema */
struct migration {
	int version;
	const char *sql;
};
extern const struct migration store_migrations[];
extern const int store_migration_count;
#define STORE_APPLICATION_ID 0x42494e48 /* "BINH": a file of another program is not touched */
MUST_CHECK
enum err migrate(struct store *store, const struct migration *ladder, int count, struct errbuf *eb);
/* version: 0 = an empty file. CORRUPT when it is something else than ours, NEWER_SCHEMA. */
MUST_CHECK
enum err schema_check(struct store *store, int newest, int *ret_version, struct errbuf *eb);

int64_t store_next_id(struct store *store, enum id_table table);

/* store_open with another ladder, for the tests of the ladder itself. */
MUST_CHECK
enum err store_open_with(const struct store_options *options, const struct migration *ladder,
	int count, struct store **ret_store, struct errbuf *eb);

#endif
