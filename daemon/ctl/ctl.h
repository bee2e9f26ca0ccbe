/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of binhyenctl: what its commands fill in and share. */
#ifndef BINHYEN_CTL_CTL_H
#define BINHYEN_CTL_CTL_H

#include "daemon/base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define STDIN_MAX (64 * 1024) /* the API takes no longer body */

/* Stable: scripts rely on them, binhyenctl(1) lists them. */
enum exit_code { EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, EXIT_NOT_REACHED, EXIT_NOT_FOUND };

struct ctl {
	const char *socket_path;
	struct config *config; /* owned; where socket_path came from */
	bool wants_json;
	const char *limit, *before; /* NULL = not given */
	const char *to, *count, *lane;
	const char *subject; /* the word in capitals of the command, or its argument N */
	const char *text;    /* argument TEXT */
	char **rest;	     /* all arguments of a command that takes MANY */
	int rest_count;
	char path[128];
	struct buf body;
	bool has_body;
	bool is_over; /* `prepare` made the requests itself and showed what came */
};

struct command {
	const char *words; /* "zalo set-token"; a word in capitals stands for any */
	const char *usage; /* of its arguments */
	const char *help;
	int arguments; /* COMMAND_MANY: one or more, in ctl->rest */
	bool is_list;
	enum exit_code (*prepare)(struct ctl *ctl);  /* fills path and body */
	void (*show)(FILE *out, const json_t *body); /* NULL: the answer goes to the file TEXT */
};
#define COMMAND_MANY (-1)

static inline enum exit_code usage_error(const char *message)
{
	fprintf(stderr, "binhyenctl: %s; see binhyenctl --help\n", message);
	return EXIT_USAGE;
}
/* EXIT_DONE, or what was said on stderr about a request without an answer. */
struct api_answer;
enum exit_code ctl_request(struct ctl *ctl, struct api_answer *ret_answer);

/* input.c: the standard input. By read(2): stdio would keep a copy of what may be a token, and want
 * the end of file twice. */
enum exit_code input_all(struct buf *out);
/* One line without its end. On a terminal `prompt` is shown before, and what is typed is not when
 * is_hidden. */
enum exit_code input_line(const char *prompt, bool is_hidden, struct buf *out);
bool input_is_terminal(void);

/* "/api/v1/NAME?limit=..": a list, as --limit and --before say. */
enum exit_code prepare_list(struct ctl *ctl, const char *name);
/* Takes the object over. */
enum exit_code ctl_body(struct ctl *ctl, json_t *body);

/* group.c, audit.c: until words is NULL */
extern const struct command group_commands[], audit_commands[];
/* place.c */
enum exit_code prepare_places(struct ctl *ctl);
enum exit_code prepare_place(struct ctl *ctl);
enum exit_code prepare_residents_check(struct ctl *ctl);
enum exit_code prepare_residents_import(struct ctl *ctl);
/* preview.c */
enum exit_code prepare_preview(struct ctl *ctl);

/* zalo.c */
enum exit_code prepare_token(struct ctl *ctl);
enum exit_code prepare_login(struct ctl *ctl);
enum exit_code prepare_doctor(struct ctl *ctl);

#endif
