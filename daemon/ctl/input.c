/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

bool input_is_terminal(void)
{
	return isatty(STDIN_FILENO);
}

static ssize_t fd_read(int fd, char *piece, size_t len)
{
	ssize_t n;

	do
		n = read(fd, piece, len);
	while (n < 0 && errno == EINTR);
	return n;
}

static ssize_t input_read(char *piece, size_t len)
{
	return fd_read(STDIN_FILENO, piece, len);
}

static enum exit_code too_long(enum err err, ssize_t n, size_t max)
{
	if (err != ERR_OK) {
		fprintf(stderr, "binhyenctl: the standard input is longer than %zu KB\n",
			max / 1024);
		return EXIT_USAGE;
	}
	return n < 0 ? usage_error("the standard input cannot be read") : EXIT_DONE;
}

enum exit_code input_all(struct buf *out)
{
	char piece[4096];
	enum err err = ERR_OK;
	ssize_t n;

	do {
		n = input_read(piece, sizeof(piece));
		if (n > 0)
			err = buf_add(out, piece, (size_t)n);
	} while (n > 0 && err == ERR_OK);
	explicit_bzero(piece, sizeof(piece));
	return too_long(err, n, out->max);
}

enum exit_code input_file(const char *path, struct buf *out)
{
	char piece[65536];
	FILE *file = fopen(path, "rb");
	enum err err = ERR_OK;
	size_t n;

	if (!file) {
		fprintf(stderr, "binhyenctl: %s: %s\n", path, strerror(errno));
		return EXIT_USAGE;
	}
	while (err == ERR_OK && (n = fread(piece, 1, sizeof(piece), file)) > 0)
		err = buf_add(out, piece, n);
	explicit_bzero(piece, sizeof(piece));
	if (ferror(file))
		err = ERR_IO;
	fclose(file);
	if (err == ERR_TOO_BIG) {
		fprintf(stderr, "binhyenctl: %s is longer than %zu MB\n", path,
			out->max / (1024 * 1024));
		return EXIT_USAGE;
	}
	return err ? usage_error("the file cannot be read") : EXIT_DONE;
}

enum exit_code input_table(struct ctl *ctl, size_t max)
{
	buf_done(&ctl->body);
	buf_init(&ctl->body, max);
	ctl->has_body = true;
	return str_eq(ctl->subject, "-") ? input_all(&ctl->body)
					 : input_file(ctl->subject, &ctl->body);
}

enum exit_code input_line(const char *prompt, bool is_hidden, struct buf *out)
{
	struct termios before, quiet;
	bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	enum err err = ERR_OK;
	char c = 0;
	ssize_t n;

	if (is_terminal) {
		quiet = before;
		if (is_hidden)
			quiet.c_lflag &= ~(tcflag_t)ECHO;
		/* Not TCSAFLUSH: both tokens may be pasted at once. */
		tcsetattr(STDIN_FILENO, TCSADRAIN, &quiet);
		fputs(prompt, stderr);
	}
	/* A byte at a time: what follows the line belongs to the next reader. */
	while ((n = input_read(&c, 1)) == 1 && c != '\n' && err == ERR_OK)
		err = buf_add(out, &c, 1);
	if (is_terminal) {
		tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
		if (is_hidden)
			fputc('\n', stderr);
	}
	return too_long(err, n, out->max);
}

enum exit_code input_passphrase(const struct ctl *ctl, const char *prompt, struct buf *out)
{
	enum err err = ERR_OK;
	char c = 0;
	ssize_t n;

	if (ctl->passphrase_fd < 0)
		return input_line(prompt, true, out);
	while ((n = fd_read(ctl->passphrase_fd, &c, 1)) == 1 && c != '\n' && err == ERR_OK)
		err = buf_add(out, &c, 1);
	if (n < 0)
		return usage_error("--passphrase-fd names no file that can be read");
	return err == ERR_OK ? EXIT_DONE : usage_error("the passphrase is too long");
}

enum exit_code input_import(struct ctl *ctl, const char *route, size_t max, bool is_trial,
	enum exit_code (*show)(const struct ctl *ctl, const json_t *body, bool is_trial))
{
	struct api_answer answer = {0};
	enum exit_code code;

	ctl->is_over = true;
	snprintf(ctl->path, sizeof(ctl->path), "%s?dry_run=%s", route, is_trial ? "yes" : "no");
	code = input_table(ctl, max);
	if (code == EXIT_DONE)
		code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE)
		code = show_table_faults(answer.body);
	if (code == EXIT_DONE)
		code = show(ctl, answer.body, is_trial);
	api_answer_done(&answer);
	return code;
}
