/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of the database that can be put back: in the folder "<database>.backups", one file a copy,
 * named by its moment in UTC:
 *
 *     2026-11-22T15-14-09Z.sealed   the database as of that moment, with the head of its log of
 *                                   events, sealed with the box key (backup_file.h)
 *     media/                        what came with messages: each file once, as it lies sealed
 *                                   beside the database; one that is erased there is erased here
 *
 * A copy is taken of a state, while the daemon goes on writing: at that moment all of the log of
 * SQLite is in the database file, and a read transaction on a connection of its own keeps it there,
 * so that the file does not change until the copy is over; what is written meanwhile goes to the
 * log. So its pages are read once, in order, sealed as they come and written: nothing is ever on
 * the disk that is not sealed, and no more than a piece is in memory. SQLite checks that state as a
 * whole, the file is read back, opened and compared; it bears its name only then. What a crash
 * leaves has another name, and goes with the next copy.
 *
 * Another folder, on another disk, gets the same. What was erased for good (a report, a sender, a
 * person) goes from the older copies as soon as BACKUPS_AFTER_ERASURE newer ones are there.
 */
#ifndef BINHYEN_STORE_BACKUP_H
#define BINHYEN_STORE_BACKUP_H

#include "store/store.h"

#define BACKUPS_KEPT	      7 /* a week of nights */
#define BACKUPS_AFTER_ERASURE 3 /* three nights: what was erased is gone after 72 hours */
#define BACKUP_NAME_BYTES     32
#define BACKUP_FOLDER_BYTES   256

/* name, text in the database, words, which the catalogue of errors translates */
#define BACKUP_FAULT_TABLE(X) \
	X(NONE, "none", ERR_WORD("nothing")) \
	X(BUSY, "busy", ERR_WORD("the database was read all the time by somebody else")) \
	X(DATABASE, "database", ERR_WORD("the database did not pass its check")) \
	X(ROOM, "room", ERR_WORD("there is not enough room on the disk")) \
	X(WRITE, "write", ERR_WORD("the copy could not be written")) \
	X(COMPARE, "compare", ERR_WORD("the copy, read back, is not what was written")) \
	X(MEDIA, "media", ERR_WORD("pictures and recordings could not be copied")) \
	X(OTHER_GONE, "other_gone", \
		ERR_WORD("backup.folder is not there: is the stick plugged in?")) \
	X(OTHER_SAME, "other_same", \
		ERR_WORD( \
			"backup.folder is on the disk of the database itself: is the stick plugged in?")) \
	X(OTHER_ROOM, "other_room", ERR_WORD("there is not enough room in backup.folder")) \
	X(OTHER_WRITE, "other_write", ERR_WORD("the copy could not be written to backup.folder")) \
	X(STOPPED, "stopped", ERR_WORD("it was broken off, as binhyend stopped"))
enum backup_fault {
#define X(name, text, words) BACKUP_FAULT_##name,
	BACKUP_FAULT_TABLE(X)
#undef X
};
const char *backup_fault_text(enum backup_fault fault);
const char *backup_fault_en(enum backup_fault fault);
const char *backup_fault_vi(enum backup_fault fault);

/* How the last ones went. */
struct backup_state {
	int64_t good_ms;   /* the last whole copy; 0 never */
	int64_t other_ms;  /* the last one that is in the other folder as well; 0 never */
	int64_t failed_ms; /* of the last try, when it failed; 0: it did not */
	enum backup_fault fault;
	int64_t forget_ms; /* copies of before it are to go; 0 none */
};
MUST_CHECK
enum err backup_state_load(struct store *store, struct backup_state *ret_state);

/* Something was erased for good, in this turn. */
MUST_CHECK
enum err backup_erased(struct store *store);

/* Every copy there is shows what may not be shown any longer, as when the keys of reports were
 * handed on: those here go at once, those in the other folder with the next copy. */
MUST_CHECK
enum err backup_forget(struct store *store);

struct backup_options {
	const char *other_folder; /* "" none; copied */
	const char *actor;	  /* who wanted it; copied */
	bool may_be_same_disk;	  /* the other folder; for tests */
	int64_t spare_bytes;	  /* what has to stay free */
};
#define BACKUP_SPARE_BYTES (INT64_C(64) * 1024 * 1024)

struct backup_job;
/* On the loop, between turns: fixes the state. ERR_BUSY: somebody reads an older one, try again.
 * ERR_IO: the disk failed, as for turn_end(). */
MUST_CHECK
enum err backup_begin(struct store *store, const struct backup_options *options,
	struct backup_job **ret_job, struct errbuf *eb);
/* In any thread, once. */
void backup_work(struct backup_job *job);
/* From the loop: backup_work ends soon. */
void backup_stop(struct backup_job *job);
/* On the loop, after backup_work: writes what came of it, with an event, and frees. The store may
 * have to be scrubbed after it (turn_scrub), as the job kept the log. */
MUST_CHECK
enum err backup_end(struct store *store, struct backup_job *job, enum backup_fault *ret_fault);
/* It could not even begin. */
MUST_CHECK
enum err backup_failed(struct store *store, enum backup_fault fault, const char *actor);

struct backup {
	char name[BACKUP_NAME_BYTES];
	int64_t at_ms;
	int64_t bytes;
};
/* "<database>.backups" */
MUST_CHECK
enum err backup_folder(struct store *store, char ret_folder[BACKUP_FOLDER_BYTES + 16]);
/* Newest first, at most `max`. No folder: none. */
MUST_CHECK
enum err backup_list(const char *folder, struct backup *ret_backups, int max, int *ret_count);
/* How many files lie beside the copies. */
MUST_CHECK
enum err backup_media_count(const char *folder, int64_t *ret_count);
/* What those that were broken off left. */
void backup_clean(const char *folder);
/* All copies but the newest `keep`; 0: none stays, nor what a crash left of one. */
void backup_prune(const char *folder, int keep);

/*
 * Puts a copy back as a new database: `sealed` is opened into `database`, which must not exist, nor
 * anything that would lie beside it; SQLite and the log of events are checked; what waited to be
 * sent is IN_DOUBT, since nobody knows what was sent after the copy; media are brought. The
 * database bears its name when all is done. Says why not in words.
 */
struct backup_restored {
	int64_t at_ms;	     /* of the copy */
	int64_t events;	     /* in its log */
	int64_t in_doubt;    /* messages */
	int64_t bulletins;   /* on their way, which are stopped */
	int64_t media_files; /* brought */
};
MUST_CHECK
enum err backup_restore(const char *sealed, struct vault *vault, const char *database,
	struct backup_restored *ret_restored, struct errbuf *eb);

#endif
