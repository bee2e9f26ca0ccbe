/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies on real files: whole ones come back as they were, all others are refused and leave
 * nothing; the writer goes on meanwhile; what was erased goes from older copies.
 */
#include "tests/unit/store/support.h"

#include "store/attachment.h"
#include "store/backup_file.h"
#include "store/backup_private.h"
#include "store/event.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static enum backup_fault make(struct store_fixture *f, int64_t spare_bytes, bool writes_on)
{
	const struct backup_options options = {
		.other_folder = "", .actor = "system", .spare_bytes = spare_bytes};
	enum backup_fault fault = BACKUP_FAULT_NONE;
	struct backup_job *job;
	struct errbuf eb = {0};

	assert_ok(turn_end(f->store, &eb));
	assert_ok(backup_begin(f->store, &options, &job, &eb));
	for (int i = 0; writes_on && i < 50; i++) {
		assert_ok(event_add(f->store, "test.later", "", "system", "{}"));
		assert_ok(turn_end(f->store, &eb));
	}
	backup_work(job);
	assert_ok(backup_end(f->store, job, &fault));
	assert_ok(turn_end(f->store, &eb));
	f->clock.wall += DAY_MS;
	return fault;
}

static int copies(struct store_fixture *f, struct backup *backups)
{
	char folder[BACKUP_FOLDER_BYTES + 16];
	int count = 0;

	assert_ok(backup_folder(f->store, folder));
	assert_ok(backup_list(folder, backups, 16, &count));
	return count;
}

static void newest(struct store_fixture *f, char path[BACKUP_PATH_BYTES])
{
	char folder[BACKUP_FOLDER_BYTES + 16];
	struct backup backups[16];

	assert_true(copies(f, backups) > 0);
	assert_ok(backup_folder(f->store, folder));
	backup_path(folder, backups[0].name, "", path);
}

static enum err restore(struct store_fixture *f, const char *copy, struct backup_restored *done)
{
	char to[BACKUP_PATH_BYTES];
	struct errbuf eb = {0};

	snprintf(to, sizeof(to), "%.200s.new", f->path);
	return backup_restore(copy, f->vault, to, done, &eb);
}

static bool is_there(struct store_fixture *f, const char *suffix)
{
	char path[BACKUP_PATH_BYTES];

	snprintf(path, sizeof(path), "%.200s.new%.32s", f->path, suffix);
	return !access(path, F_OK);
}

static void test_the_state_of_its_beginning(void **state)
{
	struct store_fixture *f = *state;
	struct backup_restored done = {0};
	struct event_head head;
	char copy[BACKUP_PATH_BYTES];

	assert_ok(event_add(f->store, "test.before", "", "system", "{}"));
	assert_ok(turn_end(f->store, NULL));
	assert_ok(event_last(f->store, &head));
	assert_int_equal(make(f, 0, true), BACKUP_FAULT_NONE);
	newest(f, copy);
	assert_ok(restore(f, copy, &done));
	assert_int_equal(done.events, head.id);
	assert_true(is_there(f, "") && is_there(f, ".head"));
	assert_false(is_there(f, ".restoring"));
	assert_int_equal(restore(f, copy, &done), ERR_EXISTS);
}

/* One byte anywhere, or the end of it. */
static void test_damaged_ones_are_refused(void **state)
{
	struct store_fixture *f = *state;
	struct backup_restored done = {0};
	char copy[BACKUP_PATH_BYTES];
	struct stat st;

	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	newest(f, copy);
	assert_int_equal(stat(copy, &st), 0);
	for (int i = 0; i < 8; i++) {
		int64_t at = i < 2 ? 3 + 40 * i : st.st_size * i / 8;
		int fd = open(copy, O_RDWR | O_CLOEXEC);
		uint8_t byte;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_int_not_equal(restore(f, copy, &done), ERR_OK);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		close(fd);
	}
	for (int i = 0; i < 8; i++) {
		assert_int_equal(truncate(copy, st.st_size * (8 - i) / 8 - 1), 0);
		assert_int_not_equal(restore(f, copy, &done), ERR_OK);
	}
	assert_false(is_there(f, "") || is_there(f, ".restoring") || is_there(f, ".head"));
}

static void test_another_key_opens_nothing(void **state)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {9};
	struct store_fixture *f = *state;
	struct backup_reader *reader;
	struct backup_label label;
	struct vault *other;
	char copy[BACKUP_PATH_BYTES];

	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	newest(f, copy);
	assert_ok(vault_new(key, &other));
	assert_int_equal(backup_reader_new(other, copy, &label, &reader), ERR_WRONG_KEY);
	vault_free(other);
}

static void test_without_room_nothing_is_written(void **state)
{
	struct store_fixture *f = *state;
	struct backup_state told = {0};
	struct backup backups[16];

	assert_int_equal(make(f, INT64_MAX / 2, false), BACKUP_FAULT_ROOM);
	assert_int_equal(copies(f, backups), 0);
	assert_ok(backup_state_load(f->store, &told));
	assert_int_equal(told.fault, BACKUP_FAULT_ROOM);
	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_ok(backup_state_load(f->store, &told));
	assert_int_equal(told.failed_ms, 0);
	assert_int_equal(copies(f, backups), 1);
}

static void test_so_many_are_kept(void **state)
{
	struct store_fixture *f = *state;
	struct backup backups[16];

	for (int i = 0; i < BACKUPS_KEPT + 2; i++)
		assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_int_equal(copies(f, backups), BACKUPS_KEPT);
	assert_true(backups[0].at_ms > backups[1].at_ms);
}

static void test_what_was_erased_goes_from_older_copies(void **state)
{
	struct store_fixture *f = *state;
	struct backup backups[16];

	for (int i = 0; i < 4; i++)
		assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_ok(backup_erased(f->store));
	for (int i = 0; i < BACKUPS_AFTER_ERASURE - 1; i++) {
		f->clock.wall += MINUTE_MS;
		assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	}
	assert_int_equal(copies(f, backups), 4 + BACKUPS_AFTER_ERASURE - 1);
	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_int_equal(copies(f, backups), BACKUPS_AFTER_ERASURE);
	assert_ok(backup_forget(f->store));
	assert_int_equal(copies(f, backups), 0);
	/* Its name tells the second only. */
	f->clock.wall += 1;
	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_int_equal(copies(f, backups), 1);
}

/* What a crash left of one is no copy, and goes with the next. */
static void test_drafts_are_no_copies(void **state)
{
	struct store_fixture *f = *state;
	char folder[BACKUP_FOLDER_BYTES + 16], draft[BACKUP_PATH_BYTES];
	struct backup backups[16];

	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_ok(backup_folder(f->store, folder));
	backup_path(folder, "2026-01-01T00-00-00Z.sealed", BACKUP_DRAFT, draft);
	spill(draft, "half", 4);
	assert_int_equal(copies(f, backups), 1);
	backup_clean(folder);
	assert_int_equal(access(draft, F_OK), -1);
	assert_int_equal(copies(f, backups), 1);
}

/* The process may write so many bytes to a file: the next one ends it, or fails. */
static enum backup_fault make_within(struct store_fixture *f, rlim_t bytes, bool is_killed)
{
	const struct backup_options options = {.other_folder = "", .actor = "system"};
	enum backup_fault fault = BACKUP_FAULT_NONE;
	struct errbuf eb = {0};
	int status;
	pid_t pid;

	close_store(f);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct backup_job *job;

		signal(SIGXFSZ, is_killed ? SIG_DFL : SIG_IGN);
		store_fixture_open(f);
		if (turn_end(f->store, &eb) || backup_begin(f->store, &options, &job, &eb) ||
			setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) ||
			setrlimit(RLIMIT_FSIZE, &(struct rlimit){bytes, RLIM_INFINITY}))
			_exit(100);
		backup_work(job);
		(void)setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
		_exit(backup_end(f->store, job, &fault) ? 100 : (int)fault);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	store_fixture_open(f);
	if (is_killed) {
		assert_true(WIFSIGNALED(status));
		return BACKUP_FAULT_STOPPED;
	}
	assert_true(WIFEXITED(status));
	return (enum backup_fault)WEXITSTATUS(status);
}

/* Wherever it ends, there is no new copy, the old one stays, and the next try makes one. */
static void test_it_ends_anywhere(void **state)
{
	struct store_fixture *f = *state;
	struct backup_restored done = {0};
	char copy[BACKUP_PATH_BYTES];
	struct backup backups[16];
	struct stat st;

	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	newest(f, copy);
	assert_int_equal(stat(copy, &st), 0);
	for (int i = 0; i < 6; i++) {
		rlim_t bytes = i == 0 ? 5 : (rlim_t)st.st_size * (rlim_t)i / 6;

		(void)make_within(f, bytes, true);
		assert_int_equal(copies(f, backups), 1);
		assert_int_equal(make_within(f, bytes, false), BACKUP_FAULT_WRITE);
		assert_int_equal(copies(f, backups), 1);
	}
	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_int_equal(copies(f, backups), 2);
	newest(f, copy);
	assert_ok(restore(f, copy, &done));
}

/* ---- what came with messages -----------------------------------------------------------------
 */

/* More than a piece of a sealed file. */
static uint8_t photo[MEDIA_PIECE_BYTES + 5];

static int64_t add_file(struct store_fixture *f, struct media_file *file)
{
	struct media_writer *writer;
	int64_t id;

	for (size_t i = 0; i < sizeof(photo); i++)
		photo[i] = (uint8_t)(i * 7);
	assert_ok(media_writer_new(f->store, &writer));
	assert_ok(media_writer_add(writer, photo, sizeof(photo)));
	assert_ok(media_writer_finish(writer, file));
	media_writer_free(writer);
	assert_ok(attachment_add(f->store, add_inbox(f, file->name, "x"), 0,
		&(struct attachment_new){
			.kind = ATTACHMENT_IMAGE, .url = "https://a", .name = "", .md5 = ""},
		&id));
	assert_ok(attachment_stored(f->store, id, sizeof(photo), "image/jpeg", file));
	return id;
}

static void assert_photo(struct store_fixture *f, int64_t id)
{
	static uint8_t data[sizeof(photo) + 1];
	struct media_reader *reader;
	struct media_file file;
	size_t bytes = 0, len = 1;

	assert_ok(attachment_file(f->store, NULL, id, &file));
	assert_ok(media_reader_new(f->store, &file, &reader));
	while (len) {
		assert_ok(media_reader_read(reader, data + bytes, sizeof(data) - bytes, &len));
		bytes += len;
	}
	media_reader_free(reader);
	assert_int_equal(bytes, sizeof(photo));
	assert_memory_equal(data, photo, sizeof(photo));
}

static bool lies_in(const char *folder, const struct media_file *file)
{
	char path[BACKUP_PATH_BYTES];

	backup_path(folder, file->name, "", path);
	return !access(path, F_OK);
}

/* The box burns down, its media with it: those of the copies come back, and open. */
static void test_media_come_back(void **state)
{
	struct store_fixture *f = *state;
	char copy[BACKUP_PATH_BYTES], media[BACKUP_PATH_BYTES], to[sizeof(f->path)];
	struct backup_restored done = {0};
	struct media_file kept, erased;
	struct errbuf eb = {0};
	int64_t id = add_file(f, &kept);

	(void)add_file(f, &erased);
	media_remove(f->store, erased.name);
	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	newest(f, copy);
	snprintf(media, sizeof(media), "%s.media", f->path);
	store_fixture_remove(media);
	snprintf(to, sizeof(to), "%.64s/new", f->dir);
	assert_int_equal(mkdir(to, 0700), 0);
	snprintf(to, sizeof(to), "%.64s/new/box.db", f->dir);
	assert_ok(backup_restore(copy, f->vault, to, &done, &eb));
	assert_int_equal(done.media_files, 1);
	close_store(f);
	use_path(f, to);
	store_fixture_open(f);
	assert_photo(f, id);
	snprintf(media, sizeof(media), "%s.media", f->path);
	assert_true(lies_in(media, &kept));
	assert_false(lies_in(media, &erased));
}

/* One copy later it is gone here as well, though older copies name it. */
static void test_media_erased_later_go(void **state)
{
	struct store_fixture *f = *state;
	char folder[BACKUP_FOLDER_BYTES + 16], media[BACKUP_PATH_BYTES];
	struct media_file kept, erased;
	int64_t count = 0;

	(void)add_file(f, &kept);
	(void)add_file(f, &erased);
	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_ok(backup_folder(f->store, folder));
	backup_path(folder, BACKUP_MEDIA, "", media);
	assert_true(lies_in(media, &kept) && lies_in(media, &erased));
	media_remove(f->store, erased.name);
	assert_int_equal(make(f, 0, false), BACKUP_FAULT_NONE);
	assert_true(lies_in(media, &kept));
	assert_false(lies_in(media, &erased));
	assert_ok(backup_media_count(folder, &count));
	assert_int_equal(count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_state_of_its_beginning),
		STORE_TEST(test_damaged_ones_are_refused),
		STORE_TEST(test_another_key_opens_nothing),
		STORE_TEST(test_without_room_nothing_is_written),
		STORE_TEST(test_so_many_are_kept),
		STORE_TEST(test_what_was_erased_goes_from_older_copies),
		STORE_TEST(test_drafts_are_no_copies),
		STORE_TEST(test_it_ends_anywhere),
		STORE_TEST(test_media_come_back),
		STORE_TEST(test_media_erased_later_go),
	};

	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
