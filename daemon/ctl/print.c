/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is printed and hung up, or put on the commune's site: files that binhyenctl writes. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/drawing.h"
#include "daemon/ctl/show.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ----------------------------------------------------------------------------------- */

static enum exit_code file_error(const char *path)
{
	fprintf(stderr, "binhyenctl: %s: %s\n", path, strerror(errno));
	return EXIT_REFUSED;
}

static bool write_all(int fd, const struct buf *text)
{
	const char *data = buf_text(text);
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, data + done, text->len - done);

		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* Whole or not at all: who reads the folder meanwhile sees the page of before. */
static enum exit_code replace(const char *path, const struct buf *text)
{
	char draft[600];
	int fd, errnum;

	if (snprintf(draft, sizeof(draft), "%s.new", path) >= (int)sizeof(draft))
		return usage_error("the path is too long");
	fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return file_error(draft);
	if (write_all(fd, text) && close(fd) == 0 && rename(draft, path) == 0)
		return EXIT_DONE;
	errnum = errno;
	close(fd);
	unlink(draft);
	errno = errnum;
	return file_error(path);
}

static enum exit_code save(const char *path, const struct buf *text)
{
	if (!str_eq(path, "-"))
		return replace(path, text);
	if (fwrite(buf_text(text), 1, text->len, stdout) == text->len && fflush(stdout) == 0)
		return EXIT_DONE;
	return file_error("the standard output");
}

/* ---- what is known of the commune ------------------------------------------------------------ */

/* name=value, from the argument `first` on. */
static enum exit_code read_commune(const struct ctl *ctl, int first, struct commune *commune)
{
	struct {
		const char *name;
		const char **value;
	} const known[] = {{"number=", &commune->number}, {"name=", &commune->name},
		{"zalo=", &commune->zalo}, {"hamlet=", &commune->hamlet}, {"url=", &commune->url}};
	const char *wrong;

	for (int i = first; i < ctl->rest_count; i++) {
		size_t k = 0;

		while (k < ARRAY_LEN(known) && !str_starts(ctl->rest[i], known[k].name))
			k++;
		if (k == ARRAY_LEN(known))
			return usage_error(
				"what is known of the commune is given as number=, name=, zalo=, hamlet= and url=");
		*known[k].value = ctl->rest[i] + strlen(known[k].name);
	}
	wrong = commune_check(commune);
	return wrong ? usage_error(wrong) : EXIT_DONE;
}

static enum exit_code drawn(enum err err)
{
	if (err)
		fprintf(stderr, "binhyenctl: it cannot be drawn: %s\n", err_en(err));
	return err ? EXIT_REFUSED : EXIT_DONE;
}

static enum exit_code prepare_poster(struct ctl *ctl)
{
	struct api_answer answer = {0};
	struct commune commune = {0};
	CLEAN_BUF text = {0};
	enum exit_code code;

	ctl->is_over = true;
	buf_init(&text, DRAWING_BYTES_MAX);
	code = read_commune(ctl, 1, &commune);
	if (code != EXIT_DONE)
		return code;
	if (!commune.number)
		return usage_error("a poster needs number=, that of the box, as people dial it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/enrolments/wording");
	code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE) {
		commune.wording = show_member(answer.body, "text");
		code = drawn(poster_draw(&commune, &text));
	}
	api_answer_done(&answer);
	return code == EXIT_DONE ? save(ctl->rest[0], &text) : code;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static enum exit_code put_page(const char *folder, const char *name, const struct buf *text)
{
	char path[560];

	if (snprintf(path, sizeof(path), "%s/%s.html", folder, name) >= (int)sizeof(path))
		return usage_error("DIR is too long");
	return replace(path, text);
}

static enum exit_code make_page(struct ctl *ctl, const struct commune *commune, const char *name)
{
	struct api_answer answer = {0};
	CLEAN_BUF text = {0};
	enum exit_code code;

	buf_init(&text, DRAWING_BYTES_MAX);
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/procedures/%.60s", name);
	code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE)
		code = drawn(page_entry(commune, answer.body, &text));
	if (code == EXIT_DONE)
		code = put_page(ctl->rest[0], name, &text);
	api_answer_done(&answer);
	return code;
}

static enum exit_code make_pages(struct ctl *ctl, const struct commune *commune, const json_t *list)
{
	const json_t *entry, *entries = json_object_get(list, "procedures");
	CLEAN_BUF text = {0};
	enum exit_code code;
	size_t i;

	buf_init(&text, DRAWING_BYTES_MAX);
	code = drawn(page_index(commune, list, &text));
	json_array_foreach (entries, i, entry) {
		if (code == EXIT_DONE)
			code = make_page(ctl, commune, show_member(entry, "code"));
	}
	/* Last: it names nothing that is not there. */
	if (code == EXIT_DONE)
		code = put_page(ctl->rest[0], "index", &text);
	if (code == EXIT_DONE)
		printf("%zu pages and index.html in %s (đã ghi các trang).\n",
			json_array_size(entries), ctl->rest[0]);
	return code;
}

static enum exit_code prepare_pages(struct ctl *ctl)
{
	struct api_answer answer = {0};
	struct commune commune = {0};
	enum exit_code code;

	ctl->is_over = true;
	code = read_commune(ctl, 1, &commune);
	if (code != EXIT_DONE)
		return code;
	if (mkdir(ctl->rest[0], 0755) != 0 && errno != EEXIST)
		return file_error(ctl->rest[0]);
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/procedures");
	code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE)
		code = make_pages(ctl, &commune, answer.body);
	api_answer_done(&answer);
	return code;
}

const struct command print_commands[] = {
	{"poster", " FILE number=N [name=N] [zalo=N] [hamlet=N]",
		"draw the commune's poster, A4, as SVG", COMMAND_MANY, false, prepare_poster, NULL},
	{"procedures pages", " DIR [number=N] [name=N] [zalo=N] [url=U]",
		"write a public page of each entry", COMMAND_MANY, false, prepare_pages, NULL},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
