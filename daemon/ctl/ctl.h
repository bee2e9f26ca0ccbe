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
	char token[96];	       /* of a login on this socket; "" none */
	int passphrase_fd;     /* --passphrase-fd; -1 = they are asked for */
	struct config *config; /* owned; where socket_path came from */
	bool wants_json;
	const char *limit, *before; /* NULL = not given */
	const char *to, *count, *lane;
	const char *template;
	const char *subject; /* the word in capitals of the command, or its argument N */
	const char *text;    /* argument TEXT */
	char **rest;	     /* all arguments of a command that takes MANY */
	int rest_count;
	char path[512]; /* with a query */
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
#define COMMAND_ANY  (-2) /* none, too */

static inline enum exit_code usage_error(const char *message)
{
	fprintf(stderr, "binhyenctl: %s; see binhyenctl --help\n", message);
	return EXIT_USAGE;
}
/* EXIT_DONE, or what was said on stderr about a request without an answer. */
struct api_answer;
enum exit_code ctl_request(struct ctl *ctl, struct api_answer *ret_answer);
/* Says it, and EXIT_NOT_REACHED. */
enum exit_code ctl_not_reached(const struct errbuf *eb);

/* input.c: the standard input. By read(2): stdio would keep a copy of what may be a token, and want
 * the end of file twice. */
enum exit_code input_all(struct buf *out);
/* All of a file, as long as `out` takes it. */
enum exit_code input_file(const char *path, struct buf *out);
/* The table that `subject` names ("-" is the standard input) as the body. */
enum exit_code input_table(struct ctl *ctl, size_t max);
/* Sends such a table to `route`, which takes all of it or nothing; what it answers is shown. */
enum exit_code input_import(struct ctl *ctl, const char *route, size_t max, bool is_trial,
	enum exit_code (*show)(const struct ctl *ctl, const json_t *body, bool is_trial));
/* One line without its end. On a terminal `prompt` is shown before, and what is typed is not when
 * is_hidden. */
enum exit_code input_line(const char *prompt, bool is_hidden, struct buf *out);
bool input_is_terminal(void);
/* A passphrase: one line of ctl->passphrase_fd, or as input_line() hidden. */
enum exit_code input_passphrase(const struct ctl *ctl, const char *prompt, struct buf *out);

/* "/api/v1/NAME?limit=..": a list, as --limit and --before say. */
enum exit_code prepare_list(struct ctl *ctl, const char *name);
/* The path of the report that `subject` names, and what follows it. */
enum exit_code ctl_report_path(struct ctl *ctl, const char *suffix);
enum exit_code prepare_file(struct ctl *ctl);
/* The bytes of FILE are the body, its name goes into the query. */
enum exit_code ctl_file_body(struct ctl *ctl, const char *file);
/* Takes the object over. */
enum exit_code ctl_body(struct ctl *ctl, json_t *body);

/* One request of a command that makes several: posts the object, which it takes over. */
enum exit_code ctl_post(
	struct ctl *ctl, const char *path, json_t *body, struct api_answer *ret_answer);
/* "all", "thon-3,role:head": an audience as the API takes it. NULL: something in it is none. */
json_t *ctl_audience(const char *text);

/* The arguments from `first` on as one text of UTF-8, "" without any; `complaint` when `out` can't
 * take them. */
enum exit_code ctl_words(struct ctl *ctl, int first, struct buf *out, const char *complaint);

/* Each of the file of its name: until words is NULL. */
extern const struct command audit_commands[], backup_commands[], bulletin_commands[],
	dialogue_commands[], dossier_commands[], duty_commands[], enrolment_commands[],
	escrow_commands[], feed_commands[], group_commands[], keep_commands[], keys_commands[],
	legal_commands[], login_commands[], modem_commands[], officer_commands[], place_commands[],
	poll_commands[], preview_commands[], print_commands[], procedure_commands[],
	queue_commands[], report_commands[], search_commands[], secrecy_commands[],
	service_commands[], setting_commands[], stay_commands[], today_commands[], zalo_commands[];
/* preview.c: --to, --count and --lane are for it. */
enum exit_code prepare_preview(struct ctl *ctl);

/* token.c: the token of a login is kept in a file that only its owner reads: $BINHYEN_TOKEN_FILE,
 * $XDG_RUNTIME_DIR/binhyen-token or ~/.binhyen-token. Loading finds none when it is another
 * socket's. */
void token_load(struct ctl *ctl);
enum exit_code token_save(struct ctl *ctl, const char *token);
void token_forget(struct ctl *ctl);

/* qr.c: what a phone scans from the terminal. */
void qr_print(FILE *out, const char *text);

#endif
