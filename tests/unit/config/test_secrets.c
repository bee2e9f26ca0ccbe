/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define NAME "zalo.app_secret"

struct fixture {
	struct config config;
	char path[300];
	struct buf out;
	struct errbuf eb;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char dir[] = "/tmp/binhyen-test-secrets-XXXXXX";

	unsetenv("CREDENTIALS_DIRECTORY");
	assert_non_null(mkdtemp(dir));
	snprintf(f->config.secrets_dir, sizeof(f->config.secrets_dir), "%s", dir);
	snprintf(f->path, sizeof(f->path), "%s/%s", dir, NAME);
	buf_init(&f->out, 8192);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	unsetenv("CREDENTIALS_DIRECTORY");
	unlink(f->path);
	rmdir(f->config.secrets_dir);
	buf_wipe(&f->out);
	free(f);
	return 0;
}

static void put(const struct fixture *f, const char *text, size_t len, mode_t mode)
{
	int fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static enum err get(struct fixture *f)
{
	return config_secret_text(&f->config, NAME, &f->out, &f->eb);
}

static void assert_said(const struct fixture *f, const char *what)
{
	if (!strstr(f->eb.text, what))
		fail_msg("\"%s\" is not in \"%s\"", what, f->eb.text);
	assert_null(strstr(f->eb.text, "hush"));
	assert_int_equal(f->out.len, 0);
}

static void test_path(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(config_secret_path(&f->config, NAME, &f->out, &f->eb), ERR_OK);
	assert_string_equal(buf_text(&f->out), f->path);
	buf_reset(&f->out);
	assert_int_equal(config_secret_path(&f->config, "../x", &f->out, &f->eb), ERR_BUG);
	assert_int_equal(config_secret_path(&f->config, "a/b", &f->out, &f->eb), ERR_BUG);
	assert_int_equal(f->out.len, 0);
}

static void test_no_directory(void **state)
{
	struct fixture *f = *state;
	struct config config = {0};

	assert_int_equal(config_secret_text(&config, NAME, &f->out, &f->eb), ERR_NOT_FOUND);
	assert_string_equal(f->eb.text, NAME
		": there is neither secrets.dir nor $CREDENTIALS_DIRECTORY; write the secret to "
		"/etc/credstore/binhyen." NAME
		", mode 0600, and start binhyend by systemd, or set secrets.dir");
}

static void test_text(void **state)
{
	struct fixture *f = *state;

	put(f, "hush\r\n\n", 7, 0600);
	assert_int_equal(get(f), ERR_OK);
	assert_string_equal(buf_text(&f->out), "hush");
	buf_reset(&f->out);
	put(f, "hush hush", 9, 0400);
	assert_int_equal(get(f), ERR_OK);
	assert_string_equal(buf_text(&f->out), "hush hush");
}

static void test_missing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f), ERR_NOT_FOUND);
	assert_said(f, "is missing; write the secret to it, mode 0600");
	setenv("CREDENTIALS_DIRECTORY", f->config.secrets_dir, 1);
	assert_int_equal(get(f), ERR_NOT_FOUND);
	assert_said(f, NAME ": is missing; write it to /etc/credstore/binhyen." NAME);
}

static void test_readable_by_others(void **state)
{
	static const mode_t modes[] = {0604, 0640, 0620, 0602, 0610, 0601};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		put(f, "hush", 4, modes[i]);
		assert_int_equal(get(f), ERR_DENIED);
		assert_said(f, "lets others at it; chmod 0600 it");
	}
}

/* systemd grants the service by an access list, which shows as group bits. */
static void test_credentials_directory(void **state)
{
	struct fixture *f = *state;
	char parent[300];

	put(f, "hush", 4, 0440);
	setenv("CREDENTIALS_DIRECTORY", f->config.secrets_dir, 1);
	assert_int_equal(get(f), ERR_OK);
	buf_reset(&f->out);
	/* Another directory whose name begins alike is not it. */
	snprintf(parent, sizeof(parent), "%.*s", (int)strlen(f->config.secrets_dir) - 1,
		f->config.secrets_dir);
	setenv("CREDENTIALS_DIRECTORY", parent, 1);
	assert_int_equal(get(f), ERR_DENIED);
	setenv("CREDENTIALS_DIRECTORY", "/", 1);
	assert_int_equal(get(f), ERR_DENIED);
	setenv("CREDENTIALS_DIRECTORY", "", 1);
	assert_int_equal(get(f), ERR_DENIED);
}

static void test_sizes(void **state)
{
	struct fixture *f = *state;
	char text[4097];

	memset(text, 'x', sizeof(text));
	put(f, text, 4096, 0600);
	assert_int_equal(get(f), ERR_OK);
	assert_int_equal(f->out.len, 4096);
	buf_reset(&f->out);
	put(f, text, 4097, 0600);
	assert_int_equal(get(f), ERR_TOO_BIG);
	assert_said(f, "is longer than 4096 bytes");
	put(f, "\n", 1, 0600);
	assert_int_equal(get(f), ERR_INVALID);
	assert_said(f, "is empty");
	put(f, "hu\0sh", 5, 0600);
	assert_int_equal(get(f), ERR_INVALID);
	assert_said(f, "is not a text");
}

static void test_not_a_file(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_int_equal(get(f), ERR_INVALID);
	assert_said(f, "is not a file");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_path),
		TEST(test_no_directory),
		TEST(test_text),
		TEST(test_missing),
		TEST(test_readable_by_others),
		TEST(test_credentials_directory),
		TEST(test_sizes),
		TEST(test_not_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
