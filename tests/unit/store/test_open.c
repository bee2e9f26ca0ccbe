/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a start accepts and what it refuses; a file that is refused keeps every byte. */
#include "tests/unit/store/support.h"

/* A database and its WAL as they lie on the disk. */
struct image {
	char *data[2];
	size_t bytes[2];
};

static const char *const image_suffixes[] = {"", "-wal"};

static struct image image_take(const char *path)
{
	struct image image;
	char name[128];

	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s%s", path, image_suffixes[i]);
		image.data[i] = slurp(name, &image.bytes[i]);
	}
	return image;
}

static void image_put(const struct image *image, const char *path)
{
	char name[128];

	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s%s", path, image_suffixes[i]);
		if (image->bytes[i])
			spill(name, image->data[i], image->bytes[i]);
	}
}

static void image_free(struct image *image)
{
	free(image->data[0]);
	free(image->data[1]);
}

/* The file of this store as a power cut would leave it, WAL and all, under another name. */
static void crash_copy(struct store_fixture *f, char path[128])
{
	struct image image = image_take(f->path);

	snprintf(path, 128, "%s/crashed.db", f->dir);
	image_put(&image, path);
	image_free(&image);
}

static enum err open_path(
	struct store_fixture *f, const char *path, struct vault *vault, struct errbuf *eb)
{
	struct store *store = NULL;
	enum err err = store_open(
		&(struct store_options){.path = path, .vault = vault, .clock = &f->clock.clock},
		&store, eb);

	if (err)
		assert_null(store);
	store_close(store);
	return err;
}

static void assert_refused(struct store_fixture *f, const char *path, struct vault *vault,
	enum err expected, const char *words)
{
	struct image before = image_take(path), after;
	struct errbuf eb = {0};

	assert_err(open_path(f, path, vault, &eb), expected);
	if (!strstr(eb.text, words) || !strstr(eb.text, path))
		print_error("says: %s\n", eb.text);
	assert_non_null(strstr(eb.text, words));
	assert_non_null(strstr(eb.text, path));
	after = image_take(path);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(before.bytes[i], after.bytes[i]);
		if (before.bytes[i])
			assert_memory_equal(before.data[i], after.data[i], before.bytes[i]);
	}
	image_free(&before);
	image_free(&after);
}

/* Closed, so that all is in one file. */
static void close_with_a_row(struct store_fixture *f)
{
	add_inbox(f, "1", "x");
	end_turn(f);
	close_store(f);
}

static void assert_row_is_there(struct store_fixture *f)
{
	CLEAN_BUF body = {0};

	store_fixture_open(f);
	buf_init(&body, 64);
	assert_ok(inbox_body(f->store, 1, &body));
	assert_string_equal(buf_text(&body), "x");
}

static void test_what_was_written_is_there_again(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(store_schema_version(f->store), 1);
	assert_ptr_equal(store_vault(f->store), f->vault);
	assert_ptr_equal(store_clock(f->store), &f->clock.clock);
	close_with_a_row(f);
	assert_row_is_there(f);
	assert_int_equal(store_schema_version(f->store), 1);
	/* Row ids go on where they were. */
	assert_int_equal(add_inbox(f, "2", "y"), 2);
}

static void test_a_crash_leaves_all_that_was_committed(void **state)
{
	struct store_fixture *f = *state;
	char path[128];

	add_inbox(f, "1", "x");
	end_turn(f);
	add_inbox(f, "2", "not committed");
	crash_copy(f, path);
	close_store(f);
	use_path(f, path);
	assert_row_is_there(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 1);
}

static void test_another_key_is_refused(void **state)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {9};
	struct store_fixture *f = *state;
	struct vault *other;

	assert_ok(vault_new(key, &other));
	close_with_a_row(f);
	assert_refused(f, f->path, other, ERR_WRONG_KEY, "box.key");
	assert_row_is_there(f);
	vault_free(other);
}

static void test_another_key_after_a_crash_is_refused(void **state)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {9};
	struct store_fixture *f = *state;
	struct vault *other;
	char path[128];

	assert_ok(vault_new(key, &other));
	add_inbox(f, "1", "x");
	end_turn(f);
	crash_copy(f, path);
	assert_refused(f, path, other, ERR_WRONG_KEY, "box.key");
	assert_refused(f, path, other, ERR_WRONG_KEY, "box.key");
	close_store(f);
	use_path(f, path);
	assert_row_is_there(f);
	vault_free(other);
}

static void test_a_newer_schema_is_refused(void **state)
{
	struct store_fixture *f = *state;
	char path[128];

	assert_int_equal(raw_exec(f->path, "PRAGMA user_version = 999"), SQLITE_OK);
	crash_copy(f, path);
	assert_refused(f, path, f->vault, ERR_NEWER_SCHEMA, "999");
	close_with_a_row(f);
	assert_refused(f, f->path, f->vault, ERR_NEWER_SCHEMA, "999");
	assert_int_equal(raw_exec(f->path, "PRAGMA user_version = 1"), SQLITE_OK);
	assert_row_is_there(f);
}

static void test_the_key_check_can_not_be_taken_away(void **state)
{
	struct store_fixture *f = *state;

	close_with_a_row(f);
	assert_int_equal(raw_exec(f->path, "DELETE FROM meta"), SQLITE_OK);
	assert_refused(f, f->path, f->vault, ERR_CORRUPT, "key check");
}

static void test_what_is_no_database_is_refused(void **state)
{
	static const char words[] = "This is the letter of somebody and not a database at all.";
	static char zeros[8192];
	struct store_fixture *f = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/other.db", f->dir);
	spill(path, words, sizeof(words));
	assert_refused(f, path, f->vault, ERR_CORRUPT, "keep the file");
	spill(path, zeros, sizeof(zeros));
	assert_refused(f, path, f->vault, ERR_CORRUPT, "keep the file");
}

static void test_a_database_of_another_program_is_refused(void **state)
{
	struct store_fixture *f = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/other.db", f->dir);
	spill(path, "", 0);
	assert_int_equal(raw_exec(path, "CREATE TABLE song (title TEXT)"), SQLITE_OK);
	assert_refused(f, path, f->vault, ERR_CORRUPT, "another program");
	assert_int_equal(raw_exec(path, "DROP TABLE song; PRAGMA user_version = 1"), SQLITE_OK);
	assert_refused(f, path, f->vault, ERR_CORRUPT, "another program");
	assert_int_equal(
		raw_exec(path, "CREATE TABLE song (title TEXT); PRAGMA journal_mode = WAL"),
		SQLITE_OK);
	assert_refused(f, path, f->vault, ERR_CORRUPT, "another program");
}

static void test_a_cut_file_is_refused(void **state)
{
	struct store_fixture *f = *state;
	size_t bytes;
	char *data;

	for (int i = 0; i < 200; i++) {
		char id[16];

		snprintf(id, sizeof(id), "%d", i);
		add_inbox(f, id, "some words that fill a page");
	}
	end_turn(f);
	close_store(f);
	data = slurp(f->path, &bytes);
	assert_true(bytes > 20 * 4096);
	spill(f->path, data, bytes / 2);
	assert_refused(f, f->path, f->vault, ERR_CORRUPT, "keep the file");
	spill(f->path, data, 100);
	assert_refused(f, f->path, f->vault, ERR_CORRUPT, "keep the file");
	spill(f->path, data, bytes);
	store_fixture_open(f);
	free(data);
}

static void test_a_damaged_page_is_found_at_start(void **state)
{
	struct store_fixture *f = *state;
	int64_t page;
	size_t bytes;
	char *data;

	add_inbox(f, "1", "x");
	end_turn(f);
	page = raw_int(f->path, "SELECT rootpage FROM sqlite_schema WHERE name = 'inbox'");
	close_store(f);
	data = slurp(f->path, &bytes);
	memset(data + (page - 1) * 4096, 0x5a, 64);
	spill(f->path, data, bytes);
	assert_refused(f, f->path, f->vault, ERR_CORRUPT, "keep the file");
	free(data);
}

static void test_a_second_daemon_is_refused(void **state)
{
	struct store_fixture *f = *state;
	struct errbuf eb = {0};

	assert_err(open_path(f, f->path, f->vault, &eb), ERR_BUSY);
	assert_non_null(strstr(eb.text, "another binhyend"));
	/* The first one is not disturbed. */
	add_inbox(f, "1", "x");
	end_turn(f);
	close_store(f);
	store_fixture_open(f);
}

static void test_readers_are_free(void **state)
{
	struct store_fixture *f = *state;

	add_inbox(f, "1", "x");
	end_turn(f);
	add_inbox(f, "2", "y");
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 1);
}

static void assert_private(struct store_fixture *f)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, suffixes[i]);
		assert_int_equal(mode_of(path), 0600);
	}
}

static void test_files_are_private_whatever_the_umask(void **state)
{
	struct store_fixture *f = *state;
	mode_t umask_before = umask(0);

	snprintf(f->path, sizeof(f->path), "%s/open.db", f->dir);
	close_store(f);
	store_fixture_open(f);
	add_inbox(f, "1", "x");
	end_turn(f);
	umask(umask_before);
	assert_private(f);
}

static void test_a_copy_that_was_put_back_becomes_private(void **state)
{
	struct store_fixture *f = *state;
	char path[128], wal[160];

	add_inbox(f, "1", "x");
	end_turn(f);
	crash_copy(f, path);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(chmod(wal, 0644), 0);
	close_store(f);
	use_path(f, path);
	assert_row_is_there(f);
	assert_private(f);
}

static void test_a_missing_folder_is_said(void **state)
{
	struct store_fixture *f = *state;
	struct errbuf eb = {0};
	char path[128];

	snprintf(path, sizeof(path), "%s/no/box.db", f->dir);
	assert_err(open_path(f, path, f->vault, &eb), ERR_NOT_FOUND);
	assert_non_null(strstr(eb.text, path));
}

static void test_an_empty_file_becomes_a_database(void **state)
{
	struct store_fixture *f = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/empty.db", f->dir);
	spill(path, "", 0);
	assert_ok(open_path(f, path, f->vault, NULL));
	assert_ok(open_path(f, path, f->vault, NULL));
}

static void test_the_wal_does_not_grow_for_ever(void **state)
{
	struct store_fixture *f = *state;
	struct store_sizes sizes;
	char id[16];

	for (int i = 0; i < 3000; i++) {
		snprintf(id, sizeof(id), "%d", i);
		add_inbox(f, id, "x");
		end_turn(f);
	}
	assert_ok(store_sizes(f->store, &sizes));
	/* 1,000 pages and the turn that passes them. */
	assert_true(sizes.wal_bytes > 0 && sizes.wal_bytes < 6 * 1024 * 1024);
	assert_true(sizes.database_bytes > 0 && sizes.free_bytes > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_what_was_written_is_there_again),
		STORE_TEST(test_a_crash_leaves_all_that_was_committed),
		STORE_TEST(test_another_key_is_refused),
		STORE_TEST(test_another_key_after_a_crash_is_refused),
		STORE_TEST(test_a_newer_schema_is_refused),
		STORE_TEST(test_the_key_check_can_not_be_taken_away),
		STORE_TEST(test_what_is_no_database_is_refused),
		STORE_TEST(test_a_database_of_another_program_is_refused),
		STORE_TEST(test_a_cut_file_is_refused),
		STORE_TEST(test_a_damaged_page_is_found_at_start),
		STORE_TEST(test_a_second_daemon_is_refused),
		STORE_TEST(test_readers_are_free),
		STORE_TEST(test_files_are_private_whatever_the_umask),
		STORE_TEST(test_a_copy_that_was_put_back_becomes_private),
		STORE_TEST(test_a_missing_folder_is_said),
		STORE_TEST(test_an_empty_file_becomes_a_database),
		STORE_TEST(test_the_wal_does_not_grow_for_ever),
	};

	return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
