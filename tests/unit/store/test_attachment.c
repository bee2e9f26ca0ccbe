/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came with messages: rows, and sealed files beside the database. */
#include "store/attachment.h"
#include "tests/unit/store/support.h"

#define URL "https://zdn.vn/secret-path"

/* A file that is not there. */
static const struct media_file absent = {.name = "0123456789abcdef0123456789abcdef"};

static int64_t add(struct store_fixture *f, const char *external_id, const char *reason)
{
	int64_t id;

	assert_ok(attachment_add(f->store, add_inbox(f, external_id, "x"), 0,
		&(struct attachment_new){.kind = ATTACHMENT_IMAGE,
			.url = URL,
			.name = "nha ong Sau.jpg",
			.md5 = "",
			.reason = reason},
		&id));
	return id;
}

static struct attachment row_of(struct store_fixture *f, int64_t id)
{
	struct attachment a;

	assert_ok(attachment_load(f->store, id, &a));
	return a;
}

static void count_one(void *arg, const struct attachment *a)
{
	int *count = arg;

	(void)a;
	++*count;
}

static int due(struct store_fixture *f)
{
	int count = 0;

	assert_ok(attachment_due(f->store, f->clock.wall, 10, count_one, &count));
	return count;
}

static void test_a_row_waits_until_it_is_final(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = add(f, "m1", NULL), next;
	struct buf url;

	buf_init(&url, ATTACHMENT_URL_MAX);
	assert_ok(attachment_url(f->store, id, &url));
	assert_string_equal(buf_text(&url), URL);
	assert_string_equal(row_of(f, id).name, "nha ong Sau.jpg");
	assert_int_equal(due(f), 1);
	assert_ok(attachment_retry(f->store, id, f->clock.wall + 1000, "gone", true));
	assert_int_equal(due(f), 0);
	assert_ok(attachment_next(f->store, &next));
	assert_true(next == f->clock.wall + 1000);
	assert_int_equal(row_of(f, id).gone, 1);
	assert_ok(attachment_soon(f->store, f->clock.wall));
	assert_int_equal(due(f), 1);
	assert_ok(attachment_stored(f->store, id, 5, "image/png", &absent));
	assert_err(attachment_stored(f->store, id, 5, "image/png", &absent), ERR_STATE);
	assert_err(attachment_retry(f->store, id, 0, "gone", false), ERR_STATE);
	assert_err(attachment_url(f->store, id, &url), ERR_NOT_FOUND);
	assert_ok(attachment_failed(f->store, id, "missing"));
	assert_err(attachment_failed(f->store, id, "missing"), ERR_STATE);
	assert_string_equal(row_of(f, id).file, "");
	assert_ok(attachment_next(f->store, &next));
	assert_true(next == INT64_MAX);
	buf_done(&url);
}

static void test_what_never_can_be_fetched_is_failed_at_once(void **state)
{
	struct store_fixture *f = *state;
	struct attachment a = row_of(f, add(f, "m1", "no_url"));
	struct attachment_sums sums;

	assert_int_equal(a.state, ATTACHMENT_FAILED);
	assert_string_equal(a.reason, "no_url");
	assert_int_equal(due(f), 0);
	assert_ok(attachment_sums(f->store, f->clock.wall - 1, &sums));
	assert_int_equal(sums.failed, 1);
	assert_int_equal(sums.waiting, 0);
}

/* ---- files -----------------------------------------------------------------------------------
 */

static void write_file(
	struct store_fixture *f, const char *data, size_t len, struct media_file *file)
{
	struct media_writer *writer;

	assert_ok(media_writer_new(f->store, &writer));
	for (size_t at = 0; at < len; at += 1000)
		assert_ok(media_writer_add(
			writer, data + at, len - at < 1000 ? len - at : (size_t)1000));
	assert_ok(media_writer_finish(writer, file));
	media_writer_free(writer);
}

/* ERR_OK and all of it, or what the reader says. */
static enum err read_file(struct store_fixture *f, const struct media_file *file, struct buf *out)
{
	struct media_reader *reader;
	char piece[777];
	size_t len = 1;
	enum err err = media_reader_new(f->store, file, &reader);

	buf_reset(out);
	if (err)
		return err;
	while (!err && len) {
		err = media_reader_read(reader, piece, sizeof(piece), &len);
		if (!err)
			assert_ok(buf_add(out, piece, len));
	}
	media_reader_free(reader);
	return err;
}

static void file_path(struct store_fixture *f, const char *name, char path[160])
{
	snprintf(path, 160, "%s.media/%s", f->path, name);
}

static void test_files_open_as_they_were_and_only_so(void **state)
{
	static const size_t sizes[] = {0, 1, MEDIA_PIECE_BYTES - 1, MEDIA_PIECE_BYTES,
		MEDIA_PIECE_BYTES + 1, 3 * MEDIA_PIECE_BYTES};
	struct store_fixture *f = *state;
	struct media_file file;
	char path[160];
	char *data = calloc(1, 3 * MEDIA_PIECE_BYTES);
	struct buf out;

	assert_non_null(data);
	buf_init(&out, 4 * MEDIA_PIECE_BYTES);
	for (size_t i = 0; i < 3 * MEDIA_PIECE_BYTES; i++)
		data[i] = (char)(i * 7);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct stat st;
		char byte;
		int fd;

		write_file(f, data, sizes[i], &file);
		assert_ok(read_file(f, &file, &out));
		assert_int_equal(out.len, sizes[i]);
		assert_true(!sizes[i] || memcmp(out.data, data, sizes[i]) == 0);
		file_path(f, file.name, path);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		/* One byte less, and one byte changed. */
		assert_int_equal(truncate(path, st.st_size - 1), 0);
		assert_err(read_file(f, &file, &out), ERR_WRONG_KEY);
		write_file(f, data, sizes[i], &file);
		file_path(f, file.name, path);
		fd = open(path, O_RDWR);
		assert_int_equal(pread(fd, &byte, 1, st.st_size / 2), 1);
		byte = (char)(byte ^ 1);
		assert_int_equal(pwrite(fd, &byte, 1, st.st_size / 2), 1);
		close(fd);
		assert_err(read_file(f, &file, &out), ERR_WRONG_KEY);
	}
	free(data);
	buf_done(&out);
}

static void test_a_file_is_bound_to_its_name(void **state)
{
	struct store_fixture *f = *state;
	struct media_file one, two, outside = {.name = "../box.db"};
	char from[160], to[160];
	struct buf out;

	buf_init(&out, 1000);
	write_file(f, "one", 3, &one);
	write_file(f, "two", 3, &two);
	file_path(f, one.name, from);
	file_path(f, two.name, to);
	assert_int_equal(rename(from, to), 0);
	assert_err(read_file(f, &two, &out), ERR_WRONG_KEY);
	assert_err(read_file(f, &one, &out), ERR_NOT_FOUND);
	/* Nor does the key of one open the other. */
	assert_int_equal(rename(to, from), 0);
	memcpy(one.key, two.key, sizeof(one.key));
	assert_err(read_file(f, &one, &out), ERR_WRONG_KEY);
	assert_err(read_file(f, &outside, &out), ERR_NOT_FOUND);
	buf_done(&out);
}

static void test_a_writer_that_is_left_leaves_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct media_writer *writer;
	char command[200];

	assert_ok(media_writer_new(f->store, &writer));
	assert_ok(media_writer_add(writer, "x", 1));
	media_writer_free(writer);
	snprintf(command, sizeof(command), "%s.media", f->path);
	assert_int_equal(rmdir(command), 0); /* it is empty */
}

static enum err note_missing(void *arg, int64_t id)
{
	int64_t *missing = arg;

	*missing = id;
	return ERR_OK;
}

static void test_what_a_crash_left_is_cleaned(void **state)
{
	struct store_fixture *f = *state;
	struct media_file kept, orphan;
	char path[160];
	int64_t first = add(f, "m1", NULL), second = add(f, "m2", NULL), missing = 0;
	struct media_cleaned cleaned = {-1, -1};
	struct errbuf eb = {0};
	struct buf out;
	int fd;

	buf_init(&out, 1000);
	assert_ok(media_clean(f->store, note_missing, &missing, &cleaned, &eb));
	assert_int_equal(cleaned.orphans, 0);
	write_file(f, "kept", 4, &kept);
	write_file(f, "orphan", 6, &orphan);
	assert_ok(attachment_stored(f->store, first, 4, "image/png", &kept));
	assert_ok(attachment_stored(f->store, second, 4, "image/png", &absent));
	file_path(f, "0123456789abcdef0123456789abcde0.part", path);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_ok(media_clean(f->store, note_missing, &missing, &cleaned, &eb));
	assert_int_equal(cleaned.orphans, 2);
	assert_int_equal(missing, second);
	assert_ok(read_file(f, &kept, &out));
	assert_err(read_file(f, &orphan, &out), ERR_NOT_FOUND);
	media_remove(f->store, kept.name);
	assert_err(read_file(f, &kept, &out), ERR_NOT_FOUND);
	file_path(f, "", path);
	assert_int_equal(rmdir(path), 0);
	buf_done(&out);
}

static int64_t stored(struct store_fixture *f, const char *message, const char *data)
{
	struct media_file file;
	int64_t id = add(f, message, NULL);

	write_file(f, data, strlen(data), &file);
	assert_ok(attachment_stored(f->store, id, (int64_t)strlen(data), "image/png", &file));
	return id;
}

static void file_of(struct store_fixture *f, int64_t id, char *path)
{
	struct attachment a;

	assert_ok(attachment_load(f->store, id, &a));
	file_path(f, a.file, path);
}

static void test_files_and_rows_are_compared_both_ways(void **state)
{
	static const struct timespec long_ago[2] = {{1000000000, 0}, {1000000000, 0}};
	static char big[2 * MEDIA_PIECE_BYTES + 1];
	struct store_fixture *f = *state;
	struct media_census census;
	struct media_file orphan;
	char path[160], away[200];
	int64_t first, second;

	assert_ok(media_census(f->store, &census));
	assert_int_equal(census.rows + census.missing + census.orphans, 0);
	memset(big, 'x', 2 * MEDIA_PIECE_BYTES);
	first = stored(f, "m1", "kept");
	second = stored(f, "m2", big);
	stored(f, "m3", "");
	/* One that is being fetched is none too many yet. */
	write_file(f, "orphan", 6, &orphan);
	assert_ok(media_census(f->store, &census));
	assert_int_equal(census.rows, 3);
	assert_int_equal(census.missing + census.damaged + census.orphans, 0);
	file_path(f, orphan.name, path);
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	file_of(f, second, path);
	assert_int_equal(truncate(path, MEDIA_PIECE_BYTES), 0);
	file_of(f, first, path);
	assert_int_equal(unlink(path), 0);
	assert_ok(media_census(f->store, &census));
	assert_int_equal(census.missing, 1);
	assert_int_equal(census.damaged, 1);
	assert_int_equal(census.orphans, 1);
	/* It changed nothing, and counts all as missing without the folder. */
	file_path(f, "", path);
	snprintf(away, sizeof(away), "%s.away", f->path);
	assert_int_equal(rename(path, away), 0);
	assert_ok(media_census(f->store, &census));
	assert_int_equal(census.missing, 3);
	assert_int_equal(rename(away, path), 0);
}

/* A database that was put back before its folder: a row that is given up forgets its key. */
static void test_without_the_folder_nothing_is_given_up(void **state)
{
	struct store_fixture *f = *state;
	struct media_cleaned cleaned = {0};
	char path[160], away[200];
	int64_t missing = 0;
	struct errbuf eb = {0};

	stored(f, "m1", "kept");
	file_path(f, "", path);
	snprintf(away, sizeof(away), "%s.away", f->path);
	assert_int_equal(rename(path, away), 0);
	assert_ok(media_clean(f->store, note_missing, &missing, &cleaned, &eb));
	assert_int_equal(cleaned.without_folder, 1);
	assert_int_equal(missing, 0);
	assert_int_equal(rename(away, path), 0);
	assert_ok(media_clean(f->store, note_missing, &missing, &cleaned, &eb));
	assert_int_equal(cleaned.without_folder, 0);
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_row_waits_until_it_is_final),
		STORE_TEST(test_what_never_can_be_fetched_is_failed_at_once),
		STORE_TEST(test_files_open_as_they_were_and_only_so),
		STORE_TEST(test_a_file_is_bound_to_its_name),
		STORE_TEST(test_a_writer_that_is_left_leaves_nothing),
		STORE_TEST(test_what_a_crash_left_is_cleaned),
		STORE_TEST(test_files_and_rows_are_compared_both_ways),
		STORE_TEST(test_without_the_folder_nothing_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
