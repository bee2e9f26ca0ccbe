/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The n-th write, sync or allocation fails, for every n: whatever was vouched for is there
 * afterwards, and the next start succeeds. The faults sit below SQLite, as a layer over its own way
 * to files and memory.
 */
#include "tests/unit/store/support.h"

#include "store/event.h"

#include <stdlib.h>

#define TURNS	      6
#define MESSAGES      3 /* a turn */
#define KINDS_OF_FILE 3

/* Counts down; at zero the operation fails, and those after it too while it is stuck. */
static struct {
	long left; /* 0 = off */
	bool is_stuck;
	bool has_struck;
} fault;

static bool strikes(void)
{
	if (!fault.left)
		return false;
	if (fault.left > 1) {
		fault.left--;
		return false;
	}
	fault.has_struck = true;
	if (!fault.is_stuck)
		fault.left = 0;
	return true;
}

/* Files. SQLite's own methods, but for writing, by kind of file. */
static const sqlite3_io_methods *real[KINDS_OF_FILE];
static sqlite3_io_methods ours[KINDS_OF_FILE];
static sqlite3_vfs *real_vfs, our_vfs;
static bool has_file_faults;
static long unsynced; /* writes to the WAL since its last sync */

static int kind_of(sqlite3_file *file)
{
	int kind = 0;

	while (file->pMethods != &ours[kind])
		kind++;
	return kind;
}

#define KIND_WAL 1

static int fault_write(sqlite3_file *file, const void *data, int bytes, sqlite3_int64 offset)
{
	int kind = kind_of(file);

	if (has_file_faults && strikes())
		return fault.is_stuck ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	unsynced += kind == KIND_WAL;
	return real[kind]->xWrite(file, data, bytes, offset);
}

static int fault_sync(sqlite3_file *file, int flags)
{
	int kind = kind_of(file);

	if (has_file_faults && strikes())
		return SQLITE_IOERR_FSYNC;
	if (kind == KIND_WAL)
		unsynced = 0;
	return real[kind]->xSync(file, flags);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 bytes)
{
	if (has_file_faults && strikes())
		return SQLITE_IOERR_TRUNCATE;
	return real[kind_of(file)]->xTruncate(file, bytes);
}

static int fault_open(
	sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	int kind = flags & SQLITE_OPEN_WAL ? KIND_WAL : flags & SQLITE_OPEN_MAIN_DB ? 0 : 2;
	int rc = real_vfs->xOpen(real_vfs, name, file, flags, ret_flags);

	(void)vfs;
	if (rc || !file->pMethods)
		return rc;
	real[kind] = file->pMethods;
	ours[kind] = *file->pMethods;
	ours[kind].xWrite = fault_write;
	ours[kind].xSync = fault_sync;
	ours[kind].xTruncate = fault_truncate;
	file->pMethods = &ours[kind];
	return SQLITE_OK;
}

/* Memory. */
static sqlite3_mem_methods real_memory;
static bool has_memory_faults;

static void *fault_malloc(int bytes)
{
	return has_memory_faults && strikes() ? NULL : real_memory.xMalloc(bytes);
}

static void *fault_realloc(void *data, int bytes)
{
	return has_memory_faults && strikes() ? NULL : real_memory.xRealloc(data, bytes);
}

static int put_layers(void **state)
{
	sqlite3_mem_methods memory;

	(void)state;
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
	memory = real_memory;
	memory.xMalloc = fault_malloc;
	memory.xRealloc = fault_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
	/* Small pieces from a pool would hide their failures. */
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
	real_vfs = sqlite3_vfs_find(NULL);
	our_vfs = *real_vfs;
	our_vfs.zName = "faults";
	our_vfs.xOpen = fault_open;
	return sqlite3_vfs_register(&our_vfs, 1);
}

/* What the outside was told. */
struct ledger {
	bool is_vouched[TURNS * MESSAGES];
	int vouched;
};

struct promise {
	struct ledger *ledger;
	int number;
};

static void keep_promise(void *arg, enum err committed)
{
	struct promise *promise = arg;

	if (!committed) {
		assert_int_equal(unsynced, 0);
		promise->ledger->is_vouched[promise->number] = true;
		promise->ledger->vouched++;
	}
	free(promise);
}

static enum err write_message(struct store_fixture *f, int number)
{
	char external_id[16];
	struct party party;
	struct report report;
	int64_t inbox_id, outbox_id;
	struct outbox_new out;
	enum err err = party_get(f->store, PARTY_PHONE, RESIDENT, &party);

	snprintf(external_id, sizeof(external_id), "%d", number);
	if (!err)
		err = inbox_add(f->store,
			&(struct inbox_new){.channel = "modem",
				.external_id = external_id,
				.kind = INBOX_KIND_TEXT,
				.party_id = party.id,
				.received_ms = f->clock.wall,
				.body = external_id,
				.body_bytes = strlen(external_id)},
			&inbox_id);
	if (!err)
		err = report_add(f->store,
			&(struct report_new){.party_id = party.id,
				.source = "modem",
				.received_ms = f->clock.wall,
				.text = external_id},
			&report);
	if (err)
		return err;
	out = message_to(party.id, LANE_ANSWER);
	out.report_id = report.id;
	err = outbox_add(f->store, &out, &outbox_id);
	if (!err)
		err = event_add(f->store, "report.received", "", "system", "{}");
	return err ? err : inbox_move(f->store, inbox_id, INBOX_HANDLED, report.id, NULL);
}

static void one_message(struct store_fixture *f, struct ledger *ledger, int number)
{
	struct promise *promise;
	enum err err = store_savepoint_begin(f->store);

	if (err)
		return;
	err = write_message(f, number);
	if (err) {
		store_savepoint_rollback(f->store);
		return;
	}
	if (store_savepoint_release(f->store))
		return;
	promise = malloc(sizeof(*promise));
	assert_non_null(promise);
	*promise = (struct promise){ledger, number};
	assert_ok(turn_defer(f->store, keep_promise, promise));
}

static void live(struct store_fixture *f, struct ledger *ledger)
{
	struct errbuf eb = {0};
	enum err err = store_open(
		&(struct store_options){
			.path = f->path, .vault = f->vault, .clock = &f->clock.clock},
		&f->store, &eb);

	if (err) {
		f->store = NULL;
		assert_string_not_equal(eb.text, "");
		return;
	}
	for (int turn = 0; turn < TURNS; turn++) {
		for (int i = 0; i < MESSAGES; i++)
			one_message(f, ledger, MESSAGES * turn + i);
		/* After an I/O error the daemon exits and lets the next start recover. */
		if (turn_end(f->store, &eb) == ERR_IO)
			break;
		assert_false(turn_is_open(f->store));
	}
	close_store(f);
}

/* A start without faults, and the books. */
static void audit(struct store_fixture *f, const struct ledger *ledger)
{
	int64_t count, bad, reports;

	store_fixture_open(f);
	for (int i = 0; i < TURNS * MESSAGES; i++) {
		struct inbox_new in = {.channel = "modem",
			.kind = INBOX_KIND_TEXT,
			.party_id = party_of(f, RESIDENT),
			.received_ms = 1,
			.body = ""};
		char external_id[16];
		int64_t id;
		enum err err;

		snprintf(external_id, sizeof(external_id), "%d", i);
		in.external_id = external_id;
		err = inbox_add(f->store, &in, &id);
		if (ledger->is_vouched[i])
			assert_err(err, ERR_EXISTS);
		else
			assert_true(!err || err == ERR_EXISTS);
	}
	turn_abort(f->store, ERR_OK);
	assert_ok(event_verify(f->store, &count, &bad));
	assert_ok(report_count(f->store, NULL, &reports));
	assert_int_equal(count, reports);
	assert_true(reports >= ledger->vouched);
	/* All or nothing of each message. */
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM inbox WHERE state = 'HANDLED'"), reports);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM outbox"), reports);
	assert_int_equal(raw_int(f->path, "SELECT coalesce(max(number), 0) FROM report"), reports);
	close_store(f);
}

/* Where the faults strike. A new database climbs the whole ladder in its life: ten times the
 * operations of the turns, so they are tried further apart. */
struct strike {
	bool *has_faults;
	bool is_stuck;
	bool is_new;
	long step; /* every operation up to this one, then further and further apart; BINHYEN_FULL
		    * goes three times as far */
};

static void put_database(struct store_fixture *f, const char *data, size_t bytes)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s%s", f->path, suffixes[i]);
		unlink(path);
	}
	if (bytes)
		spill(f->path, data, bytes);
}

/* One life with the n-th operation failing; false when it never came to that. */
static bool live_with(struct store_fixture *f, const struct strike *strike, long nth)
{
	struct ledger ledger = {.vouched = 0};

	fault.left = nth;
	fault.is_stuck = strike->is_stuck;
	fault.has_struck = false;
	*strike->has_faults = true;
	live(f, &ledger);
	*strike->has_faults = false;
	fault.left = 0;
	audit(f, &ledger);
	if (!fault.has_struck)
		assert_int_equal(ledger.vouched, TURNS * MESSAGES);
	return fault.has_struck;
}

static void strike_everywhere(struct store_fixture *f, struct strike strike)
{
	const char *full = getenv("BINHYEN_FULL");
	size_t bytes;
	char *data;
	long nth = 1;

	if (full && full[0])
		strike.step *= 3;
	close_store(f);
	data = slurp(f->path, &bytes);
	/* Errors are what is expected here: no lines for them. */
	log_set_level((enum log_level)0);
	put_database(f, data, strike.is_new ? 0 : bytes);
	while (live_with(f, &strike, nth)) {
		nth += 1 + nth / strike.step;
		put_database(f, data, strike.is_new ? 0 : bytes);
	}
	free(data);
	assert_true(nth > 20);
}

static void test_a_write_or_sync_that_fails_once(void **state)
{
	strike_everywhere(*state, (struct strike){.has_faults = &has_file_faults, .step = 20});
}

static void test_a_disk_that_stays_full(void **state)
{
	strike_everywhere(*state,
		(struct strike){.has_faults = &has_file_faults, .is_stuck = true, .step = 8});
}

static void test_an_allocation_that_fails_once(void **state)
{
	strike_everywhere(*state, (struct strike){.has_faults = &has_memory_faults, .step = 6});
}

static void test_memory_that_stays_short(void **state)
{
	strike_everywhere(*state,
		(struct strike){.has_faults = &has_memory_faults, .is_stuck = true, .step = 4});
}

static void test_a_first_start_on_a_bad_disk(void **state)
{
	strike_everywhere(
		*state, (struct strike){.has_faults = &has_file_faults, .is_new = true, .step = 4});
}

static void test_a_first_start_short_of_memory(void **state)
{
	strike_everywhere(*state,
		(struct strike){.has_faults = &has_memory_faults, .is_new = true, .step = 2});
}

/* Without faults: nobody is told before the WAL is synced (see keep_promise). */
static void test_what_is_vouched_for_was_synced(void **state)
{
	struct store_fixture *f = *state;
	struct ledger ledger = {.vouched = 0};

	for (int i = 0; i < TURNS * MESSAGES; i++) {
		one_message(f, &ledger, i);
		if (i % 2)
			end_turn(f);
	}
	assert_int_equal(ledger.vouched, TURNS * MESSAGES);
}

/* An fsync that failed is told only once: the turn says IO, and its calls are told. */
static void test_a_failed_sync_is_fatal_to_the_turn(void **state)
{
	struct store_fixture *f = *state;
	struct ledger ledger = {.vouched = 0};
	struct errbuf eb = {0};

	one_message(f, &ledger, 0);
	end_turn(f);
	one_message(f, &ledger, 1);
	fault.left = 1;
	fault.is_stuck = true;
	has_file_faults = true;
	assert_int_not_equal(turn_end(f->store, &eb), ERR_OK);
	has_file_faults = false;
	fault.left = 0;
	assert_int_equal(ledger.vouched, 1);
	assert_int_equal(turn_stats(f->store).failures, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_what_is_vouched_for_was_synced),
		STORE_TEST(test_a_failed_sync_is_fatal_to_the_turn),
		STORE_TEST(test_a_write_or_sync_that_fails_once),
		STORE_TEST(test_a_disk_that_stays_full),
		STORE_TEST(test_an_allocation_that_fails_once),
		STORE_TEST(test_memory_that_stays_short),
		STORE_TEST(test_a_first_start_on_a_bad_disk),
		STORE_TEST(test_a_first_start_short_of_memory),
	};

	return cmocka_run_group_tests_name("faults", tests, put_layers, NULL);
}
